"""The figure of whole supply areas, and the options of the command line for figures."""

import csv
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from click.testing import CliRunner
from matplotlib.text import Text
from PIL import Image

from corridor.cli.commands import commands
from corridor.figures import Style, draw, plot_area_supply
from corridor.figures.areas import supply_areas
from corridor.figures.geography import read_focus
from corridor.figures.mapped import BASEMAP
from corridor.figures.reading import Reading
from tests.figures_run import homs_run, row_world


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


def test_the_first_row_is_stock_over_demand_of_all_places_of_the_area_on_the_scale_of_its_column() -> None:
    run = homs_run()
    sheet = plot_area_supply(run)
    for commodity in range(4):
        panels = sheet.figure.axes[5 * commodity : 5 * (commodity + 1)]
        assert panels[0].lines[0].get_ydata() == pytest.approx(damascus_days(run, commodity))
        assert max(damascus_days(run, commodity)) < panels[0].get_ylim()[1]
        assert len({axes.get_ylim() for axes in panels}) == 1


def test_every_area_has_its_row_and_says_its_days_where_it_leaves_the_scale() -> None:
    sheet = plot_area_supply(homs_run())
    named = [text.get_text() for text in sheet.figure.texts]
    assert all(named.count(name) == 1 for name in ("Damascus", "Homs", "Hama", "Aleppo", "Latakia"))
    beyond = 0
    for axes in sheet.figure.axes[:20]:
        days, end = np.asarray(axes.lines[0].get_ydata()), axes.get_ylim()[1]
        (told,) = [text.get_text() for text in axes.texts] or [""]
        assert (f"{days.max():.0f} days" in told) == bool(days.max() > end)
        assert (" to " in told.removeprefix("up to ")) == bool(days.min() > end)
        beyond += bool(told)
    assert beyond


def test_the_split_and_the_change_of_hands_of_the_largest_place_are_marked_in_every_panel() -> None:
    run = homs_run()
    reading = Reading(run, Style())
    split = reading.split_hour(reading.show_actor())
    sheet = plot_area_supply(run)
    held = run["holder"].values[:, reading.position["damascus"]]
    changed = run["epoch_start"].values[1:][held[1:] != held[:-1]].tolist()
    assert changed
    for axes in sheet.figure.axes[:20]:
        assert any(np.all(np.asarray(line.get_xdata()) == split) for line in axes.lines)
    for axes in sheet.figure.axes[0:20:5]:
        marks = [float(np.asarray(line.get_xdata())[0]) for line in axes.lines if line.get_marker() == "v"]
        assert marks == changed
    told = [text.get_text() for text in sheet.figure.findobj(Text)]
    assert any("territory splits, 8 Dec" in text for text in told)
    assert any("weakly known" in text for text in told)


def test_the_title_says_what_falls_after_the_split_and_only_that() -> None:
    run = homs_run()
    reading = Reading(run, Style())
    split = reading.split_hour(reading.show_actor())
    assert split is not None
    title = plot_area_supply(run).title
    assert title.startswith("Days of supply of the area of Damascus fall after 8 December 2024")
    for number, name in enumerate(("gasoline", "diesel", "flour", "medicine")):
        days = damascus_days(run, number)
        before, after = float(np.interp(split, run["time"].values, days)), float(days[-1])
        assert (name in title) == (after < 0.9 * before)
        assert after >= 0.9 * before or f"from {before:.1f} to {after:.1f}" in title
    kept = run.assign(stock=run["stock"] * 0 + run["stock"].isel(time=0))
    assert "no stock in the area of Damascus falls by a tenth" in plot_area_supply(kept).title
    whole = run.assign(substantial_pockets=run["substantial_pockets"] * 0 + 1)
    assert plot_area_supply(whole).title == "How long stocks last in the area of Damascus and in others"


@pytest.mark.parametrize(
    ("outcome", "late", "said"),
    [("delivered", 2.0, True), ("turned back", 2.0, False), ("delivered", 30.0, False), ("delivered", -5.0, True)],
)
def test_the_title_speaks_of_convoys_only_if_the_shipments_end_with_the_split(
    outcome: str, late: float, *, said: bool
) -> None:
    run = homs_run()
    reading = Reading(run, Style())
    split = reading.split_hour(reading.show_actor()) or 0.0
    ends = reading.position["tartus"], reading.position["damascus"]
    with_convoys = run.assign(
        shipment_mode=("shipment", np.array(["road", "road"])),
        shipment_outcome=("shipment", np.array(["delivered", outcome])),
        shipment_origin=("shipment", np.array([ends[0], ends[0] if outcome == "delivered" else ends[1]])),
        shipment_destination=("shipment", np.array([ends[1], ends[1]])),
        shipment_tonnes=("shipment", np.array([20.0, 20.0])),
        shipment_arrived=("shipment", np.array([np.nan if outcome == "turned back" else 9.0, split + late])),
    )
    title = plot_area_supply(with_convoys).title
    assert ("no convoy from the area of Latakia reaches that of Damascus" in title) == said


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
