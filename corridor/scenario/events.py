"""What an event may say: each kind a frozen typed object, its fields named as in the file."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from corridor.scenario.values import (
    Clock,
    Confidence,
    EventId,
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
    "ControlEvent",
    "ConvoyEvent",
    "Event",
    "FacilityEvent",
    "LinkEvent",
    "PassageEvent",
    "PassageTerms",
    "PopulationEvent",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dated:
    """What every event says: when, how sure, from where."""

    id: EventId
    """A name of its own, so that a what-if can leave the event out by `without`."""
    at: Instant
    """The time used where none is drawn, with its UTC offset."""
    earliest: Instant | None = None
    """The beginning of the window that the time lies in."""
    latest: Instant | None = None
    """The end of the window that the time lies in."""
    status: Status
    """How sure the record is; a `denied` event is never applied."""
    confidence: Confidence = ""
    """How much the compiler of the record trusts it."""
    source: Name
    """Where this is known from: a key of the list of sources, or an address."""
    note: str = ""
    """Anything a reader should know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlEvent(_Dated):
    """`actor` (``none``: nobody, contested) takes hold of `node`, one id or several."""

    kind: Literal["control"]
    node: SomeNames
    """The node, or several, that change hands."""
    actor: Name
    """Who holds it from now on; `none` is contested."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEvent(_Dated):
    """`link`, by id or by its two ends, carries `capacity_share` from now on: 0 closed, 1 open.

    `classes` names the vehicle classes it holds for (empty: all).
    """

    kind: Literal["link"]
    link: SomeNames
    """The link: its id, several ids, or the two nodes it joins."""
    capacity_share: Share
    """The share of its capacity it carries from now on: 0 closed, 1 open."""
    classes: Names = ()
    """The vehicle classes this holds for; all when left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityEvent(_Dated):
    """A facility works at `rate_share` of its rate from now on: 0 stopped, 1 as usual."""

    kind: Literal["facility"]
    facility: SomeNames
    """The facility, or several, by id."""
    rate_share: NotNegative
    """The share of its everyday rate it works at from now on: 0 stopped, 1 as usual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvoyEvent(_Dated):
    """A convoy of `tonnes` of `commodity` from `from` to `to` under `actor`'s right of way, if permitted."""

    kind: Literal["convoy"]
    actor: Name
    """Under whose right of way it drives."""
    from_: Annotated[Name, Field(alias="from")]
    """The node it leaves."""
    to: Name
    """The node it is bound for."""
    commodity: Name
    """What it carries."""
    tonnes: Positive
    """How much it carries."""
    permitted: bool = True
    """Whether it is let through; a refused convoy is recorded and delivers nothing."""
    unloaded_share: Share = 1.0
    """The share of its load that is unloaded where it was promised; the rest goes back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationEvent(_Dated):
    """`persons` move from node `from` to node `to`; an empty `to` is out of the network, an empty `from` into it."""

    kind: Literal["population"]
    from_: Annotated[str, Field(alias="from")] = ""
    """The node they leave; left out: they come from outside the network."""
    to: str = ""
    """The node they go to; left out: they leave the network."""
    persons: Positive
    """How many move."""
    over_hours: NotNegative = 0.0
    """Over how many hours from `at` on they leave, evenly; their vehicles then slow others on the roads they take."""


@dataclass(frozen=True, kw_only=True)
class PassageTerms:
    """Whether `actor` may enter nodes held by `through` (an actor, or ``contested``), and what a gate does there.

    `nodes` and `commodities` narrow it (empty: all). A gate lets one convoy after another through each of its
    `servers`; a vehicle that is inspected takes `service_minutes` on average (or as long as `vehicles_per_day` allow),
    and the convoy is then held for `delay_hours`.
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
    """How long a gate holds each convoy after it was served."""
    vehicles_per_day: Positive | None = None
    """How many vehicles a gate lets through in the hours it is open a day; left out: any number."""
    servers: Annotated[int, Field(ge=1, le=1000)] = 1
    """How many convoys a gate serves at once, each vehicle of a convoy after the other."""
    service: Literal["constant", "exponential", "lognormal"] = "constant"
    """How the time that a vehicle takes is spread around its mean."""
    service_minutes: Positive | None = None
    """Minutes that an inspected vehicle takes on average, in place of `vehicles_per_day`."""
    service_variation: Positive = 0.5
    """Standard deviation of a lognormal service time as a share of its mean."""
    opens: Clock = "00:00"
    """From what hour of the day a gate begins to serve, in the scenario's own time."""
    closes: Clock = "24:00"
    """From what hour on it begins with nobody more."""
    inspected_share: Share = 1.0
    """The share of the vehicles that a gate inspects; the others drive through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageEvent(_Dated, PassageTerms):
    """The rule of passage changes; fields as in a passage rule."""

    kind: Literal["passage"]


Event = Annotated[
    ControlEvent | LinkEvent | FacilityEvent | ConvoyEvent | PopulationEvent | PassageEvent,
    Field(discriminator="kind"),
]
