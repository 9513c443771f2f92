"""Days of supply, fill rate and stockouts from a record."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.metrics import days_of_supply, fill_rate, person_days, stockout_hours, supply_rows

amounts = st.floats(0, 1e6)


@dataclass(frozen=True)
class Outage:
    node: int
    commodity: int
    start: float
    end: float


@dataclass(frozen=True)
class Record:
    """A record of nodes 4 and 7 and two commodities over 48 hours; nobody at node 7 asks for the second."""

    time: Any = field(default_factory=lambda: np.array([0.0, 24.0, 48.0]))
    place: Any = field(default_factory=lambda: np.array([4, 7]))
    stock: Any = field(default_factory=lambda: series([[30, 10], [50, 5]], [[0, 5], [40, 5]], [[15, 0], [30, 5]]))
    demand: Any = field(default_factory=lambda: series(*[[[10, 5], [10, 0]]] * 3))
    consumed: Any = field(default_factory=lambda: series([[0, 0], [0, 0]], [[8, 5], [10, 0]], [[15, 10], [20, 0]]))
    unmet: Any = field(default_factory=lambda: series([[0, 0], [0, 0]], [[2, 0], [0, 0]], [[5, 0], [0, 0]]))
    received: Any = field(default_factory=lambda: series([[0, 0], [0, 0]], [[0, 0], [0, 0]], [[30, 0], [0, 0]]))
    persons: Any = field(default_factory=lambda: series([400, 700], [400, 700], [100, 700]))
    stockouts: Any = ()


def series(*instants: Any) -> Any:
    return np.array(instants, dtype=float)


def test_days_of_supply_are_stock_over_daily_demand_and_undefined_without_demand() -> None:
    np.testing.assert_array_equal(days_of_supply(series(30, 0, 5), series(10, 10, 0)), [3, 0, np.nan])


@given(amounts, amounts)
def test_the_fill_rate_is_a_share_of_what_was_asked_for(consumed: float, unmet: float) -> None:
    rate = float(fill_rate(np.array([consumed]), np.array([unmet]))[0])
    if consumed + unmet == 0:
        assert np.isnan(rate)
    else:
        assert 0 <= rate <= 1
        assert rate * (consumed + unmet) == pytest.approx(consumed)


def test_a_thousand_people_without_for_twelve_hours_are_five_hundred_person_days() -> None:
    time, persons = np.arange(49.0), np.full(49, 1000.0)
    assert person_days(time, persons, series(6), series(18)).tolist() == [pytest.approx(500)]


def test_who_has_left_goes_without_nothing_and_who_has_come_does() -> None:
    time, persons = np.arange(49.0), series(*[1000] * 24, *[250] * 25)
    lost = person_days(time, persons, series(12, 12.5, 30, -5), series(36, np.inf, 30, 24))
    assert lost.tolist() == pytest.approx([500 + 125, 11.5 / 24 * 1000 + 250, 0, 1000])


@given(st.floats(-10, 60), st.floats(0, 60), st.floats(0, 60))
def test_person_days_of_two_spells_that_meet_are_those_of_the_whole(start: float, first: float, second: float) -> None:
    time, persons = np.arange(49.0), np.linspace(0.0, 4800.0, 49)
    meet, end = start + first, start + first + second
    parts = person_days(time, persons, series(start, meet), series(meet, end))
    assert parts.sum() == pytest.approx(person_days(time, persons, series(start), series(end))[0], abs=1e-6)


def test_only_the_part_of_a_stockout_within_the_time_looked_at_counts() -> None:
    starts, ends = series(-5, 10, 40, 50, -9), series(5, 20, np.inf, 60, -1)
    assert stockout_hours(starts, ends, begin=0, end=48).tolist() == [5, 10, 8, 0, 0]


def test_there_is_a_row_for_each_place_and_commodity_that_was_asked_for() -> None:
    outages = (Outage(4, 0, 20, 26), Outage(4, 0, 40, np.inf), Outage(9, 0, 0, 48), Outage(7, 0, 48, np.inf))
    rows = list(supply_rows(Record(stockouts=outages)))
    assert [(row.node, row.commodity) for row in rows] == [(4, 0), (4, 1), (7, 0)]
    first, second, third = rows
    assert (first.demand, first.consumed, first.unmet, first.received, first.fill_rate) == (20, 15, 5, 30, 0.75)
    assert (first.days_at_start, first.days_at_end, first.days_least, first.least_at) == (3, 1.5, 0, 24)
    assert (first.first_stockout, first.stockout_hours) == (20, 14)
    assert first.stockout_person_days == pytest.approx(14 / 24 * 400)
    assert (second.first_stockout, second.stockout_hours, second.fill_rate) == (np.inf, 0, 1)
    assert (third.first_stockout, third.days_least, third.least_at) == (np.inf, 3, 48)


def test_a_record_without_stockouts_has_none() -> None:
    assert {row.stockout_hours for row in supply_rows(Record())} == {0}
