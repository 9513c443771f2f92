"""How a table is written: units in the header, numbers to physical precision, the same bytes each time."""

import csv
import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

__all__ = ["Cell", "Table", "cell", "write_table", "written"]

Cell = str | bool | int | float | None
Table = tuple[Sequence[str], Iterable[Sequence[Cell]]]

_DECIMALS = {
    "tonnes": 3,  # a kilogram
    "km": 3,  # a metre
    "hours": 2,  # under a minute
    "days": 2,  # a quarter of an hour
    "share": 4,
    **dict.fromkeys(("persons", "person-days", "pockets", "places", "roads", "events"), 0),
    "factor": 3,
    **dict.fromkeys(("mw", "mwh"), 1),
}
_OTHER = 6


def cell(value: Cell, unit: str) -> str:
    """Return a value as written: a float of `unit` to physical precision, nothing for what is not a finite number.

    >>> [cell(12.34567, "tonnes"), cell(-0.0001, "hours"), cell(math.inf, "days"), cell(True, ""), cell(None, "km")]
    ['12.346', '0.00', '', '1', '']
    """
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, float):
        decimals = _DECIMALS.get(unit, _OTHER)
        return f"{round(value, decimals) + 0.0:.{decimals}f}"  # + 0.0: no minus before a zero
    return str(int(value)) if isinstance(value, bool) else str(value)


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write rows under a header whose columns end in their unit (``received_tonnes``), as CSV a spreadsheet opens."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(written(header, rows))


def written(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[tuple[str, ...]]:
    """Give rows as they are written under a header, each a tuple of texts.

    >>> list(written(("place", "received_tonnes"), [("homs", 1.0), ("hama", None)]))
    [('homs', '1.000'), ('hama', '')]
    """
    units = [_unit(column) for column in header]
    for row in rows:
        yield tuple(cell(value, unit) for value, unit in zip(row, units, strict=True))


def _unit(column: str) -> str:
    return "person-days" if column.endswith("person_days") else column.partition("_per_")[0].rpartition("_")[2]
