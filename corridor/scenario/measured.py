"""How a check is written: one measure with its arguments, and how its value is to stand to another."""

import re
from dataclasses import dataclass
from typing import Any, Literal

from corridor.errors import Fault
from corridor.network import did_you_mean

__all__ = ["RELATIONS", "SIGNATURES", "Answer", "Check", "Kind", "Signature", "parse_check"]

Places = Literal["city", "node", "place", "turns"]
Words = Literal["carried", "column", "kind", "word"]
Kind = Literal["actor", "commodity", "instant", "link", "vehicle"] | Places | Words
"""What an argument is: a method of `corridor.case.measured.Reader` of that name reads it."""
Answer = Literal["number", "truth", "word", "instant"]
"""What a measure answers with."""

RELATIONS = ("==", "!=", "<=", ">=", "<", ">", "within")
"""How a value may stand to what is claimed; ``within a..b`` holds at both ends."""
EXAMPLE = "pockets(regime, 2024-12-08T02:00+03:00) == 2"
CALL = re.compile(r"\s*(?P<measure>[a-z_]+)\s*\((?P<arguments>[^()]*)\)\s*")
RELATION = re.compile(rf"(?P<relation>{'|'.join(map(re.escape, RELATIONS))})\s*(?P<value>\S.*?)\s*$")
INTERVAL = re.compile(r"(?P<low>\S+?)\s*\.\.\s*(?P<high>\S+)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A measure by name, its `arguments` as written, and the `relation` its value has to the `expected` one or two."""

    measure: str
    arguments: tuple[str, ...]
    relation: str
    expected: tuple[str, ...]


def parse_check(text: str) -> Check | Fault:
    """Return a check, or what is wrong with how it is written, with the character (from 1) where it begins to be.

    >>> parse_check("pockets(regime, 2024-12-08T02:00+03:00) == 2")
    Check(measure='pockets', arguments=('regime', '2024-12-08T02:00+03:00'), relation='==', expected=('2',))
    >>> parse_check("road_km(homs, damascus) within 160..165").expected
    ('160', '165')
    """
    call = CALL.match(text)
    if call is None:
        return Fault(message=f"found '{text.strip()}', expected a check such as {EXAMPLE}", column=1)
    signature = SIGNATURES.get(call["measure"])
    if signature is None:
        hint = did_you_mean(call["measure"], list(SIGNATURES)) or f"; there is {', '.join(SIGNATURES)}"
        return Fault(message=f"unknown measure '{call['measure']}'{hint}", column=call.start("measure") + 1)
    relation = RELATION.match(text, call.end())
    if relation is None:
        rest = text[call.end() :].strip()
        found = f"found '{rest}'" if rest else "found nothing more"
        return Fault(message=f"{found}, expected one of {' '.join(RELATIONS)} and a value", column=call.end() + 1)
    expected: tuple[str, ...] = (relation["value"],)
    if relation["relation"] == "within":
        interval = INTERVAL.match(relation["value"])
        if interval is None:
            return Fault(
                message=f"found '{relation['value']}', expected two values such as 160..165",
                column=relation.start("value") + 1,
            )
        expected = interval["low"], interval["high"]
    written = call["arguments"]
    arguments = tuple(part.strip() for part in written.split(",")) if written.strip() else ()
    check = Check(measure=call["measure"], arguments=arguments, relation=relation["relation"], expected=expected)
    wrong = _misfit(check, signature)
    return Fault(message=wrong, column=call.start("arguments") + 1) if wrong else check


def _misfit(check: Check, signature: "Signature") -> str:
    """Return how a check does not suit its measure, empty if it does."""
    count = len(check.arguments)
    if count != len(signature.arguments):
        return f"found {count} argument{'' if count == 1 else 's'}, expected {check.measure}{signature}"
    if signature.answer in ("truth", "word") and check.relation not in ("==", "!="):
        return f"found '{check.relation}', expected == or !=: {check.measure} is no number"
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What a measure is asked, each argument by name and kind, and what it answers: a number has a `unit`.

    What is `entered` the scenario or the network says itself; all else is computed.
    """

    arguments: tuple[tuple[str, Kind], ...]
    answer: Answer
    unit: str = ""
    entered: bool = False

    def __str__(self) -> str:
        """Return the arguments as they are written: ``(actor, at)``."""
        return f"({', '.join(name for name, _ in self.arguments)})"


def _asked(arguments: str, answer: Answer = "number", unit: str = "", *, entered: bool = False) -> Signature:
    """Return a signature whose arguments are written as ``name:kind``, or ``kind`` where it is named so."""
    pairs: list[tuple[str, Any]] = [
        (name, kind or name) for name, _, kind in (each.partition(":") for each in arguments.split())
    ]
    return Signature(arguments=tuple(pairs), answer=answer, unit=unit, entered=entered)


SIGNATURES: dict[str, Signature] = {
    "pockets": _asked("actor at:instant", unit="pockets"),
    "pocket_persons": _asked("actor place at:instant", unit="persons"),
    "together": _asked("actor one:place other:place at:instant", "truth"),
    "holder": _asked("place at:instant", "word", entered=True),
    "held_share": _asked("actor place at:instant", unit="of the people", entered=True),
    "first_held": _asked("place actor", "instant", entered=True),
    "in_turn": _asked("places:turns actor", "truth", entered=True),
    "lost_nodes": _asked("actor from:instant until:instant", unit="nodes", entered=True),
    "actors_gaining": _asked("loser:actor from:instant until:instant", unit="actors", entered=True),
    "reaches": _asked("actor from:node to:node at:instant", "truth"),
    "max_flow": _asked("actor from:place to:place at:instant", unit="vehicles a day"),
    "through": _asked("from:node to:node via:place", "truth"),
    "road_km": _asked("from:node to:node", unit="km"),
    "truck_hours": _asked("from:node to:node", unit="hours"),
    "detour_without": _asked("from:node to:node without:place", unit="times the hours"),
    "distance_km": _asked("one:node other:node", unit="km", entered=True),
    "bearing": _asked("from:node to:node", unit="degrees", entered=True),
    "arms": _asked("place", unit="roads", entered=True),
    "on_road": _asked("place number:word", "truth", entered=True),
    "most_people": _asked("place column", "word", entered=True),
    "people_rank": _asked("city column", entered=True),
    "way_rank": _asked("actor city at:instant"),
    "nearest": _asked("kind to:node", "word"),
    "count": _asked("kind place", unit="nodes", entered=True),
    "pipeline_km": _asked("commodity:carried node", unit="km", entered=True),
    "open_share": _asked("link class:vehicle at:instant", unit="of capacity", entered=True),
    "aid_tonnes": _asked("to:place since:instant until:instant", unit="tonnes", entered=True),
    "delivered": _asked("from:place to:place since:instant until:instant", unit="tonnes"),
    "convoy_hours": _asked("from:place to:place since:instant until:instant", unit="hours"),
    "days": _asked("place commodity at:instant", unit="days"),
    "days_change": _asked("place commodity from:instant until:instant", unit="days"),
    "unmet_share": _asked("place commodity", unit="of demand"),
    "stockout_days": _asked("place commodity", unit="days"),
    "made": _asked("place commodity from:instant until:instant", unit="tonnes"),
    "moved_persons": _asked("from:place to:place since:instant until:instant", unit="persons", entered=True),
}
"""What can be measured, and with which arguments: `corridor.claims.measures` has the functions."""
