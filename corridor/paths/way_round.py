"""How long the way round a road is."""

from heapq import heappop, heappush
from math import inf

import numpy as np

from corridor.network import Floats, Ints, Mask
from corridor.paths.lanes import Lanes
from corridor.paths.roads import Directed

__all__ = ["way_round"]


def way_round(network: Directed, links: Mask, *, group: Ints | None = None) -> Floats:
    """Return the hours of the fastest way from a road's start to its end without the road.

    This is the redundancy of single links as RA2CE measures it [1]_, with hours for metres: each road is looked at by
    itself, whatever is wanted from where to where. The search goes from both ends at once [2]_.

    Parameters
    ----------
    network
        The network, n nodes and m links; a link of infinite hours is no link.
    links
        The links that can be driven, shape (m,).
    group
        The number of the road of each link, from 0, shape (m,); -1: not asked for. By default each link is a road.

    Returns
    -------
        Hours, shape (g,), of the links and directions of a road the longest; `inf` if there is no way, `nan` if the
        road itself cannot be driven.

    References
    ----------
    .. [1] Deltares, "RA2CE: risk assessment and adaptation for critical infrastructure", single link redundancy,
       https://deltares.github.io/ra2ce/.
    .. [2] T. A. J. Nicholson, "Finding the shortest route between two points in a network", The Computer Journal
       9(3), 1966.
    """
    group = np.arange(network.link_count) if group is None else group
    lanes = Lanes(network, links, group)
    found = np.full(lanes.group_count, np.nan)
    loops = links & np.isfinite(network.hours) & (network.tail == network.head) & (group >= 0)
    found[group[loops]] = 0.0
    out = _leading(lanes.tail, lanes.head, lanes)
    into = out if lanes.symmetric else _leading(lanes.head, lanes.tail, lanes)
    asked = (lanes.group >= 0) & ~(lanes.symmetric & (lanes.tail > lanes.head))
    for tail, head, road in zip(
        *(column[asked].tolist() for column in (lanes.tail, lanes.head, lanes.group)), strict=True
    ):
        found[road] = np.fmax(found[road], _hours_without(out, into, (tail, head), road))
    return found


_Leading = list[list[tuple[int, float, int]]]


def _leading(start: Ints, end: Ints, lanes: Lanes) -> _Leading:
    """Return where one gets from each node: the next node, the hours and the road."""
    found: _Leading = [[] for _ in range(lanes.node_count)]
    for at, next_, hours, road in zip(
        start.tolist(), end.tolist(), lanes.hours.tolist(), lanes.group.tolist(), strict=True
    ):
        found[at].append((next_, hours, road))
    return found


def _hours_without(out: _Leading, into: _Leading, ends: tuple[int, int], road: int) -> float:
    """Return the hours from the first of two ends to the second without a road, looking from both at once."""
    leading = (out, into)
    hours = ({ends[0]: 0.0}, {ends[1]: 0.0})
    waiting = ([(0.0, ends[0])], [(0.0, ends[1])])
    best = inf
    while waiting[0] and waiting[1] and waiting[0][0][0] + waiting[1][0][0] < best:
        side = int(waiting[1][0] < waiting[0][0])
        here, there = hours[side], hours[1 - side]
        time, at = heappop(waiting[side])
        if time > here[at]:
            continue
        for node, taken, by in leading[side][at]:
            then = time + taken
            if by != road and then < here.get(node, best):
                here[node] = then
                heappush(waiting[side], (then, node))
                best = min(best, then + there.get(node, inf))
    return best
