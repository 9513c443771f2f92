"""Measures of supply and of people who move: what was delivered, how long stocks last, who went without."""

from collections.abc import Collection, Iterator
from math import fsum, isfinite

import numpy as np

from corridor.claims.view import View
from corridor.metrics import days_of_supply, supply_rows
from corridor.network import Floats
from corridor.simulation import Shipment, Trace

__all__ = [
    "aid_tonnes",
    "convoy_hours",
    "days",
    "days_change",
    "delivered",
    "made",
    "moved_persons",
    "stockout_days",
    "unmet_share",
]

Nodes = tuple[int, ...]
ARRIVED = {"delivered", "diverted", "partly unloaded"}
HOURS_A_DAY = 24.0
OUTSIDE = -1
MOMENT = 1e-6
"""Hours, some milliseconds: instants this near are the same."""


def delivered(view: View, origin: Nodes, destination: Nodes, start: float, end: float) -> float:
    """Return the tonnes of all goods but aid that left a place by road in a span of time and arrived at another."""
    return fsum(shipment.unloaded for shipment in _arrived(view, origin, destination, start, end))


def aid_tonnes(view: View, place: Nodes, start: float, end: float) -> float:
    """Return the tonnes of aid that set out for a place in a span of time and were unloaded."""
    return fsum(
        shipment.unloaded
        for shipment in view.trace.shipments
        if shipment.mode == "aid" and shipment.destination in place and start <= shipment.departed < end
    )


def convoy_hours(view: View, origin: Nodes, destination: Nodes, start: float, end: float) -> float | None:
    """Return the mean hours, with unloading, of convoys that left a place in a span of time and arrived at another."""
    hours = [shipment.arrived - shipment.departed for shipment in _arrived(view, origin, destination, start, end)]
    return fsum(hours) / len(hours) if hours else None


def days(view: View, place: Nodes, commodity: int, hour: float) -> float | None:
    """Return how many days of everyday demand the stocks of a place last, as of the record."""
    found = float(days_over_time(view.trace, place, commodity)[sample(view.trace, hour)])
    return found if isfinite(found) else None


def days_change(view: View, place: Nodes, commodity: int, start: float, end: float) -> float | None:
    """Return by how many days of supply the stocks of a place change over a span of time."""
    first, last = days(view, place, commodity, start), days(view, place, commodity, end)
    return None if first is None or last is None else last - first


def unmet_share(view: View, place: Nodes, commodity: int) -> float | None:
    """Return the share of a place's demand that goes unmet over the whole scenario."""
    rows = [
        row for row in supply_rows(view.trace) if row.node in place and row.commodity == commodity and row.demand > 0
    ]
    wanted = fsum(row.demand for row in rows)
    return fsum(row.unmet for row in rows) / wanted if wanted else None


def stockout_days(view: View, place: Nodes, commodity: int) -> float:
    """Return for how many days the people of a place had none at all, weighed by people."""
    rows = [row for row in supply_rows(view.trace) if row.node in place and row.commodity == commodity]
    persons = {row.node: float(view.case.population[row.node]) for row in rows}
    people = fsum(persons.values())
    return fsum(row.stockout_hours * persons[row.node] for row in rows) / people / HOURS_A_DAY if people else 0.0


def made(view: View, place: Nodes, commodity: int, start: float, end: float) -> float:
    """Return the tonnes that the sources of a place put out in a span of time, as of the record."""
    trace = view.trace
    rows = np.flatnonzero(np.isin(trace.place, place))
    first, last = sample(trace, start), sample(trace, end)
    return float((trace.made[last, rows, commodity] - trace.made[first, rows, commodity]).sum())


def moved_persons(view: View, origin: Nodes, destination: Nodes, start: float, end: float) -> float:
    """Return how many people the scenario's events move from place to place in a span of time.

    What lies outside the network is part of a place that has every node of it.
    """
    size = view.case.network.node_count
    origins, destinations = ({*place, OUTSIDE} if len(place) == size else {*place} for place in (origin, destination))
    return fsum(
        movement.persons * _overlap(movement.time, movement.hours, start, end)
        for movement in view.case.supply.movements
        if movement.origin in origins and movement.destination in destinations
    )


def _arrived(view: View, origin: Nodes, destination: Nodes, start: float, end: float) -> Iterator[Shipment]:
    """Give the shipments by road from place to place that left in a span of time and arrived."""
    for shipment in view.trace.shipments:
        arrived = shipment.mode == "road" and shipment.outcome in ARRIVED
        if (
            arrived
            and shipment.origin in origin
            and shipment.destination in destination
            and start <= shipment.departed < end
        ):
            yield shipment


def _overlap(time: float, hours: float, start: float, end: float) -> float:
    """Return the share of a movement that takes so many hours from `time` on that lies in a span of time."""
    if hours == 0:
        return float(start <= time < end)
    return max(0.0, min(end, time + hours) - max(start, time)) / hours


def days_over_time(trace: Trace, place: Collection[int], commodity: int) -> Floats:
    """Return the days of supply of some nodes together at every recorded instant, shape (t,); nan without demand."""
    rows = np.flatnonzero(np.isin(trace.place, list(place)))
    stock, demand = (values[:, rows, commodity].sum(axis=1) for values in (trace.stock, trace.demand))
    return days_of_supply(stock, demand)


def sample(trace: Trace, hour: float) -> int:
    """Return the last recorded instant not after `hour`."""
    return max(0, int(np.searchsorted(trace.time, hour + MOMENT, side="right")) - 1)
