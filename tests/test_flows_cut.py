"""The most that can flow from nodes to nodes, and the links and nodes that bind."""

from dataclasses import replace
from itertools import product
from typing import NamedTuple

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.flows import FlowProblem, MinimumCut, minimum_cut, minimum_cuts
from corridor.flows import cut as flows
from corridor.network import Floats, Ints, Mask


class World(NamedTuple):
    tail: Ints
    head: Ints
    capacity: Floats
    sources: Mask
    sinks: Mask
    through: Floats


def among(count: int, *chosen: int) -> Mask:
    mask = np.zeros(count, dtype=np.bool_)
    mask[list(chosen)] = True
    return mask


def links(*rows: tuple[int, int, float]) -> tuple[Ints, Ints, Floats]:
    tail, head, capacity = zip(*rows, strict=True)
    return np.array(tail, dtype=np.intp), np.array(head, dtype=np.intp), np.array(capacity, dtype=np.float64)


def from_to(rows: tuple[Ints, Ints, Floats], count: int, source: int, sink: int) -> MinimumCut:
    return minimum_cut(*rows, among(count, source), among(count, sink))


@st.composite
def worlds(draw: st.DrawFn, *, nodes: int = 8, most_links: int = 24, gates: bool = True) -> World:
    """Give directed multigraphs with parallel links, loops, ties, links without capacity and, seldom, without end."""
    count = draw(st.integers(2, nodes))
    size = draw(st.integers(0, most_links))
    ends = st.lists(st.integers(0, count - 1), min_size=size, max_size=size)
    sizes = st.sampled_from([0.0, 1.0, 1.0, 2.0, 2.5, 3.0, 7.125, 0.3, 24000.0, np.inf])
    role = draw(st.permutations(range(count)))
    sources = draw(st.integers(1, count - 1))
    sinks = draw(st.integers(1, count - sources))
    bound = st.sampled_from([np.inf, np.inf, 0.0, 1.0, 2.0, 4.5]) if gates else st.just(np.inf)
    return World(
        np.array(draw(ends), dtype=np.intp),
        np.array(draw(ends), dtype=np.intp),
        np.array(draw(st.lists(sizes, min_size=size, max_size=size)), dtype=np.float64),
        among(count, *role[:sources]),
        among(count, *role[sources : sources + sinks]),
        np.array(draw(st.lists(bound, min_size=count, max_size=count)), dtype=np.float64),
    )


def found_in(world: World) -> MinimumCut:
    return minimum_cut(*world[:5], node_capacity=world.through)


def networkx_graph(world: World) -> "nx.DiGraph[str]":
    """Return the same with every node split, parallel capacities added up, and one source and sink before all."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(("s", "t"))
    for node, most in enumerate(world.through.tolist()):
        free = np.isinf(most) or world.sources[node] or world.sinks[node]
        graph.add_edge(f"{node} in", f"{node} out", **({} if free else {"capacity": most}))
    for node in np.flatnonzero(world.sources).tolist():
        graph.add_edge("s", f"{node} in")
    for node in np.flatnonzero(world.sinks).tolist():
        graph.add_edge(f"{node} out", "t")
    for tail, head, capacity in zip(*(column.tolist() for column in world[:3]), strict=True):
        edge = f"{tail} out", f"{head} in"
        before = graph.edges[edge].get("capacity", np.inf) if graph.has_edge(*edge) else 0.0
        graph.add_edge(*edge, capacity=before + capacity)
    for edge in graph.edges:
        if graph.edges[edge].get("capacity") == np.inf:
            del graph.edges[edge]["capacity"]
    return graph


@given(worlds())
def test_as_much_flows_as_in_networkx_and_the_cut_is_as_large_as_the_flow(world: World) -> None:
    found = found_in(world)
    graph = networkx_graph(world)
    try:
        value = nx.maximum_flow_value(graph, "s", "t")
    except nx.NetworkXUnbounded:
        assert found.value == np.inf
        assert np.isnan(found.flow).all()
        assert not found.links.size
        assert not found.nodes.size
        assert not found.unique
        return
    assert found.value == pytest.approx(value, abs=1e-9)
    assert found.value == pytest.approx(
        world.capacity[found.links].sum() + world.through[found.nodes].sum(), rel=1e-12, abs=0
    )


@given(worlds())
def test_a_flow_is_conserved_stays_within_every_capacity_and_fills_the_cut(world: World) -> None:
    found = found_in(world)
    if found.value == np.inf:
        return
    count = world.sources.size
    assert (found.flow >= 0).all()
    assert (found.flow <= world.capacity).all()
    out = np.bincount(world.tail, weights=found.flow, minlength=count)
    into = np.bincount(world.head, weights=found.flow, minlength=count)
    inner = ~(world.sources | world.sinks)
    assert out[inner] == pytest.approx(into[inner], abs=1e-3)
    assert (into[inner] <= world.through[inner] + 1e-3).all()
    assert (out - into)[world.sources].sum() == pytest.approx(found.value, abs=1e-3)
    assert found.flow[found.links] == pytest.approx(world.capacity[found.links], abs=1e-3)


@given(worlds())
def test_closing_what_binds_lets_nothing_through_and_the_sides_are_what_each_end_still_reaches(world: World) -> None:
    found = found_in(world)
    if found.value == np.inf:
        return
    left = world.capacity.copy()
    left[found.links] = 0.0
    through = world.through.copy()
    through[found.nodes] = 0.0
    # A node that nothing can pass is none that flow reaches.
    graph = networkx_graph(world._replace(capacity=left, through=through))
    graph.remove_edges_from([edge for edge in graph.edges if graph.edges[edge].get("capacity") == 0])
    near, far = nx.descendants(graph, "s"), nx.ancestors(graph, "t")
    assert "t" not in near
    ends = world.sources | world.sinks
    nodes = range(world.sources.size)
    assert found.source_side.tolist() == [f"{node} out" in near for node in nodes]
    assert found.sink_side.tolist() == [f"{node} in" in far for node in nodes]
    assert not ends[found.nodes].any()


@given(worlds(nodes=6, most_links=14, gates=False))
def test_the_cut_is_the_least_and_nearest_of_all_cuts_and_said_to_be_the_only_one_where_it_is(world: World) -> None:
    count = world.sources.size
    cuts: list[tuple[float, frozenset[int], frozenset[int]]] = []
    for sides in product([False, True], repeat=count):
        side = np.array(sides)
        if not side[world.sources].all() or side[world.sinks].any():
            continue
        over = side[world.tail] & ~side[world.head] & (world.capacity > 0)
        binding = frozenset(np.flatnonzero(over).tolist())
        # Multiples of a thousandth, so that a tie is a tie.
        grains = sum(round(value * 1000) if np.isfinite(value) else np.inf for value in world.capacity[over].tolist())
        cuts.append((grains, binding, frozenset(np.flatnonzero(side).tolist())))
    least = min(grains for grains, _, _ in cuts)
    found = minimum_cut(*world[:5])
    if least == np.inf:
        assert found.value == np.inf
        return
    assert found.value == pytest.approx(least / 1000, rel=1e-12)
    known = {binding for grains, binding, _ in cuts if grains == least}
    assert frozenset(found.links.tolist()) in known
    assert found.unique == (len(known) == 1)
    nearest = frozenset.intersection(*(side for grains, _, side in cuts if grains == least))
    assert frozenset(np.flatnonzero(found.source_side).tolist()) == nearest


@given(worlds(), st.randoms(use_true_random=False))
def test_another_numbering_of_links_and_nodes_gives_the_same_cut(world: World, luck: "np.random.Generator") -> None:
    count, size = world.sources.size, world.tail.size
    node, link = list(range(count)), list(range(size))
    luck.shuffle(node)
    luck.shuffle(link)
    name, order = np.array(node, dtype=np.intp), np.array(link, dtype=np.intp)
    back = np.argsort(name)
    other = World(
        name[world.tail][order], name[world.head][order], world.capacity[order],
        world.sources[back], world.sinks[back], world.through[back],
    )  # fmt: skip
    one, two = found_in(world), found_in(other)
    assert one.value == pytest.approx(two.value, rel=1e-12)
    assert one.links.tolist() == sorted(order[two.links].tolist())
    assert one.nodes.tolist() == sorted(back[two.nodes].tolist())
    assert one.source_side.tolist() == two.source_side[name].tolist()
    assert one.unique == two.unique


@given(st.lists(worlds(nodes=6, most_links=12), max_size=5), st.sampled_from([1, 20, 1000]))
def test_problems_solved_together_are_found_as_each_alone(several: list[World], most: int) -> None:
    problems = [
        FlowProblem(
            tail=world.tail, head=world.head, capacity=world.capacity, sources=world.sources, sinks=world.sinks,
            node_capacity=world.through,
        )
        for world in several
    ]  # fmt: skip
    # Some of them without an end.
    problems += [replace(problem, sinks=np.zeros_like(problem.sinks)) for problem in problems[:1]]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flows, "MOST_LINKS", most)
        together = minimum_cuts(problems)
    assert len(together) == len(problems)
    for problem, found in zip(problems, together, strict=True):
        (alone,) = minimum_cuts([problem])
        assert (found.value, found.unique) == (alone.value, alone.unique)
        assert np.isfinite(found.value) == np.isfinite(found.flow).all() or not found.flow.size
        for name in ("links", "nodes", "source_side", "sink_side"):
            assert getattr(found, name).tolist() == getattr(alone, name).tolist()


def test_parallel_roads_bind_each_by_itself_and_the_first_is_filled_first() -> None:
    found = from_to(links((0, 1, 10.0), (1, 2, 2.0), (1, 2, 3.0), (2, 1, 50.0)), 3, 0, 2)
    assert found.value == 5.0
    assert found.links.tolist() == [1, 2]
    assert found.unique
    half = from_to(links((0, 1, 4.0), (1, 2, 3.0), (1, 2, 3.0)), 3, 0, 2)
    assert half.flow.tolist() == [4.0, 3.0, 1.0]


def test_of_two_cuts_as_small_the_one_nearest_the_sources_is_told_and_that_there_is_another() -> None:
    found = from_to(links((0, 1, 5.0), (1, 2, 5.0)), 3, 0, 2)
    assert found.links.tolist() == [0]
    assert not found.unique
    assert found.source_side.tolist() == [True, False, False]
    assert found.sink_side.tolist() == [False, True, True]


def test_decimal_capacities_tie_where_decimals_do() -> None:
    found = from_to(links((0, 1, 0.1), (0, 1, 0.2), (1, 2, 0.3)), 3, 0, 2)
    assert found.links.tolist() == [0, 1]
    assert not found.unique


@pytest.mark.parametrize("size", [1e-12, 1e-3, 1.0, 3e5, 4e9, 7e15])
def test_the_value_is_exact_at_any_size_beside_links_of_any_other(size: float) -> None:
    rows = links((0, 1, 3 * size), (0, 1, 1e-9 * size), (1, 2, 1e18 * size), (1, 2, np.inf), (2, 3, 4 * size))
    found = from_to(rows, 4, 0, 3)
    assert found.value == 3 * size + 1e-9 * size
    assert found.links.tolist() == [0, 1]
    assert found.unique


def test_where_a_node_is_too_narrow_it_binds_and_is_on_no_side() -> None:
    rows = links((0, 1, 5.0), (1, 2, 5.0))
    through = np.array([1.0, 2.0, 1.0])
    found = minimum_cut(*rows, among(3, 0), among(3, 2), node_capacity=through)
    assert (found.value, found.nodes.tolist(), found.links.tolist()) == (2.0, [1], [])
    assert found.source_side.tolist() == [True, False, False]
    assert found.sink_side.tolist() == [False, False, True]
    assert found.flow.tolist() == [2.0, 2.0]


def test_without_a_way_nothing_flows_and_nothing_binds() -> None:
    found = from_to(links((1, 0, 5.0), (0, 2, 0.0)), 3, 0, 2)
    assert (found.value, found.links.tolist(), found.unique) == (0.0, [], True)
    assert found.flow.tolist() == [0.0, 0.0]
    nobody = minimum_cut(*links((0, 1, 1.0)), among(2), among(2, 1))
    assert (nobody.value, nobody.links.tolist(), nobody.flow.tolist()) == (0.0, [], [0.0])


def test_a_network_without_links_has_a_cut_of_nothing() -> None:
    none = np.zeros(0, dtype=np.intp)
    found = minimum_cut(none, none, np.zeros(0), among(2, 0), among(2, 1))
    assert (found.value, found.links.tolist(), found.unique) == (0.0, [], True)


def test_of_roads_that_count_one_each_the_cut_is_as_many_as_ways_without_a_common_road() -> None:
    rows = _grid(4)
    found = from_to(rows, 16, 0, 15)
    graph = nx.DiGraph(list(zip(rows[0].tolist(), rows[1].tolist(), strict=True)))
    assert found.value == len(list(nx.edge_disjoint_paths(graph, 0, 15))) == found.links.size == 2


def _grid(side: int) -> tuple[Ints, Ints, Floats]:
    pairs = [(side * a[0] + a[1], side * b[0] + b[1]) for a, b in nx.grid_2d_graph(side, side).edges]
    return links(*((*pair, 1.0) for pair in (*pairs, *((head, tail) for tail, head in pairs))))


def test_what_is_both_source_and_sink_or_less_than_nothing_is_refused() -> None:
    rows = links((0, 1, 1.0))
    with pytest.raises(ValueError, match="both source and sink"):
        minimum_cut(*rows, among(2, 0, 1), among(2, 1))
    with pytest.raises(ValueError, match="negative or nan"):
        from_to(links((0, 1, -1.0)), 2, 0, 1)
    with pytest.raises(ValueError, match="negative or nan"):
        minimum_cut(*rows, among(2, 0), among(2, 1), node_capacity=np.array([np.nan, 1.0]))
