"""Pipelines: batches that go in at one end and come out at the other, and stay where they are while a pipe stops."""

import math
from dataclasses import dataclass, field

from corridor.case import NO_TIER, Pipe
from corridor.control import pumping_share
from corridor.simulation.clock import ARRIVALS, Call
from corridor.simulation.facilities import receive, withdraw
from corridor.simulation.ledger import FILL
from corridor.simulation.state import State
from corridor.simulation.stocks import GRAM
from corridor.simulation.trace import Shipment

__all__ = ["Line", "close_batches", "lay_pipes", "run_pipes", "switch_pipes"]


@dataclass(slots=True, eq=False)
class Batch:
    """Hold what went into a pipe at once, and the hours it has yet to go from `since` on."""

    id: int
    actor: int
    tonnes: float
    departed: float
    left: float
    since: float
    call: Call | None = None


@dataclass(slots=True, eq=False)
class Line:
    """Hold a pipeline: its fill, when it last took something in, and the tonnes an hour that it can take in now."""

    pipe: Pipe
    tail: int
    head: int
    length: float
    last: float
    works: bool = False
    rate: float = 0.0
    fill: dict[int, Batch] = field(default_factory=dict)


def lay_pipes(state: State) -> None:
    """Build the pipelines of the case, empty."""
    network = state.case.network
    interval = state.case.scenario.supply.policy.review_hours
    for pipe in state.case.supply.pipes:
        tail, head = int(network.tail[pipe.link]), int(network.head[pipe.link])
        line = Line(pipe, tail, head, float(network.length[pipe.link]), state.now - interval)
        _look(state, line)
        state.lines.append(line)
        state.lines_from.setdefault((tail, pipe.commodity), []).append(line)


def run_pipes(state: State) -> None:
    """Let every pipeline take in a batch: at each review."""
    for node, commodity in state.lines_from:
        _pump(state, node, commodity)


def switch_pipes(state: State) -> None:
    """Stop the pipelines that no longer work, with what is in them, and let those go on that work again."""
    for line in state.lines:
        before, works = line.works, _look(state, line)
        if works == before:
            continue
        for batch in line.fill.values():
            state.filling[line.head, line.pipe.commodity] += batch.tonnes if works else -batch.tonnes
            if works:
                _start(state, line, batch)
            else:
                _stop(state, batch)
        if works:
            line.last = state.now


def close_batches(state: State) -> tuple[Shipment, ...]:
    """Return the batches that are still in the pipes."""
    return tuple(_shipment(line, batch, math.nan) for line in state.lines for batch in line.fill.values())


def _look(state: State, line: Line) -> bool:
    """Note, and return, whether a pipeline works: open, with both ends in one hand, or one that works across fronts.

    What is in such a pipeline was pumped by whoever held its tail then, and is for whoever holds its head in the end;
    either may be nobody in particular.
    """
    share = pumping_share(state.case.network, state.epoch, line.pipe.link, across=line.pipe.across)
    line.works, line.rate = share > 0, share * line.pipe.capacity
    return line.works


def _passes_on(state: State, node: int, commodity: int) -> bool:
    """Return whether a node only passes a commodity on: a station that nobody lives from and nothing is kept at."""
    return (
        (node, commodity) in state.lines_from
        and state.tier[node, commodity] == NO_TIER
        and state.target[node, commodity] == 0
    )


def _pump(state: State, node: int, commodity: int) -> None:
    """Share what a node can give among its pipelines, in proportion to what each can take."""
    lines = [line for line in state.lines_from[node, commodity] if line.works]
    if not lines:
        return
    wants = [_want(state, line) for line in lines]
    wanted = math.fsum(wants)
    if wanted <= GRAM:
        return
    cell = state.cell(node, commodity)
    state.stocks.advance(cell, state.now)
    kept = state.everyday[node, commodity] * state.wanted_hours[commodity]
    if state.feeding[cell]:
        kept = state.target[node, commodity]
    given = min(1.0, max(0.0, state.stocks.level_of[cell] - kept) / wanted)
    for line, want in zip(lines, wants, strict=True):
        if given * want > GRAM:
            _send(state, line, given * want)


def _want(state: State, line: Line) -> float:
    """Return the tonnes that a pipeline could take in now: its capacity since it last did, and room at its head."""
    interval = state.case.scenario.supply.policy.review_hours
    head, commodity = line.head, line.pipe.commodity
    wanted = _lack(state, head, commodity)
    level = state.stocks.level_of[state.cell(head, commodity)]
    room = state.case.supply.capacity[head, commodity] - level - state.filling[head, commodity]
    allowed = line.rate * min(interval, state.now - line.last)
    return float(max(0.0, min(allowed, wanted, room)))


def _lack(state: State, node: int, commodity: int, asking: frozenset[int] = frozenset()) -> float:
    """Return the tonnes that a node lacks, what is coming counted: its own target, and what those behind it lack.

    No line behind it is asked for more than it can take in until the review after the next. Where pipelines go round
    in a circle, nobody lacks anything for those `asking` already.
    """
    cell = state.cell(node, commodity)
    state.stocks.advance(cell, state.now)
    position = state.stocks.level_of[cell] + state.filling[node, commodity] + state.coming[node, commodity]
    asking |= {node}
    hours = 2 * state.case.scenario.supply.policy.review_hours
    behind = math.fsum(
        min(_lack(state, line.head, commodity, asking), hours * line.rate)
        for line in state.lines_from.get((node, commodity), ())
        if line.works and line.head not in asking
    )
    return max(0.0, float(state.target[node, commodity] + behind - position))


def _send(state: State, line: Line, tonnes: float) -> None:
    commodity = line.pipe.commodity
    tonnes = withdraw(state, line.tail, commodity, tonnes, into=FILL)
    batch = Batch(state.next_number(), state.holder(line.tail), tonnes, state.now, line.pipe.transit, state.now)
    line.fill[batch.id] = batch
    line.last = state.now
    state.filling[line.head, commodity] += tonnes
    _start(state, line, batch)


def _start(state: State, line: Line, batch: Batch) -> None:
    batch.since = state.now
    batch.call = state.clock.at(state.now + batch.left, ARRIVALS, _come_out, state, line, batch)


def _stop(state: State, batch: Batch) -> None:
    batch.left -= state.now - batch.since
    if batch.call is not None:
        batch.call.cancel()


def _come_out(state: State, line: Line, batch: Batch) -> None:
    commodity = line.pipe.commodity
    del line.fill[batch.id]
    state.filling[line.head, commodity] -= batch.tonnes
    receive(state, line.head, commodity, batch.tonnes, out_of=FILL)
    if state.now >= 0:
        state.shipments.append(_shipment(line, batch, state.now))
    if _passes_on(state, line.head, commodity):
        _pump(state, line.head, commodity)


def _shipment(line: Line, batch: Batch, arrived: float) -> Shipment:
    return Shipment(
        id=batch.id,
        mode="pipeline",
        actor=batch.actor,
        commodity=line.pipe.commodity,
        origin=line.tail,
        ordered=line.head,
        destination=line.head,
        vehicles=0,
        tonnes=batch.tonnes,
        departed=batch.departed,
        arrived=arrived,
        km=line.length,
        route=(line.tail, line.head),
        outcome="under way" if math.isnan(arrived) else "delivered",
        unloaded=0.0 if math.isnan(arrived) else batch.tonnes,
        loaded=batch.departed,
        ended=arrived,
    )
