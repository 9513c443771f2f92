"""What the types cannot say of a scenario: order of times, ids that stand twice, names that nothing in it has."""

from collections.abc import Iterable, Iterator

from corridor.errors import Fault
from corridor.scenario.contradictions import contradictions
from corridor.scenario.gate_checks import check_gate
from corridor.scenario.lookup import check_order, fault, fields, instant, items, number
from corridor.scenario.supply_checks import check_supply
from corridor.scenario.tree import Node, Where
from corridor.scenario.words import did_you_mean

__all__ = ["check"]

NOBODY, CONTESTED = "none", "contested"
RESERVED = (NOBODY, CONTESTED)


def check(root: Node, skip_outside: Iterable[str]) -> list[Fault]:
    """Return every fault of meaning that can be seen in the file itself, whatever else is wrong with it."""
    skipped = set(skip_outside)
    return [
        *check_order(root, (), "start", "end", strictly=True),
        *_check_actors(root),
        *_check_events(root, skipped),
        *_check_expectations(root),
        *check_supply(root),
        *_check_show(root),
    ]


def _check_events(root: Node, skipped: set[str]) -> Iterator[Fault]:
    yield from _check_unique(root, "events", "event")
    yield from contradictions(root)
    for index, event in enumerate(items(root, "events")):
        where: Where = ("events", index)
        for early, late in (("earliest", "at"), ("at", "latest"), ("earliest", "latest")):
            if (early, late) != ("earliest", "latest") or "at" not in event.fields():
                yield from check_order(root, where, early, late)
        if event.text("id") not in skipped:
            yield from _check_inside(root, (*where, "at"))
        kind = event.text("kind")
        yield from _check_actor(root, (*where, "actor"), () if kind in {"convoy", "passage"} else (NOBODY,))
        if kind == "passage":
            yield from _check_rule(root, where, event)
        elif kind == "convoy":
            yield from _check_refused(root, where, event)
            yield from _check_ends(root, where, event)
        elif kind == "population":
            yield from _check_movement(root, where, event, inside=event.text("id") not in skipped)
            yield from _check_ends(root, where, event)


def _check_refused(root: Node, where: Where, convoy: Node) -> Iterator[Fault]:
    permitted = convoy.get("permitted")
    if permitted is not None and permitted.value is False and convoy.get("unloaded_share") is not None:
        message = "unloaded_share: a convoy that is not permitted unloads nothing; leave it out"
        yield fault(root, (*where, "unloaded_share"), message, at_key=True)


def _check_ends(root: Node, where: Where, event: Node) -> Iterator[Fault]:
    name = event.text("to")
    if name and name == event.text("from"):
        yield fault(root, (*where, "to"), f"to: '{name}' is where it comes from; expected another node")


def _check_movement(root: Node, where: Where, movement: Node, *, inside: bool) -> Iterator[Fault]:
    """Yield what is wrong with a movement of people; one that lies `inside` the scenario's time ends in it."""
    if not movement.text("from") and not movement.text("to"):
        yield fault(root, where, "population event: neither 'from' nor 'to' is given; write at least one")
    begin, end, hours = instant(movement, "at"), instant(root, "end"), number(movement, "over_hours")
    if not inside or begin is None or end is None or hours is None or begin > end:
        return
    left = (end - begin).total_seconds() / 3600
    if hours > left:
        message = f"over_hours: {hours:g} hours from {movement.text('at')} on end after the scenario's end,"
        hint = f"{root.text('end')}; at most {left:g} are left"
        yield fault(root, (*where, "over_hours"), f"{message} {hint}")


def _check_actors(root: Node) -> Iterator[Fault]:
    for name in fields(root, "actors"):
        if name in RESERVED:
            yield fault(
                root, ("actors", name), f"actors: '{name}' has a meaning of its own; choose another id", at_key=True
            )
    for node in fields(root, "control", "except"):
        yield from _check_actor(root, ("control", "except", node), (NOBODY,))
    for index, rule in enumerate(items(root, "passage")):
        yield from _check_actor(root, ("passage", index, "actor"))
        yield from _check_rule(root, ("passage", index), rule)


def _check_rule(root: Node, where: Where, rule: Node) -> Iterator[Fault]:
    """Yield what is wrong with a rule of passage but for its actor."""
    yield from _check_actor(root, (*where, "through"), (CONTESTED,))
    yield from check_gate(root, where, rule)


def _check_expectations(root: Node) -> Iterator[Fault]:
    yield from _check_unique(root, "expect", "expectation")
    for index, expected in enumerate(items(root, "expect")):
        where: Where = ("expect", index)
        yield from _check_actor(root, (*where, "actor"))
        for key in ("at", "after", "until"):
            yield from _check_inside(root, (*where, key))
        yield from check_order(root, where, "after", "until", strictly=True)
        if expected.text("check") in {"deliveries", "days_of_supply"}:
            yield from _check_bounds(root, where, expected)
        if expected.text("check") == "pocket" and not {"includes", "excludes"} & set(expected.fields()):
            yield fault(root, where, f"expectation '{expected.text('id')}': neither 'includes' nor 'excludes' is given")


def _check_bounds(root: Node, where: Where, expected: Node) -> Iterator[Fault]:
    least, most = (expected.get(key) for key in ("at_least", "at_most"))
    if least is None and most is None:
        yield fault(root, where, f"expectation '{expected.text('id')}': neither 'at_least' nor 'at_most' is given")
    elif least and most and isinstance(least.value, int | float) and isinstance(most.value, int | float):
        message = f"at_least: {least.value} is more than at_most, {most.value}"
        yield from [fault(root, (*where, "at_least"), message)] if least.value > most.value else []


def _check_show(root: Node) -> Iterator[Fault]:
    yield from _check_actor(root, ("show", "maps_actor"))
    for index in range(len(items(root, "show", "maps"))):
        yield from _check_inside(root, ("show", "maps", index))


def _check_unique(root: Node, table: str, what: str) -> Iterator[Fault]:
    first: dict[str, Node] = {}
    for index, item in enumerate(items(root, table)):
        name, node = item.text("id"), item.get("id")
        if name in first:
            spot = first[name].spot
            place = f"{spot.file}:{spot.line}"
            base = "; to replace one of the base, name it in 'without'" if spot.file != item.spot.file else ""
            yield fault(root, (table, index, "id"), f"{what} id '{name}' stands a second time (first at {place}){base}")
        elif name and node:
            first[name] = node


def _check_actor(root: Node, where: Where, others: tuple[str, ...] = ()) -> Iterator[Fault]:
    name, actors = root.text(*where), fields(root, "actors")
    if name and actors and name not in {*actors, *others}:
        yield _unknown(root, where, "actor", name, [*actors, *others])


def _check_inside(root: Node, where: Where) -> Iterator[Fault]:
    moment, start, end = (instant(root, *way) for way in (where, ("start",), ("end",)))
    if moment is None or start is None or end is None or end <= start:
        return
    key = next(str(part) for part in reversed(where) if isinstance(part, str))
    if moment < start:
        yield fault(root, where, f"{key}: {root.text(*where)} is before the scenario's start, {root.text('start')}")
    elif moment > end:
        yield fault(root, where, f"{key}: {root.text(*where)} is after the scenario's end, {root.text('end')}")


def _unknown(root: Node, where: Where, what: str, name: str, known: list[str]) -> Fault:
    return fault(root, where, f"unknown {what} '{name}'{did_you_mean(name, known, otherwise='there is')}")
