"""A part of a map enlarged in a corner of it: where territory splits, or where a network is too dense to read."""

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from corridor.figures.labels import Box
from corridor.figures.mapped import MapData, Window
from corridor.figures.style import INK, Frame

__all__ = ["CUTOUT", "Cutout", "cutout", "draw_extent", "split_place"]

CUTOUT = "cutout"
"""The id of the axes of enlarged parts."""
EDGE_MM = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutout:
    """An enlarged part: its axes and window, and the box of the map that it covers, mm."""

    axes: Axes
    window: Window
    covers: Box


def split_place(data: MapData) -> int | None:
    """Return the place to enlarge: of those that the run shows the one nearest to what splits its actor's territory.

    That is the most populous place that changes hands at the split; None without a split or such a place.
    """
    reading = data.reading
    split = reading.split(reading.show_actor())
    shown = [reading.position[place] for place in reading.listed("show_places")]
    if split is None:
        return None
    changed = [node for node in shown if reading["holder"][split, node] != reading["holder"][split - 1, node]]
    return max(changed, key=lambda node: float(reading["population"][node]), default=None)


def cutout(
    frame: Frame, whole: Window, corner: tuple[float, float], *, side: float, middle: tuple[float, float], reach: float
) -> Cutout:
    """Return new axes in the lower right corner of a map, for what lies round a point.

    Parameters
    ----------
    whole
        What the map shows.
    corner
        Where the map's lower left corner stands in the frame, mm.
    side
        Of the axes, mm.
    middle, reach
        The point, and how far the enlarged part reaches from it, km.
    """
    (x, y), wide = middle, 2 * reach
    window = Window(left=x - reach, bottom=y - reach, width=side, height=side, scale=wide / side)
    left, bottom = whole.width - side - EDGE_MM, EDGE_MM
    axes = frame.axes(corner[0] + left, corner[1] + bottom, side, side)
    axes.set(xlim=(x - reach, x + reach), ylim=(y - reach, y + reach), xticks=[], yticks=[], zorder=10, gid=CUTOUT)
    return Cutout(axes=axes, window=window, covers=(left - 0.5, 0.0, whole.width, bottom + side + 0.5))


def draw_extent(axes: Axes, part: Window) -> None:
    """Draw round a part of a map the frame of what is enlarged."""
    wide, high = part.width * part.scale, part.height * part.scale
    axes.add_patch(
        Rectangle(
            (part.left, part.bottom), wide, high, fill=False, edgecolor=INK, linewidth=0.6, zorder=6.2, label="enlarged"
        )
    )
