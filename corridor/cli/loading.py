"""From the files a user names to a case, or to every fault in them."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from corridor.case import Case, bind
from corridor.errors import CorridorError, Fault, RunError, ScenarioError
from corridor.network import Network
from corridor.scenario import SCHEMA_PATH, Document, Scenario, read_scenario, render, starter
from corridor.scenario.values import read_instant
from corridor.sources import network_names, network_sha256, read_network

__all__ = ["Loaded", "check_scenarios", "instant_of", "load", "settings_of", "write_starter"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A scenario's case, with the hashes of what it was read from."""

    case: Case
    scenario_sha256: str
    network_sha256: str


def load(path: Path, *, settings: Mapping[str, str] | None = None) -> Loaded:
    """Return the case of a scenario file.

    Raises
    ------
    ScenarioError
        With the faults of the file, its tables and its network as they are to be printed.
    """
    document = read_scenario(path, settings=settings or {})
    case, faults = _bound(document, path)
    if faults or case is None:
        raise ScenarioError(render(faults))
    named = _network_path(path, case.scenario)
    return Loaded(case=case, scenario_sha256=document.sha256, network_sha256=network_sha256(named))


def check_scenarios(paths: Iterable[Path]) -> None:
    """Look for faults in several scenario files.

    Raises
    ------
    ScenarioError
        With the faults of all of them as they are to be printed.
    """
    faults: dict[Fault, None] = {}
    for path in paths:
        faults.update(dict.fromkeys(_bound(read_scenario(path), path)[1]))
    if faults:
        raise ScenarioError(render(list(faults)))


def settings_of(pairs: Sequence[str], seed: int | None = None) -> dict[str, str]:
    """Return what ``--set key=value`` and ``--seed`` ask for as settings of a scenario.

    Raises
    ------
    ScenarioError
        If one has no key or no equals sign.
    """
    wrong = [pair for pair in pairs if not pair.partition("=")[0].strip() or "=" not in pair]
    if wrong:
        raise ScenarioError(f"--set {wrong[0]}: expected key=value, such as --set supply.trip_time_factor=2")
    settings = {key.strip(): value for key, _, value in (pair.partition("=") for pair in pairs)}
    return settings if seed is None else {**settings, "draw.seed": str(seed)}


def instant_of(text: str, case: Case) -> float:
    """Return an instant as hours since the scenario's start.

    Raises
    ------
    ScenarioError
        If it has no offset, is no time at all, or lies outside the scenario.
    """
    scenario = case.scenario
    try:
        instant: datetime = read_instant(text)
    except ValueError as error:
        raise ScenarioError(f"--at: '{text}' {error}") from None
    if not scenario.start <= instant <= scenario.end:
        span = " to ".join(edge.isoformat(timespec="minutes") for edge in (scenario.start, scenario.end))
        raise ScenarioError(f"--at: {text} lies outside the scenario, which runs from {span}")
    return case.hour(instant)


def write_starter(name: str) -> Path:
    """Write the starter scenario ``name.yaml`` and return its path.

    Raises
    ------
    RunError
        If there is such a file already, or it cannot be written.
    ScenarioError
        If `name` cannot name a scenario.
    """
    path = Path(name.removesuffix(".yaml") + ".yaml")
    content = starter(path.stem, schema=Path(os.path.relpath(SCHEMA_PATH, path.absolute().parent)).as_posix())
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(content)
    except FileExistsError:
        raise RunError(f"{path} is there already and was left as it is; choose another name") from None
    except OSError as error:
        raise RunError(f"{path} cannot be written: {error.strerror}") from error
    return path


def _bound(document: Document, path: Path) -> tuple[Case | None, tuple[Fault, ...]]:
    """Return the case of a document, if it can be bound, and the faults of reading and binding it."""
    scenario = document.scenario
    if scenario is None:
        return None, document.faults
    case, found = None, list[Fault]()
    try:
        case = bind(scenario, _network(path, scenario))
    except CorridorError as error:
        found = list(error.faults)
    return case, document.place(found)


def _network(path: Path, scenario: Scenario) -> Network:
    """Return the network of a scenario; that there is none is a fault of the scenario's line that names it."""
    try:
        return read_network(_network_path(path, scenario))
    except CorridorError as error:
        nameless = [fault for fault in error.faults if not fault.file]
        if not nameless:
            raise
        raise ScenarioError([Fault(message=fault.message, where=("network",)) for fault in nameless]) from error


def _network_path(path: Path, scenario: Scenario) -> str:
    """Return a packaged network's name, or the folder: beside the scenario's file where it is there."""
    if scenario.network in network_names():
        return scenario.network
    beside = path.parent / scenario.network
    return str(beside) if beside.is_dir() else scenario.network
