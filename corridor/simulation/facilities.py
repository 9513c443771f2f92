"""What flows in and out of stocks at the nodes: sources, refineries, demand, and goods put in or taken out."""

from collections import defaultdict

from corridor.case import DemandChange, Movement, RateChange, Source
from corridor.control import CONTESTED
from corridor.simulation.clock import FACILITIES
from corridor.simulation.ledger import stock_of
from corridor.simulation.state import State
from corridor.simulation.stocks import GRAM

__all__ = ["change_demand", "change_rate", "move_people", "open_facilities", "receive", "refresh", "withdraw"]

PLACE = 2


def open_facilities(state: State) -> None:
    """Set every demand and inflow, and schedule all that is known to change."""
    supply, clock = state.case.supply, state.clock
    for source in supply.sources:
        if source.feed >= 0:
            cell = state.cell(source.node, source.feed)
            state.feeding[cell] = True
            state.stocks.people[cell] = False
        for instant in (source.start, source.end):
            if state.now < instant <= state.case.end:
                clock.at(instant, FACILITIES, refresh, state, source.node)
    for node, commodity in zip(*supply.demand.nonzero(), strict=True):
        _set_demand(state, int(node), int(commodity))
    for node in sorted({source.node for source in supply.sources}):
        refresh(state, node)
    for change in supply.rate_changes:
        clock.at(change.time, FACILITIES, change_rate, state, change)
    for demand_change in supply.demand_changes:
        clock.at(demand_change.time, FACILITIES, change_demand, state, demand_change)
    for move in supply.movements:
        clock.at(move.time, FACILITIES, move_people, state, move)


def receive(state: State, node: int, commodity: int, tonnes: float, *, out_of: int, count: bool = True) -> None:
    """Put `tonnes` from an account into a node's stock; with `count` they count as received there."""
    cell = state.cell(node, commodity)
    state.stocks.put(cell, tonnes, state.now)
    state.ledger.post(out_of, stock_of(state.holder(node)), commodity, tonnes)
    if count:
        state.stocks.received_of[cell] += tonnes
    if state.feeding[cell]:
        refresh(state, node)


def withdraw(state: State, node: int, commodity: int, tonnes: float, *, into: int, holder: int | None = None) -> float:
    """Take `tonnes`, or what there is of them, out of a node's stock into an account; return the tonnes taken.

    The stock is booked as that of whoever holds the node, or as that of `holder`.
    """
    cell = state.cell(node, commodity)
    tonnes = state.stocks.take(cell, tonnes, state.now)
    state.ledger.post(stock_of(state.holder(node) if holder is None else holder), into, commodity, tonnes)
    if state.feeding[cell]:
        refresh(state, node)
    return tonnes


def change_rate(state: State, change: RateChange) -> None:
    """Let a source work at a share of its rate from now on."""
    state.running[change.source] = change.share
    refresh(state, state.case.supply.sources[change.source].node)


def change_demand(state: State, change: DemandChange) -> None:
    """Let people buy a multiple of what they use every day."""
    for node in change.nodes:
        state.factor[node, change.commodity] = change.factor
        _set_demand(state, node, change.commodity)


def move_people(state: State, move: Movement) -> None:
    """Let people go from one node to another.

    Demand, targets and ration levels follow the number of people; where nobody lived, a new place comes to be.
    """
    for node, persons in ((move.origin, -move.persons), (move.destination, move.persons)):
        if node < 0:
            continue
        state.persons[node] += persons
        for commodity in range(len(state.case.supply.commodities)):
            _resettle(state, node, commodity)
            _set_demand(state, node, commodity)


def refresh(state: State, node: int) -> None:
    """Work out the inflows at a node again: nobody runs a source or a refinery while its node is contested.

    A refinery runs its intake while there is feed, all its products at the share of its rate that is left of each,
    the feed at the greatest of these shares. At the instant when the feed runs out, this is called again.
    """
    flows: defaultdict[int, float] = defaultdict(float)
    converted: defaultdict[int, float] = defaultdict(float)
    refining: list[tuple[Source, float]] = []
    for position, source in state.sources_at.get(node, ()):
        share = _share(state, position, source)
        flows[source.commodity] += 0.0 if source.feed >= 0 else share * source.rate
        if source.feed >= 0:
            refining.append((source, share))
    for feed in dict.fromkeys(source.feed for source, _ in refining):
        wanted = max(share * source.intake for source, share in refining if source.feed == feed)
        fed = _run(state, node, feed, wanted, flows.get(feed, 0.0))
        for source, share in refining:
            if source.feed == feed:
                converted[source.commodity] += fed * share * source.rate
    for commodity, flow in flows.items():
        _set_inflow(state, state.cell(node, commodity), flow, converted[commodity])


def _share(state: State, position: int, source: Source) -> float:
    """Return the share of its rate that a source works at now."""
    if state.holder(source.node) == CONTESTED or not source.start <= state.now < source.end:
        return 0.0
    running: float = state.running[position].item()
    return running


def _run(state: State, node: int, feed: int, wanted: float, inflow: float) -> float:
    """Let a refinery take in `wanted` tonnes an hour of its feed; return the share of it that it gets."""
    cell = state.cell(node, feed)
    _set_inflow(state, cell, inflow, 0.0)
    if state.stocks.demand[cell] != wanted:
        state.stocks.set_demand(cell, wanted, state.now)
    state.stocks.advance(cell, state.now)
    call = state.dry_calls.pop(cell, None)
    if call is not None:
        call.cancel()
    if state.stocks.level_of[cell] <= GRAM:
        return min(1.0, inflow / wanted) if wanted else 0.0
    dry = state.stocks.dry_at(cell)
    if dry <= state.case.end:
        state.dry_calls[cell] = state.clock.at(dry, FACILITIES, refresh, state, node)
    return 1.0


def _set_inflow(state: State, cell: int, flow: float, converted: float) -> None:
    total = flow + converted
    share = converted / total if total else 0.0
    if state.stocks.inflow[cell] == total and state.converting[cell] == share:
        return
    state.stocks.set_inflow(cell, total, state.now)
    state.settle(cell)
    state.converting[cell] = share


def _resettle(state: State, node: int, commodity: int) -> None:
    """Let everyday demand, target and ration level follow the number of people at a node."""
    supply, cell = state.case.supply, state.cell(node, commodity)
    first = supply.demand[node, commodity]
    after = max(0.0, float(first + supply.rate[node, commodity] * state.persons[node]))
    state.everyday[node, commodity] = after
    target = supply.target[node, commodity] * after / first if first > 0 else after * state.wanted_hours[commodity]
    state.target[node, commodity] = min(target, supply.capacity[node, commodity])
    if state.tier[node, commodity] < 0 < after:
        state.tier[node, commodity] = PLACE
    if first > 0:
        state.stocks.scale_rations(cell, float(after / first), state.now)


def _set_demand(state: State, node: int, commodity: int) -> None:
    cell = state.cell(node, commodity)
    if not state.feeding[cell]:
        wanted = state.everyday[node, commodity] * state.factor[node, commodity]
        state.stocks.set_demand(cell, float(wanted), state.now)
