"""How tests ask what roads matter to trips: a few nodes and lanes as arrays, drawn or given by hand."""

from math import inf
from typing import Any, NamedTuple

import networkx as nx
import numpy as np
from hypothesis import strategies as st

from corridor.network import Floats, Ints, Mask

__all__ = ["Question", "Streets", "ask", "graph", "mesh", "questions", "streets"]

Graph = Any  # networkx graphs carry no types that help here


class Streets(NamedTuple):
    """All that is asked of a network here."""

    tail: Ints
    head: Ints
    hours: Floats
    node_count: int

    @property
    def link_count(self) -> int:
        return self.tail.size


class Question(NamedTuple):
    streets: Streets
    links: Mask
    group: Ints
    origins: Ints
    demand: Floats


def streets(rows: list[tuple[int, int, float]], *, size: int, two_way: bool = False) -> Streets:
    rows = [way for tail, head, hours in rows for way in ((tail, head, hours), (head, tail, hours))[: 1 + two_way]]
    tail, head, hours = (np.array(column) for column in zip(*rows, strict=True)) if rows else [np.zeros(0)] * 3
    return Streets(tail.astype(np.intp), head.astype(np.intp), hours.astype(float), size)


def ask(
    rows: list[tuple[int, int, float]], trips: dict[tuple[int, int], float], *, size: int, two_way: bool = True
) -> Question:
    """Return the question what roads between `size` nodes matter to trips from node to node."""
    built = streets(rows, size=size, two_way=two_way)
    demand = np.zeros((size, size))
    for (origin, destination), wanted in trips.items():
        demand[origin, destination] = wanted
    group = np.arange(built.link_count) // (1 + two_way)
    return Question(built, np.ones(built.link_count, dtype=bool), group, np.arange(size), demand)


@st.composite
def questions(draw: st.DrawFn, *, symmetric: bool) -> Question:
    """Draw a multigraph of up to nine nodes with parallels, loops and lanes of no length, roads and trips."""
    size = draw(st.integers(1, 9))
    ends = st.integers(0, size - 1)
    # Eighths of an hour add up exactly, so that ways tie and no tolerance hides an error.
    hours = st.one_of(st.integers(0, 12).map(lambda eighths: eighths / 8), st.just(inf))
    rows = draw(st.lists(st.tuples(ends, ends, hours), max_size=22))
    built = streets(rows, size=size, two_way=symmetric)
    group = np.arange(built.link_count) // (1 + symmetric)
    # Some roads have several lanes anywhere, and some are never removed.
    mixed = draw(st.lists(st.integers(-1, len(rows)), min_size=len(rows), max_size=len(rows)))
    group = np.array(mixed, dtype=np.intp)[group] if draw(st.booleans()) and rows else group
    closed = draw(st.sets(st.integers(0, max(0, len(rows) - 1)), max_size=3))
    links = ~np.isin(np.arange(built.link_count) // (1 + symmetric), list(closed))
    origins = np.array(draw(st.lists(ends, max_size=size)), dtype=np.intp)
    wanted = st.one_of(st.just(0.0), st.floats(0.125, 4))
    demand = draw(st.lists(wanted, min_size=origins.size * size, max_size=origins.size * size))
    return Question(built, links, group, origins, np.array(demand).reshape(origins.size, size))


def graph(asked: Question, links: Mask) -> Graph:
    """Return the driven links as a networkx multigraph."""
    drawn: Graph = nx.MultiDiGraph()
    drawn.add_nodes_from(range(asked.streets.node_count))
    for link in np.flatnonzero(links & np.isfinite(asked.streets.hours)).tolist():
        hours = float(asked.streets.hours[link])
        drawn.add_edge(int(asked.streets.tail[link]), int(asked.streets.head[link]), key=link, hours=hours)
    return drawn


def mesh(*, directed: bool) -> Question:
    """Return a mesh of fifteen by fifteen nodes with a fifth of its roads left out, and trips between six of them."""
    draw = np.random.default_rng(5)
    side = 15
    place = np.arange(side * side).reshape(side, side)
    across = [place[:, :-1].ravel(), place[:, 1:].ravel()]
    along = [place[:-1].ravel(), place[1:].ravel()]
    tail, head = np.append(across[0], along[0]), np.append(across[1], along[1])
    kept = draw.random(tail.size) < 0.8
    hours = draw.integers(1, 9, (tail.size, 2)) / 8
    hours[:, 1] = hours[:, 1] if directed else hours[:, 0]
    built = Streets(
        np.column_stack((tail, head))[kept].ravel(),
        np.column_stack((head, tail))[kept].ravel(),
        hours[kept].ravel(),
        side * side,
    )
    origins = draw.choice(side * side, 6, replace=False)
    demand = np.zeros((6, side * side))
    demand[:, origins] = draw.random((6, 6))
    every = np.ones(built.link_count, dtype=bool)
    return Question(built, every, np.arange(built.link_count) // 2, origins, demand)
