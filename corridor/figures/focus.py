"""A map of what matters between some places: what it shows, its key below or beside it, its zones and free strips."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.figure import Figure

from corridor.figures import words
from corridor.figures.geography import patches
from corridor.figures.key import Sign, draw_key, key_height
from corridor.figures.labels import Box, box_around
from corridor.figures.mapped import MapData, Window
from corridor.figures.style import MARGIN_MM, Frame
from corridor.figures.zones import zones
from corridor.network import Floats, Ints, Mask

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Headed", "Look", "around", "fill_zones", "lay_out", "strips"]

TALLEST_MM = {"column": 170.0, "page": 190.0, "slide": 98.0}
KEY_MM = 88.0
"""The width of the key that stands beside the map on a slide."""
FLATTEST, NARROWEST = 0.6, 0.75
"""The least height of a map as a share of the page's width, and its least width."""
ROOM_DEGREES = 0.12
STEP_MM, CLEAR_MM = 1.5, 0.5
"""How far apart along a road no name stands, and how wide."""

Look = tuple[str, str, str]
"""The colour of zones, their grey, and their hatch in grey print."""


class Headed(NamedTuple):
    """What stands above and below a map: its title and subtitle, and the key of the note of its own."""

    title: str
    subtitle: str
    note: str


def around(run: "xr.Dataset", nodes: Ints, *, share: float) -> tuple[float, float, float, float]:
    """Return west, south, east and north of what is shown, degrees: nodes, and room of a `share` of their extent."""
    lon, lat = (run[name].values[nodes] for name in ("lon", "lat"))
    across, up = (ROOM_DEGREES + share * float(np.ptp(values)) for values in (lon, lat))
    return lon.min() - across, lat.min() - up, lon.max() + across, lat.max() + up


def lay_out(
    data: MapData, signs: Sequence[Sign], headed: Headed, *, figure: Figure | None
) -> tuple[Frame, Axes, Window]:
    """Return the frame with its key drawn, below the map or beside it on a slide, and the map's axes and window."""
    style = data.style
    width = style.width - 2 * MARGIN_MM
    beside = style.size == "slide"
    key_width = KEY_MM if beside else width
    key = 0.0 if beside else key_height(signs, style, key_width) + 2.0
    tall = (data.high[1] - data.low[1]) / (data.high[0] - data.low[0])
    common, own = (
        " ".join(words.word(note, style.language) for note in notes)
        for notes in (("border_note", "straight_note"), (headed.note,))
    )
    # Lines as wide as a slide are hard to read: there each part has its own.
    notes = [common, own] if beside else [f"{common} {own}"]
    frame = Frame(
        style, min(width * max(tall, FLATTEST), TALLEST_MM[style.size]) + key, title=headed.title,
        subtitle=headed.subtitle, notes=[*notes, words.sources(data.reading)], figure=figure,
    )  # fmt: skip
    height = frame.top - frame.bottom - key
    across = width - KEY_MM - 2 * MARGIN_MM if beside else min(width, max(height / tall, NARROWEST * width))
    start = style.start == "left"
    side = frame.left if start else frame.right - across
    left = side if beside else frame.left + (width - across) / 2
    axes = frame.axes(left, frame.top - height, across, height)
    draw_key(
        frame, signs, left=frame.right - KEY_MM if beside and start else frame.left,
        top=frame.top if beside else frame.top - height - 2.0, width=key_width,
    )  # fmt: skip
    return frame, axes, data.window(across, height)


def fill_zones(axes: Axes, data: MapData, window: Window, sides: Iterable[tuple[str, Mask, Look]]) -> None:
    """Fill the zones of some nodes at a time, (n,), under a name."""
    grey, areas = data.style.grey, zones(data.as_roads(), data.reading.inhabited, data.basemap.country)
    for name, nodes, (tone, pale, hatch) in sides:
        mine = shapely.clip_by_rect(areas.polygons[nodes[areas.places]], *window.bounds(2.0))
        zone = PatchCollection(
            patches(shapely.union_all(mine)), facecolor=pale if grey else tone, edgecolor="none", zorder=2,
            hatch=hatch if grey and hatch else None, hatchcolor="#8a8a8a", label=name,
        )  # fmt: skip
        axes.add_collection(zone, autolim=False)


def strips(window: Window, roads: Floats) -> list[Box]:
    """Return small boxes along roads (r, 2, 2), km, so that neither a number nor a name lies on one, mm."""
    boxes = []
    for tail, head in roads.tolist():
        (left, bottom), (right, top) = window.mm(*tail), window.mm(*head)
        steps = int(np.hypot(right - left, top - bottom) / STEP_MM) + 2
        along = zip(np.linspace(left, right, steps).tolist(), np.linspace(bottom, top, steps).tolist(), strict=True)
        # The ends stay free for the names of places there.
        boxes += [box_around(x, y, CLEAR_MM, CLEAR_MM) for x, y in list(along)[1:-1]]
    return boxes
