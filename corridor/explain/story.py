"""The whole explanation of a place's days of supply: changes in order of time, and the account between them."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from corridor.errors import RunError
from corridor.explain.book import Account, Book
from corridor.explain.change import DIRECT, Bearing, Change
from corridor.explain.happenings import (
    control_changes,
    dry_spells,
    lost_convoys,
    rationing_changes,
    stockout_changes,
    use_changes,
)
from corridor.explain.making import source_changes
from corridor.explain.record import Dataset, Loads, Record, Target
from corridor.explain.waiting import held_changes
from corridor.explain.ways import Lane, Ways, lanes, way_changes

__all__ = ["Explanation", "Step", "Store", "explain"]

SHOWING = {"control", "stockout", "rationing"}
"""Kinds of change that bring nothing and take nothing themselves: what follows from them is told beside them."""
SHOWN = 0.1
"""The weight of what only shows what others brought about, as a share of theirs."""
NOTHING = 1e-6
"""Tonnes that nothing is to be said of."""
CAUSE_SHARE = 0.01
"""What weighs less of all that went out is no cause to name."""
LEAST_SHARE = 0.05
"""A supplier that brought less of all that came is not looked behind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The changes that are seen first at one instant of the record, and the account from there to the next step."""

    changes: tuple[Change, ...]
    account: Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """The stock of a supplier that is no source, tonnes: at the start, least (and when), at the end."""

    id: str
    name: str
    brought: float
    start: float
    least: float
    least_at: float
    end: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Explanation:
    """Everything that changed the days of supply of a target between two instants of the record.

    `account` is that of the whole time; `least_days` and `least_stock` (tonnes) were at `least_at`, hours; where nobody
    asks for any, days are nan and it is the stock that was least. `stores` are the depots that most of it came from.
    """

    record: Record
    target: Target
    book: Book
    changes: tuple[Change, ...]
    account: Account
    least_days: float
    least_stock: float
    least_at: float
    stores: tuple[Store, ...]

    def steps(self, changes: Iterable[Change]) -> list[Step]:
        """Return the chosen changes in order of time, with the accounts between them; one ends where days are least."""
        first, last = (self.record.row_at(hour) for hour in (self.account.begin, self.account.until))
        at: dict[int, list[Change]] = {first: []}
        for change in sorted(changes, key=_order):
            at.setdefault(min(max(self.record.row_at(change.hour), first), last - 1), []).append(change)
        rows = [*sorted({*at, self.record.row_at(self.least_at)} - {last}), last]
        return [
            Step(changes=tuple(at.get(row, ())), account=self.book.account(row, after)) for row, after in pairwise(rows)
        ]

    @property
    def stockouts(self) -> list[tuple[float, float]]:
        """When nodes of the target ran out and had some again (`inf`: not yet), hours, within the account's time."""
        record, target = self.record, self.target
        mine = np.isin(record["stockout_node"], target.nodes) & (record["stockout_commodity"] == target.commodity)
        spells = zip(record["stockout_start"][mine].tolist(), record["stockout_end"][mine].tolist(), strict=True)
        return [spell for spell in spells if spell[0] < self.account.until and spell[1] > self.account.begin]

    def weightiest(self, most: int) -> list[Change]:
        """Return the changes to tell first: who holds a place, when it first ran out, then by weight; in order of time.

        What only shows others counts less than they do.
        """
        single = len(self.target.nodes) == 1
        first = next((change for change in self.changes if change.kind == "stockout"), None)

        def rank(change: Change) -> tuple[bool, float]:
            shown = change.kind in {"stockout", "rationing"}
            must = single and (change is first or change.kind == "control")
            return not must, -abs(change.weight) * (SHOWN if shown else 1.0)

        return sorted(sorted(self.changes, key=rank)[:most], key=_order)

    def causes(self, most: int, *, down: bool) -> list[Change]:
        """Return what drew the stock down most, or brought it up, by weight: not what only shows it."""
        sign = -1.0 if down else 1.0
        least = max(NOTHING, CAUSE_SHARE * (self.account.used + self.account.sent))
        ranked = sorted(self.changes, key=lambda change: -sign * change.weight)
        return [change for change in ranked if change.kind not in SHOWING and sign * change.weight >= least][:most]


def explain(
    run: Dataset, place: str, commodity: str, *, since: float | None = None, until: float | None = None
) -> Explanation:
    """Explain the days of supply of a place, or of all places of an area together.

    Parameters
    ----------
    run
        The dataset of a saved run.
    place, commodity
        Ids of a node or an area, and of a commodity of the run.
    since, until
        Hours since the scenario's start; the record before the one and after the other count. All if left out.

    Raises
    ------
    RunError
        If the run is an older one, there is no such place or commodity, or the time is empty.
    """
    record = Record(run)
    target = record.target(place, commodity)
    first = 0 if since is None else record.row_at(since)
    last = record.time.size - 1 if until is None else int(np.searchsorted(record.time, until, side="left"))
    last = min(last, record.time.size - 1)
    if first >= last:
        raise RunError("--from has to be before --until, and both within the run")
    loads = record.loads(target.commodity)
    book = Book(record, target, loads)
    begin, end = float(record.time[first]), float(record.time[last])
    span = begin, end
    found = [change for change in _changes(record, target, book, loads, span) if begin <= change.hour <= end]
    days, stock = book.days[first : last + 1], book.stock[first : last + 1].sum(axis=1)
    asked = np.isfinite(days).any()
    least = int(np.nanargmin(days) if asked else np.argmin(stock))
    return Explanation(
        record=record,
        target=target,
        book=book,
        changes=tuple(sorted(found, key=_order)),
        account=book.account(first, last),
        least_days=float(days[least]),
        least_stock=float(stock[least]),
        least_at=float(record.time[first + least]),
        stores=tuple(_stores(record, target, loads, (first, last))),
    )


def _order(change: Change) -> tuple[float, bool, bool, float]:
    """Return what changes are sorted by: time, what concerns the place itself first, who holds it before all."""
    return change.hour, bool(change.via), change.kind != "control", -abs(change.weight)


def _changes(record: Record, target: Target, book: Book, loads: Loads, span: tuple[float, float]) -> list[Change]:
    """Return every change of the run that bears on a target, one level behind its suppliers included.

    Of waits at gates those within a `span` of hours.
    """
    ways = Ways(record, target.commodity)
    served = lanes(target.nodes, loads)
    found = [
        *control_changes(record, target, book),
        *way_changes(ways, served, DIRECT),
        *lost_convoys(record, target, loads, DIRECT),
        *held_changes(ways, target, loads, span, DIRECT),
        *use_changes(record, target, book),
        *dry_spells(book),
        *rationing_changes(record, target, book),
        *stockout_changes(record, target, book),
    ]
    for node in target.nodes:
        found += source_changes(record, node, target.commodity, DIRECT)
    for supplier, share in _behind(loads, served).items():
        found += _of_supplier(ways, supplier, loads, share, target, span)
    return _once(found)


def _of_supplier(
    ways: Ways, supplier: int, loads: Loads, share: float, target: Target, span: tuple[float, float]
) -> list[Change]:
    """Return what changed the supply of a supplier: its ways, its convoys, its sources and those behind it."""
    record, via = ways.record, ways.record.ids[supplier]
    it = Target(id=via, name=record.names[supplier], nodes=(supplier,), commodity=target.commodity)
    bearing = Bearing(share=share, via=via)
    behind = [lane for lane in lanes(it.nodes, loads) if lane.supplier not in target.nodes]
    found = list(source_changes(record, supplier, target.commodity, bearing))
    found += way_changes(ways, behind, bearing)
    found += lost_convoys(record, it, loads, bearing)
    found += held_changes(ways, it, loads, span, bearing)
    came = math.fsum(lane.tonnes for lane in behind)
    for lane in behind:
        part = replace(bearing, share=share * lane.tonnes / came)
        found += source_changes(record, lane.supplier, target.commodity, part)
    return found


def _behind(loads: Loads, served: Sequence[Lane]) -> dict[int, float]:
    """Return the suppliers that matter, and which part of what leaves each goes to the target."""
    brought: dict[int, float] = {}
    for lane in served:
        brought[lane.supplier] = brought.get(lane.supplier, 0.0) + lane.tonnes
    total = math.fsum(brought.values())
    gave = {supplier: float(loads.tonnes[loads.origin == supplier].sum()) for supplier in brought}
    return {
        supplier: min(1.0, tonnes / gave[supplier])
        for supplier, tonnes in brought.items()
        if tonnes >= LEAST_SHARE * total
    }


def _stores(record: Record, target: Target, loads: Loads, rows: tuple[int, int]) -> list[Store]:
    served = lanes(target.nodes, loads)
    makers = set(record["source_node"][record["source_commodity"] == target.commodity].tolist())
    found = []
    for supplier in _behind(loads, served):
        if supplier in makers or supplier not in record.row:
            continue
        stock = record.series("stock", [supplier], target.commodity)[rows[0] : rows[1] + 1, 0]
        least = int(np.argmin(stock))
        found.append(
            Store(
                id=record.ids[supplier],
                name=record.names[supplier],
                brought=math.fsum(lane.tonnes for lane in served if lane.supplier == supplier),
                start=float(stock[0]),
                least=float(stock[least]),
                least_at=float(record.time[rows[0] + least]),
                end=float(stock[-1]),
            )
        )
    return found


def _once(changes: Iterable[Change]) -> list[Change]:
    """Return changes without those told twice, since two suppliers share a source; their weights are added up."""
    found: dict[tuple[float, str, str, str], Change] = {}
    for change in changes:
        key = change.hour, change.kind, change.text, "" if change.kind == "source" else change.via
        known = found.get(key, replace(change, weight=0.0))
        found[key] = replace(known, weight=known.weight + change.weight)
    return list(found.values())
