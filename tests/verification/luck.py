"""Two policies, or two worlds, that meet the same luck on the road."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridor.case import AidConvoy, Case
from corridor.policies import FairShare, NearestFirst, Policy
from corridor.simulation import Trace
from tests.builders import network
from tests.supply_cases import RED, at, run, source, supply_case
from tests.verification.page import said

__all__ = ["FAIR", "NEAREST", "OTHERS", "SEEDS", "Compared", "aid", "compare", "firsts", "luck_row", "trips", "world"]

NET = network(
    dict.fromkeys("sabcd", (36.0, 34.0)),
    [("s", "a", 10.0, 3.0), ("s", "b", 10.0, 5.0), ("s", "c", 10.0, 8.0), ("s", "d", 10.0, 4.0)],
)
DAYS = {"default": 2.0}
FAIR, NEAREST = FairShare(target_days=DAYS), NearestFirst(target_days=DAYS)
SEEDS = 40

Floats = NDArray[np.float64]


class Compared(NamedTuple):
    """Unmet demand, tonnes, of two worlds, seed by seed."""

    one: Floats
    other: Floats

    @property
    def share(self) -> float:
        """The variance of the difference, as a share of what it would be with independent seeds."""
        difference = self.one - self.other
        return float(difference.var(ddof=1) / (self.one.var(ddof=1) + self.other.var(ddof=1)))

    @property
    def correlation(self) -> tuple[float, float]:
        """The correlation of the two, and above which it is with a confidence of 95 % (Fisher's transformation)."""
        found = float(np.corrcoef(self.one, self.other)[0, 1])
        return found, math.tanh(math.atanh(found) - 1.645 / math.sqrt(self.one.size - 3))


def world(policy: Policy, *, aid: tuple[AidConvoy, ...] = (), vehicles: int = 12, noise: float = 0.4) -> Case:
    """Return a case in which one source has too little for four towns for a month, and too few lorries."""
    return supply_case(
        NET,
        end=720.0,
        stock={"s": 300},
        sources=[source(NET, "s", 7.5)],
        demand={"a": 2.0, "b": 3.0, "c": 1.0, "d": 2.0},
        tier={"s": 0, "a": 2, "b": 2, "c": 2, "d": 2},
        target={"a": 96, "b": 144, "c": 48, "d": 96},
        fleet={"s": vehicles},
        travel_noise_share=noise,
        policy=policy,
        loading_hours=1.0,
        unloading_hours=1.0,
        aid=aid,
    )


OTHERS: dict[str, tuple[Policy, int]] = {"nearest first with 12": (NEAREST, 12), "fair share with 14": (FAIR, 14)}
"""Worlds that are compared with fair share and 12 lorries: policy and lorries."""


def aid(hour: float) -> AidConvoy:
    """Return a convoy from far away that brings s next to nothing."""
    return AidConvoy(
        time=hour, event="aid", actor=RED, origin=at(NET, "a"), destination=at(NET, "s"), commodity=0, tonnes=1e-6
    )


def trips(trace: Trace, mode: str = "road") -> dict[tuple[int, float], float]:
    """Return the hours that each convoy drove and unloaded, by where to and when it set out."""
    return {
        (row.ordered, row.departed): row.arrived - row.departed
        for row in trace.shipments
        if row.mode == mode and row.outcome == "delivered"
    }


def firsts(trace: Trace) -> dict[tuple[int, int], float]:
    """Return the hours that the first convoy of each day to each town drove and unloaded."""
    found: dict[tuple[int, int], float] = {}
    for row in trace.shipments:
        found.setdefault((row.ordered, int(row.loaded // 24)), row.arrived - row.departed)
    return {key: hours for key, hours in found.items() if not np.isnan(hours)}


def compare(one: Case, other: Case, *, seeds: int = SEEDS) -> Compared:
    """Return what becomes of two cases with the same seeds."""
    unmet = [[float(run(case, seed).unmet[-1].sum()) for seed in range(seeds)] for case in (one, other)]
    return Compared(*map(np.array, unmet))


def luck_row(words: str, compared: Compared) -> tuple[str, ...]:
    """Return what the page says of two worlds."""
    return words, said(compared.share, 2), *(said(number, 2) for number in compared.correlation)
