"""What is written down at regular instants of a replication, and the trace that it ends as."""

import numpy as np
from numpy.typing import NDArray

from corridor.case import SupplyCase
from corridor.network import Floats
from corridor.simulation.convoys import close_shipments
from corridor.simulation.pipes import close_batches
from corridor.simulation.state import State
from corridor.simulation.trace import Stockout, Trace

__all__ = ["Recorder"]


Key = tuple[int, int, int, int]

HOURS_A_DAY = 24.0
INTERVALS = (1.0, 3.0, 6.0, 12.0, 24.0)
"""Hours between two records: the first of these that makes no more than `MOST_RECORDS`."""
MOST_RECORDS = 1000


class Recorder:
    """Write down levels and totals of the places that have to do with supply, at each of t instants.

    Totals count from `open` on.
    """

    def __init__(self, state: State) -> None:
        supply, end = state.case.supply, state.case.end
        self.place = _places(supply, state.case.network.head)
        regular = np.arange(0.0, end + 1e-9, _interval(end))
        self.time: Floats = regular if regular[-1] == end else np.append(regular, end)
        shape = (self.time.size, self.place.size, len(supply.commodities))
        self._state = state
        self._stock, self._demand = np.zeros(shape), np.zeros(shape)
        self._used, self._unmet, self._received = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        self._made = np.zeros(shape)
        self._persons = np.zeros(shape[:2])
        self._waiting: list[dict[Key, int]] = []
        self._before = [np.zeros(shape[1:])] * 4

    def open(self) -> None:
        """Begin to count here; all before was warm-up."""
        self._before = [values.copy() for values in self._totals()]
        for queue in self._state.queues.values():
            queue.open()

    def record(self, row: int) -> None:
        """Write down the present instant as the `row`-th."""
        stocks = self._state.stocks
        stocks.advance_all(self._state.now)
        self._stock[row] = stocks.grid(stocks.level)[self.place]
        self._demand[row] = stocks.grid(stocks.demand)[self.place]
        self._persons[row] = (self._state.case.population + self._state.persons)[self.place]
        self._waiting.append({key: queue.waiting for key, queue in self._state.queues.items() if queue.waiting})
        used, unmet, received, made = self._totals()
        self._used[row] = used - self._before[0]
        self._unmet[row] = unmet - self._before[1]
        self._received[row] = received - self._before[2]
        self._made[row] = made - self._before[3]

    def trace(self, events: int) -> Trace:
        """Return all that was written down."""
        state = self._state
        keys = sorted(state.queues)
        return Trace(
            time=self.time,
            place=self.place,
            stock=self._stock,
            demand=self._demand * HOURS_A_DAY,
            consumed=self._used,
            unmet=self._unmet,
            received=self._received,
            made=self._made,
            persons=self._persons,
            queue=np.array([[float(row.get(key, 0)) for key in keys] for row in self._waiting]).reshape(
                self.time.size, len(keys)
            ),
            shipments=tuple(sorted((*close_shipments(state), *close_batches(state)), key=lambda row: row.id)),
            stockouts=tuple(self._stockouts()),
            ledger=state.ledger.rows(),
            transfers=state.ledger.transfers(),
            gates=tuple(state.queues[key].record() for key in keys),
            events_processed=events,
        )

    def _totals(self) -> tuple[Floats, Floats, Floats, Floats]:
        stocks, place = self._state.stocks, self.place
        used, unmet, received, made = (
            stocks.grid(values)[place] for values in (stocks.used, stocks.unmet, stocks.received, stocks.made)
        )
        return used, unmet, received, made

    def _stockouts(self) -> list[Stockout]:
        """Return the stockouts that were not over when the report began, from then on."""
        return [
            Stockout(node=out.node, commodity=out.commodity, start=max(0.0, out.start), end=out.end)
            for out in self._state.stocks.close()
            if out.end > 0
        ]


def _interval(end: float) -> float:
    """Return the hours between two records of a replication that lasts `end` hours: one up to 41 days."""
    return next((hours for hours in INTERVALS if end / hours <= MOST_RECORDS), INTERVALS[-1])


def _places(supply: SupplyCase, head: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the nodes that people live at or come to, or that give, keep or get anything.

    `head` is the node where each link ends, shape (m,).
    """
    lives = (supply.tier >= 0) | (supply.demand > 0) | (supply.stock > 0)
    nodes = set(np.flatnonzero(lives.any(axis=1)).tolist())
    nodes.update(source.node for source in supply.sources)
    nodes.update(aid.destination for aid in supply.aid)
    nodes.update(head[[pipe.link for pipe in supply.pipes]].tolist())
    ends = {node for move in supply.movements for node in (move.origin, move.destination)} - {-1}
    ends.update(node for rule in supply.displacement for node in rule.to)
    nodes.update(node for node in ends if supply.rate[node].any())
    return np.array(sorted(nodes), dtype=np.intp)
