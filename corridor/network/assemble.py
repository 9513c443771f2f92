"""How rows that name nodes by their ids become a network of positions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from corridor.errors import Fault
from corridor.network.model import ROAD, Floats, Ints, Network, SupplyTables, Texts
from corridor.network.words import did_you_mean

__all__ = ["Link", "Node", "assemble", "both_ways", "row_faults"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Describe one node; the fields are those of `Network`, `aliases` other spellings in any case."""

    id: str
    name: str = ""
    name_ar: str = ""
    kind: str = "town"
    admin1: str = ""
    area: str = ""
    lon: float
    lat: float
    label_anchor: str = ""
    source: str = ""
    confidence: str = ""
    aliases: tuple[str, ...] = ()
    population: Mapping[str, float] = field(default_factory=dict)
    control: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Describe one directed link; the fields are those of `Network`, `tail`, `head` and `passes` ids of nodes.

    Two road links with one id from a to b and from b to a are the two ways of one road.
    """

    id: str
    tail: str
    head: str
    mode: int = ROAD
    length: float
    hours: float
    capacity: float
    name: str = ""
    commodity: str = ""
    road_class: str = ""
    road_number: str = ""
    source: str = ""
    confidence: str = ""
    open_share: Mapping[str, float] = field(default_factory=dict)
    passes: tuple[str, ...] = ()


def both_ways(link: Link) -> tuple[Link, Link]:
    """Return a two-way road's links: as given, and the other way round."""
    return link, replace(link, tail=link.head, head=link.tail, passes=link.passes[::-1])


def assemble(
    nodes: Sequence[Node],
    links: Sequence[Link],
    *,
    name: str,
    title: str = "",
    source: str = "",
    supply: SupplyTables | None = None,
) -> Network:
    """Return the network of `nodes` and `links`, in their order; it may still break invariants (see `faults`).

    Every end and every passed place must be an id in `nodes` (see `row_faults`); of an id that is there twice the
    first node is meant.
    """
    position: dict[str, int] = {}
    for index, node in enumerate(nodes):
        position.setdefault(node.id, index)
    return Network(
        name=name,
        title=title,
        source=source,
        **_node_columns(nodes),
        **_link_columns(links, position),
        supply=SupplyTables() if supply is None else supply,
    )


def row_faults(nodes: Sequence[Node], links: Sequence[Link]) -> list[Fault]:
    """Return what keeps rows from becoming a network: unknown ends and passed places, and names that clash.

    `where` is ``("nodes" or "links", i, column)`` with `i` the place of the row among those given.
    """
    known = {node.id for node in nodes}
    unknown = [
        Fault(
            message=f"found {place!r}, expected the id of a node{did_you_mean(place, known)}",
            where=("links", index, column),
        )
        for index, link in enumerate(links)
        for column, place in (("tail", link.tail), ("head", link.head), *(("passes", place) for place in link.passes))
        if place not in known
    ]
    return unknown + list(_clashes(nodes))


def _clashes(nodes: Sequence[Node]) -> Iterator[Fault]:
    owner: dict[str, str] = {}
    for node in nodes:
        for name in (node.id, node.name, node.name_ar):
            owner.setdefault(name.lower(), node.id)
    taken: dict[str, str] = {}
    for index, node in enumerate(nodes):
        for alias in node.aliases:
            by_name, by_alias = owner.get(alias.lower(), node.id), taken.setdefault(alias.lower(), node.id)
            if by_name != node.id:
                message = f"the alias {alias!r} is the id or a name of {by_name!r}, expected one that no other node has"
                yield Fault(message=message, where=("nodes", index, "aliases"))
            elif by_alias != node.id:
                message = f"the alias {alias!r} is one of {by_alias!r} already, expected one that no other node has"
                yield Fault(message=message, where=("nodes", index, "aliases"))


def _node_columns(nodes: Sequence[Node]) -> dict[str, Any]:
    holders = dict.fromkeys(column for node in nodes for column in node.control)
    return {
        "node_id": _texts(node.id for node in nodes),
        "node_name": _texts(node.name or node.id for node in nodes),
        "node_name_ar": _texts(node.name_ar for node in nodes),
        "kind": _texts(node.kind for node in nodes),
        "admin1": _texts(node.admin1 for node in nodes),
        "area": _texts(node.area for node in nodes),
        "lon": _floats(node.lon for node in nodes),
        "lat": _floats(node.lat for node in nodes),
        "label_anchor": _texts(node.label_anchor for node in nodes),
        "node_source": _texts(node.source for node in nodes),
        "node_confidence": _texts(node.confidence for node in nodes),
        "population": _shared((node.population for node in nodes), absent=0.0),
        "control": {column: _texts(node.control.get(column, "") for node in nodes) for column in holders},
        "aliases": {alias.lower(): node.id for node in nodes for alias in node.aliases},
    }


def _link_columns(links: Sequence[Link], position: Mapping[str, int]) -> dict[str, Any]:
    return {
        "link_id": _texts(link.id for link in links),
        "link_name": _texts(link.name for link in links),
        "tail": _ints(position[link.tail] for link in links),
        "head": _ints(position[link.head] for link in links),
        "reverse": _reverses(links),
        "mode": _ints(link.mode for link in links),
        "length": _floats(link.length for link in links),
        "hours": _floats(link.hours for link in links),
        "capacity": _floats(link.capacity for link in links),
        "commodity": _texts(link.commodity for link in links),
        "road_class": _texts(link.road_class for link in links),
        "road_number": _texts(link.road_number for link in links),
        "link_source": _texts(link.source for link in links),
        "link_confidence": _texts(link.confidence for link in links),
        "open_share": _shared((link.open_share for link in links), absent=np.nan),
        "pass_start": np.cumsum([0, *(len(link.passes) for link in links)], dtype=np.intp),
        "pass_node": _ints(position[place] for link in links for place in link.passes),
    }


def _reverses(links: Sequence[Link]) -> Ints:
    position = {(link.id, link.tail, link.head): index for index, link in enumerate(links) if link.mode == ROAD}
    return _ints(position.get((link.id, link.head, link.tail), -1) if link.mode == ROAD else -1 for link in links)


def _texts(values: Iterable[str]) -> Texts:
    return np.array(list(values), dtype=np.str_)


def _floats(values: Iterable[float]) -> Floats:
    return np.array(list(values), dtype=np.float64)


def _ints(values: Iterable[int]) -> Ints:
    return np.array(list(values), dtype=np.intp)


def _shared(rows: Iterable[Mapping[str, float]], *, absent: float) -> dict[str, Floats]:
    held = list(rows)
    names = dict.fromkeys(name for row in held for name in row)
    return {name: _floats(row.get(name, absent) for row in held) for name in names}
