"""Networks go to networkx and to GeoDataFrames, and come back as they were."""

import math
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.convert import from_networkx, to_geodataframes, to_networkx
from corridor.errors import NetworkError
from corridor.network import Commodity, Demand, Facility, Fleet, Network, Range, SupplyTables, faults
from corridor.sources import read_network
from tests.builders import CONTROL, OPEN, PERSONS, network, node, pipeline, road

SUPPLY = SupplyTables(
    commodities=(
        Commodity(
            id="crude",
            name="Crude oil",
            name_ar="نفط خام",
            unit="tonnes",
            modes=("pipeline",),
            vehicle="",
            payload=Range(0, 0, 0),
            density=0.85,
            priority=3,
            source="made up",
            confidence="low",
        ),
        Commodity(
            id="flour",
            name="Flour",
            name_ar="طحين",
            unit="tonnes",
            modes=("road",),
            vehicle="flat",
            payload=Range(20, 25, 30),
            density=0.6,
            priority=1,
            source="made up",
            confidence="",
        ),
    ),
    demand=(
        Demand(
            area="south",
            commodity="flour",
            rate=Range(0.2, 0.26, 0.3),
            stock=Range(5, 20, 30),
            depot_share=0.5,
            source="",
            confidence="low",
        ),
    ),
    facilities=(
        Facility(
            id="mill",
            node="n0",
            role="production",
            commodity_in="",
            commodity_out="flour",
            rate=Range(1, 2, 3),
            intake=Range(0, 0, 0),
            capacity=math.inf,
            stock=Range(0, 0, 0),
            active_from="2024-11-01T00:00+03:00",
            active_to="",
            source="",
            confidence="",
            note="",
        ),
    ),
    fleets=(Fleet(node="n0", vehicle="flat", vehicles=Range(1, 2, 4), source="", confidence=""),),
)


def assert_same(left: Network, right: Network) -> None:
    """Fail unless two networks agree in every field, arrays in type and value, mappings in order."""
    for each in fields(Network):
        one, other = getattr(left, each.name), getattr(right, each.name)
        if isinstance(one, np.ndarray):
            assert one.dtype.kind == other.dtype.kind, each.name
            np.testing.assert_array_equal(one, other, err_msg=each.name)
        elif each.name in {"population", "control", "open_share"}:
            assert list(one) == list(other), each.name
            for column in one:
                np.testing.assert_array_equal(one[column], other[column], err_msg=column)
        else:
            assert one == other, each.name


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Return a sound network of up to eight nodes in a connected road graph, with parallel and one-way links."""
    size = draw(st.integers(2, 8))
    names = [f"n{index}" for index in range(size)]
    degrees = st.floats(0, 1)
    nodes = {
        name: node(
            36 + draw(degrees),
            34 + draw(degrees),
            draw(st.integers(0, 10**6)),
            holder=draw(st.sampled_from(["red", "blue", "none"])),
            area="south" if name == "n0" else draw(st.sampled_from(["", "south", "coast"])),
            kind=draw(st.sampled_from(["town", "port", "junction"])),
            name=draw(st.sampled_from(["", "Town", "حمص"])),
            aliases=draw(st.sampled_from([(), (f"{name} city",), (f"old {name}", f"{name}-on-sea")])),
            label_anchor=draw(st.sampled_from(["", "N", "SW"])),
            confidence=draw(st.sampled_from(["", "high"])),
            population={PERSONS: draw(st.integers(0, 10**6)), "place_2010_persons": draw(st.integers(0, 10**6))},
        )
        for name in names
    }
    ends = [(names[draw(st.integers(0, index))], names[index + 1]) for index in range(size - 1)]
    ends += draw(st.lists(st.sampled_from([(a, b) for a in names for b in names if a != b]), max_size=6))
    roads = [
        road(
            *pair,
            draw(st.floats(200, 400)),
            draw(st.floats(4, 20)),
            one_way=draw(st.booleans()),
            share=draw(st.sampled_from([0, 0.5, 1])),
            passes=tuple(draw(st.lists(st.sampled_from(names), unique=True, max_size=2).map(_without(pair)))),
            road_class=draw(st.sampled_from(["", "motorway"])),
        )
        for pair in ends
    ]
    pairs = st.lists(st.sampled_from([(a, b) for a in names for b in names if a != b]), max_size=3)
    pipes = [pipeline(*pair, draw(st.floats(200, 400)), capacity=draw(st.floats(1, 1e5))) for pair in draw(pairs)]
    return network(nodes, roads, pipes, draw(st.sampled_from([SupplyTables(), SUPPLY])))


def _without(pair: tuple[str, str]) -> Callable[[list[str]], list[str]]:
    return lambda places: [place for place in places if place not in pair]


@given(networks())
def test_a_network_comes_back_from_networkx_as_it_was(built: Network) -> None:
    assert faults(built) == []
    assert_same(from_networkx(to_networkx(built)), built)


@given(networks())
def test_a_graph_comes_back_from_a_network_as_it_was(built: Network) -> None:
    graph = to_networkx(built)
    again = to_networkx(from_networkx(graph))
    assert nx.utils.graphs_equal(again, graph)
    assert again.graph == graph.graph


def test_the_packaged_network_comes_back_from_networkx_as_it_was() -> None:
    built = read_network("central_syria")
    assert_same(from_networkx(to_networkx(built)), built)


def test_a_graph_says_of_every_link_where_it_goes_and_how_long_it_takes() -> None:
    built = network({"a": (36, 34, 5), "b": (36.1, 34)}, [("a", "b", 12.0, 0.3)], [pipeline("a", "b", 11, 7)])
    graph = to_networkx(built)
    assert graph.nodes["a"][PERSONS] == 5
    assert graph.nodes["a"][CONTROL] == "none"
    assert graph.edges["b", "a", "a-b"]["hours"] == 0.3
    assert graph.edges["b", "a", "a-b"]["capacity_vehicles_per_hour"] == 1000
    assert graph.edges["a", "b", "a>b"]["mode"] == "pipeline"
    assert graph.edges["a", "b", "a>b"][OPEN] == 1.0
    assert not graph.has_edge("b", "a", "a>b")


def test_the_order_of_the_links_survives_when_some_are_taken_away() -> None:
    built = network(
        {"a": (36, 34), "b": (36.1, 34), "c": (36.2, 34)}, [("c", "a", 30), ("a", "b"), ("b", "c"), ("a", "c", 40)]
    )
    graph = to_networkx(built)
    graph.remove_edge("a", "b", key="a-b")
    graph.remove_edge("b", "a", key="a-b")
    graph.add_edge("b", "a", "new", length_km=10, hours=0.2, capacity_vehicles_per_hour=5)
    again = from_networkx(graph)
    assert again.link_id.tolist() == ["c-a", "c-a", "b-c", "b-c", "a-c", "a-c", "new"]
    assert again.reverse.tolist() == [1, 0, 3, 2, 5, 4, -1]


def edited(change: Callable[[Any], Any]) -> Any:
    graph = to_networkx(
        network({"a": (36, 34), "b": (36.1, 34), "c": (36.2, 34)}, [("a", "b"), road("b", "c", passes=("a",))])
    )
    result = change(graph)
    return result if isinstance(result, nx.Graph) else graph


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda g: g.nodes["a"].pop("lon"), "node 'a' has no lon"),
        (lambda g: g.nodes["a"].update(lat="x"), "node 'a' has 'x' as lat, expected a number"),
        (lambda g: g.nodes["a"].update(lat=91), "node 'a': found 91 degrees, expected -90 to 90"),
        (lambda g: g.edges["a", "b", "a-b"].pop("length_km"), "link 'a-b' from 'a' to 'b' has no length_km"),
        (lambda g: g.edges["a", "b", "a-b"].update(hours=None), "link 'a-b' from 'a' to 'b' has None as hours"),
        (lambda g: g.edges["a", "b", "a-b"].update(length_km=1), "link 'a-b': found 1 km, but its ends are 9.22"),
        (lambda g: g.edges["a", "b", "a-b"].update(mode="rode"), "has the mode 'rode', expected .* mean 'road'"),
        (lambda g: g.edges["b", "c", "b-c"].update(passes=("d",)), "link 'b-c': found 'd', expected the id of a node"),
        (lambda g: g.add_node(7, lon=36, lat=34), "found the node 7, expected a text as its id"),
        (lambda g: g.add_edge("a", "c", length_km=19, hours=1), "found the key 0 from 'a' to 'c'"),
        (lambda g: g.remove_edges_from(list(g.edges(keys=True))), "no road joins b to the rest"),
        (lambda g: g.nodes["a"].update(aliases=("B",)), "node 'a': the alias 'B' is the id or a name of 'b'"),
        (lambda _: nx.Graph([("a", "b")]), "found a Graph, expected a MultiDiGraph"),
        (lambda _: nx.MultiDiGraph(name="empty"), "there are no nodes"),
    ],
)
def test_a_graph_that_is_no_network_is_refused_and_says_why(change: Callable[[Any], Any], message: str) -> None:
    with pytest.raises(NetworkError, match=message):
        from_networkx(edited(change))


def test_every_fault_of_a_graph_is_told_at_once() -> None:
    graph = edited(lambda g: g.nodes["a"].clear())
    graph.edges["a", "b", "a-b"].clear()
    with pytest.raises(NetworkError) as caught:
        from_networkx(graph)
    assert len(caught.value.faults) == 5  # lon, lat; length, hours, capacity


def test_geodataframes_have_points_and_lines_where_the_network_has_them() -> None:
    built = network(
        {"a": (36, 34, 5), "b": node(36.1, 34.2, aliases=("bee", "b town"))},
        [("a", "b", 30.0), road("b", "a", 40.0, one_way=True)],
        [pipeline("a", "b", 31)],
    )
    nodes, links = to_geodataframes(built)
    assert nodes.crs.to_epsg() == links.crs.to_epsg() == 4326
    assert nodes["id"].tolist() == ["a", "b"]
    assert (nodes.geometry[1].x, nodes.geometry[1].y) == (36.1, 34.2)
    assert nodes["aliases"][1] == "bee;b town"
    assert links["id"].tolist() == ["a-b", "b-a", "a>b"]
    assert links["one_way"].tolist() == [0, 1, 1]
    assert list(links.geometry[1].coords) == [(36.1, 34.2), (36.0, 34.0)]
    assert links["length_km"].tolist() == [30, 40, 31]
    assert {"capacity_vehicles_per_hour", "capacity_per_day", OPEN} <= set(links.columns)


def test_geodataframes_of_the_packaged_network_hold_each_road_once() -> None:
    built = read_network("central_syria")
    nodes, links = to_geodataframes(built)
    assert len(nodes) == built.node_count
    assert len(links) == len(set(built.link_id.tolist()))
    assert nodes["catchment_2024_persons"].sum() == built.population["catchment_2024_persons"].sum()
