"""The one thing that changes during a replication, and the few moves by which goods change place in it."""

from typing import TYPE_CHECKING

import numpy as np
import simpy
from numpy.typing import NDArray

from corridor.case import Case, Source
from corridor.control import Epoch
from corridor.policies import days_wanted
from corridor.simulation.clock import Call, Clock
from corridor.simulation.ledger import CONSUMED, CONVERTED, SOURCE, Ledger, stock_of
from corridor.simulation.stocks import Stocks
from corridor.simulation.trace import Shipment
from corridor.simulation.ways import Travel

if TYPE_CHECKING:
    from corridor.simulation.driving import Convoy
    from corridor.simulation.pipes import Line

__all__ = ["State"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Mask = NDArray[np.bool_]

SOURCE_TIER, DEPOT_TIER = 0, 1


class State:
    """Hold everything that changes; the only mutable object, known to this package alone.

    Of shape (n, k): `coming` tonnes on the road to each node and `filling` tonnes in working pipes to it; `tier`,
    `target` and `everyday` (demand of the people, tonnes an hour) are as in the case until people move. `fleet`
    (n, c) vehicles waiting at home. `convoys` are those under way, by id. `givers` are the sources
    and depots of each commodity, with their tiers, which stay as they are. `running` is the share of its rate that
    each source works at. Of each cell, `converting` is the share of its inflow that a refinery makes, and `feeding`
    says whether its use is a refinery's.
    """

    def __init__(self, case: Case, seed: np.random.SeedSequence) -> None:
        supply = case.supply
        self.case = case
        self.seed = seed
        self.clock = Clock(-case.warmup)
        self.enter(case.epochs[0])
        self.travel = Travel(case)
        self.stocks = Stocks(supply, -case.warmup)
        self.ledger = Ledger(case.actors, supply.commodities, self.stock_by_holder())
        self.fleet: Ints = supply.fleet.copy()
        self.coming = np.zeros(supply.stock.shape)
        self.filling = np.zeros(supply.stock.shape)
        self.everyday: Floats = supply.demand.copy()
        self.persons = np.zeros(case.network.node_count)
        self.factor = np.ones(supply.stock.shape)
        self.tier: Ints = supply.tier.copy()
        self.target: Floats = np.minimum(supply.target, supply.capacity)
        policy = case.scenario.supply.policy
        self.wanted_hours: Floats = np.array([24 * days_wanted(policy, name) for name in supply.commodities])
        self.payload: list[float] = supply.payload.tolist()
        self.vehicle: list[int] = supply.vehicle.tolist()
        self.givers: list[list[tuple[int, int]]] = [_givers(tiers) for tiers in supply.tier.T]
        self.convoys: dict[int, Convoy] = {}
        self.gates: dict[tuple[int, int], simpy.Resource] = {}
        self.running: Floats = np.ones(len(supply.sources))
        self.sources_at: dict[int, list[tuple[int, Source]]] = {}
        for position, source in enumerate(supply.sources):
            self.sources_at.setdefault(source.node, []).append((position, source))
        self.dry_calls: dict[int, Call] = {}
        self.lines: list[Line] = []
        self.lines_from: dict[tuple[int, int], list[Line]] = {}
        self.shipments: list[Shipment] = []
        self.number = 0
        self._used = np.zeros(supply.stock.size)
        self._made = np.zeros(supply.stock.size)
        self.converting: Floats = np.zeros(supply.stock.size)
        self.feeding: Mask = np.zeros(supply.stock.size, dtype=np.bool_)

    @property
    def now(self) -> float:
        """Hours since the scenario's start."""
        return self.clock.now

    def enter(self, epoch: Epoch) -> None:
        """Let `epoch` hold from now on."""
        self.epoch = epoch
        self._holder: list[int] = epoch.holder.tolist()

    def cell(self, node: int, commodity: int) -> int:
        """Return the number of the cell of a node's stock of a commodity."""
        return node * self.stocks.commodities + commodity

    def next_number(self) -> int:
        """Return the number of the next shipment."""
        self.number += 1
        return self.number - 1

    def holder(self, node: int) -> int:
        """Return who holds a node: an actor's position or CONTESTED."""
        holder: int = self._holder[node]
        return holder

    def settle(self, cell: int) -> None:
        """Post what was used and made in a cell since it was last settled; the cell must be up to date."""
        node, commodity = divmod(cell, self.stocks.commodities)
        stock = stock_of(self.holder(node))
        used = self.stocks.used[cell].item() - self._used[cell].item()
        made = self.stocks.made[cell].item() - self._made[cell].item()
        if used:
            self._used[cell] = self.stocks.used[cell]
            self.ledger.post(stock, CONVERTED if self.feeding[cell] else CONSUMED, commodity, used)
        if made:
            self._made[cell] = self.stocks.made[cell]
            converted = made * self.converting[cell].item()
            self.ledger.post(CONVERTED, stock, commodity, converted)
            self.ledger.post(SOURCE, stock, commodity, made - converted)

    def settle_all(self) -> None:
        """Bring every cell to now and post what was used and made in it."""
        self.stocks.advance_all(self.now)
        moved = (self.stocks.used != self._used) | (self.stocks.made != self._made)
        for cell in np.flatnonzero(moved).tolist():
            self.settle(cell)

    def stock_by_holder(self) -> Floats:
        """Return what each holder has in stock, tonnes, shape (a + 1, k): nobody first."""
        held = np.zeros((len(self.case.actors) + 1, self.stocks.commodities))
        np.add.at(held, self.epoch.holder + 1, self.stocks.grid(self.stocks.level))
        return held


def _givers(tiers: Ints) -> list[tuple[int, int]]:
    """Return the nodes, by `tiers` of shape (n,), that others are supplied from, each with its tier."""
    return [(node, tier) for node, tier in enumerate(tiers.tolist()) if SOURCE_TIER <= tier <= DEPOT_TIER]
