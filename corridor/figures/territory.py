"""The map of who holds what: zones by holder and pocket, at the instants that the scenario asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.figure import Figure

from corridor.figures import words
from corridor.figures.cutout import Cutout, cutout, draw_extent, split_place
from corridor.figures.cuts import Cuts
from corridor.figures.geography import draw_borders, draw_ground, draw_scale_bar, patches
from corridor.figures.holdings import Holdings
from corridor.figures.key import Sign, draw_key, key_height
from corridor.figures.mapped import (
    DASHES,
    MAJOR_ROAD,
    MINOR_ROAD,
    PIPELINE,
    SCALE_BARS_KM,
    SYMBOLS,
    MapData,
    Window,
)
from corridor.figures.naming import Limits, Name, draw_names
from corridor.figures.reading import CONTESTED, Reading
from corridor.figures.sheet import Sheet, Table
from corridor.figures.style import (
    CONTESTED_COLOUR,
    CONTESTED_HATCH,
    HATCHES,
    INK,
    MUTED,
    Frame,
    Style,
    shades,
    text_size_mm,
)
from corridor.figures.zones import Zones, zones

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["plot_territory"]

GAP_MM, SPARE_MM = 2.0, 4.0
GREY_GROUNDS = ("#f1f1f1", "#f8f8f8", "#ffffff")
TALLEST_MM = {"column": 225.0, "page": 205.0, "slide": 92.0}
"""What the panels of a figure may take from top to bottom."""
MM2_PER_NAME = 260.0
MOST_PANELS = {"column": 12, "page": 12, "slide": 4}
MOST_ROADS = 2
CUTOUT_SHARE, CUTOUT_KM, CUTOUT_NAMES = 0.42, 13.0, 2
"""What share of a panel's width its enlarged part takes, how far this reaches from its middle, and its names."""
OPEN_ROAD = 1.8
"""The width of a road open within the territory, in an enlarged part, points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """How panels of one size stand in rows: mm."""

    columns: int
    rows: int
    width: float
    height: float

    @property
    def total(self) -> float:
        """Return the height of all rows, without headings."""
        return self.rows * self.height


def plot_territory(
    run: "xr.Dataset",
    *,
    style: Style | None = None,
    figure: Figure | None = None,
    extent: tuple[float, float, float, float] | None = None,
) -> Sheet:
    """Draw the zones by holder at the instants of the run's `show_maps`, pockets of one actor in three lightnesses.

    Parameters
    ----------
    run
        The run.
    style
        For which reader and page.
    figure
        An empty figure to draw in.
    extent
        What the maps show, degrees: west, south, east, north.
    """
    style = style or Style()
    with style.context():
        data = MapData(run, style, extent)
        reading = data.reading
        hours = [reading.hour(instant) for instant in reading.listed("show_maps")] or [0.0, reading.horizon]
        hours = _chosen(hours, reading.split_hour(reading.show_actor()), MOST_PANELS[style.size])
        found = zones(data.as_roads(), reading.inhabited, data.basemap.country)
        return _Territory(data, found, hours).sheet(figure)


class _Territory:
    """The figure while it is drawn."""

    def __init__(self, data: MapData, found: Zones, hours: Sequence[float]) -> None:
        self.data, self.zones, self.hours = data, found, hours
        self.reading, self.style = data.reading, data.style
        self.actor = data.reading.show_actor()
        self.epochs = [data.reading.epoch_at(hour) for hour in hours]
        self.cuts = Cuts(data, found)
        self.holdings = Holdings(data.reading, found)
        self.middle = split_place(data)
        split = self.reading.split(self.actor)
        around = [] if split is None or self.middle is None else self.epochs
        before = [number for number, epoch in enumerate(around) if epoch < (split or 0)][-1:]
        after = [number for number, epoch in enumerate(around) if epoch >= (split or 0)][:1]
        self.enlarged = {*before, *after}
        """The panels in which what splits the territory is enlarged."""

    def sheet(self, figure: Figure | None) -> Sheet:
        """Return the figure drawn."""
        reading, style = self.reading, self.style
        head = style.line("text") + style.line("small") + 1.0
        grid = self._grid(head)
        window = self.data.window(grid.width, grid.height)
        signs = self._signs(window)
        key = key_height(signs, style, style.width - 4)
        title = _title(reading, self.actor, self.epochs)
        frame = Frame(
            style, grid.total + grid.rows * head + (grid.rows - 1) * GAP_MM + key + 2.0,
            title=title, subtitle=words.period("territory_subtitle", reading), notes=_notes(reading), figure=figure,
        )  # fmt: skip
        spare = frame.top - frame.bottom - key - 2.0 - grid.rows * (grid.height + head) - (grid.rows - 1) * GAP_MM
        top = frame.top - min(spare / 3, SPARE_MM)
        told = self._told(grid.width)
        for number in range(len(self.hours)):
            row, column = divmod(number, grid.columns)
            if style.start == "right":
                column = grid.columns - 1 - column
            left = frame.left + column * (grid.width + GAP_MM)
            bottom = top - (row + 1) * (grid.height + head) - row * GAP_MM
            axes = frame.axes(left, bottom, grid.width, grid.height)
            self._heading(frame, (left, bottom + grid.height, grid.width), number, told[number])
            self._panel(axes, window, number, (frame, left, bottom))
        draw_key(
            frame,
            signs,
            left=frame.left,
            top=top - grid.rows * (grid.height + head) - (grid.rows - 1) * GAP_MM - 2.0 - min(spare / 3, SPARE_MM),
            width=frame.right - frame.left,
        )
        return Sheet(
            name="territory", figure=frame.figure, title=title, alt=self._alt(title), style=style,
            tables={"": self._table(), "front_links": self.cuts.table(self.hours), **self.holdings.tables()},
        )  # fmt: skip

    def _grid(self, head: float) -> Grid:
        """Return the grid whose panels are largest."""
        inner, number = self.style.width - 4, len(self.hours)
        tall = (self.data.high[1] - self.data.low[1]) / (self.data.high[0] - self.data.low[0])
        best = Grid(columns=1, rows=1, width=0.0, height=0.0)
        for columns in range(1, number + 1):
            rows = -(-number // columns)
            width = (inner - (columns - 1) * GAP_MM) / columns
            height = min(width * tall, TALLEST_MM[self.style.size] / rows - head)
            if height > best.height + 1e-9:
                best = Grid(columns=columns, rows=rows, width=width, height=height)
        return best

    def _told(self, width: float) -> list[str]:
        """Return how many pockets and how long a front the actor has in each panel, in the longest form that fits all.

        A title that names the actor lets the panels do without its name rather than without the front.
        """
        style, actor = self.style, self.reading.actor_names[self.actor]
        named = actor in _title(self.reading, self.actor, self.epochs)
        short = [("", True), (actor, False)]
        forms = [(actor, True), *(short if named else short[::-1]), ("", False)]
        told = [[self._about(epoch, name, front=front) for epoch in self.epochs] for name, front in forms]
        points = style.points("small")
        return next((one for one in told if max(text_size_mm(text, points)[0] for text in one) <= width), told[-1])

    def _about(self, epoch: int, name: str, *, front: bool) -> str:
        """Return how many pockets the actor has in an epoch, with its name unless empty, and how long a front."""
        language = self.style.language
        told = words.pockets(int(self.reading["substantial_pockets"][epoch, self.actor]), language, actor=name)
        km = float(f"{self.holdings.front_km(epoch, self.actor):.2g}")
        return words.word("with_front", language, pockets=told, km=f"{km:,.0f}") if front and km else told

    def _heading(self, frame: Frame, at: tuple[float, float, float], number: int, told: str) -> None:
        """Write over a panel when it is and what it shows."""
        reading, style = self.reading, self.style
        left, bottom, width = at
        x = left if style.start == "left" else left + width
        moment = reading.moment(self.hours[number])
        when = [words.instant(moment, style.language, short=short) for short in (False, True)]
        for text, role, weight, up in (
            (_fitting(when, width, style.points("text"), bold=True), "text", "bold", style.line("small")),
            (told, "small", "normal", 0.0),
        ):
            frame.text(x, bottom + up + 0.8, text, role=role, weight=weight, ha=style.start, va="bottom")

    def _panel(self, axes: Axes, window: Window, number: int, at: tuple[Frame, float, float]) -> None:
        """Draw the map of one instant, whose lower left corner stands `at` a frame's left and bottom, mm."""
        data, epoch = self.data, self.epochs[number]
        axes.set(
            xlim=(window.left, window.left + window.width * window.scale),
            ylim=(window.bottom, window.bottom + window.height * window.scale),
            xticks=[], yticks=[],
        )  # fmt: skip
        draw_ground(axes, data.basemap, self.style)
        self._fill(axes, window, epoch)
        draw_borders(axes, data.basemap, self.style)
        data.draw_roads(axes, window, widths=(0.8, 0.4))
        data.draw_pipelines(axes, window)
        taken = data.draw_symbols(axes, window)
        part = self._enlarge(axes, window, number, at)
        self.cuts.draw(axes, window, epoch, without=part.window if part else None)
        taken += [part.covers] if part else []
        plain = [one for one in range(len(self.hours)) if one not in self.enlarged]
        if number == max(plain, default=0) and not part:
            km = max(bar for bar in SCALE_BARS_KM if bar <= 0.3 * window.width * window.scale)
            corner = window.km(window.width - 2.5 - km / window.scale, 2.0)
            draw_scale_bar(axes, corner, self.style, km=km)
        taken.append((window.width * 0.62, 0.0, window.width, 6.0))
        limits = Limits(names=max(4, round(window.width * window.height / MM2_PER_NAME)), roads=MOST_ROADS)
        draw_names(axes, data, window, self._names(epoch), taken=taken, limits=limits)

    def _enlarge(self, axes: Axes, window: Window, number: int, at: tuple[Frame, float, float]) -> Cutout | None:
        """Draw the place at which the territory splits, with the roads open within it, in a corner of its map."""
        if number not in self.enlarged or self.middle is None:
            return None
        data, epoch, (frame, left, bottom) = self.data, self.epochs[number], at
        node, side = self.middle, CUTOUT_SHARE * window.width
        middle = float(data.x[node]), float(data.y[node])
        part = cutout(frame, window, (left, bottom), side=side, middle=middle, reach=CUTOUT_KM)
        draw_ground(part.axes, data.basemap, self.style)
        self._fill(part.axes, part.window, epoch)
        data.draw_roads(part.axes, part.window, widths=(0.6, 0.4))
        held = self.reading["road_holder"][epoch] == self.actor
        mine = np.array([held[members].any() for members in data.roads.members], dtype=bool)
        lines = list(data.segments(data.roads)[mine])
        drawn = LineCollection(lines, colors=INK, linewidths=OPEN_ROAD, zorder=4.5, capstyle="round", label="open")
        part.axes.add_collection(drawn, autolim=False)
        others = [one for one in data.places_by_weight() if one != node and self.reading["kind"][one] != "district"]
        names = [Name(node=one, text=self.reading.names[one], must=one == node) for one in (node, *others)]
        limits = Limits(names=CUTOUT_NAMES, roads=1)
        draw_names(part.axes, data, part.window, names, taken=[], limits=limits)
        draw_extent(axes, part.window)
        return part

    def _fill(self, axes: Axes, window: Window, epoch: int) -> None:
        edge = MUTED if self.style.grey else "white"
        for (holder, shade), territory in self.holdings.territories(epoch).items():
            face, hatch, ink = _fill_of(self.reading, holder, shade)
            seen = shapely.clip_by_rect(territory, *window.bounds(2.0))
            zone = PatchCollection(
                patches(seen), facecolor=face, edgecolor=edge, linewidth=0.6, hatch=hatch or None, zorder=2,
                hatchcolor=ink, label=f"{self.reading.actor_id(holder)} {shade + 1}",
            )  # fmt: skip
            axes.add_collection(zone, autolim=False)

    def _names(self, epoch: int) -> list[Name]:
        """Return the names asked for: the places that the run shows, then the other pockets', then by population."""
        reading, style = self.reading, self.style
        shown = [reading.position[place] for place in reading.listed("show_places")]
        asked = {node: Name(node=node, text=reading.names[node], must=True) for node in shown}
        for actor in range(len(reading.actor_names)):
            for pocket in reading.pockets(epoch, actor):
                if not pocket.substantial or not self.data.inside[pocket.place]:
                    continue
                mine, text = actor == self.actor, reading.names[pocket.place]
                people = words.people(pocket.population, style.language) if mine else ""
                must = mine or pocket.place in shown
                asked[pocket.place] = Name(node=pocket.place, text=text, note=people, bold=mine, must=must)
        for node in self.data.places_by_weight():
            asked.setdefault(node, Name(node=node, text=reading.names[node]))
        return sorted(asked.values(), key=lambda name: not name.must)

    def _signs(self, window: Window) -> list[Sign]:
        reading, language = self.reading, self.style.language
        holders = np.unique(np.concatenate([reading["holder"][epoch][self.zones.places] for epoch in self.epochs]))
        tones = [_fill_of(reading, self.actor, shade) for shade in range(3)]
        told = words.word("pockets_key", language, actor=reading.actor_names[self.actor])
        signs = [Sign(words=told, fills=tuple(face for face, _, _ in tones))]
        for holder in [*(other for other in holders.tolist() if other not in {self.actor, CONTESTED}), CONTESTED]:
            face, hatch, ink = _fill_of(reading, holder, 0)
            name = words.word("contested", language) if holder == CONTESTED else reading.actor_names[holder]
            signs.append(Sign(words=name, fills=(face,), hatch=hatch, colour=ink))
        signs += self.cuts.signs(window, self.epochs)
        if self.enlarged and self.middle is not None:
            told = words.word(
                "open_road", language, place=reading.names[self.middle], actor=reading.actor_names[self.actor]
            )
            signs.append(Sign(words=told, line="-", width=OPEN_ROAD))
        signs += [
            Sign(words=words.word("major_road", language), line="-", width=0.9, colour=MAJOR_ROAD),
            Sign(words=words.word("minor_road", language), line="-", width=0.4, colour=MINOR_ROAD),
            Sign(words=words.word("pipeline", language), line=DASHES, width=0.5, colour=PIPELINE),
        ]
        return signs + [
            Sign(words=words.word(name, language), marker=marker, size=size, face="white")
            for name, (marker, size, _) in SYMBOLS.items()
        ]

    def _alt(self, title: str) -> str:
        reading = self.reading
        told = ", ".join(
            f"{reading.moment(hour):%d %b %H:%M} {int(reading['substantial_pockets'][epoch, self.actor])}"
            for hour, epoch in zip(self.hours, self.epochs, strict=True)
        )
        return f"{title}: maps at {len(self.hours)} instants with its number of substantial pockets ({told})."

    def _table(self) -> Table:
        """Return one row for each instant and zone."""
        reading, places = self.reading, self.zones.places
        area = shapely.area(self.zones.polygons)
        columns: dict[str, list[object]] = {}
        for hour, epoch in zip(self.hours, self.epochs, strict=True):
            pockets = {actor: reading.pockets(epoch, actor) for actor in range(len(reading.actor_names))}
            for number, node in enumerate(places.tolist()):
                holder, rank = int(reading["holder"][epoch, node]), int(reading["pocket"][epoch, node])
                pocket = next((one for one in pockets.get(holder, []) if one.rank == rank), None)
                row = {
                    "instant": reading.moment(hour).isoformat(),
                    "node_id": str(reading["node_id"][node]),
                    "name": reading.names[node],
                    "lon_degrees": float(reading["lon"][node]),
                    "lat_degrees": float(reading["lat"][node]),
                    "population_persons": float(reading["population"][node]),
                    "holder": reading.actor_id(holder),
                    "pocket_rank": rank,
                    "pocket_name": reading.names[pocket.place] if pocket else "",
                    "pocket_population_persons": pocket.population if pocket else 0.0,
                    "pocket_is_substantial": bool(pocket and pocket.substantial),
                    "zone_area_km2": float(area[number]),
                }
                for key, value in row.items():
                    columns.setdefault(key, []).append(value)
        return columns


def _fitting(texts: Sequence[str], width: float, points: float, *, bold: bool = False) -> str:
    """Return the first text that is no wider than `width` mm, or the last."""
    return next((text for text in texts if text_size_mm(text, points, bold=bold)[0] <= width), texts[-1])


def _fill_of(reading: Reading, holder: int, shade: int) -> tuple[str, str, str]:
    """Return the colour, the hatch and the hatch's colour in which a holder's zones are filled.

    In grey print the actor that the run is about has three plain greys, every other one a hatch on a light ground.
    """
    style, actor = reading.style, reading.show_actor()
    if holder == CONTESTED:
        return CONTESTED_COLOUR, CONTESTED_HATCH, "#9a9a9a"
    tones = shades(reading.actor_colour(holder), style)
    if not style.grey:
        return tones[shade], "", "#6a6a6a"
    if holder == actor:
        return tones[shade], "", INK
    return GREY_GROUNDS[shade], HATCHES[(holder + (holder < actor)) % len(HATCHES)], "#4a4a4a"


def _chosen(hours: Sequence[float], split: float | None, most: int) -> list[float]:
    """Return the instants to draw where there is no room for all: round the split, the ends, then the first ones."""
    before = [hour for hour in hours if split is not None and hour < split][-1:]
    after = [hour for hour in hours if split is not None and hour >= split][:1]
    wanted = list(dict.fromkeys([*before, *after, hours[0], hours[-1], *hours]))[:most]
    return [hour for hour in hours if hour in wanted]


def _title(reading: Reading, actor: int, epochs: Sequence[int]) -> str:
    language, name = reading.language, reading.actor_names[actor]
    split = reading.split(actor)
    if split is None or split > max(epochs):
        counts = reading["substantial_pockets"][: max(epochs) + 1, actor]
        if np.all(counts == 1):
            return words.word("stays_whole", language, actor=name)
        return words.word("who_holds", language, title=reading.attrs["title"])
    when = words.instant(reading.moment(float(reading["epoch_start"][split])), language)
    parts = words.parts(int(reading["substantial_pockets"][split, actor]), language)
    return words.word("splits", language, actor=name, count=parts, when=when)


def _notes(reading: Reading) -> list[str]:
    language = reading.language
    return [
        words.word("border_note", language) + " " + words.word("zones_note", language),
        words.sources(reading),
    ]
