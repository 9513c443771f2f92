"""The smallest things a scenario says: names, numbers with their bounds, instants."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

__all__ = [
    "IDENTIFIER",
    "Clock",
    "Colour",
    "Confidence",
    "EventId",
    "Identifier",
    "Instant",
    "Mode",
    "Name",
    "Names",
    "NotNegative",
    "Positive",
    "Share",
    "SomeNames",
    "Status",
    "mend_instant",
    "read_instant",
]

IDENTIFIER = r"^[a-z][a-z0-9_]{0,59}$"
EXAMPLE = "2024-12-06T02:00+03:00"
FIRST_YEAR, LAST_YEAR = 1900, 2100
INSTANT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$"
OFFSET = r"(?P<offset>Z|[+-]\d\d:\d\d)"
LOOSE = re.compile(
    rf"(?P<date>\d{{4}}-\d\d-\d\d)(?:[T ](?P<clock>\d\d?:\d\d(?::\d\d)?)(?:\.\d+)?)? ?{OFFSET}?$", flags=re.ASCII
)


def read_instant(value: object, *, offset: str = "+03:00") -> datetime:
    """Return the instant that an ISO 8601 text with an offset from UTC names; `offset` is what advice suggests.

    Raises
    ------
    ValueError
        If it is anything else; the message says what is wrong and how to write it.
    """
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise ValueError(f"is not a time; write it as {EXAMPLE}")  # noqa: TRY004 (the validator reports no TypeError)
    if not re.match(INSTANT, value, flags=re.ASCII):
        raise ValueError(_what_is_wrong(value, offset))
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("is not in the calendar or on the clock") from None
    if not FIRST_YEAR <= instant.year < LAST_YEAR:
        raise ValueError(f"is not between the years {FIRST_YEAR} and {LAST_YEAR}")
    return instant


def mend_instant(value: str, *, offset: str) -> str:
    """Return how a nearly right time is written rightly, empty if that cannot be guessed."""
    match = LOOSE.match(value)
    if not match:
        return ""
    clock = match["clock"] or "00:00"
    mended = f"{match['date']}T{clock:0>{5 if clock.count(':') == 1 else 8}}{match['offset'] or offset}"
    try:
        read_instant(mended)
    except ValueError:
        return ""
    return mended


def _what_is_wrong(value: str, offset: str) -> str:
    mended = mend_instant(value, offset=offset)
    match = LOOSE.match(value)
    if match is None or not mended:
        return f"is not a time; write it as {EXAMPLE}"
    if match["clock"] is None:
        return f"has no time of day{'' if match['offset'] else ' and no UTC offset'}; write {mended}"
    return f"{'is not written as a time here' if match['offset'] else 'has no UTC offset'}; write {mended}"


def _several(value: Any) -> Any:  # noqa: ANN401 (whatever stands in the file)
    """Let one name stand for a list of one."""
    return (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else value


_ITEM = {"type": "string", "minLength": 1}
_ONE_OR_MORE = WithJsonSchema({"anyOf": [_ITEM, {"type": "array", "items": _ITEM, "minItems": 1}]})
_ANY_NUMBER = WithJsonSchema({"anyOf": [_ITEM, {"type": "array", "items": _ITEM}]})

Status = Literal["confirmed", "reported", "claimed", "contested", "inferred", "denied", "reversed"]
Confidence = Literal["high", "medium", "low", ""]
Mode = Literal["free", "gate", "closed"]
Name = Annotated[str, Field(min_length=1)]
Names = Annotated[tuple[Name, ...], BeforeValidator(_several), _ANY_NUMBER]
SomeNames = Annotated[tuple[Name, ...], Field(min_length=1), BeforeValidator(_several), _ONE_OR_MORE]
Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]
Colour = Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")]
Identifier = Annotated[str, Field(pattern=IDENTIFIER)]
Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]
EventId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=60)]
Instant = Annotated[datetime, BeforeValidator(read_instant), WithJsonSchema({"type": "string", "pattern": INSTANT})]
