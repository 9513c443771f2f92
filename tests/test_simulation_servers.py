"""Servers, bays and hours: gates and loading yards that serve several at once, with times worked out by hand."""

from typing import Any

import numpy as np
import pytest

from corridor.case import AidConvoy, Case
from corridor.control import Change, Passage
from corridor.network import Network
from corridor.simulation import Shipment, Trace
from corridor.simulation.gates import next_opening, service_hours
from tests.builders import network, road
from tests.supply_cases import BLUE, RED, at, ledger_changes, run, supply_case, taken, value

# s - g - t, an hour each road; g is BLUE's, and its gate is before the road from s.
NET = network(dict.fromkeys("sgt", (36.0, 34.0)), [("s", "g", 10.0, 1.0), ("g", "t", 10.0, 1.0)])


def gate(**fields: Any) -> Passage:
    return Passage(actor=RED, through=BLUE, mode="gate", **{"nodes": (at(NET, "g"),), "rate": 1.0, **fields})


def aid(time: float, tonnes: float = 10.0, **fields: Any) -> AidConvoy:
    given: dict[str, Any] = {"actor": RED, "origin": at(NET, "s"), "destination": at(NET, "t"), "commodity": 0}
    return AidConvoy(time=time, event=f"aid at {time}", tonnes=tonnes, **{**given, **fields})


def queueing(passage: Passage, *convoys: AidConvoy, changes: tuple[Change, ...] = (), net: Network = NET) -> Case:
    return supply_case(net, end=100.0, passage=[passage], holder={"g": BLUE}, aid=convoys, changes=changes)


def rows(trace: Trace) -> list[Shipment]:
    return sorted(trace.shipments, key=lambda row: row.departed)


def test_each_server_takes_the_next_convoy_when_it_is_free() -> None:
    trace = run(queueing(gate(servers=2), *(aid(0.0) for _ in range(5))))
    # All are at the gate at 0; two at a time, an hour each, and two hours to drive.
    assert [row.arrived for row in rows(trace)] == [3, 3, 4, 4, 5]
    assert [row.waited for row in rows(trace)] == [0, 0, 1, 1, 2]


def test_what_a_gate_did_is_told_and_its_queue_recorded_every_hour() -> None:
    (record,) = (trace := run(queueing(gate(), *(aid(0.5, 20.0) for _ in range(3))))).gates
    # Three convoys of two vehicles are there at 0.5; each takes two hours.
    assert (record.actor, record.node, record.link) == (RED, at(NET, "g"), -1)
    assert (record.convoys, record.vehicles) == (3, 6)
    assert (record.waited, record.longest) == (0 + 2 + 4, 4)
    assert record.most_vehicles == 4
    assert trace.queue[:6, 0].tolist() == [0, 4, 4, 2, 2, 0]


def test_a_gate_begins_to_serve_when_it_opens_and_ends_what_it_began() -> None:
    trace = run(queueing(gate(opens=6.0, closes=8.0, rate=0.5), aid(0.0), aid(0.0), aid(0.0)))
    # Two hours each from 6 on: the second begins at 8, when the gate has closed, and so the next day.
    assert [row.arrived for row in rows(trace)] == [10, 24 + 10, 48 + 10]
    assert [row.waited for row in rows(trace)] == [6, 30, 54]


def test_vehicles_that_are_not_inspected_drive_through() -> None:
    (row,) = run(queueing(gate(inspected=0.25), aid(0.0, 80.0))).shipments
    assert row.arrived == 2 + 8 * 0.25


def test_a_convoy_that_waits_when_the_gate_is_taken_away_drives_on() -> None:
    free = Change(time=3.0, event="free", passage=Passage(actor=RED, through=BLUE, mode="free"))
    trace = run(queueing(gate(rate=0.1), aid(0.0), aid(0.0), changes=(free,)))
    # The first is served to the end at 11, the second then drives through.
    assert [row.arrived for row in rows(trace)] == [12, 12]


def test_a_convoy_that_waits_for_the_opening_is_lost_with_its_place() -> None:
    case = queueing(gate(opens=6.0, closes=8.0), aid(0.0), changes=(taken(NET, 3.0, "s", holder=BLUE),))
    (row,) = run(case).shipments
    assert (row.outcome, row.waited) == ("captured", 3)


def test_a_siege_refuses_some_goods_and_lets_others_in() -> None:
    free = Passage(actor=RED, through=BLUE, mode="free", commodities=(1,))
    case = supply_case(
        NET,
        commodities=("diesel", "flour"),
        passage=[free],
        holder={"g": BLUE},
        stock={("s", 0): 50, ("s", 1): 50},
        tier={("s", 0): 0, ("s", 1): 0, ("t", 0): 2, ("t", 1): 2},
        target={("t", 0): 20, ("t", 1): 20},
        fleet={"s": 9},
    )
    assert [row.commodity for row in run(case).shipments] == [1]


def test_convoys_queue_before_a_reduced_road_in_each_direction_by_itself() -> None:
    net = network(dict.fromkeys("sgt", (36.0, 34.0)), [("s", "g", 10.0, 1.0), road("g", "t", 10.0, 1.0, capacity=4.0)])
    reduced = Change(time=0.0, event="bridge", links=net.link_positions()["g-t"], share=0.25)
    back = {"origin": at(net, "t"), "destination": at(net, "s")}
    case = supply_case(net, end=50.0, changes=[reduced], aid=[aid(0.0, 30.0), aid(0.0, 30.0), aid(0.0, 30.0, **back)])
    # One vehicle an hour: three hours for each convoy, one after the other; the other way there is nobody.
    assert sorted(row.arrived for row in run(case).shipments) == [5, 5, 8]
    assert sorted(record.link for record in run(case).gates) == sorted(net.link_positions()["g-t"])


def test_a_reduced_road_into_a_gate_is_passed_first() -> None:
    reduced = Change(time=0.0, event="bridge", links=NET.link_positions()["s-g"], share=0.5)
    net_rate = 500.0
    case = queueing(gate(rate=2.0, delay=0.5), aid(0.0, 10.0), changes=(reduced,))
    (row,) = run(case).shipments
    assert row.arrived == pytest.approx(2 + 1 / net_rate + 1 / 2 + 0.5)


def test_vehicles_load_at_as_many_bays_as_there_are() -> None:
    case = supply_case(
        NET,
        stock={"s": 50},
        tier={"s": 0, "t": 2},
        target={"t": 50},
        fleet={"s": 5},
        bays={"s": 2},
        loading_hours=3.0,
    )
    # Five vehicles at two bays: three rounds of three hours.
    (row,) = run(case).shipments
    assert (row.departed, row.arrived) == (9, 11)


def test_a_convoy_waits_for_bays_that_others_load_at() -> None:
    net = network(dict.fromkeys("stu", (36.0, 34.0)), [("s", "t", 10.0, 1.0), ("s", "u", 10.0, 2.0)])
    case = supply_case(
        net,
        stock={"s": 60},
        tier={"s": 0, "t": 2, "u": 2},
        target={"t": 30, "u": 30},
        fleet={"s": 6},
        bays={"s": 4},
        loading_hours=3.0,
    )
    # The first loads its three at once; one of the second's finds a bay then, the others wait for them.
    assert sorted(row.departed for row in run(case).shipments) == [3, 6]


def test_bays_are_free_again_when_a_place_changes_hands() -> None:
    changes = [taken(NET, 1.0, "s"), taken(NET, 2.0, "s", holder=RED)]
    given: dict[str, Any] = {"tier": {"s": 0, "t": 2}, "target": {"t": 10}, "fleet": {"s": 2}, "bays": {"s": 1}}
    case = supply_case(NET, changes=changes, stock={"s": 30}, loading_hours=9.0, **given)
    lost, sent = run(case).shipments
    assert (lost.outcome, sent.departed) == ("captured", 6 + 9)


def test_of_aid_that_is_partly_unloaded_the_rest_goes_back() -> None:
    case = supply_case(NET, aid=[aid(0.0, 40.0, unloaded=0.25)])
    trace = run(case)
    (row,) = trace.shipments
    assert (row.outcome, row.tonnes, row.unloaded, row.arrived) == ("partly unloaded", 40, 10, 2)
    assert value(case, trace, "received", ("t", 2)) == 10
    assert (ledger_changes(trace, "exported"), ledger_changes(trace, "in transit")) == (30, 0)


def test_aid_that_goes_back_is_captured_where_its_way_is_lost() -> None:
    case = supply_case(NET, aid=[aid(0.0, 40.0, unloaded=0.0)], changes=[taken(NET, 2.5, *"sg")])
    trace = run(case)
    (row,) = trace.shipments
    assert (row.outcome, row.unloaded) == ("partly unloaded", 0)
    assert ledger_changes(trace, "captured") == 40


def test_the_hours_of_a_gate_are_those_of_the_scenarios_day() -> None:
    terms = gate(opens=6.0, closes=18.0)
    assert next_opening(terms, 5.0, -2.0) == 5.0  # seven in the morning
    assert next_opening(terms, 17.0, -2.0) == 28.0  # seven in the evening
    assert next_opening(gate(), 5.0, -2.0) == 5.0


@pytest.mark.parametrize("service", ["exponential", "lognormal"])
def test_drawn_services_have_their_mean_and_spread(service: Any) -> None:
    terms = gate(rate=2.0, service=service, variation=0.7)
    drawn = [service_hours(terms, 1, np.random.SeedSequence(number)) for number in range(4000)]
    assert np.mean(drawn) == pytest.approx(0.5, rel=0.05)
    assert np.std(drawn) / np.mean(drawn) == pytest.approx(1.0 if service == "exponential" else 0.7, rel=0.1)
    many = [service_hours(terms, 10, np.random.SeedSequence(number)) for number in range(2000)]
    assert np.mean(many) == pytest.approx(5.0, rel=0.05)
    few = gate(rate=2.0, service=service, variation=0.7, inspected=0.3)
    assert np.mean([service_hours(few, 10, np.random.SeedSequence(n)) for n in range(3000)]) == pytest.approx(
        1.5, rel=0.05
    )


def test_nothing_is_drawn_where_vehicles_take_the_same_time_or_none() -> None:
    seed = np.random.SeedSequence(1)
    assert service_hours(gate(rate=4.0, inspected=0.5), 6, seed) == 0.75
    assert service_hours(gate(rate=float("inf"), service="exponential"), 6, seed) == 0


def test_a_convoy_that_still_queues_at_the_end_has_waited_until_then() -> None:
    trace = run(queueing(gate(rate=0.01), aid(0.0), aid(10.0)))
    assert [(row.outcome, row.waited) for row in rows(trace)] == [("under way", 0), ("under way", 90)]
