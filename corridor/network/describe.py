"""What is in a network, in numbers for people to read."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import fields

import numpy as np

from corridor.network.model import PIPELINE, ROAD, Floats, Network

__all__ = ["describe"]

Row = tuple[str, str, str]


def describe(network: Network) -> list[Row]:
    """Return the contents of `network` as rows of section, label and value, in the order to print them.

    A two-way road counts once.
    """
    return [
        ("network", "name", network.name),
        ("network", "title", network.title),
        ("network", "source", network.source),
        *_counts("nodes", network.kind.tolist()),
        *_lengths(network, ROAD, "roads"),
        *_lengths(network, PIPELINE, "pipelines"),
        *(("population", column, f"{persons.sum():,.0f} persons") for column, persons in network.population.items()),
        *(row for column, holders in network.control.items() for row in _holders(column, holders.tolist())),
        *(row for column, share in network.open_share.items() for row in _states(network, column, share)),
        *_counts("facilities", [facility.role for facility in network.supply.facilities]),
        *(("commodities", row.id, f"{row.name}, {row.unit}") for row in network.supply.commodities),
        *_fleets(network),
        *_absent(network),
        *_confidence(network),
    ]


def _counts(section: str, values: Iterable[str]) -> Iterator[Row]:
    counter = Counter(values)
    yield section, "total", f"{counter.total():,}"
    yield from ((section, value or "not given", f"{count:,}") for value, count in counter.most_common())


def _each_once(network: Network) -> np.ndarray:
    return (network.reverse < 0) | (network.reverse > np.arange(network.link_count))


def _lengths(network: Network, mode: int, section: str) -> Iterator[Row]:
    chosen = _each_once(network) & (network.mode == mode)
    kinds, length = (network.road_class if mode == ROAD else network.commodity)[chosen], network.length[chosen]
    yield section, "total", f"{kinds.size:,}, {length.sum():,.0f} km"
    for kind, count in Counter(kinds.tolist()).most_common():
        yield section, kind or "not given", f"{count:,}, {length[kinds == kind].sum():,.0f} km"


def _holders(column: str, holders: list[str]) -> Iterator[Row]:
    yield "control", column, ", ".join(f"{holder} {count:,}" for holder, count in Counter(holders).most_common())


def _states(network: Network, column: str, share: Floats) -> Iterator[Row]:
    counted = []
    for mode, label in ((ROAD, "roads"), (PIPELINE, "pipelines")):
        once = share[_each_once(network) & ~np.isnan(share) & (network.mode == mode)]
        closed, whole = int((once == 0).sum()), int((once == 1).sum())
        if once.size:
            reduced = once.size - closed - whole
            counted.append(f"{label}: open {whole:,}, reduced {reduced:,}, closed {closed:,}")
    yield "open share", column, "; ".join(counted) or "of no link"


def _fleets(network: Network) -> Iterator[Row]:
    vehicles: dict[str, float] = {}
    for fleet in network.supply.fleets:
        vehicles[fleet.vehicle] = vehicles.get(fleet.vehicle, 0.0) + fleet.vehicles.central
    yield from (("vehicles", vehicle, f"{count:,.0f}") for vehicle, count in vehicles.items())


def _absent(network: Network) -> Iterator[Row]:
    """Yield which tables of supply hold nothing, so that no scenario can supply anybody from this network."""
    empty = [field.name for field in fields(network.supply) if not getattr(network.supply, field.name)]
    if empty:
        yield "supply", "not given", ", ".join(f"{name}.csv" for name in empty)


def _confidence(network: Network) -> Iterator[Row]:
    once, pipe = _each_once(network), network.mode == PIPELINE
    parts = {
        "nodes": network.node_confidence.tolist(),
        "roads": network.link_confidence[once & ~pipe].tolist(),
        "pipelines": network.link_confidence[pipe].tolist(),
        "facilities": [facility.confidence for facility in network.supply.facilities],
    }
    for label, values in parts.items():
        shares = ((level, values.count(level)) for level in ("high", "medium", "low"))
        if any(values):
            yield (
                "confidence",
                label,
                ", ".join(f"{level} {count / len(values):.0%}" for level, count in shares if count),
            )
