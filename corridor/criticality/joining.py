"""Which roads to open so that most is joined to a root: sets of up to three exactly, more of them greedily."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import comb

import numpy as np

from corridor.flows import Stage, most_joined
from corridor.network import Floats, Ints, Mask

__all__ = ["EXACT", "Best", "Costs", "all_looked_at", "best_many", "best_sets", "in_order", "joined", "united"]

EXACT = 3
"""Up to so many roads the best set is found by looking at all."""
MOST_SETS = 20_000_000
"""How many sets of a size are looked at, times stages: where there are more, only smaller sets are."""
ROUNDING = 1e-6
"""Persons, or person-days, by which two sets must differ to differ at all."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Costs:
    """Hold what tells equally good sets apart, each of shape (q,), q roads.

    `hindrances` is how many things stand in the way of a road, `days` what it takes to repair, `hours` to drive it.
    """

    hindrances: Ints
    days: Floats
    hours: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """Hold a set of `roads` (positions, ascending) and what it is worth, `value`."""

    roads: tuple[int, ...]
    value: float


def joined(stages: Sequence[Stage], roads: Sequence[int]) -> float:
    """Return what is joined to part 0 by `roads` is worth, summed over all stages."""
    return float(_values(stages, np.array([roads], dtype=np.intp).reshape(1, -1))[0])


def united(stages: Sequence[Stage], roads: Sequence[int]) -> list[Stage]:
    """Return the stages when `roads` are open: the parts that they join have become one."""
    return [_united(stage, roads) for stage in stages]


def best_sets(stages: Sequence[Stage], count: int, costs: Costs, *, most: int = 5) -> list[Best]:
    """Return the `most` sets of at most `count` roads (at most `EXACT`) that are worth most, the best first.

    Every road of a set is needed in it: without it the set is worth less. Of sets worth the same the one with fewer
    roads comes first, then that with fewer hindrances, days to repair and hours to drive, then by position. Of roads
    that join the same parts in every stage only the first in that order is looked at.
    """
    useful = _useful(stages, count, costs)
    slim = [_slim(stage, useful) for stage in stages]
    found: list[Best] = []
    before: list[Floats] = []
    for size in range(1, min(count, EXACT) + 1):
        if len(stages) * comb(useful.size, size) > MOST_SETS:
            break
        values = np.zeros((useful.size,) * min(size, 2))
        for sets in _sets(useful.size, size):
            worth = _values(slim, sets)
            if size < EXACT:
                values[tuple(sets.T)] = worth
            needed = worth > ROUNDING + _without(sets, before)
            found += _first(sets[needed], worth[needed], useful, costs, most)
        before.append(values if size == 1 else np.maximum(values, values.T))
    return sorted(found, key=lambda best: _key(best, costs))[:most]


def all_looked_at(stages: Sequence[Stage], count: int, costs: Costs) -> bool:
    """Return whether `best_sets` looks at all sets of so many roads, so that its first one is the best of all."""
    return count <= EXACT and len(stages) * comb(_useful(stages, count, costs).size, count) <= MOST_SETS


def greedy(stages: Sequence[Stage], count: int, costs: Costs) -> Best:
    """Return at most `count` roads found by adding, again and again, the one to three that are worth most per road."""
    chosen: list[int] = []
    now = list(stages)
    while len(chosen) < count:
        steps = best_sets(now, min(EXACT, count - len(chosen)), costs, most=1)
        steps += [best for size in (1, 2) for best in best_sets(now, min(size, count - len(chosen)), costs, most=1)]
        if not steps:
            break
        step = max(steps, key=lambda best: (best.value / len(best.roads), -len(best.roads)))
        chosen += step.roads
        now = united(now, step.roads)
    roads = tuple(sorted(chosen))
    return Best(roads=roads, value=joined(stages, roads))


def best_many(stages: Sequence[Stage], count: int, costs: Costs) -> tuple[Best, float]:
    """Return the best set of at most `count` roads that was found, and what no such set can be worth more than.

    The set is the greedy one unless a mixed-integer programme (`corridor.flows.most_joined`) finds a better one.
    """
    best = greedy(stages, count, costs)
    useful = _useful(stages, count, costs)
    found = most_joined([_slim(stage, useful) for stage in stages], count, known=best.value)
    if found.roads:
        roads = tuple(useful[sorted(found.roads)].tolist())
        best = max(best, Best(roads=roads, value=joined(stages, roads)), key=lambda one: one.value)
    return best, max(found.bound, best.value)


def in_order(stages: Sequence[Stage], roads: Sequence[int]) -> list[tuple[int, float]]:
    """Return `roads` so that each adds most to those before it, and what it adds."""
    left, now, found = sorted(roads), list(stages), list[tuple[int, float]]()
    while left:
        gains = _values(now, np.array(left)[:, None])
        place = int(np.argmax(np.round(gains, 6)))
        found.append((left[place], float(gains[place])))
        now = united(now, [left.pop(place)])
    return found


def _key(best: Best, costs: Costs) -> tuple[float, int, int, float, float, tuple[int, ...]]:
    roads = list(best.roads)
    days, hours = round(float(costs.days[roads].sum()), 9), round(float(costs.hours[roads].sum()), 9)
    return -round(best.value, 6), len(roads), int(costs.hindrances[roads].sum()), days, hours, best.roads


def _values(stages: Sequence[Stage], sets: Ints) -> Floats:
    """Return what each of s sets of r roads, shape (s, r), joins to part 0 is worth, shape (s,)."""
    total = np.zeros(len(sets))
    for stage in stages:
        one, other = stage.ends[sets, 0], stage.ends[sets, 1]
        # The part that each road adds to those joined to part 0: every road adds one at most.
        added = np.zeros(sets.shape, dtype=np.intp)
        for _ in range(sets.shape[1]):
            for road in range(sets.shape[1]):
                first, second = one[:, road], other[:, road]
                near = (first == 0) | (first[:, None] == added).any(axis=1)
                far = (second == 0) | (second[:, None] == added).any(axis=1)
                added[:, road] += np.where(near & ~far, second, np.where(far & ~near, first, 0))
        total += stage.worth[added].sum(axis=1)
    return total


def _united(stage: Stage, roads: Sequence[int]) -> Stage:
    """Return one stage when `roads` are open."""
    part = list(range(stage.worth.size))

    def top(at: int) -> int:
        while part[at] != at:
            part[at] = part[part[at]]
            at = part[at]
        return at

    for road in roads:
        one, other = sorted((top(int(stage.ends[road, 0])), top(int(stage.ends[road, 1]))))
        part[other] = one
    tops = np.array([top(at) for at in range(len(part))])
    worth = np.zeros(tops.size)
    np.add.at(worth, tops, stage.worth)
    worth[0] = 0.0
    return replace(stage, worth=worth, ends=tops[stage.ends])


def _useful(stages: Sequence[Stage], count: int, costs: Costs) -> Ints:
    """Return the roads that can be of use in a set of `count`, one of each kind, ascending."""
    size = costs.days.size
    near: Mask = np.zeros(size, dtype=np.bool_)
    for stage in stages:
        depth = np.where(np.arange(stage.worth.size) == 0, 0, size + 1)
        joins = stage.ends[:, 0] != stage.ends[:, 1]
        for _ in range(min(count, size)):
            nearer = depth[stage.ends].min(axis=1) + 1
            np.minimum.at(depth, stage.ends.ravel(), np.repeat(nearer, 2))
        near |= joins & (depth[stage.ends].min(axis=1) < count)
    order = np.lexsort((np.arange(size), costs.hours, costs.days, costs.hindrances))
    kinds: dict[bytes, int] = {}
    ends = [np.sort(stage.ends, axis=1) for stage in stages]
    for road in order[near[order]].tolist():
        kinds.setdefault(b"".join(pair[road].tobytes() for pair in ends), road)
    return np.array(sorted(kinds.values()), dtype=np.intp)


def _slim(stage: Stage, roads: Ints) -> Stage:
    return replace(stage, ends=stage.ends[roads])


def _sets(count: int, size: int) -> Iterator[Ints]:
    """Yield all sets of `size` of so many roads, ascending, in arrays of shape (s, size)."""
    if size < EXACT:
        yield np.array(list(combinations(range(count), size)), dtype=np.intp).reshape(-1, size)
        return
    second, third = np.triu_indices(count, 1)
    for first in range(count - 2):
        later = second > first
        yield np.column_stack([np.full(int(later.sum()), first), second[later], third[later]])


def _without(sets: Ints, before: Sequence[Floats]) -> Floats:
    """Return the most that each set is worth without one of its roads."""
    size = sets.shape[1]
    rest = [before[-1][tuple(np.delete(sets, place, axis=1).T)] for place in range(size)] if before else []
    return np.max(rest, axis=0) if rest else np.zeros(len(sets))


def _first(sets: Ints, worth: Floats, useful: Ints, costs: Costs, most: int) -> list[Best]:
    """Return the first of these sets by what they are worth, then by cost."""
    roads = useful[sets]
    days, hours = np.round(costs.days[roads].sum(axis=1), 9), np.round(costs.hours[roads].sum(axis=1), 9)
    order = np.lexsort((*roads.T[::-1], hours, days, costs.hindrances[roads].sum(axis=1), -np.round(worth, 6)))[:most]
    return [Best(roads=tuple(roads[place].tolist()), value=float(worth[place])) for place in order]
