"""The cheapest way to ship from suppliers to places."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from corridor.flows import GRAIN, TICK, Transport
from corridor.flows import transport as flows

Floats = NDArray[np.float64]
WORTH = np.array([1000.0, 300.0])
NODES = 9


def road_hours(luck: np.random.Generator) -> "nx.DiGraph[int]":
    """Return a road network of whole hours, not all of it connected."""
    roads: nx.DiGraph[int] = nx.DiGraph()
    roads.add_nodes_from(range(NODES))
    for tail, head in luck.integers(0, NODES, (18, 2)).tolist():
        if tail != head:
            roads.add_edge(tail, head, weight=luck.integers(1, 6).item())
    return roads


def hours_between(roads: "nx.DiGraph[int]", suppliers: list[int], places: list[int]) -> Floats:
    hours = np.full((len(suppliers), len(places)), np.inf)
    for row, supplier in enumerate(suppliers):
        reached = nx.single_source_dijkstra_path_length(roads, supplier)
        hours[row] = [reached.get(place, np.inf) for place in places]
    return hours


def network_cost(roads: "nx.DiGraph[int]", stock: dict[int, int], wanted: dict[int, list[int]]) -> int:
    """Return the hours of the cheapest flow over the roads themselves, less what is met at what it is worth."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_node("all", demand=-sum(stock.values()))
    graph.add_node("end", demand=sum(stock.values()))
    graph.add_edge("all", "end", weight=0)
    for tail, head in roads.edges:
        graph.add_edge(str(tail), str(head), weight=roads.edges[tail, head]["weight"])
    for supplier, tonnes in stock.items():
        graph.add_edge("all", str(supplier), weight=0, capacity=tonnes)
    for place, steps in wanted.items():
        for step, tonnes in enumerate(steps):
            graph.add_edge(str(place), f"{place} {step}", weight=-int(WORTH[step]), capacity=tonnes)
            graph.add_edge(f"{place} {step}", "end", weight=0)
    cost, _ = nx.network_simplex(graph)
    return int(cost)


def transport_cost(tonnes: Floats, hours: Floats, wanted: Floats) -> float:
    driven = (tonnes * np.where(np.isfinite(hours), hours, 0.0)).sum()
    lacks, cost = tonnes.sum(axis=0), driven
    for step, worth in zip(wanted, WORTH, strict=True):
        met = np.minimum(step, lacks)
        lacks, cost = lacks - met, cost - worth * met.sum()
    assert not lacks.any()
    return float(cost)


@given(seed=st.integers(0, 2**32 - 1))
def test_the_transport_problem_over_shortest_hours_costs_what_the_min_cost_flow_over_the_roads_does(seed: int) -> None:
    luck = np.random.default_rng(seed)
    roads = road_hours(luck)
    ends = luck.permutation(NODES).tolist()
    suppliers, places = ends[:3], ends[3:7]
    available = luck.integers(0, 30, 3)
    wanted = luck.integers(0, 12, (2, 4))
    hours = hours_between(roads, suppliers, places)
    tonnes = Transport().ship(hours, available.astype(float), wanted.astype(float), WORTH)
    assert (tonnes.sum(axis=1) <= available).all()
    assert not tonnes[~np.isfinite(hours)].any()
    stock = dict(zip(suppliers, available.tolist(), strict=True))
    lacks = dict(zip(places, wanted.T.tolist(), strict=True))
    assert transport_cost(tonnes, hours, wanted.astype(float)) == network_cost(roads, stock, lacks)


def test_a_tonne_is_left_unmet_where_the_drive_is_longer_than_it_is_worth() -> None:
    tonnes = Transport().ship(np.array([[400.0]]), np.array([9.0]), np.array([[2.0], [5.0]]), WORTH)
    assert tonnes.tolist() == [[2.0]]


def problems(suppliers: int, places: int) -> st.SearchStrategy[tuple[Floats, Floats, Floats]]:
    """Draw problems of one shape with many ties: few different hours, some out of reach, few different tonnes."""
    hours, tonnes = st.sampled_from([1.0, 2.0, 3.0, np.inf]), st.sampled_from([0.0, 0.1, 1 / 3, 1.0, 2.0, 1000.7])
    count = suppliers * places
    return st.tuples(
        st.lists(hours, min_size=count, max_size=count).map(lambda row: np.reshape(row, (suppliers, places))),
        st.lists(tonnes, min_size=suppliers, max_size=suppliers).map(np.array),
        st.lists(tonnes, min_size=2 * places, max_size=2 * places).map(lambda row: np.reshape(row, (2, places))),
    )


@given(many=st.lists(problems(4, 6), min_size=2, max_size=6))
def test_where_the_simplex_starts_changes_no_bit_of_what_is_shipped(many: list[tuple[Floats, Floats, Floats]]) -> None:
    warm = Transport()
    for hours, available, wanted in [*many, *many]:
        cold = Transport().ship(hours, available, wanted, WORTH)
        assert warm.ship(hours, available, wanted, WORTH).tobytes() == cold.tobytes()


def test_the_simplex_starts_from_where_it_last_ended() -> None:
    luck = np.random.default_rng(1)
    hours, available, wanted = luck.uniform(1, 20, (5, 30)), luck.uniform(0, 50, 5), luck.uniform(0, 9, (2, 30))

    def iterations(transport: Transport, available: Floats, key: object) -> int:
        transport.ship(hours, available, wanted, WORTH, key=key)
        return int(transport._models[key, 8, 32, 2].solver.getInfo().simplex_iteration_count)

    warm = Transport()
    first = iterations(warm, available, "diesel")
    assert first > 20
    assert iterations(warm, available, "diesel") == 0
    assert iterations(warm, available * 1.05, "diesel") < first / 2
    assert iterations(warm, available, "flour") == first


@pytest.mark.parametrize(("suppliers", "places"), [(1, 1), (3, 4), (12, 60)])
def test_no_two_pairs_on_a_cycle_of_four_are_told_apart_by_nothing(suppliers: int, places: int) -> None:
    ties = flows._ties(suppliers, places)
    assert ties.min() >= 0
    assert ties.max() < TICK
    cycles = ties[:-1, :-1] + ties[1:, 1:] - ties[1:, :-1] - ties[:-1, 1:]
    assert np.count_nonzero(cycles) >= 0.999 * cycles.size


def test_what_is_shipped_is_less_by_a_grain_at_most() -> None:
    available, wanted = np.array([0.1, 1e6 / 3]), np.array([[0.7, 1e5 / 3], [0.1, 1e5 / 7]])
    tonnes = Transport().ship(np.array([[1.0, 1.0], [1.0, 2.0]]), available, wanted, WORTH)
    assert (tonnes.sum(axis=0) <= wanted.sum(axis=0)).all()
    assert tonnes.sum(axis=0) == pytest.approx(wanted.sum(axis=0), abs=GRAIN)
    assert (tonnes / GRAIN == np.round(tonnes / GRAIN)).all()


def test_models_last_used_are_kept_and_no_more_of_them_than_memory_should_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flows, "KEPT", 2)
    transport = Transport()
    for key in ("diesel", "flour", "diesel", "medicine"):
        transport.ship(np.ones((1, 1)), np.ones(1), np.ones((2, 1)), WORTH, key=key)
    assert [key for key, *_ in transport._models] == ["diesel", "medicine"]


@pytest.mark.parametrize("shape", [(0, 3), (3, 0)])
def test_nothing_is_shipped_where_there_is_no_supplier_or_no_place(shape: tuple[int, int]) -> None:
    suppliers, places = shape
    tonnes = Transport().ship(np.ones(shape), np.ones(suppliers), np.ones((2, places)), WORTH)
    assert tonnes.shape == shape


def test_a_solver_that_finds_no_flow_is_not_believed() -> None:
    solver = flows._solver(1, 1, 1)
    solver.changeRowBounds(0, 1.0, 2.0)
    solver.run()
    with pytest.raises(RuntimeError, match="always has a solution: Infeasible"):
        flows._check(solver)
