"""A run as the figures read it, made from the packaged tables with the dated control and made-up stocks."""

import csv
import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import xarray as xr

ROOT = Path(__file__).parents[1]
NETWORK = ROOT / "corridor" / "data" / "central_syria"
EVENTS = ROOT / "scenarios" / "events" / "offensive_2024.csv"
START, END = datetime.fromisoformat("2024-11-26T00:00+03:00"), datetime.fromisoformat("2024-12-10T00:00+03:00")
ACTORS = {
    "regime": ("Syrian government", "الحكومة السورية", "#D55E00"),
    "hts": ("Military Operations Administration", "إدارة العمليات العسكرية", "#009E73"),
    "sna": ("Syrian National Army", "الجيش الوطني السوري", "#56B4E9"),
    "sdf": ("Syrian Democratic Forces", "قوات سوريا الديمقراطية", "#E69F00"),
    "sfa": ("Syrian Free Army", "جيش سوريا الحرة", "#CC79A7"),
    "sor": ("Southern Operations Room", "غرفة عمليات الجنوب", "#0072B2"),
    "local": ("Local groups", "مجموعات محلية", "#999999"),
    "lebanon": ("Lebanon", "لبنان", "#BBBBBB"),
    "turkiye": ("Türkiye", "تركيا", "#BBBBBB"),
    "iraq": ("Iraq", "العراق", "#BBBBBB"),
    "jordan": ("Jordan", "الأردن", "#BBBBBB"),
    "sea": ("Sea", "البحر", "#BBBBBB"),
}
COMMODITIES = {
    "gasoline": ("Gasoline", "بنزين", 0.21, 5.0, ("banias_refinery", "homs_refinery")),
    "diesel": ("Diesel", "مازوت", 0.22, 5.0, ("banias_refinery", "homs_refinery")),
    "flour": ("Flour", "طحين", 0.26, 20.0, ("tartus", "latakia")),
    "medicine": ("Medicine", "أدوية", 0.0011, 45.0, ("damascus", "aleppo")),
}
ANCHORS = ("damascus", "homs", "aleppo", "latakia", "tartus")
SHOW_PLACES = ("damascus", "homs", "hama", "aleppo", "latakia", "tartus")
SHOW_MAPS = (
    "2024-11-26T00:00+03:00",
    "2024-11-30T18:00+03:00",
    "2024-12-05T18:00+03:00",
    "2024-12-07T22:00+03:00",
    "2024-12-08T02:00+03:00",
    "2024-12-08T18:00+03:00",
)
OPENINGS: dict[tuple[int, str, str], float] = {
    (1, "stock", "regime"): 20000.0, (1, "stock", "hts"): 5000.0, (1, "stock", "sdf"): 8000.0,
    (1, "in transit", ""): 500.0,
    (3, "stock", "regime"): 40.0,
}  # fmt: skip
"""What was there at the start, made up: tonnes by commodity, account and holder."""
MOVES: list[tuple[int, tuple[str, str], tuple[str, str], float]] = [
    (1, ("source", ""), ("stock", "regime"), 12000.0),
    (1, ("source", ""), ("stock", "sdf"), 6000.0),
    (1, ("converted", ""), ("stock", "regime"), 9000.0),
    (1, ("stock", "regime"), ("in transit", ""), 30000.0),
    (1, ("in transit", ""), ("stock", "regime"), 29000.0),
    (1, ("in transit", ""), ("captured", ""), 40.0),
    (1, ("in transit", ""), ("stock", "hts"), 900.0),
    (1, ("stock", "regime"), ("stock", "hts"), 8000.0),
    (1, ("stock", "regime"), ("stock", "none"), 2000.0),
    (1, ("stock", "none"), ("stock", "hts"), 1500.0),
    (1, ("stock", "hts"), ("stock", "regime"), 20.0),
    (1, ("stock", "regime"), ("stock", "sfa"), 10.0),
    (1, ("stock", "regime"), ("consumed", ""), 15000.0),
    (1, ("stock", "hts"), ("consumed", ""), 5000.0),
    (1, ("stock", "sdf"), ("consumed", ""), 7000.0),
    (1, ("stock", "sfa"), ("consumed", ""), 10.0),
    (3, ("stock", "regime"), ("consumed", ""), 15.0),
]
"""What moved, made up: commodity, account and holder out of which and into which, tonnes."""
UNITS = {"length_km": "km", "hours": "hours", "population": "persons", "stock": "tonnes", "demand": "tonnes per day"}


@dataclass
class Tables:
    """What a run is made of: rows as in the packaged tables, and events as in a table of events."""

    nodes: list[dict[str, str]]
    roads: list[dict[str, str]]
    pipelines: list[dict[str, str]]
    events: list[dict[str, str]]
    population: str = "catchment_2024_persons"
    control: str = "control_2024_11_26"
    share: str = "open_share_2024_11_26"
    anchors: tuple[str, ...] = ANCHORS
    show_places: tuple[str, ...] = SHOW_PLACES
    show_maps: tuple[str, ...] = SHOW_MAPS
    show_actor: str = "regime"
    attributes: dict[str, Any] = field(default_factory=dict)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def packaged_tables(network: Path = NETWORK, events: Path = EVENTS) -> Tables:
    nodes, roads, pipelines = (rows(network / f"{name}.csv") for name in ("nodes", "roads", "pipelines"))
    return Tables(nodes=nodes, roads=roads, pipelines=pipelines, events=rows(events))


@functools.cache
def homs_run() -> xr.Dataset:
    """Return a run of the offensive of 2024: the dated control, and stocks made up."""
    return build_run(packaged_tables())


def row_world(*, lost: bool = False) -> xr.Dataset:
    """Return a run of four towns in a row under one actor (if `lost`, all pass to another one by one)."""
    lons = {"a": 36.0, "b": 36.2, "c": 36.4, "d": 36.6}
    nodes = [
        {
            "id": name, "name": f"Town {name.upper()}", "name_ar": "", "kind": "town", "area": "", "lon": str(lon),
            "lat": "34.0", "catchment_2024_persons": str(1000 * (1 + ord(name) - ord("a"))),
            "control_2024_11_26": "regime",
        }
        for name, lon in lons.items()
    ]  # fmt: skip
    roads = [
        {
            "id": f"{tail}-{head}", "tail": tail, "head": head, "one_way": "0", "name": "", "road_number": "",
            "road_class": "primary", "length_km": "20", "free_flow_truck_hours": "0.4", "open_share_2024_11_26": "1",
        }
        for tail, head in zip("abc", "bcd", strict=True)
    ]  # fmt: skip
    events = [
        {
            "id": f"E{day}", "kind": "control", "node": node, "link": "", "at": f"2024-11-{26 + day}T12:00+03:00",
            "actor": "hts", "capacity_share": "", "status": "confirmed", "confidence": "high",
        }
        for day, node in enumerate("abcd")
        if lost
    ]  # fmt: skip
    return build_run(
        Tables(
            nodes=nodes, roads=roads, pipelines=[], events=events, anchors=("a", "d"), show_places=(), show_maps=(),
            attributes={"network": "row", "title": "A row of towns"},
        )
    )  # fmt: skip


def hour(instant: str) -> float:
    return (datetime.fromisoformat(instant) - START) / timedelta(hours=1)


def build_run(tables: Tables) -> xr.Dataset:
    node_ids = [row["id"] for row in tables.nodes]
    at = {node: position for position, node in enumerate(node_ids)}
    links = _links(tables, at)
    epochs = _epochs(tables, at, links)
    data: dict[str, Any] = {
        "node_id": ("node", np.array(node_ids)),
        "node_name": ("node", np.array([row["name"] for row in tables.nodes])),
        "node_name_ar": ("node", np.array([row["name_ar"] for row in tables.nodes])),
        "kind": ("node", np.array([row["kind"] for row in tables.nodes])),
        "area": ("node", np.array([row["area"] for row in tables.nodes])),
        "label_anchor": ("node", np.array([row.get("label_anchor", "") for row in tables.nodes])),
        "lon": ("node", np.array([float(row["lon"]) for row in tables.nodes])),
        "lat": ("node", np.array([float(row["lat"]) for row in tables.nodes])),
        "population": ("node", np.array([float(row[tables.population] or 0) for row in tables.nodes])),
        "actor_id": ("actor", np.array(list(ACTORS))),
        "actor_name": ("actor", np.array([name for name, _, _ in ACTORS.values()])),
        "actor_name_ar": ("actor", np.array([name for _, name, _ in ACTORS.values()])),
        "actor_colour": ("actor", np.array([colour for _, _, colour in ACTORS.values()])),
    }
    for key in ("link_id", "link_name", "road_class", "road_number", "link_commodity"):
        data[key] = ("link", np.array([link[key] for link in links]))
    for key in ("tail", "head", "mode", "length_km", "hours"):
        data[key] = ("link", np.array([link[key] for link in links]))
    data |= epochs
    data |= _measures(tables, data)
    data |= _supplies(data, at)
    data |= ledger_rows(OPENINGS, MOVES)
    data |= _event_rows(tables)
    run = xr.Dataset(data, attrs=_attributes(tables))
    for name, unit in UNITS.items():
        run[name].attrs["units"] = unit
    return run


def ledger_rows(
    openings: Mapping[tuple[int, str, str], float],
    moves: Iterable[tuple[int, tuple[str, str], tuple[str, str], float]],
) -> dict[str, Any]:
    """Return the variables of a ledger with these stocks at the start and these movements."""
    holders = {"none": -1, "": -1} | {actor: number for number, actor in enumerate(ACTORS)}
    moves = list(moves)
    ends = {(k, *end): None for k, out_of, into, _ in moves for end in (out_of, into)}
    rows = [
        (
            *key,
            openings.get(key, 0.0),
            sum(tonnes for k, _, into, tonnes in moves if (k, *into) == key),
            sum(tonnes for k, out_of, _, tonnes in moves if (k, *out_of) == key),
        )
        for key in {**dict.fromkeys(openings), **ends}
    ]
    return {
        "account_commodity": ("account", np.array([row[0] for row in rows], dtype=int)),
        "account_account": ("account", np.array([row[1] for row in rows], dtype=np.str_)),
        "account_holder": ("account", np.array([holders[row[2]] for row in rows], dtype=int)),
        "account_opening": ("account", np.array([row[3] for row in rows], dtype=float)),
        "account_inflow": ("account", np.array([row[4] for row in rows], dtype=float)),
        "account_outflow": ("account", np.array([row[5] for row in rows], dtype=float)),
        "account_closing": ("account", np.array([row[3] + row[4] - row[5] for row in rows], dtype=float)),
        "transfer_commodity": ("transfer", np.array([move[0] for move in moves], dtype=int)),
        "transfer_out_of": ("transfer", np.array([move[1][0] for move in moves], dtype=np.str_)),
        "transfer_out_of_holder": ("transfer", np.array([holders[move[1][1]] for move in moves], dtype=int)),
        "transfer_into": ("transfer", np.array([move[2][0] for move in moves], dtype=np.str_)),
        "transfer_into_holder": ("transfer", np.array([holders[move[2][1]] for move in moves], dtype=int)),
        "transfer_tonnes": ("transfer", np.array([move[3] for move in moves], dtype=float)),
    }


def _attributes(tables: Tables) -> dict[str, Any]:
    return {
        "name": "homs_2024",
        "title": "The road to Homs, 26 November to 9 December 2024",
        "start": START.isoformat(),
        "end": END.isoformat(),
        "network": "central_syria",
        "sources": "© OpenStreetMap contributors; OCHA COD; Global Energy Monitor; press of 2024",
        "seed": 0,
        "replication": 0,
        "version": "0.1.0",
        "show_places": ";".join(tables.show_places),
        "show_maps": ";".join(tables.show_maps),
        "show_actor": tables.show_actor,
        **tables.attributes,
    }


def _links(tables: Tables, at: Mapping[str, int]) -> list[dict[str, Any]]:
    links = []
    for row in tables.roads:
        link = {
            "link_id": row["id"],
            "link_name": row.get("name", ""),
            "mode": 0,
            "road_class": row["road_class"],
            "road_number": row["road_number"],
            "link_commodity": "",
            "length_km": float(row["length_km"]),
            "hours": float(row["free_flow_truck_hours"]),
            "share": float(row[tables.share] or 1),
            "passes": _passes(row.get("passes", ""), at),
        }
        links.append({**link, "tail": at[row["tail"]], "head": at[row["head"]]})
        if row.get("one_way", "0") not in {"1", "true"}:
            links.append({**link, "tail": at[row["head"]], "head": at[row["tail"]]})
    links.extend(
        {
            "link_id": row["id"],
            "link_name": row["name"],
            "mode": 1,
            "road_class": "",
            "road_number": "",
            "link_commodity": row["commodity"],
            "length_km": float(row["length_km"]),
            "hours": float(row["transit_hours"] or 0),
            "share": 1.0,
            "passes": (),
            "tail": at[row["tail"]],
            "head": at[row["head"]],
        }
        for row in tables.pipelines
    )
    return links


def _passes(text: str, at: Mapping[str, int]) -> tuple[int, ...]:
    parts = (part.strip() for part in text.replace(" ", ";").split(";"))
    return tuple(at[part.split(":")[0]] for part in parts if part and not part.endswith("*"))


def _changes(tables: Tables) -> list[tuple[float, dict[str, str]]]:
    applied = [row for row in tables.events if row["status"] != "denied" and row["kind"] in {"control", "link"}]
    return sorted(((hour(row["at"]), row) for row in applied), key=lambda pair: pair[0])


def _epochs(tables: Tables, at: Mapping[str, int], links: list[dict[str, Any]]) -> dict[str, Any]:
    actors = list(ACTORS)
    holder = np.array([_actor(row[tables.control], actors) for row in tables.nodes])
    share = np.array([link["share"] for link in links])
    horizon = (END - START) / timedelta(hours=1)
    changes = [(time, row) for time, row in _changes(tables) if time < horizon]
    starts = sorted({0.0} | {max(0.0, time) for time, _ in changes})
    states, named, pending = [], [], list(changes)
    for start in starts:
        names = []
        while pending and pending[0][0] <= start:
            row = pending.pop(0)[1]
            _apply(row, at=at, links=links, holder=holder, share=share)
            names.append(row["id"])
        states.append((holder.copy(), share.copy()))
        named.append(";".join(dict.fromkeys(names)))
    pockets, roads = zip(*(_pockets(tables, links, *state) for state in states), strict=True)
    return {
        "epoch_start": ("epoch", np.array(starts)),
        "epoch_end": ("epoch", np.array([*starts[1:], horizon])),
        "epoch_events": ("epoch", np.array(named)),
        "holder": (("epoch", "node"), np.array([held for held, _ in states])),
        "link_share": (("epoch", "link"), np.array([opened for _, opened in states])),
        "pocket": (("epoch", "node"), np.array(pockets)),
        "road_holder": (("epoch", "link"), np.array(roads)),
    }


def _actor(name: str, actors: list[str]) -> int:
    return actors.index(name) if name in actors else -1


def _apply(
    row: dict[str, str],
    *,
    at: Mapping[str, int],
    links: list[dict[str, Any]],
    holder: np.ndarray[Any, Any],
    share: np.ndarray[Any, Any],
) -> None:
    if row["kind"] == "control":
        for node in row["node"].replace(" ", ";").split(";"):
            if node:
                holder[at[node]] = _actor(row["actor"], list(ACTORS))
        return
    wanted = set(row["link"].replace(" ", ";").split(";"))
    for position, link in enumerate(links):
        if link["link_id"] in wanted:
            share[position] = float(row["capacity_share"] or 1)


def _pockets(
    tables: Tables, links: list[dict[str, Any]], holder: np.ndarray[Any, Any], share: np.ndarray[Any, Any]
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    persons = np.array([float(row[tables.population] or 0) for row in tables.nodes])
    road_holder = np.full(len(links), -1)
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(np.flatnonzero(holder >= 0).tolist())
    for position, link in enumerate(links):
        ends = (link["tail"], link["head"], *link["passes"])
        if (
            link["mode"] == 0
            and share[position] > 0
            and holder[link["tail"]] >= 0
            and len(set(holder[list(ends)])) == 1
        ):
            road_holder[position] = holder[link["tail"]]
            graph.add_edge(link["tail"], link["head"])
    rank = np.zeros(holder.size, dtype=int)
    for actor in set(holder[holder >= 0].tolist()):
        parts = [sorted(part) for part in nx.connected_components(graph) if holder[next(iter(part))] == actor]
        for place, part in enumerate(sorted(parts, key=lambda part: (-persons[part].sum(), part[0])), start=1):
            rank[part] = place
    return rank, road_holder


def _measures(tables: Tables, data: Mapping[str, Any]) -> dict[str, Any]:
    holder, pocket = data["holder"][1], data["pocket"][1]
    persons, ids = data["population"][1], data["node_id"][1].tolist()
    shape = (holder.shape[0], len(ACTORS))
    counts, substantial, people, largest, fragmentation = (np.zeros(shape) for _ in range(5))
    for actor in range(len(ACTORS)):
        base = persons[holder[0] == actor].sum()
        for epoch in range(shape[0]):
            held = holder[epoch] == actor
            sizes = np.array([persons[held & (pocket[epoch] == rank)].sum() for rank in np.unique(pocket[epoch][held])])
            counts[epoch, actor] = sizes.size
            substantial[epoch, actor] = np.sum(sizes >= 0.01 * base) if base else 0
            people[epoch, actor] = sizes.sum()
            largest[epoch, actor] = sizes.max() / sizes.sum() if sizes.sum() else np.nan
            fragmentation[epoch, actor] = 1 - np.sum((sizes / sizes.sum()) ** 2) if sizes.sum() else np.nan
    dims = ("epoch", "actor")
    pairs = [pair for pair in combinations(tables.anchors, 2) if set(pair) <= set(ids)]
    km, hours = _pair_ways(data, pairs, ids)
    detour = km / km[:1]
    return {
        "pockets": (dims, counts.astype(int)),
        "substantial_pockets": (dims, substantial.astype(int)),
        "territory_population": (dims, people),
        "largest_share": (dims, largest),
        "fragmentation": (dims, fragmentation),
        "efficiency": (dims, 1 - fragmentation),
        "pair_from": ("pair", np.array([first for first, _ in pairs], dtype=str)),
        "pair_to": ("pair", np.array([second for _, second in pairs], dtype=str)),
        "pair_km": ((*dims, "pair"), km),
        "pair_hours": ((*dims, "pair"), hours),
        "pair_detour": ((*dims, "pair"), detour),
    }


def _pair_ways(
    data: Mapping[str, Any], pairs: list[tuple[str, str]], ids: list[str]
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    road_holder = data["road_holder"][1]
    tail, head = data["tail"][1].tolist(), data["head"][1].tolist()
    hours, length = data["hours"][1].tolist(), data["length_km"][1].tolist()
    found = np.full((2, road_holder.shape[0], len(ACTORS), len(pairs)), np.nan)
    for epoch, actors in enumerate(road_holder):
        for actor in (0, 1):
            graph: nx.DiGraph[int] = nx.DiGraph()
            for link in np.flatnonzero(actors == actor).tolist():
                best = graph.get_edge_data(tail[link], head[link], {"hours": np.inf})["hours"]
                if hours[link] < best:
                    graph.add_edge(tail[link], head[link], hours=hours[link], km=length[link])
            for number, (first, second) in enumerate(pairs):
                ends = ids.index(first), ids.index(second)
                if set(ends) <= set(graph) and nx.has_path(graph, *ends):
                    way = nx.shortest_path(graph, *ends, weight="hours")
                    found[0, epoch, actor, number] = nx.path_weight(graph, way, "km")
                    found[1, epoch, actor, number] = nx.path_weight(graph, way, "hours")
    return found[0], found[1]


def _supplies(data: Mapping[str, Any], at: Mapping[str, int]) -> dict[str, Any]:
    persons = data["population"][1]
    place = np.flatnonzero(persons > 0)
    time = np.arange(0.0, (END - START) / timedelta(hours=1) + 1)
    shape = (time.size, place.size, len(COMMODITIES))
    stock, received, consumed, unmet = (np.zeros(shape) for _ in range(4))
    rate = np.array([per_person for _, _, per_person, _, _ in COMMODITIES.values()])
    demand = np.broadcast_to(persons[place][:, None] * rate / 1000, shape).copy()
    epoch_of = np.searchsorted(data["epoch_start"][1], time, side="right") - 1
    scatter = 0.5 + np.modf(np.sin(place * 12.9898) * 43758.5453)[0] ** 2
    for number, (_, _, _, days, sources) in enumerate(COMMODITIES.values()):
        level = demand[0, :, number] * days * scatter
        target = level.copy()
        for step in range(time.size):
            if step:
                epoch = epoch_of[step]
                got = _served(data, epoch, place, [at[source] for source in sources if source in at])
                got = np.where(got & (step % 24 == 9), np.maximum(0, target - level), 0.0)
                used = np.minimum(level, demand[step, :, number] / 24)
                level = level - used + got
                consumed[step, :, number] = consumed[step - 1, :, number] + used
                received[step, :, number] = received[step - 1, :, number] + got
                unmet[step, :, number] = unmet[step - 1, :, number] + demand[step, :, number] / 24 - used
            stock[step, :, number] = level
    dims = ("time", "place", "commodity")
    return {
        "time": ("time", time),
        "place": ("place", data["node_id"][1][place]),
        "place_node": ("place", place),
        "commodity": ("commodity", np.array(list(COMMODITIES))),
        "commodity_name": ("commodity", np.array([row[0] for row in COMMODITIES.values()])),
        "commodity_name_ar": ("commodity", np.array([row[1] for row in COMMODITIES.values()])),
        **{
            name: (dims, values)
            for name, values in {
                "stock": stock,
                "demand": demand,
                "consumed": consumed,
                "unmet": unmet,
                "received": received,
            }.items()
        },
        **_stockouts(stock, place, time),
    }


def _served(
    data: Mapping[str, Any], epoch: int, place: np.ndarray[Any, Any], sources: Iterable[int]
) -> np.ndarray[Any, Any]:
    holder, pocket = data["holder"][1][epoch], data["pocket"][1][epoch]
    served = np.zeros(place.size, dtype=bool)
    for source in sources:
        if holder[source] >= 0:
            served |= (holder[place] == holder[source]) & (pocket[place] == pocket[source])
    return served


def _stockouts(stock: np.ndarray[Any, Any], place: np.ndarray[Any, Any], time: np.ndarray[Any, Any]) -> dict[str, Any]:
    found: list[tuple[int, int, float, float]] = []
    for number in range(len(COMMODITIES)):
        for column, node in enumerate(place.tolist()):
            empty = np.concatenate([[False], stock[:, column, number] <= 1e-9, [False]])
            edges = np.flatnonzero(np.diff(empty.astype(int)))
            for first, last in edges.reshape(-1, 2).tolist():
                end = float(time[last]) if last < time.size else np.inf
                found.append((node, number, float(time[first]), end))
    return {
        "stockout_node": ("stockout", np.array([row[0] for row in found], dtype=int)),
        "stockout_commodity": ("stockout", np.array([row[1] for row in found], dtype=int)),
        "stockout_start": ("stockout", np.array([row[2] for row in found])),
        "stockout_end": ("stockout", np.array([row[3] for row in found])),
    }


def _event_rows(tables: Tables) -> dict[str, Any]:
    names = {row["id"]: row["name"] for row in tables.nodes}
    events = tables.events
    return {
        "event_id": ("event", np.array([row["id"] for row in events], dtype=str)),
        "event_kind": ("event", np.array([row["kind"] for row in events], dtype=str)),
        "event_time": ("event", np.array([hour(row["at"]) for row in events])),
        "event_applied": ("event", np.array([row["status"] != "denied" for row in events])),
        "event_why_not": (
            "event",
            np.array(["denied" if row["status"] == "denied" else "" for row in events], dtype=str),
        ),
        "event_label": ("event", np.array([names.get(row["node"].split(";")[0], "") for row in events], dtype=str)),
        "event_status": ("event", np.array([row["status"] for row in events], dtype=str)),
        "event_confidence": ("event", np.array([row["confidence"] for row in events], dtype=str)),
    }
