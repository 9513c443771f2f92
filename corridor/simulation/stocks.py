"""How much of each commodity lies at each node: levels that fall and rise continuously, computed when asked for."""

import math

import numpy as np

from corridor.case import SupplyCase
from corridor.network import Floats, Ints
from corridor.simulation.motion import FREE, NEVER, Ladder, band, bands, ladders, motion, motions
from corridor.simulation.trace import Stockout

__all__ = ["GRAM", "Stocks"]


GRAM = 1e-6
"""Tonnes that count as nothing where a decision hangs on them."""
FEW = 32
"""Fewer cells are quicker seen to one by one than all at once."""


class Stocks:
    """Hold a cell for each node and commodity, numbered ``node * k + commodity``; everything of shape (n * k,).

    Between two changes of a cell its inflow and its demand are constant, so its level moves in straight pieces: full
    use above the highest ration level, the ration of the lowest level that has been reached, what flows in when
    nothing is left. Where an inflow lies between the uses above and below a ration level, the level stays there and
    use is the inflow. Inflow that finds the store full is not made; what is unloaded beyond capacity is kept, and
    inflow waits until the level is back at it.

    `level` tonnes; `demand` and `inflow` tonnes an hour; `used`, `made`, `unmet` and `received` tonnes since the
    beginning. They are true as of each cell's last advance. `rationed` says where rations are on record.

    Names with ``_of`` are the same numbers in the same memory, read and written one by one at a fraction of the cost.
    """

    __slots__ = (
        "_capacity_of",
        "_demand_of",
        "_inflow_of",
        "_ladder",
        "_levels",
        "_made_of",
        "_moving",
        "_out_since",
        "_recorded",
        "_shares",
        "_since",
        "_since_of",
        "_still",
        "_unmet_of",
        "_used_of",
        "capacity",
        "commodities",
        "demand",
        "inflow",
        "level",
        "level_of",
        "made",
        "nodes",
        "people",
        "rationed",
        "received",
        "received_of",
        "stockouts",
        "unmet",
        "used",
    )

    def __init__(self, supply: SupplyCase, start: float) -> None:
        self.nodes: int = supply.stock.shape[0]
        self.commodities: int = supply.stock.shape[1]
        size = self.nodes * self.commodities
        self.level = supply.stock.ravel().copy()
        self.demand = np.zeros(size)
        self.inflow = np.zeros(size)
        self.capacity = supply.capacity.ravel().copy()
        self._recorded = ladders(supply)
        self._ladder: dict[int, Ladder] = {}
        self.rationed = np.zeros(size, dtype=np.bool_)
        self.rationed[list(self._recorded)] = True
        steps = max(map(len, self._recorded.values()), default=0)
        self._levels, self._shares = np.full((steps, size), NEVER), np.ones((steps, size))
        for cell in self._recorded:
            self._set_ladder(cell, 1.0)
        self.used, self.made, self.unmet, self.received = (np.zeros(size) for _ in range(4))
        self.people = np.ones(size, dtype=np.bool_)
        self.stockouts: list[Stockout] = []
        self._since = np.full(size, start, dtype=np.float64)
        self._out_since: dict[int, float] = {}
        self._moving = np.zeros(0, dtype=np.intp)
        self._still = False
        self.level_of, self.received_of = _numbers(self.level), _numbers(self.received)
        self._demand_of, self._inflow_of = _numbers(self.demand), _numbers(self.inflow)
        self._capacity_of = _numbers(self.capacity)
        self._used_of, self._made_of, self._unmet_of = map(_numbers, (self.used, self.made, self.unmet))
        self._since_of = _numbers(self._since)

    def grid(self, values: Floats) -> Floats:
        """Return one of the fields as an array of shape (n, k); no copy."""
        return values.reshape(self.nodes, self.commodities)

    def advance(self, cell: int, now: float) -> None:
        """Bring one cell to `now`, hours."""
        left = now - self._since_of[cell]
        if left <= 0:
            return
        self._since_of[cell] = now
        demand, inflow = self._demand_of[cell], self._inflow_of[cell]
        if demand == 0 and inflow == 0:
            return
        level, capacity, ladder = self.level_of[cell], self._capacity_of[cell], self._ladder.get(cell, ())
        while left > 0:
            use, made, bound = motion(level, demand, inflow, capacity, band(level, ladder) if ladder else FREE)
            net = made - use
            span = (bound - level) / net if net else math.inf
            step = min(span, left)
            self._used_of[cell] += use * step
            self._made_of[cell] += made * step
            self._unmet_of[cell] += (demand - use) * step
            left -= step
            level = bound if span <= step else level + net * step
            if level == 0 and net < 0:
                self._empty(cell, now - left)
        self.level_of[cell] = level

    def advance_all(self, now: float) -> None:
        """Bring every cell to `now`, hours."""
        if not self._still:
            self._moving = np.flatnonzero((self.demand > 0) | (self.inflow > 0))
            self._still = True
        self._advance_many(self._moving, now)

    def _advance_many(self, cells: Ints, now: float) -> None:
        """Bring different `cells`, shape (c,), to `now`, hours."""
        left = now - self._since[cells]
        self._since[cells] = now
        going = (left > 0).nonzero()[0]
        while going.size:
            if going.size < cells.size:
                cells, left = cells[going], left[going]
            left = self._step(cells, left, now)
            going = (left > 0).nonzero()[0]

    def _step(self, cells: Ints, left: Floats, now: float) -> Floats:
        """Move `cells` to the end of their present straight piece, or by the hours `left`; return what is left then.

        `now` is the instant that they are to get to, hours.
        """
        level, demand, inflow = self.level[cells], self.demand[cells], self.inflow[cells]
        around = bands(level, self._levels[:, cells], self._shares[:, cells]) if self._ladder else None
        use, made, bound = motions(level, demand, inflow, self.capacity[cells], around)
        net = made - use
        span = np.full(level.size, np.inf)
        with np.errstate(over="ignore"):  # so slow a net flow never gets there
            np.divide(bound - level, net, out=span, where=net != 0)
        reached = span <= left
        step = np.where(reached, span, left)
        self.used[cells] += use * step
        self.made[cells] += made * step
        self.unmet[cells] += (demand - use) * step
        left = left - step
        self.level[cells] = np.where(reached, bound, level + net * step)
        emptied = (reached & (bound == 0) & (net < 0)).nonzero()[0]
        if emptied.size:
            instants = (now - left)[emptied].tolist()
            for cell, instant in zip(cells[emptied].tolist(), instants, strict=True):
                self._empty(cell, instant)
        return left

    def put(self, cell: int, tonnes: float, now: float) -> None:
        """Add `tonnes` to a cell."""
        self.advance(cell, now)
        self.level_of[cell] += tonnes
        if tonnes > 0:
            self._filled(cell, now)

    def take(self, cell: int, tonnes: float, now: float) -> float:
        """Take `tonnes`, or what there is of them, out of a cell; return the tonnes taken."""
        self.advance(cell, now)
        level = self.level_of[cell]
        if tonnes < level:
            self.level_of[cell] = level - tonnes
            return tonnes
        self.level_of[cell] = 0.0
        self._mark(cell, now)
        return level

    def set_inflow(self, cell: int, rate: float, now: float) -> None:
        """Let `rate` tonnes an hour flow into a cell from now on."""
        self.advance(cell, now)
        self.inflow[cell] = rate
        self._still = False
        self._mark(cell, now)

    def set_demand(self, cell: int, rate: float, now: float) -> None:
        """Let `rate` tonnes an hour be wanted from a cell from now on."""
        self.advance(cell, now)
        self.demand[cell] = rate
        self._still = False
        self._mark(cell, now)

    def set_demands(self, cells: Ints, rates: Floats, now: float) -> None:
        """Let `rates` tonnes an hour be wanted from different `cells` from now on, both of shape (c,)."""
        if cells.size < FEW:
            for cell, rate in zip(cells.tolist(), rates.tolist(), strict=True):
                self.set_demand(cell, rate, now)
            return
        self._advance_many(cells, now)
        self.demand[cells] = rates
        self._still = False
        for cell in cells[(self.level[cells] == 0) & (self.inflow[cells] == 0)].tolist():
            self._mark(cell, now)

    def out_of(self, commodity: int) -> list[int]:
        """Return the nodes whose people have none of a commodity, as of each cell's last advance."""
        return [cell // self.commodities for cell in self._out_since if cell % self.commodities == commodity]

    def scale_rations(self, cell: int, factor: float, now: float) -> None:
        """Ration a cell at and below `factor` times the levels on record from now on."""
        if cell in self._recorded:
            self.advance(cell, now)
            self._set_ladder(cell, factor)

    def when(self, cell: int, level: float) -> float:
        """Return when a cell will first be at `level` tonnes if nothing changes, hours; `inf`: never."""
        demand, inflow = self._demand_of[cell], self._inflow_of[cell]
        now, at = self._since_of[cell], self.level_of[cell]
        capacity, ladder = self._capacity_of[cell], self._ladder.get(cell, ())
        while at != level:
            use, made, bound = motion(at, demand, inflow, capacity, band(at, ladder) if ladder else FREE)
            net = made - use
            if net == 0 or (level - at) * net < 0:
                return math.inf
            goal = min(bound, level) if net > 0 else max(bound, level)
            now, at = now + (goal - at) / net, goal
        return now

    def use_when_full(self, cell: int) -> float:
        """Return what is used of a cell whose store is full and stays so, tonnes an hour."""
        capacity = self._capacity_of[cell]
        around = band(capacity, self._ladder.get(cell, ()))
        return motion(capacity, self._demand_of[cell], math.inf, capacity, around)[0]

    def close(self) -> tuple[Stockout, ...]:
        """Return all stockouts, those that last with an open end, by their start."""
        lasting = [self._stockout(cell, start, math.inf) for cell, start in self._out_since.items()]
        return tuple(sorted([*self.stockouts, *lasting], key=lambda out: (out.start, out.node, out.commodity)))

    def _set_ladder(self, cell: int, factor: float) -> None:
        ladder = tuple((level * factor, share) for level, share in self._recorded[cell] if level * factor > 0)
        self._ladder[cell] = ladder
        self._levels[:, cell] = NEVER
        for step, (level, share) in enumerate(ladder):
            self._levels[step, cell], self._shares[step, cell] = level, share

    def _mark(self, cell: int, now: float) -> None:
        """Begin or end a stockout at `now`, as the cell's state has it."""
        if self.level_of[cell] > 0 or self._inflow_of[cell] > 0 or self._demand_of[cell] <= 0:
            self._filled(cell, now)
        else:
            self._empty(cell, now)

    def _empty(self, cell: int, instant: float) -> None:
        if self._inflow_of[cell] == 0 and self.people[cell]:
            self._out_since.setdefault(cell, instant)

    def _filled(self, cell: int, now: float) -> None:
        start = self._out_since.pop(cell, None)
        if start is not None and start < now:
            self.stockouts.append(self._stockout(cell, start, now))

    def _stockout(self, cell: int, start: float, end: float) -> Stockout:
        node, commodity = divmod(cell, self.commodities)
        return Stockout(node=node, commodity=commodity, start=start, end=end)


def _numbers(values: Floats) -> "memoryview[float]":
    """Return the numbers of an array, shape (c,), as Python's own: no copy."""
    return values.data.cast("B").cast("d")
