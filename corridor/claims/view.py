"""A case as measures look at it: its epochs, its replication once one is asked for, its roads all open."""

from functools import cached_property

import numpy as np

from corridor.case import Case
from corridor.case.measured import apart
from corridor.control import Epoch
from corridor.network import ROAD, Mask
from corridor.paths import Roads
from corridor.simulation import Trace, simulate

__all__ = ["View"]

CITY_PARTS, CITY_KM = ("district", "junction"), 8.0


class View:
    """Answer for one case.

    Parameters
    ----------
    case
        The case.
    trace
        What its replication left behind; if it is not at hand one is made when first asked for.
    """

    def __init__(self, case: Case, trace: Trace | None = None) -> None:
        self.case, self._trace = case, trace

    @cached_property
    def trace(self) -> Trace:
        """What the scenario's replication left behind."""
        return self._trace or simulate(self.case, np.random.SeedSequence(self.case.scenario.draw.seed))

    @cached_property
    def all_roads(self) -> Mask:
        """Which links are roads, shape (m,)."""
        roads: Mask = self.case.network.mode == ROAD
        return roads

    @cached_property
    def open_roads(self) -> Roads:
        """Every road of the network, whoever holds it and whether it is open."""
        return Roads(self.case.network, self.all_roads)

    def epoch(self, hour: float) -> Epoch:
        """Return the epoch that holds at an hour."""
        return self.case.epoch_at(hour)

    def with_districts(self, city: int) -> tuple[int, ...]:
        """Return a city and what belongs to it: the districts and junctions at most so far from it."""
        network = self.case.network
        parts = np.flatnonzero(np.isin(network.kind, CITY_PARTS)).tolist()
        return (city, *(part for part in parts if apart(network, city, part) <= CITY_KM))
