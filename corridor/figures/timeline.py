"""What figures over time share: the axis of dates, the marks of events, and gaps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedFormatter, FixedLocator
from numpy.typing import NDArray

from corridor.figures import words
from corridor.figures.labels import Box, overlap
from corridor.figures.reading import Reading
from corridor.figures.style import text_size_mm
from corridor.network import Floats

__all__ = ["Mark", "Named", "date_axis", "date_ticks", "end_mm", "event_marks", "name_marks", "spans"]


WEIGHTY = 0.01
"""The share of an actor's people at the start that makes a control change worth a mark."""
LINES_APART_MM = 0.4
"""How near two marks may stand."""
BESIDE_MM = 0.3
"""How far the name of a mark reaches over its line where it stands beside it."""
LAYOUTS = 40
"""How many ways to set the names of the marks so far are followed."""
TICK_MM = 3.0
LONG_DAYS = 200
"""Runs of more days have months on their axes, not days."""
"""The least room between two dates on an axis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """An instant at which control changes: its hour, its epoch, the largest place concerned and how many people."""

    hour: float
    epoch: int
    label: str
    population: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A mark whose name is written: where its line stands and the box of its name, mm from the start of the axis."""

    mark: Mark
    line: float
    box: Box


def event_marks(reading: Reading, actor: int) -> list[Mark]:
    """Return the epochs that begin with places taken from or by an actor, most important first.

    The one that splits its territory comes first, then those with most people; fewer than one in a hundred of the
    actor's people at the start make no mark. A mark is named after the most populous place concerned that readers
    know: one that the run shows, or the largest of a supply area of which it shows none. Without such a place there is
    no mark, but for the split.
    """
    holder, people = reading["holder"], reading["population"]
    enough = WEIGHTY * float(people[holder[0] == actor].sum())
    split, known = reading.split(actor), _known(reading)
    found = []
    for epoch in range(1, holder.shape[0]):
        before, after = holder[epoch - 1], holder[epoch]
        mine = (before == actor) | (after == actor) | (epoch == split)
        changed = np.flatnonzero((before != after) & mine)
        persons = float(people[changed].sum())
        if persons > 0 and (epoch == split or (persons >= enough and known[changed].any())):
            name = reading.names[int(changed[np.lexsort((people[changed], known[changed]))[-1]])]
            hour = float(reading["epoch_start"][epoch])
            found.append(Mark(hour=hour, epoch=epoch, label=name, population=persons))
    return sorted(found, key=lambda mark: (mark.epoch != split, -mark.population, mark.hour))


def _known(reading: Reading) -> NDArray[np.bool_]:
    """Return which nodes readers know: those that the run shows, and the largest of each area without such a one."""
    area, people = reading["area"], reading["population"]
    shown = [reading.position[place] for place in reading.listed("show_places")]
    known = np.zeros(people.size, dtype=bool)
    known[shown] = True
    for name in set(area[reading.places].tolist()) - set(area[shown].tolist()):
        inside = reading.places[area[reading.places] == name]
        known[inside[np.argmax(people[inside])]] = True
    return known


def name_marks(
    marks: Sequence[Mark], *, horizon: float, width: float, rows: int, size: tuple[float, float]
) -> list[Named]:
    """Return the marks whose names fit over a time axis of `width` mm in so many `rows`, each name once.

    No name touches another, and no line from a name down to the axis runs through one.

    Parameters
    ----------
    size
        Of the letters, points, and of a row, mm.
    """
    layouts: list[tuple[float, tuple[Named, ...]]] = [(0.0, ())]
    seen: set[str] = set()
    for mark in marks:
        if mark.label in seen:
            continue
        tried = _boxes(mark, horizon=horizon, width=width, rows=rows, size=size)
        longer = [
            (cost + more, (*placed, named))
            for cost, placed in layouts
            for more, named in tried
            if not any(_in_the_way(named, other) for other in placed)
        ]
        if longer:
            seen.add(mark.label)
            layouts = sorted(longer, key=lambda layout: layout[0])[:LAYOUTS]
    return list(layouts[0][1])


def _boxes(
    mark: Mark, *, horizon: float, width: float, rows: int, size: tuple[float, float]
) -> list[tuple[float, Named]]:
    """Return where the name of a mark may stand, and how much worse than best: higher up, or beside its line."""
    points, row_mm = size
    line, wide = mark.hour / horizon * width, text_size_mm(mark.label, points)[0] + 1.0
    found = []
    for row in range(rows):
        for beside, left in enumerate((line - wide / 2, line - wide + BESIDE_MM, line - BESIDE_MM)):
            inside = min(max(left, 0.0), width - wide)
            box = (inside, row * row_mm, inside + wide, (row + 1) * row_mm)
            found.append((row + 0.1 * beside, Named(mark=mark, line=line, box=box)))
    return found


def _in_the_way(first: Named, second: Named) -> bool:
    """Return whether two names touch, or the line of one runs through the other, or the lines are one."""
    if overlap(first.box, second.box) or abs(first.line - second.line) < LINES_APART_MM:
        return True
    upper, lower = (first, second) if first.box[1] > second.box[1] else (second, first)
    return upper.box[1] > lower.box[1] and lower.box[0] < upper.line < lower.box[2]


def date_ticks(reading: Reading, width: float) -> tuple[list[float], list[str]]:
    """Return the hours of midnights and their dates, as many as an axis of `width` mm has room for.

    Over more than `LONG_DAYS` they are the first days of months, with their years.
    """
    midnight = datetime.combine(reading.start.date(), time(0), tzinfo=reading.start.tzinfo)
    count = int((reading.end - midnight) / timedelta(days=1)) + 1
    days = [midnight + timedelta(days=number) for number in range(count)]
    is_long = reading.horizon > LONG_DAYS * 24
    days = [day for day in days if day >= reading.start and (day.day == 1 or not is_long)]
    wide = max(_name_mm(reading, day) for day in days)
    step = max(1, int(np.ceil((wide + TICK_MM) * len(days) / width)))
    shown = days[::step]
    hours = [(day - reading.start) / timedelta(hours=1) for day in shown]
    return hours, [_name(reading, day) for day in shown]


def end_mm(reading: Reading) -> float:
    """Return the room that half a date takes beyond the end of an axis, mm."""
    return _name_mm(reading, reading.end) / 2 + 0.5


def _name(reading: Reading, moment: datetime) -> str:
    """Return what an axis calls a day, or in a long run its month."""
    is_long = reading.horizon > LONG_DAYS * 24
    return (words.month if is_long else words.day)(moment, reading.language)


def _name_mm(reading: Reading, moment: datetime) -> float:
    return text_size_mm(_name(reading, moment), reading.style.points("small"))[0]


def date_axis(axes: Axes, reading: Reading, width: float, *, named: bool = True) -> None:
    """Give axes of `width` mm the run's time as dates, with names only if `named`."""
    hours, names = date_ticks(reading, width)
    axes.set_xlim(0, reading.horizon)
    axes.xaxis.set_major_locator(FixedLocator(hours))
    axes.xaxis.set_major_formatter(FixedFormatter(names if named else [""] * len(names)))


def spans(wanted: NDArray[np.bool_], starts: Floats, ends: Floats) -> list[tuple[float, float]]:
    """Return the unbroken intervals covered by the wanted pieces, pieces following one another.

    >>> spans(np.array([True, True, False, True]), np.arange(4.0), np.arange(1.0, 5.0))
    [(0.0, 2.0), (3.0, 4.0)]
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[False], wanted, [False]]).astype(np.int8)))
    return [(float(starts[first]), float(ends[last - 1])) for first, last in edges.reshape(-1, 2).tolist()]
