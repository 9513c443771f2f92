"""A whole replication: invariants on random cases, repeatability, demand, rationing, tiers and records."""

import math
import pickle
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields, replace
from multiprocessing import get_context
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corridor.case import AidConvoy, Case, DemandChange, DisplacementRule, Movement, Pipe, RateChange
from corridor.control import CONTESTED, Change, Passage, epochs
from corridor.errors import RunError
from corridor.network import Network
from corridor.policies import FairShare, NearestFirst, Priority
from corridor.simulation import Trace, simulate
from corridor.simulation.ledger import Ledger
from tests.builders import network, pipeline, road
from tests.supply_cases import BLUE, RED, at, closed, ledger_changes, loads, run, source, supply_case, taken, value

LINE = network(
    dict.fromkeys("sdtu", (36.0, 34.0)), [("s", "d", 10.0, 1.0), ("d", "t", 10.0, 1.0), ("t", "u", 9.0, 1.0)]
)


def same(one: Trace, other: Trace) -> bool:
    """Return whether two traces are the same to the byte."""
    return pickle.dumps([getattr(one, field.name) for field in fields(one)]) == pickle.dumps(
        [getattr(other, field.name) for field in fields(other)]
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw a small world in which a good deal goes wrong: two actors, three commodities, roads, pipes, ships, works."""
    size = draw(st.integers(3, 7))
    names = [f"n{index}" for index in range(size)]
    node, hours = st.sampled_from(names), st.floats(0.2, 6.0)

    def some(strategy: st.SearchStrategy[Any], most: int) -> list[Any]:
        return draw(st.lists(strategy, max_size=most))

    tree = [road(names[draw(st.integers(0, index - 1))], names[index], 10.0, draw(hours)) for index in range(1, size)]
    extra = [
        road(
            a, b, 10.0, draw(hours), one_way=draw(st.booleans()), passes=tuple(draw(st.sets(node, max_size=1)) - {a, b})
        )
        for a, b in some(st.tuples(node, node), 4)
        if a != b
    ]
    lines = [pipeline(a, b, 10.0, 4.0) for a, b in some(st.tuples(node, node), 3) if a != b]
    net = network(dict.fromkeys(names, (36.0, 34.0)), [*tree, *extra], lines)
    links = sorted(set(net.link_id.tolist()))
    holder, when = st.sampled_from([RED, BLUE, CONTESTED]), st.floats(-20, 59)
    shift = st.builds(lambda name, time, who: taken(net, time, name, holder=who), node, when, holder)
    shares = st.sampled_from([0.0, 0.3, 1.0])
    block = st.builds(
        lambda link, time, share: closed(net, time, link, share=share), st.sampled_from(links), when, shares
    )
    passage = st.builds(
        Passage,
        actor=st.just(RED),
        through=st.sampled_from([BLUE, CONTESTED]),
        mode=st.sampled_from(["free", "gate", "closed"]),
        commodities=st.sampled_from([(), (1,)]),
        delay=st.sampled_from([0.0, 1.5]),
        rate=st.sampled_from([0.5, 10.0]),
    )
    passages = st.builds(lambda time, rule: Change(time=time, event="passage", passage=rule), when, passage)
    cells = st.tuples(node, st.integers(0, 2))
    grid = st.dictionaries(cells, st.floats(0.01, 300), max_size=12)
    pipes = [
        Pipe(
            link=link,
            commodity=0,
            capacity=draw(st.floats(0.5, 5)),
            transit=draw(st.floats(0.5, 15)),
            across=draw(st.booleans()),
        )
        for link in np.flatnonzero(net.mode).tolist()
    ]
    works = [source(net, draw(node), draw(st.floats(0.1, 5)), draw(st.integers(0, 2))) for _ in range(2)]
    refinery, least = draw(node), draw(st.sampled_from([0.0, 0.5]))
    works.append(source(net, refinery, 1.0, 2, feed=0, intake=2.0, minimum=least, start=draw(when), end=60.0))
    works.append(source(net, refinery, 0.5, 1, feed=0, intake=2.0, minimum=least))
    works.append(source(net, draw(node), 0.0, -1, feed=draw(st.sampled_from([0, 2])), intake=draw(st.floats(0.1, 3))))
    works.append(source(net, draw(node), 2.0, draw(st.integers(0, 2)), cargo=draw(st.floats(5, 90)), first=draw(when)))
    return supply_case(
        net,
        end=60.5,
        warmup=24.0,
        commodities=("crude", "flour", "diesel"),
        payload=[20.0, 10.0, 15.0],
        holder={name: draw(holder) for name in names[1:]},
        changes=[*some(shift, 6), *some(block, 5), *some(passages, 2)],
        passage=some(passage, 2),
        stock=draw(grid),
        demand={cell: rate / 100 for cell, rate in draw(grid).items() if cell[1]},
        rate={cell: 0.001 for cell in draw(grid) if cell[1]},
        target=draw(grid),
        capacity=draw(grid),
        tier={cell: draw(st.integers(0, 2)) for cell in draw(grid)},
        ration_level={cell: (level / 3, level / 7) for cell, level in draw(grid).items() if cell[1]},
        ration_share=[1.0, (0.5, 0.2), 1.0],
        fleet={name: draw(st.integers(0, 9)) for name in names},
        sources=works,
        pipes=pipes,
        rate_changes=[RateChange(time=draw(when), event="rate", source=1, share=draw(shares))],
        demand_changes=[
            DemandChange(time=draw(when), event="hoarding", nodes=(0, 1), commodity=1, factor=draw(st.floats(0, 3))),
        ],
        movements=[
            Movement(time=draw(when), event="flight", origin=1, destination=-1, persons=draw(st.floats(1, 500))),
            Movement(
                time=draw(when), event="flight", origin=0, destination=2, persons=draw(st.floats(1, 500)), hours=5.5
            ),
        ],
        displacement=[
            DisplacementRule(nodes=(0, 1, 2), commodity=draw(st.sampled_from([-1, 1])), share=0.4, to=())
            for _ in some(st.none(), 2)
        ],
        aid=[
            AidConvoy(time=draw(when), event="aid", actor=RED, origin=0, destination=size - 1, commodity=1, tonnes=33.0)
        ],
        policy=draw(
            st.sampled_from([FairShare(target_days={"default": 1.0}), NearestFirst(target_days={"default": 1.0})])
        ),
        fallen_stock=draw(st.sampled_from(["passes", "destroyed", "evacuated"])),
        travel_noise_share=draw(st.sampled_from([0.0, 0.2])),
        loading_hours=draw(st.sampled_from([0.0, 1.0])),
        unloading_hours=draw(st.sampled_from([0.0, 1.5])),
        overlook=draw(st.booleans()),
    )


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=cases())
def test_every_tonne_is_accounted_for_whatever_happens(case: Case) -> None:
    trace = run(case)
    assert (trace.stock >= 0).all()
    assert (np.diff(trace.consumed, axis=0) >= -1e-9).all()
    assert (np.diff(trace.unmet, axis=0) >= -1e-9).all()
    for commodity in range(3):
        rows = [row for row in trace.ledger if row.commodity == commodity]
        turnover = 1 + sum(row.inflow + abs(row.opening) for row in rows)
        assert abs(sum(row.closing - row.opening for row in rows)) <= 1e-9 * turnover
        held = sum(row.closing for row in rows if row.account == "stock")
        # Stations of pipelines are no places.
        assert held >= trace.stock[-1, :, commodity].sum() - 1e-6
        moving = [row.tonnes for row in trace.shipments if row.commodity == commodity and row.outcome == "under way"]
        carried = sum(row.closing for row in rows if row.account in {"in transit", "pipe fill"})
        assert carried == pytest.approx(sum(moving), abs=1e-6)
        assert all(row.closing >= -1e-9 for row in rows if row.account not in {"source", "converted"})
    # What converters put out in all weighs no more than what they took in, however often they stop and start.
    converted = [row for row in trace.ledger if row.account == "converted"]
    assert sum(row.closing for row in converted) >= -1e-9 * sum(row.inflow for row in converted) - 1e-6
    for out in trace.stockouts:
        assert 0 <= out.start <= out.end


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=cases())
def test_the_same_seed_gives_the_same_bytes(case: Case) -> None:
    assert same(run(case, 5), run(case, 5))


def busy(**given_: Any) -> Case:
    """Return a case in which much moves, with noise."""
    return supply_case(
        LINE,
        **{
            "end": 120.0,
            "stock": {"s": 2000},
            "demand": {"t": 3.0, "u": 1.0},
            "tier": {"s": 0, "d": 1, "t": 2, "u": 2},
            "target": {"d": 100, "t": 144, "u": 48},
            "fleet": {"s": 12, "d": 5},
            "sources": [source(LINE, "s", 2.0)],
            "travel_noise_share": 0.2,
            "changes": [taken(LINE, 50.3, "u"), taken(LINE, 70.1, "u", holder=RED)],
            **given_,
        },
    )


def test_another_process_gives_the_same_bytes() -> None:
    seed = np.random.SeedSequence(3)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        there = pool.submit(simulate, busy(), seed).result()
    assert same(there, simulate(busy(), seed))


def test_another_seed_gives_another_run_only_where_there_is_noise() -> None:
    assert not same(run(busy(), 1), run(busy(), 2))
    assert same(run(busy(travel_noise_share=0.0), 1), run(busy(travel_noise_share=0.0), 2))


def test_the_seed_is_left_as_it_was() -> None:
    seed = np.random.SeedSequence(1)
    assert same(simulate(busy(), seed), simulate(busy(), seed))
    assert seed.n_children_spawned == 0


def test_closing_a_road_that_nothing_uses_changes_nothing() -> None:
    roads = [("s", "d", 10.0, 1.0), ("d", "t", 10.0, 1.0), ("t", "u", 9.0, 1.0), ("s", "u", 90.0, 50.0)]
    net = network(dict.fromkeys("sdtu", (36.0, 34.0)), roads)
    quiet = replace(busy(), network=net)
    share = np.ones((1, net.link_count))
    quiet = replace(quiet, timeline=replace(quiet.timeline, share=share))

    def with_changes(*more: Change) -> Case:
        changes = tuple(sorted((*quiet.timeline.changes, *more), key=lambda change: change.time))
        timeline = replace(quiet.timeline, changes=changes)
        return replace(quiet, timeline=timeline, epochs=epochs(timeline, start=0.0, end=120.0))

    assert same(run(with_changes()), run(with_changes(closed(net, 33.3, "s-u"), closed(net, 40.0, "s-u", share=0.5))))
    assert not same(run(with_changes()), run(with_changes(closed(net, 33.3, "s-d"))))


def test_a_besieged_town_runs_dry_after_exactly_its_days_of_supply() -> None:
    case = supply_case(
        LINE,
        stock={"s": 100, "t": 70},
        demand={"t": 3.0},
        tier={"s": 0, "t": 2},
        target={"t": 144},
        fleet={"s": 9},
        changes=[taken(LINE, 0.0, "t", holder=BLUE)],
    )
    trace = run(case)
    (out,) = trace.stockouts
    assert (out.node, out.end) == (at(LINE, "t"), math.inf)
    assert out.start == pytest.approx(70 / 3, abs=1e-9)
    assert value(case, trace, "unmet", ("t", 48)) == pytest.approx((48 - 70 / 3) * 3)


def test_a_ration_makes_what_is_there_last() -> None:
    case = supply_case(
        LINE, end=200.0, stock={"t": 70}, demand={"t": 3.0}, tier={"t": 2}, ration_level={"t": 40}, ration_share=[0.5]
    )
    assert run(case).stockouts[0].start == pytest.approx(10 + 40 / 1.5)


def test_the_engine_agrees_with_small_steps_where_convoys_are_many_and_small() -> None:
    # 4 tonnes an hour made, 3 wanted, everything one short road away and a review every quarter of an hour.
    case = supply_case(
        LINE,
        end=240.0,
        sources=[source(LINE, "s", 4.0, end=120.0)],
        demand={"d": 3.0},
        tier={"s": 0, "d": 2},
        target={"d": 60.0},
        fleet={"s": 999},
        payload=[0.5],
        trip_time_factor=0.1,
        policy=FairShare(review_hours=0.25, target_days={"default": 60 / 72}),
    )
    trace = run(case)
    depot, town, step = 0.0, 0.0, 0.1
    for tick in range(2400):
        depot += 4.0 * step * (tick * step < 120)
        moved = min(depot, 60.0 - town)
        depot, town = depot - moved, town + moved
        town = max(0.0, town - 3.0 * step)
        hour = (tick + 1) * step
        if abs(hour - round(hour)) < 1e-9 and round(hour) % 10 == 0:
            # Half a day's demand is worth no drive: the engine keeps up to a day's behind.
            row = value(case, trace, "stock", ("d", round(hour))), value(case, trace, "stock", ("s", round(hour)))
            assert sum(row) == pytest.approx(depot + town, abs=4.0)
    assert trace.consumed[-1].sum() == pytest.approx(480, rel=0.02)


def test_places_come_before_depots_and_depots_pass_on() -> None:
    case = supply_case(
        LINE,
        end=5.0,
        stock={"s": 60, "d": 30},
        tier={"s": 0, "d": 1, "t": 2},
        target={"d": 100, "t": 80},
        demand={"t": 0.001},
        fleet={"s": 99, "d": 99},
    )
    sent = {(row.origin, row.destination): row.tonnes for row in run(case).shipments}
    # The depot is nearer to t and gives all it has; the source tops t up and sends the depot what is left.
    assert sent == {
        (at(LINE, "d"), at(LINE, "t")): 30,
        (at(LINE, "s"), at(LINE, "t")): 50,
        (at(LINE, "s"), at(LINE, "d")): 10,
    }


def test_a_supplier_keeps_its_own_peoples_days_of_supply() -> None:
    case = supply_case(
        LINE, end=5.0, stock={"s": 60}, demand={"s": 1.0}, tier={"s": 0, "t": 2}, target={"t": 80}, fleet={"s": 99}
    )
    assert [row.tonnes for row in run(case).shipments] == [12]


def test_no_small_load_is_sent_unless_the_place_has_less_than_a_day() -> None:
    fields_: dict[str, Any] = {"tier": {"s": 0, "t": 2}, "demand": {"t": 0.5}, "target": {"t": 60}, "fleet": {"s": 99}}
    for stock, sent in ((49.0, []), (48.0, [12.0]), (11.0, [49.0])):
        case = supply_case(LINE, end=1.0, stock={"s": 1000, "t": stock}, **fields_)
        assert [row.tonnes for row in run(case).shipments] == sent
    short = supply_case(LINE, end=1.0, stock={"s": 6, "t": 11.0}, **fields_)
    assert [row.tonnes for row in run(short).shipments] == [6]
    scant = supply_case(LINE, end=1.0, stock={"s": 4.5, "t": 11.0}, **fields_)
    assert run(scant).shipments == ()


def test_where_supply_is_short_the_neediest_get_whole_loads() -> None:
    case = supply_case(
        LINE,
        end=1.0,
        stock={"s": 12, "t": 2.0, "u": 1.0, "d": 3.0},
        tier={"s": 0, "t": 2, "u": 2, "d": 2},
        demand={"t": 1.0, "u": 1.0, "d": 1.0},
        target={"t": 48, "u": 48, "d": 48},
        fleet={"s": 99},
    )
    sent = {str(LINE.node_id[row.destination]): row.tonnes for row in run(case).shipments}
    # All three to six tonnes would be 5, 4 and 3; five is the least that is worth a drive, and two tonnes wait.
    assert sent == {"u": 5, "t": 5}


def test_where_supply_is_short_whole_loads_go_class_by_class() -> None:
    towns = network(dict.fromkeys("sab", (36.0, 34.0)), [("s", "a", 10.0, 1.0), ("s", "b", 10.0, 1.0)])
    case = supply_case(
        towns,
        end=4.0,
        stock={"s": 30.0, "a": 30.0},
        demand={"a": 1.0, "b": 1.0},
        tier={"s": 0, "a": 2, "b": 2},
        target={"a": 60.0, "b": 60.0},
        fleet={"s": 9},
        rank={"b": 1},
        policy=Priority(review_hours=6.0, target_days={"default": 2.0}),
    )
    # b has nothing, and a more than a day; a comes first all the same.
    assert [(row.destination, row.tonnes) for row in run(case).shipments] == [(at(towns, "a"), 30.0)]


def test_hoarding_raises_demand_for_a_while() -> None:
    changes = [
        DemandChange(time=10.0, event="hoarding", nodes=(2,), commodity=0, factor=3.0),
        DemandChange(time=20.0, event="hoarding", nodes=(2,), commodity=0, factor=1.0),
    ]
    case = supply_case(LINE, stock={"t": 999}, demand={"t": 2.0}, demand_changes=changes)
    trace = run(case)
    assert value(case, trace, "consumed", ("t", 48)) == pytest.approx(38 * 2 + 10 * 6)
    assert value(case, trace, "demand", ("t", 15)) == 6 * 24


def test_people_take_their_demand_target_and_ration_with_them() -> None:
    moves = [
        Movement(time=0.0, event="flight", origin=2, destination=3, persons=500.0),
        Movement(time=0.0, event="flight", origin=-1, destination=3, persons=500.0),
    ]
    case = supply_case(
        LINE,
        stock={"s": 1000, "t": 30},
        demand={"t": 2.0},
        rate={"t": 0.002, "u": 0.002},
        tier={"s": 0, "t": 2},
        target={"t": 96},
        fleet={"s": 99},
        ration_level={"t": 40},
        ration_share=[0.5],
        movements=moves,
    )
    trace = run(case)
    # t: half the people, rationed below 20 and not below 40; target 48. u: a new place with a target of two days.
    assert value(case, trace, "consumed", ("t", 1)) == pytest.approx(1.0)
    assert {str(LINE.node_id[row.destination]): row.tonnes for row in trace.shipments if row.departed == 0} == {"u": 96}
    assert value(case, trace, "demand", ("u", 1)) == 48


def test_everyone_may_leave_and_nobody_is_left_wanting() -> None:
    moves = [Movement(time=5.0, event="flight", origin=2, destination=-1, persons=5000.0)]
    case = supply_case(LINE, demand={"t": 2.0}, rate={"t": 0.002}, movements=moves)
    (out,) = run(case).stockouts
    assert (out.start, out.end) == (0, 5)


def test_a_source_works_from_its_start_to_its_end_at_its_share_for_whoever_holds_it() -> None:
    case = supply_case(
        LINE,
        sources=[source(LINE, "s", 2.0, start=5.0, end=30.0)],
        rate_changes=[RateChange(time=10.0, event="x", source=0, share=0.5)],
        changes=[taken(LINE, 20.0, "s", holder=CONTESTED), taken(LINE, 25.0, "s")],
    )
    trace = run(case)
    assert value(case, trace, "stock", ("s", 48)) == pytest.approx(5 * 2 + 10 * 1 + 5 * 1)
    assert ledger_changes(trace, "source") == pytest.approx(-25)


def test_nothing_of_the_warm_up_is_counted_and_the_start_has_what_is_on_record() -> None:
    case = supply_case(LINE, warmup=30.0, stock={"t": 20}, demand={"t": 1.0}, sources=[source(LINE, "t", 0.5)])
    trace = run(case)
    assert value(case, trace, "stock", ("t", 0)) == pytest.approx(20)
    assert value(case, trace, "consumed", ("t", 0)) == value(case, trace, "unmet", ("t", 0)) == 0
    assert ledger_changes(trace, "source") == pytest.approx(-24)
    dry = run(supply_case(LINE, warmup=30.0, stock={"t": 20}, demand={"t": 1.0}))
    assert dry.stockouts[0].start == pytest.approx(20)


def test_the_start_keeps_the_places_of_an_area_apart_and_its_sum_on_record() -> None:
    stock, demand = {"s": 30, "t": 10, "u": 10}, {"s": 0.0, "t": 1.0, "u": 1.0}
    case = supply_case(LINE, warmup=6.0, stock=stock, demand=demand)
    trace = run(case)
    first = [value(case, trace, "stock", (place, 0)) for place in "stu"]
    assert first[0] == pytest.approx(30)
    assert sum(first[1:]) == pytest.approx(20)
    assert abs(first[1] - first[2]) > 1


def test_aid_dated_before_the_run_begins_does_not_come() -> None:
    aid = AidConvoy(time=-13.0, event="aid", actor=RED, origin=0, destination=2, commodity=0, tonnes=5.0)
    case = supply_case(LINE, warmup=12.0, aid=[aid, replace(aid, time=5.0)])
    assert [row.departed for row in run(case).shipments] == [5]
    assert value(case, run(case), "stock", ("t", 48)) == 5


def test_hours_are_recorded_from_nought_to_the_end_and_the_end_as_well() -> None:
    trace = run(supply_case(LINE, end=3.5, demand={"t": 1.0}))
    assert trace.time.tolist() == [0, 1, 2, 3, 3.5]
    assert trace.place.tolist() == [at(LINE, "t")]
    assert run(supply_case(LINE, end=3.0)).time.tolist() == [0, 1, 2, 3]


def test_progress_is_told_at_every_review() -> None:
    told: list[float] = []
    simulate(supply_case(LINE, end=18.0, warmup=6.0), np.random.SeedSequence(0), progress=told.append)
    assert told == [0, 0.25, 0.5, 0.75, 1]


def test_a_run_that_does_not_balance_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    post = Ledger.post
    monkeypatch.setattr(Ledger, "post", lambda self, a, b, k, tonnes: post(self, a, b, k, tonnes * (1 + 1e-6)))
    with pytest.raises(RunError, match="does not balance"):
        run(busy())


def test_a_commodity_without_vehicles_of_its_own_goes_by_no_road() -> None:
    case = busy(vehicle=[-1])
    assert loads(run(case)) == []


def test_convoys_of_one_supplier_do_not_carry_more_than_its_vehicles_at_any_time() -> None:
    trace = run(busy())
    instants = sorted({row.departed for row in trace.shipments})
    for instant in instants:
        out = [row for row in trace.shipments if row.origin == at(LINE, "s") and row.departed <= instant < row.arrived]
        assert sum(row.vehicles for row in out) <= 12
    assert all(row.tonnes <= 10 * row.vehicles + 1e-9 for row in trace.shipments)


def test_a_network_without_roads_or_people_is_simply_quiet() -> None:
    quiet: Network = network({"a": (36.0, 34.0)})
    trace = run(supply_case(quiet))
    assert not trace.shipments
    assert not trace.stockouts
    assert trace.stock.shape == (49, 0, 1)
