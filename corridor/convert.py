"""Networks as networkx graphs, there and back, and as GeoDataFrames, for exchange with other tools and GIS."""

import math
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

import networkx as nx
import numpy as np

from corridor.errors import Fault, NetworkError
from corridor.network import ROAD, Link, Network, Node, SupplyTables, assemble, faults, row_faults
from corridor.network.words import MODES, did_you_mean

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["from_networkx", "to_geodataframes", "to_networkx"]

Graph: TypeAlias = "nx.MultiDiGraph[str]"
Attributes: TypeAlias = dict[str, Any]

NODE_TEXTS = ("name", "name_ar", "kind", "admin1", "area", "label_anchor", "source", "confidence")
LINK_TEXTS = ("name", "commodity", "road_class", "road_number", "source", "confidence")
CAPACITY = {"road": "capacity_vehicles_per_hour", "pipeline": "capacity_per_day"}


def to_networkx(network: Network) -> Graph:
    """Return `network` as a graph: node ids as nodes, link ids as keys, everything else as attributes.

    The attributes are named as the columns of a network folder's tables, with `hours` for the travel or transit
    time and `mode` ``road`` or ``pipeline``; `aliases` and `passes` are tuples. A two-way road is two edges of one
    key; `position` keeps the order of the links. The graph itself has `name`, `title`, `source` and `supply` (a
    `SupplyTables`). `from_networkx` is the inverse.
    """
    graph: Graph = nx.MultiDiGraph(name=network.name, title=network.title, source=network.source, supply=network.supply)
    nodes, links = _node_rows(network), _link_rows(network)
    graph.add_nodes_from((row.pop("id"), row) for row in nodes)
    for position, row in enumerate(links):
        graph.add_edge(row.pop("tail"), row.pop("head"), row.pop("id"), position=position, **row)
    return graph


def from_networkx(graph: Graph) -> Network:
    """Return the network of a graph as `to_networkx` makes it; the inverse.

    Nodes need `lon` and `lat`, edges `length_km`, `hours` and their capacity; other attributes may be absent, and
    those of other names are left out. Two road edges of one key, there and back, are one two-way road. Links come
    in the order of `position`, those without one after them as the graph has them.

    Raises
    ------
    NetworkError
        If the graph is no ``MultiDiGraph``, lacks attributes or breaks an invariant (see `corridor.network.faults`).
    """
    if not (graph.is_multigraph() and graph.is_directed()):
        raise NetworkError(f"found a {type(graph).__name__}, expected a MultiDiGraph with link ids as keys")
    found: list[Fault] = []
    nodes = [_node(node, attributes, found) for node, attributes in graph.nodes(data=True)]
    edges = sorted(graph.edges(keys=True, data=True), key=_position)
    links = [_link(edge, found) for edge in edges]
    ids = {"nodes": [node.id for node in nodes], "links": [link.id for link in links]}
    found = found or [_named(fault, ids) for fault in row_faults(nodes, links)]
    if found:
        raise NetworkError(found)
    texts = {key: str(graph.graph.get(key, "")) for key in ("name", "title", "source")}
    network = assemble(nodes, links, supply=graph.graph.get("supply", SupplyTables()), **texts)
    found = [_named(fault, ids) for fault in faults(network)]
    if found:
        raise NetworkError(found)
    return network


def to_geodataframes(network: Network) -> "tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]":
    """Return nodes as points and links as straight lines between their ends, EPSG:4326, for exchange with GIS.

    The columns are those of `to_networkx`, with the ids, and text where that has tuples (joined by ``;``). A
    two-way road is one row whose `one_way` is 0.
    """
    import geopandas as gpd
    from shapely import linestrings, points

    places = np.column_stack([network.lon, network.lat])
    once = np.flatnonzero((network.reverse < 0) | (network.reverse > np.arange(network.link_count)))
    lines = linestrings(np.stack([places[network.tail[once]], places[network.head[once]]], axis=1))
    one_way = np.where(network.reverse < 0, 1, 0)
    links = [{**row, "one_way": int(way)} for row, way in zip(_link_rows(network), one_way, strict=True)]
    return (
        gpd.GeoDataFrame(_flat(_node_rows(network)), geometry=points(places), crs="EPSG:4326"),
        gpd.GeoDataFrame(_flat([links[position] for position in once]), geometry=lines, crs="EPSG:4326"),
    )


def _node_rows(network: Network) -> list[Attributes]:
    aliases: dict[str, tuple[str, ...]] = {}
    for alias, node in network.aliases.items():
        aliases[node] = (*aliases.get(node, ()), alias)
    columns = {
        "id": network.node_id,
        "name": network.node_name,
        "name_ar": network.node_name_ar,
        "kind": network.kind,
        "admin1": network.admin1,
        "area": network.area,
        "lon": network.lon,
        "lat": network.lat,
        "label_anchor": network.label_anchor,
        "source": network.node_source,
        "confidence": network.node_confidence,
        **network.population,
        **network.control,
    }
    return [{**row, "aliases": aliases.get(row["id"], ())} for row in _rows(columns)]


def _link_rows(network: Network) -> list[Attributes]:
    columns = {
        "id": network.link_id,
        "tail": network.node_id[network.tail],
        "head": network.node_id[network.head],
        "mode": np.array(MODES)[network.mode],
        "name": network.link_name,
        "length_km": network.length,
        "hours": network.hours,
        "commodity": network.commodity,
        "road_class": network.road_class,
        "road_number": network.road_number,
        "source": network.link_source,
        "confidence": network.link_confidence,
    }
    shares = _rows(network.open_share)
    return [
        {
            **row,
            CAPACITY[row["mode"]]: network.capacity[position].item(),
            **({name: share for name, share in shares[position].items() if not math.isnan(share)} if shares else {}),
            "passes": tuple(network.node_id[network.passes(position)].tolist()),
        }
        for position, row in enumerate(_rows(columns))
    ]


def _rows(columns: Mapping[str, np.ndarray]) -> list[Attributes]:
    held = [values.tolist() for values in columns.values()]
    return [dict(zip(columns, values, strict=True)) for values in zip(*held, strict=True)]


def _flat(rows: Iterable[Attributes]) -> list[Attributes]:
    return [{key: ";".join(each) if isinstance(each, tuple) else each for key, each in row.items()} for row in rows]


def _node(node: Hashable, attributes: Attributes, found: list[Fault]) -> Node:
    if not isinstance(node, str):
        found.append(Fault(message=f"found the node {node!r}, expected a text as its id"))
    what = f"node {node!r}"
    return Node(
        id=str(node),
        lon=_number(attributes, "lon", what, found),
        lat=_number(attributes, "lat", what, found),
        aliases=tuple(attributes.get("aliases", ())),
        population={key: _number(attributes, key, what, found) for key in attributes if key.endswith("_persons")},
        control={key: str(value) for key, value in attributes.items() if key.startswith("control_")},
        **{key: str(attributes[key]) for key in NODE_TEXTS if key in attributes},
    )


def _link(edge: tuple[Any, Any, Any, Attributes], found: list[Fault]) -> Link:
    tail, head, key, attributes = edge
    if not isinstance(key, str):
        found.append(Fault(message=f"found the key {key!r} from {tail!r} to {head!r}, expected a link's id, a text"))
    what, mode = f"link {key!r} from {tail!r} to {head!r}", attributes.get("mode", "road")
    if mode not in MODES:
        expected = f"expected one of {', '.join(MODES)}{did_you_mean(str(mode), MODES)}"
        found.append(Fault(message=f"{what} has the mode {mode!r}, {expected}"))
        mode = MODES[ROAD]
    return Link(
        id=str(key),
        tail=str(tail),
        head=str(head),
        mode=MODES.index(mode),
        length=_number(attributes, "length_km", what, found),
        hours=_number(attributes, "hours", what, found),
        capacity=_number(attributes, CAPACITY[mode], what, found),
        open_share={
            name: _number(attributes, name, what, found) for name in attributes if name.startswith("open_share_")
        },
        passes=tuple(attributes.get("passes", ())),
        **{name: str(attributes[name]) for name in LINK_TEXTS if name in attributes},
    )


def _number(attributes: Attributes, name: str, what: str, found: list[Fault]) -> float:
    try:
        return float(attributes[name])
    except KeyError:
        found.append(Fault(message=f"{what} has no {name}{did_you_mean(name, attributes)}"))
    except (TypeError, ValueError):
        found.append(Fault(message=f"{what} has {attributes[name]!r} as {name}, expected a number"))
    return math.nan


def _position(edge: tuple[Any, Any, Any, Attributes]) -> float:
    position = edge[3].get("position")
    return position if isinstance(position, (int, float)) else math.inf


def _named(fault: Fault, ids: Mapping[str, list[str]]) -> Fault:
    """Return `fault` with the node or link it is about named in its message, as a graph has no lines."""
    table, row = (str(fault.where[0]), int(fault.where[1])) if fault.where else ("", 0)
    if not ids.get(table):
        return fault
    return replace(fault, message=f"{table[:-1]} {ids[table][row]!r}: {fault.message}")
