"""Names on a map: where each fits without touching another name, a symbol or the frame."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import hypot

__all__ = ["Box", "Placed", "Wish", "box_around", "overlap", "place_names"]

Box = tuple[float, float, float, float]
"""Left, bottom, right, top, mm."""

_ANCHORS = {
    "E": (1, 0), "NE": (1, 1), "SE": (1, -1), "N": (0, 1), "S": (0, -1), "W": (-1, 0), "NW": (-1, 1), "SW": (-1, -1),
}  # fmt: skip
GAP_MM = 0.35
FARTHER_MM, NEAR_MM = tuple(0.8 * step for step in range(26)), 7.0
"""How much farther from its point a name that must be written is tried, and how far in its better shapes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Ask for a name at a point: `x` and `y` in mm, `anchor` the compass point preferred.

    `shapes` are the widths and heights (mm) that it may have, the best first. A `must` is tried farther and farther
    from its point until it fits; far away only in its last shape.
    """

    key: int
    x: float
    y: float
    shapes: tuple[tuple[float, float], ...]
    anchor: str = ""
    must: bool = False
    radius: float = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Say where a name stands: the box it fills, which of its shapes it has, and the point it belongs to."""

    wish: Wish
    box: Box
    shape: int = 0

    @property
    def far(self) -> bool:
        """Return whether the name stands so far from its point that a line must join them."""
        left, bottom, right, top = self.box
        dx = max(left - self.wish.x, 0.0, self.wish.x - right)
        dy = max(bottom - self.wish.y, 0.0, self.wish.y - top)
        return max(dx, dy) > self.wish.radius + 4 * GAP_MM


def overlap(first: Box, second: Box) -> bool:
    """Return whether two boxes share more than an edge."""
    return first[0] < second[2] and second[0] < first[2] and first[1] < second[3] and second[1] < first[3]


def box_around(x: float, y: float, width: float, height: float) -> Box:
    """Return the box of a size around a point."""
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def place_names(
    wishes: Sequence[Wish],
    *,
    frame: Box,
    taken: Iterable[Box] = (),
    most: int = 1000,
    apart: float = 0.0,
    beside: Sequence[Placed] = (),
) -> list[Placed]:
    """Return the names that fit into `frame`, the first asked for first, at most `most` of them.

    Each is tried at its preferred compass point and then round it; one that touches what stands already (`taken`, and
    the names `beside`) is left out, and so is one whose point is nearer than `apart` mm to a named one. What must be
    written is spared both limits.
    """
    boxes = [*taken, *(one.box for one in beside)]
    placed: list[Placed] = []
    for wish in wishes:
        near = any(hypot(wish.x - one.wish.x, wish.y - one.wish.y) < apart for one in (*beside, *placed))
        if not wish.must and (near or len(placed) >= most):
            continue
        for box, shape in _candidates(wish):
            inside = frame[0] <= box[0] and box[2] <= frame[2] and frame[1] <= box[1] and box[3] <= frame[3]
            if inside and not any(overlap(box, other) for other in boxes):
                boxes.append(box)
                placed.append(Placed(wish=wish, box=box, shape=shape))
                break
    return placed


def _candidates(wish: Wish) -> Iterable[tuple[Box, int]]:
    """Yield the boxes in which a name may stand, the best first, and its shape there."""
    first = [wish.anchor] if wish.anchor in _ANCHORS else []
    order = first + [anchor for anchor in _ANCHORS if anchor not in first]
    distances = FARTHER_MM if wish.must else FARTHER_MM[:1]
    last = len(wish.shapes) - 1
    tried = [(distance, shape) for distance in distances if distance <= NEAR_MM for shape in range(last)]
    for distance, shape in [*tried, *((distance, last) for distance in distances)]:
        width, height = wish.shapes[shape]
        reach = wish.radius + GAP_MM + distance
        for anchor in order:
            right, up = _ANCHORS[anchor]
            slant = 0.75 if right and up else 1.0
            x = wish.x + right * (slant * reach + width / 2)
            y = wish.y + up * (slant * reach + height / 2)
            yield box_around(x, y, width, height), shape
