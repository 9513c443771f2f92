"""How much can flow from some nodes to others, and the minimum cut: the links and nodes that bind."""

from dataclasses import dataclass
from math import floor, fsum, log10
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from corridor.network import Floats, Ints, Mask

__all__ = ["MinimumCut", "minimum_cut"]

MOST_GRAINS = 2**29
"""How many grains the flow is counted in at most: residual capacities are below twice that, and fit into 32 bits."""
FINEST = 300
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MinimumCut:
    """Hold how much can flow from sources to sinks in a network of n nodes and m links, and what binds.

    Attributes
    ----------
    value
        The maximum flow, which is the capacity of the minimum cut: the sum over `links` and `nodes`; `inf` where
        infinite links and nodes lead from a source to a sink.
    flow
        The flow over each link in one of the ways in which so much can flow, shape (m,), to the grain (see
        `minimum_cut`); nan where `value` is infinite.
    links
        The links (positions, in order) with capacity that lead out of the source side: all of them are full.
    nodes
        The nodes (positions, in order) whose own capacity binds.
    source_side
        The nodes that flow from a source still reaches with `links` and `nodes` closed, shape (n,): of all minimum
        cuts the one nearest the sources, whatever the flow. A node that binds is on neither side.
    sink_side
        The nodes from which flow still reaches a sink then, shape (n,).
    unique
        Whether no other links and nodes make up a cut as small.
    """

    value: float
    flow: Floats
    links: Ints
    nodes: Ints
    source_side: Mask
    sink_side: Mask
    unique: bool


def minimum_cut(
    tail: Ints, head: Ints, capacity: Floats, sources: Mask, sinks: Mask, *, node_capacity: Floats | None = None
) -> MinimumCut:
    """Return the maximum flow from `sources` to `sinks` and the minimum cut nearest the sources [1]_.

    Flow is counted in grains, the finest power of ten of which the flow is at most 2**29: capacities that are
    multiples of it (of 0.001 for flows up to 500,000) count exactly, others are rounded to it to find the cut, whose
    value is then summed from the capacities themselves. Any positive capacity counts at least one grain. The flow is
    found with Dinic's algorithm [2]_. The minimum cuts are the closed sets of the residual network [3]_, of which the
    least, and the least seen from the sinks, do not depend on the flow; where both cut the same, no other cut is as
    small.

    Parameters
    ----------
    tail, head
        The ends of each link (node positions), shape (m,). Parallel links add up and bind each by itself.
    capacity
        What each link can carry in its direction, shape (m,), 0 to `inf`.
    sources, sinks
        Where flow begins and ends, shape (n,): as much as can flow.
    node_capacity
        What can flow through each node, shape (n,), `inf` where that is any amount. What begins or ends at a node
        does not flow through it: that of a source or sink does not count.

    Raises
    ------
    ValueError
        If a node is both source and sink, or a capacity is negative or nan.

    References
    ----------
    .. [1] Ford, L. R. and Fulkerson, D. R. (1956). Maximal flow through a network. Canadian Journal of Mathematics 8.
    .. [2] Dinic, E. A. (1970). Algorithm for solution of a problem of maximum flow in networks with power estimation.
       Soviet Mathematics Doklady 11.
    .. [3] Picard, J.-C. and Queyranne, M. (1980). On the structure of all minimum cuts in a network and applications.
       Mathematical Programming Study 13.
    """
    through = np.full(sources.size, np.inf) if node_capacity is None else node_capacity
    if (sources & sinks).any():
        raise ValueError("a node cannot be both source and sink")
    if not (np.all(capacity >= 0) and np.all(through >= 0)):
        raise ValueError("a capacity cannot be negative or nan")
    if not (sources.any() and sinks.any()):
        return _nothing(capacity.size, sources, sinks)
    return _Split(tail, head, capacity, (sources, sinks), through).cut()


def _nothing(links: int, sources: Mask, sinks: Mask) -> MinimumCut:
    """Return the cut where there is no source or no sink: nothing flows, and nothing binds."""
    none = np.zeros(0, dtype=np.intp)
    return MinimumCut(
        value=0.0, flow=np.zeros(links), links=none, nodes=none, source_side=sources, sink_side=sinks, unique=True
    )


class _Arcs(NamedTuple):
    """Arcs without parallels: their ends and grains, shape (a,)."""

    tail: Ints
    head: Ints
    grains: Whole


class _Split:
    """A network as arcs: sources and sinks merged into one each, a node of finite capacity into two with an arc.

    `entry` and `exit` (n,) are where the links of a node come in and go out; arcs are those of the m links, then
    those of the nodes that are split.
    """

    def __init__(self, tail: Ints, head: Ints, capacity: Floats, ends: tuple[Mask, Mask], through: Floats) -> None:
        sources, sinks = ends
        self.links, count = capacity.size, sources.size
        self.split = np.flatnonzero(np.isfinite(through) & ~sources & ~sinks)
        self.count = count + self.split.size
        self.source, self.sink = (int(np.argmax(end)) for end in ends)
        self.entry = np.arange(count)
        self.entry[sources], self.entry[sinks] = self.source, self.sink
        self.exit = self.entry.copy()
        self.exit[self.split] = np.arange(count, self.count)
        self.tail = np.concatenate((self.exit[tail], self.entry[self.split]))
        self.head = np.concatenate((self.entry[head], self.exit[self.split]))
        self.capacity = np.concatenate((capacity, through[self.split]))
        self.used = (
            (self.capacity > 0)
            & (self.tail != self.head)
            & (self.head != self.source)
            & (self.tail != self.sink)
        )  # fmt: skip

    def cut(self) -> MinimumCut:
        """Return the maximum flow and the minimum cut."""
        endless = self.used & np.isinf(self.capacity)
        near = self._reached(self.tail[endless], self.head[endless], self.source)
        far = self._reached(self.head[endless], self.tail[endless], self.sink)
        if near[self.sink]:
            return self._endless(near, far)
        leaving, entering = (self._over(side) for side in (near, ~far))
        bound = min(fsum(self.capacity[leaving].tolist()), fsum(self.capacity[entering].tolist()))
        power = min(floor(log10(MOST_GRAINS / bound)), FINEST) if bound else 0
        grains = self._grains(bound, power)
        most = int(min(grains[leaving].sum(), grains[entering].sum())) + 1
        grains = np.minimum(grains, most)
        arcs, group = self._arcs(grains, most)
        flow = self._maximum_flow(arcs)
        back, free = flow > 0, flow < arcs.grains
        ahead = np.concatenate((arcs.tail[free], arcs.head[back]))
        behind = np.concatenate((arcs.head[free], arcs.tail[back]))
        near, far = self._reached(ahead, behind, self.source), self._reached(behind, ahead, self.sink)
        binding = self._over(near)
        whole = self.used & ~binding
        return MinimumCut(
            value=fsum(self.capacity[binding].tolist()),
            flow=np.minimum(self._shared(flow, grains, group) / 10.0**power, self.capacity)[: self.links],
            links=np.flatnonzero(binding[: self.links]),
            nodes=self.split[binding[self.links :]],
            source_side=near[self.exit],
            sink_side=self._reached(self.head[whole], self.tail[whole], self.sink)[self.entry],
            unique=bool(np.array_equal(binding, self._over(~far))),
        )

    def _endless(self, near: Mask, far: Mask) -> MinimumCut:
        none = np.zeros(0, dtype=np.intp)
        return MinimumCut(
            value=float("inf"), flow=np.full(self.links, np.nan), links=none, nodes=none,
            source_side=near[self.exit], sink_side=far[self.entry], unique=False,
        )  # fmt: skip

    def _grains(self, bound: float, power: int) -> Whole:
        """Return the capacity of each arc in grains of ``10**-power``; what is more than `bound` never binds."""
        counted = np.rint(np.minimum(self.capacity, 2 * bound) * 10.0**power)
        grains: Whole = np.where(self.used, np.maximum(counted, 1.0), 0.0).astype(np.int64)
        return grains

    def _arcs(self, grains: Whole, most: int) -> tuple[_Arcs, Ints]:
        """Return the arcs in use, parallels added up, and the number of each link's arc among them (m + split,)."""
        keys = self.tail[self.used] * self.count + self.head[self.used]
        known, number = np.unique(keys, return_inverse=True)
        group = np.full(self.used.size, -1, dtype=np.intp)
        group[self.used] = number
        total = np.zeros(known.size, dtype=np.int64)
        np.add.at(total, number, grains[self.used])
        return _Arcs(known // self.count, known % self.count, np.minimum(total, most)), group

    def _maximum_flow(self, arcs: _Arcs) -> Whole:
        """Return the flow over each arc in grains, less what flows back over its counterpart (less than 0 there)."""
        row = np.searchsorted(arcs.tail, np.arange(self.count + 1))
        graph = csr_array((arcs.grains.astype(np.int32), arcs.head, row), shape=(self.count, self.count))
        found = maximum_flow(graph, self.source, self.sink).flow
        # It holds the counterpart of each arc too, so that an arc stands elsewhere in it.
        tails = np.repeat(np.arange(self.count), np.diff(found.indptr))
        keys = tails * self.count + found.indices
        order = np.argsort(keys)
        place = np.searchsorted(keys, arcs.tail * self.count + arcs.head, sorter=order)
        flow: Whole = found.data[order[place]].astype(np.int64)
        return flow

    def _shared(self, flow: Whole, grains: Whole, group: Ints) -> Whole:
        """Return the flow over each of several parallel links (m + split,): the first is filled before the second."""
        order = np.argsort(group, kind="stable")
        order = order[group[order] >= 0]
        before = np.cumsum(grains[order]) - grains[order]
        first = np.searchsorted(group[order], group[order])
        shared = np.zeros(grains.size, dtype=np.int64)
        shared[order] = np.clip(flow[group[order]] - (before - before[first]), 0, grains[order])
        return shared

    def _over(self, side: Mask) -> Mask:
        """Return the arcs in use that lead out of a set of nodes."""
        leaving: Mask = self.used & side[self.tail] & ~side[self.head]
        return leaving

    def _reached(self, tail: Ints, head: Ints, start: int) -> Mask:
        """Return the nodes to which arcs lead from one of them, which is among them."""
        reached = np.zeros(self.count, dtype=np.bool_)
        reached[start] = True
        if not tail.size:
            return reached
        graph = csr_array((np.ones(tail.size, dtype=np.int8), (tail, head)), shape=(self.count, self.count))
        reached[breadth_first_order(graph, start, return_predecessors=False)] = True
        return reached
