"""The one thing that changes during a replication, and the few moves by which goods change place in it."""

from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from corridor.case import DEPOT_TIER, SOURCE_TIER, Case
from corridor.control import Epoch
from corridor.flows import Transport
from corridor.network import Floats, Ints, Mask
from corridor.policies import days_wanted
from corridor.simulation.atlas import Atlas
from corridor.simulation.bays import Bays
from corridor.simulation.clock import Clock
from corridor.simulation.gates import Gate, Queue
from corridor.simulation.ledger import CONSUMED, CONVERTED, SOURCE, Ledger, stock_of
from corridor.simulation.stocks import Stocks
from corridor.simulation.trace import Shipment
from corridor.simulation.traffic import Traffic
from corridor.simulation.travel import Travel

if TYPE_CHECKING:
    from corridor.simulation.converters import Works
    from corridor.simulation.driving import Convoy
    from corridor.simulation.pipes import Line
    from corridor.simulation.ships import Berth

__all__ = ["State"]


class State:
    """Hold everything that changes; the only mutable object, known to this package alone.

    Of shape (n, k): `coming` tonnes on the road to each node and `filling` tonnes in working pipes to it; `tier`,
    `target` and `everyday` (demand of the people, tonnes an hour) are as in the case until people move. `givers` are
    the sources and depots of each commodity, with their tiers, which stay as they are.

    On the roads: `fleet` (n, c) vehicles waiting at home, `lost` (c,) those that are nobody's any more; `convoys`
    under way, by id, and `stranded`, the empty ones among them that stand where no way leads home, and `homing`, a
    heap of those that drive home, by when they are there; `queues` at gates, loading `bays`; `slow`, by what
    factor traffic slows a link down. `chancy` says whether anything is drawn, `departures` counts the convoys of a
    day, `day_begins` is an hour at which a day of the scenario begins.

    At the nodes: `running` is the share of its rate that each source works at; `works` are the sources of each node,
    which what goes in or out of a `watched` cell matters to, and `berths` those that ships come to. Of each cell,
    `converting` is the share of its inflow that a converter makes, and `feeding` says whether its use is a converter's.
    """

    def __init__(self, case: Case, seed: np.random.SeedSequence, atlas: Atlas) -> None:
        supply = case.supply
        self.case = case
        self.seed = seed
        self.clock = Clock(-case.warmup)
        self.enter(case.epochs[0])
        self.travel = Travel(atlas, self.epoch)
        self.stocks = Stocks(supply, -case.warmup)
        self.ledger = Ledger(case.actors, supply.commodities, self.stock_by_holder())
        self.fleet: Ints = supply.fleet.copy()
        self.coming, self.filling = np.zeros(supply.stock.shape), np.zeros(supply.stock.shape)
        self.everyday: Floats = supply.demand.copy()
        self.persons = np.zeros(case.network.node_count)
        self.factor = np.ones(supply.stock.shape)
        self.tier: Ints = supply.tier.copy()
        self.target: Floats = np.minimum(supply.target, supply.capacity)
        self.wanted_hours = _wanted_hours(case)
        self.payload: list[float] = supply.payload.tolist()
        self.vehicle: list[int] = supply.vehicle.tolist()
        self.givers: list[tuple[Ints, Ints]] = [_givers(tiers) for tiers in supply.tier.T]
        self._cells_of: dict[tuple[int, int], Ints] = {}
        self.convoys: dict[int, Convoy] = {}
        self.stranded: dict[int, Convoy] = {}
        self.homing: list[tuple[float, int]] = []
        self.lost: Ints = np.zeros(supply.fleet.shape[1], dtype=np.intp)
        self.bays = Bays(supply.bays, -case.warmup)
        self.queues: dict[tuple[int, int, int, int], Queue] = {}
        self.traffic = Traffic(case, atlas)
        self.slow = self.traffic.slow
        self.chancy = _is_chancy(case)
        self.departures: dict[tuple[int, ...], int] = {}
        self.day_begins = -_hour_of_day(case.scenario.start)
        self.running: Floats = np.ones(len(supply.sources))
        self.works: dict[int, Works] = {}
        self.watched: dict[int, int] = {}
        self.berths: dict[int, list[Berth]] = {}
        self.lines: list[Line] = []
        self.lines_from: dict[tuple[int, int], list[Line]] = {}
        self.transport = Transport()
        self.shipments: list[Shipment] = []
        self.number = 0
        self._used, self._made = np.zeros(supply.stock.size), np.zeros(supply.stock.size)
        self.converting: Floats = np.zeros(supply.stock.size)
        self.feeding: Mask = np.zeros(supply.stock.size, dtype=np.bool_)

    @property
    def now(self) -> float:
        """Hours since the scenario's start."""
        return self.clock.now

    def queue_of(self, gate: Gate) -> Queue:
        """Return the queue at a gate; where its servers change in number, those who come later form a new one."""
        key = gate.terms.actor, gate.node, gate.link, gate.terms.servers
        queue = self.queues.get(key)
        if queue is None:
            queue = self.queues[key] = Queue(self.clock, gate)
        return queue

    def luck(self, stream: int, *key: int) -> np.random.SeedSequence:
        """Return where the luck of one purpose (`stream`) and one thing (`key`) comes from, whatever else happens."""
        return np.random.SeedSequence(entropy=self.seed.entropy, spawn_key=(*self.seed.spawn_key, stream, *key))

    def enter(self, epoch: Epoch) -> None:
        """Let `epoch` hold from now on."""
        self.epoch = epoch
        self._holder: list[int] = epoch.holder.tolist()

    def cell(self, node: int, commodity: int) -> int:
        """Return the number of the cell of a node's stock of a commodity."""
        return node * self.stocks.commodities + commodity

    def cells_of(self, commodity: int, tier: int) -> Ints:
        """Return the cells of the nodes that are of a tier for a commodity, by node."""
        key = commodity, tier
        cells = self._cells_of.get(key)
        if cells is None:
            nodes = np.flatnonzero(self.tier[:, commodity] == tier)
            cells = self._cells_of[key] = nodes * self.stocks.commodities + commodity
        return cells

    def set_tier(self, node: int, commodity: int, tier: int) -> None:
        """Let a node be of another tier for a commodity from now on."""
        self.tier[node, commodity] = tier
        self._cells_of.clear()

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

    def land(self, node: int, commodity: int, tonnes: float) -> None:
        """Put what a source brings at once, otherwise than by flow, into a node's stock."""
        cell = self.cell(node, commodity)
        self.stocks.put(cell, tonnes, self.now)
        self.settle(cell)
        self.stocks.made[cell] += tonnes
        self._made[cell] = self.stocks.made[cell]
        self.ledger.post(SOURCE, stock_of(self.holder(node)), commodity, tonnes)

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


def _wanted_hours(case: Case) -> Floats:
    """Return the hours of supply that places order up to of each commodity, shape (k,)."""
    policy = case.scenario.supply.policy
    return np.array([24 * days_wanted(policy, name) for name in case.supply.commodities])


def _is_chancy(case: Case) -> bool:
    """Return whether anything is drawn: travel times, or times at gates."""
    drawn = any(rule.service != "constant" for rule in case.timeline.rules)
    return drawn or case.scenario.supply.travel_noise_share > 0


def _hour_of_day(instant: datetime) -> float:
    return instant.hour + instant.minute / 60 + instant.second / 3600


def _givers(tiers: Ints) -> tuple[Ints, Ints]:
    """Return the nodes, by `tiers` of shape (n,), that others are supplied from, and the tier of each."""
    nodes = np.flatnonzero((tiers >= SOURCE_TIER) & (tiers <= DEPOT_TIER))
    return nodes, tiers[nodes]
