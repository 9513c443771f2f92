"""What a run, its parts and the command line cost; nothing here asserts a time."""

import os
import subprocess
import sys
from collections.abc import Callable, Generator
from pathlib import Path
from time import perf_counter
from typing import TypeVar

import numpy as np
import pytest
import simpy
from pytest_benchmark.fixture import BenchmarkFixture

from corridor.case import Case, bind
from corridor.network import Network
from corridor.scenario import load_scenario
from corridor.simulation import simulate
from corridor.sources import read_network

ROOT = Path(__file__).parent.parent
HOMS = ROOT / "scenarios" / "homs_2024.yaml"
Made = TypeVar("Made")
CORRIDOR = [sys.executable, "-c", "from corridor.cli import main; main()"]


@pytest.fixture(scope="module")
def network() -> Network:
    return read_network("central_syria")


@pytest.fixture(scope="module")
def case(network: Network) -> Case:
    return bind(load_scenario(HOMS), network)


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


def test_one_replication_of_homs_2024_without_output(benchmark: BenchmarkFixture, case: Case) -> None:
    trace = timed(benchmark, lambda: simulate(case, np.random.SeedSequence(1)), rounds=5, warmup=1)
    bare = min(bare_seconds(trace.events_processed) for _ in range(5))
    benchmark.extra_info["events"] = trace.events_processed
    benchmark.extra_info["bare_simpy_seconds"] = round(bare, 4)
    if benchmark.stats is not None:  # None where benchmarks are disabled
        ratio = benchmark.stats.stats.min / bare
        benchmark.extra_info["times_bare_simpy"] = round(ratio, 2)
        print(f"\n{trace.events_processed} events, bare SimPy {bare:.3f} s, this {ratio:.1f} times that")


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
