"""What the types cannot say of a scenario: order of times, ids that stand twice, names that nothing in it has."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from corridor.errors import Fault
from corridor.scenario.contradictions import contradictions
from corridor.scenario.tree import Node, Where
from corridor.scenario.values import read_instant
from corridor.scenario.words import did_you_mean, not_among

__all__ = ["check"]

NOBODY, CONTESTED = "none", "contested"
REVIEW_HOURS = 0.25, 240.0
"""More often than every quarter of an hour a run would take days; less often than in ten days it supplies nobody."""
RESERVED = (NOBODY, CONTESTED)


def check(root: Node, skip_outside: Iterable[str]) -> list[Fault]:
    """Return every fault of meaning that can be seen in the file itself, whatever else is wrong with it."""
    skipped = set(skip_outside)
    return [
        *_check_order(root, (), "start", "end", strictly=True),
        *_check_actors(root),
        *_check_events(root, skipped),
        *_check_expectations(root),
        *_check_supply(root),
        *_check_show(root),
    ]


def _check_events(root: Node, skipped: set[str]) -> Iterator[Fault]:
    yield from _check_unique(root, "events", "event")
    yield from contradictions(root)
    for index, event in enumerate(_items(root, "events")):
        where: Where = ("events", index)
        for early, late in (("earliest", "at"), ("at", "latest"), ("earliest", "latest")):
            if (early, late) != ("earliest", "latest") or "at" not in event.fields():
                yield from _check_order(root, where, early, late)
        if event.text("id") not in skipped:
            yield from _check_inside(root, (*where, "at"))
        kind = event.text("kind")
        yield from _check_actor(root, (*where, "actor"), () if kind in {"convoy", "passage"} else (NOBODY,))
        if kind == "passage":
            yield from _check_rule(root, where)
        if kind == "population" and not event.text("from") and not event.text("to"):
            yield _fault(root, where, "population event: neither 'from' nor 'to' is given; write at least one")


def _check_actors(root: Node) -> Iterator[Fault]:
    for name in _fields(root, "actors"):
        if name in RESERVED:
            yield _fault(
                root, ("actors", name), f"actors: '{name}' has a meaning of its own; choose another id", at_key=True
            )
    for node in _fields(root, "control", "except"):
        yield from _check_actor(root, ("control", "except", node), (NOBODY,))
    for index in range(len(_items(root, "passage"))):
        yield from _check_actor(root, ("passage", index, "actor"))
        yield from _check_rule(root, ("passage", index))


def _check_rule(root: Node, where: Where) -> Iterator[Fault]:
    """Yield what is wrong with a rule of passage but for its actor."""
    yield from _check_actor(root, (*where, "through"), (CONTESTED,))
    mode = root.text(*where, "mode")
    for key in ("delay_hours", "vehicles_per_day"):
        if mode in {"free", "closed"} and root.get(*where, key) is not None:
            yield _fault(root, (*where, key), f"{key}: only a gate has it, and the mode is '{mode}'", at_key=True)


def _check_expectations(root: Node) -> Iterator[Fault]:
    yield from _check_unique(root, "expect", "expectation")
    for index, expected in enumerate(_items(root, "expect")):
        where: Where = ("expect", index)
        yield from _check_actor(root, (*where, "actor"))
        for key in ("at", "after", "until"):
            yield from _check_inside(root, (*where, key))
        yield from _check_order(root, where, "after", "until", strictly=True)
        if expected.text("check") in {"deliveries", "days_of_supply"}:
            yield from _check_bounds(root, where, expected)
        if expected.text("check") == "pocket" and not {"includes", "excludes"} & set(expected.fields()):
            yield _fault(
                root, where, f"expectation '{expected.text('id')}': neither 'includes' nor 'excludes' is given"
            )


def _check_bounds(root: Node, where: Where, expected: Node) -> Iterator[Fault]:
    least, most = (expected.get(key) for key in ("at_least", "at_most"))
    if least is None and most is None:
        yield _fault(root, where, f"expectation '{expected.text('id')}': neither 'at_least' nor 'at_most' is given")
    elif least and most and isinstance(least.value, int | float) and isinstance(most.value, int | float):
        message = f"at_least: {least.value} is more than at_most, {most.value}"
        yield from [_fault(root, (*where, "at_least"), message)] if least.value > most.value else []


def _check_supply(root: Node) -> Iterator[Fault]:
    yield from _check_commodities(root)
    review: Where = ("supply", "policy", "review_hours")
    found = root.get(*review)
    hours = found.value if found else None
    least, most = REVIEW_HOURS
    if isinstance(hours, int | float) and not isinstance(hours, bool) and (0 < hours < least or hours > most):
        yield _fault(root, review, f"review_hours: {hours:g} is not between {least:g} and {most:g}")
    for index in range(len(_items(root, "supply", "hoarding"))):
        yield from _check_order(root, ("supply", "hoarding", index), "from", "until", strictly=True)
    for index in range(len(_items(root, "supply", "facilities"))):
        yield from _check_order(root, ("supply", "facilities", index), "active_from", "active_to", strictly=True)


def _check_commodities(root: Node) -> Iterator[Fault]:
    """Yield commodities that stand twice, and those of rules that are not among the scenario's."""
    known = [node.value for node in _items(root, "supply", "commodities") if isinstance(node.value, str)]
    for index, name in enumerate(known):
        if name in known[:index]:
            yield _fault(root, ("supply", "commodities", index), f"commodities: '{name}' stands twice; keep one")
    named: list[tuple[Where, str]] = [
        (("supply", table, index, "commodity"), row.text("commodity"))
        for table in ("commodity_changes", "rationing", "hoarding")
        for index, row in enumerate(_items(root, "supply", table))
    ]
    target: Where = ("supply", "policy", "target_days")
    named += [((*target, name), name) for name in _fields(root, *map(str, target)) if name != "default"]
    for where, name in named if known else ():
        if name and name not in known:
            at_key = where[:-1] == target
            yield _fault(root, where, not_among(name, known), at_key=at_key)


def _check_show(root: Node) -> Iterator[Fault]:
    yield from _check_actor(root, ("show", "maps_actor"))
    for index in range(len(_items(root, "show", "maps"))):
        yield from _check_inside(root, ("show", "maps", index))


def _check_unique(root: Node, table: str, what: str) -> Iterator[Fault]:
    first: dict[str, Node] = {}
    for index, item in enumerate(_items(root, table)):
        name, node = item.text("id"), item.get("id")
        if name in first:
            spot = first[name].spot
            place = f"{spot.file}:{spot.line}"
            base = "; to replace one of the base, name it in 'without'" if spot.file != item.spot.file else ""
            yield _fault(
                root, (table, index, "id"), f"{what} id '{name}' stands a second time (first at {place}){base}"
            )
        elif name and node:
            first[name] = node


def _check_actor(root: Node, where: Where, others: tuple[str, ...] = ()) -> Iterator[Fault]:
    name, actors = root.text(*where), _fields(root, "actors")
    if name and actors and name not in {*actors, *others}:
        yield _unknown(root, where, "actor", name, [*actors, *others])


def _check_order(root: Node, where: Where, early: str, late: str, *, strictly: bool = False) -> Iterator[Fault]:
    first, second = _instant(root, (*where, early)), _instant(root, (*where, late))
    if first and second and (second < first or (strictly and second == first)):
        message = f"{late}: {root.text(*where, late)} is not after {early} {root.text(*where, early)}"
        if not strictly:
            message = f"{late}: {root.text(*where, late)} is before {early} {root.text(*where, early)}"
        yield _fault(root, (*where, late), message)


def _check_inside(root: Node, where: Where) -> Iterator[Fault]:
    instant, start, end = (_instant(root, way) for way in (where, ("start",), ("end",)))
    if instant is None or start is None or end is None or end <= start:
        return
    key = next(str(part) for part in reversed(where) if isinstance(part, str))
    if instant < start:
        yield _fault(root, where, f"{key}: {root.text(*where)} is before the scenario's start, {root.text('start')}")
    elif instant > end:
        yield _fault(root, where, f"{key}: {root.text(*where)} is after the scenario's end, {root.text('end')}")


def _instant(root: Node, where: Where) -> datetime | None:
    try:
        return read_instant(root.text(*where))
    except ValueError:
        return None


def _items(root: Node, *where: str) -> list[Node]:
    found = root.get(*where)
    return found.items() if found else []


def _fields(root: Node, *where: str) -> list[str]:
    found = root.get(*where)
    return list(found.fields()) if found else []


def _unknown(root: Node, where: Where, what: str, name: str, known: list[str]) -> Fault:
    return _fault(root, where, f"unknown {what} '{name}'{did_you_mean(name, known, otherwise='there is')}")


def _fault(root: Node, where: Where, message: str, *, at_key: bool = False) -> Fault:
    spot = root.spot_of(where, at_key=at_key)
    return Fault(message=message, where=where, file=spot.file, line=spot.line, column=spot.column)
