"""What of a demand leads through each node and over each link."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse.csgraph import dijkstra

from corridor.network import Floats, Ints
from corridor.paths.roads import Roads, weighted

__all__ = ["betweenness"]

NO_TIME = 1e-9
"""Hours that a link of no length counts for where routes must have an order."""


def betweenness(roads: Roads, origins: Sequence[int] | Ints, demand: Floats) -> tuple[Floats, Floats]:
    r"""Return how much demand passes through each node and over each link on its fastest ways.

    .. math:: C(v) = \sum_{s \ne v} \sum_{t \ne v} q_{st}\, \frac{\sigma_{st}(v)}{\sigma_{st}}

    with :math:`q_{st}` the demand from s to t, :math:`\sigma_{st}` the number of fastest routes and
    :math:`\sigma_{st}(v)` those through v (ends do not count) [1]_, summed over a tree at a time [2]_. Demand that
    cannot be met passes nowhere.

    Parameters
    ----------
    roads
        The links that can be driven.
    origins
        Node positions, shape (s,).
    demand
        From each origin to each node, any unit, shape (s, n).

    Returns
    -------
        Demand through each node, shape (n,), and over each link, shape (m,), in the unit of `demand`.

    References
    ----------
    .. [1] L. C. Freeman, "A set of measures of centrality based on betweenness", Sociometry 40(1), 1977.
    .. [2] U. Brandes, "On variants of shortest-path betweenness centrality and their generic computation",
       Social Networks 30(2), 2008.
    """
    weight = np.maximum(roads.weight, NO_TIME)
    graph = weighted(roads, weight)
    through, over = np.zeros(roads.node_count), np.zeros(roads.link_count)
    for origin, wanted in zip(np.asarray(origins).tolist(), demand, strict=True):
        hours = dijkstra(graph, indices=origin)
        tight = np.flatnonzero(np.isfinite(hours[roads.tail]) & (hours[roads.tail] + weight == hours[roads.head]))
        tight = tight[np.argsort(hours[roads.tail[tight]], kind="stable")]
        passing, carried = _accumulate(roads.tail[tight].tolist(), roads.head[tight].tolist(), origin, wanted.tolist())
        passing[origin] = 0.0
        through += np.array(passing)
        over[roads.link[tight]] += carried
    return through, over


def _accumulate(
    tails: list[int], heads: list[int], origin: int, wanted: list[float]
) -> tuple[list[float], list[float]]:
    """Return the demand through each node and over each link of the fastest routes from `origin`, nearest first."""
    ways = [0] * len(wanted)
    ways[origin] = 1
    for tail, head in zip(tails, heads, strict=True):
        ways[head] += ways[tail]
    through = [0.0] * len(wanted)
    carried = [0.0] * len(tails)
    for place in range(len(tails) - 1, -1, -1):
        tail, head = tails[place], heads[place]
        carried[place] = ways[tail] / ways[head] * (wanted[head] + through[head])
        through[tail] += carried[place]
    return through, carried
