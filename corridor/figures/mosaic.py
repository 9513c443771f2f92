"""The edges that the cells of a map share: noded once, so that territories made of them fit without slivers."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from corridor.network import Floats, Ints

__all__ = ["OUTSIDE", "Mosaic", "mosaic"]


OUTSIDE = -1
"""What lies beyond all cells: abroad, the sea, a lake."""
GRID_KM = 1e-6
"""All corners lie on a grid of one millimetre, so that neighbours' corners are the same or clearly apart."""

PLAIN = 3
"""How many edges meet at a node round which nothing can touch in a point only."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mosaic:
    """Hold the edges between cells (c,), each as two half-edges (h,): `edge ^ 1` is the same edge the other way.

    An edge runs between two nodes (n,), where three or more cells or outsides meet; closed lines have one node only.

    Attributes
    ----------
    left
        The cell on the left of each half-edge (h,), `OUTSIDE`: none.
    tail
        The node it starts from (h,).
    bearing
        In which direction it leaves that node (h,), radians.
    length_km
        Its length (h,).
    swept_km2
        The integral of (x dy - y dx) / 2 along it (h,): summed along a ring, the area that this turns round.
    first, count
        Where its points start in `points`, and how many they are, without the last one (h,).
    points
        Points (p, 2), km.
    around
        For each cell, the half-edges that have it on their left.
    inside
        A point of the cell on the left of each half-edge (h, 2), km, in the piece of it that lies there; nan: outside.
    area_km2
        The area of each cell (c,).
    crossing
        The half-edges that start from each node at which more than three edges meet: there a ring may touch itself.
    """

    left: Ints
    tail: Ints
    bearing: Floats
    length_km: Floats
    swept_km2: Floats
    first: Ints
    count: Ints
    points: Floats
    around: tuple[tuple[int, ...], ...]
    inside: Floats
    area_km2: Floats
    crossing: dict[int, tuple[int, ...]]

    def ring(self, edges: Ints) -> Floats:
        """Return the points of a ring of half-edges that follow one another, the first one again at the end, km."""
        along = [self.points[self.first[edge] : self.first[edge] + self.count[edge]] for edge in edges.tolist()]
        return np.concatenate([*along, along[0][:1]])

    @staticmethod
    def twin(edges: Ints) -> Ints:
        """Return the same edges the other way."""
        return edges ^ 1


def mosaic(cells: NDArray[np.object_], *, grid_km: float = GRID_KM) -> Mosaic:
    """Return the edges that cells share with each other and with what lies outside.

    Parameters
    ----------
    cells
        Polygons or multipolygons (c,), km, that do not overlap; some may be empty, and lines and points that clipping
        left among them are not looked at. Neighbours need not have the same
        corners along their common border, as after clipping to a coast: all borders are noded together.
    grid_km
        The grid to which all corners are rounded; what is narrower than this vanishes.

    Raises
    ------
    ValueError
        If cells overlap by more than the rounding of their corners.

    References
    ----------
    J. D. Hobby, Practical segment intersection with finite precision output, Computational Geometry 13, 1999
    (snap rounding, as GEOS does it).
    """
    if not len(cells):
        return _gathered(cells, np.empty((0, 2), dtype=np.intp), 0, np.empty((0, 2, 2)))
    cells = np.array([_areas(cell) for cell in cells], dtype=np.object_)
    noded = shapely.union_all(shapely.boundary(cells), grid_size=grid_km)
    lines = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(shapely.get_parts(noded))))
    faces = shapely.orient_polygons(shapely.get_parts(shapely.polygonize(lines)))
    cell = np.append(_cell_of(faces, cells), OUTSIDE)
    face = _sides(lines, faces)
    apart = cell[face[:, 0]] != cell[face[:, 1]]
    found = _gathered(lines[apart], cell[face[apart]], len(cells), _points_in(faces)[face[apart]])
    slack = 4 * grid_km * (shapely.length(cells) + grid_km)
    overlapping = np.flatnonzero(np.abs(found.area_km2 - shapely.area(cells)) > slack)
    if overlapping.size:
        raise ValueError(f"cells overlap: {overlapping.tolist()}, expected cells that at most touch")
    return found


def _areas(cell: BaseGeometry) -> BaseGeometry:
    """Return what of a cell has an area."""
    if cell.geom_type != "GeometryCollection":
        return cell
    return MultiPolygon([part for part in shapely.get_parts(cell) if part.geom_type == "Polygon"])


def _cell_of(faces: NDArray[np.object_], cells: NDArray[np.object_]) -> Ints:
    """Return the cell that each face lies in, the earliest of several, `OUTSIDE`: none."""
    face, cell = shapely.STRtree(cells).query(shapely.point_on_surface(faces), predicate="intersects")
    owner = np.full(len(faces), len(cells), dtype=np.intp)
    np.minimum.at(owner, face, cell)
    owner[owner == len(cells)] = OUTSIDE
    return owner


def _points_in(faces: NDArray[np.object_]) -> Floats:
    """Return a point in each face (faces + 1, 2), and nan last."""
    inside = shapely.point_on_surface(faces)
    return np.append(np.column_stack([shapely.get_x(inside), shapely.get_y(inside)]), [[np.nan, np.nan]], axis=0)


def _sides(lines: NDArray[np.object_], faces: NDArray[np.object_]) -> Ints:
    """Return the faces on the left and on the right of each line, shape (lines, 2), -1: none.

    A line's first piece is a piece of the ring round the face on its left, which turns round the face with it on the
    left; turned round, it is one of the ring round the face on its right.
    """
    rings, face = shapely.get_rings(faces, return_index=True)
    corner, ring = shapely.get_coordinates(rings, return_index=True)
    ahead, start = shapely.get_coordinates(lines, return_index=True)
    spots = np.concatenate([corner, ahead])
    _, spot = np.unique(spots[:, 0] + 1j * spots[:, 1], return_inverse=True)
    tail, head = spot[: len(corner) - 1], spot[1 : len(corner)]
    within = ring[:-1] == ring[1:]
    many = spot.max() + 1
    known = (tail * many + head)[within]
    order = np.argsort(known)
    known, of = known[order], face[ring[:-1][within][order]]
    begin = len(corner) + np.searchsorted(start, np.arange(len(lines)))
    pieces = np.column_stack([spot[begin] * many + spot[begin + 1], spot[begin + 1] * many + spot[begin]])
    at = np.minimum(np.searchsorted(known, pieces), known.size - 1)
    return np.where(known[at] == pieces, of[at], -1)


def _gathered(lines: NDArray[np.object_], sides: Ints, cells: int, inside: Floats) -> Mosaic:
    """Return the mosaic of lines with the cells on their left and right, and a point on either side."""
    both = np.array([line for one in lines for line in (one, one.reverse())], dtype=np.object_)
    left = sides.ravel()
    points, of = shapely.get_coordinates(both, return_index=True)
    count = np.bincount(of, minlength=left.size)
    stop = np.cumsum(count)
    first = stop - count
    here, then = points[first], points[np.minimum(first + 1, max(len(points) - 1, 0))]
    _, tail = np.unique(here[:, 0] + 1j * here[:, 1], return_inverse=True)
    turn = np.zeros(len(points))
    turn[:-1] = (points[:-1, 0] * points[1:, 1] - points[1:, 0] * points[:-1, 1]) / 2
    turn[stop - 1] = 0.0
    swept = np.bincount(of, weights=turn, minlength=left.size).astype(np.float64)
    inner = left >= 0
    crossing = np.flatnonzero(np.bincount(tail) > PLAIN)
    around: list[list[int]] = [[] for _ in range(cells)]
    for edge in np.flatnonzero(inner).tolist():
        around[int(left[edge])].append(edge)
    return Mosaic(
        left=left,
        tail=tail,
        bearing=np.arctan2(then[:, 1] - here[:, 1], then[:, 0] - here[:, 0]),
        length_km=shapely.length(both),
        swept_km2=swept,
        first=first,
        count=count - 1,
        points=points,
        around=tuple(map(tuple, around)),
        inside=inside.reshape(-1, 2),
        area_km2=np.bincount(left[inner], weights=swept[inner], minlength=cells).astype(np.float64),
        crossing={node: tuple(np.flatnonzero(tail == node).tolist()) for node in crossing.tolist()},
    )
