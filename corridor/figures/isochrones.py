"""The map of isochrones: how many hours from the nearest source each place is, and which have no way at all."""

from typing import TYPE_CHECKING

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from corridor.case import EVERYBODY
from corridor.figures import words
from corridor.figures.cutout import cutout, draw_extent
from corridor.figures.geography import draw_borders, draw_ground, patches
from corridor.figures.key import Sign, draw_key, key_height
from corridor.figures.labels import Box, box_around
from corridor.figures.mapped import MAJOR_ROAD, MapData, Window, draw_scale
from corridor.figures.naming import Limits, Name, draw_names
from corridor.figures.reading import CONTESTED
from corridor.figures.sheet import Sheet, Table
from corridor.figures.style import CONTESTED_COLOUR, CONTESTED_HATCH, INK, MARGIN_MM, MUTED, Frame, Language, Style
from corridor.figures.zones import Zones, zones
from corridor.metrics import Isochrones
from corridor.network import Ints, Mask

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["plot_isochrones"]

TALLEST_MM = {"column": 170.0, "page": 190.0, "slide": 116.0}
KEY_MM = 72.0
"""What the key needs to stand beside the map, not below it."""
CUTOUT_SHARE, CUTOUT_KM, SEEN_MM2, MM2_PER_CLOSE_NAME = 0.28, 8.0, 60.0, 150.0
"""What share of the map's width its enlarged part takes and how far this reaches, for zones smaller than are seen."""
MM2_PER_NAME, MOST_ROADS, MOST_NAMED = 420.0, 2, 3
FARTHEST, NEAREST = 0.22, 0.98
"""What part of the map of colours the bands take: the farther, the darker, but a road can still be seen."""
OTHERS, EDGE, PALE = "#e9e9e9", "#ffffff", "#9a9a9a"
NO_WAY, NEVER = ("#ffffff", "xxxxx"), ("#ffffff", "....")
SOURCE, SOURCE_POINTS = "*", 6.0


def plot_isochrones(
    run: "xr.Dataset",
    found: Isochrones,
    *,
    hour: float = 0.0,
    style: Style | None = None,
    figure: Figure | None = None,
    extent: tuple[float, float, float, float] | None = None,
) -> Sheet:
    """Draw the zones of places by their hours from the nearest source, those without a way hatched.

    Parameters
    ----------
    run
        The run, or what is known of its case without one.
    found
        What `corridor.metrics.isochrones` returned for the same case.
    hour
        When, hours since the start.
    style
        For which reader and page.
    figure
        An empty figure to draw in.
    extent
        What the map shows, degrees: west, south, east, north.
    """
    style = style or Style()
    with style.context():
        data = MapData(run, style, extent)
        return _IsochroneMap(data, found, hour).sheet(figure)


class _IsochroneMap:
    """The figure while it is drawn."""

    def __init__(self, data: MapData, found: Isochrones, hour: float) -> None:
        self.data, self.found, self.hour = data, found, hour
        self.reading, self.style = data.reading, data.style
        self.zones: Zones = zones(data.as_roads(), self.reading.inhabited, data.basemap.country)
        self.band = _bands(found)
        self.persons = np.where(found.asked, found.persons, 0.0)

    def sheet(self, figure: Figure | None) -> Sheet:
        """Return the figure drawn."""
        data, style = self.data, self.style
        signs = self._signs()
        width = style.width - 2 * MARGIN_MM
        tall = (data.high[1] - data.low[1]) / (data.high[0] - data.low[0])
        height = min(width * tall, TALLEST_MM[style.size])
        across = height / tall
        beside = width - across > KEY_MM + MARGIN_MM
        key_width = KEY_MM if beside else width
        window = self._wide_window(height, width - KEY_MM - MARGIN_MM) if beside else data.window(across, height)
        across = window.width
        key = key_height(signs, style, key_width)
        title = self._title()
        frame = Frame(
            style, height + (0.0 if beside else key + 2.0), title=title, subtitle=self._subtitle(),
            notes=[
                f"{words.word('border_note', style.language)} {words.word('isochrones_note', style.language)}",
                words.sources(self.reading),
            ],
            figure=figure,
        )  # fmt: skip
        start = style.start == "left"
        spare = 0.0 if beside else (width - across) / 2
        left = frame.left + spare if start else frame.right - spare - across
        self._draw_map(frame, window, (left, frame.top - height))
        key_left = left + across + MARGIN_MM if start else left - MARGIN_MM - key_width
        at = (key_left, frame.top) if beside else (frame.left, frame.top - height - 2.0)
        draw_key(frame, signs, left=at[0], top=at[1], width=key_width)
        return Sheet(
            name="isochrones", figure=frame.figure, title=title, alt=self._alt(title), style=style,
            tables={"": self._table()},
        )  # fmt: skip

    def _wide_window(self, height: float, most: float) -> Window:
        """Return the window of a panel of a height, mm, that has room for what lies east of the map, `most` mm wide."""
        data = self.data
        scale = (data.high[1] - data.low[1]) / height
        east = max(data.high[0], float(data.x[data.inside].max()) + 1.0)
        wide = min((east - data.low[0]) / scale, most)
        return Window(left=data.low[0], bottom=data.low[1], width=wide, height=height, scale=scale)

    def _draw_map(self, frame: Frame, window: Window, corner: tuple[float, float]) -> None:
        """Draw the map, whose lower left corner stands at a point of the frame, mm."""
        data, style, width = self.data, self.style, window.width
        axes = frame.axes(*corner, width, window.height)
        west, south, east, north = window.bounds()
        axes.set(xlim=(west, east), ylim=(south, north), xticks=[], yticks=[])
        draw_ground(axes, data.basemap, style)
        self._fill(axes, window)
        draw_borders(axes, data.basemap, style)
        data.draw_roads(axes, window, widths=(0.7, 0.4))
        taken = self._draw_sources(axes, window)
        middle = self._enlarged(window)
        side = CUTOUT_SHARE * width if middle is not None else 0.0
        if middle is not None:
            taken.append(self._enlarge(frame, axes, window, corner, middle))
        taken.append(draw_scale(axes, window, style, share=0.2, aside=side))
        limits = Limits(names=round(width * window.height / MM2_PER_NAME), roads=MOST_ROADS)
        draw_names(axes, data, window, self._names(), taken=taken, limits=limits)

    def _enlarged(self, window: Window) -> int | None:
        """Return the place with most people without a way if all their zones are too small to be seen on the map."""
        places = self.zones.places
        lacking = np.where(self.found.cut_off | self.found.never, self.persons, 0.0)[places]
        seen = float(shapely.area(self.zones.polygons[lacking > 0]).sum()) / window.scale**2
        return int(places[np.argmax(lacking)]) if lacking.any() and seen < SEEN_MM2 else None

    def _enlarge(self, frame: Frame, axes: Axes, window: Window, corner: tuple[float, float], node: int) -> Box:
        """Draw what lies round a place enlarged in the corner of the map, and return the box that this covers, mm."""
        data, side = self.data, CUTOUT_SHARE * window.width
        middle = float(data.x[node]), float(data.y[node])
        part = cutout(frame, window, corner, side=side, middle=middle, reach=CUTOUT_KM)
        draw_ground(part.axes, data.basemap, self.style)
        self._fill(part.axes, part.window)
        data.draw_roads(part.axes, part.window, widths=(0.7, 0.4))
        taken = self._draw_sources(part.axes, part.window)
        others = [name for name in self._names() if name.node != node and not name.must]
        names = [Name(node=node, text=self.reading.names[node], must=True), *others]
        limits = Limits(names=max(2, round(side * side / MM2_PER_CLOSE_NAME)), roads=0)
        draw_names(part.axes, data, part.window, names, taken=taken, limits=limits)
        draw_extent(axes, part.window)
        return part.covers

    def _looks(self) -> list[tuple[str, Mask, tuple[str, str]]]:
        """Return the bands that somebody is in: the words of each, its nodes, and its colour and hatch."""
        found, language = self.found, self.style.language
        tones = self.style.quantity_map()(np.linspace(NEAREST, FARTHEST, len(found.within) + 1))
        limits = ["", *(f"{hours:g}" for hours in found.within), ""]
        keys = ["band_first", *["band"] * (len(found.within) - 1), "band_last"]
        rows = [(key, self.band == number, (to_hex(tones[number]), "")) for number, key in enumerate(keys)] + [
            ("no_way_key", found.cut_off, NO_WAY),
            ("never_key", found.never, NEVER),
        ]
        looks = []
        for number, (key, nodes, look) in enumerate(rows):
            low, high = limits[number : number + 2] if number < len(keys) else ("", "")
            people = words.people(float(self.persons[nodes].sum()), language)
            if self.persons[nodes].any():
                looks.append((words.word(key, language, low=low, high=high, people=people), nodes, look))
        return looks

    def _fill(self, axes: Axes, window: Window) -> None:
        """Fill the zones by band, and those of others."""
        holder = self.reading["holder"][self.reading.epoch_at(self.hour)]
        others = ~self.found.asked & (holder != CONTESTED)
        looks = [*self._looks(), ("others", others, (OTHERS, "")), ("contested", holder == CONTESTED, _CONTESTED)]
        for text, nodes, (face, hatch) in looks:
            places = np.flatnonzero(nodes[self.zones.places])
            if not places.size:
                continue
            whole = shapely.union_all(shapely.clip_by_rect(self.zones.polygons[places], *window.bounds(2.0)))
            zone = PatchCollection(
                patches(whole), facecolor=face, edgecolor=EDGE if not hatch else PALE, linewidth=0.4,
                hatch=hatch or None, hatchcolor=PALE if text == "contested" else MUTED, zorder=2, label=text,
            )  # fmt: skip
            axes.add_collection(zone, autolim=False)

    def _sources(self) -> tuple[Ints, Ints]:
        """Return the origins in the hands of who is asked about, and those in others'."""
        mine = self.found.asked[self.found.origins]
        return self.found.origins[mine], self.found.origins[~mine]

    def _draw_sources(self, axes: Axes, window: Window) -> list[Box]:
        """Draw where the ways begin, and return the boxes that this takes, mm."""
        data, boxes = self.data, []
        for nodes, face in zip(self._sources(), (INK, "#ffffff"), strict=True):
            at = nodes[[window.holds(x, y, 0.8) for x, y in zip(data.x[nodes], data.y[nodes], strict=True)]]
            axes.plot(
                data.x[at], data.y[at], linestyle="", marker=SOURCE, markersize=SOURCE_POINTS, markerfacecolor=face,
                markeredgecolor=INK, markeredgewidth=0.5, zorder=6, scalex=False, scaley=False, label="sources",
            )  # fmt: skip
            mm = SOURCE_POINTS / 72 * 25.4
            boxes += [box_around(*window.mm(data.x[node], data.y[node]), mm, mm) for node in at.tolist()]
        return boxes

    def _signs(self) -> list[Sign]:
        language, epoch = self.style.language, self.reading.epoch_at(self.hour)
        signs = [Sign(words=text, fills=(face,), hatch=hatch, colour=MUTED) for text, _, (face, hatch) in self._looks()]
        holder = self.reading["holder"][epoch][self.zones.places]
        if (~self.found.asked[self.zones.places] & (holder != CONTESTED)).any():
            signs.append(Sign(words=words.word("held_by_others", language), fills=(OTHERS,)))
        if (holder == CONTESTED).any():
            told = words.word("contested", language)
            signs.append(Sign(words=told, fills=(_CONTESTED[0],), hatch=_CONTESTED[1], colour=PALE))
        mine, others = self._sources()
        named = self.found.commodity is not None
        if mine.size:
            told = words.word("source_key" if named else "origin_key", language)
            signs.append(Sign(words=told, marker=SOURCE, size=SOURCE_POINTS))
        if others.size:
            told = words.word("source_others_key", language)
            signs.append(Sign(words=told, marker=SOURCE, size=SOURCE_POINTS, face="#ffffff"))
        return [*signs, Sign(words=words.word("major_road", language), line="-", width=0.9, colour=MAJOR_ROAD)]

    def _names(self) -> list[Name]:
        """Return the names asked for, each with its hours: the places that the run shows first."""
        reading, language = self.reading, self.style.language
        starts = self.found.origins[:MOST_NAMED].tolist() if self.found.commodity is None else []
        shown = list(dict.fromkeys([*starts, *(reading.position[place] for place in reading.listed("show_places"))]))
        others = [node for node in self.data.places_by_weight() if node not in shown]
        names = []
        for node in (*shown, *others):
            hours = float(self.found.hours[node])
            note = ""
            if self.found.asked[node] and node in shown and node not in starts:
                key = "hours_short" if np.isfinite(hours) else "no_way"
                note = words.word(key, language, hours=f"{hours:.1f}")
            names.append(Name(node=node, text=reading.names[node], note=note, must=node in shown))
        return names

    def _origin(self) -> str:
        """Return what the ways lead to, in words."""
        reading, language, found = self.reading, self.style.language, self.found
        if found.commodity is not None:
            name = words.within(reading.commodity_names()[found.commodity])
            return words.word("source_of", language, commodity=name)
        names = [reading.names[node] for node in found.origins.tolist()]
        told = words.listed(names[:MOST_NAMED], language)
        more = len(names) - MOST_NAMED
        return words.word("and_more", language, places=told, count=more) if more > 0 else told

    def _title(self) -> str:
        """Return who lacks a way; if nobody does, how many are how far."""
        language, found, persons = self.style.language, self.found, self.persons
        to = self._origin()
        if not persons.any():
            return words.word("isochrones_nobody", language, to=to)
        lacking = float(persons[found.cut_off | found.never].sum())
        if lacking > 0:
            return words.word("isochrones_none", language, people=words.people(lacking, language), to=to)
        far = [(hours, float(persons[found.hours > hours].sum())) for hours in found.within]
        beyond = [(hours, people) for hours, people in far if people > 0]
        if not beyond:
            return words.word("isochrones_near", language, hours=_hours(found.within[0], language), to=to)
        hours, people = beyond[-1]
        told = words.people(people, language)
        return words.word("isochrones_far", language, people=told, hours=_hours(hours, language), to=to)

    def _subtitle(self) -> str:
        reading, language, actor = self.reading, self.style.language, self.found.actor
        when = words.instant(reading.moment(self.hour), language)
        if reading["actor_id"].tolist() == [EVERYBODY]:
            return words.word("isochrones_subtitle_open", language)
        if actor is None:
            return words.word("isochrones_subtitle_all", language, when=when, offset=reading.offset)
        name = reading.actor_names[actor]
        return words.word("isochrones_subtitle", language, actor=name, when=when, offset=reading.offset)

    def _alt(self, title: str) -> str:
        told = "; ".join(text for text, _, _ in self._looks())
        return f"{title}: map of the zones of places by their hours from it ({told})."

    def _table(self) -> Table:
        """Return one row for each zone."""
        reading, found, places = self.reading, self.found, self.zones.places
        holder = reading["holder"][reading.epoch_at(self.hour)]
        hours = np.where(found.asked & np.isfinite(found.hours), found.hours, np.nan)
        return {
            "node_id": reading["node_id"][places],
            "name": [reading.names[node] for node in places.tolist()],
            "lon_degrees": reading["lon"][places],
            "lat_degrees": reading["lat"][places],
            "population_persons": found.persons[places],
            "holder": [reading.actor_id(one) for one in holder[places].tolist()],
            "asked": found.asked[places],
            "hours": hours[places],
            "cut_off": found.cut_off[places],
            "never_connected": found.never[places],
            "source": np.isin(places, found.origins),
        }


_CONTESTED = (CONTESTED_COLOUR, CONTESTED_HATCH)


def _bands(found: Isochrones) -> Ints:
    """Return the band that each node asked about is in: 0 up to the first hours, and so on; -1 for the others."""
    band = np.searchsorted(np.array(found.within), found.hours)
    return np.where(found.asked & np.isfinite(found.hours), band, -1).astype(np.intp)


def _hours(hours: float, language: Language) -> str:
    key = "one" if hours == 1 else "few" if hours <= 10 else "many"  # noqa: PLR2004 (Arabic counts so)
    return words.word(f"hours_{key}", language, hours=f"{hours:g}")
