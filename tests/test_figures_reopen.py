"""The maps of what to reopen and what to keep open: what they say, what they draw, and the numbers beside them."""

import numpy as np
import pytest
from matplotlib.collections import LineCollection, PatchCollection

from corridor.case import Case
from corridor.criticality import Aim, keep, reopen
from corridor.ensemble import survey
from corridor.figures import Sheet, Style, plot_keeping, plot_reopening
from corridor.figures.style import Language, Size
from tests.builders import network, node, road
from tests.cases import bound
from tests.test_reopening import fuelled, line, star

RED = 0


def case(share: float = 0.0) -> Case:
    return bound(line("rrrr", share=share))


def drawn(sheet: Sheet, kind: str) -> LineCollection:
    (lines,) = (one for one in sheet.figure.axes[0].collections if one.get_label() == kind)
    assert isinstance(lines, LineCollection)
    return lines


def filled(sheet: Sheet, kind: str) -> int:
    (zones,) = (one for one in sheet.figure.axes[0].collections if one.get_label() == kind)
    assert isinstance(zones, PatchCollection)
    return len(zones.get_paths())


def test_the_title_says_what_the_roads_give_and_the_map_shows_them_with_their_numbers() -> None:
    here = case()
    sheet = plot_reopening(survey(here), reopen(here, RED))
    assert sheet.title == "Reopening one road would give 500 people a way to A"
    assert len(drawn(sheet, "chosen").get_segments()) == 1
    assert len(drawn(sheet, "others").get_segments()) == 0
    assert "1: +500" in {text.get_text() for text in sheet.figure.axes[0].texts}
    assert filled(sheet, "root") == filled(sheet, "hanging") == 1
    assert filled(sheet, "cut_off") == 0
    assert sheet.alt == f"Map: {sheet.title}. In order: b-c."


def test_the_tables_hold_exactly_what_is_drawn() -> None:
    here = case()
    sheet = plot_reopening(survey(here), reopen(here, RED))
    roads, places = sheet.tables[""], sheet.tables["places"]
    assert (list(roads["link_id"]), list(roads["gain_persons"]), list(roads["closed"])) == (["b-c"], [500], [True])
    assert dict(zip(places["node_id"], places["drawn_as"], strict=True)) == {
        "a": "root", "b": "root", "c": "hanging", "d": "hanging"
    }  # fmt: skip
    assert list(sheet.tables["others"]["link_id"]) == []


def test_roads_not_chosen_are_thin_and_who_stays_without_a_way_is_marked() -> None:
    here = bound(star([30, 20, 10]))
    sheet = plot_reopening(survey(here), reopen(here, RED, 1))
    assert len(drawn(sheet, "others").get_segments()) == 2
    assert filled(sheet, "cut_off") > 0
    assert list(sheet.tables["others"]["link_id"]) == ["r1", "r2"]
    assert "1: fewer than 100" in {text.get_text() for text in sheet.figure.axes[0].texts}


def test_fronts_and_person_days_are_named_as_what_they_are() -> None:
    here = bound(line("rbrr"))
    sheet = plot_reopening(survey(here), reopen(here, RED, 2, aim=Aim(fronts=True)))
    assert "Reopening two roads would give 900 people a way to A" in sheet.title
    assert any("cut by a front" in text.get_text() for text in sheet.figure.texts)


@pytest.mark.parametrize(
    ("language", "message"), [("en", "No road in the territory of the Red is closed"), ("ar", "لا طريق مغلقًا")]
)
def test_where_no_road_is_closed_the_map_says_so_and_shows_the_territory(language: Language, message: str) -> None:
    here = case(share=1)
    run = survey(here)
    sheet = plot_reopening(run, reopen(here, RED), style=Style(language=language))
    assert sheet.title.startswith(message)
    assert list(sheet.tables[""]["link_id"]) == []
    written = {text.get_text() for text in sheet.figure.axes[0].texts}
    assert {"A", "B", "C", "D"} <= written
    fronts = plot_reopening(run, reopen(here, RED, aim=Aim(fronts=True)))
    assert fronts.title == "No road is closed or cut by a front: there is none to reopen"


@pytest.mark.parametrize("size", ["column", "page", "slide"])
@pytest.mark.parametrize("grey", [False, True])
def test_every_size_and_language_is_drawn_within_its_page(size: Size, *, grey: bool) -> None:
    nodes = {f"n{place}": node(36 + place / 10, 34 + place % 3 / 10, 1e5 - place, holder="red") for place in range(14)}
    here = bound(network(nodes, [road("n0", f"n{place}", share=0) for place in range(1, 14)]))
    for language in ("en", "ar"):
        style = Style(language=language, grey=grey, size=size)
        for count in (5, 13):
            sheet = plot_reopening(survey(here), reopen(here, RED, count, aim=Aim(roots=(0,))), style=style)
            numbers = [text for text in sheet.figure.axes[0].texts if str(text.get_gid()).startswith("road-")]
            assert len(numbers) == count
            assert sheet.figure.get_size_inches()[0] * 25.4 == pytest.approx(style.width)


def test_what_to_keep_open_is_said_in_the_title_and_marked() -> None:
    here = case(share=1)
    found = keep(here, RED, 1)
    sheet = plot_keeping(survey(here), found)
    assert sheet.title == "Keep one road open: without them 900 people would have no way to A"
    assert sheet.name == "keep"
    assert list(sheet.tables[""]["persons_without_it_and_those_before"]) == [900]
    assert filled(sheet, "hanging") == 1
    assert np.array_equal(sheet.tables["places"]["drawn_as"] == "hanging", [False, True, True, True])


def test_a_source_is_called_by_its_commodity() -> None:
    here = fuelled(line(share=1))
    found = keep(here, RED, 1, aim=Aim(commodity=0))
    assert plot_keeping(survey(here), found).title.endswith("no way to a source of fuel")
    nodes = {name: node(36 + at / 10, 34, 500, holder="red") for at, name in enumerate("abc")}
    beside = [road("a", "b"), road("b", "c"), road("a", "b", id="beside", share=0)]
    helpless = fuelled(network(nodes, beside))
    nothing = reopen(helpless, RED, 1, aim=Aim(commodity=0))
    told = plot_reopening(survey(helpless), nothing)
    assert told.title == "No road to reopen would give anybody a way to a source of fuel"
    assert list(told.tables["others"]["link_id"]) == ["beside"]
    closed = fuelled(line(share=0))
    told = plot_reopening(survey(closed), reopen(closed, RED, 1, aim=Aim(commodity=0)))
    assert told.title == "Reopening one road would give a way to a source of fuel for 1,000 person-days"
