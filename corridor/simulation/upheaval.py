"""What a change of links, control or passage does to stocks, convoys, pipelines and sources at that instant."""

import numpy as np

from corridor.control import Epoch
from corridor.simulation.convoys import capture, decide, evacuate
from corridor.simulation.driving import Convoy, cut_short, drive_back, halt, position
from corridor.simulation.facilities import refresh
from corridor.simulation.ledger import DESTROYED, stock_of
from corridor.simulation.pipes import switch_pipes
from corridor.simulation.state import State
from corridor.simulation.ways import Group, Ways

__all__ = ["switch"]


def switch(state: State, epoch: Epoch) -> None:
    """Let `epoch` hold from now on."""
    before = state.epoch
    changed = np.flatnonzero(before.holder != epoch.holder).tolist()
    for node in changed:
        _settle(state, node)
    state.epoch = epoch
    ways = state.travel.switch(epoch)
    for node in changed:
        _hand_over(state, node, int(before.holder[node]))
    for node in changed:
        refresh(state, node)
    for convoy in _touched(state, ways):
        # One that was captured or sent home on the way here is no longer there.
        if convoy.id in state.convoys:
            _reconsider(state, convoy)
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
        tonnes = state.stocks.level[cell].item()
        if tonnes == 0:
            continue
        if rule == "destroyed" and before >= 0:
            state.stocks.take(cell, tonnes, state.now)
            state.ledger.post(stock_of(before), DESTROYED, commodity, tonnes)
        else:
            state.ledger.post(stock_of(before), stock_of(state.holder(node)), commodity, tonnes)


def _touched(state: State, before: dict[Group, Ways]) -> list[Convoy]:
    """Return the convoys whose way or place was lost, by number."""
    found: dict[int, Convoy] = {}
    for group in dict.fromkeys(convoy.group for convoy in state.convoys.values()):
        old, new = before.get(group), state.travel.of(group)
        if old is None:
            continue
        for link in np.flatnonzero(old.links & ~new.links).tolist():
            found |= _of_group(state.on_link.get(link), group)
        for node in np.flatnonzero(old.nodes & ~new.nodes).tolist():
            found |= _of_group(state.at_node.get(node), group)
    return [found[number] for number in sorted(found)]


def _of_group(convoys: dict[int, Convoy] | None, group: Group) -> dict[int, Convoy]:
    return {number: convoy for number, convoy in (convoys or {}).items() if convoy.group == group}


def _reconsider(state: State, convoy: Convoy) -> None:
    """Let a convoy whose way or place was lost do what is left to it."""
    ways = state.travel.of(convoy.group)
    if not convoy.instants:
        _reconsider_standing(state, convoy, ways)
        return
    place = position(convoy, state.now)
    if convoy.standing >= 0 and place == 0:
        _reconsider_leaving(state, convoy, ways)
        return
    ahead = convoy.route.links[place:]
    if ways.links[list(ahead)].all():
        return
    if convoy.instants[place - convoy.begin] == state.now:
        halt(state, convoy)
        decide(state, convoy)
    elif ways.links[ahead[0]]:
        cut_short(state, convoy, decide)
    elif ways.nodes[convoy.route.nodes[place]] and not state.travel.commanded(convoy.group, ahead[0]):
        drive_back(state, convoy, decide)
    else:
        capture(state, convoy)


def _reconsider_leaving(state: State, convoy: Convoy, ways: Ways) -> None:
    """Let a convoy that drives back, or out of lost territory, go on to the end of its link, if that is not lost."""
    if not ways.nodes[convoy.standing]:
        capture(state, convoy)
    elif not ways.links[list(convoy.route.links[1:])].all():
        cut_short(state, convoy, decide)


def _reconsider_standing(state: State, convoy: Convoy, ways: Ways) -> None:
    """Capture a convoy whose place was lost; one that waits at a gate looks for another way."""
    if not ways.nodes[convoy.node]:
        capture(state, convoy)
    elif convoy.route.links and not ways.links[list(convoy.route.links[convoy.begin :])].all():
        halt(state, convoy)
        decide(state, convoy)
