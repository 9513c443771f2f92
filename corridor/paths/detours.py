"""How long the fastest ways from one origin are without a road or a node that they use."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from corridor.network import Floats, Ints, Mask
from corridor.paths.lanes import Lanes, spans
from corridor.paths.trunk import Trunk

__all__ = ["CELLS", "Crossings", "Detours", "hours_without"]


CELLS = 1 << 20
"""How many numbers a table may have that is made for several ends or removals at once."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Detours:
    """Hold, for each of d ways that lose a lane: which end it leads to, the lane lost, and how long it is without.

    `end` tells which of the ends, `number` the trunk node into which the lost lane leads, `hours` the length of the
    shortest crossing and `lane` the lane by which it crosses (`inf` and -1: there is none); all of shape (d,).
    """

    end: Ints
    number: Ints
    hours: Floats
    lane: Ints


class Crossings:
    """Know the lanes by which ways from one origin can pass round a lane of its trunk.

    Parameters
    ----------
    lanes
        All lanes, between n nodes.
    trunk
        The trunk from the origin.
    hours
        From the origin to every node, shape (n,).
    """

    def __init__(self, lanes: Lanes, trunk: Trunk, hours: Floats) -> None:
        low, high = trunk.top[lanes.tail], trunk.top[lanes.head]
        across = (low != high) & (low >= 0)
        across[trunk.lane[1:]] = False
        self.trunk = trunk
        self.lane: Ints = np.flatnonzero(across)
        self.low: Ints = low[self.lane]
        self.high: Ints = high[self.lane]
        self.head: Ints = lanes.head[self.lane]
        self.hours: Floats = hours[lanes.tail[self.lane]] + lanes.hours[self.lane]

    def detours(self, ends: Ints, onward: Floats, rows: Ints) -> Detours:
        r"""Return the shortest crossing round every lane on the ways to r ends.

        Let the nodes on the way from s to t be :math:`p_0, \ldots, p_k`, and the label :math:`l` of a node the place in
        this row of the last of them on its own way from s. Without the lane into :math:`p_i` every way to t enters the
        nodes of label i and more by another lane (u, v), and the first to do so leads to

        .. math:: \min_{l(u) < i \le l(v)} d(s, u) + c(u, v) + d(v, t).

        Nothing is shorter than this, and it is reached where the way from v to t does without what is lost: always, if
        every road is as long both ways [1]_ [2]_.

        Parameters
        ----------
        ends
            The numbers of the ends in the trunk, shape (r,).
        onward
            The hours from every node to each of some ends, shape (e, n).
        rows
            The row of `onward` of each end, shape (r,).

        References
        ----------
        .. [1] K. Malik, A. K. Mittal, S. K. Gupta, "The k most vital arcs in the shortest path problem", Operations
           Research Letters 8(4), 1989.
        .. [2] J. Hershberger, S. Suri, "Vickrey prices and shortest paths: what is an edge worth?", FOCS 2001.
        """
        step = max(1, CELLS // max(1, self.lane.size, self.trunk.node.size))
        none = np.zeros(0, dtype=np.intp)
        found = [Detours(end=none, number=none, hours=np.zeros(0), lane=none)]
        for first in range(0, ends.size, step):
            some = slice(first, first + step)
            part = self._detours(ends[some], onward, rows[some])
            found.append(replace(part, end=part.end + first))
        columns = ("end", "number", "hours", "lane")
        return Detours(**{name: np.concatenate([getattr(part, name) for part in found]) for name in columns})

    def _detours(self, ends: Ints, onward: Floats, rows: Ints) -> Detours:
        above = self.trunk.above(ends)
        row, number = np.nonzero(above[:, 1:])
        number += 1
        label = self._labels(above, row, number)
        low, high = label[:, self.low], label[:, self.high]
        at, which = np.nonzero(low < high)
        hours = self.hours[which] + onward[rows[at], self.head[which]]
        order = np.argsort(hours, kind="stable")
        order = order[: np.searchsorted(hours[order], np.inf)]
        at, which = at[order], which[order]
        place = np.searchsorted(row, np.arange(ends.size))[at]
        best = _least(place + low[at, which], place + high[at, which], size=row.size)
        lane, offered = np.append(self.lane[which], -1), np.append(hours[order], np.inf)
        return Detours(end=row, number=number, hours=offered[best], lane=lane[best])

    def _labels(self, above: Mask, row: Ints, number: Ints) -> NDArray[np.int32]:
        """Return how far on the way to each end the way to each trunk node goes along, in nodes, shape (r, u)."""
        steps = np.zeros((above.shape[0], above.shape[1] + 1), dtype=np.int32)
        steps[:, :-1] = above
        np.subtract.at(steps, (row, self.trunk.last[number] + 1), 1)
        label: NDArray[np.int32] = np.cumsum(steps[:, :-1], axis=1, dtype=np.int32)
        label -= 1
        return label


def _least(start: Ints, stop: Ints, *, size: int) -> Ints:
    """Return of each of `size` places which is the first of the ranges that hold it; their number where none does.

    A range is two that may overlap, each as long as the greatest power of two within it; and from the longest to the
    shortest every range hands what it holds on to its halves.
    """
    level = np.frexp(stop - start)[1].astype(np.intp) - 1
    table = np.full((int(level.max(initial=0)) + 1, size), start.size, dtype=np.intp)
    number = np.arange(start.size)
    np.minimum.at(table.reshape(-1), level * size + start, number)
    np.minimum.at(table.reshape(-1), level * size + stop - (1 << level), number)
    for upper in range(len(table) - 1, 0, -1):
        half = 1 << (upper - 1)
        lower = table[upper - 1]
        np.minimum(lower, table[upper], out=lower)
        np.minimum(lower[half:], table[upper][:-half], out=lower[half:])
    least: Ints = table[0]
    return least


def hours_without(
    lanes: Lanes, trunk: Trunk, hours: Floats, cut: tuple[Ints, Ints], *, roads: Ints | None = None
) -> Floats:
    """Return the hours from one origin to every node without each of c roads or nodes, all in one search.

    What is not below the thing removed keeps its way. So the search starts from the lanes that lead in from there and
    passes only nodes below, of which each removal has copies of its own.

    Parameters
    ----------
    lanes
        All lanes, between n nodes.
    trunk
        A trunk from the origin that holds all of the tree's lanes of each road, or each node removed.
    hours
        From the origin to every node with nothing removed, shape (n,).
    cut
        Which of the c removals, and the number of a trunk node: the removal takes the lane into it or the node
        itself.
    roads
        The road that is removed, shape (c,); by default the removals are of the nodes of `cut`, one each.

    Returns
    -------
        The hours to each node, shape (c, n); `inf`: there is no way.
    """
    removal, number = cut
    which, node = trunk.below(number)
    which = removal[which]
    count = int(removal.max(initial=-1)) + 1 if roads is None else roads.size
    found = np.tile(hours, (count, 1))
    if roads is None:
        found[removal, trunk.node[number]] = np.inf
        inner = found[which, node] < np.inf
        which, node = which[inner], node[inner]
    copy = np.full((count, lanes.node_count), -1, dtype=np.intp)
    copy[which, node] = np.arange(node.size)
    to, entry = spans(lanes.into_start[node], lanes.into_start[node + 1])
    lane = lanes.into[entry]
    if roads is not None:
        kept = lanes.group[lane] != roads[which[to]]
        to, lane = to[kept], lane[kept]
    start = copy[which[to], lanes.tail[lane]]
    inside = start >= 0
    entering = np.full(node.size, np.inf)
    outer = ~inside
    np.minimum.at(entering, to[outer], found[which[to[outer]], lanes.tail[lane[outer]]] + lanes.hours[lane[outer]])
    reached = _spread(entering, start[inside], to[inside], lanes.hours[lane[inside]])
    found[which, node] = reached[copy[which, node]]
    return found


def _spread(entering: Floats, tail: Ints, head: Ints, hours: Floats) -> Floats:
    """Return the hours to each of b nodes that is entered after so many hours, or reached over links from another."""
    entered = np.flatnonzero(np.isfinite(entering))
    order = np.argsort(tail, kind="stable")
    # The node after the last one is where everything starts. csr_array would add parallel links up if it were asked
    # to order them.
    size = entering.size + 1
    starts = np.append(np.searchsorted(tail[order], np.arange(size)), tail.size + entered.size)
    graph = csr_array(
        (np.append(hours[order], entering[entered]), np.append(head[order], entered), starts), shape=(size, size)
    )
    found: Floats = dijkstra(graph, indices=[size - 1])[0, :-1]
    return found
