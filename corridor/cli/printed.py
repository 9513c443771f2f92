"""How the commands print what they found and keep it in files, and what they call things."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor.case import Case
from corridor.cli.asked import SUFFIXES, by_itself
from corridor.errors import RunError

if TYPE_CHECKING:
    from corridor.figures import Sheet

__all__ = ["called", "counted", "few", "iso", "stamped", "table", "whose", "write_csv", "write_figure", "wrote"]


def whose(case: Case, actor: int, hour: float | None = None) -> str:
    """Return whose territory is looked at and when, if at an `hour`; of a network by itself, its title."""
    if by_itself(case):
        return f"{case.scenario.title}, every road open"
    when = "" if hour is None else f", {case.written(hour)}"
    return f"{case.scenario.actors[case.actors[actor]].name} ({case.actors[actor]}){when}"


def stamped(case: Case, actor: str, hour: float | None = None) -> dict[str, Any]:
    """Return what every answer to a program begins with: whose it is and of which instant, if of one."""
    return {"actor": actor, "instant": None if hour is None else iso(case, hour)}


def called(number: str, name: str) -> str:
    """Return a road's number and name as on signs, the number once."""
    return name if name.startswith(number) else f"{number} {name}".strip()


def counted(count: int, noun: str) -> str:
    """Return how many there are of something."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def few(names: Sequence[str], *, most: int) -> str:
    """Return the first names, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}"


def iso(case: Case, hour: float) -> str | None:
    """Return an hour since the scenario's start as ISO 8601; None for a network by itself, which has no time."""
    return None if by_itself(case) else case.instant(hour).isoformat(timespec="minutes")


def table(header: Sequence[str], rows: Sequence[Sequence[str]], *, texts: int) -> Iterator[str]:
    """Give a header and rows as lines: the first `texts` columns from the left, numbers from the right."""
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    for row in (header, *rows):
        cells = [
            text.ljust(width) if column < texts else text.rjust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield f"  {'  '.join(cells)}".rstrip()


def wrote(files: Iterable[Path]) -> Iterator[str]:
    """Give a line for each file written."""
    yield from (f"wrote {file}" for file in files)


def write_csv(
    file: Path, header: Sequence[str], rows: Iterable[Sequence[object]], stamp: Mapping[str, Any] | None = None
) -> None:
    """Write a table as CSV; each row begins with what is the same in all of them, the `stamp` (None: empty).

    Raises
    ------
    RunError
        If it cannot be written.
    """
    try:
        with file.open("w", encoding="utf-8-sig", newline="") as open_file:
            writer = csv.writer(open_file, lineterminator="\n")
            same = dict(stamp or {})
            writer.writerow((*same, *header))
            writer.writerows((*same.values(), *row) for row in rows)
    except OSError as error:
        raise RunError(f"--csv {file} cannot be written: {error.strerror}") from error


def write_figure(sheet: "Sheet", file: Path, *, option: str = "figure") -> list[Path]:
    """Write a figure as PNG or SVG, the numbers drawn as CSV beside it, and return what was written.

    Faults name the `option` that asked for the file.

    Raises
    ------
    RunError
        If the file is to be of another kind or cannot be written.
    """
    if file.suffix not in SUFFIXES:
        raise RunError(f"--{option} {file}: expected a file that ends in {' or '.join(SUFFIXES)}")
    try:
        return sheet.write_as(file)
    except OSError as error:
        raise RunError(f"--{option} {file} cannot be written: {error.strerror}") from error
