"""Demand, stocks, sources, pipelines and vehicles of a scenario as positions, tonnes and hours."""

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from corridor.case.changes import aid_convoys, demand_changes, movements, rate_changes
from corridor.case.model import EventUse, Pipe, Source, SupplyCase
from corridor.case.names import Names
from corridor.case.timeline import vehicle_classes
from corridor.network import PIPELINE, Commodity, Facility, Network, Range
from corridor.policies import days_wanted
from corridor.scenario.model import FacilityChange, Scenario

__all__ = ["bind_supply"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

HOURS_A_DAY = 24.0
KG_A_TONNE = 1000.0
PRODUCING = ("import", "production", "refinery")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Goods:
    """Hold what the rest is worked out from: the network, its rows that matter here, and everyday demand (n, k)."""

    network: Network
    rows: tuple[Commodity, ...]
    position: dict[str, int]
    facilities: tuple[Facility, ...]
    demand: Floats

    @property
    def depots(self) -> list[Facility]:
        return [row for row in self.facilities if row.role == "storage" and row.commodity_out in self.position]

    def zeros(self) -> Floats:
        return np.zeros((self.network.node_count, len(self.rows)))


def bind_supply(scenario: Scenario, names: Names, population: Floats, uses: tuple[EventUse, ...]) -> SupplyCase:
    """Return the supply side of a case; `population` (n,) persons, `uses` one for each event."""
    network, classes = names.network, vehicle_classes(names.network)
    rows = _commodities(scenario, names)
    rate = _rate(scenario, names, rows)
    goods = _Goods(
        network=network,
        rows=rows,
        position={row.id: position for position, row in enumerate(rows)},
        facilities=_facilities(scenario, names),
        demand=rate * population[:, None],
    )
    nodes = network.node_positions()
    sources = tuple(
        _source(scenario, row, nodes[row.node], goods.position)
        for row in goods.facilities
        if row.role in PRODUCING and row.commodity_out in goods.position
    )
    share = _depot_share(goods)
    kept = _kept(goods, share)
    target = _target(goods, kept, sources, _target_days(scenario, names, rows))
    ration_level, ration_share = _rationing(scenario, names, goods.demand)
    payload = {change.commodity: change.payload_tonnes for change in scenario.supply.commodity_changes}
    return SupplyCase(
        commodities=tuple(row.id for row in rows),
        vehicles=classes,
        rate=rate,
        demand=goods.demand,
        stock=_stated(goods, kept * _recorded_days(goods)),
        capacity=_capacity(goods),
        target=target,
        tier=_tier(goods, target, sources),
        vehicle=np.array([classes.index(row.vehicle) if row.vehicle else -1 for row in rows], dtype=np.intp),
        payload=np.array([payload.get(row.id) or row.payload.central for row in rows]),
        fleet=_fleet(network, classes),
        bays={},
        order=tuple(range(len(rows))),
        rank=np.zeros(network.node_count, dtype=np.intp),
        ration_level=ration_level[:, :, None],
        ration_share=np.tile(ration_share, (network.node_count, 1))[:, :, None],
        sources=sources,
        pipes=_pipes(goods),
        rate_changes=rate_changes(scenario, names, sources, uses),
        demand_changes=demand_changes(scenario, names),
        movements=movements(scenario, names, population, uses),
        displacement=(),
        aid=aid_convoys(scenario, names, uses),
    )


def _commodities(scenario: Scenario, names: Names) -> tuple[Commodity, ...]:
    known = {row.id: row for row in names.network.supply.commodities}
    for index, name in enumerate(scenario.supply.commodities):
        if name not in known:
            names.unknown(("supply", "commodities", index), "commodity", name, known)
    return tuple(known[name] for name in scenario.supply.commodities if name in known)


def _facilities(scenario: Scenario, names: Names) -> tuple[Facility, ...]:
    rows = {row.id: row for row in names.network.supply.facilities}
    for index, change in enumerate(scenario.supply.facilities):
        if change.facility in rows:
            rows[change.facility] = _changed(rows[change.facility], change)
        else:
            names.unknown(("supply", "facilities", index, "facility"), "facility", change.facility, rows)
    return tuple(rows.values())


def _changed(row: Facility, change: FacilityChange) -> Facility:
    def fixed(value: float | None, otherwise: Range) -> Range:
        return otherwise if value is None else Range(value, value, value)

    return replace(
        row,
        rate=fixed(change.rate_tonnes_per_day, row.rate),
        stock=fixed(change.stock_tonnes, row.stock),
        capacity=row.capacity if change.capacity_tonnes is None else change.capacity_tonnes,
        active_from=row.active_from if change.active_from is None else change.active_from.isoformat(),
        active_to=row.active_to if change.active_to is None else change.active_to.isoformat(),
    )


def _rate(scenario: Scenario, names: Names, rows: tuple[Commodity, ...]) -> Floats:
    """Return everyday use, tonnes a person and hour, shape (n, k)."""
    network = names.network
    by_area = {(row.area, row.commodity): row.rate.central for row in network.supply.demand}
    changes = {}
    for index, change in enumerate(scenario.supply.commodity_changes):
        if names.commodity(change.commodity, ("supply", "commodity_changes", index, "commodity")) is not None:
            changes[change.commodity] = change.demand_kg_per_person_day
    kilograms = np.zeros((network.node_count, len(rows)))
    for column, row in enumerate(rows):
        changed = changes.get(row.id)
        kilograms[:, column] = [
            by_area.get((area, row.id), 0.0) if changed is None else changed for area in network.area.tolist()
        ]
    return kilograms / KG_A_TONNE / HOURS_A_DAY


def _depot_share(goods: _Goods) -> Floats:
    """Return the share of its area that each depot serves, by capacity (no limit: as the largest), shape (n, k)."""
    size = goods.zeros()
    nodes = goods.network.node_positions()
    largest = max((row.capacity for row in goods.depots if np.isfinite(row.capacity)), default=1.0)
    for row in goods.depots:
        size[nodes[row.node], goods.position[row.commodity_out]] += min(row.capacity, largest)
    area = goods.network.area
    for name in set(area.tolist()) - {""}:
        total = size[area == name].sum(axis=0)
        size[area == name] /= np.where(total > 0, total, 1)
    size[area == ""] = 0
    return size


def _area_demand(goods: _Goods) -> Floats:
    """Return the demand of the whole area that each node lies in, tonnes an hour, shape (n, k)."""
    _, inverse = np.unique(goods.network.area, return_inverse=True)
    total = np.zeros((int(inverse.max()) + 1, len(goods.rows)))
    np.add.at(total, inverse, goods.demand)
    return total[inverse]


def _kept(goods: _Goods, share: Floats) -> Floats:
    """Return the demand that the stock of each node stands for, tonnes a day, shape (n, k).

    Of the days that an area has in stock, its depots keep `depot_share` and its people the rest; without a depot
    the people keep all.
    """
    area = goods.network.area
    in_depots = goods.zeros()
    for row in goods.network.supply.demand:
        if row.commodity in goods.position:
            in_depots[area == row.area, goods.position[row.commodity]] = row.depot_share
    has_depot = np.zeros_like(share, dtype=bool)
    for name in set(area.tolist()) - {""}:
        has_depot[area == name] = share[area == name].any(axis=0)
    in_depots = np.where(has_depot, in_depots, 0)
    return (goods.demand * (1 - in_depots) + share * _area_demand(goods) * in_depots) * HOURS_A_DAY


def _recorded_days(goods: _Goods) -> Floats:
    """Return the days of supply that the area of each node has on record, shape (n, k)."""
    days = goods.zeros()
    for row in goods.network.supply.demand:
        if row.commodity in goods.position:
            days[goods.network.area == row.area, goods.position[row.commodity]] = row.stock.central
    return days


def _target(goods: _Goods, kept: Floats, sources: tuple[Source, ...], days: Floats) -> Floats:
    """Return the order-up-to level, tonnes, shape (n, k).

    It is the policy's days, or those that the area has on record where they are more, of what a node's stock stands
    for and of what a refinery takes in; a depot that states its stock is kept at that.
    """
    daily = kept.copy()
    for source in sources:
        if source.feed >= 0:
            daily[source.node, source.feed] = max(daily[source.node, source.feed], source.intake * HOURS_A_DAY)
    return _stated(goods, daily * np.maximum(days, _recorded_days(goods)))


def _stated(goods: _Goods, otherwise: Floats) -> Floats:
    nodes = goods.network.node_positions()
    for depot in goods.depots:
        if depot.stock.high > 0:
            otherwise[nodes[depot.node], goods.position[depot.commodity_out]] = depot.stock.central
    return otherwise


def _target_days(scenario: Scenario, names: Names, rows: tuple[Commodity, ...]) -> Floats:
    policy = scenario.supply.policy
    for name in policy.target_days:
        if name != "default":
            names.commodity(name, ("supply", "policy", "target_days", name))
    return np.array([days_wanted(policy, row.id) for row in rows])


def _source(scenario: Scenario, row: Facility, node: int, position: dict[str, int]) -> Source:
    def hour(instant: str, otherwise: float) -> float:
        return (datetime.fromisoformat(instant) - scenario.start).total_seconds() / 3600 if instant else otherwise

    fed = row.role == "refinery" and row.commodity_in in position
    return Source(
        id=row.id,
        node=node,
        commodity=position[row.commodity_out],
        rate=row.rate.central / HOURS_A_DAY,
        feed=position[row.commodity_in] if fed else -1,
        intake=row.intake.central / HOURS_A_DAY if fed else 0.0,
        start=hour(row.active_from, -np.inf),
        end=hour(row.active_to, np.inf),
    )


def _capacity(goods: _Goods) -> Floats:
    """Return what can be stored, tonnes, shape (n, k): a depot's capacity, elsewhere without limit."""
    capacity = np.full((goods.network.node_count, len(goods.rows)), np.inf)
    nodes = goods.network.node_positions()
    for row in goods.depots:
        if row.capacity > 0:
            capacity[nodes[row.node], goods.position[row.commodity_out]] = row.capacity
    return capacity


def _tier(goods: _Goods, target: Floats, sources: tuple[Source, ...]) -> Ints:
    tier = np.where((goods.demand > 0) | (target > 0), 2, -1)
    nodes = goods.network.node_positions()
    for row in goods.depots:
        tier[nodes[row.node], goods.position[row.commodity_out]] = 1
    for source in sources:
        tier[source.node, source.commodity] = 0
    return tier.astype(np.intp)


def _fleet(network: Network, classes: tuple[str, ...]) -> Ints:
    fleet = np.zeros((network.node_count, len(classes)), dtype=np.intp)
    nodes = network.node_positions()
    for row in network.supply.fleets:
        if row.vehicle in classes:
            fleet[nodes[row.node], classes.index(row.vehicle)] += round(row.vehicles.central)
    return fleet


def _pipes(goods: _Goods) -> tuple[Pipe, ...]:
    network = goods.network
    return tuple(
        Pipe(
            link=link,
            commodity=goods.position[str(network.commodity[link])],
            capacity=float(network.capacity[link]) / HOURS_A_DAY,
            transit=float(network.hours[link]),
        )
        for link in np.flatnonzero(network.mode == PIPELINE).tolist()
        if str(network.commodity[link]) in goods.position
    )


def _rationing(scenario: Scenario, names: Names, demand: Floats) -> tuple[Floats, Floats]:
    level, share = np.zeros_like(demand), np.ones(demand.shape[1])
    for index, rule in enumerate(scenario.supply.rationing):
        column = names.commodity(rule.commodity, ("supply", "rationing", index, "commodity"))
        if column is not None:
            level[:, column] = demand[:, column] * HOURS_A_DAY * rule.below_days
            share[column] = rule.share
    return level, share
