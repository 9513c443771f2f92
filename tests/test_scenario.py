"""A scenario is read as it is written: with its tables, on its base, under settings, and found again in its files."""

import dataclasses
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.errors import Fault, ScenarioError
from corridor.policies import NearestFirst, Priority
from corridor.scenario import Document, Scenario, load_scenario, read_scenario, starter
from corridor.scenario.model import (
    ControlEvent,
    ConvoyEvent,
    ExpectPockets,
    FacilityEvent,
    LinkEvent,
    PassageEvent,
    PopulationEvent,
)
from corridor.scenario.values import read_instant

WHOLE = Path(__file__).parent / "faulty" / "whole.yaml"
SHIPPED = sorted((Path(__file__).parent.parent / "scenarios").glob("*.yaml"))
WHAT_IF = "base: whole.yaml\nname: it\ntitle: A what-if\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tables").mkdir()
    for name in ("whole.yaml", "tables/whole.csv"):
        (tmp_path / name).write_bytes((WHOLE.parent / name).read_bytes())
    return tmp_path


def read(folder: Path, text: str, **settings: str) -> Document:
    path = folder / "it.yaml"
    path.write_text(text, encoding="utf-8")
    return read_scenario(path, settings={key.replace("__", "."): value for key, value in settings.items()})


def scenario(folder: Path, text: str, **settings: str) -> Scenario:
    document = read(folder, text, **settings)
    assert document.faults == ()
    assert document.scenario is not None
    return document.scenario


def messages(folder: Path, text: str, **settings: str) -> list[str]:
    return [str(fault).removeprefix(f"{folder}{os.sep}") for fault in read(folder, text, **settings).faults]


def test_a_scenario_is_read_as_it_is_written() -> None:
    read_in = load_scenario(WHOLE)
    assert (read_in.name, read_in.network, read_in.overlook) == ("whole", "central_syria", True)
    assert read_in.end - read_in.start == timedelta(days=9)
    assert read_in.start.utcoffset() == timedelta(hours=3)
    assert list(read_in.actors) == ["regime", "hts"]
    assert read_in.actors["hts"].colour == "#009E73"
    assert read_in.control.from_ == "control_2024_11_26"
    assert read_in.supply.policy.kind == "fair_share"
    assert read_in.supply.policy.target_days == {"gasoline": 5, "flour": 7}
    assert isinstance(read_in.expect[0], ExpectPockets)


def test_events_of_the_file_and_of_its_tables_stand_in_their_order() -> None:
    first, second, third = load_scenario(WHOLE).events
    assert isinstance(first, ControlEvent)
    assert isinstance(second, ControlEvent)
    assert isinstance(third, LinkEvent)
    assert [event.id for event in (first, second, third)] == ["E1", "T1", "T2"]
    assert (first.node, second.node, third.link) == (("hama",), ("homs", "al_waer"), ("rastan", "talbiseh"))
    assert (third.capacity_share, third.classes, third.earliest) == (0.3, (), None)


def test_every_kind_of_event_can_stand_in_a_table(folder: Path) -> None:
    header = (
        "id,kind,node,link,at,earliest,latest,actor,capacity_share,classes,facility,rate_share,from,to,commodity,"
        "tonnes,permitted,persons,through,mode,nodes,commodities,delay_hours,vehicles_per_day,status,confidence,source,note"
    )
    given_rows = [
        {"id": "A", "kind": "link", "link": "rastan; hama", "capacity_share": "1", "classes": "flat;tanker"},
        {"id": "B", "kind": "facility", "facility": "homs_refinery", "rate_share": "0.5", "note": '"a ""note"", here"'},
        {
            "id": "C",
            "kind": "convoy",
            "actor": "hts",
            "from": "homs",
            "to": "hama",
            "commodity": "flour",
            "tonnes": "20",
        },
        {"id": "D", "kind": "population", "from": "homs", "persons": "1e4"},
        {"id": "E", "kind": "passage", "actor": "hts", "through": "regime", "mode": "gate", "delay_hours": "2"},
    ]
    given_rows[2]["permitted"] = "false"
    common = {"at": "2024-12-06T14:00+03:00", "status": "reported", "source": "record", "confidence": "low"}
    lines = [",".join((row | common).get(column, "") for column in header.split(",")) for row in given_rows]
    (folder / "t.csv").write_bytes(b"\xef\xbb\xbf" + "\r\n".join([header, *lines, "", ""]).encode())
    link, facility, convoy, population, passage = scenario(folder, WHAT_IF + "events: [t.csv]\n").events[3:]
    assert isinstance(link, LinkEvent)
    assert (link.link, link.classes, link.capacity_share) == (("rastan", "hama"), ("flat", "tanker"), 1.0)
    assert isinstance(facility, FacilityEvent)
    assert (facility.facility, facility.rate_share, facility.note) == (("homs_refinery",), 0.5, 'a "note", here')
    assert isinstance(convoy, ConvoyEvent)
    assert (convoy.from_, convoy.to, convoy.tonnes, convoy.permitted) == ("homs", "hama", 20.0, False)
    assert isinstance(population, PopulationEvent)
    assert (population.from_, population.to, population.persons) == ("homs", "", 10_000.0)
    assert isinstance(passage, PassageEvent)
    assert (passage.mode, passage.delay_hours, passage.vehicles_per_day) == ("gate", 2.0, None)


def test_gates_and_movements_in_a_table_are_read_with_all_their_columns(folder: Path) -> None:
    (folder / "t.csv").write_text(
        "id,kind,actor,through,mode,nodes,servers,service,service_minutes,service_variation,opens,closes,"
        "inspected_share,from,to,commodity,tonnes,unloaded_share,persons,over_hours,at,status,source\n"
        'G,passage,hts,regime,gate,homs;hama,3,lognormal,7.5,0.4,06:00,"18:30",0.25,,,,,,,,2024-12-06T14:00Z,claimed,s\n'
        "C,convoy,hts,,,,,,,,,,,homs,hama,flour,20,0.4,,,2024-12-06T14:00Z,claimed,s\n"
        "P,population,,,,,,,,,,,,homs,,,,,5000,36,2024-12-06T14:00Z,claimed,s\n",
        encoding="utf-8",
    )
    gate, convoy, people = scenario(folder, WHAT_IF + "events: [t.csv]\n").events[3:]
    assert isinstance(gate, PassageEvent)
    assert (gate.nodes, gate.servers, gate.service, gate.service_minutes) == (("homs", "hama"), 3, "lognormal", 7.5)
    assert (gate.service_variation, gate.opens, gate.closes, gate.inspected_share) == (0.4, "06:00", "18:30", 0.25)
    assert isinstance(convoy, ConvoyEvent)
    assert (convoy.permitted, convoy.unloaded_share) == (True, 0.4)
    assert isinstance(people, PopulationEvent)
    assert (people.persons, people.over_hours) == (5000.0, 36.0)


def test_supply_is_read_with_all_that_may_stand_in_it(folder: Path) -> None:
    read_in = scenario(
        folder,
        WHAT_IF
        + """
links: {across_fronts: "ps_homs>banias_refinery"}
passage:
  - {actor: hts, through: contested, mode: gate, servers: 2, vehicles_per_day: 80, opens: 06:00, closes: 24:00}
supply:
  areas: [coast]
  facilities:
    - {facility: oil, cargo_tonnes: 137000, every_days: 17, first_cargo: 2024-12-03T00:00+03:00}
    - {facility: mill, minimum_run_share: 0.4}
  fleets: [{node: homs, vehicle: tanker, vehicles: 0}, {node: homs, vehicle: flat, vehicles: 40}]
  loading_bays: {homs: 4}
  policy: {kind: priority, kinds: [city], commodities: [flour, gasoline]}
  rationing:
    - {commodity: gasoline, below_days: 3, share: 0.5}
    - {commodity: gasoline, below_days: 6, share: 0.8}
    - {commodity: flour, below_days: 6, share: 0.8, places: [homs]}
    - {commodity: flour, below_days: 6, share: 0.7, places: [hama]}
  displacement:
    - {when: contested, share_per_day: 0.1, places: [homs]}
    - {when: stockout, commodity: flour, share_per_day: 0.02, to: [tartus, latakia]}
  traffic: {persons_per_vehicle: 5}
""",
    )
    supply, gate = read_in.supply, read_in.passage[0]
    assert read_in.links.across_fronts == ("ps_homs>banias_refinery",)
    assert (gate.servers, gate.opens, gate.closes, gate.service, gate.inspected_share) == (
        2,
        "06:00",
        "24:00",
        "constant",
        1,
    )
    assert (supply.areas, supply.loading_bays) == (("coast",), {"homs": 4})
    assert (supply.facilities[0].cargo_tonnes, supply.facilities[0].every_days) == (137_000, 17)
    assert supply.facilities[1].minimum_run_share == 0.4
    assert [(fleet.vehicle, fleet.vehicles) for fleet in supply.fleets] == [("tanker", 0), ("flat", 40)]
    assert supply.policy == Priority(
        kinds=("city",), commodities=("flour", "gasoline"), target_days={"gasoline": 5, "flour": 7}
    )
    assert [(step.below_days, step.share) for step in supply.rationing] == [(3, 0.5), (6, 0.8), (6, 0.8), (6, 0.7)]
    assert [(rule.when, rule.commodity, rule.to) for rule in supply.displacement] == [
        ("contested", "", ()),
        ("stockout", "flour", ("tartus", "latakia")),
    ]
    assert (supply.traffic.persons_per_vehicle, supply.traffic.alpha, supply.traffic.beta) == (5, 0.15, 4)


def test_a_policy_of_another_kind_takes_over_what_both_have(folder: Path) -> None:
    (folder / "first.yaml").write_text(
        WHAT_IF + "supply: {policy: {kind: priority, review_hours: 12, kinds: [city]}}\n", encoding="utf-8"
    )
    text = "base: first.yaml\nname: it\ntitle: Another policy\n"
    changed = scenario(folder, text + "supply: {policy: {kind: nearest_first}}\n").supply.policy
    assert changed == NearestFirst(review_hours=12, target_days={"gasoline": 5, "flour": 7})
    assert scenario(folder, text, supply__policy__kind="nearest_first").supply.policy == changed
    kept = scenario(folder, text + "supply: {policy: {kind: priority, commodities: [flour]}}\n").supply.policy
    assert isinstance(kept, Priority)
    assert (kept.kinds, kept.commodities) == (("city",), ("flour",))


def test_a_key_that_no_policy_has_is_told_whatever_the_kind(folder: Path) -> None:
    (folder / "first.yaml").write_text(WHAT_IF + "supply: {policy: {kind: priority, reviews: 12}}\n", encoding="utf-8")
    text = "base: first.yaml\nname: it\ntitle: Another policy\nsupply: {policy: {kind: nearest_first}}\n"
    assert messages(folder, text) == ["first.yaml:4:35: unknown key 'reviews'; did you mean 'review_hours'?"]


def test_a_time_is_never_turned_into_something_else(folder: Path) -> None:
    assert messages(folder, WHAT_IF + "end: 2024-12-09T00:00:00\n") == [
        "it.yaml:4:6: end: '2024-12-09T00:00:00' has no UTC offset; write 2024-12-09T00:00:00+03:00"
    ]
    assert scenario(folder, WHAT_IF + "end: '2024-12-09T00:00Z'\n").end.utcoffset() == timedelta(0)


def test_advice_on_a_time_takes_the_scenarios_own_offset(folder: Path) -> None:
    text = WHAT_IF + "start: 2024-12-01T00:00+02:00\nend: 2024-12-09 0:00\n"
    assert messages(folder, text) == [
        "it.yaml:5:6: end: '2024-12-09 0:00' has no UTC offset; write 2024-12-09T00:00+02:00"
    ]


@given(st.datetimes(datetime(1900, 1, 2), datetime(2099, 12, 30)), st.integers(-14 * 60, 14 * 60))  # noqa: DTZ001
def test_an_instant_is_read_as_iso_8601_writes_it(naive: datetime, minutes: int) -> None:
    sign, hours, rest = "-" if minutes < 0 else "+", abs(minutes) // 60, abs(minutes) % 60
    text = f"{naive:%Y-%m-%dT%H:%M:%S}{sign}{hours:02}:{rest:02}"
    assert read_instant(text) == datetime.fromisoformat(text)
    assert read_instant(text).utcoffset() == timedelta(minutes=minutes)


def test_one_name_may_stand_for_a_list_of_one(folder: Path) -> None:
    assert scenario(folder, WHAT_IF + "show: {places: homs}\n").show.places == ("homs",)


# Bases


def test_a_what_if_says_only_what_differs(folder: Path) -> None:
    base, changed = load_scenario(folder / "whole.yaml"), scenario(folder, WHAT_IF + "overlook: false\n")
    same = {field.name for field in dataclasses.fields(base)} - {"name", "title", "overlook", "expect"}
    assert {name: getattr(changed, name) for name in same} == {name: getattr(base, name) for name in same}
    assert (changed.name, changed.title, changed.overlook) == ("it", "A what-if", False)


def test_mappings_merge_key_by_key_and_lists_are_replaced(folder: Path) -> None:
    changed = scenario(
        folder,
        WHAT_IF
        + "supply: {commodities: [flour, gasoline, diesel], policy: {kind: nearest_first, target_days: {flour: 3}}}\n"
        + 'actors: {sdf: {name: Syrian Democratic Forces, colour: "#E69F00"}, hts: {name: Other}}\n'
        + "links: {except: {rastan-hama: 0}}\n",
    )
    assert changed.supply.commodities == ("flour", "gasoline", "diesel")
    assert changed.supply.policy.kind == "nearest_first"
    assert changed.supply.policy.target_days == {"gasoline": 5, "flour": 3}
    assert list(changed.actors) == ["regime", "hts", "sdf"]
    assert (changed.actors["hts"].name, changed.actors["hts"].colour) == ("Other", "#009E73")
    assert (changed.links.roads, changed.links.except_) == ("open_share_2024_11_26", {"rastan-hama": 0.0})


def test_events_are_added_and_left_out_and_expectations_are_not_taken_over(folder: Path) -> None:
    added = (
        "{id: N1, kind: facility, facility: x, rate_share: 0, at: 2024-12-05T14:00+03:00, status: claimed, source: s}"
    )
    changed = scenario(folder, WHAT_IF + f"without: [E1, T2]\nevents:\n  - {added}\n")
    assert [event.id for event in changed.events] == ["T1", "N1"]
    assert changed.expect == ()


def test_an_event_left_out_may_be_written_anew(folder: Path) -> None:
    anew = "{id: E1, kind: control, node: homs, actor: none, at: 2024-12-05T14:00+03:00, status: claimed, source: s}"
    assert [event.id for event in scenario(folder, WHAT_IF + f"without: [E1]\nevents:\n  - {anew}\n").events] == [
        "T1",
        "T2",
        "E1",
    ]


def test_a_what_if_with_a_time_of_its_own_lists_what_lies_outside_and_takes_no_maps_over(folder: Path) -> None:
    maps = "show: {maps: [2024-12-05T00:00+03:00]}\n"
    text = (folder / "whole.yaml").read_text(encoding="utf-8")
    (folder / "whole.yaml").write_text(text + maps, encoding="utf-8")
    base = load_scenario(folder / "whole.yaml")
    first = min(event.at for event in base.events)
    shorter = scenario(folder, WHAT_IF + f"end: {first.isoformat(timespec='minutes')}\n")
    assert {event.id for event in base.events if event.at > first} <= set(shorter.skip_outside)
    assert shorter.show.maps == ()
    assert base.show.maps


def test_what_if_on_what_if_on_base(folder: Path) -> None:
    (folder / "middle.yaml").write_text(
        WHAT_IF + "without: [E1]\nwhy: Of the middle\nwarmup_days: 3\n", encoding="utf-8"
    )
    (folder / "deep").mkdir()
    path = folder / "deep" / "top.yaml"
    path.write_text("base: ../middle.yaml\nname: top\ntitle: Top\nwithout: [T1]\n", encoding="utf-8")
    document = read_scenario(path)
    assert document.faults == ()
    assert document.scenario is not None
    assert [event.id for event in document.scenario.events] == ["T2"]
    assert (document.scenario.warmup_days, document.scenario.why) == (3.0, "")
    assert [Path(name).name for name in document.files] == ["top.yaml", "middle.yaml", "whole.yaml", "whole.csv"]


def test_a_fault_in_the_base_is_shown_in_the_base_together_with_those_of_the_what_if(folder: Path) -> None:
    text = (folder / "whole.yaml").read_text(encoding="utf-8").replace("actor: regime,", "actor: regme,")
    (folder / "whole.yaml").write_text(text.replace("node: hama", "node: 3"), encoding="utf-8")
    assert messages(folder, WHAT_IF + "overlook: maybe\n") == [
        "it.yaml:4:11: overlook: 'maybe' is neither true nor false",
        "whole.yaml:13:35: node: found 3 where a list is expected",
    ]


def test_a_missing_base_does_not_make_its_keys_missing_but_hides_no_other_fault(folder: Path) -> None:
    (folder / "whole.yaml").unlink()
    assert messages(folder, WHAT_IF + "overlook: maybe\nwithout: [E1]\n") == [
        "it.yaml:1:7: base 'whole.yaml': there is no such file",
        "it.yaml:4:11: overlook: 'maybe' is neither true nor false",
    ]


def test_tables_that_reach_beyond_the_end_are_kept_and_named(folder: Path) -> None:
    late = (
        (folder / "tables/whole.csv")
        .read_text(encoding="utf-8")
        .replace("2024-12-06", "2025-01-06")
        .replace("T", "L", 1)
    )
    rows = late.splitlines()
    (folder / "late.csv").write_text("\n".join([rows[0], rows[2].replace("T2", "L2")]), encoding="utf-8")
    changed = scenario(folder, WHAT_IF + "events: [{table: late.csv, outside: skip}]\n")
    assert [event.id for event in changed.events] == ["E1", "T1", "T2", "L2"]
    assert changed.skip_outside == ("L2",)
    assert messages(folder, WHAT_IF + "events: [{table: late.csv}]\n") == [
        "late.csv:2:31: at: 2025-01-06T15:00+03:00 is after the scenario's end, 2024-12-10T00:00+03:00"
    ]


# Settings


def test_settings_overrule_single_values(folder: Path) -> None:
    changed = scenario(
        folder,
        WHAT_IF,
        draw__seed="7",
        supply__policy__kind="nearest_first",
        supply__policy__target_days__flour="2.5",
        title='"12"',
        overlook="false",
        actors__hts__colour="#123456",
    )
    assert changed.draw.seed == 7
    assert (changed.supply.policy.kind, changed.supply.policy.target_days["flour"]) == ("nearest_first", 2.5)
    assert (changed.title, changed.overlook, changed.actors["hts"].colour) == ("12", False, "#123456")


@pytest.mark.parametrize(
    ("key", "value", "answer"),
    [
        ("draw.seed", "x", "seed: 'x' is not a whole number"),
        ("draw.sed", "1", "unknown key 'sed'; did you mean 'seed'?"),
        ("drw.seed", "1", "unknown key 'drw'; did you mean 'draw'?"),
        ("events", "x.csv", "'events' holds more than one value; only single values can be set"),
        ("base", "x.yaml", "'base' cannot be set from outside; write it in a file"),
        ("title.x", "1", "there is no such key; write keys with dots between them, such as supply.policy.review_hours"),
        (
            "draw..seed",
            "1",
            "there is no such key; write keys with dots between them, such as supply.policy.review_hours",
        ),
        ("end", "2024-12-09", "end: '2024-12-09' has no time of day and no UTC offset; write 2024-12-09T00:00+03:00"),
        ("title", "", "title: nothing is written here; write a value or leave the key out"),
        ("supply.fallen_stock", "burnt", "fallen_stock: 'burnt' is not one of passes, destroyed or evacuated"),
    ],
)
def test_a_wrong_setting_is_named_as_it_was_given(folder: Path, key: str, value: str, answer: str) -> None:
    found = read_scenario(folder / "whole.yaml", settings={key: value}).faults
    assert [str(fault) for fault in found] == [f"--set {key}: {answer}"]


def test_the_hash_is_over_files_and_settings_wherever_they_lie(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    there = tmp_path_factory.mktemp("there")
    (there / "tables").mkdir()
    for name in ("whole.yaml", "tables/whole.csv"):
        (there / name).write_bytes((folder / name).read_bytes())
    here = read(folder, WHAT_IF).sha256
    assert read(there, WHAT_IF).sha256 == here
    assert read(there, WHAT_IF, draw__seed="0").sha256 != here
    table = there / "tables/whole.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("0.3", "0.4"), encoding="utf-8")
    assert read(there, WHAT_IF).sha256 != here


# Places


@pytest.mark.parametrize(
    ("where", "place"),
    [
        (("events", 0, "node", 0), ("whole.yaml", 13, 35)),
        (("events", 1, "node", 1), ("tables/whole.csv", 2, 17)),
        (("events", 2, "link", 0), ("tables/whole.csv", 3, 10)),
        (("events", 2, "at"), ("tables/whole.csv", 3, 31)),
        (("events", 3, "facility", 0), ("it.yaml", 5, 40)),
        (("control", "from"), ("whole.yaml", 10, 17)),
        (("control", "except", "homs"), ("it.yaml", 6, 20)),
        (("control", "except"), ("it.yaml", 6, 19)),
        (("supply", "commodities", 1), ("whole.yaml", 16, 27)),
        (("supply", "policy", "target_days", "flour"), ("whole.yaml", 17, 57)),
        (("supply", "rationing", 3, "commodity"), ("whole.yaml", 16, 3)),
        (("events", 99, "node"), ("it.yaml", 5, 3)),
        (("expect", 0), ("it.yaml", 1, 1)),
        (("population",), ("whole.yaml", 6, 13)),
        (("draw", "seed"), ("--set draw.seed", 0, 0)),
        ((), ("it.yaml", 1, 1)),
    ],
)
def test_a_value_is_found_where_it_was_written(
    folder: Path, where: tuple[str | int, ...], place: tuple[str, int, int]
) -> None:
    added = (
        "{id: N1, kind: facility, facility: x, rate_share: 0, at: 2024-12-05T14:00+03:00, status: claimed, source: s}"
    )
    document = read(folder, WHAT_IF + f"events:\n  - {added}\ncontrol: {{except: {{homs: hts}}}}\n", draw__seed="3")
    assert document.faults == ()
    file, line, column = document.locate(where)
    assert (file.removeprefix(f"{folder}{os.sep}").replace(os.sep, "/"), line, column) == place


def test_positions_are_those_of_what_stands_after_a_faulty_event_was_dropped(folder: Path) -> None:
    text = (folder / "whole.yaml").read_text(encoding="utf-8").replace("kind: control, ", "kind: battle, ", 1)
    (folder / "whole.yaml").write_text(text, encoding="utf-8")
    document = read(folder, WHAT_IF)
    assert document.scenario is not None
    assert [event.id for event in document.scenario.events] == ["T1", "T2"]
    assert document.locate(("events", 1, "link", 0))[1:] == (3, 10)


def test_faults_found_later_are_placed_and_sorted_among_the_others(folder: Path) -> None:
    document = read(folder, WHAT_IF + "overlook: maybe\n")
    later = [
        Fault(message="unknown node 'hame'", where=("events", 0, "node", 0)),
        Fault(message="unknown column", where=("population",)),
        Fault(message="of another file", file="nodes.csv", line=3),
    ]
    placed = [str(fault).removeprefix(f"{folder}{os.sep}") for fault in document.place(later)]
    assert sorted(placed) == sorted(
        [
            "it.yaml:4:11: overlook: 'maybe' is neither true nor false",
            "whole.yaml:6:13: unknown column",
            "whole.yaml:13:35: unknown node 'hame'",
            "nodes.csv:3: of another file",
        ]
    )
    assert placed[0].startswith("it.yaml")


def test_a_fault_is_not_told_twice(folder: Path) -> None:
    document = read(folder, WHAT_IF + "show: {maps_actor: hst}\n")
    assert len(document.faults) == 1
    assert document.place([Fault(message="no actor 'hst'", where=("show", "maps_actor"))]) == document.faults


def test_a_misspelled_commodity_is_told_once_and_not_of_those_that_refer_to_it(folder: Path) -> None:
    document = read(folder, WHAT_IF + "supply: {commodities: [gasoline, floor]}\n")
    assert [fault.message for fault in document.faults] == [
        "commodity 'flour' is not among the scenario's (gasoline, floor); did you mean 'floor'?"
    ]
    later = [
        Fault(message="unknown commodity 'floor'", where=("supply", "commodities", 1)),
        Fault(message="commodity 'flour' is not among the scenario's (gasoline, floor)", where=("events", 0)),
    ]
    assert [fault.message for fault in document.place(later)] == ["unknown commodity 'floor'"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("name: whole", "name: Whole Name"),
        ("title: A scenario without a fault\n", ""),
        ("end: 2024-12-10T00:00+03:00", "end: soon"),
        ("end: 2024-12-10T00:00+03:00", "end: 2023-12-10T00:00+03:00"),
        ("start: 2024-12-01T00:00+03:00\n", ""),
        (', colour: "#009E73"', ""),
        ("kind: control, ", ""),
        ("target_days: {gasoline: 5, flour: 7}", "target_days: many"),
        ("check: pockets", "check: rockets"),
        ("node: hama", "node: [hama, 3]"),
        ("node: hama", "node: []"),
    ],
)
def test_one_fault_leaves_the_rest_standing(folder: Path, old: str, new: str) -> None:
    text = (folder / "whole.yaml").read_text(encoding="utf-8")
    assert old in text
    document = read(folder, text.replace(old, new))
    assert len(document.faults) == 1
    assert document.scenario is not None
    assert {"T1", "T2"} <= {event.id for event in document.scenario.events}
    assert list(document.scenario.actors) == ["regime", "hts"]
    assert document.scenario.start < document.scenario.end


@pytest.mark.parametrize("key", ["network", "population", "control", "links", "supply"])
def test_without_what_cannot_be_guessed_there_is_no_scenario(folder: Path, key: str) -> None:
    lines = (folder / "whole.yaml").read_text(encoding="utf-8").splitlines(keepends=True)
    begin = next(index for index, line in enumerate(lines) if line.startswith(f"{key}:"))
    end = next(index for index in range(begin + 1, len(lines)) if not lines[index].startswith(" "))
    document = read(folder, "".join(lines[:begin] + lines[end:]))
    assert document.scenario is None
    assert [fault.message for fault in document.faults] == [f"'{key}' is missing"]


# What is shipped


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_scenario_is_without_fault(path: Path) -> None:
    assert load_scenario(path).name == path.stem


def test_a_table_of_two_hundred_events_is_read_whole(folder: Path) -> None:
    rows = (folder / "tables/whole.csv").read_text(encoding="utf-8").splitlines()
    table = [rows[0], *(rows[1].replace("T1,", f"R{number},") for number in range(200))]
    (folder / "t.csv").write_text("\n".join(table), encoding="utf-8")
    scenario(folder, WHAT_IF)
    assert len(scenario(folder, WHAT_IF + "events: [t.csv]\n").events) == 203


def test_the_starter_is_a_scenario_without_fault(tmp_path: Path) -> None:
    path = tmp_path / "my_first.yaml"
    path.write_text(starter("my_first", schema="scenario.schema.json"), encoding="utf-8")
    read_in = load_scenario(path)
    assert (read_in.name, len(read_in.events), len(read_in.expect)) == ("my_first", 2, 1)
    assert starter("a").startswith("# A scenario")
    assert starter("x" * 50) != starter("a")


@pytest.mark.parametrize("name", ["", "Homs", "7days", "a-b", "../x", "a\nb", "x" * 61])
def test_a_starter_needs_a_name_that_can_be_one(name: str) -> None:
    with pytest.raises(ScenarioError, match="cannot name a scenario"):
        starter(name)
