"""What is lost when two roads are lost together, for all pairs, and what of it neither of them alone would show."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from corridor.case import Case, TripDemand, trip_demand
from corridor.control import Epoch
from corridor.criticality.removal import Criticality, Drivable, criticality, drivable_of
from corridor.network import Floats, Ints, Network, Texts
from corridor.paths import bridges, components, isolated_by_links, removal_of_pairs

__all__ = ["PairCriticality", "pair_criticality"]

LEAST, LEAST_PERSONS = 1e-12, 1e-6
"""Differences in hours and shares, and in people, up to which a pair loses what both of it lose alone: rounding."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PairCriticality:
    """Hold what an actor loses when two of its g roads are lost together.

    `alone` is what each road loses by itself. The p pairs listed, `ids` and `position` of shape (p, 2), are those that
    lose more together than the sum of both alone: more connected demand first, then more people, then more hours.
    `cost_hours`, `cut_share` and `isolated_persons` (p,) are what the pair loses in all, `more_cost_hours`,
    `more_cut_share` and `more_isolated_persons` how much of it is more than the sum. Hours can be fewer where demand
    is cut: what has no way is not longer on its way. `joint` is how many such pairs there are, listed or not, of all
    `pairs`.

    The tables (g, g), by `roads`, hold what every pair loses in all; on the diagonal, what the road alone loses.
    """

    alone: Criticality
    ids: Texts
    position: Ints
    cost_hours: Floats
    cut_share: Floats
    isolated_persons: Floats
    more_cost_hours: Floats
    more_cut_share: Floats
    more_isolated_persons: Floats
    joint: int
    pairs: int
    roads: Texts
    cost_table: Floats
    cut_table: Floats
    isolated_table: Floats


def pair_criticality(
    case: Case, epoch: Epoch, actor: int, *, top: int | None = 20, progress: Callable[[float], None] | None = None
) -> PairCriticality:
    """Return what an actor loses when each two roads that it can drive are lost together, exactly.

    Losses are those of `criticality`. Hours and demand are those of `corridor.paths.removal_of_pairs`, which says why
    nothing needs to be tried but what the ways round one road lead over. People: where neither road is a bridge, the
    second is lost from the network without the first; two bridges leave three parts, whose people are known; and a
    bridge and another road isolate whom the bridge isolates.

    Parameters
    ----------
    case
        The case.
    epoch
        When.
    actor
        Whose people and ways, by position.
    top
        How many pairs are listed at most; None: all that lose more together than the sum of both alone.
    progress
        Told the share that is done, from 0 to 1.
    """
    demand, drivable = trip_demand(case, epoch, actor), drivable_of(case, epoch, actor)
    found = removal_of_pairs(
        case.network, drivable.links, demand.origins, demand.share, group=drivable.road, progress=progress
    )
    isolated = _isolated(case.network, demand, drivable)
    more_isolated = isolated - _sums(np.diag(isolated))
    np.fill_diagonal(more_isolated, 0.0)
    more = (found.more_lost, more_isolated, found.more_added)
    cut, cost = _together(found.alone.lost, found.more_lost), _together(found.alone.added, found.more_added)
    one, two, joint = _listed(more, top)
    return PairCriticality(
        alone=criticality(case, epoch, actor),
        ids=np.stack([drivable.ids[one], drivable.ids[two]], axis=1),
        position=np.stack([drivable.first[one], drivable.first[two]], axis=1),
        cost_hours=cost[one, two],
        cut_share=cut[one, two],
        isolated_persons=isolated[one, two],
        more_cost_hours=found.more_added[one, two],
        more_cut_share=found.more_lost[one, two],
        more_isolated_persons=more_isolated[one, two],
        joint=joint,
        pairs=drivable.ids.size * (drivable.ids.size - 1) // 2,
        roads=drivable.ids,
        cost_table=cost,
        cut_table=cut,
        isolated_table=isolated,
    )


def _together(alone: Floats, more: Floats) -> Floats:
    """Return what every two roads lose together, and on the diagonal what each loses alone, shape (g, g)."""
    sums = _sums(alone)
    table = sums + more
    # What is left when all is taken back is what rounding left.
    table[table <= LEAST * sums] = 0.0
    np.fill_diagonal(table, alone)
    return table


def _sums(alone: Floats) -> Floats:
    return alone[:, None] + alone


def _listed(more: tuple[Floats, Floats, Floats], top: int | None) -> tuple[Ints, Ints, int]:
    """Return both roads of the pairs that lose more together, those that do most first, and how many there are."""
    least = (LEAST, LEAST_PERSONS, LEAST)
    one, two = np.nonzero(np.triu(np.any([table > few for table, few in zip(more, least, strict=True)], axis=0), 1))
    # Multiples of the least difference, so that rounding does not decide what comes first.
    keys = [-np.round(table[one, two] / few) for table, few in zip(more, least, strict=True)]
    order = np.lexsort((two, one, *reversed(keys)))
    return one[order][:top], two[order][:top], one.size


def _isolated(network: Network, demand: TripDemand, drivable: Drivable) -> Floats:
    """Return how many people are isolated when two of g roads are lost together, shape (g, g)."""
    links, road, persons = drivable.links, drivable.road, demand.persons
    alone = isolated_by_links(network, links, group=road, weight=persons)
    every = np.ones(network.node_count, dtype=np.bool_)
    whole, bridge = components(network, every, links), bridges(network, links, group=road)
    tail = network.tail[drivable.first]
    table = _sums(alone)
    for one in range(alone.size):
        without = links & (road != one)
        lost = isolated_by_links(network, without, group=road, weight=persons)
        if not bridge[one]:
            table[one, ~bridge] = lost[~bridge]
            continue
        part = components(network, every, without)
        people = np.bincount(part, weights=persons)
        total = float(persons[whole == whole[tail[one]]].sum())
        others = np.flatnonzero(bridge & (whole[tail] == whole[tail[one]]))
        there = people[part[tail[others]]]
        table[one, others] = total - np.maximum(there - lost[others], total - there)
    np.fill_diagonal(table, alone)
    return table
