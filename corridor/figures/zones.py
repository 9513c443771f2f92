"""Which place each point of the map belongs to: the one nearest by road travel time."""

import heapq
from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from corridor.network import Floats, Ints

__all__ = ["Roads", "Zones", "nearest_places", "zones"]


SPACING_KM, SHAKE_KM = 2.0, 0.001
REACH_KM = 1000.0
"""How far beyond the outermost sample its cell reaches: beyond any country it is clipped to."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Roads:
    """Hold the nodes' positions on the map (km) and the roads between them: ends and travel time, hours."""

    x: Floats
    y: Floats
    tail: Ints
    head: Ints
    hours: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Zones:
    """Hold one polygon (km) for each place, and for each road the share of it, from its tail, where the zone changes.

    `border` is nan where both ends belong to one place; `owner` is the place of each node, a position in `places`.
    """

    places: Ints
    polygons: NDArray[np.object_]
    owner: Ints
    border: Floats


def nearest_places(roads: Roads, places: Ints) -> tuple[Floats, Ints]:
    """Return each node's travel time from its nearest place, hours, and which place that is (position, -1: none).

    Roads are driven both ways; of two places equally near, the earlier one is taken.
    """
    ways: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for tail, head, hours in zip(roads.tail.tolist(), roads.head.tolist(), roads.hours.tolist(), strict=True):
        ways[tail].append((head, hours))
        ways[head].append((tail, hours))
    hours_to = np.full(roads.x.size, np.inf)
    owner = np.full(roads.x.size, -1, dtype=np.intp)
    queue = [(0.0, place, node) for place, node in enumerate(places.tolist())]
    heapq.heapify(queue)
    while queue:
        so_far, place, node = heapq.heappop(queue)
        if owner[node] >= 0:
            continue
        hours_to[node], owner[node] = so_far, place
        for neighbour, hours in ways[node]:
            if owner[neighbour] < 0:
                heapq.heappush(queue, (so_far + hours, place, neighbour))
    return hours_to, owner


def zones(roads: Roads, places: Ints, land: BaseGeometry) -> Zones:
    """Return the zones of `places` (node positions) within `land`.

    Every road is sampled each 2 km; a sample belongs to the place of its nearer end by travel time. The cells of the
    samples (planar Voronoi) are joined by owner. Where roads cross on the map, cells of one place may be cut off from
    it: these fall to the neighbour with which they share most cells, so that every zone is one piece before clipping.
    """
    hours_to, node_owner = nearest_places(roads, places)
    border = _border_share(roads, hours_to, node_owner)
    points, owner = _samples(roads, node_owner, border)
    own_sample = _first_of(points, np.column_stack([roads.x, roads.y])[places])
    owner[own_sample] = np.arange(places.size)
    around = shapely.box(*_grown([*land.bounds], points))
    sites = shapely.multipoints(points + _shaken(len(points)))
    cells = shapely.get_parts(shapely.voronoi_polygons(sites, extend_to=around, ordered=True))
    owner = _joined(cells, owner, own_sample)
    polygons = np.array(
        [shapely.coverage_union_all(cells[owner == place]) for place in range(places.size)], dtype=np.object_
    )
    clipped = np.array(shapely.intersection(polygons, land), dtype=np.object_)
    return Zones(places=places, polygons=clipped, owner=node_owner, border=border)


def _border_share(roads: Roads, hours_to: Floats, owner: Ints) -> Floats:
    """Return at what share of each road, from its tail, the way to either end's place takes equally long."""
    apart = owner[roads.tail] != owner[roads.head]
    share = np.full(roads.tail.size, np.nan)
    tail, head, hours = hours_to[roads.tail][apart], hours_to[roads.head][apart], roads.hours[apart]
    share[apart] = np.clip((head + hours - tail) / (2 * np.maximum(hours, 1e-9)), 0.0, 1.0)
    return share


def _samples(roads: Roads, node_owner: Ints, border: Floats) -> tuple[Floats, Ints]:
    """Return the points along all roads, nodes first, without doubles, and the place each belongs to."""
    at = np.column_stack([roads.x, roads.y])
    points, owners = [at], [node_owner]
    for tail, head, turn in zip(roads.tail.tolist(), roads.head.tolist(), border.tolist(), strict=True):
        number = int(np.hypot(*(at[head] - at[tail])) // SPACING_KM)
        share = (np.arange(number) + 0.5) / max(number, 1)
        points.append(at[tail] + share[:, None] * (at[head] - at[tail]))
        before = share <= (2.0 if np.isnan(turn) else turn)
        owners.append(np.where(before, node_owner[tail], node_owner[head]))
    every, owner = np.concatenate(points), np.concatenate(owners)
    _, first = np.unique(np.round(every, 6), axis=0, return_index=True)
    keep = np.sort(first)
    keep = keep[owner[keep] >= 0]
    return every[keep], owner[keep]


def _first_of(points: Floats, wanted: Floats) -> Ints:
    """Return the position in `points` of each wanted point."""
    known = {tuple(point): number for number, point in reversed(list(enumerate(np.round(points, 6).tolist())))}
    return np.array([known[tuple(point)] for point in np.round(wanted, 6).tolist()], dtype=np.intp)


def _joined(cells: NDArray[np.object_], owner: Ints, own_sample: Ints) -> Ints:
    """Return owners such that the cells of each are one piece around its own sample."""
    neighbours: dict[int, list[int]] = defaultdict(list)
    for first, second in shapely.STRtree(cells).query(cells, predicate="touches").T.tolist():
        neighbours[first].append(second)
    owner = owner.copy()
    settled = np.zeros(owner.size, dtype=bool)
    for sample in own_sample.tolist():
        _spread(sample, owner, settled, neighbours)
    while not settled.all():
        waiting = np.flatnonzero(~settled).tolist()
        rim = {cell: Counter(int(owner[near]) for near in neighbours[cell] if settled[near]) for cell in waiting}
        taken = {cell: _most_voted(votes) for cell, votes in rim.items() if votes}
        if not taken:
            break
        for cell, place in taken.items():
            owner[cell] = place
            settled[cell] = True
        for cell in taken:
            _spread(cell, owner, settled, neighbours)
    return owner


def _most_voted(votes: Counter[int]) -> int:
    """Return the place with most votes, of several the earliest."""
    return min(votes, key=lambda place: (-votes[place], place))


def _spread(start: int, owner: Ints, settled: NDArray[np.bool_], neighbours: dict[int, list[int]]) -> None:
    """Settle every cell of one owner that is reached from `start` over cells of that owner."""
    settled[start] = True
    stack = [start]
    while stack:
        for near in neighbours[stack.pop()]:
            if not settled[near] and owner[near] == owner[start]:
                settled[near] = True
                stack.append(near)


def _shaken(count: int) -> Floats:
    """Return shifts of half a metre at most, always the same, so that no four samples lie on one circle.

    On regular samples the cells come out with crossing edges.
    """
    number = np.arange(count)[:, None]
    part: Floats = np.modf(number * np.array([[0.618033988749895, 0.754877666246693]]))[0]
    return SHAKE_KM * (part - 0.5)


def _grown(bounds: list[float], points: Floats) -> tuple[float, float, float, float]:
    left, bottom = np.minimum(points.min(axis=0), bounds[:2]) - REACH_KM
    right, top = np.maximum(points.max(axis=0), bounds[2:]) + REACH_KM
    return float(left), float(bottom), float(right), float(top)
