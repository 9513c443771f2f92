"""Gates: vehicles let through one convoy after another, with times worked out by hand."""

from typing import Any

import pytest

from corridor.case import Case
from corridor.control import Change, Passage
from corridor.simulation import Trace
from tests.builders import network
from tests.supply_cases import BLUE, RED, at, run, supply_case, taken

# s - g - t and s - g - u, an hour each road; g is BLUE's; t can be reached by w as well, in five hours.
ROADS = [
    ("s", "g", 10.0, 1.0),
    ("g", "t", 10.0, 1.0),
    ("g", "u", 10.0, 1.0),
    ("s", "w", 50.0, 4.0),
    ("w", "t", 9.0, 1.0),
]
NET = network(dict.fromkeys("sgtuw", (36.0, 34.0)), ROADS)


def gate(mode: Any = "gate", **fields: Any) -> Passage:
    return Passage(
        actor=RED, through=BLUE, mode=mode, **{"nodes": (at(NET, "g"),), "delay": 0.5, "rate": 2.0, **fields}
    )


def shut(time: float, mode: Any = "closed") -> Change:
    return Change(time=time, event="shut", passage=gate(mode, delay=0.0, rate=float("inf")))


def case(*changes: Change, passage: Passage, **fields: Any) -> Case:
    """Return a case in which s sends two vehicles to t and two to u at hour 0; t has less than u."""
    given: dict[str, Any] = {
        "stock": {"s": 40, "u": 1},
        "fleet": {"s": 4},
        "tier": {"s": 0, "t": 2, "u": 2},
        "target": {"t": 20, "u": 21},
    }
    return supply_case(NET, changes=changes, passage=[passage], holder={"g": BLUE}, **{**given, **fields})


def arrivals(trace: Trace) -> dict[str, float]:
    return {str(NET.node_id[row.ordered]): row.arrived for row in trace.shipments}


def test_convoys_pass_a_gate_one_after_another_and_are_held_side_by_side() -> None:
    # Two vehicles take an hour at two an hour; half an hour more; then two hours of driving.
    assert arrivals(run(case(passage=gate()))) == {"t": 1 + 0.5 + 2, "u": 2 + 0.5 + 2}


def test_a_gate_at_no_rate_only_delays() -> None:
    assert arrivals(run(case(passage=gate(rate=float("inf"))))) == {"t": 2.5, "u": 2.5}


def test_a_free_passage_holds_nobody() -> None:
    assert arrivals(run(case(passage=gate("free")))) == {"t": 2, "u": 2}


def test_a_gate_for_other_goods_is_a_closed_door() -> None:
    assert set(arrivals(run(case(passage=gate(commodities=(1,)))))) == {"t"}
    assert arrivals(run(case(passage=gate(commodities=(0,))))) == {"t": 3.5, "u": 4.5}


def test_the_way_round_is_taken_when_the_delay_makes_it_shorter() -> None:
    routes = {row.ordered: row.route for row in run(case(passage=gate(delay=4.0))).shipments}
    assert [str(NET.node_id[node]) for node in routes[at(NET, "t")]] == ["s", "w", "t"]


def test_the_next_in_the_queue_moves_up_when_one_ahead_leaves_it_for_another_way() -> None:
    # At 0.25 the gate shuts: t can be reached another way, u cannot and its load turns back to where it is.
    trace = run(case(shut(0.25), passage=gate(), end=5.5))
    assert {(str(NET.node_id[row.ordered]), row.outcome) for row in trace.shipments} == {
        ("t", "delivered"),
        ("u", "turned back"),
    }
    assert arrivals(trace)["t"] == 0.25 + 5


def test_a_convoy_that_is_held_after_its_turn_can_still_be_refused() -> None:
    trace = run(case(shut(1.25), passage=gate(), target={"t": 20}, stock={"s": 20}))
    assert arrivals(trace) == {"t": 1.25 + 5}


def test_a_convoy_waiting_at_a_gate_is_captured_if_its_place_falls() -> None:
    trace = run(case(taken(NET, 0.25, "s"), passage=gate(nodes=(at(NET, "g"),))))
    assert {row.outcome for row in trace.shipments} == {"captured"}


def test_a_gate_that_becomes_free_lets_those_in_line_go_when_their_turn_comes() -> None:
    # At 0.5 the gate is lifted: the first has begun its hour, the second finds nothing to wait for at 1.
    assert arrivals(run(case(shut(0.5, "free"), passage=gate()))) == {"t": pytest.approx(3.5), "u": 3}


def test_a_whole_territory_has_its_gate_where_it_is_entered() -> None:
    given = case(
        passage=gate(nodes=(), delay=0.5, rate=float("inf")),
        tier={"s": 0, "u": 2},
        target={"u": 21},
    )
    far = supply_case(
        NET,
        holder={"g": BLUE, "w": BLUE, "t": BLUE},
        passage=[gate(nodes=(), rate=float("inf"))],
        stock={"s": 20},
        fleet={"s": 2},
        tier={"s": 0, "u": 2},
        target={"u": 20},
    )
    assert arrivals(run(given)) == {"u": 2.5}
    assert arrivals(run(far)) == {"u": 2.5}
