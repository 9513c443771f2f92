"""What a scenario may expect of its run: each check a frozen typed object, its fields named as in the file."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from corridor.errors import Fault
from corridor.scenario.measured import parse_check
from corridor.scenario.values import EventId, Instant, Name, Names, NotNegative, SomeNames

__all__ = [
    "ExpectDaysOfSupply",
    "ExpectDeliveries",
    "ExpectFalls",
    "ExpectMeasure",
    "ExpectPocket",
    "ExpectPockets",
    "ExpectReaches",
    "Expectation",
]


def _written(text: str) -> str:
    """Return a check that is well written; `ValueError` says what is wrong with another."""
    check = parse_check(text)
    if isinstance(check, Fault):
        raise ValueError(check.message)  # noqa: TRY004 (a wrong text, not a wrong type)
    return text


CheckText = Annotated[str, AfterValidator(_written)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Expected:
    """What every expectation has: its id, and why it is expected."""

    id: EventId
    """A name of its own, printed with its result."""
    why: str = ""
    """Why this is expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectPockets(_Expected):
    """The number of substantial pockets of `actor` at an instant; `transit` counts passage through others as well."""

    check: Literal["pockets"]
    actor: Name
    """Whose territory is looked at."""
    at: Instant
    """When."""
    equals: Annotated[int, Field(ge=0)]
    """The number of substantial pockets."""
    transit: bool = False
    """Whether roads through the territory of others, where passage allows, join pockets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectPocket(_Expected):
    """What the pocket around the place `of` includes and excludes."""

    check: Literal["pocket"]
    actor: Name
    """Whose pocket it is."""
    of: Name
    """A place inside the pocket."""
    at: Instant
    """When."""
    includes: Names = ()
    """Nodes that lie inside the pocket."""
    excludes: Names = ()
    """Nodes that do not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectReaches(_Expected):
    """Whether a truck of `actor` can drive from `from` to `to` (by whatever passage it has)."""

    check: Literal["reaches"]
    actor: Name
    """Who drives."""
    from_: Annotated[Name, Field(alias="from")]
    """The node it starts from."""
    to: Name
    """The node it wants to reach."""
    at: Instant
    """When."""
    equals: bool
    """Whether it can: true or false."""
    through: Names = ()
    """Nodes that the fastest route passes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectDeliveries(_Expected):
    """Tonnes delivered by road from places to places (ids of nodes or areas) that left after `after`."""

    check: Literal["deliveries"]
    from_: Annotated[SomeNames, Field(alias="from")]
    """Nodes or areas the goods come from."""
    to: SomeNames
    """Nodes or areas they go to."""
    commodities: Names = ()
    """What is counted; everything when left out."""
    after: Instant
    """Shipments that left after this instant."""
    until: Instant | None = None
    """And before this one; left out: the end."""
    at_least: NotNegative | None = None
    """Tonnes, at least."""
    at_most: NotNegative | None = None
    """Tonnes, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectDaysOfSupply(_Expected):
    """Days of supply of a place, or of an area, at an instant."""

    check: Literal["days_of_supply"]
    place: Name
    """A node or an area."""
    commodity: Name
    """Of what."""
    at: Instant
    """When."""
    at_least: NotNegative | None = None
    """Days, at least."""
    at_most: NotNegative | None = None
    """Days, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectFalls(_Expected):
    """Days of supply of a place, or of an area, fall from `after` to `until` and never rise above where they began."""

    check: Literal["falls"]
    place: Name
    """A node or an area."""
    commodity: Name
    """Of what."""
    after: Instant
    """From when."""
    until: Instant
    """Until when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectMeasure(_Expected):
    """Any measure that claims are held against, and how it is to stand: ``way_rank(regime, homs, …) == 1``."""

    check: Literal["measure"]
    that: CheckText
    """The measure with its arguments, a relation and a value."""


Expectation = Annotated[
    ExpectPockets | ExpectPocket | ExpectReaches | ExpectDeliveries | ExpectDaysOfSupply | ExpectFalls | ExpectMeasure,
    Field(discriminator="check"),
]
