"""The map of a cut: what it says, what it draws, and the numbers beside it."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.colors import to_hex
from matplotlib.text import Text

from corridor.case import Case, bind
from corridor.ensemble import survey
from corridor.figures import Sheet, Style, plot_cut
from corridor.metrics import Cut, cut
from corridor.scenario import load_scenario
from corridor.scenario.model import PassageRule
from corridor.sources import read_network
from tests.builders import network, node, road
from tests.cases import bound

HOMS = Path(__file__).parent.parent / "scenarios" / "homs_2024.yaml"
TWO, ONE, NONE = "2024-12-06T12:00+03:00", "2024-12-07T22:00+03:00", "2024-12-08T02:00+03:00"


@pytest.fixture(scope="module")
def homs() -> Case:
    return bind(load_scenario(HOMS), read_network("central_syria"))


@pytest.fixture(scope="module")
def run(homs: Case) -> xr.Dataset:
    return survey(homs)


def coast_to_damascus(case: Case, instant: str, **wanted: Any) -> tuple[Cut, float]:
    hour, known = case.hour(datetime.fromisoformat(instant)), case.network.node_positions()
    ends = [known["tartus"], known["latakia"]], [known["damascus"]]
    return cut(case, case.epoch_at(hour), case.actors.index("regime"), *ends, **wanted), hour


@pytest.fixture(scope="module")
def two(homs: Case, run: xr.Dataset) -> tuple[Sheet, Cut]:
    found, hour = coast_to_damascus(homs, TWO)
    return plot_cut(run, found, hour=hour), found


def map_of(sheet: Sheet) -> Axes:
    return sheet.figure.axes[0]


def drawn(sheet: Sheet, kind: str) -> LineCollection:
    (lines,) = (one for one in map_of(sheet).collections if one.get_label() == kind)
    assert isinstance(lines, LineCollection)
    return lines


def colours(lines: LineCollection) -> set[str]:
    return {to_hex(colour) for colour in np.asarray(lines.get_edgecolor()).tolist()}


def labels(sheet: Sheet) -> list[str]:
    return [text.get_text() for text in map_of(sheet).texts if str(text.get_gid()).startswith("binding-")]


def test_the_title_is_the_message(two: tuple[Sheet, Cut]) -> None:
    sheet, _ = two
    room = "room for 115,200\u00a0vehicles a day"
    assert sheet.title == f"Two roads limit what can get from Latakia and Tartus to Damascus: {room}"
    told = [text.get_text() for text in sheet.figure.findobj(Text) if isinstance(text, Text)]
    assert not any("carr" in text for text in [*told, sheet.alt])
    assert "hadidah-qusayr 33,600" in sheet.alt


@pytest.mark.parametrize(
    ("instant", "language", "count", "title"),
    [
        (
            ONE, "en", False,
            "One road limits what can get from Latakia and Tartus to Damascus: room for 81,600\u00a0vehicles a day",
        ),
        (
            ONE, "ar", False,
            "طريق واحد يحدّ ما يمكن أن يصل من اللاذقية وطرطوس إلى دمشق: سعته 81,600\u00a0مركبة في اليوم",
        ),
        (NONE, "en", False, "No way is open from Latakia and Tartus to Damascus"),
        (TWO, "en", True, "Two roads, both closed, part Latakia and Tartus from Damascus"),
    ],
)  # fmt: skip
def test_other_cuts_have_other_titles(
    homs: Case, run: xr.Dataset, instant: str, language: Any, title: str, *, count: bool
) -> None:
    found, hour = coast_to_damascus(homs, instant, count=count)
    assert plot_cut(run, found, hour=hour, style=Style(language=language, size="column")).title == title


def test_each_road_that_binds_is_drawn_in_its_colour_and_says_its_lorries(two: tuple[Sheet, Cut]) -> None:
    sheet, found = two
    assert labels(sheet) == ["33,600", "81,600"]
    binding = drawn(sheet, "binding")
    assert len(binding.get_segments()) == len(found.roads) == 2
    assert colours(binding) == {"#c1121f"}
    narrow, wide = np.asarray(binding.get_linewidth()).tolist()
    most = max(sheet.tables["roads"]["vehicles_per_day"])
    assert (wide - 0.9) / (narrow - 0.9) == pytest.approx(81600 / 33600)
    assert wide == pytest.approx(0.9 + 3.5 * 81600 / most)


def test_the_tables_hold_what_is_drawn(two: tuple[Sheet, Cut]) -> None:
    sheet, found = two
    binding, roads, places = (sheet.tables[name] for name in ("", "roads", "places"))
    assert list(binding["id"]) == [road.id for road in found.roads]
    assert sum(binding["vehicles_per_day"]) == found.value
    for kind in ("binding", "flow"):
        number = sum(one == kind for one in roads["drawn_as"])
        assert 0 < len(drawn(sheet, kind).get_segments()) == number
    assert set(roads["drawn_as"]) == {"binding", "flow", "open", "shut"}
    assert dict(zip(places["node_id"], places["named_as"], strict=True))["damascus"] == "destination"
    assert list(places["side"]).count("origins") == found.origin_side.sum()
    assert list(places["side"]).count("destinations") == found.destination_side.sum()


def test_both_sides_are_tinted_and_their_people_told(two: tuple[Sheet, Cut]) -> None:
    sheet, _ = two
    fills = [one for one in map_of(sheet).collections if isinstance(one, PatchCollection)]
    tints = {
        str(one.get_label()): to_hex(np.asarray(one.get_facecolor())[0].tolist())
        for one in fills
        if one.get_zorder() == 2
    }
    assert tints == {"origins": "#d6e6f2", "destinations": "#fbe7cf"}
    key = [text.get_text() for axes in sheet.figure.axes[1:] for text in axes.texts]
    assert any("on the side of the start: 2.9\u00a0m people" in text for text in key)
    assert any("on the side of the destination: 8.1\u00a0m people" in text for text in key)


def test_numbers_and_names_stay_within_the_map_and_apart(two: tuple[Sheet, Cut]) -> None:
    sheet, _ = two
    axes = map_of(sheet)
    with sheet.style.context():
        sheet.figure.draw_without_rendering()
        frame = axes.get_window_extent()
        boxes = [text.get_window_extent() for text in axes.texts if text.get_gid()]
    assert len(boxes) > 20
    assert all(frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 for box in boxes)
    numbers = [
        box for box, text in zip(boxes, [t for t in axes.texts if t.get_gid()], strict=True) if "," in text.get_text()
    ]
    for number in numbers:
        assert not any(box is not number and number.shrunk(0.9, 0.6).overlaps(box.shrunk(0.9, 0.6)) for box in boxes)


def test_grey_print_tells_the_sides_by_a_hatch_and_what_binds_by_black(homs: Case, run: xr.Dataset) -> None:
    found, hour = coast_to_damascus(homs, ONE)
    sheet = plot_cut(run, found, hour=hour, style=Style(grey=True, size="slide"))
    (far,) = (one for one in map_of(sheet).collections if one.get_label() == "destinations")
    assert far.get_hatch()
    assert colours(drawn(sheet, "binding")) == {"#1a1a1a"}
    assert colours(drawn(sheet, "flow")) == {"#7d7d7d"}


def test_where_no_way_is_open_nothing_flows_and_nothing_is_said_to_bind(homs: Case, run: xr.Dataset) -> None:
    found, hour = coast_to_damascus(homs, NONE)
    sheet = plot_cut(run, found, hour=hour, style=Style(size="column"))
    assert not drawn(sheet, "binding").get_segments()
    assert not drawn(sheet, "flow").get_segments()
    assert not labels(sheet)
    assert "What binds: nothing" in sheet.alt
    assert not any("limiting" in text.get_text() for text in sheet.figure.axes[-1].texts)


def test_where_the_actor_holds_nobody_on_a_side_the_key_says_so() -> None:
    rule = {"a": node(36, 34, 300, holder="red"), "b": node(36.5, 34.5, 1000, holder="blue")}
    case = bound(network(rule, [road("a", "b")]), passage=[])
    found = cut(case, case.epochs[0], 0, [0], [1])
    sheet = plot_cut(survey(case), found)
    key = [text.get_text() for text in sheet.figure.axes[-1].texts]
    assert {"on the side of the start: 300 people", "on the side of the destination: nobody"} <= set(key)


def test_roads_that_are_counted_are_said_to_part_and_what_nothing_limits_has_no_number(
    homs: Case, run: xr.Dataset
) -> None:
    found, hour = coast_to_damascus(homs, TWO, count=True)
    key = [text.get_text() for text in plot_cut(run, found, hour=hour).figure.axes[-1].texts]
    assert "one of the roads that part them, with its room: vehicles a day" in key
    free = replace(coast_to_damascus(homs, TWO)[0], value=np.inf, roads=())
    assert plot_cut(run, free).title == "Nothing limits what can get from Latakia and Tartus to Damascus"


def test_on_a_slide_the_note_of_its_own_has_its_own_line_and_no_line_leaves_its_margin(
    homs: Case, run: xr.Dataset
) -> None:
    found, hour = coast_to_damascus(homs, ONE)
    sheet = plot_cut(run, found, hour=hour, style=Style(size="slide"))
    lines = [text for text in sheet.figure.texts if text.get_text()]
    assert any(text.get_text().startswith("Capacities are") for text in lines)
    with sheet.style.context():
        sheet.figure.set_dpi(300)
        right = max(text.get_window_extent().x1 for text in lines) / 300 * 25.4
    assert right <= sheet.style.width - 1.9


def test_gates_are_labelled_where_they_stand_and_parallel_roads_as_one_line() -> None:
    rules = [PassageRule(actor="red", through="blue", mode="gate", vehicles_per_day=500)]
    case = bound(
        network(
            nodes={
                **{f"a{at}": node(36 + at / 9, 34, 9, holder="red") for at in range(4)},
                "b": node(36.2, 34.5, 1, holder="blue"),
                "c": node(36.3, 34.9, 1000, holder="red"),
            },
            roads=[
                *(road(f"a{at}", "b") for at in range(4)), road("b", "c"),
                road("a0", "c", capacity=10.0), road("a0", "c", capacity=20.0),
            ],
        ),
        passage=rules,
    )  # fmt: skip
    found = cut(case, case.epochs[0], 0, range(4), [5])
    sheet = plot_cut(survey(case), found, style=Style(size="column"))
    assert sorted(labels(sheet)) == ["500", "720"]
    assert (
        sheet.title
        == "Three roads and gates limit what gets from a0, a1, a2 and 1 more to c: room for 1,220 vehicles a day"
    )
    assert list(sheet.tables[""]["what"]) == ["road", "road", "gate"]
    assert "gate at b" in sheet.alt
    lone = bound(network({"a": node(36, 34, 9, holder="red"), "b": node(36.2, 34.5, 1, holder="blue"),
        "c": node(36.3, 34.9, 9, holder="red")}, [road("a", "b"), road("b", "c")]), passage=rules)  # fmt: skip
    one = plot_cut(survey(lone), cut(lone, lone.epochs[0], 0, [0], [2]))
    assert one.title == "One gate limits what can get from a to c: room for 500\u00a0vehicles a day"
