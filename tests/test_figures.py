"""Whole figures: what their artists and the tables beside them say."""

import csv
import hashlib
import io
import re
from collections.abc import Callable, Mapping
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import Collection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle, StepPatch
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from PIL import Image

from corridor.figures import (
    FIGURES,
    Sheet,
    Style,
    draw,
    plot_area_supply,
    plot_connectivity,
    plot_days_of_supply,
    plot_ledger,
    plot_network,
    plot_supply_curves,
    plot_territory,
)
from corridor.figures.cutout import CUTOUT
from corridor.figures.mapped import MapData
from corridor.figures.style import shades
from tests.figures_run import ACTORS, homs_run, packaged_tables, row_world

SVG = "{http://www.w3.org/2000/svg}"
PLOTS: dict[str, Callable[..., Sheet]] = {
    "territory": plot_territory,
    "connectivity": plot_connectivity,
    "area_supply": plot_area_supply,
    "days_of_supply_diesel": lambda run, style: plot_days_of_supply(run, commodity="diesel", style=style),
    "supply_curves": plot_supply_curves,
    "ledger_diesel": plot_ledger,
    "network": plot_network,
}
STYLES = {
    "page": Style(),
    "column": Style(size="column"),
    "slide": Style(size="slide"),
    "grey": Style(grey=True),
    "arabic": Style(language="ar"),
}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("figures") / "new"
    draw(homs_run(), folder)
    return folder


@pytest.fixture(scope="module")
def sheets() -> Mapping[tuple[str, str], Sheet]:
    run = homs_run()
    return {(name, style): plot(run, style=STYLES[style]) for name, plot in PLOTS.items() for style in STYLES}


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def shown_texts(figure: Figure) -> list[Text]:
    return [text for text in figure.findobj(Text) if isinstance(text, Text) and text.get_text() and text.get_visible()]


def first_face(zone: Collection) -> tuple[float, ...]:
    return tuple(np.atleast_2d(np.asarray(zone.get_facecolor(), dtype=float))[0, :3].tolist())


def map_axes(sheet: Sheet) -> list[Axes]:
    return [axes for axes in sheet.figure.axes if len(axes.collections) > 5 and axes.get_gid() != CUTOUT]


def test_every_figure_comes_as_png_svg_and_table(drawn: Path) -> None:
    names = {path.name for path in drawn.iterdir()}
    for name in PLOTS:
        assert {f"{name}.png", f"{name}.svg", f"{name}.csv"} <= names
    assert {"territory_front_links.csv", "network_nodes.csv"} <= names
    names = {
        "territory",
        "connectivity",
        "survival",
        "area_supply",
        "days_of_supply",
        "supply_curves",
        "ledger",
        "network",
    }
    assert set(FIGURES) == names


def test_only_the_figures_asked_for_are_drawn(tmp_path: Path) -> None:
    written = draw(homs_run(), tmp_path / "some", names=["connectivity"], language="ar", grey=True, size="column")
    assert [path.name for path in written] == ["connectivity.png", "connectivity.svg", "connectivity.csv"]
    assert sorted(written) == sorted((tmp_path / "some").iterdir())


def test_the_same_run_gives_the_same_bytes(drawn: Path, tmp_path: Path) -> None:
    again = draw(homs_run(), tmp_path, names=["territory", "connectivity"])
    for path in again:
        first, second = (hashlib.sha256((folder / path.name).read_bytes()).hexdigest() for folder in (drawn, tmp_path))
        assert first == second, path.name


def test_a_figure_is_as_wide_as_the_page_it_is_for(sheets: Mapping[tuple[str, str], Sheet], drawn: Path) -> None:
    for (name, style), sheet in sheets.items():
        width, height = sheet.figure.get_size_inches() * 25.4
        assert width == pytest.approx({"column": 85, "slide": 254}.get(style, 180)), name
        assert height <= {"column": 300, "slide": 142.9}.get(style, 250), (name, style)
    with Image.open(drawn / "network.png") as image:
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
        assert image.width == round(180 / 25.4 * 300) - 1 or image.width == round(180 / 25.4 * 300)
        assert "Software" not in image.info
        assert image.info["Description"]


def test_no_text_is_smaller_than_six_points_and_no_line_thinner_than_four_tenths(
    sheets: Mapping[tuple[str, str], Sheet],
) -> None:
    for sheet in sheets.values():
        assert min(float(text.get_fontsize()) for text in shown_texts(sheet.figure)) >= 6.0
        widths = [
            line.get_linewidth()
            for line in sheet.figure.findobj(Line2D)
            if isinstance(line, Line2D) and line.get_linestyle() != "None"
        ]
        for found in sheet.figure.findobj(Collection):
            assert isinstance(found, Collection)
            widths += list(np.atleast_1d(found.get_linewidth()))
        assert min(width for width in widths if width) >= 0.4


@pytest.fixture(scope="module")
def text_boxes(sheets: Mapping[tuple[str, str], Sheet]) -> Mapping[tuple[str, str], list[tuple[str, Bbox]]]:
    found = {}
    for key, sheet in sheets.items():
        with sheet.style.context():
            sheet.figure.set_dpi(300)
            sheet.figure.draw_without_rendering()
            found[key] = [(text.get_text(), text.get_window_extent()) for text in shown_texts(sheet.figure)]
    return found


def test_no_text_leaves_the_page(
    sheets: Mapping[tuple[str, str], Sheet], text_boxes: Mapping[tuple[str, str], list[tuple[str, Bbox]]]
) -> None:
    for key, boxes in text_boxes.items():
        page = sheets[key].figure.bbox
        for text, box in boxes:
            assert min(box.x0, box.y0) >= 0, (key, text)
            assert box.x1 <= page.x1, (key, text)
            assert box.y1 <= page.y1, (key, text)


def test_no_two_texts_of_a_figure_overlap(text_boxes: Mapping[tuple[str, str], list[tuple[str, Bbox]]]) -> None:
    for key, boxes in text_boxes.items():
        for (first, one), (second, other) in combinations(boxes, 2):
            across = min(one.x1, other.x1) - max(one.x0, other.x0)
            up = min(one.y1, other.y1) - max(one.y0, other.y0)
            # Boxes are a little larger than the letters in them.
            assert across <= 4 or up <= 0.3 * min(one.height, other.height), (key, first, second)


def test_the_svg_says_what_it_shows_and_its_text_stays_text(drawn: Path) -> None:
    for path in drawn.glob("*.svg"):
        root = ET.fromstring(path.read_text(encoding="utf-8"))  # noqa: S314 our own file
        title, told = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
        assert title is not None
        assert told is not None
        assert title.text
        assert told.text is not None
        assert title.text in told.text
        assert told.text.endswith(".")
        assert any(
            str(text.text).startswith(("Damascus", "Homs", "Syrian government")) for text in root.iter(f"{SVG}text")
        )
        assert "date" not in path.read_text(encoding="utf-8")[:2000]


def test_a_halo_in_the_svg_is_hidden_from_who_has_it_read_aloud(drawn: Path) -> None:
    root = ET.fromstring((drawn / "territory.svg").read_text(encoding="utf-8"))  # noqa: S314 our own file
    texts = [text for text in root.iter(f"{SVG}text") if text.text == "Homs"]
    hidden = [text for text in texts if text.get("aria-hidden") == "true"]
    assert len(hidden) * 2 == len(texts) >= 12
    assert all("stroke: #ffffff" in (text.get("style") or "") for text in hidden)


def test_arabic_lines_run_from_right_to_left_in_the_svg(sheets: Mapping[tuple[str, str], Sheet]) -> None:
    svg = sheets["connectivity", "arabic"].svg()
    arabic = [text for text in re.findall(r"<text [^>]*>([^<]*)</text>", svg) if re.search("[\u0600-\u06ff]", text)]
    assert arabic
    assert all(text.startswith("\u2067") and text.endswith("\u2069") for text in arabic)


def test_arabic_figures_name_places_and_say_titles_in_arabic(sheets: Mapping[tuple[str, str], Sheet]) -> None:
    for name in PLOTS:
        words = {text.get_text() for text in shown_texts(sheets[name, "arabic"].figure)}
        known = "الحكومة السورية" if name.startswith("ledger") else "دمشق"
        assert any(known in word for word in words), name
        assert not any(word in {"Damascus", "Homs", "contested", "no road"} for word in words)
        assert re.search("[\u0600-\u06ff]", sheets[name, "arabic"].title), name


def test_grey_print_has_no_hue(sheets: Mapping[tuple[str, str], Sheet]) -> None:
    for name in PLOTS:
        with Image.open(io.BytesIO(sheets[name, "grey"].png(dpi=60))) as image:
            pixels = np.asarray(image.convert("RGB")).astype(int)
        # The ground under the maps and the ink are all but grey already.
        assert np.abs(pixels.max(axis=2) - pixels.min(axis=2)).max() <= 8, name


def test_grey_print_tells_holders_apart_by_hatch(sheets: Mapping[tuple[str, str], Sheet]) -> None:
    hatches = {}
    for axes in map_axes(sheets["territory", "grey"]):
        for zone in axes.collections:
            label = str(zone.get_label())
            if label.split(maxsplit=1)[0] in [*ACTORS, "contested"]:
                hatches[label.split(maxsplit=1)[0]] = zone.get_hatch()
    assert len(hatches) >= 6
    assert len(set(hatches.values())) == len(hatches)


def test_zones_are_coloured_by_their_holder_and_the_rank_of_their_pocket(
    sheets: Mapping[tuple[str, str], Sheet],
) -> None:
    seen = set()
    for axes in map_axes(sheets["territory", "page"]):
        for zone in axes.collections:
            holder, _, rank = str(zone.get_label()).partition(" ")
            if holder in ACTORS and rank:
                colour = shades(ACTORS[holder][2], Style())[int(rank) - 1]
                assert first_face(zone) == pytest.approx(to_rgb(colour))
                seen.add(holder)
            if holder == "contested":
                assert first_face(zone) == (1, 1, 1)
                assert zone.get_hatch()
    assert {"regime", "hts", "sdf", "sna", "sor", "sfa"} <= seen


def test_the_maps_table_has_every_place_at_every_instant_with_its_holder(drawn: Path) -> None:
    run = homs_run()
    rows = table(drawn / "territory.csv")
    instants = run.attrs["show_maps"].split(";")
    lived_in = run["population"].values[run["place_node"].values] > 0
    assert len(rows) == len(instants) * lived_in.sum()
    position = {node: number for number, node in enumerate(run["node_id"].values.tolist())}
    for row in rows:
        hour = (np.datetime64(row["instant"][:19]) - np.datetime64(run.attrs["start"][:19])) / np.timedelta64(1, "h")
        epoch = int(np.flatnonzero(run["epoch_start"].values <= hour)[-1])
        held = int(run["holder"].values[epoch, position[row["node_id"]]])
        assert row["holder"] == (list(ACTORS)[held] if held >= 0 else "contested")
        assert float(row["zone_area_km2"]) > 0
    total = sum(float(row["zone_area_km2"]) for row in rows) / len(instants)
    assert total == pytest.approx(186_000, rel=0.02)  # Syria with the area it has in the base map


def test_the_pockets_of_the_split_are_named_with_their_people(
    sheets: Mapping[tuple[str, str], Sheet], drawn: Path
) -> None:
    at_two = [row for row in table(drawn / "territory.csv") if row["instant"].startswith("2024-12-08T02:00")]
    mine = {
        row["pocket_name"]: row for row in at_two if row["holder"] == "regime" and row["pocket_is_substantial"] == "1"
    }
    assert set(mine) == {"Damascus", "Latakia"}
    axes = map_axes(sheets["territory", "page"])[4]
    words = [text.get_text() for text in axes.texts]
    assert {"Damascus", "3.6\u00a0m people", "Latakia", "2.9\u00a0m people"} <= set(words)


def test_homs_and_the_places_that_the_run_shows_are_named_on_every_map(
    sheets: Mapping[tuple[str, str], Sheet],
) -> None:
    for style in ("page", "column", "slide"):
        for axes in map_axes(sheets["territory", style]):
            assert {"Homs", "Damascus", "Hama", "Aleppo", "Latakia", "Tartus"} <= {
                text.get_text() for text in axes.texts
            }


def test_homs_stands_next_to_its_dot_on_every_map(sheets: Mapping[tuple[str, str], Sheet]) -> None:
    run = homs_run()
    homs, at = run["node_id"].values.tolist().index("homs"), MapData(run, Style())
    for style in STYLES:
        sheet = sheets["territory", style]
        with sheet.style.context():
            sheet.figure.set_dpi(300)
            sheet.figure.draw_without_rendering()
            for axes in map_axes(sheet):
                (name,) = (text for text in axes.texts if text.get_gid() == f"name-{homs}")
                box = name.get_window_extent()
                x, y = axes.transData.transform((at.x[homs], at.y[homs]))
                away = np.hypot(max(box.x0 - x, x - box.x1, 0), max(box.y0 - y, y - box.y1, 0))
                assert away / 300 * 25.4 < 1.5, style


def test_numbers_of_roads_and_names_of_places_leave_each_others_dots_free(
    sheets: Mapping[tuple[str, str], Sheet],
) -> None:
    for name, style in (("territory", "page"), ("territory", "column"), ("territory", "arabic"), ("network", "page")):
        for axes in map_axes(sheets[name, style]):
            plates = [text for text in axes.texts if re.fullmatch(r"M\d+", text.get_text())]
            assert plates
            (dots,) = (line for line in axes.lines if line.get_marker() == "o" and line.get_zorder() == 6.5)
            places = axes.transData.transform(np.asarray(dots.get_xydata()))
            for text in plates:
                box = text.get_window_extent()
                assert not any(box.contains(x, y) for x, y in places), (name, style, text.get_text())


def test_homs_is_enlarged_round_the_split_with_the_ring_open_before_it_and_not_after(
    sheets: Mapping[tuple[str, str], Sheet],
) -> None:
    run = homs_run()
    ids = run["node_id"].values.tolist()
    at = MapData(run, Style())
    ring = {(float(at.x[ids.index(node)]), float(at.y[ids.index(node)])) for node in ("jn_homs_w", "jn_qattinah")}
    for style in ("page", "column", "slide", "arabic"):
        parts = [axes for axes in sheets["territory", style].figure.axes if axes.get_gid() == CUTOUT]
        found = []
        for axes in parts:
            (open_roads,) = (lines for lines in axes.collections if lines.get_label() == "open")
            ends = [{(x, y) for x, y in np.asarray(path.vertices).tolist()} for path in open_roads.get_paths()]
            found.append(ring in ends)
        assert found == [True, False], style
    assert not [axes for axes in plot_territory(row_world()).figure.axes if axes.get_gid() == CUTOUT]


def test_no_number_of_a_road_stands_on_homs_or_its_ring(sheets: Mapping[tuple[str, str], Sheet]) -> None:
    run = homs_run()
    homs, at = run["node_id"].values.tolist().index("homs"), MapData(run, Style())
    for axes in map_axes(sheets["territory", "page"]):
        x, y = axes.transData.transform((at.x[homs], at.y[homs]))
        for text in axes.texts:
            if re.fullmatch(r"M\d+", text.get_text()):
                box = text.get_window_extent()
                away = max(box.x0 - x, x - box.x1, box.y0 - y, y - box.y1)
                assert away / sheets["territory", "page"].figure.dpi * 25.4 > 2.0


def test_m5_and_m1_are_named_on_every_map(sheets: Mapping[tuple[str, str], Sheet]) -> None:
    for (name, style), sheet in sheets.items():
        for axes in map_axes(sheet) if name in {"territory", "network"} else []:
            assert {"M5", "M1"} <= {text.get_text() for text in axes.texts}, (name, style)


def test_a_landmark_of_the_base_map_is_named_though_few_people_live_there(
    sheets: Mapping[tuple[str, str], Sheet],
) -> None:
    for axes in map_axes(sheets["territory", "page"]):
        assert "Palmyra" in {text.get_text() for text in axes.texts}


def test_a_slide_shows_the_maps_round_the_split_and_the_ends(sheets: Mapping[tuple[str, str], Sheet]) -> None:
    headings = {text.get_text() for text in sheets["territory", "slide"].figure.texts}
    assert {f"{day} 2024, {hour}" for day, hour in (("26 November", "00:00"), ("7 December", "22:00"))} <= headings
    assert {"8 December 2024, 02:00", "8 December 2024, 18:00"} <= headings
    assert len(map_axes(sheets["territory", "slide"])) == 4


def test_roads_closed_within_one_territory_are_crossed_out(sheets: Mapping[tuple[str, str], Sheet]) -> None:
    marked = [line for axes in map_axes(sheets["territory", "page"]) for line in axes.lines]
    assert sum(np.asarray(line.get_xdata()).size for line in marked if line.get_label() == "closed") > 0
    assert "road closed" in {text.get_text() for text in shown_texts(sheets["territory", "page"].figure)}
    assert "road closed" not in {text.get_text() for text in shown_texts(plot_territory(row_world()).figure)}


def test_the_ways_between_anchors_share_one_scale_of_hours(sheets: Mapping[tuple[str, str], Sheet]) -> None:
    figure = sheets["connectivity", "page"].figure
    (scale,) = {axes.get_ylim() for axes in figure.axes[2 : 2 + homs_run().sizes["pair"]]}
    assert f"Truck hours, on one scale: 0 to {scale[1]:.0f} hours" in {text.get_text() for text in figure.texts}


def test_maps_share_extent_and_scale(sheets: Mapping[tuple[str, str], Sheet]) -> None:
    maps = map_axes(sheets["territory", "page"])
    assert len(maps) == 6
    assert len({(axes.get_xlim(), axes.get_ylim()) for axes in maps}) == 1
    for axes in maps:
        box = axes.get_window_extent()
        assert np.ptp(axes.get_xlim()) / box.width == pytest.approx(np.ptp(axes.get_ylim()) / box.height, rel=1e-6)
    assert [text.get_text() for axes in maps for text in axes.texts if text.get_text().endswith(" km")] == ["100 km"]
    assert {"M5", "M1"} <= {text.get_text() for text in maps[0].texts}


def test_front_links_join_places_of_different_holders(drawn: Path) -> None:
    rows = table(drawn / "territory_front_links.csv")
    assert rows
    assert {row["cut"] for row in rows} == {"front", "closed"}
    assert all((row["tail_holder"] != row["head_holder"]) == (row["cut"] == "front") for row in rows)
    assert all(0 <= float(row["border_share"]) <= 1 for row in rows)


def test_titles_say_the_split_only_when_there_is_one(sheets: Mapping[tuple[str, str], Sheet]) -> None:
    split = sheets["territory", "page"].title
    assert split == "Territory held by the Syrian government splits into two on 8 December 2024, 01:30"
    joined = sheets["connectivity", "page"].title
    assert joined.startswith("From 8 December 2024, 01:30 no road joins Damascus to ")
    calm = plot_territory(row_world())
    assert calm.title == "Territory held by the Syrian government stays in one piece"
    assert plot_connectivity(row_world()).title == "What holds the territory of the Syrian government together"
    falling = row_world(lost=True)
    assert plot_territory(falling).title == "Who holds what in A row of towns"


def test_the_connectivity_table_has_the_datasets_numbers(drawn: Path) -> None:
    run = homs_run()
    rows = table(drawn / "connectivity.csv")
    assert [int(row["substantial_pockets"]) for row in rows] == run["substantial_pockets"].values[:, 0].tolist()
    number = run["pair_to"].values.tolist().index("tartus")
    name = f"{run['pair_from'].values[number]}_to_tartus_hours"
    hours = [float(row[name]) if row[name] else np.nan for row in rows]
    assert hours == pytest.approx(run["pair_hours"].values[:, 0, number].tolist(), nan_ok=True)


def test_the_pairs_out_of_reach_are_gaps(sheets: Mapping[tuple[str, str], Sheet]) -> None:
    figure = sheets["connectivity", "page"].figure
    run = homs_run()
    strips = figure.axes[2 : 2 + run.sizes["pair"]]
    for number, axes in enumerate(strips):
        (steps,) = (patch for patch in axes.patches if isinstance(patch, StepPatch))
        drawn_hours = steps.get_data()[0]
        assert drawn_hours == pytest.approx(run["pair_hours"].values[:, 0, number], nan_ok=True)
        ends = [np.flatnonzero(run["node_id"] == run[name].values[number]) for name in ("pair_from", "pair_to")]
        both = (run["holder"].values[:, np.concatenate(ends)] == 0).all(axis=1)
        gone = np.isnan(drawn_hours)
        kinds = [patch.get_label() for patch in axes.patches if patch is not steps]
        assert ("no_road" in kinds) == bool((gone & both).any())
        assert ("not_held" in kinds) == bool((gone & ~both).any())


def test_without_a_substantial_pocket_no_share_of_people_is_drawn() -> None:
    run = row_world(lost=True)
    assert run["substantial_pockets"].values[-1, 0] == 0
    run["largest_share"][-1, 0] = 1.0
    share = plot_connectivity(run).tables[""]["largest_pocket_share"]
    assert np.isnan(share[-1])
    assert share[0] == run["largest_share"].values[0, 0]


def test_days_of_supply_in_the_table_are_stock_over_demand_in_the_order_of_failure(drawn: Path) -> None:
    run = homs_run()
    rows = table(drawn / "days_of_supply_diesel.csv")
    assert len(rows) == 40
    held = [row["id"] for row in packaged_tables().nodes if row["control_2024_11_26"] == "regime"]
    assert {row["node_id"] for row in rows} <= set(held)
    out = [row["runs_out"] or "9999" for row in rows]
    assert out == sorted(out)
    places = run["place"].values.tolist()
    for row in rows:
        column = places.index(row["node_id"])
        days = run["stock"].values[:, column, 1] / run["demand"].values[:, column, 1]
        values = [float(value) for key, value in row.items() if key.endswith("_days")]
        assert values == pytest.approx(days.tolist(), rel=1e-9, abs=1e-12)


def test_a_place_without_stock_is_white_and_struck_through(sheets: Mapping[tuple[str, str], Sheet]) -> None:
    axes = sheets["days_of_supply_diesel", "page"].figure.axes[0]
    (image,) = axes.images
    colours = np.asarray(image.get_array())
    struck = next(lines for lines in axes.collections if lines.get_label() == "stockouts")
    hour = int(np.asarray(struck.get_paths()[0].vertices, dtype=float)[0, 0]) + 1
    assert colours[0, hour][:3].tolist() == [1, 1, 1]
    assert colours[0, 0][:3].tolist() != [1, 1, 1]
    changes = [lines for lines in axes.collections if lines.get_label() == "changes"]
    assert len(changes) == 2
    assert len(changes[0].get_paths()) > 20


def test_curves_show_the_stock_the_gaps_and_the_change_of_hands(sheets: Mapping[tuple[str, str], Sheet]) -> None:
    run = homs_run()
    figure = sheets["supply_curves", "page"].figure
    panels = figure.axes[: 6 * 4]
    column = run["place"].values.tolist().index("aleppo")
    panel = panels[3]  # gasoline, Aleppo
    days = run["stock"].values[:, column, 0] / run["demand"].values[:, column, 0]
    assert panel.lines[0].get_ydata() == pytest.approx(days)
    gone = (days <= 1e-6).sum()
    assert sum(patch.get_width() for patch in panel.patches if isinstance(patch, Rectangle)) == pytest.approx(
        gone, abs=1
    )
    marked = [line for line in panel.lines if line.get_marker() == "v"]
    assert len(marked) == 2


def test_the_curves_table_says_who_holds_and_when_none_is_left(drawn: Path) -> None:
    rows = [
        row for row in table(drawn / "supply_curves.csv") if row["node_id"] == "aleppo" and row["commodity"] == "diesel"
    ]
    assert {row["holder"] for row in rows} == {"regime", "contested", "hts"}
    assert {row["none_left"] for row in rows} == {"0", "1"}
    assert all(float(row["supply_days"]) < 1e-6 for row in rows if row["none_left"] == "1")


def test_the_network_table_has_every_road_once_with_its_class(drawn: Path) -> None:
    tables = packaged_tables()
    rows = table(drawn / "network.csv")
    roads = [row for row in rows if row["drawn_as"].startswith("road_")]
    assert len(roads) == len({frozenset((row["tail"], row["head"])) for row in tables.roads})
    motorways = {row["link_id"] for row in roads if row["drawn_as"] == "road_motorway"}
    assert motorways <= {row["id"] for row in tables.roads if row["road_class"] == "motorway"}
    assert len(table(drawn / "network_nodes.csv")) == len(tables.nodes)


def test_a_figure_can_be_drawn_into_ones_own(tmp_path: Path) -> None:
    own = Figure()
    sheet = plot_connectivity(homs_run(), figure=own)
    assert sheet.figure is own
    png = sheet._repr_png_()
    with Image.open(io.BytesIO(png)) as image:
        assert image.format == "PNG"
    assert [path.suffix for path in sheet.write(tmp_path)] == [".png", ".svg", ".csv"]


def test_drawing_leaves_matplotlibs_settings_as_they_were() -> None:
    before = dict(mpl.rcParams)
    plot_network(homs_run()).svg()
    assert dict(mpl.rcParams) == before


def test_another_network_is_drawn_without_a_base_map_and_with_all_its_places(tmp_path: Path) -> None:
    run = row_world()
    draw(run, tmp_path)
    rows = table(tmp_path / "territory.csv")
    assert {row["node_id"] for row in rows} == {"a", "b", "c", "d"}
    assert len({row["instant"] for row in rows}) == 2  # no maps asked for: the start and the end
    curves = table(tmp_path / "supply_curves.csv")
    assert {row["node_id"] for row in curves} == {"a", "b", "c", "d"}


def test_a_run_without_show_actor_is_about_the_actor_with_most_people() -> None:
    run = row_world()
    del run.attrs["show_actor"]
    assert "Syrian government" in plot_territory(run).title
