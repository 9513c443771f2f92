"""Who holds which node for how long, and between whom which links lead for how long: a history told by its changes."""

from dataclasses import dataclass

import numpy as np

from corridor.network import Ints, Mask, Network

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


def stays_and_ties(network: Network, history: History, *, overlook: bool) -> tuple[Stays, Ties, Ints]:
    """Return the stays of all nodes, the ties between them that end or begin, and those that last throughout, (2, j).

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
    return _Passing(np.repeat(np.arange(network.link_count), np.diff(start)), network.pass_node[: start[-1]], start)


def _turns(item: Ints, step: Ints, value: Ints | Mask, first: Ints | Mask, steps: int) -> _Turns:
    """Return the changes that alter something, of those told in any order."""
    order = np.lexsort((step, item))
    item, step, value = item[order], step[order], value[order]
    again = item[1:] == item[:-1]
    said_last = np.append(~(again & (step[1:] == step[:-1])), True)[: item.size]
    item, step, value = item[said_last], step[said_last], value[said_last]
    before = first[item]
    again = np.flatnonzero(item[1:] == item[:-1])
    before[again + 1] = value[again]
    alters = value != before
    return _Turns(item[alters], step[alters], value[alters], steps)


def _stays(history: History, taken: _Turns) -> Stays:
    size = history.holder.size
    node = np.concatenate([np.arange(size), taken.item])
    start = np.concatenate([np.zeros(size, dtype=np.intp), taken.step])
    end = np.full(node.size, history.steps)
    # What ends when the i-th change comes: the stay before it, which is the node's first or the change before.
    before = np.append(-1, taken.item)[:-1] == taken.item
    end[np.where(before, size + np.arange(taken.item.size) - 1, taken.item)] = taken.step
    return Stays(node, np.concatenate([history.holder, taken.value]), start, end, size, taken)


def _lasting(network: Network, history: History, steady: Mask, passing: _Passing) -> Ints:
    """Return the ends of the links that are passable at first, of those that are `steady`, one of the two of a road."""
    holder = history.holder[network.tail]
    joined = steady & history.open & (holder == history.holder[network.head]) & (holder >= 0)
    joined[passing.link[history.holder[passing.node] != holder[passing.link]]] = False
    back = network.reverse
    twice = joined[back] & (back >= 0) & (back < np.arange(back.size))
    link = np.flatnonzero(joined & ~twice)
    return np.stack([network.tail[link], network.head[link]])


def _ties(network: Network, history: History, stays: Stays, turned: _Turns, link: Ints, passing: _Passing) -> Ties:
    """Return what each of some links ties, whichever way it runs; what two links tie alike is one tie."""
    row, step, end = _spans(network, stays, turned, link, passing)
    now = link[row]
    one, two = (stays.at(side[now], step) for side in (network.tail, network.head))
    last = turned.last(now, step)
    is_open = np.where(last < 0, history.open[now], np.append(turned.value, False)[last])
    joined = is_open & (stays.holder[one] == stays.holder[two]) & (stays.holder[one] >= 0)
    span, passed = _spread(passing.start[now], passing.start[now + 1])
    held = stays.holder[stays.at(passing.node[passed], step[span])]
    joined[span[held != stays.holder[one[span]]]] = False
    ends = np.sort(np.stack([one[joined], two[joined]]), axis=0)
    rows = np.stack([*ends, step[joined], end[joined]])
    rows = rows[:, np.lexsort(rows)]
    alike = np.append(False, (rows[:, 1:] == rows[:, :-1]).all(axis=0))[: rows.shape[1]]
    return Ties(*rows[:, ~alike])


def _spans(network: Network, stays: Stays, turned: _Turns, link: Ints, passing: _Passing) -> tuple[Ints, Ints, Ints]:
    """Return the spans in which nothing happens to each of some links: its place among them, first step, and end."""
    each, taken = np.arange(link.size), stays.turns
    through, passed = _spread(passing.start[link], passing.start[link + 1])
    place = np.concatenate([each, each, through])
    node = np.concatenate([network.tail[link], network.head[link], passing.node[passed]])
    met, turn = _spread(*(np.searchsorted(taken.item, node, side=side) for side in ("left", "right")))
    row = np.concatenate([each, place[met], np.searchsorted(link, turned.item)])
    step = np.concatenate([np.zeros_like(each), taken.step[turn], turned.step])
    row, step = np.divmod(np.unique(row * taken.steps + step), taken.steps)
    end = np.append(step[1:], 0)[: step.size]
    end[np.append(row[1:] != row[:-1], True)[: row.size]] = taken.steps
    return row, step, end


def _spread(start: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Return the numbers of some ranges one after another: the position of the range, and the number."""
    count = end - start
    of = np.repeat(np.arange(start.size), count)
    return of, np.arange(of.size) + np.repeat(start - np.cumsum(count) + count, count)
