"""Which events of a scenario cannot both be so: one node held by two, one link at two shares, at the same instant."""

from collections.abc import Iterator
from datetime import datetime

from corridor.errors import Fault
from corridor.scenario.lookup import fault, fields, instant, items, texts
from corridor.scenario.tree import Node

__all__ = ["contradictions"]

Thing = tuple[str, ...]
SAID = {"control": "actor", "link": "capacity_share"}
"""Kinds of events that say one thing of each of several places, and the key under which they say it."""
NOBODY = "none"
ENDS = 2


def contradictions(root: Node) -> Iterator[Fault]:
    """Yield a fault for each event that says of a node or link, at the same instant, what an earlier one denies."""
    first: dict[tuple[str, Thing, datetime], tuple[str, object]] = {}
    for index, event in enumerate(items(root, "events")):
        kind, time, name = event.text("kind"), instant(event, "at"), event.text("id")
        value = _said(root, event)
        if value is None or time is None or event.text("status") == "denied":
            continue
        for thing in _things(event, kind):
            other, before = first.setdefault((kind, thing, time), (name, value))
            if value != before and other != name:
                what = f"'{thing[0]}'" if kind == "control" else f"link '{', '.join(texts(event, 'link'))}'"
                given = f"events '{other}' and '{name}' give {what} the {SAID[kind]} {before} and {value}"
                message = f"at: {given} at the same instant; leave one out or change its time"
                yield fault(root, ("events", index, "at"), message)
                break


def _said(root: Node, event: Node) -> str | float | None:
    """Return who holds or what share is open after an event; None if it says neither, or names nobody listed."""
    kind = event.text("kind")
    node = event.get(SAID[kind]) if kind in SAID else None
    if node is None or not isinstance(node.value, str | int | float):
        return None
    listed = {NOBODY, *fields(root, "actors")}
    return node.value if kind != "control" or node.value in listed else None


def _things(event: Node, kind: str) -> Iterator[Thing]:
    """Yield what an event is about; a link as its two ends in order, whichever way it is named, and its classes."""
    names = texts(event, kind if kind == "link" else "node")
    if kind == "control":
        yield from ((name,) for name in names)
        return
    pair = len(names) == ENDS and not any("-" in name or ">" in name for name in names)
    for ends in [names] if pair else [name.split("-") for name in names]:
        for vehicles in texts(event, "classes") or ("",):
            yield *sorted(ends), f"class {vehicles}"
