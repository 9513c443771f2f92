"""The names of places on a map: which are written, how, and the lines that join far ones to their place."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patheffects import withStroke

from corridor.figures.labels import Box, Placed, Wish, box_around, overlap, place_names
from corridor.figures.mapped import MapData, Window
from corridor.figures.sheet import HALO_POINTS
from corridor.figures.style import INK, Style, text_size_mm

__all__ = ["Limits", "Name", "draw_names"]

DOT_POINTS, DOT_MM = 2.2, 1.0
APART_MM = 5.0
"""How near two places with names may be: suburbs stand back behind their city."""
CLEAR_MM = 6.0
"""How wide the ground round a place that must be named is on which no number of a road stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many names at most, not counting those that must be written, and how many roads with their number."""

    names: int
    roads: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """What is written at a node: its name, bold or not, and perhaps a `note` below."""

    node: int
    text: str
    note: str = ""
    bold: bool = False
    must: bool = False


def draw_names(
    axes: Axes, data: MapData, window: Window, names: Sequence[Name], *, taken: Sequence[Box], limits: Limits
) -> list[Placed]:
    """Write the names that fit, the first first, each with a dot at its place, and return where they stand.

    What must be written comes first, then the numbers of the roads along them, then the other names.

    Parameters
    ----------
    taken
        What already stands on the map, mm from the panel's corner.
    limits
        How much is written at most.
    """
    shown = [name for name in names if window.holds(data.x[name.node], data.y[name.node], 0.6)]
    wishes = [_wish(number, name, data, window) for number, name in enumerate(shown)]
    musts, others = ([wish for wish in wishes if wish.must is must] for must in (True, False))
    boxes = [*taken, *map(_dot, musts)]
    frame = (0.5, 0.5, window.width - 0.5, window.height - 0.5)
    placed = place_names(musts, frame=frame, taken=boxes)
    clear = [box_around(wish.x, wish.y, CLEAR_MM, CLEAR_MM) for wish in musts]
    standing = [*boxes, *clear, *(label.box for label in placed)]
    plates = data.draw_road_numbers(axes, window, standing, most=limits.roads)
    boxes += plates
    others = [wish for wish in others if not any(overlap(_dot(wish), plate) for plate in plates)]
    placed += place_names(others, frame=frame, taken=boxes, most=limits.names, apart=APART_MM, beside=placed)
    for label in placed:
        _write(axes, shown[label.wish.key], label, data.style, window)
    nodes = [shown[label.wish.key].node for label in placed]
    axes.plot(
        data.x[nodes], data.y[nodes], linestyle="", marker="o", markersize=DOT_POINTS, markerfacecolor=INK,
        markeredgecolor="white", markeredgewidth=0.3, zorder=6.5, scalex=False, scaley=False,
    )  # fmt: skip
    far = [_leader(label, window) for label in placed if label.far]
    for colour, width in (("white", 1.4), (INK, 0.5)):
        axes.add_collection(LineCollection(far, colors=colour, linewidths=width, zorder=6.4), autolim=False)
    return placed


def _dot(wish: Wish) -> Box:
    """Return the box of the dot at a place, mm."""
    return box_around(wish.x, wish.y, DOT_MM, DOT_MM)


def _layouts(name: Name, style: Style) -> list[list[tuple[str, float, bool]]]:
    """Return how a name may be set, the best first: lines of text, points, bold. Only the last goes without a note."""
    head = (name.text, style.points("small" if not name.bold else "text"), name.bold)
    if not name.note:
        return [[head]]
    first, _, last = name.note.rpartition(" ")
    below = [[name.note], [first, last]] if first else [[name.note]]
    return [*([head, *((line, style.points("small"), False) for line in lines)] for lines in below), [head]]


def _wish(number: int, name: Name, data: MapData, window: Window) -> Wish:
    shapes = []
    for lines in _layouts(name, data.style):
        sizes = [text_size_mm(text, points, bold=bold) for text, points, bold in lines]
        shapes.append((max(width for width, _ in sizes) + 0.3, sum(height for _, height in sizes) + 0.2 * len(sizes)))
    x, y = window.mm(float(data.x[name.node]), float(data.y[name.node]))
    anchor = str(data.reading["label_anchor"][name.node])
    return Wish(key=number, x=x, y=y, shapes=tuple(shapes), anchor=anchor, must=name.must)


def _write(axes: Axes, name: Name, label: Placed, style: Style, window: Window) -> None:
    left, bottom, right, top = label.box
    lines = _layouts(name, style)[label.shape]
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
