"""Isochrones and how whole a territory is at an instant, by hand and against networkx and the numbers over time."""

from dataclasses import replace
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.case import Case, Source, whole
from corridor.control import Epoch
from corridor.metrics import (
    Isochrones,
    accessible_population,
    anchor_pairs,
    connectivity,
    cut,
    delivered,
    efficiencies,
    hours_from_sources,
    isochrones,
    source_hours,
    territory,
    way_shares,
)
from corridor.network import Network
from corridor.scenario.model import PassageRule
from tests.builders import network, node, road
from tests.cases import bound, closes, takes, with_sources

RED, BLUE = 0, 1


def line(holders: str = "rrrr", persons: tuple[float, ...] = (1000, 400, 300, 200), **fields: Any) -> Network:
    """Return a — b — c — d, an hour and 50 km each, held by r, b or nobody, and e by itself."""
    names = {"r": "red", "b": "blue", "-": "none"}
    nodes = {
        name: node(36 + place / 10, 34, persons[place], holder=names[holders[place]], name=name.upper())
        for place, name in enumerate("abcd")
    }
    return network(
        nodes | {"e": node(37, 34, 50, holder="red", name="E")},
        [road("a", "b", 50), road("b", "c", 50, **fields), road("c", "d", 50)],
    )


def source(at: int, **fields: Any) -> Source:
    return Source(id=f"source_{at}", node=at, commodity=0, **{"rate": 1.0, **fields})


def where(mask: Any) -> list[int]:
    return [int(node) for node in np.flatnonzero(mask)]


# isochrones


def test_people_are_within_hours_beyond_them_cut_off_or_were_never_connected() -> None:
    case = with_sources(bound(line(), [closes(5, "c-d")]), source(0))
    found = isochrones(case, case.epochs[0], commodity=0, actor=RED, within=(0.5, 1, 2))
    assert found.hours.tolist() == [0, 1, 2, 3, np.inf]
    assert found.people.tolist() == [1000, 1400, 1700]
    assert (where(found.beyond), where(found.cut_off), where(found.never)) == ([3], [], [4])
    later = isochrones(case, case.epochs[1], commodity=0, actor=RED, within=(0.5, 1, 2))
    assert (where(later.beyond), where(later.cut_off), where(later.never)) == ([], [3], [4])
    assert later.origins.tolist() == [0]


def test_every_held_place_is_asked_about_or_those_of_one_actor() -> None:
    case = with_sources(bound(line("rrb-")), source(0), source(2))
    everybody = isochrones(case, case.epochs[0], commodity=0)
    assert (where(everybody.asked), everybody.people[0]) == ([0, 1, 2, 4], 1700)
    assert (everybody.actor, everybody.commodity) == (None, 0)
    assert isochrones(case, case.epochs[0], commodity=0, actor=BLUE).people.tolist() == [300] * 5


def test_a_source_that_stopped_leaves_people_cut_off_not_never_connected() -> None:
    case = with_sources(bound(line(), [closes(5, "c-d")]), source(3, end=5.0), source(2, rate=0.0))
    later = isochrones(case, case.epochs[1], commodity=0)
    assert (later.origins.tolist(), where(later.cut_off), where(later.never)) == ([], [0, 1, 2, 3], [4])


def test_what_no_vehicle_carries_reaches_nobody_by_road() -> None:
    case = with_sources(bound(line()), source(1), vehicle=-1)
    found = isochrones(case, case.epochs[0], commodity=0)
    assert (found.people[-1], where(found.cut_off), where(found.never)) == (400, [], [0, 2, 3, 4])


def test_isochrones_lead_from_any_places_by_ways_their_holders_may_use() -> None:
    case = bound(line("rrbr"))
    found = isochrones(case, case.epochs[0], origins=(3, 1, 1), within=(1,))
    assert (found.origins.tolist(), found.commodity) == ([1, 3], None)
    assert found.hours.tolist() == [1, 0, np.inf, 0, np.inf]
    assert (where(found.cut_off), where(found.never)) == ([2], [4])
    let = bound(line("rrbr"), passage=[PassageRule(actor="red", through="blue", mode="free")])
    assert isochrones(let, let.epochs[0], origins=(0,)).hours.tolist() == [0, 1, np.inf, 3, np.inf]
    nowhere = isochrones(case, case.epochs[0])
    assert (nowhere.people.tolist(), where(nowhere.never)) == ([0] * 5, [0, 1, 2, 3, 4])


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw a case on up to seven nodes: parallel, one-way and instant roads, changes of hands, sources."""
    size = draw(st.integers(1, 7))
    ids = [f"n{place}" for place in range(size)]
    at, actor = st.sampled_from(ids), st.sampled_from(["red", "blue", "none"])
    nodes = {name: node(36, 34, draw(st.integers(0, 3)) * 100.0, holder=draw(actor)) for name in ids}
    hours = st.integers(0, 9).map(lambda quarters: quarters / 4)
    roads = [
        road(draw(at), draw(at), 50, draw(hours), one_way=draw(st.booleans())) for _ in range(draw(st.integers(1, 14)))
    ]
    events: list[Any] = draw(st.lists(st.builds(takes, st.integers(1, 6), actor, at), max_size=4))
    built = network(nodes, roads)
    shut = st.sampled_from(sorted(set(built.link_id.tolist())))
    events += draw(st.lists(st.builds(closes, st.integers(1, 6), shut), max_size=3))
    for number, event in enumerate(events):
        object.__setattr__(event, "id", f"e{number}")
    sources = draw(st.lists(st.integers(0, size - 1), max_size=3, unique=True))
    return with_sources(bound(built, events), *(source(place) for place in sources))


def reached(case: Case, epoch: Epoch | None, own: set[int], origins: list[int]) -> dict[int, float]:
    """Return the hours from the nearest origin over roads among nodes of one's own, open in an epoch (None: all)."""
    graph: Any = nx.MultiDiGraph()
    graph.add_nodes_from(own)
    net = case.network
    for link, (tail, head) in enumerate(zip(net.tail.tolist(), net.head.tolist(), strict=True)):
        if {tail, head} <= own and (epoch is None or epoch.share[:, link].max() > 0):
            graph.add_edge(tail, head, hours=float(net.hours[link]))
    starts = [origin for origin in origins if origin in own]
    found: dict[int, float] = dict(
        nx.multi_source_dijkstra_path_length(graph, starts, weight="hours") if starts else {}
    )
    return found


@given(cases())
def test_hours_and_who_has_none_are_those_of_networkx(case: Case) -> None:
    nodes = set(range(case.network.node_count))
    for epoch in case.epochs:
        found = isochrones(case, epoch, commodity=0, within=(0.5, 2))
        origins = found.origins.tolist()
        ever = reached(case, None, nodes, origins)
        for actor in range(2):
            own = set(where(epoch.holder == actor))
            near = reached(case, epoch, own, origins)
            assert {one for one in own if np.isfinite(found.hours[one])} == set(near)
            assert all(found.hours[one] == pytest.approx(hours) for one, hours in near.items())
            assert set(where(found.cut_off)) & own == own & set(ever) - set(near)
            assert set(where(found.never)) & own == own - set(ever)
    assert_everybody_counted_once(case)


def assert_everybody_counted_once(case: Case) -> None:
    """Check that an actor's people are within the last hours, beyond, cut off or never connected; no one twice."""
    near = accessible_population(case, within=2)
    np.testing.assert_array_equal(hours_from_sources(case, case.epochs, 0), source_hours(case)[:, 0])
    for row, epoch in enumerate(case.epochs):
        for actor in range(len(case.actors)):
            found = isochrones(case, epoch, commodity=0, actor=actor, within=(0.5, 2))
            assert found.people[1] == pytest.approx(near[row, actor, 0])
            rest = case.population[found.beyond | found.cut_off | found.never].sum()
            assert found.people[-1] + rest == pytest.approx(case.population[epoch.holder == actor].sum())


# connectivity


def test_the_numbers_of_an_instant_are_those_over_time() -> None:
    case = with_sources(bound(line(), [takes(5, "blue", "c"), closes(9, "a-b")], anchors=("a", "d", "b")), source(0))
    whole_time, reach, pairs = territory(case), efficiencies(case), anchor_pairs(case)
    for epoch in case.epochs:
        for actor in (RED, BLUE):
            found, at = connectivity(case, epoch.start + 0.5, actor), (epoch.index, actor)
            assert (len(found.pockets), found.population) == (whole_time.pockets[at], whole_time.population[at])
            assert found.largest_share == pytest.approx(whole_time.largest_share[at], nan_ok=True)
            assert found.fragmentation == pytest.approx(whole_time.fragmentation[at], nan_ok=True)
            assert found.efficiency == pytest.approx(reach[at], nan_ok=True)
            for name in ("km", "hours", "detour"):
                there = [getattr(pair, name) for pair in found.pairs]
                assert there == pytest.approx(getattr(pairs, name)[at].tolist(), nan_ok=True)
            assert [pair.reachable for pair in found.pairs] == (~np.isnan(pairs.hours[at])).tolist()


def test_pairs_say_how_many_lorries_get_through_and_what_binds() -> None:
    case = bound(line(capacity=10.0), anchors=("a", "d", "e"))
    through, apart, _ = connectivity(case).pairs
    most = cut(case, case.epochs[0], RED, (0,), (3,))
    assert (through.origin, through.destination, through.binding) == ("a", "d", ("b-c",))
    assert through.max_flow_vehicles_per_day == most.value > 0
    assert (apart.reachable, apart.max_flow_vehicles_per_day, apart.binding) == (False, 0, ())


def test_gates_that_bind_are_named_by_their_place() -> None:
    rule = PassageRule(actor="red", through="blue", mode="gate", vehicles_per_day=5.0)
    case = bound(line("rrbr"), passage=[rule], anchors=("a", "d"))
    (pair,) = connectivity(case).pairs
    assert pair.max_flow_vehicles_per_day == pytest.approx(5)
    assert pair.binding == ("c",)


def test_who_is_cut_off_is_told_since_when() -> None:
    events = [closes(5, "b-c"), closes(8, "b-c", 1.0), closes(20, "b-c"), closes(30, "c-d")]
    case = with_sources(bound(line(), events), source(0))
    assert [one.place for one in connectivity(case, 9).unreached] == ["e"]
    found = connectivity(case, 40)
    told = [(one.place, one.persons, one.since, one.never) for one in found.unreached]
    assert told == [("e", 50, -np.inf, True), ("c", 300, 20, False), ("d", 200, 20, False)]
    assert {one.commodity for one in found.unreached} == {"fuel"}
    (near,) = found.reachable
    assert (near.commodity, near.people, near.beyond) == ("fuel", (1400,) * 5, 0)
    assert (near.cut_off, near.never) == (500, 50)


def test_what_was_cut_when_another_held_it_was_cut_all_the_same() -> None:
    case = with_sources(bound(line("rrrb"), [closes(0.0, "c-d"), takes(7, "red", "d")]), source(0))
    assert [(one.place, one.since) for one in connectivity(case, 8).unreached] == [("d", -np.inf), ("e", -np.inf)]


def test_places_and_roads_lead_by_what_leads_through_them_both_directions_together() -> None:
    case = bound(line())
    found = connectivity(case)
    through, over = way_shares(case, case.epochs[0], RED)
    assert [one.id for one in found.places] == ["b", "c"]
    assert [one.share for one in found.places] == sorted(through[through > 0].tolist(), reverse=True)
    net = case.network
    for one in found.roads:
        assert one.share == pytest.approx(over[net.link_id == one.id].sum())
    assert {one.id for one in found.roads} == {"a-b", "b-c", "c-d"}
    assert [one.share for one in found.roads] == sorted((one.share for one in found.roads), reverse=True)
    assert found.places[0].name == "B"


def test_an_actor_that_holds_nothing_has_nothing_to_be_whole() -> None:
    found = connectivity(bound(line(), anchors=("a", "b")), 0.0, BLUE)
    assert (found.population, found.pockets, found.places, found.roads) == (0, (), (), ())
    assert all(np.isnan(value) for value in (found.largest_share, found.fragmentation, found.efficiency))
    assert [pair.reachable for pair in found.pairs] == [False]


def test_a_network_by_itself_has_pairs_and_leaders_but_no_commodities() -> None:
    case = whole(line())
    assert delivered(case) == ()
    found = connectivity(case)
    assert (found.reachable, found.unreached, found.pairs) == ((), (), ())
    assert (len(found.pockets), found.population, found.places[0].id) == (2, 1950, "b")


def test_commodities_are_those_that_somebody_asks_for_and_vehicles_carry() -> None:
    case = with_sources(bound(line()), source(0))
    assert delivered(case) == (0,)
    assert delivered(with_sources(bound(line()), source(0), vehicle=-1)) == ()
    assert delivered(replace(case, supply=replace(case.supply, demand=0 * case.supply.demand))) == ()


def test_no_hours_leave_all_who_have_a_way_beyond_them() -> None:
    case = with_sources(bound(line()), source(0))
    found: Isochrones = isochrones(case, case.epochs[0], commodity=0, within=())
    assert (found.people.tolist(), where(found.beyond)) == ([], [1, 2, 3])
