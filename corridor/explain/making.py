"""When the sources at a node stopped and worked again, and why: hands, events, dates, or nothing left to work on."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from corridor.explain.change import Bearing, Change, amount, spell
from corridor.explain.record import CONTESTED, Record
from corridor.network import Floats

__all__ = ["source_changes"]

WEEK, GAP = 168.0, 120.0
NOTHING = 1e-3
"""Tonnes of feed that are as good as none."""
WELL_FED = 0.9
"""A converter that makes this share of its rate is not short of feed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    """At what share of its rate a source works from `hour` on, why, and by which events."""

    hour: float
    share: float
    why: str
    events: tuple[str, ...] = ()


def source_changes(record: Record, node: int, commodity: int, bearing: Bearing) -> Iterator[Change]:
    """Give when sources of a commodity at a node stop, are cut back, work again, or have nothing left to work on."""
    mine = (record["source_node"] == node) & (record["source_commodity"] == commodity)
    running = np.zeros(record.time.size, dtype=np.bool_)
    for source in np.flatnonzero(mine).tolist():
        states = _states(record, source)
        ends = [*(state.hour for state in states[1:]), float("inf")]
        for state, end in zip(states, ends, strict=True):
            running |= (state.share > 0) & (record.time > state.hour) & (record.time <= end)
        for (before, _), (now, until) in pairwise(zip(states, ends, strict=True)):
            change = _change(record, source, (before, now), until, bearing)
            # A line of business that never gave anything is not missed.
            if change.tonnes > NOTHING:
                yield change
    for feed in np.unique(record["source_feed"][mine]).tolist():
        if feed >= 0:
            yield from _hungry(record, node, (commodity, feed), running, bearing)


def _states(record: Record, source: int) -> list[_State]:
    """Return how a source works from one change of hands, event or date to the next."""
    begins: list[float] = record["epoch_start"].tolist()
    dates = [float(record[f"source_{edge}"][source]) for edge in ("start", "end")]
    rows = np.flatnonzero(record["rate_change_source"] == source)
    times: list[float] = record["rate_change_time"][rows].tolist()
    end = float(record.time[-1])
    hours = sorted({0.0, *(hour for hour in (*begins, *dates, *times) if 0 < hour <= end)})
    states = [_state(record, source, hour) for hour in hours]
    same = [False, *(now.share == before.share for before, now in pairwise(states))]
    return [state for state, as_before in zip(states, same, strict=True) if not as_before]


def _state(record: Record, source: int, hour: float) -> _State:
    epoch, node = record.epoch_at(hour), int(record["source_node"][source])
    held = int(record["holder"][epoch, node])
    opened = record.opened_by(epoch, [node]) if record["epoch_start"][epoch] == hour else ()
    if held == CONTESTED:
        return _State(hour=hour, share=0.0, why="contested", events=opened)
    if not record["source_start"][source] <= hour < record["source_end"][source]:
        return _State(hour=hour, share=0.0, why="by its dates")
    rows = np.flatnonzero((record["rate_change_source"] == source) & (record["rate_change_time"] <= hour))
    share = float(record["rate_change_share"][rows[-1]]) if rows.size else 1.0
    if rows.size and record["rate_change_time"][rows[-1]] == hour:
        event = str(record["rate_change_event"][rows[-1]])
        return _State(hour=hour, share=share, why="by an event", events=(event,))
    return _State(hour=hour, share=share, why=f"held by {record.actor(held)}", events=opened)


def _change(record: Record, source: int, turn: tuple[_State, _State], until: float, bearing: Bearing) -> Change:
    before, now = turn
    node, commodity = int(record["source_node"][source]), int(record["source_commodity"][source])
    more = now.share > before.share
    end = float(record.time[-1])
    begin, after = max(now.hour - WEEK, 0.0), now.hour
    if more:
        begin, after = now.hour, min(until, now.hour + WEEK, end)
    made = _made(record, node, commodity)
    tonnes = float(made[record.row_at(after)] - made[record.row_at(begin)])
    verb = "works again" if before.share == 0 else "stops" if now.share == 0 else f"works at {now.share:.0%}"
    when = f"in the {spell(after - begin)} {'after' if more else 'before'}"
    lasting = (min(until, now.hour + WEEK, end) - now.hour) / max(after - begin, 1.0)
    return Change(
        hour=now.hour,
        kind="source",
        text=f"{record.names[node]} {verb} ({now.why}): {amount(tonnes)} made there {when}",
        tonnes=tonnes,
        events=now.events,
        via=bearing.via,
        weight=bearing.share * tonnes * min(lasting, 1.0) * (now.share - before.share),
    )


def _hungry(
    record: Record, node: int, goods: tuple[int, int], running: NDArray[np.bool_], bearing: Bearing
) -> Iterator[Change]:
    """Give the spells, days apart, in which a converter that could run has too little of its feed.

    One that lasts from the beginning is no change: it has no weight.
    """
    commodity, feed = goods
    mine = (record["source_node"] == node) & (record["source_feed"] == feed)
    rate = float(record["source_rate"][mine & (record["source_commodity"] == commodity)].sum())
    made = _made(record, node, commodity)
    flow = np.diff(made, prepend=made[:1]) / np.diff(record.time, prepend=record.time[0] - 1)
    stock, taken = (record.series(name, [node], feed)[:, 0] for name in ("stock", "demand"))
    rows = np.flatnonzero(running & (flow < WELL_FED * rate) & ((stock <= NOTHING) | (taken == 0)))
    for rows_of_one in np.split(rows, np.flatnonzero(np.diff(record.time[rows]) > GAP) + 1):
        if not rows_of_one.size:
            continue
        first, last = int(rows_of_one[0]) - 1, int(rows_of_one[-1])
        hours = float(record.time[last] - record.time[first])
        missing = max(0.0, rate * hours - float(made[last] - made[first]))
        why = f"has too little {record.commodities[feed]} and works at {1 - missing / (rate * hours):.0%}"
        yield Change(
            hour=float(record.time[first]),
            kind="source",
            text=f"{record.names[node]} {why}: {amount(missing)} less in {spell(hours)}",
            tonnes=missing,
            via=bearing.via,
            weight=-bearing.share * missing if first > 0 else 0.0,
        )


def _made(record: Record, node: int, commodity: int) -> Floats:
    """Return the tonnes made at a node since the start, by row of the record."""
    made: Floats = record.series("made", [node], commodity)[:, 0]
    return made
