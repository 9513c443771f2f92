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

SOURCE, DEPOT, PLACE = 0, 1, 2
DAY, WEEK = 24.0, 168.0
ROUNDING = 1e-9


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
    lack = state.target[:, commodity] - _position(state, commodity)
    nodes = np.flatnonzero((lack > GRAM) & (state.tier[:, commodity] == tier) & (state.epoch.holder != CONTESTED))
    lack = lack[nodes]
    short = state.target[nodes, commodity] - lack < DAY * state.everyday[nodes, commodity]
    return nodes[lack >= _lot(state, commodity, nodes, short)]


def _lot(state: State, commodity: int, nodes: Ints, short: Mask) -> Floats:
    """Return the least tonnes that are worth a drive to each of d nodes, shape (d,).

    A vehicle's load or a day's demand, whichever is more, but not more than half the target; to a place that is
    `short` (d,), with less than a day of demand, half a load will do, or a day's demand where that is less.
    """
    day, payload = DAY * state.everyday[nodes, commodity], state.payload[commodity]
    usual = np.minimum(np.maximum(payload, day), state.target[nodes, commodity] / 2)
    lot: Floats = np.where(short, np.minimum(np.minimum(payload / 2, day), usual), usual)
    return lot


def _by_holder(state: State, nodes: Ints) -> Iterator[tuple[int, Ints]]:
    holders = state.epoch.holder[nodes]
    for actor in sorted(set(holders.tolist())):
        yield actor, nodes[holders == actor]


def _supply(state: State, commodity: int, actor: int, tier: int, needy: Ints) -> None:
    """Order one commodity for the places of one actor that are in need, and send off what vehicles can carry."""
    ways = state.travel.of(state.travel.group(actor, commodity))
    spare = _spare(state, commodity, ways.nodes, actor, tier)
    suppliers = np.flatnonzero(spare > GRAM)
    if not suppliers.size:
        return
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
    short = position < DAY * situation.demand
    lots = _lot(state, commodity, needy, short)
    orders = state.case.scenario.supply.policy.allot(situation)
    for order in _whole_loads(orders, situation, lots):
        ends = int(suppliers[order.supplier]), int(needy[order.place])
        dispatch(state, ends, commodity, order.tonnes, actor)


def _whole_loads(orders: list[Order], situation: Situation, lots: Floats) -> Iterator[Order]:
    """Yield the orders that are worth a drive, of as many tonnes of each supplier as were ordered from it.

    Where supply is short a policy spreads it thin. Then the places with the fewest days of supply get what is worth
    a drive each (`lots`, tonnes), and those with more wait for the next review.
    """
    use = np.maximum(situation.demand, situation.target / WEEK)
    turn = np.argsort(np.argsort(situation.position / use, kind="stable")).tolist()
    wanted = (situation.target - situation.position).tolist()
    least = lots.tolist()
    left: dict[int, float] = {}
    for order in orders:
        left[order.supplier] = left.get(order.supplier, 0.0) + order.tonnes
    for order in sorted(orders, key=lambda order: turn[order.place]):
        lot = least[order.place]
        tonnes = min(max(order.tonnes, lot), wanted[order.place], left[order.supplier])
        # A rounding error of the policy does not make an order too small.
        if tonnes >= lot * (1 - ROUNDING):
            left[order.supplier] -= tonnes
            wanted[order.place] -= tonnes
            yield Order(order.supplier, order.place, tonnes)


def _spare(state: State, commodity: int, enterable: Mask, actor: int, tier: int) -> Floats:
    """Return the tonnes that each node can send to a tier of an actor now, by stock and by vehicles, shape (n,).

    Those are its own sources and depots, and the sources of others that it may enter: it buys there.
    """
    level = state.stocks.grid(state.stocks.level)[:, commodity]
    kept = state.everyday[:, commodity] * state.wanted_hours[commodity]
    carried = state.fleet[:, state.vehicle[commodity]] * state.payload[commodity]
    level_of, holder = state.tier[:, commodity], state.epoch.holder
    gives = (level_of >= 0) & (level_of < tier) & enterable
    gives &= (holder == actor) | ((level_of == SOURCE) & (holder != CONTESTED))
    spare: Floats = np.where(gives, np.minimum(level - kept, carried), 0.0)
    return spare
