"""What a demand loses when one road or one node goes, and how long the way round a road is."""

from dataclasses import dataclass

import numpy as np

from corridor.network import Floats, Ints, Mask
from corridor.paths.roads import Chart, Roads, _Directed

__all__ = ["Removal", "removal_of_links", "removal_of_nodes", "way_round"]

ROUNDING = 1e-9
"""Hours by which two ways may differ and still be equally fast."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Removal:
    """Hold what a demand loses when one thing alone is removed: a road (g of them) or a node (n).

    `added` is the demand times the hours that its ways become longer, over the pairs still joined; `lost` the demand
    whose way is lost; both of shape (g,) or (n,) and exactly 0 where no demand uses the thing. With nothing removed,
    `hours` are the travel times from the s origins to every node, shape (s, n), `joined` is the demand that has a way
    and `never` the demand that has none.
    """

    added: Floats
    lost: Floats
    hours: Floats
    joined: float
    never: float


def removal_of_links(
    network: _Directed, links: Mask, origins: Ints, demand: Floats, *, group: Ints | None = None
) -> Removal:
    """Return what is lost when each road alone is removed."""
    group = np.arange(network.link_count) if group is None else group
    chart = Chart(network)
    hours = Roads(chart, links).hours(origins)
    count = int(group.max(initial=-1)) + 1
    added, lost = np.zeros(count), np.zeros(count)
    for road in np.unique(group[links & (group >= 0)]).tolist():
        after = Roads(chart, links & (group != road)).hours(origins)
        added[road], lost[road] = _loss(hours, after, demand)
    return _removal(added, lost, hours, demand)


def removal_of_nodes(network: _Directed, links: Mask, origins: Ints, demand: Floats) -> Removal:
    """Return what is lost when each node alone is removed, its own demand left out."""
    chart = Chart(network)
    origins = np.asarray(origins, dtype=np.intp)
    hours = Roads(chart, links).hours(origins)
    added, lost = np.zeros(network.node_count), np.zeros(network.node_count)
    for node in range(network.node_count):
        after = Roads(chart, links & (network.tail != node) & (network.head != node)).hours(origins)
        others = demand.copy()
        others[origins == node] = 0.0
        others[:, node] = 0.0
        added[node], lost[node] = _loss(hours, after, others)
    return _removal(added, lost, hours, demand)


def way_round(network: _Directed, links: Mask, *, group: Ints | None = None) -> Floats:
    """Return the hours of the fastest way between a road's ends without it, shape (g,); nan: it cannot be driven."""
    group = np.arange(network.link_count) if group is None else group
    chart = Chart(network)
    found = np.full(int(group.max(initial=-1)) + 1, np.nan)
    for link in np.flatnonzero(links & (group >= 0) & np.isfinite(network.hours)).tolist():
        road, tail, head = int(group[link]), int(network.tail[link]), int(network.head[link])
        hours = Roads(chart, links & (group != road)).hours([tail])[0, head]
        found[road] = np.fmax(found[road], hours)
    return found


def _loss(hours: Floats, after: Floats, demand: Floats) -> tuple[float, float]:
    was, still = np.isfinite(hours), np.isfinite(after)
    more = np.zeros_like(hours)
    np.subtract(after, hours, out=more, where=was & still)
    more[more < ROUNDING] = 0.0
    return float((more * demand).sum()), float(demand[was & ~still].sum())


def _removal(added: Floats, lost: Floats, hours: Floats, demand: Floats) -> Removal:
    was = np.isfinite(hours)
    joined, never = float(demand[was].sum()), float(demand[~was].sum())
    return Removal(added=added, lost=lost, hours=hours, joined=joined, never=never)
