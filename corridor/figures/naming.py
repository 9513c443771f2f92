"""The names of places on a map: which are written, how, and the lines that join far ones to their place."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patheffects import withStroke

from corridor.figures.labels import Box, Placed, Wish, box_around, place_names
from corridor.figures.mapped import MapData, Window
from corridor.figures.sheet import HALO_POINTS
from corridor.figures.style import INK, MUTED, Style, text_size_mm

__all__ = ["Name", "draw_names"]

DOT_POINTS = 2.2
APART_MM = 5.0
"""How near two places with names may be: suburbs stand back behind their city."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """What is written at a node: its name, bold or not, and perhaps a `note` below."""

    node: int
    text: str
    note: str = ""
    bold: bool = False
    must: bool = False


def draw_names(
    axes: Axes, data: MapData, window: Window, names: Sequence[Name], *, taken: Sequence[Box], most: int
) -> list[Placed]:
    """Write the names that fit, the first first, each with a dot at its place, and return where they stand.

    Parameters
    ----------
    taken
        What already stands on the map, mm from the panel's corner.
    most
        How many names at most, not counting those that must be written.
    """
    shown = [name for name in names if window.holds(data.x[name.node], data.y[name.node], 0.6)]
    wishes = [_wish(number, name, data, window) for number, name in enumerate(shown)]
    dots = [box_around(wish.x, wish.y, 0.7, 0.7) for wish in wishes if wish.must]
    frame = (0.5, 0.5, window.width - 0.5, window.height - 0.5)
    placed = place_names(wishes, frame=frame, taken=[*taken, *dots], most=most, apart=APART_MM)
    for label in placed:
        _write(axes, shown[label.wish.key], label, data.style, window)
    nodes = [shown[label.wish.key].node for label in placed]
    axes.plot(
        data.x[nodes], data.y[nodes], linestyle="", marker="o", markersize=DOT_POINTS, markerfacecolor=INK,
        markeredgecolor="white", markeredgewidth=0.3, zorder=6.5, scalex=False, scaley=False,
    )  # fmt: skip
    far = [_leader(label, window) for label in placed if label.far]
    axes.add_collection(LineCollection(far, colors=MUTED, linewidths=0.4, zorder=6.4), autolim=False)
    return placed


def _lines(name: Name, style: Style) -> list[tuple[str, float, bool]]:
    """Return the lines of a name: text, points, bold."""
    lines = [(name.text, style.points("small" if not name.bold else "text"), name.bold)]
    return [*lines, (name.note, style.points("small"), False)] if name.note else lines


def _wish(number: int, name: Name, data: MapData, window: Window) -> Wish:
    sizes = [text_size_mm(text, points, bold=bold) for text, points, bold in _lines(name, data.style)]
    x, y = window.mm(float(data.x[name.node]), float(data.y[name.node]))
    return Wish(
        key=number,
        x=x,
        y=y,
        width=max(width for width, _ in sizes) + 0.3,
        height=sum(height for _, height in sizes) + 0.2 * len(sizes),
        short=(sizes[0][0] + 0.3, sizes[0][1] + 0.2) if name.note else None,
        anchor=str(data.reading["label_anchor"][name.node]),
        must=name.must,
    )


def _write(axes: Axes, name: Name, label: Placed, style: Style, window: Window) -> None:
    left, bottom, right, top = label.box
    lines = _lines(name, style)[: 1 if label.shrunk else None]
    share = (top - bottom) / len(lines)
    for number, (text, points, bold) in enumerate(lines):
        x, y = window.km((left + right) / 2, top - (number + 0.5) * share)
        axes.text(
            x, y, text, ha="center", va="center_baseline", fontsize=points, zorder=8,
            weight="bold" if bold else "normal",
            path_effects=[withStroke(linewidth=2 * HALO_POINTS, foreground="white")], gid=f"name-{name.node}",
        )  # fmt: skip


def _leader(label: Placed, window: Window) -> list[tuple[float, float]]:
    """Return the line from a place to the nearest point of its name."""
    left, bottom, right, top = label.box
    x, y = label.wish.x, label.wish.y
    return [window.km(x, y), window.km(min(max(x, left), right), min(max(y, bottom), top))]
