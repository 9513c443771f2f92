"""A CSV table whose every cell knows the line and column it stands at."""

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from corridor.errors import Fault
from corridor.network import Range, did_you_mean
from corridor.network.separators import wrongly_separated

__all__ = ["Table", "Unreadable", "decode", "read_table"]

NEAR_MISS = 0.8


class Unreadable(Exception):  # noqa: N818 - it never leaves this package: a NetworkError holds its faults
    """Say that a file cannot be read as a table at all, and why."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__("; ".join(str(fault) for fault in faults))


@dataclass(slots=True, kw_only=True)
class Table:
    """Hold the cells of a table, and gather the faults found in them.

    `file` is its name as the user gave it, `lines` its text, `starts` the line each row begins at (from 1),
    `columns` the place of each column; `broken` are the rows that have not as many cells as the header,
    `faulty` the lines and columns of the faults.
    """

    file: str
    lines: list[str]
    columns: dict[str, int]
    rows: list[list[str]]
    starts: list[int]
    broken: set[int] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    faulty: set[tuple[int, int]] = field(default_factory=set)

    def named(self, *, prefix: str = "", suffix: str = "") -> list[str]:
        """Return the columns whose names begin with `prefix` and end with `suffix`."""
        return [column for column in self.columns if column.startswith(prefix) and column.endswith(suffix)]

    def text(self, row: int, column: str) -> str:
        """Return a cell without the blanks around it; empty where there is no such column."""
        place = self.columns.get(column)
        return "" if place is None else self.rows[row][place].strip()

    def number(self, row: int, column: str, *, empty: float | None = None) -> float:
        """Return a cell as a number, `empty` for an empty one if given; nan, and a fault, where it is none."""
        text = self.text(row, column)
        if not text and empty is not None:
            return empty
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or "_" in text:
            hint = ", written with a decimal point and no other marks" if "," in text or "_" in text else ""
            self.complain(row, column, f"found {text!r} in {column}, expected a number{hint}")
            return math.nan
        return value

    def bounds(self, row: int, name: str) -> Range:
        """Return the columns `name` low, central and high as a range; all zero where all three are empty."""
        columns = [f"{name}_{part}" for part in ("low", "central", "high")]
        if not any(self.text(row, column) for column in columns):
            return Range(0.0, 0.0, 0.0)
        return Range(*(self.number(row, column) for column in columns))

    def complain(self, row: int, column: str, message: str) -> None:
        """Add a fault at a cell, unless the cell has one or its row is broken."""
        if row in self.broken:
            return
        line, position = self.place(row, column)
        if (line, position) not in self.faulty:
            self.faulty.add((line, position))
            self.faults.append(Fault(message=message, file=self.file, line=line, column=position))

    def place(self, row: int, column: str) -> tuple[int, int]:
        """Return line and column (characters), both from 1, where a cell begins; the header's for no such row."""
        if row >= len(self.rows):
            return 1, 1
        return _place(self.lines, self.starts[row], self.columns.get(column, 0))


def decode(data: bytes, file: str) -> str:
    """Return the text of a file; a byte order mark is dropped.

    Raises
    ------
    Unreadable
        If it is not UTF-8.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n") + 1, len(before[before.rfind(b"\n") + 1 :].decode("utf-8-sig")) + 1
        message = f"found the byte 0x{data[error.start]:02x}, expected UTF-8; save the file as UTF-8"
        raise Unreadable(Fault(message=message, file=file, line=line, column=column)) from error


def read_table(data: bytes, file: str, *, needed: Sequence[str], optional: Sequence[str] = ()) -> Table:
    """Return the table in `data`, its header checked.

    Columns that are neither `needed` nor `optional` are kept and mean nothing, unless one looks like an absent
    column misspelt.

    Raises
    ------
    Unreadable
        If it is not UTF-8 or not CSV, or if columns are missing or there twice.
    """
    lines = list(io.StringIO(decode(data, file), newline=""))
    separated = wrongly_separated(next((line for line in lines if line.strip()), ""), [*needed, *optional])
    if separated:
        raise Unreadable(Fault(message=separated, file=file, line=1, column=1))
    rows, starts = _split(lines, file)
    if not rows:
        raise Unreadable(Fault(message="the file is empty, expected a header of columns", file=file, line=1, column=1))
    header = [cell.strip() for cell in rows[0]]
    faults = [
        Fault(message=message, file=file, line=line, column=column)
        for place, message in _header(header, needed, optional)
        for line, column in [_place(lines, starts[0], place)]
    ]
    if faults:
        raise Unreadable(*faults)
    columns = {column: place for place, column in enumerate(header) if column}
    table = Table(file=file, lines=lines, columns=columns, rows=rows[1:], starts=starts[1:])
    for row, cells in enumerate(table.rows):
        if len(cells) != len(header):
            found = f"found {len(cells)} cell{'' if len(cells) == 1 else 's'}"
            table.complain(row, header[0], f"{found}, expected {len(header)} as in the header")
            table.broken.add(row)
            cells.extend([""] * (len(header) - len(cells)))
    return table


def _split(lines: list[str], file: str) -> tuple[list[list[str]], list[int]]:
    reader = csv.reader(lines, strict=True)
    rows: list[list[str]] = []
    starts: list[int] = []
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return rows, starts
        except csv.Error as error:
            message = (
                f"the cells cannot be told apart: {error}; expected CSV, '\"' only around a cell and doubled in it"
            )
            raise Unreadable(Fault(message=message, file=file, line=start, column=1)) from error
        if any(cell.strip() for cell in cells):
            rows.append(cells)
            starts.append(start)


def _header(header: list[str], needed: Sequence[str], optional: Sequence[str]) -> list[tuple[int, str]]:
    found = [
        (place, f"the column {column!r} is there twice, expected once")
        for place, column in enumerate(header)
        if column and column in header[:place]
    ]
    extra = [column for column in header if column and column not in needed and column not in optional]
    missing = [column for column in needed if column not in header]
    found += [(0, f"the column {column!r} is missing{did_you_mean(column, extra)}") for column in missing]
    absent = [column for column in optional if column not in header]
    for column in extra:
        hint = did_you_mean(column, absent, cutoff=NEAR_MISS)
        if hint:
            found.append((header.index(column), f"found the column {column!r}, which no table here has{hint}"))
    return found


def _place(lines: list[str], line: int, cell: int) -> tuple[int, int]:
    """Return line and column where the cell in place `cell` of the row that begins at `line` begins."""
    column, fresh, in_quotes, inside = 1, True, False, False
    while cell:
        for letter in lines[line - 1]:
            column += 1
            in_quotes = (
                letter == '"' if fresh else in_quotes
            )  # a quote means something only in a cell that begins with one
            inside ^= in_quotes and letter == '"'
            fresh = letter == "," and not inside
            cell -= fresh
            if not cell:
                return line, column
        line, column = line + 1, 1
    return line, column
