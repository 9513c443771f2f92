"""How far the sources of each commodity are from the people, who is within reach of one, and who is cut off when."""

from collections.abc import Sequence

import numpy as np

from corridor.case import Case, Source
from corridor.control import Epoch, enterable, passable
from corridor.network import Floats, Ints, Mask
from corridor.paths import Roads

__all__ = ["accessible_population", "isolation", "source_hours", "source_nodes"]


def source_nodes(case: Case, epoch: Epoch, commodity: int) -> Ints:
    """Return the nodes (positions) where a source of `commodity` is at work at some time in `epoch`."""
    found = {
        source.node
        for position, source in enumerate(case.supply.sources)
        if source.commodity == commodity and source.rate > 0 and _at_work(case, epoch, position, source)
    }
    return np.array(sorted(found), dtype=np.intp)


def source_hours(case: Case) -> Floats:
    """Return the drive from the nearest source to each node, free-flow truck hours, shape (e, k, n).

    The way is one that the node's holder may use with a vehicle for the commodity (k of them), from a source that the
    holder may enter, in each of e epochs; `inf` where there is none, and where the node is contested.
    """
    commodities = range(len(case.supply.commodities))
    hours = np.full((len(case.epochs), len(commodities), case.network.node_count), np.inf)
    for commodity in commodities:
        sources = [source_nodes(case, epoch, commodity) for epoch in case.epochs]
        for actor in range(len(case.actors)):
            _fill_hours(hours[:, commodity], case, actor, commodity, sources)
    return hours


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


def _fill_hours(hours: Floats, case: Case, actor: int, commodity: int, sources: Sequence[Ints]) -> None:
    """Write the hours from the nearest source to the nodes that `actor` holds into `hours`, shape (e, n)."""
    vehicle = int(case.supply.vehicle[commodity])
    before: tuple[Mask, Ints] | None = None
    for row, epoch in enumerate(case.epochs):
        own = epoch.holder == actor
        if not own.any():
            continue
        nodes = enterable(epoch, actor, commodity=commodity)
        if vehicle < 0:
            links = np.zeros(case.network.link_count, dtype=np.bool_)
        else:
            links = passable(case.network, epoch, nodes, overlook=case.scenario.overlook, vehicle=vehicle)
        origins = sources[row][nodes[sources[row]]]
        if before is None or not (np.array_equal(links, before[0]) and np.array_equal(origins, before[1])):
            _, near = Roads(case.network, links).nearest(origins)
            before = links, origins
        hours[row, own] = near[own]


def _at_work(case: Case, epoch: Epoch, position: int, source: Source) -> bool:
    """Return whether a source gives anything between the beginning and the end of `epoch`."""
    changes = sorted((change.time, change.share) for change in case.supply.rate_changes if change.source == position)
    begins = [-np.inf, *(time for time, _ in changes)]
    ends = [*begins[1:], np.inf]
    shares = [1.0, *(share for _, share in changes)]
    return any(
        share > 0 and max(begin, source.start, epoch.start) < min(end, source.end, epoch.end)
        for begin, end, share in zip(begins, ends, shares, strict=True)
    )
