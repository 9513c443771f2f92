"""How fast and by which way one can drive over a set of links: travel times, routes, the nearest of several origins."""

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from corridor.network import Floats, Ints, Mask

__all__ = ["Chart", "Directed", "Roads", "weighted"]


class Directed(Protocol):
    """What is asked of a network: links by position, their ends and hours."""

    @property
    def tail(self) -> Ints:
        """Return where each link starts, node positions, shape (m,)."""

    @property
    def head(self) -> Ints:
        """Return where each link ends, node positions, shape (m,)."""

    @property
    def hours(self) -> Floats:
        """Return the travel time of each link, not negative; `inf`: no link, shape (m,)."""

    @property
    def node_count(self) -> int:
        """Return the number of nodes, n."""

    @property
    def link_count(self) -> int:
        """Return the number of links, m."""


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
    """

    __slots__ = ("_into", "head", "hours", "link_count", "node_count", "order", "tail")

    def __init__(self, network: Directed, *, hours: Floats | None = None) -> None:
        self.tail, self.head = network.tail, network.head
        self.node_count, self.link_count = network.node_count, network.link_count
        self.hours: Floats = network.hours if hours is None else hours
        use = np.flatnonzero(np.isfinite(self.hours))
        # csr_array would add parallel links up.
        self.order: Ints = use[np.lexsort((self.hours[use], self.head[use], self.tail[use]))]
        self._into: list[list[tuple[int, int, float]]] = []

    @property
    def into(self) -> list[list[tuple[int, int, float]]]:
        """Return the links that lead into each node (position, tail, hours), put together when first asked for."""
        if not self._into and self.node_count:
            use = np.sort(self.order)
            self._into = [[] for _ in range(self.node_count)]
            for link, tail, head, time in zip(
                use.tolist(), self.tail[use].tolist(), self.head[use].tolist(), self.hours[use].tolist(), strict=True
            ):
                self._into[head].append((link, tail, time))
        return self._into


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

    def __init__(self, network: Directed | Chart, links: Mask) -> None:
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
        self._graph = weighted(self, self.weight)
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


def weighted(roads: Roads, weight: Floats) -> "csr_array[np.float64, tuple[int, int]]":
    """Return the links that count as a matrix of hours."""
    starts = np.searchsorted(roads.tail, np.arange(roads.node_count + 1))
    return csr_array((weight, roads.head, starts), shape=(roads.node_count, roads.node_count), dtype=np.float64)
