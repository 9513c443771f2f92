"""The parts that figures are made of: zones, labels, marks, words and styles."""

from dataclasses import replace
from datetime import datetime
from itertools import combinations

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_rgb

from corridor.figures import words
from corridor.figures.geography import Projection, patches, read_basemap
from corridor.figures.key import Sign, key_height
from corridor.figures.labels import Wish, box_around, overlap, place_names
from corridor.figures.reading import Reading
from corridor.figures.style import Frame, Style, shades, text_size_mm
from corridor.figures.supplies import Supplies
from corridor.figures.timeline import Mark, date_ticks, event_marks, name_marks, spans
from corridor.figures.zones import Roads, nearest_places, zones
from tests.figures_run import ACTORS, homs_run


def grid_roads(side: int, *, seed: int = 0) -> Roads:
    """Return a grid of roads 10 km apart with travel times drawn at random."""
    random = np.random.default_rng(seed)
    at = [(10.0 * column, 10.0 * row) for row in range(side) for column in range(side)]
    pairs = [(n, n + 1) for n in range(side * side) if (n + 1) % side] + [
        (n, n + side) for n in range(side * (side - 1))
    ]
    tail, head = np.array(pairs).T
    return Roads(
        x=np.array([x for x, _ in at]),
        y=np.array([y for _, y in at]),
        tail=tail,
        head=head,
        hours=random.uniform(0.1, 1.0, tail.size),
    )


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_the_nearest_place_is_the_one_that_networkx_finds(seed: int) -> None:
    roads = grid_roads(5, seed=seed)
    places = np.random.default_rng(seed).choice(25, 4, replace=False)
    graph: nx.Graph[int] = nx.Graph()
    graph.add_weighted_edges_from(zip(roads.tail.tolist(), roads.head.tolist(), roads.hours.tolist(), strict=True))
    hours, owner = nearest_places(roads, places)
    expected = [nx.single_source_dijkstra_path_length(graph, place) for place in places.tolist()]
    for node in range(25):
        assert hours[node] == pytest.approx(min(length[node] for length in expected))
        assert hours[node] == pytest.approx(expected[owner[node]][node])


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_zones_cover_the_land_without_overlap_each_in_one_piece_around_its_place(seed: int) -> None:
    roads = grid_roads(5, seed=seed)
    places = np.random.default_rng(seed).choice(25, 6, replace=False)
    land = shapely.box(-15, -15, 60, 60)
    found = zones(roads, places, land)
    assert shapely.area(found.polygons).sum() == pytest.approx(land.area, rel=1e-9)
    assert shapely.union_all(found.polygons).area == pytest.approx(land.area, rel=1e-9)
    assert [polygon.geom_type for polygon in found.polygons] == ["Polygon"] * 6
    assert shapely.covers(found.polygons, shapely.points(roads.x[places], roads.y[places])).all()


def test_a_road_between_two_places_is_split_where_the_way_takes_equally_long() -> None:
    line = Roads(x=np.array([0.0, 30.0]), y=np.zeros(2), tail=np.array([0]), head=np.array([1]), hours=np.array([1.0]))
    found = zones(line, np.array([0, 1]), shapely.box(-10, -10, 40, 10))
    assert found.border.tolist() == [0.5]
    assert found.polygons[0].bounds == pytest.approx((-10, -10, 15, 10), abs=1.01)


def test_a_part_cut_off_by_a_crossing_road_falls_to_its_neighbour() -> None:
    # The road from place 0 to the far junction 2 runs straight over the road of place 1.
    crossing = Roads(
        x=np.array([0.0, 20.0, 40.0, 20.0]),
        y=np.array([0.0, -30.0, 0.0, 30.0]),
        tail=np.array([0, 1]),
        head=np.array([2, 3]),
        hours=np.array([0.5, 0.5]),
    )
    found = zones(crossing, np.array([0, 1]), shapely.box(-10, -40, 50, 40))
    assert [polygon.geom_type for polygon in found.polygons] == ["Polygon", "Polygon"]
    assert found.owner.tolist() == [0, 1, 0, 1]


def test_a_node_that_no_road_joins_to_a_place_has_no_owner_and_no_zone() -> None:
    roads = grid_roads(3)
    apart = replace(roads, x=np.append(roads.x, 90.0), y=np.append(roads.y, 90.0))
    assert nearest_places(apart, np.array([0]))[1].tolist() == [0] * 9 + [-1]
    assert zones(apart, np.array([0]), shapely.box(0, 0, 100, 100)).polygons[0].area == pytest.approx(10_000)


wishes = st.lists(
    st.builds(
        Wish,
        key=st.integers(0, 99),
        x=st.floats(0, 60),
        y=st.floats(0, 90),
        shapes=st.lists(st.tuples(st.floats(4, 20), st.floats(2, 6)), min_size=1, max_size=3).map(tuple),
        anchor=st.sampled_from(["", "N", "SW", "E", "nowhere"]),
        must=st.booleans(),
    ),
    max_size=30,
)


@settings(max_examples=60, deadline=None)
@given(wishes=wishes)
def test_names_never_touch_each_other_what_is_taken_or_the_frame(wishes: list[Wish]) -> None:
    taken = [box_around(30, 45, 10, 10)]
    placed = place_names(wishes, frame=(0, 0, 60, 90), taken=taken, most=10)
    for first, second in combinations([*taken, *(one.box for one in placed)], 2):
        assert not overlap(first, second)
    for one in placed:
        assert one.box[0] >= 0 <= one.box[1]
        assert one.box[2] <= 60
        assert one.box[3] <= 90
    assert sum(not one.wish.must for one in placed) <= 10


def test_a_name_stands_at_its_anchor_and_one_that_must_be_written_steps_aside() -> None:
    free = Wish(key=0, x=30, y=30, shapes=((10, 3),), anchor="W")
    (alone,) = place_names([free], frame=(0, 0, 60, 60))
    assert alone.box[2] < 30
    assert alone.box[1] + alone.box[3] == 2 * 30
    assert not alone.far
    wall = [(10.0, 20.0, 50.0, 40.0)]
    assert place_names([free], frame=(0, 0, 60, 60), taken=wall) == []
    (stepped,) = place_names([replace(free, must=True)], frame=(0, 0, 60, 60), taken=wall)
    assert stepped.far
    (shrunk,) = place_names(
        [replace(free, must=True, shapes=((10, 3), (9, 4), (3, 2)))], frame=(0, 0, 60, 60), taken=wall
    )
    assert shrunk.shape == 2


def test_a_suburb_stands_back_behind_its_city() -> None:
    city, suburb = (
        Wish(key=key, x=30 + 3 * key, y=30, shapes=((5, 2),), anchor="W" if key == 0 else "E") for key in (0, 1)
    )
    assert len(place_names([city, suburb], frame=(0, 0, 60, 60))) == 2
    assert [one.wish.key for one in place_names([city, suburb], frame=(0, 0, 60, 60), apart=5.0)] == [0]


@settings(max_examples=40, deadline=None)
@given(hours=st.lists(st.floats(0, 300), max_size=20, unique=True))
def test_no_name_of_an_event_is_touched_by_another_or_by_its_line(hours: list[float]) -> None:
    marks = [Mark(hour=hour, epoch=n, label=f"Place {n}", population=1.0) for n, hour in enumerate(hours)]
    named = name_marks(marks, horizon=300, width=120, rows=3, size=(6.2, 3.0))
    assert not hours or named
    for first, second in combinations(named, 2):
        assert not overlap(first.box, second.box)
        upper, lower = (first, second) if first.box[1] > second.box[1] else (second, first)
        if upper.box[1] > lower.box[1]:
            assert not lower.box[0] < upper.line < lower.box[2]
    assert all(one.box[0] >= 0 and one.box[2] <= 120.001 for one in named)


def test_each_name_of_an_event_is_written_once() -> None:
    marks = [Mark(hour=hour, epoch=1, label="Homs", population=1.0) for hour in (10.0, 200.0)]
    assert [one.mark.hour for one in name_marks(marks, horizon=300, width=120, rows=3, size=(6.2, 3.0))] == [10.0]


def test_the_event_that_splits_the_territory_is_marked_first_and_named_after_its_city() -> None:
    reading = Reading(homs_run(), Style())
    marks = event_marks(reading, reading.show_actor())
    assert marks[0].label == "Homs"
    assert marks[0].epoch == reading.split(reading.show_actor())
    assert [mark.population for mark in marks[1:]] == sorted((mark.population for mark in marks[1:]), reverse=True)
    assert {"Damascus", "Aleppo", "Hama"} <= {mark.label for mark in marks}
    assert not {"Artouz", "Ad-Duraykish", "Jaramana", "Zahraa"} & {mark.label for mark in marks}


def test_dates_on_an_axis_are_midnights_and_leave_each_other_room() -> None:
    reading = Reading(homs_run(), Style())
    hours, names = date_ticks(reading, 100.0)
    assert hours[0] == 0
    assert names[0] == "26 Nov"
    assert np.all(np.array(hours) % 24 == 0)
    assert hours[1] / reading.horizon * 100 > text_size_mm(names[0], 6.2)[0]
    assert len(date_ticks(reading, 300.0)[0]) == 15


def test_dates_on_the_axis_of_years_are_first_days_of_months_with_their_years() -> None:
    years = homs_run().assign_attrs(start="2012-06-09T00:00+03:00", end="2014-05-10T00:00+03:00")
    hours, names = date_ticks(Reading(years, Style()), 120.0)
    assert (hours[0], names[0]) == (22 * 24, "Jul 2012")
    assert {name.split()[1] for name in names} == {"2012", "2013", "2014"}
    assert date_ticks(Reading(years, Style(language="ar")), 120.0)[1][0] == "7/2012"


def test_a_name_within_a_sentence_has_no_capital_unless_it_is_all_capitals() -> None:
    assert (words.within("Dry food"), words.within("LPG")) == ("dry food", "LPG")


def test_spans_join_pieces_that_follow_one_another() -> None:
    wanted = np.array([False, True, True, False, True])
    assert spans(wanted, np.arange(5.0), np.arange(1.0, 6.0)) == [(1.0, 3.0), (4.0, 5.0)]
    assert spans(np.array([], dtype=bool), np.array([]), np.array([])) == []


def test_the_projection_keeps_distances_near_its_meridian_and_puts_north_up() -> None:
    at = Projection(37.0, 34.7)
    x, y = at.project(np.array([36.7, 36.29]), np.array([34.73, 33.51]))
    assert np.hypot(*np.diff([x, y], axis=1)[:, 0]) == pytest.approx(
        140.7, abs=0.5
    )  # great circle of Homs and Damascus
    east, north = at.project(np.array([37.0, 37.0]), np.array([33.0, 36.0]))
    assert east == pytest.approx([0, 0])
    assert north[1] - north[0] == pytest.approx(3 * 111.195, abs=0.01)


def test_without_a_base_map_a_hull_around_the_nodes_stands_in(tmp_path: object) -> None:
    nodes = (np.array([0.0, 100.0, 0.0]), np.array([0.0, 0.0, 100.0]))
    found = read_basemap(__import__("pathlib").Path(str(tmp_path)) / "none.json", Projection(37, 34), nodes)
    assert not found.known
    assert found.country.covers(shapely.multipoints(np.column_stack(nodes)))


def test_patches_keep_holes_and_leave_out_what_is_no_polygon() -> None:
    ring = shapely.box(0, 0, 10, 10).difference(shapely.box(4, 4, 6, 6))
    found = patches(shapely.GeometryCollection([ring, shapely.Point(3, 3)]))
    assert len(found) == 1
    rim, hole = (np.array(ring) for ring in found[0].get_path().to_polygons())
    assert shapely.is_ccw(shapely.linearrings(rim)) != shapely.is_ccw(shapely.linearrings(hole))
    assert found[0].get_extents().bounds == (0, 0, 10, 10)
    assert patches(None) == []


@pytest.mark.parametrize(
    ("persons", "english", "arabic"),
    [
        (5_289_448, "5.3\u00a0m people", "5.3\u00a0مليون نسمة"),
        (353_000, "350,000 people", "350\u00a0ألف نسمة"),
        (960_000, "1.0\u00a0m people", "1.0\u00a0مليون نسمة"),
        (1_400, "1,000 people", "1\u00a0ألف نسمة"),
        (951, "1,000 people", "1\u00a0ألف نسمة"),
        (944, "900 people", "900 نسمة"),
        (120, "100 people", "100 نسمة"),
        (12, "fewer than 100 people", "أقل من 100 نسمة"),
        (0, "nobody", "لا أحد"),
    ],
)
def test_people_are_counted_to_two_figures_and_few_to_the_hundred(persons: float, english: str, arabic: str) -> None:
    assert words.people(persons, "en") == english
    assert words.people(persons, "ar") == arabic


def test_numbers_and_instants_are_written_as_read() -> None:
    moment = datetime.fromisoformat("2024-12-08T01:30+03:00")
    assert words.instant(moment, "en") == "8 December 2024, 01:30"
    assert words.instant(moment, "en", short=True) == "8 Dec, 01:30"
    assert words.instant(moment, "ar") == "8 كانون الأول 2024، 01:30"
    assert words.instant(moment, "ar", short=True) == "8/12، 01:30"
    assert words.pockets(2, "en", actor="A") == "A: two substantial pockets"
    assert words.pockets(1, "en", actor="") == "one substantial pocket"
    assert words.pockets(2, "ar", actor="") == "جيبان كبيران"
    assert words.pockets(12, "ar", actor="") == "12 جيوب كبيرة"
    assert (words.parts(2, "en"), words.parts(2, "ar"), words.parts(3, "ar")) == ("two", "جزأين", "3 أجزاء")
    assert words.count(23, "en") == "23"


def test_every_word_has_its_arabic_with_the_same_fields() -> None:
    import string

    for english, arabic in words._WORDS.values():
        fields = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (english, arabic)]
        assert fields[0] == fields[1]
        assert arabic


@pytest.mark.parametrize("colour", [colour for _, _, colour in ACTORS.values()])
def test_pockets_grow_lighter_from_the_largest_to_the_smallest(colour: str) -> None:
    lightness = [sum(to_rgb(shade)) for shade in shades(colour, Style())]
    assert lightness[0] + 0.2 < lightness[1] < lightness[2] - 0.1
    assert all(len(set(to_rgb(shade))) == 1 for shade in shades(colour, Style(grey=True)))


def test_a_frame_wraps_its_title_within_its_width_and_grows_for_it() -> None:
    style = Style(size="column")
    short, long = (Frame(style, 50, title=title, subtitle="s", notes=["n"]) for title in ("Short", "Long words " * 12))
    assert long.height > short.height
    assert long.top - long.bottom == pytest.approx(short.top - short.bottom)
    for text in long.figure.texts:
        assert text_size_mm(text.get_text(), text.get_fontsize(), bold=text.get_fontweight() == "bold")[0] <= 81.1


def test_a_slide_has_sixteen_to_nine_whatever_is_in_it() -> None:
    frame = Frame(Style(size="slide"), 1000, title="t", subtitle="s", notes=[])
    assert frame.width / frame.height == pytest.approx(16 / 9)


def test_a_key_takes_more_lines_on_a_narrow_page() -> None:
    signs = [Sign(words="words of a sign", fills=("#ffffff",))] * 6
    style = Style()
    assert key_height(signs, style, 60.0) > key_height(signs, style, 176.0)


def test_days_of_supply_are_stock_over_demand_and_fail_when_the_stockout_begins() -> None:
    run = homs_run()
    reading = Reading(run, Style())
    nodes = np.array([reading.position["aleppo"], reading.position["jn_homs_n"]])
    found = Supplies.of(reading, 1, nodes)
    assert found.nodes.tolist() == [reading.position["aleppo"]]
    column = reading["place"].tolist().index("aleppo")
    stock, demand = (run[name].values[:, column, 1] for name in ("stock", "demand"))
    assert found.days[:, 0] == pytest.approx(stock / demand)
    gone = found.stockouts(reading, reading.position["aleppo"])
    assert found.failed[0] == gone[0][0]
    assert stock[int(gone[0][0])] == pytest.approx(0, abs=1e-9)
    held = [(hour, reading.actor_id(holder)) for hour, holder in found.changes(reading, reading.position["aleppo"])]
    assert [holder for _, holder in held] == ["contested", "hts"]
