"""Facilities as a scenario changes them, and the sources, converters and ships that they make."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from corridor.case.goods import HOURS_A_DAY, Goods
from corridor.case.model import Source
from corridor.case.names import Names, Where
from corridor.network import Facility, Range
from corridor.network.words import CONVERTERS, POWER_PLANT, REFINING
from corridor.scenario.model import FacilityChange, Scenario
from corridor.scenario.words import listed

__all__ = ["bind_sources", "changed_facilities"]

NO_COMMODITY = -1
ROUNDING = 1e-9
SHIPS = ("import",)
MAKERS = (*SHIPS, "production", *REFINING)
WORKING = (*MAKERS, POWER_PLANT)
FITTING: Mapping[str, tuple[str, ...]] = {
    "rate_tonnes_per_day": MAKERS,
    "active_from": WORKING,
    "active_to": WORKING,
    "cargo_tonnes": SHIPS,
    "every_days": SHIPS,
    "first_cargo": SHIPS,
    "minimum_run_share": CONVERTERS,
}
"""The roles that a change of a facility can be made to; what is not named here fits all."""


def changed_facilities(scenario: Scenario, names: Names) -> tuple[Facility, ...]:
    """Return the network's facilities as the scenario changes them."""
    rows = {row.id: row for row in names.network.supply.facilities}
    for index, change in enumerate(scenario.supply.facilities):
        where: Where = ("supply", "facilities", index)
        row = rows.get(change.facility)
        if row is None:
            names.unknown((*where, "facility"), "facility", change.facility, rows)
        elif _makes_sense(change, row, names, where):
            rows[row.id] = _changed(row, change)
    _check_mass(scenario, names, rows)
    return tuple(rows.values())


def bind_sources(scenario: Scenario, goods: Goods) -> tuple[Source, ...]:
    """Return what puts out a commodity that the scenario follows, and the power plants that burn one."""
    first = {
        change.facility: _hour(scenario, change.first_cargo)
        for change in scenario.supply.facilities
        if change.first_cargo is not None
    }
    least = _least_runs(goods.facilities)
    sources = []
    for row in goods.facilities:
        followed = row.commodity_in if row.role == POWER_PLANT else row.commodity_out
        if row.role in WORKING and followed in goods.position:
            source = replace(_source(scenario, row, goods), minimum=least.get(row.id, 0.0))
            sources.append(_with_ships(source, row.cargo, first.get(row.id)))
    return tuple(sources)


def _least_runs(facilities: tuple[Facility, ...]) -> dict[str, float]:
    """Return the least share of its intake that each converter runs at, by id: one for all products of a refinery."""
    shared: dict[tuple[str, str], float] = {}
    for row in facilities:
        if row.role in REFINING:
            plant = row.node, row.commodity_in
            shared[plant] = max(shared.get(plant, 0.0), row.minimum_run)
    return {
        row.id: shared[row.node, row.commodity_in] if row.role in REFINING else row.minimum_run
        for row in facilities
        if row.role in CONVERTERS
    }


def _makes_sense(change: FacilityChange, row: Facility, names: Names, where: Where) -> bool:
    """Note what of a change cannot be made to a facility; return whether all can."""
    before = len(names.faults)
    for key, roles in FITTING.items():
        if getattr(change, key) is not None and row.role not in roles:
            fits = f"it fits the role {listed(roles)}"
            names.note((*where, key), f"{key}: '{row.id}' has the role {row.role}; {fits}")
    if row.role in SHIPS:
        for key in ("every_days", "first_cargo"):
            if getattr(change, key) is not None and change.cargo_tonnes is None and not row.cargo:
                message = f"{key}: '{row.id}' comes in no ships; write cargo_tonnes beside it"
                names.note((*where, key), message)
    return len(names.faults) == before


def _changed(row: Facility, change: FacilityChange) -> Facility:
    def fixed(value: float | None, otherwise: Range) -> Range:
        return otherwise if value is None else Range(value, value, value)

    cargo = row.cargo if change.cargo_tonnes is None else change.cargo_tonnes
    rate = change.rate_tonnes_per_day if change.every_days is None else cargo / change.every_days
    return replace(
        row,
        rate=fixed(rate, row.rate),
        stock=fixed(change.stock_tonnes, row.stock),
        capacity=row.capacity if change.capacity_tonnes is None else change.capacity_tonnes,
        active_from=row.active_from if change.active_from is None else change.active_from.isoformat(),
        active_to=row.active_to if change.active_to is None else change.active_to.isoformat(),
        cargo=cargo,
        minimum_run=row.minimum_run if change.minimum_run_share is None else change.minimum_run_share,
    )


def _check_mass(scenario: Scenario, names: Names, rows: Mapping[str, Facility]) -> None:
    """Note the last change of each refinery or mill with which it puts out more tonnes than it takes in."""
    last: dict[tuple[str, str], int] = {}
    for index, change in enumerate(scenario.supply.facilities):
        row = rows.get(change.facility)
        if row is not None and row.role in REFINING and change.rate_tonnes_per_day is not None:
            last[row.node, row.commodity_in] = index
    for (node, feed), index in last.items():
        products = [
            row for row in rows.values() if row.role in REFINING and (row.node, row.commodity_in) == (node, feed)
        ]
        made, taken = sum(row.rate.central for row in products), max(row.intake.central for row in products)
        if made > taken * (1 + ROUNDING):
            most = taken - made + rows[scenario.supply.facilities[index].facility].rate.central
            names.note(
                ("supply", "facilities", index, "rate_tonnes_per_day"),
                f"creates mass: '{node}' would put out {made:,.6g} t a day of {taken:,.6g} t of {feed}; "
                f"expected at most {max(0.0, most):,.6g}",
            )


def _hour(scenario: Scenario, instant: datetime) -> float:
    return (instant - scenario.start).total_seconds() / 3600


def _source(scenario: Scenario, row: Facility, goods: Goods) -> Source:
    """Return a facility as a source; a converter whose feed the scenario does not follow runs without one."""
    fed = row.role in CONVERTERS and row.commodity_in in goods.position
    made = goods.position.get(row.commodity_out, NO_COMMODITY)
    return Source(
        id=row.id,
        node=goods.nodes[row.node],
        commodity=made,
        rate=row.rate.central / HOURS_A_DAY if made != NO_COMMODITY else 0.0,
        feed=goods.position[row.commodity_in] if fed else NO_COMMODITY,
        intake=row.intake.central / HOURS_A_DAY if fed else 0.0,
        output=row.output.central,
        start=_hour(scenario, datetime.fromisoformat(row.active_from)) if row.active_from else -float("inf"),
        end=_hour(scenario, datetime.fromisoformat(row.active_to)) if row.active_to else float("inf"),
    )


def _with_ships(source: Source, cargo: float, first: float | None) -> Source:
    """Return a source whose rate comes in ships; the start lies midway between two where none is said to come in."""
    if not cargo or not source.rate:
        return source
    return replace(source, cargo=cargo, first=cargo / source.rate / 2 if first is None else first)
