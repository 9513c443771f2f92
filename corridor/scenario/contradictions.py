"""Which events of a scenario cannot both be so: one node held by two, one link at two shares, at the same instant."""

from collections.abc import Iterator
from datetime import datetime

from corridor.errors import Fault
from corridor.scenario.tree import Node
from corridor.scenario.values import read_instant

__all__ = ["contradictions"]

Thing = tuple[str, ...]
SAID = {"control": "actor", "link": "capacity_share"}
"""Kinds of events that say one thing of each of several places, and the key under which they say it."""
NOBODY = "none"
ENDS = 2


def contradictions(root: Node) -> Iterator[Fault]:
    """Yield a fault for each event that says of a node or link, at the same instant, what an earlier one denies."""
    first: dict[tuple[str, Thing, datetime], tuple[str, object]] = {}
    events = root.get("events")
    for index, event in enumerate(events.items() if events else []):
        kind, instant, name = event.text("kind"), _instant(event), event.text("id")
        value = _said(root, event)
        if value is None or instant is None or event.text("status") == "denied":
            continue
        for thing in _things(event, kind):
            other, before = first.setdefault((kind, thing, instant), (name, value))
            if value != before and other != name:
                what = f"'{thing[0]}'" if kind == "control" else f"link '{', '.join(_names(event, 'link'))}'"
                given = f"events '{other}' and '{name}' give {what} the {SAID[kind]} {before} and {value}"
                yield _fault(root, index, f"at: {given} at the same instant; leave one out or change its time")
                break


def _fault(root: Node, index: int, message: str) -> Fault:
    where = ("events", index, "at")
    spot = root.spot_of(where)
    return Fault(message=message, where=where, file=spot.file, line=spot.line, column=spot.column)


def _said(root: Node, event: Node) -> str | float | None:
    """Return who holds or what share is open after an event; None if it says neither, or names nobody listed."""
    kind, actors = event.text("kind"), root.get("actors")
    node = event.get(SAID[kind]) if kind in SAID else None
    if node is None or not isinstance(node.value, str | int | float):
        return None
    listed = {NOBODY, *(actors.fields() if actors else ())}
    return node.value if kind != "control" or node.value in listed else None


def _instant(event: Node) -> datetime | None:
    try:
        return read_instant(event.text("at"))
    except ValueError:
        return None


def _names(event: Node, key: str) -> list[str]:
    node = event.get(key)
    if node is None:
        return []
    found = node.items() if isinstance(node.value, list) else [node]
    return [item.value for item in found if isinstance(item.value, str)]


def _things(event: Node, kind: str) -> Iterator[Thing]:
    """Yield what an event is about; a link as its two ends in order, whichever way it is named, and its classes."""
    names = _names(event, kind if kind == "link" else "node")
    if kind == "control":
        yield from ((name,) for name in names)
        return
    pair = len(names) == ENDS and not any("-" in name or ">" in name for name in names)
    for ends in [names] if pair else [name.split("-") for name in names]:
        for vehicles in _names(event, "classes") or [""]:
            yield *sorted(ends), f"class {vehicles}"
