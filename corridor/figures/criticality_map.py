"""The map of criticality: how much longer trips get when one road or node alone is lost, and whom that cuts off."""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from corridor.criticality import Criticality
from corridor.figures import words
from corridor.figures.geography import draw_borders, draw_ground
from corridor.figures.key import Sign, draw_key, key_height
from corridor.figures.labels import Box, Wish, box_around, place_names
from corridor.figures.mapped import MapData, Window, draw_scale
from corridor.figures.naming import Limits, Name, draw_names
from corridor.figures.sheet import HALO_POINTS, Sheet, Table
from corridor.figures.style import INK, MARGIN_MM, Frame, Style, text_size_mm
from corridor.network import Floats, Ints, Mask

if TYPE_CHECKING:
    import xarray as xr

__all__ = [
    "CUTS",
    "IDLE",
    "IDLE_ROAD",
    "LABELLED",
    "SHUT",
    "SHUT_ROAD",
    "CriticalityMap",
    "minutes_told",
    "plot_criticality",
]

TALLEST_MM, SLIDE_SHARE = 190.0, 0.36
"""How tall the map is at most, and what share of a slide's width it takes at least."""
MM2_PER_NAME, MOST_ROADS = 520.0, 2
LABELLED, LABELLED_BY_HOURS, NAMED_OUTSIDE = 5, 3, 2
"""How many are labelled with their rank: the first, and of the others those that add most hours; and how many of the
first are named where they lie outside the map."""
STREETS = "urban"
"""The class of the links that stand for the streets between a city and its interchange."""
STEPS_MINUTES = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 240, 480, 1440)
MOST_CLASSES = 5
"""Classes of minutes added: from the longest on at most so many."""
LIGHTEST, DARKEST = 0.9, 0.0
"""What part of the map of colours the classes take: the more is lost, the darker and wider."""
WIDTHS, SIZES = (0.9, 4.2), (2.6, 8.0)
"""From the first to the last class: widths of roads and sizes of nodes, points."""
IDLE_ROAD, SHUT_ROAD, IDLE, SHUT = "#8f8f8f", "#c9c9c9", 0.5, 0.4
CUTS, CORES, RIM = "#c1121f", (1.2, 3.2), 1.4
"""What cuts off: its colour, the widths of roads by how much they cut, and that of the rim round them, points."""
NODE, RING = "o", 3.2
"""The marker of nodes, and how much wider than it is the ring round those that cut off, points."""
SUBSTANTIAL = 0.01
"""The share of the people from which on to cut them off is the message."""


def plot_criticality(
    run: "xr.Dataset",
    found: Criticality,
    *,
    hour: float = 0.0,
    style: Style | None = None,
    figure: Figure | None = None,
    extent: tuple[float, float, float, float] | None = None,
) -> Sheet:
    """Draw roads or nodes by the minutes that the loss of one alone adds to the mean trip; what cuts off apart.

    Parameters
    ----------
    run
        The run, or what is known of its case without one.
    found
        What `corridor.criticality.criticality` returned for the same case.
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
        return CriticalityMap(MapData(run, style, extent), found, hour).sheet(figure)


class CriticalityMap:
    """The figure while it is drawn."""

    key = "critical"
    """With what the keys of its own words begin."""

    def __init__(self, data: MapData, found: Criticality, hour: float) -> None:
        self.data, self.found, self.hour = data, found, hour
        self.reading, self.style = data.reading, data.style
        self.minutes: Floats = 60 * found.cost_hours
        self.cuts: Mask = found.cut_share > 0
        self.limits = _limits(self.minutes)
        last = len(self.limits)
        self.level: Ints = np.where(self.minutes > 0, np.searchsorted(np.array(self.limits), self.minutes), -1)
        shades = self.style.quantity_map()(np.linspace(LIGHTEST, DARKEST, last + 1))
        self.colours = [to_hex(shade) for shade in shades]
        columns = (
            [found.position] * 2 if found.nodes else [self.reading[end][found.position] for end in ("tail", "head")]
        )
        self.ends: Ints = np.stack(columns, axis=1)
        self.line: Floats = np.stack([data.x[self.ends], data.y[self.ends]], axis=2)
        self.known: Mask = self._known()

    def _known(self) -> Mask:
        """Return the links that can be driven (those between nodes that may be entered), shape (m,)."""
        if self.found.nodes:
            entered = np.isin(np.arange(self.reading["node_id"].size), self.found.position)
            joined: Mask = entered[self.reading["tail"]] & entered[self.reading["head"]]
            return joined
        return np.isin(self.reading["link_id"], self.found.ids)

    def sheet(self, figure: Figure | None) -> Sheet:
        """Return the figure drawn."""
        data, style = self.data, self.style
        signs = self._signs()
        width = style.width - 2 * MARGIN_MM
        key = key_height(signs, style, width) + 2.0
        tall = (data.high[1] - data.low[1]) / (data.high[0] - data.low[0])
        title = self._title() if self.found.persons > 0 else self._whose("critical_title_nobody")
        frame = Frame(
            style, key + min(width * tall, TALLEST_MM), title=title, subtitle=self._whose(f"{self.key}_subtitle"),
            notes=[self._note(), words.sources(self.reading)], figure=figure,
        )  # fmt: skip
        height = frame.top - frame.bottom - key
        across = min(width, max(height / tall, SLIDE_SHARE * width if style.size == "slide" else 0.0))
        window = data.window(across, height)
        axes = frame.axes(frame.left + (width - across) / 2, frame.top - height, across, height)
        west, south, east, north = window.bounds()
        axes.set(xlim=(west, east), ylim=(south, north), xticks=[], yticks=[])
        draw_ground(axes, data.basemap, style)
        draw_borders(axes, data.basemap, style)
        self._draw_roads(axes, window)
        if self.found.nodes:
            self._draw_nodes(axes)
        taken = [draw_scale(axes, window, style, share=0.2)]
        taken += self._label(axes, window, taken)
        taken += self._boxes(window)
        limits = Limits(names=round(across * height / MM2_PER_NAME), roads=MOST_ROADS)
        draw_names(axes, data, window, self._names(), taken=taken, limits=limits)
        draw_key(frame, signs, left=frame.left, top=frame.top - height - 2.0, width=width)
        return Sheet(
            name="criticality", figure=frame.figure, title=title, alt=self._alt(title), style=style,
            tables={"": self._table()},
        )  # fmt: skip

    def _draw_roads(self, axes: Axes, window: Window) -> None:
        """Draw the roads: those that may not be driven, those whose loss costs nothing, then the others by class."""
        data, found = self.data, self.found
        roads = data.segments(data.roads)
        shut = np.array([not (self.known[links]).any() for links in data.roads.members], dtype=np.bool_)
        self._draw_lines(axes, window, roads[shut], ("shut", SHUT_ROAD, SHUT))
        if found.nodes:
            self._draw_lines(axes, window, roads[~shut], ("idle", IDLE_ROAD, IDLE))
            return
        self._draw_lines(axes, window, self.line[(self.level < 0) & ~self.cuts], ("idle", IDLE_ROAD, IDLE))
        for number, (colour, width) in enumerate(zip(self.colours, self._steps(WIDTHS), strict=True)):
            mine = (self.level == number) & ~self.cuts
            self._draw_lines(axes, window, self.line[mine], (f"class {number}", colour, width))
        core = CORES[0] + (CORES[1] - CORES[0]) * self._weights()
        self._draw_lines(axes, window, self.line[self.cuts], ("casing", INK, core + RIM))
        self._draw_lines(axes, window, self.line[self.cuts], ("cuts", "#ffffff" if self.style.grey else CUTS, core))

    def _weights(self) -> Floats:
        """Return how much each road that cuts off cuts, from 0 to 1."""
        share = self.found.cut_share[self.cuts]
        weights: Floats = np.sqrt(share / share.max(initial=0.0)) if share.size else share
        return weights

    def _draw_lines(self, axes: Axes, window: Window, roads: Floats, look: tuple[str, str, Floats | float]) -> None:
        name, colour, width = look
        seen = window.crossed_by(roads)
        lines = LineCollection(
            list(roads[seen]), colors=colour, linewidths=np.broadcast_to(width, seen.shape)[seen], capstyle="round",
            zorder=4 + len(axes.collections) / 99, label=name,
        )  # fmt: skip
        axes.add_collection(lines, autolim=False)

    def _draw_nodes(self, axes: Axes) -> None:
        """Draw the nodes whose loss costs something, the costliest on top, and a ring round those that cut off."""
        steps = enumerate(zip(self.colours, self._steps(SIZES), strict=True))
        looks = [(-1, "#ffffff", SIZES[0]), *((level, colour, size) for level, (colour, size) in steps)]
        ring = INK if self.style.grey else CUTS
        for level, colour, size in looks:
            mine = self.level == level
            self._draw_circles(axes, mine & self.cuts, f"cuts {level}", ("#ffffff", ring, size + RING, RIM))
            self._draw_circles(axes, mine & (level >= 0), f"class {level}", (colour, "#ffffff", size, 0.4))

    def _draw_circles(self, axes: Axes, wanted: Mask, name: str, look: tuple[str, str, float, float]) -> None:
        """Draw the nodes wanted over those that stand: their face and rim, their size and that of the rim, points."""
        nodes = self.found.position[wanted]
        face, rim, size, wide = look
        axes.plot(
            self.data.x[nodes], self.data.y[nodes], linestyle="", marker=NODE, markersize=size, markerfacecolor=face,
            markeredgecolor=rim, markeredgewidth=wide, zorder=5.5 + len(axes.lines) / 99, scalex=False, scaley=False,
            label=name,
        )  # fmt: skip

    def _steps(self, ends: tuple[float, float]) -> list[float]:
        steps: list[float] = np.linspace(*ends, len(self.colours)).tolist()
        return steps

    def _labelled(self) -> list[int]:
        """Return the ranks (from 0) that are labelled: of those seen the first, and those that add most hours."""
        found = self.found
        worth = np.flatnonzero(self._seen() & (self.cuts | (self.level >= 0)))
        longest = worth[np.argsort(-found.cost_hours[worth], kind="stable")][:LABELLED_BY_HOURS]
        return list(dict.fromkeys([*worth[:LABELLED].tolist(), *longest[self.level[longest] >= 0].tolist()]))

    def _seen(self) -> Mask:
        """Return which roads or nodes lie on the map, shape of the ranks."""
        middle = self.line.mean(axis=1)
        seen: Mask = np.all((middle > self.data.low) & (middle < self.data.high), axis=1)
        return seen

    def _outside(self) -> list[tuple[int, str]]:
        """Return rank (from 0) and name of the first that lie outside the map."""
        first = np.flatnonzero(self.cuts | (self.level >= 0))[:LABELLED]
        return [(rank, self._called(rank)) for rank in first[~self._seen()[first]].tolist()]

    def _cost(self, rank: int) -> str:
        """Return in few words what the loss of one costs: people cut off, demand cut off or minutes added."""
        found, language = self.found, self.style.language
        if found.isolated_persons[rank] > 0:
            return words.people(float(found.isolated_persons[rank]), language)
        if self.cuts[rank]:
            return words.word("critical_trips", language, share=words.share(float(found.cut_share[rank])))
        return words.word("critical_longer", language, minutes=minutes_told(float(self.minutes[rank])))

    def _label(self, axes: Axes, window: Window, taken: list[Box]) -> list[Box]:
        """Write rank and cost at what is lost, and return the boxes that the words take, mm."""
        points, wishes, told = self.style.points("text"), [], {}
        for rank in self._labelled():
            x, y = self.line[rank].mean(axis=0).tolist()
            told[rank] = self._told(rank)
            width, height = text_size_mm(told[rank], points, bold=True)
            right, up = window.mm(x, y)
            wishes.append(Wish(key=rank, x=right, y=up, shapes=((width + 1.0, height + 0.6),), must=True, radius=1.4))
        frame = (0.5, 0.5, window.width - 0.5, window.height - 0.5)
        placed = place_names(wishes, frame=frame, taken=[*taken, *self._boxes(window)])
        for label in placed:
            left, bottom, right, top = label.box
            x, y = window.km((left + right) / 2, (bottom + top) / 2)
            if label.far:
                near = window.km(min(max(label.wish.x, left), right), min(max(label.wish.y, bottom), top))
                at = window.km(label.wish.x, label.wish.y)
                axes.plot(*zip(at, near, strict=True), color=INK, linewidth=0.5, zorder=7, scalex=False, scaley=False)
            axes.text(
                x, y, told[label.wish.key], ha="center", va="center_baseline", weight="bold", fontsize=points,
                zorder=8, gid=f"rank-{label.wish.key + 1}",
                path_effects=[withStroke(linewidth=3 * HALO_POINTS, foreground="white")],
            )  # fmt: skip
        return [label.box for label in placed]

    def _told(self, rank: int) -> str:
        """Return what is written at a road or node."""
        return f"{rank + 1}: {self._cost(rank)}"

    def _ends(self, rank: int) -> list[int]:
        """Return the node, or the two ends of the road."""
        return list(dict.fromkeys(self.ends[rank].tolist()))

    def _boxes(self, window: Window) -> list[Box]:
        """Return small boxes along what costs something, so that no label lies on it, mm."""
        one, two = (self.line[self.cuts | (self.level > 0)][:, [end]] for end in (0, 1))
        points = (one + np.linspace(0, 1, 9)[:, None] * (two - one)).reshape(-1, 2).tolist()
        size = 2.0 if self.found.nodes else 0.8
        return [box_around(*window.mm(x, y), size, size) for x, y in points if window.holds(x, y)]

    def _names(self) -> list[Name]:
        """Return the names asked for: the first one's, which must stand, what else is labelled, then by weight."""
        labelled = self._labelled()
        beside = [end for rank in labelled for end in self._ends(rank)]
        first = sorted(self._ends(labelled[0]), key=lambda end: -self.reading["population"][end]) if labelled else []
        # The map of a slide is too small for names that stand far from their place.
        must = first[:1] if self.style.size == "slide" else first
        order = dict.fromkeys([*first, *self.data.landmarks, *beside, *self.data.places_by_weight()])
        return [Name(node=node, text=self.reading.names[node], must=node in must) for node in order]

    def _called(self, rank: int) -> str:
        """Return what a road or node is called: by its ends, or by its name."""
        return "–".join(self.reading.names[end] for end in self._ends(rank))

    def _kind(self) -> str:
        return "node" if self.found.nodes else "road"

    def _signs(self) -> list[Sign]:
        language, nodes = self.style.language, self.found.nodes
        signs = []
        if self.cuts.any():
            told = words.word(f"critical_cuts_{self._kind()}", language)
            grey = self.style.grey
            ring = Sign(words=told, marker=NODE, size=5.0, colour=INK if grey else CUTS, face="white")
            line = Sign(words=told, fills=("#ffffff",)) if grey else Sign(words=told, line="-", width=3.0, colour=CUTS)
            signs.append(ring if nodes else line)
        for number in reversed(range(len(self.colours) if (self.level >= 0).any() else 0)):
            low, high = (["", *map(minutes_told, self.limits), ""])[number : number + 2]
            key = "critical_first" if not low else "critical_last" if not high else "critical_between"
            told = words.word(key if low or high else "critical_any", language, low=low, high=high)
            width, size = self._steps(WIDTHS)[number], self._steps(SIZES)[number]
            line = Sign(words=told, line="-", width=width, colour=self.colours[number])
            signs.append(Sign(words=told, marker=NODE, size=size, colour=self.colours[number]) if nodes else line)
        signs.append(
            Sign(words=words.word(f"critical_idle_{self._kind()}", language), line="-", width=IDLE, colour=IDLE_ROAD)
        )
        if not self.known[np.concatenate([np.zeros(0, dtype=np.intp), *self.data.roads.members])].all():
            signs.append(Sign(words=words.word("critical_shut", language), line="-", width=SHUT, colour=SHUT_ROAD))
        return signs

    def _title(self) -> str:
        """Return what the loss of the most critical costs; few people cut off are no message beside longer trips."""
        found, language, kind = self.found, self.style.language, self._kind()
        if not (self.cuts.any() or (self.level >= 0).any()):
            return words.word(f"critical_title_none_{kind}", language)
        people, share = float(found.isolated_persons[0]), float(found.cut_share[0])
        slight = max(people / max(found.persons, 1.0), share) < SUBSTANTIAL
        rank = int(np.argmax(self.minutes)) if slight and self.minutes.any() else 0
        name = self._called(rank)
        if rank or not self.cuts[0]:
            minutes = minutes_told(float(self.minutes[rank]))
            return words.word(f"critical_title_longer_{kind}", language, name=name, minutes=minutes)
        if people > 0:
            told = words.people(people, language)
            return words.word(f"critical_title_people_{kind}", language, name=name, people=told)
        return words.word(f"critical_title_trips_{kind}", language, name=name, share=words.share(share))

    def _whose(self, key: str) -> str:
        return words.whose(key, self.reading, self.found.actor, self.hour)

    def _note(self) -> str:
        language, never, outside = self.style.language, self.found.never_share, self._outside()
        notes = [
            words.word(key, language) for key in ("border_note", "straight_note", f"{self.key}_rank", "critical_note")
        ]
        if outside:
            told = [
                words.word("critical_outside_one", language, name=name, rank=rank + 1, cost=self._cost(rank))
                for rank, name in outside[:NAMED_OUTSIDE]
            ]
            listed, more = words.listed(told, language), len(outside) - NAMED_OUTSIDE
            listed = words.word("and_more", language, places=listed, count=more) if more > 0 else listed
            notes.append(words.word("critical_outside", language, listed=listed))
        if STREETS in self.reading["road_class"][self.known]:
            notes.append(words.word("critical_streets", language))
        if never > 0:
            notes.append(words.word("critical_never", language, share=words.share(never)))
        return " ".join(notes)

    def _alt(self, title: str) -> str:
        told = "; ".join(f"{rank + 1}. {self._called(rank)}: {self._cost(rank)}" for rank in self._labelled())
        return f"{title}: map of the {self._kind()}s by what the loss of each alone costs ({told})."

    def _table(self) -> Table:
        """Return one row for each road or node, the most critical first."""
        reading, found = self.reading, self.found
        ids = reading["node_id"]
        ends = [] if found.nodes else [(end, ids[reading[end][found.position]]) for end in ("tail", "head")]
        round_ = np.where(np.isfinite(found.way_round_hours), found.way_round_hours, np.nan)
        return {
            "rank": np.arange(1, found.ids.size + 1),
            "node_id" if found.nodes else "link_id": found.ids,
            "name": [self._called(rank) for rank in range(found.ids.size)],
            **dict(ends),
            "added_minutes_per_trip": self.minutes,
            "cut_share": found.cut_share,
            "isolated_persons": found.isolated_persons,
            **({} if found.nodes else {"way_round_hours": round_}),
            "used_share": found.used_share,
        }


def _limits(minutes: Floats) -> list[float]:
    """Return the round minutes that part the classes."""
    most = float(minutes.max(initial=0.0))
    return [step for step in STEPS_MINUTES if step < most][-(MOST_CLASSES - 1) :]


def minutes_told(minutes: float) -> str:
    """Return minutes to two figures, whole from ten on."""
    return f"{minutes:,.0f}" if minutes >= 10 else f"{minutes:.2g}"  # noqa: PLR2004 (two figures)
