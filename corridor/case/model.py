"""What a bound scenario is made of: positions instead of names, hours instead of dates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from corridor.control import ControlTimeline, Epoch, enterable, passable
from corridor.network import Floats, Ints, Mask, Network
from corridor.scenario.model import Scenario

__all__ = [
    "DEPOT_TIER",
    "NO_TIER",
    "PLACE_TIER",
    "SOURCE_TIER",
    "AidConvoy",
    "Case",
    "DemandChange",
    "DisplacementRule",
    "EventUse",
    "Movement",
    "Pipe",
    "RateChange",
    "Source",
    "SupplyCase",
]


SOURCE_TIER, DEPOT_TIER, PLACE_TIER, NO_TIER = 0, 1, 2, -1
"""What a node is for a commodity: goods move by road from a lower tier to a higher one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A facility that puts out a commodity: production, import, one product of a converter, or a power plant.

    `node` and `commodity` are positions; `rate` tonnes an hour; for a converter, `intake` is the tonnes an hour of
    commodity `feed` that its node runs at full rate, `rate` the product at that throughput, and `minimum` the least
    share of the intake it can run at. A power plant has no `commodity` (-1) and puts out `output` megawatts at full
    intake. Where `cargo` is more than 0, an import comes in ships of so many tonnes, one every ``cargo / rate`` hours,
    one of them at `first`. It works from `start` to `end` (hours; may be infinite).
    """

    id: str
    node: int
    commodity: int
    rate: float
    feed: int = -1
    intake: float = 0.0
    minimum: float = 0.0
    output: float = 0.0
    cargo: float = 0.0
    first: float = 0.0
    start: float = -float("inf")
    end: float = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipe:
    """A pipeline that carries a commodity of the case: its link, `capacity` tonnes an hour and `transit` hours.

    With `across` it works when its two ends are in different hands too.
    """

    link: int
    commodity: int
    capacity: float
    transit: float
    across: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RateChange:
    """A facility works at `share` of its rate from `time` on; `source` is its position in `sources`."""

    time: float
    event: str
    source: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandChange:
    """From `time` on the demand at `nodes` for `commodity` is `factor` times the everyday one: hoarding."""

    time: float
    event: str
    nodes: tuple[int, ...]
    commodity: int
    factor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """`persons` leave node `origin` (-1: they come from outside) for `destination` (-1: they leave the network).

    They leave evenly over `hours` from `time` on (0: all at once), and what they use moves with them.
    """

    time: float
    event: str
    origin: int
    destination: int
    persons: float
    hours: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplacementRule:
    """A share of the people of `nodes` leaves, `share` a day, while a node is contested or out of `commodity` (-1).

    They go to the nodes `to` in equal parts, or (empty) to the nearest place in the hands of who held theirs last.
    """

    nodes: tuple[int, ...]
    commodity: int
    share: float
    to: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AidConvoy:
    """A dated convoy of `tonnes` of a commodity from a node to a node under an actor's right of way, if `permitted`.

    Of its load the share `unloaded` is unloaded where it was promised; the rest goes back.
    """

    time: float
    event: str
    actor: int
    origin: int
    destination: int
    commodity: int
    tonnes: float
    permitted: bool = True
    unloaded: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SupplyCase:
    """Supply as positions, n nodes and k commodities; tonnes and hours.

    `rate` (n, k) everyday demand, tonnes a person and hour; `demand` (n, k) the same times the people, tonnes an
    hour; `stock` (n, k) on record for the start; `capacity` (n, k) what can be stored (`inf`: no limit);
    `target` (n, k) order-up-to level, tonnes (0: does not order); `tier` (n, k) one of `SOURCE_TIER` and the like;
    `vehicle` (k,) vehicle class of each commodity or -1; `payload` (k,) tonnes a vehicle;
    `fleet` (n, c) vehicles at home at each node by class; `bays` how many can load at once at a node (not there: any
    number); `order` (k,) the commodities in the order in which vehicles are given to them, `rank` (n,) the place's
    rank where a policy serves some before others (0 first);
    `ration_level` (n, k, r) the stocks, tonnes, falling along the last axis (0: no further step), at and below which
    use is cut to `ration_share` (n, k, r) of demand.
    """

    commodities: tuple[str, ...]
    vehicles: tuple[str, ...]
    rate: Floats
    demand: Floats
    stock: Floats
    capacity: Floats
    target: Floats
    tier: Ints
    vehicle: Ints
    payload: Floats
    fleet: Ints
    bays: Mapping[int, int]
    order: tuple[int, ...]
    rank: Ints
    ration_level: Floats
    ration_share: Floats
    sources: tuple[Source, ...]
    pipes: tuple[Pipe, ...]
    rate_changes: tuple[RateChange, ...]
    demand_changes: tuple[DemandChange, ...]
    movements: tuple[Movement, ...]
    displacement: tuple[DisplacementRule, ...]
    aid: tuple[AidConvoy, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventUse:
    """What became of an event: `time` used (hours), or the reason `why_not` it was not applied."""

    event: int
    time: float
    applied: bool
    why_not: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Case:
    """Hold all that a replication needs, picklable and read-only; times are hours since `scenario.start`.

    A run goes from ``-warmup`` to `end`; nothing before 0 is reported.
    """

    scenario: Scenario
    network: Network
    actors: tuple[str, ...]
    warmup: float
    end: float
    population: Floats
    timeline: ControlTimeline
    epochs: tuple[Epoch, ...]
    supply: SupplyCase
    uses: tuple[EventUse, ...]

    def hour(self, instant: datetime) -> float:
        """Return an instant as hours since the scenario's start."""
        return (instant - self.scenario.start) / timedelta(hours=1)

    def instant(self, hour: float) -> datetime:
        """Return hours since the scenario's start as an instant in the scenario's own offset, to the second."""
        return self.scenario.start + timedelta(seconds=round(hour * 3600))

    def written(self, hour: float) -> str:
        """Return hours since the scenario's start as ``8 Dec 01:30``, with the year where the scenario sees several."""
        instant = self.instant(hour)
        year = f" {instant.year}" if self.scenario.start.year != self.scenario.end.year else ""
        return f"{instant.day} {instant:%b}{year} {instant:%H:%M}"

    def drivable(
        self,
        epoch: Epoch,
        actor: int,
        *,
        transit: bool = True,
        commodity: int | None = None,
        vehicle: int | None = None,
    ) -> Mask:
        """Return the road links that `actor` can drive in `epoch`, shape (m,): see `enterable` and `passable`."""
        nodes = enterable(epoch, actor, transit=transit, commodity=commodity)
        return passable(self.network, epoch, nodes, overlook=self.scenario.overlook, vehicle=vehicle)

    def epoch_at(self, hour: float) -> Epoch:
        """Return the epoch that holds at `hour`: the later one where two meet."""
        starts = [epoch.start for epoch in self.epochs]
        return self.epochs[max(0, int(np.searchsorted(starts, hour, side="right")) - 1)]
