"""What the README and the pages say is so: commands run, files exist, every key and column is explained."""

import json
import re
import shlex
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from corridor.case import Case, bind
from corridor.cli import main
from corridor.metrics import pockets
from corridor.network import Network
from corridor.scenario import Scenario, load_scenario, scenario_schema
from corridor.simulation import Trace, simulate
from corridor.sources import read_network

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def console() -> list[tuple[str, str]]:
    """Return the commands of the README's console blocks, in their order, and what it says they print, if it does."""
    blocks = re.findall(r"^```console\n(.*?)^```", README, flags=re.DOTALL | re.MULTILINE)
    commands = [part.partition("\n") for block in blocks for part in re.split(r"^\$ ", block, flags=re.MULTILINE)]
    return [(line, said) for line, _, said in commands if line.startswith("corridor ")]


def written_scenarios() -> dict[str, str]:
    """Return the scenarios that the README tells its reader to write, by the file to write them to."""
    found = re.findall(r"to `(scenarios/\w+\.yaml)`:\n\n```yaml\n(.*?)^```", README, flags=re.DOTALL | re.MULTILINE)
    return dict(found)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with the scenarios, and those that the README has its reader write."""
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    for path, text in written_scenarios().items():
        (tmp_path / path).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def left_with(*arguments: str) -> object:
    """Return the exit code of a command."""
    with pytest.raises(SystemExit) as left:
        main(arguments)
    return left.value.code


def test_every_command_of_the_readme_runs(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(console()) >= 5
    for line, said in console():
        code = left_with(*shlex.split(line)[1:])
        printed = capsys.readouterr()
        assert code == 0, f"{line}\n{printed}"
        assert not said or printed.out == said
    assert (project / "results" / "homs_2024" / "figures").is_dir()


def test_the_first_scenario_of_the_readme_has_ten_lines() -> None:
    assert [text.count("\n") <= 10 for text in written_scenarios().values()] == [True]


HOMS = ("E131", "E132", "I026", "I028")
QUSAYR = ("E130", "I030")
MOVES: dict[str, dict[str, str]] = {
    "nothing": {},
    "Homs, its ring and al-Waer to 7 Dec 23:30": dict.fromkeys(HOMS, "2024-12-07T23:30+03:00"),
    "Homs, its ring and al-Waer to 8 Dec 03:30": dict.fromkeys(HOMS, "2024-12-08T03:30+03:00"),
    "Qusayr to 7 Dec 21:00": dict.fromkeys(QUSAYR, "2024-12-07T21:00+03:00"),
    "Qusayr to 8 Dec 03:00": dict.fromkeys(QUSAYR, "2024-12-08T03:00+03:00"),
    "Nabk to 7 Dec 12:00": {"E121": "2024-12-07T12:00+03:00"},
    "Nabk to 8 Dec 04:00": {"E121": "2024-12-08T04:00+03:00"},
    "Qara to 7 Dec 20:00": {"I032": "2024-12-07T20:00+03:00"},
    "Hisya to 7 Dec 20:00": {"I031": "2024-12-07T20:00+03:00"},
    "the ring is not lost": {"I026": ""},
    "Qusayr is not lost": dict.fromkeys(QUSAYR, ""),
}


@pytest.fixture(scope="module")
def network() -> Network:
    return read_network("central_syria")


@pytest.fixture(scope="module")
def record() -> Scenario:
    return load_scenario(ROOT / "scenarios" / "homs_2024.yaml")


def moved(record: Scenario, network: Network, times: Mapping[str, str]) -> Case:
    """Return the case with some events at other times, or (an empty time) left out."""
    events = [
        replace(event, at=datetime.fromisoformat(times[event.id])) if times.get(event.id) else event
        for event in record.events
        if times.get(event.id) != ""
    ]
    return bind(replace(record, events=tuple(events), expect=()), network)


@pytest.mark.parametrize(("words", "times"), MOVES.items(), ids=list(MOVES))
def test_the_hours_of_the_split_in_the_readme_are_those_of_the_model(
    words: str, times: Mapping[str, str], record: Scenario, network: Network
) -> None:
    case = moved(record, network, times)
    regime = case.actors.index("regime")
    seventh = case.hour(datetime.fromisoformat("2024-12-07T00:00+03:00"))
    split = next(
        epoch.start
        for epoch in case.epochs
        if epoch.start >= seventh and sum(pocket.substantial for pocket in pockets(case, epoch, regime)) == 2
    )
    instant = case.instant(split)
    row = next(line for line in README.splitlines() if line.startswith(f"| {words}"))
    assert f"| {instant.day} {instant:%b %H:%M} |" in row


@pytest.mark.parametrize("times", MOVES.values(), ids=list(MOVES))
def test_the_readme_moves_events_to_the_edges_of_their_windows(times: Mapping[str, str], record: Scenario) -> None:
    windows = {event.id: (event.earliest, event.latest) for event in record.events}
    told = {event: datetime.fromisoformat(time) for event, time in times.items() if time}
    for event, time in told.items():
        earliest, latest = windows[event]
        assert earliest is not None
        assert latest is not None
        assert earliest <= time <= latest, event
    assert not told or any(time in windows[event] for event, time in told.items())


def test_every_row_of_the_table_of_the_readme_is_tried() -> None:
    rows = re.findall(r"^\| ([^|]+) \| \d Dec \d\d:\d\d \|", README, flags=re.MULTILINE)
    assert [words.partition(", the ")[0] for words in rows] == list(MOVES)


def days_in_damascus(case: Case, trace: Trace, at: str) -> list[float]:
    """Return the days of gasoline, diesel and flour of the Damascus area at an instant."""
    hour = int(case.hour(datetime.fromisoformat(at)))
    rows = case.network.area[trace.place] == "damascus_area"
    columns = [case.supply.commodities.index(commodity) for commodity in ("gasoline", "diesel", "flour")]
    stock, demand = trace.stock[hour, rows].sum(axis=0), trace.demand[hour, rows].sum(axis=0)
    return [float(stock[column] / demand[column]) for column in columns]


def test_the_supplies_of_the_readme_are_those_of_the_model(record: Scenario, network: Network) -> None:
    case = bind(record, network)
    trace = simulate(case, np.random.SeedSequence(record.draw.seed))
    alone = bind(load_scenario(ROOT / "scenarios" / "damascus_holds.yaml"), network)
    other = simulate(alone, np.random.SeedSequence(record.draw.seed))
    first, last = "2024-12-08T06:00+03:00", "2024-12-10T00:00+03:00"
    columns = [days_in_damascus(case, trace, at) for at in (first, last)] + [days_in_damascus(alone, other, last)]
    for commodity, *days in zip(("gasoline", "diesel", "flour"), *columns, strict=True):
        row = re.search(rf"^\| {commodity} \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|$", README, flags=re.MULTILINE)
        assert row, commodity
        assert [float(number) for number in row.groups()] == pytest.approx(days, abs=0.06), commodity
    coast = set(np.flatnonzero(network.area == "coast").tolist())
    arrived = [
        shipment
        for shipment in trace.shipments
        if shipment.mode == "road"
        and shipment.outcome in {"delivered", "diverted"}
        and shipment.departed >= 0
        and shipment.origin in coast
        and network.area[shipment.destination] == "damascus_area"
    ]
    tonnes = sum(shipment.tonnes for shipment in arrived)
    told = f"some\n{5000 * round(tonnes / 5000):,} tonnes by road; after it, nothing"
    assert told in README, f"expected {tonnes:,.0f}"
    assert max(shipment.departed for shipment in arrived) < case.hour(datetime.fromisoformat("2024-12-08T01:30+03:00"))


def test_every_relative_link_leads_to_a_file() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if not target.startswith("http"):
                assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_every_key_of_a_scenario_is_explained() -> None:
    page = (ROOT / "docs" / "scenario.md").read_text(encoding="utf-8")
    missing = sorted(key for key in schema_keys(scenario_schema()) if not re.search(rf"\b{key}\b", page))
    assert not missing


def schema_keys(part: object) -> set[str]:
    """Return every key of a scenario that a JSON Schema knows."""
    if isinstance(part, list):
        return set().union(*(schema_keys(item) for item in part))
    if not isinstance(part, dict):
        return set()
    own = set(part["properties"]) if isinstance(part.get("properties"), dict) else set()
    return own.union(*(schema_keys(value) for value in part.values()))


def test_every_file_and_column_of_a_run_is_explained(project: Path) -> None:
    page = (ROOT / "docs" / "outputs.md").read_text(encoding="utf-8")
    assert left_with("run", "scenarios/homs_2024.yaml", "--no-figures") == 0
    for path in sorted((project / "results" / "homs_2024").iterdir()):
        assert f"`{path.name}`" in page, f"docs/outputs.md does not speak of {path.name}"
        if path.suffix == ".csv":
            # Columns that stand once for each commodity are explained once.
            header = re.sub(
                r"\b[a-z_]+_within_", "gasoline_within_", path.read_text(encoding="utf-8-sig").splitlines()[0]
            )
            missing = [column for column in header.split(",") if f"`{column}`" not in page]
            assert not missing, f"docs/outputs.md does not explain {missing} of {path.name}"


def test_the_notebook_is_kept_without_outputs() -> None:
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = [cell for cell in cells if cell["cell_type"] == "code"]
        assert code
        assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code), path.name
