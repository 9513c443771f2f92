"""Lorries that come to a gate at random, one by one, and how long they wait for it: the engine's queue and theory's."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from corridor.case import AidConvoy
from corridor.control import Passage
from corridor.simulation import Trace, simulate
from tests.builders import network
from tests.supply_cases import BLUE, RED, at, supply_case
from tests.theory import Interval, batch_means, wait_mg1, wait_mmc
from tests.verification.page import said

__all__ = [
    "LORRIES",
    "RATE",
    "SETTLING",
    "TOGETHER",
    "GateQueue",
    "confidence",
    "mean_wait",
    "play_queue",
    "queue_row",
    "queues",
]

NET = network(dict.fromkeys("sgt", (36.0, 34.0)), [("s", "g", 10.0, 1.0), ("g", "t", 10.0, 1.0)])
RATE = 60.0
"""Vehicles an hour that a server lets through on average."""
LORRIES, SETTLING = 20_000, 2_000
"""How many come, and how many of them are not counted, since they find the queue shorter than it will be."""
TOGETHER = 0.99
"""The confidence with which all intervals together hold what theory says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateQueue:
    """A queue: Kendall's `name`, the `load` of each server, and the terms of the gate."""

    name: str
    load: float
    servers: int = 1
    service: str = "exponential"
    variation: float = 0.0
    inspected: float = 1.0

    @property
    def arrivals(self) -> float:
        """Lorries an hour."""
        return self.load * self.servers * RATE / self.inspected

    @property
    def expected(self) -> float:
        """What theory says of the mean wait, hours."""
        if self.servers > 1:
            return wait_mmc(self.arrivals, RATE, self.servers)
        mean = 1 / RATE
        spread = {"constant": 0.0, "exponential": mean, "lognormal": self.variation * mean}[self.service]
        # Those who are waved through take no time.
        square = self.inspected * (mean**2 + spread**2)
        mean *= self.inspected
        return wait_mg1(self.arrivals, mean, math.sqrt(square - mean**2))


def queues() -> Iterator[GateQueue]:
    """Yield every queue that is held against theory."""
    for load in (0.4, 0.6, 0.75):
        yield GateQueue(name="M/M/1", load=load)
        yield GateQueue(name="M/D/1", load=load, service="constant")
        yield GateQueue(name="M/M/3", load=load, servers=3)
    yield GateQueue(name="M/G/1 lognormal", load=0.5, service="lognormal", variation=1.2)
    yield GateQueue(name="M/G/1 two in five inspected", load=0.7, inspected=0.4)


def confidence() -> float:
    """Return the confidence of each interval, by Bonferroni's inequality."""
    return 1 - (1 - TOGETHER) / len(list(queues()))


def play_queue(queue: GateQueue, *, lorries: int = LORRIES, seed: int = 1) -> Trace:
    """Return the trace of `lorries` that come as a Poisson stream and are each a convoy."""
    luck = np.random.SeedSequence([seed, round(100 * queue.load), *queue.name.encode()])
    times = np.random.default_rng(luck).exponential(1 / queue.arrivals, lorries).cumsum()
    gate = Passage(
        actor=RED,
        through=BLUE,
        mode="gate",
        rate=RATE,
        servers=queue.servers,
        service=queue.service,  # type: ignore[arg-type]  # one of the three words
        variation=queue.variation,
        inspected=queue.inspected,
    )
    case = supply_case(
        NET,
        end=float(math.ceil(times[-1]) + 48),
        holder={"g": BLUE},
        passage=[gate],
        aid=[_lorry(time) for time in times.tolist()],
        unloading_hours=0.0,
    )
    return simulate(case, luck)


def _lorry(time: float) -> AidConvoy:
    ends = at(NET, "s"), at(NET, "t")
    return AidConvoy(time=time, event="aid", actor=RED, origin=ends[0], destination=ends[1], commodity=0, tonnes=10.0)


def mean_wait(trace: Trace) -> Interval:
    """Return the mean wait, hours, once the queue has settled."""
    waits = np.array([row.waited for row in trace.shipments[SETTLING:]])
    return batch_means(waits, confidence=confidence())


def queue_row(queue: GateQueue, wait: Interval) -> tuple[str, ...]:
    """Return what the page says of a queue."""
    return queue.name, f"{queue.load:g}", *(said(60 * hours) for hours in (queue.expected, *wait))
