"""A run as one dataset: every number with its dimensions and unit, provenance in the attributes."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, TypeAlias

import numpy as np
import xarray as xr

from corridor import __version__
from corridor.case import Case
from corridor.ensemble.connectivity import connectivity_variables, reported_epochs
from corridor.ensemble.means import means_variables
from corridor.ensemble.variables import Variables, labelled, texts
from corridor.metrics import power_rows
from corridor.scenario.model import ControlEvent, ConvoyEvent, Event, FacilityEvent, LinkEvent, PopulationEvent
from corridor.simulation import GateRecord, LedgerRow, Shipment, Stockout, Trace, Transfer

__all__ = ["Run", "assemble", "survey"]

Run: TypeAlias = xr.Dataset
"""What a run found, as `assemble` makes it and figures read it."""

UNITS = {
    **dict.fromkeys(("tonnes", "unloaded", "opening", "inflow", "outflow", "closing"), "tonnes"),
    **dict.fromkeys(("departed", "arrived", "waited", "longest", "loaded", "ended", "start", "end"), "h"),
    "km": "km",
}
"""The unit of each field of a row that is a number with one."""
TEXTS = {"mode", "outcome", "account", "out_of", "into"}


def assemble(case: Case, trace: Trace, *, provenance: Mapping[str, str | int]) -> xr.Dataset:
    """Return what a run found, as one dataset in memory.

    Dimensions: node, link, actor, epoch, pair (of anchors), time (on record), place (reported nodes), commodity, plant
    (power plants), gate, event, shipment, stockout, account (of the ledger) and transfer (between two of them). Times
    are hours since ``attrs["start"]``; `holder`, `pocket` and the like hold positions of actors and ranks of pockets,
    -1 and 0 for none.

    Parameters
    ----------
    provenance
        `seed`, `replication`, `scenario_sha256` and `network_sha256`.
    """
    variables = {
        **_standing_variables(case),
        **means_variables(case, reported_epochs(case)),
        **_supply_variables(case, trace),
        **_power_variables(case, trace),
        **_row_variables("shipment", Shipment, trace.shipments, case),
        **_row_variables("stockout", Stockout, trace.stockouts, case),
        **_row_variables("account", LedgerRow, trace.ledger, case),
        **_row_variables("transfer", Transfer, trace.transfers, case),
        **_row_variables("gate", GateRecord, trace.gates, case),
        "queue": labelled(("time", "gate"), trace.queue, "vehicles", "vehicles that wait at the gate"),
    }
    return xr.Dataset(variables, attrs=_attributes(case, provenance))


def survey(case: Case) -> xr.Dataset:
    """Return what is known of a case without a replication: network, control, connectivity and events."""
    return xr.Dataset(_standing_variables(case), attrs=_attributes(case, {}))


def _standing_variables(case: Case) -> Variables:
    return {
        **_network_variables(case),
        **_actor_variables(case),
        **_commodity_variables(case),
        **connectivity_variables(case),
        **_event_variables(case),
    }


def _named_commodities(case: Case) -> list[tuple[str, str, str]]:
    """Return id, name and Arabic name of each commodity of the case."""
    known = {commodity.id: commodity for commodity in case.network.supply.commodities}
    return [(id, known[id].name, known[id].name_ar) if id in known else (id, id, "") for id in case.supply.commodities]


def _network_variables(case: Case) -> Variables:
    net = case.network
    nodes = {
        name: labelled("node", getattr(net, name))
        for name in ("node_id", "node_name", "node_name_ar", "kind", "area", "label_anchor")
    }
    links = {
        name: labelled("link", getattr(net, name)) for name in ("link_id", "link_name", "road_class", "road_number")
    }
    return {
        **nodes,
        "lon": labelled("node", net.lon, "degrees_east"),
        "lat": labelled("node", net.lat, "degrees_north"),
        "population": labelled("node", case.population, "persons", "people at the start"),
        **links,
        "tail": labelled("link", net.tail, "", "position of the node where the link begins"),
        "head": labelled("link", net.head, "", "position of the node where the link ends"),
        "mode": labelled("link", net.mode, "", "0 road, 1 pipeline"),
        "link_commodity": labelled("link", net.commodity),
        "length_km": labelled("link", net.length, "km"),
        "hours": labelled("link", net.hours, "h", "free-flow truck hours; a pipeline's transit time"),
    }


def _actor_variables(case: Case) -> Variables:
    actors = [case.scenario.actors[actor] for actor in case.actors]
    return {
        "actor_id": labelled("actor", texts(case.actors)),
        "actor_name": labelled("actor", texts([actor.name for actor in actors])),
        "actor_name_ar": labelled("actor", texts([actor.name_ar for actor in actors])),
        "actor_colour": labelled("actor", texts([actor.colour for actor in actors])),
    }


def _commodity_variables(case: Case) -> Variables:
    ids, names, arabic = zip(*_named_commodities(case), strict=True) if case.supply.commodities else ((), (), ())
    return {
        "commodity": labelled("commodity", texts(ids), "", "commodity id"),
        "commodity_name": labelled("commodity", texts(names)),
        "commodity_name_ar": labelled("commodity", texts(arabic)),
    }


def _supply_variables(case: Case, trace: Trace) -> Variables:
    dims = ("time", "place", "commodity")
    return {
        "time": labelled("time", trace.time, "h", "hours since the start"),
        "place": labelled("place", case.network.node_id[trace.place], "", "node id"),
        "place_node": labelled("place", trace.place, "", "position of the node"),
        "stock": labelled(dims, trace.stock, "tonnes"),
        "demand": labelled(dims, trace.demand, "tonnes/day", "demand at full use"),
        "consumed": labelled(dims, trace.consumed, "tonnes", "consumed since the start"),
        "unmet": labelled(dims, trace.unmet, "tonnes", "unmet demand since the start"),
        "received": labelled(dims, trace.received, "tonnes", "received since the start"),
        "made": labelled(dims, trace.made, "tonnes", "made by the sources there since the start"),
        "persons": labelled(dims[:2], trace.persons, "persons", "people who live there then"),
    }


def _power_variables(case: Case, trace: Trace) -> Variables:
    rows = list(power_rows(case.supply, trace))
    served = np.array([row.served for row in rows]).reshape(-1, trace.time.size).T
    return {
        "plant_id": labelled("plant", texts([row.plant for row in rows])),
        "plant_node": labelled("plant", np.array([row.node for row in rows], dtype=np.int64), "", "node's position"),
        "plant_feed": labelled("plant", np.array([row.feed for row in rows], dtype=np.int64), "", "what it burns"),
        "plant_output": labelled("plant", np.array([row.output for row in rows], dtype=float), "MW", "at full intake"),
        "served_share": labelled(("time", "plant"), served, "1", "of the demand served since the instant before"),
    }


def _event_variables(case: Case) -> Variables:
    events = [case.scenario.events[use.event] for use in case.uses]
    return {
        "event_id": labelled("event", texts([event.id for event in events])),
        "event_kind": labelled("event", texts([event.kind for event in events])),
        "event_time": labelled("event", [use.time for use in case.uses], "h", "time used, hours since the start"),
        "event_applied": labelled("event", np.array([use.applied for use in case.uses], dtype=bool)),
        "event_why_not": labelled("event", texts([use.why_not for use in case.uses])),
        "event_label": labelled("event", texts([_label(case, event) for event in events])),
        "event_nodes": labelled(
            "event",
            texts([";".join(event.node) if isinstance(event, ControlEvent) else "" for event in events]),
            "",
            "nodes that change hands",
        ),
        "event_status": labelled("event", texts([event.status for event in events])),
        "event_confidence": labelled("event", texts([event.confidence for event in events])),
    }


def _label(case: Case, event: Event) -> str:
    """Return the few words that mark an event in a figure."""
    if isinstance(event, ControlEvent):
        return _first(case, event.node)
    if isinstance(event, LinkEvent):
        state = {0.0: "closed", 1.0: "open"}.get(event.capacity_share, f"at {event.capacity_share:.0%}")
        return f"{_link_name(case, event.link)} {state}"
    if isinstance(event, FacilityEvent):
        return f"{event.facility[0]} {'stops' if event.rate_share == 0 else f'at {event.rate_share:.0%}'}"
    if isinstance(event, ConvoyEvent):
        return f"convoy to {_name(case, event.to)}"
    if isinstance(event, PopulationEvent):
        return f"people leave {_name(case, event.from_)}" if event.from_ else f"people reach {_name(case, event.to)}"
    return f"passage of {case.scenario.actors[event.actor].name}"


def _first(case: Case, nodes: Sequence[str]) -> str:
    return _name(case, nodes[0]) + (f" and {len(nodes) - 1} more" if len(nodes) > 1 else "")


def _link_name(case: Case, link: Sequence[str]) -> str:
    """Return the two ends of a link named by them or by its id, either way round; of several links, of the first."""
    network = case.network
    known = network.link_positions()
    found = known.get(link[0]) or known.get("-".join(reversed(link[0].split("-"))))
    if found is None:
        return "–".join(_name(case, end) for end in link)
    ends = "–".join(network.node_name[[network.tail[found[0]], network.head[found[0]]]].tolist())
    return ends + (f" and {len(link) - 1} more" if len(link) > 1 else "")


def _name(case: Case, node: str) -> str:
    net = case.network
    return str(net.node_name[net.node_positions()[node]])


def _row_variables(prefix: str, kind: type, rows: Sequence[Any], case: Case) -> Variables:
    """Return one variable for each field of the rows' dataclass; routes become node ids joined by ``>``."""
    found: Variables = {}
    for field in fields(kind):
        values: Any = [getattr(row, field.name) for row in rows]
        if field.name == "route":
            values = texts([">".join(case.network.node_id[list(route)].tolist()) for route in values])
        elif field.name in TEXTS:
            values = texts(values)
        else:
            values = np.array(values, dtype=float if field.name in UNITS else np.int64)
        found[f"{prefix}_{field.name}"] = labelled(prefix, values, UNITS.get(field.name, ""))
    return found


def _attributes(case: Case, provenance: Mapping[str, str | int]) -> dict[str, str | int | float]:
    scenario, show = case.scenario, case.scenario.show
    return {
        "name": scenario.name,
        "title": scenario.title,
        "start": scenario.start.isoformat(),
        "end": scenario.end.isoformat(),
        "network": case.network.name,
        "sources": case.network.source,
        "version": __version__,
        "trip_time_factor": scenario.supply.trip_time_factor,
        "show_places": ";".join(show.places),
        "show_maps": ";".join(instant.isoformat() for instant in show.maps),
        "show_actor": show.maps_actor or case.actors[0],
        **provenance,
    }
