"""The pockets that territories are in at an instant, as rows for a program and as lines for a reader."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from corridor.cli.asked import actor_of
from corridor.cli.loading import instant_of, load
from corridor.metrics import pockets

__all__ = ["described", "partition_lines", "partition_rows"]

PLACES_SHOWN = 6


def partition_rows(scenario: Path, instant: str, actor: str | None) -> list[dict[str, Any]]:
    """Return the pockets of `actor`, or of every actor, at an instant; places and ports are node ids.

    Raises
    ------
    ScenarioError
        If the scenario, the instant or the actor is wrong.
    """
    case = load(scenario).case
    epoch = case.epoch_at(instant_of(instant, case))
    return [
        {
            "actor": case.actors[position],
            "rank": pocket.rank,
            "name": pocket.name,
            "population": round(pocket.population),
            "places": list(pocket.places),
            "ports": list(pocket.ports),
            "substantial": pocket.substantial,
        }
        for position in (range(len(case.actors)) if actor is None else [actor_of(case, actor)])
        for pocket in pockets(case, epoch, position)
    ]


def partition_lines(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Give one line for each substantial pocket, and one for the small ones of each actor."""
    if not rows:
        yield "no territory"
    for actor, group in groupby(rows, key=lambda row: row["actor"]):
        mine = list(group)
        small = [row for row in mine if not row["substantial"]]
        yield f"{actor}: {len(mine) - len(small)} substantial of {len(mine)} pocket{'' if len(mine) == 1 else 's'}"
        for row in mine:
            if row["substantial"]:
                places = ", ".join(row["places"][:PLACES_SHOWN])
                more = f" and {len(row['places']) - PLACES_SHOWN} more" if len(row["places"]) > PLACES_SHOWN else ""
                ports = f"; ports {', '.join(row['ports'])}" if row["ports"] else ""
                yield f"  {row['rank']}. {row['name']}  {row['population']:,} people: {places}{more}{ports}"
        if small:
            yield f"  and {len(small)} small with {sum(row['population'] for row in small):,} people"


def described(rows: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    """Give rows of section, label and value as lines under the name of each section."""
    width = max(len(label) for _, label, _ in rows)
    for section, group in groupby(rows, key=lambda row: row[0]):
        yield section
        yield from (f"  {label:<{width}}  {value}" for _, label, value in group)
