"""Territories and fronts that are kept up to date, against shapely's unions of the same cells."""

import re
from collections.abc import Sequence

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from corridor.figures.fronts import Fronts, fronts_through_time
from corridor.figures.holdings import Holdings
from corridor.figures.mapped import MapData
from corridor.figures.mosaic import Mosaic, mosaic
from corridor.figures.outlines import Outline
from corridor.figures.reading import Reading
from corridor.figures.style import Style
from corridor.figures.territory import plot_territory
from corridor.figures.zones import Roads, Zones, zones
from corridor.network import Floats, Ints
from tests.figures_run import homs_run

ISLANDS = shapely.union_all(
    [
        shapely.Point(4, 4).buffer(4.5).difference(shapely.Point(4, 5).buffer(1.1)),
        shapely.box(9, 0.3, 9.9, 6.2),
        shapely.Point(9.3, 8.6).buffer(0.35),
    ]
)
"""Land with a coast, a lake and two islands."""


def squares(side: int) -> NDArray[np.object_]:
    """Return the fields of a board: four meet at every corner, so that territories touch in points."""
    return np.array([shapely.box(x, y, x + 1, y + 1) for y in range(side) for x in range(side)], dtype=np.object_)


def voronoi(number: int, *, seed: int, land: BaseGeometry = ISLANDS) -> NDArray[np.object_]:
    """Return Voronoi cells clipped to land: some in several pieces, some perhaps empty."""
    left, bottom, right, top = land.bounds
    spots = np.random.default_rng(seed).random((number, 2)) * (right - left, top - bottom) + (left, bottom)
    cells = shapely.voronoi_polygons(shapely.multipoints(spots), extend_to=land, ordered=True)
    return np.array(shapely.intersection(shapely.get_parts(cells), land), dtype=np.object_)


def as_one(polygons: Sequence[Polygon]) -> MultiPolygon:
    return MultiPolygon(list(polygons))


def assert_same(polygons: Sequence[Polygon], expected: BaseGeometry) -> None:
    """Assert that polygons are valid, as many as expected, with as many holes, and cover the same ground."""
    assert bool(shapely.is_valid(as_one(polygons)))
    assert as_one(polygons).area == pytest.approx(expected.area, rel=1e-6, abs=1e-9)
    assert as_one(polygons).symmetric_difference(expected).area <= 1e-6 * max(expected.area, 1e-3)
    parts = [part for part in shapely.get_parts(expected) if part.area > 1e-9]
    assert len(polygons) == len(parts)
    assert sum(len(one.interiors) for one in polygons) == sum(len(part.interiors) for part in parts)


def held_by(cells: NDArray[np.object_], holder: Ints, one: int) -> BaseGeometry:
    return shapely.union_all(cells[holder == one], grid_size=1e-6)


def plain_pairs(cells: NDArray[np.object_], holder: Ints, holders: int) -> Floats:
    """Return the fronts of all pairs of holders, nobody last, cell by cell."""
    found = np.zeros((holders + 1, holders + 1))
    for one in range(len(cells)):
        for other in range(len(cells)):
            if one != other and holder[one] != holder[other]:
                common = shapely.get_parts(shapely.intersection(cells[one], cells[other]))
                found[holder[one], holder[other]] += sum(part.length for part in common if part.area == 0)
    return found


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), many=st.integers(1, 12))
def test_on_a_board_where_parts_touch_in_points_outlines_are_those_of_unions(seed: int, many: int) -> None:
    draw = np.random.default_rng(seed)
    cells = squares(6)
    fronts = Fronts(mosaic(cells), np.zeros(36, dtype=np.intp), holders=2)
    for _ in range(12):
        for cell in draw.choice(36, many, replace=False).tolist():
            fronts.change(cell, int(draw.integers(-1, 2)))
        for one in (-1, 0, 1):
            assert_same(fronts.territory(one), held_by(cells, fronts.holder, one))


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), number=st.integers(1, 40))
def test_with_coasts_lakes_and_islands_territories_are_the_unions_of_their_cells(seed: int, number: int) -> None:
    draw = np.random.default_rng(seed)
    cells = voronoi(number, seed=seed)
    fronts = Fronts(mosaic(cells), draw.integers(-1, 3, number), holders=3)
    for _ in range(4):
        for one in (-1, 0, 1, 2):
            assert_same(fronts.territory(one), held_by(cells, fronts.holder, one))
        fronts.hold(np.where(draw.random(number) < 0.3, draw.integers(-1, 3, number), fronts.holder))


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_areas_and_lengths_are_those_of_cells_and_of_their_common_borders(seed: int) -> None:
    draw = np.random.default_rng(seed)
    cells = voronoi(14, seed=seed)
    fronts = Fronts(mosaic(cells), draw.integers(-1, 2, 14), holders=2)
    for _ in range(3):
        holder = fronts.holder
        expected = plain_pairs(cells, holder, 2)
        assert fronts.pairs_km() == pytest.approx(expected, abs=1e-4)
        assert fronts.front_km() == pytest.approx(expected.sum() / 2, abs=1e-4)
        assert fronts.area_km2() == pytest.approx([shapely.area(cells[holder == one]).sum() for one in (0, 1, -1)])
        for one in (0, 1, -1):
            round_it = fronts.border_km()[one] + fronts.pairs_km()[one].sum()
            assert round_it == pytest.approx(held_by(cells, holder, one).length, abs=1e-4)
        fronts.change(int(draw.integers(14)), int(draw.integers(-1, 2)))


def test_sums_depend_on_who_holds_what_and_not_on_what_was_before() -> None:
    draw = np.random.default_rng(5)
    cells = mosaic(voronoi(60, seed=5))
    start, end = draw.integers(-1, 3, 60), draw.integers(-1, 3, 60)
    fronts = Fronts(cells, start, holders=3)
    for cell in draw.integers(0, 60, 500).tolist():
        fronts.change(cell, int(draw.integers(-1, 3)))
    fronts.hold(end)
    fresh = Fronts(cells, end, holders=3)
    assert np.array_equal(fronts.pairs_km(), fresh.pairs_km())
    assert np.array_equal(fronts.area_km2(), fresh.area_km2())
    assert np.array_equal(fronts.border_km(), fresh.border_km())
    assert np.array_equal(fronts.holder, end)
    assert fronts.front_km() == fresh.front_km()


def test_a_hole_of_one_cell_opens_and_closes_and_an_island_in_it_is_a_part_of_its_own() -> None:
    fronts = Fronts(mosaic(squares(5)), np.zeros(25, dtype=np.intp), holders=2)
    ring = (6, 7, 8, 11, 13, 16, 17, 18)
    for cell in ring:
        fronts.change(cell, 1)
    around, island = sorted(fronts.territory(0), key=lambda one: -one.area)
    assert (around.area, len(around.interiors), island.area) == (16.0, 1, 1.0)
    (taken,) = fronts.territory(1)
    assert (taken.area, len(taken.interiors)) == (8.0, 1)
    assert fronts.front_km() == pytest.approx(16.0)
    for cell in ring:
        fronts.change(cell, 0)
    (whole,) = fronts.territory(0)
    assert (whole.area, len(whole.interiors), fronts.territory(1), fronts.front_km()) == (25.0, 0, (), 0.0)


def test_a_hole_falls_to_the_part_that_is_cut_off_round_it() -> None:
    fronts = Fronts(mosaic(squares(7)), np.zeros(49, dtype=np.intp), holders=2)
    fronts.change(24, 1)
    assert [len(one.interiors) for one in fronts.territory(0)] == [1]
    edge = [x + 7 * y for y in range(1, 6) for x in range(1, 6) if x in {1, 5} or y in {1, 5}]
    fronts.hold(np.isin(np.arange(49), [*edge, 24]).astype(np.intp))
    outer, inner = sorted(fronts.territory(0), key=lambda one: -one.area)
    assert (outer.area, len(outer.interiors), inner.area, len(inner.interiors)) == (24.0, 1, 8.0, 1)


def test_a_ring_that_touches_itself_in_a_point_is_a_valid_polygon_with_a_hole() -> None:
    cells = mosaic(squares(3))
    held = np.array([1, 1, 1, 1, 0, 1, 1, 1, 0], dtype=np.intp)
    (horseshoe,) = Fronts(cells, held, holders=2).territory(1)
    assert horseshoe.is_valid
    assert (horseshoe.area, len(horseshoe.interiors)) == (7.0, 1)
    pair = Fronts(cells, np.array([0, 0, 1, 0, 1, 0, 1, 0, 0], dtype=np.intp), holders=2).territory(1)
    assert [one.area for one in pair] == [1.0, 1.0, 1.0]


def test_neighbours_need_not_have_the_same_corners() -> None:
    below = shapely.box(0, 0, 2, 1)
    above = [shapely.box(0, 1, 0.7, 2), shapely.Polygon([(0.7, 1 + 1e-9), (2, 1 - 1e-9), (2, 2), (0.7, 2)])]
    fronts = Fronts(mosaic(np.array([below, *above], dtype=np.object_)), np.array([0, 1, 1]), holders=2)
    assert fronts.front_km() == pytest.approx(2.0)
    fronts.change(1, 0)
    fronts.change(2, 0)
    (whole,) = fronts.territory(0)
    assert (whole.area, len(whole.interiors), whole.is_valid) == (pytest.approx(4.0), 0, True)


def test_what_holds_nothing_has_no_polygons_and_an_empty_cell_changes_nothing() -> None:
    cells = np.array([shapely.box(0, 0, 1, 1), shapely.Polygon()], dtype=np.object_)
    fronts = Fronts(mosaic(cells), np.array([0, 1]), holders=3)
    assert [len(fronts.territory(one)) for one in (0, 1, 2, -1)] == [1, 0, 0, 0]
    fronts.change(1, 2)
    fronts.change(0, 0)
    assert fronts.border_km().tolist() == [4.0, 0.0, 0.0, 0.0]
    nothing = mosaic(np.array([], dtype=np.object_))
    assert (nothing.left.size, Outline(nothing).polygons()) == (0, ())


def test_of_a_cell_only_what_has_an_area_counts() -> None:
    mixed = shapely.GeometryCollection([shapely.box(0, 0, 1, 1), shapely.LineString([(1, 1), (3, 3)])])
    fronts = Fronts(mosaic(np.array([mixed, shapely.box(1, 0, 2, 1)], dtype=np.object_)), np.array([0, 1]), holders=2)
    assert (fronts.front_km(), fronts.area_km2().tolist()) == (1.0, [1.0, 1.0, 0.0])


def test_cells_that_overlap_are_refused() -> None:
    over = np.array([shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1), shapely.box(5, 0, 6, 1)], dtype=np.object_)
    with pytest.raises(ValueError, match=r"cells overlap: \[1\], expected cells that at most touch"):
        mosaic(over)


def edges_between(cells: Mosaic, one: int, other: int) -> int:
    beyond = cells.left[cells.twin(np.arange(cells.left.size))]
    return int(((cells.left == one) & (beyond == other)).sum())


def test_the_edges_of_two_cells_are_one_line_each_time_they_meet() -> None:
    cells = mosaic(squares(2))
    assert [edges_between(cells, 0, other) for other in (1, 2, 3, -1)] == [1, 1, 0, 1]
    assert edges_between(cells, 1, 0) == 1
    assert cells.area_km2.tolist() == [1.0] * 4
    assert [len(edges) for edges in cells.crossing.values()] == [4]


def test_through_time_each_epoch_is_told_as_it_is_alone() -> None:
    draw = np.random.default_rng(2)
    cells = mosaic(voronoi(40, seed=2))
    holder = draw.integers(-1, 2, (6, 40))
    history = fronts_through_time(cells, holder, holders=2)
    assert history.pairs_km.shape == (6, 3, 3)
    for epoch, held in enumerate(holder):
        alone = Fronts(cells, held, holders=2)
        assert np.array_equal(history.pairs_km[epoch], alone.pairs_km())
        assert np.array_equal(history.border_km[epoch], alone.border_km())
        assert np.array_equal(history.area_km2[epoch], alone.area_km2())
        assert history.front_km[epoch] == pytest.approx(alone.front_km())


def test_zones_of_a_network_make_a_mosaic_without_gaps() -> None:
    draw = np.random.default_rng(0)
    spots = draw.random((40, 2)) * 80
    corners = shapely.get_coordinates(shapely.get_parts(shapely.delaunay_triangles(shapely.multipoints(spots))))
    node = shapely.STRtree(shapely.points(spots)).nearest(shapely.points(corners)).reshape(-1, 4)
    ends = np.unique(np.sort(np.concatenate([node[:, :2], node[:, 1:3], node[:, 2:]]), axis=1), axis=0)
    roads = Roads(x=spots[:, 0], y=spots[:, 1], tail=ends[:, 0], head=ends[:, 1], hours=draw.random(len(ends)))
    land = shapely.Point(40, 40).buffer(38).difference(shapely.box(30, 30, 45, 33))
    found = zones(roads, np.arange(0, 40, 3), land)
    cells = mosaic(found.polygons)
    fronts = Fronts(cells, np.zeros(14, dtype=np.intp), holders=1)
    (whole,) = fronts.territory(0)
    assert whole.symmetric_difference(land).area < 1e-6 * land.area
    assert fronts.border_km()[0] == pytest.approx(land.length, rel=1e-6)
    assert cells.area_km2 == pytest.approx(shapely.area(found.polygons))


@pytest.fixture(scope="module")
def run_on_a_map() -> tuple[Reading, Zones]:
    data = MapData(homs_run(), Style())
    return data.reading, zones(data.as_roads(), data.reading.inhabited, data.basemap.country)


def test_the_territories_drawn_are_the_zones_of_a_holder_and_shade(run_on_a_map: tuple[Reading, Zones]) -> None:
    reading, found = run_on_a_map
    holdings = Holdings(reading, found)
    for epoch in range(0, reading["epoch_start"].size, 3):
        holder = reading["holder"][epoch][found.places]
        shade = np.where(holder < 0, 0, np.clip(reading["pocket"][epoch][found.places], 1, 3) - 1)
        drawn = holdings.territories(epoch)
        assert set(drawn) == set(zip(holder.tolist(), shade.tolist(), strict=True))
        for (one, tone), territory in drawn.items():
            expected = shapely.union_all(found.polygons[(holder == one) & (shade == tone)], grid_size=1e-6)
            assert territory.symmetric_difference(expected).area < 1e-6 * expected.area


def test_the_tables_of_fronts_and_areas_add_up_and_follow_one_another(run_on_a_map: tuple[Reading, Zones]) -> None:
    reading, found = run_on_a_map
    holdings = Holdings(reading, found)
    fronts, areas = holdings.tables()["fronts"], holdings.tables()["areas"]
    assert list(fronts) == ["from", "to", "holder", "other_holder", "front_km"]
    moments = sorted(set(areas["from"]))
    assert sorted({*areas["from"], *areas["to"]}) == [*moments, reading.end.isoformat()]
    for number, moment in enumerate(moments):
        here = [row for row, since in enumerate(areas["from"]) if since == moment]
        assert sum(areas["area_km2"][row] for row in here) == pytest.approx(shapely.area(found.polygons).sum())
        pairs = [row for row, since in enumerate(fronts["from"]) if since == moment]
        for row in here:
            one = areas["holder"][row]
            mine = [pair for pair in pairs if one in {fronts["holder"][pair], fronts["other_holder"][pair]}]
            assert sum(fronts["front_km"][pair] for pair in mine) == pytest.approx(areas["front_km"][row])
        km = holdings.history.front_km[number]
        assert sum(fronts["front_km"][pair] for pair in pairs) == pytest.approx(km)
    assert {"regime", "contested"} <= {*fronts["holder"], *fronts["other_holder"]}


def test_every_panel_says_how_long_the_front_is_or_none_does(run_on_a_map: tuple[Reading, Zones]) -> None:
    reading, found = run_on_a_map
    sheet = plot_territory(homs_run())
    told = [text.get_text() for text in sheet.figure.texts if "substantial pocket" in text.get_text()]
    assert len(told) == len(reading.listed("show_maps"))
    assert all(re.search(r", front [\d,]+ km$", text) for text in told)
    first = Holdings(reading, found).front_km(reading.epoch_at(reading.hour(reading.listed("show_maps")[0])), 0)
    assert told[0].endswith(f"front {float(f'{first:.2g}'):,.0f} km")
