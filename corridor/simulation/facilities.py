"""What changes stocks at the nodes: when sources work, what people use, and goods put in or taken out."""

from corridor.case import DemandChange, RateChange
from corridor.simulation.clock import FACILITIES
from corridor.simulation.converters import heed, open_works
from corridor.simulation.converters import refresh as refresh_flows
from corridor.simulation.ledger import stock_of
from corridor.simulation.ships import open_berths, turn_away
from corridor.simulation.state import State

__all__ = ["open_facilities", "receive", "refresh", "withdraw"]


def open_facilities(state: State) -> None:
    """Set every demand and inflow, and schedule all that is known to change."""
    supply, clock = state.case.supply, state.clock
    open_works(state)
    open_berths(state)
    for source in supply.sources:
        for instant in (source.start, source.end):
            if state.now < instant <= state.case.end:
                clock.at(instant, FACILITIES, refresh, state, source.node)
    for node, commodity in zip(*supply.demand.nonzero(), strict=True):
        _set_demand(state, int(node), int(commodity))
    for node in sorted({source.node for source in supply.sources}):
        refresh(state, node)
    for change in supply.rate_changes:
        clock.at(change.time, FACILITIES, _change_rate, state, change)
    for demand_change in supply.demand_changes:
        clock.at(demand_change.time, FACILITIES, _change_demand, state, demand_change)


def refresh(state: State, node: int) -> None:
    """Look again who works at a node: its holder or a source there has changed."""
    refresh_flows(state, node)
    turn_away(state, node)


def receive(state: State, node: int, commodity: int, tonnes: float, *, out_of: int, count: bool = True) -> None:
    """Put `tonnes` from an account into a node's stock; with `count` they count as received there."""
    cell = state.cell(node, commodity)
    state.stocks.put(cell, tonnes, state.now)
    state.ledger.post(out_of, stock_of(state.holder(node)), commodity, tonnes)
    if count:
        state.stocks.received_of[cell] += tonnes
    if cell in state.watched:
        heed(state, cell, tonnes)


def withdraw(state: State, node: int, commodity: int, tonnes: float, *, into: int, holder: int | None = None) -> float:
    """Take `tonnes`, or what there is of them, out of a node's stock into an account; return the tonnes taken.

    The stock is booked as that of whoever holds the node, or as that of `holder`.
    """
    cell = state.cell(node, commodity)
    tonnes = state.stocks.take(cell, tonnes, state.now)
    state.ledger.post(stock_of(state.holder(node) if holder is None else holder), into, commodity, tonnes)
    if cell in state.watched:
        heed(state, cell, -tonnes)
    return tonnes


def _change_rate(state: State, change: RateChange) -> None:
    """Let a source work at a share of its rate from now on."""
    state.running[change.source] = change.share
    refresh(state, state.case.supply.sources[change.source].node)


def _change_demand(state: State, change: DemandChange) -> None:
    """Let people buy a multiple of what they use every day."""
    for node in change.nodes:
        state.factor[node, change.commodity] = change.factor
        _set_demand(state, node, change.commodity)


def _set_demand(state: State, node: int, commodity: int) -> None:
    cell = state.cell(node, commodity)
    if not state.feeding[cell]:
        wanted = state.everyday[node, commodity] * state.factor[node, commodity]
        state.stocks.set_demand(cell, float(wanted), state.now)
        if cell in state.watched:
            refresh_flows(state, node)
