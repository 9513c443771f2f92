"""Small panels in a table: a row for each place, a column for each commodity, on one scale of days a column."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from corridor.figures import words
from corridor.figures.key import Sign
from corridor.figures.reading import CONTESTED, Reading
from corridor.figures.sheet import HALO_POINTS
from corridor.figures.style import FAINT, INK, LINE, MUTED, Frame, Style, text_size_mm
from corridor.figures.timeline import date_axis, end_mm
from corridor.network import Floats

__all__ = ["Multiples", "Panel", "change_signs", "draw_changes", "draw_days", "line_sign", "round_days"]


SCALES_DAYS = (1, 2, 3, 4, 5, 7, 10, 14, 21, 30, 45, 60, 90, 120, 180, 365)
COLUMNS = {"column": 2, "page": 4, "slide": 4}
"""How many commodities stand side by side."""
GAP_MM, AXIS_MM, TICKS_MM, BETWEEN_MM = 2.5, 5.0, 5.5, 1.8
ROOM = 1.05
"""How far a panel reaches, in shares of its scale."""
MARKS_MM, MARK_HIGH, MARK_DOWN = 1.8, 0.94, 0.17
"""How near two marks may stand side by side, how high the first stands (share of the panel), and the next below it."""


def round_days(days: float) -> float:
    """Return the first round number of days that is no less."""
    return float(next((one for one in SCALES_DAYS if one >= days), np.ceil(days)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One panel: its axes, of `width` mm, and which row and column it is."""

    axes: Axes
    row: int
    column: int
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Multiples:
    """The panels of a figure: the names of its rows, the headings of its columns, and where each column's scale ends.

    Columns that find no room side by side continue below.
    """

    reading: Reading
    rows: Sequence[str]
    headings: Sequence[str]
    tops: Sequence[float]

    @property
    def _across(self) -> int:
        return min(COLUMNS[self.reading.style.size], len(self.headings))

    @property
    def _blocks(self) -> int:
        return -(-len(self.headings) // self._across)

    @property
    def _head_mm(self) -> float:
        return self.reading.style.line("text") + 1.0

    def height(self, row: float) -> float:
        """Return the height that panels of a `row` height take in all, mm."""
        return self._blocks * (self._head_mm + len(self.rows) * row + AXIS_MM)

    def panels(self, frame: Frame, bottom: float) -> Iterator[Panel]:
        """Yield the panels, from the frame's top down to `bottom` (mm), with names, headings, scale and dates."""
        style, reading, head = self.reading.style, self.reading, self._head_mm
        block_mm = (frame.top - bottom) / self._blocks
        row_mm = (block_mm - head - AXIS_MM) / len(self.rows)
        label_mm = max(text_size_mm(name, style.points("small"))[0] for name in self.rows) + 1.5
        inner = frame.right - frame.left - label_mm - end_mm(reading)
        width = (inner - self._across * TICKS_MM - (self._across - 1) * GAP_MM) / self._across
        start = style.start == "left"
        first = frame.left + (label_mm + TICKS_MM if start else end_mm(reading))
        for column, heading in enumerate(self.headings):
            block, place = divmod(column, self._across)
            left = first + (place if start else self._across - 1 - place) * (width + TICKS_MM + GAP_MM)
            top = frame.top - block * block_mm - head
            x = left if start else left + width
            frame.text(x, top + 1.0, heading, weight="bold", ha=style.start, va="bottom")
            for row, name in enumerate(self.rows):
                low = top - (row + 1) * row_mm
                if place == 0:
                    x, y = frame.left if start else frame.right, low + row_mm / 2 + BETWEEN_MM / 2
                    frame.text(x, y, name, role="small", ha=style.start, va="center")
                axes = frame.axes(left, low + BETWEEN_MM, width, row_mm - BETWEEN_MM)
                self._scale(axes, self.tops[column])
                date_axis(axes, reading, width, named=row == len(self.rows) - 1)
                yield Panel(axes=axes, row=row, column=column, width=width)

    def _scale(self, axes: Axes, top: float) -> None:
        axes.set_ylim(0, ROOM * top)
        axes.set_yticks([0, top], labels=["0", f"{top:g}"])
        axes.grid(axis="y", color=FAINT, linewidth=0.4, zorder=0)
        axes.set_axisbelow(True)
        axes.spines[["top", "left", "right"]].set_visible(False)
        axes.tick_params(axis="y", length=0, pad=2)
        if self.reading.style.start == "right":
            axes.yaxis.tick_right()


def draw_days(panel: Panel, reading: Reading, hours: Floats, days: Floats, *, top: float) -> None:
    """Draw days of supply over time, and say how many they are where they leave the scale, which ends at `top`."""
    style, axes = reading.style, panel.axes
    line = style.colour(LINE)
    axes.fill_between(hours, days, color=line, alpha=0.15, linewidth=0, zorder=2)
    axes.plot(hours, days, color=line, linewidth=1.0, zorder=3)
    if not np.isfinite(days).any() or np.nanmax(days) <= ROOM * top:
        return
    low, high = float(np.nanmin(days)), float(np.nanmax(days))
    key = "off_scale_range" if low > top else "off_scale_most"
    told = words.word(key, style.language, low=f"{low:.0f}", high=f"{high:.0f}")
    axes.text(
        0.03, 0.06, told, transform=axes.transAxes, va="bottom", fontsize=style.points("small"), color=INK, zorder=6,
        path_effects=[withStroke(linewidth=2 * HALO_POINTS, foreground="white")],
    )  # fmt: skip


def draw_changes(panel: Panel, reading: Reading, changes: Sequence[tuple[float, int]]) -> None:
    """Mark the hours at which a place changes hands, in the colour of who then holds it; close marks stand in steps."""
    style, axes = reading.style, panel.axes
    high, before = MARK_HIGH, -np.inf
    for hour, holder in changes:
        face = style.colour(reading.actor_colour(holder))
        axes.axvline(hour, color=MUTED, linewidth=0.4, linestyle=(0, (2, 2)), zorder=2)
        near = (hour - before) / reading.horizon * panel.width < MARKS_MM
        high, before = high - MARK_DOWN if near else MARK_HIGH, hour
        axes.plot(
            [hour], [high], transform=axes.get_xaxis_transform(), marker=style.marker(holder), markersize=3.4,
            markerfacecolor=face, markeredgecolor=INK if holder == CONTESTED else face, markeredgewidth=0.4, zorder=4,
            clip_on=False,
        )  # fmt: skip


def line_sign(style: Style) -> Sign:
    """Return what the line of a panel means."""
    return Sign(words=words.word("days", style.language), line="-", width=1.0, colour=style.colour(LINE))


def change_signs(reading: Reading, holders: Iterable[int]) -> list[Sign]:
    """Return what the marks of these new holders mean."""
    style, signs = reading.style, []
    for holder in sorted(set(holders)):
        shape = style.marker(holder)
        if holder == CONTESTED:
            told = words.word("changes_to_contested", style.language)
            signs.append(Sign(words=told, marker=shape, size=3.8, face="#ffffff"))
        else:
            told = words.word("changes_to", style.language, actor=reading.actor_names[holder])
            colour = style.colour(reading.actor_colour(holder))
            signs.append(Sign(words=told, marker=shape, size=3.8, colour=colour))
    return signs
