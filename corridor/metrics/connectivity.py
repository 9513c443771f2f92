"""How whole an actor's territory is at one instant: pockets, ways between anchors, reach of sources, who is cut off."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np

from corridor.case import Case, check_actor, check_hour
from corridor.control import CONTESTED, Epoch, enterable
from corridor.metrics.access import WITHIN, hours_from_sources, isochrones
from corridor.metrics.anchors import anchors, way_shares
from corridor.metrics.cuts import cut
from corridor.metrics.territory import Pocket, pockets
from corridor.network import ROAD, Floats, Mask, Texts
from corridor.paths import Roads, efficiency

__all__ = ["Connectivity", "Leader", "PairNow", "Reachable", "Unreached", "connectivity", "delivered"]

LEADERS = 10
"""How many places and roads that much leads through are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairNow:
    """Two anchors (ids) and the fastest way between them: `km`, free-flow truck `hours`, nan where there is none.

    `detour` is those hours over the hours at the scenario's start, nan where there was no way then; `through` the ids
    of others who hold places on the way (``contested``: nobody does), in the order in which it comes to them.
    `max_flow_vehicles_per_day` is the most for which all ways together have room, `inf` where nothing binds; `binding`
    the ids of the roads and of the nodes with gates that bind (see `corridor.metrics.cut`).
    """

    origin: str
    destination: str
    km: float
    hours: float
    detour: float
    through: tuple[str, ...]
    max_flow_vehicles_per_day: float
    binding: tuple[str, ...]

    @property
    def reachable(self) -> bool:
        """Return whether there is a way."""
        return not np.isnan(self.hours)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reachable:
    """The people an actor holds by how far a source of a commodity is: `people` within each of the hours asked for.

    `beyond` have a way, but a longer one; `cut_off` have none, though there is one with every road open; `never` have
    none even then.
    """

    commodity: str
    people: tuple[float, ...]
    beyond: float
    cut_off: float
    never: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreached:
    """A place (id) that asks for a commodity and has no way from any source of it since the hour `since`.

    `since` is -inf if it has had none since the scenario's start or before; `never` if there is none with every road
    open.
    """

    commodity: str
    place: str
    persons: float
    since: float
    never: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Leader:
    """A node or road (id, name) and the `share` of an actor's demand for ways that leads through or over it."""

    id: str
    name: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Connectivity:
    """How whole the territory of `actor` (a position) is at `hour`: what the fields of the same names say elsewhere.

    `within` are the hours of `reachable`; `places` and `roads` those that most of what connects the actor's people
    leads through, both directions of a road together, most first.
    """

    hour: float
    actor: int
    population: float
    pockets: tuple[Pocket, ...]
    largest_share: float
    fragmentation: float
    efficiency: float
    pairs: tuple[PairNow, ...]
    within: tuple[float, ...]
    reachable: tuple[Reachable, ...]
    unreached: tuple[Unreached, ...]
    places: tuple[Leader, ...]
    roads: tuple[Leader, ...]


def connectivity(case: Case, hour: float = 0.0, actor: int = 0, *, within: Sequence[float] = WITHIN) -> Connectivity:
    """Return how whole the territory of an actor is at one instant.

    Parameters
    ----------
    case
        The case.
    hour
        Hours since the scenario's start.
    actor
        The actor, by its position in `case.actors`.
    within
        Free-flow truck hours from a source, rising.

    Raises
    ------
    ValueError
        If there is no such actor, or the hour lies outside the scenario.

    Examples
    --------
    >>> from corridor.case import whole
    >>> from corridor.sources import read_network
    >>> case = whole(read_network("central_syria"))
    >>> found = connectivity(case, 0.0, case.actors.index("everybody"))
    >>> f"{found.population:,.0f}", found.roads[0].id
    ('23,200,000', 'shinshar-jn_homs_s')
    """
    check_hour(case, hour)
    check_actor(case, actor)
    epoch = case.epoch_at(hour)
    found = pockets(case, epoch, actor)
    share = np.array([pocket.share for pocket in found])
    lived_in = bool(share.sum() > 0)
    own = epoch.holder == actor
    wanted = delivered(case)
    through, over = way_shares(case, epoch, actor)
    net = case.network
    road, first, group = np.unique(net.link_id, return_index=True, return_inverse=True)
    return Connectivity(
        hour=hour,
        actor=actor,
        population=float(case.population[own].sum()),
        pockets=found,
        largest_share=float(share[0]) if lived_in else np.nan,
        fragmentation=max(0.0, 1.0 - float(share @ share)) if lived_in else np.nan,
        efficiency=_efficiency(case, epoch, actor),
        pairs=tuple(_pairs(case, epoch, actor)),
        within=tuple(within),
        reachable=tuple(_reachable(case, epoch, actor, commodity, within) for commodity in wanted),
        unreached=tuple(one for commodity in wanted for one in _unreached(case, epoch, actor, commodity)),
        places=_leaders(net.node_id, net.node_name, through),
        roads=_leaders(road, net.link_name[first], np.bincount(group, over).astype(np.float64)),
    )


def delivered(case: Case) -> tuple[int, ...]:
    """Return the commodities (positions) that somebody asks for and that vehicles carry."""
    asked = (case.supply.demand > 0).any(axis=0) & (case.supply.vehicle >= 0)
    return tuple(np.flatnonzero(asked).tolist())


def _efficiency(case: Case, epoch: Epoch, actor: int) -> float:
    """Return how well the people of an actor reach each other against all roads open; nan for fewer than two places."""
    places = np.flatnonzero((epoch.holder == actor) & (case.population > 0))
    if places.size <= 1:
        return np.nan
    links = case.drivable(epoch, actor), case.network.mode == ROAD
    hours, ideal = (Roads(case.network, mask).hours(places)[:, places] for mask in links)
    return efficiency(hours, ideal, case.population[places])


def _pairs(case: Case, epoch: Epoch, actor: int) -> Iterator[PairNow]:
    """Give how far each two anchors are from each other, from the earlier of them to the later."""
    pairs = list(combinations(anchors(case), 2))
    now, start = (_ways(case, when, actor, pairs) for when in (epoch, case.epoch_at(0.0)))
    for (origin, destination), (km, hours, through), (_, before, _) in zip(pairs, now, start, strict=True):
        most = cut(case, epoch, actor, (origin,), (destination,))
        gates = case.network.node_id[[gate.node for gate in most.gates]].tolist()
        yield PairNow(
            origin=str(case.network.node_id[origin]),
            destination=str(case.network.node_id[destination]),
            km=km,
            hours=hours,
            detour=hours / before if before > 0 else np.nan,
            through=through,
            max_flow_vehicles_per_day=most.value,
            binding=(*(road.id for road in most.roads), *gates),
        )


class _Way(NamedTuple):
    """How long a way is, nan where there is none, and through whose places it leads."""

    km: float
    hours: float
    through: tuple[str, ...]


def _ways(case: Case, epoch: Epoch, actor: int, pairs: Sequence[tuple[int, int]]) -> list[_Way]:
    """Return the fastest way of each pair."""
    nodes, roads = enterable(epoch, actor), Roads(case.network, case.drivable(epoch, actor))
    found = []
    for origin, destination in pairs:
        route = roads.route(origin, destination) if nodes[origin] and nodes[destination] else None
        if route is None:
            found.append(_Way(np.nan, np.nan, ()))
            continue
        way = list(route)
        holders = epoch.holder[[origin, *case.network.head[way].tolist()]].tolist()
        others = dict.fromkeys(holder for holder in holders if holder != actor)
        through = tuple("contested" if holder == CONTESTED else case.actors[holder] for holder in others)
        found.append(_Way(float(case.network.length[way].sum()), float(case.network.hours[way].sum()), through))
    return found


def _reachable(case: Case, epoch: Epoch, actor: int, commodity: int, within: Sequence[float]) -> Reachable:
    near = isochrones(case, epoch, commodity=commodity, actor=actor, within=within)

    def people(where: Mask) -> float:
        return float(case.population[where].sum())

    return Reachable(
        commodity=case.supply.commodities[commodity],
        people=tuple(near.people.tolist()),
        beyond=people(near.beyond),
        cut_off=people(near.cut_off),
        never=people(near.never),
    )


def _unreached(case: Case, epoch: Epoch, actor: int, commodity: int) -> Iterator[Unreached]:
    """Give the places that have no way from a source, those that lost it first and with most people first."""
    epochs = case.epochs[: epoch.index + 1]
    cut = np.isinf(hours_from_sources(case, epochs, commodity))
    asks = (epoch.holder == actor) & (case.population > 0) & (case.supply.demand[:, commodity] > 0)
    nodes = np.flatnonzero(asks & cut[-1])
    # The last epoch with a way, counted back from now, is followed by the first of those without.
    span = np.where(cut[:, nodes].all(axis=0), len(epochs), (~cut[::-1, nodes]).argmax(axis=0))
    starts = np.array([one.start for one in epochs])[len(epochs) - span]
    since = np.where(starts > 0, starts, -np.inf)
    never = isochrones(case, epoch, commodity=commodity).never
    for place in np.lexsort((nodes, -case.population[nodes], since)).tolist():
        yield Unreached(
            commodity=case.supply.commodities[commodity],
            place=str(case.network.node_id[nodes[place]]),
            persons=float(case.population[nodes[place]]),
            since=float(since[place]),
            never=bool(never[nodes[place]]),
        )


def _leaders(ids: Texts, names: Texts, share: Floats) -> tuple[Leader, ...]:
    """Return those with the most of `share`, of equals the first; nothing leads through the others."""
    order = np.argsort(-share, kind="stable")[:LEADERS]
    led = order[share[order] > 0].tolist()
    return tuple(Leader(id=str(ids[one]), name=str(names[one]), share=float(share[one])) for one in led)
