"""Days of supply by place and time, one commodity a figure, in the order in which places run out."""

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import Normalize, to_rgba
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from numpy.typing import NDArray

from corridor.figures import words
from corridor.figures.key import Sign, draw_key, key_height
from corridor.figures.multiples import SCALES_DAYS
from corridor.figures.reading import CONTESTED, Reading
from corridor.figures.sheet import Sheet, Table
from corridor.figures.style import INK, Frame, Style, text_size_mm
from corridor.figures.supplies import EMPTY_DAYS, Supplies
from corridor.figures.timeline import date_axis, end_mm
from corridor.network import Floats

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["demanded", "plot_days_of_supply"]


MOST_PLACES = {"column": 40, "page": 40, "slide": 24}
BAR_MM, AXIS_MM = 3.0, 5.0
CLIP_MEDIANS = 2.5
"""Colours end at the first round number of days beyond so many medians."""
NO_DEMAND = "#d0d0d0"
EMPTY = "#ffffff"


def demanded(run: "xr.Dataset", style: Style) -> list[int]:
    """Return the commodities (positions) that people use."""
    reading = Reading(run, style)
    used = (reading["demand"][:, np.isin(reading["place_node"], reading.places)] > 0).any(axis=(0, 1))
    found: list[int] = np.flatnonzero(used).tolist()
    return found


def plot_days_of_supply(
    run: "xr.Dataset", *, commodity: str | int = 0, style: Style | None = None, figure: Figure | None = None
) -> Sheet:
    """Draw the days of supply of one commodity over time at the largest places that the run's actor held at the start.

    Parameters
    ----------
    run
        The run.
    commodity
        Its id, or its position.
    style
        For which reader and page.
    figure
        An empty figure to draw in.
    """
    style = style or Style()
    with style.context():
        reading = Reading(run, style)
        ids = reading["commodity"].astype(str).tolist()
        number = ids.index(commodity) if isinstance(commodity, str) else commodity
        return _Heat(reading, number).sheet(figure)


class _Heat:
    """The figure while it is drawn."""

    def __init__(self, reading: Reading, commodity: int) -> None:
        self.reading, self.style, self.commodity = reading, reading.style, commodity
        self.id = str(reading["commodity"][commodity])
        self.name = reading.commodity_names()[commodity]
        self.actor = reading.actor_names[reading.show_actor()]
        supplies = Supplies.of(reading, commodity, self._places())
        used = set(np.flatnonzero(np.isfinite(supplies.days).any(axis=0)).tolist())
        least = np.nanmin(np.where(np.isfinite(supplies.days), supplies.days, np.inf), axis=0, initial=np.inf)
        order = [row for row in np.lexsort((supplies.nodes, least, supplies.failed)).tolist() if row in used]
        self.supplies, self.order = supplies, order
        finite = supplies.days[np.isfinite(supplies.days)]
        high = CLIP_MEDIANS * float(np.median(finite)) if finite.size else 1.0
        self.clip = float(next((days for days in SCALES_DAYS if days >= high), SCALES_DAYS[-1]))

    def _places(self) -> NDArray[np.intp]:
        """Return the places drawn: of those that the run's actor holds at the start the most populous."""
        reading = self.reading
        place = reading.places
        held = place[reading["holder"][0, place] == reading.show_actor()]
        place = held if held.size else place
        ranked = place[np.argsort(-reading["population"][place], kind="stable")]
        return ranked[: MOST_PLACES[self.style.size]]

    def sheet(self, figure: Figure | None) -> Sheet:
        """Return the figure drawn."""
        style, points = self.style, self.style.points("small")
        row_mm = points * 0.3528 * 1.12
        signs = self._signs()
        key = key_height(signs, style, style.width - 4)
        title = self._title()
        frame = Frame(
            style, len(self.order) * row_mm + AXIS_MM + key + BAR_MM + style.line("small") + 6.5, title=title,
            subtitle=words.period("heat_subtitle", self.reading, places=len(self.order), actor=self.actor),
            notes=words.limits(self.reading), figure=figure,
        )  # fmt: skip
        names = [self.reading.names[self.supplies.nodes[row]] for row in self.order]
        label_mm = max(text_size_mm(name, points)[0] for name in names) + 2.0
        width = frame.right - frame.left - label_mm - end_mm(self.reading)
        left = frame.left + (label_mm if style.start == "left" else end_mm(self.reading))
        foot = frame.bottom + key + 3.5
        bottom = foot + BAR_MM + style.line("small") + 2.5 + AXIS_MM
        axes = frame.axes(left, bottom, width, frame.top - bottom)
        self._draw(axes, names)
        date_axis(axes, self.reading, width)
        bar = frame.axes(left, foot + style.line("small"), min(width, 70.0), BAR_MM)
        self._draw_scale(bar)
        draw_key(frame, signs, left=frame.left, top=frame.bottom + key + 1.0, width=frame.right - frame.left)
        return Sheet(
            name=f"days_of_supply_{self.id}", figure=frame.figure, title=title, alt=self._alt(title), style=style,
            tables={"": self._table()},
        )  # fmt: skip

    def _colours(self) -> Floats:
        """Return the colour of each of p places at each of t instants on record, shape (p, t, 4)."""
        days = self.supplies.days[:, self.order].T
        colours: Floats = self.style.quantity_map()(Normalize(0, self.clip, clip=True)(np.nan_to_num(days)))
        colours[np.isnan(days)] = to_rgba(NO_DEMAND)
        colours[days <= EMPTY_DAYS] = to_rgba(EMPTY)
        return colours

    def _draw(self, axes: Axes, names: list[str]) -> None:
        reading, rows = self.reading, len(self.order)
        last = self.supplies.hours[-1]
        image = AxesImage(axes, extent=(self.supplies.hours[0], last, rows, 0), interpolation="nearest", resample=False)
        image.set_data(self._colours()[:, :-1] if self.supplies.hours.size > 1 else self._colours())
        axes.add_image(image)
        axes.set_ylim(rows, 0)
        axes.set_yticks([])
        start = self.style.start == "left"
        for row, name in enumerate(names):
            axes.annotate(
                name, (0 if start else 1, row + 0.78), xycoords=axes.get_yaxis_transform(),
                xytext=(-3 if start else 3, 0), textcoords="offset points",
                ha="right" if start else "left", va="baseline", fontsize=self.style.points("small"),
            )  # fmt: skip
        axes.hlines(np.arange(1, rows), 0, reading.horizon, colors="white", linewidths=0.4)
        self._draw_stockouts(axes)
        self._draw_changes(axes)

    def _draw_stockouts(self, axes: Axes) -> None:
        """Draw a line through the time at which a place has none."""
        lines = [
            [(start, row + 0.5), (end, row + 0.5)]
            for row, column in enumerate(self.order)
            for start, end in self.supplies.stockouts(self.reading, int(self.supplies.nodes[column]))
        ]
        axes.add_collection(LineCollection(lines, colors=INK, linewidths=0.7, label="stockouts"), autolim=False)

    def _draw_changes(self, axes: Axes) -> None:
        """Draw a bar where a place changes hands, in the colour of its new holder."""
        reading = self.reading
        bars, colours, rims = [], [], []
        for row, column in enumerate(self.order):
            for hour, holder in self.supplies.changes(reading, int(self.supplies.nodes[column])):
                bars.append([(hour, row + 0.04), (hour, row + 0.96)])
                colours.append(self.style.colour(reading.actor_colour(holder)))
                rims.append(INK if holder == CONTESTED else "#ffffff")
                if self.style.grey and holder != CONTESTED:
                    axes.plot(
                        hour, row + 0.5, marker=self.style.marker(holder), markersize=3.0, markerfacecolor="white",
                        markeredgecolor=INK, markeredgewidth=0.5, clip_on=False, zorder=5,
                    )  # fmt: skip
        for width, colour in ((2.6, rims), (1.4, colours)):
            axes.add_collection(LineCollection(bars, colors=colour, linewidths=width, label="changes"), autolim=False)

    def _draw_scale(self, axes: Axes) -> None:
        """Draw the colours and their days below the places."""
        axes.imshow(
            np.linspace(0, 1, 256)[None], aspect="auto", cmap=self.style.quantity_map(), extent=(0, self.clip, 0, 1)
        )
        ticks = [0, self.clip / 2, self.clip]
        last = words.word("at_least_days", self.reading.language, days=f"{self.clip:g}")
        axes.set_xticks(ticks, labels=["0", f"{ticks[1]:g}", last])
        axes.get_xticklabels()[-1].set_horizontalalignment("right")
        axes.set_yticks([])

    def _signs(self) -> list[Sign]:
        reading, language = self.reading, self.reading.language
        holders = {
            holder for column in self.order
            for _, holder in self.supplies.changes(reading, int(self.supplies.nodes[column]))
        }  # fmt: skip
        signs = []
        if np.isfinite(self.supplies.failed[self.order]).any():
            signs.append(Sign(words=words.word("none_left", language), fills=(EMPTY,), strike=True))
        for holder in sorted(holders):
            if holder == CONTESTED:
                told = words.word("changes_to_contested", language)
                signs.append(Sign(words=told, marker="s", size=4, face="#ffffff"))
                continue
            told = words.word("changes_to", language, actor=reading.actor_names[holder])
            colour = self.style.colour(reading.actor_colour(holder))
            if self.style.grey:
                signs.append(Sign(words=told, marker=self.style.marker(holder), size=3.4, face="#ffffff"))
            else:
                signs.append(Sign(words=told, marker="|", size=6, width=1.8, colour=colour))
        return signs

    def _title(self) -> str:
        failed = self.supplies.failed[self.order]
        count, places = int(np.isfinite(failed).sum()), len(self.order)
        language = self.reading.language
        if not count:
            return words.word("heat_title_none", language, commodity=self.name, places=places)
        first = self.reading.names[self.supplies.nodes[self.order[0]]]
        key = "heat_title" if count > 1 else "heat_title_one"
        return words.word(key, language, commodity=self.name, failed=count, places=places, first=first)

    def _alt(self, title: str) -> str:
        return f"{title}: a heat map of days of supply of {len(self.order)} places over time."

    def _table(self) -> Table:
        """Return one row for each place, in the order drawn: one column for each instant on record."""
        reading, supplies = self.reading, self.supplies
        nodes = supplies.nodes[self.order]
        failed = supplies.failed[self.order].tolist()
        table: dict[str, Any] = {
            "node_id": reading["node_id"][nodes],
            "name": [reading.names[node] for node in nodes.tolist()],
            "population_persons": reading["population"][nodes],
            "runs_out": [reading.moment(hour).isoformat() if np.isfinite(hour) else "" for hour in failed],
            "changes_hands": [
                ";".join(
                    f"{reading.moment(hour).isoformat()} {reading.actor_id(holder)}"
                    for hour, holder in supplies.changes(reading, node)
                )
                for node in nodes.tolist()
            ],
        }
        for row, hour in enumerate(supplies.hours.tolist()):
            table[f"{reading.moment(hour).isoformat()}_days"] = supplies.days[row, self.order]
        return table
