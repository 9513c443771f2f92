"""The map of what to reopen or to keep open: the roads in their order, and whose way hangs on them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from corridor.criticality import Aim, Keeping, Reopening
from corridor.figures import words
from corridor.figures.focus import Headed, Look, around, fill_zones, lay_out, strips
from corridor.figures.geography import draw_borders, draw_ground
from corridor.figures.key import Sign
from corridor.figures.labels import Box, Wish, place_names
from corridor.figures.mapped import MapData, Window, draw_scale
from corridor.figures.naming import Limits, Name, draw_names
from corridor.figures.sheet import Sheet, Table
from corridor.figures.style import INK, LINE, MUTED, Style, text_size_mm
from corridor.network import Floats, Ints, Mask

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["plot_keeping", "plot_reopening"]

MM2_PER_NAME, MOST_GAINS = 420.0, 9
ROOM_SHARE = 0.15
"""What the map shows around what matters, as a share of its width and height."""
ROAD_COLOUR, OTHER, CHOSEN = "#b5b5b5", "#7a4d00", "#005a32"
CHOSEN_POINTS, OTHER_POINTS = 2.8, 0.8
DASHES: tuple[float, tuple[float, ...]] = (0, (2, 1.4))
SIDES: dict[str, Look] = {
    "root": ("#e4ecf3", "#e6e6e6", ""),
    "hanging": ("#a6d5b4", "#ffffff", "////"),
    "cut_off": ("#f6ddc4", "#ffffff", "...."),
}
"""The colour of the zones that have a way, of those whose way hangs on the roads, and of all others that have none,
their grey, and their hatch in grey print."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Told:
    """What is drawn: links in their order, other roads that could be reopened, the number at each, and who hangs on it.

    `side` maps the keys of `SIDES` to nodes (n,); `centre` is the place that the ways lead to, if it is one;
    `shut` whether there is any road to reopen.
    """

    kind: str
    actor: int
    hour: float
    links: Ints
    others: Ints
    amounts: tuple[float, ...]
    unit: str
    value: float
    side: dict[str, Mask]
    centre: tuple[int, ...]
    to: str
    fronts: bool
    table: Mapping[str, list[float]]
    shut: bool = True


def plot_reopening(
    run: "xr.Dataset", found: Reopening, *, style: Style | None = None, figure: Figure | None = None
) -> Sheet:
    """Draw the roads to reopen in their order, all others that could be, and the zones that they would join.

    Parameters
    ----------
    run
        The run, or what is known of its case without one.
    found
        What `corridor.criticality.reopen` returned for the same case.
    style
        For which reader and page.
    figure
        An empty figure to draw in.
    """
    style = style or Style()
    with style.context():
        data = MapData(run, style)
        chosen = [found.shut[opening.road] for opening in found.chosen]
        rest = {one.link for one in found.shut} - {one.link for one in chosen}
        inside = found.part >= 0
        side = {
            "root": (found.part == 0) & ~found.gained,
            "hanging": found.gained,
            "cut_off": inside & (found.part > 0) & ~found.gained,
        }
        commodity = found.aim.commodity
        unit = "persons" if commodity is None else "person_days"
        told = _Told(
            kind="reopen",
            actor=found.actor,
            hour=found.aim.hour,
            links=np.array([one.link for one in chosen], dtype=np.intp),
            others=np.array(sorted(rest), dtype=np.intp),
            amounts=tuple(opening.gain for opening in found.chosen),
            unit=unit,
            value=found.value,
            side=side,
            centre=_centre(data, found.root, found.aim),
            to=_root_name(data, found.root, found.aim),
            fronts=found.aim.fronts,
            shut=bool(found.shut),
            table={
                f"gain_{unit}": [opening.gain for opening in found.chosen],
                "repair_days": [one.days for one in chosen],
                "closed": [one.closed for one in chosen],
                "front": [one.front for one in chosen],
            },
        )
        return _draw(run, told, style, figure)


def plot_keeping(
    run: "xr.Dataset", found: Keeping, *, style: Style | None = None, figure: Figure | None = None
) -> Sheet:
    """Draw the roads to keep open, and the zones whose way hangs on them.

    Parameters
    ----------
    run
        The run, or what is known of its case without one.
    found
        What `corridor.criticality.keep` returned for the same case.
    style
        For which reader and page.
    figure
        An empty figure to draw in.
    """
    style = style or Style()
    with style.context():
        data = MapData(run, style)
        epoch = data.reading.epoch_at(found.aim.hour)
        held = data.reading["holder"][epoch] == found.actor
        side = {"root": held & ~found.cut_off, "hanging": held & found.cut_off, "cut_off": np.zeros_like(held)}
        told = _Told(
            kind="keep",
            actor=found.actor,
            hour=found.aim.hour,
            links=np.array(found.links, dtype=np.intp),
            others=np.zeros(0, dtype=np.intp),
            amounts=(),
            unit="persons",
            value=found.value,
            side=side,
            centre=_centre(data, found.root, found.aim),
            to=_root_name(data, found.root, found.aim),
            fronts=False,
            table={"persons_without_it_and_those_before": list(found.running)},
        )
        return _draw(run, told, style, figure)


def _centre(data: MapData, root: tuple[int, ...], aim: Aim) -> tuple[int, ...]:
    """Return the most populous of the nodes that are to be reached; of sources, none."""
    people = data.reading["population"]
    return (
        ()
        if aim.commodity is not None and not aim.roots
        else (max(root, key=lambda node: (float(people[node]), -node)),)
    )


def _root_name(data: MapData, root: tuple[int, ...], aim: Aim) -> str:
    """Return where the ways lead, as it is called."""
    if aim.commodity is None or aim.roots:
        return data.reading.names[_centre(data, root, aim)[0]]
    name = words.within(data.reading.commodity_names()[aim.commodity])
    return words.word("source_of", data.style.language, commodity=name)


def _draw(run: "xr.Dataset", told: _Told, style: Style, figure: Figure | None) -> Sheet:
    """Draw the map of what matters."""
    people, tail, head = (run[name].values for name in ("population", "tail", "head"))
    # Without a road to point at, all of the territory is shown.
    sides = ("hanging",) if told.links.size else tuple(told.side)
    zones = [np.flatnonzero(told.side[name] & (people > 0)) for name in sides]
    drawn = told.links if told.links.size else told.others
    at = np.unique(np.concatenate([tail[drawn], head[drawn], *zones, np.array(told.centre)])).astype(np.intp)
    return _ReopenMap(MapData(run, style, around(run, at, share=ROOM_SHARE)), told).sheet(figure)


class _ReopenMap:
    """The figure while it is drawn."""

    def __init__(self, data: MapData, told: _Told) -> None:
        self.data, self.told = data, told
        self.reading, self.style = data.reading, data.style
        self.colour = INK if self.style.grey else (CHOSEN if told.kind == "reopen" else LINE)

    def sheet(self, figure: Figure | None) -> Sheet:
        """Return the figure drawn."""
        title = self._title()
        headed = Headed(title=title, subtitle=self._subtitle(), note="reopen_note")
        frame, axes, window = lay_out(self.data, self._signs(), headed, figure=figure)
        self._map(axes, window)
        return Sheet(
            name=self.told.kind, figure=frame.figure, title=title, alt=self._alt(title), style=self.style,
            tables={"": self._road_table(), "others": self._named(self.told.others), "places": self._place_table()},
        )  # fmt: skip

    def _map(self, axes: Axes, window: Window) -> None:
        data, style = self.data, self.style
        bounds = window.bounds()
        axes.set(xlim=bounds[::2], ylim=bounds[1::2], xticks=[], yticks=[])
        draw_ground(axes, data.basemap, style)
        fill_zones(axes, data, window, ((name, self.told.side[name], look) for name, look in SIDES.items()))
        draw_borders(axes, data.basemap, style)
        self._draw_roads(axes, window)
        taken = [draw_scale(axes, window, style, share=0.25), *strips(window, self._ends(self.told.links))]
        taken += self._label(axes, window, taken)
        limits = Limits(names=round(window.width * window.height / MM2_PER_NAME), roads=0)
        draw_names(axes, data, window, self._names(), taken=taken, limits=limits)

    def _ends(self, links: Ints) -> Floats:
        """Return the ends of links on the map, shape (links, 2, 2), km."""
        at = np.column_stack([self.data.x, self.data.y])
        ends: Floats = np.stack([at[self.reading["tail"][links]], at[self.reading["head"][links]]], axis=1)
        return ends

    def _draw_roads(self, axes: Axes, window: Window) -> None:
        roads = self.data.segments(self.data.roads)
        kinds = (
            ("roads", roads[window.crossed_by(roads)], ROAD_COLOUR, 0.5, "-"),
            ("others", self._ends(self.told.others), self.style.colour(OTHER), OTHER_POINTS, DASHES),
            ("chosen", self._ends(self.told.links), self.colour, CHOSEN_POINTS, "-"),
        )
        for order, (name, lines, colour, width, dashes) in enumerate(kinds):
            drawn = LineCollection(
                list(lines), colors=colour, linewidths=width, linestyles=[dashes], zorder=4 + order / 10, label=name
            )
            axes.add_collection(drawn, autolim=False)

    def _label(self, axes: Axes, window: Window, taken: list[Box]) -> list[Box]:
        """Write its number at each chosen road, and what it adds where they are few; return the boxes, mm."""
        points = self.style.points("text")
        texts = self._numbers()
        wishes, middles = [], self._ends(self.told.links).mean(axis=1).tolist()
        for number, (text, (x, y)) in enumerate(zip(texts, middles, strict=True)):
            width, height = text_size_mm(text, points, bold=True)
            at, shapes = window.mm(x, y), ((width + 1.8, height + 1.4),)
            wishes.append(Wish(key=number, x=at[0], y=at[1], shapes=shapes, must=True, radius=1.2))
        placed = place_names(wishes, frame=(0.5, 0.5, window.width - 0.5, window.height - 0.5), taken=taken)
        plate = {"boxstyle": "round,pad=0.2", "facecolor": self.colour, "edgecolor": "white", "linewidth": 0.5}
        for label in placed:
            left, bottom, right, top = label.box
            x, y = window.km((left + right) / 2, (bottom + top) / 2)
            at = middles[label.wish.key]
            axes.plot([at[0], x], [at[1], y], color=INK, linewidth=0.5, zorder=7, scalex=False, scaley=False)
            axes.text(
                x, y, texts[label.wish.key], ha="center", va="center_baseline", color="white", weight="bold",
                fontsize=points, zorder=8, gid=f"road-{label.wish.key + 1}", bbox=plate,
            )  # fmt: skip
        return [label.box for label in placed]

    def _numbers(self) -> list[str]:
        """Return what is written at each chosen road."""
        numbers = [str(rank) for rank in range(1, len(self.told.links) + 1)]
        if self.told.unit != "persons" or len(numbers) > MOST_GAINS or not self.told.amounts:
            return numbers
        gains = (words.thousands(gain, self.style.language) for gain in self.told.amounts)
        signed = (f"+{gain}" if gain[:1].isdigit() else gain for gain in gains)
        return [f"{number}: {gain}" for number, gain in zip(numbers, signed, strict=True)]

    def _names(self) -> list[Name]:
        """Return the names asked for: where the ways lead, ends of the chosen roads, then all by weight."""
        reading, links = self.reading, self.told.links
        ends = np.column_stack([reading["tail"][links], reading["head"][links]]).ravel().tolist()
        lived_in = [node for node in ends if reading["population"][node] > 0]
        order = dict.fromkeys([*self.told.centre, *lived_in, *self.data.places_by_weight()])
        centre = self.told.centre
        must = {*centre, *(reading.position[place] for place in reading.listed("show_places"))}
        return [Name(node=node, text=reading.names[node], bold=node in centre, must=node in must) for node in order]

    def _signs(self) -> list[Sign]:
        told, language, grey = self.told, self.style.language, self.style.grey
        signs = []
        if told.links.size:
            key = words.word(f"{told.kind}_chosen", language)
            signs.append(Sign(words=key, line="-", width=CHOSEN_POINTS, colour=self.colour))
        if told.others.size:
            key = words.word("reopen_others", language, count=told.others.size)
            signs.append(Sign(words=key, line=DASHES, width=OTHER_POINTS, colour=self.style.colour(OTHER)))
        signs.append(Sign(words=words.word("reopen_roads", language), line="-", width=0.5, colour=ROAD_COLOUR))
        for name, (tone, pale, hatch) in SIDES.items():
            if told.side[name][self.reading.inhabited].any():
                later = "_days" if told.unit == "person_days" and name == "hanging" else ""
                key = words.word(f"{told.kind}_{name}{later}", language, to=told.to)
                fill, pattern = (pale, hatch) if grey else (tone, "")
                signs.append(Sign(words=key, fills=(fill,), hatch=pattern, colour=MUTED))
        return signs

    def _title(self) -> str:
        """Return the message: what the roads give, or how many would have no way without them."""
        told, language = self.told, self.style.language
        roads = told.links.size
        if not roads:
            key = f"{told.kind}_title_none{'' if told.shut else '_fronts' if told.fronts else '_shut'}"
            return words.word(key, language, to=told.to, actor=self.reading.actor_names[told.actor])
        timed = told.unit == "person_days"
        many = (words.thousands if timed else words.people)(told.value, language)
        key = {1: "one", 2: "two"}.get(roads, "few" if roads <= 10 else "many")  # noqa: PLR2004 (Arabic counts so)
        count = words.word(f"roads_{key}", language, count=words.count(roads, language))
        title = words.word(f"{told.kind}_title{'_days' if timed else ''}", language, roads=count, many=many, to=told.to)
        return title[:1].upper() + title[1:]

    def _subtitle(self) -> str:
        told = self.told
        return words.whose(
            f"{told.kind}_subtitle{'_fronts' if told.fronts else ''}", self.reading, told.actor, told.hour
        )

    def _alt(self, title: str) -> str:
        roads = ", ".join(self.reading["link_id"][self.told.links].tolist())
        return f"Map: {title}. In order: {roads or 'none'}."

    def _road_table(self) -> Table:
        """Return one row for each chosen road, in order."""
        rank = list(range(1, self.told.links.size + 1))
        return {"rank": rank, **self._named(self.told.links), **self.told.table}

    def _named(self, links: Ints) -> Table:
        """Return one row for each link, with its road and ends."""
        reading = self.reading
        ends = {end: reading["node_id"][reading[end][links]] for end in ("tail", "head")}
        return {"link_id": reading["link_id"][links], **ends}

    def _place_table(self) -> Table:
        """Return one row for each place whose zone is filled."""
        reading, side = self.reading, self.told.side
        shown = np.logical_or.reduce(list(side.values()))[reading.inhabited]
        place = reading.inhabited[shown]
        drawn = np.select([side["hanging"][place], side["cut_off"][place]], ["hanging", "cut_off"], "root")
        return {
            "node_id": reading["node_id"][place],
            "name": [reading.names[node] for node in place.tolist()],
            "population_persons": reading["population"][place],
            "drawn_as": drawn,
        }
