"""A network that looks like roads: near neighbours joined, planar in kind, two-way, of as many nodes as asked."""

import numpy as np
from scipy.spatial import Delaunay

from corridor.network import Link, Network, Node, assemble, both_ways

__all__ = ["OPEN", "PERSONS", "roadlike"]

OPEN, PERSONS = "open_share_start", "start_persons"
"""The dated columns of these networks."""
KM_A_DEGREE = 111.0
SPEED = 60.0


def roadlike(nodes: int, *, seed: int = 0) -> Network:
    """Return a network of `nodes` places on a square, held by `red`: the triangles of Delaunay without long sides.

    Three links in ten of the triangulation are left out, the longest first, but never one of the two shortest at a
    place; so the mean degree is about 4, as on the main roads of a country.
    """
    draw = np.random.default_rng(seed)
    spot = draw.random((nodes, 2)) * np.sqrt(nodes) * 0.2
    corners = Delaunay(spot).simplices
    pairs = np.unique(np.sort(np.vstack((corners[:, :2], corners[:, 1:], corners[:, ::2])), axis=1), axis=0)
    km = np.linalg.norm(spot[pairs[:, 0]] - spot[pairs[:, 1]], axis=1) * KM_A_DEGREE
    pairs, km = pairs[np.argsort(km)], np.sort(km)
    needed = np.zeros(len(pairs), dtype=bool)
    degree = np.zeros(nodes, dtype=int)
    for row, (tail, head) in enumerate(pairs.tolist()):
        needed[row] = min(degree[tail], degree[head]) < 2
        degree[[tail, head]] += 1
    kept = needed | (np.arange(len(pairs)) < 0.7 * len(pairs))
    rows = [
        Node(id=f"n{place}", lon=x, lat=y, population={PERSONS: 1000.0}, control={"control_start": "red"})
        for place, (x, y) in enumerate(spot.tolist())
    ]
    links = [
        link
        for (tail, head), length in zip(pairs[kept].tolist(), km[kept].tolist(), strict=True)
        for link in both_ways(
            Link(
                id=f"n{tail}-n{head}",
                tail=f"n{tail}",
                head=f"n{head}",
                length=length,
                hours=length / SPEED,
                capacity=1000.0,
                open_share={OPEN: 1.0},
            )
        )
    ]
    return assemble(rows, links, name=f"roadlike_{nodes}")
