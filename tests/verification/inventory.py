"""Stocks ordered up to their target with constant demand and lead time, played by the engine and as closed forms."""

from typing import NamedTuple

import numpy as np

from corridor.policies import FairShare
from tests.builders import network
from tests.supply_cases import at, run, supply_case
from tests.theory import Cycle, order_cycle, share_met_late
from tests.verification.page import difference, said

__all__ = ["LATE", "STOCKS", "Stock", "late_row", "play_cycle", "play_late", "play_stock", "stock_row", "theory_cycle"]

NET = network(dict.fromkeys("st", (36.0, 34.0)), [("s", "t", 10.0, 1.0)])


class Stock(NamedTuple):
    """A place: `demand` tonnes an hour, order-up-to `target`, `payload` a vehicle, `review` and `lead` in hours."""

    words: str
    demand: float
    target: float
    payload: float
    review: float
    lead: float

    @property
    def lot(self) -> float:
        """What is worth a drive: a load or a day's demand, but no more than half the target."""
        return min(max(self.payload, 24 * self.demand), self.target / 2)


STOCKS = (
    Stock("a day's demand an order", 0.5, 72.0, 10.0, 6.0, 5.0),
    Stock("a load an order, waiting for the review", 2.0, 240.0, 50.0, 4.0, 11.0),
    Stock("reviewed every quarter of an hour: (s, S)", 2.0, 240.0, 50.0, 0.25, 11.0),
    Stock("half the target an order", 0.25, 20.0, 25.0, 1.0, 9.0),
    Stock("three orders on their way at once", 1.0, 120.0, 20.0, 12.0, 50.0),
)
LATE = tuple(Stock(f"lead time {lead:.0f} h", 1.0, 90.0, 30.0, 0.5, lead) for lead in (60.0, 66.0, 90.0, 120.0))
"""Places whose target of 90 hours is three orders."""


def theory_cycle(stock: Stock) -> Cycle:
    """Return what the closed form says."""
    return order_cycle(demand=stock.demand, target=stock.target, lot=stock.lot, review=stock.review, lead=stock.lead)


def play_stock(stock: Stock, hours: float) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return of so many `hours` the stock at each hour, what was used by then, and departures and loads of orders."""
    case = supply_case(
        NET,
        end=hours,
        stock={"s": 1e6, "t": stock.target},
        demand={"t": stock.demand},
        tier={"s": 0, "t": 2},
        target={"t": stock.target},
        payload=[stock.payload],
        fleet={"s": 999},
        trip_time_factor=stock.lead - 2,
        loading_hours=1.0,
        unloading_hours=1.0,
        policy=FairShare(review_hours=stock.review, target_days={"default": 1.0}),
    )
    trace = run(case)
    assert trace.time.tolist() == list(range(int(hours) + 1))
    place = trace.place.tolist().index(at(NET, "t"))
    left = np.array([row.departed - 1.0 for row in trace.shipments])
    tonnes = np.array([row.tonnes for row in trace.shipments])
    return trace.stock[:, place, 0], trace.consumed[:, place, 0], left, tonnes


def play_cycle(stock: Stock, *, cycles: int = 4) -> Cycle:
    """Return what the engine does in its last `cycles`."""
    hours = theory_cycle(stock).hours
    end = (np.ceil((stock.lead + stock.target / stock.demand) / hours) + cycles) * hours
    level, used, left, tonnes = play_stock(stock, float(end))
    rows = slice(int(end - cycles * hours), int(end) + 1)
    before = level[rows][:-1] - np.diff(used[rows])
    return Cycle(
        float(tonnes[-cycles:].mean()),
        float(np.diff(left)[-cycles:].mean()),
        float(level[rows].max()),
        float(before.min()),
        float((level[rows][:-1] + before).mean() / 2),
    )


def play_late(stock: Stock, *, turns: int = 3) -> float:
    """Return the share of demand that is met in `turns` of a place whose orders come too late, once that is settled."""
    turn = stock.lead + stock.lot / stock.demand
    end = (turns + 3) * turn
    _, used, _, _ = play_stock(stock, end)
    return float((used[-1] - used[int(end - turns * turn)]) / (turns * turn * stock.demand))


def stock_row(stock: Stock, played: Cycle) -> tuple[str, ...]:
    """Return what the page says of a stock."""
    theory = theory_cycle(stock)
    off = max(abs(one - other) for one, other in zip(played, theory, strict=True))
    return stock.words, f"{stock.review:g}", f"{stock.lead:g}", *(f"{number:g}" for number in theory), difference(off)


def late_row(stock: Stock, played: float) -> tuple[str, ...]:
    """Return what the page says of a stock whose orders come too late."""
    met = share_met_late(demand=stock.demand, target=stock.target, order=stock.lot, lead=stock.lead)
    return f"{stock.lead:g}", said(met), said(played)
