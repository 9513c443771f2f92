"""Which open roads to keep open first: those without which most people would lose their way together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corridor.case import Case, check_actor, check_count, check_hour, source_nodes
from corridor.control import Epoch, enterable
from corridor.criticality.parting import MOST_EXACT, Parting, best_partings, greedy_parting, lost
from corridor.criticality.reopening import WHOLE, Aim, vehicle_for
from corridor.errors import RunError
from corridor.flows import most_parted
from corridor.network import Floats, Ints, Mask
from corridor.paths import components

__all__ = ["Keeping", "keep"]

RUNNERS_UP = 5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Keeping:
    """Hold the roads to keep open, and how many persons keep their way by them.

    Of `persons` who have a way to the `root` (node positions) at the instant, `value` would have none without the
    roads, of which `links` (m positions, one of each road) are named in the order in which most lose their way soonest;
    `running` is how many without each and those before it. No as many roads matter to more than `bound`. `runners_up`
    are the next sets, ids of roads and persons (up to three roads are found exactly), `cut_off` (n,) the nodes that
    would have no way.
    """

    actor: int
    aim: Aim
    count: int
    root: tuple[int, ...]
    links: tuple[int, ...]
    running: tuple[float, ...]
    runners_up: tuple[tuple[tuple[str, ...], float], ...]
    value: float
    bound: float
    persons: float
    cut_off: Mask

    @property
    def exact(self) -> bool:
        """Return whether no other set of as many roads matters to more."""
        return self.share >= WHOLE

    @property
    def share(self) -> float:
        """Return what share of the most possible the set matters to at least."""
        return min(1.0, self.value / self.bound) if self.bound > 0 else 1.0


def keep(case: Case, actor: int, count: int = 3, *, aim: Aim | None = None) -> Keeping:
    """Return the `count` open roads without which most people of `actor` would lose their way at the instant.

    The way is that to the most populous place of the actor's most populous pocket, unless the aim names other places,
    or a commodity (to a source of it, by roads that its lorries can drive); a road is kept or lost as a whole, and
    whoever can drive it joins its ends, whichever way it runs. Up to `MOST_EXACT` roads the set is the worst there is;
    of more, roads are added greedily, one to three at a time, and a mixed-integer programme bounds how many any could
    matter to.

    Parameters
    ----------
    case
        The case.
    actor
        Whose people and roads, by position in `case.actors`.
    count
        How many roads at most.
    aim
        What is to be reached, and when (hours since the scenario's start); roads that a front cuts are not open, so
        that its `fronts` mean nothing.

    Raises
    ------
    RunError
        If the actor holds nobody then, or may enter none of the roots, or the commodity does not go by road.
    ValueError
        If there is no such actor, its hour lies outside the scenario, or `count` is less than 1.

    Examples
    --------
    >>> from corridor.case import whole
    >>> from corridor.sources import read_network
    >>> case = whole(read_network("central_syria"))
    >>> found = keep(case, case.actors.index("everybody"), 1)
    >>> case.network.link_id[list(found.links)].tolist(), f"{found.value:,.0f}"
    (['khan_arnabah-quneitra'], '13,086')
    """
    aim = aim or Aim()
    check_actor(case, actor)
    check_hour(case, aim.hour)
    check_count("count", count)
    epoch = case.epoch_at(aim.hour)
    vehicle = vehicle_for(case, aim)
    nodes = enterable(epoch, actor, commodity=aim.commodity)
    opened = case.drivable(epoch, actor, commodity=aim.commodity, vehicle=vehicle)
    labels = components(case.network, nodes, opened)
    root = _root(case, epoch, actor, aim, labels)
    if not root.size:
        raise RunError(f"{case.actors[actor]} has nobody, or nothing to reach, at {case.written(aim.hour)}")
    near = np.isin(labels, np.unique(labels[root]))
    persons = np.where((epoch.holder == actor) & near, case.population, 0.0)
    link = _one_of_each(case, opened & near[case.network.tail])
    number, worth = _numbered(persons, near, root)
    ends = number[np.column_stack([case.network.tail[link], case.network.head[link]])]
    best, runners_up, bound = _choice(worth, ends, case.network.hours[link], count)
    order, running = _in_order(worth, ends, best.roads)
    ids = case.network.link_id
    gone = np.isin(ids, ids[link[list(best.roads)]])
    after = components(case.network, nodes, opened & ~gone)
    return Keeping(
        actor=actor,
        aim=aim,
        count=count,
        root=tuple(root.tolist()),
        links=tuple(int(link[road]) for road in order),
        running=running,
        runners_up=tuple((tuple(ids[link[list(one.roads)]].tolist()), one.value) for one in runners_up),
        value=best.value,
        bound=bound,
        persons=float(persons.sum()),
        cut_off=near & ~np.isin(after, np.unique(after[root])),
    )


def _root(case: Case, epoch: Epoch, actor: int, aim: Aim, labels: Ints) -> Ints:
    """Return the nodes that are to be reached."""
    if aim.roots:
        wanted = np.array(aim.roots, dtype=np.intp)
    elif aim.commodity is not None:
        wanted = source_nodes(case, epoch, aim.commodity)
    else:
        people = np.where((epoch.holder == actor) & (labels >= 0), case.population, 0.0)
        pockets = np.bincount(labels[labels >= 0], weights=people[labels >= 0])
        mine = np.where(labels == np.argmax(pockets), people, 0.0) if pockets.size else people
        wanted = np.array([np.argmax(mine)]) if mine.any() else np.zeros(0, dtype=np.intp)
    found: Ints = wanted[labels[wanted] >= 0]
    return found


def _one_of_each(case: Case, links: Mask) -> Ints:
    """Return one link (position) of each road among these links, in the order of their ids."""
    position = np.flatnonzero(links)
    _, first = np.unique(case.network.link_id[position], return_index=True)
    found: Ints = position[first]
    return found


def _numbered(persons: Floats, near: Mask, root: Ints) -> tuple[Ints, Floats]:
    """Return a number for each node that has a way, 0 for all roots, and the people by number."""
    number = np.zeros(near.size, dtype=np.intp)
    others = near.copy()
    others[root] = False
    number[others] = np.arange(1, int(others.sum()) + 1)
    return number, np.concatenate([[0.0], persons[others]])


def _choice(worth: Floats, ends: Ints, hours: Floats, count: int) -> tuple[Parting, tuple[Parting, ...], float]:
    """Return the worst set, the next ones (where they are known), and what none can exceed."""
    if count <= MOST_EXACT:
        nothing = Parting(roads=(), value=0.0)
        best, *others = [*best_partings(worth, ends, hours, count, most=RUNNERS_UP + 1), nothing]
        return best, tuple(one for one in others if one.roads), best.value
    best = greedy_parting(worth, ends, hours, count)
    found = most_parted(worth, ends, count)
    value = lost(worth, ends, found.roads)
    if value > best.value * (2 - WHOLE):
        best = Parting(roads=found.roads, value=value)
    return best, (), max(found.bound, best.value)


def _in_order(worth: Floats, ends: Ints, roads: Sequence[int]) -> tuple[list[int], tuple[float, ...]]:
    """Return `roads` so that most is lost soonest, and what is lost without each and those before it."""
    order: list[int] = []
    running: list[float] = []
    while len(order) < len(roads):
        left = [road for road in roads if road not in order]
        values = [lost(worth, ends, [*order, road]) for road in left]
        place = int(np.argmax(values))
        order.append(left[place])
        running.append(values[place])
    return order, tuple(running)
