"""How much can flow from some nodes to others, and the minimum cut: the links and nodes that bind."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import fsum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from corridor.network import Floats, Ints, Mask

__all__ = ["FlowProblem", "MinimumCut", "minimum_cut", "minimum_cuts"]

MOST_GRAINS = 2**29
"""How many grains the flow is counted in at most: residual capacities are below twice that, and fit into 32 bits."""
FINEST = 300
MOST_LINKS = 100_000
"""How many links of problems are solved together at most."""
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FlowProblem:
    """Ask how much can flow from `sources` to `sinks` in a network: the parameters of `minimum_cut`."""

    tail: Ints
    head: Ints
    capacity: Floats
    sources: Mask
    sinks: Mask
    node_capacity: Floats | None = None


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
    (found,) = minimum_cuts(
        [
            FlowProblem(
                tail=tail, head=head, capacity=capacity, sources=sources, sinks=sinks, node_capacity=node_capacity
            )
        ]
    )
    return found


def minimum_cuts(problems: Sequence[FlowProblem]) -> tuple[MinimumCut, ...]:
    """Return `minimum_cut` of each of several problems, small ones solved together as one network of many parts.

    Raises
    ------
    ValueError
        As `minimum_cut`.
    """
    for problem in problems:
        if (problem.sources & problem.sinks).any():
            raise ValueError("a node cannot be both source and sink")
        capacities = (problem.capacity, *([] if problem.node_capacity is None else [problem.node_capacity]))
        if not all(np.all(values >= 0) for values in capacities):
            raise ValueError("a capacity cannot be negative or nan")
    found: list[MinimumCut] = []
    while len(found) < len(problems):
        links = np.cumsum([problem.capacity.size for problem in problems[len(found) :]])
        count = max(1, int(np.searchsorted(links, MOST_LINKS, side="right")))
        found += _Parts(problems[len(found) : len(found) + count]).cuts()
    return tuple(found)


class _Arcs(NamedTuple):
    """Arcs without parallels: their ends and grains, shape (a,)."""

    tail: Ints
    head: Ints
    grains: Whole


class _Parts:
    """Several problems as one network of as many parts, whose sources and sinks are merged into one each per part.

    A node of finite capacity is two with an arc between them: links come in at its `entry` and go out at its `exit`.
    The nodes are those of the problems one after another, then the exits of those that are two, `count` in all;
    likewise the arcs. `part` says to which problem an arc belongs. A part without sources or sinks has no arc in use.
    """

    def __init__(self, problems: Sequence[FlowProblem]) -> None:
        self.problems = problems
        self.nodes, self.links = (
            np.cumsum([0, *(getattr(problem, name).size for problem in problems)]) for name in ("sources", "capacity")
        )
        sources, sinks, through = (np.concatenate(columns) for columns in zip(*map(_ends, problems), strict=True))
        self.split = np.flatnonzero(np.isfinite(through) & ~sources & ~sinks)
        count = int(self.nodes[-1])
        self.count = count + self.split.size
        of_node = np.repeat(np.arange(len(problems)), np.diff(self.nodes))
        of_link = np.repeat(np.arange(len(problems)), np.diff(self.links))
        self.part = np.concatenate((of_link, of_node[self.split]))
        self.entry = np.arange(count)
        self.source, self.sink = (self._merged(end, of_node) for end in (sources, sinks))
        self.exit = self.entry.copy()
        self.exit[self.split] = np.arange(count, self.count)
        tail, head = (
            np.concatenate([getattr(one, name) + first for one, first in zip(problems, self.nodes, strict=False)])
            for name in ("tail", "head")
        )
        self.tail = np.concatenate((self.exit[tail], self.entry[self.split]))
        self.head = np.concatenate((self.entry[head], self.exit[self.split]))
        self.capacity = np.concatenate((*(problem.capacity for problem in problems), through[self.split]))
        self.posed = (self.source >= 0) & (self.sink >= 0)
        self.used = (
            (self.capacity > 0)
            & (self.tail != self.head)
            & (self.head != self.source[self.part])
            & (self.tail != self.sink[self.part])
            & self.posed[self.part]
        )

    def _merged(self, ends: Mask, of_node: Ints) -> Ints:
        """Return the one node that stands for all ends of each part from now on, -1 where there is none."""
        first = np.full(len(self.problems), -1, dtype=np.intp)
        nodes = np.flatnonzero(ends)
        first[of_node[nodes[::-1]]] = nodes[::-1]
        self.entry[nodes] = first[of_node[nodes]]
        return first

    def cuts(self) -> Iterator[MinimumCut]:
        """Give the maximum flow and the minimum cut of each part."""
        near, far = self._sides(self.used & np.isinf(self.capacity))
        endless = self.posed & near[self.sink]
        self.used &= ~endless[self.part]
        grains, scale, most = self._grains(near, far)
        arcs, group = self._arcs(grains, most)
        flow = self._maximum_flow(arcs, most)
        back, free = flow > 0, flow < arcs.grains
        least, last = self._reached(
            np.concatenate((arcs.tail[free], arcs.head[back])), np.concatenate((arcs.head[free], arcs.tail[back]))
        )
        binding = self._over(least)
        others = np.bincount(self.part[binding != self._over(~last)], minlength=endless.size) > 0
        if others.any():
            _, last = self._sides(self.used & ~binding)
        carried = np.minimum(self._shared(flow, grains, group) / scale[self.part], self.capacity)
        for part, without_end in enumerate(endless.tolist()):
            if without_end:
                yield self._told(part, near, far, np.full(self.part.size, np.nan), binding)
            else:
                yield self._told(part, least, last, carried, binding, unique=not others[part])

    def _told(
        self, part: int, near: Mask, far: Mask, flow: Floats, binding: Mask, *, unique: bool | None = None
    ) -> MinimumCut:
        """Return what was found of one part: `unique` None where its flow has no end."""
        nodes, links = (slice(bounds[part], bounds[part + 1]) for bounds in (self.nodes, self.links))
        first, after = np.searchsorted(self.split, self.nodes[part : part + 2]) + self.links[-1]
        over = np.flatnonzero(binding[links])
        through = np.flatnonzero(binding[first:after])
        full = (*self.capacity[links][over].tolist(), *self.capacity[first:after][through].tolist())
        problem = self.problems[part]
        posed = bool(self.posed[part])
        return MinimumCut(
            value=float("inf") if unique is None else fsum(full),
            flow=flow[links],
            links=over,
            nodes=self.split[first - self.links[-1] + through] - self.nodes[part],
            source_side=near[self.exit[nodes]] if posed else problem.sources,
            sink_side=far[self.entry[nodes]] if posed else problem.sinks,
            unique=bool(unique),
        )

    def _grains(self, near: Mask, far: Mask) -> tuple[Whole, Floats, Whole]:
        """Return the capacity of each arc in grains, the grains of a unit and one more than the most flow by part.

        What lies inside `near` and `far` has no end. What is more than can flow never binds, and counts one grain more.
        """
        cuts = [self._over(near), self._over(~far)]
        bound = np.minimum(*(np.bincount(self.part[over], self.capacity[over], self.posed.size) for over in cuts))
        power = np.floor(np.log10(MOST_GRAINS / np.where(bound > 0, bound, MOST_GRAINS)))
        scale = 10.0 ** np.minimum(power, FINEST)
        counted = np.rint(np.minimum(self.capacity, 2 * bound[self.part]) * scale[self.part])
        grains = np.where(self.used, np.maximum(counted, 1.0), 0.0)
        most = np.minimum(*(np.bincount(self.part[over], grains[over], self.posed.size) for over in cuts)) + 1
        return np.minimum(grains, most[self.part]).astype(np.int64), scale, most.astype(np.int64)

    def _arcs(self, grains: Whole, most: Whole) -> tuple[_Arcs, Ints]:
        """Return the arcs in use, parallels added up, and the number of the one that each of all belongs to, or -1."""
        keys = self.tail[self.used] * self.count + self.head[self.used]
        known, first, number = np.unique(keys, return_index=True, return_inverse=True)
        group = np.full(self.used.size, -1, dtype=np.intp)
        group[self.used] = number
        total = np.zeros(known.size, dtype=np.int64)
        np.add.at(total, number, grains[self.used])
        limit = most[self.part[self.used][first]]
        return _Arcs(known // self.count, known % self.count, np.minimum(total, limit)), group

    def _maximum_flow(self, arcs: _Arcs, most: Whole) -> Whole:
        """Return the flow over each arc in grains, less what flows back over its counterpart (less than 0 there)."""
        before, after = self.count, self.count + 1
        size = self.count + 2
        starts, stops, limits = self.source[self.posed], self.sink[self.posed], most[self.posed]
        ends = np.concatenate((arcs.tail, np.full(starts.size, before), stops))
        others = np.concatenate((arcs.head, starts, np.full(stops.size, after)))
        room = np.concatenate((arcs.grains, limits, limits)).astype(np.int32)
        found = maximum_flow(csr_array((room, (ends, others)), shape=(size, size)), before, after).flow
        # It holds the counterpart of each arc too, so that an arc stands elsewhere in it.
        found.sort_indices()
        tails = np.repeat(np.arange(size), np.diff(found.indptr))
        place = np.searchsorted(tails * size + found.indices, arcs.tail * size + arcs.head)
        flow: Whole = found.data[place].astype(np.int64)
        return flow

    def _shared(self, flow: Whole, grains: Whole, group: Ints) -> Whole:
        """Return the flow over each arc with its parallels apart: the first is filled before the second."""
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

    def _sides(self, chosen: Mask) -> tuple[Mask, Mask]:
        """Return the nodes to which some arcs lead from a source, and those from which they lead to a sink."""
        return self._reached(self.tail[chosen], self.head[chosen])

    def _reached(self, tail: Ints, head: Ints) -> tuple[Mask, Mask]:
        """Return the nodes that can be reached from a source, and those from which a sink can, both shape (count,).

        Both are searched at once, in two copies of the graph side by side, one turned round.
        """
        starts = np.concatenate((self.source[self.posed], self.sink[self.posed] + self.count))
        reached = np.zeros(2 * self.count + 1, dtype=np.bool_)
        reached[starts] = True
        if tail.size:
            root = 2 * self.count
            ends = np.concatenate((tail, head + self.count, np.full(starts.size, root)))
            others = np.concatenate((head, tail + self.count, starts))
            graph = csr_array((np.ones(ends.size), (ends, others)), shape=(root + 1, root + 1))
            reached[breadth_first_order(graph, root, return_predecessors=False)] = True
        return reached[: self.count], reached[self.count : -1]


def _ends(problem: FlowProblem) -> tuple[Mask, Mask, Floats]:
    through = np.full(problem.sources.size, np.inf) if problem.node_capacity is None else problem.node_capacity
    return problem.sources, problem.sinks, through
