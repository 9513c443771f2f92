"""In which order crews should reopen roads so that most person-days are won until the end."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, permutations

import numpy as np

from corridor.case import check_count
from corridor.criticality.joining import joined
from corridor.criticality.reopening import Piece, Reopening
from corridor.network import Floats

__all__ = ["Repair", "Schedule", "repair_order"]

MOST_ALONE, MOST_TOGETHER = 12, 7
"""Up to so many roads the order is the best possible: for one crew, for several."""
AHEAD = 3
"""How many roads the order looks ahead beyond that."""
LEAST_DAYS = 1e-3
ROUNDING = 1e-6
"""Person-days by which two orders must differ to differ at all, and the share of the bound that a best one may miss."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """One road (its position among the `Shut`) that a crew reopens from day `start` to day `done` after the instant.

    From then on `persons` more than now have a way (if it is done before the end), and `person_days` are won until the
    end by this road and those done before it.
    """

    road: int
    crew: int
    start: float
    done: float
    persons: float
    person_days: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Hold the repairs by their end; they win `person_days` until the end, and no order wins more than `bound`."""

    repairs: tuple[Repair, ...]
    crews: int
    person_days: float
    bound: float

    @property
    def share(self) -> float:
        """Return what share of the best possible the order wins at least."""
        return min(1.0, self.person_days / self.bound) if self.bound > 0 else 1.0

    @property
    def exact(self) -> bool:
        """Return whether no other order is better."""
        return self.person_days >= self.bound * (1 - ROUNDING)


def repair_order(found: Reopening, *, crews: int = 1) -> Schedule:
    """Return the order in which `crews` should reopen the chosen roads so that most person-days are won until the end.

    Each crew reopens one road after another, and one that is free takes up the next of the order: as more roads are
    never worse than fewer, no crew waits. For one crew what is won depends on the set of roads done before alone, so
    that the best order is that of a dynamic programme over sets [1]_, up to `MOST_ALONE` roads; for more crews the
    orders are searched by branch and bound, up to `MOST_TOGETHER` roads. Of more roads those come first that win most
    persons for a day of work, one to three looked at together; the bound is then what would be won if by every
    instant as many roads were done as can be, and the worthiest.

    Parameters
    ----------
    found
        What `reopen` returned.
    crews
        How many repair at a time.

    Raises
    ------
    ValueError
        If `crews` is less than 1.

    References
    ----------
    .. [1] M. Held and R. M. Karp, "A dynamic programming approach to sequencing problems", Journal of the Society for
       Industrial and Applied Mathematics 10(1), 1962.

    Examples
    --------
    >>> from dataclasses import replace
    >>> import numpy as np
    >>> from corridor.case import whole
    >>> from corridor.criticality import reopen
    >>> from corridor.sources import read_network
    >>> case = whole(read_network("central_syria"))
    >>> epoch, roads = case.epoch_at(0), case.network.link_id
    >>> closed = np.isin(roads, ["jn_m4_latakia-latakia", "kassab-bc_kassab", "khan_arnabah-quneitra"])
    >>> parted = replace(case, epochs=(replace(epoch, share=np.where(closed, 0.0, epoch.share)),))
    >>> found = reopen(parted, parted.actors.index("everybody"), 2)
    >>> schedule = repair_order(found, crews=1)
    >>> [(found.shut[one.road].road, one.done) for one in schedule.repairs]
    [('kassab-bc_kassab', 7.0), ('khan_arnabah-quneitra', 14.0)]
    """
    check_count("crews", crews)
    roads = [opening.road for opening in found.chosen]
    work = _Work(found.pieces, roads, np.array([found.shut[road].days for road in roads]), crews)
    if crews == 1 and len(roads) <= MOST_ALONE:
        order, exact = work.alone(), True
    elif len(roads) <= MOST_TOGETHER:
        order, exact = work.together(), True
    else:
        order, exact = work.by_gain(), False
    times = work.times(order)
    won = work.won([done for _, _, done in times], order)
    return Schedule(
        repairs=_repairs(work, order, roads),
        crews=crews,
        person_days=won,
        bound=won if exact else max(won, work.most()),
    )


def _repairs(work: "_Work", order: Sequence[int], roads: Sequence[int]) -> tuple[Repair, ...]:
    """Return the repairs by their end, each with what is won by it and those before it."""
    times = work.times(order)
    sequence = sorted(range(len(order)), key=lambda place: (times[place][2], place))
    found = []
    for number, place in enumerate(sequence, start=1):
        before = sequence[:number]
        crew, start, done = times[place]
        found.append(
            Repair(
                road=roads[order[place]],
                crew=crew,
                start=start,
                done=done,
                persons=work.rate_at(done, frozenset(order[one] for one in before)),
                person_days=work.won([times[one][2] for one in before], [order[one] for one in before]),
            )
        )
    return tuple(found)


class _Work:
    """The roads to reopen, numbered from 0, what they win at any time, and the days that each takes."""

    def __init__(self, pieces: Sequence[Piece], roads: Sequence[int], days: Floats, crews: int) -> None:
        self.pieces, self.roads, self.crews = pieces, list(roads), crews
        self.days: list[float] = days.tolist()
        self.end = pieces[-1].end
        self._rates: dict[tuple[int, frozenset[int]], float] = {}

    def rate(self, piece: int, done: frozenset[int]) -> float:
        """Return how many persons the roads done win in a piece of time."""
        if (piece, done) not in self._rates:
            chosen = [self.roads[number] for number in sorted(done)]
            self._rates[piece, done] = joined([self.pieces[piece].stage], chosen)
        return self._rates[piece, done]

    def rate_at(self, day: float, done: frozenset[int]) -> float:
        """Return how many persons the roads done win from a day on, 0 after the end."""
        return next(
            (self.rate(at, done) for at, piece in enumerate(self.pieces) if piece.start <= day < piece.end), 0.0
        )

    def between(self, start: float, end: float, done: frozenset[int]) -> float:
        """Return the person-days that the roads done win from one day to another."""
        spans = ((at, min(end, piece.end) - max(start, piece.start)) for at, piece in enumerate(self.pieces))
        return sum(span * self.rate(at, done) for at, span in spans if span > 0)

    def times(self, order: Sequence[int]) -> list[tuple[int, float, float]]:
        """Return crew, start and end (days) of each road of an order."""
        free = [(0.0, crew) for crew in range(self.crews)]
        found = []
        for number in order:
            start, crew = heapq.heappop(free)
            found.append((crew, start, start + self.days[number]))
            heapq.heappush(free, (start + self.days[number], crew))
        return found

    def won(self, ends: Sequence[float], order: Sequence[int]) -> float:
        """Return the person-days that roads done at these days win until the end."""
        total, before, done = 0.0, 0.0, frozenset[int]()
        for day, number in sorted(zip(ends, order, strict=True)):
            total += self.between(before, day, done)
            before, done = day, done | {number}
        return total + self.between(before, self.end, done)

    def alone(self) -> list[int]:
        """Return the best order of one crew, of equally good ones the first: a programme over sets from the last on."""
        size = len(self.roads)
        # What is won from the day on which the roads of a set are done, and which road is best taken up then.
        best: dict[frozenset[int], tuple[float, int]] = {}
        for count in range(size, -1, -1):
            for done in map(frozenset, combinations(range(size), count)):
                day = sum(self.days[number] for number in sorted(done))
                if count == size:
                    best[done] = self.between(day, self.end, done), -1
                    continue
                tried = [
                    (round(self.between(day, day + self.days[number], done) + best[done | {number}][0], 6), -number)
                    for number in range(size)
                    if number not in done
                ]
                value, number = max(tried)
                best[done] = value, -number
        order: list[int] = []
        while len(order) < size:
            order.append(best[frozenset(order)][1])
        return order

    def together(self) -> list[int]:
        """Return the best order of several crews, of equally good ones the first."""
        size = len(self.roads)
        best: tuple[float, list[int]] = (-1.0, [])

        def search(order: list[int]) -> None:
            nonlocal best
            times = [done for _, _, done in self.times(order)]
            left = [number for number in range(size) if number not in order]
            soonest = self.times([*order, left[0]])[-1][1] if left else 0.0
            # No road left is done before a crew is free and has worked on it.
            hoped = self.won([*times, *(soonest + self.days[number] for number in left)], [*order, *left])
            if hoped <= best[0] + ROUNDING:
                return
            if not left:
                best = hoped, order
            for number in left:
                search([*order, number])

        search([])
        return best[1]

    def by_gain(self) -> list[int]:
        """Return an order in which those come first that win most persons for a day of work."""
        order: list[int] = []
        size = len(self.roads)
        while len(order) < size:
            left = [number for number in range(size) if number not in order]
            steps = [step for ahead in range(1, AHEAD + 1) for step in combinations(left, ahead)]
            gains = [(self._gain_a_day(order, step), -len(step), [-number for number in step]) for step in steps]
            order += self._sorted(order, steps[gains.index(max(gains))])
        return order

    def _gain_a_day(self, order: Sequence[int], step: Sequence[int]) -> float:
        """Return how many persons a step wins for a day of work when those before it in the order are done."""
        day = min(max((done for _, _, done in self.times(order)), default=0.0), max(self.end - ROUNDING, 0.0))
        gain = self.rate_at(day, frozenset([*order, *step])) - self.rate_at(day, frozenset(order))
        work: float = max(sum(self.days[number] for number in step), LEAST_DAYS)
        return round(gain / work, 6)

    def _sorted(self, order: Sequence[int], step: Sequence[int]) -> list[int]:
        """Return the roads of a step in the order that wins most."""

        def won(tried: Sequence[int]) -> float:
            every = [*order, *tried]
            return self.won([done for _, _, done in self.times(every)], every)

        tries = [list(tried) for tried in permutations(sorted(step))]
        return max(tries, key=lambda tried: round(won(tried), 6))

    def most(self) -> float:
        """Return the person-days that no order can exceed.

        By any day the crews can have done no more roads than those that take least work, and each road joins one part
        more at most.
        """
        work = np.cumsum(sorted(self.days)) / self.crews
        soonest = np.maximum(work, np.sort(self.days))
        days = [0.0, *np.minimum(soonest, self.end).tolist(), self.end]
        total = 0.0
        for count, (start, end) in enumerate(pairwise(days)):
            for at, piece in enumerate(self.pieces):
                span = min(end, piece.end) - max(start, piece.start)
                if span > 0:
                    parts = np.unique(piece.stage.ends[self.roads])
                    worthiest = float(np.sort(piece.stage.worth[parts])[::-1][:count].sum())
                    total += span * min(worthiest, self.rate(at, frozenset(range(len(self.roads)))))
        return total
