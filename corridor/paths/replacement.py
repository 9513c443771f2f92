"""What a demand loses when one road or one node goes, for all of them at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from corridor.network import Floats, Ints, Mask
from corridor.paths.detours import CELLS, Crossings, hours_without
from corridor.paths.lanes import Lanes
from corridor.paths.roads import Directed
from corridor.paths.trunk import Trunk

__all__ = ["Losses", "Plan", "Removal", "longer", "removal_of_links", "removal_of_nodes", "without_roads"]

ROUNDING = 1e-9
"""Hours by which two ways may differ and still be equally fast."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Removal:
    """Hold what a demand loses when one thing alone is removed: a road (of g) or a node (of n).

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
    network: Directed, links: Mask, origins: Sequence[int] | Ints, demand: Floats, *, group: Ints | None = None
) -> Removal:
    r"""Return what is lost when each road alone is removed.

    .. math::
       \mathrm{added}(e) = \sum_{s,t:\, t_{st}^{-e} < \infty} q_{st}\, (t_{st}^{-e} - t_{st}), \qquad
       \mathrm{lost}(e) = \sum_{s,t:\, t_{st} < \infty = t_{st}^{-e}} q_{st}

    with :math:`q_{st}` the demand from s to t and :math:`t_{st}`, :math:`t_{st}^{-e}` the travel time with and without
    the road e. Nothing is sampled: a tree of fastest routes from every origin and one to every end of demand say for
    all roads on a way at once how long it is without them (see `Crossings`). Where links differ by direction, so that
    the way on from a crossing may lead over the road that is lost, and where a road joins more than two nodes, what
    lies below it in the tree is searched.

    Parameters
    ----------
    network
        The network, n nodes and m links; a link of infinite hours is no link.
    links
        The links that can be driven, shape (m,).
    origins
        Node positions, shape (s,).
    demand
        From each origin to each node, any unit, not negative, shape (s, n). One tree is kept for each origin and each
        node with demand.
    group
        The number of the road of each link, from 0, shape (m,); -1: never removed. By default each link is a road.

    Returns
    -------
        The losses by road, shape (g,). Differences below 1e-9 hours are rounding and count as 0.
    """
    lanes = Lanes(network, links, np.arange(network.link_count) if group is None else group)
    plan = Plan(lanes, np.asarray(origins, dtype=np.intp), demand)
    added, lost = np.zeros(lanes.group_count), np.zeros(lanes.group_count)
    for row in range(plan.origins.size):
        _count(added, lost, without_roads(plan, row))
    return plan.removal(added, lost)


def removal_of_nodes(network: Directed, links: Mask, origins: Sequence[int] | Ints, demand: Floats) -> Removal:
    """Return what is lost when each node alone is removed with its links; its own demand is not counted.

    Parameters
    ----------
    network
        The network, n nodes and m links; a link of infinite hours is no link.
    links
        The links that can be driven, shape (m,).
    origins
        Node positions, shape (s,).
    demand
        From each origin to each node, any unit, not negative, shape (s, n).

    Returns
    -------
        The losses by node, shape (n,), as in `removal_of_links`. What lies below each node in each tree of fastest
        routes is searched.
    """
    lanes = Lanes(network, links, np.full(network.link_count, -1, dtype=np.intp))
    plan = Plan(lanes, np.asarray(origins, dtype=np.intp), demand)
    added, lost = np.zeros(lanes.node_count), np.zeros(lanes.node_count)
    for row in range(plan.origins.size):
        _count(added, lost, _without_nodes(plan, row))
    return plan.removal(added, lost)


class Plan:
    """Know what is wanted from where to where, and the trees of all its ends.

    Where every road is as long both ways, what is wanted back is wanted there as well, and each pair of origins is
    looked at once.
    """

    def __init__(self, lanes: Lanes, origins: Ints, demand: Floats) -> None:
        self.lanes = lanes
        self.demand = demand
        self.origins, self._row = np.unique(origins, return_inverse=True)
        self.wanted: Floats = np.zeros((self.origins.size, lanes.node_count))
        np.add.at(self.wanted, self._row, demand)
        if lanes.symmetric:
            among = self.wanted[:, self.origins]
            self.wanted[:, self.origins] = np.triu(among + among.T, 1)
        wanted = np.flatnonzero((self.wanted > 0).any(axis=0))
        ends = np.union1d(self.origins, wanted) if lanes.symmetric else wanted
        self.end_row: Ints = np.full(lanes.node_count, -1, dtype=np.intp)
        self.end_row[ends] = np.arange(ends.size)
        self.onward, self.next = lanes.trees(ends, back=not lanes.symmetric)
        if lanes.symmetric:
            rows = self.end_row[self.origins]
            self.hours, self.before = self.onward[rows], self.next[rows]
        else:
            self.hours, self.before = lanes.trees(self.origins)
            end, node = np.nonzero(self.next >= 0)
            self.road_next: Ints = np.full(self.next.shape, -1, dtype=np.intp)
            self.road_next[end, node] = lanes.group[lanes.between(node, self.next[end, node])]

    def ends(self, row: int) -> Ints:
        """Return the nodes to which there is a way and demand from an origin, the origin not among them."""
        wanted = (self.wanted[row] > 0) & np.isfinite(self.hours[row])
        wanted[self.origins[row]] = False
        return np.flatnonzero(wanted)

    def keeps_clear(self, ends: Ints, nodes: Ints, roads: Ints) -> Mask:
        """Return whether the way of the tree from each of d nodes on to an end does without a road, shape (d,)."""
        row, at = self.end_row[ends], nodes.copy()
        clear = np.ones(at.size, dtype=np.bool_)
        going = np.flatnonzero(at != ends)
        while going.size:
            clear[going] = self.road_next[row[going], at[going]] != roads[going]
            going = going[clear[going]]
            at[going] = self.next[row[going], at[going]]
            going = going[at[going] != ends[going]]
        return clear

    def removal(self, added: Floats, lost: Floats) -> Removal:
        """Return the losses beside what they are measured against."""
        hours = self.hours[self._row]
        joined = np.isfinite(hours)
        return Removal(
            added=added,
            lost=lost,
            hours=hours,
            joined=float(self.demand[joined].sum()),
            never=float(self.demand[~joined].sum()),
        )


class Losses(NamedTuple):
    """What removals do to ways: the thing, the end and the demand of the way, its hours with and without the thing."""

    thing: Ints
    end: Ints
    wanted: Floats
    before: Floats
    after: Floats


def longer(before: Floats, after: Floats) -> Floats:
    """Return by how many hours ways become longer, 0 for those that are lost (`inf`) or differ by rounding alone."""
    hours: Floats = np.where(np.isfinite(after), after, before) - before
    hours[hours < ROUNDING] = 0.0
    return hours


def _count(added: Floats, lost: Floats, losses: Losses) -> None:
    """Add losses up by the thing removed."""
    gone = ~np.isfinite(losses.after)
    np.add.at(added, losses.thing, losses.wanted * longer(losses.before, losses.after))
    np.add.at(lost, losses.thing[gone], losses.wanted[gone])


def without_roads(plan: Plan, row: int) -> Losses:
    """Return the losses of all ways from one origin, by road."""
    lanes, hours, ends = plan.lanes, plan.hours[row], plan.ends(row)
    joints = lanes.joints[np.isfinite(hours[lanes.joints])]
    trunk = Trunk(lanes, int(plan.origins[row]), plan.before[row], np.append(ends, joints))
    found = Crossings(lanes, trunk, hours).detours(trunk.number[ends], plan.onward, plan.end_row[ends])
    end, road, after = ends[found.end], lanes.group[trunk.lane[found.number]], found.hours
    doubt = ~lanes.simple[road]
    if not lanes.symmetric:
        led = np.flatnonzero((found.lane >= 0) & (road >= 0))
        doubt[led] |= ~plan.keeps_clear(end[led], lanes.head[found.lane[led]], road[led])
    after[doubt] = _search_roads(plan, row, trunk, road[doubt], end[doubt])
    counts = road >= 0
    if joints.size:
        # A way may use two lanes of one road and loses it once.
        _, first = np.unique(np.where(counts, end * lanes.group_count + road, -1), return_index=True)
        counts &= np.isin(np.arange(road.size), first)
    end, road = end[counts], road[counts]
    return Losses(road, end, plan.wanted[row, end], hours[end], after[counts])


def _without_nodes(plan: Plan, row: int) -> Losses:
    """Return the losses of all ways from one origin, by node."""
    ends = plan.ends(row)
    trunk = Trunk(plan.lanes, int(plan.origins[row]), plan.before[row], ends)
    way, number = np.nonzero(trunk.above(trunk.number[ends]))
    between = (number > 0) & (number != trunk.number[ends[way]])
    end, number = ends[way[between]], number[between]
    every, removal = np.unique(number, return_inverse=True)
    after = _search(plan, row, trunk, (removal, end), (np.arange(every.size), every))
    return Losses(trunk.node[number], end, plan.wanted[row, end], plan.hours[row, end], after)


def _search_roads(plan: Plan, row: int, trunk: Trunk, road: Ints, end: Ints) -> Floats:
    """Return the hours from an origin to each of d ends without a road each."""
    roads, removal = np.unique(road, return_inverse=True)
    into = plan.lanes.group[trunk.lane[1:]]
    number = np.flatnonzero(np.isin(into, roads))
    number = number[np.argsort(into[number], kind="stable")]
    cut = (np.searchsorted(roads, into[number]), number + 1)
    return _search(plan, row, trunk, (removal, end), cut, roads=roads)


def _search(
    plan: Plan, row: int, trunk: Trunk, asked: tuple[Ints, Ints], cut: tuple[Ints, Ints], *, roads: Ints | None = None
) -> Floats:
    """Return the hours from an origin to each of d ends after a removal each, some removals at a time.

    `asked` are the removal and the end, `cut` and `roads` as in `hours_without`, the removals in their order.
    """
    (removal, end), (of, number) = asked, cut
    hours = np.zeros(end.size)
    step = max(1, CELLS // plan.lanes.node_count)
    for first in range(0, int(of.max(initial=-1)) + 1, step):
        some = slice(*np.searchsorted(of, [first, first + step]))
        these = None if roads is None else roads[first : first + step]
        table = hours_without(plan.lanes, trunk, plan.hours[row], (of[some] - first, number[some]), roads=these)
        wanted = (first <= removal) & (removal < first + step)
        hours[wanted] = table[removal[wanted] - first, end[wanted]]
    return hours
