"""Who holds which node for how long, and between whom which links lead for how long: a history told by its changes."""

from dataclasses import dataclass

import numpy as np

from corridor.network import Ints, Mask, Network
from corridor.paths.lanes import spans

__all__ = ["History", "Stays", "Ties", "stays_and_ties"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class History:
    """Hold a state of n nodes and m links and what changes after it, at steps from 0 to `steps` - 1.

    `holder` (n,) and `open` (m,) are who holds each node (-1: nobody) and which links are open at first. From step
    ``taken_step[i]`` on ``taken_by[i]`` holds node ``taken_node[i]``, and from step ``turned_step[j]`` on link
    ``turned_link[j]`` is open or closed (``turned_open[j]``), until something else is said of it. The changes may come
    in any order; of those of one node or link at one step the last counts.
    """

    steps: int
    holder: Ints
    open: Mask
    taken_step: Ints
    taken_node: Ints
    taken_by: Ints
    turned_step: Ints
    turned_link: Ints
    turned_open: Mask


@dataclass(frozen=True, slots=True)
class _Turns:
    """Hold the changes of some items that alter something, by item and step: `item`, `step` and the new `value`."""

    item: Ints
    step: Ints
    value: Ints | Mask
    steps: int

    def last(self, item: Ints, step: Ints | int) -> Ints:
        """Return the last change of each item up to a step, a position; -1: none."""
        place = np.searchsorted(self.item * self.steps + self.step, item * self.steps + step, side="right") - 1
        return np.where(np.append(self.item, -1)[place] == item, place, -1)


@dataclass(frozen=True, slots=True)
class Stays:
    """Hold the stays of nodes in one hand, each of shape (s,): `node`, `holder`, from step `start` to before `end`.

    Stay i below `node_count` is the one that node i begins with, the others are those that the `turns` begin.
    """

    node: Ints
    holder: Ints
    start: Ints
    end: Ints
    node_count: int
    turns: _Turns

    def at(self, node: Ints, step: Ints | int) -> Ints:
        """Return the stay in which each node is at a step, a position."""
        last = self.turns.last(node, step)
        return np.where(last < 0, node, self.node_count + last)


@dataclass(frozen=True, slots=True)
class Ties:
    """Hold what is joined for a time, each of shape (t,): `one` and `two`, from step `start` to before `end`."""

    one: Ints
    two: Ints
    start: Ints
    end: Ints


def stays_and_ties(network: Network, history: History, *, overlook: bool) -> tuple[Stays, Ties, tuple[Ints, Ints]]:
    """Return the stays of all nodes, the ties between them that end or begin, and the ends of those that do neither.

    A link ties two stays while it is open and its two ends and, with `overlook`, all nodes that it passes are in the
    same hands.

    Raises
    ------
    ValueError
        If a change is not at a step from 0 to ``history.steps - 1``.
    """
    at = np.concatenate([history.taken_step, history.turned_step])
    if at.size and not 0 <= at.min() <= at.max() < history.steps:
        msg = f"changes are at the steps {at.min()} to {at.max()}, expected 0 to {history.steps - 1}"
        raise ValueError(msg)
    taken = _turns(history.taken_node, history.taken_step, history.taken_by, history.holder, history.steps)
    turned = _turns(history.turned_link, history.turned_step, history.turned_open, history.open, history.steps)
    stays, passing = _stays(history, taken), _passing(network, overlook=overlook)
    moving = np.zeros(network.node_count, dtype=np.bool_)
    moving[taken.item] = True
    changing = moving[network.tail] | moving[network.head]
    changing[turned.item] = True
    changing[passing.link[moving[passing.node]]] = True
    return (
        stays,
        _ties(network, history, stays, turned, np.flatnonzero(changing), passing),
        _lasting(network, history, ~changing, passing),
    )


@dataclass(frozen=True, slots=True)
class _Passing:
    """Hold which link passes which node, each of shape (p,), by link: those of link i from ``start[i]`` on."""

    link: Ints
    node: Ints
    start: Ints


def _passing(network: Network, *, overlook: bool) -> _Passing:
    start = network.pass_start if overlook else np.zeros_like(network.pass_start)
    node = network.pass_node[: start[-1]]
    return _Passing(np.searchsorted(start, np.arange(node.size), side="right") - 1, node, start)


def _turns(item: Ints, step: Ints, value: Ints | Mask, first: Ints | Mask, steps: int) -> _Turns:
    """Return the changes that alter something, of those told in any order."""
    order = np.lexsort((step, item))
    item, step, value = item[order], step[order], value[order]
    said_last = np.flatnonzero(np.roll(_differs(item, step), -1))
    item, step, value = item[said_last], step[said_last], value[said_last]
    before = np.where(_differs(item), first[item], np.roll(value, 1))
    alters = value != before
    return _Turns(item[alters], step[alters], value[alters], steps)


def _stays(history: History, taken: _Turns) -> Stays:
    size = history.holder.size
    node = np.concatenate([np.arange(size), taken.item])
    start = np.concatenate([np.zeros(size, dtype=np.intp), taken.step])
    end = np.full(node.size, history.steps)
    # What ends when the i-th change comes: the stay before it, which is the node's first or the change before.
    end[np.where(_differs(taken.item), taken.item, size - 1 + np.arange(taken.item.size))] = taken.step
    return Stays(node, np.concatenate([history.holder, taken.value]), start, end, size, taken)


def _lasting(network: Network, history: History, steady: Mask, passing: _Passing) -> tuple[Ints, Ints]:
    """Return the ends, two of shape (j,), of what is passable among the links that are `steady`, each road once."""
    tail, head, back, holder = network.tail, network.head, network.reverse, history.holder
    free = steady & history.open
    free[passing.link[holder[passing.node] != holder[tail[passing.link]]]] = False
    # Whatever else holds for one of the two ways of a road holds for the other.
    link = np.flatnonzero(free & ((tail < head) | (back < 0) | ~free[back]))
    one, two = tail[link], head[link]
    held_by = holder[one]
    joined = (held_by == holder[two]) & (held_by >= 0)
    return one[joined], two[joined]


def _ties(network: Network, history: History, stays: Stays, turned: _Turns, link: Ints, passing: _Passing) -> Ties:
    """Return what each of some links ties, whichever way it runs; what two links tie alike is one tie."""
    row, step, end = _quiet(network, stays, turned, link, passing)
    now = link[row]
    one, two = (stays.at(side[now], step) for side in (network.tail, network.head))
    last = turned.last(now, step)
    is_open = np.where(last < 0, history.open[now], np.append(turned.value, False)[last])
    joined = is_open & (stays.holder[one] == stays.holder[two]) & (stays.holder[one] >= 0)
    span, passed = spans(passing.start[now], passing.start[now + 1])
    held = stays.holder[stays.at(passing.node[passed], step[span])]
    joined[span[held != stays.holder[one[span]]]] = False
    one, two, step, end = one[joined], two[joined], step[joined], end[joined]
    columns = np.minimum(one, two), np.maximum(one, two), step, end
    order = np.lexsort(columns)
    order = order[_differs(*(column[order] for column in columns))]
    return Ties(*(column[order] for column in columns))


def _quiet(network: Network, stays: Stays, turned: _Turns, link: Ints, passing: _Passing) -> tuple[Ints, Ints, Ints]:
    """Return the spans in which nothing happens to each of some links: its place among them, first step, and end."""
    each, taken = np.arange(link.size), stays.turns
    through, passed = spans(passing.start[link], passing.start[link + 1])
    place = np.concatenate([each, each, through])
    node = np.concatenate([network.tail[link], network.head[link], passing.node[passed]])
    met, turn = spans(*(np.searchsorted(taken.item, node, side=side) for side in ("left", "right")))
    row = np.concatenate([each, place[met], np.searchsorted(link, turned.item)])
    step = np.concatenate([np.zeros_like(each), taken.step[turn], turned.step])
    instant = np.sort(row * taken.steps + step)
    row, step = np.divmod(instant[_differs(instant)], taken.steps)
    return row, step, np.where(np.roll(_differs(row), -1), taken.steps, np.roll(step, -1))


def _differs(*columns: Ints) -> Mask:
    """Return whether each row of some columns differs from the one before it; the first one does."""
    found = np.ones(columns[0].size, dtype=np.bool_)
    found[1:] = np.any([column[1:] != column[:-1] for column in columns], axis=0)
    return found
