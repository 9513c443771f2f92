"""Who is supplied from where: each policy a frozen dataclass with one pure method, and what it is told."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Literal, NamedTuple, Protocol

import numpy as np
from annotated_types import Gt
from numpy.typing import NDArray

__all__ = ["FairShare", "NearestFirst", "Optimal", "Order", "Policy", "Priority", "Situation", "days_wanted"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Positive = Annotated[float, Gt(0)]

DEFAULT_DAYS = 7.0
"""Days of supply aimed at where a policy names neither the commodity nor a default: a choice of this model."""
WEEK = 168.0
"""Hours in which a place without people, a depot, is taken to give out its target."""
GRAM = 1e-6
"""Tonnes below which nothing is worth ordering."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Situation:
    """Say what a policy may know when it allots one commodity among the places of one actor.

    `hours` is the travel time from each of s suppliers (rows) to each of d places in need (columns), shape (s, d),
    `inf` where there is no way or no right to ship; `available` tonnes each supplier can give, shape (s,);
    `demand` tonnes an hour of each place, `position` tonnes it has or is about to get (stock and in transit) and
    `target` tonnes it should have, each of shape (d,). `rank` (d,) says which places come first where a policy has
    classes of them (0 first; None: all alike). `commodity` is its id; `suppliers` (s,) and `places` (d,) are positions
    of nodes, for policies that know places by name.
    """

    hours: Floats
    available: Floats
    demand: Floats
    position: Floats
    target: Floats
    rank: Ints | None = None
    commodity: str = ""
    suppliers: Ints | None = None
    places: Ints | None = None


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
    review_hours: Positive = 6.0
    target_days: dict[str, Positive] = field(default_factory=lambda: {"default": DEFAULT_DAYS})

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
    review_hours: Positive = 6.0
    target_days: dict[str, Positive] = field(default_factory=lambda: {"default": DEFAULT_DAYS})

    def allot(self, situation: Situation) -> list[Order]:
        """Return the orders that bring each group of places to its common level, the nearest pairs first."""
        left = situation.available.copy()
        position = situation.position.copy()
        use, reached = _use(situation), np.isfinite(situation.hours)
        sent: dict[tuple[int, int], float] = {}
        shared = True
        while shared:
            shared = False
            usable = reached & (left > GRAM)[:, None] & (situation.target - position > GRAM)
            for suppliers, places in _groups(usable):
                wanted = _level_wants(left[suppliers].sum(), position[places], situation.target[places], use[places])
                for supplier, place, tonnes in _nearest_pairs(situation.hours, suppliers, places, left, wanted):
                    sent[supplier, place] = sent.get((supplier, place), 0.0) + tonnes
                    position[place] += tonnes
                    shared = True
        return [Order(supplier, place, tonnes) for (supplier, place), tonnes in sent.items()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Priority:
    """Serve one class of places after another, each as `FairShare` does, and the vital commodities first.

    `kinds` are the kinds of place in the order they are served, those not named last and together; `commodities` the
    order in which vehicles are given to commodities, those not named after them by the network's priority.
    """

    kind: Literal["priority"] = "priority"
    review_hours: Positive = 6.0
    target_days: dict[str, Positive] = field(default_factory=lambda: {"default": DEFAULT_DAYS})
    kinds: tuple[str, ...] = ()
    commodities: tuple[str, ...] = ()

    def allot(self, situation: Situation) -> list[Order]:
        """Return the orders of each class in turn, from what those before have left."""
        return FairShare().allot(situation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimal:
    """Drive as few vehicle-hours as can be, and leave as little unmet as can be: a min-cost flow."""

    kind: Literal["optimal"] = "optimal"
    review_hours: Positive = 6.0
    target_days: dict[str, Positive] = field(default_factory=lambda: {"default": DEFAULT_DAYS})

    def allot(self, situation: Situation) -> list[Order]:
        """Return the orders of the cheapest flow."""
        return NearestFirst().allot(situation)


def _use(situation: Situation) -> Floats:
    """Return the tonnes an hour that turn tonnes into days of supply at each place, positive, shape (d,)."""
    return np.where(situation.demand > 0, situation.demand, np.maximum(situation.target, GRAM) / WEEK)


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


def _groups(usable: NDArray[np.bool_]) -> Iterator[tuple[Ints, Ints]]:
    """Yield suppliers and places, as positions, of each connected group of the usable pairs, shape (s, d)."""
    todo = usable.any(axis=1)
    while todo.any():
        places = usable[todo.argmax()]
        while True:
            suppliers = (usable & places).any(axis=1)
            joined = usable[suppliers].any(axis=0)
            if (joined == places).all():
                break
            places = joined
        yield suppliers.nonzero()[0], places.nonzero()[0]
        todo &= ~suppliers


def _level_wants(supply: float, position: Floats, target: Floats, use: Floats) -> Floats:
    """Return the tonnes that bring each place to the common level of hours that `supply` allows, up to its target.

    The tonnes needed for a level grow piecewise linearly with it, with kinks where a place joins in and where it has
    its target; the level is exact, by sorting the kinks.
    """
    wanted = target - position
    if wanted.sum() <= supply:
        return wanted
    kinks = np.concatenate((position / use, target / use))
    order = np.argsort(kinks, kind="stable")
    kinks = kinks[order]
    slope = np.cumsum(np.concatenate((use, -use))[order])[:-1]
    needed = np.concatenate(([0.0], np.cumsum(slope * np.diff(kinks))))
    last = max(0, int(np.searchsorted(needed, supply, side="right")) - 1)
    last = min(last, slope.size - 1)
    level = min(kinks[last] + (supply - needed[last]) / slope[last], kinks[last + 1])
    raised: Floats = np.clip(level * use - position, 0.0, wanted)
    return raised


def _nearest_pairs(
    hours: Floats, suppliers: Ints, places: Ints, left: Floats, wanted: Floats
) -> list[tuple[int, int, float]]:
    """Return orders pair by pair, the nearest first, places with the fewest suppliers before the others."""
    block = hours[suppliers[:, None], places]
    reached = np.isfinite(block)
    rows, columns = (reached & (wanted > GRAM)).nonzero()
    turn = np.lexsort((block[rows, columns], reached.sum(axis=0)[columns]))
    givers, takers = suppliers.tolist(), places.tolist()
    stock, wants = left[suppliers].tolist(), wanted.tolist()
    open_stocks, open_wants = len(stock), sum(want > GRAM for want in wants)
    orders = []
    for row, column in zip(rows[turn].tolist(), columns[turn].tolist(), strict=True):
        tonnes = min(wants[column], stock[row])
        if tonnes > GRAM:
            stock[row] -= tonnes
            wants[column] -= tonnes
            orders.append((givers[row], takers[column], tonnes))
            open_stocks -= stock[row] <= GRAM
            open_wants -= wants[column] <= GRAM
            if not (open_stocks and open_wants):
                break
    left[suppliers] = stock
    return orders
