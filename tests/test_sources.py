"""Folders of tables become networks, and every fault in them is told at its cell."""

import csv
import io
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corridor.errors import Fault, NetworkError
from corridor.network import PIPELINE, ROAD, faults
from corridor.sources import network_names, network_sha256, read_network
from corridor.sources.table import read_table

TABLES = {
    "network.toml": """\
name = "valley"
title = "A valley with a port"
source = "made up"
""",
    "nodes.csv": """\
id,name,name_ar,aliases,kind,area,lon,lat,label_anchor,town_2024_persons,control_2024,source,confidence,remark
homs,Homs,حمص,Hims; Emesa,city,south,36.70,34.70,NE,119033,red,here,high,
hama,Hama,حماة,,city,north,36.75,35.10,,800000,blue,here,high,"on the Orontes, with wheels"
tartus,Tartus,,Tartous,port,coast,35.90,34.90,W,120000,red,here,medium,
jn_m1,junction of the M1,,,junction,,36.30,34.80,,,none,here,low,
sea_west,open sea,,,sea,,34.00,34.90,,,sea,here,,
""",
    "roads.csv": """\
id,tail,head,one_way,name,road_number,road_class,length_km,free_flow_truck_hours,lanes,capacity_vehicles_per_hour,open_share_2024,passes,source,confidence
homs-hama,homs,hama,0,,M5,motorway,46,0.65,4,3400,1,jn_m1:1.5*,osm,high
homs-jn_m1,homs,jn_m1,0,,M1,motorway,40,0.6,4,3400,1,,osm,high
jn_m1-tartus,jn_m1,tartus,0,,M1,motorway,42,0.6,4,3400,0.5,,osm,high
hama-tartus,hama,tartus,1,mountain road,,primary,95,2.1,2,800,0,jn_m1:3.9;homs:0.4*,osm,medium
""",
    "pipelines.csv": """\
id,tail,head,name,commodity,diameter_in,capacity_per_day,length_km,transit_hours,open_share_2018,source,confidence
tartus>homs,tartus,homs,crude line,crude,24,8000,90,30,1,there,low
homs>hama,homs,hama,products line,diesel,6,900,50,12,0.5,there,low
""",
    "commodities.csv": """\
id,name,name_ar,unit,modes,vehicle,payload_low,payload_central,payload_high,density,priority,source,confidence
crude,Crude oil,,tonnes,pipeline,,,,,0.86,9,here,low
diesel,Diesel,مازوت,tonnes,road;pipeline,tanker,15,18,20,0.84,1,here,low
""",
    "demand.csv": """\
area,commodity,rate_kg_per_person_day_low,rate_kg_per_person_day_central,rate_kg_per_person_day_high,stock_days_low,stock_days_central,stock_days_high,depot_share,source,confidence
south,diesel,0.2,0.25,0.3,2,5,12,0.6,here,low
north,diesel,0.2,0.25,0.3,2,5,12,0.6,here,low
""",
    "facilities.csv": """\
id,node,role,commodity_in,commodity_out,{rate},{intake},capacity_tonnes,{stock},active_from,active_to,source,confidence,note
port_crude,tartus,import,,crude,6000,7000,9000,,,,,,,,2024-11-01T00:00+03:00,2024-12-08T12:00+03:00,a,high,"two, by sea"
refinery_diesel,homs,refinery,crude,diesel,500,700,900,2000,2700,3000,60000,100,200,300,,,here,low,
""".format(
        **{
            name: f"{column}_low,{column}_central,{column}_high"
            for name, column in (
                ("rate", "rate_tonnes_per_day"),
                ("intake", "intake_tonnes_per_day"),
                ("stock", "stock_tonnes"),
            )
        }
    ),
    "fleets.csv": """\
node,vehicle,vehicles_low,vehicles_central,vehicles_high,source,confidence
homs,tanker,20,30,40,guess,low
""",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a sound network."""
    for file, text in TABLES.items():
        (tmp_path / file).write_text(text, encoding="utf-8", newline="")
    return tmp_path


def edit(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8", newline="")


def told(folder: Path) -> list[str]:
    """Return the faults of a folder as the user sees them, without the folder."""
    with pytest.raises(NetworkError) as caught:
        read_network(folder)
    return [str(fault).removeprefix(f"{folder}/") for fault in caught.value.faults]


def test_a_folder_of_tables_becomes_a_network(folder: Path) -> None:
    built = read_network(folder)
    assert (built.name, built.title, built.source) == ("valley", "A valley with a port", "made up")
    assert built.node_id.tolist() == ["homs", "hama", "tartus", "jn_m1", "sea_west"]
    assert built.node_name_ar[0] == "حمص"
    assert built.aliases == {"hims": "homs", "emesa": "homs", "tartous": "tartus"}
    assert built.population["town_2024_persons"].tolist() == [119033, 800000, 120000, 0, 0]
    assert built.control["control_2024"].tolist() == ["red", "blue", "red", "none", "sea"]
    assert built.area.tolist() == ["south", "north", "coast", "", ""]
    assert built.link_id.tolist()[::2] == ["homs-hama", "homs-jn_m1", "jn_m1-tartus", "hama-tartus", "homs>hama"]
    assert built.reverse.tolist() == [1, 0, 3, 2, 5, 4, -1, -1, -1]
    assert built.tail.tolist() == [0, 1, 0, 3, 3, 2, 1, 2, 0]
    assert built.mode.tolist() == [ROAD] * 7 + [PIPELINE] * 2
    assert built.length.tolist() == [46, 46, 40, 40, 42, 42, 95, 90, 50]
    assert built.hours[-2:].tolist() == [30, 12]
    assert built.capacity.tolist() == [3400] * 6 + [800, 8000, 900]
    assert built.commodity.tolist() == [""] * 7 + ["crude", "diesel"]
    assert built.link_name[6] == "mountain road"


def test_a_passed_place_counts_only_without_a_star(folder: Path) -> None:
    built = read_network(folder)
    assert [built.passes(link).tolist() for link in (0, 1, 6)] == [[], [], [3]]


def test_the_shares_of_the_other_mode_are_nan(folder: Path) -> None:
    shares = read_network(folder).open_share
    np.testing.assert_array_equal(shares["open_share_2024"], [1, 1, 1, 1, 0.5, 0.5, 0, np.nan, np.nan])
    np.testing.assert_array_equal(shares["open_share_2018"], [np.nan] * 7 + [1, 0.5])


def test_the_tables_of_supply_come_with_it(folder: Path) -> None:
    supply = read_network(folder).supply
    assert [row.id for row in supply.commodities] == ["crude", "diesel"]
    assert supply.commodities[1].modes == ("road", "pipeline")
    assert supply.commodities[0].payload.central == 0
    assert supply.demand[0].rate.high == 0.3
    assert supply.facilities[0].capacity == float("inf")
    assert supply.facilities[0].note == "two, by sea"
    assert supply.facilities[1].intake.central == 2700
    assert supply.fleets[0].vehicles.low == 20


FAULTY = [
    # file, what stands there, what is put there instead, line, what the cell told begins with, what is told
    ("nodes.csv", "119033", "119,033", 2, "homs,Homs", "found 15 cells, expected 14 as in the header"),
    ("nodes.csv", ",,junction,", ",,junction", 5, "jn_m1,", "found 13 cells, expected 14 as in the header"),
    (
        "nodes.csv",
        "119033",
        '"119,033"',
        2,
        '"119,033"',
        "expected a number, written with a decimal point and no other",
    ),
    ("nodes.csv", "119033", "1_000", 2, "1_000", "found '1_000' in town_2024_persons, expected a number, written"),
    ("nodes.csv", "800000", "-5", 3, "-5", "found -5 persons, expected 0 or more"),
    ("nodes.csv", "800000", "many", 3, "many", "found 'many' in town_2024_persons, expected a number"),
    ("nodes.csv", "800000", "nan", 3, "nan", "found 'nan' in town_2024_persons, expected a number"),
    ("nodes.csv", "800000", "1e999", 3, "1e999", "found '1e999' in town_2024_persons, expected a number"),
    ("nodes.csv", "36.75,35.10", "36.75,135.10", 3, "135.10", "found 135.1 degrees, expected -90 to 90"),
    ("nodes.csv", "34.00,34.90,", "-190,34.90,", 6, "-190", "found -190 degrees, expected -180 to 180"),
    ("nodes.csv", "sea_west,open sea", "homs,open sea", 6, "homs", "'homs' is there already in line 2, expected every"),
    ("nodes.csv", "sea_west,open sea", ",open sea", 6, ",open", "found the id '', expected letters, digits"),
    ("nodes.csv", "sea_west,open sea", "sea west,open sea", 6, "sea w", "found the id 'sea west', expected letters"),
    ("nodes.csv", "sea_west,open sea", "sea_west,", 6, ",,,sea", "the name is empty"),
    ("nodes.csv", ",junction,", ",,", 5, ",,36.30", "the kind is empty"),
    ("nodes.csv", ",NE,", ",NNE,", 2, "NNE", "found the label_anchor 'NNE', expected one of N, NE, E, SE"),
    ("nodes.csv", "none,here", ",here", 5, ",here", "found the holder '', expected an actor's id or none"),
    ("nodes.csv", 'here,high,"on', 'here,hgih,"on', 3, "hgih", "found the confidence 'hgih', expected one of high, me"),
    ("nodes.csv", "Tartous", "Tartous;HOMS", 4, "Tartous;", "the alias 'HOMS' is the id or a name of 'homs', expected"),
    ("nodes.csv", "Tartous", "Emesa", 4, "Emesa", "the alias 'Emesa' is one of 'homs' already, expected one that no"),
    ("nodes.csv", "id,name,", "id,nmae,", 1, "id,", "the column 'name' is missing; did you mean 'nmae'?"),
    ("nodes.csv", ",kind,area,", ",kind,kind,", 1, "kind,lon", "the column 'kind' is there twice, expected once"),
    (
        "nodes.csv",
        ",aliases,",
        ",alias,",
        1,
        "alias,",
        "found the column 'alias', which no table here has; did you mean",
    ),
    (
        "roads.csv",
        "homs-hama,homs,hama",
        "homs-hama,homs,hmaa",
        2,
        "hmaa",
        "found 'hmaa', expected the id of a node; did",
    ),
    ("roads.csv", "homs-hama,homs,", "homs-hama,,", 2, ",hama,0", "found '', expected the id of a node"),
    ("roads.csv", "homs-hama,homs,hama", "homs-hama,homs,homs", 2, "homs,0", "the link ends where it begins"),
    (
        "roads.csv",
        "jn_m1:1.5*",
        "jn_m2:1.5*",
        2,
        "jn_m2:",
        "found 'jn_m2' in passes, expected the id of a node; did you",
    ),
    (
        "roads.csv",
        "jn_m1:3.9",
        "jn_m1",
        5,
        "jn_m1;",
        "found 'jn_m1' in passes, expected a node and its km, like 'homs:2.",
    ),
    (
        "roads.csv",
        "jn_m1:3.9",
        "jn_m2:3.9",
        5,
        "jn_m2:",
        "found 'jn_m2' in passes, expected the id of a node; did you m",
    ),
    ("roads.csv", "jn_m1:3.9", "tartus:3.9", 5, "tartus:", "the link passes 'tartus', its own end; expected other pla"),
    ("roads.csv", ",46,", ",40,", 2, "40,0.65", "found 40 km, but its ends are 44.71 km apart"),
    ("roads.csv", ",46,", ",0,", 2, "0,0.65", "found 0 km, expected more than 0"),
    ("roads.csv", ",46,", ",-46,", 2, "-46,", "found -46 km, expected more than 0"),
    ("roads.csv", ",46,", ",,", 2, ",0.65", "found '' in length_km, expected a number"),
    ("roads.csv", ",46,", ",46 km,", 2, "46 km", "found '46 km' in length_km, expected a number"),
    ("roads.csv", "95,2.1", "95,21", 5, "21,", "found 21 h for 95 km, 5 km/h; expected a truck to drive 5 to 130 km/h"),
    ("roads.csv", "0.65", "0.35", 2, "0.35", "found 0.35 h for 46 km, 131 km/h; expected a truck to drive 5 to 130"),
    ("roads.csv", "0.65", "0", 2, "0,4,", "found 0 hours, expected more than 0"),
    ("roads.csv", ",3400,", ",0,", 2, "0,1,jn", "found the capacity 0, expected more than 0"),
    ("roads.csv", ",0.5,", ",50,", 4, "50,", "found the share 50, expected 0 to 1"),
    ("roads.csv", ",0.5,", ",,", 4, ",,osm", "found '' in open_share_2024, expected a number"),
    ("roads.csv", "tartus,1,", "tartus,yes,", 5, "yes,", "found 'yes' in one_way, expected 0 or 1"),
    (
        "roads.csv",
        "homs-jn_m1,",
        "homs-hama,",
        3,
        "homs-hama",
        "'homs-hama' is there already in line 2, expected every",
    ),
    (
        "roads.csv",
        "hama-tartus,",
        "hama tartus,",
        5,
        "hama t",
        "found the id 'hama tartus', expected one without spaces",
    ),
    (
        "roads.csv",
        ",osm,medium",
        ",osm,good",
        5,
        "good",
        "found the confidence 'good', expected one of high, medium, low",
    ),
    ("roads.csv", ",tail,", ",from,", 1, "id,", "the column 'tail' is missing"),
    (
        "roads.csv",
        ",road_class,",
        ",road_clas,",
        1,
        "road_clas",
        "found the column 'road_clas', which no table here has; d",
    ),
    (
        "pipelines.csv",
        "line,crude",
        "line,crud",
        2,
        "crud,",
        "found 'crud', expected the id of a commodity; did you mean",
    ),
    ("pipelines.csv", "line,crude", "line,", 2, ",24,", "found '', expected the id of a commodity"),
    ("pipelines.csv", ",90,", ",70,", 2, "70,", "found 70 km, but its ends are 76.36 km apart"),
    ("pipelines.csv", ",8000,", ",-1,", 2, "-1,", "found the capacity -1, expected more than 0"),
    ("pipelines.csv", ",30,1,", ",0,1,", 2, "0,1,", "found 0 hours, expected more than 0"),
    ("pipelines.csv", ",0.5,", ",-0.5,", 3, "-0.5", "found the share -0.5, expected 0 to 1"),
    ("pipelines.csv", "homs>hama,", "homs-hama,", 3, "homs-hama", "the link 'homs-hama' is there more than once"),
    (
        "pipelines.csv",
        ",homs,hama,",
        ",homs,hamma,",
        3,
        "hamma",
        "found 'hamma', expected the id of a node; did you mean",
    ),
    (
        "commodities.csv",
        "road;pipeline",
        "road;pipe",
        3,
        "road;",
        "found 'pipe', expected one of road, pipeline; did you",
    ),
    (
        "commodities.csv",
        "road;pipeline",
        "pipeline",
        3,
        "tanker",
        "found the vehicle 'tanker', expected none, as it goes by",
    ),
    ("commodities.csv", "15,18,20", "15,18,17", 3, "17,", "found 17, expected at least the central 18"),
    ("commodities.csv", "15,18,20", "15,,20", 3, ",20,", "found '' in payload_central, expected a number"),
    ("commodities.csv", "0.84,1,", "0.84,1.5,", 3, "1.5,", "found '1.5' in priority, expected a whole number"),
    ("commodities.csv", "0.84,1,", "0,1,", 3, "0,1,", "found the density 0, expected more than 0"),
    (
        "commodities.csv",
        "Crude oil,,tonnes",
        "Crude oil,,barrel",
        2,
        "barrel",
        "found 'barrel', expected one of tonnes, sm3",
    ),
    ("demand.csv", "south,", "suoth,", 2, "suoth", "found 'suoth', expected the area of a node; did you mean 'south'?"),
    ("demand.csv", "north,", "south,", 3, "diesel", "'south diesel' is there twice, expected once"),
    ("demand.csv", "0.6", "6", 2, "6,here", "found the share 6, expected 0 to 1"),
    ("demand.csv", "2,5,12", "6,5,12", 2, "6,5", "found 6, expected at most the central 5"),
    (
        "facilities.csv",
        "port_crude,tartus",
        "port_crude,tartos",
        2,
        "tartos",
        "found 'tartos', expected a node's id; did",
    ),
    ("facilities.csv", ",import,", ",imports,", 2, "imports", "found 'imports', expected one of import, production"),
    ("facilities.csv", ",,crude", ",,oil", 2, "oil", "found 'oil', expected a commodity's id"),
    (
        "facilities.csv",
        "01T00:00+03:00",
        "01T00:00",
        2,
        "2024-11-01T00:00,",
        "found '2024-11-01T00:00' without an offset",
    ),
    (
        "facilities.csv",
        "2024-11-01T00:00+03:00",
        "Nov 2024",
        2,
        "Nov",
        "found 'Nov 2024', expected an instant like 2024",
    ),
    ("facilities.csv", "2024-12-08T12", "2024-10-08T12", 2, "2024-10", "expected an instant after active_from"),
    ("facilities.csv", ",60000,", ",60 000,", 3, "60 000", "found '60 000' in capacity_tonnes, expected a number"),
    ("facilities.csv", "2000,2700,3000", ",,", 3, ",,60000", "found no intake, expected that of the refinery"),
    (
        "facilities.csv",
        "refinery_diesel,",
        "port_crude,",
        3,
        "port_crude",
        "'port_crude' is there already in line 2, expected",
    ),
    (
        "facilities.csv",
        "500,700,900",
        "500,2800,2900",
        3,
        "2800,",
        "creates mass: 'homs' comes to 2,800 t a day from 2,700 t of crude (central values)",
    ),
    (
        "commodities.csv",
        "Crude oil,,tonnes",
        "Crude oil,,",
        2,
        ",pipeline",
        "unit: found '', expected one of tonnes, sm3",
    ),
    ("fleets.csv", "homs,", "sea_west,", 2, "sea_west", "nowhere to stand: no road ends at 'sea_west'"),
    ("fleets.csv", "homs,", "hosm,", 2, "hosm", "found 'hosm', expected a node's id; did you mean 'homs'?"),
    (
        "fleets.csv",
        "tanker",
        "tankers",
        2,
        "tankers",
        "found 'tankers', expected a commodity's vehicle, tanker; did you",
    ),
    ("network.toml", 'title = "A valley', 'title "A valley', 2, '"A', "not TOML: Expected '=' after a key"),
    (
        "network.toml",
        "source",
        "sources",
        1,
        "name",
        "source is missing, expected a line of text; did you mean 'sources'?",
    ),
    ("network.toml", '"made up"', "7", 1, "name", "found 7 for source, expected a line of text"),
]


@pytest.mark.parametrize(("file", "old", "new", "line", "cell", "message"), FAULTY, ids=lambda value: str(value)[:40])
def test_a_fault_is_told_once_at_its_cell(  # noqa: PLR0913 - the columns of a table
    folder: Path, *, file: str, old: str, new: str, line: int, cell: str, message: str
) -> None:
    edit(folder, file, old, new)
    found = told(folder)
    assert len(found) == 1, found
    place, _, text = found[0].partition(": ")
    assert message in text
    told_file, told_line, told_column = place.split(":")
    assert (told_file, int(told_line)) == (file, line)
    assert (folder / file).read_text(encoding="utf-8").splitlines()[line - 1][int(told_column) - 1 :].startswith(cell)


WORKS = """\
id,node,role,commodity_in,commodity_out,{rate},{intake},capacity_tonnes,{stock},active_from,active_to,{output},minimum_run_share,cargo_tonnes
ships,tartus,import,,crude,6000,7000,9000,,,,,,,,,,,,,,137000
refinery,homs,refinery,crude,diesel,500,700,900,2000,2700,3000,,,,,,,,,,0.4,
power,hama,power_plant,diesel,,,,,900,1000,1100,,,,,,,140,150,160,,
""".format(
    **{
        name: f"{column}_low,{column}_central,{column}_high"
        for name, column in (
            ("rate", "rate_tonnes_per_day"),
            ("intake", "intake_tonnes_per_day"),
            ("stock", "stock_tonnes"),
            ("output", "output_mw"),
        )
    }
)


def test_cargoes_power_and_least_runs_are_read_where_a_table_has_them(folder: Path) -> None:
    before = read_network(folder).supply.facilities
    assert {(row.cargo, row.minimum_run, row.output.high) for row in before} == {(0.0, 0.0, 0.0)}
    (folder / "facilities.csv").write_text(WORKS, encoding="utf-8")
    ships, refinery, power = read_network(folder).supply.facilities
    assert (ships.cargo, ships.minimum_run, ships.output.central) == (137000.0, 0.0, 0.0)
    assert (refinery.cargo, refinery.minimum_run, refinery.output.central) == (0.0, 0.4, 0.0)
    assert (power.output.low, power.output.central, power.output.high) == (140.0, 150.0, 160.0)
    assert (power.role, power.commodity_in, power.commodity_out) == ("power_plant", "diesel", "")


@pytest.mark.parametrize(
    ("old", "new", "line", "cell", "message"),
    [
        ("140,150,160", ",,", 4, ",,,", "output_mw_central: found no output, expected that of the power plant in MW"),
        ("140,150,160", "140,,160", 4, ",160", "found '' in output_mw_central, expected a number"),
        (",0.4,", ",40 %,", 3, "40 %", "found '40 %' in minimum_run_share, expected a number"),
        (",0.4,", ",40,", 3, "40,", "minimum_run_share: found the share 40, expected 0 to 1"),
        ("137000", "a ship", 2, "a ship", "found 'a ship' in cargo_tonnes, expected a number"),
        ("ships,tartus,import", "ships,tartus,production", 2, "137000", "cargo_tonnes: found a cargo of 137000 t, exp"),
        (
            "power_plant,diesel,,",
            "power_plant,diesel,crude,",
            4,
            "crude",
            "commodity_out: found 'crude', expected none",
        ),
        ("power_plant", "powerplant", 4, "powerplant", "did you mean 'power_plant'?"),
        ("minimum_run_share", "minimum_run_shar", 1, "minimum_run_shar", "did you mean 'minimum_run_share'?"),
    ],
)
def test_a_fault_in_how_a_facility_works_is_told_at_its_cell(
    folder: Path, *, old: str, new: str, line: int, cell: str, message: str
) -> None:
    (folder / "facilities.csv").write_text(WORKS, encoding="utf-8")
    edit(folder, "facilities.csv", old, new)
    place, _, text = told(folder)[0].partition(": ")
    assert message in text
    told_file, told_line, told_column = place.split(":")
    assert (told_file, int(told_line)) == ("facilities.csv", line)
    row = (folder / "facilities.csv").read_text(encoding="utf-8").splitlines()[line - 1]
    assert row[int(told_column) - 1 :].startswith(cell)


def test_a_node_that_is_missing_is_told_wherever_it_is_named(folder: Path) -> None:
    edit(folder, "nodes.csv", "jn_m1,junction", "jn_m2,junction")
    assert {fault.split(": ")[0] for fault in told(folder)} == {
        *("roads.csv:2:53", "roads.csv:3:17", "roads.csv:4:14", "roads.csv:5:65")
    }


def test_all_faults_of_all_tables_are_told_at_once_in_their_order(folder: Path) -> None:
    edit(folder, "fleets.csv", "20,30,40", "50,30,40")
    edit(folder, "roads.csv", ",46,", ",x,")
    edit(folder, "roads.csv", "jn_m1,tartus", "jn_m1,tartu")
    edit(folder, "nodes.csv", "36.75,", "east,")
    edit(folder, "network.toml", "name", "nom")
    assert [fault.partition(": ")[0] for fault in told(folder)] == [
        "network.toml:1:1",
        "nodes.csv:3:28",
        "roads.csv:2:36",
        "roads.csv:4:20",
        "fleets.csv:2:13",
    ]


def test_islands_are_told_by_their_places_and_closed_roads_still_join(folder: Path) -> None:
    edit(folder, "roads.csv", "homs-jn_m1,homs,jn_m1,0,,M1,motorway,40", "other,homs,hama,0,,M1,motorway,46")
    assert read_network(folder).link_count == 9  # only the closed mountain road joins now
    text = (folder / "roads.csv").read_text(encoding="utf-8")
    (folder / "roads.csv").write_text(text[: text.index("hama-tartus")], encoding="utf-8")
    assert told(folder) == [
        "nodes.csv:4:1: no road joins jn_m1, tartus to the rest of the network, expected one connected road graph"
    ]


def test_a_road_that_cannot_be_read_leaves_no_islands_behind(folder: Path) -> None:
    edit(folder, "roads.csv", "homs-hama,homs,", "homs-hama,")
    edit(folder, "roads.csv", "hama-tartus,hama", "hama-tartus,hamma")
    assert [fault.partition(": found")[0] for fault in told(folder)] == ["roads.csv:2:1", "roads.csv:5:13: tail"]


def test_a_cell_after_a_quoted_line_end_has_its_own_line(folder: Path) -> None:
    edit(folder, "pipelines.csv", "crude line,crude,24,8000", '"crude\nline, old",crude,24,none')
    assert told(folder) == ["pipelines.csv:3:21: found 'none' in capacity_per_day, expected a number"]


@given(st.lists(st.lists(st.text('ab,"\n ', max_size=4), min_size=3, max_size=3), min_size=1, max_size=4))
def test_every_cell_is_found_where_it_begins(rows: list[list[str]]) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\n").writerows([["a", "b", "c"], *rows])
    table = read_table(written.getvalue().encode(), "t.csv", needed=["a", "b", "c"])
    kept = [row for row in rows if any(cell.strip() for cell in row)]
    assert table.rows == kept
    lines = written.getvalue().split("\n")
    for row, cells in enumerate(kept):
        for column, cell in zip("abc", cells, strict=True):
            line, place = table.place(row, column)
            rest = "\n".join([lines[line - 1][place - 1 :], *lines[line:]])
            assert [*next(csv.reader(io.StringIO(rest, newline="")), []), ""][0] == cell


def test_a_quote_within_a_cell_opens_nothing(folder: Path) -> None:
    edit(folder, "pipelines.csv", "crude line,crude,24,8000", '"24"" line",crude,24" or so,none')
    assert told(folder) == ["pipelines.csv:2:53: found 'none' in capacity_per_day, expected a number"]


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.sampled_from(sorted(TABLES)),
    st.lists(
        st.tuples(
            st.floats(0, 1), st.integers(0, 3), st.sampled_from([*'",;\n\r\0-x9. =[', "\u2028", "é", "nan", "1e400"])
        ),
        min_size=1,
        max_size=4,
    ),
)
def test_spoilt_tables_are_read_or_told_with_their_lines(
    folder: Path, file: str, changes: list[tuple[float, int, str]]
) -> None:
    text = TABLES[file]
    for where, length, put in changes:
        at = int(where * len(text))
        text = text[:at] + put + text[at + length :]
    (folder / file).write_text(text, encoding="utf-8", newline="")
    found: tuple[Fault, ...] = ()
    try:
        read_network(folder)
    except NetworkError as error:
        found = error.faults
    finally:
        (folder / file).write_text(TABLES[file], encoding="utf-8", newline="")
    assert all(fault.file and fault.line and fault.column for fault in found)


def test_blank_lines_count_as_lines_and_are_no_rows(folder: Path) -> None:
    edit(folder, "fleets.csv", "homs,tanker", "\n\n,,,,,,\nhoms,tankr")
    assert told(folder) == [
        "fleets.csv:5:6: vehicle: found 'tankr', expected a commodity's vehicle, tanker; did you mean 'tanker'?"
    ]


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
def test_line_ends_of_other_systems_are_read(folder: Path, ends: str) -> None:
    expected = read_network(folder)
    for file, text in TABLES.items():
        if file != "network.toml" or ends == "\r\n":
            (folder / file).write_text(text.replace("\n", ends), encoding="utf-8", newline="")
    assert read_network(folder).link_id.tolist() == expected.link_id.tolist()
    edit(folder, "fleets.csv", "tanker", "tankr")
    (folder / "fleets.csv").write_bytes((folder / "fleets.csv").read_bytes().replace(b"\n", ends.encode()))
    assert told(folder)[0].startswith("fleets.csv:2:6: ")


def test_a_byte_order_mark_is_dropped(folder: Path) -> None:
    for file, text in TABLES.items():
        (folder / file).write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert read_network(folder).node_id[0] == "homs"
    edit(folder, "fleets.csv", "node,", "node, ")
    edit(folder, "fleets.csv", "homs,", "hems,")
    assert told(folder)[0].startswith("fleets.csv:2:1: node: found 'hems'")


def test_text_that_is_not_utf_8_is_told_at_its_byte(folder: Path) -> None:
    text = TABLES["fleets.csv"].replace("guess", "au café")
    (folder / "fleets.csv").write_bytes(text.encode("latin-1"))
    assert told(folder) == [
        "fleets.csv:2:28: found the byte 0xe9, expected UTF-8; save the file as UTF-8",
    ]


def test_noise_is_told_as_not_utf_8(folder: Path) -> None:
    (folder / "roads.csv").write_bytes(np.random.default_rng(1).bytes(1_000_000))
    (folder / "network.toml").write_bytes(b"\xff\xfe\x00")
    found = told(folder)
    assert len(found) == 2
    assert all("expected UTF-8" in fault for fault in found)


@pytest.mark.parametrize("text", ["", "\n\n", ",,,\n"])
def test_an_empty_table_is_told(folder: Path, text: str) -> None:
    (folder / "demand.csv").write_text(text)
    assert told(folder) == ["demand.csv:1:1: the file is empty, expected a header of columns"]


@pytest.mark.parametrize(
    ("file", "message"),
    [("nodes.csv", "nodes.csv:1:1: there are no nodes"), ("roads.csv", "roads.csv:1:1: there are no roads")],
)
def test_a_network_needs_nodes_and_roads(folder: Path, file: str, message: str) -> None:
    (folder / file).write_text(TABLES[file].partition("\n")[0], encoding="utf-8")
    if file == "roads.csv":
        (folder / "pipelines.csv").unlink()
    assert message in told(folder)


def test_a_number_out_of_bounds_is_told_with_its_column(folder: Path) -> None:
    edit(folder, "fleets.csv", "20,30,40", "-7,30,40")
    edit(folder, "roads.csv", "4,3400,1,jn", "4,-7,1,jn")
    assert told(folder) == [
        "roads.csv:2:46: capacity_vehicles_per_hour: found the capacity -7, expected more than 0",
        "fleets.csv:2:13: vehicles_low: found -7, expected 0 or more",
    ]


@pytest.mark.parametrize(
    ("before", "separator", "answer"),
    [
        ("", ";", "table is separated by ';', expected ','"),
        ("", "\t", "table is separated by a tab, expected ','"),
        ("sep=;\n", ";", "table is separated by ';', expected ','"),
        ("sep=,\n", ",", "the first line says 'sep=,', expected the names of the columns; take it out"),
    ],
)
def test_a_table_separated_by_anything_but_commas_has_this_one_fault(
    folder: Path, before: str, separator: str, answer: str
) -> None:
    (folder / "fleets.csv").write_text(before + TABLES["fleets.csv"].replace(",", separator))
    assert told(folder) == [f"fleets.csv:1:1: {answer}"]


def test_a_quote_that_is_never_closed_is_told_where_its_row_begins(folder: Path) -> None:
    edit(folder, "demand.csv", "north,", '"north,')
    (fault,) = told(folder)
    assert fault.startswith("demand.csv:3:1: the cells cannot be told apart: unexpected end of data; expected CSV")


@pytest.mark.parametrize("file", ["network.toml", "nodes.csv", "roads.csv"])
def test_a_missing_file_is_told(folder: Path, file: str) -> None:
    (folder / file).unlink()
    found = told(folder)
    assert len(found) == 1
    assert found[0].startswith(f"{file}: the file is missing")


def test_a_file_with_a_misspelt_name_is_told(folder: Path) -> None:
    (folder / "fleets.csv").rename(folder / "fleet.csv")
    assert told(folder) == ["fleets.csv: the file is missing; did you mean 'fleet.csv'?"]


def test_tables_of_supply_may_be_absent(folder: Path) -> None:
    for table in ("pipelines", "commodities", "demand", "facilities", "fleets"):
        (folder / f"{table}.csv").unlink()
    built = read_network(folder)
    assert built.link_count == 7
    assert built.supply.facilities == ()
    assert list(built.open_share) == ["open_share_2024"]


def test_tables_of_no_network_are_let_alone(folder: Path) -> None:
    (folder / "sources.csv").write_text("key\nhere\n")
    (folder / "SOURCES.md").write_text("# Sources\n")
    before = network_sha256(folder)
    assert read_network(folder).name == "valley"
    (folder / "sources.csv").unlink()
    assert network_sha256(folder) == before


def test_files_are_named_as_the_user_named_the_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(folder, "fleets.csv", "homs,", "hems,")
    monkeypatch.chdir(folder.parent)
    for name in (f"{folder.name}", f"./{folder.name}", f"{folder.name}/"):
        with pytest.raises(NetworkError, match=re.escape(f"{name.rstrip('/')}/fleets.csv:2:1: node: found 'hems'")):
            read_network(name)


def test_a_network_that_is_not_there_is_told_with_the_nearest() -> None:
    with pytest.raises(NetworkError, match=r"there is no folder 'central_siria' .* did you mean 'central_syria'"):
        read_network("central_siria")
    with pytest.raises(NetworkError, match=r"packaged: .*central_syria"):
        network_sha256("no/such/folder")


def test_the_packaged_network_has_no_faults() -> None:
    assert "central_syria" in network_names()
    built = read_network("central_syria")
    assert faults(built) == []
    assert built.name == "central_syria"
    assert built.node_count > 290
    assert np.unique(built.link_id).size > 590
    assert built.population["catchment_2024_persons"].sum() == pytest.approx(23.2e6, rel=0.001)


def test_a_packaged_network_is_found_before_a_folder_of_its_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder.rename(folder.parent / "central_syria")
    monkeypatch.chdir(folder.parent)
    assert read_network("central_syria").name == "central_syria"
    assert read_network("./central_syria").name == "valley"
    assert read_network(Path("central_syria")).name == "valley"


def test_the_hash_of_a_network_changes_with_its_tables_alone(folder: Path) -> None:
    before = network_sha256(folder)
    assert re.fullmatch("[0-9a-f]{64}", before)
    for file, text in TABLES.items():
        (folder / file).write_text(text, encoding="utf-8", newline="\r\n")
    assert network_sha256(folder) == before
    edit(folder, "fleets.csv", "20,30,40", "20,31,40")
    assert network_sha256(folder) != before
    assert network_sha256("central_syria") == network_sha256("central_syria")


def test_reading_a_network_imports_nothing_heavy() -> None:
    code = (
        "import sys; from corridor.sources import read_network; read_network('central_syria');"
        "print({'pandas', 'scipy', 'networkx', 'pydantic', 'xarray', 'shapely'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "set()\n"
