"""Which rules of rationing and hoarding for one commodity cannot both hold at one place."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from corridor.errors import Fault
from corridor.scenario.lookup import check_order, fault, instant, items, line_of, number, texts
from corridor.scenario.tree import Node, Where

__all__ = ["check_overlaps"]

RATIONING, HOARDING = ("supply", "rationing"), ("supply", "hoarding")


def check_overlaps(root: Node) -> Iterator[Fault]:
    """Yield a fault for each rule that an earlier one for the same commodity and places contradicts, as written."""
    yield from _check_rationing(root)
    yield from _check_hoarding(root)


class _Step(NamedTuple):
    """One step of rationing as written; without places it holds everywhere."""

    where: Where
    days: float
    share: float
    places: frozenset[str]


class _Interval(NamedTuple):
    """One interval of hoarding as written; without places it holds everywhere."""

    where: Where
    begin: datetime
    end: datetime
    places: frozenset[str]


def _check_rationing(root: Node) -> Iterator[Fault]:
    """Yield steps of rationing that do not fall: the fewer days of stock are left, the less is given out."""
    earlier: dict[str, list[_Step]] = {}
    for index, row in enumerate(items(root, *RATIONING)):
        what, days, share = row.text("commodity"), number(row, "below_days"), number(row, "share")
        if not what or days is None or share is None:
            continue
        step = _Step((*RATIONING, index), days, share, frozenset(texts(row, "places")))
        others = earlier.setdefault(what, [])
        other = next((other for other in others if _meet(step, other) and not _falls(step, other)), None)
        if other:
            key = "share" if step.days != other.days else "below_days"
            message = _contradicted(step, other, line_of(root, other.where))
            yield fault(root, (*step.where, key), f"rationing: '{what}' {message}")
        others.append(step)


def _check_hoarding(root: Node) -> Iterator[Fault]:
    """Yield intervals that end before they begin, and those that overlap: where one ends, the other would end too."""
    earlier: dict[str, list[_Interval]] = {}
    for index, row in enumerate(items(root, *HOARDING)):
        where: Where = (*HOARDING, index)
        yield from check_order(root, where, "from", "until", strictly=True)
        what, begin, end = row.text("commodity"), instant(row, "from"), instant(row, "until")
        if not what or begin is None or end is None:
            continue
        interval = _Interval(where, begin, end, frozenset(texts(row, "places")))
        others = earlier.setdefault(what, [])
        other = next((other for other in others if _meet(interval, other) and _at_once(interval, other)), None)
        if other:
            place = line_of(root, other.where)
            message = f"hoarding: demand for '{what}' has a factor in this time already, at {place}"
            yield fault(root, where, f"{message}; let one end before the other begins")
        others.append(interval)


def _meet(one: _Step | _Interval, other: _Step | _Interval) -> bool:
    """Return whether two rules hold for a place in common, as written."""
    return not one.places or not other.places or not one.places.isdisjoint(other.places)


def _falls(one: _Step, other: _Step) -> bool:
    """Return whether of two steps the one at fewer days has the smaller share."""
    return (one.share - other.share) * (one.days - other.days) > 0


def _at_once(one: _Interval, other: _Interval) -> bool:
    return one.begin < other.end and other.begin < one.end


def _contradicted(step: _Step, other: _Step, place: str) -> str:
    """Return what is wrong with a step, seen from another that stands at `place`."""
    if step.days == other.days:
        return f"is rationed below {step.days:g} days already, at {place}; the two rules overlap"
    less, more = sorted((step, other), key=lambda one: one.days)
    shares = f"share {less.share:g} below {less.days:g} days is not smaller than {more.share:g} below {more.days:g}"
    return f"overlaps with the rule at {place}: {shares}; with less in stock less is given out"
