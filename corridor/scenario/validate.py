"""From a tree of values to a scenario: all that the types of the model forbid, and what stands without it."""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from corridor.errors import Fault
from corridor.scenario.lookup import has
from corridor.scenario.model import Scenario
from corridor.scenario.sentences import Problem, sentence
from corridor.scenario.shapes import event_members, locate
from corridor.scenario.tree import Node, Spot
from corridor.scenario.values import read_instant
from corridor.scenario.words import nearest

__all__ = ["adapter", "validate"]

ROUNDS = 50
STAND_IN = {
    "name": "unnamed",
    "title": "untitled",
    "start": "2000-01-01T00:00+00:00",
    "end": "2000-01-02T00:00+00:00",
}
"""What takes the place of a faulty value that no scenario can be without, so that the rest can still be checked."""
ACTOR = {"name": "unnamed", "colour": "#000000"}
EVENT = {"at": STAND_IN["start"], "status": "reported", "source": "unknown"}
SPAN = ("start", "end")
DEFAULT_OFFSET = "+03:00"


@lru_cache(maxsize=1)
def adapter() -> TypeAdapter[Scenario]:
    """Return what turns plain values into a scenario."""
    return TypeAdapter(Scenario)


def validate(root: Node, skip_outside: tuple[str, ...]) -> tuple[Scenario | None, list[Fault]]:
    """Return the scenario and all faults of types; what is faulty is dropped from `root`, so that the rest stands.

    The scenario is None if too much is missing then. Where there are faults it serves only to look for more.
    """
    faults = _drop_unwritten(root)
    offset = _offset(root)
    _drop_disorder(root)
    for _ in range(ROUNDS):
        plain = root.plain()
        plain["skip_outside"] = [name for name in skip_outside if name]
        try:
            return adapter().validate_json(json.dumps(plain), strict=True), faults
        except ValidationError as error:
            findings = [_finding(root, details) for details in error.errors(include_url=False)]
        faults += [_fault(finding, offset) for finding in findings if not finding.follows]
        stands = [_drop(finding) for finding in findings]
        if not all(stands):
            break
    return None, faults


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finding:
    """One finding of the validator and the nodes from the root to what it is about.

    `missing` says that it is about a key that is not there (the last node should have it), `follows` that it only
    follows from something that was dropped before, or from a key that is written wrongly.
    """

    problem: Problem
    chain: list[Node]
    spot: Spot
    missing: bool
    follows: bool


def _finding(root: Node, details: Any) -> _Finding:  # noqa: ANN401 (the validator's dictionary)
    where, owner = locate(details["loc"])
    chain = root.follow(where)
    last = chain[-1]
    kind = "key" if details["loc"][-1:] == ("[key]",) else details["type"]
    limits = details.get("ctx", {})
    tag = str(limits["discriminator"]).strip("'") if kind.startswith("union_tag") else ""
    if kind == "missing":
        follows = has(last, str(where[-1]), owner) if owner else where[-1] in last.gone
    elif kind == "too_short":
        follows = bool(last.gone or details["input"])  # of items that are there, each has its own fault
    else:
        follows = kind == "union_tag_not_found" and tag in last.gone
    return _Finding(
        problem=Problem(
            code=kind, value=details["input"], limits=limits, where=where, owner=owner, parent=chain[len(where) - 1]
        ),
        chain=chain,
        spot=root.spot_of((*where, tag) if tag else where, at_key=kind in {"key", "unexpected_keyword_argument"}),
        missing=kind == "missing",
        follows=follows,
    )


def _fault(finding: _Finding, offset: str) -> Fault:
    spot = finding.spot
    message = sentence(finding.problem, offset=offset)
    return Fault(message=message, where=finding.problem.where, file=spot.file, line=spot.line, column=spot.column)


def _drop(finding: _Finding) -> bool:
    """Drop what a finding is about, or put something in its place; return whether the rest can stand."""
    chain = finding.chain
    where = finding.problem.where[: len(chain) - 1]
    if finding.problem.code.startswith("union_tag") and _as_another_kind(finding):
        return True
    if len(chain) == 1:
        return _stand_in(chain[0], str(finding.problem.where[0]))
    if finding.missing and len(where) == len(("actors", "id")) and where[0] == "actors":
        # An actor must go on existing: others refer to it.
        chain[-1].value = {key: Node(value, chain[-1].spot) for key, value in ACTOR.items()}
        return True
    wanted = str(finding.problem.where[-1])
    if finding.missing and where[:1] == ("events",) and wanted in EVENT:
        # What else an event says is looked at all the same.
        chain[-1].put(wanted, Node(EVENT[wanted], chain[-1].spot), chain[-1].spot)
        return True
    owner, node, key = chain[-2], chain[-1], where[-1]
    node.dropped = True
    owner.gone.add(str(key))
    return True


def _as_another_kind(finding: _Finding) -> bool:
    """Let an event of an unknown kind stand as of the one meant, so that the rest of it is looked at."""
    event, kinds = finding.chain[-1], event_members()
    if finding.problem.where[:1] != ("events",) or finding.follows or not isinstance(event.value, dict):
        return False
    kind = nearest(event.text("kind"), kinds)
    # Whatever its kind, what every event says can be looked at; that more is missing is nobody's fault.
    known = set(kinds[kind]) if kind else set.intersection(*(set(keys) for keys in kinds.values()))
    kind = kind or next(iter(kinds))
    event.gone.update(kinds[kind])
    for key in set(event.value) - known:
        event.drop(key)
    event.put("kind", Node(kind, event.spot), event.keys.get("kind", event.spot))
    return True


def _stand_in(root: Node, key: str) -> bool:
    for name in SPAN if key in SPAN else (key,) if key in STAND_IN else ():
        root.put(name, Node(STAND_IN[name], root.spot), root.spot)
    return key in STAND_IN


def _drop_unwritten(root: Node) -> list[Fault]:
    """Drop keys and items without a value, which some types allow and nobody means, and what the reader fills in."""
    faults: list[Fault] = []
    if "skip_outside" in root.fields():
        spot = root.keys["skip_outside"]
        message = "unknown key 'skip_outside'; with a table of events there could be 'outside: skip'"
        faults.append(Fault(message=message, file=spot.file, line=spot.line, column=spot.column))
        root.drop("skip_outside")
    for where, node in list(root.walk()):
        if node.value is None and where:
            chain = root.follow(where)
            problem = Problem(code="empty", value=None, limits={}, where=where, owner=None, parent=chain[-2])
            spot = root.spot_of(where, at_key=True)
            finding = _Finding(problem=problem, chain=chain, spot=spot, missing=False, follows=False)
            faults.append(_fault(finding, DEFAULT_OFFSET))
    for where, node in list(root.walk()):
        if node.value is None and where:
            node.dropped = True
            root.follow(where[:-1])[-1].gone.add(str(where[-1]))
    return faults


def _drop_disorder(root: Node) -> None:
    """Drop a start and an end in the wrong order (a fault noted elsewhere): nothing could be bound between them."""
    try:
        disorder = read_instant(root.text("end")) <= read_instant(root.text("start"))
    except ValueError:
        return
    for key in SPAN if disorder else ():
        root.drop(key)


def _offset(root: Node) -> str:
    match = re.search(r"([+-]\d\d:\d\d|Z)$", root.text("start"))
    return match[0] if match else DEFAULT_OFFSET
