"""Where one can drive over a set of links, how fast and by which way: components, travel times, routes, betweenness."""

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from corridor.network import Floats, Ints, Network

__all__ = ["Chart", "Roads", "betweenness", "components", "efficiency"]

Mask = NDArray[np.bool_]

NO_TIME = 1e-9
"""Hours that a link of no length counts for where routes must have an order."""


def components(network: Network, nodes: Mask, links: Mask) -> Ints:
    """Label the connected parts of `nodes` joined by `links`, whichever way a link runs.

    Parameters
    ----------
    network
        The network, n nodes and m links.
    nodes
        The nodes that take part, shape (n,).
    links
        The links that join them, shape (m,); one with an end outside `nodes` joins nothing.

    Returns
    -------
        The number of each node's component, shape (n,), counted from 0 in the order of their first nodes; -1 outside.
    """
    use = links & nodes[network.tail] & nodes[network.head]
    tail, head = network.tail[use], network.head[use]
    joined = csr_array((np.ones(tail.size, dtype=np.int8), (tail, head)), shape=(nodes.size, nodes.size))
    _, found = connected_components(joined, directed=False)
    labels = np.full(nodes.size, -1, dtype=np.intp)
    _, first, number = np.unique(found[nodes], return_index=True, return_inverse=True)
    labels[nodes] = np.argsort(np.argsort(first))[number]
    return labels


class _Directed(Protocol):
    """What is asked of a network: links by position, their ends and hours."""

    @property
    def tail(self) -> Ints: ...
    @property
    def head(self) -> Ints: ...
    @property
    def hours(self) -> Floats: ...
    @property
    def node_count(self) -> int: ...
    @property
    def link_count(self) -> int: ...


class Chart:
    """Know what is the same whichever links of a network can be driven: their order, and which lead into a node.

    Parameters
    ----------
    network
        The network, n nodes and m links.
    hours
        Travel time of each link, shape (m,), not negative; by default the network's free-flow truck hours. A link of
        infinite hours is no link.

    Attributes
    ----------
    order
        The links in the order of their ends and, of parallel ones, the fastest first; positions.
    into
        Of each node the links that lead into it, by position: position, tail and hours.
    """

    __slots__ = ("head", "hours", "into", "link_count", "node_count", "order", "tail")

    def __init__(self, network: _Directed, *, hours: Floats | None = None) -> None:
        self.tail, self.head = network.tail, network.head
        self.node_count, self.link_count = network.node_count, network.link_count
        self.hours: Floats = network.hours if hours is None else hours
        use = np.flatnonzero(np.isfinite(self.hours))
        # csr_array would add parallel links up.
        self.order: Ints = use[np.lexsort((self.hours[use], self.head[use], self.tail[use]))]
        self.into: list[list[tuple[int, int, float]]] = [[] for _ in range(self.node_count)]
        for link, tail, head, time in zip(
            use.tolist(), self.tail[use].tolist(), self.head[use].tolist(), self.hours[use].tolist(), strict=True
        ):
            self.into[head].append((link, tail, time))


class Roads:
    """Answer questions about driving over a fixed set of links, each tree of fastest routes computed once.

    Of parallel links the fastest counts (of equals, the first); a link of infinite hours is no link, one of zero
    hours is. The order of equal routes is fixed: into every node, the first link of the network that is on a fastest
    route to it and takes time.

    Parameters
    ----------
    network
        The network, n nodes and m links, or its chart, which is made here if it is not given.
    links
        The links that can be driven, shape (m,).

    Attributes
    ----------
    link, tail, head, weight
        The e links that count, in the order of their ends: position, ends and hours, each of shape (e,).
    node_count, link_count
        The numbers of the network's nodes and links, n and m.
    """

    __slots__ = (
        "_chart",
        "_graph",
        "_hours",
        "_open",
        "_trees",
        "head",
        "link",
        "link_count",
        "node_count",
        "tail",
        "weight",
    )

    def __init__(self, network: "_Directed | Chart", links: Mask) -> None:
        chart = self._chart = network if isinstance(network, Chart) else Chart(network)
        order = chart.order[links[chart.order]]
        tail, head = chart.tail[order], chart.head[order]
        fastest = np.ones(order.size, dtype=np.bool_)
        fastest[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
        self.link: Ints = order[fastest]
        self.tail: Ints = tail[fastest]
        self.head: Ints = head[fastest]
        self.weight: Floats = chart.hours[self.link]
        self.node_count, self.link_count = chart.node_count, chart.link_count
        self._graph = _graph(self, self.weight)
        self._open = links.tobytes()
        self._trees: dict[int, tuple[Floats, Ints]] = {}
        self._hours: dict[int, list[float]] = {}

    def hours(self, origins: Sequence[int] | Ints) -> Floats:
        """Return the travel time from each of s `origins` to every node, hours, shape (s, n); `inf`: no way."""
        wanted = np.asarray(origins, dtype=np.intp).tolist()
        self.prepare(wanted)
        return np.array([self._trees[origin][0] for origin in wanted]).reshape(len(wanted), self.node_count)

    def route(self, origin: int, destination: int) -> tuple[int, ...] | None:
        """Return the links of the fastest way from `origin` to `destination`, in order; None if there is no way."""
        hours = self._hours.get(origin)
        if hours is None:
            self.prepare((origin,))
            hours = self._hours[origin] = self._trees[origin][0].tolist()
        if hours[destination] == np.inf:
            return None
        links = []
        at = destination
        while at != origin:
            link, at = self._way_into(at, hours, origin)
            links.append(link)
        links.reverse()
        return tuple(links)

    def _way_into(self, node: int, hours: list[float], origin: int) -> tuple[int, int]:
        """Return the link by which the fastest route from `origin` enters a node, and the link's tail."""
        due, is_open = hours[node], self._open
        for link, tail, time in self._chart.into[node]:
            if hours[tail] + time == due and hours[tail] < due and is_open[link]:
                return link, tail
        # A link that takes no time is left to the tree: preferring it could close a circle.
        before = int(self._trees[origin][1][node])
        _, link = min((time, link) for link, tail, time in self._chart.into[node] if tail == before and is_open[link])
        return link, before

    def nearest(self, origins: Sequence[int] | Ints) -> tuple[Ints, Floats]:
        """Return which of `origins` (node positions) each node is reached from soonest, and the hours, both (n,).

        These are the cells of the network Voronoi diagram [1]_. Where no origin leads, -1 and `inf`.

        References
        ----------
        .. [1] M. Erwig, "The graph Voronoi diagram with applications", Networks 36(3), 2000.
        """
        starts = np.unique(np.asarray(origins, dtype=np.intp))
        if not starts.size:
            return np.full(self.node_count, -1, dtype=np.intp), np.full(self.node_count, np.inf)
        hours, _, owner = dijkstra(self._graph, indices=starts, min_only=True, return_predecessors=True)
        return np.where(np.isfinite(hours), owner, -1).astype(np.intp), hours

    def prepare(self, origins: Iterable[int]) -> None:
        """Compute the trees of fastest routes from those `origins` that have none yet, all at once."""
        missing = sorted(set(origins) - self._trees.keys())
        if missing:
            hours, before = dijkstra(self._graph, indices=missing, return_predecessors=True)
            self._trees.update((origin, (hours[row], before[row])) for row, origin in enumerate(missing))


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
    graph = _graph(roads, weight)
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


def _graph(roads: Roads, weight: Floats) -> "csr_array[np.float64, tuple[int, int]]":
    """Return the links that count as a matrix of hours."""
    starts = np.searchsorted(roads.tail, np.arange(roads.node_count + 1))
    return csr_array((weight, roads.head, starts), shape=(roads.node_count, roads.node_count), dtype=np.float64)


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


def efficiency(hours: Floats, ideal: Floats, persons: Floats) -> float:
    r"""Return how well people reach each other, against how well they could: 1 as well as can be, 0 not at all.

    .. math:: E = \frac{\sum_{i \ne j} p_i p_j\, t^*_{ij} / t_{ij}}{\sum_{i \ne j} p_i p_j}

    This is the global efficiency of Latora and Marchiori [1]_, the mean of :math:`1/t_{ij}` over all pairs, with each
    pair taken relative to its ideal :math:`1/t^*_{ij}` and weighted by the demand between its ends, for which the
    product of the people stands. A pair without a way counts 0, one without an ideal way is left out.

    Parameters
    ----------
    hours
        Travel time between p places, shape (p, p); `inf` where there is no way.
    ideal
        The same if every road were open, shape (p, p), nowhere longer.
    persons
        The people of each place, shape (p,).

    Returns
    -------
        The efficiency; nan where no two places have people.

    References
    ----------
    .. [1] V. Latora, M. Marchiori, "Efficient behavior of small-world networks", Phys. Rev. Lett. 87, 198701, 2001.
    """
    possible = np.isfinite(ideal)
    pairs = np.outer(persons, persons) * possible
    np.fill_diagonal(pairs, 0.0)
    total = pairs.sum()
    if total == 0:
        return float("nan")
    ratio = np.ones_like(hours)
    np.divide(ideal, hours, out=ratio, where=possible & (hours > 0))
    return float((pairs * ratio).sum() / total)
