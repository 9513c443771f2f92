"""What a run's tables and dataset say of gates, power plants, movements between accounts, and who lives where."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corridor.case import Case, Source
from corridor.claims import check
from corridor.cli.books import ledger_lines
from corridor.cli.screen import Told, closing_screen
from corridor.ensemble import assemble, books, open_run, save
from corridor.errors import RunError
from corridor.simulation import GateRecord, LedgerRow, Trace, Transfer

PROVENANCE: dict[str, str | int] = {"seed": 1, "replication": 0, "scenario_sha256": "a", "network_sha256": "b"}
SOUTH = 2


@pytest.fixture
def powered(parted: Case) -> Case:
    """The case of two parted towns with a power plant in the south that burns a tonne an hour, and one elsewhere."""
    plants = [
        Source(id=name, node=node, commodity=-1, rate=0.0, feed=0, intake=1.0, output=output)
        for name, node, output in (("pp_south", SOUTH, 100.0), ("pp_coast", 0, 300.0))
    ]
    return replace(parted, supply=replace(parted.supply, sources=tuple(plants)))


@pytest.fixture
def told(trace: Trace) -> Trace:
    """The record with two gates, a change of hands, a convoy that waited and half of the south's people gone."""
    persons = trace.persons.copy()
    persons[36:, trace.place.tolist().index(SOUTH)] /= 2
    gates = (
        GateRecord(actor=0, node=1, link=-1, convoys=4, vehicles=9, waited=10.0, longest=6.0, most_vehicles=5),
        GateRecord(actor=-1, node=-1, link=1, convoys=1, vehicles=3, waited=1.0, longest=1.0, most_vehicles=3),
        GateRecord(actor=1, node=0, link=-1, convoys=0, vehicles=0, waited=0.0, longest=0.0, most_vehicles=2),
    )
    hands = Transfer(commodity=0, out_of="stock", out_of_holder=0, into="stock", into_holder=1, tonnes=2.5)
    first, second = trace.shipments
    shipments = (replace(first, waited=1.5, outcome="partly unloaded", unloaded=12.0), second)
    queue = np.zeros((trace.time.size, 3))
    queue[7, 0] = 5
    return replace(
        trace, gates=gates, queue=queue, transfers=(*trace.transfers, hands), shipments=shipments, persons=persons
    )


def tables(case: Case, trace: Trace, folder: Path) -> dict[str, list[dict[str, str]]]:
    save(assemble(case, trace, provenance=PROVENANCE), case, trace, folder)
    found = {}
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            found[path.stem] = list(csv.DictReader(file))
    return found


def test_a_power_plant_is_told_with_what_it_served(powered: Case, told: Trace, tmp_path: Path) -> None:
    south, coast = tables(powered, told, tmp_path / "run")["power"]
    assert south == {
        "power_plant": "pp_south", "place": "south", "holder_at_start": "red", "holder_at_end": "red",
        "feed": "diesel", "output_mw": "100.0", "mean_served_share": "0.6250", "least_served_share": "0.0000",
        "least_at": "2024-01-02T07:00+03:00", "end_served_share": "0.0000", "burnt_tonnes": "30.000",
        "energy_mwh": "3000.0",
    }  # fmt: skip
    assert (coast["mean_served_share"], coast["energy_mwh"]) == ("0.0000", "0.0")


def test_the_summary_tells_what_all_plants_served_and_each_at_the_end(
    powered: Case, told: Trace, tmp_path: Path
) -> None:
    rows = tables(powered, told, tmp_path / "run")["summary"]
    found = {row["finding"]: (row["value"], row["at"][5:13], row["note"]) for row in rows if "power" in row["finding"]}
    share = "0.1562"  # 3,000 of 400 MW x 48 h
    assert found["power demand served"] == (share, "", "over the whole time; 2 plants, 400 MW at full intake")
    assert found["power demand served at the least"][:2] == ("0.0000", "01-02T07")
    assert found["power demand served at the end"][:2] == ("0.0000", "01-03T00")
    each = [row["place"] for row in rows if row["finding"] == "power demand served by a plant at the end"]
    assert each == ["south", "coast"]


def test_a_run_without_plants_says_nothing_of_power(parted: Case, trace: Trace, tmp_path: Path) -> None:
    found = tables(parted, trace, tmp_path / "run")
    assert found["power"] == []
    assert not [row for row in found["summary"] if "power" in row["finding"]]


def test_gates_are_told_with_their_waits(parted: Case, told: Trace, tmp_path: Path) -> None:
    found = tables(parted, told, tmp_path / "run")
    node, link, closed = found["gates"]
    assert node == {
        "gate": "middle", "kind": "node", "from": "", "to": "", "actor": "red", "convoys": "4", "vehicles": "9",
        "mean_wait_hours": "2.50",
        "longest_wait_hours": "6.00", "most_waiting_vehicles": "5",
    }  # fmt: skip
    told_link = {name: link[name] for name in ("gate", "kind", "from", "to", "actor", "mean_wait_hours")}
    assert list(told_link.values()) == ["coast-middle", "link", "middle", "coast", "everybody", "1.00"]
    assert (closed["convoys"], closed["mean_wait_hours"], closed["most_waiting_vehicles"]) == ("0", "0.00", "2")
    wait, over = (row for row in found["summary"] if row["finding"].startswith("mean wait"))
    assert (over["finding"], over["place"]) == ("mean wait at a gate for convoys of everybody", "middle>coast")
    assert wait["finding"] == "mean wait at a gate for convoys of red"
    assert (wait["place"], wait["value"], wait["note"]) == ("middle", "2.50", "4 convoys, longest wait 6.00 hours")


def test_stock_that_changes_hands_is_marked_among_the_transfers(parted: Case, told: Trace, tmp_path: Path) -> None:
    rows = tables(parted, told, tmp_path / "run")["transfers"]
    assert [tuple(row.values()) for row in rows] == [
        ("diesel", "stock", "red", "consumed", "", "0", "30.000"),
        ("diesel", "stock", "red", "stock", "blue", "1", "2.500"),
    ]


def test_a_shipment_is_told_with_its_wait_and_what_it_unloaded(parted: Case, told: Trace, tmp_path: Path) -> None:
    found = tables(parted, told, tmp_path / "run")
    first, _ = found["shipments"]
    assert (first["waited_hours"], first["load_tonnes"], first["unloaded_tonnes"]) == ("1.50", "20.000", "12.000")
    (before,) = (row for row in found["summary"] if "left before" in row["finding"])
    assert before["value"] == "12.000"


def test_person_days_are_of_the_people_who_live_there_then(parted: Case, told: Trace, tmp_path: Path) -> None:
    (supply,) = tables(parted, told, tmp_path / "run")["supply"]
    assert (supply["population_persons"], supply["population_at_end_persons"]) == ("6000", "3000")
    assert supply["stockout_person_days"] == f"{6000 * 6 / 24 + 3000 * 12 / 24:.0f}"


def test_the_dataset_holds_plants_gates_accounts_and_people(powered: Case, told: Trace, tmp_path: Path) -> None:
    save(assemble(powered, told, provenance=PROVENANCE), powered, told, tmp_path / "run")
    run = open_run(tmp_path / "run")
    assert run["plant_id"].values.tolist() == ["pp_south", "pp_coast"]
    served = run["served_share"]
    assert served.dims == ("time", "plant")
    assert served.values[[1, 30, 31], 0].tolist() == [1, 1, 0]
    assert (run["persons"].dims, run["queue"].dims) == (("time", "place"), ("time", "gate"))
    assert run["queue"].values[7].tolist() == [5, 0, 0]
    assert run["gate_node"].values.tolist() == [1, -1, 0]
    assert run["account_account"].values.tolist() == ["stock", "consumed", "captured"]
    assert run["transfer_into_holder"].values.tolist() == [-1, 1]
    units = {"transfer_tonnes": "tonnes", "account_closing": "tonnes", "gate_waited": "h", "shipment_waited": "h",
             "shipment_unloaded": "tonnes", "persons": "persons", "queue": "vehicles",
             "plant_output": "MW"}  # fmt: skip
    assert {name: run[name].attrs["units"] for name in units} == units


def test_the_end_of_a_run_tells_what_power_plants_serve(powered: Case, told: Trace, tmp_path: Path) -> None:
    run = assemble(powered, told, provenance=PROVENANCE)
    told_all = Told(run=run, case=powered, trace=told, findings=check(powered, told), dependences=())
    assert "power plants serve 25% → 0% of what is asked of them" in closing_screen(told_all, tmp_path)


def test_books_that_do_not_agree_say_by_how_much(parted: Case, trace: Trace) -> None:
    run = assemble(parted, trace, provenance=PROVENANCE)
    (book,) = books(run)
    # 20 of the 30 tonnes there and 30 moved were captured, though nothing was moved there.
    assert book.off == pytest.approx(20 / (30 + 30) * 1e9)
    (stock, *_) = trace.ledger
    honest = replace(trace, ledger=(stock, replace(trace.ledger[1])))
    (book,) = books(assemble(parted, honest, provenance=PROVENANCE))
    assert book.off == pytest.approx(0, abs=1e-3)
    short = replace(honest, stock=trace.stock + 0.6)
    (book,) = books(assemble(parted, short, provenance=PROVENANCE))
    assert book.off == pytest.approx(0.6 * trace.place.size / 60 * 1e9)


def test_the_ledger_of_several_commodities_stands_one_below_the_other(parted: Case, trace: Trace) -> None:
    (book,) = books(assemble(parted, trace, provenance=PROVENANCE))
    lines = list(ledger_lines([book, replace(book, commodity="lpg", name="Gas")]))
    assert lines[lines.index("Gas (lpg), tonnes") - 1] == ""
    assert sum(line.startswith("  balances to") for line in lines) == 2


def test_an_account_that_nothing_touched_has_no_line(parted: Case, trace: Trace) -> None:
    still = LedgerRow(commodity=0, account="exported", holder=-1, opening=0, inflow=0, outflow=0, closing=0)
    run = assemble(parted, replace(trace, ledger=(*trace.ledger, still)), provenance=PROVENANCE)
    assert not [line for line in ledger_lines(books(run)) if "exported" in line]


def test_a_run_of_an_earlier_version_keeps_no_such_ledger(parted: Case, trace: Trace) -> None:
    run = assemble(parted, trace, provenance=PROVENANCE)
    with pytest.raises(RunError, match="run the scenario again"):
        books(run.drop_vars("transfer_tonnes"))
