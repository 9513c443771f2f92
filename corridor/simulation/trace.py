"""What one replication leaves behind."""

from dataclasses import dataclass
from typing import Literal

from corridor.network import Floats, Ints

__all__ = ["GateRecord", "LedgerRow", "Outcome", "Shipment", "Stockout", "Trace", "Transfer"]


Outcome = Literal["delivered", "partly unloaded", "diverted", "turned back", "captured", "refused", "under way"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """One convoy or pipeline batch; times in hours since the start, positions of nodes, commodity and actor.

    `destination` is where it ended or is bound for, `ordered` where it was first sent; `route` the nodes passed so
    far, `km` what was driven, `waited` the hours it stood at gates until it was served. `departed` is when it had
    loaded (nan when captured before), `arrived` when it had unloaded (nan while under way, or when captured or
    refused). Of `tonnes` it has `unloaded` so many; aid that is partly unloaded takes the rest back. `loaded` is when
    the load was taken out of the stock at `origin`, `ended` when the outcome was known (nan while under way).
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
    outcome: Outcome
    waited: float = 0.0
    unloaded: float = 0.0
    loaded: float = float("nan")
    ended: float = float("nan")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """What moved from one account into another since the start, tonnes; accounts and holders as in `LedgerRow`."""

    commodity: int
    out_of: str
    out_of_holder: int
    into: str
    into_holder: int
    tonnes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRecord:
    """What one gate did since the start: the `actor` whose convoys it lets into `node`, or over `link` (-1: neither).

    `convoys` and `vehicles` that were served, `waited` hours that they waited for it altogether (convoys, not
    vehicles), the `longest` such wait, and the most vehicles that waited at once.
    """

    actor: int
    node: int
    link: int
    convoys: int
    vehicles: int
    waited: float
    longest: float
    most_vehicles: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trace:
    """Hold the numbers of one replication: t instants, p reported nodes, k commodities; tonnes, hours, km.

    `time` (t,) hours from 0 to the end, at one interval but for the last; `place` (p,) node positions. Of shape
    (t, p, k): `stock`, `demand` (tonnes a day, at full use; where a refinery is fed, its intake), and cumulated since
    the start `consumed`, `unmet`, `received` (by road, pipeline or aid) and `made` (by the sources and converters
    there). `persons` (t, p) is who lives at each place; `queue` (t, g) the vehicles that wait at each of the g
    `gates`, in their order. `transfers` are the movements between accounts of the ledger. `events_processed` counts the
    warm-up too, but no changes of control.
    """

    time: Floats
    place: Ints
    stock: Floats
    demand: Floats
    consumed: Floats
    unmet: Floats
    received: Floats
    made: Floats
    persons: Floats
    queue: Floats
    shipments: tuple[Shipment, ...]
    stockouts: tuple[Stockout, ...]
    ledger: tuple[LedgerRow, ...]
    transfers: tuple[Transfer, ...]
    gates: tuple[GateRecord, ...]
    events_processed: int
