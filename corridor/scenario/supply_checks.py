"""What the types cannot say of the supply of a scenario: names, ships, rations and movements that do not agree."""

from collections.abc import Iterator

from corridor.errors import Fault
from corridor.scenario.lookup import check_once, check_order, fault, fields, has, items, line_of, number
from corridor.scenario.model import Displacement
from corridor.scenario.overlaps import check_overlaps
from corridor.scenario.tree import Node, Where
from corridor.scenario.words import listed, not_among

__all__ = ["REVIEW_HOURS", "check_supply"]

REVIEW_HOURS = 0.25, 240.0
"""More often than every quarter of an hour a run would take days; less often than in ten days it supplies nobody."""
SUPPLY = "supply"
TOGETHER = "write all that changes in one entry"


def check_supply(root: Node) -> Iterator[Fault]:
    """Yield every fault of meaning in what a scenario says of supply."""
    yield from _check_commodities(root)
    yield from _check_policy(root)
    yield from _check_twice(root)
    yield from check_overlaps(root)
    for index, change in enumerate(items(root, SUPPLY, "facilities")):
        yield from _check_facility(root, (SUPPLY, "facilities", index), change)
    for index, rule in enumerate(items(root, SUPPLY, "displacement")):
        yield from _check_displacement(root, (SUPPLY, "displacement", index), rule)


def _check_commodities(root: Node) -> Iterator[Fault]:
    """Yield commodities that rules name and that are not among the scenario's."""
    known = [node.text() for node in items(root, SUPPLY, "commodities") if node.text()]
    named: list[tuple[Where, str]] = [
        ((SUPPLY, table, index, "commodity"), row.text("commodity"))
        for table in ("commodity_changes", "rationing", "hoarding", "displacement")
        for index, row in enumerate(items(root, SUPPLY, table))
    ]
    target: Where = (SUPPLY, "policy", "target_days")
    named += [((*target, name), name) for name in fields(root, *target) if name != "default"]
    order: Where = (SUPPLY, "policy", "commodities")
    named += [((*order, index), node.text()) for index, node in enumerate(items(root, *order))]
    for where, name in named if known else ():
        if name and name not in known:
            at_key = where[:-1] == target
            yield fault(root, where, not_among(name, known), at_key=at_key)


def _check_policy(root: Node) -> Iterator[Fault]:
    review: Where = (SUPPLY, "policy", "review_hours")
    hours = number(root, *review)
    least, most = REVIEW_HOURS
    if hours is not None and (0 < hours < least or hours > most):
        yield fault(root, review, f"review_hours: {hours:g} is not between {least:g} and {most:g}")


def _check_twice(root: Node) -> Iterator[Fault]:
    """Yield names that stand a second time where one would overrule the other in silence."""
    for lists in (("commodities",), ("areas",), ("policy", "kinds"), ("policy", "commodities")):
        yield from check_once(root, (SUPPLY, *lists), "", "keep one")
    for table, key in (("commodity_changes", "commodity"), ("facilities", "facility")):
        yield from check_once(root, (SUPPLY, table), key, TOGETHER)
    first: dict[tuple[str, str], int] = {}
    for index, fleet in enumerate(items(root, SUPPLY, "fleets")):
        home = fleet.text("node"), fleet.text("vehicle")
        if all(home) and first.setdefault(home, index) != index:
            place = line_of(root, (SUPPLY, "fleets", first[home]))
            message = f"fleets: '{home[1]}' at '{home[0]}' is counted a second time (first at {place}); keep one"
            yield fault(root, (SUPPLY, "fleets", index), message)


def _check_facility(root: Node, where: Where, change: Node) -> Iterator[Fault]:
    """Yield what is wrong with a change of a facility: when it works, and its ships."""
    yield from check_order(root, where, "active_from", "active_to", strictly=True)
    if change.get("every_days") is not None and change.get("rate_tonnes_per_day") is not None:
        message = "every_days: the rate follows from it and the cargo; keep it or 'rate_tonnes_per_day'"
        yield fault(root, (*where, "every_days"), message, at_key=True)


def _check_displacement(root: Node, where: Where, rule: Node) -> Iterator[Fault]:
    when = rule.text("when")
    if when == "stockout" and not has(rule, "commodity", Displacement):
        known = [node.text() for node in items(root, SUPPLY, "commodities")]
        hint = f"; there is {listed(known)}" if all(known) and known else ""
        yield fault(root, where, f"displacement: 'stockout' of what? 'commodity' is missing{hint}")
    if when == "contested" and rule.get("commodity") is not None:
        message = "commodity: only 'when: stockout' has it; people leave a contested place whatever they still have"
        yield fault(root, (*where, "commodity"), message, at_key=True)
