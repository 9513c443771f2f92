"""Which parts of a network hang together after each of many changes of who holds its nodes and which links are open."""

from dataclasses import dataclass, replace

import numpy as np

from corridor.network import Floats, Ints, Mask, Network
from corridor.paths.components import joined
from corridor.paths.history import History, Stays, Ties, stays_and_ties

__all__ = ["Evolution", "evolving"]

FAN = 6
"""Into how many parts a stretch of steps is divided; 4 to 16 take about as long."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evolution:
    """Hold the pockets of a actors at each of s steps; every array has the shape (s, a).

    `pockets` is their number, `persons` the people in them, `largest` those in the most populous one, `squares` the
    sum of the squares of the pockets' people, `substantial` the number of pockets that have people, and at least as
    many as they must.
    """

    pockets: Ints
    persons: Floats
    largest: Floats
    squares: Floats
    substantial: Ints
    _stays: Stays
    _ties: Ties
    _part: Ints

    def labels(self, step: int) -> Ints:
        """Return the number of each node's pocket at `step`, shape (n,), -1 where nobody holds.

        Those of all actors are counted together, from 0 in the order of their first nodes.
        """
        ties = self._ties
        now = (ties.start <= step) & (step < ties.end)
        whole = joined(self._part.max(initial=-1) + 1, self._part[ties.one[now]], self._part[ties.two[now]])
        stay = self._stays.at(np.arange(self._stays.node_count), step)
        label = whole[self._part[stay]]
        held = np.flatnonzero(self._stays.holder[stay] >= 0)
        first = np.full(whole.size, stay.size)
        # Of several values for one place the last one stays.
        first[label[held[::-1]]] = held[::-1]
        number = np.empty_like(first)
        number[np.argsort(first, kind="stable")] = np.arange(first.size)
        found = np.full(stay.size, -1, dtype=np.intp)
        found[held] = number[label[held]]
        return found


def evolving(
    network: Network, history: History, *, weight: Floats, threshold: Floats, overlook: bool = True
) -> Evolution:
    """Return the pockets of every actor at every step of a history that is known beforehand.

    A pocket is a connected component of the nodes that an actor holds, over the open links, whichever way they run,
    between them; with `overlook` only those links count that pass no node which the actor does not hold.

    This is offline dynamic connectivity by divide and conquer over time with contraction [1]_ [2]_. In a stretch of
    steps what is joined throughout becomes one vertex, and what nothing happens to throughout is counted and put away;
    what remains is about as much as changes within the stretch, and goes to each part of it. All stretches of one
    level are one graph that falls apart, so that a level is a few passes over arrays. For c changes in a network
    of m links the work is of the order m + c log c.

    Parameters
    ----------
    network
        The network, n nodes and m links.
    history
        Who holds what and what is open at first, and what changes.
    weight
        The people of each node, shape (n,).
    threshold
        The people that make a pocket of each actor substantial, shape (a,).
    overlook
        Whether whoever holds a place that a link passes commands the link.

    References
    ----------
    .. [1] D. Eppstein, "Offline algorithms for dynamic minimum spanning tree problems", Journal of Algorithms 17(2),
       1994.
    .. [2] R. Peng, B. Sandlund, D. D. Sleator, "Optimal offline dynamic 2,3-edge/vertex connectivity", Algorithms and
       Data Structures (WADS), 2019.
    """
    stays, ties, lasting = stays_and_ties(network, history, overlook=overlook)
    part = joined(stays.node.size, *lasting)
    sums, largest = _divide(_first_level(stays, ties, part, weight, history.steps), threshold)
    return Evolution(
        pockets=sums[0].astype(np.intp),
        persons=sums[1],
        squares=sums[2],
        substantial=sums[3].astype(np.intp),
        largest=largest,
        _stays=stays,
        _ties=ties,
        _part=part,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Level:
    """Hold what is undecided in each of the t stretches of a level: k parts of pockets, and ties between them.

    `begin` (t,) and `stop` (t,) are from which step to before which a stretch goes. Of each part, shape (k,), `stretch`
    is where it is, `holder` and `persons` whose it is and the people, `start` and `end` from when to when it is there.
    """

    begin: Ints
    stop: Ints
    stretch: Ints
    holder: Ints
    persons: Floats
    start: Ints
    end: Ints
    ties: Ties

    def throughout(self, stretch: Ints, start: Ints, end: Ints) -> Mask:
        """Return whether what starts and ends then is there for the whole of its stretch."""
        return (start <= self.begin[stretch]) & (end >= self.stop[stretch])


def _first_level(stays: Stays, ties: Ties, part: Ints, weight: Floats, steps: int) -> _Level:
    """Return the whole history as one stretch, with what is tied throughout as one part."""
    one = _any_of(part)
    return _Level(
        begin=np.array([0]),
        stop=np.array([steps]),
        stretch=np.zeros_like(one),
        holder=stays.holder[one],
        persons=np.bincount(part, weight[stays.node], one.size).astype(np.float64),
        start=stays.start[one],
        end=stays.end[one],
        ties=Ties(part[ties.one], part[ties.two], ties.start, ties.end),
    )


def _divide(level: _Level, threshold: Floats) -> tuple[Floats, Floats]:
    """Return the sums over the pockets at every step, (4, s, a), see `_count`, and the people of the largest one."""
    sums, largest = np.zeros((4, 1, threshold.size)), np.zeros((1, threshold.size))
    while True:
        level = _contract(level)
        whole = _untied(level) & level.throughout(level.stretch, level.start, level.end)
        _count(level, np.flatnonzero(whole & (level.holder >= 0)), threshold, sums, largest)
        if (level.stop - level.begin).max() == 1:
            return sums, largest
        level, parent = _split(level, np.flatnonzero(~whole & (level.holder >= 0)))
        sums, largest = sums[:, parent], largest[parent]


def _contract(level: _Level) -> _Level:
    """Return the level with parts that are tied throughout their stretch as one."""
    ties = level.ties
    firm = level.throughout(level.stretch[ties.one], ties.start, ties.end)
    part = joined(level.stretch.size, ties.one[firm], ties.two[firm])
    one = _any_of(part)
    first, second = part[ties.one], part[ties.two]
    apart = first != second
    return replace(
        level,
        stretch=level.stretch[one],
        holder=level.holder[one],
        persons=np.bincount(part, level.persons, one.size).astype(np.float64),
        start=level.start[one],
        end=level.end[one],
        ties=Ties(first[apart], second[apart], ties.start[apart], ties.end[apart]),
    )


def _untied(level: _Level) -> Mask:
    found = np.ones(level.stretch.size, dtype=np.bool_)
    found[level.ties.one] = found[level.ties.two] = False
    return found


def _count(level: _Level, whole: Ints, threshold: Floats, sums: Floats, largest: Floats) -> None:
    """Add the parts that are `whole` pockets: their number, people, squares, and how many of them are substantial."""
    holder, persons = level.holder[whole], level.persons[whole]
    at = level.stretch[whole] * threshold.size + holder
    substantial = (persons > 0) & (persons >= threshold[holder])
    for row, each in enumerate((None, persons, persons**2, substantial)):
        sums[row] += np.bincount(at, each, largest.size).reshape(largest.shape)
    np.maximum.at(largest.reshape(-1), at, persons)


def _split(level: _Level, kept: Ints) -> tuple[_Level, Ints]:
    """Return the `kept` parts of a level in each part of their stretch, and of which stretch each new one is part."""
    length = -(-int((level.stop - level.begin).max()) // FAN)
    begin = level.begin[:, None] + np.arange(FAN) * length
    stop = np.minimum(begin + length, level.stop[:, None])
    real = begin < stop
    number = np.cumsum(real).reshape(real.shape) - 1

    def within(stretch: Ints, start: Ints, end: Ints) -> tuple[Ints, ...]:
        return np.nonzero(real[stretch] & (start[:, None] < stop[stretch]) & (end[:, None] > begin[stretch]))

    row, child = within(level.stretch[kept], level.start[kept], level.end[kept])
    copy = np.full((level.stretch.size, FAN), -1)
    copy[kept[row], child] = np.arange(row.size)
    of, ties = kept[row], level.ties
    tie, place = within(level.stretch[ties.one], ties.start, ties.end)
    return _Level(
        begin=begin[real],
        stop=stop[real],
        stretch=number[level.stretch[of], child],
        holder=level.holder[of],
        persons=level.persons[of],
        start=level.start[of],
        end=level.end[of],
        ties=Ties(copy[ties.one[tie], place], copy[ties.two[tie], place], ties.start[tie], ties.end[tie]),
    ), np.nonzero(real)[0]


def _any_of(part: Ints) -> Ints:
    """Return one member of each part."""
    found = np.zeros(part.max(initial=-1) + 1, dtype=np.intp)
    found[part] = np.arange(part.size)
    return found
