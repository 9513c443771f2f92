"""What share of its demand each power plant served, instant by instant, from the gas or oil that it burnt."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from corridor.case import Source, SupplyCase
from corridor.network import Floats, Ints

__all__ = ["PowerRow", "power_rows"]


class _Record(Protocol):
    """What is asked of a trace, t instants, p places, k commodities: see `corridor.simulation.trace.Trace`."""

    @property
    def time(self) -> Floats: ...
    @property
    def place(self) -> Ints: ...
    @property
    def consumed(self) -> Floats: ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PowerRow:
    """How one power plant fared over the time recorded, t instants.

    `plant` is its id, `node` and `feed` positions of its node and of what it burns, `output` megawatts at full intake.
    `served` (t,) is the share of the demand on it that it served since the instant before, nan at the first; `mean`
    the same over all the time, `least` the least of `served`, at `least_at` (hours). `burnt` tonnes, `energy`
    megawatt-hours.
    """

    plant: str
    node: int
    feed: int
    output: float
    served: Floats
    mean: float
    least: float
    least_at: float
    burnt: float
    energy: float


def power_rows(supply: SupplyCase, record: _Record) -> Iterator[PowerRow]:
    """Give a row for each power plant, in the order of the sources.

    A plant that runs all the time at full intake serves all demand: served share = tonnes burnt / (intake × time).
    What else at the same node takes in the same fuel is one with it: the share is that of all of them.

    Parameters
    ----------
    supply
        The sources, power plants among them.
    record
        The trace of a replication.
    """
    place = {node: row for row, node in enumerate(record.place.tolist())}
    hours = np.diff(record.time)
    for source in supply.sources:
        if source.output <= 0 or source.feed < 0:
            continue
        burnt = record.consumed[:, place[source.node], source.feed]
        full = _intake(supply, source)
        served = np.minimum(np.diff(burnt) / (full * hours), 1.0)
        mean = min(float(burnt[-1] - burnt[0]) / (full * float(hours.sum())), 1.0)
        least = int(served.argmin())
        yield PowerRow(
            plant=source.id,
            node=source.node,
            feed=source.feed,
            output=source.output,
            served=np.append(np.nan, served),
            mean=mean,
            least=float(served[least]),
            least_at=float(record.time[least + 1]),
            burnt=mean * source.intake * float(hours.sum()),
            energy=mean * source.output * float(hours.sum()),
        )


def _intake(supply: SupplyCase, plant: Source) -> float:
    """Return what is taken in of a plant's fuel at its node at full rate, tonnes an hour.

    The products of a converter share its intake, power plants add up.
    """
    together = [source for source in supply.sources if (source.node, source.feed) == (plant.node, plant.feed)]
    converted = max((source.intake for source in together if source.output <= 0), default=0.0)
    return converted + math.fsum(source.intake for source in together if source.output > 0)
