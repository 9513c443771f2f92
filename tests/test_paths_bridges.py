"""Bridges, articulations and the people they keep joined, against networkx and against taking each away."""

from dataclasses import replace
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.errors import NetworkError
from corridor.network import Network
from corridor.paths import articulations, bridges, isolated_by_links, isolated_by_nodes
from tests.builders import network, node, road

Graph = Any  # networkx graphs carry no types that help here


def built(roads: list[tuple[int, int, bool]], size: int) -> tuple[Network, Any]:
    """Return a network of `size` nodes and of `roads` (ends, and whether one-way), and the road of each link."""
    rows = [road(str(tail), str(head), 1, 1, one_way=one_way) for tail, head, one_way in roads]
    made = network(nodes={str(place): node(36 + place / 100, 34) for place in range(size)}, roads=rows)
    return made, np.repeat(np.arange(len(roads)), [1 if one_way else 2 for *_, one_way in roads]).astype(np.intp)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Network, Any, Any, Any]:
    """Draw a sparse multigraph with loops, parallels and one-ways, the roads of its links, open links and people."""
    size = draw(st.integers(1, 12))
    ends = st.integers(0, size - 1)
    roads = draw(st.lists(st.tuples(ends, ends, st.booleans()), max_size=18))
    made, group = built(roads, size)
    links = np.array(draw(st.lists(st.integers(0, 4), min_size=group.size, max_size=group.size)), dtype=bool)
    # Tenths do not add up exactly, and many places are empty.
    persons = np.array(draw(st.lists(st.integers(-5, 9), min_size=size, max_size=size))).clip(0) / 10
    return made, group, links, persons


def graph_of(made: Network, group: Any, links: Any) -> Graph:
    """Return one edge for each road of which a link is open."""
    graph: Graph = nx.MultiGraph()
    graph.add_nodes_from(range(made.node_count))
    for link in np.flatnonzero(links).tolist():
        graph.add_edge(int(made.tail[link]), int(made.head[link]), key=int(group[link]))
    return graph


def outside_the_largest(before: Graph, after: Graph, persons: Any, touched: int) -> float:
    """Return the people of a node's component outside the most populous part of what is left of it."""
    left = nx.node_connected_component(before, touched) & set(after)
    parts = [float(persons[list(part)].sum()) for part in nx.connected_components(after.subgraph(left))]
    return sum(parts) - max(parts, default=0.0)


@given(worlds())
def test_bridges_are_the_roads_without_which_there_are_more_components(drawn: Any) -> None:
    made, group, links, _ = drawn
    graph = graph_of(made, group, links)
    expected = []
    for name in range(group.max(initial=-1) + 1):
        without = graph.edge_subgraph([edge for edge in graph.edges(keys=True) if edge[2] != name]).copy()
        without.add_nodes_from(graph)
        expected.append(nx.number_connected_components(without) > nx.number_connected_components(graph))
    assert bridges(made, links, group=group).tolist() == expected


@given(worlds())
def test_bridges_are_those_of_networkx_where_no_road_has_a_parallel(drawn: Any) -> None:
    made, group, links, _ = drawn
    graph = graph_of(made, group, links)
    found = np.flatnonzero(bridges(made, links, group=group)).tolist()
    ends = {tuple(sorted(edge[:2])): edge[2] for edge in graph.edges(keys=True)}
    single = [edge for edge in nx.bridges(nx.Graph(graph)) if graph.number_of_edges(*edge) == 1]
    assert found == sorted(ends[tuple(sorted(edge))] for edge in single)


@given(worlds())
def test_articulations_are_those_of_networkx(drawn: Any) -> None:
    made, group, links, _ = drawn
    expected = sorted(nx.articulation_points(nx.Graph(graph_of(made, group, links))))
    assert np.flatnonzero(articulations(made, links)).tolist() == expected


@given(worlds())
def test_a_road_isolates_who_is_outside_the_most_populous_part_once_it_is_taken_away(drawn: Any) -> None:
    made, group, links, persons = drawn
    graph = graph_of(made, group, links)
    found = isolated_by_links(made, links, group=group, weight=persons)
    assert found.shape == (group.max(initial=-1) + 1,)
    expected = np.zeros(found.size)
    for tail, head, name in list(graph.edges(keys=True)):
        without = graph.copy()
        without.remove_edge(tail, head, key=name)
        expected[name] = outside_the_largest(graph, without, persons, tail)
    assert found == pytest.approx(expected, abs=1e-12)
    assert ((found > 0) == (expected > 1e-9)).all()


@given(worlds())
def test_a_node_isolates_who_is_outside_the_most_populous_part_of_the_others(drawn: Any) -> None:
    made, group, links, persons = drawn
    graph = graph_of(made, group, links)
    found = isolated_by_nodes(made, links, weight=persons)
    expected = np.array(
        [
            outside_the_largest(graph, graph.subgraph(set(graph) - {place}), persons, place)
            for place in range(made.node_count)
        ]
    )
    assert found == pytest.approx(expected, abs=1e-12)
    assert ((found > 0) == (expected > 1e-9)).all()


@given(worlds(), st.randoms(use_true_random=False))
def test_renumbering_nodes_changes_nothing(drawn: Any, random: Any) -> None:
    made, group, links, persons = drawn
    number = list(range(made.node_count))
    random.shuffle(number)
    to = np.array(number)
    renamed, moved = replace(made, tail=to[made.tail], head=to[made.head]), np.empty_like(persons)
    moved[to] = persons
    before = isolated_by_links(made, links, group=group, weight=persons)
    assert isolated_by_links(renamed, links, group=group, weight=moved) == pytest.approx(before, abs=1e-12)
    assert (bridges(renamed, links, group=group) == bridges(made, links, group=group)).all()
    assert (articulations(renamed, links)[to] == articulations(made, links)).all()


def test_both_ways_of_one_road_are_one_road_and_parallel_roads_are_two() -> None:
    made, group = built([(0, 1, False), (1, 2, False), (1, 2, True)], 3)
    everything = np.ones(made.link_count, dtype=bool)
    assert bridges(made, everything, group=group).tolist() == [True, False, False]
    assert articulations(made, everything).tolist() == [False, True, False]


def test_a_one_way_road_joins_as_well_as_a_two_way_one() -> None:
    made, group = built([(0, 1, True), (2, 1, True)], 3)
    persons = np.array([5.0, 7.0, 3.0])
    everything = np.ones(made.link_count, dtype=bool)
    assert isolated_by_links(made, everything, group=group, weight=persons).tolist() == [5, 3]
    assert isolated_by_nodes(made, everything, weight=persons).tolist() == [0, 3, 0]


def test_a_road_whose_links_lead_to_different_places_is_refused() -> None:
    made, _ = built([(0, 1, True), (1, 2, True)], 3)
    with pytest.raises(NetworkError, match="the links of the road '1-2' join different places"):
        bridges(made, np.ones(2, dtype=bool), group=np.zeros(2, dtype=np.intp))


def test_a_long_chain_of_places_is_no_matter_of_depth() -> None:
    size = 5_000
    made, group = built([(place, place + 1, True) for place in range(size - 1)], size)
    isolated = isolated_by_links(made, np.ones(size - 1, dtype=bool), group=group, weight=np.ones(size))
    assert isolated.tolist() == [min(road, size - road) for road in range(1, size)]
