"""Where the accounts of a ledger and the bands between them stand: lanes from left to right, nothing drawn yet."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from matplotlib.path import Path

from corridor.figures.accounts import Account, Band, Books

__all__ = ["Layout", "Ribbon", "Spot", "lay_out"]

Point = tuple[float, float]

BAR_MM, LANE_GAP_MM, SIDE_GAP_MM = 2.2, 1.2, 1.4
LEAST_MM = 0.25
"""How high a bar is at least."""
TURN_MM = 7.0
"""How far a band swings out that leads back to the left."""
MOST_LEVELS = 4
WEIGHTY = 0.05
"""What part of all that moves between holders puts the one who takes it to the right of the one who gives it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where an account's bar stands, mm from the lower left corner; with `lane` it has a row of its own."""

    left: float
    bottom: float
    height: float
    lane: bool
    width: float = BAR_MM

    @property
    def top(self) -> float:
        """Return where the bar ends above, mm."""
        return self.bottom + self.height

    @property
    def middle(self) -> float:
        """Return the height of the bar's middle, mm."""
        return self.bottom + self.height / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Ribbon:
    """The outline of a band, mm: corners and control points with their codes for a matplotlib path."""

    band: Band
    points: tuple[Point, ...]
    codes: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The bars, by account, and the bands; `left` and `right` are the sides' inner edges, `first` the first bar's."""

    spots: Mapping[Account, Spot]
    ribbons: tuple[Ribbon, ...]
    left: float
    first: float
    right: float


def lay_out(
    books: Books, *, size: tuple[float, float], sides: tuple[float, float], line: float, heads: Mapping[Account, int]
) -> Layout:
    """Return where everything stands.

    Parameters
    ----------
    size
        Width and height of the box, mm.
    sides
        The room for names at the left and at the right, mm.
    line
        The height of a line of text, mm; an account at a side has two beside it.
    heads
        How many lines each account of the middle has above it.
    """
    width, height = size
    left, right = sides[0] + BAR_MM, width - sides[1] - BAR_MM
    level = _levels(books)
    last = max(level.values(), default=0)
    step = (right - left) / (last + 2)
    x = {account: left + (level[account] + 1) * step - BAR_MM / 2 for account in books.between}
    through = {account: books.through(account) for account in (*books.sources, *books.between, *books.sinks)}
    room = height - sum(heads[account] * line + LANE_GAP_MM for account in books.between)
    scale = room / (math.fsum(through[account] for account in books.between) or 1.0)
    spots: dict[Account, Spot] = {}
    at = height
    for account in books.between:
        tall = through[account] * scale
        at -= heads[account] * line + LANE_GAP_MM + tall
        spots[account] = Spot(left=x[account], bottom=at, height=max(tall, LEAST_MM), lane=True)
    for accounts, edge in ((books.sources, sides[0]), (books.sinks, right)):
        stack = _stack([through[account] * scale for account in accounts], height=height, least=2 * line + SIDE_GAP_MM)
        for account, (bottom, tall) in zip(accounts, stack, strict=True):
            spots[account] = Spot(left=edge, bottom=bottom, height=max(tall, LEAST_MM), lane=False)
    turns = left + step - BAR_MM / 2, left + (last + 1) * step + BAR_MM / 2
    ribbons = tuple(_ribbons(books, spots, scale, turns))
    return Layout(spots=spots, ribbons=ribbons, left=left, first=min(x.values(), default=left), right=right)


def _levels(books: Books) -> dict[Account, int]:
    """Return how far to the right each account of the middle stands: right of the holders whose goods it takes over.

    The road and pipelines stand right of those who give most to them, as far as there is room; where no stock changes
    hands, who gets goods by them stands right of them.
    """
    hands = [band for band in books.bands if band.out_of.name == band.into.name == "stock"]
    between = hands or [band for band in books.bands if band.out_of.between and band.into.between]
    enough = WEIGHTY * math.fsum(band.drawn for band in between)
    before: dict[Account, set[Account]] = {account: set() for account in books.between}
    for band in sorted(between, key=lambda band: -band.drawn):
        if band.drawn >= enough and band.into not in _reaching(band.out_of, before):
            before[band.into].add(band.out_of)
    level = dict.fromkeys(books.between, 0)
    for _ in range(MOST_LEVELS - 1):
        level = {account: 1 + max((level[giver] for giver in before[account]), default=-1) for account in level}
    last = max(level.values(), default=0)
    for account in (one for one in books.between if hands and one.name != "stock"):
        givers = [band for band in books.bands if band.into == account and band.out_of.between]
        most = max(givers, key=lambda band: band.drawn, default=None)
        level[account] = min(last, 1 + level[most.out_of]) if most else 0
    return level


def _reaching(account: Account, before: Mapping[Account, set[Account]]) -> set[Account]:
    """Return an account and all that stand left of it."""
    found, left = set[Account](), [account]
    while left:
        one = left.pop()
        if one not in found:
            found.add(one)
            left += before[one]
    return found


def _stack(tall: Sequence[float], *, height: float, least: float) -> list[tuple[float, float]]:
    """Return the bottom and the height of bars one above the other, the first on top, each with room for its name."""
    rooms = [max(one + SIDE_GAP_MM, least) for one in tall]
    spare = (height - sum(rooms)) / (len(rooms) + 1) if rooms else 0.0
    found, at = [], height
    for one, room in zip(tall, rooms, strict=True):
        at -= spare + room
        found.append((at + (room - one) / 2, one))
    return found


def _ribbons(books: Books, spots: Mapping[Account, Spot], scale: float, turns: tuple[float, float]) -> Iterator[Ribbon]:
    """Give the bands: each leaves a bar at its right and enters one at its left, in the order of their other ends."""
    ends: dict[Band, list[float]] = {band: [0.0, 0.0] for band in books.bands}
    for account, spot in spots.items():
        given = [(spots[band.into].middle, band) for band in books.bands if band.out_of == account]
        taken = [(spots[band.out_of].middle, band) for band in books.bands if band.into == account]
        for side, mine in enumerate((given, taken)):
            at = spot.top
            for _, band in sorted(mine, key=lambda one: -one[0]):
                ends[band][side] = at
                at -= band.drawn * scale
    for band, (giving, taking) in ends.items():
        giver, taker = spots[band.out_of], spots[band.into]
        start, end = giver.left + giver.width, taker.left
        bends = max(start, turns[1]) if not taker.lane else start, min(end, turns[0]) if not giver.lane else end
        points, codes = _outline((start, bends[0], bends[1], end), (giving, taking), band.drawn * scale)
        yield Ribbon(band=band, points=points, codes=codes)


def _outline(
    x: tuple[float, float, float, float], y: tuple[float, float], tall: float
) -> tuple[tuple[Point, ...], tuple[int, ...]]:
    """Return the outline of a band: straight, an S between the two inner `x`, straight again."""
    start, first, second, end = x
    middle = (first + second) / 2
    out, back = (middle, middle) if second > first else (first + TURN_MM, second - TURN_MM)
    upper = [(start, y[0]), (first, y[0]), (out, y[0]), (back, y[1]), (second, y[1]), (end, y[1])]
    lower = [(across, up - tall) for across, up in reversed(upper)]
    bend = (Path.LINETO, Path.CURVE4, Path.CURVE4, Path.CURVE4, Path.LINETO)
    codes = (Path.MOVETO, *bend, Path.LINETO, *bend, Path.CLOSEPOLY)
    return (*upper, *lower, upper[0]), tuple(int(code) for code in codes)
