"""Ships: imports that come in cargoes, wait for room at the node, and turn back where nobody works."""

import math
from dataclasses import dataclass, field

from corridor.case import Source
from corridor.simulation.clock import ARRIVALS
from corridor.simulation.converters import heed, running_share
from corridor.simulation.state import State
from corridor.simulation.stocks import GRAM

__all__ = ["Berth", "open_berths", "turn_away", "unload_ships"]

ROUNDING = 1e-9


@dataclass(slots=True, eq=False)
class Berth:
    """Hold where the ships of a source unload: what those that lie there have left, tonnes, in their order.

    `due` is the part of a ship that is owed: at a share of its rate a source has as many ships left out, evenly.
    """

    position: int
    source: Source
    waiting: list[float] = field(default_factory=list)
    due: float = 0.0


def open_berths(state: State) -> None:
    """Schedule the first ship of every source that has any, from the warm-up on."""
    for position, source in enumerate(state.case.supply.sources):
        if source.cargo > 0 and source.rate > 0:
            berth = Berth(position, source)
            state.berths.setdefault(source.node, []).append(berth)
            _expect(state, berth, math.ceil((state.now - source.first) / _interval(source) - ROUNDING))


def unload_ships(state: State) -> None:
    """Let the ships that lie at all nodes unload what there is room for now: at each review."""
    for berths in state.berths.values():
        for berth in berths:
            if berth.waiting:
                _unload(state, berth)


def turn_away(state: State, node: int) -> None:
    """Let the ships that lie at a node leave with what they have if their source has stopped."""
    for berth in state.berths.get(node, ()):
        if berth.waiting and running_share(state, berth.position, berth.source) == 0:
            berth.waiting.clear()


def _interval(source: Source) -> float:
    """Return the hours from one ship to the next."""
    return source.cargo / source.rate


def _expect(state: State, berth: Berth, number: int) -> None:
    """Schedule the ship of this number; the first on record has number 0."""
    instant = berth.source.first + number * _interval(berth.source)
    if instant <= state.case.end:
        state.clock.at(instant, ARRIVALS, _arrive, state, berth, number)


def _arrive(state: State, berth: Berth, number: int) -> None:
    """Let a ship come in and unload, behind those that lie there; where the source has stopped it turns back."""
    share = running_share(state, berth.position, berth.source)
    berth.due = berth.due + share if share else 0.0
    if berth.due >= 1 - ROUNDING:
        berth.due -= 1.0
        berth.waiting.append(berth.source.cargo)
        _unload(state, berth)
    _expect(state, berth, number + 1)


def _unload(state: State, berth: Berth) -> None:
    node, commodity = berth.source.node, berth.source.commodity
    cell = state.cell(node, commodity)
    state.stocks.advance(cell, state.now)
    room = float(state.stocks.capacity[cell]) - state.stocks.level_of[cell]
    landed = 0.0
    while berth.waiting and room - landed > GRAM:
        part = min(berth.waiting[0], room - landed)
        landed += part
        berth.waiting[0] -= part
        if berth.waiting[0] <= GRAM:
            # What counts as nothing is landed with the rest, so that ships bring what is on record.
            landed += berth.waiting.pop(0)
    if landed > 0:
        state.land(node, commodity, landed)
        heed(state, cell, landed)
