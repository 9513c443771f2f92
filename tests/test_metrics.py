"""Pockets, anchor pairs, access to sources and time to isolation of small cases, by hand and against networkx."""

from dataclasses import replace
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.case import Case, RateChange, Source
from corridor.metrics import (
    accessible_population,
    anchor_pairs,
    anchors,
    efficiencies,
    isolation,
    overlook_effect,
    pocket_ranks,
    pockets,
    reach,
    road_holders,
    source_hours,
    source_nodes,
    substantial_threshold,
    territory,
    way_shares,
)
from corridor.network import Network
from corridor.scenario.model import Event, PassageRule, Show
from tests.builders import network, node, road
from tests.cases import bound, closes, takes, with_sources

RED, BLUE, GREEN = 0, 1, 2


def line(holders: str = "rrrr", persons: tuple[float, ...] = (1000, 400, 300, 200), **fields: Any) -> Network:
    """Return a — b — c — d, an hour and 50 km each, held by r, b, g or nobody."""
    names = {"r": "red", "b": "blue", "g": "green", "-": "none"}
    nodes = {
        name: node(36 + place / 10, 34, persons[place], holder=names[holders[place]], name=name.upper())
        for place, name in enumerate("abcd")
    }
    return network(nodes, [road("a", "b", 50), road("b", "c", 50, **fields), road("c", "d", 50)])


def source(at: int, **fields: Any) -> Source:
    return Source(id=f"source_{at}", node=at, commodity=0, **{"rate": 1.0, **fields})


def names(case: Case, nodes: tuple[int, ...]) -> str:
    return "".join(case.network.node_id[list(nodes)])


# pockets


def test_a_territory_in_one_piece_is_one_pocket_with_everybody_in_it() -> None:
    case = bound(line())
    (only,) = pockets(case, case.epochs[0], RED)
    assert (only.actor, only.rank, only.name, only.population, only.share) == (RED, 1, "A", 1900, 1)
    assert only.places == ("a", "b", "c", "d")
    assert pockets(case, case.epochs[0], BLUE) == ()


def test_pockets_are_ranked_by_people_and_named_after_their_largest_place() -> None:
    case = bound(line(persons=(200, 0, 100, 300)), [takes(5, "blue", "b")])
    found = pockets(case, case.epochs[1], RED)
    assert [(pocket.rank, pocket.name, names(case, pocket.nodes), pocket.places) for pocket in found] == [
        (1, "D", "cd", ("d", "c")),
        (2, "A", "a", ("a",)),
    ]
    assert [pocket.share for pocket in found] == [400 / 600, 200 / 600]


def test_pockets_of_as_many_people_are_ranked_by_name() -> None:
    built = line("r-r-", persons=(100, 0, 100, 0))
    renamed = replace(built, node_name=np.array(["Z", "B", "Y", "D"]))
    case = bound(renamed)
    assert [pocket.name for pocket in pockets(case, case.epochs[0], RED)] == ["Y", "Z"]


def test_a_pocket_lists_what_stands_in_it_by_kind() -> None:
    kinds = ["port", "refinery", "power_plant", "airbase"]
    case = bound(replace(line(persons=(0, 0, 0, 0)), kind=np.array(kinds)))
    (only,) = pockets(case, case.epochs[0], RED)
    assert (only.ports, only.refineries, only.power_plants, only.airports) == (("a",), ("b",), ("c",), ("d",))
    assert (only.name, only.places, only.share, only.substantial) == ("A", (), 0, False)


def test_a_pocket_is_substantial_from_one_percent_of_the_people_held_at_the_start() -> None:
    case = bound(line(persons=(9900, 0, 100, 99)), [takes(5, "blue", "b"), closes(6, "c-d")])
    assert substantial_threshold(case, RED) == pytest.approx(100.99)
    assert [pocket.substantial for pocket in pockets(case, case.epochs[1], RED)] == [True, True]
    assert [pocket.substantial for pocket in pockets(case, case.epochs[2], RED)] == [True, False, False]


def test_who_held_nobody_at_the_start_is_measured_by_the_most_it_ever_held() -> None:
    case = bound(line(), [takes(5, "blue", "b"), takes(6, "blue", "c"), takes(7, "red", "b")])
    assert substantial_threshold(case, BLUE) == pytest.approx(7)
    assert substantial_threshold(case, GREEN) == 0


def test_transit_joins_pockets_through_those_who_let_one_pass() -> None:
    free = PassageRule(actor="red", through="blue", mode="free")
    case = bound(line("rbrr"), passage=[free])
    assert len(pockets(case, case.epochs[0], RED)) == 2
    (joined,) = pockets(case, case.epochs[0], RED, transit=True)
    assert names(case, joined.nodes) == "acd"
    assert pockets(case, case.epochs[0], GREEN, transit=True) == ()


def test_a_closed_road_and_a_commanded_one_divide_a_territory() -> None:
    closed = bound(line(), [closes(5, "b-c")])
    assert [len(pockets(closed, epoch, RED)) for epoch in closed.epochs] == [1, 2]
    commanded = line("rrrb", passes=("d",))
    assert len(pockets(bound(commanded), bound(commanded).epochs[0], RED)) == 2
    assert len(pockets(bound(commanded, overlook=False), bound(commanded).epochs[0], RED)) == 1


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw a case on up to eight nodes: parallel and one-way roads, places beside them, changes of both."""
    size = draw(st.integers(2, 8))
    ids = [f"n{place}" for place in range(size)]
    where = st.sampled_from(ids)
    actor = st.sampled_from(["red", "blue", "none"])
    nodes = {name: node(36, 34, draw(st.integers(0, 3)) * 100.0, holder=draw(actor)) for name in ids}
    roads = [
        road(
            draw(where), draw(where), 50, draw(st.integers(1, 9)) / 4, one_way=draw(st.booleans()), passes=draw(beside)
        )
        for beside in [st.lists(where, max_size=2).map(tuple)] * draw(st.integers(1, 14))
    ]
    built = network(nodes, roads)
    hours = st.integers(1, 6)
    events: list[Any] = draw(st.lists(st.builds(takes, hours, actor, where), max_size=6))
    link = st.sampled_from(sorted(set(built.link_id.tolist())))
    events += draw(st.lists(st.builds(closes, hours, link, st.sampled_from([0.0, 0.5, 1.0])), max_size=4))
    for number, event in enumerate(events):
        object.__setattr__(event, "id", f"e{number}")
    rules = [PassageRule(actor="red", through="blue", mode="free")] if draw(st.booleans()) else []
    return bound(built, events, overlook=draw(st.booleans()), passage=rules)


def graph(case: Case, row: int, nodes: set[int]) -> Any:
    """Return the open roads among `nodes` in an epoch as a networkx graph, built road by road."""
    net, epoch = case.network, case.epochs[row]
    found: Any = nx.MultiDiGraph()
    found.add_nodes_from(nodes)
    for link, (tail, head) in enumerate(zip(net.tail.tolist(), net.head.tolist(), strict=True)):
        clear = not case.scenario.overlook or set(net.passes(link).tolist()) <= nodes
        if {tail, head} <= nodes and epoch.share[:, link].max() > 0 and clear:
            found.add_edge(tail, head, hours=float(net.hours[link]), km=float(net.length[link]))
    return found


def may_enter(case: Case, row: int, actor: int, *, transit: bool) -> set[int]:
    whose = {actor} | ({rule.through for rule in case.epochs[row].passage if rule.actor == actor} if transit else set())
    return {place for place, holder in enumerate(case.epochs[row].holder.tolist()) if holder in whose}


@given(cases(), st.booleans())
def test_pockets_are_the_components_of_networkx_in_every_epoch(case: Case, transit: bool) -> None:  # noqa: FBT001
    for row, epoch in enumerate(case.epochs):
        for actor in range(len(case.actors)):
            own = may_enter(case, row, actor, transit=False)
            parts = nx.weakly_connected_components(graph(case, row, may_enter(case, row, actor, transit=transit)))
            expected = {frozenset(part & own) for part in parts if part & own}
            found = pockets(case, epoch, actor, transit=transit)
            assert {frozenset(pocket.nodes) for pocket in found} == expected
            assert [pocket.rank for pocket in found] == list(range(1, len(found) + 1))
            persons = [float(case.population[list(pocket.nodes)].sum()) for pocket in found]
            assert [pocket.population for pocket in found] == persons == sorted(persons, reverse=True)


@given(cases())
def test_the_table_of_territory_says_what_the_pockets_say(case: Case) -> None:
    table, ranks, driver, reached = territory(case), pocket_ranks(case), road_holders(case), efficiencies(case)
    for row, epoch in enumerate(case.epochs):
        for actor in range(len(case.actors)):
            at, found = (row, actor), pockets(case, epoch, actor)
            assert table.pockets[at] == len(found)
            assert table.substantial_pockets[at] == sum(pocket.substantial for pocket in found)
            assert table.population[at] == sum(pocket.population for pocket in found)
            for pocket in found:
                assert (ranks[row, list(pocket.nodes)] == pocket.rank).all()
            if table.population[at] == 0:
                assert np.isnan([table.largest_share[at], table.fragmentation[at], reached[at]]).all()
                continue
            assert table.largest_share[at] == found[0].share
            assert table.fragmentation[at] == pytest.approx(1 - sum(pocket.share**2 for pocket in found))
            held = graph(case, row, may_enter(case, row, actor, transit=False))
            ends = set(zip(*(case.network.tail, case.network.head), strict=True))
            driven = driver[row] == actor
            assert (
                set(zip(case.network.tail[driven], case.network.head[driven], strict=True)) == set(held.edges()) & ends
            )
        assert (ranks[row] == 0).tolist() == (epoch.holder < 0).tolist()


@given(cases())
def test_what_is_carried_over_from_epoch_to_epoch_is_what_would_be_computed_anew(case: Case) -> None:
    case = replace(case, scenario=replace(case.scenario, show=Show(anchors=("n0", "n1"))))
    whole, pairs = territory(case), anchor_pairs(case)
    tables = {measure: measure(case) for measure in (efficiencies, pocket_ranks, road_holders)}
    hours = source_hours(with_sources(case, source(0), source(1)))
    for row, epoch in enumerate(case.epochs):
        alone = replace(case, epochs=(replace(epoch, index=0),))
        once = territory(alone)
        for name in ("pockets", "population", "largest_share", "fragmentation"):
            np.testing.assert_array_equal(getattr(once, name)[0], getattr(whole, name)[row])
        for measure, table in tables.items():
            np.testing.assert_array_equal(measure(alone)[0], table[row])
        np.testing.assert_array_equal(anchor_pairs(alone).km[0], pairs.km[row])
        np.testing.assert_array_equal(source_hours(with_sources(alone, source(0), source(1)))[0], hours[row])


@given(cases())
def test_sources_are_as_far_as_networkx_says_for_whoever_holds_the_place(case: Case) -> None:
    found = source_hours(with_sources(case, source(0), source(1)))[:, 0]
    for row, epoch in enumerate(case.epochs):
        for place, holder in enumerate(epoch.holder.tolist()):
            nodes = may_enter(case, row, holder, transit=True) if holder >= 0 else set()
            starts = {0, 1} & nodes
            known = (
                nx.multi_source_dijkstra_path_length(graph(case, row, nodes), starts, weight="hours") if starts else {}
            )
            assert found[row, place] == known.get(place, np.inf)


def test_efficiency_is_one_in_a_whole_country_and_falls_with_each_detour() -> None:
    case = bound(line(persons=(100, 0, 0, 300)), [closes(5, "b-c"), closes(6, "b-c", 1.0)])
    assert efficiencies(case)[:, RED].tolist() == [1, 0, 1]
    built = network(
        {name: node(36, 34, 100, holder="red") for name in "ab"},
        [road("a", "b", 50, 1), road("a", "b", 120, 4)],
    )
    around = bound(built, [closes(5, "a-b")])
    assert efficiencies(around)[:, RED].tolist() == [1, 0.25]


# what the overlook rule changes


def test_the_effect_of_the_overlook_rule_is_told_whether_it_is_on_or_off() -> None:
    built = line("rrrb", passes=("d",))
    for rule in (True, False):
        effect = overlook_effect(bound(built, [takes(5, "red", "d"), takes(9, "green", "a")], overlook=rule))
        assert effect.roads[:, RED].tolist() == [1, 0, 0]
        assert effect.with_rule[:, RED].tolist() == [2, 1, 1]
        assert effect.without_rule[:, RED].tolist() == [1, 1, 1]
        assert effect.roads[:, [BLUE, GREEN]].sum() == 0


@given(cases())
def test_the_overlook_rule_never_joins_what_is_divided(case: Case) -> None:
    effect = overlook_effect(case)
    chosen = effect.with_rule if case.scenario.overlook else effect.without_rule
    assert (chosen == territory(case).substantial_pockets).all()
    assert (effect.with_rule[effect.roads == 0] == effect.without_rule[effect.roads == 0]).all()


# anchors and drives


def test_anchors_are_the_usual_places_that_exist_and_those_the_scenario_adds() -> None:
    nodes = {name: node(36, 34) for name in ("x", "tartus", "y", "homs")}
    case = bound(network(nodes, [("x", "y")]), anchors=("y", "homs"))
    assert [str(case.network.node_id[anchor]) for anchor in anchors(case)] == ["homs", "tartus", "y"]


def test_anchor_pairs_tell_length_time_and_detour_against_the_start() -> None:
    nodes = {name: node(36, 34, 100, holder="red") for name in ("homs", "tartus", "by")}
    roads = [road("homs", "tartus", 90, 1.5), road("homs", "by", 60, 1), road("by", "tartus", 70, 2)]
    case = bound(network(nodes, roads), [closes(5, "homs-tartus"), takes(9, "blue", "by")])
    found = anchor_pairs(case)
    assert (found.origin.tolist(), found.destination.tolist()) == ([0], [1])
    np.testing.assert_array_equal(found.km[:, RED, 0], [90, 130, np.nan])
    np.testing.assert_array_equal(found.hours[:, RED, 0], [1.5, 3, np.nan])
    np.testing.assert_array_equal(found.detour[:, RED, 0], [1, 2, np.nan])
    assert np.isnan(found.km[:, BLUE]).all()


def test_a_case_without_anchors_has_no_pairs() -> None:
    assert anchor_pairs(bound(line())).km.shape == (1, 3, 0)


def test_a_drive_tells_its_way_and_the_time_a_trip_takes() -> None:
    case = bound(line())
    drive = reach(case, case.epochs[0], RED, 0, 3)
    assert drive is not None
    assert (drive.km, drive.hours) == (150, 3)
    assert drive.trip_hours == pytest.approx(3 * 1.6)
    assert drive.nodes == ("a", "b", "c", "d")
    assert drive.links == ("a-b", "b-c", "c-d")


def test_nobody_drives_to_or_through_what_it_may_not_enter() -> None:
    case = bound(line("rrbr"))
    assert reach(case, case.epochs[0], RED, 0, 2) is None
    assert reach(case, case.epochs[0], RED, 0, 3) is None
    assert reach(case, case.epochs[0], BLUE, 0, 3) is None
    through = bound(line("rrbr"), passage=[PassageRule(actor="red", through="blue", mode="gate")])
    assert reach(through, through.epochs[0], RED, 0, 3) is not None


# access and isolation


def test_people_within_reach_of_a_source_are_those_of_its_holder_within_the_hours() -> None:
    case = with_sources(bound(line("rrrb")), source(0))
    assert source_hours(case)[0, 0].tolist() == [0, 1, 2, np.inf]
    assert accessible_population(case, within=1)[0, :, 0].tolist() == [1400, 0, 0]
    assert accessible_population(case)[0, :, 0].tolist() == [1700, 0, 0]


def test_a_source_counts_while_it_works_at_some_time_in_the_epoch() -> None:
    case = with_sources(
        bound(line(), [takes(10, "blue", "d"), takes(20, "red", "d"), takes(30, "blue", "d")]),
        source(0, end=15.0),
        source(1, start=20.0),
        source(2, rate=0.0),
        source(3),
    )
    stops = (
        RateChange(time=20, event="stop", source=3, share=0.0),
        RateChange(time=35, event="go", source=3, share=0.1),
    )
    case = replace(case, supply=replace(case.supply, rate_changes=stops))
    assert [source_nodes(case, epoch, 0).tolist() for epoch in case.epochs] == [[0, 3], [0, 3], [1], [1, 3]]


def test_a_commodity_without_vehicles_is_only_where_its_source_is() -> None:
    case = with_sources(bound(line()), source(1), vehicle=-1)
    assert source_hours(case)[0, 0].tolist() == [np.inf, 0, np.inf, np.inf]


def test_a_place_is_isolated_when_its_holder_first_has_no_way_from_a_source() -> None:
    events: list[Event] = [closes(5, "c-d"), closes(6, "c-d", 1.0), takes(9, "none", "c"), takes(12, "red", "c")]
    case = with_sources(bound(line(persons=(100, 0, 100, 100)), events), source(0))
    np.testing.assert_array_equal(isolation(case)[:, 0], [np.inf, np.nan, 9, 5])
    np.testing.assert_array_equal(isolation(case, hours=source_hours(case)), isolation(case))


def test_what_happened_before_the_start_isolates_nobody_and_what_holds_at_it_does_from_then() -> None:
    case = with_sources(bound(line("rrbr"), warmup_days=2.0), source(0))
    assert isolation(case)[:, 0].tolist() == [np.inf, np.inf, 0, 0]
    early, late = (replace(case.epochs[0], start=-48.0, end=0.0), replace(bound(line()).epochs[0], index=1))
    assert isolation(replace(case, epochs=(early, late)))[:, 0].tolist() == [np.inf] * 4


# ways


def test_what_lies_between_people_carries_their_share_of_all_ways() -> None:
    case = bound(line(persons=(3, 0, 2, 1)))
    nodes, links = way_shares(case, case.epochs[0], RED)
    # Pairs weigh a–c 6, a–d 3, c–d 2 of 11; b lies on the first two, c on the second.
    assert nodes.tolist() == pytest.approx([0, 9 / 11, 3 / 11, 0])
    road_bc = case.network.link_id == "b-c"
    assert links[road_bc].sum() == pytest.approx(9 / 11)


def test_only_the_ways_between_an_actors_own_people_count() -> None:
    case = bound(line("rrbb"))
    nodes, links = way_shares(case, case.epochs[0], RED)
    assert nodes.tolist() == [0, 0, 0, 0]
    assert links.sum() == pytest.approx(1)
    assert way_shares(case, case.epochs[0], GREEN)[1].sum() == 0
