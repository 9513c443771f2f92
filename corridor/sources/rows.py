"""What the columns of a network folder's tables mean."""

import math
from collections.abc import Collection

from corridor.network import (
    PIPELINE,
    Commodity,
    Demand,
    Facility,
    Fleet,
    Link,
    Node,
    both_ways,
    did_you_mean,
)
from corridor.sources.table import Table

__all__ = ["COLUMNS", "NEEDED_TABLES", "commodities", "demand", "facilities", "fleets", "nodes", "pipelines", "roads"]


def _bounds(name: str) -> tuple[str, str, str]:
    return f"{name}_low", f"{name}_central", f"{name}_high"


_ORIGIN = ("source", "confidence")
COLUMNS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "nodes": (
        ("id", "name", "kind", "lon", "lat"),
        ("name_ar", "aliases", "admin1", "area", "label_anchor", *_ORIGIN),
    ),
    "roads": (
        ("id", "tail", "head", "one_way", "length_km", "free_flow_truck_hours", "capacity_vehicles_per_hour"),
        ("name", "road_number", "road_class", "passes", *_ORIGIN),
    ),
    "pipelines": (
        ("id", "tail", "head", "commodity", "capacity_per_day", "length_km", "transit_hours"),
        ("name", *_ORIGIN),
    ),
    "commodities": (
        ("id", "name", "unit", "modes", "vehicle", *_bounds("payload"), "density", "priority"),
        ("name_ar", *_ORIGIN),
    ),
    "demand": (
        ("area", "commodity", *_bounds("rate_kg_per_person_day"), *_bounds("stock_days"), "depot_share"),
        _ORIGIN,
    ),
    "facilities": (
        (
            *("id", "node", "role", "commodity_in", "commodity_out"),
            *(*_bounds("rate_tonnes_per_day"), *_bounds("intake_tonnes_per_day"), *_bounds("stock_tonnes")),
            *("capacity_tonnes", "active_from", "active_to"),
        ),
        (*_bounds("output_mw"), "minimum_run_share", "cargo_tonnes", "note", *_ORIGIN),
    ),
    "fleets": (("node", "vehicle", *_bounds("vehicles")), _ORIGIN),
}
"""The columns each table needs, and those it may have besides."""

NEEDED_TABLES = ("nodes", "roads")


def nodes(table: Table) -> list[Node]:
    """Return the rows of nodes.csv; a column ``…_persons`` is a population, a column ``control_…`` holders."""
    populations, holders = table.named(suffix="_persons"), table.named(prefix="control_")
    found = []
    for row in range(len(table.rows)):
        _needed(table, row, "name", "kind")
        found.append(
            Node(
                id=table.text(row, "id"),
                name=table.text(row, "name"),
                name_ar=table.text(row, "name_ar"),
                kind=table.text(row, "kind"),
                admin1=table.text(row, "admin1"),
                area=table.text(row, "area"),
                lon=table.number(row, "lon"),
                lat=table.number(row, "lat"),
                label_anchor=table.text(row, "label_anchor"),
                source=table.text(row, "source"),
                confidence=table.text(row, "confidence"),
                aliases=_listed(table.text(row, "aliases")),
                population={column: table.number(row, column, empty=0.0) for column in populations},
                control={column: table.text(row, column) for column in holders},
            )
        )
    return found


def roads(table: Table, *, known: Collection[str] | None) -> list[tuple[Link, ...]]:
    """Return the rows of roads.csv, each as one directed link or two; `known` are the ids of nodes (None: unknown)."""
    shares = table.named(prefix="open_share_")
    found: list[tuple[Link, ...]] = []
    for row in range(len(table.rows)):
        one_way = table.text(row, "one_way")
        if one_way not in {"0", "1"}:
            table.complain(row, "one_way", f"found {one_way!r} in one_way, expected 0 or 1")
        link = Link(
            id=table.text(row, "id"),
            tail=table.text(row, "tail"),
            head=table.text(row, "head"),
            length=table.number(row, "length_km"),
            hours=table.number(row, "free_flow_truck_hours"),
            capacity=table.number(row, "capacity_vehicles_per_hour"),
            name=table.text(row, "name"),
            road_class=table.text(row, "road_class"),
            road_number=table.text(row, "road_number"),
            source=table.text(row, "source"),
            confidence=table.text(row, "confidence"),
            open_share={column: table.number(row, column) for column in shares},
            passes=_passes(table, row, known),
        )
        found.append((link,) if one_way == "1" else both_ways(link))
    return found


def pipelines(table: Table) -> list[tuple[Link, ...]]:
    """Return the rows of pipelines.csv, each as one directed link."""
    shares = table.named(prefix="open_share_")
    return [
        (
            Link(
                id=table.text(row, "id"),
                tail=table.text(row, "tail"),
                head=table.text(row, "head"),
                mode=PIPELINE,
                length=table.number(row, "length_km"),
                hours=table.number(row, "transit_hours"),
                capacity=table.number(row, "capacity_per_day"),
                name=table.text(row, "name"),
                commodity=table.text(row, "commodity"),
                source=table.text(row, "source"),
                confidence=table.text(row, "confidence"),
                open_share={column: table.number(row, column) for column in shares},
            ),
        )
        for row in range(len(table.rows))
    ]


def commodities(table: Table) -> tuple[Commodity, ...]:
    """Return the rows of commodities.csv."""
    return tuple(
        Commodity(
            id=table.text(row, "id"),
            name=table.text(row, "name"),
            name_ar=table.text(row, "name_ar"),
            unit=table.text(row, "unit"),
            modes=_listed(table.text(row, "modes")),
            vehicle=table.text(row, "vehicle"),
            payload=table.bounds(row, "payload"),
            density=table.number(row, "density"),
            priority=_whole(table, row, "priority"),
            source=table.text(row, "source"),
            confidence=table.text(row, "confidence"),
        )
        for row in range(len(table.rows))
    )


def demand(table: Table) -> tuple[Demand, ...]:
    """Return the rows of demand.csv."""
    return tuple(
        Demand(
            area=table.text(row, "area"),
            commodity=table.text(row, "commodity"),
            rate=table.bounds(row, "rate_kg_per_person_day"),
            stock=table.bounds(row, "stock_days"),
            depot_share=table.number(row, "depot_share"),
            source=table.text(row, "source"),
            confidence=table.text(row, "confidence"),
        )
        for row in range(len(table.rows))
    )


def facilities(table: Table) -> tuple[Facility, ...]:
    """Return the rows of facilities.csv; an empty capacity is no limit, an absent output, minimum run or cargo 0."""
    return tuple(
        Facility(
            id=table.text(row, "id"),
            node=table.text(row, "node"),
            role=table.text(row, "role"),
            commodity_in=table.text(row, "commodity_in"),
            commodity_out=table.text(row, "commodity_out"),
            rate=table.bounds(row, "rate_tonnes_per_day"),
            intake=table.bounds(row, "intake_tonnes_per_day"),
            capacity=table.number(row, "capacity_tonnes", empty=math.inf),
            stock=table.bounds(row, "stock_tonnes"),
            active_from=table.text(row, "active_from"),
            active_to=table.text(row, "active_to"),
            source=table.text(row, "source"),
            confidence=table.text(row, "confidence"),
            note=table.text(row, "note"),
            output=table.bounds(row, "output_mw"),
            minimum_run=table.number(row, "minimum_run_share", empty=0.0),
            cargo=table.number(row, "cargo_tonnes", empty=0.0),
        )
        for row in range(len(table.rows))
    )


def fleets(table: Table) -> tuple[Fleet, ...]:
    """Return the rows of fleets.csv."""
    return tuple(
        Fleet(
            node=table.text(row, "node"),
            vehicle=table.text(row, "vehicle"),
            vehicles=table.bounds(row, "vehicles"),
            source=table.text(row, "source"),
            confidence=table.text(row, "confidence"),
        )
        for row in range(len(table.rows))
    )


def _needed(table: Table, row: int, *columns: str) -> None:
    for column in columns:
        if not table.text(row, column):
            table.complain(row, column, f"the {column} is empty")


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _whole(table: Table, row: int, column: str) -> int:
    text = table.text(row, column)
    if text.isascii() and text.isdigit():
        return int(text)
    table.complain(row, column, f"found {text!r} in {column}, expected a whole number")
    return 1


def _passes(table: Table, row: int, known: Collection[str] | None) -> tuple[str, ...]:
    """Return the places that command the road; a starred one does not, but must exist."""
    commanding = []
    for part in _listed(table.text(row, "passes")):
        place, _, distance = part.partition(":")
        if not distance.removesuffix("*").replace(".", "", 1).isdecimal():
            table.complain(row, "passes", f"found {part!r} in passes, expected a node and its km, like 'homs:2.9'")
        elif known is not None and place not in known:
            message = f"found {place!r} in passes, expected the id of a node{did_you_mean(place, known)}"
            table.complain(row, "passes", message)
        elif not distance.endswith("*"):
            commanding.append(place)
    return tuple(commanding)
