"""The map of isochrones: its zones, sources, words and numbers."""

import csv
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.collections import PatchCollection
from matplotlib.colors import to_hex, to_rgb
from matplotlib.text import Text

from corridor.case import Case, Source, whole
from corridor.ensemble import survey
from corridor.figures import Sheet, Style, plot_isochrones
from corridor.figures.cutout import CUTOUT
from corridor.metrics import Isochrones, isochrones
from tests.builders import network, node, road
from tests.cases import bound, closes, with_sources

STYLES = {
    "page": Style(),
    "column": Style(size="column"),
    "slide": Style(size="slide"),
    "grey": Style(grey=True),
    "arabic": Style(language="ar"),
}


def land(*, shut: str = "", holders: str = "rrrrb-r") -> Case:
    """Return towns a to g: a to d in a row two hours apart, e and f of others, g without a road; a source in a."""
    names = {"r": "red", "b": "blue", "-": "none"}
    nodes: dict[str, Any] = {
        name: node(36 + 0.3 * place, 34 + 0.1 * (place % 2), 1e5 * (place + 1), holder=names[holder], name=name.upper())
        for place, (name, holder) in enumerate(zip("abcdefg", holders, strict=True))
    }
    roads = [road(one, other, 100, road_class="motorway") for one, other in zip("abcde", "bcdef", strict=True)]
    case = bound(network(nodes, roads), [closes(5, shut)] if shut else [])
    sources = [Source(id=f"s{place}", node=place, commodity=0, rate=1.0) for place in (0, 4)]
    return with_sources(case, *sources)


def drawn(case: Case, hour: float = 0.0, *, style: Style | None = None, **asked: Any) -> tuple[Sheet, Isochrones]:
    asked = {"commodity": 0, "actor": 0, "within": (1, 3, 5), **asked}
    found = isochrones(case, case.epoch_at(hour), **asked)
    return plot_isochrones(survey(case), found, hour=hour, style=style), found


def zones(sheet: Sheet) -> dict[str, PatchCollection]:
    return {
        str(one.get_label()): one for one in sheet.figure.axes[0].collections
        if isinstance(one, PatchCollection) and not str(one.get_label()).startswith("_")
    }  # fmt: skip


def texts(sheet: Sheet) -> list[str]:
    return [text.get_text() for text in sheet.figure.findobj(Text) if isinstance(text, Text) and text.get_text()]


def table(path: Path) -> dict[str, Mapping[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["node_id"]: row for row in csv.DictReader(file)}


def test_zones_are_filled_by_band_the_farther_the_darker_and_others_told_apart() -> None:
    sheet, _ = drawn(land(shut="c-d"))
    assert list(zones(sheet)) == [
        "up to 1 h: 100,000 people", "1–3 h: 200,000 people", "3–5 h: 300,000 people", "over 5 h: 400,000 people",
        "no way even with every road open: 700,000 people", "others", "contested",
    ]  # fmt: skip
    faces = [np.atleast_2d(zone.get_facecolor())[0] for zone in list(zones(sheet).values())[:4]]
    light = [float(np.dot(face[:3], (0.2126, 0.7152, 0.0722))) for face in faces]
    assert light == sorted(light, reverse=True)
    assert len({to_hex(face) for face in faces}) == 4


def test_who_has_no_way_is_hatched_and_the_title_says_how_many() -> None:
    sheet, found = drawn(land(shut="c-d"), 6.0)
    cut = zones(sheet)["no way open: 400,000 people"]
    assert cut.get_hatch()
    assert to_rgb(np.atleast_2d(cut.get_facecolor())[0]) == (1, 1, 1)
    lacking = found.persons[found.cut_off | found.never].sum()
    assert lacking == 1.1e6
    assert sheet.title == "1.1\u00a0m people have no way to a source of fuel"


def test_where_all_have_a_way_the_title_says_how_many_are_far() -> None:
    without_g = replace(land(), population=np.array([1e5, 2e5, 3e5, 4e5, 5e5, 6e5, 0.0]))
    assert drawn(without_g)[0].title == "400,000 people are more than 5\u00a0hours from a source of fuel"
    assert drawn(without_g, within=(1,))[0].title == "900,000 people are more than 1 hour from a source of fuel"
    assert drawn(without_g, within=(6, 9))[0].title == "Everybody is within 6\u00a0hours of a source of fuel"


def test_an_actor_without_people_has_no_message() -> None:
    assert drawn(land(), actor=2)[0].title == "How far a source of fuel is: nobody is asked about"


def test_sources_at_work_are_marked_those_of_others_hollow() -> None:
    sheet, found = drawn(land())
    mine, others = (line for line in sheet.figure.axes[0].lines if line.get_label() == "sources")
    assert found.origins.tolist() == [0, 4]
    assert [len(np.asarray(line.get_xdata())) for line in (mine, others)] == [1, 1]
    assert to_hex(str(others.get_markerfacecolor())) == "#ffffff"
    told = texts(sheet)
    assert "source at work" in told
    assert "source held by others" in told


def test_places_asked_for_are_named_in_the_title_three_at_most() -> None:
    asked: dict[str, Any] = {"commodity": None, "actor": None}
    sheet, _ = drawn(land(), origins=(0, 3), **asked)
    assert sheet.title.endswith("no way to A, D")
    assert "place asked for" in texts(sheet)
    many, _ = drawn(land(), origins=(0, 1, 2, 3, 4), **asked)
    assert many.title.endswith("A, B, C and 2 more")
    assert "held by others" not in texts(many)
    assert {"A", "D"} <= set(texts(sheet))


def test_a_network_by_itself_has_no_date_in_its_subtitle() -> None:
    case = whole(land().network)
    found = isochrones(case, case.epochs[0], origins=(0,), actor=0)
    assert "Free-flow lorry hours with every road open" in texts(plot_isochrones(survey(case), found))


def test_the_table_has_the_numbers_of_every_zone(tmp_path: Path) -> None:
    case = land(shut="c-d")
    sheet, found = drawn(case, 6.0)
    sheet.write_as(tmp_path / "map.svg")
    rows = table(tmp_path / "map.csv")
    for place, name in enumerate("abcdefg"):
        hours = found.hours[place] if found.asked[place] else np.inf
        assert rows[name]["hours"] == ("" if np.isinf(hours) else f"{hours:g}")
        assert float(rows[name]["population_persons"]) == found.persons[place]
        assert rows[name]["asked"] == str(int(found.asked[place]))
        assert rows[name]["cut_off"] == str(int(found.cut_off[place]))
        assert rows[name]["never_connected"] == str(int(found.never[place]))
    assert [rows[name]["holder"] for name in "aef"] == ["red", "blue", "contested"]
    assert [rows[name]["source"] for name in "abe"] == ["1", "0", "1"]
    assert sheet.alt.startswith(sheet.title)
    assert "no way open: 400,000 people" in sheet.alt


def test_shown_places_have_their_hours_beside_them_or_that_there_is_no_way() -> None:
    case = land(shut="c-d")
    found = isochrones(case, case.epoch_at(6.0), commodity=0, actor=0)
    run = survey(case)
    run.attrs["show_places"] = "b; d; e"
    told = texts(plot_isochrones(run, found, hour=6.0))
    assert "2.0 h" in told
    assert "no way" in told
    assert told.count("no way") == 1


def test_zones_too_small_to_see_are_enlarged() -> None:
    nodes = {"a": node(36, 34, 5e5, holder="red"), "b": node(37, 35, 5e5, holder="red")}
    close = {name: node(36.5 + east, 34.5, 1e4, holder=by) for name, east, by in
             (("w", -0.01, "blue"), ("m", 0.0, "red"), ("e", 0.01, "blue"))}  # fmt: skip
    roads = [road("a", "w", 60), road("w", "m", 1), road("m", "e", 1), road("e", "b", 60), road("a", "b", 150)]
    case = with_sources(bound(network(nodes | close, roads)), Source(id="s", node=0, commodity=0, rate=1.0))
    sheet, found = drawn(case)
    assert found.cut_off.tolist() == [False, False, False, True, False]
    (part,) = [axes for axes in sheet.figure.axes if axes.get_gid() == CUTOUT]
    assert any("no way open" in str(one.get_label()) for one in part.collections)
    assert not [axes for axes in drawn(land())[0].figure.axes if axes.get_gid() == CUTOUT]


@pytest.mark.parametrize("name", STYLES)
def test_every_size_and_language_keeps_to_its_page(name: str) -> None:
    sheet, _ = drawn(land(shut="c-d"), 6.0, style=STYLES[name])
    width, height = sheet.figure.get_size_inches() * 25.4
    assert width == pytest.approx({"column": 85, "slide": 254}.get(name, 180))
    assert height <= {"column": 300, "slide": 142.9}.get(name, 250)
    assert min(float(text.get_fontsize()) for text in sheet.figure.findobj(Text) if text.get_text()) >= 6.0
    assert ("طريق" in sheet.title) == (name == "arabic")
    if name == "grey":
        faces = [to_rgb(np.atleast_2d(zone.get_facecolor())[0]) for zone in zones(sheet).values()]
        assert all(len(set(face)) == 1 for face in faces)
