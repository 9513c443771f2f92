"""Who holds what, which links are open and who may pass, from when to when."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from corridor.network import Network

__all__ = [
    "CONTESTED",
    "Change",
    "ControlTimeline",
    "Epoch",
    "Passage",
    "enterable",
    "epochs",
    "passable",
]

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

CONTESTED = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Say whether `actor` may enter nodes held by `through` (CONTESTED: by nobody).

    `nodes` and `commodities` are positions (empty: all); `delay` hours and `rate` vehicles an hour hold for a gate.
    """

    actor: int
    through: int
    mode: Literal["free", "gate", "closed"]
    nodes: tuple[int, ...] = ()
    commodities: tuple[int, ...] = ()
    delay: float = 0.0
    rate: float = float("inf")


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
    """Return the maximal intervals of constant control from `start` to `end`; the first holds the initial state."""
    raise NotImplementedError


def enterable(epoch: Epoch, actor: int, *, transit: bool = True, commodity: int | None = None) -> Mask:
    """Return which nodes `actor` may enter, shape (n,): its own, and with `transit` those its passages open."""
    raise NotImplementedError


def passable(
    network: Network, epoch: Epoch, nodes: Mask, *, overlook: bool, vehicle: int | None = None
) -> Mask:
    """Return which road links join enterable `nodes`, are open (to `vehicle`, None: to any) and not overlooked, (m,)."""
    raise NotImplementedError
