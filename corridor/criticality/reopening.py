"""Which closed roads, or roads cut by a front, to reopen so that most people have a way to where they must get."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from corridor.case import Case, check_actor, check_count, check_hour, source_nodes
from corridor.control import CONTESTED, Epoch, enterable, passable
from corridor.criticality.joining import ROUNDING, Best, Costs, all_looked_at, best_many, best_sets, in_order, united
from corridor.errors import RunError
from corridor.flows import Stage
from corridor.network import ROAD, Floats, Ints, Mask
from corridor.paths import components

__all__ = ["REPAIR_DAYS", "Aim", "Opening", "Piece", "Reopening", "Shut", "reopen", "vehicle_for"]

WHOLE = 1 - 1e-6
"""The share of the bound from which on a choice is the best possible: what a search may leave open, see flows."""
REPAIR_DAYS = 7.0
"""Days that it takes to reopen a road where nothing else is said: a guess, the same for all."""
RUNNERS_UP = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """Say what people are to reach, from `hour` (since the scenario's start) on.

    They are to reach the nodes `roots` (positions); without any, the actor's most populous pocket. With a `commodity`
    (position) they are to reach a source of it by roads that its lorries can drive, and person-days are counted until
    the scenario's end. With `fronts` roads that a front cuts count as closed ones, and everybody's people are counted.
    """

    hour: float = 0.0
    roots: tuple[int, ...] = ()
    commodity: int | None = None
    fronts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shut:
    """One road that could be reopened: its id, one of its links, its ends, and hours and days to drive and repair it.

    `closed` says that its status is closed, `front` that it leads from hand to hand, or past a place in other hands.
    """

    road: str
    link: int
    tail: int
    head: int
    hours: float
    days: float
    closed: bool
    front: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One road chosen: its position among the `Shut`, what it `gains` after those before it, and equally good ones."""

    road: int
    gain: float
    equals: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Piece:
    """Hold what joins what from day `start` to day `end` after the instant: worth is persons."""

    start: float
    end: float
    stage: Stage


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reopening:
    """Hold the roads that are best reopened, and how good they are at least.

    Numbers are persons; person-days where the aim names a commodity. Of the roads `shut`, `chosen` are those
    to reopen, in the order in which each adds most; together they are worth `value`, and no as many are worth more
    than `bound`. `runners_up` are the next best sets (up to three roads are found exactly). At the instant `cut_off`
    persons of `persons` have no way, of whom `never` have none with every road reopened either. `part` (n,) says which
    part each node is in at the instant (0: the root's; -1: outside), `gained` (n,) which nodes the chosen roads join
    to the root (at some time, where person-days are counted). `pieces` are the times in which nothing changes by
    itself.
    """

    actor: int
    aim: Aim
    count: int
    root: tuple[int, ...]
    shut: tuple[Shut, ...]
    chosen: tuple[Opening, ...]
    runners_up: tuple[Best, ...]
    value: float
    bound: float
    persons: float
    cut_off: float
    never: float
    part: Ints
    gained: Mask
    pieces: tuple[Piece, ...]

    @property
    def exact(self) -> bool:
        """Return whether no other set of as many roads is better."""
        return self.share >= WHOLE

    @property
    def share(self) -> float:
        """Return what share of the best possible the choice is at least."""
        return min(1.0, self.value / self.bound) if self.bound > ROUNDING else 1.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _View:
    """What holds in one epoch: nodes that may be entered, links open among them, links that could be, and people."""

    nodes: Mask
    opened: Mask
    could: Mask
    persons: Floats
    labels: Ints
    roots: Ints


def reopen(
    case: Case, actor: int, count: int = 3, *, aim: Aim | None = None, days: Mapping[str, float] | None = None
) -> Reopening:
    """Return the `count` closed roads whose reopening gives most people a way to where they must get.

    A road is closed where it is open to no vehicle (of the commodity's class), and can be reopened by an `actor` that
    may enter its ends and the places beside it. Whoever can drive a road joins its ends, whichever way it runs: the
    parts that open roads join are contracted, and what counts is which parts the roads join to the root's, in
    each epoch until the end if person-days are counted, and at the instant if people are. Up to three roads all
    sets are looked at; of more, roads are added greedily, one to three at a time, a mixed-integer programme looks for
    better ones, and its bound says how much better any could be.

    Parameters
    ----------
    case
        The case.
    actor
        Whose people and roads, by position in `case.actors`.
    count
        How many roads at most.
    aim
        What is to be reached, from when on (hours since the scenario's start); the largest pocket from the start if
        left out.
    days
        Days to repair, by road; `REPAIR_DAYS` for a road that is not named.

    Raises
    ------
    RunError
        If the actor holds nobody then, or may enter none of the roots, or the commodity does not go by road.
    ValueError
        If there is no such actor, its hour lies outside the scenario, or `count` is less than 1.

    Examples
    --------
    >>> from dataclasses import replace
    >>> import numpy as np
    >>> from corridor.case import whole
    >>> from corridor.sources import read_network
    >>> case = whole(read_network("central_syria"))
    >>> epoch, roads = case.epoch_at(0), case.network.link_id
    >>> closed = np.isin(roads, ["jn_m4_latakia-latakia", "kassab-bc_kassab", "khan_arnabah-quneitra"])
    >>> parted = replace(case, epochs=(replace(epoch, share=np.where(closed, 0.0, epoch.share)),))
    >>> found = reopen(parted, parted.actors.index("everybody"), 1)
    >>> [found.shut[one.road].road for one in found.chosen], f"{found.value:,.0f}"
    (['kassab-bc_kassab'], '1,077,967')
    """
    aim = aim or Aim()
    check_actor(case, actor)
    check_hour(case, aim.hour)
    check_count("count", count)
    epoch = case.epoch_at(aim.hour)
    view = _view(case, epoch, actor, aim)
    if not view.roots.size:
        raise RunError(_nothing(case, epoch, actor, aim))
    shut = _shut(case, epoch, view, aim, days or {})
    views = _views(case, actor, aim)
    pieces = tuple(Piece(start=start, end=end, stage=_stage(case, there, shut)) for start, end, there in views)
    stages = _stages(pieces, timed=aim.commodity is not None)
    costs = Costs(
        hindrances=np.array([one.closed + one.front for one in shut], dtype=np.intp),
        days=np.array([one.days for one in shut]),
        hours=np.array([one.hours for one in shut]),
    )
    best, runners_up, bound = _choice(stages, count, costs)
    part = _parts(view)
    (everything,) = united([pieces[0].stage], range(len(shut)))
    cut_off = float(view.persons[part != 0].sum())
    able = float(pieces[0].stage.worth.sum() - everything.worth.sum())
    return Reopening(
        actor=actor,
        aim=aim,
        count=count,
        root=tuple(view.roots.tolist()),
        shut=shut,
        chosen=_openings(stages, best, shut),
        runners_up=runners_up,
        value=best.value,
        bound=bound,
        persons=float(view.persons.sum()),
        cut_off=cut_off,
        never=cut_off - able,
        part=part,
        gained=np.logical_or.reduce([_gained(case, there, [shut[road] for road in best.roads]) for *_, there in views]),
        pieces=pieces,
    )


def vehicle_for(case: Case, aim: Aim) -> int | None:
    """Return the class of vehicle (position) that drives for an aim; None: any.

    Raises
    ------
    RunError
        If the commodity does not go by road.
    """
    if aim.commodity is None:
        return None
    vehicle = int(case.supply.vehicle[aim.commodity])
    if vehicle < 0:
        raise RunError(f"--commodity {case.supply.commodities[aim.commodity]}: it does not go by road")
    return vehicle


def _choice(stages: Sequence[Stage], count: int, costs: Costs) -> tuple[Best, tuple[Best, ...], float]:
    """Return the best set, the next best ones (where they are known) and what no set can exceed."""
    nothing = Best(roads=(), value=0.0)
    if all_looked_at(stages, count, costs):
        best, *others = [*best_sets(stages, count, costs, most=RUNNERS_UP + 1), nothing]
        return best, tuple(one for one in others if one.roads), best.value
    best, bound = best_many(stages, count, costs)
    return best, (), bound


def _view(case: Case, epoch: Epoch, actor: int, aim: Aim) -> _View:
    """Return what holds in one epoch for an aim."""
    vehicle = vehicle_for(case, aim)
    whole = replace(epoch, share=np.ones_like(epoch.share))
    size = case.network.node_count
    if aim.fronts:
        nodes = np.ones(size, dtype=np.bool_)
        opened = np.zeros(case.network.link_count, dtype=np.bool_)
        for holder in np.unique(epoch.holder[epoch.holder != CONTESTED]).tolist():
            opened |= case.drivable(epoch, holder, transit=False, vehicle=vehicle)
        could: Mask = case.network.mode == ROAD
        persons = case.population.copy()
    else:
        nodes = enterable(epoch, actor, commodity=aim.commodity)
        opened = case.drivable(epoch, actor, commodity=aim.commodity, vehicle=vehicle)
        could = passable(case.network, whole, nodes, overlook=case.scenario.overlook)
        persons = np.where(epoch.holder == actor, case.population, 0.0)
    if aim.commodity is not None:
        persons = np.where(case.supply.demand[:, aim.commodity] > 0, persons, 0.0)
    labels = components(case.network, nodes, opened)
    roots = _roots(case, epoch, actor, aim, labels)
    return _View(nodes=nodes, opened=opened, could=could, persons=persons, labels=labels, roots=roots)


def _roots(case: Case, epoch: Epoch, actor: int, aim: Aim, labels: Ints) -> Ints:
    """Return the nodes that are to be reached in one epoch."""
    if aim.roots:
        wanted = np.array(aim.roots, dtype=np.intp)
    elif aim.commodity is not None:
        wanted = source_nodes(case, epoch, aim.commodity)
    else:
        own = (epoch.holder == actor) & (labels >= 0)
        people = np.bincount(labels[own], weights=case.population[own]) if own.any() else np.zeros(1)
        wanted = np.flatnonzero(own & (labels == np.argmax(people))) if people.any() else np.zeros(0, dtype=np.intp)
    return wanted[labels[wanted] >= 0]


def _nothing(case: Case, epoch: Epoch, actor: int, aim: Aim) -> str:
    """Return why there is nothing to be reached."""
    name, when = case.actors[actor], case.written(max(aim.hour, epoch.start))
    if aim.roots:
        places = ", ".join(case.network.node_id[list(aim.roots)].tolist())
        return f"--to {places}: {name} may not enter there at {when}"
    if aim.commodity is not None:
        return f"no source of {case.supply.commodities[aim.commodity]} that {name} may enter is at work at {when}"
    return f"{name} holds no people at {when}"


def _shut(case: Case, epoch: Epoch, view: _View, aim: Aim, days: Mapping[str, float]) -> tuple[Shut, ...]:
    """Return the roads that could be reopened, by id: none of their links is open, and some link could be."""
    network = case.network
    working = set(network.link_id[view.opened].tolist())
    vehicle = vehicle_for(case, aim)
    status: Mask = (epoch.share if vehicle is None else epoch.share[[vehicle]]).max(axis=0) > 0
    found: dict[str, Shut] = {}
    for link in np.flatnonzero(view.could).tolist():
        road = str(network.link_id[link])
        if road in working or road in found:
            continue
        tail, head = int(network.tail[link]), int(network.head[link])
        holders = {int(epoch.holder[node]) for node in (tail, head)}
        beside = network.passes(link) if case.scenario.overlook else network.passes(link)[:0]
        holders |= {int(epoch.holder[node]) for node in beside}
        found[road] = Shut(
            road=road,
            link=link,
            tail=tail,
            head=head,
            hours=float(network.hours[link]),
            days=float(days.get(road, REPAIR_DAYS)),
            closed=not status[network.link_id == road].any(),
            front=aim.fronts and (len(holders) > 1 or CONTESTED in holders),
        )
    return tuple(found[road] for road in sorted(found))


def _parts(view: _View) -> Ints:
    """Return the part of each node, shape (n,): 0 where a root is, then by the first node; -1 outside."""
    rooted = np.isin(view.labels, np.unique(view.labels[view.roots]))
    return np.where(view.labels < 0, -1, np.where(rooted, 0, view.labels + 1))


def _views(case: Case, actor: int, aim: Aim) -> list[tuple[float, float, _View]]:
    """Return what holds from day to day: in the epoch at the instant, or in every epoch from then on."""
    first, last = aim.hour, case.end
    if aim.commodity is None or first == last:
        return [(0.0, (last - first) / 24, _view(case, case.epoch_at(first), actor, aim))]
    return [
        ((max(epoch.start, first) - first) / 24, (min(epoch.end, last) - first) / 24, _view(case, epoch, actor, aim))
        for epoch in case.epochs
        if epoch.end > first and epoch.start < last
    ]


def _stage(case: Case, view: _View, shut: Sequence[Shut]) -> Stage:
    """Return the parts that the roads would join, as few as there are, numbered as the roads name them."""
    part = _parts(view)
    could = set(case.network.link_id[view.could].tolist())
    pairs = [(int(part[one.tail]), int(part[one.head])) if one.road in could else (0, 0) for one in shut]
    number = {0: 0}
    ends = [[number.setdefault(at, len(number)) for at in pair] for pair in pairs]
    worth = np.zeros(len(number))
    for at, place in number.items():
        worth[place] = view.persons[part == at].sum() if place else 0.0
    return Stage(worth=worth, ends=np.array(ends, dtype=np.intp).reshape(-1, 2))


def _stages(pieces: Sequence[Piece], *, timed: bool) -> list[Stage]:
    """Return the stages of pieces of time, worth person-days if they are timed; those that join the same as one."""
    found: dict[bytes, Stage] = {}
    for piece in pieces:
        stage = piece.stage
        worth = stage.worth * (piece.end - piece.start) if timed else stage.worth
        key = stage.ends.tobytes()
        found[key] = replace(stage, worth=worth + found[key].worth if key in found else worth)
    return list(found.values())


def _openings(stages: Sequence[Stage], best: Best, shut: Sequence[Shut]) -> tuple[Opening, ...]:
    """Return the roads of a set in the order in which each adds most, with those that would do as well in its place."""

    def kind(road: int) -> bytes:
        return b"".join(np.sort(stage.ends[road]).tobytes() for stage in stages)

    same: dict[bytes, list[int]] = {}
    for road in range(len(shut)):
        same.setdefault(kind(road), []).append(road)
    return tuple(
        Opening(road=road, gain=gain, equals=tuple(other for other in same[kind(road)] if other != road))
        for road, gain in in_order(stages, best.roads)
    )


def _gained(case: Case, view: _View, roads: Sequence[Shut]) -> Mask:
    """Return the nodes that have a way to the root with these roads, and have none without."""
    reopened = np.isin(case.network.link_id, [one.road for one in roads]) & view.could
    labels = components(case.network, view.nodes, view.opened | reopened)
    found: Mask = np.isin(labels, np.unique(labels[view.roots])) & (_parts(view) != 0) & view.nodes
    return found
