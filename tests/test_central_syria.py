"""What must be true of the shipped tables of central Syria, beyond what any network must be."""

import csv
import importlib.util
import json
import math
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from shapely.geometry import Point, shape

ROOT = Path(__file__).parents[1]
DATA = ROOT / "corridor" / "data"
TABLES = DATA / "central_syria"
EVENTS = ROOT / "scenarios" / "events"
FACTS = ROOT.parent / "shared" / "facts"
AREAS = {f"{city}_area" for city in ("damascus", "idlib", "aleppo", "homs", "hama")} | {
    "coast",
    "south",
    "north",
    "northeast",
    "east",
}
ACTORS = {"regime", "hts", "sna", "sdf", "sfa", "sor", "local", "isil", "none"}
needs_facts = pytest.mark.skipif(
    not FACTS.is_dir(), reason="the compilation behind the tables is not beside the project"
)

Row = dict[str, str]


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def table(name: str) -> list[Row]:
    return read(TABLES / f"{name}.csv")


def events(name: str) -> list[Row]:
    return read(EVENTS / f"{name}.csv")


def facts(name: str) -> list[Row]:
    return read(FACTS / f"{name}.csv")


def split(text: str) -> list[str]:
    return [part for part in text.split(";") if part]


def apply(holders: dict[str, str], row: Row) -> None:
    if row["kind"] == "control":
        holders.update(dict.fromkeys(split(row["node"]), row["actor"]))


def holders_at(instant: str) -> dict[str, str]:
    holders = {row["id"]: row["control_2024_11_26"] for row in table("nodes")}
    for row in events("offensive_2024"):
        if row["at"] <= instant:
            apply(holders, row)
    return holders


def ranges(row: Row) -> Iterator[tuple[float, float, float]]:
    for column in row:
        if column.endswith("_central") and row[column]:
            stem = column.removesuffix("central")
            yield float(row[stem + "low"]), float(row[column]), float(row[stem + "high"])


NETWORK_TABLES = ["nodes", "roads", "pipelines", "commodities", "demand", "facilities", "plants", "fleets"]
EVENT_TABLES = ["offensive_2024", "aftermath_2024", "history_2012_2018", "m5_2018", "khanaser_2013_2020"]
SUPPLY_EVENT_TABLES = [
    "displacement_2024",
    "siege_2012_2014",
    "recovery_2025",
    "rastan_2025",
    "pocket_2012_2018",
    "al_waer_2013_2017",
    "baba_amr_2012",
    "exodus_2024",
]


# ---------------------------------------------------------------- sources


def test_every_source_named_in_a_table_is_explained_and_every_explained_source_is_named() -> None:
    named = {
        source.split(":")[0]
        for rows in [*map(table, NETWORK_TABLES), *map(events, EVENT_TABLES + SUPPLY_EVENT_TABLES)]
        for row in rows
        for source in row["source"].split(";")
    }
    assert named == {row["key"] for row in table("sources")}


def test_every_row_says_how_sure_it_is() -> None:
    for rows in [*map(table, NETWORK_TABLES), *map(events, EVENT_TABLES + SUPPLY_EVENT_TABLES)]:
        assert {row["confidence"] for row in rows} <= {"high", "medium", "low"}


def test_origins_name_no_bare_address() -> None:
    for row in table("sources"):
        assert row["origin"]
        assert not re.search(r"\d+\.\d+\.\d+\.\d+|workers\.dev", row["origin"]), row["key"]


def test_sources_page_names_every_table_and_every_licence() -> None:
    text = (TABLES / "SOURCES.md").read_text(encoding="utf-8")
    for name in [*NETWORK_TABLES, "sources", *EVENT_TABLES, *SUPPLY_EVENT_TABLES]:
        assert f"{name}.csv" in text
    for words in ("ODbL", "© OpenStreetMap contributors", "CC BY 4.0", "CC BY-IGO", "CC BY-SA", "public domain"):
        assert words in text


# ---------------------------------------------------------------- places


def test_people_add_up_and_every_one_of_them_has_an_area() -> None:
    nodes = table("nodes")
    assert sum(int(row["catchment_2024_persons"]) for row in nodes) == 23_200_000
    assert {row["area"] for row in nodes if int(row["catchment_2024_persons"])} == AREAS
    assert {row["kind"] for row in nodes if not row["area"]} == {"external", "sea"}


def test_a_name_or_alias_means_one_place() -> None:
    meaning: dict[str, str] = {}
    for row in table("nodes"):
        for name in [row["id"], row["name"], row["name_ar"], *split(row["aliases"])]:
            assert name == name.strip()
            assert name
            assert meaning.setdefault(name.lower(), row["id"]) == row["id"], name


@pytest.mark.parametrize(
    ("press", "node"),
    [
        ("Josieh", "bc_josieh"),
        ("Jusiyah", "bc_josieh"),
        ("Mukh", "jn_homs_n"),
        ("Mlouk", "jn_homs_n"),
        ("Mashrafa", "mishrifeh"),
        ("Mishrifeh", "mishrifeh"),
        ("Talbisa", "talbiseh"),
        ("Talbiseh", "talbiseh"),
        ("Al-Rastan", "rastan"),
        ("Rastan", "rastan"),
        ("Quseir", "qusayr"),
        ("Qusair", "qusayr"),
        ("Tartous", "tartus"),
        ("Hamah", "hama"),
        ("Deir Ezzor", "deir_ezzor"),
        ("Saraqeb", "saraqib"),
        ("Dera'a", "daraa"),
        ("Sweida", "suwayda"),
        ("Salamiya", "salamiyah"),
        ("Tadmur", "palmyra"),
        ("تلبيسة", "talbiseh"),
    ],
)
def test_the_spellings_of_the_press_find_their_place(press: str, node: str) -> None:
    spellings = {
        row["id"]: {name.lower() for name in [row["id"], row["name"], row["name_ar"], *split(row["aliases"])]}
        for row in table("nodes")
    }
    found = [place for place, names in spellings.items() if press.lower() in names]
    assert found == [node]


def test_labels_stand_at_compass_points_and_those_of_the_coast_in_the_sea() -> None:
    anchor = {row["id"]: row["label_anchor"] for row in table("nodes")}
    assert set(anchor.values()) <= {"", "N", "NE", "E", "SE", "S", "SW", "W", "NW"}
    assert {anchor[place] for place in ("latakia", "jableh", "baniyas", "tartus")} == {"W"}
    assert all(anchor[place] for place in ("homs", "hama", "damascus", "aleppo", "palmyra", "qusayr", "rastan", "nabk"))


# ---------------------------------------------------------------- links


def test_the_capacity_of_a_road_follows_from_its_lanes() -> None:
    for row in table("roads"):
        lanes = int(row["lanes"])
        assert int(row["capacity_vehicles_per_hour"]) == (1700 * (lanes // 2) if lanes >= 4 else 1400), row["id"]


def test_what_commands_a_road_is_a_place_of_the_network() -> None:
    known = {row["id"] for row in table("nodes")}
    for row in table("roads"):
        for item in split(row["passes"]):
            place, km = item.removesuffix("*").split(":")
            assert place in known - {row["tail"], row["head"]}
            assert 0 <= float(km) <= 4


def test_a_liquid_takes_the_line_fill_over_the_capacity_to_pass() -> None:
    density = {row["id"]: float(row["density"]) for row in table("commodities")} | {"crude": 1 / (7.3 * 0.158987)}
    checked = 0
    for row in table("pipelines"):
        if row["commodity"] == "gas" or row["source"].startswith("derived"):
            continue
        inches = [float(inch) for inch in row["diameter_in"].split("-")]
        area = math.pi / 4 * (sum(inches) / len(inches) * 0.0254) ** 2
        tonnes = area * float(row["length_km"]) * 1000 * density[row["commodity"]]
        hours = tonnes / float(row["capacity_per_day"]) * 24
        assert float(row["transit_hours"]) == pytest.approx(hours, rel=2e-3, abs=0.006), row["id"]
        checked += 1
    assert checked > 20


def test_a_pipeline_is_as_open_as_its_status_says() -> None:
    share = {"op": "1", "lim": "0.5", "down": "0", "def": "0", "plan": "0"}
    for row in table("pipelines"):
        for year in (2010, 2013, 2018, 2024, 2025):
            assert row[f"open_share_{year}"] == share[row[f"status_{year}"]]


# ---------------------------------------------------------------- supply


def test_low_is_below_central_and_central_below_high() -> None:
    for name in ("commodities", "demand", "facilities", "fleets"):
        for row in table(name):
            for low, central, high in ranges(row):
                assert 0 <= low <= central <= high


def test_every_area_needs_every_commodity_that_people_use() -> None:
    used = {"gasoline", "diesel", "lpg", "flour", "dry_food", "medicine"}
    assert {(row["area"], row["commodity"]) for row in table("demand")} == {(a, c) for a in AREAS for c in used}


def test_an_area_keeps_a_share_in_depots_only_where_it_has_one() -> None:
    area = {row["id"]: row["area"] for row in table("nodes")}
    stored = {(area[row["node"]], row["commodity_out"]) for row in table("facilities") if row["role"] == "storage"}
    for row in table("demand"):
        if float(row["depot_share"]):
            assert (row["area"], row["commodity"]) in stored


def test_a_store_holds_no_more_than_it_can_and_a_refinery_makes_no_more_than_it_takes() -> None:
    out: dict[str, float] = defaultdict(float)
    intake: dict[str, set[str]] = defaultdict(set)
    for row in table("facilities"):
        if row["capacity_tonnes"] and row["stock_tonnes_high"]:
            assert float(row["stock_tonnes_high"]) <= float(row["capacity_tonnes"]), row["id"]
        if row["role"] == "refinery":
            out[row["node"]] += float(row["rate_tonnes_per_day_central"])
            intake[row["node"]].add(row["intake_tonnes_per_day_central"])
    assert set(out) == {"banias_refinery", "homs_refinery"}
    for node, tonnes in out.items():
        assert len(intake[node]) == 1
        assert tonnes < float(intake[node].pop())


def test_the_products_of_a_refinery_share_its_least_run() -> None:
    least = {(row["node"], row["minimum_run_share"]) for row in table("facilities") if row["role"] == "refinery"}
    assert least == {("banias_refinery", "0.4"), ("homs_refinery", "0.4")}


def test_only_ships_have_cargoes_and_no_cargo_is_beyond_its_store() -> None:
    facilities = {row["id"]: row for row in table("facilities")}
    cargo = {name: float(row["cargo_tonnes"]) for name, row in facilities.items() if row["cargo_tonnes"]}
    assert cargo == {"banias_oil_terminal_crude_import": 136986, "banias_oil_terminal_lpg_import": 2800}
    assert cargo["banias_oil_terminal_crude_import"] < float(facilities["banias_oil_terminal_crude"]["capacity_tonnes"])


def test_a_power_plant_puts_out_what_its_fuel_is_worth() -> None:
    plants = [row for row in table("facilities") if row["role"] == "power_plant"]
    assert len(plants) == 8
    assert sum(float(row["output_mw_central"]) for row in plants) == pytest.approx(2000, rel=0.05)
    for row in plants:
        megajoules = {"gas": 36 / 0.78, "fuel_oil": 40.5}[row["commodity_in"]] * 1000
        share = float(row["output_mw_central"]) / (float(row["intake_tonnes_per_day_central"]) * megajoules / 86400)
        assert share == pytest.approx(0.4615, rel=0.01), row["id"]
        (nameplate,) = re.findall(r"nameplate (\d+) MW", row["note"])
        assert float(row["output_mw_central"]) < float(nameplate)


def test_the_gas_made_reaches_the_power_plants_that_burn_it() -> None:
    built: nx.DiGraph[str] = nx.DiGraph()
    for row in table("pipelines"):
        northbound = row["id"] in {"pp_nasiriyah>cs_rayyan", "pp_deir_ali>pp_nasiriyah"}
        if row["commodity"] == "gas" and float(row["open_share_2024"]) and not northbound:
            capacity = float(row["capacity_per_day"]) * float(row["open_share_2024"]) * 0.00078
            built.add_edge(row["tail"], row["head"], capacity=capacity)
    made = burnt = 0.0
    for row in table("facilities"):
        if row["active_from"]:
            continue  # what came in from abroad in 2025
        if row["commodity_out"] == "gas":
            made += float(row["rate_tonnes_per_day_central"])
            built.add_edge("made", row["node"], capacity=float(row["rate_tonnes_per_day_central"]))
        elif row["commodity_in"] == "gas":
            burnt += float(row["intake_tonnes_per_day_central"])
            built.add_edge(row["node"], "burnt", capacity=float(row["intake_tonnes_per_day_central"]))
    assert made / 780 == pytest.approx(8.5)
    assert burnt / 780 == pytest.approx(8.32, rel=1e-3)
    assert nx.maximum_flow_value(built, "made", "burnt") == pytest.approx(burnt)


def test_what_flows_on_both_ways_of_a_line_is_one_line() -> None:
    pipes = {(row["tail"], row["head"], row["commodity"]): row for row in table("pipelines")}
    for (tail, head, commodity), row in pipes.items():
        back = pipes.get((head, tail, commodity))
        if back and commodity == "gas":
            assert (row["length_km"], row["diameter_in"]) == (back["length_km"], back["diameter_in"])


def test_whoever_ships_by_road_has_vehicles_of_the_right_class() -> None:
    vehicle = {row["id"]: row["vehicle"] for row in table("commodities")}
    fleet = {(row["node"], row["vehicle"]) for row in table("fleets")}
    for row in table("facilities"):
        if row["commodity_out"] not in {"", "crude"} and vehicle[row["commodity_out"]]:
            assert (row["node"], vehicle[row["commodity_out"]]) in fleet, row["id"]
    assert ("xl_tabqa", vehicle["crude"]) in fleet


def test_no_facility_stops_because_someone_else_came_to_hold_it() -> None:
    assert {row["id"] for row in table("facilities") if row["active_to"]} == {
        "banias_oil_terminal_crude_import",
        "bc_nassib_dry_food",
        "port_latakia_dry_food",
        "port_tartus_flour",
    }


# ---------------------------------------------------------------- events


@pytest.mark.parametrize("name", EVENT_TABLES)
def test_events_are_in_order_within_their_windows_and_name_what_there_is(name: str) -> None:
    rows = events(name)
    nodes, links = {row["id"] for row in table("nodes")}, {row["id"] for row in table("roads")}
    instants = [datetime.fromisoformat(row["at"]) for row in rows]
    assert all(before <= after for before, after in pairwise(instants))
    for row, at in zip(rows, instants, strict=True):
        assert row["at"].endswith("+03:00")
        if row["earliest"]:
            assert datetime.fromisoformat(row["earliest"]) <= at <= datetime.fromisoformat(row["latest"])
        if row["kind"] == "control":
            assert set(split(row["node"])) <= nodes
            assert row["node"]
            assert row["actor"] in ACTORS
        else:
            assert row["kind"] == "link"
            assert set(split(row["link"])) <= links
            assert row["link"]
            assert 0 <= float(row["capacity_share"]) <= 1


def test_no_two_events_share_an_id() -> None:
    ids = [row["id"] for name in EVENT_TABLES + SUPPLY_EVENT_TABLES for row in events(name)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", SUPPLY_EVENT_TABLES)
def test_convoys_and_movements_are_in_order_and_name_what_there_is(name: str) -> None:
    rows = events(name)
    nodes = {row["id"] for row in table("nodes")}
    links = {row["id"] for row in [*table("roads"), *table("pipelines")]}
    facilities = {row["id"] for row in table("facilities")}
    assert all(before["at"] <= after["at"] for before, after in pairwise(rows))
    for row in rows:
        assert row["at"].endswith("+03:00")
        assert {row.get("from", ""), row.get("to", "")} - {""} <= nodes
        assert set(split(row.get("nodes", "")) + split(row.get("node", ""))) <= nodes
        assert set(split(row.get("facility", ""))) <= facilities
        assert set(split(row.get("link", ""))) <= links
        if row["earliest"]:
            assert row["earliest"] <= row["at"] <= row["latest"]
        if "judgement" in row["source"]:
            assert re.search("judgement|guess|as [DS]001", row["note"]), row["id"]


def test_nobody_is_led_out_of_the_old_city_who_was_not_there() -> None:
    persons = {row["id"]: int(row["place_population_2010_persons"]) for row in table("nodes")}
    for row in events("siege_2012_2014"):
        if row["kind"] == "population":
            persons[row["from"]] -= int(row["persons"])
            assert persons[row["from"]] >= 0, row["id"]
            if row["to"]:
                persons[row["to"]] += int(row["persons"])
        if row["id"] == "P001":
            assert persons["al_waer"] == pytest.approx(75_000, rel=0.01)
        if row["id"] == "F005":
            assert persons["old_city"] == 3300
    assert {persons[place] for place in ("old_city", "qusour", "khalidiya", "bayada")} == {0}


def test_the_offensive_ends_where_its_aftermath_begins() -> None:
    assert max(row["at"] for row in events("offensive_2024")) < "2024-12-10"
    assert min(row["at"] for row in events("aftermath_2024")) >= "2024-12-10"


def test_the_holders_after_the_offensive_are_those_of_its_events() -> None:
    holders = holders_at("2024-12-10")
    for row in events("aftermath_2024"):
        if row["at"] < "2024-12-12":
            apply(holders, row)
    assert holders == {row["id"]: row["control_2024_12_12"] for row in table("nodes")}


def test_the_last_hours_stand_as_dated() -> None:
    evening, night = holders_at("2024-12-07T22:00:00+03:00"), holders_at("2024-12-08T02:00:00+03:00")
    assert {evening[place] for place in ("homs", "qusayr", "damascus", "tartus", "nabk")} <= {"regime", "none"}
    assert evening["qusayr"] == evening["hadidah"] == evening["hisya"] == "regime"
    assert "regime" not in {night[place] for place in ("homs", "qusayr", "jn_homs_s", "jn_homs_w", "hama", "palmyra")}
    assert {night[place] for place in ("damascus", "nabk", "tartus", "latakia", "hisya", "hadidah")} == {"regime"}
    assert holders_at("2024-12-08T03:00:00+03:00")["nabk"] != "regime"
    assert "regime" not in holders_at("2024-12-09T23:59:59+03:00").values()


# ---------------------------------------------------------------- base map


def features() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((DATA / "basemap.json").read_text(encoding="utf-8"))["features"]
    return found


def test_the_base_map_is_small_and_says_where_it_is_from() -> None:
    path = DATA / "basemap.json"
    assert path.stat().st_size < 25_000
    content = json.loads(path.read_text(encoding="utf-8"))
    assert "Natural Earth" in content["source"]
    assert "border" in content["note"].lower()
    assert {feature["properties"]["kind"] for feature in content["features"]} == {
        "country",
        "neighbour",
        "border",
        "coast",
    }


def test_the_places_of_the_country_lie_on_its_base_map() -> None:
    (country,) = [shape(item["geometry"]) for item in features() if item["properties"]["kind"] == "country"]
    assert country.is_valid
    for row in table("nodes"):
        away = country.distance(Point(float(row["lon"]), float(row["lat"])))
        assert (away < 0.03) == bool(row["area"]), row["id"]


def test_lands_of_the_base_map_meet_without_overlap() -> None:
    lands = [shape(item["geometry"]) for item in features() if item["properties"]["kind"] in {"country", "neighbour"}]
    for position, land in enumerate(lands):
        for other in lands[:position]:
            assert land.intersection(other).area < 1e-4


def test_a_line_between_two_countries_is_a_border_and_any_other_a_coast() -> None:
    spec = importlib.util.spec_from_file_location("basemap", ROOT / "tools" / "basemap.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    shared, west, east = [[1, 0], [0, 1]], [[1, 1], [-1, 0], [0, -1], [1, 0]], [[1, 0], [1, 0], [0, 1], [-1, 0]]
    topology = {
        "transform": {"scale": [1.0, 1.0], "translate": [35.0, 33.0]},
        "arcs": [shared, west, east],
        "objects": {
            "countries": {
                "geometries": [
                    {"type": "Polygon", "arcs": [[0, 1]], "properties": {"name": "Syria"}},
                    {"type": "MultiPolygon", "arcs": [[[2, ~0]]], "properties": {"name": "Turkey"}},
                ]
            }
        },
    }
    found = module.base_map(topology, frame=(34.0, 32.0, 38.0, 35.0))["features"]
    length = {item["properties"]["kind"]: shape(item["geometry"]).length for item in found}
    assert length == pytest.approx({"country": 4, "neighbour": 4, "border": 1, "coast": 6})
    assert [item["properties"].get("name") for item in found] == ["Syria", "Türkiye", None, None]


# ---------------------------------------------------------------- against the compilation behind the tables


@needs_facts
def test_roads_are_as_measured() -> None:
    measured = {f"{row['u']}-{row['v']}": row for row in facts("roads")}
    shipped = {row["id"]: row for row in table("roads")}
    assert shipped.keys() == measured.keys()
    for link, row in measured.items():
        assert float(shipped[link]["length_km"]) == float(row["length_km"])
        assert float(shipped[link]["free_flow_truck_hours"]) == float(row["free_flow_truck_hours"])
        assert shipped[link]["passes"] == row["passes"]
        front = "shut by control, not closed in itself" in shipped[link]["note"]
        assert float(shipped[link]["open_share_2024_11_26"]) == (1.0 if front else float(row["open_2024_11_26"]))


@needs_facts
def test_places_pipelines_and_facilities_are_all_there() -> None:
    assert [row["id"] for row in table("nodes")] == [row["id"] for row in facts("nodes")]
    recorded_lines = [(row["u"], row["v"]) for row in facts("pipelines")]
    lines = [(row["tail"], row["head"]) for row in table("pipelines")]
    assert lines[: len(recorded_lines)] == recorded_lines
    assert all("derived" in row["source"] for row in table("pipelines")[len(recorded_lines) :])
    recorded = [row for row in table("facilities") if not row["id"].endswith("_balance")] + table("plants")
    assert {row["node"] for row in recorded} == {row["node"] for row in facts("facilities")}


@needs_facts
def test_gas_plants_and_power_plants_are_those_of_the_compilation() -> None:
    shipped = {
        (row["node"], row["role"]): row
        for row in table("facilities")
        if row["commodity_out"] in {"", "gas"} and row["role"] != "import"
    }
    facility = {"gas_plant": ("production", "rate"), "power_plant": ("power_plant", "intake")}
    kilograms = {"gas": 780.0, "fuel_oil": 36 / 40.5 * 1000}
    recorded = [row for row in facts("facilities") if row["role"] in facility and row["rate_unit"].startswith("Mm3")]
    assert len(recorded) == len(shipped) == 13
    for row in recorded:
        role, column = facility[row["role"]]
        ours = shipped[row["node"], role]
        assert ours["commodity_in" if role == "power_plant" else "commodity_out"] == row["commodity_in"]
        for part in ("low", "central", "high"):
            tonnes = float(row[f"rate_{part}"]) * kilograms[row["commodity_in"]]
            assert float(ours[f"{column}_tonnes_per_day_{part}"]) == pytest.approx(tonnes, abs=0.5), row["node"]
        if role == "power_plant":
            assert f"average output {ours['output_mw_central']} MW" in row["note"]
            rate = {row["param_id"]: row for row in facts("logistics_params")}["gas_per_mw"]
            for ours_part, rate_part in (("low", "high"), ("high", "low")):
                megawatts = float(row["rate_central"]) / float(rate[rate_part])
                assert float(ours[f"output_mw_{ours_part}"]) == pytest.approx(megawatts, abs=0.5), row["node"]


@needs_facts
def test_fuel_oil_and_cargoes_follow_from_the_parameters_of_the_compilation() -> None:
    parameter = {row["param_id"]: row for row in facts("logistics_params")}
    shipped = {row["id"]: row for row in table("facilities")}
    homs, banias = shipped["homs_refinery_fuel_oil"], shipped["banias_refinery_fuel_oil"]
    for part in ("low", "central", "high"):
        assert float(homs[f"rate_tonnes_per_day_{part}"]) == float(parameter["homs_fueloil_td"][part])
        by_yield = float(parameter["banias_yield_fueloil"][part]) * float(banias[f"intake_tonnes_per_day_{part}"])
        products = [row for row in shipped.values() if row["node"] == "banias_refinery"]
        others = sum(float(row[f"rate_tonnes_per_day_{part}"]) for row in products if row is not banias)
        left = float(banias[f"intake_tonnes_per_day_{part}"]) - others
        assert float(banias[f"rate_tonnes_per_day_{part}"]) == pytest.approx(min(by_yield, left), abs=0.5)
    crude = float(parameter["crude_iran_cargo_kbbl"]["central"]) * 1000 / 7.3
    assert float(shipped["banias_oil_terminal_crude_import"]["cargo_tonnes"]) == pytest.approx(crude, abs=0.5)
    lpg = float(parameter["lpg_ship_t"]["central"])
    assert float(shipped["banias_oil_terminal_lpg_import"]["cargo_tonnes"]) == lpg


@needs_facts
def test_events_replayed_give_the_holders_and_links_of_the_compilation_at_every_instant() -> None:
    wanted = {row["id"]: row["control_2024_11_26"] for row in facts("nodes")}
    holders, shares, wanted_shares = dict(wanted), dict[str, float](), dict[str, float]()
    ends = {row["id"]: frozenset((row["tail"], row["head"])) for row in table("roads")}
    link_of = {pair: link for link, pair in ends.items()}
    ours = [*events("offensive_2024"), *events("aftermath_2024")]
    theirs = sorted(facts("events_2024"), key=lambda row: (row["at"], row["event"]))
    for instant in sorted({row["at"] for row in theirs} | {row["at"] for row in ours}):
        for row in theirs:
            if row["at"] == instant and row["kind"] == "control":
                wanted.update(dict.fromkeys(split(row["nodes"]), row["to_actor"]))
            elif row["at"] == instant:
                wanted_shares[link_of[frozenset((row["link_u"], row["link_v"]))]] = float(row["capacity"])
        for row in ours:
            if row["at"] == instant:
                apply(holders, row)
                shares.update(dict.fromkeys(split(row["link"]), float(row["capacity_share"] or 0)))
        assert holders == wanted, instant
        assert shares == wanted_shares, instant


@needs_facts
def test_the_siege_leads_out_and_lets_in_what_the_record_counts() -> None:
    recorded = {row["event"]: row for row in facts("events_2012_2018")}
    ours = {row["id"]: row for row in events("siege_2012_2014")}
    out = {name: int(row["persons"]) for name, row in ours.items() if row["kind"] == "population"}
    assert out["S008"] == int(recorded["H039"]["people"])
    assert out["S009"] == int(recorded["H043"]["people"])
    assert out["S008"] + out["S009"] + out["S010"] == int(recorded["H040"]["people"])
    assert out["S008"] + out["S009"] + out["S010"] + out["S011"] == int(recorded["H041"]["people"])
    assert out["S012"] == int(recorded["H048"]["people"])
    ration = {row["param_id"]: row for row in facts("logistics_params")}["ration_wfp_syria_kg_month"]
    parcel = 5 * float(ration["central"]) / 1000
    assert float(ours["C002"]["tonnes"]) == pytest.approx(float(recorded["H042"]["value"]) * parcel)
    assert float(ours["C001"]["tonnes"]) == pytest.approx(
        int(recorded["H030"]["people"]) * float(ration["central"]) / 1000
    )
    assert {name: row["permitted"] for name, row in ours.items() if row["kind"] == "convoy"} == {
        "C001": "false",
        "C002": "true",
        "C003": "false",
    }
    for name, event in (("C002", "H042"), ("S008", "H039"), ("S009", "H043"), ("C003", "H044"), ("S012", "H048")):
        assert ours[name]["at"][:10] == recorded[event]["at"][:10]


@needs_facts
def test_history_replayed_gives_the_holders_of_the_compilation() -> None:
    dated = [row for row in facts("initial_control_2011_2013") if row["date"] == "2011-10-01"]
    start = {row["node"]: row["actor"] for row in dated}
    ours = [(row["at"], split(row["node"]), row["actor"]) for row in events("history_2012_2018") if row["node"]]
    theirs = [
        (row["at"], split(row["nodes"]), row["to_actor"])
        for row in facts("events_2012_2018")
        if row["kind"] == "control"
    ]
    assert ours == theirs
    columns = {row["id"]: row["control_2011_10_01"] for row in table("nodes")}
    assert {node: columns[node] for node in start} == start


@needs_facts
def test_the_blockades_let_in_and_lead_out_what_the_record_counts() -> None:
    recorded = {row["event"]: row for row in facts("events_2012_2018")}
    tables = ("pocket_2012_2018", "al_waer_2013_2017", "baba_amr_2012")
    ours = {row["id"]: row for name in tables for row in events(name)}
    dated = {"N004": "H060", "N006": "H063", "N007": "H078", "N008": "H084", "W008": "H066", "W012": "H070"}
    dated |= {"W015": "H073", "W017": "H075", "A001": "H015", "A002": "H017", "A004": "H019"}
    assert {name: ours[name]["at"][:10] for name in dated} == {a: recorded[b]["at"][:10] for a, b in dated.items()}
    assert float(ours["N004"]["tonnes"]) == pytest.approx(float(recorded["H060"]["value"]) * 0.045)
    assert float(ours["N008"]["tonnes"]) == pytest.approx(float(recorded["H084"]["value"]) * 0.045, abs=1)
    a_lorry = float(recorded["H084"]["value"]) / float(recorded["H084"]["trucks"]) * 0.045
    for name, event in (("N006", "H063"), ("N007", "H078")):
        assert float(ours[name]["tonnes"]) == pytest.approx(float(recorded[event]["trucks"]) * a_lorry, rel=0.01)
    assert float(ours["W008"]["tonnes"]) == pytest.approx(int(recorded["H066"]["people"]) / 5 * 0.045)
    assert int(ours["N009"]["persons"]) + int(ours["N010"]["persons"]) == int(recorded["H087"]["people"])
    led_out = {name: int(ours[name]["persons"]) for name in ("W015", "W016", "W017", "W018")}
    assert led_out["W015"] + led_out["W016"] == int(recorded["H074"]["people"])
    assert led_out["W017"] == int(recorded["H075"]["people"])
    assert sum(led_out.values()) == int(recorded["H077"]["people"])


@needs_facts
def test_the_recovery_stands_as_recorded() -> None:
    recorded = {row["id"]: row for row in facts("recovery_2025")}
    ours = {row["id"]: row for row in events("recovery_2025")}
    for name, row in ours.items():
        if name in recorded and recorded[name]["t"] >= "2024-12-20":
            assert row["at"][:10] == recorded[name]["t"], name
            assert row["confidence"] in {recorded[name]["confidence"], "medium"}, name
    gas, crude = 780, 1000 / 7.3 / 1000  # kilograms in a cubic metre of gas, tonnes in a barrel
    shipped = {row["id"]: float(row["rate_tonnes_per_day_central"] or 0) for row in table("facilities")}
    assert shipped["bc_nassib_gas_import"] == float(recorded["R012"]["quantity"]) * gas
    assert shipped["bc_bab_salama_gas_import"] == float(recorded["R028"]["quantity"].split()[0]) * gas
    for name in ("R008", "R023"):
        given = float(ours[name]["rate_share"]) * shipped["xl_tabqa_crude"]
        assert given == pytest.approx(float(recorded[name]["quantity"]) * crude, rel=0.01)


@needs_facts
def test_demand_is_that_of_the_zones() -> None:
    zones = {
        "damascus_pocket": "damascus_area",
        "aleppo_gov": "aleppo_area",
        "coast": "coast",
        "homs": "homs_area",
        "nes_sdf": "northeast",
    }
    rate = {(row["area"], row["commodity"]): float(row["rate_kg_per_person_day_central"]) for row in table("demand")}
    for row in facts("demand_zones"):
        if row["zone"] in zones:
            persons, area = int(row["population_2024"]), zones[row["zone"]]
            assert rate[area, "flour"] * persons / 1000 == pytest.approx(float(row["flour_t_day"]), rel=1e-3)
            assert rate[area, "diesel"] * persons / 0.843 == pytest.approx(float(row["diesel_l_day"]), rel=1e-3)
            assert rate[area, "gasoline"] * persons / 0.741 == pytest.approx(float(row["gasoline_l_day"]), rel=1e-3)
