"""The stocks that a replication begins with, and those of the scenario's start: what the record says is there."""

import numpy as np

from corridor.network import Floats
from corridor.simulation.converters import refresh
from corridor.simulation.ledger import SOURCE, stock_of
from corridor.simulation.state import State
from corridor.simulation.stocks import GRAM

__all__ = ["set_recorded_stock", "spread_stock"]

GOLDEN = 0.6180339887498949
"""Its multiples are spread evenly over the unit interval, however many are taken."""


def spread_stock(state: State) -> None:
    """Let each place begin the warm-up at another point of its cycle of orders, around the stock on record.

    Else all would order on the same day, and with them all vehicles be away.
    """
    supply = state.case.supply
    phase = 0.5 + np.arange(1, state.case.network.node_count + 1) * GOLDEN % 1.0
    level = state.stocks.grid(state.stocks.level)
    _bring(state, np.where(supply.demand > 0, np.minimum(level * phase[:, None], supply.capacity), level))


def set_recorded_stock(state: State) -> None:
    """Bring stocks to what the record says, when the report begins; tonnes come from and go back to the sources.

    Depots get what is on record for them. Where people live, the stocks of an area are scaled to what the area has
    on record, so that the places stay at their different points of the cycle. Where nothing is on record, what the
    warm-up left stays.
    """
    supply = state.case.supply
    level = state.stocks.grid(state.stocks.level)
    wanted = np.where(supply.stock > 0, supply.stock, level)
    names, area = np.unique(state.case.network.area, return_inverse=True)
    for commodity in range(state.stocks.commodities):
        homes = np.flatnonzero((supply.demand[:, commodity] > 0) & (supply.stock[:, commodity] > 0))
        recorded = np.bincount(area[homes], supply.stock[homes, commodity], minlength=names.size)
        found = np.bincount(area[homes], level[homes, commodity], minlength=names.size)
        scale = np.divide(recorded, found, out=np.zeros(names.size), where=found > GRAM)[area[homes]]
        wanted[homes, commodity] = np.where(scale > 0, level[homes, commodity] * scale, supply.stock[homes, commodity])
    _bring(state, wanted)
    for node in state.works:
        refresh(state, node)


def _bring(state: State, wanted: Floats) -> None:
    """Bring stocks to `wanted` tonnes, shape (n, k), with their entries in the ledger."""
    more = wanted - state.stocks.grid(state.stocks.level)
    for cell in np.flatnonzero(more).tolist():
        node, commodity = divmod(cell, state.stocks.commodities)
        tonnes, stock = float(more[node, commodity]), stock_of(state.holder(node))
        if tonnes > 0:
            state.stocks.put(cell, tonnes, state.now)
            state.ledger.post(SOURCE, stock, commodity, tonnes)
        else:
            state.ledger.post(stock, SOURCE, commodity, state.stocks.take(cell, -tonnes, state.now))
