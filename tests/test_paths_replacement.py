"""What is lost with a road or a node, against networkx, brute force and what can be worked out."""

from collections.abc import Iterator
from math import inf
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from corridor.paths import Chart, Removal, Roads, detours, removal_of_links, removal_of_nodes, replacement
from corridor.paths.lanes import Lanes, spans
from corridor.sources import read_network
from tests.streets import Question, Streets, ask, graph, mesh, questions

Graph = Any  # networkx graphs carry no types that help here


def without_roads(asked: Question) -> Removal:
    return removal_of_links(asked.streets, asked.links, asked.origins, asked.demand, group=asked.group)


def without_nodes(asked: Question) -> Removal:
    return removal_of_nodes(asked.streets, asked.links, asked.origins, asked.demand)


def trips(asked: Question) -> Iterator[tuple[int, int, float]]:
    for row, origin in enumerate(asked.origins.tolist()):
        for destination, wanted in enumerate(asked.demand[row].tolist()):
            yield origin, destination, wanted


def lost_between(asked: Question, before: Graph, after: Graph, *, gone: int = -1) -> tuple[float, float]:
    """Return the demand-hours added and the demand cut off, by networkx, without the demand of a node that is gone."""
    hours = [dict(nx.all_pairs_dijkstra_path_length(drawn, weight="hours")) for drawn in (before, after)]
    added = lost = 0.0
    for origin, destination, wanted in trips(asked):
        if gone in (origin, destination) or destination not in hours[0][origin]:
            continue
        if destination in hours[1][origin]:
            added += wanted * (hours[1][origin][destination] - hours[0][origin][destination])
        else:
            lost += wanted
    return added, lost


def assert_roads_as_in_networkx(asked: Question) -> None:
    found = without_roads(asked)
    whole = graph(asked, asked.links)
    expected = [
        lost_between(asked, whole, graph(asked, asked.links & (asked.group != road)))
        for road in range(asked.group.max(initial=-1) + 1)
    ]
    np.testing.assert_allclose(found.added, [row[0] for row in expected], rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.lost, [row[1] for row in expected], rtol=0, atol=1e-9)
    # Eighths add up exactly: what no way needs is zero and not nearly so.
    assert ((found.added == 0) == (np.array([row[0] for row in expected]) == 0)).all()
    assert ((found.lost == 0) == (np.array([row[1] for row in expected]) == 0)).all()


@given(questions(symmetric=False))
def test_what_is_lost_with_each_road_is_what_networkx_says(asked: Question) -> None:
    assert_roads_as_in_networkx(asked)


@given(questions(symmetric=True))
def test_what_is_lost_with_each_road_as_long_both_ways_is_what_networkx_says(asked: Question) -> None:
    assert Lanes(asked.streets, asked.links, asked.group).symmetric
    assert_roads_as_in_networkx(asked)


@given(st.booleans().flatmap(lambda symmetric: questions(symmetric=symmetric)))
def test_what_is_lost_with_each_node_is_what_networkx_says(asked: Question) -> None:
    found = without_nodes(asked)
    whole = graph(asked, asked.links)
    for node in range(asked.streets.node_count):
        rest = whole.copy()
        rest.remove_node(node)
        rest.add_node(node)
        added, lost = lost_between(asked, whole, rest, gone=node)
        assert found.added[node] == pytest.approx(added, abs=1e-9)
        assert found.lost[node] == pytest.approx(lost, abs=1e-9)


@given(st.booleans().flatmap(lambda symmetric: questions(symmetric=symmetric)))
def test_what_losses_are_measured_against_is_what_networkx_says(asked: Question) -> None:
    found = without_roads(asked)
    hours = dict(nx.all_pairs_dijkstra_path_length(graph(asked, asked.links), weight="hours"))
    joined = sum(wanted for origin, destination, wanted in trips(asked) if destination in hours[origin])
    assert found.hours.tolist() == [
        [hours[origin].get(node, inf) for node in range(asked.streets.node_count)] for origin in asked.origins.tolist()
    ]
    assert found.joined == pytest.approx(joined)
    assert found.joined + found.never == pytest.approx(asked.demand.sum())
    nodes = without_nodes(asked)
    assert (nodes.joined, nodes.never) == (found.joined, found.never)


@given(questions(symmetric=True))
def test_a_one_way_road_far_away_changes_nothing(asked: Question) -> None:
    built = asked.streets
    longer = Streets(
        np.append(built.tail, built.node_count),
        np.append(built.head, built.node_count + 1),
        np.append(built.hours, 1.0),
        built.node_count + 2,
    )
    links, group = np.append(asked.links, True), np.append(asked.group, -1)
    assert not Lanes(longer, links, group).symmetric
    demand = np.pad(asked.demand, ((0, 0), (0, 2)))
    found = without_roads(Question(longer, links, group, asked.origins, demand))
    expected = without_roads(asked)
    np.testing.assert_allclose(found.added, expected.added, rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.lost, expected.lost, rtol=0, atol=1e-9)


@given(questions(symmetric=False), st.randoms(use_true_random=False))
def test_numbering_nodes_anew_changes_nothing(asked: Question, luck: Any) -> None:
    number = list(range(asked.streets.node_count))
    luck.shuffle(number)
    new = np.array(number, dtype=np.intp)
    turned = asked.streets._replace(tail=new[asked.streets.tail], head=new[asked.streets.head])
    demand = np.empty_like(asked.demand)
    demand[:, new] = asked.demand
    renumbered = asked._replace(streets=turned, origins=new[asked.origins], demand=demand)
    for question in (without_roads, without_nodes):
        found, expected = question(renumbered), question(asked)
        order = new if question is without_nodes else np.arange(expected.added.size)
        np.testing.assert_allclose(found.added[order], expected.added, rtol=0, atol=1e-9)
        np.testing.assert_allclose(found.lost[order], expected.lost, rtol=0, atol=1e-9)


@given(st.booleans().flatmap(lambda symmetric: questions(symmetric=symmetric)))
def test_looking_at_one_end_and_one_removal_at_a_time_gives_the_same(asked: Question) -> None:
    expected = without_roads(asked), without_nodes(asked)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(detours, "CELLS", 1)
        patch.setattr(replacement, "CELLS", 1)
        found = without_roads(asked), without_nodes(asked)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one.added, other.added, rtol=0, atol=1e-9)
        np.testing.assert_allclose(one.lost, other.lost, rtol=0, atol=1e-9)


@given(st.integers(3, 40), st.integers(1, 39))
def test_on_a_ring_the_way_round_is_the_rest_of_the_ring(size: int, apart: int) -> None:
    assume(2 * apart < size)
    rows = [(node, (node + 1) % size, 1.0) for node in range(size)]
    found = without_roads(ask(rows, {(0, apart): 1.0}, size=size))
    more = size - 2 * apart
    assert found.added.tolist() == [float(more)] * apart + [0.0] * (size - apart)
    assert not found.lost.any()
    nodes = without_nodes(ask(rows, {(0, apart): 1.0}, size=size))
    assert nodes.added.tolist() == [float(more) if 0 < node < apart else 0.0 for node in range(size)]


def test_on_a_line_every_road_cuts_off_what_lies_beyond() -> None:
    asked = ask([(0, 1, 1.0), (1, 2, 1.0), (2, 3, 1.0)], {(0, 1): 1.0, (0, 3): 2.0, (3, 2): 4.0}, size=4)
    found = without_roads(asked)
    assert found.lost.tolist() == [3.0, 2.0, 6.0]
    assert found.added.tolist() == [0.0] * 3
    assert without_nodes(asked).lost.tolist() == [0.0, 2.0, 2.0, 0.0]


def test_without_the_fastest_of_parallel_roads_the_next_is_driven() -> None:
    asked = ask([(0, 1, 3.0), (0, 1, 1.0), (0, 1, 2.5)], {(0, 1): 1.0, (1, 0): 1.0}, size=2)
    assert without_roads(asked).added.tolist() == [0.0, 3.0, 0.0]
    both = asked._replace(group=np.array([0, 0, 1, 1, 1, 1]))
    assert without_roads(both).added.tolist() == [0.0, 4.0]


def test_a_one_way_road_is_no_way_back() -> None:
    asked = ask([(0, 1, 1.0), (1, 2, 1.0), (2, 0, 1.0)], {(0, 1): 1.0, (1, 0): 1.0}, size=3, two_way=False)
    found = without_roads(asked)
    assert found.lost.tolist() == [1.0, 1.0, 1.0]
    assert found.hours[:2, :2].tolist() == [[0.0, 1.0], [2.0, 0.0]]


def test_a_way_on_over_the_lost_road_is_not_taken_for_a_detour() -> None:
    # From 3 the fastest way to 2 goes back over 0 and the lost road, while 3 -> 2 takes ten hours.
    rows = [(0, 1, 1.0), (1, 2, 1.0), (1, 3, 1.0), (0, 3, 5.0), (3, 0, 1.0), (3, 2, 10.0)]
    found = without_roads(ask(rows, {(0, 2): 1.0}, size=4, two_way=False))
    assert found.added.tolist() == [13.0, 10.0, 0.0, 0.0, 0.0, 0.0]


def test_demand_that_never_had_a_way_is_not_lost() -> None:
    asked = ask([(0, 1, 1.0), (2, 3, 1.0)], {(0, 1): 1.0, (0, 2): 5.0}, size=4)
    for found in (without_roads(asked), without_nodes(asked)):
        assert (found.joined, found.never) == (1.0, 5.0)
        assert found.lost.sum() == (1.0 if found.lost.size == 2 else 0.0)


def test_demand_at_home_needs_no_road() -> None:
    asked = ask([(0, 1, 1.0)], {(0, 0): 1.0}, size=2)
    found = without_roads(asked)
    assert (found.joined, found.lost.tolist(), found.added.tolist()) == (1.0, [0.0], [0.0])


def test_ways_that_differ_by_rounding_are_equally_fast() -> None:
    # 0.1 + 0.2 is not 0.3 in binary.
    asked = ask([(0, 1, 0.1), (1, 2, 0.2), (0, 2, 0.3)], {(0, 2): 1.0}, size=3)
    assert without_roads(asked).added.tolist() == [0.0, 0.0, 0.0]


def test_a_road_is_lost_once_on_a_way_that_uses_two_of_its_links() -> None:
    asked = ask([(0, 1, 1.0), (1, 2, 1.0), (2, 3, 1.0), (0, 3, 7.0)], {(0, 3): 1.0}, size=4)
    found = without_roads(asked._replace(group=np.array([0, 0, 1, 1, 0, 0, 2, 2])))
    assert found.added.tolist() == [4.0, 4.0, 0.0]


def test_each_link_is_a_road_unless_it_is_said_otherwise() -> None:
    asked = ask([(0, 1, 1.0), (1, 2, 1.0), (0, 2, 4.0)], {(0, 2): 1.0, (2, 0): 3.0}, size=3)
    found = removal_of_links(asked.streets, asked.links, asked.origins, asked.demand)
    assert found.added.tolist() == [2.0, 6.0, 2.0, 6.0, 0.0, 0.0]


def test_an_origin_given_twice_counts_twice() -> None:
    asked = ask([(0, 1, 1.0)], {}, size=2)._replace(origins=np.array([0, 0]), demand=np.array([[0.0, 1.0], [0, 2.0]]))
    found = without_roads(asked)
    assert found.lost.tolist() == [3.0]
    assert found.hours.tolist() == [[0.0, 1.0], [0.0, 1.0]]


@pytest.mark.parametrize("directed", [False, True], ids=["as_long_both_ways", "directed"])
def test_on_a_network_of_some_size_losses_are_those_of_removing_each_road_by_hand(*, directed: bool) -> None:
    asked = mesh(directed=directed)
    chart = Chart(asked.streets)
    for found, things in ((without_roads(asked), asked.group), (without_nodes(asked), None)):
        before = Roads(chart, asked.links).hours(asked.origins)
        for thing in range(0, found.added.size, 3):
            kept = (asked.streets.tail != thing) & (asked.streets.head != thing) if things is None else things != thing
            after = Roads(chart, asked.links & kept).hours(asked.origins)
            demand = asked.demand.copy()
            if things is None:
                demand[asked.origins == thing], demand[:, thing] = 0.0, 0.0
            joined = np.isfinite(after)
            more = after[joined] - before[joined]
            assert found.added[thing] == pytest.approx((demand[joined] * more).sum(), abs=1e-9)
            assert found.lost[thing] == pytest.approx(demand[np.isfinite(before) & ~joined].sum(), abs=1e-9)
        assert np.count_nonzero(found.added) > 40


def test_among_all_places_of_central_syria_losses_are_those_of_closing_roads_by_hand() -> None:
    network = read_network("central_syria")
    persons = network.population["catchment_2024_persons"]
    origins = np.flatnonzero(persons > 0)
    demand = np.zeros((origins.size, network.node_count))
    demand[:, origins] = np.outer(persons[origins], persons[origins]) / persons.sum() ** 2
    _, group = np.unique(network.link_id, return_inverse=True)
    links = network.mode == 0
    found = removal_of_links(network, links, origins, demand, group=group)
    chart = Chart(network)
    before = Roads(chart, links).hours(origins)
    for road in np.argsort(-found.added - found.lost)[:40:8].tolist():
        after = Roads(chart, links & (group != road)).hours(origins)
        joined = np.isfinite(after)
        assert found.lost[road] == pytest.approx(demand[np.isfinite(before) & ~joined].sum(), abs=1e-12)
        more = after[joined] - before[joined]
        assert found.added[road] == pytest.approx((demand[joined] * more).sum(), abs=1e-9)


def test_ranges_are_counted_out_one_after_another() -> None:
    each, number = spans(np.array([3, 5, 0]), np.array([5, 5, 1]))
    assert (each.tolist(), number.tolist()) == ([0, 0, 2], [3, 4, 0])
