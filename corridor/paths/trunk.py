"""The part of a tree of fastest routes that leads to certain ends."""

import numpy as np

from corridor.network import Ints, Mask
from corridor.paths.lanes import Lanes, spans

__all__ = ["Trunk"]


class Trunk:
    """Know which nodes a tree of fastest routes passes on the way to its ends, and what hangs below each of them.

    Parameters
    ----------
    lanes
        The lanes over which the tree was grown, between n nodes.
    origin
        The node from which it was grown.
    before
        The node before each on its way, negative where there is none, shape (n,).
    ends
        The nodes to which the trunk leads; none without a way.

    Attributes
    ----------
    node
        The u nodes of the trunk in preorder, the origin first.
    last
        Of each of them the number of the last one below it: those below `i` are ``i, ..., last[i]``; shape (u,).
    lane
        The lane by which the tree enters each, by position; -1 for the origin; shape (u,).
    number
        The number of each node of the network in the trunk, shape (n,), or -1.
    top
        The number of the last trunk node on the way to each node of the network, shape (n,); -1: no way leads there.
    """

    __slots__ = ("_hanging", "lane", "last", "node", "number", "top")

    def __init__(self, lanes: Lanes, origin: int, before: Ints, ends: Ints) -> None:
        self.node, self.last = _preorder(origin, before, ends)
        self.lane: Ints = np.full(self.node.size, -1, dtype=np.intp)
        self.lane[1:] = lanes.between(before[self.node[1:]], self.node[1:])
        self.number: Ints = np.full(before.size, -1, dtype=np.intp)
        self.number[self.node] = np.arange(self.node.size)
        up = np.where(before < 0, np.arange(before.size), before)
        up[self.node] = self.node
        while True:
            further = up[up]
            if np.array_equal(further, up):
                break
            up = further
        self.top: Ints = self.number[up]
        self._hanging: tuple[Ints, Ints] | None = None

    def above(self, numbers: Ints) -> Mask:
        """Return which trunk nodes lie on the way to each of r trunk nodes, itself among them, shape (r, u)."""
        every = np.arange(self.node.size)
        return (every <= numbers[:, None]) & (numbers[:, None] <= self.last)

    def below(self, numbers: Ints) -> tuple[Ints, Ints]:
        """Return the network's nodes whose way passes any of r trunk nodes: which of the r, and the node."""
        if self._hanging is None:
            order = np.argsort(self.top, kind="stable")
            self._hanging = order, np.searchsorted(self.top[order], np.arange(self.node.size + 1))
        order, start = self._hanging
        each, place = spans(start[numbers], start[self.last[numbers] + 1])
        return each, order[place]


def _preorder(origin: int, before: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """Return the nodes of the trunk in preorder, and of each the number of the last one below it."""
    children: dict[int, list[int]] = {origin: []}
    for end in ends.tolist():
        at, below = end, -1
        while at not in children:
            children[at] = [] if below < 0 else [below]
            at, below = int(before[at]), at
        if below >= 0:
            children[at].append(below)
    order: list[int] = []
    waiting = [origin]
    while waiting:
        order.append(waiting.pop())
        waiting += reversed(children[order[-1]])
    last: dict[int, int] = {}
    for number, node in reversed(list(enumerate(order))):
        last[node] = last[children[node][-1]] if children[node] else number
    return np.array(order, dtype=np.intp), np.array([last[node] for node in order], dtype=np.intp)
