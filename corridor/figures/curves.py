"""Days of supply of the places that a run shows, one small panel for each place and commodity."""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from corridor.figures import words
from corridor.figures.heat import SCALES_DAYS, demanded
from corridor.figures.key import Sign, draw_key, key_height
from corridor.figures.reading import CONTESTED, Reading
from corridor.figures.sheet import Sheet, Table
from corridor.figures.style import FAINT, INK, LINE, MARGIN_MM, MUTED, Frame, Style, text_size_mm
from corridor.figures.supplies import Supplies
from corridor.figures.timeline import date_axis, end_mm

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["plot_supply_curves"]

COLUMNS = {"column": 2, "page": 4, "slide": 4}
"""How many commodities stand side by side."""
ROW_MM = {"column": 11.0, "page": 16.0, "slide": 11.5}
GAP_MM, AXIS_MM, TICKS_MM = 2.5, 5.0, 5.5
GONE = "#c9c9c9"


def plot_supply_curves(run: "xr.Dataset", *, style: Style | None = None, figure: Figure | None = None) -> Sheet:
    """Draw the days of supply of the run's `show_places`, with stockouts as filled gaps and changes of control.

    Parameters
    ----------
    run
        The run.
    style
        For which reader and page.
    figure
        An empty figure to draw in.
    """
    style = style or Style()
    with style.context():
        return _Curves(Reading(run, style), demanded(run, style)).sheet(figure)


class _Curves:
    """The figure while it is drawn."""

    def __init__(self, reading: Reading, commodities: list[int]) -> None:
        self.reading, self.style = reading, reading.style
        places = [reading.position[name] for name in reading.listed("show_places")]
        known = set(reading.places.tolist())
        nodes = np.array([node for node in places if node in known], dtype=np.intp)
        if not nodes.size:
            place = reading.places
            nodes = place[np.argsort(-reading["population"][place], kind="stable")[:6]]
        self.nodes = nodes
        self.supplies = [Supplies.of(reading, commodity, nodes) for commodity in commodities]
        self.names = [reading.commodity_names()[commodity] for commodity in commodities]

    def sheet(self, figure: Figure | None) -> Sheet:
        """Return the figure drawn."""
        style, reading, points = self.style, self.reading, self.style.points("small")
        row = ROW_MM[style.size]
        signs = self._signs()
        key = key_height(signs, style, style.width - 2 * MARGIN_MM)
        head, rows, columns = style.line("text") + 1.0, len(self.nodes), min(COLUMNS[style.size], len(self.supplies))
        blocks = -(-len(self.supplies) // columns)
        title = self._title()
        frame = Frame(
            style, blocks * (head + rows * row + AXIS_MM) + key + 2.0, title=title,
            subtitle=words.period("curves_subtitle", reading), notes=[words.sources(reading)], figure=figure,
        )  # fmt: skip
        row = ((frame.top - frame.bottom - key - 2.0) / blocks - head - AXIS_MM) / rows
        label_mm = max(text_size_mm(reading.names[node], points)[0] for node in self.nodes.tolist()) + 1.5
        inner = frame.right - frame.left - label_mm - end_mm(reading)
        width = (inner - columns * TICKS_MM - (columns - 1) * GAP_MM) / columns
        first = frame.left + (label_mm if style.start == "left" else end_mm(reading))
        for number, supplies in enumerate(self.supplies):
            block, column = divmod(number, columns)
            place = column if style.start == "left" else columns - 1 - column
            left = first + place * (width + TICKS_MM + GAP_MM) + (TICKS_MM if style.start == "left" else 0.0)
            top = frame.top - block * (head + rows * row + AXIS_MM) - head
            told = words.word("in_days", style.language, commodity=self.names[number])
            x = left if style.start == "left" else left + width
            frame.text(x, top + 1.0, told, weight="bold", ha=style.start, va="bottom")
            self._panels(frame, supplies, (left, top, width, row))
            if column == 0:
                self._name_rows(frame, top, row)
        draw_key(frame, signs, left=frame.left, top=frame.bottom + key, width=frame.right - frame.left)
        return Sheet(
            name="supply_curves", figure=frame.figure, title=title, alt=self._alt(title), style=style,
            tables={"": self._table()},
        )  # fmt: skip

    def _panels(self, frame: Frame, supplies: Supplies, at: tuple[float, float, float, float]) -> None:
        """Draw the places of one commodity below each other; `at` are left, top, width and height of a row, mm."""
        left, top, width, row = at
        days = self._top(supplies)
        for number in range(len(self.nodes)):
            axes = frame.axes(left, top - (number + 1) * row + 1.8, width, row - 1.8)
            axes.set_ylim(0, 1.05 * days)
            axes.set_yticks([0, days])
            self._draw(axes, supplies, number)
            date_axis(axes, self.reading, width, named=number == len(self.nodes) - 1)

    def _name_rows(self, frame: Frame, top: float, row: float) -> None:
        for number, node in enumerate(self.nodes.tolist()):
            y = top - (number + 0.5) * row + 0.9
            x = frame.left if self.style.start == "left" else frame.right
            frame.text(x, y, self.reading.names[node], role="small", ha=self.style.start, va="center")

    def _top(self, supplies: Supplies) -> float:
        """Return the top of the axes of one commodity: a round number of days."""
        most = float(np.nan_to_num(supplies.days).max(initial=1.0))
        return float(next((days for days in SCALES_DAYS if days >= most), np.ceil(most)))

    def _draw(self, axes: Axes, supplies: Supplies, number: int) -> None:
        reading, style = self.reading, self.style
        node = int(supplies.nodes[number])
        for start, end in supplies.stockouts(reading, node):
            axes.axvspan(start, end, facecolor=GONE, edgecolor="none", zorder=1)
        line = style.colour(LINE)
        axes.fill_between(supplies.hours, supplies.days[:, number], color=line, alpha=0.15, linewidth=0, zorder=2)
        axes.plot(supplies.hours, supplies.days[:, number], color=line, linewidth=1.0, zorder=3)
        for hour, holder in supplies.changes(reading, node):
            face = style.colour(reading.actor_colour(holder))
            axes.axvline(hour, color=MUTED, linewidth=0.4, linestyle=(0, (2, 2)), zorder=2)
            shape = style.marker(holder)
            axes.plot(
                [hour], [0.94], transform=axes.get_xaxis_transform(), marker=shape, markersize=3.4,
                markerfacecolor=face,
                markeredgecolor=INK if holder == CONTESTED else face, markeredgewidth=0.4, zorder=4, clip_on=False,
            )  # fmt: skip
        axes.grid(axis="y", color=FAINT, linewidth=0.4, zorder=0)
        axes.set_axisbelow(True)
        axes.spines[["top", "left", "right"]].set_visible(False)
        axes.tick_params(axis="y", length=0, pad=2)
        if style.start == "right":
            axes.yaxis.tick_right()

    def _signs(self) -> list[Sign]:
        reading, language = self.reading, self.reading.language
        changes = {
            holder for supplies in self.supplies for node in supplies.nodes.tolist()
            for _, holder in supplies.changes(reading, node)
        }  # fmt: skip
        signs = [
            Sign(words=words.word("days", language), line="-", width=1.0, colour=self.style.colour(LINE)),
            Sign(words=words.word("none_left", language), fills=(GONE,)),
        ]
        for holder in sorted(changes):
            colour = self.style.colour(reading.actor_colour(holder))
            if holder == CONTESTED:
                told = words.word("changes_to_contested", language)
                signs.append(Sign(words=told, marker=self.style.marker(holder), size=3.8, face="#ffffff"))
            else:
                told = words.word("changes_to", language, actor=reading.actor_names[holder])
                signs.append(Sign(words=told, marker=self.style.marker(holder), size=3.8, colour=colour))
        return signs

    def _title(self) -> str:
        reading, language = self.reading, self.reading.language
        failing = [
            (float(hour), number, commodity)
            for commodity, supplies in enumerate(self.supplies)
            for number, hour in enumerate(supplies.failed.tolist())
            if np.isfinite(hour)
        ]
        places = words.count(len(self.nodes), language)
        if not failing:
            return words.word("curves_title_none", language, places=places)
        hour, number, commodity = min(failing)
        when = words.instant(reading.moment(hour), language)
        name, what = reading.names[self.nodes[number]], self.names[commodity]
        return words.word("curves_title", language, place=name, places=places, commodity=what.lower(), when=when)

    def _alt(self, title: str) -> str:
        return (
            f"{title}: curves of days of supply of {len(self.names)} commodities in {len(self.nodes)} places, with the "
            "times at which none is left and at which control changes."
        )

    def _table(self) -> Table:
        """Return one row for each commodity, place and hour."""
        reading = self.reading
        columns: dict[str, list[object]] = {
            "commodity": [], "node_id": [], "name": [], "instant": [], "supply_days": [], "none_left": [], "holder": [],
        }  # fmt: skip
        for supplies in self.supplies:
            moments = [reading.moment(hour).isoformat() for hour in supplies.hours.tolist()]
            epochs = [reading.epoch_at(hour) for hour in supplies.hours.tolist()]
            for number, node in enumerate(supplies.nodes.tolist()):
                gone = supplies.stockouts(reading, node)
                count = len(moments)
                columns["commodity"] += [str(reading["commodity"][supplies.commodity])] * count
                columns["node_id"] += [str(reading["node_id"][node])] * count
                columns["name"] += [reading.names[node]] * count
                columns["instant"] += moments
                columns["supply_days"] += supplies.days[:, number].tolist()
                columns["none_left"] += [
                    any(start <= hour < end for start, end in gone) for hour in supplies.hours.tolist()
                ]
                columns["holder"] += [reading.actor_id(int(reading["holder"][epoch, node])) for epoch in epochs]
        return columns
