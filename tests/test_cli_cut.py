"""The command that tells what cuts places off from places."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from corridor.case import Case
from corridor.cli.commands import commands
from corridor.cli.cut import Asked, Severed, Spell, cut_json, cut_lines
from corridor.metrics import cut
from corridor.scenario.model import PassageRule
from tests.builders import network, node, road
from tests.cases import bound

HOMS = str(Path(__file__).parent.parent / "scenarios" / "homs_2024.yaml")
COAST = ("--from", "tartus,latakia", "--to", "damascus")
BEFORE, AFTER = ("--at", "2024-12-06T12:00+03:00"), ("--at", "2024-12-08T02:00+03:00")


def told(*arguments: str, scenario: str = HOMS) -> Result:
    return CliRunner().invoke(commands, ["cut", scenario, *arguments])


def lines(*arguments: str) -> str:
    result = told(*arguments)
    assert result.exit_code == 0, result.exception
    return result.output


def faults(*arguments: str) -> str:
    result = told(*arguments)
    assert result.exit_code != 0
    assert result.exception is not None
    return str(result.exception)


def test_an_instant_fills_one_screen_with_the_roads_that_bind_by_name() -> None:
    shown = lines(*COAST, *BEFORE)
    assert len(shown.splitlines()) < 25
    assert "Syrian government (regime), 6 Dec 12:00: from latakia, tartus to damascus" in shown
    assert "room for 115,200 vehicles a day (by road class, not traffic); what binds: 2 roads" in shown
    assert "khirbet_tin_nur-jn_homs_w  M1 Homs-Tartus" in shown
    assert "81,600" in shown
    assert "no other cut is as small" in shown
    assert "of the people regime holds 2,916,758 stay joined to latakia, tartus, " in shown


def test_a_cut_that_is_not_the_only_one_says_so() -> None:
    assert "another cut is as small: this is the one nearest the origins" in lines(
        *COAST, "--at", "2024-12-07T13:00+03:00"
    )


def test_without_an_instant_each_span_of_time_with_another_cut_has_a_line() -> None:
    _, what, header, *rows = lines(*COAST).splitlines()
    assert what == "  room by road class, not traffic"
    assert header.split() == ["from", "until", "room,", "vehicles", "a", "day", "what", "binds"]
    assert any(row.startswith("  6 Dec 12:00") and "hadidah-qusayr, khirbet_tin_nur-jn_homs_w" in row for row in rows)
    assert rows[-1].endswith("regime may not enter latakia, tartus")
    assert sum("no way is open" in row for row in rows) == 1
    # Each span begins where the one before it ends.
    ends = [(" ".join(row.split()[:3]), " ".join(row.split()[3:6])) for row in rows]
    assert [first for first, _ in ends[1:]] == [last for _, last in ends[:-1]]


def test_roads_are_counted_where_that_is_asked() -> None:
    assert "closing 2 roads parts them; closing fewer does not" in lines(*COAST, *BEFORE, "--count")
    assert " roads  what binds" in lines(*COAST, "--count")


def test_that_nothing_gets_through_is_told_with_the_reason_and_what_is_left_out() -> None:
    assert "nothing gets through: no way is open" in lines(*COAST, *AFTER)
    later = lines(*COAST, "--at", "2024-12-09T00:00+03:00")
    assert "nothing gets through: regime may not enter latakia, tartus" in later
    assert "left out, as not open to regime: damascus, latakia, tartus" in later


def test_json_holds_the_same_numbers_in_full() -> None:
    found = json.loads(lines(*COAST, *BEFORE, "--json"))
    assert (found["actor"], found["origins"], found["destinations"]) == ("regime", ["latakia", "tartus"], ["damascus"])
    assert found["instant"] == "2024-12-06T12:00+03:00"
    (spell,) = found["spells"]
    assert spell["max_flow_vehicles_per_day"] == sum(road["vehicles_per_day"] for road in spell["roads"]) == 115200
    assert (spell["fewest_roads"], spell["unique"], spell["why"], spell["gates"]) == (None, True, "", [])
    assert spell["roads"][1] == {
        "id": "khirbet_tin_nur-jn_homs_w", "name": "M1 Homs-Tartus", "road_number": "M1",
        "tail": "khirbet_tin_nur", "head": "jn_homs_w", "vehicles_per_day": 81600,
    }  # fmt: skip
    always = json.loads(lines(*COAST, "--json", "--count"))
    assert always["instant"] is None
    assert [spell["fewest_roads"] for spell in always["spells"]][-1] == 0
    assert always["spells"][0]["from"] == "2024-11-26T00:00+03:00"


def test_the_table_has_a_row_for_each_road_and_one_where_none_binds(tmp_path: Path) -> None:
    file = tmp_path / "cut.csv"
    assert f"wrote {file}" in lines(*COAST, "--csv", str(file))
    rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
    pair = [row for row in rows if row["from"] == "2024-12-06T12:00+03:00"]
    assert [(row["what"], row["id"], row["vehicles_per_day"]) for row in pair] == [
        ("road", "hadidah-qusayr", "33600.0"), ("road", "khirbet_tin_nur-jn_homs_w", "81600.0"),
    ]  # fmt: skip
    assert {row["max_flow_vehicles_per_day"] for row in pair} == {"115200.0"}
    assert {(row["actor"], row["instant"]) for row in rows} == {("regime", "")}
    assert all(row["origin_side_persons"].isdigit() for row in rows)
    assert (rows[-1]["what"], rows[-1]["why"], rows[-1]["max_flow_vehicles_per_day"]) == ("", "origins", "0.0")


def test_the_figure_is_written_with_its_numbers_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "map.svg"
    # A network by itself has one epoch: less to draw from than a scenario.
    options = ("--figure", str(file), "--labels", "ar", "--size", "column")
    shown = told(*COAST, *options, scenario="central_syria").output
    assert {path.name for path in tmp_path.iterdir()} == {"map.svg", "map.csv", "map_roads.csv", "map_places.csv"}
    assert shown.count("wrote ") == 4


@pytest.mark.parametrize(
    ("arguments", "messages"),
    [
        (
            ("--from", "tarts", "--to", "", "--at", "noon", "--actor", "regim"),
            (
                "--actor: unknown actor 'regim'; did you mean 'regime'?",
                "--at: 'noon'",
                "--from: unknown place or area 'tarts'; did you mean 'tartus'?",
                "--to: expected ids of places",
            ),
        ),
        (("--from", "tartus,homs", "--to", "homs"), ("--from and --to both name homs; expected places on one side",)),
        ((*COAST, "--figure", "map.png"), ("--figure map.png: a map shows one instant; say which with --at",)),
        (
            (*COAST, *BEFORE, "--figure", "a.png", "--csv", "a.csv"),
            ("--csv a.csv: --figure writes a.csv; choose another name",),
        ),
        (
            (*COAST, *BEFORE, "--figure", "../here/a.png", "--csv", "a_roads.csv"),
            ("there is no folder ../here",),
        ),
        (
            (*COAST, *BEFORE, "--figure", "a.png", "--csv", "./a_places.csv"),
            ("--csv a_places.csv: --figure writes a_places.csv; choose another name",),
        ),
        ((*COAST, *BEFORE, "--figure", "a.pdf", "--csv", "b.csv"), ("expected a file that ends in .png or .svg",)),
        ((*COAST, "--at", "2030-01-01T00:00+03:00"), ("lies outside the scenario",)),
    ],
)
def test_what_cannot_be_answered_is_said_all_at_once_and_nothing_is_written(
    arguments: tuple[str, ...], messages: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = faults(*arguments)
    assert all(message in said for message in messages)
    assert not list(tmp_path.iterdir())


def severed(case: Case, origins: tuple[int, ...], destinations: tuple[int, ...], **wanted: Any) -> Severed:
    one = cut(case, case.epochs[0], 0, origins, destinations, **wanted)
    return Severed(case=case, hour=0.0, spells=(Spell(start=0.0, end=48.0, cut=one),), written=())


def test_a_gate_that_binds_is_named_beside_the_roads() -> None:
    rules = [
        PassageRule(actor="red", through=through, mode="gate", vehicles_per_day=500)
        for through in ("blue", "contested")
    ]
    case = bound(
        network(
            nodes={
                "a": node(36, 34, 1, holder="red"), "b": node(36, 34.1, 1, holder="blue"),
                "c": node(36, 34.2, 1, holder="none"), "d": node(36, 34.1, 1, holder="red"),
            },
            roads=[road("a", "b"), road("b", "d"), road("a", "c"), road("c", "d"), road("a", "d", capacity=10.0)],
        ),
        passage=rules,
    )  # fmt: skip
    found = severed(case, (0,), (3,))
    shown = "\n".join(cut_lines(found))
    assert "room for 1,240 vehicles a day (by road class, not traffic); what binds: 1 road and 2 gates" in shown
    assert "gate at b (held by blue)  room for 500 vehicles a day" in shown
    assert "gate at c (contested)  room for 500 vehicles a day" in shown
    gates = cut_json(found)["spells"][0]["gates"]
    assert [(gate["node"], gate["holder"]) for gate in gates] == [("b", "blue"), ("c", "")]
    only = severed(case, (0,), (1,))
    assert "what binds: 1 gate" in "\n".join(cut_lines(only))


def test_what_is_asked_has_the_options_of_the_command() -> None:
    (command,) = [command for name, command in commands.commands.items() if name == "cut"]
    options = {parameter.name for parameter in command.params} - {"scenario", "as_json"}
    assert options == set(Asked.__dataclass_fields__)
