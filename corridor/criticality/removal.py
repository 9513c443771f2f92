"""What is lost when one road or one node alone is lost: hours, connected demand, people cut off."""

from dataclasses import dataclass

import numpy as np

from corridor.case import Case, TripDemand, check_actor, trip_demand
from corridor.control import Epoch, enterable
from corridor.network import Floats, Ints, Mask, Texts
from corridor.paths import (
    Removal,
    Roads,
    betweenness,
    isolated_by_links,
    isolated_by_nodes,
    removal_of_links,
    removal_of_nodes,
    way_round,
)

__all__ = ["Criticality", "Drivable", "criticality", "drivable_of"]

DECIMALS = 9
"""Decimals to which two losses are told apart where they are ranked."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Criticality:
    """Hold what an actor loses when each of e roads or, with `nodes`, each of e nodes is lost alone.

    They stand by `cut_share`, then `isolated_persons`, then `cost_hours`, the greatest first; equal ones by id.
    `position` is that of the node, or of the first link of the road that the actor can drive. Of shape (e,):

    - `cost_hours`: hours that a trip becomes longer, the mean over all demand, of which only what still has a way gets
      longer;
    - `cut_share`: the share of all demand that has a way and loses it;
    - `isolated_persons`: the people outside the most populous part of what the territory they are in falls into;
    - `way_round_hours`: the fastest other way between the ends of the road (`inf`: none; of nodes nan);
    - `used_share`: the share of all demand whose fastest ways lead there, of equally fast ones in equal parts (but of
      equally fast parallel roads over the first).

    Of the whole: the `places` with people of the actor's, its `persons`, the share of the demand that has a way
    (`joined_share`) or never had one (`never_share`: no road loses it), and the `mean_hours` of a trip of what has
    one. With fewer than two such places there is no demand, and all is 0.
    """

    epoch: int
    actor: int
    nodes: bool
    ids: Texts
    position: Ints
    cost_hours: Floats
    cut_share: Floats
    isolated_persons: Floats
    way_round_hours: Floats
    used_share: Floats
    places: int
    persons: float
    mean_hours: float
    joined_share: float
    never_share: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drivable:
    """Hold what an actor can drive: its `links` (m,), the `road` of each (m,), and of each of g roads its first link.

    A road is all links of one id; `road` is -1 for links that cannot be driven, and roads stand in the order of `ids`.
    """

    links: Mask
    road: Ints
    ids: Texts
    first: Ints


def criticality(case: Case, epoch: Epoch, actor: int, *, nodes: bool = False) -> Criticality:
    r"""Return what an actor loses when each road that it can drive, or each node that it may enter, is lost alone.

    .. math::
       \mathrm{cost}(e) = \sum_{s,t:\, t_{st}^{-e} < \infty} q_{st}\, (t_{st}^{-e} - t_{st}), \qquad
       \mathrm{cut}(e) = \sum_{s,t:\, t_{st} < \infty = t_{st}^{-e}} q_{st}, \qquad
       q_{st} = \frac{p_s p_t}{\sum_{i \ne j} p_i p_j}

    with :math:`p` the people the actor holds at each place and :math:`t_{st}`, :math:`t_{st}^{-e}` the free-flow lorry
    hours by the ways it may use, with and without e. A road is lost in both directions at once. Of a node what leads
    through it counts, not what begins or ends there. All is exact; differences below 1e-9 hours are rounding and count
    as 0, so that what no demand uses loses exactly nothing.

    Parameters
    ----------
    case
        The case.
    epoch
        When: one of the case's epochs (see `Case.epoch_at`).
    actor
        Whose people and ways, by position in `case.actors`.
    nodes
        Whether nodes are lost instead of roads.

    Raises
    ------
    ValueError
        If there is no such actor.

    References
    ----------
    .. [1] E. Jenelius, T. Petersen, L.-G. Mattsson, "Importance and exposure in road network vulnerability analysis",
       Transportation Research Part A 40(7), 2006.

    Examples
    --------
    >>> from corridor.case import whole
    >>> from corridor.sources import read_network
    >>> case = whole(read_network("central_syria"))
    >>> found = criticality(case, case.epoch_at(0), case.actors.index("everybody"))
    >>> str(found.ids[0]), f"{found.isolated_persons[0]:,.0f}"
    ('khan_arnabah-quneitra', '13,086')
    """
    check_actor(case, actor)
    demand, drivable = trip_demand(case, epoch, actor), drivable_of(case, epoch, actor)
    found = _of_nodes(case, epoch, actor, demand, drivable) if nodes else _of_roads(case, demand, drivable)
    # Sums are only as exact as the order in which they were made: what is equal must not be told apart by that.
    order = np.lexsort(
        (found.ids, *(-np.round(column, DECIMALS) for column in (found.cost, found.isolated, found.cut)))
    )
    removal, joined = found.removal, float(found.removal.joined)
    hours = np.where(np.isfinite(removal.hours), removal.hours, 0.0)
    return Criticality(
        epoch=epoch.index,
        actor=actor,
        nodes=nodes,
        ids=found.ids[order],
        position=found.position[order],
        cost_hours=found.cost[order],
        cut_share=found.cut[order],
        isolated_persons=found.isolated[order],
        way_round_hours=found.way_round[order],
        used_share=found.used[order],
        places=demand.origins.size,
        persons=float(demand.persons.sum()),
        mean_hours=float((demand.share * hours).sum()) / joined if joined > 0 else 0.0,
        joined_share=joined,
        never_share=float(removal.never),
    )


def drivable_of(case: Case, epoch: Epoch, actor: int) -> Drivable:
    """Return the links that an actor can drive in an epoch, and the roads they make up."""
    links = case.drivable(epoch, actor) & np.isfinite(case.network.hours)
    at = np.flatnonzero(links)
    ids, first, number = np.unique(case.network.link_id[at], return_index=True, return_inverse=True)
    road = np.full(links.size, -1, dtype=np.intp)
    road[at] = number
    return Drivable(links=links, road=road, ids=ids, first=at[first])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Found:
    """Hold what is lost with each thing, in the order of `ids`, and the removal of which it is read."""

    ids: Texts
    position: Ints
    cost: Floats
    cut: Floats
    isolated: Floats
    way_round: Floats
    used: Floats
    removal: Removal


def _of_roads(case: Case, demand: TripDemand, drivable: Drivable) -> _Found:
    network, links, road = case.network, drivable.links, drivable.road
    removal = removal_of_links(network, links, demand.origins, demand.share, group=road)
    _, over = betweenness(Roads(network, links), demand.origins, demand.share)
    return _Found(
        ids=drivable.ids,
        position=drivable.first,
        cost=removal.added,
        cut=removal.lost,
        isolated=isolated_by_links(network, links, group=road, weight=demand.persons),
        way_round=way_round(network, links, group=road),
        used=np.bincount(road[links], weights=over[links], minlength=drivable.ids.size).astype(np.float64),
        removal=removal,
    )


def _of_nodes(case: Case, epoch: Epoch, actor: int, demand: TripDemand, drivable: Drivable) -> _Found:
    network, links = case.network, drivable.links
    removal = removal_of_nodes(network, links, demand.origins, demand.share)
    through, _ = betweenness(Roads(network, links), demand.origins, demand.share)
    at = np.flatnonzero(enterable(epoch, actor))
    return _Found(
        ids=network.node_id[at],
        position=at,
        cost=removal.added[at],
        cut=removal.lost[at],
        isolated=isolated_by_nodes(network, links, weight=demand.persons)[at],
        way_round=np.full(at.size, np.nan),
        used=through[at],
        removal=removal,
    )
