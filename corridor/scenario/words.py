"""How faults are put into words: what was found, what was expected, and what may have been meant."""

import os
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher, get_close_matches
from pathlib import PurePath

from corridor.errors import Fault

__all__ = ["REFERRED", "did_you_mean", "found", "listed", "meant", "meant_key", "nearest", "not_among", "render"]

LONGEST = 40
SHORT_LIST = 15
FAULTS_SHOWN = 100
REFERRED = "is not among the scenario's"
"""What is said of a name that refers to one of `supply.commodities`, and to none that is there."""
CANDIDATES = 10
SHORT = 5
UNITS = {"kg", "tonnes", "hours", "days", "minutes", "share", "factor", "per", "day", "person", "vehicle"}
"""Words that the unit of a key is made of, at its end."""
SLIPS = {
    "t",
    "ton",
    "tons",
    "tonne",
    "h",
    "hour",
    "d",
    "week",
    "weeks",
    "min",
    "minute",
    "percent",
    "persons",
    "vehicles",
}
"""Words of units that no key has, and some would write."""
LIKE, ALIKE = 0.6, 0.75
"""How much of two names must agree, and of two short ones; between those lies what looks alike by chance."""


def found(value: object) -> str:
    """Return a value as a sentence can name it.

    >>> found("x"), found(True), found(1.5), found([1])
    ("'x'", 'true', '1.5', 'a list')
    """
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        shown = value if len(value) <= LONGEST else f"{value[:LONGEST]}…"
        return f"'{' '.join(shown.split())}'" if shown.split() else "an empty text"
    if isinstance(value, list | tuple):
        return "a list"
    return "a mapping" if isinstance(value, dict) else str(value)


def nearest(name: str, known: Iterable[str]) -> str:
    """Return what is known and most like `name`, empty if nothing is."""
    if len(name) > LONGEST:
        return ""
    meant, spelled = name.lower(), {other.lower(): other for other in known}
    close = get_close_matches(meant, spelled, n=CANDIDATES, cutoff=LIKE)
    near = [other for other in close if _near_enough(meant, other)]
    # Of several that are equally alike, the one that begins alike.
    best = max(near, key=lambda other: (_likeness(meant, other), _shared(meant, other)), default="")
    return spelled.get(best, "")


def _likeness(name: str, other: str) -> float:
    return SequenceMatcher(None, other, name).ratio()


def _shared(name: str, other: str) -> int:
    """Return how many letters both begin with."""
    pairs = enumerate(zip(name, other, strict=False))
    return next((at for at, (letter, another) in pairs if letter != another), min(len(name), len(other)))


def _near_enough(name: str, other: str) -> bool:
    """Return whether a slip leads from one to the other: by chance short names, numbers and file names look alike."""
    ending = PurePath(other).suffix
    if ending and name.endswith(ending):
        name, other = name.removesuffix(ending), other.removesuffix(ending)
        least = ALIKE
    else:
        least = ALIKE if len(name) <= SHORT else LIKE
    likeness = _likeness(name, other)
    if _one_slip(name, other):
        return likeness >= LIKE
    if any(letter.isdigit() for letter in name):
        return likeness > ALIKE
    return likeness >= least


def _one_slip(name: str, other: str) -> bool:
    """Return whether one letter is put in, left out or changed, or two neighbours are exchanged."""
    begin = _shared(name, other)
    rest, others = name[begin:], other[begin:]
    end = _shared(rest[::-1], others[::-1])
    rest, others = rest[: len(rest) - end], others[: len(others) - end]
    return max(len(rest), len(others)) <= 1 or (len(rest) == len("ab") and rest == others[::-1])


def did_you_mean(name: str, known: Iterable[str], *, otherwise: str = "") -> str:
    """Return the end of a sentence that names what is known and near to `name`; `otherwise` begins the short list.

    >>> did_you_mean("titel", ["title", "name"])
    "; did you mean 'title'?"
    >>> did_you_mean("x", ["title", "name"], otherwise="expected")
    '; expected title or name'
    """
    names = list(known)
    near = nearest(name, names)
    if near:
        return f"; did you mean '{near}'?"
    return f"; {otherwise} {listed(names)}" if otherwise and 0 < len(names) <= SHORT_LIST else ""


def meant(name: str, known: Iterable[str]) -> str:
    """Return which of the `known` keys `name` stands for: the same but for its unit, or the nearest; empty if none.

    >>> meant("demand", ["demand_kg_per_person_day"]), meant("delay_minutes", ["delay_hours"]), meant("a", ["b"])
    ('demand_kg_per_person_day', 'delay_hours', '')
    """
    keys = list(known)
    return _but_for_unit(name, keys) or nearest(name, keys)


def meant_key(name: str, known: Iterable[str], *, otherwise: str) -> str:
    """Return the end of a sentence on an unknown key as `did_you_mean` does, and that units are part of keys.

    >>> meant_key("demand", ["payload_tonnes", "demand_kg_per_person_day"], otherwise="expected")
    "; the unit is part of the key, write 'demand_kg_per_person_day'"
    """
    keys = list(known)
    near = _but_for_unit(name, keys)
    return f"; the unit is part of the key, write '{near}'" if near else did_you_mean(name, keys, otherwise=otherwise)


def _but_for_unit(name: str, known: Iterable[str]) -> str:
    stem = _without_unit(name, UNITS | SLIPS)
    return next((key for key in known if _without_unit(key, UNITS) == stem != key), "")


def _without_unit(name: str, units: set[str]) -> str:
    """Return a key without the words of its unit; the first word is never one."""
    words = name.lower().split("_")
    while len(words) > 1 and words[-1] in units:
        words.pop()
    return "_".join(words)


def not_among(name: str, known: Iterable[str]) -> str:
    """Return that a commodity is none of the `known` ones, those of `supply.commodities`.

    >>> not_among("deisel", ["diesel", "flour"])
    "commodity 'deisel' is not among the scenario's (diesel, flour); did you mean 'diesel'?"
    """
    names = list(known)
    return f"commodity '{name}' {REFERRED} ({', '.join(names)}){did_you_mean(name, names)}"


def listed(names: Sequence[str], *, last: str = "or") -> str:
    """Return names as a sentence lists them.

    >>> listed(["a", "b", "c"])
    'a, b or c'
    """
    return f" {last} ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def render(faults: Sequence[Fault]) -> str:
    """Return faults as lines ``file:line:column: message`` and a last line that counts them."""
    lines = [str(fault) for fault in faults[:FAULTS_SHOWN]]
    if len(faults) > FAULTS_SHOWN:
        lines.append(f"… and {len(faults) - FAULTS_SHOWN} more")
    files = {os.path.normpath(fault.file) for fault in faults if fault.file and fault.line}
    counted = f"{len(faults)} fault{'s' if len(faults) != 1 else ''}"
    if len(files) > 1:
        counted += f" in {len(files)} files"
    return "\n".join([*lines, f"{counted}; nothing was run"])
