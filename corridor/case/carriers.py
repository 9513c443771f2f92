"""What goods move by: vehicles and where they are at home, the bays they load at, and pipelines."""

import numpy as np

from corridor.case.goods import HOURS_A_DAY, Goods
from corridor.case.model import DEPOT_TIER, SOURCE_TIER, Pipe
from corridor.case.names import Names, Where
from corridor.network import PIPELINE, ROAD, Floats, Ints
from corridor.scenario.model import Scenario

__all__ = ["bind_bays", "bind_fleet", "bind_pipes", "tonnes_a_unit"]


def tonnes_a_unit(goods: Goods) -> Floats:
    """Return the tonnes that one unit of each commodity weighs, shape (k,): 1, or the density of one in Sm³."""
    return np.array([row.density if row.unit == "sm3" else 1.0 for row in goods.rows])


def bind_fleet(scenario: Scenario, names: Names, goods: Goods, classes: tuple[str, ...], tier: Ints) -> Ints:
    """Return the vehicles at home at each node by class, shape (n, c), as the scenario changes the network's.

    `tier` (n, k) says where goods are given out: vehicles that the scenario puts where nobody loads them are a fault,
    unless they may drive stocks away from there.
    """
    fleet = np.zeros((names.network.node_count, len(classes)), dtype=np.intp)
    nodes = names.network.node_positions()
    for row in names.network.supply.fleets:
        if row.vehicle in classes:
            fleet[nodes[row.node], classes.index(row.vehicle)] += round(row.vehicles.central)
    roads = names.network.mode == ROAD
    standing = np.union1d(names.network.tail[roads], names.network.head[roads])
    for index, change in enumerate(scenario.supply.fleets):
        where: Where = ("supply", "fleets", index)
        node = names.node(change.node, (*where, "node"))
        if change.vehicle not in classes:
            names.unknown((*where, "vehicle"), "vehicle class", change.vehicle, classes)
            continue
        if node is None:
            continue
        fleet[node, classes.index(change.vehicle)] = change.vehicles
        carried = [column for column, row in enumerate(goods.rows) if row.vehicle == change.vehicle]
        if change.vehicles and node not in standing:
            message = f"the fleet has nowhere to stand: no road ends at '{change.node}'; expected a node on a road"
            names.note((*where, "node"), message)
        elif change.vehicles and scenario.supply.fallen_stock != "evacuated" and not _gives(tier, node, carried):
            followed = ", ".join(goods.rows[column].id for column in carried)
            expected = f"a source or depot of {followed}" if followed else "none: nothing that is followed goes by it"
            names.note((*where, "node"), f"nobody loads a {change.vehicle} at '{change.node}'; expected {expected}")
    return fleet


def _gives(tier: Ints, node: int, columns: list[int]) -> bool:
    """Return whether one of the commodities in some columns of `tier` (n, k) is given out at a node."""
    return bool(np.isin(tier[node, columns], (SOURCE_TIER, DEPOT_TIER)).any())


def bind_bays(scenario: Scenario, names: Names, goods: Goods, tier: Ints) -> dict[int, int]:
    """Return how many vehicles can load at once, by position of the node; `tier` as in `bind_fleet`."""
    bays = {}
    carried = [column for column, row in enumerate(goods.rows) if row.vehicle]
    for name, count in scenario.supply.loading_bays.items():
        where: Where = ("supply", "loading_bays", name)
        node = names.node(name, where)
        if node is not None:
            bays[node] = count
            if not _gives(tier, node, carried):
                names.note(where, f"nobody loads at '{name}'; expected a source or depot of what goes by road")
    return bays


def bind_pipes(scenario: Scenario, names: Names, goods: Goods) -> tuple[Pipe, ...]:
    """Return the pipelines of the commodities that the scenario follows."""
    network, across = goods.network, _across_fronts(scenario, names)
    weight = tonnes_a_unit(goods)
    pipes = []
    for link in np.flatnonzero(network.mode == PIPELINE).tolist():
        commodity = goods.position.get(str(network.commodity[link]))
        if commodity is not None:
            capacity = float(network.capacity[link] * weight[commodity]) / HOURS_A_DAY
            transit = float(network.hours[link])
            pipes.append(
                Pipe(link=link, commodity=commodity, capacity=capacity, transit=transit, across=link in across)
            )
    return tuple(pipes)


def _across_fronts(scenario: Scenario, names: Names) -> set[int]:
    """Return the positions of the pipelines that flow between different hands."""
    links = names.network.link_positions()
    pipelines = [name for name, (first, *_) in links.items() if names.network.mode[first] == PIPELINE]
    across: set[int] = set()
    for index, name in enumerate(scenario.links.across_fronts):
        where: Where = ("links", "across_fronts", index)
        if name in pipelines:
            across.update(links[name])
        elif name in links:
            names.note(where, f"found the road '{name}', expected a pipeline: no rule lets a road lead across a front")
        else:
            names.unknown(where, "pipeline", name, pipelines)
    return across
