"""People who leave and arrive: who is where, what they use, and how their vehicles fill the roads."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corridor.case import Case, DisplacementRule, Movement
from corridor.control import CONTESTED
from corridor.scenario.model import Traffic as TrafficTerms
from corridor.simulation import Trace
from corridor.simulation.atlas import Atlas
from corridor.simulation.people import open_people, resettle
from corridor.simulation.state import State
from corridor.simulation.traffic import Stream, Traffic
from tests.builders import network
from tests.supply_cases import BLUE, RED, at, closed, loads, run, source, supply_case, taken, value

# a and c lie either side of b; d is a little farther from b than both.
NET = network(
    dict.fromkeys("abcd", (36.0, 34.0)),
    [("a", "b", 10.0, 1.0), ("b", "c", 10.0, 2.0), ("b", "d", 10.0, 3.0), ("c", "d", 10.0, 5.0)],
)
PEOPLE = dict.fromkeys("abcd", 1000)
A, B, C, D = range(4)


def move(time: float, origin: int, destination: int, persons: float, hours: float = 0.0) -> Movement:
    return Movement(time=time, event="flight", origin=origin, destination=destination, persons=persons, hours=hours)


def rule(*nodes: int, share: float = 0.3, commodity: int = -1, to: tuple[int, ...] = ()) -> DisplacementRule:
    return DisplacementRule(nodes=nodes, commodity=commodity, share=share, to=to)


def peopled(**fields: Any) -> Case:
    """Return a thousand persons at each of a, b, c and d, who use a kilogram of flour an hour each."""
    given_ = {"population": PEOPLE, "rate": dict.fromkeys("abcd", 0.001), "demand": dict.fromkeys("abcd", 1.0)}
    return supply_case(NET, **{**given_, "stock": dict.fromkeys("abcd", 1e6), **fields})


def begun(case: Case) -> State:
    """Return the state in which a replication begins."""
    return State(case, np.random.SeedSequence(0), Atlas(case))


def persons(trace: Trace, hour: float) -> list[float]:
    row, place = trace.time.tolist().index(hour), trace.place.tolist()
    return [float(trace.persons[row, place.index(node)]) for node in range(4)]


def demand(case: Case, trace: Trace, node: str, hour: float) -> float:
    return value(case, trace, "demand", (node, hour))


def test_people_leave_evenly_and_what_they_use_goes_with_them() -> None:
    case = peopled(movements=[move(2.0, A, B, 600.0, hours=4.0)])
    trace = run(case)
    assert [persons(trace, hour)[:2] for hour in (2, 3, 5, 6, 48)] == [
        [1000, 1000],
        [850, 1150],
        [550, 1450],
        [400, 1600],
        [400, 1600],
    ]
    assert [demand(case, trace, "b", hour) for hour in (2, 3, 6)] == pytest.approx([24, 24 * 1.15, 24 * 1.6])
    used = value(case, trace, "consumed", ("b", 6))
    assert used == pytest.approx(2 + 1 + 1.15 + 1.3 + 1.45)


def test_a_movement_that_ends_within_an_hour_is_over_at_its_end() -> None:
    case = peopled(movements=[move(1.0, A, B, 300.0, hours=2.5)])
    trace = run(case)
    assert [persons(trace, hour)[A] for hour in (2, 3, 4)] == pytest.approx([880, 760, 700])


def test_no_more_leave_than_are_there_and_those_who_come_in_time_leave_too() -> None:
    short = peopled(movements=[move(0.0, A, B, 1500.0, hours=2.0)])
    assert persons(run(short), 4.0) == [0, 2000, 1000, 1000]
    filled = peopled(movements=[move(0.0, A, B, 1500.0, hours=3.0), move(2.5, C, A, 1000.0)])
    assert persons(run(filled), 4.0) == [500, 2500, 0, 1000]


def test_people_come_from_outside_and_go_there() -> None:
    case = peopled(movements=[move(0.0, -1, B, 500.0, hours=2.0), move(1.0, C, -1, 200.0)])
    trace = run(case)
    assert persons(trace, 3.0) == [1000, 1500, 800, 1000]


def test_targets_follow_moving_people() -> None:
    case = supply_case(
        NET,
        population=PEOPLE,
        stock={"a": 500},
        rate={"b": 0.001},
        demand={"b": 1.0},
        target={"b": 40},
        tier={"a": 0, "b": 2},
        fleet={"a": 50},
        movements=[move(0.0, C, B, 1000.0)],
    )
    trace = run(case)
    # Twice the people want twice the forty tonnes.
    assert sum(row.tonnes for row in loads(trace) if row.departed == 0) == 80
    state = begun(
        supply_case(NET, population=PEOPLE, target={"b": 40}, demand={"b": 1.0}, rate={"b": 0.001},
                              tier={"b": 2}, capacity={"b": 50}))  # fmt: skip
    for gone, target in ((500.0, 20.0), (1000.0, 0.0), (-1000.0, 50.0)):
        state.persons[B] = -gone
        resettle(state, np.array([B]))
        assert state.target[B, 0] == pytest.approx(target)


def test_what_a_depot_keeps_for_others_stays_when_its_own_people_go() -> None:
    state = begun(
        supply_case(
            NET,
            population=PEOPLE,
            target={"b": 400, "c": 300},
            demand={"b": 1.0},
            rate={"b": 0.001, "c": 0.001},
            tier={"b": 1, "c": 1},
        )
    )
    state.persons[[B, C]] = -1000.0, 1000.0
    resettle(state, np.array([B, C]))
    # Two days of a tonne an hour more or less.
    assert state.target[[B, C], 0].tolist() == [400 - 48, 300 + 48]


def test_rations_follow_moving_people() -> None:
    case = peopled(
        stock=dict.fromkeys("abcd", 100.0),
        ration_level={"a": 50},
        ration_share=[0.5],
        movements=[move(0.0, A, B, 500.0)],
        end=200.0,
    )
    trace = run(case)
    # Half a tonne an hour down to 25 tonnes takes 150 hours.
    assert value(case, trace, "stock", ("a", 150)) == pytest.approx(25)
    assert value(case, trace, "stock", ("a", 200)) == pytest.approx(25 - 50 * 0.25)


def test_those_who_come_make_room_in_a_full_store() -> None:
    case = supply_case(
        NET,
        population=PEOPLE,
        commodities=("wheat", "flour"),
        sources=[source(NET, "b", 3.0, 1, feed=0, intake=4.0)],
        stock={"b": 1000, ("b", 1): 20.0},
        capacity={("b", 1): 20.0},
        rate={("b", 1): 0.001},
        demand={("b", 1): 1.0},
        movements=[move(6.0, A, B, 500.0)],
        end=12.0,
    )
    assert value(case, run(case), "consumed", ("b", 12)) == pytest.approx(4 / 3 * (6 + 6 * 1.5))


def test_where_nobody_lived_a_place_comes_to_be() -> None:
    case = supply_case(
        NET,
        population={"a": 1000, "b": 0},
        rate={"b": 0.001},
        stock={"a": 500},
        tier={"a": 0},
        fleet={"a": 9},
        movements=[move(0.0, A, B, 1000.0, hours=1.0)],
    )
    trace = run(case)
    assert loads(trace)[0].destination == B
    assert trace.stockouts[0].start == 1.0


def test_a_share_of_those_who_are_there_leaves_a_contested_place_each_day() -> None:
    case = peopled(changes=[taken(NET, 5.5, "b", holder=CONTESTED)], displacement=[rule(B, share=0.3)], end=90.0)
    trace = run(case)
    # From the sixth hour on; a is nearest.
    assert persons(trace, 5.0)[B] == 1000
    assert persons(trace, 29.0)[B] == pytest.approx(700)
    assert persons(trace, 77.0) == pytest.approx([1000 + 657, 343, 1000, 1000])
    assert demand(case, trace, "b", 77.0) == pytest.approx(24 * 0.343)


def test_people_stay_when_the_fight_is_over() -> None:
    changes = [taken(NET, 5.5, "b", holder=CONTESTED), taken(NET, 29.5, "b")]
    case = peopled(changes=changes, displacement=[rule(B)], end=60.0)
    assert persons(run(case), 60.0)[B] == pytest.approx(700)


def test_people_go_in_equal_parts_where_the_rule_sends_them() -> None:
    case = peopled(changes=[taken(NET, 0.0, "b", holder=CONTESTED)], displacement=[rule(B, to=(C, B, D))], end=24.0)
    assert persons(run(case), 24.0) == pytest.approx([1000, 700, 1150, 1150])


def test_people_flee_across_fronts_to_the_nearest_place_of_who_held_theirs_last() -> None:
    # From c, b is nearer than d, but it is BLUE's; the way to a leads through it.
    case = peopled(
        changes=[taken(NET, 0.5, "c", holder=CONTESTED)],
        holder={"b": BLUE, "d": BLUE},
        displacement=[rule(C)],
        end=24.0,
    )
    trace = run(case)
    assert persons(trace, 24.0)[B:] == pytest.approx([1000, 1000 * 0.7, 1000])
    # A road that is closed is no way, whoever holds it.
    cut = peopled(
        changes=[taken(NET, 0.5, "c", holder=CONTESTED), closed(NET, 12.5, "a-b")],
        holder={"b": BLUE, "d": BLUE},
        displacement=[rule(C)],
        end=24.0,
    )
    assert persons(run(cut), 24.0)[C] == pytest.approx(1000 * 0.7**0.5)


def test_the_last_holder_is_known_although_it_held_the_place_for_minutes_only() -> None:
    changes = [taken(NET, 1.2, "c", holder=BLUE), taken(NET, 1.4, "c", holder=CONTESTED)]
    case = peopled(changes=changes, holder={"d": BLUE}, displacement=[rule(C)], end=25.0)
    assert persons(run(case), 25.0) == pytest.approx([1000, 1000, 700, 1300])
    never = peopled(holder={"c": CONTESTED, "b": BLUE}, displacement=[rule(C)], end=24.0)
    assert persons(run(never), 24.0) == pytest.approx([1000, 1300, 700, 1000])


def test_people_leave_a_place_without_bread_for_one_that_has_some() -> None:
    stock = {"a": 1000, "b": 4.0, "c": 2.0, "d": 1000}
    case = peopled(stock=stock, displacement=[rule(C, commodity=0)], end=26.0)
    trace = run(case)
    # c is out at two hours, b at four: at two and three people go to b, then to d.
    hourly = 0.7 ** (1 / 24)
    there = persons(trace, 26.0)
    assert there[C] == pytest.approx(1000 * hourly**25)
    assert there[B] == pytest.approx(1000 + 1000 * (1 - hourly**2))
    assert sum(there) == pytest.approx(4000)


def test_where_there_is_nowhere_to_go_people_stay_and_the_last_one_is_nobody() -> None:
    everywhere = [taken(NET, 0.5, "a", "b", "c", "d", holder=CONTESTED)]
    case = peopled(changes=everywhere, displacement=[rule(A, B, C, D)], end=24.0)
    assert persons(run(case), 24.0) == [1000] * 4
    few = peopled(
        population={**PEOPLE, "b": 1.0},
        changes=[taken(NET, 0.0, "b", holder=CONTESTED)],
        displacement=[rule(B, share=0.9)],
        end=48.0,
    )
    left = persons(run(few), 48.0)[B]
    assert left == pytest.approx(0.1 ** (1 / 24))


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_nobody_is_lost(data: st.DataObject) -> None:
    node = st.sampled_from(range(4))
    when = st.floats(0, 40)
    movements = data.draw(st.lists(st.builds(
        move, when, node, node, st.floats(1, 3000), st.sampled_from([0.0, 0.4, 3.0, 7.5])), max_size=4))  # fmt: skip
    rules = data.draw(st.lists(st.builds(
        lambda nodes, share, commodity, to: rule(*nodes, share=share, commodity=commodity, to=to),
        st.lists(node, min_size=1, unique=True), st.floats(0.01, 0.9), st.sampled_from([-1, 0]),
        st.sampled_from([(), (A,), (C, D)])), max_size=3))  # fmt: skip
    changes = data.draw(st.lists(st.builds(
        lambda time, name, holder: taken(NET, time, name, holder=holder),
        when, st.sampled_from("abcd"), st.sampled_from([RED, BLUE, CONTESTED])), max_size=4))  # fmt: skip
    case = peopled(movements=movements, displacement=rules, changes=changes, stock={"a": 9, "b": 50}, end=50.0)
    trace = run(case)
    assert trace.persons.sum(axis=1) == pytest.approx(4000.0)
    assert (trace.persons >= -1e-9).all()
    assert trace.demand.sum(axis=(1, 2)) == pytest.approx(24 * 4.0)


def factor(vehicles: float, capacity: float, alpha: float = 0.15, beta: float = 4.0) -> float:
    """Return by how much the Bureau of Public Roads lets a road be slower."""
    return float(1 + alpha * math.pow(vehicles / capacity, beta))


def link(name: str) -> int:
    """Return the link from the first node of a name to the second."""
    tail, head = at(NET, name[0]), at(NET, name[1])
    return int(np.flatnonzero((NET.tail == tail) & (NET.head == head))[0])


def room(name: str) -> float:
    return float(NET.capacity[link(name)])


def test_streams_slow_the_roads_they_take_by_their_sum() -> None:
    case = peopled()
    traffic = Traffic(case, Atlas(case))
    one, two = Stream(A, C, 400.0), Stream(A, B, 700.0)
    traffic.change(begin=[one, two])
    assert traffic.slow == pytest.approx(
        {link("ab"): factor(1100.0, room("ab")), link("bc"): factor(400.0, room("bc"))}
    )
    traffic.change(end=[one])
    assert traffic.slow == pytest.approx({link("ab"): factor(700.0, room("ab"))})
    traffic.change(end=[two])
    assert traffic.slow == {}


def test_traffic_makes_way_when_roads_close_and_narrow_ones_are_slower() -> None:
    case = peopled(
        changes=[closed(NET, 5.0, "b-c"), closed(NET, 6.0, "b-d", share=0.5)],
        traffic=TrafficTerms(alpha=0.2, beta=2.0),
    )
    traffic = Traffic(case, Atlas(case))
    traffic.change(begin=[Stream(B, C, 300.0)])
    assert traffic.slow.keys() == {link("bc")}
    traffic.enter(case.epochs[1])
    assert traffic.slow.keys() == {link("bd"), link("dc")}
    traffic.enter(case.epochs[2])
    assert traffic.slow[link("bd")] == pytest.approx(factor(300.0, room("bd") / 2, 0.2, 2.0))
    assert traffic.slow[link("dc")] == pytest.approx(factor(300.0, room("dc"), 0.2, 2.0))


def test_no_road_and_no_known_end_is_no_traffic() -> None:
    case = peopled(changes=[closed(NET, 0.0, "a-b")])
    traffic = Traffic(case, Atlas(case))
    streams = [Stream(A, C, 1e4), Stream(-1, B, 1e4), Stream(B, -1, 1e4)]
    traffic.change(begin=streams)
    assert traffic.slow == {}


def test_roads_are_slow_while_people_move_and_no_longer() -> None:
    terms = TrafficTerms(persons_per_vehicle=5.0)
    case = peopled(
        population={**PEOPLE, "a": 1e5, "b": 1e5},
        movements=[move(2.0, A, C, 40_000.0, hours=4.0), move(3.0, B, C, 50_000.0, hours=1.0)],
        traffic=terms,
    )
    state = begun(case)
    open_people(state)
    seen = []
    for hour in (1.0, 2.0, 3.5, 4.0, 6.0):
        state.clock.run_through(hour)
        seen.append((state.slow.get(link("ab"), 1.0), state.slow.get(link("bc"), 1.0)))
    alone = factor(2000.0, room("ab"))
    together = factor(12_000.0, room("bc"))
    assert seen == [pytest.approx(pair) for pair in ((1, 1), (alone, alone), (alone, together), (alone, alone), (1, 1))]


def test_those_who_flee_fill_the_road_for_the_hour_in_which_they_do() -> None:
    case = peopled(
        population={**PEOPLE, "b": 1e6},
        changes=[taken(NET, 0.5, "b", holder=CONTESTED), taken(NET, 1.5, "b")],
        displacement=[rule(B, share=0.3)],
        traffic=TrafficTerms(persons_per_vehicle=4.0),
    )
    state = begun(case)
    open_people(state)
    state.enter(case.epochs[1])
    state.clock.run_through(1.0)
    vehicles = 1e6 * (1 - 0.7 ** (1 / 24)) / 4.0
    assert state.slow == pytest.approx({link("ba"): factor(vehicles, room("ba"))})
    state.enter(case.epochs[2])
    state.clock.run_through(2.0)
    assert state.slow == {}


def test_a_place_that_has_emptied_bit_by_bit_wants_nothing_at_all() -> None:
    # Rounding leaves some 1e-13 persons of the three hundred.
    line = network(dict.fromkeys("st", (36.0, 34.0)), [("s", "t", 10.0, 1.0)])
    away = [
        Movement(time=float(hour), event="flight", origin=1, destination=-1, persons=100.0, hours=7.0)
        for hour in (0, 10, 20)
    ]
    case = supply_case(line, end=48.0, stock={"t": 9.0}, demand={"t": 0.3}, rate={"t": 0.001}, movements=away)
    assert value(case, run(case), "demand", ("t", 48)) == 0
