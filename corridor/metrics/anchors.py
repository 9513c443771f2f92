"""How far it is, by the ways an actor may use, from place to place and between the anchors."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from corridor.case import Case, trip_demand
from corridor.control import Epoch, enterable
from corridor.network import Floats, Ints, Mask
from corridor.paths import Roads, betweenness

__all__ = ["AnchorPairs", "Reach", "anchor_pairs", "anchors", "reach", "way_shares"]

ANCHORS = ("homs", "damascus", "aleppo", "latakia", "tartus")
"""Places between which connectivity is always followed, where a network has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """A drive: `km`, free-flow truck `hours`, expected `trip_hours` on the way, ids of `nodes` and `links` in order."""

    km: float
    hours: float
    trip_hours: float
    nodes: tuple[str, ...]
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AnchorPairs:
    """Hold how far the anchors are from each other for each actor in each epoch.

    `origin` and `destination` (p,) are node positions. Of shape (e, a, p): `km` of the fastest way, its free-flow
    truck `hours`, nan where there is none, and `detour`, those hours over the hours at the scenario's start (nan where
    there was no way then).
    """

    origin: Ints
    destination: Ints
    km: Floats
    hours: Floats
    detour: Floats


def anchors(case: Case) -> tuple[int, ...]:
    """Return the positions of the anchors: the usual ones the network has, then those the scenario adds."""
    network = case.network
    known = network.node_positions()
    names = [network.aliases.get(name.lower(), name) for name in (*ANCHORS, *case.scenario.show.anchors)]
    return tuple(dict.fromkeys(known[name] for name in names if name in known))


def reach(case: Case, epoch: Epoch, actor: int, origin: int, destination: int) -> Reach | None:
    """Return the fastest drive of `actor` between two nodes (positions) by whatever passage it has, None if none."""
    network = case.network
    nodes = enterable(epoch, actor)
    if not (nodes[origin] and nodes[destination]):
        return None
    route = Roads(network, case.drivable(epoch, actor)).route(origin, destination)
    if route is None:
        return None
    way = list(route)
    hours = float(network.hours[way].sum())
    return Reach(
        km=float(network.length[way].sum()),
        hours=hours,
        trip_hours=hours * case.scenario.supply.trip_time_factor,
        nodes=(str(network.node_id[origin]), *network.node_id[network.head[way]].tolist()),
        links=tuple(network.link_id[way].tolist()),
    )


def anchor_pairs(case: Case) -> AnchorPairs:
    """Return how far each two anchors are from each other, from the earlier of them to the later."""
    pairs = list(combinations(anchors(case), 2))
    shape = (len(case.epochs), len(case.actors), len(pairs))
    km, hours = np.full(shape, np.nan), np.full(shape, np.nan)
    for actor in range(len(case.actors)):
        before: tuple[Mask, Mask] | None = None
        for row, epoch in enumerate(case.epochs):
            nodes = enterable(epoch, actor)
            links = case.drivable(epoch, actor)
            if before is not None and np.array_equal(nodes, before[0]) and np.array_equal(links, before[1]):
                km[row, actor], hours[row, actor] = km[row - 1, actor], hours[row - 1, actor]
                continue
            before = nodes, links
            roads = Roads(case.network, links)
            for pair, (origin, destination) in enumerate(pairs):
                route = roads.route(origin, destination) if nodes[origin] and nodes[destination] else None
                if route is not None:
                    km[row, actor, pair] = case.network.length[list(route)].sum()
                    hours[row, actor, pair] = case.network.hours[list(route)].sum()
    at_start = hours[case.epoch_at(0.0).index]
    detour = np.divide(hours, at_start, out=np.full(shape, np.nan), where=np.broadcast_to(at_start > 0, shape))
    ends = np.array(pairs, dtype=np.intp).reshape(-1, 2)
    return AnchorPairs(origin=ends[:, 0], destination=ends[:, 1], km=km, hours=hours, detour=detour)


def way_shares(case: Case, epoch: Epoch, actor: int) -> tuple[Floats, Floats]:
    r"""Return how much of what connects an actor's people leads through each node (n,) and over each link (m,).

    The share is demand-weighted betweenness over all demand, with the product of the people of two places as the
    demand between them, :math:`q_{st} = p_s p_t / \sum_{i \ne j} p_i p_j` (see `corridor.paths.betweenness`): 0.4 says
    that two fifths of the ways, pairs of large places counting more, lead there. Two directions of a road count apart.
    """
    links = case.drivable(epoch, actor)
    demand = trip_demand(case, epoch, actor)
    return betweenness(Roads(case.network, links), demand.origins, demand.share)
