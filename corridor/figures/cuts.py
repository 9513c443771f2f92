"""The roads that carry nothing at an instant: cut by a front, or closed within one territory."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from numpy.typing import NDArray

from corridor.figures import words
from corridor.figures.key import Sign
from corridor.figures.mapped import MapData, Window
from corridor.figures.sheet import Table
from corridor.figures.style import INK
from corridor.figures.zones import Zones
from corridor.network import Floats, Ints

__all__ = ["Cuts"]


FRONT_BAR_MM, FRONT_ROAD_MM, APART_MM = 1.5, 1.6, 2.0
"""The marks of roads cut by a front: the bar across the road, the piece of road, and the distance between two."""
CLEAR_MM = 1.1
"""How far the mark of a cut side road keeps from places named and from motorways and trunk roads that are not cut."""
SHIFTS = (0.0, 0.1, -0.1, 0.2, -0.2, 0.3, -0.3, 0.4, -0.4, 0.5, -0.5, 0.6, -0.6)
CLOSED_MARKER, CLOSED_POINTS = "X", 4.2


class Cuts:
    """Which of the roads drawn lead nowhere, and their marks.

    Parameters
    ----------
    data
        The run on the map.
    found
        The zones, which say where along a road its front is.
    """

    def __init__(self, data: MapData, found: Zones) -> None:
        self.data, self.reading = data, data.reading
        self.share = np.nan_to_num(found.border, nan=0.5)
        roads = data.roads
        self.here = data.inside[roads.tail] & data.inside[roads.head]

    def fronts(self, epoch: int) -> Ints:
        """Return which roads (positions among those drawn) join places of different holders."""
        roads, holder = self.data.roads, self.reading["holder"][epoch]
        return np.flatnonzero((holder[roads.tail] != holder[roads.head]) & self.here)

    def closed(self, epoch: int) -> Ints:
        """Return which roads (positions among those drawn) are closed both ways though one actor holds both ends."""
        roads, holder, share = self.data.roads, self.reading["holder"][epoch], self.reading["link_share"][epoch]
        shut = np.array([not share[members].any() for members in roads.members], dtype=bool)
        return np.flatnonzero(shut & (holder[roads.tail] == holder[roads.head]) & self.here)

    def _points(self, chosen: Ints, share: Floats) -> tuple[Floats, Floats]:
        """Return the point at a share of each road, and its ends' difference, km."""
        ends = self.data.segments(self.data.roads)[chosen]
        along = ends[:, 1] - ends[:, 0]
        return ends[:, 0] + share[:, None] * along, along

    def _shown(self, epoch: int, window: Window, without: Window | None) -> tuple[Ints, Floats]:
        """Return the fronts to mark, and at what share of its road each: where it cuts nothing but its own road.

        A side road whose mark would lie on an open motorway, or on a place that the run shows, wherever it stood has
        none; what is enlarged elsewhere has none either.
        """
        front, data = self.fronts(epoch), self.data
        major, share = data.major(), self.share[front].copy()
        whole = np.setdiff1d(np.flatnonzero(major), front)
        roads = data.segments(data.roads)[whole]
        shown = [data.reading.position[place] for place in data.reading.listed("show_places")]
        places = np.column_stack([data.x[shown], data.y[shown]])
        keep = np.ones(front.size, dtype=bool)
        for number, road in enumerate(front.tolist()):
            at = np.array([share[number] + shift for shift in SHIFTS if 0.0 <= share[number] + shift <= 1.0])
            points, _ = self._points(np.full(at.size, road), at)
            clear = _distance(points, np.stack([places, places], axis=1)) >= CLEAR_MM * window.scale
            if not major[road]:
                clear &= _distance(points, roads) >= CLEAR_MM * window.scale
            best = int(np.argmax(clear))
            share[number] = at[best]
            elsewhere = without is not None and without.holds(*points[best].tolist())
            keep[number] = not elsewhere and (bool(clear[best]) or bool(major[road]))
        return front[keep], share[keep]

    def draw(self, axes: Axes, window: Window, epoch: int, *, without: Window | None = None) -> None:
        """Draw a bar across the road where the zones of two holders meet, and a cross on a closed road.

        Parameters
        ----------
        without
            A part of the map in which no bar is drawn, as it is enlarged elsewhere.
        """
        closed = self.closed(epoch)
        front, share = self._shown(epoch, window, without)
        middle, along = self._points(front, share)
        length = np.maximum(np.hypot(*along.T), 1e-9)[:, None]
        unit = along / length
        apart = _thinned(middle, self.data.major()[front], APART_MM * window.scale)
        bar = np.stack([-unit[:, 1], unit[:, 0]], axis=1) * FRONT_BAR_MM / 2 * window.scale
        piece = unit * np.minimum(FRONT_ROAD_MM * window.scale, length) / 2
        for half, width in ((piece, 0.9), (bar, 1.2)):
            drawn = np.stack([middle - half, middle + half], axis=1)[apart]
            lines = LineCollection(list(drawn), colors=INK, linewidths=width, zorder=5, label="fronts")
            axes.add_collection(lines, autolim=False)
        at, _ = self._points(closed, np.full(closed.size, 0.5))
        axes.plot(
            at[:, 0], at[:, 1], linestyle="", marker=CLOSED_MARKER, markersize=CLOSED_POINTS, markerfacecolor="white",
            markeredgecolor=INK, markeredgewidth=0.6, zorder=5.5, scalex=False, scaley=False, label="closed",
        )  # fmt: skip

    def signs(self, window: Window, epochs: Sequence[int]) -> list[Sign]:
        """Return what the marks mean, of those that the maps at these epochs show."""
        language = self.data.style.language
        signs = [Sign(words=words.word("front", language), line="-", width=1.0, marker="|", size=5.0)]
        at = [self._points(closed, np.full(closed.size, 0.5))[0] for closed in map(self.closed, epochs)]
        if any(window.holds(x, y) for x, y in np.concatenate(at).tolist()):
            told = words.word("closed", language)
            signs.append(Sign(words=told, marker=CLOSED_MARKER, size=CLOSED_POINTS, face="white"))
        return signs

    def table(self, hours: Sequence[float]) -> Table:
        """Return one row for each instant and road marked."""
        reading, roads = self.reading, self.data.roads
        names = ("instant", "link_id", "tail", "head", "tail_holder", "head_holder", "cut", "border_share")
        columns: dict[str, list[object]] = {name: [] for name in names}
        for hour in hours:
            epoch = reading.epoch_at(hour)
            marked = [("front", line) for line in self.fronts(epoch).tolist()]
            marked += [("closed", line) for line in self.closed(epoch).tolist()]
            for cut, line in marked:
                ends = int(roads.tail[line]), int(roads.head[line])
                values = (
                    reading.moment(hour).isoformat(),
                    str(reading["link_id"][roads.link[line]]),
                    *(str(reading["node_id"][node]) for node in ends),
                    *(reading.actor_id(int(reading["holder"][epoch, node])) for node in ends),
                    cut,
                    float(self.share[line]) if cut == "front" else 0.5,
                )
                for column, value in zip(columns.values(), values, strict=True):
                    column.append(value)
        return columns


def _distance(points: Floats, segments: Floats) -> Floats:
    """Return how far each point (p, 2) is from the nearest segment (s, 2, 2), `inf` if there is none."""
    along = segments[:, 1] - segments[:, 0]
    length = np.maximum((along**2).sum(axis=1), 1e-12)
    away = points[:, None] - segments[None, :, 0]
    share = np.clip((away * along).sum(axis=2) / length, 0.0, 1.0)
    found: Floats = np.hypot(*(away - share[..., None] * along).transpose(2, 0, 1)).min(axis=1, initial=np.inf)
    return found


def _thinned(points: Floats, first: NDArray[np.bool_], apart: float) -> list[int]:
    """Return which points to mark so that no two marks are nearer than `apart`, the `first` before the others."""
    kept: list[int] = []
    for number in np.argsort(~first, kind="stable").tolist():
        if all(np.hypot(*(points[number] - points[other])) >= apart for other in kept):
            kept.append(number)
    return kept
