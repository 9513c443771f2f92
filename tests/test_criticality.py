"""What is lost when a road, a node or two roads go: by hand, against networkx, and against trying every pair."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.case import Case, whole
from corridor.control import enterable
from corridor.criticality import Criticality, criticality, pair_criticality
from corridor.network import ROAD, Network
from corridor.paths import Roads
from corridor.scenario.model import PassageRule
from corridor.sources import read_network
from tests.builders import network, node, road
from tests.cases import bound

RED, BLUE = 0, 1
LOSSES = ("cost_hours", "cut_share", "isolated_persons")

Graph = Any  # networkx graphs carry no types that help here


def places(persons: Iterable[float], holders: str | None = None) -> dict[str, Any]:
    """Return places a, b, c, ... with so many people, held by red, by blue (b) or by nobody (-)."""
    names = {"r": "red", "b": "blue", "-": "none"}
    people = list(persons)
    held = holders or "r" * len(people)
    return {
        chr(97 + at): node(36 + at / 10, 34, each, holder=names[held[at]], name=chr(65 + at))
        for at, each in enumerate(people)
    }


def found_in(made: Network, *, actor: int = RED, nodes: bool = False, **fields: Any) -> Criticality:
    case = bound(made, **fields)
    return criticality(case, case.epochs[0], actor, nodes=nodes)


def told(found: Criticality, column: str) -> dict[str, float]:
    return dict(zip(found.ids.tolist(), getattr(found, column).tolist(), strict=True))


def ring(**fields: Any) -> Network:
    """Return a ring a - b - c - d - a of an hour a side, the last one three hours, and a tail d - e."""
    sides = [road("a", "b", 50), road("b", "c", 50), road("c", "d", 50), road("d", "a", 150, **fields)]
    return network(places((100, 200, 300, 400, 0)), [*sides, road("d", "e", 50)])


# by hand


def test_the_loss_of_a_bridge_is_the_demand_that_leads_over_it() -> None:
    line = network(places((1000, 400, 300, 200)), [road("a", "b"), road("b", "c"), road("c", "d")])
    found = found_in(line)
    total = 1900**2 - (1000**2 + 400**2 + 300**2 + 200**2)
    assert told(found, "cut_share") == pytest.approx(
        {"b-c": 2 * 1400 * 500 / total, "a-b": 2 * 1000 * 900 / total, "c-d": 2 * 200 * 1700 / total}
    )
    assert found.ids.tolist() == ["a-b", "b-c", "c-d"]
    assert told(found, "isolated_persons") == {"a-b": 900.0, "b-c": 500.0, "c-d": 200.0}
    assert found.cost_hours.tolist() == [0.0, 0.0, 0.0]
    assert np.isinf(found.way_round_hours).all()
    assert told(found, "used_share") == pytest.approx(told(found, "cut_share"))


def test_the_loss_of_a_road_with_a_way_round_is_the_hours_it_adds() -> None:
    found = found_in(ring())
    total = 1000**2 - sum(each**2 for each in (100, 200, 300, 400))
    # Without b - c: b to c 5 hours instead of 1, a to c 4 instead of 2, b to d 4 instead of 2; a to d stays 3.
    assert told(found, "cost_hours")["b-c"] == pytest.approx(
        2 * (200 * 300 * 4 + 100 * 300 * 2 + 200 * 400 * 2) / total
    )
    assert told(found, "way_round_hours")["b-c"] == pytest.approx(5.0)
    assert told(found, "cut_share")["b-c"] == told(found, "isolated_persons")["b-c"] == 0.0


def test_a_road_that_no_demand_uses_loses_exactly_nothing() -> None:
    made = network(
        places((100, 200, 300, 0)),
        [road("a", "b", 50), road("b", "c", 50), road("a", "c", 110), road("c", "d", 50), road("b", "a", 60, id="far")],
    )
    found = found_in(made)
    for name in ("a-c", "c-d", "far"):
        assert [told(found, column)[name] for column in (*LOSSES, "used_share")] == [0.0] * 4
    assert told(found, "way_round_hours")["a-c"] == pytest.approx(2.0)
    assert found.cost_hours[0] > 0


def test_a_road_is_lost_in_both_directions_at_once_and_a_one_way_road_in_one() -> None:
    people = places((100, 100))
    both = found_in(network(people, [road("a", "b", 50), road("a", "b", 100, id="slow")]))
    assert told(both, "cost_hours") == pytest.approx({"a-b": 1.0, "slow": 0.0})
    there = found_in(network(people, [road("a", "b", 50, one_way=True), road("a", "b", 100, id="slow")]))
    assert told(there, "cost_hours") == pytest.approx({"a-b": 0.5, "slow": 0.0})
    assert told(there, "cut_share") == pytest.approx({"a-b": 0.0, "slow": 0.5})
    # People are not isolated where a road still joins them, whichever way it runs.
    assert told(there, "isolated_persons") == {"a-b": 0.0, "slow": 0.0}
    assert told(there, "way_round_hours") == pytest.approx({"a-b": 2.0, "slow": np.inf})


def test_of_parallel_roads_each_stands_in_for_the_other_and_both_together_cut() -> None:
    made = network(places((300, 100)), [road("a", "b", 50), road("a", "b", 50)])
    case = bound(made)
    alone = criticality(case, case.epochs[0], RED)
    assert alone.ids.tolist() == ["a-b", "a-b_2"]
    assert [getattr(alone, column).tolist() for column in LOSSES] == [[0.0, 0.0]] * 3
    pairs = pair_criticality(case, case.epochs[0], RED)
    assert pairs.ids.tolist() == [["a-b", "a-b_2"]]
    assert pairs.cut_share.tolist() == pairs.more_cut_share.tolist() == [1.0]
    assert pairs.isolated_persons.tolist() == [100.0]
    assert (pairs.joint, pairs.pairs) == (1, 1)


def test_demand_that_never_had_a_way_is_told_apart_from_what_is_cut() -> None:
    made = network(places((100, 100, 100, 100)), [road("a", "b"), road("c", "d")])
    found = found_in(made)
    assert found.never_share == pytest.approx(2 / 3)
    assert found.joined_share == pytest.approx(1 / 3)
    assert told(found, "cut_share") == pytest.approx({"a-b": 1 / 6, "c-d": 1 / 6})
    assert found.mean_hours == pytest.approx(0.2)


def test_a_node_is_lost_with_what_leads_through_it_not_with_its_own_demand() -> None:
    line = network(places((1000, 400, 300)), [road("a", "b"), road("b", "c")])
    found = found_in(line, nodes=True)
    total = 1700**2 - (1000**2 + 400**2 + 300**2)
    assert found.ids.tolist() == ["b", "a", "c"]
    assert found.cut_share.tolist() == pytest.approx([2 * 1000 * 300 / total, 0.0, 0.0])
    assert found.isolated_persons.tolist() == [300.0, 0.0, 0.0]
    assert found.used_share.tolist() == pytest.approx(found.cut_share.tolist())
    assert np.isnan(found.way_round_hours).all()


def test_only_what_an_actor_holds_and_can_drive_counts() -> None:
    made = network(places((100, 200, 300, 400), "rrbr"), [road("a", "b"), road("b", "c"), road("c", "d")])
    found = found_in(made)
    assert found.ids.tolist() == ["a-b"]
    assert (found.places, found.persons) == (3, 700.0)
    assert found.cut_share[0] == pytest.approx(2 * 100 * 200 / (700**2 - 100**2 - 200**2 - 400**2))
    passage = (PassageRule(actor="red", through="blue", mode="free"),)
    through = found_in(made, passage=passage)
    assert sorted(through.ids.tolist()) == ["a-b", "b-c", "c-d"]
    assert through.persons == 700.0


@pytest.mark.parametrize("persons", [(0, 0, 0), (0, 700, 0)])
def test_with_fewer_than_two_places_with_people_there_is_nothing_to_lose(persons: tuple[int, ...]) -> None:
    case = bound(network(places(persons), [road("a", "b"), road("b", "c")]))
    for nodes in (False, True):
        found = criticality(case, case.epochs[0], RED, nodes=nodes)
        assert found.places == sum(each > 0 for each in persons)
        assert found.mean_hours == found.joined_share == found.never_share == 0.0
        assert not any(getattr(found, column).any() for column in (*LOSSES, "used_share"))
    pairs = pair_criticality(case, case.epochs[0], RED)
    assert (pairs.joint, pairs.pairs, pairs.ids.shape) == (0, 1, (0, 2))


def test_an_actor_without_roads_has_an_empty_table() -> None:
    case = bound(network(places((100, 100), "bb"), [road("a", "b")]))
    found = criticality(case, case.epochs[0], RED)
    assert (found.ids.size, found.persons) == (0, 0.0)
    assert pair_criticality(case, case.epochs[0], RED).pairs == 0


# against networkx


@st.composite
def worlds(draw: st.DrawFn, *, nodes: int = 7, most_roads: int = 11) -> Case:
    """Draw a case with ties, parallel, one-way, looping, closed and endless roads, empty places and two holders."""
    size = draw(st.integers(1, nodes))
    persons = draw(st.lists(st.sampled_from([0, 0, 10, 20, 100, 333]), min_size=size, max_size=size))
    holders = "".join(draw(st.lists(st.sampled_from("rrrrb-"), min_size=size, max_size=size)))
    end = st.sampled_from([chr(97 + at) for at in range(size)])
    hours = st.sampled_from([0.0, 1.0, 1.0, 2.0, 3.0, 0.1, 0.7])
    drawn = draw(st.lists(st.tuples(end, end, hours, st.integers(0, 9)), min_size=1, max_size=most_roads))
    rows = [
        road(tail, head, 10, time, id=f"road{at}", one_way=kind in {0, 1}, share=float(kind != 9))
        for at, (tail, head, time, kind) in enumerate(drawn)
    ]
    passage = (PassageRule(actor="red", through="blue", mode="free"),) if draw(st.booleans()) else ()
    return bound(network(places(persons, holders), rows), passage=passage)


class Oracle:
    """The definitions, taken literally, with networkx."""

    def __init__(self, case: Case, actor: int = RED) -> None:
        epoch, made = case.epochs[0], case.network
        self.persons = np.where(epoch.holder == actor, case.population, 0.0)
        self.graph: Graph = nx.MultiDiGraph()
        self.graph.add_nodes_from(range(made.node_count))
        for link in np.flatnonzero(case.drivable(epoch, actor)).tolist():
            ends = int(made.tail[link]), int(made.head[link])
            self.graph.add_edge(*ends, key=link, hours=float(made.hours[link]), road=str(made.link_id[link]))
        self.total = float(sum(p * q for p, q in combinations(self.persons.tolist(), 2))) * 2
        self.before = self.hours(self.graph)

    def hours(self, graph: Graph) -> dict[int, dict[int, float]]:
        return dict(nx.all_pairs_dijkstra_path_length(graph, weight="hours"))

    def without(self, roads: set[str]) -> Graph:
        left = self.graph.copy()
        left.remove_edges_from(
            [(*ends, key) for *ends, key, name in self.graph.edges(keys=True, data="road") if name in roads]
        )
        return left

    def loss(self, left: Graph, *, spare: int = -1) -> tuple[float, float, float]:
        """Return the hours, demand and people lost in what is left; what begins or ends at `spare` does not count."""
        after = self.hours(left)
        cost = cut = 0.0
        for start, reached in self.before.items():
            for stop, hours in reached.items():
                if start == stop or spare in {start, stop}:
                    continue
                demand = float(self.persons[start] * self.persons[stop])
                if demand and stop not in after.get(start, {}):
                    cut += demand / self.total
                elif demand:
                    cost += demand * (after[start][stop] - hours) / self.total
        return cost, cut, self.isolated(left)

    def isolated(self, left: Graph) -> float:
        lost = 0.0
        for component in nx.weakly_connected_components(self.graph):
            among = left.subgraph(component)
            parts = [float(self.persons[list(part)].sum()) for part in nx.weakly_connected_components(among)]
            lost += sum(parts) - max(parts, default=0.0)
        return lost

    def way_round(self, name: str) -> float:
        left, longest = self.without({name}), 0.0
        for tail, head, road_name in self.graph.edges(data="road"):
            if road_name == name:
                try:
                    longest = max(longest, nx.dijkstra_path_length(left, tail, head, weight="hours"))
                except nx.NetworkXNoPath:
                    longest = np.inf
        return longest


@given(worlds())
def test_the_loss_of_each_road_is_that_of_networkx_without_it(case: Case) -> None:
    found, oracle = criticality(case, case.epochs[0], RED), Oracle(case)
    roads = {name for *_, name in oracle.graph.edges(data="road")}
    assert set(found.ids.tolist()) == roads
    for at, name in enumerate(found.ids.tolist()):
        expected = oracle.loss(oracle.without({name}))
        assert [getattr(found, column)[at] for column in LOSSES] == pytest.approx(expected, abs=1e-9)
        assert found.way_round_hours[at] == pytest.approx(oracle.way_round(name))
        if found.used_share[at] == 0:
            assert [getattr(found, column)[at] for column in LOSSES[:2]] == [0.0, 0.0]
    has_way = [(s, t) for s, reached in oracle.before.items() for t in reached if s != t]
    joined = sum(float(oracle.persons[s] * oracle.persons[t]) for s, t in has_way) / max(oracle.total, 1.0)
    assert found.joined_share == pytest.approx(joined)
    assert found.joined_share + found.never_share == pytest.approx(float(oracle.total > 0))


@given(worlds())
def test_the_loss_of_each_node_is_that_of_networkx_without_it(case: Case) -> None:
    found, oracle = criticality(case, case.epochs[0], RED, nodes=True), Oracle(case)
    assert set(found.position.tolist()) == set(np.flatnonzero(enterable(case.epochs[0], RED)).tolist())
    for at, lost in enumerate(found.position.tolist()):
        left = oracle.graph.copy()
        left.remove_node(lost)
        cost, cut, isolated = oracle.loss(left, spare=lost)
        expected = (cost, cut, isolated)
        assert [getattr(found, column)[at] for column in LOSSES] == pytest.approx(expected, abs=1e-9)


@given(worlds())
def test_they_stand_in_the_order_that_is_promised(case: Case) -> None:
    found = criticality(case, case.epochs[0], RED)
    keys = [
        (-round(cut, 9), -round(people, 9), -round(cost, 9), name)
        for cut, people, cost, name in zip(
            found.cut_share, found.isolated_persons, found.cost_hours, found.ids.tolist(), strict=True
        )
    ]
    assert keys == sorted(keys)


@settings(max_examples=60)
@given(worlds(nodes=6, most_roads=9))
def test_the_loss_of_each_pair_is_that_of_networkx_without_both(case: Case) -> None:
    found, oracle = pair_criticality(case, case.epochs[0], RED, top=None), Oracle(case)
    tables = (found.cost_table, found.cut_table, found.isolated_table)
    more = {}
    for one, two in combinations(range(found.roads.size), 2):
        names = str(found.roads[one]), str(found.roads[two])
        expected = oracle.loss(oracle.without(set(names)))
        assert [table[one, two] for table in tables] == pytest.approx(expected, abs=1e-9)
        alone = [oracle.loss(oracle.without({name})) for name in names]
        beyond = tuple(both - first - second for both, first, second in zip(expected, *alone, strict=True))
        if max(beyond) > 1e-6:
            more[names] = beyond
    assert {(one, two) for one, two in found.ids.tolist()} == more.keys()
    assert found.joint == len(more)
    for at, (one, two) in enumerate(found.ids.tolist()):
        listed = [getattr(found, f"more_{column}")[at] for column in LOSSES]
        assert listed == pytest.approx(more[one, two], abs=1e-9)


@given(worlds())
def test_a_pair_is_symmetric_and_its_diagonal_is_the_loss_of_one_alone(case: Case) -> None:
    found = pair_criticality(case, case.epochs[0], RED)
    order = np.argsort(found.alone.ids)
    for table, column in zip((found.cost_table, found.cut_table, found.isolated_table), LOSSES, strict=True):
        assert np.array_equal(table, table.T)
        assert np.diag(table) == pytest.approx(getattr(found.alone, column)[order], abs=1e-12)


def test_a_pair_with_the_only_one_way_road_of_a_network_is_no_exception() -> None:
    sides = [road("a", "b", 50), road("b", "c", 60), road("c", "d", 70), road("d", "a", 80), road("b", "d", 90)]
    case = bound(network(places((100, 200, 300, 400)), [*sides, road("a", "c", 10, id="one_way", one_way=True)]))
    found, oracle = pair_criticality(case, case.epochs[0], RED), Oracle(case)
    for one, two in combinations(range(found.roads.size), 2):
        expected = oracle.loss(oracle.without({str(found.roads[one]), str(found.roads[two])}))
        tables = (found.cost_table, found.cut_table, found.isolated_table)
        assert [table[one, two] for table in tables] == pytest.approx(expected, abs=1e-12)


def test_what_differs_by_rounding_alone_is_exactly_as_fast() -> None:
    # 0.1 + 0.2 is a hair more than 0.3.
    ways = [road("a", "b", 10, 0.3), road("a", "c", 10, 0.1), road("c", "b", 10, 0.2)]
    case = bound(network(places((100, 100, 0)), ways))
    assert criticality(case, case.epochs[0], RED).cost_hours.tolist() == [0.0, 0.0, 0.0]
    pairs = pair_criticality(case, case.epochs[0], RED)
    assert not pairs.cost_table.any()
    assert pairs.ids.tolist() == [["a-b", "a-c"], ["a-b", "c-b"]]


def test_a_road_of_infinite_hours_is_no_road() -> None:
    ways = [road("a", "b", 50), road("a", "b", 50, float("inf"), id="endless")]
    assert found_in(network(places((100, 100)), ways)).ids.tolist() == ["a-b"]


# whatever the order of the rows


@settings(max_examples=60)
@given(worlds(), st.randoms(use_true_random=False))
def test_renumbering_nodes_and_roads_changes_nothing(case: Case, random: Any) -> None:
    made = case.network
    nodes, roads = list(range(made.node_count)), list(dict.fromkeys(made.link_id.tolist()))
    random.shuffle(nodes)
    random.shuffle(roads)
    other = bound(renumbered(made, nodes, roads), passage=case.scenario.passage)
    for kind in (False, True):
        one, two = (criticality(each, each.epochs[0], RED, nodes=kind) for each in (case, other))
        # Not what is used: of equally fast parallel roads the first counts.
        for column in (*LOSSES, "way_round_hours"):
            assert told(one, column) == pytest.approx(told(two, column), abs=1e-9, nan_ok=True)
    pairs = [pair_criticality(each, each.epochs[0], RED, top=None) for each in (case, other)]
    for table in ("cost_table", "cut_table", "isolated_table"):
        assert getattr(pairs[0], table) == pytest.approx(getattr(pairs[1], table), abs=1e-9)


def renumbered(made: Network, nodes: list[int], roads: list[str]) -> Network:
    """Return the same nodes and roads in another order."""
    held, people = made.control["control_start"], made.population["catchment_2024_persons"]
    rows = {
        str(made.node_id[at]): node(float(made.lon[at]), float(made.lat[at]), float(people[at]), holder=str(held[at]))
        for at in nodes
    }
    links = []
    for name in roads:
        at = int(np.flatnonzero(made.link_id == name)[0])
        ends = str(made.node_id[made.tail[at]]), str(made.node_id[made.head[at]])
        share = float(made.open_share["open_share_start"][at])
        one_way = bool(made.reverse[at] < 0)
        links.append(road(*ends, 10, float(made.hours[at]), id=name, one_way=one_way, share=share))
    return network(rows, links)


# the real one


def homs() -> Case:
    """Return the roads between places of the governorate of Homs as a case by itself."""
    made = read_network("central_syria")
    inside = made.admin1 == "Homs"
    at = np.flatnonzero(inside)
    column = list(made.population)[-1]
    rows = {
        str(made.node_id[one]): node(float(made.lon[one]), float(made.lat[one]), float(made.population[column][one]))
        for one in at.tolist()
    }
    links: dict[str, Any] = {}
    for link in np.flatnonzero((made.mode == ROAD) & inside[made.tail] & inside[made.head]).tolist():
        ends = str(made.node_id[made.tail[link]]), str(made.node_id[made.head[link]])
        links.setdefault(str(made.link_id[link]), road(*ends, 10, float(made.hours[link]), id=str(made.link_id[link])))
    return whole(network(rows, links.values()))


def test_pairs_of_the_roads_of_a_district_lose_what_trying_them_shows() -> None:
    case = homs()
    made, epoch = case.network, case.epochs[0]
    steps: list[float] = []
    found = pair_criticality(case, epoch, RED, top=5, progress=steps.append)
    assert found.roads.size > 60
    assert len(found.ids) == 5 < found.joint
    assert steps == sorted(steps)
    assert 0 <= steps[0] < steps[-1] < 1
    links = case.drivable(epoch, RED)
    persons = case.population
    origins = np.flatnonzero(persons)
    demand = np.outer(persons, persons)[origins][:, origins]
    np.fill_diagonal(demand, 0.0)
    demand /= demand.sum()
    before = Roads(made, links).hours(origins)[:, origins]
    for one, two in list(combinations(range(found.roads.size), 2))[::7]:
        left = links & ~np.isin(made.link_id, found.roads[[one, two]])
        after = Roads(made, left).hours(origins)[:, origins]
        gone = np.isinf(after) & np.isfinite(before)
        kept = np.isfinite(after)
        assert found.cut_table[one, two] == pytest.approx(demand[gone].sum(), abs=1e-12)
        longer = demand[kept] @ (after[kept] - before[kept])
        assert found.cost_table[one, two] == pytest.approx(longer, abs=1e-9)


def test_with_twice_the_people_the_shares_stay_and_twice_as_many_are_isolated() -> None:
    case = homs()
    twice = replace(case, population=case.population * 2)
    one, two = (criticality(each, each.epochs[0], RED) for each in (case, twice))
    assert one.ids.tolist() == two.ids.tolist()
    assert one.cost_hours == pytest.approx(two.cost_hours)
    assert 2 * one.isolated_persons == pytest.approx(two.isolated_persons)
