"""Which words a network's tables may use, and which one was probably meant."""

import difflib
import re
from collections.abc import Collection, Iterable, Iterator

from corridor.errors import Fault

__all__ = [
    "ANCHORS",
    "CONFIDENCES",
    "CONVERTERS",
    "MODES",
    "POWER_PLANT",
    "REFINING",
    "ROLES",
    "UNITS",
    "did_you_mean",
    "is_identifier",
    "unlisted",
]

ANCHORS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")
CONFIDENCES = ("high", "medium", "low")
MODES = ("road", "pipeline")
REFINING = ("refinery", "mill")
POWER_PLANT = "power_plant"
CONVERTERS = (*REFINING, POWER_PLANT)
ROLES = ("import", "production", *CONVERTERS, "storage")
UNITS = ("tonnes", "sm3")


def did_you_mean(found: str, names: Iterable[str], *, cutoff: float = 0.6) -> str:
    """Return ``; did you mean 'x'?`` with the nearest of `names`, or nothing when none is as near as `cutoff`."""
    near = difflib.get_close_matches(found, list(names), n=1, cutoff=cutoff)
    return f"; did you mean {near[0]!r}?" if near else ""


def is_identifier(text: str) -> bool:
    """Return whether `text` can be an id: letters, digits, ``_``, ``-`` and ``.``, at least one."""
    return re.fullmatch(r"[\w.-]+", text) is not None


def unlisted(table: str, column: str, values: Iterable[str], allowed: Collection[str]) -> Iterator[Fault]:
    """Yield a fault for every value of a column that is neither empty nor among `allowed`."""
    for row, value in enumerate(values):
        if value and value not in allowed:
            expected = f"expected one of {', '.join(allowed)}{did_you_mean(value, allowed)}"
            yield Fault(message=f"found the {column} {value!r}, {expected}", where=(table, row, column))
