"""The outline of a set of cells that changes: its rings, cut and joined only where cells come or go."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import tau
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry import LinearRing, Polygon

from corridor.figures.mosaic import Mosaic
from corridor.network import Floats, Ints

__all__ = ["Outline"]


class _Stretch(NamedTuple):
    """Half-edges that follow one another, the first and the last of them, and their points without the last one."""

    first: int
    last: int
    edges: Ints
    points: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Loop:
    """Hold half-edges that follow one another round a part of the set, which lies on their left.

    A loop round the outside of a part has a `shell`; `holes` are rings round what is left out. A loop that touches
    itself at a node is several rings. `stops` says where the points of each half-edge stop in `points`, and `within`
    is a point in the part, next to the loop.
    """

    edges: Ints
    stops: Ints
    points: Floats
    shell: LinearRing | None
    holes: tuple[LinearRing, ...]
    filled_km2: float
    bounds: tuple[float, float, float, float]
    within: tuple[float, float]

    def surrounds(self, x: float, y: float) -> bool:
        """Return whether a point may lie within the shell: whether it does in the shell's bounds."""
        left, bottom, right, top = self.bounds
        return left <= x <= right and bottom <= y <= top

    def stretch(self, start: int, stop: int) -> _Stretch:
        """Return the half-edges between two places in the loop."""
        edges = self.edges[start:stop]
        points = self.points[self.stops[start - 1] if start else 0 : self.stops[stop - 1]]
        return _Stretch(int(edges[0]), int(edges[-1]), edges, points)


class Outline:
    """Keep the outline of a set of cells, none at first, as half-edges that have the set on their left.

    Parameters
    ----------
    mosaic
        The cells and the edges that they share.

    Notes
    -----
    Of a loop that loses half-edges the stretches between them are kept as they are, and joined anew, end to start,
    among themselves and with the half-edges that come: a change costs what the edges that change cost, and copying
    the rings that they lie on. Where more than three edges meet, a loop turns as far to the left as it can, that is,
    keeps to one part of the set: parts that meet in points only stay apart.
    """

    def __init__(self, mosaic: Mosaic) -> None:
        self._mosaic = mosaic
        self._tail: list[int] = mosaic.tail.tolist()
        self._first: list[int] = mosaic.first.tolist()
        self._stop: list[int] = (mosaic.first + mosaic.count).tolist()
        self._crossed = np.isin(mosaic.tail, [*mosaic.crossing])
        self._every: Ints = np.arange(mosaic.left.size)
        self._flipped: set[int] = set()
        self._loops: dict[int, _Loop] = {}
        self._next = 0
        self._loop_of: Ints = np.full(mosaic.left.size, -1, dtype=np.intp)
        self._place: Ints = np.zeros(mosaic.left.size, dtype=np.intp)
        """In which loop a half-edge is, -1: in none, and where in it."""
        self._shell_of: dict[int, int] = {}
        """Of each loop without a shell, round holes, that of the part in which the holes lie."""
        self._polygons: dict[int, Polygon] = {}
        """The polygon of each part, by its loop with a shell."""

    def flip(self, edges: Iterable[int]) -> None:
        """Let half-edges come to the outline or go from it, whichever is possible."""
        self._flipped.symmetric_difference_update(edges)

    def polygons(self) -> tuple[Polygon, ...]:
        """Return the set as polygons (km), one for each part that hangs together by more than points."""
        if self._flipped:
            self._mend()
        return tuple(self._polygons.values())

    def _mend(self) -> None:
        """Bring the loops up to date with the half-edges flipped."""
        flipped, again = sorted(self._flipped), self._met()
        self._flipped = set()
        lost: dict[int, list[int]] = defaultdict(list)
        stretches = [self._single(edge) for edge in again]
        at, places = self._loop_of[flipped].tolist(), self._place[flipped].tolist()
        for edge, loop, place in zip(flipped, at, places, strict=True):
            if loop < 0:
                stretches.append(self._single(edge))
            else:
                lost[loop].append(place)
        for edge in again:
            lost[int(self._loop_of[edge])].append(int(self._place[edge]))
        self._loop_of[flipped] = -1
        for loop, gone in lost.items():
            stretches += _stretches(self._loops[loop], sorted(gone))
        fresh = {number: self._loop(number, chain) for number, chain in enumerate(self._joined(stretches), self._next)}
        self._next += len(fresh)
        self._settle(lost, fresh)

    def _met(self) -> list[int]:
        """Return the half-edges that stay, but may follow others than before, as they start where many edges meet."""
        crossing = self._mosaic.crossing
        if not crossing:
            return []
        nodes = {self._tail[edge ^ way] for edge in self._flipped for way in (0, 1)} & crossing.keys()
        starting = {edge for node in nodes for edge in crossing[node]} - self._flipped
        return sorted(edge for edge in starting if self._loop_of[edge] >= 0)

    def _single(self, edge: int) -> _Stretch:
        """Return a half-edge as a stretch."""
        points = self._mosaic.points[self._first[edge] : self._stop[edge]]
        return _Stretch(edge, edge, self._every[edge : edge + 1], points)

    def _joined(self, stretches: list[_Stretch]) -> list[list[_Stretch]]:
        """Return the loops into which stretches join."""
        starting: dict[int, list[int]] = defaultdict(list)
        for number, stretch in enumerate(stretches):
            starting[self._tail[stretch.first]].append(number)
        used = [False] * len(stretches)
        loops = []
        for start in range(len(stretches)):
            chain, number = [], start
            while not used[number]:
                used[number] = True
                chain.append(stretches[number])
                last = stretches[number].last
                ways = starting[self._tail[last ^ 1]]
                number = ways[0] if len(ways) == 1 else self._leftmost(last, ways, stretches)
            if chain:
                loops.append(chain)
        return loops

    def _leftmost(self, last: int, ways: list[int], stretches: list[_Stretch]) -> int:
        """Return which of the ways on after a half-edge turns most to the left."""
        bearing = self._mosaic.bearing
        back = bearing[last ^ 1]
        return min(ways, key=lambda way: (back - bearing[stretches[way].first]) % tau or tau)

    def _loop(self, number: int, chain: list[_Stretch]) -> _Loop:
        """Return the loop along stretches, and note its half-edges under its number."""
        edges = np.concatenate([stretch.edges for stretch in chain])
        points = np.concatenate([*(stretch.points for stretch in chain), chain[0].points[:1]])
        stops = self._mosaic.count[edges].cumsum()
        self._loop_of[edges] = number
        self._place[edges] = self._every[: edges.size]
        rings = [(edges, points)]
        if self._mosaic.crossing and self._crossed[edges].any():
            simple = _simple(edges, self._mosaic.tail[edges])
            rings = [(ring, self._mosaic.ring(ring)) for ring in simple]
        shell, filled, holes = None, 0.0, []
        for ring, along in rings:
            turned, drawn = float(self._mosaic.swept_km2[ring].sum()), shapely.linearrings(along)
            if turned > 0:
                shell, filled = drawn, turned
            else:
                holes.append(drawn)
        x, y = self._mosaic.inside[chain[0].first].tolist()
        return _Loop(
            edges=edges, stops=stops, points=points, shell=shell, holes=tuple(holes), filled_km2=filled,
            bounds=shell.bounds if shell is not None else (np.nan,) * 4, within=(x, y),
        )  # fmt: skip

    def _settle(self, lost: Collection[int], fresh: dict[int, _Loop]) -> None:
        """Say which holes lie in which part, now that loops are lost and others fresh, and draw the parts anew.

        A hole whose loop and whose part's shell stay lies in the same part, unless a part with a fresh shell is now
        cut off from that one and holds it.
        """
        for loop in lost:
            del self._loops[loop]
            self._polygons.pop(loop, None)
        self._loops |= fresh
        come = [loop for loop, one in fresh.items() if one.shell is not None]
        changed = {self._shell_of.pop(loop) for loop in lost if loop in self._shell_of}.union(come)
        touched = sorted(changed & self._loops.keys())
        for hole, shell in self._shell_of.items():
            if shell in lost:
                self._shell_of[hole] = self._shell_round(hole, touched)
            elif come:
                self._shell_of[hole] = now = self._shell_round(hole, [shell, *come])
                changed |= {shell, now} if now != shell else set()
        shells = [loop for loop, one in self._loops.items() if one.shell is not None]
        for hole in fresh.keys() - come:
            self._shell_of[hole] = shell = self._shell_round(hole, shells)
            changed.add(shell)
        for shell in sorted(changed & self._loops.keys()):
            self._polygons[shell] = self._polygon(shell)

    def _shell_round(self, hole: int, shells: list[int]) -> int:
        """Return the smallest of shells round the part in which a hole lies."""
        if len(shells) == 1:
            return shells[0]
        at, loops = self._loops[hole].within, self._loops
        near = [shell for shell in shells if loops[shell].surrounds(*at)]
        if len(near) > 1:
            near.sort(key=lambda shell: loops[shell].filled_km2)
            near = [shell for shell in near if shapely.contains_xy(shapely.polygons(loops[shell].shell), *at)]
        return near[0]

    def _polygon(self, shell: int) -> Polygon:
        """Return the polygon of a part."""
        inner = [self._loops[hole].holes for hole, around in self._shell_of.items() if around == shell]
        holes = [ring for rings in (self._loops[shell].holes, *inner) for ring in rings]
        return shapely.polygons(self._loops[shell].shell, holes=holes or None)


def _stretches(loop: _Loop, places: list[int]) -> list[_Stretch]:
    """Return the stretches of a loop that are left when the half-edges at some places go."""
    found = [loop.stretch(before + 1, after) for before, after in pairwise(places) if after - before > 1]
    end, start = places[-1] + 1, places[0]
    pieces = [(end, loop.edges.size), (0, start)]
    return found + [loop.stretch(start, stop) for start, stop in pieces if stop > start]


def _simple(edges: Ints, tail: Ints) -> list[Ints]:
    """Return a loop that may touch itself as rings that do not."""
    rings: list[Ints] = []
    at: dict[int, int] = {}
    way: list[tuple[int, int]] = []
    for edge, node in zip(edges.tolist(), tail.tolist(), strict=True):
        if node in at:
            start = at[node]
            rings.append(np.array([passed for passed, _ in way[start:]], dtype=np.intp))
            for _, passed in way[start:]:
                del at[passed]
            del way[start:]
        at[node] = len(way)
        way.append((edge, node))
    return [*rings, np.array([passed for passed, _ in way], dtype=np.intp)]
