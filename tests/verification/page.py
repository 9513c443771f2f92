"""The numbers on the page of verification: what the script writes into its tables, and what stands there."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

__all__ = ["DOCS", "TABLES", "difference", "page_rows", "said", "table_path", "write_table"]

DOCS = Path(__file__).parents[2] / "docs"
NEXT_TO_NOTHING = 1e-6
"""A gram, or the hundredth part of a second: what is called exact."""
TABLES: dict[str, tuple[str, ...]] = {
    "queues": ("queue", "load of a server", "theory, minutes", "engine, minutes", "from", "to"),
    "stocks": (
        "stock", "review, h", "lead time, h", "order, t", "every, h", "most, t", "least, t", "mean, t", "engine off by",
    ),
    "late": ("lead time, h", "share met, theory", "share met, engine"),
    "little": ("vehicles away, seen", "departures an hour", "hours of a cycle", "product"),
    "fleets": ("vehicles", "gate, vehicles an hour", "theory, t/h", "engine, t/h"),
    "fluid": ("reviews an hour", "load, kg", "most the engine is off, t", "of that before"),
    "pipes": ("review, h", "first out, h", "mean fill, theory, t", "mean fill, engine, t", "engine off by"),
    "sieges": ("rations", "dry after, theory, h", "dry after, engine, h"),
    "luck": ("against fair share with 12 lorries", "variance left", "correlation", "with 95 % more than"),
    "decisions": ("no.", "a convoy", "when", "does this", "route", "outcome", "at, h", "also in"),
}  # fmt: skip
"""The tables of the page, by name, with their columns."""


def said(number: float, digits: int = 3) -> str:
    """Return a number as it stands on the page."""
    return f"{number:.{digits}f}"


def difference(number: float) -> str:
    """Return by how much the engine is off, as it stands on the page."""
    return "nothing" if abs(number) <= NEXT_TO_NOTHING else f"{number:.2g}"


def table_path(name: str) -> Path:
    """Return the file of a table."""
    return DOCS / "figures" / f"verification_{name}_table.csv"


def page_rows(name: str) -> list[tuple[str, ...]]:
    """Return the rows of a table on the page, below its columns."""
    with table_path(name).open(encoding="utf-8", newline="") as file:
        columns, *rows = (tuple(row) for row in csv.reader(file))
    assert columns == TABLES[name]
    return rows


def write_table(name: str, rows: Iterable[Sequence[str]]) -> None:
    """Write the rows of a table of the page."""
    with table_path(name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(TABLES[name])
        writer.writerows(rows)
