"""What becomes of convoys, each by a network of a few roads with times worked out by hand."""

from typing import Any

import numpy as np
import pytest

from corridor.case import AidConvoy, Case
from corridor.control import CONTESTED, Change, Passage
from corridor.network import Network
from corridor.policies import FairShare
from corridor.simulation import Shipment, Trace
from tests.builders import network, road
from tests.supply_cases import BLUE, RED, at, closed, ledger_changes, loads, run, source, supply_case, taken, value

# s - a - b - t, an hour and ten kilometres each; a - c - t, one hour and two; d hangs on b, a quarter of an hour away.
ROADS = [
    ("s", "a", 10.0, 1.0),
    ("a", "b", 10.0, 1.0),
    ("b", "t", 10.0, 1.0),
    ("a", "c", 15.0, 1.0),
    ("c", "t", 25.0, 2.0),
    ("b", "d", 5.0, 0.25),
]
NET = network(dict.fromkeys("sabctd", (36.0, 34.0)), ROADS)


def case(*changes: Change, net: Network = NET, **fields: Any) -> Case:
    """Return a case in which s sends 20 tonnes on two vehicles to t at hour 0."""
    given: dict[str, Any] = {"stock": {"s": 20}, "fleet": {"s": 2}, "tier": {"s": 0, "t": 2}, "target": {"t": 20}}
    return supply_case(net, changes=changes, **{**given, "end": 24.0, **fields})


def only(trace: Trace) -> Shipment:
    (shipment,) = trace.shipments
    return shipment


def names(shipment: Shipment, net: Network = NET) -> str:
    return "".join(str(net.node_id[node]) for node in shipment.route)


def test_a_convoy_loads_drives_and_unloads() -> None:
    given = case(loading_hours=2.0, unloading_hours=0.5, trip_time_factor=2.0)
    trace = run(given)
    shipment = only(trace)
    assert (shipment.tonnes, shipment.vehicles, shipment.outcome) == (20, 2, "delivered")
    assert (shipment.departed, shipment.arrived) == (2, 2 + 6 + 0.5)
    assert (names(shipment), shipment.km) == ("sabt", 30)
    assert value(given, trace, "stock", ("t", 8)) == 0
    assert value(given, trace, "stock", ("t", 9)) == value(given, trace, "received", ("t", 9)) == 20


def test_vehicles_serve_again_when_they_are_back_and_not_before() -> None:
    # Two vehicles for 100 tonnes: 20 at a time, there in 3 hours and back in 3, reviewed every hour and a half.
    given = case(stock={"s": 100}, target={"t": 100}, policy=_policy(1.5))
    departures = [shipment.departed for shipment in run(given).shipments]
    assert departures == [0, 6, 12, 18, 24]


def test_an_order_that_the_vehicles_cannot_carry_goes_in_part() -> None:
    trace = run(case(stock={"s": 100}, target={"t": 95}, fleet={"s": 3}, end=5.0))
    assert [(shipment.tonnes, shipment.vehicles) for shipment in trace.shipments] == [(30, 3)]


def test_without_vehicles_nothing_is_sent() -> None:
    assert run(case(fleet={})).shipments == ()


def test_a_convoy_takes_another_way_from_the_next_node() -> None:
    shipment = only(run(case(closed(NET, 0.5, "b-t"))))
    assert (names(shipment), shipment.arrived, shipment.outcome) == ("sact", 1 + 3, "delivered")
    assert shipment.km == 50


def test_a_convoy_on_a_road_that_closes_turns_round() -> None:
    shipment = only(run(case(closed(NET, 1.25, "a-b"))))
    # Back at a after a quarter of an hour, then by c.
    assert (names(shipment), shipment.arrived) == ("sact", 1.5 + 3)
    assert shipment.km == pytest.approx(10 + 5 + 40)


def test_a_convoy_turns_round_on_a_one_way_road_too() -> None:
    net = network(
        dict.fromkeys("sabct", (36.0, 34.0)),
        [*ROADS[:1], road("a", "b", 10.0, 1.0, one_way=True), *ROADS[2:5]],
    )
    shipment = only(run(case(closed(net, 1.25, "a-b"), net=net)))
    assert (names(shipment, net), shipment.arrived) == ("sact", 4.5)


def test_a_convoy_whose_next_node_falls_turns_round() -> None:
    shipment = only(run(case(taken(NET, 1.5, "b"))))
    assert (names(shipment), shipment.arrived, shipment.outcome) == ("sact", 2 + 3, "delivered")


def test_a_convoy_that_stands_at_a_node_decides_there_and_then() -> None:
    shipment = only(run(case(closed(NET, 1.0, "a-b"))))
    assert (names(shipment), shipment.arrived, shipment.km) == ("sact", 4, 50)


def test_a_convoy_diverts_to_the_neediest_place_when_its_destination_falls() -> None:
    given = case(
        taken(NET, 1.5, "t"),
        tier={"s": 0, "t": 2, "d": 2, "a": 2},
        demand={"a": 0.001, "d": 0.001},
        stock={"s": 20, "a": 1, "d": 0.5},
    )
    shipment = only(run(given))
    assert (names(shipment), shipment.arrived, shipment.outcome) == ("sabd", 2.25, "diverted")
    assert (shipment.ordered, shipment.destination) == (at(NET, "t"), at(NET, "d"))


def test_a_convoy_does_not_divert_farther_than_the_way_home() -> None:
    # It still loads at s when t falls: home is where it is, and a place an hour away is no reason to drive off.
    given = case(
        taken(NET, 0.5, "t"),
        loading_hours=1.0,
        tier={"s": 0, "t": 2, "a": 2},
        demand={"a": 0.001},
        stock={"s": 20, "a": 1},
    )
    shipment = only(run(given))
    assert (names(shipment), shipment.km, shipment.outcome) == ("s", 0, "turned back")


def test_a_convoy_turns_back_home_when_no_place_wants_its_load() -> None:
    given = case(taken(NET, 1.5, "t"))
    trace = run(given)
    shipment = only(trace)
    assert (names(shipment), shipment.arrived, shipment.outcome) == ("sabas", 4, "turned back")
    assert value(given, trace, "stock", ("s", 4)) == 20
    assert value(given, trace, "received", ("s", 4)) == 0


def test_a_convoy_that_cannot_get_home_turns_back_to_the_nearest_store() -> None:
    trace = run(case(taken(NET, 1.5, "t", "s"), tier={"s": 0, "t": 2, "c": 1, "d": 1}))
    assert (names(only(trace)), only(trace).arrived) == ("sabd", 2.25)
    assert only(trace).outcome == "turned back"


def test_a_convoy_is_captured_at_once_when_both_ends_of_its_road_fall() -> None:
    trace = run(case(taken(NET, 1.5, "a", "b")))
    shipment = only(trace)
    assert shipment.outcome == "captured"
    assert np.isnan(shipment.arrived)
    assert (names(shipment), shipment.departed, shipment.km) == ("sa", 0, 10)
    assert ledger_changes(trace, "captured") == 20


def test_a_convoy_with_nowhere_to_go_is_captured_at_the_next_node() -> None:
    trace = run(case(taken(NET, 1.5, *"sact")))
    assert (names(only(trace)), only(trace).outcome) == ("sab", "captured")


def test_a_convoy_beside_a_place_that_falls_is_captured_if_it_commands_the_road() -> None:
    roads = [ROADS[0], road("a", "b", 10.0, 1.0, passes=("p",)), *ROADS[2:]]
    net = network(dict.fromkeys("sabctdp", (36.0, 34.0)), roads)
    assert only(run(case(taken(net, 1.5, "p"), net=net))).outcome == "captured"
    assert only(run(case(taken(net, 1.5, "p"), net=net, overlook=False))).outcome == "delivered"


def test_a_convoy_that_drives_back_is_captured_if_that_falls_too() -> None:
    trace = run(case(closed(NET, 1.5, "a-b"), taken(NET, 1.75, "a")))
    assert (names(only(trace)), only(trace).outcome) == ("sa", "captured")


def test_a_convoy_that_drives_back_does_not_mind_what_falls_elsewhere() -> None:
    assert only(run(case(closed(NET, 1.5, "a-b"), taken(NET, 1.75, "b")))).arrived == 5


def test_a_convoy_is_captured_while_it_loads_if_its_place_falls() -> None:
    trace = run(case(taken(NET, 1.5, "s"), loading_hours=2.0))
    assert only(trace).outcome == "captured"
    assert np.isnan(only(trace).departed)
    assert ledger_changes(trace, "captured") == 20


def test_a_convoy_that_loads_while_its_road_is_lost_decides_when_it_has_loaded() -> None:
    shipment = only(run(case(closed(NET, 1.5, "b-t"), loading_hours=2.0)))
    assert (names(shipment), shipment.departed, shipment.arrived) == ("sact", 2, 6)
    trace = run(case(closed(NET, 1.5, "s-a"), loading_hours=2.0, unloading_hours=1.0, end=5.0))
    assert (only(trace).outcome, only(trace).arrived, only(trace).km) == ("turned back", 3, 0)


def test_what_is_not_yet_unloaded_when_a_place_falls_is_captured() -> None:
    trace = run(case(taken(NET, 3.5, "t"), unloading_hours=1.0))
    assert (names(only(trace)), only(trace).outcome) == ("sabt", "captured")
    given = case(taken(NET, 4.0, "t"), unloading_hours=0.5)
    trace = run(given)
    assert only(trace).outcome == "delivered"
    assert value(given, trace, "stock", ("t", 5)) == 20


def test_a_destination_that_changes_hands_but_stays_open_is_not_served() -> None:
    passage = [Passage(actor=RED, through=BLUE, mode="free")]
    shipment = only(run(case(taken(NET, 1.5, "t"), passage=passage)))
    assert (names(shipment), shipment.outcome) == ("sabtbas", "turned back")


def test_empty_vehicles_go_to_another_base_when_theirs_falls() -> None:
    # t is served at 3; s falls at 3.5 while they drive back; from b they go to d, which has something from 4 on.
    given = case(
        taken(NET, 3.5, "s"),
        fleet={"s": 2, "d": 1},
        tier={"s": 0, "t": 2, "d": 0},
        target={"t": 60},
        sources=[source(NET, "d", 100.0, start=4.0)],
        policy=_policy(4.5),
    )
    sent = [(names(row), row.vehicles, row.departed) for row in run(given).shipments]
    assert sent[:2] == [("sabt", 2, 0), ("dbt", 3, 4.5)]


def test_empty_vehicles_stay_where_no_way_leads_home_and_go_home_when_one_does() -> None:
    # t is served at 3; s falls at 3.5 and they stop at b at 4; from there it is two hours home when s is back at 12.
    trace = run(case(taken(NET, 3.5, "s"), taken(NET, 12.0, "s", holder=RED), stock={"s": 40}, target={"t": 40}))
    assert [(names(row), row.departed) for row in trace.shipments] == [("sabt", 0), ("sabt", 18)]
    never = run(case(taken(NET, 3.5, "s"), stock={"s": 40}, target={"t": 40}))
    assert len(never.shipments) == 1


def test_empty_vehicles_that_go_round_and_come_home_when_they_were_due_anyway_serve_again() -> None:
    # They are on their way from t to b at 3.5, when the road b-a is lost; b-e-s takes two hours as well.
    ring = network(dict.fromkeys("sabte", (36.0, 34.0)), [*ROADS[:3], ("b", "e", 10.0, 1.0), ("e", "s", 10.0, 1.0)])
    given = case(closed(ring, 3.5, "a-b"), net=ring, stock={"s": 40}, target={"t": 40}, policy=_policy(3.0))
    assert [(names(row, ring), row.departed) for row in run(given).shipments] == [("sabt", 0), ("sebt", 6)]


def test_stranded_vehicles_join_the_fleet_of_the_pocket_they_stand_in() -> None:
    # s falls at 3.5; d, which had no vehicles, gives from 4 on: the two of s serve from there.
    given = case(
        taken(NET, 3.5, "s"),
        tier={"s": 0, "t": 2, "d": 0},
        target={"t": 60},
        sources=[source(NET, "d", 100.0, start=4.0)],
    )
    sent = [(names(row), row.vehicles, row.departed) for row in run(given).shipments]
    assert sent[:2] == [("sabt", 2, 0), ("dbt", 2, 6.0)]


def test_stranded_vehicles_are_lost_with_the_place_they_stand_at() -> None:
    changes = taken(NET, 3.5, "s"), taken(NET, 8.0, "b"), taken(NET, 12.0, *"sb", holder=RED)
    trace = run(case(*changes, stock={"s": 40}, target={"t": 40}))
    assert len(trace.shipments) == 1


def test_empty_vehicles_caught_between_are_lost() -> None:
    back = taken(NET, 6.0, *"sabc", holder=RED)
    trace = run(case(taken(NET, 4.5, *"sabc"), back, stock={"s": 40}, target={"t": 40}, end=48.0))
    assert len(trace.shipments) == 1
    assert ledger_changes(trace, "captured") == 0


def test_a_stock_that_falls_passes_to_the_new_holder_or_is_destroyed() -> None:
    given = case(taken(NET, 5.0, "s"), fleet={})
    rows = {(row.account, row.holder): row.closing for row in run(given).ledger}
    assert (rows["stock", RED], rows["stock", BLUE], rows["destroyed", -1]) == (0, 20, 0)
    destroyed = case(taken(NET, 5.0, "s", holder=CONTESTED), taken(NET, 6.0, "s"), fleet={}, fallen_stock="destroyed")
    rows = {(row.account, row.holder): row.closing for row in run(destroyed).ledger}
    assert (rows["stock", RED], rows["destroyed", -1]) == (0, 20)


def test_a_stock_that_falls_is_evacuated_as_far_as_the_vehicles_carry_it() -> None:
    given = case(
        taken(NET, 5.0, "t"),
        stock={"t": 25},
        fleet={"t": 1},
        tier={"t": 2, "d": 2, "c": 2},
        target={},
        demand={"d": 0.1, "c": 0.001},
        fallen_stock="evacuated",
    )
    trace = run(given)
    shipment = only(trace)
    # Neither has anything, so both have nought days; d is nearer.
    assert (names(shipment), shipment.departed, shipment.arrived, shipment.tonnes) == ("tbd", 5, 6.25, 10)
    rows = {(row.account, row.holder): row.closing for row in trace.ledger}
    assert rows["stock", BLUE] == 15


@pytest.mark.parametrize(
    ("change", "route", "outcome"),
    [
        (taken(NET, 5.5, "b"), "t", "captured"),
        (closed(NET, 5.5, "b-d"), "tbac", "diverted"),
        (taken(NET, 6.125, "c"), "tbd", "delivered"),
    ],
)
def test_an_evacuation_can_only_go_on_to_the_end_of_its_first_road(change: Change, route: str, outcome: str) -> None:
    given = case(
        taken(NET, 5.0, "t"),
        closed(NET, 5.0, "c-t"),
        change,
        stock={"t": 10},
        fleet={"t": 1},
        tier={"t": 2, "d": 2, "c": 2},
        target={},
        demand={"d": 0.1, "c": 0.001},
        fallen_stock="evacuated",
    )
    assert (names(only(run(given))), only(run(given)).outcome) == (route, outcome)


def test_nothing_is_evacuated_without_a_way_or_a_place_to_go() -> None:
    for fields in ({"tier": {"t": 2}}, {"tier": {"t": 2, "d": 2}, "demand": {"d": 0.1}, "vehicle": [-1]}):
        given = case(
            taken(NET, 5.0, "t"), stock={"t": 10}, fleet={"t": 1}, target={}, fallen_stock="evacuated", **fields
        )
        assert run(given).shipments == ()


def test_an_actor_may_fetch_from_the_sources_of_others_that_it_may_enter_but_not_from_their_depots() -> None:
    passage = [Passage(actor=RED, through=BLUE, mode="free", nodes=(at(NET, "s"),))]
    fields: dict[str, Any] = {"holder": {"s": BLUE}, "stock": {"s": 40}, "target": {"t": 40}, "policy": _policy(1.0)}
    trace = run(case(passage=passage, **fields))
    # The two vehicles come back to s and load again.
    assert [(row.actor, row.departed, row.tonnes) for row in trace.shipments] == [(RED, 0, 20), (RED, 6, 20)]
    rows = {(row.account, row.holder): row.closing for row in trace.ledger}
    assert (rows["stock", RED], rows["stock", BLUE]) == (40, 0)
    assert run(case(**fields)).shipments == ()
    assert run(case(passage=passage, **{**fields, "tier": {"s": 1, "t": 2}})).shipments == ()


def test_what_was_fetched_from_others_goes_back_to_them_if_it_cannot_be_delivered() -> None:
    passage = [Passage(actor=RED, through=BLUE, mode="free", nodes=(at(NET, "s"),))]
    trace = run(case(taken(NET, 1.5, "t"), holder={"s": BLUE}, passage=passage))
    assert (names(only(trace)), only(trace).outcome) == ("sabas", "turned back")
    gone = run(case(taken(NET, 1.5, "t"), taken(NET, 1.75, "s", holder=CONTESTED), holder={"s": BLUE}, passage=passage))
    assert (names(only(gone)), only(gone).outcome) == ("sab", "captured")


def test_vehicles_go_in_file_over_a_reduced_road() -> None:
    net = network(dict.fromkeys("st", (36.0, 34.0)), [road("s", "t", 10.0, 1.0, capacity=10.0)])
    given = case(closed(net, 0.0, "s-t", share=0.25), net=net)
    assert only(run(given)).arrived == pytest.approx(1 + 2 / (10 * 0.25))


def test_travel_noise_has_the_mean_of_one_and_a_stream_for_each_convoy() -> None:
    fields: dict[str, Any] = {"stock": {"s": 4000}, "target": {"t": 4000}, "demand": {"t": 3.0}, "fleet": {"s": 9}}
    given = case(travel_noise_share=0.3, end=2000.0, **fields)
    first, again, other = (
        [row.arrived - row.departed for row in run(given, seed).shipments if row.outcome == "delivered"]
        for seed in (1, 1, 2)
    )
    assert first == again
    assert first[0] != other[0]
    assert np.mean(first) == pytest.approx(3.0, rel=0.15)
    assert np.std(first) == pytest.approx(0.9, rel=0.4)


def aid(net: Network = NET, **fields: Any) -> AidConvoy:
    ends = {"origin": at(net, "s"), "destination": at(net, "t")}
    return AidConvoy(time=4.0, event="aid", actor=RED, commodity=0, tonnes=35.0, **{**ends, **fields})


def test_an_aid_convoy_comes_from_outside_and_is_delivered() -> None:
    given = case(aid=[aid()], fleet={}, stock={})
    trace = run(given)
    (shipment,) = loads(trace, "aid")
    assert (shipment.departed, shipment.arrived, shipment.vehicles) == (4, 7, 4)
    assert ledger_changes(trace, "source") == -35
    assert value(given, trace, "received", ("t", 7)) == 35


def test_an_aid_convoy_may_be_bound_for_a_place_of_others_if_it_may_pass() -> None:
    passage = [Passage(actor=RED, through=BLUE, mode="free")]
    trace = run(case(aid=[aid()], fleet={}, stock={}, holder={"t": BLUE}, passage=passage))
    assert only(trace).outcome == "delivered"


def test_an_aid_convoy_is_refused_without_a_permit_or_a_way() -> None:
    for fields in ({"aid": [aid(permitted=False)]}, {"aid": [aid()], "holder": {"t": BLUE}}):
        trace = run(case(fleet={}, stock={}, **fields))
        assert only(trace).outcome == "refused"
        assert ledger_changes(trace, "source") == 0


def test_an_aid_convoy_goes_round_or_back_but_nowhere_else() -> None:
    around = run(case(closed(NET, 4.5, "a-b"), aid=[aid()], fleet={}, stock={}))
    assert (names(only(around)), only(around).outcome) == ("sact", "delivered")
    fields: dict[str, Any] = {"tier": {"t": 2, "d": 2}, "demand": {"d": 0.001}}
    back = run(case(taken(NET, 4.5, "t"), aid=[aid()], fleet={}, stock={}, **fields))
    assert (names(only(back)), only(back).outcome) == ("sas", "turned back")
    assert ledger_changes(back, "exported") == 35
    lost = run(case(taken(NET, 5.5, "t", "s"), aid=[aid()], fleet={}, stock={}, **fields))
    assert (names(only(lost)), only(lost).outcome) == ("sab", "captured")


def test_a_shipment_that_is_still_under_way_at_the_end_is_reported_so() -> None:
    trace = run(case(end=2.5))
    assert (only(trace).outcome, only(trace).departed) == ("under way", 0)
    assert ledger_changes(trace, "in transit") == 20


def test_what_was_over_before_the_start_is_not_reported() -> None:
    given = case(warmup=12.0)
    trace = run(given)
    assert trace.shipments == ()
    assert ledger_changes(trace, "stock") == 0
    assert value(given, trace, "stock", ("t", 0)) == 20
    assert value(given, trace, "received", ("t", 24)) == 0
    late = run(case(warmup=2.0))
    assert (only(late).departed, only(late).arrived) == (-2, 1)


def _policy(review: float) -> FairShare:
    return FairShare(review_hours=review, target_days={"default": 2.0})


def test_empty_vehicles_decide_the_moment_they_find_their_home_in_other_hands() -> None:
    # s stays open when it falls; they are there at 6, go on to d, two and a quarter hours away, and serve from there.
    given = case(
        taken(NET, 3.5, "s"),
        passage=[Passage(actor=RED, through=BLUE, mode="free")],
        tier={"s": 0, "t": 2, "d": 0},
        target={"t": 60},
        sources=[source(NET, "d", 100.0, start=4.0)],
        policy=_policy(12.0),
    )
    sent = [(names(row), row.vehicles, row.departed) for row in run(given).shipments]
    assert sent[:2] == [("sabt", 2, 0), ("dbt", 2, 12.0)]
