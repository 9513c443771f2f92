"""The command that tells which roads to reopen or to keep open first."""

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from corridor.cli.asked import BESIDE
from corridor.cli.commands import commands

ROOT = Path(__file__).parent.parent
SCENARIO = """\
name: parted
title: Towns parted
network: land
start: 2024-01-01T00:00+03:00
end: 2024-01-31T00:00+03:00
population: 2024_persons
actors:
  red: {name: Red, name_ar: أحمر, colour: "#D55E00"}
  blue: {name: Blue, colour: "#0072B2"}
control: {from: control_2024}
links: {roads: open_share_2024, pipelines: open_share_2024}
events:
  - {id: E1, kind: link, link: coast-middle, at: 2024-01-21T00:00+03:00, capacity_share: 1, status: confirmed,
     source: test}
supply:
  commodities: [diesel]
  policy: {kind: nearest_first, review_hours: 6, target_days: {diesel: 5}}
show:
  places: [south]
  anchors: [coast, south]
  maps: [2024-01-01T00:00+03:00]
  maps_actor: red
"""
LAND = {
    "network.toml": 'name = "land"\ntitle = "A land of five places"\nsource = "made up"\n',
    "nodes.csv": """\
id,name,kind,admin1,area,lon,lat,2024_persons,control_2024,source,confidence
coast,Coast,port,West,west,36.0,34.0,3000,red,test,low
middle,Middle,town,West,south,36.1,34.0,500,red,test,low
south,South,city,South,south,36.2,34.0,6000,red,test,low
hill,Hill,town,South,south,36.2,33.8,300,red,test,low
east,East,town,East,south,36.3,34.2,2000,blue,test,low
""",
    "roads.csv": """\
id,tail,head,one_way,name,road_number,road_class,length_km,free_flow_truck_hours,lanes,capacity_vehicles_per_hour,open_share_2024,passes,source,confidence
coast-middle,coast,middle,0,,M1,motorway,10,0.2,2,1000,0,,test,low
middle-south,middle,south,0,,M1,motorway,10,0.2,2,1000,0,,test,low
south-hill,south,hill,0,,,primary,25,0.5,2,1000,0,,test,low
south-east,south,east,0,,,primary,25,0.4,2,1000,1,,test,low
""",
    "pipelines.csv": """\
id,tail,head,commodity,length_km,transit_hours,capacity_per_day,open_share_2024,source,confidence
""",
    "commodities.csv": """\
id,name,name_ar,unit,modes,vehicle,payload_low,payload_central,payload_high,density,priority,source,confidence
diesel,Diesel,مازوت,tonnes,road,tanker,20,20,20,1,1,test,low
""",
    "facilities.csv": """\
id,node,role,commodity_in,commodity_out,rate_tonnes_per_day_low,rate_tonnes_per_day_central,rate_tonnes_per_day_high,intake_tonnes_per_day_low,intake_tonnes_per_day_central,intake_tonnes_per_day_high,capacity_tonnes,stock_tonnes_low,stock_tonnes_central,stock_tonnes_high,active_from,active_to,source,confidence,note
port,coast,import,,diesel,10,10,10,,,,100,0,0,0,,,test,low,
""",
    "demand.csv": """\
area,commodity,rate_kg_per_person_day_low,rate_kg_per_person_day_central,rate_kg_per_person_day_high,stock_days_low,stock_days_central,stock_days_high,depot_share,source,confidence
south,diesel,1,1,1,1,1,1,0,test,low
""",
}  # fmt: skip


@pytest.fixture
def parted(tmp_path: Path) -> Path:
    """Write Coast — Middle — South — Hill of Red, every road between them closed, and East of Blue."""
    folder = tmp_path / "land"
    folder.mkdir()
    for name, text in LAND.items():
        (folder / name).write_text(text, encoding="utf-8")
    file = tmp_path / "parted.yaml"
    file.write_text(SCENARIO, encoding="utf-8")
    return file


def told(scenario: Path, *arguments: str) -> Result:
    return CliRunner().invoke(commands, ["reopen", str(scenario), *arguments])


def lines(scenario: Path, *arguments: str) -> str:
    result = told(scenario, *arguments)
    assert result.exit_code == 0, result.exception
    return result.output


def found(scenario: Path, *arguments: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(lines(scenario, "--json", *arguments))
    return answer


def faults(scenario: Path, *arguments: str) -> str:
    result = told(scenario, *arguments)
    assert result.exit_code != 0
    assert result.exception is not None
    return str(result.exception)


def test_it_says_who_is_cut_off_which_roads_are_best_the_next_best_and_the_order(parted: Path) -> None:
    text = lines(parted, "-k", "2", "--days", "5")
    assert (
        "Red (red), 1 Jan 00:00: ways to South: 3,800 of 9,800 persons have none, and all would with every road" in text
    )
    assert "reopen 2 roads of 3 and give 3,500 persons a way (the best there is)" in text
    assert "1  middle-south  Middle  South   closed   0.20     5     +500" in text
    assert "2  coast-middle  Coast   Middle  closed   0.20     5   +3,000" in text
    assert "800  middle-south, south-hill" in text
    # Middle for 25 days, Coast for 20.
    assert "order for one crew until 31 Jan 00:00: 72,500 person-days (the best order)" in text


def test_crews_and_days_of_repair_change_the_order(parted: Path, tmp_path: Path) -> None:
    repairs = tmp_path / "repairs.csv"
    repairs.write_text("link,days\ncoast-middle,1\nmiddle-south,3\n", encoding="utf-8")
    answer = found(parted, "-k", "3", "--crews", "2", "--repairs", str(repairs))
    rows = {row["road"]: row for row in answer["order"]["repairs"]}
    assert rows["middle-south"]["done"] == "2024-01-04T00:00+03:00"
    assert rows["south-hill"]["start"] in {"2024-01-01T00:00+03:00", "2024-01-02T00:00+03:00"}
    assert answer["order"]["crews"] == 2
    # Coast and Middle from the third day on, Hill from the eighth of its own.
    assert answer["order"]["person_days"] == 3500 * 27 + 300 * 22
    assert [row["repair_days"] for row in answer["roads"]] == [3, 1, 7]


def test_a_commodity_asks_for_person_days_until_the_end(parted: Path) -> None:
    answer = found(parted, "-k", "1", "--commodity", "diesel")
    assert (answer["unit"], answer["roads"][0]["road"]) == ("person_days", "middle-south")
    # South for the last ten days, when the road from the coast has opened by itself.
    assert answer["value"] == 6000 * 10
    both = found(parted, "-k", "2", "--commodity", "diesel")
    assert (both["value"], both["roads"][0]["gain"]) == (6500 * 20 + 6000 * 10, 6000 * 10)
    text = lines(parted, "-k", "3", "--commodity", "diesel")
    assert "Red (red), 1 Jan 00:00: ways to a source of diesel" in text
    assert "person-days of a way until the end, if all were open at once (the best there is)" in text
    assert "person-days, each road counted from its repair on (the best order)" in text


def test_repairs_that_end_too_late_say_so_and_so_do_roads_that_open_by_themselves(parted: Path) -> None:
    late = lines(parted, "-k", "1", "--days", "40")
    assert "order for one crew: no person-days, as repairs end after the scenario's end, 31 Jan 00:00" in late
    # The road from the coast opens by itself on 21 January.
    opened = SCENARIO.replace("pipelines: open_share_2024}", "pipelines: open_share_2024, except: {middle-south: 1}}")
    parted.write_text(opened, encoding="utf-8")
    slow = lines(parted, "-k", "1", "--commodity", "diesel", "--days", "25")
    assert "1  coast-middle" in slow
    assert "no person-days, as roads open by themselves before they are repaired" in slow


def test_who_has_no_way_even_with_every_road_is_told_apart(parted: Path) -> None:
    land = parted.parent / "land"
    beyond = {
        "nodes.csv": "isle,Isle,town,East,isle,36.5,34.2,70,red,test,low\n",
        "roads.csv": "east-isle,east,isle,0,,,primary,25,0.4,2,1000,1,,test,low\n",
    }
    for name, row in beyond.items():
        (land / name).write_text(LAND[name] + row, encoding="utf-8")
    assert "3,870 of 9,870 persons have none, of whom 70 would have none with every road reopened" in lines(parted)


def test_places_may_be_named_instead_of_the_largest_pocket(parted: Path) -> None:
    answer = found(parted, "-k", "1", "--to", "coast")
    assert answer["root"] == ["coast"]
    assert answer["cut_off_persons"] == 6800
    assert "ways to coast" in lines(parted, "--to", "coast")


def test_at_fronts_the_roads_between_hands_count_too(parted: Path) -> None:
    answer = found(parted, "-k", "4", "--fronts")
    assert {row["road"]: (row["closed"], row["front"]) for row in answer["roads"]}["south-east"] == (False, True)
    assert (answer["actor"], answer["instant"]) == ("everybody", "2024-01-01T00:00+03:00")
    assert "everybody, 1 Jan 00:00: ways to South" in lines(parted, "--fronts")
    assert "front" in lines(parted, "-k", "4", "--fronts")


def test_where_nothing_is_closed_it_says_so_and_points_to_the_fronts(parted: Path) -> None:
    parted.write_text(SCENARIO.replace("links: {roads: open_share_2024, pipelines: open_share_2024}",
        "links: {roads: open_share_2024, pipelines: open_share_2024, "
        "except: {coast-middle: 1, middle-south: 1, south-hill: 1}}"), encoding="utf-8")  # fmt: skip
    text = lines(parted)
    assert "there is no closed road that Red (red) could reopen" in text
    assert "--fronts counts 1 road that a front cuts as well: some would give a way" in text
    assert "corridor criticality tells what hangs on the roads that are open" in text
    assert "all 9,800 persons have one" in text
    # Blue holds one place: nothing hangs on any road of its own.
    alone = lines(parted, "--actor", "blue")
    assert "there is no closed road that Blue (blue) could reopen" in alone
    assert "criticality" not in alone
    assert "order" not in text


def test_roads_that_would_reconnect_nobody_are_not_praised(parted: Path) -> None:
    land = parted.parent / "land" / "roads.csv"
    land.write_text(LAND["roads.csv"] + "detour,coast,middle,0,,,primary,30,0.9,2,1000,0,,test,low\n"
                    .replace("detour,coast,middle", "detour,coast,middle"), encoding="utf-8")  # fmt: skip
    text = lines(parted, "-k", "3")
    assert "as good as" in text
    opened = SCENARIO.replace("pipelines: open_share_2024}",
        "pipelines: open_share_2024, except: {coast-middle: 1, middle-south: 1, south-hill: 1}}")  # fmt: skip
    parted.write_text(opened, encoding="utf-8")
    assert "one road could be reopened, but that would give nobody a way" in lines(parted)
    assert "would give nobody a way until the end" in lines(parted, "--commodity", "diesel")


def test_what_to_keep_open_is_told_in_words_that_protect(parted: Path) -> None:
    parted.write_text(SCENARIO.replace("pipelines: open_share_2024}",
        "pipelines: open_share_2024, except: {coast-middle: 1, middle-south: 1, south-hill: 1}}"),
        encoding="utf-8")  # fmt: skip
    text = lines(parted, "--keep", "-k", "1")
    assert "Red (red), 1 Jan 00:00: ways to South: 9,800 persons have a way" in text
    assert "what to keep open: one road; without them 3,500 persons have none (no others matter more)" in text
    assert "1  middle-south  Middle  South   0.20           3,500" in text
    assert "3,000  coast-middle" in text
    answer = found(parted, "--keep", "-k", "2")
    assert [row["road"] for row in answer["roads"]] == ["middle-south", "south-hill"]
    assert answer["next"][0] == {"roads": ["middle-south"], "persons": 3500}
    assert (answer["keep"], answer["best_possible_share"]) == (True, 1.0)


def test_where_nothing_hangs_on_any_road_there_is_nothing_to_keep(parted: Path) -> None:
    assert "hold anybody's way" in lines(parted, "--keep", "-k", "1")
    assert "2 roads" in lines(parted, "--keep", "-k", "2")


def test_table_and_figure_are_written_with_the_numbers_printed(parted: Path, tmp_path: Path) -> None:
    table, figure = tmp_path / "roads.csv", tmp_path / "map.svg"
    text = lines(parted, "-k", "2", "--csv", str(table), "--figure", str(figure), "--labels", "ar", "--grey")
    rows = list(csv.DictReader(table.read_text(encoding="utf-8-sig").splitlines()))
    assert [(row["road"], row["gain"], row["unit"], row["done"]) for row in rows] == [
        ("middle-south", "500", "persons", "2024-01-08T00:00+03:00"),
        ("coast-middle", "3000", "persons", "2024-01-15T00:00+03:00"),
    ]
    assert "<desc>" in figure.read_text(encoding="utf-8")
    assert {(row["actor"], row["instant"]) for row in rows} == {("red", "2024-01-01T00:00+03:00")}
    assert f"wrote {table}" in text
    assert f"wrote {tmp_path / 'map_others.csv'}" in text
    beside = {tmp_path / f"map{end}.csv" for end in BESIDE}
    assert {path for path in tmp_path.glob("map*.csv") if path not in beside} == set()


def test_what_to_keep_can_be_written_and_drawn_too(parted: Path, tmp_path: Path) -> None:
    parted.write_text(SCENARIO.replace("pipelines: open_share_2024}",
        "pipelines: open_share_2024, except: {coast-middle: 1, middle-south: 1}}"), encoding="utf-8")  # fmt: skip
    table, figure = tmp_path / "roads.csv", tmp_path / "map.png"
    lines(parted, "--keep", "-k", "1", "--csv", str(table), "--figure", str(figure))
    (row,) = csv.DictReader(table.read_text(encoding="utf-8-sig").splitlines())
    assert row["cut_off_persons_with_those_before"] == "3500"
    assert figure.stat().st_size > 10_000


def test_every_fault_of_what_is_asked_is_told_at_once(parted: Path) -> None:
    files = ("--csv", "map.csv", "--figure", "map.svg")
    told_wrong = ("--at", "yesterday", "--to", "cost", "--commodity", "diesle", "--days", "nan", "--actor", "rd")
    text = faults(parted, *told_wrong, *files, "--keep", "--fronts")
    assert "--actor: unknown actor 'rd'; did you mean 'red'?" in text
    assert "--days nan: expected a number of days" in text
    assert "--csv map.csv: --figure writes map.csv; choose another name" in text
    assert "--at: 'yesterday'" in text
    assert "--to: unknown place or area 'cost'; did you mean 'coast'?" in text
    assert "--commodity: " in text
    assert "diesel" in text
    assert "--fronts: roads that a front cuts are not open" in text


def test_faults_of_the_table_of_repairs_have_line_and_column_and_come_all_at_once(parted: Path, tmp_path: Path) -> None:
    repairs = tmp_path / "repairs.csv"
    repairs.write_text("link,days\ncoast-midle,3\nmiddle-south,soon\nsouth-hill,-1\nsouth-hill,2\n", encoding="utf-8")
    text = faults(parted, "--repairs", str(repairs))
    assert (
        f"{repairs}:2:1: found 'coast-midle' in link, expected the id of a road; did you mean 'coast-middle'?" in text
    )
    assert f"{repairs}:3:14: found 'soon' in days, expected a number" in text
    assert f"{repairs}:4:12: found -1 in days, expected 0 or more" in text
    assert f"{repairs}:5:1: 'south-hill' is there already, expected every road once" in text
    repairs.write_text("road,days\n", encoding="utf-8")
    assert "the column 'link' is missing" in faults(parted, "--repairs", str(repairs))
    assert "cannot be read: No such file" in faults(parted, "--repairs", str(tmp_path / "none.csv"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--keep", "-k", "1", "--figure", "z.png", "--csv", "z.csv"), "--csv z.csv: --figure writes z.csv"),
        (("--figure", "z.png", "--csv", "z_others.csv"), "--csv z_others.csv: --figure writes z_others.csv"),
        (("--repairs", "r.csv", "--csv", "r.csv"), "--csv r.csv: --repairs reads r.csv"),
        (("--repairs", "r.csv", "--figure", "r.svg"), "--figure r.svg: --repairs reads r.csv"),
    ],
)
def test_no_file_is_written_over_another(
    parted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("r.csv").write_text("link,days\n", encoding="utf-8")
    before = sorted(tmp_path.iterdir())
    assert f"{message}; choose another name" in faults(parted, *arguments)
    assert sorted(tmp_path.iterdir()) == before


def test_nothing_is_written_where_the_figure_is_of_no_kind_that_is_drawn(parted: Path, tmp_path: Path) -> None:
    table = tmp_path / "roads.csv"
    text = faults(parted, "--csv", str(table), "--figure", str(tmp_path / "map.pdf"))
    assert "map.pdf: expected a file that ends in .png or .svg" in text
    assert not table.exists()


def test_a_network_by_itself_is_looked_at_at_no_time() -> None:
    network = Path("central_syria")
    text = lines(network, "--fronts")
    assert "there is no closed road\n  corridor criticality tells what hangs on the roads that are open" in text
    assert "Jan" not in text
    assert "Jan" not in lines(network, "--keep", "-k", "1")
    assert found(network)["instant"] is None
    assert "a network by itself has no time" in faults(network, "--at", "2000-01-01T00:00+00:00")


def test_json_names_the_files_written(parted: Path, tmp_path: Path) -> None:
    table = tmp_path / "roads.csv"
    assert found(parted, "--csv", str(table))["written"] == [str(table)]


def test_nothing_is_written_where_the_actor_has_nobody(parted: Path, tmp_path: Path) -> None:
    table = tmp_path / "roads.csv"
    parted.write_text(
        SCENARIO.replace("  blue:", "  green: {name: Green, colour: '#009E73'}\n  blue:"), encoding="utf-8"
    )
    assert "green holds no people" in faults(parted, "--actor", "green", "--csv", str(table))
    assert not table.exists()


def test_a_closed_road_with_a_way_round_is_told_by_the_minutes_it_would_save() -> None:
    recovery, instant = ROOT / "scenarios" / "recovery_2025.yaml", "2025-05-10T00:00+03:00"
    said = lines(recovery, "--at", instant)
    assert "closed roads that by themselves would make trips shorter" in said
    assert re.search(r"rastan-jn_hama_e +Ar-Rastan .* 11\.6\n", said)
    assert re.search(r"pp_zara-rastan .* <0\.1\n", said)
    shorter = found(recovery, "--at", instant)["shorter"]
    assert shorter[0] == {"road": "rastan-jn_hama_e", "hours_off_the_mean_trip": pytest.approx(0.193, abs=0.001)}
    assert "shorter" not in lines(recovery, "--at", instant, "--fronts")
