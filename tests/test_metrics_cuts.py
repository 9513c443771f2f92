"""How many lorries a day get from places to places, and the roads and gates that bind."""

from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.case import Case, bind, capacity
from corridor.control import enterable
from corridor.flows import FlowProblem, MinimumCut
from corridor.metrics import Cut, anchor_flows, anchor_pairs, anchors, cut, cuts
from corridor.network import PIPELINE, Network
from corridor.scenario import load_scenario
from corridor.scenario.model import PassageRule
from corridor.simulation import Atlas
from corridor.sources import read_network
from tests.builders import network, node, pipeline, road
from tests.cases import bound, closes, takes

HOMS = Path(__file__).parent.parent / "scenarios" / "homs_2024.yaml"
PERSONS = {"port": 10, "town": 20, "hub": 30, "city": 400, "isle": 5}


def coast(**holders: str) -> Network:
    """Return a port and a town, each with a road to a hub, from which two parallel roads lead to a city."""
    nodes = {
        name: node(36 + number / 10, 34, persons, holder=holders.get(name, "red"))
        for number, (name, persons) in enumerate(PERSONS.items())
    }
    return network(
        nodes=nodes,
        roads=[
            road("port", "hub", capacity=100.0),
            road("town", "hub", capacity=80.0),
            road("hub", "city", capacity=40.0, id="old", name="Old road", road_number="7"),
            road("hub", "city", capacity=60.0, id="new", share=0.5),
        ],
        pipelines=[pipeline("port", "city", capacity=9999.0)],
    )


def found(case: Case, origins: str, destinations: str, hour: float = 0.0, **wanted: Any) -> Cut:
    known = case.network.node_positions()
    sides = [[known[name] for name in side.split()] for side in (origins, destinations)]
    return cut(case, case.epoch_at(hour), 0, *sides, **wanted)


def gate(**terms: Any) -> PassageRule:
    return PassageRule(actor="red", through="blue", mode="gate", **terms)


def test_a_road_takes_its_capacity_by_day_and_night_times_its_open_share_and_a_pipeline_nothing() -> None:
    case = bound(coast())
    room = capacity(case, case.epochs[0], 0)
    assert dict(zip(case.network.link_id.tolist(), room.links.tolist(), strict=True)) == {
        "port-hub": 2400.0, "town-hub": 1920.0, "old": 960.0, "new": 720.0, "port>city": 0.0,
    }  # fmt: skip
    assert not capacity(case, case.epochs[0], 1).links.any()
    assert room.gates == ()


def test_a_class_of_vehicles_finds_its_own_share_and_anybody_the_largest() -> None:
    case = bound(coast())
    shares = np.vstack((case.epochs[0].share, case.epochs[0].share * 0.25))
    shares[0, case.network.link_id == "old"] = 0.0
    epoch = replace(case.epochs[0], share=shares)
    old = int(np.argmax(case.network.link_id == "old"))
    daily = [capacity(case, epoch, 0, vehicle=vehicle).links[old] for vehicle in (None, 0, 1)]
    assert daily == [240.0, 0.0, 240.0]


def test_the_convoys_of_a_run_file_over_a_reduced_road_at_the_rate_that_counts_here() -> None:
    case = bound(coast())
    epoch = case.epochs[0]
    gates = Atlas(case).ways(epoch, (0, 0, 0)).gates
    room = capacity(case, epoch, 0)
    assert gates
    assert all(room.links[link] == gate.terms.rate * 24 for link, (gate,) in gates.items())


def test_parallel_roads_bind_together_each_with_its_name_and_say_who_lives_on_which_side() -> None:
    one = found(bound(coast()), "port town", "city")
    assert one.value == 960 + 720
    told = [(road.id, road.name, road.number, road.vehicles) for road in one.roads]
    assert told == [("old", "Old road", "7", 960.0), ("new", "", "", 720.0)]
    assert {(road.tail, road.head) for road in one.roads} == {(2, 3)}
    assert (one.unique, one.why, one.shut) == (True, "", ())
    assert (one.origin_persons, one.destination_persons, one.other_persons) == (60.0, 400.0, 5.0)
    assert one.flow[[road.link for road in one.roads]].tolist() == [960.0, 720.0]


def test_several_origins_carry_more_than_one_of_them_but_no_more_than_together() -> None:
    case = bound(coast())
    assert found(case, "port", "hub").value == 2400.0
    assert found(case, "town", "hub").value == 1920.0
    both = found(case, "port town", "hub")
    assert (both.value, [road.id for road in both.roads]) == (4320.0, ["port-hub", "town-hub"])


def test_a_gate_holds_back_who_comes_under_its_rule_and_not_who_drives_on_under_it() -> None:
    names = ("red1", "blue1", "blue2", "red2")
    nodes = {name: node(36 + place / 10, 34, 10, holder=name[:-1]) for place, name in enumerate(names)}
    ways = [road("red1", "blue1"), road("red1", "blue2"), road("blue2", "blue1"), road("blue1", "red2")]
    case = bound(network(nodes=nodes, roads=ways), passage=(gate(vehicles_per_day=100.0),))
    ids, tail = case.network.node_id, case.network.tail
    told = {ids[one.node]: sorted(ids[tail[one.links]]) for one in capacity(case, case.epochs[0], 0).gates}
    assert told == {"blue1": ["red1", "red2"], "blue2": ["red1"]}


def test_the_fewest_roads_are_counted_one_by_one_whatever_they_carry() -> None:
    case = bound(coast())
    one = found(case, "port town", "city", count=True)
    assert (one.value, one.count, [road.id for road in one.roads]) == (2.0, True, ["port-hub", "town-hub"])
    assert not one.unique
    alone = found(case, "port", "city", count=True)
    assert (alone.value, [road.id for road in alone.roads], alone.unique) == (1.0, ["port-hub"], True)
    assert alone.roads[0].vehicles == 2400.0


def test_a_gate_binds_where_it_lets_less_through_than_the_roads_and_is_told_with_who_holds_it() -> None:
    case = bound(coast(city="blue"), passage=[gate(vehicles_per_day=500, servers=3, opens="06:00", closes="18:00")])
    one = found(case, "port town", "city")
    assert one.value == pytest.approx(500.0)
    assert one.roads == ()
    (only,) = one.gates
    assert (only.node, only.holder) == (3, "blue")
    assert only.vehicles == pytest.approx(500.0)
    assert (one.origin_persons, one.destination_persons, one.other_persons) == (60.0, 0.0, 5.0)
    assert one.unique
    counted = found(case, "port", "city", count=True)
    assert (counted.value, counted.gates) == (1.0, ())


@pytest.mark.parametrize(
    ("terms", "daily"),
    [
        ({"service_minutes": 6.0, "servers": 2}, 480.0),
        ({"service_minutes": 6.0, "servers": 2, "inspected_share": 0.5}, 960.0),
        ({"service_minutes": 6.0, "opens": "06:00", "closes": "12:00"}, 60.0),
        ({"service_minutes": 6.0, "inspected_share": 0.0}, 1680.0),
        ({}, 1680.0),
    ],
)
def test_a_gate_lets_through_what_its_servers_do_while_it_is_open(terms: dict[str, Any], daily: float) -> None:
    case = bound(coast(city="blue"), passage=[gate(**terms)])
    assert found(case, "port town", "city").value == pytest.approx(daily)


def test_the_gate_of_a_territory_stands_where_it_is_entered_and_nowhere_within() -> None:
    within = bound(coast(hub="blue", city="blue"), passage=[gate(vehicles_per_day=500)])
    entering = found(within, "port town", "city")
    assert entering.value == pytest.approx(500.0)
    assert [gate.node for gate in entering.gates] == [2]
    starting = found(within, "hub", "city")
    assert (starting.value, starting.gates) == (1680.0, ())
    out = found(within, "hub", "town")
    assert (out.value, out.gates) == (1920.0, ())


def test_a_passage_that_is_free_has_no_gate() -> None:
    case = bound(coast(city="blue"), passage=[PassageRule(actor="red", through="blue", mode="free")])
    assert capacity(case, case.epochs[0], 0).gates == ()
    assert found(case, "port town", "city").value == 1680.0


def test_what_is_passed_through_a_contested_place_is_nobodys_gate() -> None:
    rule = PassageRule(actor="red", through="contested", mode="gate", vehicles_per_day=500)
    one = found(bound(coast(hub="none"), passage=[rule]), "port", "city")
    assert [gate.holder for gate in one.gates] == [""]


def test_why_nothing_gets_through_is_told_and_what_is_left_out() -> None:
    case = bound(coast(town="blue", isle="red"))
    assert (found(case, "port town", "city").value, found(case, "port town", "city").shut) == (1680.0, (1,))
    assert (found(case, "town", "city").why, found(case, "town", "city").shut) == ("origins", (1,))
    assert found(case, "port", "town").why == "destinations"
    apart = found(case, "port", "isle")
    assert (apart.why, apart.value, apart.roads, apart.unique) == ("no way", 0.0, (), True)


def test_one_place_on_both_sides_is_refused() -> None:
    case = bound(coast())
    with pytest.raises(ValueError, match="found hub among both origins and destinations"):
        found(case, "port hub", "hub city")
    with pytest.raises(ValueError, match="hub"):
        cuts(case, 0, [2], [2])


def test_cuts_are_those_of_each_epoch_and_found_once_for_the_same_roads(monkeypatch: pytest.MonkeyPatch) -> None:
    case = bound(
        coast(isle="blue"),
        [
            closes(5, "old"),
            takes(10, "red", "isle"),
            closes(20, "new", 1.0),
            closes(30, "old", 1.0),
            closes(30, "new", 0.5),
        ],
    )
    assert len(case.epochs) == 5
    apart = [cut(case, epoch, 0, [0], [3]) for epoch in case.epochs]
    solved: list[int] = []
    module = import_module("corridor.metrics.cuts")  # its name is that of a function in the package
    solve = module.minimum_cuts

    def counted(problems: list[FlowProblem]) -> tuple[MinimumCut, ...]:
        solved.append(len(problems))
        found: tuple[MinimumCut, ...] = solve(problems)
        return found

    monkeypatch.setattr(module, "minimum_cuts", counted)
    together = cuts(case, 0, [0], [3])
    assert solved == [3]
    assert [epoch for epoch, _ in together] == list(case.epochs)
    for one, (_, other) in zip(apart, together, strict=True):
        assert (one.value, one.roads, one.unique) == (other.value, other.roads, other.unique)
        assert one.other_persons == other.other_persons
    assert [one.value for one in apart] == [1680.0, 720.0, 720.0, 1440.0, 1680.0]
    assert [one.other_persons for one in apart] == [0.0, 0.0, 5.0, 5.0, 5.0]


@given(
    shares=st.lists(st.sampled_from([0.0, 0.3, 1.0]), min_size=12, max_size=12),
    blue=st.sets(st.integers(0, 5), max_size=2),
    ends=st.permutations(range(6)),
)
def test_as_much_gets_through_as_in_networkx(shares: list[float], blue: set[int], ends: list[int]) -> None:
    pairs = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 0), (0, 3), (1, 4), (2, 5), (0, 1), (2, 0), (5, 3)]
    case = bound(
        network(
            nodes={f"n{at}": node(36 + at / 10, 34, 1, holder="blue" if at in blue else "red") for at in range(6)},
            roads=[
                road(f"n{tail}", f"n{head}", capacity=10.0 + number, share=share, one_way=number % 3 == 0)
                for number, ((tail, head), share) in enumerate(zip(pairs, shares, strict=True))
            ],
        ),
        passage=[gate(vehicles_per_day=700)],
    )
    net, epoch = case.network, case.epochs[0]
    one = cut(case, epoch, 0, ends[:2], ends[2:4])
    graph: nx.DiGraph[Any] = nx.DiGraph()
    for at in ends[:2]:
        graph.add_edge("s", at)
    for at in ends[2:4]:
        graph.add_edge(at, "t")
    for at in blue:
        graph.add_edge(("gate", at), at, capacity=700.0)
    for tail, head, daily in zip(
        net.tail.tolist(), net.head.tolist(), capacity(case, epoch, 0).links.tolist(), strict=True
    ):
        into = ("gate", head) if head in blue and tail not in blue else head
        before = graph.edges[tail, into]["capacity"] if graph.has_edge(tail, into) else 0.0
        graph.add_edge(tail, into, capacity=before + daily)
    assert one.value == pytest.approx(nx.maximum_flow_value(graph, "s", "t"))
    binding = [road.vehicles for road in one.roads] + [gate.vehicles for gate in one.gates]
    assert sum(binding) == pytest.approx(one.value)


def test_anchor_flows_are_the_cuts_between_anchors() -> None:
    case = bound(
        coast(),
        [closes(5, "old"), takes(10, "blue", "city"), takes(20, "red", "city")],
        anchors=("port", "city", "town"),
    )
    flows, pairs = anchor_flows(case), anchor_pairs(case)
    assert anchors(case) == (0, 3, 1)
    assert flows.vehicles.shape == pairs.km.shape == (4, 3, 3)
    for row, epoch in enumerate(case.epochs):
        for number, ends in enumerate(zip(pairs.origin.tolist(), pairs.destination.tolist(), strict=True)):
            one = cut(case, epoch, 0, ends[:1], ends[1:])
            assert flows.vehicles[row, 0, number] == one.value
            assert flows.roads[row, 0, number] == ";".join(road.id for road in one.roads)
    assert (flows.vehicles[:, 0] > 0).tolist() == np.isfinite(pairs.km[:, 0]).tolist()
    assert flows.vehicles[:, 0, 0].tolist() == [1680.0, 720.0, 0.0, 720.0]
    assert not flows.vehicles[:, 1:].any()
    assert anchor_flows(bound(coast())).vehicles.shape == (1, 3, 0)


@pytest.fixture(scope="module")
def homs() -> Case:
    return bind(load_scenario(HOMS), read_network("central_syria"))


def test_two_roads_carry_all_from_the_coast_to_damascus_before_homs_and_none_after(homs: Case) -> None:
    known = homs.network.node_positions()
    actor = homs.actors.index("regime")
    told = {
        epoch.start: one for epoch, one in cuts(homs, actor, [known["tartus"], known["latakia"]], [known["damascus"]])
    }
    values = [one.value for one in told.values()]
    assert values == sorted(values, reverse=True)
    assert values[-1] == 0
    assert ["hadidah-qusayr", "khirbet_tin_nur-jn_homs_w"] in [[road.id for road in one.roads] for one in told.values()]
    for epoch in homs.epochs[::15]:
        one = told[epoch.start]
        room = capacity(homs, epoch, actor)
        closed = replace(
            epoch, share=np.where(np.isin(homs.network.link_id, [road.id for road in one.roads]), 0, epoch.share)
        )
        after = cut(homs, closed, actor, one.origins, one.destinations)
        assert after.value == 0
        held = np.where(epoch.holder == actor, homs.population, 0)
        assert one.origin_persons + one.destination_persons + one.other_persons == pytest.approx(held.sum())
        assert not room.links[homs.network.mode == PIPELINE].any()
        assert not room.links[~enterable(epoch, actor)[homs.network.head]].any()
