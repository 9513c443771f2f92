"""What became of the supply of each place: days of supply, fill rate, stockouts in hours and person-days."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from corridor.network import Floats, Ints

__all__ = ["SupplyRow", "days_of_supply", "fill_rate", "person_days", "stockout_hours", "supply_rows"]

HOURS_A_DAY = 24.0


class _Stockout(Protocol):
    """What is asked of a stockout: a node (position) has none of a commodity from `start` to `end`, hours."""

    @property
    def node(self) -> int: ...
    @property
    def commodity(self) -> int: ...
    @property
    def start(self) -> float: ...
    @property
    def end(self) -> float: ...


class _Record(Protocol):
    """What is asked of a trace, t instants, p places, k commodities: see `corridor.simulation.trace.Trace`."""

    @property
    def time(self) -> Floats: ...
    @property
    def place(self) -> Ints: ...
    @property
    def stock(self) -> Floats: ...
    @property
    def demand(self) -> Floats: ...
    @property
    def consumed(self) -> Floats: ...
    @property
    def unmet(self) -> Floats: ...
    @property
    def received(self) -> Floats: ...
    @property
    def persons(self) -> Floats: ...
    @property
    def stockouts(self) -> Sequence[_Stockout]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyRow:
    """How one commodity fared at one place over the time recorded.

    `node` and `commodity` are positions; `demand`, `consumed`, `unmet` and `received` tonnes; `fill_rate` the share of
    the demand that was met; `days_at_start`, `days_at_end` and `days_least` days of supply, `least_at` when they were
    least (hours); `first_stockout` hours (`inf`: none), `stockout_hours`, and `stockout_person_days`: of who lived
    there then.
    """

    node: int
    commodity: int
    demand: float
    consumed: float
    unmet: float
    received: float
    fill_rate: float
    days_at_start: float
    days_at_end: float
    days_least: float
    least_at: float
    first_stockout: float
    stockout_hours: float
    stockout_person_days: float


def days_of_supply(stock: Floats, demand: Floats) -> Floats:
    """Return how many days `stock` (tonnes) lasts at full `demand` (tonnes a day), of their shape; nan at no demand."""
    days: Floats = np.divide(stock, demand, out=np.full(np.shape(stock), np.nan), where=demand > 0)
    return days


def fill_rate(consumed: Floats, unmet: Floats) -> Floats:
    """Return the share of demand that was met at once, by quantity, of their shape; nan where none was.

    This is the fill rate of inventory theory [1]_, P₂, with lost sales: consumed / (consumed + unmet), both tonnes.

    References
    ----------
    .. [1] E. A. Silver, D. F. Pyke, D. J. Thomas, "Inventory and Production Management in Supply Chains", 4th ed.,
       CRC Press, 2017, section 6.6.
    """
    wanted = consumed + unmet
    rate: Floats = np.divide(consumed, wanted, out=np.full(np.shape(wanted), np.nan), where=wanted > 0)
    return rate


def stockout_hours(starts: Floats, ends: Floats, *, begin: float, end: float) -> Floats:
    """Return how long each stockout lasted between `begin` and `end`, hours; `ends` may be `inf`."""
    lasted: Floats = np.maximum(np.minimum(ends, end) - np.maximum(starts, begin), 0.0)
    return lasted


def person_days(time: Floats, persons: Floats, starts: Floats, ends: Floats) -> Floats:
    """Return the person-days lived at a place between each start and end, shape (s,): people come and go.

    Parameters
    ----------
    time, persons
        Hours on record, rising, and who lives at the place from each of them to the next, both of shape (t,).
    starts, ends
        Hours, shape (s,); before the first hour on record and after the last nobody counts.
    """
    lived = np.append(0.0, np.cumsum(persons[:-1] * np.diff(time))) / HOURS_A_DAY
    lost: Floats = np.maximum(np.interp(ends, time, lived) - np.interp(starts, time, lived), 0.0)
    return lost


def supply_rows(record: _Record) -> Iterator[SupplyRow]:
    """Give a row for each place and commodity that was ever asked for there, in the order of the record.

    Parameters
    ----------
    record
        The trace of a replication.
    """
    days = days_of_supply(record.stock, record.demand)
    consumed, unmet, received = (values[-1] - values[0] for values in (record.consumed, record.unmet, record.received))
    rate = fill_rate(consumed, unmet)
    first, hours, lost = _stockouts(record)
    least = np.where(np.isnan(days), np.inf, days).argmin(axis=0)
    for place, commodity in np.argwhere(consumed + unmet > 0).tolist():
        at = place, commodity
        yield SupplyRow(
            node=int(record.place[place]),
            commodity=commodity,
            demand=float(consumed[at] + unmet[at]),
            consumed=float(consumed[at]),
            unmet=float(unmet[at]),
            received=float(received[at]),
            fill_rate=float(rate[at]),
            days_at_start=float(days[0][at]),
            days_at_end=float(days[-1][at]),
            days_least=float(days[least[at]][at]),
            least_at=float(record.time[least[at]]),
            first_stockout=float(first[at]),
            stockout_hours=float(hours[at]),
            stockout_person_days=float(lost[at]),
        )


def _stockouts(record: _Record) -> tuple[Floats, Floats, Floats]:
    """Return when each place first ran out of each commodity (`inf`: never), for how long, and the person-days lost.

    The first two are hours, all are of shape (p, k).
    """
    begin, end = float(record.time[0]), float(record.time[-1])
    row = {node: place for place, node in enumerate(record.place.tolist())}
    told = [stockout for stockout in record.stockouts if stockout.node in row]
    place = np.array([row[stockout.node] for stockout in told], dtype=np.intp)
    at = place, np.array([stockout.commodity for stockout in told], dtype=np.intp)
    starts, ends = np.array([(each.start, each.end) for each in told], dtype=np.float64).reshape(-1, 2).T
    lasted = stockout_hours(starts, ends, begin=begin, end=end)
    first, hours, lost = (np.full(record.stock.shape[1:], value) for value in (np.inf, 0.0, 0.0))
    np.minimum.at(first, at, np.where(lasted > 0, np.maximum(starts, begin), np.inf))
    np.add.at(hours, at, lasted)
    for here in np.unique(place).tolist():
        mine = place == here
        days = person_days(record.time, record.persons[:, here], starts[mine], ends[mine])
        np.add.at(lost, (place[mine], at[1][mine]), days)
    return first, hours, lost
