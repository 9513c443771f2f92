"""Which invariants the tables of supply must keep, among themselves and with the network they belong to."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TypeAlias, TypeVar

import numpy as np

from corridor.errors import Fault
from corridor.network.model import PIPELINE, ROAD, Commodity, Demand, Facility, Fleet, Network, Range
from corridor.network.words import (
    CONFIDENCES,
    CONVERTERS,
    MODES,
    POWER_PLANT,
    REFINING,
    ROLES,
    UNITS,
    did_you_mean,
    unlisted,
)

__all__ = ["supply_faults"]

Complaints: TypeAlias = Iterator[tuple[str, str]]
"""Columns, and what is wrong in each."""

Row = TypeVar("Row")

ROUNDING = 1e-9


def supply_faults(network: Network) -> list[Fault]:
    """Return every fault in the tables of supply of `network`; their `where` is as in `faults`."""
    supply = network.supply
    nodes = set(network.node_id.tolist())
    areas = set(network.area.tolist()) - {""}
    names = {commodity.id for commodity in supply.commodities}
    vehicles = {commodity.vehicle for commodity in supply.commodities} - {""}
    found = [
        *_complaints("commodities", supply.commodities, _commodity),
        *_complaints("demand", supply.demand, lambda row: _demand(row, areas, names)),
        *_complaints("facilities", supply.facilities, lambda row: _facility(row, nodes, names)),
        *_created(supply.facilities),
        *_complaints("fleets", supply.fleets, lambda row: _fleet(row, nodes, vehicles, _standing(network))),
        *_twice("commodities", "id", [(row.id,) for row in supply.commodities]),
        *_twice("demand", "commodity", [(row.area, row.commodity) for row in supply.demand]),
        *_twice("facilities", "id", [(row.id,) for row in supply.facilities]),
        *_twice("fleets", "vehicle", [(row.node, row.vehicle) for row in supply.fleets]),
    ]
    for table in ("commodities", "demand", "facilities", "fleets"):
        found += unlisted(table, "confidence", [row.confidence for row in getattr(supply, table)], CONFIDENCES)
    return found + list(_pipelines(network))


def _complaints(table: str, rows: Sequence[Row], complaints: Callable[[Row], Complaints]) -> Iterator[Fault]:
    for position, row in enumerate(rows):
        for column, message in complaints(row):
            yield Fault(message=message, where=(table, position, column))


def _twice(table: str, column: str, keys: Iterable[tuple[str, ...]]) -> Iterator[Fault]:
    seen: set[tuple[str, ...]] = set()
    for position, key in enumerate(keys):
        if key in seen:
            message = f"{' '.join(key)!r} is there twice, expected once"
            yield Fault(message=message, where=(table, position, column))
        seen.add(key)


def _commodity(row: Commodity) -> Complaints:
    if not row.id:
        yield "id", "the commodity has no id"
    yield from _one_of("unit", row.unit, UNITS)
    for mode in row.modes or ("",):
        yield from _one_of("modes", mode, MODES)
    if ("road" in row.modes) != bool(row.vehicle):
        expected = "the class that carries it by road" if "road" in row.modes else "none, as it goes by no road"
        yield "vehicle", f"found the vehicle {row.vehicle!r}, expected {expected}"
    yield from _ordered("payload", row.payload)
    if row.vehicle and row.payload.low == 0:
        yield "payload_low", "found the payload 0, expected more than 0"
    if not row.density > 0:
        yield "density", f"found the density {row.density:g}, expected more than 0"
    if row.priority < 1:
        yield "priority", f"found the priority {row.priority}, expected 1 or more"


def _demand(row: Demand, areas: Collection[str], commodities: Collection[str]) -> Complaints:
    yield from _one_of("area", row.area, areas, what="the area of a node")
    yield from _one_of("commodity", row.commodity, commodities, what="a commodity's id")
    yield from _ordered("rate_kg_per_person_day", row.rate)
    yield from _ordered("stock_days", row.stock)
    if not 0 <= row.depot_share <= 1:
        yield "depot_share", f"found the share {row.depot_share:g}, expected 0 to 1"


def _facility(row: Facility, nodes: Collection[str], commodities: Collection[str]) -> Complaints:
    if not row.id:
        yield "id", "the facility has no id"
    yield from _one_of("node", row.node, nodes, what="a node's id")
    yield from _one_of("role", row.role, ROLES)
    if row.role != POWER_PLANT:
        yield from _one_of("commodity_out", row.commodity_out, commodities, what="a commodity's id")
    elif row.commodity_out:
        yield "commodity_out", f"found {row.commodity_out!r}, expected none, as a power plant puts out power alone"
    if row.commodity_in or row.role in CONVERTERS:
        yield from _one_of("commodity_in", row.commodity_in, commodities, what="a commodity's id")
    for column, numbers in (("rate", row.rate), ("intake", row.intake)):
        yield from _ordered(f"{column}_tonnes_per_day", numbers)
    yield from _ordered("stock_tonnes", row.stock)
    if row.role in CONVERTERS and row.intake.central == 0:
        yield "intake_tonnes_per_day_central", f"found no intake, expected that of the {_said(row.role)}, more than 0"
    if not row.capacity >= 0:
        yield "capacity_tonnes", f"found the capacity {row.capacity:g}, expected 0 or more"
    yield from _works(row)
    yield from _dates(row)


def _works(row: Facility) -> Complaints:
    """Yield what is wrong about how a facility works: power, the least run of a converter, and ships."""
    yield from _ordered("output_mw", row.output)
    if row.role == POWER_PLANT and row.output.central == 0:
        yield "output_mw_central", "found no output, expected that of the power plant in MW, more than 0"
    elif row.role != POWER_PLANT and row.output.high > 0:
        yield "output_mw_central", f"found {row.output.central:g} MW, expected none but at a power plant"
    if not 0 <= row.minimum_run <= 1:
        yield "minimum_run_share", f"found the share {row.minimum_run:g}, expected 0 to 1"
    elif row.minimum_run and row.role not in CONVERTERS:
        expected = f"expected none but at a {', '.join(map(_said, CONVERTERS[:-1]))} or {_said(CONVERTERS[-1])}"
        yield "minimum_run_share", f"found the share {row.minimum_run:g}, {expected}"
    if not (np.isfinite(row.cargo) and row.cargo >= 0):
        yield "cargo_tonnes", f"found {row.cargo:g}, expected 0 or more"
    elif row.cargo and row.role != "import":
        yield "cargo_tonnes", f"found a cargo of {row.cargo:g} t, expected none but of an import"
    elif row.cargo and row.rate.central == 0:
        yield "rate_tonnes_per_day_central", "found no rate, expected that of an import in ships, more than 0"


def _said(role: str) -> str:
    return role.replace("_", " ")


def _created(facilities: Sequence[Facility]) -> Iterator[Fault]:
    """Yield the refineries and mills whose products weigh more than what they are made of.

    The rows of one node and feed are the products of one plant; the most that a row says it takes in is its intake.
    """
    plants: dict[tuple[str, str], list[int]] = {}
    for position, row in enumerate(facilities):
        if row.role in REFINING:
            plants.setdefault((row.node, row.commodity_in), []).append(position)
    for (node, feed), rows in plants.items():
        for part in ("low", "central", "high"):
            made = sum(getattr(facilities[row].rate, part) for row in rows)
            taken = max(getattr(facilities[row].intake, part) for row in rows)
            if 0 < taken * (1 + ROUNDING) < made:
                several = f"the {len(rows)} products of {node!r} together come" if len(rows) > 1 else f"{node!r} comes"
                found = f"creates mass: {several} to {made:,.6g} t a day from {taken:,.6g} t of {feed} ({part} values)"
                message = f"{found}, expected no more than it takes in"
                yield Fault(message=message, where=("facilities", rows[0], f"rate_tonnes_per_day_{part}"))


def _standing(network: Network) -> set[str]:
    """Return the ids of the nodes that a road ends at."""
    roads = network.mode == ROAD
    return set(network.node_id[np.union1d(network.tail[roads], network.head[roads])].tolist())


def _fleet(row: Fleet, nodes: Collection[str], vehicles: Collection[str], standing: Collection[str]) -> Complaints:
    yield from _one_of("node", row.node, nodes, what="a node's id")
    if row.node in nodes and row.node not in standing:
        yield "node", f"the fleet has nowhere to stand: no road ends at {row.node!r}, expected a node on a road"
    yield from _one_of("vehicle", row.vehicle, vehicles, what=f"a commodity's vehicle, {', '.join(sorted(vehicles))}")
    yield from _ordered("vehicles", row.vehicles)
    for part in ("low", "central", "high"):
        value = getattr(row.vehicles, part)
        if np.isfinite(value) and value != round(value):
            yield f"vehicles_{part}", f"found {value:g} vehicles, expected a whole number"


def _one_of(column: str, found: str, allowed: Collection[str], *, what: str = "") -> Complaints:
    if found not in allowed:
        hint = did_you_mean(found, allowed)
        expected = what or f"one of {', '.join(allowed)}"
        yield column, f"found {found!r}, expected {expected}{hint}"


def _ordered(column: str, numbers: Range) -> Complaints:
    for part in ("low", "central", "high"):
        value = getattr(numbers, part)
        if not (np.isfinite(value) and value >= 0):
            yield f"{column}_{part}", f"found {value:g}, expected 0 or more"
    if numbers.low > numbers.central:
        yield f"{column}_low", f"found {numbers.low:g}, expected at most the central {numbers.central:g}"
    if numbers.high < numbers.central:
        yield f"{column}_high", f"found {numbers.high:g}, expected at least the central {numbers.central:g}"


def _dates(row: Facility) -> Complaints:
    instants: dict[str, datetime] = {}
    for column, text in (("active_from", row.active_from), ("active_to", row.active_to)):
        try:
            instant = datetime.fromisoformat(text) if text else None
        except ValueError:
            yield column, f"found {text!r}, expected an instant like 2024-11-01T00:00+03:00"
            continue
        if instant is not None and instant.tzinfo is None:
            yield column, f"found {text!r} without an offset, expected one like 2024-11-01T00:00+03:00"
        elif instant is not None:
            instants[column] = instant
    if (
        "active_from" in instants
        and instants.get("active_to", datetime.max.replace(tzinfo=UTC)) <= instants["active_from"]
    ):
        yield "active_to", f"found {row.active_to!r}, expected an instant after active_from, {row.active_from!r}"


def _pipelines(network: Network) -> Iterator[Fault]:
    modes = {commodity.id: commodity.modes for commodity in network.supply.commodities}
    for position, (mode, name) in enumerate(zip(network.mode.tolist(), network.commodity.tolist(), strict=True)):
        where = ("links", position, "commodity")
        if mode == PIPELINE and (not name or (modes and name not in modes)):
            message = f"found {name!r}, expected the id of a commodity{did_you_mean(name, modes)}"
            yield Fault(message=message, where=where)
        elif mode == PIPELINE and modes and set(modes[name]) == {"road"}:
            yield Fault(message=f"{name!r} goes by road alone, expected a commodity of pipelines", where=where)
        elif mode != PIPELINE and name:
            yield Fault(message=f"a road carries {name!r}, expected no commodity", where=where)
