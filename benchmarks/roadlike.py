"""A network that looks like roads: near neighbours joined, planar in kind, two-way, of as many nodes as asked."""

from typing import Any

import numpy as np
from scipy.spatial import Delaunay

from corridor.network import ROAD, Floats, Ints, Network

__all__ = ["OPEN", "PERSONS", "roadlike"]

OPEN, PERSONS = "open_share_start", "start_persons"
"""The dated columns of these networks."""
KM_A_DEGREE = 111.0
SPEED = 60.0


def roadlike(nodes: int, *, seed: int = 0) -> Network:
    """Return a network of `nodes` places on a square, held by `red`: the triangles of Delaunay without long sides.

    Three links in ten of the triangulation are left out, the longest first, but never one of the two shortest at a
    place; so the mean degree is about 4, as on the main roads of a country. The two links of a road stand side by
    side. No rows are made on the way: half a million nodes take seconds.
    """
    spot = np.random.default_rng(seed).random((nodes, 2)) * np.sqrt(nodes) * 0.2
    pairs, km = _sides(spot)
    names = np.array([f"n{place}" for place in range(nodes)])
    links = 2 * len(pairs)
    return Network(
        name=f"roadlike_{nodes}",
        node_id=names,
        node_name=names,
        kind=np.full(nodes, "town"),
        lon=spot[:, 0].copy(),
        lat=spot[:, 1].copy(),
        population={PERSONS: np.full(nodes, 1000.0)},
        control={"control_start": np.full(nodes, "red")},
        aliases={},
        link_id=np.repeat(np.array([f"n{tail}-n{head}" for tail, head in pairs.tolist()]), 2),
        tail=pairs.ravel(),
        head=pairs[:, ::-1].ravel(),
        reverse=np.arange(links) ^ 1,
        mode=np.full(links, ROAD),
        length=np.repeat(km, 2),
        hours=np.repeat(km / SPEED, 2),
        capacity=np.full(links, 1000.0),
        open_share={OPEN: np.ones(links)},
        pass_start=np.zeros(links + 1, dtype=np.intp),
        pass_node=np.zeros(0, dtype=np.intp),
        **_blank(nodes, "node_name_ar", "admin1", "area", "label_anchor", "node_source", "node_confidence"),
        **_blank(links, "link_name", "commodity", "road_class", "road_number", "link_source", "link_confidence"),
    )


def _sides(spot: Floats) -> tuple[Ints, Floats]:
    """Return the ends of the sides that are kept, the lower first, and their lengths, km, the shortest first."""
    corners = Delaunay(spot).simplices.astype(np.intp)
    ends = np.sort(np.vstack((corners[:, :2], corners[:, 1:], corners[:, ::2])), axis=1)
    numbers = np.unique(ends[:, 0] * len(spot) + ends[:, 1])
    pairs = np.column_stack((numbers // len(spot), numbers % len(spot)))
    km = np.linalg.norm(spot[pairs[:, 0]] - spot[pairs[:, 1]], axis=1) * KM_A_DEGREE
    order = np.argsort(km, kind="stable")
    pairs, km = pairs[order], km[order]
    kept = (_rank(pairs).min(axis=1) < 2) | (np.arange(len(pairs)) < 0.7 * len(pairs))
    return pairs[kept], km[kept]


def _rank(pairs: Ints) -> Ints:
    """Return how many pairs before it each pair shares an end with, by end."""
    ends = pairs.ravel()
    order = np.argsort(ends, kind="stable")
    first = np.searchsorted(ends[order], ends[order])
    rank = np.empty(ends.size, dtype=np.intp)
    rank[order] = np.arange(ends.size) - first
    return rank.reshape(pairs.shape)


def _blank(size: int, *columns: str) -> dict[str, Any]:
    return dict.fromkeys(columns, np.full(size, "", dtype=np.str_))
