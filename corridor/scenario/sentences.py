"""What the validator finds, in plain sentences."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from corridor.scenario.shapes import members, policies
from corridor.scenario.tree import Node, Where
from corridor.scenario.values import read_instant
from corridor.scenario.words import did_you_mean, found, listed, meant_key
from corridor.scenario.yamltext import scalar

__all__ = ["Problem", "sentence"]

SHARES = {
    "capacity_share",
    "inspected_share",
    "minimum_run_share",
    "share",
    "share_per_day",
    "travel_noise_share",
    "unloaded_share",
}
CLOCKS = {"opens", "closes"}
CLOCK = re.compile(r"(\d\d?)(?:[:.h](\d\d))?(?::\d\d)?(?: ?h| ?am)?", flags=re.ASCII | re.IGNORECASE)
LAST_HOUR = 24
ADVICE = {
    "servers": "a gate needs at least one server",
    "loading_bays": "a node has at least one bay, or any number of them where it is left out",
}
"""What is said of a number that is too small, by its key or that of the mapping it stands in."""
KINDS_OF = {"events": "event", "expect": "expectation"}
POLICY = ("supply", "policy")


SAID_BY_ITSELF = ("that",)
"""Keys whose reader says what is wrong in words of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One finding of the validator: its code, the value and its limits, and where it is.

    `owner` is the dataclass that was being read, `parent` the mapping in the file that holds the key.
    """

    code: str
    value: Any
    limits: Mapping[str, Any]
    where: Where
    owner: type | None
    parent: Node

    @property
    def key(self) -> str:
        """The last key on the way."""
        return next((key for key in reversed(self.where) if isinstance(key, str)), "")


def sentence(problem: Problem, *, offset: str) -> str:
    """Return what is wrong as a sentence: what was found, what was expected, what may have been meant.

    `offset` is the one from UTC that a time without one is advised to have.
    """
    if problem.code in ABOUT_KEYS:
        return ABOUT_KEYS[problem.code](problem)
    if problem.value is None:
        return _empty(problem)
    shown = found(problem.value)
    if problem.code == "value_error" and problem.key in SAID_BY_ITSELF:
        return f"{problem.key}: {problem.limits['error']}"
    if problem.code == "value_error":
        return f"{problem.key}: {shown} {_no_time(problem.value, offset)}"
    said = ABOUT_VALUES[problem.code](problem, shown) if problem.code in ABOUT_VALUES else f"{shown} cannot stand here"
    return f"{problem.key}: {said}"


def _empty(problem: Problem) -> str:
    if problem.key == "colour":
        return "colour: nothing is written here; a '#' begins a comment, put the colour in quotes"
    return f"{problem.key}: nothing is written here; write a value or leave the key out"


def _missing(problem: Problem) -> str:
    name = str(problem.where[-1])
    said = _who(problem)
    return f"{said}: '{name}' is missing" if said else f"'{name}' is missing"


def _who(problem: Problem) -> str:
    """Return what a key is missing from."""
    above = problem.where[:-1]
    if not above:
        return ""
    what = KINDS_OF.get(str(above[0]))
    if what:
        kind = problem.parent.text("kind") or problem.parent.text("check")
        name = problem.parent.text("id")
        return " ".join(part for part in (kind, what, f"'{name}'" if name else "") if part)
    return ".".join(str(key) for key in above if isinstance(key, str))


def _left(problem: Problem) -> list[str]:
    """Return the keys that a mapping could still have."""
    return [key for key in members(problem.owner) if key not in problem.parent.fields()] if problem.owner else []


def _hint(problem: Problem, name: str) -> str:
    """Return which key was meant: one that a mapping could still have, or one that a what-if has from its base."""
    left = _left(problem)
    spots = problem.parent.keys
    inherited = [key for key, spot in spots.items() if name in spots and spot.file != spots[name].file]
    near = meant_key(name, [*left, *(key for key in inherited if key not in left)], otherwise="")
    return near or meant_key(name, left, otherwise="there could be")


def _unknown_key(problem: Problem) -> str:
    name = str(problem.where[-1])
    what = KINDS_OF.get(str(problem.where[0]), "") if len(problem.where) > 1 else ""
    kind = problem.parent.text("kind") or problem.parent.text("check")
    hint = _hint(problem, name)
    others = [kind for kind, policy in policies().items() if name in members(policy)]
    if problem.where[:-1] == POLICY and others:
        return f"'{name}' does not belong to the policy '{kind}', but to '{listed(others)}'"
    if what and kind and problem.value is not None:
        return f"'{name}' does not belong to a {kind} {what}{hint}"
    return f"unknown key '{name}'{hint}"


def _unknown_kind(problem: Problem) -> str:
    tag = str(problem.limits.get("discriminator", "kind")).strip("'")
    known = [word.strip(" '") for word in str(problem.limits.get("expected_tags", "")).split(",")]
    value = problem.value.get(tag) if isinstance(problem.value, dict) else problem.value
    what = {"events": "kind of event", "expect": "check"}.get(str(problem.where[0]), problem.key)
    return f"unknown {what} {found(value)}{did_you_mean(str(value), known, otherwise='there is')}"


def _no_kind(problem: Problem) -> str:
    tag = str(problem.limits.get("discriminator", "kind")).strip("'")
    return f"{_who_it_is(problem)}: '{tag}' is missing"


def _who_it_is(problem: Problem) -> str:
    what = KINDS_OF.get(str(problem.where[0])) or problem.key
    name = problem.value.get("id") if isinstance(problem.value, dict) else None
    return f"{what} {found(name)}" if name else what


def _a_number(problem: Problem, shown: str) -> str:
    whole = problem.code.startswith("int")
    quoted = isinstance(problem.value, str) and isinstance(scalar(problem.value), int | float)
    hint = "; take the quotes away" if quoted and not isinstance(scalar(problem.value), bool) else ""
    return f"{shown} is not a {'whole ' if whole else ''}number{hint}"


def _a_text(problem: Problem, shown: str) -> str:
    if problem.key in CLOCKS and not isinstance(problem.value, list | dict):
        return _no_clock(problem, shown)
    if isinstance(problem.value, bool | int | float):
        return f"{shown} is not a text here; put it in quotes"
    return f"found {shown} where one text is expected"


def _one_of(problem: Problem, shown: str) -> str:
    member = members(problem.owner).get(problem.key) if problem.owner else None
    known = [str(word) for word in get_args(member.hint) if word] if member else []
    near = did_you_mean(str(problem.value), known)
    return f"{shown} is not one of {listed(known)}{near}"


def _limit(problem: Problem, shown: str) -> str:
    share = problem.key in SHARES or problem.where[:2] == ("links", "except")
    if share:
        open_ended = "lt" in problem.limits or "gt" in problem.limits
        return f"{shown} is not between 0 and 1{', both excluded' if open_ended else ''}"
    if problem.code.startswith("less"):
        return f"{shown} is more than {problem.limits['le']:g}"
    least = problem.limits.get("ge", problem.limits.get("gt"))
    if least == 0 and problem.value < 0:
        return f"{shown} is negative"
    advice = next((f"; {ADVICE[str(key)]}" for key in reversed(problem.where) if key in ADVICE), "")
    return f"{shown} is {'less' if problem.value < least else 'not more'} than {least:g}{advice}"


def _pattern(problem: Problem, shown: str) -> str:
    if problem.key in CLOCKS:
        return _no_clock(problem, shown)
    if problem.key == "colour":
        return f'{shown} is not a colour; write it like "#0072B2"'
    if problem.key == "id":
        return f"{shown} cannot be an id; use letters, digits, '_', '.' and '-'"
    return f"{shown} cannot be a name here; use lower-case letters, digits and '_', a letter first"


def _no_clock(problem: Problem, shown: str) -> str:
    """Return that a value is no time of day, and how it would be written if that can be guessed."""
    match = CLOCK.fullmatch(str(problem.value).strip())
    mended = f"{int(match[1]):02}:{match[2] or '00'}" if match and int(match[1]) < LAST_HOUR else ""
    return f"{shown} is not a time of day; write {mended or 'it as 06:00, from 00:00 to 24:00'}"


def _key_pattern(problem: Problem) -> str:
    shown = found(problem.where[-1])
    return f"{problem.where[0]}: {shown} cannot be an id; use lower-case letters, digits and '_', a letter first"


def _no_time(value: object, offset: str) -> str:
    try:
        read_instant(value, offset=offset)
    except ValueError as error:
        return str(error)
    return "is not a time"


def _one_or_more(_problem: Problem, shown: str) -> str:
    return f"found {shown} where a list is expected"


def _too_few(problem: Problem, _shown: str) -> str:
    return f"the list is empty; expected at least {problem.limits.get('min_length', 1)}"


ABOUT_KEYS: dict[str, Callable[[Problem], str]] = {
    "missing": _missing,
    "unexpected_keyword_argument": _unknown_key,
    "union_tag_invalid": _unknown_kind,
    "union_tag_not_found": _no_kind,
    "key": _key_pattern,
}
ABOUT_VALUES: dict[str, Callable[[Problem, str], str]] = {
    "float_type": _a_number,
    "int_type": _a_number,
    "int_from_float": _a_number,
    "bool_type": lambda _problem, shown: f"{shown} is neither true nor false",
    "string_type": _a_text,
    "literal_error": _one_of,
    "greater_than": _limit,
    "greater_than_equal": _limit,
    "less_than": _limit,
    "less_than_equal": _limit,
    "string_pattern_mismatch": _pattern,
    "string_too_short": lambda _problem, _shown: "the text is empty",
    "string_too_long": lambda problem, shown: f"{shown} is longer than {problem.limits.get('max_length')} characters",
    "too_short": _too_few,
    "tuple_type": _one_or_more,
    "dict_type": lambda _problem, shown: f"found {shown} where keys with values are expected",
    "dataclass_type": lambda _problem, shown: f"found {shown} where keys with values are expected",
}
