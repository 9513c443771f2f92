"""What goods move by: vehicles and where they are at home, the bays they load at, and pipelines."""

import numpy as np
from numpy.typing import NDArray

from corridor.case.goods import HOURS_A_DAY, Goods
from corridor.case.model import Pipe
from corridor.case.names import Names, Where
from corridor.network import PIPELINE, ROAD
from corridor.scenario.model import Scenario

__all__ = ["bind_bays", "bind_fleet", "bind_pipes", "tonnes_a_unit"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


def tonnes_a_unit(goods: Goods) -> Floats:
    """Return the tonnes that one unit of each commodity weighs, shape (k,): 1, or the density of one in Sm³."""
    return np.array([row.density if row.unit == "sm3" else 1.0 for row in goods.rows])


def bind_fleet(scenario: Scenario, names: Names, classes: tuple[str, ...]) -> Ints:
    """Return the vehicles at home at each node by class, shape (n, c), as the scenario changes the network's."""
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
        elif node is not None:
            fleet[node, classes.index(change.vehicle)] = change.vehicles
        if node is not None and change.vehicles and node not in standing:
            message = f"the fleet has nowhere to stand: no road ends at '{change.node}'; expected a node on a road"
            names.note((*where, "node"), message)
    return fleet


def bind_bays(scenario: Scenario, names: Names) -> dict[int, int]:
    """Return how many vehicles can load at once, by position of the node."""
    bays = {}
    for name, count in scenario.supply.loading_bays.items():
        node = names.node(name, ("supply", "loading_bays", name))
        if node is not None:
            bays[node] = count
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
