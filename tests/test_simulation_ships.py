"""Imports that come in cargoes, with times and tonnes worked out by hand."""

from typing import Any

import pytest

from corridor.case import Case, RateChange
from corridor.control import CONTESTED
from corridor.network import Network
from tests.builders import network
from tests.supply_cases import BLUE, ledger_changes, run, source, supply_case, taken, value

NET: Network = network(dict.fromkeys("pt", (36.0, 34.0)), [("p", "t", 10.0, 1.0)])


def port(*extra: Any, **fields: Any) -> Case:
    """Return a port at p whose ships bring 40 tonnes every 20 hours, one of them at hour 5."""
    ship = {name: fields.pop(name) for name in ("start", "end_", "first") if name in fields}
    ships = source(NET, "p", 2.0, cargo=40.0, first=ship.get("first", 5.0), start=ship.get("start", -1e9))
    return supply_case(NET, sources=[ships, *extra], **{"end": 60.0, **fields})


def stock(case: Case, *hours: float) -> list[float]:
    trace = run(case)
    return [value(case, trace, "stock", ("p", hour)) for hour in hours]


def test_a_ship_comes_every_so_many_hours_and_brings_its_cargo_at_once() -> None:
    case = port()
    assert stock(case, 4, 5, 24, 25, 60) == [0, 40, 40, 80, 120]
    assert ledger_changes(run(case), "source") == -120
    assert value(case, run(case), "made", ("p", 60)) == 120


def test_ships_come_before_the_one_on_record_too_and_in_the_warm_up() -> None:
    assert stock(port(first=45.0), 4, 5, 45) == [0, 40, 120]
    # Those of hours -15 and -35 came before the report begins.
    assert stock(port(warmup=36.0), 0, 5) == [80, 120]
    assert stock(port(start=6.0), 5, 25) == [0, 40]


def test_what_does_not_fit_stays_on_board_until_there_is_room() -> None:
    case = port(capacity={"p": 50}, demand={"p": 1.0}, end=96.0)
    trace = run(case)
    # Of the second ship 30 land at 25, when 20 of the first are left, and 5 each at the reviews of 30 and 36.
    levels = [value(case, trace, "stock", ("p", hour)) for hour in (5, 24, 25, 29, 30, 35, 36)]
    assert levels == [40, 21, 50, 46, 50, 45, 49]
    assert value(case, trace, "made", ("p", 30)) == 75
    assert value(case, trace, "made", ("p", 36)) == 80


def test_the_next_ship_queues_behind_the_one_that_unloads() -> None:
    case = port(capacity={"p": 50}, end=70.0)
    trace = run(case)
    assert value(case, trace, "stock", ("p", 70)) == 50
    assert ledger_changes(trace, "source") == -50
    # Ten hours at ten an hour empty the store; all three ships are unloaded in the end, in order.
    drained = port(capacity={"p": 50}, demand={"p": 2.5}, end=96.0)
    assert value(drained, run(drained), "made", ("p", 96)) == pytest.approx(200)


def test_a_ship_that_comes_while_nobody_works_turns_back_and_one_that_lies_there_leaves() -> None:
    contested = port(changes=[taken(NET, 10.0, "p", holder=CONTESTED), taken(NET, 30.0, "p")])
    assert stock(contested, 9, 25, 45) == [40, 40, 80]
    stopped = [
        RateChange(time=26.0, event="x", source=0, share=0.0),
        RateChange(time=28.0, event="x", source=0, share=1),
    ]
    lying = port(capacity={"p": 50}, rate_changes=stopped, demand={"p": 1.0}, end=44.0)
    trace = run(lying)
    # Of the second ship what was landed by 26 hours is all: 40 at 5, 30 at 25.
    assert value(lying, trace, "made", ("p", 44)) == 70
    assert ledger_changes(trace, "source") == -70


def test_ships_end_with_their_source() -> None:
    ships = source(NET, "p", 2.0, cargo=40.0, first=5.0, end=26.0)
    case = supply_case(NET, sources=[ships], capacity={"p": 50}, demand={"p": 1.0}, end=60.0)
    assert value(case, run(case), "made", ("p", 60)) == 70
    assert stock(port(capacity={"p": 1000}), 60) == [120]


def test_at_half_its_rate_every_second_ship_is_left_out() -> None:
    half = [RateChange(time=0.0, event="x", source=0, share=0.5)]
    assert stock(port(rate_changes=half, end=200.0), 5, 25, 45, 65, 200) == [0, 40, 40, 80, 200]


def test_another_holder_gets_what_is_landed_from_then_on() -> None:
    trace = run(port(changes=[taken(NET, 10.0, "p", holder=BLUE)]))
    held = {row.holder: row.closing for row in trace.ledger if row.account == "stock"}
    assert held[BLUE] == 120


def test_what_ships_bring_is_told_from_what_is_made_of_it_there() -> None:
    crude = source(NET, "p", 2.0, 0, cargo=40.0, first=5.0)
    oil = source(NET, "p", 1.0, 1, feed=0, intake=4.0)
    imported = source(NET, "p", 0.5, 1, cargo=10.0, first=2.0)
    case = supply_case(NET, sources=[crude, oil, imported], commodities=("crude", "oil"), end=20.0)
    trace = run(case)
    # Forty tonnes last from 5 to 15; a tonne of oil out of four of crude.
    assert value(case, trace, "stock", ("p", 10), 1) == 10 + 5
    assert ledger_changes(trace, "converted", 1) == pytest.approx(-10)
    assert ledger_changes(trace, "source", 1) == pytest.approx(-10)
    assert ledger_changes(trace, "source", 0) == pytest.approx(-40)
