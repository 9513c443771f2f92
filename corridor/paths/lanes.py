"""The links that can be driven in the order in which searches want them, and the trees of fastest routes over them."""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from corridor.network import Floats, Ints, Mask
from corridor.paths.roads import Directed

__all__ = ["Lanes", "spans"]


class Lanes:
    """Hold the links that count when roads are removed: of the links of one road from node to node, the fastest.

    Parallel links of different roads all count: without the fastest the next one is driven. A link of infinite hours
    is no link, and one that ends where it starts leads nowhere.

    Parameters
    ----------
    network
        The network, n nodes and m links.
    links
        The links that can be driven, shape (m,).
    group
        The number of the road of each link, shape (m,); -1: it is never removed.

    Attributes
    ----------
    tail, head, hours, group
        The e lanes in the order of their ends and, of parallel ones, the fastest first; each of shape (e,).
    into, into_start
        The lanes that lead into node v are ``into[into_start[v]:into_start[v + 1]]``.
    simple
        Whether all lanes of a road join the same two nodes, shape (g + 1,); the last value, for -1, is True.
    joints
        The nodes of the roads that are not simple.
    symmetric
        Whether every lane has an equally long one of the same road back.
    node_count, group_count
        The numbers of nodes and of roads, n and g.
    """

    def __init__(self, network: Directed, links: Mask, group: Ints) -> None:
        use = np.flatnonzero(links & np.isfinite(network.hours) & (network.tail != network.head))
        tail, head, hours, road = network.tail[use], network.head[use], network.hours[use], group[use]
        order = np.lexsort((hours, road, head, tail))
        tail, head, hours, road = tail[order], head[order], hours[order], road[order]
        first = np.ones(order.size, dtype=np.bool_)
        first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1]) | (road[1:] != road[:-1])
        tail, head, hours, road = tail[first], head[first], hours[first], road[first]
        self.symmetric: bool = _are_symmetric(tail, head, hours, road)
        order = np.lexsort((hours, head, tail))
        self.tail: Ints = tail[order]
        self.head: Ints = head[order]
        self.hours: Floats = hours[order]
        self.group: Ints = road[order]
        self.node_count, self.group_count = network.node_count, int(group.max(initial=-1)) + 1
        self.into: Ints = np.argsort(self.head, kind="stable")
        self.into_start: Ints = np.searchsorted(self.head[self.into], np.arange(self.node_count + 1))
        self.simple: Mask = self._are_simple()
        scattered = ~self.simple[self.group]
        self.joints: Ints = np.unique(np.append(self.tail[scattered], self.head[scattered]))
        key = self.tail * self.node_count + self.head
        self._fastest: Ints = np.flatnonzero(np.diff(key, prepend=-1))
        self._key: Ints = key[self._fastest]

    def trees(self, ends: Ints, *, back: bool = False) -> tuple[Floats, Ints]:
        """Return the tree of fastest routes from each of s ends or, `back`, to it.

        Returns
        -------
            The hours from the end to every node (or from every node to the end), `inf` where there is no way, and the
            node before (or after) each on its way, negative where there is none; both of shape (s, n).
        """
        fastest, size = self._fastest, self.node_count
        starts = np.searchsorted(self.tail[fastest], np.arange(size + 1))
        graph: csr_array[np.float64, tuple[int, int]]
        graph = csr_array((self.hours[fastest], self.head[fastest], starts), shape=(size, size))
        if back:
            graph = graph.T.tocsr()
        hours, before = dijkstra(graph, indices=ends, return_predecessors=True)
        return hours, before.astype(np.intp)

    def between(self, tail: Ints, head: Ints) -> Ints:
        """Return the fastest lane from each tail to its head, by position; each pair must have one."""
        return self._fastest[np.searchsorted(self._key, tail * self.node_count + head)]

    def _are_simple(self) -> Mask:
        low, high = np.minimum(self.tail, self.head), np.maximum(self.tail, self.head)
        simple = np.ones(self.group_count + 1, dtype=np.bool_)
        order = np.argsort(self.group, kind="stable")
        road, low, high = self.group[order], low[order], high[order]
        other = (road[1:] == road[:-1]) & ((low[1:] != low[:-1]) | (high[1:] != high[:-1])) & (road[1:] >= 0)
        simple[road[1:][other]] = False
        return simple


def _are_symmetric(tail: Ints, head: Ints, hours: Floats, road: Ints) -> bool:
    """Return whether lanes in the order of tail, head and road, no two alike in them, are as long both ways."""
    back = np.lexsort((road, tail, head))
    return (
        np.array_equal(tail, head[back])
        and np.array_equal(head, tail[back])
        and np.array_equal(road, road[back])
        and np.array_equal(hours, hours[back])
    )


def spans(start: Ints, stop: Ints) -> tuple[Ints, Ints]:
    """Return the whole numbers of several ranges one after another, and before them the range each is of."""
    size = stop - start
    each = np.repeat(np.arange(size.size), size)
    shift = start - (np.cumsum(size) - size)
    return each, np.arange(each.size) + shift[each]
