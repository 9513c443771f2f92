"""The demand for trips between an actor's people: for each two places, the product of the people at both ends."""

from dataclasses import dataclass

import numpy as np

from corridor.case.model import Case
from corridor.control import Epoch
from corridor.network import Floats, Ints

__all__ = ["TripDemand", "trip_demand"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TripDemand:
    """Hold the demand between an actor's people: `persons` by node (n,), `origins` (s,), and shares of all, (s, n)."""

    persons: Floats
    origins: Ints
    share: Floats


def trip_demand(case: Case, epoch: Epoch, actor: int) -> TripDemand:
    r"""Return the demand between the people whom an actor holds in an epoch, shares of all of it.

    .. math:: q_{st} = \frac{p_s p_t}{\sum_{i \ne j} p_i p_j}

    with :math:`p` the people at each place; all 0 where fewer than two places have any.
    """
    persons = np.where(epoch.holder == actor, case.population, 0.0)
    origins = np.flatnonzero(persons)
    share = persons[origins, None] * persons
    share[np.arange(origins.size), origins] = 0.0
    total = float(share.sum())
    return TripDemand(persons=persons, origins=origins, share=share / total if total > 0 else share)
