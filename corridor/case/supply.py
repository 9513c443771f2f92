"""The supply side of a case: who uses what, and from where and by what it comes, as positions, tonnes and hours."""

import numpy as np

from corridor.case.carriers import bind_bays, bind_fleet, bind_pipes, tonnes_a_unit
from corridor.case.changes import aid_convoys, demand_changes, rate_changes
from corridor.case.facilities import bind_sources, changed_facilities
from corridor.case.goods import HOURS_A_DAY, Goods
from corridor.case.model import EventUse, SupplyCase
from corridor.case.names import Names
from corridor.case.people import bind_displacement, movements
from corridor.case.rations import bind_rations
from corridor.case.stocks import (
    depot_share,
    kept_demand,
    order_level,
    recorded_days,
    recorded_stock,
    storage_limit,
    tiers,
)
from corridor.case.timeline import vehicle_classes
from corridor.case.turns import commodity_order, place_rank
from corridor.network import Commodity, Floats
from corridor.policies import days_wanted
from corridor.scenario.model import Scenario

__all__ = ["bind_supply"]


KG_A_TONNE = 1000.0


def bind_supply(scenario: Scenario, names: Names, population: Floats, uses: tuple[EventUse, ...]) -> SupplyCase:
    """Return the supply side of a case; `population` (n,) persons, `uses` one for each event."""
    classes = vehicle_classes(names.network)
    rows = _commodities(scenario, names)
    rate = _rate(scenario, names, rows)
    goods = _goods(scenario, names, rows, rate * population[:, None])
    sources = bind_sources(scenario, goods)
    kept = kept_demand(goods, depot_share(goods))
    target = order_level(goods, kept, sources, _target_days(scenario, names, rows))
    stock = recorded_stock(goods, kept * recorded_days(goods))
    tier = tiers(goods, target, sources)
    ration_level, ration_share = bind_rations(scenario, names, goods.demand)
    return SupplyCase(
        commodities=tuple(row.id for row in rows),
        vehicles=classes,
        rate=rate,
        demand=goods.demand,
        stock=stock,
        capacity=storage_limit(goods, sources, np.maximum(target, stock)),
        target=target,
        tier=tier,
        vehicle=np.array([classes.index(row.vehicle) if row.vehicle else -1 for row in rows], dtype=np.intp),
        payload=_payload(scenario, goods),
        fleet=bind_fleet(scenario, names, goods, classes, tier),
        bays=bind_bays(scenario, names, goods, tier),
        order=commodity_order(scenario, names, rows),
        rank=place_rank(scenario, names),
        ration_level=ration_level,
        ration_share=ration_share,
        sources=sources,
        pipes=bind_pipes(scenario, names, goods),
        rate_changes=rate_changes(scenario, names, sources, uses),
        demand_changes=demand_changes(scenario, names),
        movements=movements(scenario, names, population, uses),
        displacement=bind_displacement(scenario, names),
        aid=aid_convoys(scenario, names, uses),
    )


def _commodities(scenario: Scenario, names: Names) -> tuple[Commodity, ...]:
    known = {row.id: row for row in names.network.supply.commodities}
    for index, name in enumerate(scenario.supply.commodities):
        if name not in known:
            names.unknown(("supply", "commodities", index), "commodity", name, known)
    return tuple(known[name] for name in scenario.supply.commodities if name in known)


def _goods(scenario: Scenario, names: Names, rows: tuple[Commodity, ...], demand: Floats) -> Goods:
    """Return what the rest is worked out from; `demand` (n, k) tonnes an hour."""
    return Goods(
        network=names.network,
        nodes=names.network.node_positions(),
        rows=rows,
        position={row.id: position for position, row in enumerate(rows)},
        facilities=changed_facilities(scenario, names),
        demand=demand,
    )


def _rate(scenario: Scenario, names: Names, rows: tuple[Commodity, ...]) -> Floats:
    """Return everyday use, tonnes a person and hour, shape (n, k): none outside the areas that are followed."""
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
    followed = names.areas(scenario.supply.areas, ("supply", "areas"))
    if scenario.supply.areas:
        kilograms[~np.isin(network.area, followed)] = 0.0
    return kilograms / KG_A_TONNE / HOURS_A_DAY


def _payload(scenario: Scenario, goods: Goods) -> Floats:
    """Return the tonnes that one vehicle carries of each commodity, shape (k,)."""
    changed = {change.commodity: change.payload_tonnes for change in scenario.supply.commodity_changes}
    usual = np.array([row.payload.central for row in goods.rows]) * tonnes_a_unit(goods)
    return np.array([changed.get(row.id) or usual[column] for column, row in enumerate(goods.rows)])


def _target_days(scenario: Scenario, names: Names, rows: tuple[Commodity, ...]) -> Floats:
    policy = scenario.supply.policy
    for name in policy.target_days:
        if name != "default":
            names.commodity(name, ("supply", "policy", "target_days", name))
    return np.array([days_wanted(policy, row.id) for row in rows])
