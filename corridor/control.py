"""Who holds what, which links are open and who may pass, from when to when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Literal

import numpy as np

from corridor.network import ROAD, Floats, Ints, Mask, Network

__all__ = [
    "CONTESTED",
    "Change",
    "ControlTimeline",
    "Epoch",
    "Passage",
    "enterable",
    "epochs",
    "governing",
    "in_order",
    "overlooked",
    "passable",
    "pumping_share",
]


CONTESTED = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Say whether `actor` may enter nodes held by `through` (CONTESTED: by nobody).

    `nodes` and `commodities` are positions (empty: all). The rest holds for a gate: `servers` that each let `rate`
    inspected vehicles an hour through on average, with a `service` time of that spread (`variation`, the standard
    deviation of a lognormal one as a share of its mean); `opens` and `closes`, hours of the scenario's day;
    `inspected`, the share of vehicles that is; `delay`, hours that a convoy is held after.
    """

    actor: int
    through: int
    mode: Literal["free", "gate", "closed"]
    nodes: tuple[int, ...] = ()
    commodities: tuple[int, ...] = ()
    delay: float = 0.0
    rate: float = float("inf")
    servers: int = 1
    service: Literal["constant", "exponential", "lognormal"] = "constant"
    variation: float = 0.0
    opens: float = 0.0
    closes: float = 24.0
    inspected: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change at `time` (hours since the start): of links, of control or of passage.

    `event` is the id of the event behind it. Only the fields of its kind are set: `links` and `share` (and the
    vehicle `classes` it holds for, empty: all); `nodes` and `holder`; `passage`.
    """

    time: float
    event: str
    links: tuple[int, ...] = ()
    share: float = 1.0
    classes: tuple[int, ...] = ()
    nodes: tuple[int, ...] = ()
    holder: int = CONTESTED
    passage: Passage | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ControlTimeline:
    """Hold the state at the start and every change after it, sorted by time (links, control, passage at one instant).

    `holder` (n,) actor positions or CONTESTED; `share` (c, m) the share of capacity that each of the c vehicle
    classes finds on each link (pipelines: the same in every row); `passage` the rules, a later one overruling.
    """

    holder: Ints
    share: Floats
    passage: tuple[Passage, ...]
    changes: tuple[Change, ...]

    @property
    def rules(self) -> tuple[Passage, ...]:
        """Every rule of passage that ever comes into force."""
        return (*self.passage, *(change.passage for change in self.changes if change.passage))

    @property
    def narrow(self) -> frozenset[int]:
        """The actors (positions) who may at some time drive elsewhere with one commodity than with another."""
        return frozenset(rule.actor for rule in self.rules if rule.commodities)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Epoch:
    """Hold the constant state of control from `start` to `end` (hours); `events` are the ids that opened it."""

    index: int
    start: float
    end: float
    holder: Ints
    share: Floats
    passage: tuple[Passage, ...]
    events: tuple[str, ...] = field(default=())


def epochs(timeline: ControlTimeline, *, start: float, end: float) -> tuple[Epoch, ...]:
    """Return the maximal intervals of constant control from `start` to `end`; the first holds the initial state.

    Changes at or before `start` are part of the first epoch, changes at or after `end` are not seen. At one instant
    links change first, then control, then passage, each in the timeline's order, and the net result opens at most
    one epoch. A change that alters nothing opens none, and its id stands in no epoch's `events`.

    Parameters
    ----------
    timeline
        The state at the start and the changes.
    start, end
        Hours since the scenario's start, ``start < end``.
    """
    changes = in_order(change for change in timeline.changes if change.time < end)
    rules: tuple[Passage, ...] = ()
    for rule in timeline.passage:
        rules = _amend(rules, rule)
    state: _State = timeline.holder, timeline.share, rules
    found: list[Epoch] = [_epoch(start, end, state, ())]
    for time, group in groupby(changes, key=lambda change: max(change.time, start)):
        state, events = _apply(found[-1], tuple(group))
        if _same(found[-1], state):
            continue
        if time > start:
            found[-1] = replace(found[-1], end=time)
            found.append(_epoch(time, end, state, events, index=len(found)))
        else:
            found[-1] = _epoch(start, end, state, events)
    return tuple(found)


def in_order(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return changes by time; at one instant links first, then control, then passage, each in the order given."""
    return tuple(sorted(changes, key=lambda change: (change.time, _kind(change))))


def governing(epoch: Epoch, actor: int, *, commodity: int | None = None) -> Ints:
    """Return which rule of `epoch.passage` `actor` is under at each node, shape (n,); -1 where none is.

    Of the rules that cover a node, the last one rules. A rule narrowed to commodities holds for those alone;
    without a `commodity`, for goods of no kind in particular, it does not hold.
    """
    rule = np.full(epoch.holder.size, -1, dtype=np.intp)
    for position, passage in enumerate(epoch.passage):
        if passage.actor != actor or (passage.commodities and commodity not in passage.commodities):
            continue
        covered = epoch.holder == passage.through
        if passage.nodes:
            named = np.zeros_like(covered)
            named[list(passage.nodes)] = True
            covered &= named
        rule[covered] = position
    return rule


def enterable(epoch: Epoch, actor: int, *, transit: bool = True, commodity: int | None = None) -> Mask:
    """Return which nodes `actor` may enter, shape (n,): its own, and with `transit` those its passages open.

    A contested node is nobody's: only a passage through CONTESTED opens it. With `transit` a passage through the
    actor itself may close its own nodes (a checkpoint of its own); without, territory alone counts.
    """
    own: Mask = epoch.holder == actor
    if not transit or not epoch.passage:
        return own
    rule = governing(epoch, actor, commodity=commodity)
    opened = np.array([passage.mode != "closed" for passage in epoch.passage])
    may_enter: Mask = np.where(rule < 0, own, opened[rule])
    return may_enter


def passable(network: Network, epoch: Epoch, nodes: Mask, *, overlook: bool, vehicle: int | None = None) -> Mask:
    """Return which road links join enterable `nodes`, are open (to `vehicle`, None: to any) and not overlooked, (m,).

    With `overlook` a link is passable only when all the nodes it passes are in `nodes` too.
    """
    joined = _joined(network, epoch, nodes, vehicle)
    return joined & ~_commanded(network, nodes) if overlook else joined


def overlooked(network: Network, epoch: Epoch, nodes: Mask, *, vehicle: int | None = None) -> Mask:
    """Return the road links, shape (m,), that `nodes` would make passable but for a place they pass: see `passable`."""
    return _joined(network, epoch, nodes, vehicle) & _commanded(network, nodes)


def _joined(network: Network, epoch: Epoch, nodes: Mask, vehicle: int | None) -> Mask:
    opened = (epoch.share > 0).any(axis=0) if vehicle is None else epoch.share[vehicle] > 0
    joined: Mask = (network.mode == ROAD) & opened & nodes[network.tail] & nodes[network.head]
    return joined


def pumping_share(network: Network, epoch: Epoch, link: int, *, across: bool) -> float:
    """Return the share of its capacity that a pipeline works at, 0 where it stands still.

    It works where it is open and one actor holds both its ends, or whoever holds them if it flows `across` fronts.
    """
    tail, head = epoch.holder[network.tail[link]], epoch.holder[network.head[link]]
    # The share of its capacity that is open is the same for every class of road vehicles.
    return float(epoch.share[:, link].max(initial=0.0)) if across or tail == head != CONTESTED else 0.0


def _commanded(network: Network, nodes: Mask) -> Mask:
    """Return the links, shape (m,), that pass a node outside `nodes`."""
    # A running count, since reduceat gives an empty segment the value of the next one.
    count = np.concatenate([[0], np.cumsum(~nodes[network.pass_node])])
    commanded: Mask = count[network.pass_start[1:]] > count[network.pass_start[:-1]]
    return commanded


_State = tuple[Ints, Floats, tuple[Passage, ...]]


def _kind(change: Change) -> int:
    """Return the turn of a change among those of one instant."""
    if change.links:
        return 0
    return 1 if change.passage is None else 2


def _apply(epoch: Epoch, changes: Sequence[Change]) -> tuple[_State, tuple[str, ...]]:
    """Return the state after `changes` were made to `epoch` one after another, and the ids of those that alter it."""
    holder, share, rules = epoch.holder.copy(), epoch.share.copy(), epoch.passage
    events: dict[str, None] = {}
    for change in changes:
        altered = False
        if change.links:
            rows = np.array(change.classes or range(len(share)), dtype=np.intp)
            cells = np.ix_(rows, np.array(change.links, dtype=np.intp))
            altered = bool((share[cells] != change.share).any())
            share[cells] = change.share
        if change.nodes:
            nodes = list(change.nodes)
            altered |= bool((holder[nodes] != change.holder).any())
            holder[nodes] = change.holder
        if change.passage is not None:
            amended = _amend(rules, change.passage)
            altered |= amended != rules
            rules = amended
        if altered:
            events[change.event] = None
    # What stays the same stays the same array, so that `is` tells what an epoch changed.
    holder = epoch.holder if np.array_equal(holder, epoch.holder) else holder
    share = epoch.share if np.array_equal(share, epoch.share) else share
    holder.flags.writeable = share.flags.writeable = False
    return (holder, share, rules), tuple(events)


def _amend(rules: tuple[Passage, ...], new: Passage) -> tuple[Passage, ...]:
    """Return `rules` with `new` as the last word, without those it overrules, and without `new` if it says nothing."""
    if new in rules and not any(_overlap(new, rule) for rule in rules[rules.index(new) + 1 :]):
        return rules
    kept = tuple(rule for rule in rules if not _covers(new, rule))
    default = "free" if new.actor == new.through else "closed"
    if new.mode == default and not any(_overlap(new, rule) for rule in kept):
        return kept
    return (*kept, new)


def _covers(one: Passage, other: Passage) -> bool:
    """Return whether wherever `other` holds `one` does."""
    scopes = ((one.nodes, other.nodes), (one.commodities, other.commodities))
    return (one.actor, one.through) == (other.actor, other.through) and all(
        not wide or (narrow and set(narrow) <= set(wide)) for wide, narrow in scopes
    )


def _overlap(one: Passage, other: Passage) -> bool:
    """Return whether both rules can hold at one node for one commodity."""
    scopes = ((one.nodes, other.nodes), (one.commodities, other.commodities))
    return (one.actor, one.through) == (other.actor, other.through) and all(
        not first or not second or set(first) & set(second) for first, second in scopes
    )


def _same(epoch: Epoch, state: _State) -> bool:
    holder, share, rules = state
    return holder is epoch.holder and share is epoch.share and rules == epoch.passage


def _epoch(start: float, end: float, state: _State, events: tuple[str, ...], *, index: int = 0) -> Epoch:
    holder, share, rules = state
    return Epoch(index=index, start=start, end=end, holder=holder, share=share, passage=rules, events=events)
