"""What of a run lies on a map: its roads and pipelines as lines, its symbols and names, and how they are drawn."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from numpy.typing import NDArray

import corridor
from corridor.figures.geography import Basemap, Projection, draw_scale_bar, read_basemap, read_focus
from corridor.figures.labels import Box, box_around, overlap
from corridor.figures.reading import ROAD, Reading
from corridor.figures.style import INK, Style, text_size_mm
from corridor.figures.zones import Roads
from corridor.network import Floats, Ints

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["SYMBOLS", "Lines", "MapData", "Window", "draw_scale"]


BASEMAP = Path(corridor.__file__).parent / "data" / "basemap.json"
ALONE_KM = 100.0
"""Beyond this distance a place is no more alone than at it."""
MAJOR_ROAD, MINOR_ROAD, PIPELINE = "#4a4a4a", "#8a8a8a", "#5a5a5a"
DASHES: tuple[float, tuple[float, ...]] = (0, (4, 3))
MAJOR_CLASSES = ("motorway", "trunk")
ROOM_DEGREES = 0.1
"""What a map shows at least around the outermost nodes."""
OUTSIDE_KINDS = ("external", "sea")
"""Nodes that stand for what lies beyond the country."""
SCALE_BARS_KM = (1, 2, 5, 10, 20, 50, 100, 200, 500)
PARTS = (0.5, 0.3, 0.7, 0.1, 0.9)
"""Where along a road its number may stand."""
PLATE_EDGE_MM = 3.0
SAMPLES = 41
BESIDE_MM, BESIDE = (
    (0.0, 3.5, 5.0, 7.0, 9.0),
    ((-0.7, -0.7), (-0.7, 0.7), (0.7, -0.7), (0.7, 0.7), (-1.0, 0.0), (1.0, 0.0)),
)
"""How far from its road, and which way, a number stands that finds no room on it."""
SYMBOLS: dict[str, tuple[str, float, tuple[str, ...]]] = {
    "port": ("s", 3.0, ("port", "oil_terminal")),
    "refinery": ("^", 3.6, ("refinery",)),
    "crossing": ("D", 2.5, ("border_crossing", "internal_crossing")),
}
"""Marker, size in points and kinds of node of each symbol."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What part of the map a panel shows: its lower left corner (km), its size (mm) and its scale (km a mm)."""

    left: float
    bottom: float
    width: float
    height: float
    scale: float

    def mm(self, x: float, y: float) -> tuple[float, float]:
        """Return a point of the map as mm from the panel's lower left corner."""
        return (x - self.left) / self.scale, (y - self.bottom) / self.scale

    def km(self, x: float, y: float) -> tuple[float, float]:
        """Return a point given in mm from the panel's lower left corner as a point of the map."""
        return self.left + x * self.scale, self.bottom + y * self.scale

    def bounds(self, margin: float = 0.0) -> tuple[float, float, float, float]:
        """Return the window's edges on the map (km), `margin` mm farther out: left, bottom, right, top."""
        return (*self.km(-margin, -margin), *self.km(self.width + margin, self.height + margin))

    def crossed_by(self, segments: Floats) -> NDArray[np.bool_]:
        """Return which segments (shape (s, 2, 2), km) may be seen in the window: whose box meets it."""
        left, bottom, right, top = self.bounds(1.0)
        low, high = segments.min(axis=1), segments.max(axis=1)
        found: NDArray[np.bool_] = (low[:, 0] < right) & (high[:, 0] > left) & (low[:, 1] < top) & (high[:, 1] > bottom)
        return found

    def holds(self, x: float, y: float, margin: float = 0.0) -> bool:
        """Return whether a point of the map lies in the window, `margin` mm from its edge."""
        right, up = self.mm(x, y)
        return margin <= right <= self.width - margin and margin <= up <= self.height - margin


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lines:
    """Hold links drawn as one line each: `link` the position of one of them, its ends, and all of `members`."""

    link: Ints
    tail: Ints
    head: Ints
    members: tuple[Ints, ...]

    def count(self, names: NDArray[np.str_]) -> int:
        """Return how many links of different names they are, drawn over one another or not."""
        return len({name for inside in self.members for name in names[inside].tolist()})


def _around(lon: Floats, lat: Floats) -> tuple[float, float, float, float]:
    """Return an extent with all points well inside, neither flat nor narrow."""
    middle = ((lon.min() + lon.max()) / 2, (lat.min() + lat.max()) / 2)
    across, up = 0.6 * np.ptp(lon) + ROOM_DEGREES, 0.6 * np.ptp(lat) + ROOM_DEGREES
    across, up = max(across, 0.6 * up), max(up, 0.6 * across)
    return float(middle[0] - across), float(middle[1] - up), float(middle[0] + across), float(middle[1] + up)


def draw_scale(axes: Axes, window: Window, style: Style, *, share: float, aside: float = 0.0) -> Box:
    """Draw the longest scale bar within a `share` of the map, `aside` of its right edge; return its box, mm."""
    km = max(bar for bar in SCALE_BARS_KM if bar <= share * window.width * window.scale)
    left = window.width - 3.0 - aside - km / window.scale
    draw_scale_bar(axes, window.km(left, 2.5), style, km=km)
    return left - 2.0, 0.0, window.width, 7.0


class MapData:
    """A run on the map: projected nodes, roads as single lines, pipelines, and the ground.

    Parameters
    ----------
    run
        The run.
    style
        For which reader and page.
    extent
        What the maps show, degrees: west, south, east, north; None: what suits the network.
    """

    def __init__(
        self, run: "xr.Dataset", style: Style, extent: tuple[float, float, float, float] | None = None
    ) -> None:
        self.style = style
        self.reading = reading = Reading(run, style)
        lon, lat = reading["lon"], reading["lat"]
        inside = ~np.isin(reading["kind"], OUTSIDE_KINDS)
        whole = _around(lon[inside], lat[inside])
        focus = read_focus(BASEMAP, str(reading.attrs.get("network", "")))
        west, south, east, north = extent or (focus.box if focus else whole)
        self.landmarks = [reading.position[name] for name in (focus.names if focus else ()) if name in reading.position]
        self.projection = Projection((west + east) / 2, (south + north) / 2)
        self.x, self.y = self.projection.project(lon, lat)
        known = BASEMAP if focus else Path()
        self.basemap: Basemap = read_basemap(known, self.projection, (self.x[inside], self.y[inside]))
        corners = self.projection.project(np.array([west, east, west, east]), np.array([south, south, north, north]))
        self.low = (float(corners[0].min()), float(corners[1].min()))
        self.high = (float(corners[0].max()), float(corners[1].max()))
        self.roads = self._lines(reading["mode"] == ROAD)
        self.pipelines = self._lines(reading["mode"] != ROAD)
        self.inside = inside

    def _lines(self, wanted: NDArray[np.bool_]) -> Lines:
        """Return the wanted links, those between the same two nodes as one: the fastest speaks for them."""
        reading = self.reading
        link = np.flatnonzero(wanted)
        ends = np.sort(np.column_stack([reading["tail"][link], reading["head"][link]]), axis=1)
        order = np.lexsort((reading["hours"][link], ends[:, 1], ends[:, 0]))
        _, first, group = np.unique(ends[order], axis=0, return_index=True, return_inverse=True)
        members = tuple(link[order][group.ravel() == number] for number in range(first.size))
        chosen = link[order][first]
        return Lines(link=chosen, tail=reading["tail"][chosen], head=reading["head"][chosen], members=members)

    def as_roads(self) -> Roads:
        """Return the roads as zones need them."""
        hours = self.reading["hours"][self.roads.link]
        return Roads(x=self.x, y=self.y, tail=self.roads.tail, head=self.roads.head, hours=hours)

    def window(self, width: float, height: float) -> Window:
        """Return the window of a panel of a size in mm: the whole extent, widened where the panel leaves room."""
        wide, high = self.high[0] - self.low[0], self.high[1] - self.low[1]
        scale = max(wide / width, high / height)
        left = self.low[0] - (width * scale - wide) / 2
        bottom = self.low[1] - (height * scale - high) / 2
        return Window(left=left, bottom=bottom, width=width, height=height, scale=scale)

    def segments(self, lines: Lines) -> Floats:
        """Return the lines' ends, shape (lines, 2, 2), km."""
        tails = np.column_stack([self.x[lines.tail], self.y[lines.tail]])
        heads = np.column_stack([self.x[lines.head], self.y[lines.head]])
        return np.stack([tails, heads], axis=1)

    def major(self) -> NDArray[np.bool_]:
        """Return which of the roads are motorways or trunk roads."""
        found: NDArray[np.bool_] = np.isin(self.reading["road_class"][self.roads.link], MAJOR_CLASSES)
        return found

    def places_by_weight(self) -> list[int]:
        """Return the places (node positions), those first whose names a map needs most.

        First come the landmarks of the base map. The order of the others is that of population times the squared
        distance to the nearest more populous place: a city before its suburbs, and the only town of a desert before
        the tenth of a plain.
        """
        place: Ints = self.reading.inhabited
        people, at = self.reading["population"][place], np.column_stack([self.x, self.y])[place]
        apart = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1))
        apart[people[None] <= people[:, None]] = ALONE_KM
        weight = people * np.minimum(apart.min(axis=1), ALONE_KM) ** 2
        ordered: list[int] = place[np.argsort(-weight, kind="stable")].tolist()
        return list(dict.fromkeys([*self.landmarks, *ordered]))

    def draw_roads(self, axes: Axes, window: Window, *, widths: tuple[float, float]) -> None:
        """Draw the roads in two widths, motorways and trunk roads the wider."""
        segments, major = self.segments(self.roads), self.major()
        seen = window.crossed_by(segments)
        for wanted, width, colour in ((~major, widths[1], MINOR_ROAD), (major, widths[0], MAJOR_ROAD)):
            lines = LineCollection(
                list(segments[wanted & seen]), colors=colour, linewidths=width, zorder=4, capstyle="round"
            )
            axes.add_collection(lines, autolim=False)

    def draw_pipelines(self, axes: Axes, window: Window, *, width: float = 0.4, colour: str = PIPELINE) -> None:
        """Draw the pipelines dashed."""
        segments = self.segments(self.pipelines)
        seen = segments[window.crossed_by(segments)]
        drawn = LineCollection(list(seen), colors=colour, linewidths=width, linestyles=DASHES, zorder=4)
        axes.add_collection(drawn, autolim=False)

    def draw_symbols(self, axes: Axes, window: Window) -> list[Box]:
        """Draw ports, refineries and crossings, and return the boxes they take, mm."""
        boxes = []
        for marker, size, kinds in SYMBOLS.values():
            at = np.flatnonzero(np.isin(self.reading["kind"], kinds))
            at = at[[window.holds(x, y, 0.8) for x, y in zip(self.x[at], self.y[at], strict=True)]]
            axes.plot(
                self.x[at], self.y[at], linestyle="", marker=marker, markersize=size, markerfacecolor="white",
                markeredgecolor=INK, markeredgewidth=0.6, zorder=6, scalex=False, scaley=False,
            )  # fmt: skip
            mm = size / 72 * 25.4 + 0.2
            boxes += [box_around(*window.mm(self.x[node], self.y[node]), mm, mm) for node in at.tolist()]
        return boxes

    def road_numbers(self) -> list[str]:
        """Return the numbers of the motorways, the longest within the country first."""
        reading, link = self.reading, self.roads.link
        here = self.inside[self.roads.tail] & self.inside[self.roads.head]
        number, motorway = reading["road_number"][link], reading["road_class"][link] == "motorway"
        length = {
            str(one): float(reading["length_km"][link][(number == one) & motorway & here].sum())
            for one in np.unique(number[motorway & here])
            if one
        }
        return sorted(length, key=lambda one: (-length[one], one))

    def draw_road_numbers(self, axes: Axes, window: Window, taken: list[Box], *, most: int) -> list[Box]:
        """Name the longest motorways once each along their line, where nothing stands yet, or joined to it by a line.

        Returns the boxes they take, mm.
        """
        drawn: list[Box] = []
        for number in self.road_numbers()[:most]:
            width, height = text_size_mm(number, self.style.points("small"), bold=True)
            boxes = self._along(number, window, (width + 0.9, height + 0.5))
            free = ((at, box) for at, box in boxes if not any(overlap(box, other) for other in [*taken, *drawn]))
            at, box = next(free, (None, None))
            if at is None or box is None:
                continue
            drawn.append(box)
            x, y = window.km((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
            axes.plot([at[0], x], [at[1], y], color=INK, linewidth=0.5, zorder=6.4, scalex=False, scaley=False)
            plate = {"boxstyle": "round,pad=0.18", "facecolor": MAJOR_ROAD, "edgecolor": "white", "linewidth": 0.4}
            axes.text(
                x, y, number, ha="center", va="center_baseline", color="white", weight="bold",
                fontsize=self.style.points("small"), bbox=plate, zorder=7,
            )  # fmt: skip
        return drawn

    def _along(
        self, number: str, window: Window, size: tuple[float, float]
    ) -> Iterator[tuple[tuple[float, float], Box]]:
        """Yield points on the roads of a number (km) and where its plate may stand (mm).

        Those on the road come first, nearest the middle of the window, then those beside it, nearest the road.
        """
        mine = np.flatnonzero(self.reading["road_number"][self.roads.link] == number)
        ends = self.segments(self.roads)[mine]
        points = np.concatenate([ends[:, 0] + part * (ends[:, 1] - ends[:, 0]) for part in PARTS])
        middle = np.array(window.km(window.width / 2, window.height / 2))
        order = np.argsort(np.hypot(*(points - middle).T), kind="stable")
        seen = [(x, y) for x, y in points[order].tolist() if window.holds(x, y, PLATE_EDGE_MM)]
        roads = self._samples(window)
        for away in BESIDE_MM:
            for x, y in seen:
                right, up = window.mm(x, y)
                for east, north in BESIDE if away else ((0.0, 0.0),):
                    box = box_around(right + away * east, up + away * north, *size)
                    inside = min(box[:2]) > 0 and box[2] < window.width and box[3] < window.height
                    if inside and not (away and np.any(np.all((roads > box[:2]) & (roads < box[2:]), axis=1))):
                        yield (x, y), box

    def _samples(self, window: Window) -> Floats:
        """Return points along the motorways and trunk roads, mm: a plate beside its road lies on no other."""
        ends = (self.segments(self.roads)[self.major()] - (window.left, window.bottom)) / window.scale
        share = np.linspace(0, 1, SAMPLES)[:, None, None]
        points: Floats = (ends[:, 0] + share * (ends[:, 1] - ends[:, 0])).reshape(-1, 2)
        return points
