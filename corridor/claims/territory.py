"""Measures of who holds what: pockets, holders, and when places changed hands."""

from collections.abc import Sequence

import numpy as np

from corridor.claims.view import View
from corridor.control import CONTESTED, Epoch
from corridor.metrics import Pocket, pockets

__all__ = [
    "actors_gaining",
    "first_held",
    "held_persons_share",
    "holder",
    "in_turn",
    "lost_nodes",
    "pocket_count",
    "pocket_persons",
    "together",
]

Nodes = tuple[int, ...]


def pocket_count(view: View, actor: int, hour: float) -> float:
    """Return the number of an actor's substantial pockets."""
    return sum(pocket.substantial for pocket in pockets(view.case, view.epoch(hour), actor))


def pocket_persons(view: View, actor: int, place: Nodes, hour: float) -> float | None:
    """Return the people of the actor's pocket in which all of a place lies; None if it lies in no single one."""
    home = _pocket_of(view, actor, place, hour)
    return None if home is None else home.population


def together(view: View, actor: int, one: Nodes, other: Nodes, hour: float) -> bool:
    """Return whether two places lie in the same pocket of an actor."""
    return _pocket_of(view, actor, one + other, hour) is not None


def holder(view: View, place: Nodes, hour: float) -> str:
    """Return who holds a place: an actor's id, ``none`` where it is contested, ``several`` where parts differ."""
    holders = set(view.epoch(hour).holder[list(place)].tolist())
    if len(holders) > 1:
        return "several"
    (position,) = holders
    return "none" if position == CONTESTED else view.case.actors[position]


def held_persons_share(view: View, actor: int, place: Nodes, hour: float) -> float:
    """Return the share of a place's people whom an actor holds; of its nodes where nobody lives there."""
    nodes = np.array(place)
    weight = view.case.population[nodes]
    if not weight.any():
        weight = np.ones(nodes.size)
    return float(weight[view.epoch(hour).holder[nodes] == actor].sum() / weight.sum())


def first_held(view: View, place: Nodes, actor: int) -> float | None:
    """Return when an actor first holds all of a place, hours since the start; None if it never does."""
    for epoch in view.case.epochs:
        if epoch.end > 0 and _held(epoch, place, actor):
            return max(0.0, epoch.start)
    return None


def in_turn(view: View, places: Sequence[Nodes], actor: int) -> bool:
    """Return whether places come into an actor's hands in the order given, to stay there until the scenario's end."""
    hours = [_kept_from(view, place, actor) for place in places]
    known = [hour for hour in hours if hour is not None]
    return len(known) == len(hours) and known == sorted(known)


def lost_nodes(view: View, actor: int, start: float, end: float) -> float:
    """Return how many nodes an actor holds at `start` and no more at `end`."""
    return int(np.sum((view.epoch(start).holder == actor) & (view.epoch(end).holder != actor)))


def actors_gaining(view: View, loser: int, start: float, end: float) -> float:
    """Return how many actors hold something at `end` that another held at `start`."""
    before, after = view.epoch(start).holder, view.epoch(end).holder
    return len(set(after[(before == loser) & (after != loser) & (after != CONTESTED)].tolist()))


def _pocket_of(view: View, actor: int, place: Nodes, hour: float) -> Pocket | None:
    inside = (pocket for pocket in pockets(view.case, view.epoch(hour), actor) if set(place) <= set(pocket.nodes))
    return next(inside, None)


def _kept_from(view: View, place: Nodes, actor: int) -> float | None:
    """Return since when an actor holds all of a place at the end; None if it does not, or always did."""
    since = None
    for epoch in reversed(view.case.epochs):
        if not _held(epoch, place, actor):
            return since
        since = epoch.start
    return None


def _held(epoch: Epoch, place: Nodes, actor: int) -> bool:
    return bool((epoch.holder[list(place)] == actor).all())
