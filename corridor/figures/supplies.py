"""Days of supply as figures need them: by place and instant, with stockouts and changes of control."""

from dataclasses import dataclass

import numpy as np

from corridor.figures.reading import Reading
from corridor.network import Floats, Ints

__all__ = ["Supplies"]


EMPTY_DAYS = 1e-6
"""Below this many days of supply a place has none (less than a tenth of a second)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Supplies:
    """Hold days of supply of one commodity: `hours` (t,) on record, `nodes` (p,) positions, `days` (t, p).

    `days` is nan without demand. `failed` (p,) is the hour at which each place first has none, `inf` if never.
    """

    commodity: int
    hours: Floats
    nodes: Ints
    days: Floats
    failed: Floats

    @classmethod
    def of(cls, reading: Reading, commodity: int, nodes: Ints) -> "Supplies":
        """Return the days of supply of a commodity at these nodes, those that the run reports."""
        columns = {int(node): column for column, node in enumerate(reading["place_node"].tolist())}
        nodes = np.array([node for node in nodes.tolist() if node in columns], dtype=np.intp)
        chosen = [columns[int(node)] for node in nodes]
        stock, demand = (reading[name][:, chosen, commodity] for name in ("stock", "demand"))
        with np.errstate(divide="ignore", invalid="ignore"):
            days = np.where(demand > 0, stock / demand, np.nan)
        hours = reading["time"].astype(float)
        gone = dict.fromkeys(nodes.tolist(), np.inf)
        for node, start, _ in _stockouts(reading, commodity):
            if node in gone:
                gone[node] = min(gone[node], max(start, 0.0))
        empty = days <= EMPTY_DAYS
        seen = np.where(empty.any(axis=0), hours[empty.argmax(axis=0)], np.inf) if days.size else np.zeros(0)
        failed = np.minimum(seen, np.array([gone[node] for node in nodes.tolist()]))
        return cls(commodity=commodity, hours=hours, nodes=nodes, days=days, failed=failed)

    def stockouts(self, reading: Reading, node: int) -> list[tuple[float, float]]:
        """Return when a node has none, hours, cut to the run."""
        horizon = reading.horizon
        found = [(start, end) for at, start, end in _stockouts(reading, self.commodity) if at == node]
        return [(max(start, 0.0), min(end, horizon)) for start, end in found if end > 0 and start < horizon]

    def changes(self, reading: Reading, node: int) -> list[tuple[float, int]]:
        """Return the hours at which a node changes hands, and who holds it from then on."""
        held = reading["holder"][:, node]
        epochs = np.flatnonzero(held[1:] != held[:-1]) + 1
        return [(float(reading["epoch_start"][epoch]), int(held[epoch])) for epoch in epochs.tolist()]


def _stockouts(reading: Reading, commodity: int) -> list[tuple[int, float, float]]:
    mine = reading["stockout_commodity"] == commodity
    columns = (reading[name][mine].tolist() for name in ("stockout_node", "stockout_start", "stockout_end"))
    return list(zip(*columns, strict=True))
