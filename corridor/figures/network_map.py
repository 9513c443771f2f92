"""The map of the network itself: roads by class, pipelines by what they carry, and the kinds of nodes."""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from corridor.figures import words
from corridor.figures.cutout import cutout, draw_extent, split_place
from corridor.figures.geography import draw_borders, draw_ground
from corridor.figures.key import Sign, draw_key, key_height
from corridor.figures.labels import Box, box_around
from corridor.figures.mapped import MAJOR_ROAD, MINOR_ROAD, MapData, Window, draw_scale
from corridor.figures.naming import Limits, Name, draw_names
from corridor.figures.sheet import Sheet, Table
from corridor.figures.style import INK, MARGIN_MM, Frame, Style

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["plot_network"]

TALLEST_MM = {"column": 200.0, "page": 205.0, "slide": 116.0}
KEY_MM = 60.0
"""What the key needs to stand beside the map, not below it."""
MM2_PER_NAME = 420.0
MOST_ROADS = 4
CUTOUT_SHARE, CUTOUT_KM, MM2_PER_CLOSE_NAME = 0.175, 9.5, 120.0
"""What share of the map's width its enlarged part takes, how far this reaches from its middle, and room for a name."""
ROADS: tuple[tuple[str, tuple[str, ...], float, str], ...] = (
    ("motorway", ("motorway",), 1.5, "#303030"),
    ("trunk", ("trunk",), 1.0, MAJOR_ROAD),
    ("primary", ("primary",), 0.6, "#6e6e6e"),
    ("minor_road", (), 0.4, MINOR_ROAD),
)
"""Name, classes (none: all others), width in points and colour of roads."""
PIPES: dict[str, tuple[str, tuple[float, tuple[float, ...]]]] = {
    "crude": ("#8c510a", (0, (5, 2))),
    "gas": ("#0072B2", (0, (2, 1.5))),
    "products": ("#b2182b", (0, (6, 1.5, 1, 1.5))),
}
"""Colour and dashes of pipelines; what is neither crude nor gas is an oil product."""
CRUDE, GAS = ("crude", "condensate"), ("gas",)
KINDS: dict[str, tuple[str, float, str, tuple[str, ...]]] = {
    "place": ("o", 2.2, INK, ("city", "town", "village", "district")),
    "port": ("s", 3.6, "#ffffff", ("port", "oil_terminal")),
    "refinery": ("^", 4.4, "#ffffff", ("refinery",)),
    "field": ("v", 3.6, "#ffffff", ("oil_field", "gas_field", "gas_plant", "pump_station", "compressor")),
    "power_plant": ("*", 5.0, "#ffffff", ("power_plant",)),
    "store": ("p", 3.8, "#ffffff", ("depot", "silo", "mill")),
    "crossing": ("D", 3.0, "#ffffff", ("border_crossing", "internal_crossing")),
    "airport": ("P", 3.8, "#ffffff", ("airport", "airbase")),
}
"""Marker, size in points, colour and kinds of node of each symbol."""


def plot_network(
    run: "xr.Dataset",
    *,
    style: Style | None = None,
    figure: Figure | None = None,
    extent: tuple[float, float, float, float] | None = None,
) -> Sheet:
    """Draw the network of a run: roads by class, pipelines by what they carry, nodes by kind.

    Parameters
    ----------
    run
        The run.
    style
        For which reader and page.
    figure
        An empty figure to draw in.
    extent
        What the map shows, degrees: west, south, east, north; None: all nodes within the country.
    """
    style = style or Style()
    with style.context():
        lon, lat = (run[name].values[~np.isin(run["kind"].values, ("external", "sea"))] for name in ("lon", "lat"))
        whole = (lon.min() - 0.3, lat.min() - 0.2, lon.max() + 0.3, lat.max() + 0.2)
        return _NetworkMap(MapData(run, style, extent or whole)).sheet(figure)


class _NetworkMap:
    """The figure while it is drawn."""

    def __init__(self, data: MapData) -> None:
        self.data, self.reading, self.style = data, data.reading, data.style

    def sheet(self, figure: Figure | None) -> Sheet:
        """Return the figure drawn."""
        data, style, reading = self.data, self.style, self.reading
        signs = self._signs()
        width = style.width - 2 * MARGIN_MM
        tall = (data.high[1] - data.low[1]) / (data.high[0] - data.low[0])
        height = min(width * tall, TALLEST_MM[style.size])
        across = height / tall
        beside = width - across > KEY_MM
        key_width = width - across - 2 * MARGIN_MM if beside else width
        key = key_height(signs, style, key_width)
        below = 0.0 if beside else key + 2.0
        title = words.word(
            "network_title", style.language, nodes=reading["node_id"].size,
            roads=data.roads.count(reading["link_id"]), pipelines=data.pipelines.count(reading["link_id"]),
        )  # fmt: skip
        frame = Frame(
            style, height + below, title=title,
            subtitle=words.word("network_subtitle", style.language, network=reading.attrs.get("network", "")),
            notes=[
                f"{words.word('border_note', style.language)} {words.word('straight_note', style.language)}",
                words.sources(reading),
            ],
            figure=figure,
        )  # fmt: skip
        window = data.window(across, height)
        spare = 0.0 if beside else (width - across) / 2
        start = style.start == "left"
        left = frame.left + spare if start else frame.right - spare - across
        axes = frame.axes(left, frame.top - height, across, height)
        west, south, east, north = window.bounds()
        axes.set(xlim=(west, east), ylim=(south, north), xticks=[], yticks=[])
        draw_ground(axes, data.basemap, style)
        draw_borders(axes, data.basemap, style)
        self._draw_links(axes, window)
        taken = self._draw_nodes(axes, window)
        middle = split_place(data)
        side = CUTOUT_SHARE * across if middle is not None else 0.0
        if middle is not None:
            taken.append(self._enlarge(frame, axes, window, (left, frame.top - height), middle))
        taken.append(draw_scale(axes, window, style, share=0.2, aside=side))
        limits = Limits(names=round(across * height / MM2_PER_NAME), roads=MOST_ROADS)
        draw_names(axes, data, window, self._names(), taken=taken, limits=limits)
        draw_key(
            frame, signs, width=key_width, left=frame.right - key_width if start else frame.left,
            top=frame.top if beside else frame.bottom + key,
        )  # fmt: skip
        return Sheet(
            name="network", figure=frame.figure, title=title, alt=self._alt(title), style=style,
            tables={"": self._link_table(), "nodes": self._node_table()},
        )  # fmt: skip

    def _enlarge(self, frame: Frame, axes: Axes, window: Window, corner: tuple[float, float], node: int) -> Box:
        """Draw what lies round a node enlarged in the corner of the map, and return the box that this covers, mm."""
        data, side = self.data, CUTOUT_SHARE * window.width
        middle = float(data.x[node]), float(data.y[node])
        part = cutout(frame, window, corner, side=side, middle=middle, reach=CUTOUT_KM)
        draw_ground(part.axes, data.basemap, self.style)
        self._draw_links(part.axes, part.window)
        taken = self._draw_nodes(part.axes, part.window)
        names = [name for name in self._names() if name.node == node or not name.must]
        limits = Limits(names=max(2, round(side * side / MM2_PER_CLOSE_NAME)), roads=MOST_ROADS)
        draw_names(part.axes, data, part.window, names, taken=taken, limits=limits)
        draw_extent(axes, part.window)
        return part.covers

    def _names(self) -> list[Name]:
        """Return the names asked for: the places that the run shows, then the others by weight."""
        reading = self.reading
        shown = [reading.position[place] for place in reading.listed("show_places")]
        others = [node for node in self.data.places_by_weight() if node not in shown]
        return [Name(node=node, text=reading.names[node], must=node in shown) for node in [*shown, *others]]

    def _classes(self) -> list[str]:
        """Return the row of `ROADS` of each road."""
        of = {road_class: name for name, classes, _, _ in ROADS for road_class in classes}
        return [of.get(str(one), "minor_road") for one in self.reading["road_class"][self.data.roads.link]]

    def _contents(self) -> list[str]:
        """Return the row of `PIPES` of each pipeline."""
        carried = self.reading["link_commodity"][self.data.pipelines.link].astype(str).tolist()
        return ["crude" if one in CRUDE else "gas" if one in GAS else "products" for one in carried]

    def _draw_links(self, axes: Axes, window: Window) -> None:
        roads, classes = self.data.segments(self.data.roads), np.array(self._classes())
        seen = window.crossed_by(roads)
        for order, (name, _, width, colour) in enumerate(reversed(ROADS)):
            lines = list(roads[seen & (classes == name)])
            drawn = LineCollection(
                lines, colors=colour, linewidths=width, zorder=4 + order / 10, capstyle="round", label=name
            )
            axes.add_collection(drawn, autolim=False)
        pipes, contents = self.data.segments(self.data.pipelines), np.array(self._contents())
        for name, (colour, dashes) in PIPES.items():
            lines = list(pipes[contents == name]) if pipes.size else []
            drawn = LineCollection(
                lines, colors=self.style.colour(colour), linewidths=0.9, linestyles=dashes, zorder=5, label=name
            )
            axes.add_collection(drawn, autolim=False)

    def _draw_nodes(self, axes: Axes, window: Window) -> list[Box]:
        """Draw the nodes by kind, and return the boxes they take, mm."""
        data, boxes = self.data, []
        for order, (name, (marker, size, face, kinds)) in enumerate(KINDS.items()):
            at = np.flatnonzero(np.isin(self.reading["kind"], kinds))
            at = at[[window.holds(x, y) for x, y in zip(data.x[at], data.y[at], strict=True)]]
            axes.plot(
                data.x[at], data.y[at], linestyle="", marker=marker, markersize=size, markerfacecolor=face,
                markeredgecolor=INK, markeredgewidth=0.5, zorder=6 + order / 10, scalex=False, scaley=False, label=name,
            )  # fmt: skip
            mm = size / 72 * 25.4 + 0.2
            if name != "place":
                boxes += [box_around(*window.mm(data.x[node], data.y[node]), mm, mm) for node in at.tolist()]
        return boxes

    def _signs(self) -> list[Sign]:
        language = self.style.language
        kinds, contents = set(self.reading["kind"].tolist()), set(self._contents())
        classes = set(self._classes())
        signs = [
            Sign(words=words.word(f"road_{name}", language), line="-", width=width, colour=colour)
            for name, _, width, colour in ROADS
            if name in classes
        ]
        signs += [
            Sign(words=words.word(f"pipe_{name}", language), line=dashes, width=0.9, colour=self.style.colour(colour))
            for name, (colour, dashes) in PIPES.items()
            if name in contents
        ]
        return signs + [
            Sign(words=words.word(name, language), marker=marker, size=size, face=face)
            for name, (marker, size, face, wanted) in KINDS.items()
            if kinds & set(wanted)
        ]

    def _alt(self, title: str) -> str:
        return f"Map of the network {self.reading.attrs.get('network', '')}: {title}."

    def _link_table(self) -> Table:
        """Return one row for each road and pipeline drawn."""
        reading, data = self.reading, self.data
        link = np.concatenate([data.roads.link, data.pipelines.link])
        return {
            "link_id": reading["link_id"][link],
            "drawn_as": [*(f"road_{name}" for name in self._classes()), *(f"pipe_{name}" for name in self._contents())],
            "road_number": reading["road_number"][link],
            "tail": reading["node_id"][reading["tail"][link]],
            "head": reading["node_id"][reading["head"][link]],
            "length_km": reading["length_km"][link],
        }

    def _node_table(self) -> Table:
        """Return one row for each node."""
        reading = self.reading
        return {
            "node_id": reading["node_id"],
            "name": reading.names,
            "kind": reading["kind"],
            "lon_degrees": reading["lon"],
            "lat_degrees": reading["lat"],
            "population_persons": reading["population"],
        }
