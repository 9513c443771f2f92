"""Whole random worlds in which everything that can happen may, and what must be so whatever happens in them."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from corridor.case import Case, SupplyCase
from corridor.control import Change, ControlTimeline, Passage, epochs
from corridor.policies import FairShare, NearestFirst, Optimal, Priority
from corridor.scenario.model import Traffic
from corridor.simulation import Trace
from corridor.simulation.state import State
from tests.supply_cases import BLUE, RED
from tests.test_simulation import cases

__all__ = ["faults", "worlds"]

Floats = NDArray[np.float64]

GRAM, ROUNDING = 1e-6, 1e-9
CLASSES = 2
POLICIES = (FairShare, NearestFirst, Priority, Optimal)


@st.composite
def worlds(draw: st.DrawFn) -> Case:
    """Draw a world: what `cases` has, and gates of every kind, bays, ranks, two vehicle classes, people and traffic."""
    case = draw(cases())
    supply, n, k = case.supply, *case.supply.stock.shape
    people = np.array(draw(st.lists(st.sampled_from([0.0, 40.0, 900.0, 5e4]), min_size=n, max_size=n)))
    vehicle = np.array(draw(st.lists(st.integers(-1, CLASSES - 1), min_size=k, max_size=k)))
    fleet = draw(st.lists(st.integers(0, 9), min_size=n * CLASSES, max_size=n * CLASSES))
    supply = replace(
        supply,
        vehicles=("truck", "tanker"),
        vehicle=vehicle,
        fleet=np.array(fleet).reshape(n, CLASSES),
        demand=supply.demand + supply.rate * people[:, None],
        bays=draw(st.dictionaries(st.integers(0, n - 1), st.integers(1, 3))),
        order=tuple(draw(st.permutations(range(k)))),
        rank=np.array(draw(st.lists(st.integers(0, 2), min_size=n, max_size=n))),
        aid=tuple(replace(each, unloaded=draw(st.sampled_from([0.0, 0.4, 1.0]))) for each in supply.aid),
    )
    policy = draw(st.sampled_from(POLICIES))(
        review_hours=draw(st.sampled_from([2.5, 6.0, 12.0])), target_days={"default": 1.0}
    )
    told = replace(case.scenario.supply, policy=policy, traffic=Traffic(alpha=draw(st.sampled_from([0.0, 0.15, 9.0]))))
    timeline = _gated(draw, case.timeline, n)
    if draw(st.integers(0, 3)):  # three worlds in four: those drawn part by part are mostly quiet
        stream = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
        supply = _peopled(supply, stream)
        timeline = _contested(timeline, case.network.link_count, stream)
    return replace(
        case,
        scenario=replace(case.scenario, supply=told),
        population=people,
        supply=supply,
        timeline=timeline,
        epochs=epochs(timeline, start=-case.warmup, end=case.end),
    )


def _gated(draw: st.DrawFn, timeline: ControlTimeline, nodes: int) -> ControlTimeline:
    """Return the timeline with vehicle classes, and with gates of many kinds instead of its plain passages."""
    gates = st.builds(
        Passage,
        actor=st.just(RED),
        through=st.sampled_from([RED, BLUE, -1]),
        mode=st.sampled_from(["gate", "gate", "gate", "free", "closed"]),
        nodes=st.lists(st.integers(0, nodes - 1), max_size=2, unique=True).map(tuple),
        commodities=st.sampled_from([(), (), (1,), (0, 2)]),
        delay=st.sampled_from([0.0, 1.5]),
        rate=st.sampled_from([0.3, 2.0, 40.0, float("inf")]),
        servers=st.integers(1, 3),
        service=st.sampled_from(["constant", "exponential", "lognormal"]),
        variation=st.sampled_from([0.0, 0.8]),
        opens=st.sampled_from([0.0, 6.0]),
        closes=st.sampled_from([18.0, 24.0]),
        inspected=st.sampled_from([1.0, 0.5, 0.1]),
    )

    def changed(change: Change) -> Change:
        if change.passage is not None:
            return replace(change, passage=draw(gates))
        return replace(change, classes=draw(st.sampled_from([(), (), (0,), (1,)]))) if change.links else change

    return replace(
        timeline,
        share=np.repeat(timeline.share, CLASSES, axis=0),
        passage=tuple(draw(st.lists(gates, max_size=4))),
        changes=tuple(changed(change) for change in timeline.changes),
    )


def _peopled(supply: SupplyCase, stream: np.random.Generator) -> SupplyCase:
    """Return the supply with a great store at the first node, lorries there, and towns that order from it."""
    n, k = supply.stock.shape
    towns = np.arange(n)[:, None] * (stream.random((n, k)) < 0.7) > 0
    tier, target, demand = supply.tier.copy(), supply.target.copy(), supply.demand.copy()
    stock, fleet = supply.stock.copy(), supply.fleet.copy()
    tier[towns], target[towns], demand[towns] = 2, stream.uniform(10, 80, towns.sum()), stream.uniform(0.1, 2)
    tier[0], stock[0], fleet[0] = 0, stream.uniform(50, 900, k), stream.integers(2, 12, CLASSES)
    return replace(
        supply,
        tier=tier,
        target=target,
        demand=demand,
        stock=stock,
        fleet=fleet,
        capacity=np.maximum(supply.capacity, target),
        vehicle=np.array(stream.integers(0, CLASSES, k)),
    )


def _contested(timeline: ControlTimeline, links: int, stream: np.random.Generator) -> ControlTimeline:
    """Return the timeline with most nodes RED's at first, and a dozen more changes of control and of roads."""
    first, changes = timeline.holder, list(timeline.changes)
    for time in stream.uniform(-10, 55, stream.integers(0, 13)).tolist():
        node, link = int(stream.integers(0, first.size)), int(stream.integers(0, links))
        if stream.random() < 0.5:
            holder = int(stream.choice([RED, RED, BLUE, -1]))
            changes.append(Change(time=time, event="shift", nodes=(node,), holder=holder))
        else:
            share = float(stream.choice([0.0, 0.0, 0.02, 1.0, 1.0]))
            changes.append(Change(time=time, event="block", links=(link,), share=share))
    first = np.where(stream.random(first.size) < 0.8, RED, first)
    return replace(timeline, holder=first, changes=tuple(sorted(changes, key=lambda change: change.time)))


def faults(case: Case, trace: Trace, state: State) -> list[str]:
    """Return all that is wrong after a replication, whatever happened in it: nothing, it is to be hoped."""
    found = (_stocks(trace), _ledger(case, trace), _vehicles(case, state), _people(case, trace, state))
    return list(chain(*found, _shipments(case, trace), _gates(trace)))


def _stocks(trace: Trace) -> Iterator[str]:
    if not (trace.stock >= 0).all():
        yield "a stock is negative"
    for name in ("consumed", "unmet", "received", "made"):
        if not (np.diff(getattr(trace, name), axis=0) >= -ROUNDING).all():
            yield f"{name} falls"
    for out in trace.stockouts:
        if not 0 <= out.start <= out.end:
            yield f"a stockout from {out.start} to {out.end}"


def _ledger(case: Case, trace: Trace) -> Iterator[str]:
    for commodity, name in enumerate(case.supply.commodities):
        rows = [row for row in trace.ledger if row.commodity == commodity]
        moved = [each for each in trace.transfers if each.commodity == commodity]
        scale = 1 + sum(row.inflow + abs(row.opening) for row in rows)
        if abs(sum(row.closing - row.opening for row in rows)) > ROUNDING * scale:
            yield f"the accounts of {name} do not sum to zero"
        for row in rows:
            key = row.account, row.holder
            flows = (
                sum(each.tonnes for each in moved if (each.into, each.into_holder) == key),
                sum(each.tonnes for each in moved if (each.out_of, each.out_of_holder) == key),
            )
            if abs(flows[0] - row.inflow) + abs(flows[1] - row.outflow) > ROUNDING * scale:
                yield f"transfers of {name} are not what moved in and out of {key}"
            if row.account not in {"source", "converted"} and row.closing < -ROUNDING * scale:
                yield f"{key} of {name} is negative"
        under_way = [row for row in trace.shipments if row.commodity == commodity and row.outcome == "under way"]
        carried = sum(row.closing for row in rows if row.account in {"in transit", "pipe fill"})
        going_back = sum(
            row.tonnes - row.unloaded
            for row in trace.shipments
            if row.commodity == commodity and row.outcome == "partly unloaded"
        )
        held = sum(row.tonnes for row in under_way)
        if not held - GRAM * scale <= carried <= held + going_back + GRAM * scale:
            yield f"{carried} t of {name} are on their way, but {held} t in shipments"


def _vehicles(case: Case, state: State) -> Iterator[str]:
    """Yield where lorries came to be or were no more: at home, on the road and lost make what there was."""
    road = np.zeros(case.supply.fleet.shape[1], dtype=np.intp)
    for convoy in state.convoys.values():
        if not convoy.aid:
            road[convoy.group[1]] += convoy.vehicles
    found = state.fleet.sum(axis=0) + road + state.lost
    if found.tolist() != case.supply.fleet.sum(axis=0).tolist():
        yield f"{found} vehicles of {case.supply.fleet.sum(axis=0)}"
    if (state.fleet < 0).any() or (state.lost < 0).any():
        yield "less than no vehicles"
    if not state.stranded.keys() <= state.convoys.keys():
        yield "stranded vehicles that are nowhere"


def _people(case: Case, trace: Trace, state: State) -> Iterator[str]:
    """Yield where people came to be or were no more, but for those who came from outside or went there."""
    present, first = case.population + state.persons, float(case.population.sum())
    come = sum(move.persons for move in case.supply.movements if move.origin < 0)
    gone = sum(move.persons for move in case.supply.movements if move.destination < 0)
    if not first - gone - 1e-6 <= present.sum() <= first + come + 1e-6:
        yield f"{present.sum()} people of {first}"
    if (present < -1e-6).any() or (trace.persons < -1e-6).any():
        yield "less than nobody"


def _shipments(case: Case, trace: Trace) -> Iterator[str]:
    joined = set(zip(case.network.tail.tolist(), case.network.head.tolist(), strict=True))
    for row in trace.shipments:
        delivered = row.outcome == "delivered"
        if row.unloaded > row.tonnes + GRAM or (delivered and row.unloaded < row.tonnes - GRAM):
            yield f"{row.unloaded} t unloaded of {row}"
        if row.mode == "road" and row.tonnes > row.vehicles * case.supply.payload[row.commodity] * (1 + ROUNDING):
            yield f"overloaded: {row}"
        if not all(link in joined or link[::-1] in joined for link in zip(row.route, row.route[1:], strict=False)):
            yield f"no road: {row}"
        if row.route[0] != row.origin or row.waited < 0 or row.km < 0 or row.arrived < row.departed:
            yield f"impossible: {row}"
        if (row.outcome == "under way") != bool(np.isnan(row.ended)):
            yield f"ended or not: {row}"


def _gates(trace: Trace) -> Iterator[str]:
    if (trace.queue < 0).any():
        yield "less than nobody waits"
    for number, gate in enumerate(trace.gates):
        if trace.queue[:, number].max(initial=0.0) > gate.most_vehicles:
            yield f"more wait than ever waited: {gate}"
        if gate.longest > gate.waited + GRAM or gate.vehicles < gate.convoys:
            yield f"impossible: {gate}"
