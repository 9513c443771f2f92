"""The figure of whole supply areas, and the options of the command line for figures."""

import csv
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from corridor.cli.commands import commands
from corridor.figures import Style, draw, plot_area_supply
from corridor.figures.areas import _apart, supply_areas
from corridor.figures.geography import read_focus
from corridor.figures.mapped import BASEMAP
from corridor.figures.reading import Reading
from tests.test_figures_run import homs_run, row_world


def damascus_days(run: xr.Dataset, commodity: int) -> np.ndarray:
    inside = np.isin(run["place_node"].values, np.flatnonzero(run["area"].values == "damascus_area"))
    days: np.ndarray = (run["stock"].values[:, inside, commodity].sum(axis=1)) / run["demand"].values[
        :, inside, commodity
    ].sum(axis=1)
    return days


def test_areas_are_those_of_the_places_shown_the_most_populous_first() -> None:
    areas = supply_areas(Reading(homs_run(), Style()))
    assert areas[0].name == "Damascus"
    assert {area.name for area in areas} == {"Damascus", "Homs", "Hama", "Aleppo", "Latakia"}
    assert [area.population for area in areas] == sorted((area.population for area in areas), reverse=True)


def test_the_line_in_front_is_stock_over_demand_of_all_places_of_the_area() -> None:
    run = homs_run()
    sheet = plot_area_supply(run)
    for commodity, axes in enumerate(sheet.figure.axes):
        front = max(axes.lines, key=lambda line: line.get_linewidth())
        assert front.get_ydata() == pytest.approx(damascus_days(run, commodity))
        assert max(damascus_days(run, commodity)) < axes.get_ylim()[1]


def test_every_area_is_named_once_in_each_panel_beside_its_end_or_as_beyond_the_scale() -> None:
    sheet = plot_area_supply(homs_run())
    above = [text.get_text() for text in sheet.figure.texts if text.get_text().startswith("above: ")]
    assert above
    ends = [text.get_text() for axes in sheet.figure.axes for text in axes.texts]
    for name in ("Damascus", "Homs", "Hama", "Aleppo", "Latakia"):
        named = sum(text.startswith(name) for text in ends) + sum(name in text for text in above)
        assert named == len(sheet.figure.axes), name


def test_the_split_is_marked_in_every_panel_and_no_curve_runs_through_its_name() -> None:
    run = homs_run()
    reading = Reading(run, Style())
    split = reading.split_hour(reading.show_actor())
    sheet = plot_area_supply(run)
    sheet.figure.draw_without_rendering()
    for axes in sheet.figure.axes:
        assert any(np.all(np.asarray(line.get_xdata()) == split) for line in axes.lines)
        for text in axes.texts:
            if text.get_text().startswith("split"):
                box = text.get_window_extent()
                for line in axes.lines[:5]:
                    x, y = axes.transData.transform(np.asarray(line.get_xydata())).T
                    assert not np.any((box.x0 <= x) & (x <= box.x1) & (box.y0 <= y) & (y <= box.y1))


def test_the_title_says_what_falls_after_the_split_and_only_that() -> None:
    run = homs_run()
    reading = Reading(run, Style())
    split = reading.split_hour(reading.show_actor())
    assert split is not None
    title = plot_area_supply(run).title
    for number, name in enumerate(("gasoline", "diesel", "flour", "medicine")):
        days = damascus_days(run, number)
        before, after = float(np.interp(split, run["time"].values, days)), float(days[-1])
        assert (name in title) == (after < 0.9 * before)
        assert after >= 0.9 * before or f"from {before:.1f} to {after:.1f}" in title
    kept = run.assign(stock=run["stock"] * 0 + run["stock"].isel(time=0))
    assert plot_area_supply(kept).title == "After the split no stock in the area of Damascus falls by a tenth"
    whole = run.assign(substantial_pockets=run["substantial_pockets"] * 0 + 1)
    assert plot_area_supply(whole).title == "How long stocks last in the area of Damascus and in others"


def test_the_table_has_the_tonnes_behind_the_days(tmp_path: Path) -> None:
    draw(homs_run(), tmp_path, names=["area_supply"])
    with (tmp_path / "area_supply.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["area"] == "damascus_area"]
    assert {row["named_after"] for row in rows} == {"Damascus"}
    for row in rows[::50]:
        days = float(row["stock_tonnes"]) / float(row["demand_tonnes_per_day"])
        assert float(row["supply_days"]) == pytest.approx(days)


def test_without_supply_areas_there_is_no_such_figure(tmp_path: Path) -> None:
    assert draw(row_world(), tmp_path, names=["area_supply"]) == []


@given(heights=st.lists(st.floats(0, 40), max_size=8))
def test_names_at_the_ends_of_curves_keep_a_line_between_them(heights: list[float]) -> None:
    placed = _apart([(height, number, "") for number, height in enumerate(heights)], 3.0, 40.0)
    at = [y for y, _, _ in placed]
    assert all(second - first >= 3.0 - 1e-9 for first, second in pairwise(at))
    assert all(y <= 40.0 for y in at)
    assert sorted(number for _, number, _ in placed) == list(range(len(heights)))


def test_the_base_map_says_what_the_maps_of_its_network_show_and_of_no_other() -> None:
    focus = read_focus(BASEMAP, "central_syria")
    assert focus is not None
    west, south, east, north = focus.box
    assert west < 36.72 < east
    assert south < 34.73 < north
    assert "palmyra" in focus.names
    assert read_focus(BASEMAP, "elsewhere") is None


def test_the_size_of_the_figures_is_an_option_of_the_command_line(tmp_path: Path) -> None:
    row_world().to_netcdf(tmp_path / "run.nc", engine="netcdf4")
    outcome = CliRunner().invoke(commands, ["figures", str(tmp_path), "--size", "column"], catch_exceptions=False)
    assert outcome.exit_code == 0
    with Image.open(tmp_path / "figures" / "connectivity.png") as image:
        assert image.width == pytest.approx(85 / 25.4 * 300, abs=1)
    refused = CliRunner().invoke(commands, ["figures", str(tmp_path), "--size", "poster"])
    assert refused.exit_code == 2
    assert "'column', 'page', 'slide'" in refused.output
