"""One replication from warm-up to end: what is scheduled at the beginning, and what is checked at the end."""

import math
from collections.abc import Callable

import numpy as np

from corridor.case import Case
from corridor.errors import RunError
from corridor.simulation.atlas import Atlas
from corridor.simulation.clock import ARRIVALS, CONTROL, DISPATCH, OPENING, RECORDING
from corridor.simulation.convoys import send_aid
from corridor.simulation.facilities import open_facilities
from corridor.simulation.opening import set_recorded_stock, spread_stock
from corridor.simulation.people import open_people
from corridor.simulation.pipes import lay_pipes
from corridor.simulation.recording import Recorder
from corridor.simulation.review import review
from corridor.simulation.state import State
from corridor.simulation.trace import Trace
from corridor.simulation.upheaval import switch

__all__ = ["simulate"]

Progress = Callable[[float], None]


def simulate(
    case: Case, seed: np.random.SeedSequence, *, progress: Progress | None = None, atlas: Atlas | None = None
) -> Trace:
    """Play one replication of a case.

    Parameters
    ----------
    case
        What is supplied, by whom, where and when.
    seed
        Where all chance comes from; the same case and seed give the same trace, byte for byte.
    progress
        Called at every review with the share of the replication that is done, 0 to 1.
    atlas
        The ways and routes of the case, which replications one after another may share; its own if left out.

    Returns
    -------
        What happened from the scenario's start to its end.

    Raises
    ------
    RunError
        If the ledger does not balance, or vehicles came to be or were lost without a trace.
    """
    state = State(case, seed, atlas or Atlas(case))
    recorder = Recorder(state)
    if case.warmup > 0:
        spread_stock(state)
    open_facilities(state)
    open_people(state)
    lay_pipes(state)
    clock = state.clock
    for epoch in case.epochs[1:]:
        clock.at(epoch.start, CONTROL, switch, state, epoch)
    for aid in (each for each in case.supply.aid if each.time >= clock.now):
        clock.at(aid.time, ARRIVALS, send_aid, state, aid)
    clock.at(0.0, OPENING, _open, state, recorder)
    clock.at(0.0, RECORDING, _record, state, recorder, 0)
    clock.at(clock.now, DISPATCH, _review, state, 0, progress)
    clock.run_through(case.end)
    state.settle_all()
    _check(state)
    # A change of links that touches nothing is no event of supply.
    return recorder.trace(clock.processed - len(case.epochs) + 1)


def _open(state: State, recorder: Recorder) -> None:
    state.settle_all()
    if state.case.warmup > 0:
        set_recorded_stock(state)
    stocks = state.stocks
    state.ledger.open(used=stocks.grid(stocks.used).sum(axis=0), made=stocks.grid(stocks.made).sum(axis=0))
    recorder.open()


def _record(state: State, recorder: Recorder, row: int) -> None:
    recorder.record(row)
    if row + 1 < recorder.time.size:
        state.clock.at(float(recorder.time[row + 1]), RECORDING, _record, state, recorder, row + 1)


def _review(state: State, turn: int, progress: Progress | None) -> None:
    review(state)
    case = state.case
    if progress is not None:
        progress((state.now + case.warmup) / (case.end + case.warmup))
    due = (turn + 1) * case.scenario.supply.policy.review_hours - case.warmup
    if due <= case.end:
        state.clock.at(due, DISPATCH, _review, state, turn + 1, progress)


def _check(state: State) -> None:
    """Hold the ledger against what is in stock, on the road and in pipes, and count the vehicles."""
    away = np.zeros_like(state.lost)
    for convoy in state.convoys.values():
        away[convoy.group[1]] += 0 if convoy.aid else convoy.vehicles
    gap = state.fleet.sum(axis=0) + away + state.lost - state.case.supply.fleet.sum(axis=0)
    if gap.any():
        gaps = dict(zip(state.case.supply.vehicles, gap.tolist(), strict=True))
        msg = f"vehicles more or fewer than there were: {gaps}; this is a fault of the program, report it"
        raise RunError(msg)
    transit, fill = np.zeros(state.stocks.commodities), np.zeros(state.stocks.commodities)
    for convoy in state.convoys.values():
        transit[convoy.commodity] += convoy.tonnes
    for line in state.lines:
        fill[line.pipe.commodity] += math.fsum(batch.tonnes for batch in line.fill.values())
    stocks = state.stocks
    state.ledger.check(
        stock=state.stock_by_holder(),
        transit=transit,
        fill=fill,
        used=stocks.grid(stocks.used).sum(axis=0),
        made=stocks.grid(stocks.made).sum(axis=0),
    )
