"""The review: who is in need, who can give, and which orders of the policy are worth a drive."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from corridor.control import CONTESTED
from corridor.policies import Order, Situation
from corridor.simulation.convoys import dispatch
from corridor.simulation.pipes import run_pipes
from corridor.simulation.state import State
from corridor.simulation.stocks import GRAM

__all__ = ["review"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Mask = NDArray[np.bool_]

DEPOT, PLACE = 1, 2
DAY = 24.0


def review(state: State) -> None:
    """Let pipelines take in what they can, then order and dispatch by road: for places first, then for depots."""
    state.stocks.advance_all(state.now)
    run_pipes(state)
    for commodity, vehicle in enumerate(state.vehicle):
        if vehicle < 0:
            continue
        for tier in (PLACE, DEPOT):
            for actor, needy in _by_holder(state, _in_need(state, commodity, tier)):
                _supply(state, commodity, actor, tier, needy)


def _position(state: State, commodity: int) -> Floats:
    """Return what each node has or is about to get, tonnes, shape (n,)."""
    level = state.stocks.grid(state.stocks.level)[:, commodity]
    position: Floats = level + state.coming[:, commodity] + state.filling[:, commodity]
    return position


def _in_need(state: State, commodity: int, tier: int) -> Ints:
    """Return the nodes of a tier that lack enough of a commodity to be worth a drive."""
    target = state.target[:, commodity]
    position = _position(state, commodity)
    short = position < DAY * state.everyday[:, commodity]
    lack = (target - position >= _lot(state, commodity, short)) & (target - position > GRAM)
    return np.flatnonzero(lack & (state.tier[:, commodity] == tier) & (state.epoch.holder != CONTESTED))


def _lot(state: State, commodity: int, short: Mask) -> Floats:
    """Return the least tonnes that are worth a drive to each node, shape (n,).

    Half a vehicle's load, or half the target where that is less; to a place that is `short`, with less than a day
    of demand, a day's.
    """
    half = np.minimum(state.payload[commodity], state.target[:, commodity]) / 2
    lot: Floats = np.where(short, np.minimum(half, DAY * state.everyday[:, commodity]), half)
    return lot


def _by_holder(state: State, nodes: Ints) -> Iterator[tuple[int, Ints]]:
    holders = state.epoch.holder[nodes]
    for actor in sorted(set(holders.tolist())):
        yield actor, nodes[holders == actor]


def _supply(state: State, commodity: int, actor: int, tier: int, needy: Ints) -> None:
    """Order one commodity for the places of one actor that are in need, and send off what vehicles can carry."""
    spare = _spare(state, commodity, actor, tier)
    suppliers = np.flatnonzero(spare > GRAM)
    if not suppliers.size:
        return
    ways = state.travel.of(state.travel.group(actor, commodity))
    hours = ways.roads.hours(suppliers)[:, needy]
    if not np.isfinite(hours).any():
        return
    position = _position(state, commodity)[needy]
    situation = Situation(
        hours=hours,
        available=spare[suppliers],
        demand=state.everyday[needy, commodity],
        position=position,
        target=state.target[needy, commodity],
    )
    short = _position(state, commodity) < DAY * state.everyday[:, commodity]
    lot = _lot(state, commodity, short)
    for order in state.case.scenario.supply.policy.allot(situation):
        _send(state, commodity, order, (int(suppliers[order.supplier]), int(needy[order.place])), lot)


def _spare(state: State, commodity: int, actor: int, tier: int) -> Floats:
    """Return the tonnes that each node of an actor can send to a tier now, by stock and by vehicles, shape (n,)."""
    level = state.stocks.grid(state.stocks.level)[:, commodity]
    kept = state.everyday[:, commodity] * state.wanted_hours[commodity]
    carried = state.fleet[:, state.vehicle[commodity]] * state.payload[commodity]
    gives = (state.epoch.holder == actor) & (state.tier[:, commodity] >= 0) & (state.tier[:, commodity] < tier)
    spare: Floats = np.where(gives, np.minimum(level - kept, carried), 0.0)
    return spare


def _send(state: State, commodity: int, order: Order, ends: tuple[int, int], lot: Floats) -> None:
    origin, destination = ends
    # A rounding error of the policy does not make an order too small.
    if order.tonnes >= lot[destination] * (1 - 1e-9):
        dispatch(state, origin, destination, commodity, order.tonnes)
