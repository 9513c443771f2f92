import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from corridor.case import AidConvoy, Case, DemandChange, Movement, Pipe, RateChange
from corridor.cli import main
from corridor.cli.explaining import SCREEN, WIDTH, explanation_lines, explanation_rows
from corridor.cli.loading import load
from corridor.control import CONTESTED, Passage
from corridor.ensemble import assemble, save
from corridor.ensemble import run as run_case
from corridor.errors import RunError
from corridor.explain import Change, Explanation, explain
from tests.builders import network, node, pipeline, road
from tests.supply_cases import at, closed, run, source, supply_case, taken

PROVENANCE: dict[str, str | int] = {"seed": 0, "replication": 0, "scenario_sha256": "a", "network_sha256": "b"}
GRAM, KILOGRAM = 1e-6, 1e-3
SOURCE, DEPOT, PLACE = 0, 1, 2
ROOT = Path(__file__).parents[1]
LINE = network(
    nodes={
        "mill": node(36.0, 34.0),
        "middle": node(36.1, 34.0, 50.0),
        "town": node(36.2, 34.0, 100.0, area="shire"),
        "bypass": node(36.1, 33.9, 10.0),
        "village": node(36.3, 34.0, 20.0, area="shire"),
    },
    roads=[
        road("mill", "middle", hours=1.0),
        road("middle", "town", hours=1.0),
        road("mill", "bypass", hours=3.0),
        road("bypass", "town", hours=3.0),
        road("town", "village", hours=1.0),
    ],
)
FED: dict[str, Any] = {
    "sources": [source(LINE, "mill", 10.0)],
    "tier": {"mill": SOURCE, "town": PLACE},
    "demand": {"town": 1.0},
    "stock": {"mill": 500.0, "town": 20.0},
    "target": {"town": 48.0},
    "fleet": {"mill": 9},
}


def dataset(case: Case) -> xr.Dataset:
    return assemble(case, run(case), provenance=PROVENANCE)


def told(case: Case, place: str = "town", commodity: str = "flour", **asked: Any) -> Explanation:
    return explain(dataset(case), place, commodity, **asked)


def of_kind(found: Explanation, kind: str) -> list[Change]:
    return [change for change in found.changes if change.kind == kind]


def case_with(several: Mapping[str, Any] | None = None, /, **fields: Any) -> Case:
    return supply_case(LINE, **{**FED, **(several or {}), **fields})


def adds_up(found: Explanation) -> bool:
    steps = found.steps(found.changes)
    meet = all(before.account.end == after.account.start for before, after in pairwise(steps))
    ends = steps[0].account.start == found.account.start and steps[-1].account.end == found.account.end
    return meet and ends and all(abs(step.account.residual) < GRAM for step in steps)


def test_without_any_change_there_is_one_account_from_start_to_end_and_one_to_the_least_days() -> None:
    found = told(case_with())
    assert found.changes == ()
    assert adds_up(found)
    account = found.account
    assert account.used == pytest.approx(48.0)
    assert account.start + account.received - account.used == pytest.approx(account.end)
    assert [gift.supplier for gift in account.gifts] == [at(LINE, "mill")]
    assert account.days_before == pytest.approx(20 / 24)
    assert found.least_days == pytest.approx(np.nanmin(found.book.days))


def test_a_way_lost_is_told_when_where_for_how_long_and_with_the_loads_that_had_come_by_it() -> None:
    changes = [closed(LINE, 0.0, "mill-bypass"), taken(LINE, 20.0, "middle"), taken(LINE, 30.0, "middle", holder=0)]
    found = told(case_with(changes=changes))
    (lost,), (opened,) = of_kind(found, "way lost"), of_kind(found, "way opened")
    assert (lost.hour, opened.hour) == (20.0, 30.0)
    assert lost.text.startswith("way lost for 10 h from mill, cut at middle (now blue): ")
    came = [load for load in run(case_with(changes=changes)).shipments if load.arrived <= 20.0]
    assert lost.tonnes == pytest.approx(sum(load.tonnes for load in came))
    assert lost.shipments == tuple(load.id for load in came) != ()
    assert lost.weight == pytest.approx(-lost.tonnes * 10 / 20)
    assert lost.events == ("('middle',)@20.0",)
    assert "for the rest of the run from mill, by middle" in opened.text
    assert adds_up(found)


def test_a_road_closed_between_two_held_places_is_named_by_them() -> None:
    changes = [closed(LINE, 0.0, "mill-bypass"), closed(LINE, 20.0, "middle-town")]
    (lost,) = of_kind(told(case_with(changes=changes)), "way lost")
    assert "cut between middle and town" in lost.text


def test_a_way_that_becomes_longer_is_no_way_lost() -> None:
    found = told(case_with(changes=[taken(LINE, 20.0, "middle"), taken(LINE, 30.0, "middle", holder=0)]))
    (longer,), (shorter,) = of_kind(found, "way longer"), of_kind(found, "way shorter")
    assert "from mill (2.0 → 6.0 h), by bypass" in longer.text
    assert "from mill (6.0 → 2.0 h), by middle" in shorter.text
    assert longer.weight == pytest.approx(-longer.tonnes / 20 * 4)
    assert not of_kind(found, "way lost")


def test_a_place_that_is_contested_and_taken_is_told_with_its_stock_and_loses_its_ways() -> None:
    changes = [taken(LINE, 20.0, "town", holder=CONTESTED), taken(LINE, 30.5, "town")]
    found = told(case_with(changes=changes))
    contested, held = of_kind(found, "control")
    assert contested.text.startswith("town: now contested, with ")
    assert held.text.startswith("town: now held by blue, with ")
    assert held.tonnes == pytest.approx(float(found.book.stock[30, 0]))
    (lost,) = of_kind(found, "way lost")
    assert lost.text.startswith("way lost for the rest of the run from mill: ")
    assert found.steps(found.changes)[1].changes[0].kind == "control"
    assert adds_up(found)


def test_stock_destroyed_with_a_change_of_hands_is_lost_and_the_account_still_adds_up() -> None:
    found = told(case_with(changes=[taken(LINE, 30.5, "town")], fallen_stock="destroyed"))
    assert found.account.lost == pytest.approx(float(found.book.stock[30, 0]) - 0.5, abs=0.01)
    assert found.account.end == 0
    assert adds_up(found)


def test_a_captured_convoy_is_told_at_the_instant_with_its_tonnes_and_id() -> None:
    case = case_with(changes=[taken(LINE, 0.5, "mill", "middle", "bypass")])
    lost = [load for load in run(case).shipments if load.outcome == "captured"]
    found = told(case)
    convoys = of_kind(found, "convoys")
    assert sum(change.tonnes for change in convoys) == pytest.approx(sum(load.tonnes for load in lost))
    assert [number for change in convoys for number in change.shipments] == [load.id for load in lost]
    assert all(change.hour == 0.5 for change in convoys)
    assert len(lost) > 0


def test_aid_refused_or_partly_unloaded_is_told_with_what_did_not_come() -> None:
    promised: dict[str, Any] = {"actor": 0, "origin": at(LINE, "mill"), "destination": at(LINE, "town"), "commodity": 0}
    aid = (
        AidConvoy(time=5.0, event="a", tonnes=10.0, permitted=False, **promised),
        AidConvoy(time=8.0, event="b", tonnes=10.0, unloaded=0.25, **promised),
    )
    found = told(case_with(aid=aid))
    assert {change.text.split(" bound")[1]: change.tonnes for change in of_kind(found, "convoys")} == {
        " for town refused: 10.0 t": 10.0,
        " for town let in with only part of their load: 7.5 t": 7.5,
    }
    assert adds_up(found)


def gate(name: str, hours: float) -> Passage:
    """Return the rule of a gate that lets a vehicle in every so many hours."""
    return Passage(actor=0, through=0, mode="gate", nodes=(at(LINE, name),), rate=1 / hours)


def convoys_at(*hours: float, to: str = "town") -> tuple[AidConvoy, ...]:
    """Return that a vehicle with 10 tonnes sets out from the mill at each of some hours."""
    ends: dict[str, Any] = {"actor": 0, "origin": at(LINE, "mill"), "destination": at(LINE, to), "commodity": 0}
    return tuple(AidConvoy(event=f"aid@{hour}", time=hour, tonnes=10.0, **ends) for hour in hours)


EVERY_TEN = convoys_at(0.0, 10.0, 20.0, 30.0)
STORED: dict[str, Any] = {"sources": [], "tier": {"town": PLACE}, "stock": {"town": 100.0}, "target": {}, "end": 100.0}


def test_loads_held_at_a_gate_are_told_with_their_waits_from_when_the_first_would_have_come() -> None:
    # At the gate from 1, 11, 21 and 31 on, served one after the other for a day each, an hour before the town.
    found = told(case_with(STORED, aid=EVERY_TEN, passage=[gate("town", 24.0)]))
    (held,) = found.changes
    waits = "30.0 t, 28.0 h on average, 42.0 h at most"
    assert held.text == f"3 loads from mill held 10 h or more at the gate of town: {waits}"
    assert (held.kind, held.hour, held.tonnes, held.shipments, held.via) == ("held", 50.0 - 14.0, 30.0, (1, 2, 3), "")
    assert held.weight == pytest.approx(-20.0), "late from 36 to 50, from 46 to 74 and from 56 to 98: two at a time"
    assert found.causes(1, down=True) == [held]
    assert "What drew it down most: 2 Jan 12:00 3 loads from mill held" in explanation_lines(found)[2]
    assert adds_up(found)


def test_without_a_gate_or_with_short_waits_nothing_is_told_of_waits() -> None:
    assert told(case_with(STORED, aid=EVERY_TEN)).changes == ()
    assert told(case_with(STORED, aid=EVERY_TEN, passage=[gate("town", 13.0)])).changes == ()


def test_loads_that_stand_in_the_queue_in_the_end_are_told_with_their_waits_so_far() -> None:
    (held,) = told(case_with(STORED, aid=EVERY_TEN, passage=[gate("town", 60.0)])).changes
    waits = "30.0 t, 66.0 h on average, 79.0 h at most; 3 still there in the end"
    assert held.text == f"3 loads from mill held 10 h or more at the gate of town: {waits}"
    assert held.hour == 100.0 - 79.0, "when the first of them began to wait"
    assert held.weight == pytest.approx(-30.0)
    (none_through,) = of_kind(told(case_with(STORED, aid=EVERY_TEN, passage=[gate("town", 1000.0)])), "held")
    assert none_through.text.endswith("79.0 h on average, 89.0 h at most; 3 still there in the end")


def test_of_several_gates_on_a_way_the_one_of_the_longest_mean_wait_is_named() -> None:
    for hours, named in ((24.0, "middle"), (8.0, "town")):
        passage = [gate("middle", hours), gate("town", 20.0)]
        (held,) = told(case_with(STORED, aid=EVERY_TEN, passage=passage)).changes
        assert f"at the gate of {named}: " in held.text


def test_a_road_of_reduced_capacity_is_named_by_its_ends_and_a_queue_that_was_left_by_nothing() -> None:
    bypass, middle = (closed(LINE, hour, link) for hour, link in ((0.0, "mill-bypass"), (40.0, "mill-middle")))
    slow = closed(LINE, 0.0, "middle-town", share=0.00002)
    (held,) = of_kind(told(case_with(STORED, aid=EVERY_TEN, changes=[bypass, slow])), "held")
    assert "at the gate between middle and town: " in held.text
    fields = {"passage": [gate("middle", 24.0)], "changes": [middle]}
    (left,) = of_kind(told(case_with(STORED, aid=EVERY_TEN, **fields)), "held")
    assert "3 loads from mill held 10 h or more at gates: 30.0 t, " in left.text


def test_waits_are_told_within_the_time_asked_for_and_a_single_load_has_one_wait() -> None:
    case = case_with(STORED, aid=EVERY_TEN, passage=[gate("town", 24.0)])
    (held,) = told(case, since=80.0).changes
    assert held.text == "1 load from mill held 2 h or more at the gate of town: 10.0 t, 42.0 h"
    assert held.hour == 80.0
    assert told(case, until=30.0).changes == ()


def test_waits_of_loads_for_a_depot_are_told_under_its_name_with_the_part_of_it_that_goes_on() -> None:
    fields: dict[str, Any] = {
        "tier": {"middle": DEPOT, "town": PLACE, "bypass": PLACE},
        "stock": {"middle": 200.0, "town": 10.0, "bypass": 5.0},
        "demand": {"town": 1.0, "bypass": 0.5},
        "target": {"town": 24.0, "bypass": 12.0},
        "fleet": {"middle": 9},
        "aid": convoys_at(0.0, 10.0, 20.0, 30.0, to="middle"),
        # 1000 vehicles an hour at full capacity
        "changes": [closed(LINE, 0.0, "mill-middle", share=1 / 24_000)],
    }
    found = told(case_with({**STORED, **fields}))
    (held,) = of_kind(found, "held")
    assert held.via == "middle"
    gone = found.record.loads(0)
    mine = gone.tonnes[gone.origin == at(LINE, "middle")].sum()
    ours = gone.put_in[(gone.origin == at(LINE, "middle")) & (gone.destination == at(LINE, "town"))].sum()
    assert 0 < ours < mine
    assert held.weight == pytest.approx(-20.0 * ours / mine)
    assert any("  at middle: 3 loads from mill held 10 h or more" in line for line in explanation_lines(found))


def test_a_source_that_is_contested_cut_back_or_dated_is_told_with_its_reason() -> None:
    changes = [taken(LINE, 30.0, "mill", holder=CONTESTED), taken(LINE, 36.0, "mill", holder=0)]
    mill = source(LINE, "mill", 10.0, end=44.0)
    case = case_with(
        changes=changes, sources=[mill], rate_changes=[RateChange(time=12.0, event="E9", source=0, share=0.5)]
    )
    found = told(case)
    assert [(change.hour, change.text.split(":")[0]) for change in of_kind(found, "source")] == [
        (12.0, "mill works at 50% (by an event)"),
        (30.0, "mill stops (contested)"),
        (36.0, "mill works again (held by red)"),
        (44.0, "mill stops (by its dates)"),
    ]
    cut, stop, again, _ = of_kind(found, "source")
    assert cut.events == ("E9",)
    assert (cut.tonnes, stop.tonnes, again.tonnes) == pytest.approx((120.0, 210.0, 40.0))
    assert cut.weight < 0 < again.weight
    assert adds_up(found)


def test_a_converter_out_of_feed_is_told_with_what_it_did_not_make() -> None:
    works = source(LINE, "mill", 2.0, feed=1, intake=2.0)
    fields: dict[str, Any] = {
        "commodities": ("flour", "wheat"),
        "sources": [works],
        "stock": {("mill", 0): 20.0, ("mill", 1): 24.0, ("town", 0): 40.0},
        "vehicle": [0, -1],
        "payload": [10.0, 1.0],
    }
    (short,) = of_kind(told(case_with(fields)), "source")
    assert short.hour == 12.0
    assert short.text == "mill has too little wheat and works at 0%: 72.0 t less in 36 h"
    assert short.weight < 0
    assert not of_kind(told(case_with(fields, stock={**fields["stock"], ("mill", 1): 200.0})), "source")


def test_what_happens_behind_a_depot_is_told_under_its_name_and_weighted_by_what_goes_on() -> None:
    fields: dict[str, Any] = {
        "tier": {"mill": SOURCE, "middle": DEPOT, "town": PLACE, "bypass": PLACE},
        "stock": {"mill": 900.0, "middle": 60.0, "town": 10.0},
        "target": {"middle": 90.0, "town": 24.0},
        "fleet": {"mill": 9, "middle": 9},
        "changes": [taken(LINE, 24.0, "mill")],
        "sources": [],
    }
    found = told(case_with(fields))
    behind = [change for change in found.changes if change.via == "middle"]
    lost = next(change for change in behind if change.kind == "way lost")
    assert lost.text.startswith("way lost for the rest of the run from mill, cut at mill (now blue)")
    (store,) = found.stores
    assert (store.id, store.start) == ("middle", found.record.series("stock", [at(LINE, "middle")], 0)[0, 0])
    assert "   at middle: way lost" in "\n".join(explanation_lines(found))
    assert adds_up(found)


def test_a_pipeline_that_stops_is_a_way_lost() -> None:
    piped = network(
        nodes={"well": node(36.0, 34.0), "town": node(36.2, 34.0, 100.0)},
        roads=[road("well", "town")],
        pipelines=[pipeline("well", "town", hours=2.0, commodity="flour")],
    )
    link = piped.link_positions()["well>town"][0]
    fields: dict[str, Any] = {
        "sources": [source(piped, "well", 10.0)],
        "tier": {"well": SOURCE, "town": PLACE},
        "demand": {"town": 1.0},
        "stock": {"well": 100.0, "town": 10.0},
        "target": {"town": 48.0},
        "pipes": [Pipe(link=link, commodity=0, capacity=2.0, transit=2.0)],
    }
    (lost,) = of_kind(told(supply_case(piped, changes=[closed(piped, 20.0, "well>town")], **fields)), "way lost")
    assert lost.text.startswith("way lost for the rest of the run from well by pipeline: ")
    assert lost.tonnes > 0
    fields["changes"] = [taken(piped, 20.0, "well", holder=CONTESTED)]
    assert of_kind(told(supply_case(piped, **fields)), "way lost")
    fields["pipes"] = [replace(fields["pipes"][0], across=True)]
    assert not of_kind(told(supply_case(piped, **fields)), "way lost")


def test_stockouts_begin_and_end_at_their_very_instants() -> None:
    changes = [closed(LINE, 0.0, "mill-bypass", "mill-middle"), closed(LINE, 30.0, "mill-middle", share=1.0)]
    found = told(case_with(changes=changes, stock={"mill": 500.0, "town": 20.5}))
    out, again = of_kind(found, "stockout")
    assert (out.hour, again.hour) == (20.5, 32.0)
    assert out.text == "town runs out: 11.5 t asked for in vain in 11.5 h"
    assert found.account.unmet == pytest.approx(11.5)
    assert "11.5 t asked for in vain" in "\n".join(explanation_lines(found))
    assert adds_up(found)


def test_rationing_is_told_with_its_share_and_its_end() -> None:
    changes = [closed(LINE, 0.0, "mill-bypass", "mill-middle"), closed(LINE, 30.0, "mill-middle", share=1.0)]
    fields = {"stock": {"mill": 500.0, "town": 40.0}, "ration_level": {"town": 30.0}, "ration_share": [0.5]}
    begins, ends = of_kind(told(case_with(fields, changes=changes)), "rationing")
    assert (begins.hour, ends.hour) == (10.0, 32.0)
    assert begins.text == "use is rationed, 50% of what is asked for: 11.0 t less in all"
    assert ends.text == "as much is used as is asked for again"


def test_rationing_that_ends_with_nothing_left_is_no_return_to_everyday_use() -> None:
    changes = [closed(LINE, 0.0, "mill-bypass", "mill-middle")]
    fields = {"stock": {"mill": 500.0, "town": 20.0}, "ration_level": {"town": 15.0}, "ration_share": [0.5]}
    found = told(case_with(fields, changes=changes))
    (begins,) = of_kind(found, "rationing")
    assert (begins.hour, begins.text) == (5.0, "use is rationed, 50% of what is asked for: 15.0 t less in all")
    assert [change.hour for change in of_kind(found, "stockout")] == [35.0]


def test_hoarding_and_people_change_what_is_asked_for() -> None:
    hoarding = [
        DemandChange(time=time, event="hoarding", nodes=(at(LINE, "town"),), commodity=0, factor=factor)
        for time, factor in ((10.0, 3.0), (16.0, 1.0))
    ]
    found = told(case_with(demand_changes=hoarding))
    assert [(change.hour, change.text) for change in of_kind(found, "use")] == [
        (10.0, "what is asked for rises from 24.0 t to 72.0 t a day"),
        (16.0, "what is asked for falls from 72.0 t to 24.0 t a day"),
    ]
    move = Movement(time=10.0, event="flight", origin=-1, destination=at(LINE, "town"), persons=50.0)
    (use,) = of_kind(told(case_with(movements=[move], rate={"town": 0.01})), "use")
    assert use.hour == 10.0
    assert use.text.startswith("what is asked for rises from 24.0 t to 36.0 t a day")


def test_what_is_more_than_a_day_apart_is_told_apart_however_rarely_stocks_are_recorded() -> None:
    hoarding = [
        DemandChange(time=time, event="hoarding", nodes=(at(LINE, "town"),), commodity=0, factor=factor)
        for time, factor in ((300.0, 2.0), (324.0, 3.0), (360.0, 4.0))
    ]
    found = told(case_with(demand_changes=hoarding, end=1200.0))
    assert np.diff(found.record.time[:2]) == 3.0
    assert [(change.hour, change.text) for change in of_kind(found, "use")] == [
        (300.0, "what is asked for rises from 24.0 t to 72.0 t a day"),
        (360.0, "what is asked for rises from 72.0 t to 96.0 t a day"),
    ]


def test_a_week_without_anything_coming_is_told_with_what_was_used_of_the_stock() -> None:
    changes = [closed(LINE, 0.0, "mill-bypass", "mill-middle"), closed(LINE, 30.0, "mill-middle", share=1.0)]
    fields = {"stock": {"mill": 500.0, "town": 120.0}, "target": {"town": 130.0}, "end": 240.0}
    (dry,) = of_kind(told(case_with(fields, changes=[closed(LINE, 0.0, "mill-bypass", "mill-middle")])), "nothing came")
    assert (dry.hour, dry.text) == (0.0, "nothing comes for 10 days: 120 t used, 120 t asked for in vain")
    assert dry.weight == pytest.approx(-120.0)
    assert not of_kind(told(case_with(fields, changes=changes)), "nothing came")


def test_a_run_over_the_turn_of_a_year_tells_years_and_how_long_there_was_none() -> None:
    case = case_with(changes=[closed(LINE, 0.0, "mill-bypass", "mill-middle")])
    earlier = [instant - timedelta(days=1) for instant in (case.scenario.start, case.scenario.end)]
    lines = explanation_lines(told(replace(case, scenario=replace(case.scenario, start=earlier[0], end=earlier[1]))))
    assert lines[0].endswith("least 0.00 on 31 Dec 2023 20:00, 0.00 on 2 Jan 2024 00:00")
    assert lines[1] == "  (UTC+00:00)."
    assert "It ran out once, for 28 h in all, first on 31 Dec 2023 20:00." in lines


def test_where_nobody_is_left_what_is_there_is_told_in_tonnes() -> None:
    leave = Movement(time=10.0, event="flight", origin=at(LINE, "town"), destination=-1, persons=100.0)
    case = case_with(movements=[leave], rate={"town": 0.01})
    found = told(replace(case, population=np.array([0.0, 50.0, 100.0, 10.0, 20.0])))
    (use,) = of_kind(found, "use")
    assert use.text.endswith("from 24.0 t to 0 t a day (100 people leave)")
    assert np.isnan(found.account.days_after)
    assert " days → " in " ".join(explanation_lines(found))


def test_an_area_stands_for_its_places_and_what_moves_within_it_is_not_received() -> None:
    fields: dict[str, Any] = {
        "tier": {"mill": SOURCE, "town": DEPOT, "village": PLACE},
        "demand": {"village": 1.0},
        "stock": {"mill": 500.0, "town": 50.0, "village": 20.0},
        "target": {"town": 60.0, "village": 48.0},
        "fleet": {"mill": 9, "town": 9},
    }
    case = case_with(fields)
    whole, parts = told(case, "shire"), [told(case, place) for place in ("town", "village")]
    assert [whole.record.ids[node] for node in whole.target.nodes] == ["town", "village"]
    for name in ("start", "end", "used", "made", "unmet"):
        assert getattr(whole.account, name) == pytest.approx(sum(getattr(part.account, name) for part in parts))
    assert whole.account.received == pytest.approx(parts[0].account.received)
    assert whole.account.within == pytest.approx(parts[1].account.received - parts[0].account.sent)
    assert adds_up(whole)


def test_a_place_where_nobody_asks_for_any_is_told_in_tonnes() -> None:
    found = told(case_with(), "mill")
    assert np.isnan(found.least_days)
    assert found.least_stock == pytest.approx(float(found.book.stock.min()))
    lines = explanation_lines(found)
    assert lines[0].startswith("mill, flour: 472 t on 1 Jan 00:00 (the least), 904 t on ")
    assert "+480 t made there" in " ".join(lines)


def test_a_book_that_does_not_add_up_says_so() -> None:
    broken = dataset(case_with())
    broken["stock"][30:, broken["place"].values.tolist().index("town"), 0] += 5.0
    found = explain(broken, "town", "flour")
    assert found.account.residual == pytest.approx(5.0)
    assert not adds_up(found)
    assert "+5.0 t UNEXPLAINED" in " ".join(explanation_lines(found))


def test_from_and_until_bound_the_account_and_the_changes() -> None:
    changes = [taken(LINE, 20.0, "middle"), taken(LINE, 30.0, "middle", holder=0)]
    found = told(case_with(changes=changes), since=25.5, until=35.5)
    assert (found.account.begin, found.account.until) == (25.0, 36.0)
    assert [change.kind for change in found.changes] == ["way shorter"]
    with pytest.raises(RunError, match="--from has to be before --until"):
        told(case_with(), since=30.0, until=20.0)


@pytest.mark.parametrize(
    ("place", "commodity", "message"),
    [
        ("twon", "flour", "--place: unknown place or area 'twon'; did you mean 'town'?"),
        ("shrie", "flour", "--place: unknown place or area 'shrie'; did you mean 'shire'?"),
        ("", "flour", "--place: unknown place or area ''"),
        ("town", "flur", "--commodity: unknown commodity 'flur'; did you mean 'flour'?"),
        ("bypass", "flour", "--place: nobody is supplied at 'bypass', and nothing is kept or made there"),
    ],
)
def test_what_is_not_there_is_answered_with_the_nearest_name(place: str, commodity: str, message: str) -> None:
    with pytest.raises(RunError) as raised:
        told(case_with(), place, commodity)
    assert str(raised.value) == message


def test_a_run_of_an_earlier_version_is_refused() -> None:
    with pytest.raises(RunError, match="the run holds no made: an earlier version wrote it; run the scenario again"):
        explain(dataset(case_with()).drop_vars("made"), "town", "flour")


@pytest.fixture(scope="module")
def homs() -> tuple[xr.Dataset, Any, Any]:
    """The shipped scenario, run once."""
    case = load(ROOT / "scenarios" / "homs_2024.yaml", settings={}).case
    hashes = {"scenario_sha256": "a", "network_sha256": "b"}
    found, trace = run_case(case, seed=case.scenario.draw.seed, provenance=hashes)
    return found, case, trace


TARGETS = [
    ("damascus", "diesel"), ("damascus_area", "flour"), ("homs", "gasoline"), ("aleppo", "flour"),
    ("homs_area", "gasoline"), ("homs_refinery", "crude"), ("aleppo_area", "diesel"),
]  # fmt: skip


@pytest.mark.parametrize(("place", "commodity"), TARGETS)
def test_every_interval_of_the_shipped_scenario_adds_up_to_the_kilogram(
    homs: tuple[xr.Dataset, Any, Any], place: str, commodity: str
) -> None:
    found = explain(homs[0], place, commodity)
    steps = found.steps(found.changes)
    for step in steps:
        account = step.account
        inwards = account.received + account.returned + account.made + account.within
        assert account.start + inwards - account.used - account.sent - account.lost == pytest.approx(
            account.end, abs=KILOGRAM
        )
        assert account.received == pytest.approx(sum(gift.tonnes for gift in account.gifts))
    assert sum(step.account.received for step in steps) == pytest.approx(found.account.received)
    received = found.record.series("received", found.target.nodes, found.target.commodity)
    assert np.abs(np.diff(received, axis=0) - found.book.received[1:]).max() < KILOGRAM


@pytest.mark.parametrize(("place", "commodity"), TARGETS)
def test_the_text_keeps_to_one_screen_and_all_shows_every_change(
    homs: tuple[xr.Dataset, Any, Any], place: str, commodity: str
) -> None:
    found = explain(homs[0], place, commodity)
    lines, whole = explanation_lines(found), explanation_lines(found, everything=True)
    assert len(lines) <= SCREEN
    assert max(map(len, [*lines, *whole])) <= WIDTH
    left_out = [line for line in lines if "left out; --all shows them" in line]
    assert (len(left_out) == 1) == (len(whole) > SCREEN)
    assert sum(row["what"] != "account" for row in explanation_rows(found)) == len(found.changes)


def test_the_fall_of_homs_is_what_parts_damascus_from_the_coast(homs: tuple[xr.Dataset, Any, Any]) -> None:
    found = explain(homs[0], "damascus", "diesel")
    cause = found.causes(1, down=True)[0]
    assert (cause.kind, cause.via) == ("way lost", "depot_adra")
    assert found.record.moment(cause.hour).isoformat() == "2024-12-08T01:30:00+03:00"
    assert "Banias" in cause.text
    assert [change.hour for change in of_kind(found, "control")] == [292.5, 294.25]


def test_the_command_prints_text_or_json_and_refuses_what_it_cannot_find(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = case_with(changes=[taken(LINE, 20.0, "middle")])
    trace = run(case)
    folder = tmp_path / "run"
    save(assemble(case, trace, provenance=PROVENANCE), case, trace, folder)
    asked = ["explain", str(folder), "--place", "town", "--commodity", "flour"]
    assert left_with(asked) == 0
    assert "way longer from mill" in capsys.readouterr().out
    assert left_with([*asked, "--all", "--from", "2024-01-01T10:00+00:00", "--until", "2024-01-02T00:00+00:00"]) == 0
    assert "on 1 Jan 10:00" in capsys.readouterr().out
    assert left_with([*asked, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    (longer,) = [row for row in rows if row["what"] != "account"]
    assert longer.keys() == {
        "at", "what", "text", "tonnes", "shipments", "events", "via", "weight_tonnes", "days_before", "days_after",
    }  # fmt: skip
    assert (longer["what"], longer["at"]) == ("way longer", "2024-01-01T20:00+00:00")
    assert all(abs(row["residual_tonnes"]) < KILOGRAM for row in rows if row["what"] == "account")
    for wrong, message in (
        (["explain", str(tmp_path), *asked[2:]], "holds no run.nc"),
        ([*asked, "--from", "yesterday"], "--from: 'yesterday' "),
        ([*asked, "--until", "2025-01-01T00:00+00:00"], "lies outside the run, which goes from 2024-01-01T00:00+00:00"),
        ([*asked[:3], "twon", *asked[4:]], "did you mean 'town'?"),
    ):
        assert left_with(wrong) == 2
        assert message in capsys.readouterr().err


def left_with(arguments: list[str]) -> int:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    return int(left.value.code or 0)


def test_changes_left_out_are_those_of_the_least_weight() -> None:
    changes = [taken(LINE, 20.0, "middle"), taken(LINE, 30.0, "middle", holder=0), taken(LINE, 40.0, "town")]
    found = told(case_with(changes=changes))
    (kept,) = found.weightiest(1)
    assert kept.kind == "control"
    heaviest = min(found.changes, key=lambda change: change.weight)
    assert set(found.weightiest(2)) == {kept, heaviest}
    small = replace(
        found, changes=tuple(replace(change, weight=0.0) if change is heaviest else change for change in found.changes)
    )
    assert heaviest.text not in {change.text for change in small.weightiest(2)}
