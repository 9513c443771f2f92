from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from corridor.case import Case, bind
from corridor.claims import Finding, check, window_dependence
from corridor.scenario.model import Expectation, ExpectPocket, ExpectReaches
from corridor.simulation import Trace
from tests.conftest import at, convoy


def findings(case: Case, trace: Trace) -> dict[str, Finding]:
    return {finding.id: finding for finding in check(case, trace)}


def expecting(case: Case, *expected: Expectation) -> Case:
    return replace(case, scenario=replace(case.scenario, expect=expected))


def changed(case: Case, id: str, **fields: Any) -> Case:
    """Return the case with only one of its expectations, changed."""
    (expected,) = (expected for expected in case.scenario.expect if expected.id == id)
    return expecting(case, replace(expected, **fields))


def test_what_is_so_passes(parted: Case, trace: Trace) -> None:
    found = findings(parted, trace)
    assert list(found) == [expected.id for expected in parted.scenario.expect]
    assert all(finding.passed for finding in found.values()), found


@pytest.mark.parametrize(
    ("id", "fields"),
    [
        ("whole", {"at": at(20)}),
        ("split", {"at": at(19.9)}),
        ("split", {"at": at(40)}),
        ("south", {"excludes": (), "includes": ("coast",)}),
        ("south", {"at": at(15)}),
        ("south", {"of": "middle"}),
        ("way", {"at": at(20)}),
        ("way", {"equals": False}),
        ("way", {"through": ("middle",)}),
        ("fed", {"until": at(5)}),
        ("fed", {"at_least": 20.1}),
        ("fed", {"from_": ("south",)}),
        ("fed", {"to": ("east",)}),
        ("day", {"at_least": 1.01}),
        ("day", {"at": at(7)}),
        ("falls", {"after": at(31), "until": at(40)}),
    ],
)
def test_what_is_not_so_fails(id: str, fields: dict[str, Any], parted: Case, trace: Trace) -> None:
    (finding,) = check(changed(parted, id, **fields), trace)
    assert not finding.passed, finding


def test_pockets_are_listed_with_their_people(parted: Case, trace: Trace) -> None:
    assert findings(parted, trace)["split"].found == "2 (south 6,000 people; coast 3,000 people)"


def test_findings_give_their_numbers_with_units(parted: Case, trace: Trace) -> None:
    assert {id: (finding.value, finding.unit) for id, finding in findings(parted, trace).items()} == {
        "whole": (1, "pockets"),
        "split": (2, "pockets"),
        "south": (6000, "persons"),
        "way": (True, ""),
        "fed": (20.0, "tonnes"),
        "cut": (0.0, "tonnes"),
        "day": (1.0, "days"),
        "falls": (pytest.approx(-10 / 24), "days"),
    }


def test_where_there_is_nothing_to_count_there_is_no_number(parted: Case, trace: Trace) -> None:
    nobody = replace(trace, demand=np.zeros_like(trace.demand))
    assert [findings(parted, nobody)[id].value for id in ("day", "falls")] == [None, None]
    (pocket,) = check(changed(parted, "south", of="east"), trace)
    assert (pocket.value, pocket.unit) == (None, "")


def test_a_way_is_told_with_its_length_hours_and_places(parted: Case, trace: Trace) -> None:
    assert findings(parted, trace)["way"].found == "30 km, 0.6 free-flow truck hours by coast – bypass – south"


def test_before_the_loss_the_fastest_way_is_the_main_road(parted: Case, trace: Trace) -> None:
    (finding,) = check(changed(parted, "way", at=at(5), through=("middle",)), trace)
    assert finding.passed


def test_only_what_arrives_by_road_and_left_in_time_is_delivered(parted: Case, trace: Trace) -> None:
    late = replace(trace, shipments=(*trace.shipments, convoy(2, departed=20.0, outcome="delivered")))
    assert not findings(parted, late)["cut"].passed
    assert findings(parted, late)["cut"].found == "20 tonnes in 1 convoy"
    piped = replace(late, shipments=tuple(replace(shipment, mode="pipeline") for shipment in late.shipments))
    assert findings(parted, piped)["cut"].passed
    other = changed(parted, "fed", commodities=("diesel",))
    assert check(other, late)[0].found == "20 tonnes in 1 convoy"


def test_supplies_that_rise_in_between_do_not_fall(parted: Case, trace: Trace) -> None:
    stock = trace.stock.copy()
    stock[25] += 100.0
    assert not findings(parted, replace(trace, stock=stock))["falls"].passed


def test_a_finding_depends_on_the_events_that_may_have_happened_on_its_other_side(parted: Case) -> None:
    found = {(dependence.expectation, dependence.event): dependence for dependence in window_dependence(parted)}
    # E2 lies at 20 h in a window from 8 h to 30 h: at 8 h the way is lost before 15 h, at 30 h it still stands at 24 h.
    assert set(found) == {("whole", "E2"), ("way", "E2"), ("split", "E2"), ("south", "E2")}
    assert found["whole", "E2"].hour == 8.0
    assert found["split", "E2"].hour == 30.0
    assert found["split", "E2"].found.startswith("1 (")


def test_an_event_is_not_moved_past_another_at_the_same_place(parted: Case) -> None:
    # E3 gives the bypass back at 40 h; from 15 h on would be before E2 takes it at 20 h, and so is read as 20 h.
    *others, third, denied = parted.scenario.events
    events = (*others, replace(third, earliest=at(15), latest=at(40)), denied)
    wide = bind(replace(parted.scenario, events=events), parted.network)
    moved = {dependence.hour for dependence in window_dependence(wide) if dependence.event == "E3"}
    assert moved == {20.0}


def test_without_windows_nothing_depends_on_them(parted: Case) -> None:
    events = tuple(replace(event, earliest=None, latest=None) for event in parted.scenario.events)
    assert window_dependence(replace(parted, scenario=replace(parted.scenario, events=events))) == ()


def test_one_who_holds_nothing_reaches_nothing_and_has_no_pocket(parted: Case, trace: Trace) -> None:
    case = expecting(
        parted,
        ExpectReaches(id="r", check="reaches", actor="blue", from_="coast", to="south", at=at(1), equals=False),
        ExpectPocket(id="p", check="pocket", actor="blue", of="south", at=at(1), excludes=("coast",)),
    )
    reaches, pocket = check(case, trace)
    assert (reaches.passed, reaches.found) == (True, "no way")
    assert (pocket.passed, pocket.found) == (False, "south is not blue's")
