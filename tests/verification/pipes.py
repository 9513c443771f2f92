"""One pipe from a full store to an empty one: what is in it and what has come out of it, by the engine."""

import numpy as np
from numpy.typing import NDArray

from corridor.case import Pipe
from corridor.control import Change
from corridor.policies import FairShare
from corridor.simulation import Trace
from tests.builders import network, pipeline
from tests.supply_cases import closed, run, supply_case
from tests.theory import pipe_received
from tests.verification.page import difference, said

__all__ = ["CAPACITY", "CUT", "REVIEWS", "TRANSIT", "cut", "fill", "mean_fill", "pipe_row", "play_pipe", "received"]

NET = network(dict.fromkeys("fr", (36.0, 34.0)), pipelines=[pipeline("f", "r", 100.0, 10.0)])
CAPACITY, TRANSIT = 5.0, 10.0
"""Tonnes an hour and hours."""
CUT = (23.0, 36.0)
"""Hours from which and until which the pipe is shut in the runs with a cut."""

REVIEWS = (6.0, 4.0, 1.0, 0.25)

Floats = NDArray[np.float64]


def cut() -> tuple[Change, Change]:
    """Return that the pipe is shut and opened again."""
    return closed(NET, CUT[0], "f>r"), closed(NET, CUT[1], "f>r", share=1.0)


def play_pipe(review: float, *changes: Change, hours: float = 72.0) -> Trace:
    """Return the trace of a pipe that can take in a batch every `review` hours."""
    case = supply_case(
        NET,
        end=hours,
        commodities=("crude",),
        vehicle=[-1],
        stock={"f": 1e4},
        tier={"f": 0, "r": 2},
        target={"r": 1e4},
        pipes=[Pipe(link=0, commodity=0, capacity=CAPACITY, transit=TRANSIT)],
        changes=changes,
        policy=FairShare(review_hours=review, target_days={"default": 1.0}),
    )
    return run(case)


def fill(trace: Trace, hours: Floats) -> Floats:
    """Return the tonnes in the pipe at some `hours`, what goes in then counted and what comes out then not."""
    inside = [(row.departed <= hours) & ~(row.arrived <= hours) for row in trace.shipments]
    tonnes: Floats = np.array([row.tonnes for row in trace.shipments]) @ np.array(inside)
    return tonnes


def mean_fill(trace: Trace) -> float:
    """Return the mean tonnes in a full pipe, exactly: it changes at whole eighths of an hour."""
    return float(fill(trace, np.arange(24.0, 72.0, 0.125)).mean())


def received(trace: Trace, hours: Floats) -> Floats:
    """Return the tonnes that have come out by some `hours`."""
    out = [row.arrived <= hours for row in trace.shipments]
    tonnes: Floats = np.array([row.tonnes for row in trace.shipments]) @ np.array(out)
    return tonnes


def pipe_row(review: float, trace: Trace) -> tuple[str, ...]:
    """Return what the page says of a pipe."""
    first = min(row.arrived for row in trace.shipments if row.outcome == "delivered")
    hours = trace.time
    expected = [pipe_received(hour, capacity=CAPACITY, transit=TRANSIT, review=review) for hour in hours.tolist()]
    off = float(np.abs(received(trace, hours) - expected).max())
    return f"{review:g}", f"{first:g}", said(CAPACITY * TRANSIT, 1), said(mean_fill(trace), 1), difference(off)
