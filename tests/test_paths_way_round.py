"""How long the way round a road is, against networkx and the redundancy of single links as RA2CE defines it."""

from math import inf, isinf, isnan, nan
from typing import Any, NamedTuple

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.paths import way_round
from tests.streets import Question, graph, mesh, questions, streets

Graph = Any  # networkx graphs carry no types that help here


class Redundancy(NamedTuple):
    alt_dist: float
    diff_dist: float
    detour: int


def redundancy(asked: Question) -> dict[int, Redundancy]:
    """Return the redundancy of single links as RA2CE's documentation defines it, link by link on a networkx graph.

    Of each link, which is disrupted by itself: the length of the best alternative route between its ends, the
    difference between that route and the link, and whether there is an alternative route or not.
    """
    drawn: Graph = nx.MultiGraph()
    for link in np.flatnonzero(asked.links)[::2].tolist():
        ends = int(asked.streets.tail[link]), int(asked.streets.head[link])
        drawn.add_edge(*ends, key=int(asked.group[link]), length=float(asked.streets.hours[link]))
    found = {}
    for tail, head, key, length in list(drawn.edges(keys=True, data="length")):
        drawn.remove_edge(tail, head, key)
        if nx.has_path(drawn, tail, head):
            alternative = nx.shortest_path_length(drawn, tail, head, weight="length")
            found[key] = Redundancy(alternative, alternative - length, 1)
        else:
            found[key] = Redundancy(nan, nan, 0)
        drawn.add_edge(tail, head, key=key, length=length)
    return found


def test_the_way_round_is_the_redundancy_of_single_links_of_ra2ce() -> None:
    asked = mesh(directed=False)
    hours = way_round(asked.streets, asked.links, group=asked.group)
    expected = redundancy(asked)
    assert sorted(expected) == list(range(hours.size))
    assert {row.detour for row in expected.values()} == {0, 1}
    for road, row in expected.items():
        if row.detour:
            assert hours[road] == pytest.approx(row.alt_dist, abs=1e-12)
            assert hours[road] - asked.streets.hours[2 * road] == pytest.approx(row.diff_dist, abs=1e-12)
        else:
            assert isinf(hours[road])


@given(st.booleans().flatmap(lambda symmetric: questions(symmetric=symmetric)))
def test_the_way_round_is_the_longest_that_networkx_finds_between_the_ends_of_a_road(asked: Question) -> None:
    found = way_round(asked.streets, asked.links, group=asked.group)
    driven = asked.links & np.isfinite(asked.streets.hours)
    for road in range(found.size):
        rest = graph(asked, asked.links & (asked.group != road))
        ways = [
            nx.single_source_dijkstra_path_length(rest, int(asked.streets.tail[link]), weight="hours").get(
                int(asked.streets.head[link]), inf
            )
            for link in np.flatnonzero(driven & (asked.group == road)).tolist()
        ]
        assert found[road] == max(ways) if ways else isnan(found[road])


def test_the_way_round_a_two_way_road_is_the_longer_of_the_two() -> None:
    rows = [(0, 1, 1.0), (1, 0, 1.0), (0, 2, 1.0), (2, 1, 1.0), (1, 3, 4.0), (3, 0, 4.0)]
    built = streets(rows, size=4)
    group = np.array([0, 0, 1, 2, 3, 4])
    assert way_round(built, np.ones(6, dtype=bool), group=group)[0] == 8.0
    assert way_round(built, np.ones(6, dtype=bool))[:2].tolist() == [2.0, 8.0]
