"""The key figures of a run in one short table: what a reader wants first, and what its test compares."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from corridor.case import Case
from corridor.ensemble.csvtable import Cell, Table, cell
from corridor.ensemble.findings import great_split, is_uncertain, pocket_changes, territory_cuts
from corridor.ensemble.supplies import area_days, power_served, ran_out
from corridor.ensemble.tables import gate_actor, written_instant
from corridor.metrics import power_rows, supply_rows
from corridor.simulation import Trace

__all__ = ["summary_table"]

HEADER = ("finding", "place", "commodity", "value", "unit", "at", "note")
ARRIVED = ("delivered", "diverted", "partly unloaded")
LOST = ("captured", "destroyed")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One line of the summary; `at` in hours since the start (nan: at no one instant)."""

    finding: str
    value: float
    unit: str
    place: str = ""
    commodity: str = ""
    at: float = np.nan
    note: str = ""


def summary_table(run: xr.Dataset, case: Case, trace: Trace) -> Table:
    """Return the key figures as a table, the territory first, then supplies, then how sure it all is."""
    parts = (
        _territory, _anchors, _overlook, _deliveries, _supplies, _areas, _shortages, _fill_rates, _power, _gates,
        _losses, _events,
    )  # fmt: skip
    return HEADER, (_cells(case, row) for part in parts for row in part(run, case, trace))


def _cells(case: Case, row: _Row) -> tuple[Cell, ...]:
    value, at = cell(row.value, row.unit), written_instant(case, row.at)
    return row.finding, row.place, row.commodity, value, row.unit, at, row.note


def _territory(run: xr.Dataset, case: Case, _trace: Trace) -> Iterator[_Row]:
    ids = run["event_id"].values
    for a, actor in enumerate(case.actors):
        changes = pocket_changes(run, a)
        if not any(change.pockets for change in changes):
            continue
        for change in changes:
            after = "; after " + " ".join(ids[list(change.events)].tolist()) if change.events else ""
            sizes = (
                ", ".join(f"{pocket.name} {pocket.persons:.0f} people" for pocket in change.pockets) or "no territory"
            )
            yield _Row(
                finding=f"substantial pockets of {actor}",
                value=float(len(change.pockets)),
                unit="pockets",
                at=change.hour,
                note=sizes + after,
            )
    yield from _map_instants(run, case, case.actors.index(run.attrs["show_actor"]))


def _map_instants(run: xr.Dataset, case: Case, actor: int) -> Iterator[_Row]:
    starts = run["epoch_start"].values
    for instant in case.scenario.show.maps:
        hour = case.hour(instant)
        epoch = max(0, int(np.searchsorted(starts, hour, side="right")) - 1)
        for name, unit in (
            ("substantial_pockets", "pockets"),
            ("territory_population", "persons"),
            ("largest_share", "share"),
        ):
            yield _Row(
                finding=f"{name.replace('_', ' ')} of {case.actors[actor]} on the map",
                value=float(run[name].values[epoch, actor]),
                unit=unit,
                at=hour,
            )


def _anchors(run: xr.Dataset, case: Case, _trace: Trace) -> Iterator[_Row]:
    actor = case.actors.index(run.attrs["show_actor"])
    starts = run["epoch_start"].values
    pairs = zip(run["pair_from"].values.tolist(), run["pair_to"].values.tolist(), strict=True)
    for pair, (origin, destination) in enumerate(pairs):
        km, hours = (run[f"pair_{name}"].values[:, actor, pair] for name in ("km", "hours"))
        for epoch in np.flatnonzero(np.diff(np.nan_to_num(km, nan=-1.0), prepend=np.nan) != 0).tolist():
            reachable = bool(np.isfinite(km[epoch]))
            yield _Row(
                finding=f"road for {case.actors[actor]}",
                place=f"{origin}>{destination}",
                value=float(km[epoch]),
                unit="km",
                at=float(starts[epoch]),
                note=f"{hours[epoch]:.2f} truck hours" if reachable else "no way",
            )
    for cut in territory_cuts(run, actor):
        yield _Row(
            finding=f"{case.actors[actor]} holds both ends and no way between them",
            place=">".join(run["node_id"].values[[cut.origin, cut.destination]].tolist()),
            value=cut.end - cut.hour,
            unit="hours",
            at=cut.hour,
        )


def _overlook(run: xr.Dataset, case: Case, _trace: Trace) -> Iterator[_Row]:
    actor = case.actors.index(run.attrs["show_actor"])
    names = ("epoch_start", "overlooked_roads", "pockets_with_overlook", "pockets_without_overlook")
    starts, roads, ruled, without = (
        run[name].values if name == names[0] else run[name].values[:, actor] for name in names
    )
    most = int(np.argmax(roads))
    yield _Row(
        finding=f"most roads of {case.actors[actor]} closed by the overlook rule",
        value=float(roads[most]),
        unit="roads",
        at=float(starts[most]),
        note="the rule is on" if case.scenario.overlook else "the rule is off",
    )
    differs = ruled != without
    lasted = run["epoch_end"].values - starts
    yield _Row(
        finding=f"time in which the overlook rule changes the number of substantial pockets of {case.actors[actor]}",
        value=float(lasted[differs].sum()),
        unit="hours",
    )
    for epoch in np.flatnonzero(np.diff(np.where(differs, without, -1), prepend=-1)).tolist():
        if differs[epoch]:
            yield _Row(
                finding=f"substantial pockets of {case.actors[actor]} without the overlook rule",
                value=float(without[epoch]),
                unit="pockets",
                at=float(starts[epoch]),
                note=f"with it {ruled[epoch]}",
            )


def _deliveries(run: xr.Dataset, case: Case, trace: Trace) -> Iterator[_Row]:
    """Give what left from the start on and went by road from one area to another, a tonne or more.

    It is parted into what left before the split and after it.
    """
    split = great_split(run, case.actors.index(run.attrs["show_actor"]))
    areas = [str(area) or "elsewhere" for area in case.network.area]
    tonnes: dict[tuple[str, str, str], list[float]] = {}
    for shipment in trace.shipments:
        arrived = shipment.outcome in ARRIVED and shipment.mode != "pipeline"
        if arrived and shipment.departed >= 0.0:
            way = areas[shipment.origin], areas[shipment.destination], case.supply.commodities[shipment.commodity]
            tonnes.setdefault(way, [0.0, 0.0])[int(shipment.departed >= split)] += (
                shipment.unloaded if shipment.outcome == "partly unloaded" else shipment.tonnes
            )
    for (origin, destination, commodity), amounts in sorted(tonnes.items()):
        if origin == destination or math.fsum(amounts) < 1.0:
            continue
        for value, when in zip(amounts, ("before", "after"), strict=True):
            if when == "before" or np.isfinite(split):
                yield _Row(
                    finding=f"delivered by road, left {when} the split" if np.isfinite(split) else "delivered by road",
                    place=f"{origin}>{destination}",
                    commodity=commodity,
                    value=value,
                    unit="tonnes",
                    at=split,
                    note="what left before the start is not counted",
                )


def _supplies(_run: xr.Dataset, case: Case, trace: Trace) -> Iterator[_Row]:
    shown = set(case.scenario.show.places)
    rows = [row for row in supply_rows(trace) if case.network.node_id[row.node] in shown]
    for row in sorted(rows, key=lambda row: case.scenario.show.places.index(str(case.network.node_id[row.node]))):
        named: dict[str, Any] = {
            "place": str(case.network.node_id[row.node]),
            "commodity": case.supply.commodities[row.commodity],
        }
        start, end = float(trace.time[0]), float(trace.time[-1])
        yield _Row(finding="days of supply at the start", value=row.days_at_start, unit="days", at=start, **named)
        yield _Row(finding="days of supply at the least", value=row.days_least, unit="days", at=row.least_at, **named)
        yield _Row(finding="days of supply at the end", value=row.days_at_end, unit="days", at=end, **named)
        yield _Row(finding="fill rate", value=row.fill_rate, unit="share", **named)
        if ran_out(row):
            note = "at: first stockout"
            yield _Row(
                finding="hours without",
                value=row.stockout_hours,
                unit="hours",
                at=row.first_stockout,
                note=note,
                **named,
            )


def _areas(run: xr.Dataset, case: Case, trace: Trace) -> Iterator[_Row]:
    """Give the days of supply of whole areas at the start, at the split of the shown actor's territory and the end."""
    split = great_split(run, case.actors.index(run.attrs["show_actor"]))
    instants = [(0.0, "at the start"), (split, "at the split"), (case.end, "at the end")]
    for found in area_days(case, trace):
        for hour, when in instants:
            if np.isfinite(hour):
                sample = max(0, int(np.searchsorted(trace.time, hour, side="right")) - 1)
                yield _Row(
                    finding="days of supply of area",
                    place=found.area,
                    commodity=case.supply.commodities[found.commodity],
                    value=float(found.days[sample]),
                    unit="days",
                    at=float(trace.time[sample]),
                    note=f"{when}; depots, silos and refineries included",
                )


def _shortages(_run: xr.Dataset, case: Case, trace: Trace) -> Iterator[_Row]:
    rows = list(supply_rows(trace))
    for k, commodity in enumerate(case.supply.commodities):
        short = [row for row in rows if row.commodity == k and ran_out(row)]
        lost = math.fsum(row.stockout_person_days for row in short)
        yield _Row(finding="places that ran out", commodity=commodity, value=float(len(short)), unit="places")
        yield _Row(finding="person-days without", commodity=commodity, value=lost, unit="person-days")


def _fill_rates(run: xr.Dataset, case: Case, trace: Trace) -> Iterator[_Row]:
    """Give the fill rates of the places that each actor held at the start."""
    holder = run["holder"].values[0]
    rows = list(supply_rows(trace))
    for a, actor in enumerate(case.actors):
        for k, commodity in enumerate(case.supply.commodities):
            mine = [row for row in rows if row.commodity == k and holder[row.node] == a]
            if mine:
                consumed, unmet = (
                    math.fsum(amounts) for amounts in zip(*((row.consumed, row.unmet) for row in mine), strict=True)
                )
                yield _Row(
                    finding=f"fill rate of what {actor} held at the start",
                    commodity=commodity,
                    value=consumed / (consumed + unmet),
                    unit="share",
                    note=f"unmet {cell(unmet, 'tonnes')} tonnes",
                )


def _power(_run: xr.Dataset, case: Case, trace: Trace) -> Iterator[_Row]:
    """Give the share of the power demand that all plants served together, then each plant at its least and the end."""
    rows = list(power_rows(case.supply, trace))
    if not rows:
        return
    output, together = np.array([row.output for row in rows]), power_served(rows)
    energy, least, end = math.fsum(row.energy for row in rows), int(together.argmin()), float(trace.time[-1])
    full = float(output.sum() * (trace.time[-1] - trace.time[0]))
    note = f"{len(rows)} plants, {output.sum():.0f} MW at full intake"
    finding = "power demand served"
    yield _Row(finding=finding, value=energy / full, unit="share", note=f"over the whole time; {note}")
    hour = float(trace.time[least + 1])
    yield _Row(finding=f"{finding} at the least", value=float(together[least]), unit="share", at=hour, note=note)
    yield _Row(finding=f"{finding} at the end", value=float(together[-1]), unit="share", at=end, note=note)
    for row in rows:
        note = f"{row.output:.0f} MW at full intake; over the whole time {cell(row.mean, 'share')}"
        place, fuel = str(case.network.node_id[row.node]), case.supply.commodities[row.feed]
        yield _Row(
            finding="power demand served by a plant at the end", place=place, commodity=fuel,
            value=float(row.served[-1]), unit="share", at=end, note=note,
        )  # fmt: skip


def _gates(_run: xr.Dataset, case: Case, trace: Trace) -> Iterator[_Row]:
    """Give how long convoys waited at each gate that served any."""
    node, tail, head = case.network.node_id, case.network.tail, case.network.head
    for gate in trace.gates:
        ends = [gate.node] if gate.link < 0 else [tail[gate.link], head[gate.link]]
        if gate.convoys:
            yield _Row(
                finding=f"mean wait at a gate for convoys of {gate_actor(case, gate)}",
                place=">".join(node[ends].tolist()),
                value=gate.waited / gate.convoys,
                unit="hours",
                note=f"{gate.convoys} convoys, longest wait {cell(gate.longest, 'hours')} hours",
            )


def _losses(_run: xr.Dataset, case: Case, trace: Trace) -> Iterator[_Row]:
    for k, commodity in enumerate(case.supply.commodities):
        for account in LOST:
            value = math.fsum(
                row.closing - row.opening for row in trace.ledger if (row.commodity, row.account) == (k, account)
            )
            yield _Row(finding=account, commodity=commodity, value=value, unit="tonnes")


def _events(run: xr.Dataset, _case: Case, _trace: Trace) -> Iterator[_Row]:
    applied = run["event_applied"].values
    yield _Row(finding="events applied", value=float(applied.sum()), unit="events")
    if applied.any():
        share = float(is_uncertain(run)[applied].mean())
        yield _Row(finding="applied events that are inferred or of low confidence", value=share, unit="share")
    for reason, ids in _reasons(run, applied.tolist()).items():
        yield _Row(
            finding="events not applied", value=float(len(ids)), unit="events", note=f"{reason}: {' '.join(ids)}"
        )


def _reasons(run: xr.Dataset, applied: Sequence[bool]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    rows = zip(run["event_id"].values.tolist(), run["event_why_not"].values.tolist(), applied, strict=True)
    for event, why_not, used in rows:
        if not used:
            found.setdefault(why_not, []).append(event)
    return found
