"""Who holds which part of the map, and how long the fronts are: kept up to date as cells change hands."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from shapely.geometry import Polygon

from corridor.figures.mosaic import Mosaic
from corridor.figures.outlines import Outline
from corridor.network import Floats, Ints

__all__ = ["FrontHistory", "Fronts", "fronts_through_time"]


NANO = 1e-9
"""Lengths and areas are added as whole numbers of this part of a km and of a km2: what is taken off leaves nothing."""


class Fronts:
    """Keep the territories on a mosaic: their areas, their polygons and the fronts between them.

    Parameters
    ----------
    mosaic
        The cells and the edges that they share.
    holder
        Who holds each cell (c,): 0 to `holders` - 1, or -1: nobody (contested).
    holders
        How many may hold cells. What is told by holder (k,) is told for each of them and, last, for nobody.

    Notes
    -----
    A change costs what the edges of its cell cost, whatever the size of the map. The sums depend on who holds what
    alone, not on the changes that led there. Polygons are brought up to date when they are asked for.
    """

    def __init__(self, mosaic: Mosaic, holder: Ints, *, holders: int) -> None:
        self.mosaic = mosaic
        self._nobody, outside = holders, holders + 1
        cells = len(mosaic.around)
        self._holder: list[int] = [self._nobody] * cells + [outside]
        """By cell, and last, at the position `OUTSIDE`, what lies outside."""
        self._beyond: list[int] = mosaic.left[mosaic.twin(np.arange(mosaic.left.size))].tolist()
        self._length, self._cell_area = _whole(mosaic.length_km).tolist(), _whole(mosaic.area_km2).tolist()
        self._between = [[0] * (holders + 2) for _ in range(holders + 2)]
        """How long the edges between two holders are; what the cells of one share is counted twice."""
        self._area = [0] * (holders + 2)
        self._area[self._nobody] = sum(self._cell_area)
        self._outlines = [Outline(mosaic) for _ in range(holders + 1)]
        for edges in mosaic.around:
            for edge in edges:
                self._between[self._nobody][self._holder[self._beyond[edge]]] += self._length[edge]
        self._outlines[self._nobody].flip(edge for edges in mosaic.around for edge in edges if self._beyond[edge] < 0)
        self.hold(holder)

    @property
    def holder(self) -> Ints:
        """Return who holds each cell (c,), -1: nobody."""
        held = np.array(self._holder[:-1], dtype=np.intp)
        return np.where(held == self._nobody, -1, held)

    def hold(self, holder: Ints) -> None:
        """Let the cells (c,) have these holders from now on."""
        wanted = np.asarray(holder)
        for cell in np.flatnonzero(wanted != self.holder).tolist():
            self.change(cell, int(wanted[cell]))

    def change(self, cell: int, holder: int) -> None:
        """Let one cell have another holder (-1: nobody) from now on."""
        before, now = self._holder[cell], self._nobody if holder < 0 else holder
        if now == before:
            return
        between, gone, come = self._between, [], []
        for edge in self.mosaic.around[cell]:
            length, other = self._length[edge], self._holder[self._beyond[edge]]
            between[before][other] -= length
            between[other][before] -= length
            between[now][other] += length
            between[other][now] += length
            gone.append(edge ^ (other == before))
            come.append(edge ^ (other == now))
        self._outlines[before].flip(gone)
        self._outlines[now].flip(come)
        self._area[before] -= self._cell_area[cell]
        self._area[now] += self._cell_area[cell]
        self._holder[cell] = now

    def territory(self, holder: int) -> tuple[Polygon, ...]:
        """Return what one holder (-1: nobody) has, as polygons (km) that touch in points at most."""
        return self._outlines[holder].polygons()

    def front_km(self) -> float:
        """Return how long the fronts are: all edges between cells of different holders, nobody among them."""
        held = range(len(self._outlines))
        return NANO * sum(self._between[one][other] for one in held for other in held if one < other)

    def pairs_km(self) -> Floats:
        """Return how long the fronts between two holders are (k, k), km."""
        found = self._told(self._between)[:-1, :-1]
        np.fill_diagonal(found, 0.0)
        return found

    def border_km(self) -> Floats:
        """Return how long each holder's part of the border with what lies outside is (k,), km."""
        return self._told(self._between)[:-1, -1]

    def area_km2(self) -> Floats:
        """Return the area of each holder's territory (k,), km2."""
        return self._told(self._area)[:-1]

    @staticmethod
    def _told(sums: list[Any]) -> Floats:
        """Return whole sums as km or km2."""
        found: Floats = NANO * np.array(sums, dtype=np.float64)
        return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FrontHistory:
    """Hold for each epoch (E,) and holder (k,), nobody last: the fronts of each pair, the border and the area."""

    pairs_km: Floats
    border_km: Floats
    area_km2: Floats

    @property
    def front_km(self) -> Floats:
        """Return how long the fronts are in each epoch (E,), km."""
        found: Floats = self.pairs_km.sum(axis=(1, 2)) / 2
        return found


def fronts_through_time(mosaic: Mosaic, holder: Ints, *, holders: int) -> FrontHistory:
    """Return the fronts and territories through time.

    Parameters
    ----------
    mosaic
        The cells.
    holder
        Who holds each cell in each epoch (E, c), -1: nobody.
    holders
        How many may hold cells.
    """
    fronts = Fronts(mosaic, holder[0], holders=holders)
    told = []
    for held in holder:
        fronts.hold(held)
        told.append((fronts.pairs_km(), fronts.border_km(), fronts.area_km2()))
    pairs, border, area = (np.array(one) for one in zip(*told, strict=True))
    return FrontHistory(pairs_km=pairs, border_km=border, area_km2=area)


def _whole(values: Floats) -> NDArray[np.int64]:
    return np.rint(values / NANO).astype(np.int64)
