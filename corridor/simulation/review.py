"""The review: who is in need, who can give, and which orders of the policy are worth a drive."""

from collections.abc import Iterator
from typing import NamedTuple

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


class Need(NamedTuple):
    """Hold d `nodes` that lack enough of a commodity to be worth a drive, everything of shape (d,).

    `demand` tonnes an hour; `position` tonnes each has or is about to get, `target` tonnes it should have, and `lot`
    the least tonnes that are worth a drive to it.
    """

    nodes: Ints
    demand: Floats
    position: Floats
    target: Floats
    lot: Floats

    def of(self, chosen: Mask) -> "Need":
        """Return the need of the `chosen` nodes alone."""
        nodes, demand, position, target, lot = self
        return Need(nodes[chosen], demand[chosen], position[chosen], target[chosen], lot[chosen])


def review(state: State) -> None:
    """Let pipelines take in what they can, then order and dispatch by road: for places first, then for depots."""
    state.stocks.advance_all(state.now)
    run_pipes(state)
    for commodity, vehicle in enumerate(state.vehicle):
        if vehicle < 0:
            continue
        for tier in (PLACE, DEPOT):
            need = _in_need(state, commodity, tier)
            holders = state.epoch.holder[need.nodes]
            for actor in sorted(set(holders.tolist())):
                _supply(state, commodity, actor, tier, need.of(holders == actor))


def _in_need(state: State, commodity: int, tier: int) -> Need:
    """Return the need of the nodes of a tier."""
    level, target = state.stocks.grid(state.stocks.level)[:, commodity], state.target[:, commodity]
    position = level + state.coming[:, commodity] + state.filling[:, commodity]
    lacks = (target - position > GRAM) & (state.tier[:, commodity] == tier) & (state.epoch.holder != CONTESTED)
    nodes = lacks.nonzero()[0]
    demand, position, target = state.everyday[nodes, commodity], position[nodes], target[nodes]
    need = Need(nodes, demand, position, target, _lot(state.payload[commodity], demand, position, target))
    return need.of(target - position >= need.lot)


def _lot(payload: float, demand: Floats, position: Floats, target: Floats) -> Floats:
    """Return the least tonnes that are worth a drive to each of d nodes, shape (d,).

    A vehicle's load or a day's demand, whichever is more, but not more than half the target; to a place that has
    less than a day of demand, half a load will do, or a day's demand where that is less.
    """
    day = DAY * demand
    usual = np.minimum(np.maximum(payload, day), target / 2)
    lot: Floats = np.where(position < day, np.minimum(np.minimum(payload / 2, day), usual), usual)
    return lot


def _supply(state: State, commodity: int, actor: int, tier: int, need: Need) -> None:
    """Order one commodity for the places of one actor that are in need, and send off what vehicles can carry."""
    ways = state.travel.of(state.travel.group(actor, commodity))
    spare = _spare(state, commodity, ways.nodes, actor, tier)
    if not spare:
        return
    suppliers = list(spare)
    situation = Situation(
        hours=ways.roads.hours(suppliers)[:, need.nodes],
        available=np.array(list(spare.values())),
        demand=need.demand,
        position=need.position,
        target=need.target,
    )
    orders = state.case.scenario.supply.policy.allot(situation)
    needy = need.nodes.tolist()
    worth = _whole_loads(orders, situation, need.lot)
    loads = [(suppliers[supplier], needy[place], tonnes) for supplier, place, tonnes in worth]
    dispatch(state, loads, commodity, actor)


def _whole_loads(orders: list[Order], situation: Situation, lots: Floats) -> Iterator[Order]:
    """Yield the orders that are worth a drive, of as many tonnes of each supplier as were ordered from it.

    Where supply is short a policy spreads it thin. Then the places with the fewest days of supply get what is worth
    a drive each (`lots`, tonnes), and those with more wait for the next review.
    """
    days = (situation.position / np.maximum(situation.demand, situation.target / WEEK)).tolist()
    wanted = (situation.target - situation.position).tolist()
    least = lots.tolist()
    left: dict[int, float] = {}
    for supplier, _, tonnes in orders:
        left[supplier] = left.get(supplier, 0.0) + tonnes
    for supplier, place, ordered in sorted(orders, key=lambda order: (days[order.place], order.place)):
        lot = least[place]
        tonnes = min(max(ordered, lot), wanted[place], left[supplier])
        # A rounding error of the policy does not make an order too small.
        if tonnes >= lot * (1 - ROUNDING):
            left[supplier] -= tonnes
            wanted[place] -= tonnes
            yield Order(supplier, place, tonnes)


def _spare(state: State, commodity: int, enterable: Mask, actor: int, tier: int) -> dict[int, float]:
    """Return the tonnes that nodes can send to a tier of an actor now, by stock and by vehicles, where there are any.

    Those are its own sources and depots, and the sources of others that it may enter: it buys there.
    """
    vehicle, payload, spare = state.vehicle[commodity], state.payload[commodity], dict[int, float]()
    for node, level_of in state.givers[commodity]:
        holder = state.holder(node)
        buys = level_of == SOURCE and holder != CONTESTED
        if level_of < tier and enterable[node] and (holder == actor or buys):
            kept = state.everyday[node, commodity] * state.wanted_hours[commodity]
            level = state.stocks.level_of[state.cell(node, commodity)]
            tonnes = min(level - kept.item(), state.fleet[node, vehicle].item() * payload)
            if tonnes > GRAM:
                spare[node] = tonnes
    return spare
