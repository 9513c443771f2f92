"""Pipelines and refineries, with times worked out by hand."""

from typing import Any

import pytest

from corridor.case import Case, Pipe, RateChange
from corridor.control import CONTESTED, Change
from corridor.network import Network
from corridor.policies import FairShare
from corridor.simulation import Trace
from tests.builders import network, pipeline
from tests.supply_cases import BLUE, at, closed, ledger_changes, loads, run, source, supply_case, taken, value

CRUDE, DIESEL = 0, 1
NODES = dict.fromkeys("fjrq", (36.0, 34.0))
NET = network(NODES, pipelines=[pipeline("f", "r", 100.0, 10.0)])


def pipe(net: Network, name: str, capacity: float = 5.0, transit: float = 10.0, *, across: bool = False) -> Pipe:
    (link,) = net.link_positions()[name]
    return Pipe(link=link, commodity=CRUDE, capacity=capacity, transit=transit, across=across)


def case(*changes: Change, net: Network = NET, **fields: Any) -> Case:
    """Return a case in which 5 tonnes an hour can go from f, with 1000 tonnes, to r, which wants 1000; no roads."""
    given: dict[str, Any] = {
        "commodities": ("crude", "diesel"),
        "vehicle": [-1, -1],
        "stock": {"f": 1000},
        "tier": {"f": 0, "r": 2},
        "target": {"r": 1000},
        "pipes": [pipe(net, "f>r")] if "f>r" in net.link_id else (),
    }
    return supply_case(net, changes=changes, **{**given, **fields})


def batches(trace: Trace) -> list[tuple[float, float]]:
    return [(row.departed, row.arrived) for row in trace.shipments]


def test_a_batch_arrives_after_the_transit_at_no_more_than_capacity() -> None:
    given = case(end=25.0)
    trace = run(given)
    assert batches(trace)[:3] == [(0, 10), (6, 16), (12, 22)]
    assert [row.tonnes for row in trace.shipments] == [30] * 5
    assert {row.mode for row in trace.shipments} == {"pipeline"}
    assert [row.outcome for row in trace.shipments][2:4] == ["delivered", "under way"]
    assert value(given, trace, "received", ("r", 22)) == 90
    assert ledger_changes(trace, "pipe fill") == 60


def test_a_pipe_takes_no_more_than_its_head_wants_or_its_tail_has() -> None:
    assert [row.tonnes for row in run(case(target={"r": 50})).shipments] == [30, 20]
    assert [row.tonnes for row in run(case(stock={"f": 40})).shipments] == [30, 10]
    assert [row.tonnes for row in run(case(capacity={"r": 45})).shipments] == [30, 15]


def test_a_cut_keeps_the_fill_where_it_is_until_the_pipe_works_again() -> None:
    given = case(closed(NET, 11.0, "f>r"), closed(NET, 20.0, "f>r", share=1.0), end=30.0)
    trace = run(given)
    # The batch of hour 6 had five hours to go; the next is of the review at 24, of the four hours since 20.
    assert batches(trace)[:2] == [(0, 10), (6, 25)]
    assert [(row.departed, row.tonnes) for row in trace.shipments][2:] == [(24, 20), (30, 30)]
    cut = run(case(closed(NET, 11.0, "f>r"), end=30.0))
    assert ledger_changes(cut, "pipe fill") == 30
    assert ledger_changes(cut, "captured") == 0


def test_a_reduced_pipe_carries_less() -> None:
    assert {row.tonnes for row in run(case(closed(NET, 0.0, "f>r", share=0.5))).shipments} == {15}


def test_a_pipe_stops_where_its_ends_are_in_different_hands_or_in_nobodys() -> None:
    for holder in (BLUE, CONTESTED):
        assert run(case(taken(NET, 0.0, "r", holder=holder))).shipments == ()
    passed_on = run(case(taken(NET, 7.0, "f"), taken(NET, 9.0, "r")))
    # Two hours at rest, and then the new holder's.
    assert batches(passed_on)[:2] == [(0, 12), (6, 18)]
    assert [row.actor for row in passed_on.shipments][1:3] == [0, 1]


def test_a_pipe_that_works_across_fronts_serves_whoever_is_at_its_ends() -> None:
    across = [pipe(NET, "f>r", across=True)]
    changes = [taken(NET, 7.0, "f"), taken(NET, 13.0, "f", holder=CONTESTED)]
    trace = run(case(*changes, holder={"r": BLUE}, pipes=across, end=25.0))
    assert [(row.departed, row.actor) for row in trace.shipments] == [(0, 0), (6, 0), (12, 1), (18, -1), (24, -1)]
    held = {row.holder: row.closing for row in trace.ledger if (row.account, row.commodity) == ("stock", CRUDE)}
    assert held == {CONTESTED: 1000 - 150, 0: 0, BLUE: 90}
    nobodys = run(case(taken(NET, 8.0, "r", holder=CONTESTED), pipes=across, end=25.0))
    assert batches(nobodys)[:2] == [(0, 10), (6, 16)]
    assert ledger_changes(nobodys, "pipe fill") == 60
    cut = run(case(closed(NET, 8.0, "f>r"), holder={"r": BLUE}, pipes=across, end=25.0))
    assert ledger_changes(cut, "pipe fill") == 60


@pytest.mark.parametrize(("transit", "flow", "review"), [(12.0, 5.0, 6.0), (30.0, 0.5, 3.0), (7.0, 11.0, 1.0)])
def test_a_pipe_under_a_steady_flow_holds_flow_times_transit_and_gives_it_back_after_the_transit(
    transit: float, flow: float, review: float
) -> None:
    steady: dict[str, Any] = {
        "pipes": [pipe(NET, "f>r", capacity=flow, transit=transit)],
        "target": {"r": 1e6},
        "stock": {"f": 1e5},
        "policy": FairShare(review_hours=review, target_days={"default": 2.0}),
    }
    for hours in (transit + 4 * review, transit + 9.5 * review):
        given = case(end=hours, **steady)
        trace = run(given)
        assert ledger_changes(trace, "pipe fill") == pytest.approx(flow * transit)
        assert trace.shipments[0].arrived == transit
        arrived = [row.arrived for row in trace.shipments if row.outcome == "delivered"]
        assert arrived == pytest.approx([transit + turn * review for turn in range(len(arrived))])
        taken_out = sum(row.closing - row.opening for row in trace.ledger if (row.account, row.holder) == ("stock", 0))
        assert -taken_out == pytest.approx(flow * transit)


def test_a_pipe_not_yet_full_holds_what_went_in() -> None:
    trace = run(case(end=9.0))
    assert ledger_changes(trace, "pipe fill") == 60
    assert ledger_changes(trace, "stock") == -60


def test_a_station_passes_on_what_arrives_at_once() -> None:
    net = network(NODES, pipelines=[pipeline("f", "j", 60.0, 7.0), pipeline("j", "r", 40.0, 3.0)])
    pipes = [pipe(net, "f>j", transit=7.0), pipe(net, "j>r", transit=3.0)]
    given = case(net=net, pipes=pipes, end=40.0)
    trace = run(given)
    assert batches(trace)[:2] == [(0, 7), (6, 13)]
    assert (7, 10) in batches(trace)
    assert value(given, trace, "received", ("r", 40)) == 6 * 30


def test_a_station_takes_in_no_more_than_it_can_pass_on() -> None:
    net = network(NODES, pipelines=[pipeline("f", "j", 60.0, 7.0), pipeline("j", "r", 40.0, 3.0)])
    pipes = [pipe(net, "f>j", transit=7.0), pipe(net, "j>r", capacity=2.0, transit=3.0)]
    trace = run(case(closed(net, 12.0, "j>r"), net=net, pipes=pipes, end=96.0))
    sent = [row for row in trace.shipments if row.origin == at(net, "f")]
    # Two reviews' worth of the pipe onward, and nothing once that is shut.
    assert sent[0].tonnes == 24
    assert max(row.departed for row in sent) < 12


def test_stations_in_a_circle_ask_each_other_for_nothing() -> None:
    ring = [pipeline(tail, head, 60.0, 2.0) for tail, head in ("fj", "jq", "qj", "qr")]
    net = network(NODES, pipelines=ring)
    pipes = [pipe(net, name, transit=2.0) for name in ("f>j", "j>q", "q>j", "q>r")]
    given = case(net=net, pipes=pipes, target={"r": 20}, end=48.0)
    trace = run(given)
    assert value(given, trace, "stock", ("r", 48)) == 20
    assert ledger_changes(trace, "pipe fill") == 0


def test_a_station_asks_for_no_more_than_is_wanted_behind_it() -> None:
    net = network(NODES, pipelines=[pipeline("f", "j", 60.0, 7.0), pipeline("j", "r", 40.0, 3.0)])
    pipes = [pipe(net, "f>j", transit=7.0), pipe(net, "j>r", transit=3.0)]
    given = case(net=net, pipes=pipes, target={"r": 20}, end=48.0)
    trace = run(given)
    assert value(given, trace, "stock", ("r", 48)) == 20
    assert sum(row.tonnes for row in trace.shipments if row.origin == at(net, "f")) == 20


def test_two_pipes_share_what_there_is_by_what_they_can_take() -> None:
    net = network(NODES, pipelines=[pipeline("f", "r", 10.0, 1.0), pipeline("f", "q", 10.0, 1.0)])
    pipes = [pipe(net, "f>r", capacity=4.0, transit=1.0), pipe(net, "f>q", capacity=2.0, transit=1.0)]
    given = case(
        net=net, pipes=pipes, stock={"f": 18}, tier={"f": 0, "r": 2, "q": 2}, target={"r": 99, "q": 99}, end=5.0
    )
    assert [row.tonnes for row in run(given).shipments] == [12, 6]


def test_people_at_the_tail_keep_their_days_of_supply() -> None:
    # Two days at a quarter of a tonne an hour.
    given = case(stock={"f": 20}, demand={"f": 0.25}, policy=FairShare(target_days={"default": 2.0}), end=5.0)
    assert [row.tonnes for row in run(given).shipments] == [8]


def refinery(**fields: Any) -> dict[str, Any]:
    """Return a refinery at r that makes 3 tonnes of diesel an hour out of 5 of crude."""
    product = source(NET, "r", 3.0, DIESEL, feed=CRUDE, intake=5.0)
    return {"sources": [product], "tier": {"f": 0, "r": 2, ("r", DIESEL): 0}, **fields}


def test_a_refinery_stops_at_the_instant_its_crude_is_gone() -> None:
    given = case(pipes=(), **refinery(stock={"r": 22}))
    trace = run(given)
    assert value(given, trace, "stock", ("r", 4), DIESEL) == pytest.approx(12)
    assert value(given, trace, "stock", ("r", 5), DIESEL) == pytest.approx(4.4 * 3)
    assert value(given, trace, "unmet", ("r", 5), CRUDE) == pytest.approx(3)
    assert ledger_changes(trace, "converted", CRUDE) == pytest.approx(22)
    assert ledger_changes(trace, "converted", DIESEL) == pytest.approx(-13.2)
    assert trace.stockouts == ()


def test_a_starved_refinery_runs_again_when_crude_arrives() -> None:
    given = case(**refinery(stock={"f": 1000, "r": 15}, end=21.0))
    trace = run(given)
    # Dry from 3 to 10; then 30 tonnes every 6 hours are what it takes in.
    assert value(given, trace, "stock", ("r", 10), DIESEL) == pytest.approx(9)
    assert value(given, trace, "stock", ("r", 21), DIESEL) == pytest.approx(9 + 3 * 11)


def test_a_refinery_with_crude_of_its_own_runs_at_what_flows_in() -> None:
    field = source(NET, "r", 2.0, CRUDE)
    given = refinery(stock={"r": 12})
    given["sources"] = [*given["sources"], field]
    trace = run(case(pipes=(), **given))
    # Twelve tonnes last four hours at three an hour; then two of five.
    assert value(case(pipes=(), **given), trace, "stock", ("r", 10), DIESEL) == pytest.approx(4 * 3 + 6 * 3 * 0.4)
    assert ledger_changes(trace, "source", CRUDE) == pytest.approx(-96)


def test_a_refinery_rests_while_it_is_contested_and_works_for_whoever_holds_it() -> None:
    given = case(
        taken(NET, 2.0, "r", holder=CONTESTED), taken(NET, 5.0, "r"), pipes=(), **refinery(stock={"r": 1000}, end=10.0)
    )
    trace = run(given)
    assert value(given, trace, "stock", ("r", 10), DIESEL) == pytest.approx((2 + 5) * 3)
    assert value(given, trace, "consumed", ("r", 5), CRUDE) == pytest.approx(10)


def test_products_at_different_shares_draw_the_crude_of_the_greatest() -> None:
    given = refinery(stock={"r": 1000}, end=10.0, commodities=("crude", "diesel", "gasoline"), vehicle=[-1] * 3)
    given["sources"] = [*given["sources"], source(NET, "r", 1.0, 2, feed=CRUDE, intake=5.0)]
    changes = [
        RateChange(time=0.0, event="x", source=0, share=0.2),
        RateChange(time=0.0, event="x", source=1, share=0.5),
        RateChange(time=8.0, event="x", source=0, share=0.0),
        RateChange(time=8.0, event="x", source=1, share=0.0),
    ]
    whole = case(pipes=(), rate_changes=changes, **given)
    trace = run(whole)
    amounts = [value(whole, trace, "stock", ("r", 10), commodity) for commodity in range(3)]
    assert amounts == pytest.approx([1000 - 8 * 2.5, 8 * 0.6, 8 * 0.5])


def test_product_and_import_at_one_node_are_told_apart_in_the_ledger() -> None:
    given = refinery(stock={"r": 20}, end=10.0)
    given["sources"] = [*given["sources"], source(NET, "r", 1.0, DIESEL)]
    trace = run(case(pipes=(), **given))
    assert ledger_changes(trace, "converted", DIESEL) == pytest.approx(-12)
    assert ledger_changes(trace, "source", DIESEL) == pytest.approx(-10)
    assert not loads(trace)


def test_a_refinery_keeps_its_crude_from_the_pipe_that_leads_on() -> None:
    net = network(NODES, pipelines=[pipeline("r", "q", 10.0, 1.0)])
    product = source(net, "r", 3.0, DIESEL, feed=CRUDE, intake=5.0)
    given = case(
        net=net,
        pipes=[pipe(net, "r>q", transit=1.0)],
        sources=[product],
        stock={"r": 60},
        tier={"r": 2, "q": 2},
        target={"r": 50, "q": 50},
        end=3.0,
    )
    assert [row.tonnes for row in run(given).shipments] == [10]
