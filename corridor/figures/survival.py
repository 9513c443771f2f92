"""How long people keep a way to a source of each commodity: one small panel of curves for each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from corridor.figures import words
from corridor.figures.key import Sign, draw_key, key_height
from corridor.figures.reading import CONTESTED, Reading
from corridor.figures.sheet import Sheet, Table
from corridor.figures.style import FAINT, INK, MARGIN_MM, MUTED, Frame, Style, text_size_mm
from corridor.figures.timeline import Named, date_axis, event_marks, name_marks
from corridor.metrics import Survival, SurvivalCurve, follow

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["followed", "plot_survival"]

COLUMNS = {"column": 1, "page": 3, "slide": 3}
PANEL_MM = {"column": 24.0, "page": 30.0, "slide": 22.0}
ROWS_OF_NAMES = 2
GAP_MM, AXIS_MM, END_MM = 3.5, 5.0, 8.0
WEIGHTY = 0.01
"""The share of all who ask for a commodity from which on an actor's people have a curve."""
WIDTHS = (1.2, 2.2, 3.2)
"""Widths of the curves, points, the thinnest on top: those that run together are seen side by side."""
DASHES: tuple[float, tuple[float, ...]] = (0, (2.5, 1.5))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Group:
    """The people whom one actor holds at the start and how long they keep a way to a commodity (both positions).

    `persons` are those who ask for it, `without` those of them without a way at the start.
    """

    commodity: int
    actor: int
    persons: float
    without: float
    curve: SurvivalCurve


def followed(reading: Reading) -> list[Group]:
    """Return the groups whose people are followed, by commodity, the actor that the run is about first."""
    if not reading.has("isolated"):
        return []
    holder, people, isolated = reading["holder"][0], reading["population"], reading["isolated"]
    first = reading.show_actor()
    actors = sorted(set(holder.tolist()) - {CONTESTED}, key=lambda actor: (actor != first, actor))
    found = []
    for commodity in range(isolated.shape[1]):
        when = isolated[:, commodity]
        asking = np.where(np.isnan(when), 0.0, people)
        for actor in actors:
            persons = np.where(holder == actor, asking, 0.0)
            if persons.sum() >= WEIGHTY * asking.sum() > 0:
                found.append(
                    Group(
                        commodity=commodity, actor=actor, persons=float(persons.sum()),
                        without=float(persons[when == 0].sum()), curve=follow(when, persons),
                    )
                )  # fmt: skip
    return found


def plot_survival(
    run: "xr.Dataset",
    found: Sequence[Survival] = (),
    *,
    style: Style | None = None,
    figure: Figure | None = None,
) -> Sheet:
    """Draw the share of people who have had a way to a source of each commodity all the time, by actor at the start.

    Parameters
    ----------
    run
        The run, or what is known of its case without one.
    found
        What `corridor.metrics.survival` returned for the same case by actor: the share of the same people who have a
        way at each time is then drawn too, which a run does not hold.
    style
        For which reader and page.
    figure
        An empty figure to draw in.
    """
    style = style or Style()
    with style.context():
        return _Curves(Reading(run, style), found).sheet(figure)


class _Curves:
    """The figure while it is drawn."""

    def __init__(self, reading: Reading, found: Sequence[Survival]) -> None:
        self.reading, self.style = reading, reading.style
        self.groups = followed(reading)
        self.commodities = list(dict.fromkeys(group.commodity for group in self.groups))
        everybody = list(dict.fromkeys(group.actor for group in self.groups))
        losing = {group.actor for group in self.groups if group.curve.lost.any()}
        self.actors = [actor for actor in everybody if actor in losing or actor in everybody[:1]]
        """Who has curves: the first, and all others of whose people somebody loses the way."""
        self.keeping = [actor for actor in everybody if actor not in self.actors]
        ids = (reading["commodity"].astype(str).tolist(), reading["actor_id"].astype(str).tolist())
        self.now = {(ids[0].index(one.commodity), ids[1].index(one.group)): one for one in found if one.group in ids[1]}
        """The share of the same people who have a way at each time, by commodity and actor."""
        self.columns = min(COLUMNS[self.style.size], max(1, len(self.commodities)))

    def sheet(self, figure: Figure | None) -> Sheet:
        """Return the figure drawn."""
        style, reading = self.style, self.reading
        rows = max(1, -(-len(self.commodities) // self.columns))
        signs = self._signs()
        inner = style.width - 2 * MARGIN_MM
        key = key_height(signs, style, inner) + 2.0
        ticks = text_size_mm("100 %", style.points("small"))[0] + 2.0
        width = (inner - self.columns * (ticks + END_MM) - (self.columns - 1) * GAP_MM) / self.columns
        marks = name_marks(
            event_marks(reading, reading.show_actor()), horizon=reading.horizon, width=width, rows=ROWS_OF_NAMES,
            size=(style.points("small"), style.line("small")),
        )  # fmt: skip
        names_mm = max([named.box[3] for named in marks], default=0.0) + 0.5
        head = style.line("text") + self._told_mm() + names_mm + 1.0
        title = self._title()
        frame = Frame(
            style, rows * (head + PANEL_MM[style.size] + AXIS_MM) + key, title=title,
            subtitle=words.period("survival_subtitle", reading),
            notes=self._notes(), figure=figure,
        )  # fmt: skip
        row_mm = (frame.top - frame.bottom - key) / rows
        for number, commodity in enumerate(self.commodities):
            row, column = divmod(number, self.columns)
            column = column if style.start == "left" else self.columns - 1 - column
            left = frame.left + ticks + column * (width + ticks + END_MM + GAP_MM)
            bottom = frame.top - (row + 1) * row_mm + AXIS_MM
            axes = frame.axes(left, bottom, width, row_mm - head - AXIS_MM)
            top = bottom + row_mm - head - AXIS_MM
            self._heading(frame, (left, top + names_mm, width), commodity)
            self._name_marks(frame, axes, marks, (left, top))
            self._panel(axes, commodity, (width, row_mm - head - AXIS_MM))
        draw_key(frame, signs, left=frame.left, top=frame.bottom + key - 2.0, width=inner)
        return Sheet(
            name="survival", figure=frame.figure, title=title, alt=self._alt(title), style=style,
            tables=self._tables(),
        )  # fmt: skip

    def _told_mm(self) -> float:
        """Return the height of the line that says how many had no way at the start, mm; 0 if everybody had."""
        return self.style.line("small") if any(group.without for group in self.groups) else 0.0

    def _heading(self, frame: Frame, at: tuple[float, float, float], commodity: int) -> None:
        """Write over a panel of what it is, and how many had no way at the start."""
        style, (left, bottom, width) = self.style, at
        x = left if style.start == "left" else left + width
        name = self.reading.commodity_names()[commodity]
        without = sum(group.without for group in self.groups if group.commodity == commodity)
        frame.text(x, bottom + self._told_mm() + 0.6, name, weight="bold", ha=style.start, va="bottom")
        if without > 0:
            told = words.word("none_at_start", style.language, people=words.people(without, style.language))
            frame.text(x, bottom + 0.6, told, role="small", ha=style.start, va="bottom", color=MUTED)

    def _name_marks(self, frame: Frame, axes: Axes, marks: Sequence[Named], corner: tuple[float, float]) -> None:
        """Mark in a panel when places change hands, and name them over it."""
        left, top = corner
        for named in marks:
            axes.axvline(named.mark.hour, color=MUTED, linewidth=0.4, linestyle=(0, (2, 2)), zorder=1)
            middle, x = left + (named.box[0] + named.box[2]) / 2, left + named.line
            text = frame.text(
                middle, top + named.box[1] + 0.6, named.mark.label, role="small", ha="center", va="bottom"
            )
            text.set_color(MUTED)
            frame.line((x, top), (x, top + named.box[1] + 0.4), colour=MUTED, width=0.4)

    def _panel(self, axes: Axes, commodity: int, size: tuple[float, float]) -> None:
        """Draw the curves of one commodity in a panel of a size (mm), that of the run's own actor on top."""
        reading, style = self.reading, self.style
        here = [group for group in self.groups if group.commodity == commodity and group.actor in self.actors]
        mine = [group for group in here if group.curve.at_risk[0] > 0]
        for order, group in reversed(list(enumerate(mine))):
            colour = style.colour(reading.actor_colour(group.actor))
            wide = WIDTHS[min(order, len(WIDTHS) - 1)]
            curve, name = group.curve, reading.actor_id(group.actor)
            hours, share = np.append(curve.time, reading.horizon), np.append(curve.share, curve.share[-1])
            axes.plot(
                hours, share, drawstyle="steps-post", color=colour, linewidth=wide, zorder=5 - order / 10, label=name,
                marker=style.marker(group.actor) if style.grey else None, markevery=[hours.size - 1], markersize=3.5,
                clip_on=False,
            )  # fmt: skip
            now = self._again(group)
            if now is not None:
                axes.plot(
                    np.append(now.since, reading.horizon), np.append(now.connected, now.connected[-1]),
                    drawstyle="steps-post", color=colour, linewidth=0.9, linestyle=DASHES, zorder=4.9,
                    label=f"{name} now",
                )  # fmt: skip
        self._scale(axes, size[0])
        self._say_ends(axes, mine, size[1])

    def _again(self, group: Group) -> Survival | None:
        """Return the share of a group that has a way at each time, where that is not the share that has kept it."""
        now = self.now.get((group.commodity, group.actor))
        if now is None or np.allclose(now.connected, [group.curve.at(hour) for hour in now.since], equal_nan=True):
            return None
        return now

    def _scale(self, axes: Axes, width: float) -> None:
        axes.set_ylim(0, 1.02)
        axes.set_yticks([0, 0.5, 1])
        axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
        axes.grid(axis="y", color=FAINT, linewidth=0.4, zorder=0)
        axes.set_axisbelow(True)
        axes.spines[["top", "left", "right"]].set_visible(False)
        axes.tick_params(axis="y", length=0, pad=2)
        date_axis(axes, self.reading, width)

    def _say_ends(self, axes: Axes, groups: Sequence[Group], height: float) -> None:
        """Write beside the end of each curve the share left, and once where several come near to each other."""
        said: list[float] = []
        for group in groups:
            end = float(group.curve.share[-1])
            if all(abs(end - other) * height > self.style.line("small") for other in said):
                said.append(end)
                axes.annotate(
                    words.share(end), (1.0, end), xycoords=("axes fraction", "data"), xytext=(4, 0),
                    textcoords="offset points", ha="left", va="center", fontsize=self.style.points("small"), color=INK,
                    annotation_clip=False,
                )  # fmt: skip

    def _signs(self) -> list[Sign]:
        reading, style = self.reading, self.style
        signs = [
            Sign(
                words=reading.actor_names[actor], line="-", width=1.6, colour=style.colour(reading.actor_colour(actor)),
                marker=style.marker(actor) if style.grey else "",
            )
            for actor in self.actors
        ]  # fmt: skip
        if any(self._again(group) for group in self.groups if group.actor in self.actors):
            signs.append(Sign(words=words.word("always_key", style.language), line="-", width=1.2, colour=MUTED))
            signs.append(Sign(words=words.word("now_key", style.language), line=DASHES, width=0.9, colour=MUTED))
        return signs

    def _notes(self) -> list[str]:
        reading, language = self.reading, self.style.language
        names = words.listed([reading.actor_names[actor] for actor in self.keeping], language)
        told = [words.word("keeping_note", language, actors=names)] if self.keeping else []
        return [" ".join([*told, words.word("survival_note", language)]), words.sources(reading)]

    def _title(self) -> str:
        """Return what became of the ways of those whom the figure is about, to what most of them lost it."""
        reading, language = self.reading, self.style.language
        if not self.groups:
            return words.word("survival_title_nobody", language)
        mine = [group for group in self.groups if group.actor == self.actors[0]]
        worst = min(mine, key=lambda group: float(group.curve.share[-1]))
        lost, actor = 1.0 - float(worst.curve.share[-1]), reading.actor_names[worst.actor]
        date = words.date(reading.start, language)
        if lost <= 0:
            return self._title_of_none(mine, actor, date)
        name = words.within(reading.commodity_names()[worst.commodity])
        told = {"share": words.share(lost), "actor": actor, "date": date, "commodity": name}
        now = self.now.get((worst.commodity, worst.actor))
        if now is None:
            return words.word("survival_title", language, **told)
        return words.word("survival_title_now", language, **told, now=words.share(float(now.connected[-1])))

    def _title_of_none(self, groups: Sequence[Group], actor: str, date: str) -> str:
        """Return the title where nobody loses a way: how many have had none since the start."""
        language = self.reading.language
        most = max(groups, key=lambda group: group.without)
        if most.without == 0:
            return words.word("survival_title_none", language, actor=actor, date=date)
        name = words.within(self.reading.commodity_names()[most.commodity])
        told = words.people(most.without, language)
        return words.word("survival_title_without", language, people=told, actor=actor, commodity=name)

    def _alt(self, title: str) -> str:
        names = self.reading.commodity_names()
        told = ", ".join(names[commodity] for commodity in self.commodities)
        return (
            f"{title}: falling steps over time of the share of people who have had a way to a source all the time, for "
            f"{told}."
        )

    def _tables(self) -> dict[str, Table]:
        """Return one row for each step of each curve; and, if drawn, for each instant the share with a way then."""
        reading = self.reading
        keys = ("commodity", "held_at_start_by")
        steps: dict[str, list[object]] = {key: [] for key in (*keys, "instant", *_STEPS)}
        now: dict[str, list[object]] = {key: [] for key in (*keys, "instant", "share_with_a_way")}
        for group in self.groups:
            curve, named = group.curve, (str(reading["commodity"][group.commodity]), reading.actor_id(group.actor))
            for row in zip(curve.time, curve.at_risk, curve.lost, curve.share, strict=True):
                hour, *numbers = map(float, row)
                told = (*named, reading.moment(hour).isoformat(), group.persons, group.without, *numbers)
                for column, value in zip(steps.values(), told, strict=True):
                    column.append(value)
            one = self.now.get((group.commodity, group.actor))
            for hour, share in zip(one.since.tolist(), one.connected.tolist(), strict=True) if one else ():
                for column, value in zip(now.values(), (*named, reading.moment(hour).isoformat(), share), strict=True):
                    column.append(value)
        return {"": steps, "now": now} if self.now else {"": steps}


_STEPS = (
    "persons", "without_way_at_start_persons", "had_way_until_then_persons", "lost_it_then_persons", "share_kept_it",
)  # fmt: skip
