"""How long it takes to repair each road, as a user's table says."""

from pathlib import Path

from corridor.case import Case
from corridor.errors import ScenarioError
from corridor.network import ROAD, did_you_mean
from corridor.scenario import render
from corridor.sources.table import Table, Unreadable, read_table

__all__ = ["repair_days"]


def repair_days(case: Case, usual: float, repairs: Path | None) -> dict[str, float]:
    """Return the days that it takes to repair each road: the `usual` ones where the table says nothing else.

    Raises
    ------
    ScenarioError
        With every fault in the table of repairs, its line and column.
    """
    roads = {str(road) for road in case.network.link_id[case.network.mode == ROAD].tolist()}
    days = dict.fromkeys(roads, usual)
    if repairs is None:
        return days
    file = str(repairs)
    try:
        read = read_table(repairs.read_bytes(), file, needed=("link", "days"))
    except OSError as error:
        raise ScenarioError(f"--repairs {file} cannot be read: {error.strerror}") from error
    except Unreadable as error:
        raise ScenarioError(render(list(error.faults))) from None
    for row in range(len(read.rows)):
        _read_repair(read, row, days)
    if read.faults:
        raise ScenarioError(render(sorted(read.faults, key=lambda fault: (fault.line, fault.column))))
    return days


def _read_repair(read: Table, row: int, days: dict[str, float]) -> None:
    """Take over one row of repairs, or leave its faults with the table."""
    road = read.text(row, "link")
    value = read.number(row, "days")
    if road not in days:
        read.complain(row, "link", f"found '{road}' in link, expected the id of a road{did_you_mean(road, list(days))}")
    elif road in {read.text(other, "link") for other in range(row)}:
        read.complain(row, "link", f"'{road}' is there already, expected every road once")
    if value < 0:
        read.complain(row, "days", f"found {value:g} in days, expected 0 or more")
    days[road] = value
