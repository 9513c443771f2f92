"""What the screen and the summary say of supplies: where they ran out, and how long whole areas live on theirs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corridor.case import Case
from corridor.metrics import PowerRow, SupplyRow, days_of_supply
from corridor.simulation import Trace

__all__ = ["AreaDays", "area_days", "power_served", "ran_out"]

SHOWS = 0.005
"""Hours, the least that is not written as 0.00."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AreaDays:
    """Days of supply of an area over time, `days` (t,): of its places, depots, silos and refineries together."""

    area: str
    commodity: int
    days: NDArray[np.float64]


def ran_out(row: SupplyRow) -> bool:
    """Return whether a place was without a commodity for a time that shows in supply.csv."""
    return row.stockout_hours >= SHOWS


def area_days(case: Case, trace: Trace) -> tuple[AreaDays, ...]:
    """Return the days of supply of the areas that the scenario's shown places lie in, in their order.

    An area has no line for a commodity that nobody there asks for at the start.
    """
    network, positions = case.network, case.network.node_positions()
    areas = dict.fromkeys(str(network.area[positions[place]]) for place in case.scenario.show.places)
    found = []
    for area in areas:
        inside = network.area[trace.place] == area
        stock, demand = (values[:, inside].sum(axis=1) for values in (trace.stock, trace.demand))
        days = days_of_supply(stock, demand)
        found += [
            AreaDays(area=area, commodity=commodity, days=days[:, commodity])
            for commodity in np.flatnonzero(np.isfinite(days[0])).tolist()
            if area
        ]
    return tuple(found)


def power_served(rows: Sequence[PowerRow]) -> NDArray[np.float64]:
    """Return the share of demand that power plants, at least one, served together before each instant but the first."""
    weights = [row.output for row in rows]
    served: NDArray[np.float64] = np.average([row.served[1:] for row in rows], axis=0, weights=weights)
    return served
