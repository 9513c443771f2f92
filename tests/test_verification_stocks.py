"""Stocks against closed forms: order-up-to with constant demand and lead time, and a siege."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.theory import hours_until_dry, share_met_late
from tests.verification.inventory import LATE, STOCKS, Stock, late_row, play_cycle, play_late, stock_row, theory_cycle
from tests.verification.page import page_rows
from tests.verification.sieges import DEMAND, RATIONS, STOCK, besieged, first_dry, siege_row


@pytest.mark.parametrize("stock", STOCKS, ids=lambda stock: stock.words)
def test_an_order_up_to_stock_has_the_orders_and_levels_of_the_closed_form(stock: Stock) -> None:
    played = play_cycle(stock)
    assert played == pytest.approx(theory_cycle(stock), abs=1e-6)  # a gram, a second
    assert stock_row(stock, played) in page_rows("stocks")


@pytest.mark.parametrize("stock", LATE, ids=lambda stock: stock.words)
def test_where_orders_come_too_late_demand_is_met_in_the_share_of_theory(stock: Stock) -> None:
    met = share_met_late(demand=stock.demand, target=stock.target, order=stock.lot, lead=stock.lead)
    played = play_late(stock)
    assert played == pytest.approx(met, abs=1e-9)
    assert late_row(stock, played) in page_rows("late")


@pytest.mark.parametrize("words", RATIONS)
def test_a_besieged_town_is_dry_after_exactly_its_days_of_supply(words: str) -> None:
    _, trace = besieged(RATIONS[words])
    assert first_dry(trace) == pytest.approx(hours_until_dry(STOCK, DEMAND, RATIONS[words]), abs=1e-9)
    assert trace.stockouts[0].end == math.inf
    assert trace.shipments == ()
    assert siege_row(words, trace) in page_rows("sieges")


@given(
    stock=st.floats(1.0, 1e4),
    hours=st.floats(1.0, 100.0),
    steps=st.lists(st.tuples(st.floats(0.05, 1.2), st.floats(0.1, 0.9)), max_size=4),
)
def test_a_siege_lasts_as_long_as_the_rations_say_whatever_they_are(
    stock: float, hours: float, steps: list[tuple[float, float]]
) -> None:
    falling = list(zip(*(sorted((step[column] for step in steps), reverse=True) for column in (0, 1)), strict=True))
    rations = [(level * stock, share) for level, share in falling]
    demand = stock / hours
    expected = hours_until_dry(stock, demand, rations)
    _, trace = besieged(rations, stock=stock, demand=demand)
    outs = [out.start for out in trace.stockouts]
    assert outs == ([pytest.approx(expected, rel=1e-9)] if expected <= trace.time[-1] else [])
