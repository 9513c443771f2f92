"""What a run, its parts and the command line cost; nothing here asserts a time."""

import os
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Generator
from pathlib import Path
from time import perf_counter
from typing import TypeVar

import numpy as np
import pytest
import simpy
from pytest_benchmark.fixture import BenchmarkFixture

from corridor.case import bind
from corridor.network import Network
from corridor.scenario import load_scenario
from corridor.simulation import Atlas, simulate
from corridor.sources import read_network

ROOT = Path(__file__).parent.parent
HOMS = ROOT / "scenarios" / "homs_2024.yaml"
Made = TypeVar("Made")
CORRIDOR = [sys.executable, "-c", "from corridor.cli import main; main()"]


@pytest.fixture(scope="module")
def network() -> Network:
    return read_network("central_syria")


def timed(benchmark: BenchmarkFixture, action: Callable[[], Made], *, rounds: int, warmup: int = 0) -> Made:
    """Time an action so many times, after so many times that do not count; return what it gave."""
    pedantic: Callable[..., Made] = benchmark.pedantic
    return pedantic(action, rounds=rounds, warmup_rounds=warmup)


def bare_seconds(events: int) -> float:
    """Return how long SimPy takes for as many events in which nothing happens: one process, one timeout each."""

    def tick(clock: simpy.Environment) -> Generator[simpy.Event]:
        for _ in range(events):
            yield clock.timeout(1.0)

    clock = simpy.Environment()
    clock.process(tick(clock))
    start = perf_counter()
    clock.run()
    return perf_counter() - start


def command(*arguments: str, cwd: Path) -> None:
    """Run the command line in a process of its own, as a user does."""
    subprocess.run([*CORRIDOR, *arguments], cwd=cwd, check=True, capture_output=True, env=_environment())


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.mark.parametrize("shared", [False, True], ids=["the_first", "a_further"])
@pytest.mark.parametrize("name", ["homs_2024", "old_city_siege_2012_2014"])
def test_one_replication_without_output(
    benchmark: BenchmarkFixture, network: Network, name: str, *, shared: bool
) -> None:
    case = bind(load_scenario(ROOT / "scenarios" / f"{name}.yaml"), network)
    atlas = Atlas(case) if shared else None
    seed = np.random.SeedSequence(1)
    trace = timed(benchmark, lambda: simulate(case, seed, atlas=atlas), rounds=5, warmup=1)
    benchmark.extra_info["events"] = trace.events_processed
    if benchmark.stats is not None:  # None where benchmarks are disabled
        bare = min(bare_seconds(trace.events_processed) for _ in range(5))
        ratio = benchmark.stats.stats.min / bare
        benchmark.extra_info["times_bare_simpy"] = round(ratio, 1)
        benchmark.extra_info["peak_megabytes"] = peak = round(peak_megabytes(lambda: simulate(case, seed)))
        print(f"\n{trace.events_processed} events, {ratio:.0f} times bare SimPy ({bare:.3f} s), {peak} MB at most")


def peak_megabytes(action: Callable[[], object]) -> float:
    """Return the most memory that an action holds at once, megabytes."""
    tracemalloc.start()
    action()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def test_the_whole_command_with_figures(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    timed(benchmark, lambda: command("run", str(HOMS), cwd=tmp_path), rounds=1)


def test_the_whole_command_without_figures(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    timed(benchmark, lambda: command("run", str(HOMS), "--no-figures", cwd=tmp_path), rounds=3)


def test_help(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    timed(benchmark, lambda: command("--help", cwd=tmp_path), rounds=10, warmup=1)


def test_loading_the_network(benchmark: BenchmarkFixture) -> None:
    benchmark(read_network, "central_syria")


def test_reading_the_scenario(benchmark: BenchmarkFixture) -> None:
    benchmark(load_scenario, HOMS)


def test_binding_the_scenario(benchmark: BenchmarkFixture, network: Network) -> None:
    scenario = load_scenario(HOMS)
    benchmark(bind, scenario, network)
