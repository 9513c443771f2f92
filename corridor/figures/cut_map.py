"""The map of a cut: the roads on which most gets from places to places, those that bind, and both sides of them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from corridor.figures import words
from corridor.figures.focus import Headed, around, fill_zones, lay_out, strips
from corridor.figures.geography import draw_borders, draw_ground
from corridor.figures.key import Sign
from corridor.figures.labels import Box, Wish, box_around, place_names
from corridor.figures.mapped import MapData, Window, draw_scale
from corridor.figures.naming import Limits, Name, draw_names
from corridor.figures.sheet import HALO_POINTS, Sheet, Table
from corridor.figures.style import INK, LINE, Style, text_size_mm
from corridor.metrics import Cut
from corridor.network import Floats, Ints, Mask

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["plot_cut"]

MM2_PER_NAME, MOST_NAMED = 420.0, 3
ROOM_SHARE = 0.12
"""What the map shows around what matters, as a share of its width and height."""
THINNEST, WIDEST, OPEN, SHUT = 0.9, 4.4, 0.7, 0.4
"""The widths of roads, points: with the least and the most flow, open without flow, and not open to the actor."""
OPEN_ROAD, SHUT_ROAD = "#6e6e6e", "#bdbdbd"
BINDING, GREY_FLOW = "#c1121f", "#7d7d7d"
SIDES = (("#d6e6f2", "#dcdcdc", ""), ("#fbe7cf", "#ffffff", "....."))
"""The colour of the zones on the side of the origins and of the destinations, their grey and their hatch there."""
ENDS = (("^", 6.0), ("s", 5.4))
"""Marker and size in points of origins and destinations."""


def plot_cut(
    run: "xr.Dataset", found: Cut, *, hour: float = 0.0, style: Style | None = None, figure: Figure | None = None
) -> Sheet:
    """Draw what gets from places to places at most: roads by flow, those that bind with their vehicles a day.

    Parameters
    ----------
    run
        The run, or what is known of its case without one.
    found
        What `corridor.metrics.cut` returned for the same case.
    hour
        When, hours since the start.
    style
        For which reader and page.
    figure
        An empty figure to draw in.
    """
    style = style or Style()
    with style.context():
        extent = around(run, _telling(run, found), share=ROOM_SHARE)
        return _CutMap(MapData(run, style, extent), found, hour).sheet(figure)


def _telling(run: "xr.Dataset", found: Cut) -> Ints:
    """Return the nodes that the map must show: both ends, what binds, and what is driven on the way."""
    nodes = [*found.origins, *found.destinations, *(gate.node for gate in found.gates)]
    driven = np.flatnonzero(found.flow > 0)
    return np.unique(np.concatenate((nodes, run["tail"].values[driven], run["head"].values[driven]))).astype(np.intp)


class _CutMap:
    """The figure while it is drawn."""

    def __init__(self, data: MapData, found: Cut, hour: float) -> None:
        self.data, self.found, self.hour = data, found, hour
        self.reading, self.style = data.reading, data.style
        members = data.roads.members
        binding = {road.link for road in found.roads}
        tail = self.reading["tail"]
        ahead = [np.where(tail[links] == node, 1.0, -1.0) for links, node in zip(members, data.roads.tail, strict=True)]
        self.flow = np.array([abs(found.flow[links] @ sign) for links, sign in zip(members, ahead, strict=True)])
        self.open: Mask = np.array([found.drivable[links].any() for links in members], dtype=bool)
        self.binds: Mask = np.array([bool(binding & set(links.tolist())) for links in members], dtype=bool)
        self.flow_colour = GREY_FLOW if self.style.grey else LINE
        self.binding_colour = INK if self.style.grey else BINDING

    def sheet(self, figure: Figure | None) -> Sheet:
        """Return the figure drawn."""
        title = self._title()
        headed = Headed(title=title, subtitle=self._subtitle(), note="cut_note")
        frame, axes, window = lay_out(self.data, self._signs(), headed, figure=figure)
        self._draw_map(axes, window)
        return Sheet(
            name="cut", figure=frame.figure, title=title, alt=self._alt(title), style=self.style,
            tables={"": self._binding_table(), "roads": self._road_table(), "places": self._place_table()},
        )  # fmt: skip

    def _draw_map(self, axes: Axes, window: Window) -> None:
        """Draw all that stands on the map, the names last."""
        data, across = self.data, window.width
        west, south, east, north = window.bounds()
        axes.set(xlim=(west, east), ylim=(south, north), xticks=[], yticks=[])
        draw_ground(axes, data.basemap, self.style)
        sides = zip(
            ("origins", "destinations"), (self.found.origin_side, self.found.destination_side), SIDES, strict=True
        )
        fill_zones(axes, data, window, sides)
        draw_borders(axes, data.basemap, self.style)
        self._draw_roads(axes, window)
        taken = self._draw_ends(axes, window)
        taken.append(draw_scale(axes, window, self.style, share=0.25))
        taken += strips(window, data.segments(data.roads)[(self.flow > 0) | self.binds])
        taken += self._label(axes, window, taken)
        limits = Limits(names=round(across * window.height / MM2_PER_NAME), roads=0)
        draw_names(axes, data, window, self._names(), taken=taken, limits=limits)

    def _widths(self) -> Floats:
        """Return the width of each road drawn by its flow, points."""
        widths: Floats = THINNEST + (WIDEST - THINNEST) * self.flow / max(float(self.flow.max(initial=0.0)), 1e-9)
        return widths

    def _draw_roads(self, axes: Axes, window: Window) -> None:
        roads = self.data.segments(self.data.roads)
        seen, flows, widths = window.crossed_by(roads), self.flow > 0, self._widths()
        shut, free = (np.full(widths.size, width) for width in (SHUT, OPEN))
        kinds = (
            ("shut", ~self.open, SHUT_ROAD, shut),
            ("open", self.open & ~flows, OPEN_ROAD, free),
            ("flow", flows & ~self.binds, self.flow_colour, widths),
            ("binding", self.binds, self.binding_colour, widths),
        )
        for order, (name, wanted, colour, width) in enumerate(kinds):
            chosen = wanted & seen
            lines = LineCollection(
                list(roads[chosen]), colors=colour, linewidths=width[chosen], zorder=4 + order / 10,
                capstyle="round", label=name,
            )  # fmt: skip
            axes.add_collection(lines, autolim=False)

    def _draw_ends(self, axes: Axes, window: Window) -> list[Box]:
        """Mark origins and destinations, and return the boxes they take, mm."""
        boxes = []
        for nodes, (marker, size) in zip((self.found.origins, self.found.destinations), ENDS, strict=True):
            at = np.array(nodes, dtype=np.intp)
            x, y = self.data.x[at], self.data.y[at]
            axes.plot(
                x, y, linestyle="", marker=marker, markersize=size, markerfacecolor="white", markeredgecolor=INK,
                markeredgewidth=0.9, zorder=6, scalex=False, scaley=False,
            )  # fmt: skip
            mm = size / 72 * 25.4 + 0.3
            boxes += [box_around(*window.mm(*point), mm, mm) for point in zip(x.tolist(), y.tolist(), strict=True)]
        return boxes

    def _label(self, axes: Axes, window: Window, taken: list[Box]) -> list[Box]:
        """Write its vehicles a day at each road and gate that binds, and return the boxes that they take, mm."""
        told = self._told()
        points = self.style.points("text")
        wishes = []
        for number, (text, x, y) in enumerate(told):
            width, height = text_size_mm(text, points, bold=True)
            right, up = window.mm(x, y)
            wishes.append(Wish(key=number, x=right, y=up, shapes=((width + 1.0, height + 0.6),), must=True, radius=1.2))
        frame = (0.5, 0.5, window.width - 0.5, window.height - 0.5)
        placed = place_names(wishes, frame=frame, taken=taken)
        for label in placed:
            left, bottom, right, top = label.box
            x, y = window.km((left + right) / 2, (bottom + top) / 2)
            if label.far:
                near = window.km(min(max(label.wish.x, left), right), min(max(label.wish.y, bottom), top))
                at = window.km(label.wish.x, label.wish.y)
                axes.plot(*zip(at, near, strict=True), color=INK, linewidth=0.5, zorder=7, scalex=False, scaley=False)
            axes.text(
                x, y, told[label.wish.key][0], ha="center", va="center_baseline", color=self.binding_colour,
                weight="bold", fontsize=points, zorder=8, gid=f"binding-{label.wish.key}",
                path_effects=[withStroke(linewidth=3 * HALO_POINTS, foreground="white")],
            )  # fmt: skip
        return [label.box for label in placed]

    def _told(self) -> list[tuple[str, float, float]]:
        """Return what is written at each road drawn and each gate that binds, and where (km)."""
        data, found = self.data, self.found
        vehicles = {road.link: road.vehicles for road in found.roads}
        told = []
        for road in np.flatnonzero(self.binds).tolist():
            amount = sum(vehicles.get(link, 0.0) for link in data.roads.members[road].tolist())
            ends = [int(data.roads.tail[road]), int(data.roads.head[road])]
            told.append((f"{amount:,.0f}", float(data.x[ends].mean()), float(data.y[ends].mean())))
        told += [(f"{gate.vehicles:,.0f}", float(data.x[gate.node]), float(data.y[gate.node])) for gate in found.gates]
        return told

    def _names(self) -> list[Name]:
        """Return the names asked for: both ends, places that the run shows, ends of what binds, then all by weight."""
        found, names = self.found, self.reading.names
        named = [*found.origins, *found.destinations]
        beside = [node for road in found.roads for node in (road.tail, road.head)] + [gate.node for gate in found.gates]
        few = len(named) <= 2 * MOST_NAMED
        shown = [self.reading.position[place] for place in self.reading.listed("show_places")]
        order = dict.fromkeys([*named, *shown, *beside, *self.data.places_by_weight()])
        must = {*shown, *(named if few else ())}
        return [Name(node=node, text=names[node], bold=node in named, must=node in must) for node in order]

    def _signs(self) -> list[Sign]:
        found, language, grey = self.found, self.style.language, self.style.grey
        signs = [
            Sign(words=words.word(f"cut_{name}", language), marker=marker, size=size, face="white")
            for name, (marker, size) in zip(("origin", "destination"), ENDS, strict=True)
        ]
        most = float(self.flow.max(initial=0.0))
        if self.binds.any():
            told = words.word("cut_closed" if found.count else "cut_binding", language)
            signs.append(Sign(words=told, line="-", width=3.0, colour=self.binding_colour))
        if most > 0:
            told = words.word("cut_ways" if found.count else "cut_flow", language, lorries=f"{most:,.0f}")
            signs.append(Sign(words=told, line="-", width=WIDEST, colour=self.flow_colour))
        actor = self.reading.actor_names[found.actor]
        open_to = words.whose("cut_open", self.reading, self.found.actor, self.hour)
        signs.append(Sign(words=open_to, line="-", width=OPEN, colour=OPEN_ROAD))
        signs.append(Sign(words=words.word("cut_shut", language, actor=actor), line="-", width=SHUT, colour=SHUT_ROAD))
        people = (("cut_near", found.origin_persons), ("cut_far", found.destination_persons))
        for (key, persons), (tone, pale, hatch) in zip(people, SIDES, strict=True):
            told = words.word(key, language, people=words.people(persons, language), actor=actor)
            fill, pattern = (pale, hatch) if grey else (tone, "")
            signs.append(Sign(words=told, fills=(fill,), hatch=pattern, colour="#8a8a8a"))
        return signs

    def _title(self) -> str:
        """Return the message: how many roads limit what could get through, and for how many lorries there is room."""
        found, language = self.found, self.style.language
        roads, gates = len(found.roads), len(found.gates)
        ends = {
            "origins": self._listed(found.origins),
            "destinations": self._listed(found.destinations),
            "lorries": f"{found.value:,.0f}",
        }
        if found.why:
            return words.word("cut_title_nothing", language, **ends)
        key = {1: "one", 2: "two"}.get(roads, "few" if roads <= 10 else "many")  # noqa: PLR2004 (Arabic counts so)
        if np.isinf(found.value):
            key = "unlimited"
        elif gates:
            key = "gate" if roads + gates == 1 else "gates"
        kind = "cut_count" if found.count and roads else "cut_title"
        told = words.word(f"{kind}_{key}", language, count=words.count(roads + gates, language), **ends)
        return told[:1].upper() + told[1:]

    def _listed(self, nodes: Sequence[int]) -> str:
        """Return the names of nodes, of many the most populous ones alone."""
        language, names = self.style.language, self.reading.names
        order = sorted(nodes, key=lambda node: -float(self.reading["population"][node]))
        named = [names[node] for node in order[:MOST_NAMED]]
        if len(order) > MOST_NAMED:
            places = words.listed(named, language)
            return words.word("and_more", language, places=places, count=len(order) - MOST_NAMED)
        *first, last = named
        return words.word("cut_and", language, first=words.listed(first, language), last=last) if first else last

    def _subtitle(self) -> str:
        return words.whose("cut_subtitle", self.reading, self.found.actor, self.hour)

    def _alt(self, title: str) -> str:
        number = ", ".join(f"{road.id} {road.vehicles:,.0f}" for road in self.found.roads)
        number += "".join(f", gate at {self.reading['node_id'][gate.node]}" for gate in self.found.gates)
        return f"Map: {title}. What binds: {number or 'nothing'}."

    def _binding_table(self) -> Table:
        """Return one row for each road and gate that binds."""
        found, node = self.found, self.reading["node_id"]
        rows = [("road", road.id, road.name, node[road.tail], node[road.head], road.vehicles) for road in found.roads]
        rows += [("gate", node[gate.node], "", "", node[gate.node], gate.vehicles) for gate in found.gates]
        names = ("what", "id", "name", "tail", "head", "vehicles_per_day")
        return {name: [row[column] for row in rows] for column, name in enumerate(names)}

    def _road_table(self) -> Table:
        """Return one row for each road drawn."""
        roads, reading = self.data.roads, self.reading
        drawn = np.select([self.binds, self.flow > 0, self.open], ["binding", "flow", "open"], "shut")
        return {
            "link_id": reading["link_id"][roads.link],
            "tail": reading["node_id"][roads.tail],
            "head": reading["node_id"][roads.head],
            "drawn_as": drawn,
            "roads" if self.found.count else "vehicles_per_day": self.flow,
        }

    def _place_table(self) -> Table:
        """Return one row for each place whose zone is on a side."""
        reading, found = self.reading, self.found
        place = np.flatnonzero(found.origin_side | found.destination_side)
        side = np.where(found.origin_side[place], "origins", "destinations")
        role = np.full(place.size, "", dtype="<U11")
        role[np.isin(place, found.origins)], role[np.isin(place, found.destinations)] = "origin", "destination"
        return {
            "node_id": reading["node_id"][place],
            "name": [reading.names[node] for node in place.tolist()],
            "lon_degrees": reading["lon"][place],
            "lat_degrees": reading["lat"][place],
            "side": side,
            "named_as": role,
        }
