"""Pockets of all actors after each of a thousand control changes, against the components of every state anew."""

from collections.abc import Callable
from time import process_time
from typing import NamedTuple

import numpy as np
from pytest_benchmark.fixture import BenchmarkFixture
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components  # noqa: TID251 (it is what is measured against)
from scipy.spatial import cKDTree

from benchmarks.roadlike import roadlike
from corridor.network import Floats, Ints, Network
from corridor.paths import Evolution, History, evolving

NODES, TENTH, CHANGES, ACTORS, SEEDS, INSIDE = 100_000, 10_000, 1_000, 4, 12, 0.1
THRESHOLD = np.full(ACTORS, 50_000.0)


class Pockets(NamedTuple):
    """Hold pockets, people of the largest, squares of people and substantial pockets, each (steps, actors)."""

    pockets: Ints
    largest: Floats
    squares: Floats
    substantial: Ints


def history_of(network: Network, *, seed: int = 0) -> History:
    """Return regions round seeds, each of one actor, and changes: nine in ten at a front, the others anywhere."""
    draw = np.random.default_rng(seed)
    spot = np.column_stack((network.lon, network.lat))
    seeds = draw.choice(network.node_count, SEEDS, replace=False)
    nearest: Ints = np.asarray(cKDTree(spot[seeds]).query(spot)[1], dtype=np.intp)
    first = nearest % ACTORS
    now = first.copy()
    order = np.argsort(network.tail, kind="stable")
    start = np.searchsorted(network.tail[order], np.arange(network.node_count + 1))
    front = np.flatnonzero(first[network.tail] != first[network.head])
    taken: list[tuple[int, int]] = []
    while len(taken) < CHANGES:
        if draw.random() < INSIDE:
            node, by = int(draw.integers(network.node_count)), int(draw.integers(ACTORS))
        else:
            # An advance: whoever holds one end of a link at a front takes the other, and the front moves with it.
            link = front[draw.integers(front.size)]
            node, by = int(network.tail[link]), int(now[network.head[link]])
            front = np.append(front, order[start[node] : start[node + 1]])
        if now[node] != by:
            now[node] = by
            taken.append((node, by))
    node, by = np.array(taken, dtype=np.intp).T
    none = np.zeros(0, dtype=np.intp)
    return History(
        steps=CHANGES + 1,
        holder=first,
        open=np.ones(network.link_count, dtype=np.bool_),
        taken_step=np.arange(1, CHANGES + 1),
        taken_node=node,
        taken_by=by,
        turned_step=none,
        turned_link=none,
        turned_open=none.astype(np.bool_),
    )


def one_by_one(network: Network, history: History, weight: Floats) -> Pockets:
    """Return the pockets of every state as scipy finds them, each road once, its matrix made without sorting."""
    order = np.lexsort((network.head, network.tail))
    order = order[network.reverse[order] > order]
    tail, head = network.tail[order].astype(np.int32), network.head[order].astype(np.int32)
    size, holder = network.node_count, history.holder.copy()
    start = np.searchsorted(tail, np.arange(size + 1))
    rows = []
    for step in range(history.steps):
        if step:
            holder[history.taken_node[step - 1]] = history.taken_by[step - 1]
        joined = holder[tail] == holder[head]
        ends = head[joined]
        before = np.concatenate([[0], np.cumsum(joined, dtype=np.int32)])
        graph = csr_array((np.ones(ends.size), ends, before[start]), shape=(size, size))
        count, label = connected_components(graph, directed=False)
        persons = np.bincount(label, weight, count)
        actor = np.empty(count, dtype=np.intp)
        actor[label] = holder
        largest = np.zeros(ACTORS)
        np.maximum.at(largest, actor, persons)
        substantial = np.bincount(actor[persons >= THRESHOLD[actor]], minlength=ACTORS)
        rows.append(
            (np.bincount(actor, minlength=ACTORS), largest, np.bincount(actor, persons**2, ACTORS), substantial)
        )
    return Pockets(*(np.array(column) for column in zip(*rows, strict=True)))


def people(network: Network) -> Floats:
    return np.random.default_rng(1).integers(0, 5_000, network.node_count).astype(np.float64)


def test_pockets_after_each_of_a_thousand_changes(benchmark: BenchmarkFixture) -> None:
    worlds = {size: (network := roadlike(size), history_of(network), people(network)) for size in (TENTH, NODES)}
    taken: dict[int, list[float]] = {TENTH: [], NODES: []}
    found: dict[int, Evolution] = {}

    def follow_both() -> None:
        # In turn and in CPU seconds, so that what else runs on the machine changes no ratio.
        for size, (network, history, weight) in worlds.items():
            begun = process_time()
            found[size] = evolving(network, history, weight=weight, threshold=THRESHOLD)
            taken[size].append(process_time() - begun)

    timed: Callable[..., None] = benchmark.pedantic
    timed(follow_both, rounds=30)
    size = TENTH if benchmark.stats is None else NODES  # None where benchmarks are disabled
    begun = process_time()
    peer = one_by_one(*worlds[size])
    anew = process_time() - begun
    for name in Pockets._fields:
        np.testing.assert_array_equal(getattr(found[size], name), getattr(peer, name))
    if benchmark.stats is not None:
        tenth, own = min(taken[TENTH]), min(taken[NODES])
        benchmark.extra_info["seconds"] = own
        benchmark.extra_info["times_faster_than_scipy"] = round(anew / own)
        benchmark.extra_info["times_that_of_a_tenth_of_the_nodes"] = round(own / tenth, 2)
        print(f"\n{own:.4f} s, {own / tenth:.2f} times as long as {TENTH} nodes take ({tenth:.4f} s);", end=" ")
        print(f"anew each time {anew:.1f} s, {anew / own:.0f} times as long")
