"""How long people keep a way to a source of each commodity: survival curves of the time to isolation."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from corridor.case import Case
from corridor.metrics.access import isolation, source_hours
from corridor.network import Floats, Mask, Texts

__all__ = ["Survival", "SurvivalCurve", "follow", "kaplan_meier", "survival"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SurvivalCurve:
    """Hold the steps of a survival curve, each of shape (t,): the first at 0, then one at every instant of a loss.

    `time` hours since the start; `at_risk` persons who had their way until then and are not yet censored; `lost`
    those of them who lose it then; `share` what is left of all from then on.
    """

    time: Floats
    at_risk: Floats
    lost: Floats
    share: Floats

    def at(self, hour: float) -> float:
        """Return the share that still has its way at `hour` (not negative), after the losses of that instant."""
        return float(self.share[np.searchsorted(self.time, hour, side="right") - 1])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Survival:
    """Hold how long the people of a group keep a way to a source of a commodity.

    `group` is the id of the actor who holds them at the start (``contested``: nobody) or of their area; `persons`
    those who ask for the commodity, `without` those of them who have no way at the start and are left out, `changed`
    those of the others whose place changes hands until the end. `curve` is how many have had a way all the time since
    the start, `connected` (e,) the share of the same people who have a way from `since` (e,), hours, on: it can rise
    again.
    """

    commodity: str
    group: str
    persons: float
    without: float
    changed: float
    curve: SurvivalCurve
    since: Floats
    connected: Floats


def kaplan_meier(ends: Floats, weights: Floats, *, observed: Mask | None = None) -> SurvivalCurve:
    r"""Return the product-limit estimate of how long things last [1]_, each thing counting by its weight.

    .. math:: S(t) = \prod_{t_i \le t} \left(1 - \frac{d_i}{n_i}\right)

    with :math:`d_i` the weight of what is lost at :math:`t_i`, and :math:`n_i` of what lasted until then and was not
    censored before. Where nothing is censored before the last loss, this is the share of the weight that lasts.

    Parameters
    ----------
    ends
        When each thing is lost, or was last seen, hours, shape (n,); not negative, `inf` allowed.
    weights
        Of each thing, more than 0, shape (n,).
    observed
        Whether it is lost then, shape (n,); else it is censored, after the losses of the same instant. By default
        what ends at a finite time is lost.

    References
    ----------
    .. [1] E. L. Kaplan, P. Meier, "Nonparametric estimation from incomplete observations", Journal of the American
       Statistical Association 53(282), 1958.
    """
    seen = np.isfinite(ends) if observed is None else observed
    time, step = np.unique(ends, return_inverse=True)
    leaving = np.bincount(step, weights, minlength=time.size)
    lost = np.bincount(step, weights * seen, minlength=time.size)
    at_risk = np.cumsum(leaving[::-1])[::-1]
    here = lost > 0
    share = np.cumprod(1.0 - lost[here] / at_risk[here])
    return SurvivalCurve(
        time=np.append(0.0, time[here]),
        at_risk=np.append(weights.sum(), at_risk[here]),
        lost=np.append(0.0, lost[here]),
        share=np.append(1.0, share),
    )


def follow(isolated: Floats, persons: Floats) -> SurvivalCurve:
    """Return how long people keep their way, of those who have one at the start.

    Parameters
    ----------
    isolated
        When each place first has no way, hours since the start, shape (n,): see `corridor.metrics.isolation`.
    persons
        Who live there, shape (n,).
    """
    had = (isolated > 0) & (persons > 0)
    return kaplan_meier(isolated[had], persons[had])


def survival(
    case: Case, *, by: Literal["actor", "area"] = "actor", hours: Floats | None = None
) -> tuple[Survival, ...]:
    """Return how long the people keep a way to a source of each commodity, by who holds them at the start or by area.

    A place whose holder changes has the ways of its new holder from then on, as in `isolation`, so that its fall
    censors nothing; all that is censored is censored at the end of the scenario. People are counted where they live
    at the start. Commodities that nobody asks for and groups that ask for none have no curve.

    Parameters
    ----------
    case
        The case.
    by
        How people are grouped.
    hours
        What `corridor.metrics.source_hours` returned, if it is at hand.
    """
    near = source_hours(case) if hours is None else hours
    isolated = isolation(case, hours=near)
    groups = _groups(case, by)
    shown = [epoch for epoch in case.epochs if epoch.end > 0]
    since = np.array([max(0.0, epoch.start) for epoch in shown])
    holder = np.array([epoch.holder for epoch in shown])
    moved = (holder != holder[0]).any(axis=0)
    found = []
    for commodity, name in enumerate(case.supply.commodities):
        way = np.isfinite(near[[epoch.index for epoch in shown], commodity])
        for group in dict.fromkeys(groups.tolist()):
            asks = (groups == group) & ~np.isnan(isolated[:, commodity])
            persons = np.where(asks, case.population, 0.0)
            if persons.any():
                found.append(
                    _of_group((name, group), isolated[:, commodity], persons, moved=moved, since=since, way=way)
                )
    return tuple(found)


def _of_group(
    names: tuple[str, str], isolated: Floats, persons: Floats, *, moved: Mask, since: Floats, way: Mask
) -> Survival:
    """Return the survival of a commodity and group; `moved` (n,): its holder changes; `way` (e, n): it has one."""
    had = np.where(isolated > 0, persons, 0.0)
    return Survival(
        commodity=names[0],
        group=names[1],
        persons=float(persons.sum()),
        without=float(persons[isolated == 0].sum()),
        changed=float(had[moved].sum()),
        curve=follow(isolated, persons),
        since=since,
        connected=way @ had / had.sum() if had.any() else np.full(since.size, np.nan),
    )


def _groups(case: Case, by: Literal["actor", "area"]) -> Texts:
    """Return the group of each node, shape (n,)."""
    if by == "area":
        return case.network.area
    names = np.array([*case.actors, "contested"])
    chosen: Texts = names[case.epoch_at(0.0).holder]
    return chosen
