import csv
import errno
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from corridor.case import Case, EventUse, bind
from corridor.claims import check
from corridor.ensemble import assemble, check_folder, great_split, open_run, pocket_changes, run, save, territory_cuts
from corridor.ensemble.staging import staged
from corridor.errors import RunError
from corridor.scenario.events import (
    ControlEvent,
    ConvoyEvent,
    Event,
    FacilityEvent,
    LinkEvent,
    PassageEvent,
    PopulationEvent,
)
from corridor.simulation import Trace
from tests.builders import network, node, road
from tests.conftest import at, convoy

DATED: dict[str, Any] = {"id": "e", "at": at(1), "status": "reported", "source": "test"}
PROVENANCE: dict[str, str | int] = {"seed": 1, "replication": 0, "scenario_sha256": "a", "network_sha256": "b"}
TABLES = {
    "summary", "pockets", "connectivity", "anchor_pairs", "ways", "supply", "shipments", "gates", "power", "ledger",
    "transfers", "events",
}  # fmt: skip


@pytest.fixture
def dataset(parted: Case, trace: Trace) -> xr.Dataset:
    return assemble(parted, trace, provenance=PROVENANCE)


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_epochs_begin_at_the_start_and_meet(dataset: xr.Dataset) -> None:
    assert dataset["epoch_start"].values.tolist() == [0, 10, 20, 40]
    assert dataset["epoch_end"].values.tolist() == [10, 20, 40, 48]
    assert dataset["epoch_events"].values.tolist() == ["", "E1", "E2", "E3"]


def test_holder_and_pockets_follow_the_control(dataset: xr.Dataset) -> None:
    node = {name: position for position, name in enumerate(dataset["node_id"].values.tolist())}
    assert dataset["holder"].values[:, node["bypass"]].tolist() == [0, 0, 1, 0]
    assert dataset["pocket"].values[2, [node["south"], node["coast"]]].tolist() == [1, 2]
    assert dataset["substantial_pockets"].values[:, 0].tolist() == [1, 1, 2, 1]
    assert dataset["territory_population"].values[:, 0].tolist() == [9500, 9000, 9000, 9000]


def test_every_number_has_a_unit_or_a_word_for_what_it_counts(dataset: xr.Dataset) -> None:
    quantities = {"stock", "demand", "consumed", "unmet", "received", "length_km", "hours", "pair_km", "pair_hours",
                  "epoch_start", "time", "population", "lon", "lat", "event_time", "stockout_start"}  # fmt: skip
    assert all(dataset[name].attrs.get("units") for name in quantities)


def test_the_pair_of_anchors_is_apart_while_both_ways_are_lost(dataset: xr.Dataset) -> None:
    assert dataset["pair_km"].values[:, 0, 0].tolist()[:2] == [20, 30]
    assert np.isnan(dataset["pair_km"].values[2, 0, 0])
    assert dataset["pair_km"].values[3, 0, 0] == 30
    (cut,) = territory_cuts(dataset, 0)
    assert (cut.hour, cut.end) == (20, 40)
    assert territory_cuts(dataset, 1) == ()


def test_the_split_is_told_with_its_pockets_and_its_events(dataset: xr.Dataset) -> None:
    assert great_split(dataset, 0) == 20
    assert great_split(dataset, 1) == float("inf")
    start, split, joined = pocket_changes(dataset, 0)
    assert [(change.hour, len(change.pockets)) for change in (start, split, joined)] == [(0, 1), (20, 2), (40, 1)]
    assert [(pocket.name, pocket.persons) for pocket in split.pockets] == [("south", 6000), ("coast", 3000)]
    assert dataset["event_id"].values[list(split.events)].tolist() == ["E2"]


def test_events_carry_their_time_or_why_they_were_left_out(dataset: xr.Dataset) -> None:
    assert dataset["event_applied"].values.tolist() == [True, True, True, False]
    assert dataset["event_why_not"].values.tolist()[3] == "denied by the record"
    assert dataset["event_label"].values.tolist() == ["middle", "bypass", "bypass", "coast–bypass closed"]


@pytest.mark.parametrize(
    ("event", "label"),
    [
        (ControlEvent(kind="control", node=("middle", "east"), actor="blue", **DATED), "middle and 1 more"),
        (LinkEvent(kind="link", link=("coast-middle",), capacity_share=0.3, **DATED), "coast–middle at 30%"),
        (LinkEvent(kind="link", link=("middle-coast",), capacity_share=1.0, **DATED), "coast–middle open"),
        (LinkEvent(kind="link", link=("coast-middle", "middle-south"), capacity_share=0.0, **DATED),
         "coast–middle and 1 more closed"),
        (FacilityEvent(kind="facility", facility=("works",), rate_share=0.0, **DATED), "works stops"),
        (FacilityEvent(kind="facility", facility=("works",), rate_share=0.5, **DATED), "works at 50%"),
        (ConvoyEvent(kind="convoy", actor="red", from_="coast", to="south", commodity="diesel", tonnes=1, **DATED),
         "convoy to south"),
        (PopulationEvent(kind="population", from_="south", persons=1, **DATED), "people leave south"),
        (PopulationEvent(kind="population", to="south", persons=1, **DATED), "people reach south"),
        (PassageEvent(kind="passage", actor="red", through="blue", mode="free", **DATED), "passage of Red"),
    ],
)  # fmt: skip
def test_every_kind_of_event_has_a_short_label(event: Event, label: str, parted: Case, trace: Trace) -> None:
    case = replace(
        parted,
        scenario=replace(parted.scenario, events=(event,)),
        uses=(EventUse(event=0, time=1.0, applied=False, why_not="in a test"),),
    )
    assert assemble(case, trace, provenance=PROVENANCE)["event_label"].values.tolist() == [label]


def test_a_saved_run_opens_as_it_was(dataset: xr.Dataset, parted: Case, trace: Trace, tmp_path: Path) -> None:
    save(dataset, parted, trace, tmp_path / "run", command="corridor run x")
    assert {path.name for path in (tmp_path / "run").iterdir()} == {
        "manifest.json", "run.nc", *(f"{name}.csv" for name in TABLES),
    }  # fmt: skip
    opened = open_run(tmp_path / "run")
    xr.testing.assert_identical(opened, dataset.load())
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["seed"] == 1
    assert manifest["scenario"] == {"name": "parted", "sha256": "a"}
    assert manifest["command"] == "corridor run x"


def test_a_run_without_shipments_or_stockouts_opens_too(parted: Case, trace: Trace, tmp_path: Path) -> None:
    bare = replace(trace, shipments=(), stockouts=())
    dataset = assemble(parted, bare, provenance=PROVENANCE)
    save(dataset, parted, bare, tmp_path / "run")
    assert open_run(tmp_path / "run").sizes["shipment"] == 0


def test_the_same_run_gives_the_same_bytes(parted: Case, trace: Trace, tmp_path: Path) -> None:
    for name in ("one", "two"):
        save(assemble(parted, trace, provenance=PROVENANCE), parted, trace, tmp_path / name)
    for path in (tmp_path / "one").iterdir():
        if path.name != "manifest.json":
            assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_tables_say_what_the_run_found(dataset: xr.Dataset, parted: Case, trace: Trace, tmp_path: Path) -> None:
    save(dataset, parted, trace, tmp_path / "run")
    (supply,) = table(tmp_path / "run", "supply")
    assert supply["place"] == "south"
    assert supply["fill_rate_share"] == "0.6250"
    assert supply["start_of_supply_days"] == "1.25"
    assert supply["first_stockout_at"] == "2024-01-02T06:00+03:00"
    assert supply["stockout_hours"] == "18.00"
    assert supply["stockout_person_days"] == "4500"
    pockets = [row for row in table(tmp_path / "run", "pockets") if row["actor"] == "red"]
    assert [(row["from"][5:16], row["rank"], row["name"], row["population_persons"]) for row in pockets] == [
        ("01-01T00:00", "1", "south", "9500"),
        ("01-01T10:00", "1", "south", "9000"),
        ("01-01T20:00", "1", "south", "6000"),
        ("01-01T20:00", "2", "coast", "3000"),
        ("01-02T16:00", "1", "south", "9000"),
    ]
    assert pockets[3]["ports"] == "coast"
    shipments = table(tmp_path / "run", "shipments")
    assert [row["arrived_at"] for row in shipments] == ["2024-01-01T08:00+03:00", ""]
    assert shipments[0]["route"] == "coast>middle>south"
    assert [row["holder"] for row in table(tmp_path / "run", "ledger")] == ["red", "", ""]
    events = table(tmp_path / "run", "events")
    assert [row["used_at"] for row in events][2:] == ["2024-01-02T16:00+03:00", ""]
    assert events[3]["why_not"] == "denied by the record"


def test_the_summary_holds_the_key_figures(dataset: xr.Dataset, parted: Case, trace: Trace, tmp_path: Path) -> None:
    save(dataset, parted, trace, tmp_path / "run")
    rows = table(tmp_path / "run", "summary")
    found = {(row["finding"], row["place"], row["at"][5:16]): row for row in rows}
    assert found["substantial pockets of red", "", "01-01T20:00"]["value"] == "2"
    assert (
        found["substantial pockets of red", "", "01-01T20:00"]["note"]
        == "south 6000 people, coast 3000 people; after E2"
    )
    assert found["delivered by road, left before the split", "coast>south", "01-01T20:00"]["value"] == "20.000"
    assert found["delivered by road, left after the split", "coast>south", "01-01T20:00"]["value"] == "0.000"
    assert found["captured", "", ""]["value"] == "20.000"
    assert found["events not applied", "", ""]["note"] == "denied by the record: E4"
    assert found["applied events that are inferred or of low confidence", "", ""]["value"] == "0.3333"
    assert found["road for red", "coast>south", "01-01T20:00"]["note"] == "no way"


def test_days_of_supply_of_an_area_are_told_with_its_depots(
    dataset: xr.Dataset, parted: Case, trace: Trace, tmp_path: Path
) -> None:
    save(dataset, parted, trace, tmp_path / "run")
    areas = [row for row in table(tmp_path / "run", "summary") if row["finding"] == "days of supply of area"]
    assert [(row["place"], row["value"], row["at"][5:13], row["note"][:12]) for row in areas] == [
        ("south", "1.25", "01-01T00", "at the start"),
        ("south", "0.42", "01-01T20", "at the split"),
        ("south", "0.00", "01-03T00", "at the end; "),
    ]


@pytest.mark.parametrize(("hours", "told"), [(0.0049, "0"), (0.0051, "1")])
def test_only_a_stockout_that_shows_is_counted(
    hours: float, told: str, dataset: xr.Dataset, parted: Case, trace: Trace, tmp_path: Path
) -> None:
    (stockout,) = trace.stockouts
    brief = replace(trace, stockouts=(replace(stockout, end=stockout.start + hours),))
    save(dataset, parted, brief, tmp_path / "run")
    found = {row["finding"]: row["value"] for row in table(tmp_path / "run", "summary")}
    assert found["places that ran out"] == told
    assert ("hours without" in found) == (told == "1")
    (supply,) = table(tmp_path / "run", "supply")
    assert (supply["stockout_hours"] != "0.00") == (told == "1")


def test_what_left_before_the_start_is_not_counted_as_delivered(
    dataset: xr.Dataset, parted: Case, trace: Trace, tmp_path: Path
) -> None:
    early = replace(trace, shipments=(convoy(0, departed=-1.0, outcome="delivered"), *trace.shipments))
    save(dataset, parted, early, tmp_path / "run")
    (before,) = (row for row in table(tmp_path / "run", "summary") if "left before" in row["finding"])
    assert (before["value"], before["note"]) == ("20.000", "what left before the start is not counted")
    fed = next(finding for finding in check(parted, early) if finding.id == "fed")
    assert fed.value == float(before["value"])


def test_an_interrupted_save_leaves_the_former_results_whole(
    dataset: xr.Dataset, parted: Case, trace: Trace, tmp_path: Path
) -> None:
    save(dataset, parted, trace, tmp_path / "run")
    before = {path.name: path.read_bytes() for path in (tmp_path / "run").iterdir()}

    def fail(_folder: Path) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        save(dataset.assign_attrs(title="other"), parted, trace, tmp_path / "run", finish=fail)
    assert {path.name: path.read_bytes() for path in (tmp_path / "run").iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


@pytest.fixture(scope="module")
def dead() -> int:
    """Return the id of a process that has ended."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


def test_what_a_killed_run_left_is_put_right_by_the_next(tmp_path: Path, dead: int) -> None:
    (tmp_path / f".run.{dead}.xyz.aside").mkdir()
    former = tmp_path / f".run.{dead}.abc.former"
    former.mkdir()
    (former / "manifest.json").write_text("{}")
    with pytest.raises(RuntimeError), staged(tmp_path / "run"):
        raise RuntimeError
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run"]
    assert (tmp_path / "run" / "manifest.json").exists()


def test_of_two_runs_at_once_both_end_and_the_later_wins(tmp_path: Path) -> None:
    with staged(tmp_path / "run") as first:
        (first / "first").touch()
        with staged(tmp_path / "run") as second:
            (second / "second").touch()
        assert [path.name for path in (tmp_path / "run").iterdir()] == ["second"]
        assert (first / "first").exists()
    assert [path.name for path in tmp_path.glob("**/*")] == ["run", "first"]


def test_a_run_that_ends_while_another_is_put_in_place_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename, target, others = Path.rename, tmp_path / "run", [tmp_path / "run" / "other"]

    def late(path: Path, to: Path) -> Path:
        if path.suffix == ".aside" and others:
            target.mkdir()
            others.pop().touch()
        return rename(path, to)

    with staged(target) as aside:
        (aside / "mine").touch()
        monkeypatch.setattr(Path, "rename", late)
    assert [path.name for path in tmp_path.glob("**/*")] == ["run", "mine"]


def test_what_stood_there_is_put_back_when_the_new_cannot_take_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "run").mkdir()
    rename = Path.rename

    def fail(path: Path, to: Path) -> Path:
        if path.suffix == ".aside":
            raise OSError(errno.EIO, "Input/output error")
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(RunError, match="Input/output error"), staged(tmp_path / "run"):
        pass
    assert [path.name for path in tmp_path.glob("**/*")] == ["run"]


@pytest.mark.parametrize(("error", "kept"), [(PermissionError, True), (ProcessLookupError, False)])
def test_the_folder_of_another_users_living_process_is_kept(
    error: type[OSError], *, kept: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill(_process: int, _signal: int) -> None:
        raise error

    monkeypatch.setattr(os, "kill", kill)
    other = tmp_path / ".run.1.xyz.aside"
    other.mkdir()
    with staged(tmp_path / "run"):
        assert other.exists() == kept


def test_where_processes_cannot_be_asked_a_folder_is_kept_for_a_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dead: int
) -> None:
    old, young = (tmp_path / f".run.{dead}.{name}.aside" for name in ("old", "young"))
    old.mkdir()
    young.mkdir()
    os.utime(old, (0, 0))
    monkeypatch.setattr("corridor.ensemble.staging.CAN_ASK", False)
    with staged(tmp_path / "run"):
        assert (old.exists(), young.exists()) == (False, True)


def test_a_folder_that_holds_something_else_is_left_alone(
    dataset: xr.Dataset, parted: Case, trace: Trace, tmp_path: Path
) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(RunError, match=r"holds thesis\.txt, which is no part of a run; move it or choose"):
        save(dataset, parted, trace, tmp_path)
    with pytest.raises(RunError, match="is a file"):
        save(dataset, parted, trace, tmp_path / "thesis.txt")
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("notes.txt", "run holds notes.txt, which is no part of a run; move it or choose another --out"),
        ("figures/notes.txt", "figures holds notes.txt, which is no part"),
        ("figures/old/a.png", "figures holds old, which is no part"),
        (".git/config", "run holds .git, which is no part"),
        ("data/a.csv", "run holds data, which is no part"),
    ],
)
def test_a_users_own_file_among_results_is_never_replaced(
    file: str, said: str, dataset: xr.Dataset, parted: Case, trace: Trace, tmp_path: Path
) -> None:
    save(dataset, parted, trace, tmp_path / "run")
    path = tmp_path / "run" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("mine")
    with pytest.raises(RunError) as refused:
        check_folder(tmp_path / "run")
    assert said in str(refused.value)
    with pytest.raises(RunError):
        save(dataset, parted, trace, tmp_path / "run")
    assert path.read_text() == "mine"


def test_what_looking_at_results_leaves_is_nobodys_work(
    dataset: xr.Dataset, parted: Case, trace: Trace, tmp_path: Path, dead: int
) -> None:
    save(dataset, parted, trace, tmp_path / "run", finish=lambda aside: (aside / "figures").mkdir())
    for name in (".DS_Store", ".~lock.supply.csv#", "figures/a.png", "figures/a.csv", "figures/Thumbs.db"):
        (tmp_path / "run" / name).touch()
    (tmp_path / "run" / f".figures.{dead}.xyz.aside").mkdir()
    save(dataset, parted, trace, tmp_path / "run")
    assert not (tmp_path / "run" / "figures").exists()


def test_half_a_run_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text("mine")
    with pytest.raises(RunError, match=r"no manifest\.json in it"):
        check_folder(tmp_path)
    (tmp_path / "figures").write_text("no folder")
    with pytest.raises(RunError, match="holds figures, which is no part"):
        check_folder(tmp_path)


def test_a_link_to_a_folder_stays_a_link(dataset: xr.Dataset, parted: Case, trace: Trace, tmp_path: Path) -> None:
    (tmp_path / "disk" / "target").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "disk" / "target")
    for title in ("one", "two"):
        save(dataset.assign_attrs(title=title), parted, trace, tmp_path / "link")
        assert open_run(tmp_path / "disk" / "target").attrs["title"] == title
    assert (tmp_path / "link").is_symlink()
    assert sorted(path.name for path in tmp_path.glob("*/*")) == sorted(
        ["target", *(path.name for path in (tmp_path / "link").iterdir())]
    )


def test_a_summary_kept_for_reference_may_be_replaced(
    dataset: xr.Dataset, parted: Case, trace: Trace, tmp_path: Path
) -> None:
    (tmp_path / "summary.csv").write_text("old")
    save(dataset, parted, trace, tmp_path)
    assert (tmp_path / "manifest.json").exists()


def test_a_place_that_cannot_be_written_is_told(
    dataset: xr.Dataset, parted: Case, trace: Trace, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="cannot be written"):
        save(dataset, parted, trace, tmp_path / "file" / "run")

    def fill(_folder: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(RunError, match="No space left"):
        save(dataset, parted, trace, tmp_path / "run", finish=fill)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_the_overlook_rule_is_told_with_what_it_changes(parted: Case, tmp_path: Path) -> None:
    nodes = {
        "west": node(36.0, 34.0, 1000, holder="red"),
        "hill": node(36.05, 34.01, 0, holder="blue"),
        "east": node(36.1, 34.0, 1000, holder="red"),
    }
    roads = [road("west", "east", passes=("hill",)), road("hill", "east")]
    land = network(nodes=nodes, roads=roads, supply=replace(parted.network.supply, demand=()))
    show = replace(parted.scenario.show, places=("west",), anchors=("west", "east"))
    case = bind(replace(parted.scenario, events=(), expect=(), show=show), land)
    dataset, trace = run(case, seed=1, provenance=PROVENANCE)
    save(dataset, case, trace, tmp_path / "run")
    found = {row["finding"]: row for row in table(tmp_path / "run", "summary")}
    assert found["most roads of red closed by the overlook rule"]["value"] == "1"
    without = found["substantial pockets of red without the overlook rule"]
    assert (without["value"], without["note"]) == ("1", "with it 2")
    assert found["time in which the overlook rule changes the number of substantial pockets of red"]["value"] == "48.00"


def test_ways_and_access_are_told_at_the_instants_of_the_maps(parted: Case, trace: Trace, tmp_path: Path) -> None:
    save(assemble(parted, trace, provenance=PROVENANCE), parted, trace, tmp_path / "run")
    ways = table(tmp_path / "run", "ways")
    before = {row["id"]: float(row["way_share"]) for row in ways if row["at"].startswith("2024-01-01")}
    assert before["middle"] > 0
    assert not [row for row in ways if row["at"].startswith("2024-01-02") and row["id"] == "middle"]
    connectivity = table(tmp_path / "run", "connectivity")
    assert "diesel_within_6_hours_persons" in connectivity[0]


def test_opening_what_is_no_run_says_so(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"holds no run\.nc"):
        open_run(tmp_path)
    (tmp_path / "run.nc").write_bytes(b"noise")
    with pytest.raises(RunError, match="cannot be read"):
        open_run(tmp_path)


def test_a_simulated_run_is_the_same_twice_and_its_ledger_stands_in_its_table(parted: Case, tmp_path: Path) -> None:
    for name in ("one", "two"):
        dataset, simulated = run(parted, seed=5, provenance={"scenario_sha256": "a", "network_sha256": "b"})
        save(dataset, parted, simulated, tmp_path / name)
    assert (tmp_path / "one" / "run.nc").read_bytes() == (tmp_path / "two" / "run.nc").read_bytes()
    used = sum(float(row["consumed_tonnes"]) for row in table(tmp_path / "one", "supply"))
    booked = {row["account"]: row for row in table(tmp_path / "one", "ledger")}
    assert float(booked["consumed"]["closing_tonnes"]) - float(booked["consumed"]["opening_tonnes"]) == pytest.approx(
        used, abs=0.01
    )
