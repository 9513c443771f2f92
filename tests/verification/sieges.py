"""A town whose only road is cut on the first day, and how long what it has lasts with rations and without."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from corridor.case import Case
from corridor.simulation import Trace
from tests.builders import network
from tests.supply_cases import at, run, supply_case, taken
from tests.theory import hours_until_dry
from tests.verification.page import said

__all__ = ["DEMAND", "RATIONS", "STOCK", "besieged", "first_dry", "siege_row"]

NET = network(dict.fromkeys("st", (36.0, 34.0)), [("s", "t", 10.0, 1.0)])
STOCK, DEMAND = 70.0, 3.0
"""Tonnes at the start, and tonnes an hour."""

RATIONS: dict[str, tuple[tuple[float, float], ...]] = {
    "no rations": (),
    "half below 40 t": ((40.0, 0.5),),
    "half below 40 t, a quarter below 15 t": ((40.0, 0.5), (15.0, 0.25)),
    "0.8, 0.5 and 0.2 below 60, 40 and 15 t": ((60.0, 0.8), (40.0, 0.5), (15.0, 0.2)),
}
"""Falling stocks, tonnes, at and below which use is cut to a share."""


def besieged(
    steps: Sequence[tuple[float, float]], *, stock: float = STOCK, demand: float = DEMAND
) -> tuple[Case, Trace]:
    """Return the case and the trace of a siege under a ration of some `steps`."""
    case = supply_case(
        NET,
        end=float(np.ceil(6 * stock / demand)),
        stock={"s": 1000, "t": stock},
        demand={"t": demand},
        tier={"s": 0, "t": 2},
        target={"t": 2 * stock},
        fleet={"s": 9},
        changes=[taken(NET, 0.0, "s")],
    )
    shape = (NET.node_count, 1, max(1, len(steps)))
    level, share = np.zeros(shape), np.ones(shape)
    for number, (tonnes, left) in enumerate(steps):
        level[:, :, number], share[:, :, number] = tonnes, left
    case = replace(case, supply=replace(case.supply, ration_level=level, ration_share=share))
    return case, run(case)


def first_dry(trace: Trace) -> float:
    """Return when the town runs out, hours."""
    (out,) = trace.stockouts
    assert out.node == at(NET, "t")
    return out.start


def siege_row(words: str, trace: Trace) -> tuple[str, ...]:
    """Return what the page says of a siege."""
    return words, said(hours_until_dry(STOCK, DEMAND, RATIONS[words])), said(first_dry(trace))
