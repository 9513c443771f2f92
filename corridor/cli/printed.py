"""How the commands that look at a network print and keep what they found, and how they read what they are asked."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from corridor.case import Case, whole
from corridor.case.names import Names
from corridor.cli.loading import instant_of, load
from corridor.errors import RunError, ScenarioError
from corridor.sources import network_names, read_network

if TYPE_CHECKING:
    from corridor.figures import Sheet

__all__ = ["actor_of", "case_of", "hour_of", "places_of", "table", "write_csv", "write_figure"]

SUFFIXES = (".png", ".svg")


def case_of(name: Path) -> Case:
    """Return the case of a scenario file, or of a network (packaged, or a folder) looked at by itself.

    Raises
    ------
    CorridorError
        With every fault in it.
    """
    if str(name) in network_names() or name.is_dir():
        return whole(read_network(str(name)))
    return load(name).case


def actor_of(case: Case, actor: str | None) -> int:
    """Return the position of an actor, of that of the scenario's maps (else the first) if none is asked for.

    Raises
    ------
    ScenarioError
        If there is no such actor.
    """
    wanted = actor or case.scenario.show.maps_actor or case.actors[0]
    if wanted not in case.actors:
        near = get_close_matches(wanted, case.actors, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"there is {', '.join(case.actors)}"
        raise ScenarioError(f"--actor: unknown actor '{wanted}'; {hint}")
    return case.actors.index(wanted)


def hour_of(case: Case, instant: str | None) -> float:
    """Return an instant as hours since the scenario's start, 0 if none is asked for.

    Raises
    ------
    ScenarioError
        If it is no instant, or lies outside the scenario.
    """
    return 0.0 if instant is None else instant_of(instant, case)


def places_of(case: Case, **lists: str) -> list[tuple[int, ...]]:
    """Return the nodes (positions) that lists of ids of nodes or areas, parted by commas, name, one tuple for each.

    Parameters
    ----------
    case
        The case.
    **lists
        What each option says, by its name.

    Raises
    ------
    ScenarioError
        With every name that is not there, and the nearest that is.
    """
    names = Names(case.scenario, case.network)
    found = []
    for option, text in lists.items():
        given = [part.strip() for part in text.split(",") if part.strip()]
        if not given:
            names.note((option,), "expected ids of places, parted by commas")
        positions = {node for part in given for node in names.place(part, (option,))}
        found.append(tuple(sorted(positions)))
    if names.faults:
        raise ScenarioError("\n".join(f"--{fault.where[0]}: {fault.message}" for fault in names.faults))
    return found


def table(header: Sequence[str], rows: Sequence[Sequence[str]], *, texts: int) -> Iterator[str]:
    """Give a header and rows as lines: the first `texts` columns from the left, numbers from the right."""
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    for row in (header, *rows):
        cells = [
            text.ljust(width) if column < texts else text.rjust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield f"  {'  '.join(cells)}".rstrip()


def write_csv(file: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table as CSV.

    Raises
    ------
    RunError
        If it cannot be written.
    """
    try:
        with file.open("w", encoding="utf-8-sig", newline="") as open_file:
            writer = csv.writer(open_file, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)
    except OSError as error:
        raise RunError(f"--csv {file} cannot be written: {error.strerror}") from error


def write_figure(sheet: "Sheet", file: Path) -> list[Path]:
    """Write a figure as PNG or SVG, the numbers drawn as CSV beside it, and return what was written.

    Raises
    ------
    RunError
        If the file is to be of another kind or cannot be written.
    """
    if file.suffix not in SUFFIXES:
        raise RunError(f"--figure {file}: expected a file that ends in {' or '.join(SUFFIXES)}")
    try:
        return sheet.write_as(file)
    except OSError as error:
        raise RunError(f"--figure {file} cannot be written: {error.strerror}") from error
