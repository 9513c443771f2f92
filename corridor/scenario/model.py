"""What a scenario may say: frozen typed objects, named as in the file."""

from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field

from corridor.policies import FairShare, NearestFirst
from corridor.scenario.events import (
    ControlEvent,
    ConvoyEvent,
    Event,
    FacilityEvent,
    LinkEvent,
    PassageEvent,
    PopulationEvent,
)
from corridor.scenario.expectations import (
    Expectation,
    ExpectDaysOfSupply,
    ExpectDeliveries,
    ExpectFalls,
    ExpectPocket,
    ExpectPockets,
    ExpectReaches,
)
from corridor.scenario.values import (
    Colour,
    Identifier,
    Instant,
    Mode,
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
    "Draw",
    "Event",
    "ExpectDaysOfSupply",
    "ExpectDeliveries",
    "ExpectFalls",
    "ExpectPocket",
    "ExpectPockets",
    "ExpectReaches",
    "Expectation",
    "FacilityChange",
    "FacilityEvent",
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


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageRule:
    """Whether `actor` may enter nodes held by `through` (an actor, or ``contested``).

    `nodes` and `commodities` narrow the rule (empty: all). A gate holds every convoy for `delay_hours` and lets
    `vehicles_per_day` through, one convoy after another.
    """

    actor: Name
    """Whose passage it is."""
    through: Name
    """Whose nodes it enters: an actor, or `contested`."""
    mode: Mode
    """Free, through a gate, or closed."""
    nodes: Names = ()
    """The nodes this holds for; all when left out."""
    commodities: Names = ()
    """The commodities this holds for; all when left out."""
    delay_hours: NotNegative = 0.0
    """How long a gate holds each convoy."""
    vehicles_per_day: Positive | None = None
    """How many vehicles a gate lets through a day; left out: any number."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Rationing:
    """Where stock falls to `below_days` of demand, use of `commodity` is cut to `share`."""

    commodity: Name
    """What is rationed."""
    below_days: Positive
    """Rationing begins when the stock lasts no longer than this."""
    share: Share
    """The share of everyday use that is given out."""


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
class Supply:
    """What is supplied, how it is used, and who is served from where.

    `trip_time_factor` multiplies free-flow truck hours (checkpoints, night, fuel stops); `travel_noise_share` is the
    standard deviation of a convoy's travel time as a share of it.
    """

    commodities: SomeNames
    """Which commodities of the network are followed."""
    commodity_changes: tuple[CommodityChange, ...] = ()
    """What differs from the network's table of commodities."""
    facilities: tuple[FacilityChange, ...] = ()
    """What differs from the network's table of facilities."""
    policy: Annotated[NearestFirst | FairShare, Field(discriminator="kind")]
    """Who is served first when there is not enough: fair_share or nearest_first."""
    rationing: tuple[Rationing, ...] = ()
    """When and by how much use is cut."""
    hoarding: tuple[Hoarding, ...] = ()
    """When and by how much demand rises."""
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
