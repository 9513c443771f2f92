"""How one can see from a table's first line that its cells are not parted by commas."""

import re
from collections.abc import Collection

__all__ = ["wrongly_separated"]

OTHERS = {";": "';'", "\t": "a tab", "|": "'|'"}
DECLARED = re.compile(r'"?sep=(.?)"?,*', flags=re.IGNORECASE)
"""The line that some spreadsheets write before the header."""


def wrongly_separated(first_line: str, columns: Collection[str]) -> str:
    """Return what is wrong with how a table is separated, empty if nothing is; `columns` are names it may have.

    >>> wrongly_separated("id;kind;at", ["id", "kind", "at"])
    "table is separated by ';', expected ','"
    >>> wrongly_separated("id,kind,at", ["id", "kind", "at"])
    ''
    """
    line = first_line.strip("\r\n")
    declared = DECLARED.fullmatch(line.strip(" "))
    if declared and declared[1] in {"", ","}:
        return f"the first line says {line.strip()!r}, expected the names of the columns; take it out"
    if declared:
        return f"table is separated by {OTHERS.get(declared[1], repr(declared[1]))}, expected ','"
    known = {
        separator: sum(cell.strip(' "') in columns for cell in line.split(separator)) for separator in (",", *OTHERS)
    }
    best = max(known, key=lambda separator: known[separator])
    return "" if best == "," else f"table is separated by {OTHERS[best]}, expected ','"
