"""How the basic questions to a network grow with it, from a thousand nodes to half a million."""

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.roadlike import roadlike
from corridor.network import Ints, Mask, Network
from corridor.paths import Roads, bridges, components, isolated_by_links

SIZES = (1_000, 10_000, 100_000, 500_000)
QUESTIONS: dict[str, Callable[[Network, Ints], object]] = {
    "one tree of fastest routes": lambda network, _: Roads(network, everything(network)).hours([0]),
    "components": lambda network, _: components(
        network, np.ones(network.node_count, dtype=np.bool_), everything(network)
    ),
    "bridges": lambda network, road: bridges(network, everything(network), group=road),
    "people isolated by each road": lambda network, road: isolated_by_links(
        network, everything(network), group=road, weight=np.ones(network.node_count)
    ),
}


@cache
def grown(nodes: int) -> tuple[Network, Ints]:
    """Return a network of so many nodes, and the number of each link's road."""
    network = roadlike(nodes)
    back = np.where(network.reverse < 0, np.arange(network.link_count), network.reverse)
    return network, np.unique(np.minimum(np.arange(network.link_count), back), return_inverse=True)[1].astype(np.intp)


def everything(network: Network) -> Mask:
    return np.ones(network.link_count, dtype=np.bool_)


@pytest.mark.parametrize("nodes", SIZES)
@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_to_a_network_of_any_size(benchmark: BenchmarkFixture, question: str, nodes: int) -> None:
    if benchmark.disabled and nodes > SIZES[0]:
        pytest.skip("only measured where benchmarks are enabled: large networks take seconds to build")
    network, road = grown(nodes)
    benchmark.extra_info["nodes"], benchmark.extra_info["links"] = network.node_count, network.link_count
    ask = QUESTIONS[question]
    benchmark(lambda: ask(network, road))
