"""What theory says of queues, stocks, fleets, pipes and sieges, and the statistics to hold runs against it."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

__all__ = [
    "Cycle",
    "Interval",
    "batch_means",
    "erlang_c",
    "fleet_tonnes",
    "hours_until_dry",
    "order_cycle",
    "pipe_received",
    "share_met_late",
    "wait_mg1",
    "wait_mmc",
]

Floats = NDArray[np.float64]
DAY = 24.0


class Interval(NamedTuple):
    """A mean with its confidence interval, `low` to `high`."""

    mean: float
    low: float
    high: float


class Cycle(NamedTuple):
    """A stock that is ordered up to again and again: tonnes an order, hours from one to the next, and the stock."""

    order: float
    hours: float
    most: float
    least: float
    mean: float


def batch_means(values: Floats, *, batches: int = 30, confidence: float = 0.99) -> Interval:
    """Return the mean of a stationary series, with the interval that the means of its consecutive batches give.

    Waits in a queue depend on one another, means of batches much longer than that memory hardly do: Student's t on
    them (Law and Carson 1979).
    """
    size = values.size // batches
    means = values[: size * batches].reshape(batches, size).mean(axis=1)
    half = float(student.ppf((1 + confidence) / 2, batches - 1) * means.std(ddof=1) / math.sqrt(batches))
    return Interval(float(means.mean()), float(means.mean()) - half, float(means.mean()) + half)


def erlang_c(servers: int, load: float) -> float:
    """Return the chance that an arrival has to wait, `load` being the arrivals in one mean service time (Erlang 1917).

    >>> round(erlang_c(1, 0.8), 6)
    0.8
    >>> round(erlang_c(2, 1.0), 6)
    0.333333
    """
    terms = [load**k / math.factorial(k) for k in range(servers)]
    all_busy = load**servers / math.factorial(servers) * servers / (servers - load)
    return all_busy / (sum(terms) + all_busy)


def wait_mmc(arrivals: float, rate: float, servers: int) -> float:
    """Return the mean hours in the queue M/M/c: `arrivals` an hour, `rate` served an hour by each of the servers."""
    return erlang_c(servers, arrivals / rate) / (servers * rate - arrivals)


def wait_mg1(arrivals: float, mean: float, deviation: float) -> float:
    """Return the mean hours in the queue M/G/1 (Pollaczek 1930, Khinchine 1932); M/D/1 where `deviation` is 0.

    >>> round(wait_mg1(0.8, 1.0, 1.0), 6), round(wait_mmc(0.8, 1.0, 1), 6)
    (4.0, 4.0)
    """
    return arrivals * (mean**2 + deviation**2) / (2 * (1 - arrivals * mean))


def order_cycle(*, demand: float, target: float, lot: float, review: float, lead: float) -> Cycle:
    """Return the cycle of a stock reviewed every `review` hours and ordered up to `target` once `lot` or more lack.

    `demand` tonnes an hour are used and an order comes after `lead` hours, both constant; the stock never runs out.
    What is on hand follows what is on hand or ordered by the lead time (Hadley and Whitin 1963, §4-2).
    """
    hours = review * math.ceil(lot / (demand * review))
    order = demand * hours
    most = target - demand * lead
    return Cycle(order, hours, most, most - order, most - order / 2)


def share_met_late(*, demand: float, target: float, order: float, lead: float) -> float:
    """Return the share of demand that is met where the target lasts less than a lead time and an order, the rest lost.

    The target is a whole number of orders, each of which is on its way, is used up, and is ordered anew.
    """
    return min(1.0, target / (demand * lead + order))


def fleet_tonnes(vehicles: int, *, payload: float, cycle: float, gate_rate: float, passages: int = 2) -> float:
    """Return the tonnes an hour of a fleet that drives as one convoy, waiting for its own vehicles at a gate."""
    return vehicles * payload / (cycle + passages * vehicles / gate_rate)


def pipe_received(hour: float, *, capacity: float, transit: float, review: float) -> float:
    """Return the tonnes out of a pipe that took in a batch at hour 0 and at each review after, all it can."""
    return capacity * review * max(0, math.floor((hour - transit) / review + 1e-9) + 1)


def hours_until_dry(stock: float, demand: float, steps: Sequence[tuple[float, float]] = ()) -> float:
    """Return after how many hours a stock that gets nothing is empty; `steps` are falling levels and their shares."""
    levels = [stock, *(min(stock, level) for level, _ in steps), 0.0]
    shares = [1.0, *(share for _, share in steps)]
    return sum((levels[i] - levels[i + 1]) / (share * demand) for i, share in enumerate(shares))
