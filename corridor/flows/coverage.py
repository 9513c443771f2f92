"""What a few roads can join to a root, or cut off from it, at the very most: bounds by mixed-integer programmes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array

from corridor.network import Floats, Ints

if TYPE_CHECKING:
    import highspy

__all__ = ["Bounded", "Stage", "most_joined", "most_parted"]

MOST_NODES, MOST_CELLS = 1000, 1_500_000
"""Of the tree of a search, and of the programmes searched one after another (columns times rows): counts, not seconds,
so that the same question has the same answer anywhere."""
GAP = 1e-7
"""The relative gap at which a search ends."""
OPTIONS = {"output_flag": False, "threads": 1, "random_seed": 0, "mip_max_nodes": MOST_NODES, "mip_rel_gap": GAP}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stage:
    """Hold parts of a land that roads may join, for as long as nothing else changes.

    Part 0 holds the root. `worth` (c,), not negative, is what it is worth that a part is joined to it (of part 0:
    nothing), and `ends` (q, 2) are the parts that each of q roads would join (the same twice: it joins nothing).
    """

    worth: Floats
    ends: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounded:
    """Hold the best `roads` (positions) that were found, and the `bound` that no choice can exceed."""

    roads: tuple[int, ...]
    bound: float


def most_joined(stages: Sequence[Stage], count: int, *, known: float = 0.0) -> Bounded:
    r"""Return at most `count` roads to open so that most worth is joined to the roots, summed over all stages.

    .. math::

        \max \sum_{s,v} w_{sv} y_{sv} \quad \text{with} \quad \sum_e x_e \le k, \quad
        y_{sv} \le \sum_{e \in \delta_s(W)} x_e, \quad x_e \in \{0, 1\}, \quad 0 \le y_{sv} \le 1

    for every set W of parts of stage s that holds v and not part 0, :math:`\delta_s(W)` the roads out of it: the cut
    formulation of Steiner trees [1]_. It begins with the cuts round each part and between those nearer to part 0 and
    those farther away by the number of roads; what is found is looked at, the cuts that it crosses are added, and it
    is searched again by branch and bound [2]_, until it crosses none (then the bound is met) or for the last time.

    Parameters
    ----------
    stages
        What the roads would join, and what that is worth; the same roads in each.
    count
        How many roads, k.
    known
        What a choice that is at hand is worth: no road is returned where none is found that are worth more.

    References
    ----------
    .. [1] T. Koch and A. Martin, "Solving Steiner tree problems in graphs to optimality", Networks 32(3), 1998.
    .. [2] Q. Huangfu and J. A. J. Hall, "Parallelizing the dual revised simplex method", Mathematical Programming
       Computation 10, 2018.
    """
    lands = [_Land(stage) for stage in stages]
    best: tuple[float, tuple[int, ...]] = (known, ())
    bound = sum(land.counted(count) for land in lands)
    programme = _Programme(len(stages[0].ends) if stages else 0, count)
    for land in lands:
        land.first_cuts(programme)
    spent = 0
    while best[0] < bound * (1 - GAP) and spent < MOST_CELLS:
        spent += programme.size * programme.height
        roads, proven = programme.solve()
        bound = min(bound, proven)
        best = max(best, (sum(land.joined(roads) for land in lands), roads), key=lambda found: found[0])
        for land in lands:
            land.cut(programme, roads)
    return Bounded(roads=best[1], bound=max(bound, best[0]))


def most_parted(worth: Floats, ends: Ints, count: int) -> Bounded:
    r"""Return at most `count` roads whose loss parts most worth from part 0.

    .. math::

        \max \sum_v w_v z_v \quad \text{with} \quad z_0 = 0, \quad |z_a - z_b| \le x_e, \quad
        \sum_e x_e \le k, \quad x_e \in \{0, 1\}, \quad 0 \le z_v \le 1

    where z is 1 beyond the cut. What is said of the search in `most_joined` holds here too.

    Parameters
    ----------
    worth
        Of each part, not negative, shape (c,).
    ends
        The parts that each road joins, shape (q, 2).
    count
        How many roads, k.
    """
    programme = _Programme(len(ends), count)
    first = programme.columns(worth, highest=np.where(np.arange(worth.size) == 0, 0.0, 1.0))
    for one, other in ((0, 1), (1, 0)):
        programme.rows(
            (first + ends[:, one], np.ones(len(ends))),
            (first + ends[:, other], -np.ones(len(ends))),
            (np.arange(len(ends)), -np.ones(len(ends))),
        )
    roads, bound = programme.solve()
    return Bounded(roads=roads, bound=min(bound, float(worth[1:].sum())))


class _Land:
    """A stage while roads are chosen for it: which parts can be joined to part 0 at all, and by how many roads."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.ways: list[list[tuple[int, int]]] = [[] for _ in range(stage.worth.size)]
        for road, (one, other) in enumerate(stage.ends.tolist()):
            if one != other:
                self.ways[one].append((road, other))
                self.ways[other].append((road, one))
        self.depth = self._depths()
        self.parts = np.flatnonzero((self.depth > 0) & (stage.worth > 0)).tolist()
        self.column: dict[int, int] = {}

    def _depths(self) -> Ints:
        """Return how many roads join each part to part 0 at least, -1 where none do."""
        depth = np.full(len(self.ways), -1)
        depth[0], layer, far = 0, [0], 0
        while layer:
            far += 1
            layer = sorted({part for at in layer for _, part in self.ways[at] if depth[part] < 0})
            depth[layer] = far
        return depth

    def counted(self, count: int) -> float:
        """Return what the `count` worthiest parts within `count` roads are worth: a road joins one part at most."""
        near = [float(self.stage.worth[part]) for part in self.parts if self.depth[part] <= count]
        return sum(sorted(near, reverse=True)[:count])

    def reached(self, roads: Sequence[int], start: int = 0) -> set[int]:
        """Return the parts that `roads` join to a part."""
        wanted, found, stack = set(roads), {start}, [start]
        while stack:
            for road, part in self.ways[stack.pop()]:
                if road in wanted and part not in found:
                    found.add(part)
                    stack.append(part)
        return found

    def joined(self, roads: Sequence[int]) -> float:
        """Return what is joined to part 0 by `roads` is worth."""
        return float(self.stage.worth[sorted(self.reached(roads))].sum())

    def first_cuts(self, programme: "_Programme") -> None:
        """Add a column for each part worth something, the cut round it, and those between near and far parts."""
        first = programme.columns(self.stage.worth[self.parts])
        self.column = {part: first + place for place, part in enumerate(self.parts)}
        one, other = self.depth[self.stage.ends].T
        for far in range(1, int(self.depth.max(initial=0)) + 1):
            roads = np.flatnonzero((np.minimum(one, other) < far) & (np.maximum(one, other) >= far))
            for part in self.parts:
                if self.depth[part] >= far:
                    programme.cut(self.column[part], roads)
        for part in self.parts:
            programme.cut(self.column[part], np.array(sorted({road for road, _ in self.ways[part]})))

    def cut(self, programme: "_Programme", roads: Sequence[int]) -> None:
        """Add for each part that `roads` leave apart the cuts round what they join to it, and round part 0."""
        near = self.reached(roads)
        around = self._out_of(near)
        for part in self.parts:
            if part not in near:
                programme.cut(self.column[part], around)
                programme.cut(self.column[part], self._out_of(self.reached(roads, part)))

    def _out_of(self, parts: set[int]) -> Ints:
        inside = np.zeros(len(self.ways), dtype=np.bool_)
        inside[sorted(parts)] = True
        one, other = inside[self.stage.ends].T
        return np.flatnonzero(one != other)


class _Programme:
    """Put together a programme whose first columns say which roads are chosen, at most `count` of them."""

    def __init__(self, roads: int, count: int) -> None:
        self.roads = roads
        self.worth, self.highest = [np.zeros(roads)], [np.ones(roads)]
        self.entries: list[tuple[Ints, Ints, Floats]] = [
            (np.zeros(roads, dtype=np.intp), np.arange(roads), np.ones(roads))
        ]
        self.high = [np.array([float(count)])]
        self.said: set[tuple[int, bytes]] = set()
        self.size, self.height = roads, 1

    def columns(self, worth: Floats, *, highest: Floats | None = None) -> int:
        """Add columns from 0 to `highest` (1) that are `worth` something each, and return the number of the first."""
        self.worth.append(worth)
        self.highest.append(np.ones(worth.size) if highest is None else highest)
        self.size += worth.size
        return self.size - worth.size

    def cut(self, column: int, roads: Ints) -> None:
        """Add that `column` is no more than how many of `roads` are chosen, unless that was said already."""
        if (column, roads.tobytes()) in self.said:
            return
        self.said.add((column, roads.tobytes()))
        columns = np.concatenate([roads, [column]])
        factors = np.concatenate([-np.ones(roads.size), [1.0]])
        self._cells(1, (np.zeros(columns.size, dtype=np.intp), columns, factors))

    def rows(self, *terms: tuple[Ints, Floats]) -> None:
        """Add one row for each place in the terms (columns and factors): their sum is not more than 0."""
        count = terms[0][0].size
        self._cells(count, *((np.arange(count), columns, factors) for columns, factors in terms))

    def _cells(self, count: int, *terms: tuple[Ints, Ints, Floats]) -> None:
        """Add `count` rows with cells at rows (from 0) and columns: their sum is not more than 0."""
        self.entries += [(rows + self.height, columns, factors) for rows, columns, factors in terms]
        self.high.append(np.zeros(count))
        self.height += count

    def solve(self) -> tuple[tuple[int, ...], float]:
        """Return the roads chosen by the best solution found, and what no solution can exceed."""
        import highspy

        solver = highspy.Highs()  # type: ignore[no-untyped-call] # its stubs leave the constructor bare
        for option, value in OPTIONS.items():
            solver.setOptionValue(option, value)
        solver.passModel(self._model())
        solver.run()
        info = solver.getInfo()
        chosen = np.array(solver.getSolution().col_value[: self.roads])
        return tuple(np.flatnonzero(chosen > 1 / 2).tolist()), float(info.mip_dual_bound)

    def _model(self) -> "highspy.HighsLp":
        import highspy

        rows, columns, factors = (np.concatenate(parts) for parts in zip(*self.entries, strict=True))
        matrix = coo_array((factors, (rows, columns)), shape=(self.height, self.size)).tocsc()
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self.size, self.height
        lp.sense_ = highspy.ObjSense.kMaximize
        lp.col_cost_, lp.col_upper_ = np.concatenate(self.worth), np.concatenate(self.highest)
        lp.col_lower_ = np.zeros(self.size)
        lp.row_lower_, lp.row_upper_ = np.full(self.height, -np.inf), np.concatenate(self.high)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
        whole = [highspy.HighsVarType.kInteger] * self.roads
        lp.integrality_ = whole + [highspy.HighsVarType.kContinuous] * (self.size - self.roads)
        return lp
