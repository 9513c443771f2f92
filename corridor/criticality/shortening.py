"""How much shorter trips would be with a closed road open again, for each of several roads alone."""

from collections.abc import Sequence

import numpy as np

from corridor.case import Case, check_actor, check_hour
from corridor.case.trips import trip_demand
from corridor.criticality.reopening import Shut
from corridor.network import Floats
from corridor.paths import Roads

__all__ = ["shortened"]

ROUNDING = 1e-9
"""Hours; smaller differences are rounding."""


def shortened(case: Case, actor: int, hour: float, shut: Sequence[Shut]) -> Floats:
    r"""Return how many hours each of r closed roads alone would take off the mean trip if it were open, shape (r,).

    With :math:`q_{st}` the demand between the places of the actor (see `corridor.case.trips.trip_demand`), of those
    that are joined already, and :math:`t_{st}` the free-flow lorry hours,

    .. math:: \sum_{s,t} q_{st} \bigl( t_{st} - \min(t_{st},\; t_{su} + w_{uv} + t_{vt},\; t_{sv} + w_{vu} + t_{ut})
       \bigr)

    for a road between u and v, which is exact: no fastest way takes one road twice. People whom it would join anew are
    for `reopen` to count.

    Parameters
    ----------
    case
        The case.
    actor
        Whose people and roads, by position in `case.actors`.
    hour
        When, hours since the scenario's start.
    shut
        The closed roads, as `Reopening.shut` has them.

    Raises
    ------
    ValueError
        If there is no such actor, or the hour lies outside the scenario.
    """
    check_actor(case, actor)
    check_hour(case, hour)
    epoch, network = case.epoch_at(hour), case.network
    demand = trip_demand(case, epoch, actor)
    roads = Roads(network, case.drivable(epoch, actor))
    there = roads.hours(demand.origins)
    now = there[:, demand.origins]
    share = np.where(np.isfinite(now), demand.share[:, demand.origins], 0.0)
    links = network.link_positions()
    saved = np.zeros(len(shut))
    for row, one in enumerate(shut):
        best = now
        for link in links[one.road]:
            tail, head = int(network.tail[link]), int(network.head[link])
            onward = roads.hours([head])[0, demand.origins]
            best = np.minimum(best, there[:, tail, None] + network.hours[link] + onward)
        gain = np.subtract(now, best, out=np.zeros_like(now), where=np.isfinite(now))
        saved[row] = float((share * np.where(gain > ROUNDING, gain, 0.0)).sum())
    return saved
