import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import corridor
from corridor.cli import BAD_INPUT, EXPECTATION_FAILED, INTERRUPTED, main
from corridor.cli.commands import commands

ROOT = Path(__file__).parent.parent
SCENARIO = """\
name: parted
title: Two towns parted
network: land
start: 2024-01-01T00:00+03:00
end: 2024-01-03T00:00+03:00
population: 2024_persons
actors:
  red: {name: Red, colour: "#D55E00"}
  blue: {name: Blue, colour: "#0072B2"}
control: {from: control_2024}
links: {roads: open_share_2024, pipelines: open_share_2024}
events:
  - {id: E1, kind: control, node: middle, at: 2024-01-01T10:00+03:00, actor: blue, status: confirmed, source: test}
  - {id: E2, kind: control, node: bypass, at: 2024-01-01T20:00+03:00, earliest: 2024-01-01T08:00+03:00,
     latest: 2024-01-02T06:00+03:00, actor: blue, status: inferred, source: test}
  - {id: E3, kind: control, node: south, at: 2024-01-01T21:00+03:00, actor: blue, status: denied, source: test}
supply:
  commodities: [diesel]
  policy: {kind: nearest_first, review_hours: 6, target_days: {diesel: 5}}
show:
  places: [south]
  anchors: [coast, south]
  maps: [2024-01-01T00:00+03:00, 2024-01-02T00:00+03:00]
  maps_actor: red
expect:
  - {id: whole, check: pockets, actor: red, at: 2024-01-01T15:00+03:00, equals: 1}
  - {id: split, check: pockets, actor: red, at: 2024-01-02T00:00+03:00, equals: 2}
"""
LAND = {
    "network.toml": 'name = "land"\ntitle = "A land of five places"\nsource = "made up"\n',
    "nodes.csv": """\
id,name,kind,admin1,area,lon,lat,2024_persons,control_2024,source,confidence
coast,Coast,port,West,west,36.0,34.0,3000,red,test,low
middle,Middle,town,West,,36.1,34.0,500,red,test,low
south,South,city,South,south,36.2,34.0,6000,red,test,low
bypass,Bypass,junction,West,,36.1,33.9,0,red,test,low
east,East,town,East,,36.3,34.2,2000,blue,test,low
""",
    "roads.csv": """\
id,tail,head,one_way,name,road_number,road_class,length_km,free_flow_truck_hours,lanes,capacity_vehicles_per_hour,open_share_2024,passes,source,confidence
coast-middle,coast,middle,0,,M1,motorway,10,0.2,2,1000,1,,test,low
middle-south,middle,south,0,,M1,motorway,10,0.2,2,1000,1,,test,low
coast-bypass,coast,bypass,0,,,primary,15,0.3,2,1000,1,,test,low
bypass-south,bypass,south,0,,,primary,15,0.3,2,1000,1,,test,low
middle-east,middle,east,0,,,primary,30,0.6,2,1000,0,,test,low
""",
    "commodities.csv": """\
id,name,name_ar,unit,modes,vehicle,payload_low,payload_central,payload_high,density,priority,source,confidence
diesel,Diesel,,tonnes,road,tanker,20,20,20,0.84,1,test,low
""",
    "demand.csv": """\
area,commodity,rate_kg_per_person_day_low,rate_kg_per_person_day_central,rate_kg_per_person_day_high,stock_days_low,stock_days_central,stock_days_high,depot_share,source,confidence
south,diesel,1,1,1,1,1,1,0,test,low
west,diesel,1,1,1,100,100,100,0,test,low
""",
}
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with a scenario and its network, and be in it."""
    (tmp_path / "land").mkdir()
    for name, text in LAND.items():
        (tmp_path / "land" / name).write_text(text, encoding="utf-8")
    (tmp_path / "parted.yaml").write_text(SCENARIO, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def corridor_command(folder: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main(arguments)
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        assert isinstance(left.value.code, int)
        return left.value.code, out, err

    assert folder.is_dir()
    return call


def in_a_process(*arguments: str, **options: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", "from corridor.cli import main; main()", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, **options)  # type: ignore[call-overload,no-any-return]


def test_a_run_ends_with_what_its_reader_wants_first(corridor_command: Command) -> None:
    status, out, err = corridor_command("run", "parted.yaml", "--no-figures")
    assert (status, err) == (0, "")
    assert "1 Jan 20:00  SPLIT: 2 pockets: South 6,000 people, Coast 3,000 people; after Bypass (guessed time)" in out
    assert "1 Jan 20:00  Coast–South, to the end" in out
    assert "South: diesel 1.0 → 0.0 (out 2 Jan 00:00)" in out
    assert "Days of supply at places, without the depots around them, at the start → at the end" in out
    assert "south with its depots: diesel 1.0 → 0.0" in out
    assert "Diesel ran out at 1 place: 6,000 person-days without" in out
    assert "2 of 3 applied" in out
    assert "1 not: denied by the record (E3; see events.csv)" in out
    assert "50% of the applied events are inferred or of low confidence" in out
    assert "Bypass (E2, inferred) at 1 Jan 08:00 instead of 1 Jan 20:00, within its window, would change: whole" in out
    assert "Expectations: 2 of 2 hold" in out
    assert Path("results/parted/summary.csv").is_file()
    assert not Path("results/parted/figures").exists()


def test_a_failed_expectation_is_named_and_its_results_are_kept(corridor_command: Command, folder: Path) -> None:
    (folder / "parted.yaml").write_text(SCENARIO.replace("equals: 2", "equals: 3, why: a guess"), encoding="utf-8")
    status, out, _ = corridor_command("run", "parted.yaml", "--no-figures", "--out", "mine")
    assert status == EXPECTATION_FAILED
    assert "FAILED split: 2 (South 6,000 people; Coast 3,000 people)" in out
    assert "expected 3 substantial pockets of red at 2 Jan 00:00 (a guess)" in out
    assert (folder / "mine" / "summary.csv").is_file()


def test_the_outcome_as_json_is_one_object(corridor_command: Command) -> None:
    status, out, _ = corridor_command("run", "parted.yaml", "--no-figures", "--json", "--seed", "7")
    outcome = json.loads(out)
    assert status == 0
    assert (outcome["scenario"], outcome["seed"], outcome["passed"]) == ("parted", 7, True)
    assert [finding["id"] for finding in outcome["expectations"]] == ["whole", "split"]
    assert [(finding["value"], finding["unit"]) for finding in outcome["expectations"]] == [
        (1, "pockets"),
        (2, "pockets"),
    ]
    assert outcome["window_dependence"][0]["at"] == "2024-01-01T08:00+03:00"


def test_scalar_fields_can_be_set_and_faults_in_them_are_told(corridor_command: Command) -> None:
    assert corridor_command("run", "parted.yaml", "--no-figures", "--set", "name=other")[0] == 0
    assert Path("results/other/manifest.json").is_file()
    status, _, err = corridor_command("run", "parted.yaml", "--set", "supply.trip_time_factor=-1")
    assert status == BAD_INPUT
    assert "trip_time_factor" in err
    assert "nothing was run" in err
    for wrong in ("noise", "=3"):
        status, _, err = corridor_command("run", "parted.yaml", "--set", wrong)
        assert status == BAD_INPUT
        assert "expected key=value" in err


def test_the_manifest_says_what_made_the_run(folder: Path) -> None:
    ended = in_a_process("run", "parted.yaml", "--no-figures", cwd=folder)
    assert ended.returncode == 0, ended.stderr
    manifest = json.loads((folder / "results" / "parted" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["versions"]["corridor"] == corridor.__version__
    assert len(manifest["scenario"]["sha256"]) == len(manifest["network"]["sha256"]) == 64


def test_a_run_in_another_process_gives_the_same_bytes(corridor_command: Command, folder: Path) -> None:
    corridor_command("run", "parted.yaml", "--no-figures", "--out", "here")
    in_a_process("run", "parted.yaml", "--no-figures", "--out", "there", cwd=folder)
    for path in (folder / "here").iterdir():
        if path.name != "manifest.json":
            assert path.read_bytes() == (folder / "there" / path.name).read_bytes(), path.name


def test_closing_a_road_that_nothing_uses_changes_no_number(corridor_command: Command, folder: Path) -> None:
    corridor_command("run", "parted.yaml", "--no-figures", "--out", "before")
    roads = (folder / "land" / "roads.csv").read_text(encoding="utf-8")
    (folder / "land" / "roads.csv").write_text(
        roads.replace(
            "middle-east,middle,east,0,,,primary,30,0.6,2,1000,0", "middle-east,middle,east,0,,,primary,31,0.6,2,1000,0"
        ),
        encoding="utf-8",
    )
    corridor_command("run", "parted.yaml", "--no-figures", "--out", "after")
    for path in (folder / "before").glob("*.csv"):
        assert path.read_bytes() == (folder / "after" / path.name).read_bytes(), path.name


def test_check_names_every_fault_of_every_file_with_its_place(corridor_command: Command, folder: Path) -> None:
    assert corridor_command("check", "parted.yaml")[:2] == (0, "1 file without faults\n")
    wrong = SCENARIO.replace("node: bypass", "node: bypas").replace("2024-01-01T10:00+03:00", "2024-01-01 10:00")
    (folder / "wrong.yaml").write_text(wrong, encoding="utf-8")
    status, out, err = corridor_command("check", "wrong.yaml", "parted.yaml", "missing.yaml")
    assert (status, out) == (BAD_INPUT, "")
    assert "wrong.yaml:14:35: unknown node 'bypas'; did you mean 'bypass'?" in err
    assert "has no UTC offset; write 2024-01-01T10:00+03:00" in err
    assert "missing.yaml: there is no such file" in err
    assert "3 faults in" in err or "3 faults;" in err


def test_a_network_that_is_not_there_is_a_fault_of_the_line_that_names_it(
    corridor_command: Command, folder: Path
) -> None:
    (folder / "parted.yaml").write_text(SCENARIO.replace("network: land", "network: lnd"), encoding="utf-8")
    status, _, err = corridor_command("check", "parted.yaml")
    assert status == BAD_INPUT
    assert err.startswith("parted.yaml:3:10: ")


def test_faults_of_the_networks_tables_are_told_in_their_own_files(corridor_command: Command, folder: Path) -> None:
    roads = folder / "land" / "roads.csv"
    roads.write_text(
        roads.read_text(encoding="utf-8").replace("coast-middle,coast,middle", "coast-middle,coast,midle"),
        encoding="utf-8",
    )
    status, _, err = corridor_command("check", "parted.yaml")
    assert status == BAD_INPUT
    assert "roads.csv:2:" in err


def test_partition_prints_the_pockets_at_an_instant(corridor_command: Command) -> None:
    status, out, _ = corridor_command(
        "partition", "parted.yaml", "--at", "2024-01-02T00:00+03:00", "--actor", "red", "--json"
    )
    assert status == 0
    assert json.loads(out) == [
        {
            "actor": "red", "rank": 1, "name": "South", "population": 6000,
            "places": ["south"], "ports": [], "substantial": True,
        },
        {
            "actor": "red", "rank": 2, "name": "Coast", "population": 3000,
            "places": ["coast"], "ports": ["coast"], "substantial": True,
        },
    ]  # fmt: skip
    _, out, _ = corridor_command("partition", "parted.yaml", "--at", "2024-01-02T00:00+03:00")
    assert out.splitlines()[0] == "red: 2 substantial of 2 pockets"
    assert "  2. Coast  3,000 people: coast; ports coast" in out
    assert "blue: 2 substantial of 3 pockets" in out
    assert "  and 1 small with 0 people" in out
    _, out, _ = corridor_command("partition", "parted.yaml", "--at", "2024-01-01T00:00+03:00", "--actor", "red")
    assert out.splitlines()[0] == "red: 1 substantial of 1 pocket"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--at", "2024-01-02T00:00"), "has no UTC offset; write 2024-01-02T00:00+03:00"),
        (("--at", "noon"), "is not a time"),
        (("--at", "2025-01-02T00:00+03:00"), "lies outside the scenario"),
        (("--at", "2024-01-02T00:00+03:00", "--actor", "rde"), "unknown actor 'rde'; did you mean 'red'?"),
        (("--at", "2024-01-02T00:00+03:00", "--actor", "zz"), "unknown actor 'zz'; there is red, blue"),
    ],
)
def test_partition_says_what_is_wrong_with_its_options(
    arguments: tuple[str, ...], message: str, corridor_command: Command
) -> None:
    status, _, err = corridor_command("partition", "parted.yaml", *arguments)
    assert status == BAD_INPUT
    assert message in err


def test_new_writes_a_scenario_that_is_without_faults_and_never_overwrites(
    corridor_command: Command, folder: Path
) -> None:
    status, out, _ = corridor_command("new", "mine")
    assert status == 0
    assert "corridor check mine.yaml" in out
    assert corridor_command("check", "mine.yaml")[0] == 0
    first = (folder / "mine.yaml").read_text(encoding="utf-8").splitlines()[0]
    schema = first.rpartition("$schema=")[2]
    assert json.loads((folder / schema).read_text(encoding="utf-8"))["title"]
    (folder / "mine.yaml").write_text("mine", encoding="utf-8")
    status, _, err = corridor_command("new", "mine.yaml")
    assert status == BAD_INPUT
    assert "is there already" in err
    assert (folder / "mine.yaml").read_text(encoding="utf-8") == "mine"
    assert corridor_command("new", "no/such/folder/mine")[0] == BAD_INPUT


@pytest.mark.parametrize("name", ["Mein Szenario", "3rd", ""])
def test_new_refuses_names_that_no_scenario_may_have(name: str, corridor_command: Command, folder: Path) -> None:
    before = set(folder.iterdir())
    status, _, err = corridor_command("new", name)
    assert status == BAD_INPUT
    assert "lower-case" in err
    assert set(folder.iterdir()) == before


def test_the_schema_is_printed_as_json(corridor_command: Command) -> None:
    status, out, _ = corridor_command("schema")
    assert status == 0
    assert "expect" in json.dumps(json.loads(out))


def test_network_info_and_check_look_into_a_folder(corridor_command: Command, folder: Path) -> None:
    _, out, _ = corridor_command("network", "info", "land")
    assert "A land of five places" in out
    assert corridor_command("network", "check", "land")[1] == "land: 5 nodes and 10 links without faults\n"
    (folder / "land" / "nodes.csv").write_text(LAND["nodes.csv"].replace("36.0,34.0", "36.0,94.0"), encoding="utf-8")
    status, _, err = corridor_command("network", "check", "land")
    assert status == BAD_INPUT
    assert "land/nodes.csv:2:" in err


def test_figures_are_drawn_with_the_run_and_anew_from_its_folder(corridor_command: Command, folder: Path) -> None:
    status, out, err = corridor_command("run", "parted.yaml", "--labels", "ar", "--grey")
    assert status == 0, err
    figures = folder / "results" / "parted" / "figures"
    assert str(figures.relative_to(folder)) in out
    drawn = {path.name for path in figures.iterdir()}
    assert any(name.endswith(".svg") for name in drawn)
    shutil.rmtree(figures)
    status, out, _ = corridor_command("figures", "results/parted")
    assert (status, out.strip()) == (0, "results/parted/figures")
    assert {path.name for path in figures.iterdir()} == drawn


def test_figures_of_no_run_are_refused(corridor_command: Command) -> None:
    status, _, err = corridor_command("figures", "land")
    assert status == BAD_INPUT
    assert "holds no run.nc" in err


def test_a_foreign_folder_is_not_replaced_and_nothing_is_simulated_before_that_is_known(
    corridor_command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corridor.cli.running.simulate", None)
    status, _, err = corridor_command("run", "parted.yaml", "--out", "land")
    assert status == BAD_INPUT
    assert "land holds commodities.csv and 4 more, which are no part of a run" in err
    assert (folder / "land" / "nodes.csv").is_file()
    status, _, err = corridor_command("run", "parted.yaml", "--out", "/proc/x")
    assert (status, "/proc/x cannot be written" in err) == (BAD_INPUT, True)


def test_a_note_among_the_figures_keeps_them_from_being_drawn_anew(corridor_command: Command, folder: Path) -> None:
    corridor_command("run", "parted.yaml", "--no-figures")
    (folder / "results" / "parted" / "figures").mkdir()
    (folder / "results" / "parted" / "figures" / "notes.txt").write_text("mine")
    status, _, err = corridor_command("figures", "results/parted")
    assert status == BAD_INPUT
    assert "holds notes.txt" in err


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [(("rnu", "x"), "'run'"), (("run", "x", "--sede", "1"), "'--seed'"), (("network", "inof"), "'info'")],
)
def test_a_slip_in_a_command_is_answered_with_what_was_meant(
    arguments: tuple[str, ...], meant: str, corridor_command: Command
) -> None:
    status, _, err = corridor_command(*arguments)
    assert status == BAD_INPUT
    assert "Did you mean" in err
    assert meant in err


def test_the_version_is_the_packages(corridor_command: Command) -> None:
    assert corridor_command("--version")[:2] == (0, f"corridor {corridor.__version__}\n")


def test_an_interruption_ends_with_its_own_code(corridor_command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "main", interrupt)
    status, _, err = corridor_command("schema")
    assert status == INTERRUPTED
    assert "as they were" in err


def test_a_bug_is_not_dressed_up_as_a_users_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(commands, "main", fail)
    with pytest.raises(ZeroDivisionError):
        main(["schema"])


def test_a_reader_that_stops_early_is_no_error() -> None:
    command = [sys.executable, "-c", "import sys; sys.stdin.read(); from corridor.cli import main; main(['schema'])"]
    with subprocess.Popen(
        command,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout
        process.stdout.close()
        assert process.stdin
        process.stdin.close()
        assert process.stderr
        assert process.stderr.read() == ""
    assert process.returncode == 0


def test_a_progress_bar_is_shown_on_a_terminal_only(corridor_command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    assert corridor_command("run", "parted.yaml", "--no-figures")[2] == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    assert "writing" in corridor_command("run", "parted.yaml", "--no-figures")[2]


def test_help_loads_no_heavy_library() -> None:
    script = (
        "import sys, corridor.cli; sys.argv[1:] = ['-h']; sys.exit = lambda _: print(*sys.modules); corridor.cli.main()"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    loaded = set(ended.stdout.splitlines()[-1].split())
    assert not loaded & {
        "numpy",
        "scipy",
        "pandas",
        "xarray",
        "matplotlib",
        "osmnx",
        "pydantic",
        "ruamel",
        "simpy",
        "rich",
        "networkx",
    }


def test_each_table_has_one_header_and_units_in_it(corridor_command: Command, folder: Path) -> None:
    corridor_command("run", "parted.yaml", "--no-figures")
    for path in (folder / "results" / "parted").glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *rows = csv.reader(file)
        assert len(set(header)) == len(header)
        assert all(len(row) == len(header) for row in rows), path.name


@pytest.fixture
def taken(corridor_command: Command, folder: Path) -> Command:
    """Run the scenario with the south taken three hours before its diesel is used up."""
    (folder / "parted.yaml").write_text(SCENARIO.replace("denied", "confirmed"), encoding="utf-8")
    assert corridor_command("run", "parted.yaml", "--no-figures")[0] != BAD_INPUT
    return corridor_command


def test_the_ledger_is_printed_as_tables_that_balance(taken: Command) -> None:
    status, out, err = taken("ledger", "results/parted")
    assert (status, err) == (0, "")
    moves, accounts = out.split("\n\n")
    assert moves.splitlines() == [
        "Diesel (diesel), tonnes",
        "  from           to                             tonnes",
        "  stock of red   consumed                       11.250",
        "  stock of red   stock of blue (changed hands)   0.750",
        "  stock of blue  consumed                        0.750",
    ]
    *rows, balance = accounts.splitlines()
    assert [row.split() for row in rows] == [
        ["account", "at", "the", "start", "in", "out", "at", "the", "end"],
        ["consumed", "0.000", "12.000", "0.000", "12.000"],
        ["stock", "of", "red", "306.000", "0.000", "12.000", "294.000"],
        ["stock", "of", "blue", "0.000", "0.750", "0.750", "0.000"],
    ]
    assert len({len(row) for row in rows}) == 1
    assert balance.startswith("  balances to ")
    assert balance.endswith(" g per kt")
    assert float(balance.split()[2]) < 1
    assert taken("ledger", "results/parted", "--commodity", "diesel")[1] == out


def test_the_ledger_as_json_adds_up(taken: Command) -> None:
    status, out, _ = taken("ledger", "results/parted", "--json")
    assert status == 0
    (book,) = json.loads(out)
    assert (book["commodity"], book["off_grams_per_kilotonne"] < 1) == ("diesel", True)
    for account in book["accounts"]:
        into = [move["tonnes"] for move in book["moves"] if move["into"] == account["name"]]
        out_of = [move["tonnes"] for move in book["moves"] if move["out_of"] == account["name"]]
        assert account["opening"] + sum(into) - sum(out_of) == pytest.approx(account["closing"])
    assert {move["changed_hands"] for move in book["moves"] if move["into"] == "consumed"} == {False}
    hands = [(move["out_of"], move["into"]) for move in book["moves"] if move["changed_hands"]]
    assert hands == [("stock of red", "stock of blue")]


def test_where_nothing_was_or_moved_there_is_nothing_to_draw(corridor_command: Command, folder: Path) -> None:
    demand = folder / "land" / "demand.csv"
    demand.write_text(demand.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    corridor_command("run", "parted.yaml", "--no-figures")
    assert corridor_command("ledger", "results/parted")[0] == 0
    status, _, err = corridor_command("ledger", "results/parted", "--figure", "flows.svg")
    assert status == BAD_INPUT
    assert "nothing to draw" in err


@pytest.mark.parametrize("name", ["flows.svg", "flows.png"])
def test_the_ledger_is_drawn_into_the_file_asked_for(name: str, corridor_command: Command, folder: Path) -> None:
    corridor_command("run", "parted.yaml", "--no-figures")
    status, out, err = corridor_command(
        "ledger", "results/parted", "--figure", name, "--size", "column", "--labels", "ar"
    )
    assert (status, err) == (0, "")
    assert "balances to" in out
    assert {path.name for path in folder.glob("flows.*")} == {name, "flows.csv"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("results/parted", "--commodity", "disel"), "unknown commodity 'disel'; did you mean 'diesel'?"),
        (("results/parted", "--commodity", "x"), "unknown commodity 'x'; there is diesel"),
        (("land",), "holds no run.nc"),
        (("results/parted", "--figure", "flows.pdf"), "expected a file that ends in .png or .svg"),
        (("results/parted", "--figure", "nowhere/flows.svg"), "nowhere/flows.svg cannot be written"),
    ],
)
def test_the_ledger_says_what_is_wrong_with_its_options(
    arguments: tuple[str, ...], said: str, corridor_command: Command
) -> None:
    corridor_command("run", "parted.yaml", "--no-figures")
    status, out, err = corridor_command("ledger", *arguments)
    assert (status, out) == (BAD_INPUT, "")
    assert said in err
