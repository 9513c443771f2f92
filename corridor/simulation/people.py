"""People who leave and arrive, by dated movements and by rules, and what they use, which goes with them."""

import math
from dataclasses import dataclass, field

import numpy as np

from corridor.case import PLACE_TIER, Movement
from corridor.control import CONTESTED
from corridor.network import Floats, Ints, Mask
from corridor.simulation.clock import FACILITIES
from corridor.simulation.converters import refresh
from corridor.simulation.state import State
from corridor.simulation.traffic import Stream

__all__ = ["open_people", "resettle"]


OUTSIDE = -1
HOURS_A_DAY = 24
SOMEBODY = 1.0
"""Where fewer persons are left, nobody leaves any more."""
DUST = 1e-6
"""Persons that are a rounding error: they use nothing."""
MOST_STEPS = 240
"""A movement is made in hourly steps, or in as many longer ones."""


@dataclass(slots=True, eq=False)
class Flight:
    """Hold what displacement goes by: who held each node last, as of an epoch, and who is on the roads."""

    last: Ints
    epoch: int = 0
    streams: list[Stream] = field(default_factory=list)


def open_people(state: State) -> None:
    """Schedule the dated movements, and from the scenario's first hour on the displacement by rules."""
    for move in state.case.supply.movements:
        state.clock.at(move.time, FACILITIES, _set_off, state, move)
    if state.case.supply.displacement:
        flight = Flight(state.case.epochs[0].holder.copy())
        state.clock.at(1.0, FACILITIES, _flee, state, flight, 1)


def resettle(state: State, nodes: Ints) -> None:
    """Let demand, targets and ration levels follow the number of people at `nodes`, shape (s,).

    Where nobody lived, a new place comes to be. A place's target keeps its days of supply; what a source or a depot
    keeps for others does not go with its own people.
    """
    supply, stocks = state.case.supply, state.stocks
    first, target = supply.demand[nodes], supply.target[nodes]
    gone = (supply.rate[nodes] > 0) & (_present(state)[nodes, None] < DUST)
    after = np.where(gone, 0.0, np.maximum(0.0, first + supply.rate[nodes] * state.persons[nodes, None]))
    state.everyday[nodes] = after
    lived = (first > 0) & (supply.tier[nodes] == PLACE_TIER)
    kept = np.divide(target * after, first, out=np.zeros_like(target), where=lived)
    added = np.maximum(0.0, target + (after - first) * state.wanted_hours)
    state.target[nodes] = np.minimum(np.where(lived, kept, added), supply.capacity[nodes])
    for place, commodity in np.argwhere((state.tier[nodes] < 0) & (after > 0)).tolist():
        state.set_tier(int(nodes[place]), commodity, PLACE_TIER)
    cells = nodes[:, None] * stocks.commodities + np.arange(stocks.commodities)
    for place, commodity in np.argwhere((first > 0) & stocks.rationed[cells]).tolist():
        factor = float(after[place, commodity] / first[place, commodity])
        stocks.scale_rations(int(cells[place, commodity]), factor, state.now)
    wanted = after * state.factor[nodes]
    changed = ~state.feeding[cells] & (wanted != stocks.demand[cells])
    stocks.set_demands(cells[changed], wanted[changed], state.now)
    for node in dict.fromkeys((cells[changed] // stocks.commodities).tolist()):
        if node in state.works:
            refresh(state, node)


def _present(state: State) -> Floats:
    """Return who is at each node now, persons, shape (n,)."""
    present: Floats = state.case.population + state.persons
    return present


def _set_off(state: State, move: Movement) -> None:
    """Let people leave: all at once, or evenly over hours, with their vehicles on the roads meanwhile."""
    if move.hours <= 0:
        _go(state, move, move.persons)
        return
    vehicles = move.persons / move.hours / state.case.scenario.supply.traffic.persons_per_vehicle
    stream = Stream(move.origin, move.destination, vehicles)
    on_the_road = [] if OUTSIDE in stream[:2] else [stream]
    state.traffic.change(begin=on_the_road)
    _next_step(state, move, on_the_road, 0.0, 1)


def _next_step(state: State, move: Movement, streams: list[Stream], gone: float, step: int) -> None:
    hours = min(step * max(1.0, move.hours / MOST_STEPS), move.hours)
    state.clock.at(move.time + hours, FACILITIES, _leave, state, move, streams, gone, step)


def _leave(state: State, move: Movement, streams: list[Stream], gone: float, step: int) -> None:
    """Let those go whose time has come by the end of a step of their movement, as far as they are there."""
    share = min(1.0, step * max(1.0, move.hours / MOST_STEPS) / move.hours)
    gone += _go(state, move, move.persons * share - gone)
    if share < 1:
        _next_step(state, move, streams, gone, step + 1)
    else:
        state.traffic.change(end=streams)


def _go(state: State, move: Movement, persons: float) -> float:
    """Let `persons`, or as many as are there, change place; return how many did."""
    if move.origin >= 0:
        persons = min(persons, max(0.0, float(_present(state)[move.origin])))
        state.persons[move.origin] -= persons
    if move.destination >= 0:
        state.persons[move.destination] += persons
    resettle(state, np.array(sorted({move.origin, move.destination} - {OUTSIDE}), dtype=np.intp))
    return persons


def _flee(state: State, flight: Flight, hour: int) -> None:
    """Let a share of the people leave every place that is in trouble at this hour, by all rules at once.

    Of those who are there now, the share of a day leaves in 24 such hours. Their vehicles are on the roads until the
    next hour.
    """
    state.stocks.advance_all(state.now)
    _look_who_holds(state, flight)
    present, change = _present(state), np.zeros(state.persons.size)
    streams: list[Stream] = []
    for rule in state.case.supply.displacement:
        share = -math.expm1(math.log1p(-rule.share) / HOURS_A_DAY)
        trouble = _trouble(state, rule.commodity)
        for node in rule.nodes:
            if not trouble[node] or present[node] < SOMEBODY:
                continue
            goals = [goal for goal in rule.to if goal != node]
            if not rule.to:
                goals = _nearest(state, flight, node, ~trouble & (present >= SOMEBODY))
            for goal in goals:
                persons = float(share * present[node] / len(goals))
                change[node] -= persons
                change[goal] += persons
                streams.append(Stream(node, goal, persons / state.case.scenario.supply.traffic.persons_per_vehicle))
    state.persons += change
    resettle(state, np.flatnonzero(change))
    state.traffic.change(begin=streams, end=flight.streams)
    flight.streams = streams
    if hour + 1 <= state.case.end:
        state.clock.at(float(hour + 1), FACILITIES, _flee, state, flight, hour + 1)


def _look_who_holds(state: State, flight: Flight) -> None:
    for epoch in state.case.epochs[flight.epoch : state.epoch.index + 1]:
        flight.last = np.where(epoch.holder == CONTESTED, flight.last, epoch.holder)
    flight.epoch = state.epoch.index


def _trouble(state: State, commodity: int) -> Mask:
    """Return where people leave: where it is contested, or (`commodity` 0 or more) where people have none of that."""
    if commodity < 0:
        contested: Mask = state.epoch.holder == CONTESTED
        return contested
    out = np.zeros(state.persons.size, dtype=np.bool_)
    out[state.stocks.out_of(commodity)] = True
    return out


def _nearest(state: State, flight: Flight, node: int, suited: Mask) -> list[int]:
    """Return the nearest suited place by road in the hands of who held `node` last; empty: there is none.

    People cross fronts: it does not matter who holds what lies between. Where nobody ever held their place, any
    place will do that anybody holds.
    """
    holder, last = state.epoch.holder, flight.last[node]
    safe = suited & ((holder == last) if last != CONTESTED else (holder != CONTESTED))
    hours = np.where(safe, state.traffic.hours(node), np.inf)
    nearest = int(np.argmin(hours))
    return [nearest] if np.isfinite(hours[nearest]) else []
