"""What the minimum cut between places at every epoch costs, beside networkx; nothing here asserts a time."""

from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import networkx as nx
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from corridor.case import Case, bind, capacity
from corridor.control import Epoch
from corridor.metrics import Cut, cuts
from corridor.scenario import load_scenario
from corridor.sources import read_network

ROOT = Path(__file__).parent.parent
FROM, TO = ("tartus", "latakia"), ("damascus",)


@pytest.fixture(scope="module")
def homs() -> Case:
    return bind(load_scenario(ROOT / "scenarios" / "homs_2024.yaml"), read_network("central_syria"))


def ends(case: Case) -> tuple[list[int], list[int]]:
    known = case.network.node_positions()
    return [known[name] for name in FROM], [known[name] for name in TO]


def networkx_cut(case: Case, epoch: Epoch, actor: int, origins: list[int], destinations: list[int]) -> float:
    """Return the value of the minimum cut in one graph of the epoch, capacities of parallel links added up."""
    daily = capacity(case, epoch, actor).links
    used = daily.nonzero()[0]
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from((-1, -2))
    for tail, head, amount in zip(
        case.network.tail[used].tolist(), case.network.head[used].tolist(), daily[used].tolist(), strict=True
    ):
        if graph.has_edge(tail, head):
            graph.edges[tail, head]["capacity"] += amount
        else:
            graph.add_edge(tail, head, capacity=amount)
    # Without a capacity: as much as can flow.
    graph.add_edges_from((-1, node) for node in origins if node in graph)
    graph.add_edges_from((node, -2) for node in destinations if node in graph)
    value, _ = nx.minimum_cut(graph, -1, -2)
    return float(value)


def test_the_minimum_cut_from_coast_to_damascus_at_every_epoch(benchmark: BenchmarkFixture, homs: Case) -> None:
    actor = homs.actors.index("regime")
    origins, destinations = ends(homs)
    cuts(homs, actor, origins, destinations)

    def found() -> tuple[tuple[Epoch, Cut], ...]:
        return cuts(homs, actor, origins, destinations)

    pedantic: Callable[..., tuple[tuple[Epoch, Cut], ...]] = benchmark.pedantic
    ours = pedantic(found, rounds=20)
    start = perf_counter()
    theirs = [networkx_cut(homs, epoch, actor, origins, destinations) for epoch in homs.epochs]
    seconds = perf_counter() - start
    # Places that the actor may not enter have no link that it can drive, so that nothing leaves or reaches them.
    assert [one.value for _, one in ours] == pytest.approx(theirs)
    start = perf_counter()
    changed = distinct(homs, actor)
    for epoch in changed:
        networkx_cut(homs, epoch, actor, origins, destinations)
    sparing = perf_counter() - start
    if benchmark.stats is not None:  # None where benchmarks are disabled
        least = benchmark.stats.stats.min
        benchmark.extra_info["epochs"] = len(homs.epochs)
        benchmark.extra_info["distinct"] = len(changed)
        benchmark.extra_info["times_networkx"] = round(seconds / least, 1)
        benchmark.extra_info["times_networkx_where_changed"] = round(sparing / least, 1)
        print(
            f"\n{len(homs.epochs)} epochs, {len(changed)} with other capacities: {least:.3f} s; networkx "
            f"{seconds:.2f} s, {seconds / least:.0f} times; only where capacities change {sparing / least:.0f} times"
        )


def distinct(case: Case, actor: int) -> list[Epoch]:
    """Return the first epoch of each state of the actor's capacities."""
    first: dict[bytes, Epoch] = {}
    for epoch in case.epochs:
        first.setdefault(capacity(case, epoch, actor).links.tobytes(), epoch)
    return list(first.values())
