"""How tests build a small supply case from short literals, hours and tonnes throughout."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from corridor.case import Case, Source, SupplyCase
from corridor.control import Change, ControlTimeline, Passage, epochs
from corridor.network import Network
from corridor.policies import FairShare
from corridor.scenario.model import Actor, Control, Links, Scenario, Supply
from corridor.simulation import LedgerRow, Shipment, Trace, simulate

__all__ = ["BLUE", "RED", "at", "closed", "ledger_changes", "loads", "run", "source", "supply_case", "taken", "value"]

RED, BLUE = 0, 1
ACTORS = ("red", "blue")
START = datetime(2024, 1, 1, tzinfo=UTC)
TIMES = {"trip_time_factor": 1.0, "loading_hours": 0.0, "unloading_hours": 0.0}


def at(network: Network, node: str) -> int:
    """Return the position of a node."""
    return network.node_positions()[node]


def source(network: Network, node: str, rate: float, commodity: int = 0, **fields: Any) -> Source:
    """Return a source of `rate` tonnes an hour at a node."""
    return Source(id=f"{node}_{commodity}", node=at(network, node), commodity=commodity, rate=rate, **fields)


def taken(network: Network, time: float, *nodes: str, holder: int = BLUE) -> Change:
    """Return that a holder takes nodes."""
    positions = tuple(at(network, node) for node in nodes)
    return Change(time=time, event=f"{nodes}@{time}", nodes=positions, holder=holder)


def closed(network: Network, time: float, *links: str, share: float = 0.0) -> Change:
    """Return that links carry `share` of their capacity, both ways."""
    positions = tuple(place for link in links for place in network.link_positions()[link])
    return Change(time=time, event=f"{links}@{time}", links=positions, share=share)


def supply_case(
    network: Network,
    *,
    end: float = 48.0,
    commodities: Sequence[str] = ("flour",),
    holder: Mapping[str, int] | None = None,
    changes: Sequence[Change] = (),
    passage: Sequence[Passage] = (),
    **fields: Any,
) -> Case:
    """Return a case; all nodes are RED's unless `holder` says otherwise, one vehicle class, payload 10 tonnes.

    Of `fields`, `stock`, `demand`, `target`, `capacity` and `ration_level` map a node, or a node and a commodity's
    position, to tonnes (an hour, for demand), `tier` to a tier and `fleet` a node to vehicles; `ration_level` may map
    to several tonnes, falling, and `ration_share` gives each commodity a share or as many; `population` maps a node to
    persons, by default as many as it takes to use what is wanted there. The others are those of `SupplyCase`, or of
    `Supply`.
    """
    size = network.node_count, len(commodities)
    holders = np.zeros(network.node_count, dtype=np.intp)
    for name, actor in (holder or {}).items():
        holders[at(network, name)] = actor
    timeline = ControlTimeline(
        holder=holders,
        share=np.ones((1, network.link_count)),
        passage=tuple(passage),
        changes=tuple(sorted(changes, key=lambda change: change.time)),
    )
    warmup, population = fields.pop("warmup", 0.0), fields.pop("population", None)
    known = {name: fields.pop(name) for name in set(SupplyCase.__dataclass_fields__) & set(fields)}
    grids = {"demand": 0.0, "stock": 0.0, "target": 0.0, "capacity": np.inf, "rate": 0.0}
    supply = SupplyCase(
        commodities=tuple(commodities),
        vehicles=("truck",),
        tier=_grid(network, size, known.pop("tier", {}), -1).astype(np.intp),
        vehicle=np.array(known.pop("vehicle", [0] * size[1]), dtype=np.intp),
        payload=np.array(known.pop("payload", [10.0] * size[1])),
        fleet=_grid(network, (size[0], 1), known.pop("fleet", {}), 0).astype(np.intp),
        bays={at(network, node): bays for node, bays in known.pop("bays", {}).items()},
        order=tuple(known.pop("order", range(size[1]))),
        rank=_grid(network, (size[0], 1), known.pop("rank", {}), 0).astype(np.intp)[:, 0],
        ration_level=_steps(network, size, known.pop("ration_level", {})),
        ration_share=_shares(size, known.pop("ration_share", [1.0] * size[1])),
        **{name: _grid(network, size, known.pop(name, {}), default) for name, default in grids.items()},
        sources=tuple(known.pop("sources", ())),
        pipes=tuple(known.pop("pipes", ())),
        rate_changes=tuple(known.pop("rate_changes", ())),
        demand_changes=tuple(known.pop("demand_changes", ())),
        movements=tuple(known.pop("movements", ())),
        displacement=tuple(known.pop("displacement", ())),
        aid=tuple(known.pop("aid", ())),
    )
    assert not known
    people = np.divide(supply.demand, supply.rate, out=np.zeros(size), where=supply.rate > 0).max(axis=1)
    if population is not None:
        people = _grid(network, (size[0], 1), population, 0.0)[:, 0]
    return Case(
        scenario=_scenario(commodities, end, **fields),
        network=network,
        actors=ACTORS,
        warmup=warmup,
        end=end,
        population=people,
        timeline=timeline,
        epochs=epochs(timeline, start=-warmup, end=end),
        supply=supply,
        uses=(),
    )


def _grid(network: Network, size: tuple[int, int], values: Mapping[Any, float], default: float) -> Any:
    grid = np.full(size, default, dtype=np.float64)
    for key, number in values.items():
        name, commodity = key if isinstance(key, tuple) else (key, 0)
        grid[at(network, name), commodity] = number
    return grid


STEPS = 3
"""How many steps of rationing a case can have."""


def _steps(network: Network, size: tuple[int, int], values: Mapping[Any, Any]) -> Any:
    """Return ration levels, shape (n, k, STEPS)."""
    ladders = {key: level if isinstance(level, tuple) else (level,) for key, level in values.items()}
    steps = [{key: (*ladder, 0.0, 0.0)[step] for key, ladder in ladders.items()} for step in range(STEPS)]
    return np.stack([_grid(network, size, step, 0.0) for step in steps], axis=-1)


def _shares(size: tuple[int, int], values: Sequence[Any]) -> Any:
    """Return ration shares, shape (n, k, STEPS)."""
    ladders = [share if isinstance(share, tuple) else (share,) for share in values]
    return np.tile([(*ladder, 1.0, 1.0)[:STEPS] for ladder in ladders], (size[0], 1, 1))


def _scenario(commodities: Sequence[str], end: float, *, overlook: bool = True, **fields: Any) -> Scenario:
    fields = {"policy": FairShare(review_hours=6.0, target_days={"default": 2.0}), **TIMES, **fields}
    return Scenario(
        name="test",
        title="Test",
        network="test",
        start=START,
        end=START + timedelta(hours=end),
        population="none",
        actors={actor: Actor(name=actor, colour="#000000") for actor in ACTORS},
        control=Control(from_="none"),
        links=Links(roads="none", pipelines="none"),
        overlook=overlook,
        supply=Supply(commodities=tuple(commodities), **fields),
    )


def run(case: Case, seed: int = 0) -> Trace:
    """Return the trace of one replication."""
    return simulate(case, np.random.SeedSequence(seed))


def value(case: Case, trace: Trace, field: str, at_node: tuple[str, float], commodity: int = 0) -> float:
    """Return what a field of a trace says of a node at a whole hour."""
    node, hour = at_node
    place = trace.place.tolist().index(at(case.network, node))
    row = trace.time.tolist().index(hour)
    return float(getattr(trace, field)[row, place, commodity])


def loads(trace: Trace, mode: str = "road") -> list[Shipment]:
    """Return the shipments of one mode."""
    return [shipment for shipment in trace.shipments if shipment.mode == mode]


def ledger_changes(trace: Trace, account: str, commodity: int = 0) -> float:
    """Return by how much an account changed, over all holders."""
    rows: list[LedgerRow] = [row for row in trace.ledger if (row.account, row.commodity) == (account, commodity)]
    return sum(row.closing - row.opening for row in rows)
