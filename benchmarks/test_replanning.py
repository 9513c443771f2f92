"""Lorries that plan again when roads close: this engine against a plain SimPy and networkx model of the same rules."""

from collections.abc import Callable, Generator
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import NamedTuple

import networkx as nx
import numpy as np
import pytest
import simpy
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.roadlike import roadlike
from corridor.case import AidConvoy, Case, SupplyCase
from corridor.control import Change, ControlTimeline, epochs
from corridor.network import Network
from corridor.policies import FairShare
from corridor.scenario.model import Actor, Control, Links, Scenario, Supply
from corridor.simulation import Trace, simulate

NODES, LORRIES, CLOSURES, PLACES, HOURS = 1_000, 2_000, 200, 40, 80.0
START = datetime(2024, 1, 1, tzinfo=UTC)


class Trip(NamedTuple):
    start: float
    origin: int
    destination: int


@pytest.fixture(scope="module")
def network() -> Network:
    return roadlike(NODES)


@pytest.fixture(scope="module")
def trips(network: Network) -> list[Trip]:
    draw = np.random.default_rng(1)
    places = draw.choice(network.node_count, PLACES, replace=False)
    ends = [draw.choice(places, 2, replace=False).tolist() for _ in range(LORRIES)]
    return [Trip(start, *pair) for start, pair in zip(np.sort(draw.random(LORRIES) * 4).tolist(), ends, strict=True)]


@pytest.fixture(scope="module")
def closures(network: Network) -> list[tuple[float, str]]:
    """Return when which road closes, for good, so that every place still reaches every other."""
    draw = np.random.default_rng(2)
    graph: nx.Graph[int] = nx.Graph()
    graph.add_edges_from(
        (tail, head, {"id": link})
        for tail, head, link in zip(network.tail.tolist(), network.head.tolist(), network.link_id.tolist(), strict=True)
    )
    closed = []
    for tail, head, link in draw.permutation(list(graph.edges(data="id"))).tolist():
        graph.remove_edge(int(tail), int(head))
        if nx.has_path(graph, int(tail), int(head)):
            closed.append(link)
        else:
            graph.add_edge(int(tail), int(head), id=link)
        if len(closed) == CLOSURES:
            break
    return list(zip(np.sort(draw.random(CLOSURES) * 10).tolist(), closed, strict=True))


def case_of(network: Network, trips: list[Trip], closures: list[tuple[float, str]]) -> Case:
    """Return the case: each lorry a dated convoy that drives on to where it was promised by whatever way there is."""
    positions = network.link_positions()
    changes = [Change(time=time, event=link, links=positions[link], share=0.0) for time, link in closures]
    timeline = ControlTimeline(
        holder=np.zeros(network.node_count, dtype=np.intp),
        share=np.ones((1, network.link_count)),
        passage=(),
        changes=tuple(changes),
    )
    return Case(
        scenario=_scenario(),
        network=network,
        actors=("red",),
        warmup=0.0,
        end=HOURS * 2,
        population=np.zeros(network.node_count),
        timeline=timeline,
        epochs=epochs(timeline, start=0.0, end=HOURS * 2),
        supply=_supply(network, trips),
        uses=(),
    )


def _supply(network: Network, trips: list[Trip]) -> SupplyCase:
    nothing = np.zeros((network.node_count, 1))
    aid = [
        AidConvoy(
            time=trip.start,
            event=str(number),
            actor=0,
            origin=trip.origin,
            destination=trip.destination,
            commodity=0,
            tonnes=1.0,
        )
        for number, trip in enumerate(trips)
    ]
    return SupplyCase(
        commodities=("flour",),
        vehicles=("lorry",),
        rate=nothing,
        demand=nothing,
        stock=nothing,
        capacity=nothing + np.inf,
        target=nothing,
        tier=np.full((network.node_count, 1), -1, dtype=np.intp),
        vehicle=np.zeros(1, dtype=np.intp),
        payload=np.ones(1),
        fleet=np.zeros((network.node_count, 1), dtype=np.intp),
        bays={},
        order=(0,),
        rank=np.zeros(network.node_count, dtype=np.intp),
        ration_level=nothing[:, :, None],
        ration_share=nothing[:, :, None] + 1.0,
        sources=(),
        pipes=(),
        rate_changes=(),
        demand_changes=(),
        movements=(),
        displacement=(),
        aid=tuple(aid),
    )


def _scenario() -> Scenario:
    return Scenario(
        name="replanning",
        title="Replanning",
        network="roadlike",
        start=START,
        end=START + timedelta(hours=HOURS * 2),
        population="none",
        actors={"red": Actor(name="red", colour="#000000")},
        control=Control(from_="none"),
        links=Links(roads="none", pipelines="none"),
        supply=Supply(
            commodities=("flour",),
            policy=FairShare(review_hours=240.0),
            trip_time_factor=1.0,
            unloading_hours=0.0,
        ),
    )


class Plain:
    """One process a lorry, one event a road, one search in a graph a plan.

    A lorry looks at the rest of its way at every node and plans again if a road of it has closed; with `always` it
    plans again at every node. Where roads only close, it arrives at the same time either way.
    """

    def __init__(self, network: Network, trips: list[Trip], closures: list[tuple[float, str]], *, always: bool) -> None:
        self.clock = simpy.Environment()
        self.always = always
        ends = list(zip(network.tail.tolist(), network.head.tolist(), strict=True))
        self.ends = dict(zip(network.link_id.tolist(), ends, strict=True))
        self.roads: nx.Graph[int] = nx.Graph()
        for (tail, head), hours in zip(ends, network.hours.tolist(), strict=True):
            self.roads.add_edge(tail, head, hours=hours)
        self.on_road: dict[frozenset[int], set[simpy.Process]] = {}
        self.arrived = [float("nan")] * len(trips)
        self.plans = 0
        for number, trip in enumerate(trips):
            self.clock.process(self._drive(number, trip))
        self.clock.process(self._close(closures))

    def run(self) -> float:
        """Let all lorries arrive; return the seconds it took."""
        start = perf_counter()
        self.clock.run()
        return perf_counter() - start

    def _close(self, closures: list[tuple[float, str]]) -> Generator[simpy.Event]:
        for time, link in closures:
            yield self.clock.timeout(time - self.clock.now)
            tail, head = self.ends[link]
            self.roads.remove_edge(tail, head)
            for lorry in list(self.on_road.get(frozenset((tail, head)), ())):
                lorry.interrupt()

    def _plan(self, origin: int, destination: int) -> list[int]:
        self.plans += 1
        path: list[int] = nx.dijkstra_path(self.roads, origin, destination, weight="hours")
        return path[1:]

    def _is_lost(self, node: int, way: list[int]) -> bool:
        return not all(self.roads.has_edge(*pair) for pair in zip([node, *way], way, strict=False))

    def _drive(self, number: int, trip: Trip) -> Generator[simpy.Event]:
        yield self.clock.timeout(trip.start)
        me = self.clock.active_process
        assert me is not None
        node, way = trip.origin, self._plan(trip.origin, trip.destination)
        while node != trip.destination:
            if self.always or self._is_lost(node, way):
                way = self._plan(node, trip.destination)
            road, since = frozenset((node, way[0])), self.clock.now
            self.on_road.setdefault(road, set()).add(me)
            try:
                yield self.clock.timeout(self.roads.edges[node, way[0]]["hours"])
                node, way = way[0], way[1:]
            except simpy.Interrupt:
                yield self.clock.timeout(self.clock.now - since)
            finally:
                self.on_road[road].discard(me)
        self.arrived[number] = self.clock.now


def test_lorries_plan_again_as_in_a_plain_model_and_far_faster(
    benchmark: BenchmarkFixture, network: Network, trips: list[Trip], closures: list[tuple[float, str]]
) -> None:
    case = case_of(network, trips, closures)
    timed: Callable[..., Trace] = benchmark.pedantic
    trace = timed(lambda: simulate(case, np.random.SeedSequence(1)), rounds=3)
    found = [row.arrived for row in sorted(trace.shipments, key=lambda row: row.departed)]
    measured = benchmark.stats is not None  # None where benchmarks are disabled
    for what, always in (("where its way is lost", False), ("at every node", True))[: 2 if measured else 1]:
        plain = Plain(network, trips, closures, always=always)
        seconds = plain.run()
        np.testing.assert_allclose(found, plain.arrived, rtol=0, atol=1e-9)
        if benchmark.stats is not None:
            ratio = seconds / benchmark.stats.stats.min
            benchmark.extra_info[f"times_faster_than_planning_{what.replace(' ', '_')}"] = round(ratio)
            print(f"\nplanning {what}: {plain.plans} plans in {seconds:.2f} s, {ratio:.0f} times as long as here")
