"""What flows into stocks at a node by itself: sources, and converters that make products out of a feed."""

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from corridor.case import Source
from corridor.control import CONTESTED
from corridor.simulation.clock import FACILITIES, Call
from corridor.simulation.state import State
from corridor.simulation.stocks import GRAM

__all__ = ["Works", "heed", "open_works", "refresh", "running_share"]

Placed = tuple[int, Source]
"""A source with its position in the case."""
DAY = 24.0
FEED, PRODUCT = 1, 2


@dataclass(slots=True, eq=False)
class Unit:
    """Hold what takes in a feed as one: all the sources that a converter's products are, or a power plant.

    `intake` is what it takes in at its present rate, tonnes an hour, `products` what it puts out of each commodity
    then; `wanted` is its intake as far as its products find room. It is `stopped` for lack of feed.
    """

    sources: list[Placed]
    intake: float = 0.0
    products: dict[int, float] = field(default_factory=dict)
    wanted: float = 0.0
    stopped: bool = False

    @property
    def minimum(self) -> float:
        """The least share of its intake that it can run at."""
        return max(source.minimum for _, source in self.sources)


@dataclass(slots=True, eq=False)
class Works:
    """Hold the sources of a node that depend on no feed, and by feed, upstream first, the units that take it in."""

    steady: list[Placed] = field(default_factory=list)
    units: dict[int, list[Unit]] = field(default_factory=dict)
    call: Call | None = None

    def all_units(self) -> Iterator[Unit]:
        """Yield every unit, upstream first."""
        for units in self.units.values():
            yield from units

    def products(self) -> Iterator[int]:
        """Yield the commodities that the units put out."""
        for unit in self.all_units():
            yield from unit.products


def open_works(state: State) -> None:
    """Put the sources of the case together by node; ships are none of this module's business."""
    for position, source in enumerate(state.case.supply.sources):
        works = state.works.setdefault(source.node, Works())
        if source.feed >= 0:
            _enlist(works.units.setdefault(source.feed, []), (position, source))
            cell = state.cell(source.node, source.feed)
            state.feeding[cell] = True
            state.stocks.people[cell] = False
            state.watched[cell] = state.watched.get(cell, 0) | FEED
            product = state.cell(source.node, source.commodity)
            if source.commodity >= 0 and state.stocks.capacity[product] < float("inf"):
                state.watched[product] = state.watched.get(product, 0) | PRODUCT
        elif source.cargo == 0:
            works.steady.append((position, source))
    for works in state.works.values():
        works.units = dict(_upstream_first(works.units))


def refresh(state: State, node: int) -> None:
    """Work out what flows in and out at a node again: nobody runs anything there while it is contested.

    A unit runs its intake while there is feed and room: all its products at the share of its rate that is left of
    each, the feed at the greatest of these shares. Without feed in stock the units share what flows in, each at the
    same part of its intake; one that cannot run at so little stops, those that can run at least first, until a day's
    intake lies there (or the store is full) or enough flows in again. Where the store of a product is full, the
    whole unit runs no faster than that product is used, less what flows in of it by itself: what cannot be stored is
    not made, and no feed is spent on it. (Below its least run it does so by turns, on average.) At the next instant
    when any of this changes by itself, this is called again.
    """
    works = state.works.get(node)
    if works is None:
        return
    if works.call is not None:
        works.call.cancel()
        works.call = None
    steady: defaultdict[int, float] = defaultdict(float)
    for position, source in works.steady:
        steady[source.commodity] += running_share(state, position, source) * source.rate
    for unit in works.all_units():
        _set_pace(state, unit)
    stopped = [unit.stopped for unit in works.all_units()]
    _run(state, node, works, steady)
    if stopped != [unit.stopped for unit in works.all_units()]:
        # Those upstream find more or less room now.
        _run(state, node, works, steady)
    _look_again(state, node, works)


def heed(state: State, cell: int, tonnes: float) -> None:
    """Look at a node again if it matters to its works that `tonnes` were put into a cell, or (negative) taken out.

    More of a feed that there was, or less of a product that there was room for, matters later than what is expected
    there anyway, at which instant it is looked at again.
    """
    matters, stocks = state.watched.get(cell), state.stocks
    if matters is None:
        return
    node, commodity = divmod(cell, stocks.commodities)
    before = stocks.level_of[cell] - tonnes
    if matters == FEED and tonnes > 0 and before > GRAM:
        if not any(unit.stopped for unit in state.works[node].units[commodity]):
            return
    elif matters == PRODUCT and tonnes < 0 and before < stocks.capacity[cell] - GRAM:
        return
    refresh(state, node)


def running_share(state: State, position: int, source: Source) -> float:
    """Return the share of its rate that a source works at now."""
    if state.holder(source.node) == CONTESTED or not source.start <= state.now < source.end:
        return 0.0
    running: float = state.running[position].item()
    return running


def _run(state: State, node: int, works: Works, steady: dict[int, float]) -> None:
    """Set all flows in and out at a node, with `steady` tonnes an hour of each commodity that depend on no feed."""
    _leave_room(state, node, works, steady)
    made: defaultdict[int, float] = defaultdict(float)
    for feed, units in works.units.items():
        cell = state.cell(node, feed)
        _set_inflow(state, cell, steady[feed], made[feed])
        share = _feed(state, cell, units)
        for unit in (each for each in units if each.wanted > 0 and not each.stopped):
            for commodity, rate in unit.products.items():
                made[commodity] += share * unit.wanted / unit.intake * rate
    for commodity in dict.fromkeys([*steady, *works.products()]):
        if commodity not in works.units:
            _set_inflow(state, state.cell(node, commodity), steady[commodity], made[commodity])


def _enlist(units: list[Unit], placed: Placed) -> None:
    """Add a source to the converter that takes in its feed; each power plant is a unit of its own."""
    if placed[1].commodity >= 0:
        for unit in units:
            if unit.sources[0][1].commodity >= 0:
                unit.sources.append(placed)
                return
    units.append(Unit([placed]))


def _upstream_first(units: dict[int, list[Unit]]) -> Iterator[tuple[int, list[Unit]]]:
    """Yield feeds with their units so that one made out of another comes after it; a circle is cut somewhere."""
    left = dict(units)
    while left:
        made = {source.commodity: feed for feed in left for unit in left[feed] for _, source in unit.sources}
        feed = next((each for each in left if made.get(each, each) == each), next(iter(left)))
        yield feed, left.pop(feed)


def _set_pace(state: State, unit: Unit) -> None:
    """Set what a unit takes in and puts out at the rate that is left of it, with feed and room enough."""
    unit.intake, unit.products = 0.0, {}
    for position, source in unit.sources:
        share = running_share(state, position, source)
        unit.intake = max(unit.intake, share * source.intake)
        if source.commodity >= 0:
            unit.products[source.commodity] = unit.products.get(source.commodity, 0.0) + share * source.rate


def _leave_room(state: State, node: int, works: Works, steady: dict[int, float]) -> None:
    """Set what the units want, downstream first: no more than their products find room for."""
    full: defaultdict[int, float] = defaultdict(float)
    for unit in works.all_units():
        for commodity, rate in unit.products.items():
            full[commodity] += rate
    for feed, units in reversed(works.units.items()):
        for unit in units:
            shares = [
                _room(state, state.cell(node, commodity), steady[commodity], full[commodity])
                for commodity, rate in unit.products.items()
                if rate > 0
            ]
            unit.wanted = unit.intake * min(shares, default=1.0)
        _set_use(state, state.cell(node, feed), units)


def _room(state: State, cell: int, steady: float, made: float) -> float:
    """Return the share of `made` tonnes an hour that a store has room for beside the `steady` flow into it."""
    if cell not in state.watched:
        return 1.0
    stocks = state.stocks
    stocks.advance(cell, state.now)
    over = stocks.level_of[cell] - stocks.capacity[cell]
    if over < -GRAM:
        return 1.0
    return 0.0 if over > GRAM else float(min(1.0, max(0.0, stocks.use_when_full(cell) - steady) / made))


def _set_use(state: State, cell: int, units: list[Unit]) -> float:
    """Let what the running units want be used of their feed; return it, tonnes an hour."""
    wanted = math.fsum(unit.wanted for unit in units if not unit.stopped)
    if state.stocks.demand[cell] != wanted:
        state.stocks.set_demand(cell, wanted, state.now)
    return wanted


def _feed(state: State, cell: int, units: list[Unit]) -> float:
    """Stop the units that there is not enough feed for, and start those there is; return the share that these get."""
    state.stocks.advance(cell, state.now)
    level, inflow = state.stocks.level_of[cell], float(state.stocks.inflow[cell])
    for unit in units:
        enough = level >= _enough(state, cell, unit) - GRAM or inflow >= unit.minimum * unit.wanted
        unit.stopped = unit.stopped and not (enough and unit.wanted > 0)
    while True:
        wanted = _set_use(state, cell, units)
        share = 1.0 if level > GRAM or inflow >= wanted else inflow / wanted
        hungry = [unit for unit in units if not unit.stopped and unit.wanted > 0 and unit.minimum > share]
        if not hungry:
            return share
        max(hungry, key=lambda unit: unit.minimum).stopped = True


def _enough(state: State, cell: int, unit: Unit) -> float:
    """Return the tonnes of feed at which a unit that has stopped for lack of it starts again."""
    return min(DAY * unit.intake, float(state.stocks.capacity[cell]))


def _set_inflow(state: State, cell: int, steady: float, made: float) -> None:
    total = steady + made
    share = made / total if total else 0.0
    if state.stocks.inflow[cell] == total and state.converting[cell] == share:
        return
    state.stocks.set_inflow(cell, total, state.now)
    state.settle(cell)
    state.converting[cell] = share


def _look_again(state: State, node: int, works: Works) -> None:
    """Schedule the next instant when a feed is gone, a stopped unit starts, or a store is just full."""
    goals = [
        (state.cell(node, feed), goal)
        for feed, units in works.units.items()
        for goal in (0.0, *(_enough(state, state.cell(node, feed), unit) for unit in units if unit.stopped))
    ]
    cells = {state.cell(node, commodity) for commodity in works.products()}
    goals += [(cell, float(state.stocks.capacity[cell])) for cell in sorted(cells & state.watched.keys())]
    stocks, end = state.stocks, state.case.end
    for cell, _ in goals:
        stocks.advance(cell, state.now)
    times = [stocks.when(cell, goal) for cell, goal in goals if abs(stocks.level_of[cell] - goal) > GRAM]
    first = min(times, default=end)
    if first < end:
        works.call = state.clock.at(first, FACILITIES, refresh, state, node)
