"""Days of supply of whole supply areas over time: what a region has left, its depots, mills and ports included."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from corridor.figures import words
from corridor.figures.heat import SCALES_DAYS, demanded
from corridor.figures.reading import Reading
from corridor.figures.sheet import Sheet, Table
from corridor.figures.style import FAINT, INK, LINE, MUTED, Frame, Style, text_size_mm
from corridor.figures.timeline import date_axis

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["plot_area_supply", "supply_areas"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Dashes = str | tuple[float, tuple[float, ...]]

COLUMNS = {"column": 1, "page": 2, "slide": 2}
PANEL_MM = {"column": 25.0, "page": 36.0, "slide": 33.0}
GAP_MM, AXIS_MM = 6.0, 4.5
HEADROOM = 1.1
"""The scale of a panel ends at the first round number of days beyond so many times the most of the area in front."""
FALLEN = 0.9
"""Below this share of what it was at the split a stock has fallen."""
WHOLE_DAYS = 10
"""From here on days are written without decimals."""
BEHIND: tuple[Dashes, ...] = ("-", (0, (5, 2)), (0, (1.2, 1.2)), (0, (6, 1.5, 1, 1.5)), (0, (3, 1, 1, 1, 1, 1)))
"""The lines of the areas behind the one in front."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Area:
    """A supply area: its id, the name of the first place shown in it, its people, and what it has and needs.

    `stock` (t, k) in tonnes and `demand` (t, k) in tonnes a day are summed over all its places and depots.
    """

    id: str
    name: str
    population: float
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
                stock=reading["stock"][:, inside].sum(axis=1),
                demand=reading["demand"][:, inside].sum(axis=1),
            )
        )
    return sorted(found, key=lambda one: -one.population)


def plot_area_supply(run: "xr.Dataset", *, style: Style | None = None, figure: Figure | None = None) -> Sheet:
    """Draw the days of supply of the areas that the places of the run's `show_places` lie in, one panel a commodity.

    The area with most people stands in front; the hour at which the territory of the run's actor splits is marked.

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
        style, columns = self.style, COLUMNS[self.style.size]
        head, rows = style.line("text") + 1.2, -(-len(self.commodities) // columns)
        title = self._title()
        frame = Frame(
            style, rows * (head + PANEL_MM[style.size] + AXIS_MM + 1.5), title=title,
            subtitle=words.period("areas_subtitle", self.reading), notes=[words.sources(self.reading)], figure=figure,
        )  # fmt: skip
        row = (frame.top - frame.bottom) / rows
        points = style.points("small")
        ends = [f"{area.name} {_told(99.9)}" for area in self.areas]
        label_mm = max(text_size_mm(end, points, bold=True)[0] for end in ends) + 2.0
        tick_mm = text_size_mm("180", points)[0] + 2.0
        width = (frame.right - frame.left - (columns - 1) * GAP_MM) / columns
        for number, commodity in enumerate(self.commodities):
            down, across = divmod(number, columns)
            across = across if style.start == "left" else columns - 1 - across
            left, top = frame.left + across * (width + GAP_MM), frame.top - down * row
            box = (left + tick_mm, top - row + AXIS_MM + 1.5, width - tick_mm - label_mm, row - head - AXIS_MM - 1.5)
            axes = frame.axes(*box)
            highest = self._draw(axes, commodity, box)
            self._head(frame, (left, top, width), commodity, highest)
        return Sheet(
            name="area_supply", figure=frame.figure, title=title, alt=self._alt(title), style=style,
            tables={"": self._table()},
        )  # fmt: skip

    def _head(self, frame: Frame, at: tuple[float, float, float], commodity: int, highest: float) -> None:
        """Write over a panel what it shows, and which areas end beyond its scale."""
        left, top, width = at
        start, end = (left, left + width) if self.style.start == "left" else (left + width, left)
        language = self.style.language
        what = words.word("in_days", language, commodity=self.names[commodity])
        frame.text(start, top, what, weight="bold", ha=self.style.start, va="top")
        last = [(area.name, float(area.days(commodity)[-1])) for area in self.areas]
        beyond = [f"{name} {_told(days)}" for name, days in last if days > highest]
        if beyond:
            told = words.word("off_scale", language, areas=words.listed(beyond, language))
            frame.text(end, top, told, role="small", ha=self.style.end, va="top", color=MUTED)

    def _draw(self, axes: Axes, commodity: int, box: tuple[float, float, float, float]) -> float:
        """Draw one commodity in a box (left, bottom, width, height, mm), and return where its scale ends, days."""
        style, points, (_, _, width, height) = self.style, self.style.points("small"), box
        front = self.areas[0].days(commodity)
        most = HEADROOM * float(np.nan_to_num(front).max(initial=0.5))
        highest = float(next((days for days in SCALES_DAYS if days >= most), np.ceil(most)))
        axes.set_ylim(0, highest)
        axes.set_yticks([0, highest / 2, highest], labels=["0", f"{highest / 2:g}", f"{highest:g}"])
        axes.grid(axis="y", color=FAINT, linewidth=0.4, zorder=0)
        axes.spines[["top", "left", "right"]].set_visible(False)
        axes.tick_params(axis="y", length=0, pad=2)
        looks: list[tuple[Dashes, float, str]] = [("-", 1.6, style.colour(LINE))]
        looks += [(BEHIND[number % len(BEHIND)], 0.7, MUTED) for number in range(len(self.areas) - 1)]
        ends = []
        for number, (area, (dashes, line, colour)) in enumerate(zip(self.areas, looks, strict=True)):
            days = area.days(commodity)
            axes.plot(self.hours, days, color=colour, linewidth=line, linestyle=dashes, zorder=4 - (number > 0))
            if days[-1] <= highest:
                ends.append((float(days[-1]) / highest * height, number, f"{area.name} {_told(float(days[-1]))}"))
        for y, number, told in _apart(ends, style.line("small") * 0.9, height):
            axes.text(
                1 + 1.0 / width, y / height, told, transform=axes.transAxes, va="center_baseline", ha="left",
                fontsize=points, color=looks[number][2], weight="normal" if number else "bold",
            )  # fmt: skip
        if self.split is not None:
            self._mark(axes, self.split, (width, height))
        date_axis(axes, self.reading, width)
        return highest

    def _mark(self, axes: Axes, split: float, size: tuple[float, float]) -> None:
        """Mark the split in a panel of a size (mm), and name it to its left where no curve runs."""
        drawn = [np.asarray(line.get_xydata(), dtype=float) for line in axes.lines]
        axes.axvline(split, color=INK, linewidth=0.5, linestyle=(0, (3, 2)), zorder=2)
        language, points, horizon = self.style.language, self.style.points("small"), self.reading.horizon
        told = words.word("split_mark", language, when=words.instant(self.reading.moment(split), language, short=True))
        wide, high = text_size_mm(told, points)
        since = split - (wide + 2.0) / size[0] * horizon
        near = np.concatenate([line[(line[:, 0] >= since) & (line[:, 0] <= split), 1] for line in drawn])
        near = near / axes.get_ylim()[1] * size[1]
        heights = [0.6, size[1] - high - 0.6, *np.linspace(0.6, size[1] - high - 0.6, 12)]
        free = [y for y in heights if not np.any((near > y - 0.6) & (near < y + high + 0.6))]
        if since >= 0 and free:
            axes.annotate(
                told, (split, free[0] / size[1]), xycoords=axes.get_xaxis_transform(), xytext=(-2, 0),
                textcoords="offset points", ha="right", va="bottom", fontsize=points, color=INK, zorder=6,
            )  # fmt: skip

    def _falls(self) -> list[str]:
        """Return what the area in front has less of at the end than at the split, and how much."""
        language = self.style.language
        found: list[str] = []
        for commodity in self.commodities:
            days = self.areas[0].days(commodity)
            then, last = float(np.interp(self.split or 0.0, self.hours, days)), float(days[-1])
            if last < FALLEN * then:
                name = self.names[commodity].lower()
                key = "falls" if not found else "falls_too"
                found.append(words.word(key, language, commodity=name, before=f"{then:.1f}", after=f"{last:.1f}"))
        return found

    def _title(self) -> str:
        language, name = self.style.language, self.areas[0].name
        if self.split is None:
            return words.word("areas_title", language, area=name)
        falls = self._falls()
        if not falls:
            return words.word("areas_title_none", language, area=name)
        return words.word("areas_title_falls", language, area=name, falls=words.listed(falls, language))

    def _alt(self, title: str) -> str:
        names = words.listed([area.name for area in self.areas], "en")
        return f"{title}: lines over time, one panel for each of {len(self.commodities)} commodities, areas of {names}."

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


def _told(days: float) -> str:
    return f"{days:.1f}" if days < WHOLE_DAYS else f"{days:.0f}"


def _apart(ends: list[tuple[float, int, str]], line: float, height: float) -> list[tuple[float, int, str]]:
    """Return labels moved up and down so that none is nearer than a line (mm) to the next, all within the height."""
    placed = sorted(ends)
    at: list[float] = []
    for y, _, _ in placed:
        at.append(max(y, at[-1] + line if at else 0.0))
    highest = height
    for number in reversed(range(len(at))):
        at[number] = min(at[number], highest)
        highest = at[number] - line
    return [(y, number, told) for y, (_, number, told) in zip(at, placed, strict=True)]
