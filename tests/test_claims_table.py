import json
import re
from collections.abc import Callable
from dataclasses import replace
from math import inf
from pathlib import Path
from typing import Any

import pytest

from corridor.case import Case
from corridor.case.measured import Reader, Unreadable
from corridor.claims import MEASURES, check, hold, hold_file, read_claims
from corridor.claims.measures import measured, stands, told
from corridor.claims.view import View
from corridor.cli import main
from corridor.cli.loading import check_scenarios
from corridor.errors import Fault, ScenarioError
from corridor.scenario.expectations import ExpectMeasure
from corridor.scenario.measured import SIGNATURES, Check, parse_check
from corridor.simulation import Trace

HEADER = "id,source,kind,said_at,claim,scenario,check,why_not,record,record_source,confidence,contradicts"
WHEN = "2024-01-02T00:00+03:00"


def row(**given: str) -> str:
    said = {
        "id": "C1",
        "source": "press",
        "kind": "partition",
        "said_at": WHEN,
        "claim": "It splits",
        "scenario": "parted",
        "check": "pockets(red, 2024-01-01T20:00+03:00) == 2",
        "why_not": "",
        "record": "agrees: it did",
        "record_source": "background",
        "confidence": "high",
        "contradicts": "",
    } | given
    return ",".join(f'"{said[column]}"' for column in HEADER.split(","))


def written(folder: Path, *rows: str) -> Path:
    path = folder / "claims.csv"
    path.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    return path


def parsed(text: str) -> Check:
    check = parse_check(text)
    assert isinstance(check, Check), check
    return check


def answer(case: Case, text: str, trace: Trace | None = None) -> tuple[Any, bool, str]:
    asked, view = Reader(case.scenario, case.network).read(parsed(text)), View(case, trace)
    value = measured(view, asked)
    return value, stands(value, asked), told(view, asked, value)


def test_every_measure_has_a_function_and_a_signature() -> None:
    assert MEASURES.keys() == SIGNATURES.keys()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("the town fell", "found 'the town fell', expected a check such as pockets"),
        ("pocket(red, 2024-01-01T00:00+03:00) == 1", "unknown measure 'pocket'; did you mean 'pockets'?"),
        ("zzz(red) == 1", "unknown measure 'zzz'; there is pockets, "),
        ("pockets(red) == 1", re.escape("found 1 argument, expected pockets(actor, at)")),
        ("pockets() == 1", re.escape("found 0 arguments, expected pockets(actor, at)")),
        ("pockets(red, x)", "found nothing more, expected one of == !="),
        ("pockets(red, x) is 2", "found 'is 2', expected one of == !="),
        ("pockets(red, x) within 2", "found '2', expected two values such as 160..165"),
        ("reaches(red, a, b, x) > 1", "found '>', expected == or !=: reaches is no number"),
    ],
)
def test_what_is_no_check_is_told(text: str, fault: str) -> None:
    found = parse_check(text)
    assert isinstance(found, Fault)
    assert re.match(fault, found.message), found.message


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("pockets(green, 2024-01-01T00:00+03:00) == 1", "unknown actor 'green'; there is red, blue"),
        ("pockets(red, 2024-01-09T00:00+03:00) == 1", "lies outside parted, which runs from"),
        ("pockets(red, noon) == 1", "'noon' is not a time"),
        ("pockets(red, 2024-01-01T00:00+03:00) == many", "found 'many', expected a number"),
        ("reaches(red, coast, south, 2024-01-01T00:00+03:00) == maybe", "found 'maybe', expected true or false"),
        ("holder(sauth, 2024-01-01T00:00+03:00) == red", "unknown place or area 'sauth'; did you mean 'south'"),
        ("holder(province:Nowhere, 2024-01-01T00:00+03:00) == red", "unknown province 'Nowhere'"),
        ("holder(coast~far, 2024-01-01T00:00+03:00) == red", "found 'far', expected a number"),
        ("road_km(coast, sauth) > 1", "unknown node 'sauth'"),
        ("people_rank(coast, catchment_2024_persons) == 1", "'coast' is of kind 'port', expected a city"),
        ("people_rank(south, people) == 1", "unknown column of population 'people'; there is catchment_2024_persons"),
        ("nearest(harbour, south) == coast", "unknown kind 'harbour'"),
        ("pipeline_km(oil, south) < 1", "unknown commodity of pipelines 'oil'"),
        ("open_share(coast-midle, tanker, 2024-01-01T00:00+03:00) == 1", "did you mean 'coast-middle'?"),
        ("open_share(coast-middle, bus, 2024-01-01T00:00+03:00) == 1", "unknown vehicle class 'bus'; there is tanker"),
        ("holder(south, 2024-01-01T00:00+03:00) == rd", "unknown holder 'rd'; did you mean 'red'"),
        ("nearest(port, south) == harbour", "unknown node 'harbour'"),
        (
            "max_flow(red, coast, coast+south, 2024-01-01T00:00+03:00) > 1",
            "coast and coast+south have places in common",
        ),
        ("road_km(coast, south) within 30..20", "30 is more than 20: nothing lies within"),
        ("road_km(coast, coast) > 1", "from coast to coast there is nothing to measure"),
        (
            "lost_nodes(red, 2024-01-01T12:00+03:00, 2024-01-01T00:00+03:00) > 1",
            "2024-01-01T00:00+03:00 is not later than 2024-01-01T12:00+03:00",
        ),
        (
            "delivered(coast, sauth, 2024-01-01T00:00+03:00, noon) > many",
            "unknown place or area 'sauth'; did you mean 'south'",
        ),
        ("delivered(coast, sauth, 2024-01-01T00:00+03:00, noon) > many", "'noon' is not a time"),
        ("delivered(coast, sauth, 2024-01-01T00:00+03:00, noon) > many", "found 'many', expected a number"),
        ("days(south, petrol, 2024-01-01T00:00+03:00) > 1", "unknown commodity 'petrol'; there is diesel"),
    ],
)
def test_what_a_check_names_has_to_be_there(text: str, fault: str, parted: Case) -> None:
    with pytest.raises(Unreadable, match=re.escape(fault)):
        Reader(parted.scenario, parted.network).read(parsed(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("pockets(red, 2024-01-01T05:00+03:00) == 1", 1),
        ("pockets(red, 2024-01-01T20:00+03:00) == 2", 2),
        ("pocket_persons(red, coast, 2024-01-01T20:00+03:00) == 3000", 3000),
        ("together(red, coast, south, 2024-01-01T05:00+03:00) == true", True),
        ("together(red, coast, south, 2024-01-01T20:00+03:00) == false", False),
        ("holder(east, 2024-01-01T00:00+03:00) == blue", "blue"),
        ("holder(coast~1000, 2024-01-01T00:00+03:00) == several", "several"),
        ("held_share(red, coast~1000, 2024-01-01T00:00+03:00) within 0.82..0.83", 9500 / 11500),
        ("held_share(red, bypass, 2024-01-01T00:00+03:00) == 1", 1.0),
        ("first_held(middle, blue) == 2024-01-01T10:00+03:00", 10.0),
        ("first_held(middle, blue) within 2024-01-01T09:00+03:00..2024-01-01T11:00+03:00", 10.0),
        ("first_held(coast, red) <= 2024-01-01T00:00+03:00", 0.0),
        ("in_turn(middle>middle, blue) == true", True),
        ("in_turn(middle>bypass, blue) == false", False),
        ("in_turn(bypass, red) == true", True),
        ("in_turn(east, blue) == false", False),
        ("in_turn(middle>coast, blue) == false", False),
        ("lost_nodes(red, 2024-01-01T00:00+03:00, 2024-01-01T12:00+03:00) == 1", 1),
        ("actors_gaining(red, 2024-01-01T00:00+03:00, 2024-01-01T12:00+03:00) == 1", 1),
        ("reaches(red, coast, south, 2024-01-01T12:00+03:00) == true", True),
        ("reaches(red, coast, south, 2024-01-01T20:00+03:00) == false", False),
        ("max_flow(red, coast, south, 2024-01-01T12:00+03:00) == 24000", 24000),
        ("max_flow(red, coast, south, 2024-01-01T20:00+03:00) == 0", 0),
        ("through(coast, south, middle) == true", True),
        ("through(coast, south, bypass) == false", False),
        ("road_km(coast, south) == 20", 20.0),
        ("truck_hours(coast, south) within 0.39..0.41", 0.4),
        ("detour_without(coast, south, middle) within 1.49..1.51", 1.5),
        ("bearing(coast, south) within 89.9..90.1", 89.9440806706),
        ("people_rank(south, catchment_2024_persons) == 1", 1),
        ("way_rank(red, south, 2024-01-01T05:00+03:00) == 1", 1),
        ("nearest(port, south) == coast", "coast"),
        ("count(port, coast~1000) == 1", 1),
        ("count(port, anywhere) < 2", 1),
        ("arms(south) == 0", 0),
        ("on_road(south, M5) == false", False),
        ("open_share(coast-bypass, tanker, 2024-01-01T20:00+03:00) == 1", 1.0),
        ("delivered(coast, south, 2024-01-01T00:00+03:00, 2024-01-02T00:00+03:00) == 20", 20.0),
        ("aid_tonnes(south, 2024-01-01T00:00+03:00, 2024-01-02T00:00+03:00) == 0", 0.0),
        ("convoy_hours(coast, south, 2024-01-01T00:00+03:00, 2024-01-02T00:00+03:00) == 3", 3.0),
        ("convoy_hours(coast, south, 2024-01-01T12:00+03:00, 2024-01-02T00:00+03:00) == 3", None),
        ("days(south, diesel, 2024-01-01T06:00+03:00) == 1", 1.0),
        ("days_change(south, diesel, 2024-01-01T00:00+03:00, 2024-01-01T06:00+03:00) == -0.25", -0.25),
        ("unmet_share(south, diesel) == 0.375", 0.375),
        ("stockout_days(south, diesel) == 0.75", 0.75),
        ("made(coast, diesel, 2024-01-01T00:00+03:00, 2024-01-02T00:00+03:00) == 0", 0.0),
        ("moved_persons(anywhere, coast+south, 2024-01-01T00:00+03:00, 2024-01-02T00:00+03:00) == 0", 0.0),
        ("most_people(anywhere, catchment_2024_persons) == south", "south"),
        ("most_people(coast, catchment_2024_persons) == none", "none"),
    ],
)
def test_measures_say_what_is_so(text: str, value: object, parted: Case, trace: Trace) -> None:
    trace = replace(
        trace,
        shipments=tuple(
            replace(each, unloaded=each.tonnes * (each.outcome == "delivered")) for each in trace.shipments
        ),
    )
    found, holds, _ = answer(parted, text, trace)
    assert found == pytest.approx(value) if isinstance(value, float) else found == value
    assert holds is (value is not None)


@pytest.mark.parametrize(
    ("relation", "holds"),
    [
        ("== 1", True), ("== 2", False), ("!= 2", True), ("!= 1", False), ("< 2", True), ("< 1", False), ("<= 1", True),
        ("<= 0", False), ("> 0", True), ("> 1", False), (">= 1", True), (">= 2", False), ("within 1..2", True),
        ("within 0..1", True), ("within 2..3", False),
    ],
)  # fmt: skip
def test_a_value_stands_to_what_is_said(relation: str, *, holds: bool, parted: Case) -> None:
    assert answer(parted, f"pockets(red, 2024-01-01T05:00+03:00) {relation}")[1] is holds


def test_what_is_not_there_stands_to_nothing(parted: Case) -> None:
    assert answer(parted, "first_held(coast, blue) != 2024-01-01T00:00+03:00") == (None, False, "never")
    assert answer(parted, "pocket_persons(red, coast~1000, 2024-01-01T05:00+03:00) > 0")[1:] == (
        False,
        "nothing to measure",
    )


def test_values_are_told_in_words(parted: Case) -> None:
    assert answer(parted, "holder(middle, 2024-01-01T12:00+03:00) == blue")[2] == "blue"
    assert answer(parted, "through(coast, south, middle) == true")[2] == "yes"
    assert answer(parted, "first_held(middle, blue) == 2024-01-01T10:00+03:00")[2] == "1 Jan 10:00"
    assert answer(parted, "detour_without(coast, south, coast) > 1")[::2] == (inf, "no way")
    assert answer(parted, "road_km(coast, south) == 20")[2] == "20 km"


def test_claims_get_a_verdict_each(tmp_path: Path, parted: Case) -> None:
    path = written(
        tmp_path,
        row(),
        row(id="C2", check="pockets(red, 2024-01-01T20:00+03:00) == 1", contradicts="C1"),
        row(id="C3", scenario="", check="", why_not="no market is modelled"),
        row(id="C4", check="first_held(middle, blue) <= said", said_at="2024-01-01T09:59+03:00"),
        row(id="C5", check="first_held(middle, blue) <= said", said_at="2024-01-01T10:00+03:00"),
        row(id="C6", check="detour_without(coast, south, coast) > 1"),
    )
    found = hold(read_claims(path), {"parted": parted}.__getitem__)
    assert [each.verdict for each in found] == [
        "reproduced", "contradicted", "out_of_scope", "contradicted", "reproduced", "reproduced",
    ]  # fmt: skip
    assert [each.value for each in found] == [2, 2, None, "2024-01-01T10:00+03:00", "2024-01-01T10:00+03:00", None]


def test_every_fault_of_a_table_is_told_with_its_place(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        row(),
        row(kind="weather", confidence="sure", said_at="yesterday"),
        row(id="C3", claim="", check="pockets(red) == 1"),
        row(id="C4", check="", why_not=""),
        row(id="C5", why_not="because", scenario=""),
        row(id="C6", contradicts="C9"),
    )
    with pytest.raises(ScenarioError) as error:
        read_claims(path)
    told = [f"{fault.line}:{fault.message}" for fault in error.value.faults]
    assert [line.split(",")[0][:46] for line in told] == [
        "3:the id 'C1' is there twice",
        "3:found 'weather' in kind",
        "3:said_at: 'yesterday' is not a time; write it"[:46],
        "3:found 'sure' in confidence",
        "4:found nothing in claim",
        "4:found 1 argument",
        "5:found neither a check nor why_not",
        "6:found nothing in scenario",
        "6:found why_not beside a check",
        "7:unknown claim 'C9'",
    ]
    assert all(fault.column for fault in error.value.faults)


def test_every_check_that_names_what_is_not_there_is_told_at_once(tmp_path: Path, parted: Case) -> None:
    path = written(
        tmp_path, row(check="pockets(green, 2024-01-01T20:00+03:00) == 1"), row(id="C2", check="road_km(x, coast) > 1")
    )
    with pytest.raises(ScenarioError) as error:
        hold(read_claims(path), {"parted": parted}.__getitem__)
    assert [(fault.line, fault.column) for fault in error.value.faults] == [(2, 72), (3, 72)]
    assert "road_km(x, coast) > 1: unknown node 'x'" in str(error.value)


def test_faults_of_the_table_and_of_what_it_names_are_told_together(tmp_path: Path, parted: Case) -> None:
    path = written(tmp_path, row(kind="weather"), row(id="C2", check="road_km(x, coast) > 1"))
    with pytest.raises(ScenarioError) as error:
        hold_file(path, {"parted": parted}.__getitem__)
    assert [fault.line for fault in error.value.faults] == [2, 3]


def test_a_scenario_tells_what_is_wrong_with_a_measure(tmp_path: Path) -> None:
    what_if = (
        "base: {base}\nname: mine\ntitle: Mine\nexpect:\n"
        '  - {{id: a, check: measure, that: "max_flw(regime, coast, damascus, x) == 0"}}\n'
        '  - {{id: b, check: measure, that: "road_km(homs, damascus) = 160"}}\n'
        '  - {{id: c, check: measure, that: "max_flow(regime, coast, tartus, 2024-12-08T02:00+03:00) == 0"}}\n'
    )
    base = Path(__file__).parent.parent / "scenarios" / "homs_2024.yaml"
    path = tmp_path / "mine.yaml"
    path.write_text(what_if.format(base=base), encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        check_scenarios([path])
    said = str(error.value)
    assert "that: unknown measure 'max_flw'; did you mean 'max_flow'?" in said
    assert "that: found '= 160', expected one of == !=" in said
    assert "coast and tartus have places in common" in said


def test_a_table_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="cannot be read: No such file"):
        read_claims(tmp_path / "claims.csv")
    (tmp_path / "bad.csv").write_bytes(b"\xff\xfe")
    with pytest.raises(ScenarioError, match="expected UTF-8"):
        read_claims(tmp_path / "bad.csv")


def test_a_scenario_may_expect_any_measure(parted: Case, trace: Trace) -> None:
    def finding(that: str) -> Any:
        expected = ExpectMeasure(id="measure", check="measure", that=that)
        return check(replace(parted, scenario=replace(parted.scenario, expect=(expected,))), trace)[0]

    assert finding("days(south, diesel, 2024-01-01T06:00+03:00) == 1").passed
    whole = finding("pockets(red, 2024-01-01T20:00+03:00) == 1")
    assert (whole.passed, whole.found, whole.value, whole.unit) == (False, "2 pockets", 2, "pockets")
    assert finding("holder(east, 2024-01-01T20:00+03:00) == blue").value is None


@pytest.fixture
def commanded(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main(arguments)
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out, said.err

    return run


HOMS = (
    row(scenario="homs_2024", check="pockets(regime, 2024-12-08T02:00+03:00) == 2", contradicts="C2"),
    row(id="C2", scenario="homs_2024", check="nearest(port, homs) == port_latakia"),
    row(id="C3", scenario="", check="", why_not="no market is modelled"),
)


def test_the_command_prints_claims_with_their_numbers(
    tmp_path: Path, commanded: Callable[..., tuple[int, str, str]]
) -> None:
    status, out, _ = commanded("claims", str(written(tmp_path, *HOMS)))
    assert status == 0
    assert "C1  REPRODUCED  press: It splits\n" in out
    assert "pockets(regime, 2024-12-08T02:00+03:00) == 2, in homs_2024; found: 2 pockets" in out
    assert "cannot be true beside C2" in out
    assert "found: port_tartus" in out
    assert "not checked: no market is modelled" in out
    assert "3 claims: 1 reproduced, 1 contradicted, 1 out of scope\n" in out
    assert out.endswith(
        "computed: 1 reproduced, 1 contradicted; the other checks ask for what the scenario or its network says\n"
    )


def test_the_command_prints_a_list_for_programs(tmp_path: Path, commanded: Callable[..., tuple[int, str, str]]) -> None:
    found = json.loads(commanded("claims", str(written(tmp_path, *HOMS)), "--json")[1])
    assert [list(each) for each in found] == [["id", "source", "claim", "check", "value", "verdict", "record"]] * 3
    assert [(each["value"], each["verdict"]) for each in found] == [
        (2, "reproduced"), ("port_tartus", "contradicted"), (None, "out_of_scope"),
    ]  # fmt: skip


def test_a_scenario_that_is_not_there_is_told(tmp_path: Path, commanded: Callable[..., tuple[int, str, str]]) -> None:
    status, _, err = commanded("claims", str(written(tmp_path, row())))
    assert status == 2
    assert "no scenario scenarios/parted.yaml" in err
    assert "--scenarios" in err
