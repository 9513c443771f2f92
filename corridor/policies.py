"""Who is supplied from where: each policy a frozen dataclass with one pure method, and what it is told."""

from dataclasses import dataclass, field
from typing import Annotated, Literal, Protocol

import numpy as np
from annotated_types import Gt
from numpy.typing import NDArray

__all__ = ["FairShare", "NearestFirst", "Order", "Policy", "Situation"]

Floats = NDArray[np.float64]
Positive = Annotated[float, Gt(0)]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Situation:
    """Say what a policy may know when it allots one commodity among the places of one actor.

    `hours` is the travel time from each of s suppliers (rows) to each of d places in need (columns), shape (s, d),
    `inf` where there is no way or no right to ship; `available` tonnes each supplier can give, shape (s,);
    `demand` tonnes an hour of each place, `position` tonnes it has or is about to get (stock and in transit) and
    `target` tonnes it should have, each of shape (d,).
    """

    hours: Floats
    available: Floats
    demand: Floats
    position: Floats
    target: Floats


@dataclass(frozen=True, slots=True)
class Order:
    """Ask for `tonnes` from the supplier in row `supplier` to the place in column `place` of a situation."""

    supplier: int
    place: int
    tonnes: float


class Policy(Protocol):
    """What the simulator asks of a policy; `target_days` is by commodity id, with ``default`` for the others."""

    review_hours: float
    target_days: dict[str, float]

    def allot(self, situation: Situation) -> list[Order]:
        """Return the orders to place now: never more than is available, never to the unreachable."""
        ...
