"""Levels that fall and rise continuously."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.case import SupplyCase
from corridor.simulation.stocks import Stocks
from tests.builders import network
from tests.supply_cases import supply_case

INF = math.inf


Steps = float | tuple[float, ...]


def supply(cells: list[tuple[float, float, Any, float]], share: Steps = 1.0) -> SupplyCase:
    """Return a supply of one commodity whose nodes have these stocks, demands, ration levels and capacities."""
    names = [f"n{index}" for index in range(len(cells))]
    made = network({name: (36.0, 34.0 + index) for index, name in enumerate(names)})
    columns = [dict(zip(names, values, strict=True)) for values in zip(*cells, strict=True)]
    named: dict[str, Any] = dict(zip(("stock", "demand", "ration_level", "capacity"), columns, strict=True))
    return supply_case(made, ration_share=[share], **named).supply


def stocks(
    stock: float, demand: float, *, inflow: float = 0.0, kink: Steps = 0.0, share: Steps = 1.0, capacity: float = INF
) -> Stocks:
    built = Stocks(supply([(stock, demand, kink, capacity)], share), 0.0)
    built.set_demand(0, demand, 0.0)
    built.set_inflow(0, inflow, 0.0)
    return built


def test_a_besieged_town_runs_dry_after_exactly_its_days_of_supply() -> None:
    town = stocks(100.0, 3.0)
    town.advance_all(200.0)
    (out,) = town.close()
    assert out.start == pytest.approx(100 / 3, abs=1e-9)
    assert out.end == INF
    assert town.level[0] == 0
    assert town.used[0] == pytest.approx(100)
    assert town.unmet[0] == pytest.approx(500)


def test_use_is_cut_to_the_ration_at_the_exact_instant() -> None:
    town = stocks(100.0, 5.0, kink=40.0, share=0.5)
    town.advance_all(12.0)
    assert town.level[0] == 40
    town.advance_all(20.0)
    assert town.level[0] == pytest.approx(20)
    town.advance_all(50.0)
    assert town.close()[0].start == pytest.approx(12 + 16)


def test_what_flows_in_between_ration_and_full_use_keeps_the_level_at_the_kink() -> None:
    town = stocks(100.0, 5.0, inflow=4.0, kink=40.0, share=0.5)
    town.advance(0, 100.0)
    assert town.level[0] == 40
    assert town.used[0] == pytest.approx(60 * 5 + 40 * 4)
    town = stocks(10.0, 5.0, inflow=4.0, kink=40.0, share=0.5)
    town.advance(0, 100.0)
    assert town.level[0] == 40
    assert town.used[0] == pytest.approx(20 * 2.5 + 80 * 4)


def test_use_falls_with_the_stock_step_by_step() -> None:
    town = stocks(100.0, 10.0, kink=(60.0, 30.0, 10.0), share=(0.8, 0.5, 0.2))
    instants = [4, 4 + 30 / 8, 4 + 30 / 8 + 20 / 5, 4 + 30 / 8 + 20 / 5 + 10 / 2]
    for instant, level in zip(instants, (60, 30, 10, 0), strict=True):
        town.advance(0, instant)
        assert town.level[0] == pytest.approx(level, abs=1e-12)
    town.advance_all(20.0)
    assert town.close()[0].start == pytest.approx(instants[-1])
    assert town.unmet[0] == pytest.approx(20 * 10 - 100)


@pytest.mark.parametrize(("inflow", "rest"), [(9.0, 60.0), (6.0, 30.0), (4.0, 10.0), (5.0, 10.0), (1.5, 0.0)])
@pytest.mark.parametrize("all_at_once", [False, True])
def test_the_level_comes_to_rest_at_the_step_whose_uses_lie_around_the_inflow(
    inflow: float, rest: float, *, all_at_once: bool
) -> None:
    # From above it halts where use and inflow are the same, as at 10 tonnes for 5 an hour.
    town = stocks(100.0, 10.0, inflow=inflow, kink=(60.0, 30.0, 10.0), share=(0.8, 0.5, 0.2))
    if all_at_once:
        town.advance_all(1000.0)
    else:
        town.advance(0, 1000.0)
    assert town.level[0] == (30.0 if inflow == 5 else rest)
    assert town.used[0] == pytest.approx(100 - town.level[0] + 1000 * inflow)
    empty = stocks(0.0, 10.0, inflow=inflow, kink=(60.0, 30.0, 10.0), share=(0.8, 0.5, 0.2))
    empty.advance_all(1000.0)
    assert empty.level[0] == rest


def test_a_store_that_is_full_between_two_steps_stays_so() -> None:
    town = stocks(20.0, 10.0, inflow=9.0, kink=(60.0, 30.0), share=(0.8, 0.5), capacity=40.0)
    town.advance_all(100.0)
    assert town.level[0] == 40
    assert town.made[0] == pytest.approx(town.used[0] + 20)


def test_inflow_below_the_ration_lets_the_stock_run_out_and_then_is_all_there_is() -> None:
    town = stocks(30.0, 5.0, inflow=1.0, kink=20.0, share=0.6)
    town.advance_all(20.0)
    # 2.5 hours to 20 tonnes, 10 hours to nothing.
    assert town.level[0] == 0
    assert town.used[0] == pytest.approx(12.5 + 30 + 7.5)
    assert town.close() == ()


def test_inflow_that_finds_the_store_full_is_not_made() -> None:
    town = stocks(90.0, 1.0, inflow=6.0, capacity=100.0)
    town.advance_all(10.0)
    assert town.level[0] == 100
    assert town.made[0] == pytest.approx(2 * 6 + 8 * 1)


def test_what_was_unloaded_beyond_capacity_is_used_before_anything_flows_in() -> None:
    town = stocks(90.0, 2.0, inflow=6.0, capacity=100.0)
    town.put(0, 30.0, 0.0)
    town.advance_all(15.0)
    assert town.level[0] == 100
    assert town.made[0] == pytest.approx(5 * 2)
    assert town.used[0] == pytest.approx(30)


def test_a_stockout_ends_when_something_comes_in_and_begins_when_it_is_gone() -> None:
    town = stocks(0.0, 2.0)
    town.put(0, 10.0, 6.0)
    town.advance_all(20.0)
    town.set_inflow(0, 1.0, 30.0)
    town.set_inflow(0, 0.0, 40.0)
    town.set_demand(0, 0.0, 50.0)
    times = [time for out in town.close() for time in (out.start, out.end)]
    assert times == pytest.approx([0, 6, 11, 30, 40, 50])


def test_taking_the_last_tonne_begins_a_stockout() -> None:
    town = stocks(10.0, 1.0)
    town.take(0, 6.0, 4.0)
    assert town.close()[0].start == 4


def test_more_cannot_be_taken_than_there_is() -> None:
    town = stocks(10.0, 0.0)
    town.take(0, 10.0 + 1e-12, 1.0)
    assert town.level[0] == 0


def test_the_instant_at_which_a_level_will_be_reached_is_known_beforehand() -> None:
    assert stocks(12.0, 5.0, inflow=2.0).when(0, 0.0) == 4
    assert stocks(12.0, 5.0, inflow=5.0).when(0, 0.0) == INF
    assert stocks(12.0, 5.0, inflow=2.0).when(0, 13.0) == INF
    assert stocks(12.0, 5.0, inflow=7.0, capacity=40.0).when(0, 40.0) == 14
    assert stocks(12.0, 5.0, inflow=7.0, capacity=40.0).when(0, 41.0) == INF
    rationed = stocks(100.0, 10.0, kink=(60.0, 30.0), share=(0.5, 0.2))
    assert rationed.when(0, 10.0) == pytest.approx(4 + 6 + 10)
    rationed.advance(0, 20.0)
    assert rationed.level[0] == pytest.approx(10)


def test_what_is_used_of_a_full_store_is_what_people_there_use() -> None:
    assert stocks(0.0, 10.0, capacity=50.0).use_when_full(0) == 10
    assert stocks(0.0, 10.0, capacity=50.0, kink=(60.0, 40.0), share=(0.5, 0.2)).use_when_full(0) == 5
    assert stocks(0.0, 10.0, capacity=60.0, kink=(60.0, 40.0), share=(0.5, 0.2)).use_when_full(0) == 10


def test_a_new_ration_level_holds_from_now_on() -> None:
    town = stocks(100.0, 5.0, kink=40.0, share=0.5)
    town.scale_rations(0, 1.5, 4.0)
    town.advance(0, 10.0)
    assert town.level[0] == pytest.approx(100 - 8 * 5 - 2 * 2.5)
    free = stocks(100.0, 5.0)
    free.scale_rations(0, 1.5, 4.0)
    free.advance(0, 10.0)
    assert free.level[0] == 50


def test_all_steps_go_with_the_people_and_are_gone_with_them() -> None:
    town = stocks(100.0, 10.0, kink=(60.0, 30.0), share=(0.5, 0.2))
    town.scale_rations(0, 0.5, 0.0)
    town.advance(0, 7.0 + 3.0)
    assert town.level[0] == pytest.approx(15)
    town.advance_all(10.0 + 1.0)
    assert town.level[0] == pytest.approx(13)
    town.scale_rations(0, 0.0, 11.0)
    town.advance_all(12.0)
    assert town.level[0] == pytest.approx(3)


@st.composite
def cells(draw: st.DrawFn) -> tuple[float, float, tuple[float, ...], float, float]:
    """Draw stock, demand, ration levels, capacity and inflow, often where two of them meet."""
    tonnes = st.one_of(st.sampled_from([0.0, 40.0, 100.0]), st.floats(0, 500, allow_subnormal=False))
    rate = st.one_of(st.sampled_from([0.0, 2.0, 4.0]), st.floats(0.01, 20))
    capacity = draw(st.one_of(st.just(INF), st.sampled_from([40.0, 100.0]), st.floats(1, 500)))
    steps = sorted(draw(st.sets(tonnes, max_size=3)) - {0.0}, reverse=True) or [0.0]
    return draw(tonnes), draw(rate), tuple(steps), capacity, draw(rate)


Cell = tuple[float, float, tuple[float, ...], float, float]
LADDERS = st.sampled_from([0.0, 0.5, 1.0, (0.75, 0.5, 0.25), (0.5, 0.0), (1.0, 0.5)])


@given(many=st.lists(cells(), min_size=1, max_size=5), share=LADDERS, cuts=st.data())
def test_however_it_is_cut_up_and_computed_time_leads_to_one_state(
    many: list[Cell], share: Steps, cuts: st.DataObject
) -> None:
    given_ = supply([cell[:4] for cell in many], share)
    once, pieces, single = (Stocks(given_, 0.0) for _ in range(3))
    for built in (once, pieces, single):
        for cell, (_, demand, _, _, inflow) in enumerate(many):
            built.set_demand(cell, demand, 0.0)
            built.set_inflow(cell, inflow, 0.0)
    once.advance_all(60.0)
    for instant in sorted(cuts.draw(st.lists(st.floats(0, 60), max_size=4))):
        pieces.advance_all(instant)
    pieces.advance_all(60.0)
    for cell in range(len(many)):
        single.advance(cell, 60.0)
    for other in (pieces, single):
        for field in ("level", "used", "made", "unmet"):
            assert getattr(other, field) == pytest.approx(getattr(once, field), abs=1e-6), field
        assert len(other.close()) == len(once.close())
    assert (once.level >= 0).all()
    assert once.level == pytest.approx(given_.stock[:, 0] + once.made - once.used, abs=1e-6)
    assert once.used + once.unmet == pytest.approx(60 * once.demand, abs=1e-6)
    assert (once.made <= 60 * once.inflow + 1e-6).all()


@given(cell=cells(), share=st.sampled_from([0.25, 1.0, (0.75, 0.5, 0.25)]))
def test_small_steps_lead_to_the_same_level(cell: Cell, share: Steps) -> None:
    stock, demand, levels, capacity, inflow = cell
    ladder = list(zip(levels, share if isinstance(share, tuple) else (share,), strict=False))
    exact = Stocks(supply([cell[:4]], share), 0.0)
    exact.set_demand(0, demand, 0.0)
    exact.set_inflow(0, inflow, 0.0)
    exact.advance(0, 50.0)
    level, step = stock, 0.02
    for _ in range(2500):
        use = demand * min((cut for step, cut in ladder if level <= step), default=1.0)
        flow = inflow if level < capacity else 0.0
        if level <= 0:
            use = min(use, flow)
        level = max(0.0, level + (flow - use) * step)
    assert exact.level[0] == pytest.approx(level, abs=2 * step * (demand + inflow + 0.1))


@pytest.mark.parametrize("size", [3, 50])
def test_many_demands_at_once_are_as_good_as_one_after_another(size: int) -> None:
    given_ = supply([(float(node % 3), 1.0, 0.0, INF) for node in range(size)])
    together, singly = Stocks(given_, 0.0), Stocks(given_, 0.0)
    for instant, share in ((0.0, 1.0), (1.5, 0.5), (4.0, 0.0)):
        rates = (np.arange(size) % 2 * share).astype(np.float64)
        together.set_demands(np.arange(size), rates, instant)
        for cell in range(size):
            singly.set_demand(cell, rates[cell], instant)
    assert together.level.tolist() == singly.level.tolist()
    assert together.unmet.tolist() == singly.unmet.tolist()
    assert together.close() == singly.close()


def test_cells_at_rest_cost_nothing_and_do_not_move() -> None:
    given_ = supply([(10.0, 0.0, 0.0, INF), (20.0, 1.0, 0.0, INF)])
    built = Stocks(given_, 0.0)
    built.set_demand(1, 1.0, 0.0)
    built.advance_all(5.0)
    built.advance(0, 7.0)
    assert built.level.tolist() == [10, 15]
    assert np.array_equal(built.used, [0, 5])


def test_a_demand_next_to_nothing_empties_no_stock() -> None:
    built = stocks(1.0, 5e-324)
    built.advance_all(10.0)
    assert built.level.tolist() == [1.0]
