"""What the supply side of a case is worked out from: the network, its rows that matter, and everyday demand."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from corridor.network import Commodity, Facility, Floats, Network
from corridor.network.words import POWER_PLANT

__all__ = ["HOURS_A_DAY", "STORAGE", "Goods"]


HOURS_A_DAY = 24.0
STORAGE = "storage"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Goods:
    """Hold what a scenario follows of a network, n nodes and k commodities.

    `rows` are the k commodities and `position` the place of each among them by id, `nodes` the position of each node
    by id; `facilities` are the network's, as the scenario changes them; `demand` (n, k) is everyday use, tonnes an
    hour.
    """

    network: Network
    nodes: dict[str, int]
    rows: tuple[Commodity, ...]
    position: dict[str, int]
    facilities: tuple[Facility, ...]
    demand: Floats

    @property
    def depots(self) -> list[Facility]:
        """Return the depots of commodities that the scenario follows."""
        return [row for row in self.facilities if row.role == STORAGE and row.commodity_out in self.position]

    def stores(self) -> Iterator[tuple[Facility, tuple[int, int]]]:
        """Yield each facility with the cell of what it keeps: its product, or a power plant's fuel."""
        for row in self.facilities:
            kept = row.commodity_in if row.role == POWER_PLANT else row.commodity_out
            if kept in self.position:
                yield row, (self.nodes[row.node], self.position[kept])

    def zeros(self) -> Floats:
        """Return no tonnes at all, shape (n, k)."""
        return np.zeros((self.network.node_count, len(self.rows)))
