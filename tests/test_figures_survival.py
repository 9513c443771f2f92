"""The survival curves: their steps, what is told beside them, and their numbers."""

import csv
from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.text import Text

from corridor.case import Case, Source
from corridor.ensemble import survey
from corridor.figures import FIGURES, Sheet, Style, plot_survival
from corridor.figures.reading import Reading
from corridor.figures.survival import followed
from corridor.metrics import isolation, survival
from tests.builders import network, node, road
from tests.cases import bound, closes, takes, with_sources
from tests.figures_run import row_world

STYLES = {
    "page": Style(),
    "column": Style(size="column"),
    "slide": Style(size="slide"),
    "grey": Style(grey=True),
    "arabic": Style(language="ar"),
}


def land(holders: str = "rrrbb", *, again: float = 30.0, shut: str = "b-c") -> Case:
    """Return a — b — c — d — e of 1000 to 5000 people, an hour each, sources in a and e, a road shut for a while."""
    names = {"r": "red", "b": "blue", "-": "none"}
    nodes = {
        name: node(36 + place / 10, 34, 1000 * (place + 1), holder=names[holder], name=name.upper())
        for place, (name, holder) in enumerate(zip("abcde", holders, strict=True))
    }
    roads = [road(one, other, 50) for one, other in zip("abcd", "bcde", strict=True)]
    events = [closes(10, shut), closes(again, shut, 1.0)]
    case = bound(network(nodes, roads), events)
    return with_sources(case, *(Source(id=f"s{place}", node=place, commodity=0, rate=1.0) for place in (0, 4)))


def panels(sheet: Sheet) -> list[Axes]:
    return [axes for axes in sheet.figure.axes if any(line.get_drawstyle() == "steps-post" for line in axes.lines)]


def curve(axes: Axes, label: str) -> dict[float, float]:
    (line,) = [line for line in axes.lines if line.get_label() == label]
    return dict(zip(np.asarray(line.get_xdata()).tolist(), np.asarray(line.get_ydata()).tolist(), strict=True))


def texts(sheet: Sheet) -> list[str]:
    return [text.get_text() for text in sheet.figure.findobj(Text) if isinstance(text, Text) and text.get_text()]


def test_curves_fall_when_people_lose_their_way_and_go_on_to_the_end() -> None:
    case = land()
    sheet = plot_survival(survey(case))
    (panel,) = panels(sheet)
    assert curve(panel, "red") == pytest.approx({0: 1, 10: 0.5, 48: 0.5})
    assert sheet.title.startswith("50 % of those under the Red with a way to fuel on 1 January 2024 lost it at some")
    assert "50 %" in [text.get_text() for text in panel.texts]


def test_the_share_with_a_way_at_each_time_is_drawn_where_it_is_another() -> None:
    case = land()
    sheet = plot_survival(survey(case), survival(case))
    assert curve(panels(sheet)[0], "red now") == pytest.approx({0: 1, 10: 0.5, 30: 1, 48: 1})
    assert sheet.title.endswith("lost it; 100 % have one at the end")
    assert "has a way at the time, again or still" in texts(sheet)
    lasting = land(again=99.0)
    same = plot_survival(survey(lasting), survival(lasting))
    assert [line.get_label() for line in panels(same)[0].lines if "now" in str(line.get_label())] == []
    assert "has a way at the time, again or still" not in texts(same)


def test_actors_of_whose_people_none_lose_their_way_are_told_in_the_note() -> None:
    sheet = plot_survival(survey(land()))
    (panel,) = panels(sheet)
    assert not any(line.get_label() == "blue" for line in panel.lines)
    assert any("All keep their way throughout: Blue." in text for text in texts(sheet))
    both = plot_survival(survey(land(shut="d-e")))
    assert curve(panels(both)[0], "blue") == pytest.approx({0: 1, 10: 5 / 9, 48: 5 / 9})
    assert curve(panels(both)[0], "red") == {0: 1, 48: 1}
    assert not any("All keep" in text for text in texts(both))


def test_people_without_a_way_at_the_start_are_told_apart() -> None:
    case = land("rrrrb", shut="a-b")
    sheet = plot_survival(survey(with_sources(case, Source(id="s", node=4, commodity=0, rate=1.0))))
    assert "no way at the start: 10,000 people" in texts(sheet)
    assert sheet.title == "From the start 10,000 people under the Red have no way to fuel; nobody else loses it"
    assert [line.get_label() for line in sheet.figure.axes[0].lines if line.get_label() == "red"] == []


def test_titles_say_what_there_is_to_say_where_nobody_loses_a_way() -> None:
    calm = land(again=10.0)
    assert plot_survival(survey(calm)).title == (
        "Nobody under the Red on 1 January 2024 loses the way to a source of what is asked for"
    )
    apart = land("r-rbb", again=10.0)
    assert plot_survival(survey(apart)).title == (
        "From the start 3,000 people under the Red have no way to fuel; nobody else loses it"
    )
    contested = land("-----")
    assert plot_survival(survey(contested)).title == "Nobody has a way to a source at the start"


def test_changes_of_hands_are_marked_by_name() -> None:
    nodes = {name: node(36 + n / 10, 34, 1000, holder="red", name=name.upper()) for n, name in enumerate("abc")}
    case = bound(network(nodes, [road("a", "b"), road("b", "c")]), [takes(20, "blue", "b")])
    case = with_sources(case, Source(id="s", node=0, commodity=0, rate=1.0))
    run = survey(case)
    run.attrs["show_places"] = "b"
    sheet = plot_survival(run)
    (panel,) = panels(sheet)
    assert any(np.all(np.asarray(line.get_xdata()) == 20) for line in panel.lines)
    assert "B" in texts(sheet)


def test_tables_have_every_step_and_every_share(tmp_path: Path) -> None:
    case = land()
    plot_survival(survey(case), survival(case)).write(tmp_path)
    with (tmp_path / "survival.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["held_at_start_by"] == "red"]
    assert [row["instant"] for row in rows] == ["2024-01-01T00:00:00+03:00", "2024-01-01T10:00:00+03:00"]
    assert [float(row["had_way_until_then_persons"]) for row in rows] == [6000, 6000]
    assert [float(row["lost_it_then_persons"]) for row in rows] == [0, 3000]
    assert [float(row["share_kept_it"]) for row in rows] == [1, 0.5]
    assert {row["without_way_at_start_persons"] for row in rows} == {"0"}
    with (tmp_path / "survival_now.csv").open(encoding="utf-8-sig", newline="") as file:
        shares = [float(row["share_with_a_way"]) for row in csv.DictReader(file) if row["held_at_start_by"] == "red"]
    assert shares == [1, 0.5, 1]


def test_a_run_draws_what_its_times_to_isolation_say() -> None:
    case = land(shut="d-e")
    run = survey(case)
    np.testing.assert_array_equal(run["isolated"].values, isolation(case))
    (sheet,) = FIGURES["survival"](run, Style())
    assert (sheet.name, list(sheet.tables)) == ("survival", [""])
    groups = followed(Reading(run, Style()))
    (red, blue) = groups
    assert (red.actor, blue.actor, blue.persons) == (0, 1, 9000)


def test_without_times_to_isolation_there_is_no_such_figure() -> None:
    assert FIGURES["survival"](row_world(), Style()) == []
    nobody_asks = bound(network({"a": node(36, 34, 5, holder="red"), "b": node(36, 34, 5)}, [road("a", "b")]))
    assert FIGURES["survival"](survey(nobody_asks), Style()) == []


@pytest.mark.parametrize("name", STYLES)
def test_every_size_and_language_keeps_to_its_page(name: str) -> None:
    case = land(shut="d-e")
    sheet = plot_survival(survey(case), survival(case), style=STYLES[name])
    width, height = sheet.figure.get_size_inches() * 25.4
    assert width == pytest.approx({"column": 85, "slide": 254}.get(name, 180))
    assert height <= {"column": 300, "slide": 142.9}.get(name, 250)
    assert min(float(text.get_fontsize()) for text in sheet.figure.findobj(Text) if text.get_text()) >= 6.0
    assert sheet.alt.startswith(sheet.title)
    if name == "grey":
        markers = {line.get_marker() for line in panels(sheet)[0].lines if line.get_label() in {"red", "blue"}}
        assert len(markers) == 2
