"""What a scenario says of gates, ships, rations and people who move is held against itself, all of it at once."""

import json
import os
import re
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.case import bind
from corridor.policies import NearestFirst
from corridor.scenario import SCHEMA_PATH, Document, read_scenario, render
from corridor.scenario.model import (
    CommodityChange,
    Displacement,
    FacilityChange,
    FleetChange,
    Hoarding,
    PassageRule,
    Rationing,
)
from corridor.scenario.shapes import members
from corridor.scenario.supply_checks import REVIEW_HOURS
from corridor.sources import read_network

FAULTY = Path(__file__).parent / "faulty"
ROOT = Path(__file__).parent.parent
WHAT_IF = "base: whole.yaml\nname: it\ntitle: A what-if\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("supply")
    (made / "tables").mkdir()
    for name in ("whole.yaml", "tables/whole.csv"):
        (made / name).write_bytes((FAULTY / name).read_bytes())
    return made


def read(folder: Path, text: str) -> Document:
    (folder / "it.yaml").write_text(WHAT_IF + text, encoding="utf-8")
    return read_scenario(folder / "it.yaml")


def told(folder: Path, text: str) -> list[str]:
    """Return the faults of a what-if, its three first lines not counted."""
    lines = []
    for fault in read(folder, text).faults:
        assert Path(fault.file).name == "it.yaml"
        lines.append(f"{fault.line - 3}:{fault.column}: {fault.message}")
    return lines


GATE = "passage:\n  - {actor: regime, through: hts, mode: gate, "


@pytest.mark.parametrize(
    "terms",
    [
        "opens: 06:00",
        "closes: 24:00",
        'opens: "00:00", closes: 00:01',
        "service: constant",
        "service: exponential, vehicles_per_day: 80",
        "service: lognormal, service_minutes: 5, service_variation: 0.2",
        "servers: 3, delay_hours: 2",
        "inspected_share: 0",
    ],
)
def test_a_gate_that_can_be_has_no_fault(folder: Path, terms: str) -> None:
    assert told(folder, f"{GATE}{terms}}}\n") == []


@pytest.mark.parametrize(
    ("terms", "answer"),
    [
        ("opens: six", ["2:54: opens: 'six' is not a time of day; write it as 06:00, from 00:00 to 24:00"]),
        ("opens: 8 am, closes: 06:00", ["2:54: opens: '8 am' is not a time of day; write 08:00"]),
        ("closes: 18h", ["2:55: closes: '18h' is not a time of day; write 18:00"]),
        ("opens: true", ["2:54: opens: true is not a time of day; write it as 06:00, from 00:00 to 24:00"]),
        ("closes: 24:30", ["2:55: closes: '24:30' is not a time of day; write it as 06:00, from 00:00 to 24:00"]),
        ("opens: 06:00, closes: 06:00", ["2:69: closes: 06:00 is not after opens 06:00 on the same day"]),
        ("servers: -1", ["2:56: servers: -1 is less than 1; a gate needs at least one server"]),
        ("servers: one", ["2:56: servers: 'one' is not a whole number"]),
        ("servers: 2000", ["2:56: servers: 2000 is more than 1000"]),
        (
            "service: normal, service_variation: 2",
            ["2:56: service: 'normal' is not one of constant, exponential or lognormal; did you mean 'lognormal'?"],
        ),
        (
            "service: lognormal, service_time: 5",
            ["2:67: unknown key 'service_time'; did you mean 'service_minutes'?"],
        ),
        (
            "service: lognormal, vehicles: 5",
            ["2:67: unknown key 'vehicles'; the unit is part of the key, write 'vehicles_per_day'"],
        ),
    ],
)
def test_a_gate_that_cannot_be_is_answered_once(folder: Path, terms: str, answer: list[str]) -> None:
    assert told(folder, f"{GATE}{terms}}}\n") == answer


def test_a_key_meant_for_one_that_must_be_there_is_the_only_fault(folder: Path) -> None:
    rules = "    - {commodity: flour, below: 3, share: 0.5}\n    - {comodity: flour, below_days: 3}\n"
    assert told(folder, f"supply:\n  rationing:\n{rules}") == [
        "3:26: unknown key 'below'; the unit is part of the key, write 'below_days'",
        "4:7: supply.rationing: 'share' is missing",
        "4:8: unknown key 'comodity'; did you mean 'commodity'?",
    ]


def test_a_key_with_another_unit_is_not_taken_for_one_that_is_written_already(folder: Path) -> None:
    text = "supply:\n  facilities: [{facility: x, rate_tonnes_per_day: 3, rate: 5}]\n"
    (answer,) = told(folder, text)
    assert answer.startswith("2:54: unknown key 'rate'; there could be stock_tonnes, capacity_tonnes,")


def test_people_who_move_beyond_the_end_by_a_table_that_may_reach_beyond_it_are_no_fault(folder: Path) -> None:
    (folder / "late.csv").write_text(
        "id,kind,from,persons,over_hours,at,status,source\nL,population,homs,9,72,2024-12-09T00:00+03:00,claimed,s\n",
        encoding="utf-8",
    )
    assert read(folder, "events: [{table: late.csv, outside: skip}]\n").faults == ()
    (fault,) = read(folder, "events: [late.csv]\n").faults
    assert (Path(fault.file).name, fault.line, fault.column) == ("late.csv", 2, 21)
    assert fault.message.startswith("over_hours: 72 hours from 2024-12-09T00:00+03:00 on end after the scenario's end")


def test_a_convoy_that_is_let_through_may_unload_a_part(folder: Path) -> None:
    event = (
        "{id: C, kind: convoy, actor: hts, from: homs, to: hama, commodity: flour, tonnes: 20, permitted: true,"
        " unloaded_share: 0.4, at: 2024-12-05T00:00+03:00, status: reported, source: s}"
    )
    assert told(folder, f"events:\n  - {event}\n") == []


LISTS = {
    "commodity_changes": CommodityChange,
    "displacement": Displacement,
    "facilities": FacilityChange,
    "fleets": FleetChange,
    "hoarding": Hoarding,
    "rationing": Rationing,
}
ATOMS = (
    st.none() | st.booleans() | st.integers(-5, 5) | st.text("ab:0;é", max_size=3)
    | st.sampled_from(["flour", "lognormal", "06:00", "stockout", "contested", "2024-12-05T00:00+03:00", 1e300, 0.5])
)  # fmt: skip
ODD = ATOMS | st.lists(ATOMS, max_size=2) | st.dictionaries(st.text("ab", max_size=1), ATOMS, max_size=2)


def rows(owner: type) -> st.SearchStrategy[list[dict[str, object]]]:
    """Draw lists of mappings with some of the keys of `owner`, and anything under them."""
    return st.lists(st.dictionaries(st.sampled_from(sorted(members(owner))), ODD), max_size=3)


@given(
    supply=st.fixed_dictionaries({}, optional={key: rows(owner) for key, owner in LISTS.items()}),
    gates=rows(PassageRule),
)
@settings(deadline=None, max_examples=100)
def test_anything_under_the_keys_of_supply_is_read_or_answered(
    folder: Path, supply: dict[str, object], gates: list[dict[str, object]]
) -> None:
    passage = [{"mode": "gate"} | gate for gate in gates]
    document = read(folder, f"supply: {json.dumps(supply)}\npassage: {json.dumps(passage)}\n")
    assert document.faults or document.scenario is not None
    for fault in document.faults:
        assert fault.line > 0
        assert fault.message
        assert "\n" not in fault.message


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["flour", "gasoline"]),
        st.sampled_from([2, 3, 7]),
        st.sampled_from([0.2, 0.5, 0.8]),
        st.lists(st.sampled_from(["homs", "hama", "aleppo"]), max_size=2, unique=True),
    ),
    max_size=4,
)


@given(STEPS)
@settings(deadline=None, max_examples=60)
def test_rations_are_at_fault_if_and_only_if_two_do_not_fall_at_one_place(
    folder: Path, steps: list[tuple[str, int, float, list[str]]]
) -> None:
    rules = [{"commodity": c, "below_days": d, "share": s, "places": p} for c, d, s, p in steps]
    wrong = set()
    for (first, one), (second, other) in combinations(enumerate(steps), 2):
        together = one[0] == other[0] and (not one[3] or not other[3] or set(one[3]) & set(other[3]))
        more, less = max(one, other, key=lambda step: step[1]), min(one, other, key=lambda step: step[1])
        if together and not (less[1] < more[1] and less[2] < more[2]):
            assert first < second
            wrong.add(second)
    faults = read(folder, f"supply: {{rationing: {json.dumps(rules)}}}\n").faults
    assert {fault.where[2] for fault in faults} == wrong
    assert len(faults) == len(wrong)


def test_all_that_is_wrong_with_supply_is_told_at_once(folder: Path) -> None:
    text = """\
passage:
  - {actor: regime, through: hts, mode: closed, servers: 2}
  - {actor: regime, through: hts, mode: gate, service: exponential, servers: 0}
events:
  - {id: C, kind: convoy, actor: hts, from: homs, to: hama, commodity: flour, tonnes: 20, permitted: false,
     unloaded_share: 0.4, at: 2024-12-05T00:00+03:00, status: reported, source: s}
supply:
  commodity_changes: [{commodity: flour, demand: 0.3}]
  facilities: [{facility: x, every_days: 3, rate_tonnes_per_day: 5}]
  fleets:
    - {node: homs, vehicle: tanker, vehicles: 3}
    - {node: homs, vehicle: tanker, vehicles: 4}
  loading_bays: {homs: 0}
  policy: {kind: priority, commodities: [deisel, flour]}
  rationing:
    - {commodity: flour, below_days: 3, share: 0.5}
    - {commodity: flour, below_days: 2, share: 0.6}
  hoarding:
    - {commodity: flour, factor: 2, from: 2024-12-03T00:00+03:00, until: 2024-12-05T00:00+03:00}
    - {commodity: flour, factor: 2, from: 2024-12-04T00:00+03:00, until: 2024-12-06T00:00+03:00}
  displacement:
    - {when: stockout, share_per_day: 2}
"""
    lines = text.splitlines()
    marked = [re.split("[,:} ]", lines[fault.line - 4][fault.column - 1 :])[0] for fault in read(folder, text).faults]
    assert marked == [
        "servers",
        "exponential",
        "0",
        "unloaded_share",
        "demand",
        "every_days",
        "{node",
        "0",
        "deisel",
        "0.6",
        "{commodity",
        "{when",
        "2",
    ]
    assert render(read(folder, text).faults).endswith("\n13 faults; nothing was run")


SPAN = "from: 2024-12-03T00:00+03:00, until: 2024-12-05T00:00+03:00"
AT_ONCE = (
    "hoarding: demand for 'flour' has a factor in this time already, at it.yaml:6; let one end before the other begins"
)


@pytest.mark.parametrize(
    ("rules", "answers"),
    [
        (["from: 2024-12-05T00:00+03:00"], ["3:7: supply.hoarding: 'until' is missing"]),
        (
            [SPAN, SPAN.replace("2024-12-03T00:00+03:00", "5")],
            ["4:43: from: 5 is not a time; write it as 2024-12-06T02:00+03:00"],
        ),
        ([SPAN, SPAN.replace("03T", "04T")], [f"4:7: {AT_ONCE}"]),
        ([f"{SPAN}, places: homs"] * 3, [f"4:7: {AT_ONCE}", f"5:7: {AT_ONCE}"]),
        ([f"{SPAN}, places: homs", f"{SPAN}, places: hama"], []),
        ([SPAN, SPAN.replace("05T", "06T").replace("03T", "05T")], []),
    ],
)
def test_hoarding_has_one_factor_at_a_time(folder: Path, rules: list[str], answers: list[str]) -> None:
    lines = "".join(f"    - {{commodity: flour, factor: 2, {rule}}}\n" for rule in rules)
    found = told(folder, f"supply:\n  hoarding:\n{lines}")
    assert [answer.replace(f"{folder}{os.sep}", "") for answer in found] == answers


def test_how_often_is_reviewed_has_the_same_bounds_in_the_schema(folder: Path) -> None:
    rooms = json.loads(SCHEMA_PATH.read_text(encoding="utf-8"))["$defs"]
    for room in ("FairShare", "NearestFirst", "Priority", "Optimal", "PartOfOptimal"):
        bounds = rooms[room]["properties"]["review_hours"]
        assert (bounds["minimum"], bounds["maximum"]) == REVIEW_HOURS
        assert "exclusiveMinimum" not in bounds
    for hours, faults in ((REVIEW_HOURS[0], 0), (REVIEW_HOURS[1], 0), (0.2, 1), (241, 1)):
        assert len(told(folder, f"supply: {{policy: {{review_hours: {hours}}}}}\n")) == faults


def test_a_base_of_another_policy_keeps_what_cannot_be_told_apart(folder: Path) -> None:
    (folder / "first.yaml").write_text(
        WHAT_IF + "supply: {policy: {kind: priority, kinds: [city]}}\n", encoding="utf-8"
    )
    text = "base: first.yaml\nname: it\ntitle: Another policy\nsupply: {policy: {kind: nearest_fist}}\n"
    (folder / "second.yaml").write_text(text, encoding="utf-8")
    (fault,) = read_scenario(folder / "second.yaml").faults
    assert fault.message == "unknown policy 'nearest_fist'; did you mean 'nearest_first'?"
    (folder / "second.yaml").write_text(text.replace("nearest_fist", "nearest_first"), encoding="utf-8")
    found = read_scenario(folder / "second.yaml").scenario
    assert found is not None
    assert isinstance(found.supply.policy, NearestFirst)


def test_what_the_page_on_scenarios_writes_out_is_a_scenario(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "scenario.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", page, flags=re.DOTALL)
    gates = [block for block in blocks if "{actor:" in block and "base:" not in block]
    supply = [block for block in blocks if block.startswith("  ") and block not in gates]
    assert (len(gates), len(supply)) == (2, 3)
    base = os.path.relpath(ROOT / "scenarios" / "homs_2024.yaml", tmp_path)
    text = f"base: {base}\nname: it\ntitle: As the page has it\n{''.join(gates)}supply:\n{''.join(supply)}"
    (tmp_path / "it.yaml").write_text(text, encoding="utf-8")
    document = read_scenario(tmp_path / "it.yaml")
    assert document.faults == ()
    assert document.scenario is not None
    case = bind(document.scenario, read_network("central_syria"))
    assert len(case.supply.displacement) == 2
    assert case.supply.ration_level.shape[2] == 2
