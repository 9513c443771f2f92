"""What happened to a target itself: control, convoys that did not come, use, rationing and stockouts."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from corridor.explain.book import NOBODY, Book
from corridor.explain.change import Bearing, Change, amount, at_most, counted, spell
from corridor.explain.record import CONTESTED, Loads, Record, Target
from corridor.network import Floats

__all__ = ["control_changes", "dry_spells", "lost_convoys", "rationing_changes", "stockout_changes", "use_changes"]

DAY, WEEK = 24.0, 168.0
NOTHING = 1e-6
STEP_SHARE = 0.005
CUT_SHARE = 0.001
GAP_HOURS = 24.0
WORDS = {
    "captured": "captured",
    "diverted": "diverted and unloaded elsewhere",
    "turned back": "turned back and unloaded",
    "refused": "refused",
    "partly unloaded": "let in with only part of their load",
}


def control_changes(record: Record, target: Target, book: Book) -> Iterator[Change]:
    """Give the instants at which nodes of a target change hands or become contested."""
    holder = record["holder"][:, list(target.nodes)]
    for epoch in range(1, len(holder)):
        moved = np.flatnonzero(holder[epoch] != holder[epoch - 1])
        hour = float(record["epoch_start"][epoch])
        row = record.row_at(hour)
        for now in np.unique(holder[epoch][moved]).tolist():
            mine = moved[holder[epoch][moved] == now]
            names = at_most([record.names[target.nodes[place]] for place in mine.tolist()])
            tonnes = float(book.stock[row, mine].sum())
            held = "contested" if now == CONTESTED else f"held by {record.actor(now)}"
            yield Change(
                hour=hour,
                kind="control",
                text=f"{names}: now {held}, with {amount(tonnes)} in stock",
                tonnes=tonnes,
                events=record.opened_by(epoch, [target.nodes[place] for place in mine.tolist()]),
                weight=tonnes,
            )


def lost_convoys(record: Record, target: Target, loads: Loads, bearing: Bearing) -> Iterator[Change]:
    """Give the loads that were bound for a target and did not come (whole), those of one epoch and fate as one."""
    bound = np.isin(loads.ordered, target.nodes)
    elsewhere = ~np.isin(loads.destination, target.nodes)
    for outcome, words in WORDS.items():
        failed = bound & (loads.outcome == outcome) & (elsewhere if outcome == "diverted" else True)
        mine = loads.of(failed & np.isfinite(loads.ended))
        epochs = np.array([record.epoch_at(hour) for hour in mine.ended.tolist()], dtype=np.intp)
        for epoch in np.unique(epochs).tolist():
            group = mine.of(epochs == epoch)
            tonnes = float((group.tonnes - (group.put_in if outcome == "partly unloaded" else 0.0)).sum())
            first = float(group.ended.min())
            opened = first == float(record["epoch_start"][epoch])
            count = counted(group.id.size, "convoy")
            names = list(dict.fromkeys(record.names[node] for node in group.origin.tolist()))
            yield Change(
                hour=first,
                kind="convoys",
                text=f"{count} from {at_most(names)} bound for {target.name} {words}: {amount(tonnes)}",
                tonnes=tonnes,
                shipments=tuple(group.id.tolist()),
                events=record.opened_by(epoch, [*target.nodes, *_last_seen(record, group)]) if opened else (),
                via=bearing.via,
                weight=-bearing.share * tonnes,
            )


def _last_seen(record: Record, group: Loads) -> set[int]:
    """Return the nodes that loads were at last."""
    return {record.position[route.rsplit(">", 1)[-1]] for route in group.route.tolist()}


def use_changes(record: Record, target: Target, book: Book) -> Iterator[Change]:
    """Give the spells in which what people ask for rises or falls: people who come or leave, and hoarding."""
    demand = book.demand.sum(axis=1)
    persons = record["persons"][:, [record.row[node] for node in target.nodes]] if record.has("persons") else None
    steps = np.diff(demand)
    feeds = record["source_node"][record["source_feed"] == target.commodity]
    fed = bool(np.isin(target.nodes, feeds).any())
    moving = np.abs(steps) > STEP_SHARE * np.maximum(demand[:-1], demand[1:])
    for first, last in _spells(moving, np.sign(steps), book.time[1:]):
        before, after = float(demand[first]), float(demand[last + 1])
        moved = float((persons[last + 1] - persons[first]).sum()) if persons is not None else 0.0
        why = f" ({abs(moved):,.0f} people {'come' if moved > 0 else 'leave'})" if abs(moved) >= 1 else ""
        verb = "rises" if after > before else "falls"
        hour = float(book.time[first + 1])
        left = min(float(book.time[-1]) - hour, WEEK) / DAY
        yield Change(
            hour=hour,
            kind="use",
            text=f"what is asked for {verb} from {amount(before)} to {amount(after)} a day{why}",
            tonnes=abs(after - before),
            events=_population_events(record, float(book.time[first]), float(book.time[last + 1])),
            # What a converter takes goes up and down with what it gets.
            weight=0.0 if fed else (before - after) * left,
        )


def rationing_changes(record: Record, target: Target, book: Book) -> Iterator[Change]:
    """Give when use falls behind what is asked for although there is some left, and when that is over."""
    cut = np.where(_out(record, target, book), 0.0, book.unmet).sum(axis=1)
    hours = np.diff(book.time, prepend=book.time[0])
    asked = book.demand.sum(axis=1) / DAY * hours
    unmet = book.unmet.sum(axis=1)  # where a place ran out, it did not get what it asked for either
    short = cut > CUT_SHARE * np.maximum(asked, NOBODY)
    for first, last in _spells(short, np.ones(short.size), book.time):
        tonnes, wanted = float(cut[first : last + 1].sum()), float(asked[first : last + 1].sum())
        begin, end = float(book.time[max(first - 1, 0)]), float(book.time[last])
        empty = book.stock[first : last + 1].sum() <= NOTHING
        why = "only what comes in can be used" if empty else "use is rationed"
        text = f"{why}, {1 - tonnes / wanted:.0%} of what is asked for: {amount(tonnes)} less in all"
        yield Change(hour=begin, kind="rationing", text=text, tonnes=tonnes, weight=tonnes)
        if last + 1 < short.size and unmet[last + 1] <= CUT_SHARE * asked[last + 1]:
            yield Change(hour=end, kind="rationing", text="as much is used as is asked for again", weight=tonnes)


def dry_spells(book: Book) -> Iterator[Change]:
    """Give the weeks and longer in which nothing at all came in or was made, while people went on using."""
    came = (book.received + book.returned + book.made).sum(axis=1) > NOTHING
    came[0] = came[-1] = True
    rows = np.flatnonzero(came)
    for first, last in zip(rows[:-1].tolist(), rows[1:].tolist(), strict=True):
        account = book.account(first, last)
        hours = account.until - account.begin
        if hours < WEEK or account.used + account.unmet <= NOTHING:
            continue
        vain = f", {amount(account.unmet)} asked for in vain" if account.unmet > NOTHING else ""
        yield Change(
            hour=account.begin,
            kind="nothing came",
            text=f"nothing comes for {spell(hours)}: {amount(account.used)} used{vain}",
            tonnes=account.used,
            weight=-account.used,
        )


def stockout_changes(record: Record, target: Target, book: Book) -> Iterator[Change]:
    """Give when a node of a target runs out, and when it has something again."""
    for number in np.flatnonzero(_mine(record, target)).tolist():
        column = target.nodes.index(int(record["stockout_node"][number]))
        begin, end = (float(record[f"stockout_{edge}"][number]) for edge in ("start", "end"))
        name = record.names[target.nodes[column]]
        lasting = min(end, float(record.time[-1])) - begin
        # What is asked for stays as it is from one record to the next.
        hours = np.diff(np.clip(record.time, begin, end))
        tonnes = float((book.demand[:-1, column] / DAY * hours).sum())
        missing = f"{amount(tonnes)} asked for in vain in {spell(lasting)}"
        yield Change(hour=begin, kind="stockout", text=f"{name} runs out: {missing}", tonnes=tonnes, weight=-tonnes)
        if np.isfinite(end):
            yield Change(hour=end, kind="stockout", text=f"{name} has some again", weight=tonnes)


def _mine(record: Record, target: Target) -> NDArray[np.bool_]:
    here = np.isin(record["stockout_node"], target.nodes)
    mine: NDArray[np.bool_] = here & (record["stockout_commodity"] == target.commodity)
    return mine


def _out(record: Record, target: Target, book: Book) -> NDArray[np.bool_]:
    """Return which nodes were out at some time since the row before each row, shape (t, p)."""
    out: NDArray[np.bool_] = np.zeros(book.stock.shape, dtype=np.bool_)
    for number in np.flatnonzero(_mine(record, target)).tolist():
        column = target.nodes.index(int(record["stockout_node"][number]))
        begin, end = record["stockout_start"][number], record["stockout_end"][number]
        before = np.concatenate((book.time[:1], book.time[:-1]))
        out[:, column] |= (before < end) & (book.time > begin)
    return out


def _spells(steps: NDArray[np.bool_], sign: Floats, time: Floats) -> Iterator[tuple[int, int]]:
    """Give the first and last row of each spell of one sign, those up to a day apart as one; all of shape (t,).

    `time` is the instants of the rows, hours.
    """
    first = last = -1
    for row in np.flatnonzero(steps).tolist():
        if first >= 0 and (time[row] - time[last] > GAP_HOURS or sign[row] != sign[last]):
            yield first, last
            first = -1
        first, last = (row if first < 0 else first), row
    if first >= 0:
        yield first, last


def _population_events(record: Record, begin: float, end: float) -> tuple[str, ...]:
    """Return the applied events of people who move between two instants."""
    applied = record["event_applied"] & (record["event_kind"] == "population")
    time = record["event_time"]
    within = applied & (time >= begin) & (time <= end)
    return tuple(record["event_id"][within].astype(str).tolist())
