"""How well an actor's territory holds together over time: pockets, the largest one, and the way between cities."""

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from corridor.figures import words
from corridor.figures.key import Sign, draw_key, key_height
from corridor.figures.reading import Reading
from corridor.figures.sheet import Sheet, Table
from corridor.figures.style import INK, MARGIN_MM, MUTED, Frame, Style, shades, text_size_mm
from corridor.figures.timeline import Named, date_axis, end_mm, event_marks, name_marks, spans
from corridor.network import Floats

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["plot_connectivity"]


PANEL_MM = {"column": 13.0, "page": 15.0, "slide": 11.0}
STRIP_MM = {"column": 8.0, "page": 8.5, "slide": 5.4}
ROWS_OF_NAMES = {"column": 4, "page": 4, "slide": 2}
GAP_MM, AXIS_MM = 2.2, 5.0
NO_ROAD, NO_ROAD_HATCH = "#c4c4c4", "/////"
NOT_HELD = "#f0f0f0"


def plot_connectivity(run: "xr.Dataset", *, style: Style | None = None, figure: Figure | None = None) -> Sheet:
    """Draw the substantial pockets, the share of people in the largest, and the truck hours between anchors.

    Parameters
    ----------
    run
        The run; its `show_actor` is the one whose territory is drawn.
    style
        For which reader and page.
    figure
        An empty figure to draw in.
    """
    style = style or Style()
    with style.context():
        return _Connectivity(Reading(run, style)).sheet(figure)


class _Connectivity:
    """The figure while it is drawn."""

    def __init__(self, reading: Reading) -> None:
        self.reading, self.style = reading, reading.style
        self.actor = reading.show_actor()
        self.edges = np.append(reading["epoch_start"], reading["epoch_end"][-1])
        position = reading.position
        pairs = zip(reading["pair_from"].tolist(), reading["pair_to"].tolist(), strict=True)
        self.ends = [(reading.names[position[first]], reading.names[position[second]]) for first, second in pairs]
        self.pairs = [f"{first}–{second}" for first, second in self.ends]
        nodes = np.array([[position[one] for one in reading[name].tolist()] for name in ("pair_from", "pair_to")])
        self.held = reading["holder"][:, nodes] == self.actor
        """Whether the actor holds either end of each pair: (epochs, 2, pairs)."""
        self.share = np.where(
            reading["substantial_pockets"][:, self.actor] > 0, reading["largest_share"][:, self.actor], np.nan
        )
        """The share of people in the largest pocket, nan while there is no substantial one."""

    def sheet(self, figure: Figure | None) -> Sheet:
        """Return the figure drawn."""
        style, size = self.style, self.style.size
        row_mm = style.line("small")
        label_mm, spare_mm = self._label_mm(), end_mm(self.reading)
        width = style.width - 2 * MARGIN_MM - label_mm - spare_mm
        marks = name_marks(
            event_marks(self.reading, self.actor), horizon=self.reading.horizon, width=width,
            rows=ROWS_OF_NAMES[size], size=(style.points("small"), row_mm),
        )  # fmt: skip
        names_mm = max([named.box[3] for named in marks], default=0.0)
        title, signs = self._title(), self._signs()
        key = key_height(signs, style, style.width - 2 * MARGIN_MM) + 2.0 if signs else 0.0
        panels_mm = 2 * (PANEL_MM[size] + GAP_MM) + len(self.pairs) * STRIP_MM[size]
        frame = Frame(
            style, key + names_mm + panels_mm + AXIS_MM + 2.0 + row_mm,
            title=title, subtitle=words.period("connectivity_subtitle", self.reading),
            notes=[words.sources(self.reading)], figure=figure,
        )  # fmt: skip
        left = frame.left + (label_mm if style.start == "left" else spare_mm)
        top = frame.top - names_mm - 0.5
        self._name_marks(frame, marks, left, top)
        self._panels(frame, marks, (left, top, width), bottom=frame.bottom + key)
        if signs:
            draw_key(frame, signs, left=frame.left, top=frame.bottom + key - 1.0, width=frame.right - frame.left)
        return Sheet(
            name="connectivity", figure=frame.figure, title=title, alt=self._alt(title), style=style,
            tables={"": self._table()},
        )  # fmt: skip

    def _panels(self, frame: Frame, marks: list[Named], corner: tuple[float, float, float], *, bottom: float) -> None:
        """Draw all panels below `corner` (left and top, mm) in a width, down to `bottom`, mm."""
        left, top, width = corner
        panel = PANEL_MM[self.style.size]
        heading = self.style.line("small")
        strip = (top - bottom - 2 * (panel + GAP_MM) - AXIS_MM - 1.5 - heading) / max(len(self.pairs), 1)
        drawn = []
        for draw in (self._draw_pockets, self._draw_share):
            drawn.append(frame.axes(left, top - panel, width, panel))
            draw(frame, drawn[-1])
            top -= panel + GAP_MM
        top -= 1.5 + heading
        told = words.word("hours_axis", self.style.language, hours=f"{np.ceil(self._longest()):.0f}")
        x = frame.left if self.style.start == "left" else frame.right
        frame.text(x, top + 1.2, told, role="small", ha=self.style.start, va="bottom", color=MUTED)
        for number in range(len(self.pairs)):
            drawn.append(frame.axes(left, top - strip + 1.0, width, strip - 1.0))
            self._draw_pair(frame, drawn[-1], number, width)
            top -= strip
        for axes in drawn:
            date_axis(axes, self.reading, width, named=axes is drawn[-1])
            for named in marks:
                axes.axvline(named.mark.hour, color=MUTED, linewidth=0.4, linestyle=(0, (2, 2)), zorder=1)

    def _label_mm(self) -> float:
        """Return the room that names and ticks take beside the axes, mm."""
        points, language = self.style.points("small"), self.reading.language
        lines = [line for key in ("substantial_axis", "largest_axis") for line in words.word(key, language).split("\n")]
        ticks = text_size_mm("100 %", points)[0] + 2.0
        widths = [text_size_mm(name, points)[0] for name in self.pairs]
        return max(*widths, *(text_size_mm(line, points)[0] + ticks for line in lines)) + 2.0

    def _name_marks(self, frame: Frame, marks: list[Named], left: float, bottom: float) -> None:
        for named in marks:
            middle = left + (named.box[0] + named.box[2]) / 2
            frame.text(middle, bottom + named.box[1] + 0.6, named.mark.label, role="small", ha="center", va="bottom")
            x = left + named.line
            frame.line((x, bottom), (x, bottom + named.box[1] + 0.4), colour=MUTED, width=0.4)

    def _side(self, frame: Frame, axes: Axes, text: str) -> None:
        """Write what axes show beside them, where reading starts."""
        start = self.style.start == "left"
        box = axes.get_position()
        x, y = frame.left if start else frame.right, (box.y0 + box.y1) / 2 * frame.height
        frame.text(x, y, text, role="small", ha=self.style.start, va="center", ma=self.style.start)
        axes.spines[["top", "right" if start else "left"]].set_visible(False)
        if not start:
            axes.yaxis.tick_right()

    def _draw_pockets(self, frame: Frame, axes: Axes) -> None:
        counts = self.reading["substantial_pockets"][:, self.actor].astype(float)
        self._area(axes, counts)
        axes.set_ylim(0, max(2.0, counts.max()) * 1.1)
        most = max(1, int(counts.max()))
        axes.set_yticks(range(0, most + 1, -(-most // 4)))
        self._side(frame, axes, words.word("substantial_axis", self.reading.language))

    def _draw_share(self, frame: Frame, axes: Axes) -> None:
        self._area(axes, self.share)
        axes.set_ylim(0, 1.05)
        axes.set_yticks([0, 0.5, 1])
        axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
        self._side(frame, axes, words.word("largest_axis", self.reading.language))

    def _area(self, axes: Axes, values: Floats) -> None:
        colour = self.reading.actor_colour(self.actor)
        fill = shades(colour, self.style)[1]
        axes.stairs(values, self.edges, fill=True, color=fill, linewidth=0)
        axes.stairs(values, self.edges, baseline=None, color=self.style.colour(colour), linewidth=1.0)

    def _draw_pair(self, frame: Frame, axes: Axes, number: int, width: float) -> None:
        hours = self.reading["pair_hours"][:, self.actor, number]
        for kind, gaps in self._gaps(number):
            for start, end in gaps:
                whole = kind == "no_road"
                axes.axvspan(
                    start, end, facecolor=NO_ROAD if whole else NOT_HELD, edgecolor="none", zorder=0, label=kind,
                    hatch=NO_ROAD_HATCH if whole else None, hatchcolor=MUTED,
                )  # fmt: skip
                self._say_gap(axes, kind, number, (start, end), width)
        axes.stairs(hours, self.edges, baseline=None, color=INK, linewidth=1.1, zorder=4)
        longest = np.ceil(self._longest())
        axes.set_ylim(0, longest)
        axes.set_yticks([0, longest], labels=["", ""])
        axes.tick_params(axis="y", length=0)
        self._side(frame, axes, self.pairs[number])
        self._write_hours(axes, hours, width / self.reading.horizon, longest)

    def _gaps(self, number: int) -> list[tuple[str, list[tuple[float, float]]]]:
        """Return when there is no way between the ends of a pair: though both are held, and since one is not."""
        without = np.isnan(self.reading["pair_hours"][:, self.actor, number])
        both = self.held[:, :, number].all(axis=1)
        kinds = (("no_road", without & both), ("not_held", without & ~both))
        return [(kind, spans(wanted, self.edges[:-1], self.edges[1:])) for kind, wanted in kinds]

    def _say_gap(self, axes: Axes, kind: str, number: int, gap: tuple[float, float], width: float) -> None:
        """Write into a gap what it means, the ends that are never held in it by name, if there is room."""
        (start, end), points, language = gap, self.style.points("small"), self.reading.language
        inside = (self.edges[:-1] >= start) & (self.edges[:-1] < end)
        lost = [name for side, name in enumerate(self.ends[number]) if not self.held[inside, side, number].any()]
        told = [words.word("no_road", language)]
        if kind == "not_held":
            named = [words.word("place_not_held", language, place=words.listed(lost, language))] if lost else []
            told = [*named, words.word("not_held", language)]
        room = (end - start) / self.reading.horizon * width - 1.0
        said = next((one for one in told if text_size_mm(one, points)[0] <= room), "")
        if said:
            box = {"boxstyle": "square,pad=0.15", "facecolor": NO_ROAD if kind == "no_road" else NOT_HELD}
            axes.text((start + end) / 2, 0.5, said, transform=axes.get_xaxis_transform(), ha="center", va="center",
                      fontsize=points, color=INK if kind == "no_road" else MUTED, zorder=3,
                      bbox={**box, "edgecolor": "none"})  # fmt: skip

    def _signs(self) -> list[Sign]:
        """Return what the gaps mean, of those that the strips show."""
        shown = {kind for number in range(len(self.pairs)) for kind, gaps in self._gaps(number) if gaps}
        language = self.reading.language
        looks = (("no_road", NO_ROAD, NO_ROAD_HATCH), ("not_held", NOT_HELD, ""))
        return [
            Sign(words=words.word(f"{kind}_key", language), fills=(face,), hatch=hatch, colour=MUTED)
            for kind, face, hatch in looks
            if kind in shown
        ]

    def _longest(self) -> float:
        """Return the longest of all ways, hours."""
        return float(np.nan_to_num(self.reading["pair_hours"][:, self.actor]).max(initial=1.0))

    def _write_hours(self, axes: Axes, hours: Floats, mm_an_hour: float, longest: float) -> None:
        """Write the hours along the line wherever they change and there is room."""
        points = self.style.points("small")
        tenths = np.round(hours, 1)
        for value in np.unique(tenths[~np.isnan(tenths)]).tolist():
            said = words.word("hours_short", self.reading.language, hours=f"{value:.1f}")
            for start, end in spans(tenths == value, self.edges[:-1], self.edges[1:]):
                if (end - start) * mm_an_hour > text_size_mm(said, points)[0] + 1.5:
                    below = value > 1.15 * longest / 2
                    axes.annotate(
                        said, (start, value), xytext=(2, -2 if below else 1.5), textcoords="offset points",
                        va="top" if below else "bottom", fontsize=points, color=INK, zorder=5,
                    )  # fmt: skip

    def _title(self) -> str:
        reading, language = self.reading, self.reading.language
        name = reading.actor_names[self.actor]
        split = reading.split(self.actor)
        if split is not None:
            lost = np.isnan(reading["pair_hours"][split, self.actor]) & ~np.isnan(
                reading["pair_hours"][split - 1, self.actor]
            )
            lost &= self.held[split].all(axis=0)
            if lost.any():
                first, second = self.ends[int(np.argmax(lost))]
                when = words.instant(reading.moment(float(reading["epoch_start"][split])), language)
                return words.word("connectivity_split", language, when=when, first=first, second=second, actor=name)
        return words.word("connectivity", language, actor=name)

    def _alt(self, title: str) -> str:
        reading = self.reading
        most = int(reading["substantial_pockets"][:, self.actor].max())
        least = float(np.nan_to_num(self.share, nan=1.0).min())
        return (
            f"{title}: steps over time of the number of substantial pockets (at most {most}), the share of people in "
            f"the largest (at least {words.share(least)}) and the truck hours between {len(self.pairs)} pairs."
        )

    def _table(self) -> Table:
        """Return one row for each epoch, with the numbers of all panels."""
        reading, actor = self.reading, self.actor
        starts = reading["epoch_start"]
        table: dict[str, Any] = {
            "start": [reading.moment(hour).isoformat() for hour in starts.tolist()],
            "end": [reading.moment(hour).isoformat() for hour in reading["epoch_end"].tolist()],
            "actor": [reading.actor_id(actor)] * starts.size,
            "substantial_pockets": reading["substantial_pockets"][:, actor],
            "largest_pocket_share": self.share,
        }
        pairs = zip(reading["pair_from"].tolist(), reading["pair_to"].tolist(), strict=True)
        for number, (first, second) in enumerate(pairs):
            table[f"{first}_to_{second}_hours"] = reading["pair_hours"][:, actor, number]
            table[f"{first}_and_{second}_held"] = self.held[:, :, number].all(axis=1)
        marks = {mark.epoch: mark.label for mark in event_marks(reading, actor)}
        table["largest_place_changing_hands"] = [marks.get(epoch, "") for epoch in range(starts.size)]
        return table
