"""Components, travel times, routes, zones, betweenness and efficiency, against networkx on random multigraphs."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.network import Network
from corridor.paths import Chart, Roads, betweenness, components, efficiency
from tests.builders import network, node, road

Graph = Any  # networkx graphs carry no types that help here


def plain(roads: list[Any], size: int = 0) -> Network:
    """Return a network of nodes named 0, 1, ... and of `roads` by hours."""
    size = max([size, *(int(end) + 1 for row in roads for end in (row["tail"], row["head"]))])
    return network(nodes={str(place): node(36 + place / 100, 34) for place in range(size)}, roads=roads)


def everything(built: Network) -> Any:
    return np.ones(built.link_count, dtype=bool)


@st.composite
def multigraphs(draw: st.DrawFn, least: float = 0.0) -> tuple[Network, Any]:
    """Draw a multigraph of up to nine nodes, parallel and one-way links among them, and which links can be driven."""
    size = draw(st.integers(1, 9))
    ends = st.integers(0, size - 1).map(str)
    # Eighths of an hour add up exactly, so that ways tie and no tolerance hides an error.
    hours = st.integers(round(least * 8), 40).map(lambda eighths: eighths / 8)
    rows = draw(st.lists(st.tuples(ends, ends, hours, st.booleans(), st.booleans()), max_size=24))
    roads = [road(tail, head, 10, taken, one_way=one_way) for tail, head, taken, one_way, _ in rows]
    built = plain(roads, size)
    position = np.repeat(np.arange(len(rows)), [1 if row[3] else 2 for row in rows]) if rows else np.zeros(0, dtype=int)
    return built, np.array([not row[4] for row in rows], dtype=bool)[position]


def directed(built: Network, links: Any) -> Graph:
    """Return the driven links as a networkx multigraph."""
    graph: Graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(built.node_count))
    for link in np.flatnonzero(links).tolist():
        graph.add_edge(int(built.tail[link]), int(built.head[link]), hours=float(built.hours[link]))
    return graph


def simple(built: Network, links: Any) -> Graph:
    """Return the driven links as a simple graph of the fastest of each parallel set."""
    graph: Graph = nx.DiGraph()
    graph.add_nodes_from(range(built.node_count))
    for tail, head, data in directed(built, links).edges(data=True):
        known = graph.get_edge_data(tail, head, {"hours": np.inf})["hours"]
        if tail != head:
            graph.add_edge(tail, head, hours=min(known, data["hours"]))
    return graph


@given(multigraphs())
def test_travel_times_are_those_of_networkx(drawn: tuple[Network, Any]) -> None:
    built, links = drawn
    found = Roads(built, links).hours(range(built.node_count))
    expected = dict(nx.all_pairs_dijkstra_path_length(directed(built, links), weight="hours"))
    for origin in range(built.node_count):
        assert found[origin].tolist() == [expected[origin].get(place, np.inf) for place in range(built.node_count)]


@given(multigraphs())
def test_a_route_is_drivable_goes_from_end_to_end_and_takes_the_travel_time(drawn: tuple[Network, Any]) -> None:
    built, links = drawn
    roads = Roads(built, links)
    hours = roads.hours(range(built.node_count))
    for origin in range(built.node_count):
        for destination in range(built.node_count):
            route = roads.route(origin, destination)
            if route is None:
                assert hours[origin, destination] == np.inf
                continue
            assert links[list(route)].all()
            assert built.hours[list(route)].sum() == hours[origin, destination]
            assert all(built.head[one] == built.tail[two] for one, two in pairwise(route))
            ends = (built.tail[route[0]], built.head[route[-1]]) if route else (origin, origin)
            assert ends == (origin, destination)


@given(multigraphs(), st.data())
def test_components_are_those_of_networkx_numbered_by_their_first_nodes(drawn: tuple[Network, Any], data: Any) -> None:
    built, links = drawn
    nodes = np.array(data.draw(st.lists(st.booleans(), min_size=built.node_count, max_size=built.node_count)))
    graph = directed(built, links).subgraph(np.flatnonzero(nodes).tolist())
    expected = np.full(built.node_count, -1)
    for number, members in enumerate(sorted(nx.weakly_connected_components(graph), key=min)):
        expected[list(members)] = number
    assert components(built, nodes, links).tolist() == expected.tolist()


@given(multigraphs(), st.sets(st.integers(0, 8), min_size=1))
def test_the_nearest_origin_is_as_near_as_any(drawn: tuple[Network, Any], wanted: set[int]) -> None:
    built, links = drawn
    origins = sorted(place % built.node_count for place in wanted)
    roads = Roads(built, links)
    owner, hours = roads.nearest(origins)
    every = roads.hours(range(built.node_count))
    assert hours.tolist() == every[origins].min(axis=0).tolist()
    for place, origin in enumerate(owner.tolist()):
        assert origin in origins if np.isfinite(hours[place]) else origin == -1
        assert origin == -1 or every[origin, place] == hours[place]


@given(multigraphs(least=0.125), st.data())
def test_betweenness_is_that_of_networkx_when_every_pair_asks_for_one(drawn: tuple[Network, Any], data: Any) -> None:
    built, links = drawn
    size = built.node_count
    origins = sorted(data.draw(st.sets(st.integers(0, size - 1), min_size=1)))
    targets = sorted(data.draw(st.sets(st.integers(0, size - 1))))
    demand = np.zeros((len(origins), size))
    demand[:, targets] = 1
    through, over = betweenness(Roads(built, links), origins, demand)
    graph = simple(built, links)
    expected = nx.betweenness_centrality_subset(graph, origins, targets, weight="hours")
    assert through == pytest.approx([expected[place] for place in range(size)])
    ways = nx.edge_betweenness_centrality_subset(graph, origins, targets, weight="hours")
    ends = list(zip(built.tail.tolist(), built.head.tolist(), strict=True))
    carried = {pair: sum(float(over[link]) for link, known in enumerate(ends) if known == pair) for pair in set(ends)}
    assert {pair: carried[pair] for pair in ways} == pytest.approx(ways)


@given(multigraphs(least=0.125), st.integers(0, 8), st.floats(0.001, 1e6))
def test_betweenness_grows_with_the_demand(drawn: tuple[Network, Any], place: int, factor: float) -> None:
    built, links = drawn
    origin = [place % built.node_count]
    demand = np.arange(1.0, built.node_count + 1)[None, :]
    once, _ = betweenness(Roads(built, links), origin, demand)
    more, _ = betweenness(Roads(built, links), origin, demand * factor)
    assert more == pytest.approx(once * factor)


@given(multigraphs(least=0.125))
def test_efficiency_against_an_hour_for_every_pair_is_that_of_latora_and_marchiori(drawn: tuple[Network, Any]) -> None:
    built, links = drawn
    size = built.node_count
    hours = Roads(built, links).hours(range(size))
    ideal = np.ones((size, size))
    lengths = dict(nx.all_pairs_dijkstra_path_length(directed(built, links), weight="hours"))
    pairs = [(one, two) for one in range(size) for two in range(size) if one != two]
    if not pairs:
        assert np.isnan(efficiency(hours, ideal, np.ones(size)))
        return
    mean = sum(1 / lengths[one].get(two, np.inf) for one, two in pairs) / len(pairs)
    assert efficiency(hours, ideal, np.ones(size)) == pytest.approx(mean)


@given(multigraphs(), st.data())
def test_closing_links_never_shortens_a_way(drawn: tuple[Network, Any], data: Any) -> None:
    built, links = drawn
    fewer = links & np.array(data.draw(st.lists(st.booleans(), min_size=links.size, max_size=links.size)), dtype=bool)
    everyone = range(built.node_count)
    before, after = Roads(built, links).hours(everyone), Roads(built, fewer).hours(everyone)
    assert (after >= before).all()
    persons = np.arange(1.0, built.node_count + 1)
    if built.node_count > 1 and np.isfinite(before).all():
        assert efficiency(after, before, persons) <= efficiency(before, before, persons) == 1


@given(multigraphs(), st.randoms(use_true_random=False))
def test_renumbering_the_nodes_changes_no_travel_time(drawn: tuple[Network, Any], random: Any) -> None:
    built, links = drawn
    number = list(range(built.node_count))
    random.shuffle(number)
    to = np.array(number)
    renamed = replace(built, tail=to[built.tail], head=to[built.head])
    before = Roads(built, links).hours(range(built.node_count))
    after = Roads(renamed, links).hours(to)
    assert (after[:, to] == before).all()


def test_parallel_links_do_not_add_up_and_the_fastest_is_driven() -> None:
    built = plain([road("0", "1", 10, 3), road("0", "1", 12, 2), road("0", "1", 11, 2)])
    roads = Roads(built, everything(built))
    assert roads.hours([0])[0, 1] == 2
    assert roads.route(0, 1) == (built.link_positions()["0-1_2"][0],)


def test_a_link_of_no_length_is_driven_and_one_of_infinite_hours_is_not() -> None:
    built = plain([road("0", "1", 0, 0), road("1", "2", 5, np.inf)])
    assert Roads(built, everything(built)).hours([0]).tolist() == [[0, 0, np.inf]]


def test_given_hours_replace_those_of_free_flow() -> None:
    built = plain([road("0", "1", 10, 3), road("0", "1", 12, 2)])
    slow = np.array([1.0, 1.0, np.inf, np.inf])
    assert Roads(Chart(built, hours=slow), everything(built)).hours([0])[0, 1] == 1


def test_of_equal_ways_the_first_link_into_each_node_is_taken() -> None:
    late = [road("2", "3", 1, 1), road("1", "3", 1, 1), road("0", "2", 1, 1), road("0", "1", 1, 1)]
    built = plain(late)
    assert Roads(built, everything(built)).route(0, 3) == (4, 0)
    again = plain(late[1:] + late[:1])
    assert Roads(again, everything(again)).route(0, 3) == (4, 0)
    assert again.link_id[[4, 0]].tolist() == ["0-1", "1-3"]


def test_the_way_to_where_one_is_has_no_links_and_a_way_that_is_not_is_none() -> None:
    built = plain([road("0", "1", one_way=True)])
    roads = Roads(built, everything(built))
    assert roads.route(0, 0) == ()
    assert roads.route(1, 0) is None


def test_without_origins_nothing_is_near() -> None:
    built = plain([road("0", "1")])
    roads = Roads(built, everything(built))
    owner, hours = roads.nearest([])
    assert owner.tolist() == [-1, -1]
    assert hours.tolist() == [np.inf, np.inf]
    assert roads.hours([]).shape == (0, 2)


def test_betweenness_over_a_link_of_no_length_counts_it_once() -> None:
    built = plain([road("0", "1", 0, 0), road("1", "2", 1, 1)])
    through, over = betweenness(Roads(built, everything(built)), [0], np.array([[0.0, 2.0, 5.0]]))
    assert through.tolist() == [0, 5, 0]
    assert over.tolist() == [7, 0, 5, 0]


def test_efficiency_weighs_each_pair_by_its_people_and_leaves_out_what_could_never_be_joined() -> None:
    ideal = np.array([[0.0, 1.0, np.inf], [1.0, 0.0, np.inf], [np.inf, np.inf, 0.0]])
    hours = np.array([[0.0, 4.0, np.inf], [2.0, 0.0, np.inf], [np.inf, np.inf, 0.0]])
    assert efficiency(hours, ideal, np.array([10.0, 20.0, 30.0])) == (1 / 4 + 1 / 2) / 2
    assert np.isnan(efficiency(hours, ideal, np.array([10.0, 0.0, 30.0])))
