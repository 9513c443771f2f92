"""How tests build a small network from short literals.

>>> built = network(
...     nodes={"a": (36.0, 34.0, 1000), "b": node(36.1, 34.0, 500, kind="port", holder="red", area="coast")},
...     roads=[("a", "b", 10.0, 0.2), road("b", "a", 12.0, id="back", one_way=True)],
...     pipelines=[pipeline("b", "a", 11.0, 5.0, commodity="diesel")],
... )
>>> built.link_id.tolist()
['a-b', 'a-b', 'back', 'b>a']
"""

from collections.abc import Iterable, Mapping
from typing import Any

from corridor.network import PIPELINE, Link, Network, Node, SupplyTables, assemble, both_ways

__all__ = ["CONTROL", "OPEN", "PERSONS", "network", "node", "pipeline", "road"]

CONTROL, OPEN, PERSONS = "control_start", "open_share_start", "catchment_2024_persons"
"""The dated columns of every network built here."""


def node(lon: float, lat: float, persons: float = 0.0, *, holder: str = "none", **fields: Any) -> dict[str, Any]:
    """Return a node at `lon`, `lat` (degrees) held by `holder`; `fields` are those of `corridor.network.Node`."""
    return {"lon": lon, "lat": lat, "population": {PERSONS: float(persons)}, "control": {CONTROL: holder}, **fields}


def road(tail: str, head: str, km: float = 10.0, hours: float | None = None, **fields: Any) -> dict[str, Any]:
    """Return a road, at 50 km/h unless `hours` are given.

    `fields`: `one_way`, `share` (open share of capacity), and those of `corridor.network.Link` (`id`, `capacity`
    vehicles an hour, `passes`, ...).
    """
    ends = {"id": f"{tail}-{head}", "tail": tail, "head": head, "capacity": 1000.0}
    return {**ends, "length": km, "hours": km / 50 if hours is None else hours, **fields}


def pipeline(tail: str, head: str, km: float = 10.0, hours: float = 5.0, **fields: Any) -> dict[str, Any]:
    """Return a pipeline (of crude unless `commodity` is given); `fields` as for `road`, `capacity` tonnes a day."""
    carries = {"mode": PIPELINE, "commodity": "crude", "id": f"{tail}>{head}", "one_way": True, **fields}
    return road(tail, head, km, hours, **carries)


def network(
    nodes: Mapping[str, Any],
    roads: Iterable[Any] = (),
    pipelines: Iterable[Any] = (),
    supply: SupplyTables | None = None,
    *,
    name: str = "test",
) -> Network:
    """Return a network of nodes, roads and pipelines, each what its helper returns, or the tuple of its arguments.

    Parallel links of one name get ``_2``, ``_3``, ... at the end of their ids. Nothing is checked.
    """
    rows = [Node(id=key, **(node(*row) if isinstance(row, tuple) else row)) for key, row in nodes.items()]
    given = [road(*row) if isinstance(row, tuple) else row for row in roads]
    given += [pipeline(*row) if isinstance(row, tuple) else row for row in pipelines]
    seen: dict[str, int] = {}
    links: list[Link] = []
    for fields in given:
        seen[fields["id"]] = seen.get(fields["id"], 0) + 1
        links += _links(fields, parallel=seen[fields["id"]])
    return assemble(rows, links, name=name, supply=supply)


def _links(given: dict[str, Any], *, parallel: int) -> tuple[Link, ...]:
    fields = dict(given)
    one_way, share = fields.pop("one_way", False), fields.pop("share", 1.0)
    fields["id"] += f"_{parallel}" if parallel > 1 else ""
    link = Link(**fields, open_share={OPEN: float(share)})
    return (link,) if one_way else both_ways(link)
