"""Refineries, mills and power plants, with times and tonnes worked out by hand and by small steps."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.case import Case, RateChange, Source
from corridor.control import CONTESTED
from corridor.simulation import Trace
from tests.builders import network
from tests.supply_cases import at, ledger_changes, loads, run, source, supply_case, taken, value

CRUDE, DIESEL, GASOLINE, OIL = range(4)
NAMES = ("crude", "diesel", "gasoline", "fuel_oil")
NET = network(dict.fromkeys("rt", (36.0, 34.0)), [("r", "t", 10.0, 1.0)])


def product(commodity: int, rate: float, **fields: Any) -> Source:
    """Return a product of the refinery at r, which takes in 5 tonnes of crude an hour."""
    return source(NET, "r", rate, commodity, **{"feed": CRUDE, "intake": 5.0, **fields})


def plant(feed: int, intake: float, **fields: Any) -> Source:
    return Source(
        id="plant", node=at(NET, "r"), commodity=-1, rate=0.0, feed=feed, intake=intake, output=50.0, **fields
    )


def works(*sources: Source, **fields: Any) -> Case:
    return supply_case(NET, **{"commodities": NAMES, "sources": sources, "stock": {"r": 1000}, **fields})


def stock(case: Case, trace: Trace, hour: float, commodity: int) -> float:
    return value(case, trace, "stock", ("r", hour), commodity)


def used(case: Case, trace: Trace, hour: float, commodity: int = CRUDE) -> float:
    return value(case, trace, "consumed", ("r", hour), commodity)


def test_a_refinery_makes_all_its_products_by_their_yields_out_of_one_feed() -> None:
    case = works(product(DIESEL, 2.0), product(GASOLINE, 1.0), product(OIL, 1.5))
    trace = run(case)
    assert [stock(case, trace, 10.0, each) for each in range(4)] == pytest.approx([950, 20, 10, 15])
    converted = [ledger_changes(trace, "converted", each) for each in range(4)]
    assert converted == pytest.approx([240, -96, -48, -72])


def test_a_power_plant_burns_its_intake_and_puts_out_no_goods() -> None:
    case = works(plant(OIL, 4.0), stock={("r", OIL): 100})
    trace = run(case)
    assert used(case, trace, 20.0, OIL) == pytest.approx(80)
    # A hundred tonnes are 25 hours of 48.
    assert used(case, trace, 48.0, OIL) / (4.0 * 48) == pytest.approx(25 / 48)
    assert ledger_changes(trace, "converted", OIL) == pytest.approx(100)
    assert ledger_changes(trace, "consumed", OIL) == 0
    assert trace.stockouts == ()


def test_a_plant_burns_what_the_refinery_beside_it_makes() -> None:
    case = works(product(OIL, 1.5), plant(OIL, 2.0), stock={"r": 50, ("r", OIL): 10})
    trace = run(case)
    assert stock(case, trace, 8.0, OIL) == pytest.approx(6)
    # The crude is gone at 10, the fuel oil, from then on falling by 2 an hour, 2.5 hours later.
    assert stock(case, trace, 12.0, OIL) == pytest.approx(1)
    assert used(case, trace, 48.0, OIL) == pytest.approx(25)


def test_too_little_feed_stops_a_converter_until_a_days_intake_lies_there() -> None:
    field = source(NET, "r", 2.0, CRUDE)
    case = works(product(DIESEL, 3.0, minimum=0.5), field, stock={"r": 12}, end=120.0)
    trace = run(case)
    # Twelve tonnes last four hours; two an hour are 120 sixty hours later, which then last forty.
    assert used(case, trace, 4.0) == pytest.approx(20)
    assert used(case, trace, 64.0) == pytest.approx(20)
    assert stock(case, trace, 64.0, CRUDE) == pytest.approx(120)
    assert used(case, trace, 104.0) == pytest.approx(20 + 200)
    assert used(case, trace, 120.0) == pytest.approx(220)
    assert stock(case, trace, 120.0, DIESEL) == pytest.approx(220 * 0.6)


def test_a_stopped_converter_starts_when_its_store_is_full_or_enough_flows_in_again() -> None:
    field = source(NET, "r", 2.0, CRUDE)
    case = works(product(DIESEL, 3.0, minimum=0.5), field, stock={"r": 0}, capacity={"r": 20}, end=20.0)
    trace = run(case)
    assert used(case, trace, 10.0) == 0
    assert used(case, trace, 12.0) == pytest.approx(10)
    change = RateChange(time=5.0, event="more", source=2, share=1.0)
    off = RateChange(time=0.0, event="more", source=2, share=0.0)
    richer = works(
        product(DIESEL, 3.0, minimum=0.5),
        field,
        source(NET, "r", 1.0, CRUDE),
        stock={"r": 0},
        rate_changes=[off, change],
        end=20.0,
    )
    trace = run(richer)
    assert used(richer, trace, 5.0) == 0
    # The ten tonnes of five hours are burnt at five an hour while three flow in, and then as much as flows in.
    assert used(richer, trace, 10.0) == pytest.approx(25)
    assert used(richer, trace, 12.0) == pytest.approx(31)


def test_feed_that_is_enough_for_the_least_run_keeps_a_converter_going() -> None:
    case = works(product(DIESEL, 3.0, minimum=0.4), source(NET, "r", 2.0, CRUDE), stock={"r": 12})
    assert used(case, run(case), 10.0) == pytest.approx(20 + 6 * 2)


def test_of_two_plants_the_one_that_needs_more_stops_first() -> None:
    case = works(plant(OIL, 6.0, minimum=0.5), plant(OIL, 2.0, minimum=0.3), source(NET, "r", 2.0, OIL), stock={})
    trace = run(case)
    # Two of eight would be too little for both: the small one alone can live on it.
    assert used(case, trace, 10.0, OIL) == pytest.approx(20)
    both = works(plant(OIL, 6.0), plant(OIL, 2.0), source(NET, "r", 2.0, OIL), stock={})
    assert used(both, run(both), 10.0, OIL) == pytest.approx(20)


def test_a_refinery_makes_no_more_than_the_fullest_of_its_stores_has_room_for() -> None:
    case = works(
        product(DIESEL, 3.0), product(GASOLINE, 1.0), capacity={("r", DIESEL): 18}, demand={("r", DIESEL): 1.2}
    )
    trace = run(case)
    # The store is full after ten hours; from then on two fifths of full run replace what is used.
    levels = [stock(case, trace, 20.0, each) for each in range(3)]
    assert levels == pytest.approx([1000 - 50 - 20, 18, 10 + 4])
    assert ledger_changes(trace, "converted", DIESEL) == pytest.approx(-(30 + 38 * 1.2))
    assert ledger_changes(trace, "converted", CRUDE) == pytest.approx(5 / 3 * (30 + 38 * 1.2))


def test_a_refinery_with_a_full_store_waits_until_someone_fetches_or_uses_its_product() -> None:
    case = works(
        product(DIESEL, 3.0),
        capacity={("r", DIESEL): 18},
        fleet={"r": 1},
        tier={("r", DIESEL): 0, ("t", DIESEL): 2},
        target={("t", DIESEL): 10},
        stock={"r": 1000},
        end=24.0,
    )
    trace = run(case)
    # Full at 6 hours, when a lorry takes ten tonnes; full again 3 hours and 20 minutes later.
    assert [row.departed for row in loads(trace)] == [6]
    assert stock(case, trace, 8.0, DIESEL) == pytest.approx(8 + 6)
    assert used(case, trace, 24.0) == pytest.approx(28 / 0.6)


def test_an_overfull_store_is_brought_back_to_its_brim_before_anything_is_made() -> None:
    case = works(
        product(DIESEL, 3.0),
        capacity={("r", DIESEL): 18},
        demand={("r", DIESEL): 1.0},
        stock={"r": 1000, ("r", DIESEL): 24},
    )
    trace = run(case)
    assert used(case, trace, 6.0) == 0
    assert used(case, trace, 12.0) == pytest.approx(6 * 5 / 3)


def test_what_flows_in_by_itself_fills_the_last_room_before_what_is_made() -> None:
    case = works(
        product(DIESEL, 3.0),
        source(NET, "r", 0.5, DIESEL),
        capacity={("r", DIESEL): 18},
        demand={("r", DIESEL): 2.0},
        stock={"r": 1000, ("r", DIESEL): 18},
    )
    trace = run(case)
    assert ledger_changes(trace, "source", DIESEL) == pytest.approx(-24)
    assert used(case, trace, 48.0) == pytest.approx(48 * 1.5 / 0.6)


def test_a_plant_that_starts_makes_room_upstream_at_once() -> None:
    # The plant, at rest for lack of oil, starts when the store is full, at 20 hours; the refinery must not stop then.
    case = works(product(OIL, 1.5), plant(OIL, 2.0, minimum=0.9), capacity={("r", OIL): 30}, end=60.0)
    trace = run(case)
    assert used(case, trace, 20.0, OIL) == 0
    assert used(case, trace, 50.0, CRUDE) == pytest.approx(250)
    assert used(case, trace, 50.0, OIL) == pytest.approx(60)


def test_a_plant_that_is_started_by_an_event_makes_room_upstream_at_once() -> None:
    switched = [RateChange(time=time, event="x", source=1, share=share) for time, share in ((0.0, 0.0), (30.0, 1.0))]
    case = works(product(OIL, 1.5), plant(OIL, 2.0), capacity={("r", OIL): 30}, rate_changes=switched, end=60.0)
    # The store is full from 20 to 30 hours, and the refinery at rest.
    assert used(case, run(case), 50.0) == pytest.approx(200)


def test_a_stopped_converter_starts_when_the_load_comes_that_makes_up_a_day() -> None:
    ships = source(NET, "r", 2.0, CRUDE, cargo=60.0, first=5.0)
    case = works(product(DIESEL, 3.0, minimum=0.5), ships, stock={})
    trace = run(case)
    assert used(case, trace, 35.0) == 0
    assert used(case, trace, 40.0) == pytest.approx(25)


def test_a_plant_rests_while_it_is_contested() -> None:
    case = supply_case(
        NET,
        changes=[taken(NET, 5.0, "r", holder=CONTESTED), taken(NET, 9.0, "r")],
        commodities=NAMES,
        sources=[plant(OIL, 2.0, minimum=0.5)],
        stock={("r", OIL): 100},
    )
    trace = run(case)
    assert used(case, trace, 9.0, OIL) == pytest.approx(10)
    assert used(case, trace, 10.0, OIL) == pytest.approx(12)


def test_a_converter_looks_again_when_stocks_are_brought_to_what_is_on_record() -> None:
    # The warm-up uses the crude up; the record has ten tonnes for the start, which last two hours.
    case = works(product(DIESEL, 3.0), stock={"r": 10}, warmup=24.0, end=10.0)
    trace = run(case)
    assert stock(case, trace, 10.0, DIESEL) == pytest.approx(12)
    assert ledger_changes(trace, "converted", DIESEL) == pytest.approx(-6)


def test_a_feed_that_is_made_out_of_itself_does_no_harm() -> None:
    case = works(product(OIL, 2.0, feed=DIESEL), product(DIESEL, 2.0, feed=OIL), stock={("r", DIESEL): 20})
    assert ledger_changes(run(case), "converted", DIESEL) >= 0


RATES = st.sampled_from([0.0, 0.5, 1.0, 3.0])


@settings(max_examples=40)
@given(
    crude=st.sampled_from([0.0, 30.0, 400.0]),
    inflow=RATES,
    yields=st.tuples(RATES, RATES),
    uses=st.tuples(RATES, RATES),
    brims=st.tuples(st.sampled_from([5.0, 20.0, math.inf]), st.sampled_from([10.0, 35.0, math.inf])),
)
def test_small_steps_lead_to_the_same_stocks_and_no_mass_comes_to_be(
    crude: float,
    inflow: float,
    yields: tuple[float, float],
    uses: tuple[float, float],
    brims: tuple[float, float],
) -> None:
    products = DIESEL, GASOLINE
    case = works(
        source(NET, "r", inflow, CRUDE),
        *(product(each, rate) for each, rate in zip(products, yields, strict=True)),
        stock={"r": crude},
        demand={("r", each): use for each, use in zip(products, uses, strict=True)},
        capacity={("r", each): brim for each, brim in zip(products, brims, strict=True)},
    )
    trace = run(case)
    step, feed, levels = 0.01, crude, [0.0, 0.0]
    for _ in range(4800):
        share = min(1.0, feed / (5.0 * step) + inflow / 5.0)
        for rate, use, brim, level in zip(yields, uses, brims, levels, strict=True):
            if rate > 0:
                share = min(share, max(0.0, (brim - level) / step + use) / rate)
        feed += (inflow - 5.0 * share) * step
        for each in range(2):
            levels[each] = max(0.0, levels[each] + (share * yields[each] - uses[each]) * step)
    assert [stock(case, trace, 48.0, each) for each in range(3)] == pytest.approx([feed, *levels], abs=0.2)
    out = -sum(ledger_changes(trace, "converted", each) for each in products)
    assert out == pytest.approx(ledger_changes(trace, "converted", CRUDE) * sum(yields) / 5.0, abs=1e-6)
