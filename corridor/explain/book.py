"""The account of a stock between two instants: what came in from whom, what went out, and that it adds up."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corridor.explain.record import Loads, Record, Target
from corridor.network import Floats, Ints

__all__ = ["NOBODY", "Account", "Book", "Gift"]

NOBODY = 1e-6
"""Tonnes a day that are asked for where nobody is left: what rounding leaves of many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """What one supplier (a node's position) brought: tonnes in so many loads, by their ids."""

    supplier: int
    tonnes: float
    shipments: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The stock from `begin` to `until` (hours, on the record), tonnes.

    ``start + received + returned + made + within - used - sent - lost + residual = end``; `received` comes from
    outside, by supplier in `gifts`, the most first; `returned` with convoys that turned back; `made` on the spot;
    `within` is what arrived less what set out on ways that begin and end here; `sent` went to others; `lost` is gone
    when a place changed hands. `unmet` is what was asked for in vain. `days_before` and `days_after` are days of
    supply at both ends, nan where nobody asks for any.
    """

    begin: float
    until: float
    start: float
    received: float
    gifts: tuple[Gift, ...]
    returned: float
    made: float
    within: float
    used: float
    sent: float
    lost: float
    end: float
    unmet: float
    residual: float
    days_before: float
    days_after: float


class Book:
    """Keep the books of a target: p nodes, t rows of the record, everything by row since the one before, (t, p).

    What happens at an instant on the record is in that row already.
    """

    def __init__(self, record: Record, target: Target, loads: Loads) -> None:
        nodes, commodity = target.nodes, target.commodity
        self._record, self._nodes = record, nodes
        self.time = record.time
        self.stock, self.demand = (record.series(name, nodes, commodity) for name in ("stock", "demand"))
        used, unmet, made = (record.series(name, nodes, commodity) for name in ("consumed", "unmet", "made"))
        self.used, self.unmet, self.made = (np.diff(total, axis=0, prepend=total[:1]) for total in (used, unmet, made))
        column = {node: number for number, node in enumerate(nodes)}
        to, out_of = (_columns(ends, column) for ends in (loads.destination, loads.origin))
        # A load that was brought back, or is on its way back, had been sent to where it was ordered.
        returns = (loads.back > 0) | (loads.destination == loads.origin)
        meant = np.where(returns, _columns(loads.ordered, column), to)
        self._inside = (meant >= 0) & (out_of >= 0)
        self._arrival_row, self._to = self._rows(loads.arrived), to
        self._loading_row = self._rows(loads.loaded)
        self._loads = loads
        self.received = self._summed(loads.put_in, to, self._arrival_row)
        self.returned = self._summed(loads.back, to, self._arrival_row)
        self.drawn = self._summed(loads.drawn, out_of, self._loading_row)
        change = np.diff(self.stock, axis=0, prepend=self.stock[:1])
        change[1:] -= (self.received + self.returned + self.made - self.used - self.drawn)[1:]
        self._lost, self._residual = self._split(change)

    @property
    def days(self) -> Floats:
        """Days of supply of all nodes together, shape (t,); nan where nobody asks for any."""
        stock, demand = self.stock.sum(axis=1), self.demand.sum(axis=1)
        days: Floats = np.divide(stock, demand, out=np.full(stock.size, np.nan), where=demand > NOBODY)
        return days

    def account(self, first: int, last: int) -> Account:
        """Return the account from one row of the record to a later one."""
        between = slice(first + 1, last + 1)

        def total(values: Floats) -> float:
            return float(values[between].sum())

        gifts = self.gifts(first, last)
        received = math.fsum(gift.tonnes for gift in gifts)
        inside = self._loads.drawn[self._inside & _among(self._loading_row, between)].sum()
        days = self.days
        return Account(
            begin=float(self.time[first]),
            until=float(self.time[last]),
            start=float(self.stock[first].sum()),
            received=received,
            gifts=gifts,
            returned=total(self.returned),
            made=total(self.made),
            within=total(self.received) - received - float(inside),
            used=total(self.used),
            sent=total(self.drawn) - float(inside),
            lost=total(self._lost),
            end=float(self.stock[last].sum()),
            unmet=total(self.unmet),
            residual=total(self._residual),
            days_before=float(days[first]),
            days_after=float(days[last]),
        )

    def gifts(self, first: int, last: int) -> tuple[Gift, ...]:
        """Return what each supplier outside brought between two rows, the most first."""
        loads = self._loads
        came = (loads.put_in > 0) & (self._to >= 0) & ~self._inside
        came &= _among(self._arrival_row, slice(first + 1, last + 1))
        found = []
        for supplier in np.unique(loads.origin[came]).tolist():
            mine = came & (loads.origin == supplier)
            tonnes = float(loads.put_in[mine].sum())
            found.append(Gift(supplier=supplier, tonnes=tonnes, shipments=tuple(loads.id[mine].tolist())))
        return tuple(sorted(found, key=lambda gift: (-gift.tonnes, gift.supplier)))

    def _rows(self, hours: Floats) -> Ints:
        """Return the row of the record in which each instant is seen first, -1 for none."""
        rows = np.searchsorted(self.time, hours, side="left")
        seen: Ints = np.where(np.isfinite(hours) & (rows < self.time.size), rows, -1)
        return seen

    def _summed(self, tonnes: Floats, column: Ints, row: Ints) -> Floats:
        found = np.zeros(self.stock.shape)
        use = (column >= 0) & (row >= 0)
        np.add.at(found, (row[use], column[use]), tonnes[use])
        return found

    def _split(self, gap: Floats) -> tuple[Floats, Floats]:
        """Return what of a gap in the books was lost when a node changed hands, and what nothing explains, (t, p)."""
        record = self._record
        holder = record["holder"][:, list(self._nodes)]
        changed = np.zeros(gap.shape, dtype=np.bool_)
        for epoch in range(1, len(holder)):
            row = int(np.searchsorted(self.time, record["epoch_start"][epoch], side="left"))
            if row < self.time.size:
                changed[row] |= holder[epoch] != holder[epoch - 1]
        lost = np.where(changed & (gap < 0), -gap, 0.0)
        return lost, gap + lost


def _columns(ends: Ints, column: dict[int, int]) -> Ints:
    return np.array([column.get(node, -1) for node in ends.tolist()], dtype=np.intp)


def _among(rows: Ints, between: slice) -> NDArray[np.bool_]:
    among: NDArray[np.bool_] = (rows >= between.start) & (rows < between.stop)
    return among
