"""Tables of events (CSV) as the same tree of values that YAML gives, every cell with its position."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, get_origin

from corridor.errors import Fault
from corridor.network.separators import wrongly_separated
from corridor.scenario.shapes import event_members
from corridor.scenario.tree import Node, Scalar, Spot
from corridor.scenario.words import listed, meant, meant_key
from corridor.scenario.yamltext import scalar

__all__ = ["event_columns", "parse_table"]

CELL = re.compile(r'[ \t]*"((?:[^"]|"")*)"[ \t]*|([^",\r\n]*)')
ITEM = re.compile(r"[^;]+")
TRUTH: Mapping[str, Scalar] = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    spot: Spot
    quoted: bool


class _Broken(Exception):  # noqa: N818 (not an error of the program)
    """The table cannot be read on from here."""

    def __init__(self, message: str, spot: Spot) -> None:
        super().__init__(message)
        self.fault = _fault(message, spot)


@lru_cache(maxsize=1)
def event_columns() -> Mapping[str, Any]:
    """Return the columns that a table of events may have, and the type of what stands in each."""
    columns: dict[str, Any] = {"id": str, "kind": str}
    for kind in event_members().values():
        columns |= {key: member.hint for key, member in kind.items() if key not in columns}
    return MappingProxyType(columns)


def parse_table(text: str, file: str) -> tuple[list[Node], list[Fault]]:
    """Return the rows of a table of events, each a mapping of its filled cells, and what is wrong with the table.

    Several names in a cell are parted by ``;``. An empty cell is as good as none.
    """
    separated = wrongly_separated(next((line for line in text.splitlines() if line.strip()), ""), event_columns())
    if separated:
        return [], [_fault(separated, Spot(file, 1, 1))]
    faults: list[Fault] = []
    rows: list[Node] = []
    columns: list[str] = []
    taken_for: set[str] = set()
    try:
        records = _records(text, file)
        header = next(records, None)
        if header is None:
            return [], [_fault("the table is empty; its first line must name the columns", Spot(file, 1, 1))]
        columns, taken_for = _columns(header, faults)
        for record in records:
            if len(record) != len(header):
                cells, columns_named = _counted(len(record), "cell"), _counted(len(header), "column")
                message = f"this row has {cells}, but the header names {columns_named}"
                faults.append(_fault(message, record[0].spot))
            else:
                rows.append(_row(columns, record))
                rows[-1].gone |= taken_for
    except _Broken as stop:
        faults.append(stop.fault)
    if columns:
        _require_columns({*columns, *taken_for}, rows, faults, Spot(file, 1, 1))
    return rows, faults


def _records(text: str, file: str) -> Iterator[list[_Cell]]:
    """Yield the cells of each line that is not blank."""
    at, line, begin, size = 0, 1, 0, len(text)
    record: list[_Cell] = []
    while at < size or record:
        match = CELL.match(text, at)
        after = text[match.end() : match.end() + 1] if match else ""
        if match is None or after not in {"", ",", "\n", "\r"}:
            spot = Spot(file, line, (match.end() if match else at) - begin + 1)
            raise _Broken(
                "a quote goes wrong in this cell; quote the whole cell, and write a quote inside it twice", spot
            )
        quoted = match[1] is not None
        cell = match[1].replace('""', '"') if quoted else match[2]
        lead = len(match[0]) - len(match[0].lstrip())
        record.append(_Cell(cell.strip(), Spot(file, line, at + lead - begin + 1), quoted))
        inside = match[0].count("\n")
        if inside:
            line, begin = line + inside, at + match[0].rfind("\n") + 1
        at = match.end() + 1
        if after != ",":
            if any(cell.text for cell in record):
                yield record
            record = []
            if after == "\r" and text[at : at + 1] == "\n":
                at += 1
            line, begin = line + 1, at


def _columns(header: list[_Cell], faults: list[Fault]) -> tuple[list[str], set[str]]:
    """Return the name of each column, empty where it is none, and names that were meant by others that are none."""
    names: list[str] = []
    meant_by_others: set[str] = set()
    for cell in header:
        name = cell.text
        if name and name not in event_columns():
            known = [column for column in event_columns() if column not in {cell.text for cell in header}]
            hint = meant_key(name, known, otherwise="") or f"; a table of events has {listed(list(event_columns()))}"
            faults.append(_fault(f"unknown column '{name}'{hint}", cell.spot))
            meant_by_others.add(meant(name, known))
            name = ""
        elif not name:
            faults.append(_fault("this column has no name", cell.spot))
        elif name in names:
            faults.append(_fault(f"column '{name}' stands here a second time; keep one", cell.spot))
            name = ""
        names.append(name)
    return names, meant_by_others


def _row(columns: list[str], record: list[_Cell]) -> Node:
    row = Node({}, record[0].spot)
    entries: dict[str, Node] = {}
    for column, cell in zip(columns, record, strict=True):
        if column:
            row.keys[column] = cell.spot
            if cell.text:
                entries[column] = _value(event_columns()[column], cell)
    row.value = entries
    return row


def _value(hint: Any, cell: _Cell) -> Node:  # noqa: ANN401 (a type hint)
    if get_origin(hint) is tuple:
        items = []
        for match in ITEM.finditer(cell.text):
            lead = len(match[0]) - len(match[0].lstrip())
            shift = 0 if cell.quoted else match.start() + lead
            if match[0].strip():
                items.append(Node(match[0].strip(), Spot(cell.spot.file, cell.spot.line, cell.spot.column + shift)))
        return Node(list(items), cell.spot)
    if hint is bool:
        return Node(TRUTH.get(cell.text.lower(), cell.text), cell.spot)
    if hint in {int, float}:
        number = scalar(cell.text)
        return Node(cell.text if isinstance(number, bool) else number, cell.spot)
    return Node(cell.text, cell.spot)


def _require_columns(columns: set[str], rows: list[Node], faults: list[Fault], spot: Spot) -> None:
    """Note columns that every table, or a kind of event in this one, needs; the rows are then not asked for them."""
    kinds = event_members()
    everywhere = set.intersection(
        *({key for key, member in kind.items() if member.required} for kind in kinds.values())
    )
    missing: dict[str, list[str]] = {}
    for kind, keys in kinds.items():
        if everywhere <= columns and any(row.text("kind") == kind for row in rows):
            for key, member in keys.items():
                if member.required and key not in columns:
                    missing.setdefault(key, []).append(kind)
    for column in [key for key in event_columns() if key in everywhere - columns]:
        faults.append(_fault(f"column '{column}' is missing; every table of events has it", spot))
        missing[column] = []
    for column, needing in missing.items():
        if needing:
            kinds_named = listed(needing, last="and")
            faults.append(_fault(f"column '{column}' is missing; {kinds_named} events need it", spot))
        for row in rows:
            row.gone.add(column)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _fault(message: str, spot: Spot) -> Fault:
    return Fault(message=message, file=spot.file, line=spot.line, column=spot.column)
