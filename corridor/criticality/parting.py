"""Which roads, lost together, part most from a root: sets of up to three exactly, more of them greedily."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product

import numpy as np

from corridor.network import Floats, Ints, Mask

__all__ = ["MOST_EXACT", "Parting", "best_partings", "greedy_parting", "lost"]

MOST_EXACT = 3
"""Up to so many roads the worst loss is found exactly."""
MOST_BRIDGES = 150
"""How many roads that part something alone are combined, besides those nearest to the root."""
SEED = 20110701
"""Of the labels: the same question has the same answer; what they say is looked up before it is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parting:
    """Hold a set of `roads` (positions, ascending) and what is parted from the root without them, `value`."""

    roads: tuple[int, ...]
    value: float


def best_partings(worth: Floats, ends: Ints, hours: Floats, count: int, *, most: int = 5) -> list[Parting]:
    """Return the `most` sets of at most `count` roads (at most `MOST_EXACT`) whose loss parts most from node 0.

    Every road of a set is needed in it. What such a set parts from node 0 falls into pieces, and the roads round each
    piece are a smallest cut. Those of one road are bridges; those of two or three are found by labels at random of
    64 bits that are 0 over a cut [1]_: roads of equal labels, and three that make 0. Sets that part the same are
    ordered by the number of roads, their hours and their positions.

    Parameters
    ----------
    worth
        Of each node, not negative, shape (n,).
    ends
        The nodes that each road joins, shape (q, 2).
    hours
        Of each road, shape (q,).
    count
        How many roads.
    most
        How many sets.

    References
    ----------
    .. [1] D. Pritchard and R. Thurimella, "Fast computation of small cuts via cycle space sampling", ACM Transactions
       on Algorithms 7(4), 2011.
    """
    tree = _Tree(worth, ends)
    found: dict[tuple[int, ...], float] = {}
    for sets in _candidates(tree, min(count, MOST_EXACT)):
        for roads, value in zip(sets[0].tolist(), sets[1].tolist(), strict=True):
            found[tuple(sorted(roads))] = value
    order = sorted(found, key=lambda roads: (-round(found[roads], 6), len(roads), _hours(hours, roads), roads))
    # Two labels are equal by chance once in 2^64.
    true = (roads for roads in order if np.isclose(lost(worth, ends, roads), found[roads], rtol=1e-9, atol=1e-6))
    return [Parting(roads=roads, value=found[roads]) for roads, _ in zip(true, range(most), strict=False)]


def greedy_parting(worth: Floats, ends: Ints, hours: Floats, count: int) -> Parting:
    """Return at most `count` roads found by taking, again and again, the one to three that part most per road."""
    chosen: list[int] = []
    while len(chosen) < count:
        left, rest = _rest(worth, ends, chosen)
        steps = [
            best
            for size in range(1, min(MOST_EXACT, count - len(chosen)) + 1)
            for best in best_partings(left, ends[rest], hours[rest], size, most=1)
        ]
        if not steps:
            break
        step = max(steps, key=lambda best: (best.value / len(best.roads), -len(best.roads)))
        chosen += rest[list(step.roads)].tolist()
    return Parting(roads=tuple(sorted(chosen)), value=lost(worth, ends, chosen))


def lost(worth: Floats, ends: Ints, roads: Iterable[int]) -> float:
    """Return what has no way to node 0 without these roads."""
    near = _near(worth.size, ends, roads)
    return float(worth[~near].sum())


def _hours(hours: Floats, roads: Sequence[int]) -> float:
    return round(float(hours[list(roads)].sum()), 9)


def _near(size: int, ends: Ints, roads: Iterable[int]) -> Mask:
    """Return which nodes have a way to node 0 without these roads."""
    gone = set(roads)
    ways: list[list[int]] = [[] for _ in range(size)]
    for road, (one, other) in enumerate(ends.tolist()):
        if road not in gone:
            ways[one].append(other)
            ways[other].append(one)
    near: Mask = np.zeros(size, dtype=np.bool_)
    near[0] = True
    stack = [0]
    while stack:
        for node in ways[stack.pop()]:
            if not near[node]:
                near[node] = True
                stack.append(node)
    return near


def _rest(worth: Floats, ends: Ints, gone: Sequence[int]) -> tuple[Floats, Ints]:
    """Return what is left when roads are gone: the worth of nodes that still have a way, and the roads among them."""
    near = _near(worth.size, ends, gone)
    left = near[ends[:, 0]] & near[ends[:, 1]]
    left[list(gone)] = False
    return np.where(near, worth, 0.0), np.flatnonzero(left)


def _candidates(tree: "_Tree", count: int) -> Iterator[tuple[Ints, Floats]]:
    """Yield the sets of roads, shape (s, r), that part something and of which each road is needed, and its worth."""
    ones = _worthy(tree, np.array(tree.bridges, dtype=np.intp).reshape(-1, 1))
    yield ones
    if count == 1:
        return
    few = _few(tree, ones)
    twos = _worthy(tree, _pairs(tree))
    yield twos
    yield _apart(tree, few, few)
    if count == MOST_EXACT:
        yield _worthy(tree, _triples(tree))
        yield _apart(tree, twos, few)
        yield _apart(tree, _apart(tree, few, few), few)


def _worthy(tree: "_Tree", sets: Ints) -> tuple[Ints, Floats]:
    worth = tree.beyond(sets)
    some = worth > 0
    return sets[some], worth[some]


def _few(tree: "_Tree", ones: tuple[Ints, Floats]) -> tuple[Ints, Floats]:
    """Return the bridges that are combined with others: the worst of those nearest to the root, and the worst of all.

    No best set needs another, as a bridge parts no more than the one before it on the way from the root.
    """
    sets, worth = ones
    low = tree.low[sets[:, 0]]
    nearest = ~(tree.inside(low[:, None], low[None, :]) & (low[:, None] != low[None, :])).any(axis=1)
    rank = np.argsort(np.argsort(-worth, kind="stable"), kind="stable")
    top = nearest & (np.argsort(np.argsort(-np.where(nearest, worth, -1.0), kind="stable"), kind="stable") < MOST_EXACT)
    kept = top | (rank < MOST_BRIDGES)
    return sets[kept], worth[kept]


def _pairs(tree: "_Tree") -> Ints:
    """Return the cuts of two roads: roads whose labels are equal."""
    found = [pair for roads in tree.kinds.values() for pair in combinations(roads, 2)]
    return np.array(found, dtype=np.intp).reshape(-1, 2)


def _triples(tree: "_Tree") -> Ints:
    """Return the cuts of three roads, no two of which are a cut: roads whose three labels make 0."""
    labels = np.array(sorted(tree.kinds), dtype=np.uint64)
    found: list[tuple[int, ...]] = []
    for first in range(labels.size - 2):
        third = labels[first] ^ labels[first + 1 :]
        place = np.searchsorted(labels, third)
        place[place == labels.size] = 0
        second = np.arange(first + 1, labels.size)
        for other in np.flatnonzero((labels[place] == third) & (place > second)).tolist():
            kinds = (first, first + 1 + other, int(place[other]))
            found += product(*(tree.kinds[int(labels[kind])] for kind in kinds))
    return np.array(found, dtype=np.intp).reshape(-1, 3)


def _apart(tree: "_Tree", some: tuple[Ints, Floats], few: tuple[Ints, Floats]) -> tuple[Ints, Floats]:
    """Return the sets of each of `some` and one of `few` bridges that part different nodes, each set once."""
    (sets, worth), (bridges, more) = some, few
    if not len(sets) or not len(bridges):
        return np.zeros((0, sets.shape[1] + 1), dtype=np.intp), np.zeros(0)
    low = tree.low[bridges[:, 0]]
    near = np.zeros((len(sets), len(bridges)), dtype=np.intp)
    above = near.copy()
    for column in sets.T:
        roads = tree.low[column][:, None]
        near += (roads >= 0) & tree.inside(low[None, :], roads)
        above += (roads >= 0) & tree.inside(roads, low[None, :])
    several: Mask = np.logical_or.reduce(~np.isin(sets, bridges), axis=1, keepdims=True)
    first = several | (sets[:, -1:] < bridges[:, 0])
    one, other = np.nonzero((near % 2 == 0) & (above == 0) & first)
    return np.column_stack([sets[one], bridges[other]]), worth[one] + more[other]


@dataclass(slots=True, eq=False)
class _Tree:
    """A tree of roads from node 0, and the labels of all roads; nodes without a way to node 0 are left out.

    `low` (q,) is the farther end of a road of the tree, -1 of any other; `first` and `last` (n,) number the nodes so
    that those beyond a node are the numbers from its first to its last; `beyond_worth` (n,) is what they are worth.
    `bridges` are the roads of label 0, `kinds` all others by label.
    """

    worth: Floats
    ends: Ints
    low: Ints = field(init=False)
    first: Ints = field(init=False)
    last: Ints = field(init=False)
    beyond_worth: Floats = field(init=False)
    bridges: list[int] = field(init=False)
    kinds: dict[int, list[int]] = field(init=False)

    def __post_init__(self) -> None:
        """Grow the tree and label the roads."""
        size, roads = self.worth.size, len(self.ends)
        ways: list[list[tuple[int, int]]] = [[] for _ in range(size)]
        for road, (one, other) in enumerate(self.ends.tolist()):
            if one != other:
                ways[one].append((road, other))
                ways[other].append((road, one))
        self.low = np.full(roads, -1, dtype=np.intp)
        self.first, self.last = np.full(size, -1), np.full(size, -1)
        above, order, stack = [(-1, -1)] * size, list[int](), [(0, -1, -1)]
        while stack:
            node, road, before = stack.pop()
            if self.first[node] >= 0:
                continue
            self.first[node], above[node] = len(order), (road, before)
            if road >= 0:
                self.low[road] = node
            order.append(node)
            stack += [(other, way, node) for way, other in ways[node] if self.first[other] < 0]
        self._label(order, above)

    def _label(self, order: Sequence[int], above: Sequence[tuple[int, int]]) -> None:
        """Sum up the tree from its ends to the root."""
        self.last = self.first.copy()
        self.beyond_worth = self.worth.copy()
        label = np.random.default_rng(SEED).integers(1, 2**64, len(self.ends), dtype=np.uint64, endpoint=False)
        label[self.low >= 0] = 0
        seen = np.zeros(self.worth.size, dtype=np.uint64)
        for road, (one, other) in enumerate(self.ends.tolist()):
            seen[one] ^= label[road]
            seen[other] ^= label[road]
        for node in reversed(order[1:]):
            road, before = above[node]
            label[road] = seen[node]
            seen[before] ^= seen[node]
            self.last[before] = max(self.last[before], self.last[node])
            self.beyond_worth[before] += self.beyond_worth[node]
        kinds: dict[int, list[int]] = defaultdict(list)
        for road, (one, other) in enumerate(self.ends.tolist()):
            if one != other and self.first[one] >= 0:
                kinds[int(label[road])].append(road)
        self.bridges = kinds.pop(0, [])
        self.kinds = dict(kinds)

    def inside(self, node: Ints, top: Ints) -> Mask:
        """Return whether nodes lie beyond others (or are these)."""
        found: Mask = (self.first[top] <= self.first[node]) & (self.first[node] <= self.last[top])
        return found

    def beyond(self, sets: Ints) -> Floats:
        """Return what lies beyond each cut, shape (s,): the nodes to which the tree leads over an odd number of it."""
        low = self.low[sets]
        worth = np.where(low >= 0, self.beyond_worth[low], 0.0)
        total = worth.sum(axis=1)
        columns = range(sets.shape[1])
        both = {pair: self._shared(low, *pair) for pair in combinations(columns, 2)}
        for inner in both.values():
            total -= 2 * np.where(inner >= 0, self.beyond_worth[inner], 0.0)
        if len(both) == MOST_EXACT:
            every = np.stack(list(both.values()))
            inner = every[np.argmax(self.first[every], axis=0), np.arange(len(sets))]
            total += 4 * np.where((every >= 0).all(axis=0), self.beyond_worth[inner], 0.0)
        found: Floats = total
        return found

    def _shared(self, low: Ints, one: int, other: int) -> Ints:
        """Return the node beyond which lies what lies beyond both, -1 where nothing does."""
        first, second = low[:, one], low[:, other]
        real = (first >= 0) & (second >= 0)
        inner = np.where(self.inside(first, second), first, np.where(self.inside(second, first), second, -1))
        return np.where(real, inner, -1)
