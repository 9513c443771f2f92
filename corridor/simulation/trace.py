"""What one replication leaves behind."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["LedgerRow", "Shipment", "Stockout", "Trace"]

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """One convoy or pipeline batch; times in hours since the start, positions of nodes, commodity and actor.

    `destination` is where it ended or is bound for, `ordered` where it was first sent; `route` the nodes passed so
    far, `km` what was driven. `departed` is when it had loaded (nan when captured before), `arrived` when it had
    unloaded (nan while under way, or when captured or refused).
    """

    id: int
    mode: Literal["road", "pipeline", "aid"]
    actor: int
    commodity: int
    origin: int
    ordered: int
    destination: int
    vehicles: int
    tonnes: float
    departed: float
    arrived: float
    km: float
    route: tuple[int, ...]
    outcome: Literal["delivered", "diverted", "turned back", "captured", "refused", "under way"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stockout:
    """The people of a node (position) have none of a commodity from `start` to `end` (hours; `inf`: still so)."""

    node: int
    commodity: int
    start: float
    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """What one account held at the start and at the end, and what went in and out between, tonnes.

    `account` is source, stock, in transit, pipe fill, consumed, converted, captured, destroyed or exported; stock has a
    `holder` (actor position, -1: nobody), other accounts -1. Over all accounts of a commodity the changes sum to
    zero (source counts what it gave as negative).
    """

    commodity: int
    account: str
    holder: int
    opening: float
    inflow: float
    outflow: float
    closing: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trace:
    """Hold the numbers of one replication: t instants, p reported nodes, k commodities; tonnes, hours, km.

    `time` (t,) hours from 0 to the end, hourly; `place` (p,) node positions. Of shape (t, p, k): `stock`, `demand`
    (tonnes a day, at full use; where a refinery is fed, its intake), and cumulated since the start `consumed`, `unmet`
    and `received` (by road, pipeline or aid). `events_processed` counts the warm-up too, but no changes of control.
    """

    time: Floats
    place: Ints
    stock: Floats
    demand: Floats
    consumed: Floats
    unmet: Floats
    received: Floats
    shipments: tuple[Shipment, ...]
    stockouts: tuple[Stockout, ...]
    ledger: tuple[LedgerRow, ...]
    events_processed: int
