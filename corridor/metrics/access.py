"""How far the sources of each commodity are from the people, who is within reach of one, and who is cut off when."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corridor.case import Case, source_nodes
from corridor.control import Epoch, enterable, passable
from corridor.network import ROAD, Floats, Ints, Mask
from corridor.paths import Roads

__all__ = [
    "Isochrones",
    "accessible_population",
    "hours_from_sources",
    "isochrones",
    "isolation",
    "source_hours",
    "source_nodes",
]

WITHIN = (1.0, 2.0, 3.0, 6.0, 12.0)
"""Hours of the isochrones, if no others are asked for."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Isochrones:
    """Hold how far every node of an actor (or of all) is in one epoch from the nearest of some origins.

    `commodity` is the position of that whose sources are asked for (None: other places), `actor` whose nodes (None:
    those of every actor); `origins` are node positions, `within` (b,) hours. Of shape (n,): `hours` free-flow truck
    hours by the ways that the node's holder may use, `inf` where there is none; `ideal` the same with every road open
    to everybody, from sources that may not be at work now too; `asked` whether the node is held by who was asked
    about; `persons`.
    """

    commodity: int | None
    actor: int | None
    origins: Ints
    within: tuple[float, ...]
    hours: Floats
    ideal: Floats
    asked: Mask
    persons: Floats

    @property
    def people(self) -> Floats:
        """Return the people within each of the hours, shape (b,): those within 6 are among those within 12."""
        mine, limits = self.persons * self.asked, np.array(self.within)
        accessible: Floats = (self.hours <= limits.reshape(-1, 1)) @ mine
        return accessible

    @property
    def beyond(self) -> Mask:
        """Return the nodes that have a way, but one longer than the last of the hours, shape (n,)."""
        far: Mask = self.asked & np.isfinite(self.hours) & (self.hours > max(self.within, default=0.0))
        return far

    @property
    def cut_off(self) -> Mask:
        """Return the nodes that have no way now, though there is one with every road open, shape (n,)."""
        cut: Mask = self.asked & np.isinf(self.hours) & np.isfinite(self.ideal)
        return cut

    @property
    def never(self) -> Mask:
        """Return the nodes that have no way even with every road open to everybody, shape (n,)."""
        apart: Mask = self.asked & np.isinf(self.ideal)
        return apart


def source_hours(case: Case) -> Floats:
    """Return the drive from the nearest source to each node, free-flow truck hours, shape (e, k, n).

    The way is one that the node's holder may use with a vehicle for the commodity (k of them), from a source that the
    holder may enter, in each of e epochs; `inf` where there is none, and where the node is contested.
    """
    commodities = range(len(case.supply.commodities))
    hours = np.full((len(case.epochs), len(commodities), case.network.node_count), np.inf)
    for commodity in commodities:
        hours[:, commodity] = hours_from_sources(case, case.epochs, commodity)
    return hours


def hours_from_sources(case: Case, epochs: Sequence[Epoch], commodity: int) -> Floats:
    """Return the drive from the nearest source of one commodity in each of e `epochs`, hours, shape (e, n).

    See `source_hours`.
    """
    origins = [source_nodes(case, epoch, commodity) for epoch in epochs]
    return _holders_hours(case, epochs, origins, commodity)


def accessible_population(case: Case, *, within: float = 6.0, hours: Floats | None = None) -> Floats:
    """Return the people whom each actor holds `within` so many hours of a source, shape (e, a, k).

    Parameters
    ----------
    case
        The case.
    within
        Free-flow truck hours.
    hours
        What `source_hours` returned, if it is at hand.
    """
    near = (source_hours(case) if hours is None else hours) <= within
    found = np.zeros((len(case.epochs), len(case.actors), near.shape[1]))
    for row, epoch in enumerate(case.epochs):
        held = epoch.holder == np.arange(len(case.actors))[:, None]
        found[row] = (held * case.population) @ near[row].T.astype(np.float64)
    return found


def isolation(case: Case, *, hours: Floats | None = None) -> Floats:
    """Return when each node first has no way from any source of each commodity, hours since the start, shape (n, k).

    The way is that of `source_hours`; a contested node has none. `inf`: never until the end of the scenario
    (right-censored); nan: nobody there asks for the commodity.

    Parameters
    ----------
    case
        The case.
    hours
        What `source_hours` returned, if it is at hand.
    """
    shown = np.array([epoch.end > 0 for epoch in case.epochs])
    cut = np.isinf(source_hours(case) if hours is None else hours) & shown[:, None, None]
    starts = np.array([max(0.0, epoch.start) for epoch in case.epochs])
    first = np.where(cut.any(axis=0), starts[cut.argmax(axis=0)], np.inf).T
    return np.where(case.supply.demand > 0, first, np.nan)


def isochrones(
    case: Case,
    epoch: Epoch,
    *,
    commodity: int | None = None,
    origins: Sequence[int] | Ints = (),
    actor: int | None = None,
    within: Sequence[float] = WITHIN,
) -> Isochrones:
    """Return how far every node is from the nearest source of a commodity at work, or from the nearest of `origins`.

    The way is one that the node's holder may use, from an origin that the holder may enter, as in `source_hours`.

    Parameters
    ----------
    case
        The case.
    epoch
        When.
    commodity
        The position of a commodity: from its sources, with a vehicle for it. None: from `origins`, with a vehicle of
        any kind.
    origins
        Node positions, if no commodity is given.
    actor
        Whose nodes are asked about; None: those of every actor.
    within
        Free-flow truck hours, rising.
    """
    starts, ever, roads = _starts(case, epoch, commodity, origins)
    return Isochrones(
        commodity=commodity,
        actor=actor,
        origins=starts,
        within=tuple(within),
        hours=_holders_hours(case, (epoch,), [starts], commodity)[0],
        ideal=Roads(case.network, roads).nearest(ever)[1],
        asked=epoch.holder >= 0 if actor is None else epoch.holder == actor,
        persons=case.population,
    )


def _starts(case: Case, epoch: Epoch, commodity: int | None, origins: Sequence[int] | Ints) -> tuple[Ints, Ints, Mask]:
    """Return the nodes from which the ways lead in `epoch`, those in any epoch, and the roads, open or not."""
    roads = case.network.mode == ROAD
    if commodity is None:
        given = np.unique(np.asarray(origins, dtype=np.intp))
        return given, given, roads
    known = {source.node for source in case.supply.sources if source.commodity == commodity and source.rate > 0}
    ever = np.array(sorted(known), dtype=np.intp)
    return source_nodes(case, epoch, commodity), ever, roads & (case.supply.vehicle[commodity] >= 0)


def _holders_hours(case: Case, epochs: Sequence[Epoch], origins: Sequence[Ints], commodity: int | None) -> Floats:
    """Return the drive of every node's holder from the nearest of each epoch's origins, hours, shape (e, n)."""
    hours = np.full((len(epochs), case.network.node_count), np.inf)
    for actor in range(len(case.actors)):
        before: tuple[Mask, Ints] | None = None
        for row, epoch in enumerate(epochs):
            own = epoch.holder == actor
            if not own.any():
                continue
            nodes = enterable(epoch, actor, commodity=commodity)
            links = _links_for(case, epoch, nodes, commodity)
            starts = origins[row][nodes[origins[row]]]
            if before is None or not (np.array_equal(links, before[0]) and np.array_equal(starts, before[1])):
                _, near = Roads(case.network, links).nearest(starts)
                before = links, starts
            hours[row, own] = near[own]
    return hours


def _links_for(case: Case, epoch: Epoch, nodes: Mask, commodity: int | None) -> Mask:
    """Return the links among `nodes` that a vehicle for the commodity (None: any vehicle) can drive, shape (m,)."""
    vehicle = None if commodity is None else int(case.supply.vehicle[commodity])
    if vehicle is not None and vehicle < 0:
        return np.zeros(case.network.link_count, dtype=np.bool_)
    return passable(case.network, epoch, nodes, overlook=case.scenario.overlook, vehicle=vehicle)
