"""The review: who is in need, who can give, and which orders of the policy are worth a drive."""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from corridor.case import DEPOT_TIER, PLACE_TIER, SOURCE_TIER
from corridor.control import CONTESTED
from corridor.errors import RunError
from corridor.network import Floats, Ints, Mask
from corridor.policies import Order, Situation
from corridor.simulation.convoys import dispatch
from corridor.simulation.driving import come_home
from corridor.simulation.pipes import run_pipes
from corridor.simulation.ships import unload_ships
from corridor.simulation.state import State
from corridor.simulation.stocks import GRAM

__all__ = ["review"]


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
    """Let ships unload and pipelines take in what they can, then order by road: for places first, then for depots."""
    come_home(state)
    state.stocks.advance_all(state.now)
    unload_ships(state)
    run_pipes(state)
    for commodity in state.case.supply.order:
        if state.vehicle[commodity] < 0:
            continue
        for tier in (PLACE_TIER, DEPOT_TIER):
            need = _in_need(state, commodity, tier)
            if need is None:
                continue
            holders = state.epoch.holder[need.nodes]
            for actor in sorted(set(holders.tolist())):
                _supply(state, commodity, actor, tier, need.of(holders == actor))


def _in_need(state: State, commodity: int, tier: int) -> Need | None:
    """Return the need of the nodes of a tier that somebody holds; None if there is none."""
    cells = state.cells_of(commodity, tier)
    target = state.target.ravel()[cells]
    position = state.stocks.level[cells] + state.coming.ravel()[cells] + state.filling.ravel()[cells]
    lacks = (target - position > GRAM).nonzero()[0]
    if not lacks.size:
        return None
    cells, position, target = cells[lacks], position[lacks], target[lacks]
    nodes, demand = cells // state.stocks.commodities, state.everyday.ravel()[cells]
    lot = _lot(state.payload[commodity], demand, position, target)
    return Need(nodes, demand, position, target, lot).of(
        (target - position >= lot) & (state.epoch.holder[nodes] != CONTESTED)
    )


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
    suppliers, spare = _spare(state, commodity, ways.nodes, actor, tier)
    if not suppliers:
        return
    supply = state.case.supply
    situation = Situation(
        hours=ways.roads.hours(suppliers)[:, need.nodes],
        available=np.array(spare),
        demand=need.demand,
        position=need.position,
        target=need.target,
        rank=supply.rank[need.nodes],
        commodity=supply.commodities[commodity],
        actor=actor,
        suppliers=np.array(suppliers),
        places=need.nodes,
        transport=state.transport,
    )
    policy = state.case.scenario.supply.policy
    orders = policy.allot(situation)
    _check_orders(orders, situation, type(policy).__name__)
    needy = need.nodes.tolist()
    worth = _whole_loads(orders, situation, need.lot)
    dispatch(
        state, [(suppliers[supplier], needy[place], tonnes) for supplier, place, tonnes in worth], commodity, actor
    )


def _check_orders(orders: list[Order], situation: Situation, policy: str) -> None:
    """Hold the orders of a policy against what it may order.

    Raises
    ------
    RunError
        If an order is none, of a supplier or to a place that there is not or no way leads to, of no tonnes, or if more
        is ordered of a supplier than it can give.
    """
    suppliers, places = situation.hours.shape
    left = situation.available.tolist()
    for supplier, place, tonnes in orders:
        order = f"policy {policy} orders {tonnes:g} t of {situation.commodity} of supplier {supplier} to place {place}"
        if not (0 <= supplier < suppliers and 0 <= place < places):
            msg = f"{order}; expected a row and a column of hours, which has {suppliers} by {places}"
            raise RunError(msg)
        left[supplier] -= tonnes
        if not (tonnes > 0 and math.isfinite(situation.hours[supplier, place])):
            msg = f"{order}; expected tonnes above 0, and a pair whose hours are finite"
            raise RunError(msg)
        if left[supplier] < -GRAM:
            msg = f"{order}, {-left[supplier]:g} t more in all than are available there"
            raise RunError(msg)


def _whole_loads(orders: list[Order], situation: Situation, lots: Floats) -> Iterator[Order]:
    """Yield the orders that are worth a drive, of as many tonnes of each supplier as were ordered from it.

    Where supply is short a policy spreads it thin. Then the places with the fewest days of supply, class by class,
    get what is worth a drive each (`lots`, tonnes), and those with more wait for the next review.
    """
    days = (situation.position / np.maximum(situation.demand, situation.target / WEEK)).tolist()
    wanted = (situation.target - situation.position).tolist()
    rank = [0] * len(wanted) if situation.rank is None else situation.rank.tolist()
    least = lots.tolist()
    left: dict[int, float] = {}
    for supplier, _, tonnes in orders:
        left[supplier] = left.get(supplier, 0.0) + tonnes
    turns = sorted(orders, key=lambda order: (rank[order.place], days[order.place], order.place))
    for supplier, place, ordered in turns:
        lot = least[place]
        tonnes = min(max(ordered, lot), wanted[place], left[supplier])
        # A rounding error of the policy does not make an order too small.
        if tonnes >= lot * (1 - ROUNDING):
            left[supplier] -= tonnes
            wanted[place] -= tonnes
            yield Order(supplier, place, tonnes)


def _spare(state: State, commodity: int, enterable: Mask, actor: int, tier: int) -> tuple[list[int], list[float]]:
    """Return the nodes that can send to a tier of an actor now, and the tonnes each can, by stock and by vehicles.

    Those are its own sources and depots, and the sources of others that it may enter: it buys there.
    """
    givers, tiers = state.givers[commodity]
    holder = state.epoch.holder[givers]
    level = state.stocks.level[givers * state.stocks.commodities + commodity]
    kept = state.everyday[givers, commodity] * state.wanted_hours[commodity]
    carried = state.fleet[givers, state.vehicle[commodity]] * state.payload[commodity]
    tonnes = np.minimum(level - kept, carried)
    sells = (holder == actor) | ((tiers == SOURCE_TIER) & (holder != CONTESTED))
    able = (sells & (tiers < tier) & enterable[givers] & (tonnes > GRAM)).nonzero()[0]
    return givers[able].tolist(), tonnes[able].tolist()
