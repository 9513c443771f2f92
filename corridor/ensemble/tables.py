"""The tables of a run: what each row and column says."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
import xarray as xr

from corridor.case import Case
from corridor.ensemble.connectivity import ACCESS_HOURS, reported_epochs, shown_actor
from corridor.ensemble.csvtable import Cell, Table, written
from corridor.metrics import pockets, power_rows, supply_rows
from corridor.simulation import GateRecord, LedgerRow, Shipment, Trace, Transfer

__all__ = ["TABLES", "gate_actor", "written_instant"]

LEAST_SHARE = 1e-4


def written_instant(case: Case, hour: float) -> str:
    """Return hours since the start as ISO 8601 to the minute; nothing for what never happens.

    Raises
    ------
    OverflowError
        If `hour` lies thousands of years away.
    """
    return case.instant(round(hour * 60) / 60).isoformat(timespec="minutes") if np.isfinite(hour) else ""


def gate_actor(case: Case, gate: GateRecord) -> str:
    """Return whose convoys a gate serves."""
    return case.actors[gate.actor] if gate.actor >= 0 else "everybody"


def _supply(run: xr.Dataset, case: Case, trace: Trace) -> Table:
    header = (
        "place", "name", "area", "holder_at_start", "holder_at_end", "population_persons",
        "population_at_end_persons", "commodity",
        "demand_tonnes", "consumed_tonnes", "unmet_tonnes", "received_tonnes", "fill_rate_share",
        "start_of_supply_days", "least_of_supply_days", "least_at", "end_of_supply_days",
        "first_stockout_at", "stockout_hours", "stockout_person_days", "isolated_at",
    )  # fmt: skip
    return header, _supply_rows(run, case, trace)


def _supply_rows(run: xr.Dataset, case: Case, trace: Trace) -> Iterator[Sequence[Cell]]:
    network, isolated = case.network, run["isolated"].values
    holders = run["holder"].values[[0, -1]]
    persons = dict(zip(trace.place.tolist(), trace.persons[-1].tolist(), strict=True))
    for row in supply_rows(trace):
        node = row.node
        yield (
            str(network.node_id[node]), str(network.node_name[node]), str(network.area[node]),
            *(_actor(case, holder) for holder in holders[:, node].tolist()), float(case.population[node]),
            float(persons[node]), case.supply.commodities[row.commodity],
            row.demand, row.consumed, row.unmet, row.received, row.fill_rate,
            row.days_at_start, row.days_least, written_instant(case, row.least_at), row.days_at_end,
            written_instant(case, row.first_stockout), row.stockout_hours, row.stockout_person_days,
            written_instant(case, float(isolated[node, row.commodity])),
        )  # fmt: skip


def _shipments(_run: xr.Dataset, case: Case, trace: Trace) -> Table:
    header = (
        "shipment", "mode", "actor", "commodity", "origin", "ordered_to", "destination", "vehicles", "load_tonnes",
        "unloaded_tonnes", "departed_at", "arrived_at", "travel_hours", "waited_hours", "route_km", "outcome", "route",
    )  # fmt: skip
    return header, (_shipment_row(case, shipment) for shipment in trace.shipments)


def _shipment_row(case: Case, shipment: Shipment) -> Sequence[Cell]:
    node = case.network.node_id
    return (
        shipment.id, shipment.mode, _actor(case, shipment.actor), case.supply.commodities[shipment.commodity],
        str(node[shipment.origin]), str(node[shipment.ordered]), str(node[shipment.destination]),
        shipment.vehicles, float(shipment.tonnes), float(shipment.unloaded), written_instant(case, shipment.departed),
        written_instant(case, shipment.arrived), float(shipment.arrived - shipment.departed), float(shipment.waited),
        float(shipment.km), shipment.outcome, ">".join(node[list(shipment.route)].tolist()),
    )  # fmt: skip


def _ledger(_run: xr.Dataset, case: Case, trace: Trace) -> Table:
    header = (
        "commodity", "account", "holder",
        "opening_tonnes", "inflow_tonnes", "outflow_tonnes", "closing_tonnes",
    )  # fmt: skip
    return header, (_ledger_row(case, row) for row in trace.ledger)


def _ledger_row(case: Case, row: LedgerRow) -> Sequence[Cell]:
    holder = _actor(case, row.holder) if row.account == "stock" else ""
    amounts = (float(amount) for amount in (row.opening, row.inflow, row.outflow, row.closing))
    return case.supply.commodities[row.commodity], row.account, holder, *amounts


def _transfers(_run: xr.Dataset, case: Case, trace: Trace) -> Table:
    header = ("commodity", "out_of", "out_of_holder", "into", "into_holder", "changed_hands", "moved_tonnes")
    return header, (_transfer_row(case, transfer) for transfer in trace.transfers)


def _transfer_row(case: Case, transfer: Transfer) -> Sequence[Cell]:
    ends = ((transfer.out_of, transfer.out_of_holder), (transfer.into, transfer.into_holder))
    told = [text for account, holder in ends for text in (account, _actor(case, holder) if account == "stock" else "")]
    changed = transfer.out_of == transfer.into == "stock"
    return case.supply.commodities[transfer.commodity], *told, changed, float(transfer.tonnes)


def _gates(_run: xr.Dataset, case: Case, trace: Trace) -> Table:
    header = (
        "gate", "kind", "from", "to", "actor", "convoys", "vehicles", "mean_wait_hours", "longest_wait_hours",
        "most_waiting_vehicles",
    )  # fmt: skip
    return header, (_gate_row(case, gate) for gate in trace.gates)


def _gate_row(case: Case, gate: GateRecord) -> Sequence[Cell]:
    network = case.network
    if gate.link < 0:
        where = [str(network.node_id[gate.node]), "node", "", ""]
    else:
        ends = network.node_id[[network.tail[gate.link], network.head[gate.link]]].tolist()
        where = [str(network.link_id[gate.link]), "link", *ends]
    mean = gate.waited / gate.convoys if gate.convoys else 0.0
    return (
        *where, gate_actor(case, gate), gate.convoys, gate.vehicles, float(mean), float(gate.longest),
        gate.most_vehicles,
    )  # fmt: skip


def _power(run: xr.Dataset, case: Case, trace: Trace) -> Table:
    header = (
        "power_plant", "place", "holder_at_start", "holder_at_end", "feed", "output_mw", "mean_served_share",
        "least_served_share", "least_at", "end_served_share", "burnt_tonnes", "energy_mwh",
    )  # fmt: skip
    return header, _power_rows(run, case, trace)


def _power_rows(run: xr.Dataset, case: Case, trace: Trace) -> Iterator[Sequence[Cell]]:
    holders = run["holder"].values[[0, -1]]
    for row in power_rows(case.supply, trace):
        yield (
            row.plant, str(case.network.node_id[row.node]),
            *(_actor(case, holder) for holder in holders[:, row.node].tolist()),
            case.supply.commodities[row.feed], row.output, row.mean, row.least, written_instant(case, row.least_at),
            float(row.served[-1]), row.burnt, row.energy,
        )  # fmt: skip


def _events(run: xr.Dataset, case: Case, _trace: Trace) -> Table:
    header = (
        "event", "kind", "label", "applied", "used_at", "why_not", "stated_at", "earliest", "latest", "status",
        "confidence", "source", "note",
    )  # fmt: skip
    return header, _event_rows(run, case)


def _event_rows(run: xr.Dataset, case: Case) -> Iterator[Sequence[Cell]]:
    for use, label in zip(case.uses, run["event_label"].values.tolist(), strict=True):
        event = case.scenario.events[use.event]
        stated = [
            instant.isoformat(timespec="minutes") if instant else ""
            for instant in (event.at, event.earliest, event.latest)
        ]
        used = written_instant(case, use.time) if use.applied else ""
        yield (
            event.id, event.kind, label, use.applied, used, use.why_not,
            *stated, event.status, event.confidence, event.source, event.note,
        )  # fmt: skip


def _pockets(run: xr.Dataset, case: Case, _trace: Trace) -> Table:
    header = (
        "from", "to", "actor", "rank", "name", "substantial", "substantial_from_persons", "population_persons",
        "population_share", "nodes",
        "places", "ports", "refineries", "power_plants", "airports",
    )  # fmt: skip
    return header, (row for actor in range(len(case.actors)) for row in _pocket_rows(run, case, actor))


def _pocket_rows(run: xr.Dataset, case: Case, actor: int) -> Iterator[Sequence[Cell]]:
    """Give the pockets of an actor, once for each spell in which they stay the same."""
    start, end = run["epoch_start"].values.tolist(), run["epoch_end"].values.tolist()
    rank = np.where(run["holder"].values == actor, run["pocket"].values, 0)
    begins = np.flatnonzero(np.append(True, (np.diff(rank, axis=0) != 0).any(axis=1))).tolist()
    for first, after in zip(begins, [*begins[1:], len(start)], strict=True):
        spell = written_instant(case, start[first]), written_instant(case, end[after - 1])
        for pocket in pockets(case, reported_epochs(case)[first], actor):
            what = (pocket.places, pocket.ports, pocket.refineries, pocket.power_plants, pocket.airports)
            yield (
                *spell, case.actors[actor], pocket.rank, pocket.name, pocket.substantial, pocket.threshold,
                pocket.population, pocket.share, len(pocket.nodes), *(";".join(ids) for ids in what),
            )  # fmt: skip


def _connectivity(run: xr.Dataset, case: Case, _trace: Trace) -> Table:
    header = (
        "actor", "territory_persons", "pockets", "substantial_pockets", "substantial_from_persons", "largest_share",
        "fragmentation_share", "efficiency_share",
        *(f"{commodity}_within_{ACCESS_HOURS}_hours_persons" for commodity in case.supply.commodities),
    )  # fmt: skip
    names = (
        "territory_population", "pockets", "substantial_pockets", "substantial_from", "largest_share", "fragmentation",
        "efficiency",
    )  # fmt: skip
    values = [np.broadcast_to(run[name].values, run["pockets"].shape).tolist() for name in names]
    accessible = run["accessible"].values.tolist()
    series = (
        [(actor, *(value[e][a] for value in values), *accessible[e][a]) for e in range(len(accessible))]
        for a, actor in enumerate(case.actors)
    )
    return _spells(run, case, header, series)


def _anchor_pairs(run: xr.Dataset, case: Case, _trace: Trace) -> Table:
    header = (
        "actor", "origin", "destination", "reachable", "road_km", "truck_hours", "detour_factor",
        "max_flow_vehicles_per_day", "binding_roads",
    )  # fmt: skip
    return _spells(run, case, header, _anchor_series(run, case))


def _anchor_series(run: xr.Dataset, case: Case) -> Iterator[list[Sequence[Cell]]]:
    """Give every pair, a row for each epoch, for the actors that can ever drive between two anchors."""
    km, hours, detour = (run[f"pair_{name}"].values for name in ("km", "hours", "detour"))
    flow, binding = np.rint(run["pair_flow"].values).astype(np.intp), run["pair_binding"].values
    reachable = np.isfinite(km)
    pairs = list(zip(run["pair_from"].values.tolist(), run["pair_to"].values.tolist(), strict=True))
    for a in np.flatnonzero(reachable.any(axis=(0, 2))).tolist():
        for i, pair in enumerate(pairs):
            columns = (values[:, a, i].tolist() for values in (reachable, km, hours, detour, flow, binding))
            yield [(case.actors[a], *pair, *amounts) for amounts in zip(*columns, strict=True)]


def _spells(
    run: xr.Dataset, case: Case, header: Sequence[str], series: Iterable[Sequence[Sequence[Cell]]]
) -> tuple[Sequence[str], Iterator[Sequence[Cell]]]:
    """Return a table with a row for each spell in which a series, a row for each epoch, stays the same as written."""
    start, end, events = (run[f"epoch_{name}"].values.tolist() for name in ("start", "end", "events"))

    def rows() -> Iterator[Sequence[Cell]]:
        for each in series:
            texts = list(written(header, each))
            begins = [epoch for epoch in range(len(texts)) if epoch == 0 or texts[epoch] != texts[epoch - 1]]
            for first, after in zip(begins, [*begins[1:], len(texts)], strict=True):
                yield (
                    written_instant(case, start[first]), written_instant(case, end[after - 1]), events[first],
                    *texts[first],
                )  # fmt: skip

    return ("from", "to", "events", *header), rows()


def _ways(run: xr.Dataset, case: Case, _trace: Trace) -> Table:
    return ("at", "actor", "what", "id", "name", "way_share"), _way_rows(run, case)


def _way_rows(run: xr.Dataset, case: Case) -> Iterator[Sequence[Cell]]:
    """Give the nodes and roads that ways lead through at the instants of the maps, the most used first."""
    network, actor = case.network, case.actors[shown_actor(case)]
    roads, position = np.unique(network.link_id, return_index=True)
    both = np.unique(network.link_id, return_inverse=True)[1]
    names = np.char.add(np.char.add(network.node_name[network.tail], "–"), network.node_name[network.head])[position]
    for row, hour in enumerate(run["shown_time"].values.tolist()):
        over = np.bincount(both, weights=run["link_way_share"].values[row], minlength=roads.size)
        through = run["node_way_share"].values[row]
        for what, ids, called, share in (
            ("node", network.node_id, network.node_name, through),
            ("road", roads, names, over),
        ):
            for place in np.lexsort((np.arange(share.size), -share)).tolist():
                if share[place] > LEAST_SHARE:
                    yield written_instant(case, hour), actor, what, str(ids[place]), str(called[place]), share[place]


def _actor(case: Case, position: int) -> str:
    return case.actors[position] if position >= 0 else "none"


TABLES: dict[str, Callable[[xr.Dataset, Case, Trace], Table]] = {
    "pockets": _pockets,
    "connectivity": _connectivity,
    "anchor_pairs": _anchor_pairs,
    "ways": _ways,
    "supply": _supply,
    "shipments": _shipments,
    "gates": _gates,
    "power": _power,
    "ledger": _ledger,
    "transfers": _transfers,
    "events": _events,
}
