"""Measures of roads and distances: ways and what they lead through, ranks of cities, what lies near what."""

from math import atan2, cos, degrees, isfinite, radians, sin

import numpy as np

from corridor.case.measured import apart
from corridor.claims.view import View
from corridor.metrics import cut, reach, way_shares
from corridor.network import PIPELINE, Mask
from corridor.paths import Roads

__all__ = [
    "arms",
    "bearing_degrees",
    "count",
    "detour_without",
    "distance_km",
    "max_flow",
    "most_people",
    "nearest",
    "on_road",
    "open_share",
    "people_rank",
    "pipeline_km",
    "reaches",
    "road_km",
    "through",
    "truck_hours",
    "way_rank",
]

Nodes = tuple[int, ...]
ARM_CLASSES = ("motorway", "trunk", "primary")
CITY = "city"


def reaches(view: View, actor: int, origin: int, destination: int, hour: float) -> bool:
    """Return whether an actor has a way from node to node."""
    return reach(view.case, view.epoch(hour), actor, origin, destination) is not None


def max_flow(view: View, actor: int, origin: Nodes, destination: Nodes, hour: float) -> float:
    """Return for how many vehicles a day the roads that an actor may use have room, from a place to another."""
    return cut(view.case, view.epoch(hour), actor, origin, destination).value


def through(view: View, origin: int, destination: int, via: Nodes) -> bool:
    """Return whether the fastest way from node to node, every road open, leads through a place."""
    network, route = view.case.network, view.open_roads.route(origin, destination) or ()
    return not {origin, *network.head[list(route)].tolist()}.isdisjoint(via)


def road_km(view: View, origin: int, destination: int) -> float | None:
    """Return the kilometres of the fastest way from node to node, every road open."""
    route = view.open_roads.route(origin, destination)
    return None if route is None else float(view.case.network.length[list(route)].sum())


def truck_hours(view: View, origin: int, destination: int) -> float | None:
    """Return the free-flow truck hours of the fastest way from node to node, every road open."""
    hours = float(view.open_roads.hours([origin])[0, destination])
    return hours if isfinite(hours) else None


def detour_without(view: View, origin: int, destination: int, without: Nodes) -> float:
    """Return the hours from node to node if a place could not be passed, over those if it could; `inf`: no way."""
    network = view.case.network
    barred: Mask = np.isin(network.tail, without) | np.isin(network.head, without)
    around = Roads(network, view.all_roads & ~barred)
    return float(around.hours([origin])[0, destination] / view.open_roads.hours([origin])[0, destination])


def distance_km(view: View, one: int, other: int) -> float:
    """Return the distance between two nodes on the sphere."""
    return apart(view.case.network, one, other)


def bearing_degrees(view: View, origin: int, destination: int) -> float:
    """Return in which direction a node lies from another: 0 north, 90 east."""
    network = view.case.network
    lat1, lat2 = (radians(float(network.lat[node])) for node in (origin, destination))
    east = radians(float(network.lon[destination] - network.lon[origin]))
    angle = atan2(sin(east) * cos(lat2), cos(lat1) * sin(lat2) - sin(lat1) * cos(lat2) * cos(east))
    return degrees(angle) % 360


def arms(view: View, place: Nodes) -> float:
    """Return how many motorways, trunk and primary roads lead out of a place."""
    network = view.case.network
    out = np.isin(network.tail, place) & ~np.isin(network.head, place) & view.all_roads
    return int(np.unique(network.link_id[out & np.isin(network.road_class, ARM_CLASSES)]).size)


def on_road(view: View, place: Nodes, number: str) -> bool:
    """Return whether a road of that number leads to a place."""
    network = view.case.network
    touching = np.isin(network.tail, place) | np.isin(network.head, place)
    return bool((touching & (network.road_number == number)).any())


def people_rank(view: View, city: int, column: str) -> float:
    """Return the rank of a city among cities by the people of a column of the network, its districts counted in."""
    people = view.case.network.population[column]
    return _rank({node: float(people[list(view.with_districts(node))].sum()) for node in _cities(view)}, city)


def most_people(view: View, place: Nodes, column: str) -> str:
    """Return the id of the city of a place with most people in a column of the network, its districts counted in."""
    people, ids = view.case.network.population[column], view.case.network.node_id
    persons = {node: float(people[list(view.with_districts(node))].sum()) for node in _cities(view) if node in place}
    return str(ids[max(persons, key=lambda node: persons[node])]) if persons else "none"


def way_rank(view: View, actor: int, city: int, hour: float) -> float:
    """Return the rank of a city among cities by the share of the ways between an actor's people that lead through it.

    The share is demand-weighted betweenness; of a city with junctions and districts, that of the one most used.
    """
    shares, _ = way_shares(view.case, view.epoch(hour), actor)
    most = {node: float(shares[list(view.with_districts(node))].max()) for node in _cities(view)}
    return _rank(most, city)


def nearest(view: View, kind: str, node: int) -> str:
    """Return the id of the node of a kind that is nearest by truck hours, every road open."""
    network = view.case.network
    wanted = np.flatnonzero(network.kind == kind)
    hours = view.open_roads.hours([node])[0, wanted]
    return str(network.node_id[wanted[int(np.argmin(hours))]]) if np.isfinite(hours).any() else "none"


def count(view: View, kind: str, place: Nodes) -> float:
    """Return how many nodes of a kind a place has."""
    return int(np.sum(view.case.network.kind[list(place)] == kind))


def pipeline_km(view: View, commodity: str, node: int) -> float:
    """Return how far from a node the nearest end of a pipeline that carries a commodity lies, km on the sphere."""
    network = view.case.network
    carries = (network.mode == PIPELINE) & (network.commodity == commodity)
    ends = np.unique(np.concatenate([network.tail[carries], network.head[carries]]))
    return min(apart(network, node, end) for end in ends.tolist())


def open_share(view: View, link: Nodes, vehicle: int, hour: float) -> float:
    """Return the share of a link's capacity that a class of vehicles finds open."""
    return float(view.epoch(hour).share[vehicle, list(link)].max())


def _cities(view: View) -> list[int]:
    return np.flatnonzero(view.case.network.kind == CITY).tolist()


def _rank(values: dict[int, float], city: int) -> float:
    return 1 + sum(value > values[city] for value in values.values())
