"""What a change of links, control or passage does to stocks, convoys, pipelines and sources at that instant."""

import numpy as np

from corridor.control import Epoch
from corridor.simulation.atlas import Group, Ways
from corridor.simulation.convoys import capture, decide, evacuate, send_stranded_home
from corridor.simulation.driving import (
    Convoy,
    come_home,
    cut_short,
    drive_back,
    expect_home,
    halt,
    instants,
    position,
    wait,
)
from corridor.simulation.facilities import refresh
from corridor.simulation.ledger import DESTROYED, stock_of
from corridor.simulation.pipes import switch_pipes
from corridor.simulation.state import State

__all__ = ["switch"]


def switch(state: State, epoch: Epoch) -> None:
    """Let `epoch` hold from now on."""
    before = state.epoch
    come_home(state, now_too=False)
    changed = np.flatnonzero(before.holder != epoch.holder).tolist()
    for node in changed:
        _settle(state, node)
    state.enter(epoch)
    state.traffic.enter(epoch)
    ways = state.travel.switch(epoch)
    for node in changed:
        state.bays.clear(node, state.now)
        _hand_over(state, node, int(before.holder[node]))
    for node in changed:
        refresh(state, node)
    expect_home(state, frozenset(changed))
    for convoy in _touched(state, ways):
        # One that was captured or sent home on the way here is no longer there.
        if convoy.id in state.convoys:
            _reconsider(state, convoy)
    send_stranded_home(state)
    switch_pipes(state)


def _settle(state: State, node: int) -> None:
    for commodity in range(state.stocks.commodities):
        cell = state.cell(node, commodity)
        state.stocks.advance(cell, state.now)
        state.settle(cell)


def _hand_over(state: State, node: int, before: int) -> None:
    """Let the stock of a place that `before` lost pass on, be destroyed or be evacuated, as the scenario has it."""
    rule = state.case.scenario.supply.fallen_stock
    for commodity in range(state.stocks.commodities):
        if rule == "evacuated" and before >= 0:
            evacuate(state, node, commodity, before)
        cell = state.cell(node, commodity)
        tonnes = state.stocks.level_of[cell]
        if tonnes == 0:
            continue
        if rule == "destroyed" and before >= 0:
            state.stocks.take(cell, tonnes, state.now)
            state.ledger.post(stock_of(before), DESTROYED, commodity, tonnes)
        else:
            state.ledger.post(stock_of(before), stock_of(state.holder(node)), commodity, tonnes)


def _touched(state: State, before: dict[Group, Ways]) -> list[Convoy]:
    """Return the convoys whose way or place was lost, by number.

    All convoys are looked at, once a change: that costs less than an index from links to convoys that each of them
    would have to be entered in, and taken out of, for every link of its way.
    """
    touched: list[Convoy] = []
    # Groups not known before have convoys that were all evacuated this instant.
    for group, old in before.items():
        new = state.travel.of(group)
        if new is old:
            continue
        links = frozenset(np.flatnonzero(old.links & ~new.links).tolist())
        nodes = frozenset(np.flatnonzero(old.nodes & ~new.nodes).tolist())
        if links or nodes:
            touched += [
                convoy
                for convoy in state.convoys.values()
                if convoy.group == group and not (convoy.route.over.isdisjoint(links) and convoy.watch not in nodes)
            ]
    return sorted(touched, key=lambda convoy: convoy.id)


def _reconsider(state: State, convoy: Convoy) -> None:
    """Let a convoy whose way or place was lost do what is left to it."""
    ways, now, route = state.travel.of(convoy.group), state.now, convoy.route
    place = position(convoy, now)
    if not route.links or convoy.turned or place == len(route.links):
        # It stands, drives back, or unloads: it can only be lost.
        if not ways.nodes[route.nodes[-1] if route.links else convoy.node]:
            capture(state, convoy)
    elif ways.links[list(route.links[place:])].all():
        return
    elif now < convoy.start or convoy.request is not None:
        _reconsider_standing(state, convoy, ways)
    elif convoy.watch == route.nodes[place + 1]:
        _reconsider_leaving(state, convoy, ways, place)
    elif now >= convoy.due or now == instants(convoy)[place - convoy.begin]:
        halt(state, convoy)
        decide(state, convoy)
    else:
        _reconsider_driving(state, convoy, ways, place)


def _reconsider_driving(state: State, convoy: Convoy, ways: Ways, place: int) -> None:
    """Let a convoy drive on to the next node if it can, else back, and decide there."""
    link, tail = convoy.route.links[place], convoy.route.nodes[place]
    if state.travel.leads_out(convoy.group, link):
        cut_short(state, convoy, decide)
    elif ways.nodes[tail] and not state.travel.commanded(convoy.group, link):
        drive_back(state, convoy, decide)
    else:
        capture(state, convoy)


def _reconsider_leaving(state: State, convoy: Convoy, ways: Ways, place: int) -> None:
    """Let a convoy that drives out of lost territory go on to the end of its link, if that is not lost."""
    if not ways.nodes[convoy.watch]:
        capture(state, convoy)
    elif not ways.links[list(convoy.route.links[place + 1 :])].all():
        cut_short(state, convoy, decide)


def _reconsider_standing(state: State, convoy: Convoy, ways: Ways) -> None:
    """Let a convoy that loads or waits at a gate decide as soon as it can, unless its place was lost."""
    if not ways.nodes[convoy.node]:
        capture(state, convoy)
        return
    halt(state, convoy)
    if state.now < convoy.departed:
        wait(state, convoy, convoy.departed, decide)
    else:
        decide(state, convoy)
