"""The ground under the maps: a local projection, countries and coast, and the scale bar."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Outline
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from corridor.figures import words
from corridor.figures.style import BORDER, INK, LAND, WATER, Style
from corridor.network import Floats

__all__ = [
    "Basemap",
    "Focus",
    "Projection",
    "draw_borders",
    "draw_ground",
    "draw_scale_bar",
    "patches",
    "read_basemap",
    "read_focus",
]


EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the earth (IUGG)."""
HULL_MARGIN_KM = 15.0


@dataclass(frozen=True, slots=True)
class Projection:
    """A transverse Mercator projection of the sphere round a central point, in km; north is up at that meridian.

    Within two degrees of the meridian lengths are true to 0.1 % and north leans by less than 1.2 degrees.
    """

    lon: float
    lat: float

    def project(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """Return km east and km north of the central point.

        References
        ----------
        J. P. Snyder, Map Projections: A Working Manual, U.S. Geological Survey Professional Paper 1395, 1987, eqs 8-1
        and 8-3.
        """
        east, north = np.radians(np.asarray(lon) - self.lon), np.radians(lat)
        x = np.arctanh(np.cos(north) * np.sin(east))
        y = np.arctan2(np.tan(north), np.cos(east)) - np.radians(self.lat)
        return EARTH_RADIUS_KM * x, EARTH_RADIUS_KM * y


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Basemap:
    """Hold the country that zones are clipped to, its neighbours, the borders and the coast, projected (km).

    `known` is whether they were read, not made up.
    """

    country: BaseGeometry
    neighbours: BaseGeometry
    lines: BaseGeometry
    known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Focus:
    """What the maps of a network show: a box in degrees (west, south, east, north), and ids of places to name."""

    box: tuple[float, float, float, float]
    names: tuple[str, ...]


def read_focus(path: Path, network: str) -> Focus | None:
    """Return what the base map kept at `path` says that maps of a network show; None if it says nothing."""
    told = json.loads(path.read_text(encoding="utf-8"))["focus"].get(network)
    if told is None:
        return None
    west, south, east, north = told["box"]
    return Focus(box=(west, south, east, north), names=tuple(told["names"]))


def read_basemap(path: Path, projection: Projection, nodes: tuple[Floats, Floats]) -> Basemap:
    """Return the base map kept at `path`, projected; without one, a hull around the nodes stands in for the country.

    Parameters
    ----------
    path
        A GeoJSON file whose features have the property ``kind``: ``country``, ``neighbour``, ``border`` or ``coast``.
    projection
        Of the map.
    nodes
        The nodes' positions on the map, km.
    """
    if not path.is_file():
        hull = shapely.multipoints(np.column_stack(nodes)).convex_hull.buffer(HULL_MARGIN_KM)
        return Basemap(country=hull, neighbours=shapely.MultiPolygon(), lines=hull.exterior, known=False)
    features = json.loads(path.read_text(encoding="utf-8"))["features"]

    def projected(*kinds: str) -> BaseGeometry:
        found = [shape(feature["geometry"]) for feature in features if feature["properties"]["kind"] in kinds]
        return shapely.transform(shapely.union_all(found), projection.project, interleaved=False)

    return Basemap(
        country=projected("country"),
        neighbours=projected("neighbour"),
        lines=projected("border", "coast"),
        known=True,
    )


def patches(geometry: BaseGeometry | None) -> list[PathPatch]:
    """Return the polygons in a geometry as patches, holes turning the other way so that they stay empty."""
    found = []
    for part in shapely.get_parts(shapely.get_parts(geometry)) if geometry is not None else []:
        if part.geom_type != "Polygon" or part.is_empty:
            continue
        turned = shapely.orient_polygons(part)
        rings = [shapely.get_coordinates(ring) for ring in (turned.exterior, *turned.interiors)]
        codes = [[Outline.MOVETO, *[Outline.LINETO] * (len(ring) - 2), Outline.CLOSEPOLY] for ring in rings]
        found.append(PathPatch(Outline(np.concatenate(rings), np.concatenate(codes))))
    return found


def draw_ground(axes: Axes, basemap: Basemap, style: Style) -> None:
    """Draw water, neighbours and country."""
    axes.set_facecolor(style.colour(WATER) if basemap.known else "white")
    for geometry, face in ((basemap.neighbours, LAND), (basemap.country, "#ffffff")):
        ground = PatchCollection(patches(geometry), facecolor=style.colour(face), edgecolor="none", zorder=1)
        axes.add_collection(ground, autolim=False)


def draw_borders(axes: Axes, basemap: Basemap, style: Style) -> None:
    """Draw borders and coast."""
    lines = [shapely.get_coordinates(line) for line in shapely.get_parts(basemap.lines)]
    drawn = LineCollection(lines, colors=style.colour(BORDER), linewidths=0.5, zorder=3, label="borders")
    axes.add_collection(drawn, autolim=False)


def draw_scale_bar(axes: Axes, corner: tuple[float, float], style: Style, *, km: float) -> None:
    """Draw a bar of `km` with its length above it, its lower left end at `corner` (km on the map)."""
    x, y = corner
    height = np.ptp(axes.get_ylim()) * 0.006
    axes.add_patch(Rectangle((x, y), km, height, facecolor=INK, edgecolor="none", zorder=9))
    axes.add_patch(
        Rectangle((x + km / 2, y), km / 2, height, facecolor="white", edgecolor=INK, linewidth=0.4, zorder=9.1)
    )
    axes.text(
        x + km / 2,
        y + 2 * height,
        words.word("km", style.language, km=f"{km:g}"),
        ha="center",
        va="bottom",
        fontsize=style.points("small"),
        zorder=9,
    )
