"""The pockets an actor's territory falls into, who lives in them, and how whole the territory is."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from corridor.case import Case
from corridor.control import Epoch, enterable, overlooked
from corridor.network import ROAD, Floats, Ints, Mask
from corridor.paths import Evolution, History, Roads, components, efficiency, evolving

__all__ = [
    "OverlookEffect",
    "Pocket",
    "Territory",
    "efficiencies",
    "overlook_effect",
    "pocket_ranks",
    "pockets",
    "road_holders",
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
    """Hold how whole each actor's territory is in each epoch, e epochs, a actors.

    Of shape (e, a): `pockets` and `substantial_pockets` their numbers, `population` persons, `largest_share` that of
    the largest pocket, `fragmentation` 1 − Σ sᵢ² over the pockets' shares sᵢ of the people (0 in one piece; one less
    the Herfindahl index [1]_, or the chance that two people are in different pockets), both nan where nobody lives.
    `threshold` (a,) persons that make a pocket substantial.

    References
    ----------
    .. [1] A. O. Hirschman, "The paternity of an index", American Economic Review 54(5), 1964.
    """

    pockets: Ints
    substantial_pockets: Ints
    population: Floats
    largest_share: Floats
    fragmentation: Floats
    threshold: Floats


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
    nodes, links = enterable(epoch, actor, transit=transit), case.drivable(epoch, actor, transit=transit)
    ranked = _rank(case, components(case.network, nodes, links), epoch.holder == actor)
    total, threshold = ranked.population.sum(), substantial_threshold(case, actor)
    return tuple(
        _pocket(case, actor, ranked, rank, total=float(total), threshold=threshold)
        for rank in range(1, ranked.population.size + 1)
    )


def territory(case: Case) -> Territory:
    """Return how whole each actor's territory is in each epoch; the work grows with the network and the changes."""
    found, threshold = _evolution(case, overlook=case.scenario.overlook), _thresholds(case)
    lived_in = np.where(found.persons > 0, found.persons, np.nan)
    return Territory(
        pockets=found.pockets,
        substantial_pockets=found.substantial,
        population=found.persons,
        largest_share=found.largest / lived_in,
        # The shares of one whole may sum to a hair more than it.
        fragmentation=np.maximum(0.0, 1.0 - found.squares / lived_in**2),
        threshold=threshold,
    )


def pocket_ranks(case: Case) -> Ints:
    """Return the rank of each node's pocket among its holder's in each epoch, shape (e, n); 0: contested."""
    found = _evolution(case, overlook=case.scenario.overlook)
    ranks = np.zeros((len(case.epochs), case.network.node_count), dtype=np.intp)
    for row, epoch in enumerate(case.epochs):
        label = found.labels(row)
        for actor in range(len(case.actors)):
            ranks[row] += _rank(case, label, epoch.holder == actor).label
    return ranks


def road_holders(case: Case) -> Ints:
    """Return the actor that can drive each link within its own territory in each epoch, shape (e, m); -1: none."""
    holders = np.full((len(case.epochs), case.network.link_count), -1, dtype=np.intp)
    for row, epoch in enumerate(case.epochs):
        for actor in range(len(case.actors)):
            holders[row, case.drivable(epoch, actor, transit=False)] = actor
    return holders


def efficiencies(case: Case) -> Floats:
    """Return the efficiency of each actor's territory in each epoch, shape (e, a); nan for fewer than two places.

    See `corridor.paths.efficiency`: over the populated nodes an actor holds, by the ways it may use, against all roads
    open.
    """
    found, ideal = np.full((len(case.epochs), len(case.actors)), np.nan), _ideal_hours(case)
    for actor in range(len(case.actors)):
        before: tuple[Mask, Mask] | None = None
        for row, epoch in enumerate(case.epochs):
            lived = (epoch.holder == actor) & (case.population > 0)
            links = case.drivable(epoch, actor)
            if before is not None and np.array_equal(lived, before[0]) and np.array_equal(links, before[1]):
                found[row, actor] = found[row - 1, actor]
                continue
            before = lived, links
            places = np.flatnonzero(lived)
            if places.size > 1:
                hours = Roads(case.network, links).hours(places)[:, places]
                found[row, actor] = efficiency(hours, ideal[np.ix_(places, places)], case.population[places])
    return found


def overlook_effect(case: Case) -> OverlookEffect:
    """Return what the overlook rule changes for each actor in each epoch, whether the scenario has it on or off."""
    roads = np.zeros((len(case.epochs), len(case.actors)), dtype=np.intp)
    for row, epoch in enumerate(case.epochs):
        for actor in range(len(case.actors)):
            closed = overlooked(case.network, epoch, enterable(epoch, actor, transit=False))
            roads[row, actor] = np.unique(case.network.link_id[closed]).size
    ruled, free = (_evolution(case, overlook=overlook).substantial for overlook in (True, False))
    return OverlookEffect(roads=roads, with_rule=ruled, without_rule=free)


def _thresholds(case: Case) -> Floats:
    return np.array([substantial_threshold(case, actor) for actor in range(len(case.actors))])


def _evolution(case: Case, *, overlook: bool) -> Evolution:
    """Return the pockets of all actors in all epochs."""
    return evolving(
        case.network, _history(case), weight=case.population, threshold=_thresholds(case), overlook=overlook
    )


def _history(case: Case) -> History:
    """Return who holds what and which roads are open (to any vehicle), told by what changes from epoch to epoch."""
    first, none = case.epochs[0], np.zeros(0, dtype=np.intp)
    taken, turned = [(none, none, none)], [(none, none, none.astype(np.bool_))]
    for row, (before, now) in enumerate(pairwise(case.epochs), start=1):
        if now.holder is not before.holder:
            node = np.flatnonzero(now.holder != before.holder)
            taken.append((np.full(node.size, row), node, now.holder[node]))
        if now.share is not before.share:
            link = np.flatnonzero((now.share != before.share).any(axis=0))
            turned.append((np.full(link.size, row), link, _open_roads(case, now)[link]))
    taken_step, taken_node, taken_by = (np.concatenate(column) for column in zip(*taken, strict=True))
    turned_step, turned_link, turned_open = (np.concatenate(column) for column in zip(*turned, strict=True))
    return History(
        steps=len(case.epochs),
        holder=first.holder,
        open=_open_roads(case, first),
        taken_step=taken_step,
        taken_node=taken_node,
        taken_by=taken_by,
        turned_step=turned_step,
        turned_link=turned_link,
        turned_open=turned_open,
    )


def _open_roads(case: Case, epoch: Epoch) -> Mask:
    is_open: Mask = (case.network.mode == ROAD) & (epoch.share > 0).any(axis=0)
    return is_open


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


def _ideal_hours(case: Case) -> Floats:
    """Return the travel times between populated nodes with every road open, shape (n, n); nan elsewhere."""
    places = np.flatnonzero(case.population > 0)
    hours = np.full((case.population.size, case.population.size), np.nan)
    hours[places] = Roads(case.network, case.network.mode == ROAD).hours(places)
    return hours
