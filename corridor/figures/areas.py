"""Days of supply of whole supply areas over time: what a region has left, its depots, mills and ports included."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from corridor.figures import words
from corridor.figures.heat import demanded
from corridor.figures.key import Sign, draw_key, key_height
from corridor.figures.multiples import (
    Multiples,
    Panel,
    change_signs,
    draw_changes,
    draw_days,
    line_sign,
    round_days,
)
from corridor.figures.reading import Reading
from corridor.figures.sheet import Sheet, Table
from corridor.figures.style import INK, MARGIN_MM, Frame, Style
from corridor.network import Floats

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["plot_area_supply", "supply_areas"]


ROW_MM = {"column": 13.0, "page": 19.0, "slide": 14.0}
HEADROOM = 1.1
"""A scale ends at the first round number of days beyond so many times the most of the area in front."""
FALLEN = 0.9
"""Below this share of what it was a stock has fallen."""
ARRIVED = ("delivered", "diverted")
"""What becomes of convoys that reach a place, though it may be another than was ordered."""
SOON_HOURS, LAST_HOURS = 24.0, 24.0
"""A last convoy has to do with the split if it arrives before it or so soon after, and so long before the end."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Area:
    """A supply area: its id, the name of the first place shown in it, its people, and what it has and needs.

    `changes` are the hours at which its largest place changes hands, and who holds that from then on. `stock` (t, k) in
    tonnes and `demand` (t, k) in tonnes a day are summed over all its places and depots.
    """

    id: str
    name: str
    population: float
    changes: tuple[tuple[float, int], ...]
    stock: Floats
    demand: Floats

    def days(self, commodity: int) -> Floats:
        """Return the days of supply over time, nan without demand."""
        stock, demand = self.stock[:, commodity], self.demand[:, commodity]
        found: Floats = np.full(stock.shape, np.nan)
        np.divide(stock, demand, out=found, where=demand > 0)
        return found


def supply_areas(reading: Reading) -> list[Area]:
    """Return the areas of the places that the run shows, the one with most people first; none if none is named."""
    area, people, node = reading["area"].astype(str), reading["population"], reading["place_node"]
    first: dict[str, int] = {}
    for place in reading.listed("show_places"):
        first.setdefault(str(area[reading.position[place]]), reading.position[place])
    first.pop("", None)
    found = []
    for name, shown in first.items():
        inside = np.flatnonzero(area[node] == name)
        found.append(
            Area(
                id=name,
                name=reading.names[shown],
                population=float(people[node[inside]].sum()),
                changes=_changes(reading, int(node[inside][np.argmax(people[node[inside]])])),
                stock=reading["stock"][:, inside].sum(axis=1),
                demand=reading["demand"][:, inside].sum(axis=1),
            )
        )
    return sorted(found, key=lambda one: -one.population)


def _changes(reading: Reading, node: int) -> tuple[tuple[float, int], ...]:
    """Return the hours at which a node changes hands, and who holds it from then on."""
    held = reading["holder"][:, node]
    epochs = np.flatnonzero(held[1:] != held[:-1]) + 1
    return tuple((float(reading["epoch_start"][epoch]), int(held[epoch])) for epoch in epochs.tolist())


def plot_area_supply(run: "xr.Dataset", *, style: Style | None = None, figure: Figure | None = None) -> Sheet:
    """Draw the days of supply of the areas of the run's `show_places`, a panel for each area and commodity.

    The area with most people stands first; the hours are marked at which the territory of the run's actor splits and
    at which the largest place of an area changes hands.

    Parameters
    ----------
    run
        The run; at least one of its `show_places` lies in a supply area.
    style
        For which reader and page.
    figure
        An empty figure to draw in.
    """
    style = style or Style()
    with style.context():
        return _AreaSupply(Reading(run, style), demanded(run, style)).sheet(figure)


class _AreaSupply:
    """The figure while it is drawn."""

    def __init__(self, reading: Reading, commodities: list[int]) -> None:
        self.reading, self.style, self.commodities = reading, reading.style, commodities
        self.areas = supply_areas(reading)
        self.hours = reading["time"].astype(float)
        self.split = reading.split_hour(reading.show_actor())
        self.names = reading.commodity_names()

    def sheet(self, figure: Figure | None) -> Sheet:
        """Return the figure drawn."""
        style, reading, language = self.style, self.reading, self.style.language
        signs = self._signs()
        key = key_height(signs, style, style.width - 2 * MARGIN_MM) + 2.0
        multiples = Multiples(
            reading=reading,
            rows=[area.name for area in self.areas],
            headings=[words.word("in_days", language, commodity=self.names[one]) for one in self.commodities],
            tops=[self._top(commodity) for commodity in self.commodities],
        )
        title = self._title()
        frame = Frame(
            style, multiples.height(ROW_MM[style.size]) + key, title=title,
            subtitle=words.period("areas_subtitle", reading), notes=words.limits(reading, "areas_note"), figure=figure,
        )  # fmt: skip
        for panel in multiples.panels(frame, frame.bottom + key):
            self._draw(panel, multiples.tops[panel.column])
        draw_key(frame, signs, left=frame.left, top=frame.bottom + key - 2.0, width=frame.right - frame.left)
        return Sheet(
            name="area_supply", figure=frame.figure, title=title, alt=self._alt(title), style=style,
            tables={"": self._table()},
        )  # fmt: skip

    def _top(self, commodity: int) -> float:
        """Return where the scale of a commodity ends, days: beyond the most of the area in front."""
        return round_days(HEADROOM * float(np.nan_to_num(self.areas[0].days(commodity)).max(initial=0.5)))

    def _draw(self, panel: Panel, top: float) -> None:
        area = self.areas[panel.row]
        draw_days(panel, self.reading, self.hours, area.days(self.commodities[panel.column]), top=top)
        if self.split is not None:
            panel.axes.axvline(self.split, color=INK, linewidth=0.8, zorder=2.5)
        draw_changes(panel, self.reading, area.changes)

    def _signs(self) -> list[Sign]:
        """Return what the lines and marks mean."""
        reading, language, signs = self.reading, self.style.language, [line_sign(self.style)]
        if self.split is not None:
            when = words.instant(reading.moment(self.split), language, short=True)
            told = words.word("split_mark", language, actor=reading.actor_names[reading.show_actor()], when=when)
            signs.append(Sign(words=told, marker="|", size=6.0, width=0.8))
        return signs + change_signs(reading, (holder for area in self.areas for _, holder in area.changes))

    def _falls(self, since: float) -> list[str]:
        """Return what the area in front has less of at the end than at an hour, and how much."""
        language = self.style.language
        found: list[str] = []
        for commodity in self.commodities:
            days = self.areas[0].days(commodity)
            then, last = float(np.interp(since, self.hours, days)), float(days[-1])
            if last < FALLEN * then:
                name = words.within(self.names[commodity])
                key = "falls" if not found else "falls_too"
                found.append(words.word(key, language, commodity=name, before=f"{then:.1f}", after=f"{last:.1f}"))
        return found

    def _last_convoy(self, split: float) -> tuple[str, float] | None:
        """Return the area from which most came to the one in front by road, and when its last convoy arrived (hour).

        None if there is no such area, or convoys come on long after the split.
        """
        reading = self.reading
        if not reading.has("shipment_outcome"):
            return None
        area = reading["area"].astype(str)
        origin, destination = (area[reading[f"shipment_{end}"]] for end in ("origin", "destination"))
        by_road = (reading["shipment_mode"] == "road") & np.isin(reading["shipment_outcome"], ARRIVED)
        came = by_road & (destination == self.areas[0].id) & (origin != destination)
        tonnes = {area.name: (came & (origin == area.id)) for area in self.areas[1:]}
        name, mine = max(tonnes.items(), key=lambda one: float(reading["shipment_tonnes"][one[1]].sum()))
        if not mine.any():
            return None
        last = float(reading["shipment_arrived"][mine].max())
        return (name, last) if last <= min(split + SOON_HOURS, reading.horizon - LAST_HOURS) else None

    def _title(self) -> str:
        language, name, reading = self.style.language, self.areas[0].name, self.reading
        if self.split is None:
            return words.word("areas_title", language, area=name)
        convoy = self._last_convoy(self.split) if len(self.areas) > 1 else None
        since = max(self.split, convoy[1]) if convoy else self.split
        when = words.instant(reading.moment(since), language)
        falls = words.listed(self._falls(since), language)
        if not falls:
            return words.word("areas_title_none", language, area=name, when=when)
        key = "areas_title_cut" if convoy else "areas_title_falls"
        origin = convoy[0] if convoy else ""
        return words.word(key, language, area=name, falls=falls, when=when, origin=origin)

    def _alt(self, title: str) -> str:
        names = words.listed([area.name for area in self.areas], "en")
        return f"{title}: curves, one panel for each of {len(self.commodities)} commodities and areas of {names}."

    def _table(self) -> Table:
        """Return one row for each commodity, area and hour."""
        reading = self.reading
        columns: dict[str, list[object]] = {
            "commodity": [], "area": [], "named_after": [], "population_persons": [], "instant": [],
            "stock_tonnes": [], "demand_tonnes_per_day": [], "supply_days": [],
        }  # fmt: skip
        moments = [reading.moment(hour).isoformat() for hour in self.hours.tolist()]
        for commodity in self.commodities:
            for area in self.areas:
                told = (str(reading["commodity"][commodity]), area.id, area.name, area.population)
                for key, value in zip(columns, told, strict=False):
                    columns[key] += [value] * len(moments)
                columns["instant"] += moments
                columns["stock_tonnes"] += area.stock[:, commodity].tolist()
                columns["demand_tonnes_per_day"] += area.demand[:, commodity].tolist()
                columns["supply_days"] += area.days(commodity).tolist()
        return columns
