"""What a scenario may say: frozen typed objects, named as in the file."""

from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field

from corridor.policies import FairShare, NearestFirst, Optimal, Priority
from corridor.scenario.events import (
    ControlEvent,
    ConvoyEvent,
    Event,
    FacilityEvent,
    LinkEvent,
    PassageEvent,
    PassageTerms,
    PopulationEvent,
)
from corridor.scenario.expectations import (
    Expectation,
    ExpectDaysOfSupply,
    ExpectDeliveries,
    ExpectFalls,
    ExpectMeasure,
    ExpectPocket,
    ExpectPockets,
    ExpectReaches,
)
from corridor.scenario.values import (
    Colour,
    Identifier,
    Instant,
    Name,
    Names,
    NotNegative,
    Positive,
    Share,
    SomeNames,
    Status,
)

__all__ = [
    "Actor",
    "CommodityChange",
    "Control",
    "ControlEvent",
    "ConvoyEvent",
    "Displacement",
    "Draw",
    "Event",
    "ExpectDaysOfSupply",
    "ExpectDeliveries",
    "ExpectFalls",
    "ExpectMeasure",
    "ExpectPocket",
    "ExpectPockets",
    "ExpectReaches",
    "Expectation",
    "FacilityChange",
    "FacilityEvent",
    "FleetChange",
    "Hoarding",
    "LinkEvent",
    "Links",
    "PassageEvent",
    "PassageRule",
    "PopulationEvent",
    "Rationing",
    "Scenario",
    "Show",
    "Status",
    "Supply",
    "Traffic",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """An actor: a name and a colour for the figures (`name_ar` for Arabic labels)."""

    name: Name
    """The name, as figures and tables print it."""
    name_ar: str = ""
    """The name in Arabic."""
    colour: Colour
    """Its colour in the figures, in quotes, such as "#0072B2"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """Who holds each node at the start: a dated column of the network's nodes, and exceptions by node id."""

    from_: Annotated[Name, Field(alias="from")]
    """A dated column of the network's nodes, such as control_2024_11_26; `none` there is contested."""
    except_: Annotated[dict[str, Name], Field(alias="except")] = field(default_factory=dict)
    """Exceptions: node id and who holds it (`none`: contested)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """How open each link is at the start: dated columns of the network's tables, and shares by link id."""

    roads: Name
    """A dated column of the network's roads: 0 closed, 1 open."""
    pipelines: Name
    """A dated column of the network's pipelines: 0 closed, 1 open."""
    except_: Annotated[dict[str, Share], Field(alias="except")] = field(default_factory=dict)
    """Exceptions: link id and the share of its capacity that is open."""
    across_fronts: Names = ()
    """Ids of pipelines that keep flowing when their two ends are in different hands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageRule(PassageTerms):
    """A rule of passage that holds from the start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommodityChange:
    """What the scenario changes about a commodity of the network: demand, and load of a vehicle."""

    commodity: Name
    """Which commodity."""
    demand_kg_per_person_day: NotNegative | None = None
    """What a person uses a day, kg, everywhere."""
    payload_tonnes: Positive | None = None
    """What one vehicle carries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityChange:
    """What the scenario changes about a facility of the network, from the start on."""

    facility: Name
    """Which facility, by id."""
    rate_tonnes_per_day: NotNegative | None = None
    """What it puts out a day."""
    stock_tonnes: NotNegative | None = None
    """What it has in stock at the beginning."""
    capacity_tonnes: Positive | None = None
    """What it can store."""
    active_from: Instant | None = None
    """It works from this instant on."""
    active_to: Instant | None = None
    """It works until this instant."""
    cargo_tonnes: Positive | None = None
    """What one ship brings; an import then comes in cargoes at the facility's rate on average."""
    every_days: Positive | None = None
    """Days from one ship to the next; its rate follows from this and the cargo."""
    first_cargo: Instant | None = None
    """When a ship comes in; the others follow from it, before and after."""
    minimum_run_share: Share | None = None
    """The least share of its intake that a converter can run at; with less feed it stops."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetChange:
    """How many vehicles of a class are at home at a node, in place of what the network's table says."""

    node: Name
    """Where they are at home."""
    vehicle: Name
    """The vehicle class, such as tanker."""
    vehicles: Annotated[int, Field(ge=0, le=1_000_000)]
    """How many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rationing:
    """Where stock falls to `below_days` of demand, use of `commodity` is cut to `share`."""

    commodity: Name
    """What is rationed."""
    below_days: Positive
    """Rationing begins when the stock lasts no longer than this."""
    share: Share
    """The share of everyday use that is given out."""
    places: Names = ()
    """Nodes or areas it holds for; everywhere when left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hoarding:
    """Demand for `commodity` is multiplied by `factor` from `from` until `until`, at `places` (empty: everywhere)."""

    commodity: Name
    """What people buy more of."""
    factor: NotNegative
    """How many times everyday demand."""
    from_: Annotated[Instant, Field(alias="from")]
    """From when."""
    until: Instant
    """Until when."""
    places: Names = ()
    """Where; everywhere when left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Displacement:
    """People leave a place while it is contested, or while it has none of a commodity, so many a day."""

    when: Literal["contested", "stockout"]
    """While the place is contested, or while `commodity` is out there."""
    commodity: str = ""
    """What is out, such as flour; only with `stockout`."""
    share_per_day: Annotated[float, Field(gt=0, lt=1)]
    """The share of those who are there that leave in a day."""
    places: Names = ()
    """Nodes or areas it holds for; everywhere when left out."""
    to: Names = ()
    """Nodes they go to, in equal parts; the nearest place they can reach in the same hands when left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """How the vehicles of people who move slow others down: the function of the Bureau of Public Roads (1964)."""

    persons_per_vehicle: Positive = 6.0
    """How many people one vehicle takes."""
    alpha: NotNegative = 0.15
    """By what share a road at capacity is slower than an empty one."""
    beta: Positive = 4.0
    """How steeply that grows with traffic."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """What is supplied, how it is used, and who is served from where.

    `trip_time_factor` multiplies free-flow truck hours (checkpoints, night, fuel stops); `travel_noise_share` is the
    standard deviation of a convoy's travel time as a share of it.
    """

    commodities: SomeNames
    """Which commodities of the network are followed."""
    areas: Names = ()
    """The supply areas whose people are followed; all when left out."""
    commodity_changes: tuple[CommodityChange, ...] = ()
    """What differs from the network's table of commodities."""
    facilities: tuple[FacilityChange, ...] = ()
    """What differs from the network's table of facilities."""
    fleets: tuple[FleetChange, ...] = ()
    """What differs from the network's table of vehicles."""
    loading_bays: dict[str, Annotated[int, Field(ge=1, le=100_000)]] = field(default_factory=dict)
    """How many vehicles can load at once at a node; any number where it is left out."""
    policy: Annotated[NearestFirst | FairShare | Priority | Optimal, Field(discriminator="kind")]
    """Who is served first when there is not enough: fair_share, nearest_first, priority or optimal."""
    rationing: tuple[Rationing, ...] = ()
    """When and by how much use is cut."""
    hoarding: tuple[Hoarding, ...] = ()
    """When and by how much demand rises."""
    displacement: tuple[Displacement, ...] = ()
    """When people leave of themselves, and how many."""
    traffic: Traffic = field(default_factory=Traffic)
    """How the vehicles of people who move slow others down."""
    fallen_stock: Literal["passes", "destroyed", "evacuated"] = "passes"
    """What becomes of the stock of a place that changes hands."""
    trip_time_factor: Positive = 1.6
    """Truck hours door to door over free-flow hours: checkpoints, night, fuel stops."""
    loading_hours: NotNegative = 2.0
    """Hours to load a convoy."""
    unloading_hours: NotNegative = 2.0
    """Hours to unload a convoy."""
    travel_noise_share: Share = 0.0
    """Standard deviation of a convoy's travel time as a share of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """How many replications, and the seed they all come from."""

    replications: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    """How many times the scenario is run, each with its own luck."""
    seed: Annotated[int, Field(ge=0)] = 0
    """Where the luck comes from: the same seed gives the same results."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """Which places have curves, which anchors are followed pair by pair, and at which instants the maps are drawn."""

    places: Names = ()
    """Places that have curves of their own."""
    anchors: Names = ()
    """Places whose connections with each other are followed over time."""
    maps: tuple[Instant, ...] = ()
    """Instants at which the territory is drawn."""
    maps_actor: str = ""
    """The actor whose pockets are told apart on the maps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A whole scenario, its base merged in and its event tables read."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

    name: Identifier
    """The name of its results: lower-case letters, digits and _."""
    title: Name
    """What the figures are headed with."""
    why: str = ""
    """The question it is written to answer."""
    network: Name
    """A network that comes with the program, such as central_syria, or the folder of one's own."""
    start: Instant
    """When it begins, with the UTC offset that all results are printed in."""
    end: Instant
    """When it ends."""
    warmup_days: Annotated[float, Field(ge=0, le=366)] = 0.0
    """Days run before the start, so that stocks and roads are in their everyday state; not reported."""
    population: Name
    """A dated column of the network's nodes: who lives, and is supplied, where."""
    actors: Annotated[dict[Identifier, Actor], Field(min_length=1)]
    """Who may hold a place, each by a short id."""
    control: Control
    """Who holds each node at the start."""
    links: Links
    """How open each link is at the start."""
    overlook: bool = True
    """Whether those who hold a place beside a road command the road."""
    passage: tuple[PassageRule, ...] = ()
    """Who may enter whose territory; by default everyone their own and no other."""
    events: tuple[Event, ...] = ()
    """What happens: events, and tables of events (CSV) beside this file."""
    supply: Supply
    """What is supplied, how it is used, and who is served from where."""
    draw: Draw = field(default_factory=Draw)
    """How many replications, from which seed."""
    show: Show = field(default_factory=Show)
    """What the figures show."""
    expect: tuple[Expectation, ...] = ()
    """Findings that are checked after every run."""
    skip_outside: Names = ()
    """Ids of the events that may lie outside `start` and `end`: those of tables read with ``outside: skip``."""
