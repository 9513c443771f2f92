"""Whose turn it is: commodities among each other for vehicles, and places by their class."""

import numpy as np

from corridor.case.names import Names
from corridor.network import Commodity, Ints
from corridor.policies import Priority
from corridor.scenario.model import Scenario

__all__ = ["commodity_order", "place_rank"]


def commodity_order(scenario: Scenario, names: Names, rows: tuple[Commodity, ...]) -> tuple[int, ...]:
    """Return the positions of the k commodities in the order in which vehicles are given to them.

    It is the scenario's order; under a policy of priority those it names come first, then the others by the
    network's priority.
    """
    policy = scenario.supply.policy
    if not isinstance(policy, Priority):
        return tuple(range(len(rows)))
    named = names.commodities(policy.commodities, ("supply", "policy", "commodities"))
    first = {column: turn for turn, column in enumerate(named)}
    turns = sorted(range(len(rows)), key=lambda column: (first.get(column, len(named)), rows[column].priority))
    return tuple(turns)


def place_rank(scenario: Scenario, names: Names) -> Ints:
    """Return when each place is served, 0 first, shape (n,): by its kind under a policy of priority, else all alike."""
    kinds = names.network.kind
    rank = np.zeros(kinds.size, dtype=np.intp)
    policy = scenario.supply.policy
    if not isinstance(policy, Priority):
        return rank
    known = sorted(set(kinds.tolist()))
    rank[:] = len(policy.kinds)
    for turn, kind in enumerate(policy.kinds):
        if kind not in known:
            names.unknown(("supply", "policy", "kinds", turn), "kind of place", kind, known)
        rank[kinds == kind] = turn
    return rank
