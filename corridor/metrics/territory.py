"""The pockets an actor's territory falls into, who lives in them, and how whole the territory is."""

from dataclasses import dataclass

import numpy as np

from corridor.case import Case
from corridor.control import Epoch, enterable, overlooked, passable
from corridor.network import ROAD, Floats, Ints, Mask
from corridor.paths import Roads, components, efficiency

__all__ = [
    "OverlookEffect",
    "Pocket",
    "Territory",
    "overlook_effect",
    "pockets",
    "substantial_threshold",
    "territory",
]


SUBSTANTIAL_SHARE = 0.01
"""Of its actor's people at the scenario's start, that a substantial pocket has at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pocket:
    """A connected part of an actor's territory.

    `rank` 1 has the most people; `name` is that of its largest place; `nodes` are positions, `population` persons,
    `share` of all people the actor holds; `places` the ids of populated nodes, most people first, and `ports`,
    `refineries`, `power_plants` and `airports` (airbases among them) ids in the network's order. It is `substantial`
    if it has people, and at least `threshold` persons.
    """

    actor: int
    rank: int
    name: str
    nodes: tuple[int, ...]
    population: float
    share: float
    places: tuple[str, ...]
    ports: tuple[str, ...]
    refineries: tuple[str, ...]
    power_plants: tuple[str, ...]
    airports: tuple[str, ...]
    substantial: bool
    threshold: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Territory:
    """Hold how whole each actor's territory is in each epoch, e epochs, a actors, n nodes, m links.

    Of shape (e, a): `pockets` and `substantial_pockets` their numbers, `population` persons, `largest_share` that of
    the largest pocket, `fragmentation` 1 − Σ sᵢ² over the pockets' shares sᵢ of the people (0 in one piece; one less
    the Herfindahl index [1]_, or the chance that two people are in different pockets), `efficiency` (see
    `corridor.paths.efficiency`: over the populated nodes an actor holds, by the ways it may use, against all roads
    open); nan where nobody lives. `threshold` (a,) persons that make a pocket substantial.

    `pocket` (e, n) is the rank of a node's pocket among its holder's (0: contested), `road_holder` (e, m) the actor
    that can drive the link within its own territory (-1: none).

    References
    ----------
    .. [1] A. O. Hirschman, "The paternity of an index", American Economic Review 54(5), 1964.
    """

    pockets: Ints
    substantial_pockets: Ints
    population: Floats
    largest_share: Floats
    fragmentation: Floats
    efficiency: Floats
    threshold: Floats
    pocket: Ints
    road_holder: Ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OverlookEffect:
    """Hold what the overlook rule changes, each of shape (e, a).

    `roads` is the number of roads within the actor's territory that the rule closes, `with_rule` and `without_rule`
    its substantial pockets.
    """

    roads: Ints
    with_rule: Ints
    without_rule: Ints


@dataclass(frozen=True, slots=True)
class _Ranked:
    """Pockets in their order: `label` (n,) rank of each node's, 0 outside; `population` and `largest` node, (r,)."""

    label: Ints
    population: Floats
    largest: Ints


def substantial_threshold(case: Case, actor: int) -> float:
    """Return the persons that make a pocket of `actor` substantial: 1 % of those it holds at the scenario's start.

    For an actor that holds nobody then, 1 % of the most people it ever holds.
    """
    held = case.population[case.epoch_at(0.0).holder == actor].sum()
    if held == 0:
        held = max(case.population[epoch.holder == actor].sum() for epoch in case.epochs)
    return SUBSTANTIAL_SHARE * float(held)


def pockets(case: Case, epoch: Epoch, actor: int, *, transit: bool = False) -> tuple[Pocket, ...]:
    """Return the pockets of `actor`, most people first, then by name.

    A pocket is a connected component of the nodes that `actor` holds, over the roads passable within its own
    territory; with `transit`, over those as well that lead through nodes of others which its passages let it enter.
    """
    ranked = _ranked(case, epoch, actor, overlook=case.scenario.overlook, transit=transit)
    total, threshold = ranked.population.sum(), substantial_threshold(case, actor)
    return tuple(
        _pocket(case, actor, ranked, rank, total=float(total), threshold=threshold)
        for rank in range(1, ranked.population.size + 1)
    )


def territory(case: Case) -> Territory:
    """Return how whole each actor's territory is in each epoch."""
    shape, size = (len(case.epochs), len(case.actors)), case.network.node_count
    found = Territory(
        pockets=np.zeros(shape, dtype=np.intp),
        substantial_pockets=np.zeros(shape, dtype=np.intp),
        population=np.zeros(shape),
        largest_share=np.full(shape, np.nan),
        fragmentation=np.full(shape, np.nan),
        efficiency=np.full(shape, np.nan),
        threshold=np.array([substantial_threshold(case, actor) for actor in range(shape[1])]),
        pocket=np.zeros((shape[0], size), dtype=np.intp),
        road_holder=np.full((shape[0], case.network.link_count), -1, dtype=np.intp),
    )
    ideal = _ideal_hours(case)
    for actor in range(shape[1]):
        _fill_pockets(found, case, actor)
        _fill_efficiency(found, case, actor, ideal)
    return found


def overlook_effect(case: Case) -> OverlookEffect:
    """Return what the overlook rule changes for each actor in each epoch, whether the scenario has it on or off."""
    shape = (len(case.epochs), len(case.actors))
    roads, with_rule, without_rule = (np.zeros(shape, dtype=np.intp) for _ in range(3))
    for actor in range(shape[1]):
        threshold = substantial_threshold(case, actor)
        before: tuple[Mask, Mask] | None = None
        for row, epoch in enumerate(case.epochs):
            nodes = enterable(epoch, actor, transit=False)
            links = passable(case.network, epoch, nodes, overlook=False)
            at = row, actor
            if before is not None and np.array_equal(before[0], nodes) and np.array_equal(before[1], links):
                for values in (roads, with_rule, without_rule):
                    values[at] = values[row - 1, actor]
                continue
            before = nodes, links
            closed = overlooked(case.network, epoch, nodes)
            roads[at] = np.unique(case.network.link_id[closed]).size
            without = _ranked(case, epoch, actor, overlook=False)
            without_rule[at] = _count_substantial(without.population, threshold)
            ruled = _ranked(case, epoch, actor, overlook=True) if closed.any() else without
            with_rule[at] = _count_substantial(ruled.population, threshold)
    return OverlookEffect(roads=roads, with_rule=with_rule, without_rule=without_rule)


def _ranked(case: Case, epoch: Epoch, actor: int, *, overlook: bool, transit: bool = False) -> _Ranked:
    nodes = enterable(epoch, actor, transit=transit)
    links = passable(case.network, epoch, nodes, overlook=overlook)
    return _rank(case, components(case.network, nodes, links), epoch.holder == actor)


def _rank(case: Case, label: Ints, own: Mask) -> _Ranked:
    """Return components as pockets of the nodes in `own`: those with more people first, then by name."""
    held = np.flatnonzero(own & (label >= 0))
    _, part = np.unique(label[held], return_inverse=True)
    by_size = np.lexsort((held, -case.population[held], part))
    first = np.unique(part[by_size], return_index=True)[1]
    largest = held[by_size[first]]
    population = np.zeros(largest.size)
    np.add.at(population, part, case.population[held])
    order = np.lexsort((largest, case.network.node_name[largest], -population))
    rank = np.empty(order.size, dtype=np.intp)
    rank[order] = np.arange(1, order.size + 1)
    ranks = np.zeros(label.size, dtype=np.intp)
    ranks[held] = rank[part]
    return _Ranked(ranks, population[order], largest[order])


def _pocket(case: Case, actor: int, ranked: _Ranked, rank: int, *, total: float, threshold: float) -> Pocket:
    network = case.network
    nodes = np.flatnonzero(ranked.label == rank)
    persons = case.population[nodes]
    lived = nodes[np.lexsort((nodes, -persons))][: np.count_nonzero(persons)]
    population = float(ranked.population[rank - 1])

    def ids(*kinds: str) -> tuple[str, ...]:
        return tuple(network.node_id[nodes[np.isin(network.kind[nodes], kinds)]].tolist())

    return Pocket(
        actor=actor,
        rank=rank,
        name=str(network.node_name[ranked.largest[rank - 1]]),
        nodes=tuple(nodes.tolist()),
        population=population,
        share=population / total if total else 0.0,
        places=tuple(network.node_id[lived].tolist()),
        ports=ids("port"),
        refineries=ids("refinery"),
        power_plants=ids("power_plant"),
        airports=ids("airport", "airbase"),
        substantial=population > 0 and population >= threshold,
        threshold=threshold,
    )


def _fill_pockets(found: Territory, case: Case, actor: int) -> None:
    """Write the row of every epoch that says what pockets `actor` has."""
    links_before: Mask | None = None
    ranked = _Ranked(np.zeros(0, dtype=np.intp), np.zeros(0), np.zeros(0, dtype=np.intp))
    for row, epoch in enumerate(case.epochs):
        own = epoch.holder == actor
        links = case.drivable(epoch, actor, transit=False)
        if links_before is None or not (np.array_equal(own, ranked.label > 0) and np.array_equal(links, links_before)):
            ranked = _rank(case, components(case.network, own, links), own)
            links_before = links
        found.pocket[row, own] = ranked.label[own]
        found.road_holder[row, links] = actor
        total = ranked.population.sum()
        found.population[row, actor] = total
        found.pockets[row, actor] = ranked.population.size
        found.substantial_pockets[row, actor] = _count_substantial(ranked.population, found.threshold[actor])
        if total > 0:
            share = ranked.population / total
            found.largest_share[row, actor] = share[0]
            # The shares of one whole may sum to a hair more than it.
            found.fragmentation[row, actor] = max(0.0, 1.0 - float(share @ share))


def _fill_efficiency(found: Territory, case: Case, actor: int, ideal: Floats) -> None:
    """Write the column of every epoch that says how well the people whom `actor` holds reach each other."""
    before: tuple[Mask, Mask] | None = None
    for row, epoch in enumerate(case.epochs):
        lived = (epoch.holder == actor) & (case.population > 0)
        links = case.drivable(epoch, actor)
        if before is not None and np.array_equal(lived, before[0]) and np.array_equal(links, before[1]):
            found.efficiency[row, actor] = found.efficiency[row - 1, actor]
            continue
        before = lived, links
        places = np.flatnonzero(lived)
        if places.size > 1:
            hours = Roads(case.network, links).hours(places)[:, places]
            found.efficiency[row, actor] = efficiency(hours, ideal[np.ix_(places, places)], case.population[places])


def _ideal_hours(case: Case) -> Floats:
    """Return the travel times between populated nodes with every road open, shape (n, n); nan elsewhere."""
    places = np.flatnonzero(case.population > 0)
    hours = np.full((case.population.size, case.population.size), np.nan)
    hours[places] = Roads(case.network, case.network.mode == ROAD).hours(places)
    return hours


def _count_substantial(population: Floats, threshold: float) -> int:
    return int(np.count_nonzero((population > 0) & (population >= threshold)))
