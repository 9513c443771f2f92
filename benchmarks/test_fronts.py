"""What territories and fronts cost that are kept up to date as places change hands, beside unions made each time."""

from collections.abc import Callable
from time import process_time
from typing import NamedTuple

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from pytest_benchmark.fixture import BenchmarkFixture
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from benchmarks.roadlike import roadlike
from corridor.figures.fronts import Fronts
from corridor.figures.mosaic import Mosaic, mosaic
from corridor.figures.zones import Roads, zones
from corridor.network import Floats, Ints

PLACES, ACTORS, CHANGES, NODES, ROUNDS, COMPARED = 3_000, 4, 1_000, 4_800, 5, 50
KM_A_DEGREE = 45.0
"""So that places lie 9 km apart, as 3,000 places of Syria would."""


class Change(NamedTuple):
    cell: int
    before: int
    now: int


class Told(NamedTuple):
    """What is known after a change: all fronts, and of the two whose territory changed their area and polygons."""

    front_km: float
    area_km2: list[float]
    territories: tuple[tuple[Polygon, ...], tuple[Polygon, ...]]


class World(NamedTuple):
    """Cells clipped to a coast, the edges that they share, who holds them at first, and who takes which then."""

    cells: NDArray[np.object_]
    edges: Mosaic
    holder: Ints
    changes: list[Change]


def land_of(middle: Floats, radius: float) -> Polygon:
    """Return a country with a coast of 3,000 corners and a lake."""
    turn = np.linspace(0, 2 * np.pi, 3_000, endpoint=False)
    far = radius * (1 + 0.05 * np.sin(5 * turn) + 0.03 * np.sin(23 * turn) + 0.01 * np.sin(101 * turn))
    coast = np.column_stack([middle[0] + far * np.cos(turn), middle[1] + far * np.sin(turn)])
    lake = shapely.Point(middle[0] + radius / 3, middle[1]).buffer(radius / 10, quad_segs=50)
    return Polygon(coast).difference(lake)


def network_zones() -> tuple[NDArray[np.object_], Floats]:
    """Return the zones by road travel time that the maps draw, and where their places are, km."""
    network = roadlike(NODES)
    at = np.column_stack([network.lon, network.lat]) * KM_A_DEGREE
    land = land_of((at.min(axis=0) + at.max(axis=0)) / 2, 0.46 * float(np.ptp(at[:, 0])))
    places = np.flatnonzero(shapely.contains_xy(land, at[:, 0], at[:, 1]))[:PLACES]
    roads = Roads(x=at[:, 0], y=at[:, 1], tail=network.tail, head=network.head, hours=network.hours)
    return zones(roads, places, land).polygons, at[places]


def plain_voronoi() -> tuple[NDArray[np.object_], Floats]:
    """Return planar Voronoi cells, convex but for the coast, and where their places are, km."""
    land = land_of(np.array([250.0, 250.0]), 230.0)
    spots = np.random.default_rng(0).random((3 * PLACES, 2)) * 500
    spots = spots[shapely.contains_xy(land, spots)][:PLACES]
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(spots), extend_to=land.buffer(100.0), ordered=True)
    )
    return np.array(shapely.intersection(cells, land), dtype=np.object_), spots


WORLDS: dict[str, Callable[[], tuple[NDArray[np.object_], Floats]]] = {
    "zones_of_a_network": network_zones,
    "planar_voronoi": plain_voronoi,
}


@pytest.fixture(scope="module", params=[*WORLDS])
def world(request: pytest.FixtureRequest) -> World:
    cells, at = WORLDS[request.param]()
    assert len(cells) == PLACES
    middle = np.median(at, axis=0)
    holder = (at[:, 0] > middle[0]).astype(np.intp) + 2 * (at[:, 1] > middle[1])
    edges = mosaic(cells)
    return World(cells, edges, holder, changes_at_fronts(edges, holder))


def changes_at_fronts(edges: Mosaic, holder: Ints) -> list[Change]:
    """Return changes of one cell each, which falls to the holder of one of its neighbours."""
    draw, held = np.random.default_rng(1), holder.copy()
    beyond = edges.left[edges.twin(np.arange(edges.left.size))]
    found: list[Change] = []
    while len(found) < CHANGES:
        cell = int(draw.integers(PLACES))
        near = beyond[list(edges.around[cell])]
        takers = [int(held[one]) for one in near[near >= 0] if held[one] != held[cell]]
        if takers:
            taker = takers[int(draw.integers(len(takers)))]
            found.append(Change(cell, int(held[cell]), taker))
            held[cell] = taker
    return found


def kept_up(fronts: Fronts, changes: list[Change]) -> list[Told]:
    told = []
    for cell, before, now in changes:
        fronts.change(cell, now)
        area = fronts.area_km2()[[before, now]].tolist()
        told.append(Told(fronts.front_km(), area, (fronts.territory(before), fronts.territory(now))))
    return told


def numbers_only(fronts: Fronts, changes: list[Change]) -> list[tuple[float, Floats]]:
    told = []
    for cell, _, now in changes:
        fronts.change(cell, now)
        told.append((fronts.front_km(), fronts.area_km2()))
    return told


def unions_each_time(world: World) -> tuple[list[tuple[float, list[float]]], dict[int, list[BaseGeometry]], Floats]:
    """Return the numbers after each change, unions at some of them, and the seconds for those changed and for all.

    The length of all fronts follows from the lengths round all territories, of which two are known from before.
    """
    holder, spent = world.holder.copy(), np.zeros(2)
    border = shapely.coverage_union_all(world.cells).length
    around = [shapely.coverage_union_all(world.cells[holder == one]).length for one in range(ACTORS)]
    told, kept = [], {}
    for number, (cell, *two) in enumerate(world.changes):
        holder[cell] = two[1]
        start = process_time()
        unions = [shapely.coverage_union_all(world.cells[holder == one]) for one in two]
        for one, union in zip(two, unions, strict=True):
            around[one] = union.length
        told.append(((sum(around) - border) / 2, [union.area for union in unions]))
        changed = process_time()
        rest = [shapely.coverage_union_all(world.cells[holder == one]) for one in range(ACTORS) if one not in two]
        spent += [changed - start, process_time() - start]
        assert len(rest) == ACTORS - len(two)
        if number % COMPARED == 0:
            kept[number] = unions
    return told, kept, spent


def fresh(world: World) -> tuple[tuple[Fronts, list[Change]], dict[str, object]]:
    fronts = Fronts(world.edges, world.holder, holders=ACTORS)
    for actor in range(ACTORS):
        fronts.territory(actor)
    return (fronts, world.changes), {}


def test_territories_and_fronts_after_each_of_many_changes(benchmark: BenchmarkFixture, world: World) -> None:
    spent: list[float] = []

    def timed(fronts: Fronts, changes: list[Change]) -> list[Told]:
        start = process_time()
        told = kept_up(fronts, changes)
        spent.append(process_time() - start)
        return told

    pedantic: Callable[..., list[Told]] = benchmark.pedantic
    told = pedantic(timed, setup=lambda: fresh(world), rounds=ROUNDS)
    numbers, unions, peer = unions_each_time(world)
    for ours, (front, areas) in zip(told, numbers, strict=True):
        assert ours.front_km == pytest.approx(front, rel=1e-7)
        assert ours.area_km2 == pytest.approx(areas, rel=1e-7)
    for number, both in unions.items():
        for polygons, union in zip(told[number].territories, both, strict=True):
            assert MultiPolygon(polygons).symmetric_difference(union).area < 1e-6 * union.area
            assert len(polygons) == len(shapely.get_parts(union))
    ratios = peer / np.median(spent)
    benchmark.extra_info["times_unions_of_the_changed"] = round(float(ratios[0]), 1)
    benchmark.extra_info["times_unions_of_all"] = round(float(ratios[1]), 1)
    print(f"\n{np.median(spent):.2f} s; unions of the two changed {ratios[0]:.0f} times, of all {ratios[1]:.0f} times")


def test_lengths_and_areas_after_each_of_many_changes(benchmark: BenchmarkFixture, world: World) -> None:
    pedantic: Callable[..., list[tuple[float, Floats]]] = benchmark.pedantic
    told = pedantic(numbers_only, setup=lambda: fresh(world), rounds=ROUNDS)
    again = kept_up(*fresh(world)[0])
    for (front, areas), full, change in zip(told, again, world.changes, strict=True):
        assert front == full.front_km
        assert areas[[change.before, change.now]].tolist() == full.area_km2


def test_noding_the_zones(benchmark: BenchmarkFixture, world: World) -> None:
    pedantic: Callable[..., Mosaic] = benchmark.pedantic
    made = pedantic(mosaic, args=(world.cells,), rounds=1)
    assert made.area_km2.sum() == pytest.approx(shapely.area(world.cells).sum())
