"""Who is supplied from where: each policy a frozen dataclass with one pure method, and what it is told."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from heapq import heapify, heappop, heapreplace
from itertools import accumulate, pairwise
from typing import Annotated, Literal, NamedTuple, Protocol

import numpy as np
from annotated_types import Gt

from corridor.network import Floats, Ints

__all__ = [
    "STEPS",
    "FairShare",
    "NearestFirst",
    "Optimal",
    "Order",
    "Policy",
    "Priority",
    "Situation",
    "Transport",
    "days_wanted",
]

Positive = Annotated[float, Gt(0)]

DEFAULT_DAYS = 7.0
"""Days of supply aimed at where a policy names neither the commodity nor a default: a choice of this model."""
DAY = 24.0
WEEK = 168.0
"""Hours in which a place without people, a depot, is taken to give out its target."""
GRAM = 1e-6
"""Tonnes below which nothing is worth ordering."""
STEPS = ((1.0, 10_000.0), (3.0, 3_000.0), (np.inf, 1_000.0))
"""What `Optimal` would drive for a tonne: hours, one way, for one that a place lacks of so many days of supply.

Choices of this model: convex, the emptiest first, and each longer than any drive, so that distance decides between
places that are equally short and not whether the far are served.
"""


class Transport(Protocol):
    """What `Optimal` asks of a solver of transport problems."""

    def ship(self, hours: Floats, available: Floats, wanted: Floats, worth: Floats, *, key: object = None) -> Floats:
        """Return the tonnes from each of s suppliers to each of d places, shape (s, d), that cost least.

        Shipping costs its tonnes times `hours` (s, d), `inf` where there is no way; a tonne that stays unmet costs
        the `worth` (k,), hours, of its step. `available` (s,) are the tonnes there are, and `wanted` (k, d) those of
        each step that each place lacks; steps fall in worth. Problems with the same `key` may start from each other,
        and where they start changes nothing in what is returned.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Situation:
    """Say what a policy may know when it allots one commodity among the places of one actor.

    `hours` is the travel time from each of s suppliers (rows) to each of d places in need (columns), shape (s, d),
    `inf` where there is no way or no right to ship; `available` tonnes each supplier can give, shape (s,);
    `demand` tonnes an hour of each place, `position` tonnes it has or is about to get (stock and in transit) and
    `target` tonnes it should have, each of shape (d,). `rank` (d,) says which places come first where a policy has
    classes of them (0 first; None: all alike). `commodity` is its id and `actor` the position of the actor;
    `suppliers` (s,) and `places` (d,) are positions of nodes, for policies that know places by name. `transport`
    solves transport problems, for policies that want that; it remembers no situation.
    """

    hours: Floats
    available: Floats
    demand: Floats
    position: Floats
    target: Floats
    rank: Ints | None = None
    commodity: str = ""
    actor: int = -1
    suppliers: Ints | None = None
    places: Ints | None = None
    transport: Transport | None = None


class Order(NamedTuple):
    """Ask for `tonnes` from the supplier in row `supplier` to the place in column `place` of a situation."""

    supplier: int
    place: int
    tonnes: float


class Policy(Protocol):
    """What the simulator asks of a policy; `target_days` is by commodity id, with ``default`` for the others."""

    @property
    def review_hours(self) -> float:
        """Hours from one review to the next."""
        ...

    @property
    def target_days(self) -> dict[str, float]:
        """Days of supply that places order up to, by commodity id."""
        ...

    def allot(self, situation: Situation) -> list[Order]:
        """Return the orders to place now: never more than is available, never to the unreachable."""
        ...


def days_wanted(policy: Policy, commodity: str) -> float:
    """Return the days of supply that places order up to of a commodity (by id)."""
    return policy.target_days.get(commodity, policy.target_days.get("default", DEFAULT_DAYS))


@dataclass(frozen=True, slots=True, kw_only=True)
class NearestFirst:
    """Serve the place with the fewest days of supply first, up to its target, from the nearest supplier with stock."""

    kind: Literal["nearest_first"] = "nearest_first"
    """nearest_first: the place with the fewest days of supply first, from the nearest supplier with stock."""
    review_hours: Positive = 6.0
    """Hours from one review, at which orders are placed, to the next."""
    target_days: dict[str, Positive] = field(default_factory=lambda: {"default": DEFAULT_DAYS})
    """Days of supply that places order up to, by commodity; `default` for those not named."""

    def allot(self, situation: Situation) -> list[Order]:
        """Return the orders of each place in turn, the one with the fewest days of supply first."""
        left = situation.available.copy()
        wanted = situation.target - situation.position
        turn = np.argsort(situation.position / _use(situation), kind="stable")
        orders: list[Order] = []
        for place in turn[wanted[turn] > GRAM].tolist():
            orders += _take(situation.hours[:, place], left, place, float(wanted[place]))
        return orders


@dataclass(frozen=True, slots=True, kw_only=True)
class FairShare:
    """Raise the days of supply of all places together, the lowest first, until targets or stocks are reached.

    Places that share suppliers, directly or through others, share one level. Where not every supplier of such a
    group reaches every place of it, what the level left over is shared out again among those it does reach.
    """

    kind: Literal["fair_share"] = "fair_share"
    """fair_share: the days of supply of all places are raised together, the lowest first."""
    review_hours: Positive = 6.0
    """Hours from one review, at which orders are placed, to the next."""
    target_days: dict[str, Positive] = field(default_factory=lambda: {"default": DEFAULT_DAYS})
    """Days of supply that places order up to, by commodity; `default` for those not named."""

    def allot(self, situation: Situation) -> list[Order]:
        """Return the orders that bring each group of places to its common level, the nearest pairs first."""
        # Situations are small, some ten pairs: lists take a third of the time of arrays.
        hours, demand, target = situation.hours.tolist(), situation.demand.tolist(), situation.target.tolist()
        left, position = situation.available.tolist(), situation.position.tolist()
        nearest = _nearest(situation.hours)
        sent: dict[tuple[int, int], float] = {}
        shared = True
        while shared and max(left, default=0.0) > GRAM:
            shared = False
            ways = {
                place: givers
                for place, reached in enumerate(nearest)
                if target[place] - position[place] > GRAM
                and (givers := [supplier for supplier in reached if left[supplier] > GRAM])
            }
            for suppliers, places in _groups(ways):
                supply = _total([left[supplier] for supplier in suppliers])
                lacks = _level_wants(supply, [(position[place], target[place], demand[place]) for place in places])
                wants = {place: lack for place, lack in zip(places, lacks, strict=True) if lack > GRAM}
                for supplier, place, tonnes in _nearest_pairs(hours, ways, left, wants):
                    sent[supplier, place] = sent.get((supplier, place), 0.0) + tonnes
                    position[place] += tonnes
                    shared = True
        return [Order(supplier, place, tonnes) for (supplier, place), tonnes in sent.items()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Priority:
    """Serve one class of places after another, each as `FairShare` does, and the vital commodities first.

    A class takes nothing from those before it: it gets what they leave, though it may have fewer days of supply.
    """

    kind: Literal["priority"] = "priority"
    """priority: one class of places after another, each by fair share."""
    review_hours: Positive = 6.0
    """Hours from one review, at which orders are placed, to the next."""
    target_days: dict[str, Positive] = field(default_factory=lambda: {"default": DEFAULT_DAYS})
    """Days of supply that places order up to, by commodity; `default` for those not named."""
    kinds: tuple[str, ...] = ()
    """Kinds of place, such as city, in the order in which they are served; those not named come last, together."""
    commodities: tuple[str, ...] = ()
    """Commodities in the order in which vehicles are given to them; then the others, by the network's priority."""

    def allot(self, situation: Situation) -> list[Order]:
        """Return the orders of each class in turn, from what those before have left."""
        if situation.rank is None:
            return FairShare().allot(situation)
        left = situation.available.copy()
        orders: list[Order] = []
        for rank in np.unique(situation.rank).tolist():
            places = (situation.rank == rank).nonzero()[0]
            for supplier, column, tonnes in FairShare().allot(_part(situation, left, places)):
                left[supplier] -= tonnes
                orders.append(Order(supplier, places[column].item(), tonnes))
        return orders


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimal:
    """Drive as few vehicle-hours as can be, and leave as little unmet as can be: a min-cost flow.

    Road links have no shared capacity in supply, so that the min-cost flow over the network is the transport problem
    over shortest travel times (Ahuja, Magnanti and Orlin 1993). A tonne that stays unmet costs what `STEPS` says;
    hours of one commodity are driven by vehicles of one size, so that tonnes times hours stand for vehicle-hours.

    References
    ----------
    Ahuja, R. K., Magnanti, T. L. and Orlin, J. B. (1993). Network Flows: Theory, Algorithms, and Applications.
    """

    kind: Literal["optimal"] = "optimal"
    """optimal: the fewest vehicle-hours for what can be met, the emptiest places first."""
    review_hours: Positive = 6.0
    """Hours from one review, at which orders are placed, to the next."""
    target_days: dict[str, Positive] = field(default_factory=lambda: {"default": DEFAULT_DAYS})
    """Days of supply that places order up to, by commodity; `default` for those not named."""

    def allot(self, situation: Situation) -> list[Order]:
        """Return the orders of the cheapest flow, the shortest drives first.

        Raises
        ------
        ValueError
            If the situation brings no `transport` to solve it with.
        """
        if situation.transport is None:
            raise ValueError("the policy optimal needs a solver of transport problems: give the situation a transport")
        tonnes = situation.transport.ship(
            situation.hours,
            situation.available,
            _steps_wanted(situation),
            np.array([worth for _, worth in STEPS]),
            key=(situation.commodity, situation.actor),
        )
        suppliers, places = (tonnes > GRAM).nonzero()
        turn = np.argsort(situation.hours[suppliers, places], kind="stable")
        suppliers, places = suppliers[turn], places[turn]
        return list(map(Order, suppliers.tolist(), places.tolist(), tonnes[suppliers, places].tolist()))


def _use(situation: Situation) -> Floats:
    """Return the tonnes an hour that turn tonnes into days of supply at each place, positive, shape (d,)."""
    return np.where(situation.demand > 0, situation.demand, np.maximum(situation.target, GRAM) / WEEK)


def _part(situation: Situation, available: Floats, places: Ints) -> Situation:
    """Return the situation of some of the places, with so many tonnes `available` to them."""
    return replace(
        situation,
        hours=situation.hours[:, places],
        available=available,
        demand=situation.demand[places],
        position=situation.position[places],
        target=situation.target[places],
        rank=None,
        places=None if situation.places is None else situation.places[places],
    )


def _steps_wanted(situation: Situation) -> Floats:
    """Return the tonnes of each of the k `STEPS` that each place lacks, shape (k, d)."""
    days = np.array([days for days, _ in STEPS])
    tops = np.minimum(situation.target, days[:, None] * DAY * _use(situation))
    lacks = np.maximum(tops - situation.position, 0.0)
    wanted: Floats = np.diff(lacks, axis=0, prepend=0.0)
    return wanted


def _take(hours: Floats, left: Floats, place: int, wanted: float) -> Iterator[Order]:
    """Yield the orders of one place from the nearest suppliers on, and lower what is `left` at them."""
    for supplier in np.argsort(hours, kind="stable").tolist():
        if wanted <= GRAM or not np.isfinite(hours[supplier]):
            return
        tonnes = min(wanted, float(left[supplier]))
        if tonnes > GRAM:
            left[supplier] -= tonnes
            wanted -= tonnes
            yield Order(supplier, place, tonnes)


def _nearest(hours: Floats) -> list[list[int]]:
    """Return the suppliers that reach each place, the nearest first, from hours of shape (s, d)."""
    if len(hours) == 1:
        return [[0] if reached else [] for reached in np.isfinite(hours[0]).tolist()]
    reached = np.isfinite(hours).sum(axis=0).tolist()
    nearest = hours.argsort(axis=0, kind="stable").T.tolist()
    return [suppliers[:count] for suppliers, count in zip(nearest, reached, strict=True)]


def _groups(ways: dict[int, list[int]]) -> list[tuple[list[int], list[int]]]:
    """Return suppliers and places of each connected group of `ways`, suppliers by place, by their first supplier."""
    alike: dict[frozenset[int], list[int]] = {}
    for place, givers in ways.items():
        alike.setdefault(frozenset(givers), []).append(place)
    groups: list[tuple[frozenset[int], list[int]]] = []
    for suppliers, places in alike.items():
        met = [group for group in groups if not group[0].isdisjoint(suppliers)]
        groups = [group for group in groups if group[0].isdisjoint(suppliers)]
        groups.append((suppliers.union(*(group[0] for group in met)), places + [p for group in met for p in group[1]]))
    return sorted((sorted(suppliers), sorted(places)) for suppliers, places in groups)


def _total(tonnes: list[float]) -> float:
    """Return the sum, as arrays add up: `sum` differs between versions of Python."""
    return tonnes[0] if len(tonnes) == 1 else float(np.add.reduce(tonnes))


def _level_wants(supply: float, places: list[tuple[float, float, float]]) -> list[float]:
    """Return the tonnes that bring places to the common level of hours that `supply` allows, up to their targets.

    Each of `places` is its position and target, tonnes, and its demand, tonnes an hour. The tonnes needed for a level
    grow piecewise linearly with it, with kinks where a place joins in and where it has its target; the level is
    exact, by sorting the kinks.
    """
    wanted = [target - position for position, target, _ in places]
    if _total(wanted) <= supply:
        return wanted
    # As `_use` has it, for single numbers.
    uses = [demand if demand > 0 else max(target, GRAM) / WEEK for _, target, demand in places]
    kinks = [(position / use, use) for (position, _, _), use in zip(places, uses, strict=True)]
    kinks += [(target / use, -use) for (_, target, _), use in zip(places, uses, strict=True)]
    kinks.sort(key=_level)
    slopes = list(accumulate(use for _, use in kinks[:-1]))
    steps = zip(slopes, pairwise(kinks), strict=True)
    needed = list(accumulate((slope * (after[0] - before[0]) for slope, (before, after) in steps), initial=0.0))
    last = min(max(0, bisect_right(needed, supply) - 1), len(slopes) - 1)
    level = min(kinks[last][0] + (supply - needed[last]) / slopes[last], kinks[last + 1][0])
    raised = (level * use - position for (position, _, _), use in zip(places, uses, strict=True))
    return [min(max(tonnes, 0.0), most) for tonnes, most in zip(raised, wanted, strict=True)]


def _level(kink: tuple[float, float]) -> float:
    return kink[0]


def _nearest_pairs(
    hours: list[list[float]], ways: dict[int, list[int]], left: list[float], wants: dict[int, float]
) -> Iterator[tuple[int, int, float]]:
    """Yield orders pair by pair, the nearest first, places with the fewest suppliers before the others.

    Lowers what is `left` at suppliers, and `wants` of places, on the way.
    """
    queue = [(len(ways[place]), hours[ways[place][0]][place], ways[place][0], place, 1) for place in wants]
    heapify(queue)
    while queue:
        count, _, supplier, place, turn = queue[0]
        tonnes = min(wants[place], left[supplier])
        if tonnes > GRAM:
            left[supplier] -= tonnes
            wants[place] -= tonnes
            yield supplier, place, tonnes
        if turn < count and wants[place] > GRAM:
            following = ways[place][turn]
            heapreplace(queue, (count, hours[following][place], following, place, turn + 1))
        else:
            heappop(queue)
