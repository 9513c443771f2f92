"""Every road removed, one at a time, against a loop of plain shortest paths; a few of them unless FULL_PEER is set."""

import os
from collections.abc import Callable
from time import process_time
from typing import NamedTuple, TypeVar

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra  # noqa: TID251  # the peer is that very function

from benchmarks.roadlike import roadlike
from corridor.network import Floats, Ints
from corridor.paths import removal_of_links, removal_of_nodes, way_round

FACILITIES = 20
FULL = bool(os.environ.get("FULL_PEER"))
"""Whether the peers remove every road, which takes ten minutes, and not some whose time is scaled up."""
Made = TypeVar("Made")

pytestmark = pytest.mark.benchmark(timer=process_time)
"""CPU time on both sides: a loop of ten minutes shares its processor."""


class Streets(NamedTuple):
    """What is asked of a network here: links i and i ^ 1 are the two ways of road i // 2."""

    tail: Ints
    head: Ints
    hours: Floats
    node_count: int
    link_count: int


class Peer:
    """A matrix made once, in which only the hours of what is removed change."""

    def __init__(self, streets: Streets, facilities: Ints) -> None:
        self.facilities = facilities
        order = np.lexsort((streets.head, streets.tail))
        starts = np.searchsorted(streets.tail[order], np.arange(streets.node_count + 1))
        self.place = np.empty(order.size, dtype=np.intp)
        self.place[order] = np.arange(order.size)
        self.graph: csr_array[np.float64, tuple[int, int]]
        self.graph = csr_array((streets.hours[order], streets.head[order], starts), shape=(streets.node_count,) * 2)
        self.before = self.between()

    def between(self) -> Floats:
        """Return the hours between the facilities."""
        return np.asarray(dijkstra(self.graph, indices=self.facilities))[:, self.facilities]

    def without(self, links: Ints) -> tuple[float, float]:
        """Return the mean hours added and the share of pairs cut when links are removed."""
        data, place = self.graph.data, self.place[links]
        kept = data[place]
        data[place] = np.inf
        after = self.between()
        data[place] = kept
        joined = np.isfinite(after)
        pairs = FACILITIES * (FACILITIES - 1)
        return (after[joined] - self.before[joined]).sum() / pairs, np.isinf(after).sum() / pairs


def streets_of(nodes: int, *, directed: bool) -> Streets:
    network = roadlike(nodes)
    hours = network.hours
    if directed:
        hours = hours * np.random.default_rng(3).uniform(0.8, 1.25, network.link_count)
    return Streets(network.tail, network.head, hours, network.node_count, network.link_count)


def trips(streets: Streets) -> tuple[Ints, Floats]:
    """Return twenty facilities, and the same demand between any two of them."""
    facilities = np.random.default_rng(1).choice(streets.node_count, FACILITIES, replace=False)
    demand = np.zeros((FACILITIES, streets.node_count))
    demand[:, facilities] = 1 / (FACILITIES * (FACILITIES - 1))
    demand[np.arange(FACILITIES), facilities] = 0.0
    return facilities, demand


def timed(benchmark: BenchmarkFixture, action: Callable[[], Made], *, rounds: int = 5) -> Made:
    pedantic: Callable[..., Made] = benchmark.pedantic
    return pedantic(action, rounds=rounds, warmup_rounds=1)


def told(benchmark: BenchmarkFixture, seconds: float, what: str) -> None:
    """Say how many times as long as here it took; benchmark.stats is None where benchmarks are disabled."""
    if benchmark.stats is not None:
        ratio = seconds / benchmark.stats.stats.min
        benchmark.extra_info[what.replace(" ", "_")] = round(ratio)
        print(f"\n{what}: {seconds:.1f} s against {benchmark.stats.stats.min:.3f} s, {ratio:.0f} times")


@pytest.mark.parametrize(("directed", "sample"), [(False, 500), (True, 500)], ids=["as_long_both_ways", "directed"])
def test_every_road_of_ten_thousand_nodes_removed(benchmark: BenchmarkFixture, *, directed: bool, sample: int) -> None:
    streets = streets_of(10_000, directed=directed)
    facilities, demand = trips(streets)
    every, group = np.ones(streets.link_count, dtype=bool), np.arange(streets.link_count) // 2
    found = timed(benchmark, lambda: removal_of_links(streets, every, facilities, demand, group=group))
    roads = np.arange(streets.link_count // 2)
    if not FULL:
        # Half of those tried matter to somebody: most roads matter to nobody.
        draw = np.random.default_rng(2)
        matter = np.flatnonzero(found.added + found.lost)
        roads = np.append(draw.choice(matter, sample // 2, replace=False), draw.choice(roads, sample // 2))
    peer = Peer(streets, facilities)
    start = process_time()
    losses = np.array([peer.without(np.array([2 * road, 2 * road + 1])) for road in roads.tolist()])
    seconds = (process_time() - start) * (streets.link_count / 2) / roads.size
    np.testing.assert_allclose(found.added[roads], losses[:, 0], rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.lost[roads], losses[:, 1], rtol=0, atol=1e-9)
    told(benchmark, seconds, "a scipy loop in full" if FULL else f"a scipy loop by {sample} roads")


def test_every_road_of_a_hundred_thousand_nodes_costs_a_few_shortest_path_trees(benchmark: BenchmarkFixture) -> None:
    streets = streets_of(100_000, directed=False)
    facilities, demand = trips(streets)
    every, group = np.ones(streets.link_count, dtype=bool), np.arange(streets.link_count) // 2
    found = timed(benchmark, lambda: removal_of_links(streets, every, facilities, demand, group=group))
    peer = Peer(streets, facilities)
    seconds = min(_seconds(peer.between) for _ in range(3))
    for road in np.random.default_rng(2).choice(np.flatnonzero(found.added), 5).tolist():
        added, lost = peer.without(np.array([2 * road, 2 * road + 1]))
        np.testing.assert_allclose([found.added[road], found.lost[road]], [added, lost], rtol=0, atol=1e-9)
    if benchmark.stats is not None:
        ratio = benchmark.stats.stats.min / seconds
        benchmark.extra_info["times_one_tree_per_facility"] = round(ratio, 1)
        print(f"\n{ratio:.1f} times one tree per facility ({seconds:.2f} s)")


def test_every_node_of_ten_thousand_removed(benchmark: BenchmarkFixture) -> None:
    streets = streets_of(10_000, directed=False)
    facilities, demand = trips(streets)
    every = np.ones(streets.link_count, dtype=bool)
    found = timed(benchmark, lambda: removal_of_nodes(streets, every, facilities, demand), rounds=2)
    draw = np.random.default_rng(2)
    matter = np.setdiff1d(np.flatnonzero(found.added + found.lost), facilities)
    nodes = draw.choice(matter, 100, replace=False)
    peer = Peer(streets, facilities)
    start = process_time()
    losses = np.array([peer.without(np.flatnonzero((streets.tail == at) | (streets.head == at))) for at in nodes])
    seconds = (process_time() - start) * streets.node_count / nodes.size
    np.testing.assert_allclose(np.column_stack((found.added, found.lost))[nodes], losses, rtol=0, atol=1e-9)
    told(benchmark, seconds, "a scipy loop by 100 nodes")


def test_the_way_round_every_road_of_ten_thousand_nodes(benchmark: BenchmarkFixture) -> None:
    streets = streets_of(10_000, directed=False)
    every, group = np.ones(streets.link_count, dtype=bool), np.arange(streets.link_count) // 2
    found = timed(benchmark, lambda: way_round(streets, every, group=group))
    roads = np.random.default_rng(2).choice(found.size, 300, replace=False).tolist()
    peer = Peer(streets, np.zeros(0, dtype=np.intp))
    start = process_time()
    hours = [_way_round(peer, streets, road) for road in roads]
    seconds = (process_time() - start) * found.size / len(roads)
    np.testing.assert_allclose(found[roads], hours, rtol=0, atol=1e-9)
    told(benchmark, seconds, "a scipy loop by 300 roads")


def _way_round(peer: Peer, streets: Streets, road: int) -> float:
    place = peer.place[[2 * road, 2 * road + 1]]
    kept = peer.graph.data[place]
    peer.graph.data[place] = np.inf
    hours = dijkstra(peer.graph, indices=[streets.tail[2 * road]])[0, streets.head[2 * road]]
    peer.graph.data[place] = kept
    return float(hours)


def _seconds(action: Callable[[], object]) -> float:
    start = process_time()
    action()
    return process_time() - start
