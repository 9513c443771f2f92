"""What a scenario may say: frozen typed objects, named as in the file."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from corridor.policies import FairShare, NearestFirst

Status = Literal["confirmed", "reported", "claimed", "contested", "inferred", "denied", "reversed"]
Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]
Colour = Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Names = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """An actor: a name and a colour for the figures (`name_ar` for Arabic labels)."""

    name: str
    name_ar: str = ""
    colour: Colour


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """Who holds each node at the start: a dated column of the network's nodes, and exceptions by node id."""

    from_: Annotated[str, Field(alias="from")]
    except_: Annotated[dict[str, str], Field(alias="except")] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """How open each link is at the start: dated columns of the network's tables, and shares by link id."""

    roads: str
    pipelines: str
    except_: Annotated[dict[str, Share], Field(alias="except")] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageRule:
    """Whether `actor` may enter nodes held by `through` (an actor, or ``contested``).

    `nodes` and `commodities` narrow the rule (empty: all). A gate holds every convoy for `delay_hours` and lets
    `vehicles_per_day` through, one convoy after another.
    """

    actor: str
    through: str
    mode: Literal["free", "gate", "closed"]
    nodes: Names = ()
    commodities: Names = ()
    delay_hours: NotNegative = 0.0
    vehicles_per_day: Positive | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dated:
    """What every event says: when (`at`, between `earliest` and `latest`), how sure, from where."""

    id: str
    at: datetime
    earliest: datetime | None = None
    latest: datetime | None = None
    status: Status
    confidence: Literal["high", "medium", "low", ""] = ""
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlEvent(_Dated):
    """`actor` (``none``: nobody, contested) takes hold of `node`, one id or several."""

    kind: Literal["control"]
    node: Names
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEvent(_Dated):
    """`link`, by id or by its two ends, carries `capacity_share` from now on: 0 closed, 1 open.

    `classes` names the vehicle classes it holds for (empty: all).
    """

    kind: Literal["link"]
    link: Names
    capacity_share: Share
    classes: Names = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityEvent(_Dated):
    """A facility works at `rate_share` of its rate from now on: 0 stopped, 1 as usual."""

    kind: Literal["facility"]
    facility: Names
    rate_share: NotNegative


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvoyEvent(_Dated):
    """A convoy of `tonnes` of `commodity` from `from` to `to` under `actor`'s right of way, if permitted."""

    kind: Literal["convoy"]
    actor: str
    from_: Annotated[str, Field(alias="from")]
    to: str
    commodity: str
    tonnes: Positive
    permitted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationEvent(_Dated):
    """`persons` move from node `from` to node `to`; an empty `to` is out of the network, an empty `from` into it."""

    kind: Literal["population"]
    from_: Annotated[str, Field(alias="from")] = ""
    to: str = ""
    persons: Positive


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageEvent(_Dated):
    """The rule of passage changes; fields as in a passage rule."""

    kind: Literal["passage"]
    actor: str
    through: str
    mode: Literal["free", "gate", "closed"]
    nodes: Names = ()
    commodities: Names = ()
    delay_hours: NotNegative = 0.0
    vehicles_per_day: Positive | None = None


Event = Annotated[
    ControlEvent | LinkEvent | FacilityEvent | ConvoyEvent | PopulationEvent | PassageEvent,
    Field(discriminator="kind"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommodityChange:
    """What the scenario changes about a commodity: demand, kg a person and day everywhere; load of a vehicle, tonnes."""

    commodity: str
    demand_kg_per_person_day: NotNegative | None = None
    payload_tonnes: Positive | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityChange:
    """What the scenario changes about a facility of the network, from the start on."""

    facility: str
    rate_tonnes_per_day: NotNegative | None = None
    stock_tonnes: NotNegative | None = None
    capacity_tonnes: Positive | None = None
    active_from: datetime | None = None
    active_to: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rationing:
    """Where stock falls to `below_days` of demand, use of `commodity` is cut to `share`."""

    commodity: str
    below_days: Positive
    share: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Hoarding:
    """Demand for `commodity` is multiplied by `factor` from `from` until `until`, at `places` (empty: everywhere)."""

    commodity: str
    factor: NotNegative
    from_: Annotated[datetime, Field(alias="from")]
    until: datetime
    places: Names = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """What is supplied, how it is used, and who is served from where.

    `trip_time_factor` multiplies free-flow truck hours (checkpoints, night, fuel stops); `travel_noise_share` is the
    standard deviation of a convoy's travel time as a share of it.
    """

    commodities: Names
    commodity_changes: tuple[CommodityChange, ...] = ()
    facilities: tuple[FacilityChange, ...] = ()
    policy: Annotated[NearestFirst | FairShare, Field(discriminator="kind")]
    rationing: tuple[Rationing, ...] = ()
    hoarding: tuple[Hoarding, ...] = ()
    fallen_stock: Literal["passes", "destroyed", "evacuated"] = "passes"
    trip_time_factor: Positive = 1.6
    loading_hours: NotNegative = 2.0
    unloading_hours: NotNegative = 2.0
    travel_noise_share: Annotated[float, Field(ge=0, le=1)] = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """How many replications, and the seed they all come from."""

    replications: Annotated[int, Field(ge=1)] = 1
    seed: Annotated[int, Field(ge=0)] = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """Which places have curves, which pairs of anchors are followed, and at which instants the maps are drawn."""

    places: Names = ()
    anchors: Names = ()
    maps: tuple[datetime, ...] = ()
    maps_actor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Expected:
    """What every expectation has: its id, and why it is expected."""

    id: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectPockets(_Expected):
    """The number of substantial pockets of `actor` at an instant; `transit` counts passage through others as well."""

    check: Literal["pockets"]
    actor: str
    at: datetime
    equals: Annotated[int, Field(ge=0)]
    transit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectPocket(_Expected):
    """What the pocket around the place `of` includes and excludes."""

    check: Literal["pocket"]
    actor: str
    of: str
    at: datetime
    includes: Names = ()
    excludes: Names = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectReaches(_Expected):
    """Whether a truck of `actor` can drive from `from` to `to` (by whatever passage it has)."""

    check: Literal["reaches"]
    actor: str
    from_: Annotated[str, Field(alias="from")]
    to: str
    at: datetime
    equals: bool
    through: Names = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectDeliveries(_Expected):
    """Tonnes delivered by road from places to places (ids of nodes or areas) that left after `after`."""

    check: Literal["deliveries"]
    from_: Annotated[Names, Field(alias="from")]
    to: Names
    commodities: Names = ()
    after: datetime
    until: datetime | None = None
    at_least: NotNegative | None = None
    at_most: NotNegative | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectDaysOfSupply(_Expected):
    """Days of supply of a place, or of an area, at an instant."""

    check: Literal["days_of_supply"]
    place: str
    commodity: str
    at: datetime
    at_least: NotNegative | None = None
    at_most: NotNegative | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectFalls(_Expected):
    """Days of supply of a place, or of an area, fall from `after` to `until` and never rise above where they began."""

    check: Literal["falls"]
    place: str
    commodity: str
    after: datetime
    until: datetime


Expectation = Annotated[
    ExpectPockets | ExpectPocket | ExpectReaches | ExpectDeliveries | ExpectDaysOfSupply | ExpectFalls,
    Field(discriminator="check"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A whole scenario, its base merged in and its event tables read."""

    name: Identifier
    title: str
    why: str = ""
    network: str
    start: datetime
    end: datetime
    warmup_days: NotNegative = 0.0
    population: str
    actors: dict[Identifier, Actor]
    control: Control
    links: Links
    overlook: bool = True
    passage: tuple[PassageRule, ...] = ()
    events: tuple[Event, ...] = ()
    supply: Supply
    draw: Draw = field(default_factory=Draw)
    show: Show = field(default_factory=Show)
    expect: tuple[Expectation, ...] = ()
