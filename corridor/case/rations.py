"""Rationing: at which stock, where, use is cut to what share of demand, and rules that contradict each other."""

from itertools import combinations
from typing import NamedTuple

import numpy as np

from corridor.case.goods import HOURS_A_DAY
from corridor.case.names import Names, Where
from corridor.network import Floats
from corridor.scenario.model import Rationing, Scenario

__all__ = ["bind_rations"]


class _Step(NamedTuple):
    """A rule of rationing: its number among the scenario's, the positions of its commodity and of its nodes."""

    number: int
    commodity: int
    nodes: tuple[int, ...]
    rule: Rationing


def bind_rations(scenario: Scenario, names: Names, demand: Floats) -> tuple[Floats, Floats]:
    """Return the stocks, tonnes, that use is cut at, falling along the last axis, and the shares it is cut to.

    Both of shape (n, k, r), r the most steps that a commodity has anywhere, at least 1; level 0 and share 1 where
    there are fewer. `demand` (n, k) is everyday use, tonnes an hour.
    """
    steps = _steps(scenario, names, demand.shape[1])
    _check_overlaps(names, steps)
    taken = np.zeros(demand.shape, dtype=np.intp)
    for step in steps:
        taken[list(step.nodes), step.commodity] += 1
    shape = (*demand.shape, max(1, int(taken.max(initial=0))))
    level, share = np.zeros(shape), np.ones(shape)
    taken[:] = 0
    for step in sorted(steps, key=lambda step: -step.rule.below_days):
        nodes, column = list(step.nodes), step.commodity
        at = taken[nodes, column]
        level[nodes, column, at] = demand[nodes, column] * HOURS_A_DAY * step.rule.below_days
        share[nodes, column, at] = step.rule.share
        taken[nodes, column] += 1
    return level, share


def _steps(scenario: Scenario, names: Names, commodities: int) -> list[_Step]:
    found = []
    for index, rule in enumerate(scenario.supply.rationing):
        where: Where = ("supply", "rationing", index)
        column = names.commodity(rule.commodity, (*where, "commodity"))
        nodes = names.places(rule.places, (*where, "places"))
        # A commodity that the network does not have is told where the scenario lists it.
        if column is not None and column < commodities:
            found.append(_Step(index, column, nodes, rule))
    return found


def _check_overlaps(names: Names, steps: list[_Step]) -> None:
    """Note each rule that says of a place what an earlier one denies: with less in stock, people get less."""
    told: set[int] = set()
    for first, second in combinations(steps, 2):
        common = set(first.nodes) & set(second.nodes)
        if first.commodity != second.commodity or not common or second.number in told:
            continue
        more, less = sorted((first.rule, second.rule), key=lambda rule: -rule.below_days)
        if more.below_days > less.below_days and more.share > less.share:
            continue
        told.add(second.number)
        place = names.network.node_id[min(common)]
        rations = f"{more.share:g} below {more.below_days:g} days and {less.share:g} below {less.below_days:g} days"
        key = "share" if more.below_days > less.below_days else "below_days"
        names.note(
            ("supply", "rationing", second.number, key),
            f"overlapping rations: use of {second.rule.commodity} at '{place}' is cut to {rations}; "
            "expected a smaller share the fewer days are left, and one rule for each number of days",
        )
