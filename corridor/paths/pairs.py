"""What a demand loses when two roads go together, for all pairs of roads at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from corridor.network import Floats, Ints, Mask
from corridor.paths.lanes import Lanes
from corridor.paths.replacement import Losses, Plan, Removal, longer, without_roads
from corridor.paths.roads import Directed

__all__ = ["PairRemoval", "removal_of_pairs"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PairRemoval:
    """Hold what is lost when two of g roads go together, beyond what is lost when each goes `alone`.

    `more_added` and `more_lost`, shape (g, g), symmetric with an empty diagonal, are in the units of `Removal`: what
    two roads lose together is the sum of what both lose alone and this. It is below 0 where both lie on one way.
    """

    alone: Removal
    more_added: Floats
    more_lost: Floats


def removal_of_pairs(
    network: Directed,
    links: Mask,
    origins: Sequence[int] | Ints,
    demand: Floats,
    *,
    group: Ints,
    progress: Callable[[float], None] | None = None,
) -> PairRemoval:
    r"""Return what is lost when each two roads are removed together.

    Let :math:`P_{st}` be a fastest way from s to t, :math:`P_{st}^{-e}` one without the road e, and
    :math:`\delta_{st}(S)` what the demand from s to t loses without the roads S. Then

    - with neither e nor f on :math:`P_{st}` nothing is lost;
    - with e on it, but not f, :math:`\delta(ef) = \delta(e)` and :math:`\delta(f) = 0`, unless f is on
      :math:`P_{st}^{-e}`: only then is there more to lose than the sum;
    - with both on it, :math:`\delta(ef) = \delta(e)` unless f is on :math:`P_{st}^{-e}`, and the sum counts
      :math:`\delta(f)` too often.

    So it is enough to take the ways that lead over e and still exist without it, and to remove from the network
    without e every road of theirs at once, as `removal_of_links` does. All other pairs lose exactly the sum, and
    nothing is left out: this holds for whichever of equally fast ways are taken. The tables are dense: some thousand
    roads.

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
    group
        The number of the road of each link, from 0, shape (m,); -1: never removed.
    progress
        Told the share that is done, from 0 to 1.

    Returns
    -------
        The losses by pair of roads. Differences below 1e-9 hours are rounding and count as 0.
    """
    plan = Plan(Lanes(network, links, group), np.asarray(origins, dtype=np.intp), demand)
    ways = _Ways(plan)
    alone = ways.alone()
    more = -ways.in_series()
    roads = np.unique(ways.road[np.isfinite(ways.after)])
    for number, road in enumerate(roads.tolist()):
        if progress is not None:
            progress(number / roads.size)
        lanes = Lanes(network, links & (group != road), group)
        # A network whose only one-way road is taken away would be looked at otherwise than before.
        lanes.symmetric = plan.lanes.symmetric
        more[:, road] += ways.without(road, lanes)
    more += more.transpose(0, 2, 1)
    return PairRemoval(alone=plan.removal(*alone), more_added=more[0], more_lost=more[1])


class _Ways:
    """The ways of a plan, p of them, and every road on each of them with the hours without it.

    Attributes
    ----------
    origin, end, wanted, hours
        Ends, demand and hours of each way, shape (p,).
    way, road, after
        Of each of r roads on a way the way, the road and the hours without it, shape (r,).
    """

    def __init__(self, plan: Plan) -> None:
        self.size, self.count, self.symmetric = plan.lanes.node_count, plan.lanes.group_count, plan.lanes.symmetric
        origin, losses = _lost_from(plan)
        key, first, self.way = np.unique(self._key(origin, losses.end), return_index=True, return_inverse=True)
        self.key: Ints = key
        self.origin, self.end = origin[first], losses.end[first]
        self.wanted, self.hours = losses.wanted[first], losses.before[first]
        self.road, self.after = losses.thing, losses.after
        self._uses: Ints = np.sort(self.way * self.count + self.road)

    def alone(self) -> tuple[Floats, Floats]:
        """Return what is lost with each road alone, in hours and in demand, each of shape (g,)."""
        added, lost = self._losses(self.way, self.after)
        return self._by_road(self.road, added), self._by_road(self.road, lost)

    def in_series(self) -> Floats:
        """Return what the ways that lead over two roads lose without the second of them, in hours and in demand.

        The first is the one with the lower number; of shape (2, g, g).
        """
        shape = (self.hours.size, self.count)
        uses = csr_array((np.ones(self.way.size), (self.way, self.road)), shape=shape)
        losses = self._losses(self.way, self.after)
        tables = [uses.T @ csr_array((loss, (self.way, self.road)), shape=shape) for loss in losses]
        return np.stack([np.triu(table.toarray(), 1) for table in tables])

    def without(self, road: int, lanes: Lanes) -> Floats:
        """Return what the ways over a road lose with each other road beyond what they lose with it alone, (2, g).

        `lanes` are those without the road. Ways over both count where `road` is the lower number of the two.
        """
        mine = np.flatnonzero((self.road == road) & np.isfinite(self.after))
        way = self.way[mine]
        alone = np.zeros(self.hours.size)
        alone[way] = self.after[mine]
        start, stop = self.origin[way], self.end[way]
        if self.symmetric:
            # Each way may be looked at from either end: from the one where more of them end, so that origins are few.
            degree = np.bincount(np.append(start, stop), minlength=self.size)
            turned = degree[stop] > degree[start]
            start, stop = np.where(turned, stop, start), np.where(turned, start, stop)
        origins, row = np.unique(start, return_inverse=True)
        demand = np.zeros((origins.size, self.size))
        demand[row, stop] = self.wanted[way]
        origin, losses = _lost_from(Plan(lanes, origins, demand))
        way = np.searchsorted(self.key, self._key(origin, losses.end))
        counts = (losses.thing > road) | ~self._lie_on(way, losses.thing)
        way, other = way[counts], losses.thing[counts]
        more = np.subtract(self._losses(way, losses.after[counts]), self._losses(way, alone[way]))
        return np.stack([self._by_road(other, each) for each in more])

    def _by_road(self, road: Ints, weights: Floats) -> Floats:
        return np.bincount(road, weights=weights, minlength=self.count).astype(np.float64)

    def _key(self, origin: Ints, end: Ints) -> Ints:
        """Return a number for each way from origin to end; where ways are as long back, the same for the way back."""
        if self.symmetric:
            origin, end = np.minimum(origin, end), np.maximum(origin, end)
        return origin * self.size + end

    def _losses(self, way: Ints, after: Floats) -> tuple[Floats, Floats]:
        """Return the demand times the hours by which ways become longer, and the demand that loses its way."""
        wanted = self.wanted[way]
        return wanted * longer(self.hours[way], after), np.where(np.isfinite(after), 0.0, wanted)

    def _lie_on(self, way: Ints, road: Ints) -> Mask:
        """Return whether each road lies on the way beside it."""
        key = way * self.count + road
        at = np.searchsorted(self._uses, key)
        found: Mask = self._uses[np.minimum(at, self._uses.size - 1)] == key
        return found


def _lost_from(plan: Plan) -> tuple[Ints, Losses]:
    """Return the losses of all ways of a plan, by road, and the origin of each."""
    found = [without_roads(plan, row) for row in range(plan.origins.size)]
    none, nothing = np.zeros(0, dtype=np.intp), np.zeros(0)
    every = Losses(none, none, nothing, nothing, nothing), *found
    joined = Losses(
        np.concatenate([losses.thing for losses in every]),
        np.concatenate([losses.end for losses in every]),
        np.concatenate([losses.wanted for losses in every]),
        np.concatenate([losses.before for losses in every]),
        np.concatenate([losses.after for losses in every]),
    )
    return np.repeat(plan.origins, [losses.end.size for losses in found]), joined
