"""A spell of a table lasts as long as what it says: an event that changes nothing for anybody leaves it alone."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest

from corridor.case import Case, bind
from corridor.ensemble import run, save
from corridor.network import Facility, Fleet, Network, Range
from corridor.scenario import load_scenario
from corridor.scenario.model import LinkEvent, Scenario
from corridor.sources import read_network
from tests.builders import network, node, road
from tests.conftest import at

SCENARIOS = Path(__file__).parent.parent / "scenarios"
SAME = ("pockets", "connectivity", "anchor_pairs", "ways", "supply", "shipments", "ledger")
COUNTS = ("events applied", "applied events that are inferred")


def closing(link: str, instant: datetime) -> LinkEvent:
    return LinkEvent(
        id="X001", kind="link", at=instant, link=(link,), capacity_share=0.0, status="confirmed", source="test"
    )


def with_event(scenario: Scenario, event: LinkEvent) -> Scenario:
    return replace(scenario, events=tuple(sorted((*scenario.events, event), key=lambda one: one.at)))


def saved(case: Case, folder: Path) -> Path:
    dataset, trace = run(case, seed=1, provenance={"scenario_sha256": "a", "network_sha256": "b"})
    save(dataset, case, trace, folder)
    return folder


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def check_same(before: Case, after: Case, folder: Path) -> None:
    """Check that two cases, one with an epoch more than the other, give the same tables."""
    assert len(after.epochs) == len(before.epochs) + 1
    one, two = saved(before, folder / "one"), saved(after, folder / "two")
    assert rows(one, "shipments")
    for name in SAME:
        assert (one / f"{name}.csv").read_bytes() == (two / f"{name}.csv").read_bytes(), name
    kept = [[row for row in rows(each, "summary") if not row["finding"].startswith(COUNTS)] for each in (one, two)]
    assert kept[0] == kept[1]
    assert len(rows(two, "events")) == len(rows(one, "events")) + 1


def supplied(case: Case) -> Network:
    """Return the land of a case with diesel landed at the coast and lorries there, and a road far away."""
    none, plenty = Range(0.0, 0.0, 0.0), Range(100.0, 100.0, 100.0)
    landed = Facility(
        id="landed", node="coast", role="import", commodity_in="", commodity_out="diesel", rate=plenty, intake=none,
        capacity=0.0, stock=none, active_from="", active_to="", source="test", confidence="low", note="",
    )  # fmt: skip
    lorries = Fleet(node="coast", vehicle="tanker", vehicles=plenty, source="test", confidence="low")
    return network(
        nodes={
            "coast": node(36.0, 34.0, 3000, holder="red", kind="port", area="coast"),
            "middle": node(36.1, 34.0, 500, holder="red"),
            "south": node(36.2, 34.0, 6000, holder="red", kind="city", area="south"),
            "bypass": node(36.1, 33.9, 0, holder="red"),
            "east": node(36.3, 34.2, 2000, holder="blue"),
            "far": node(37.0, 34.0, 0),
            "farther": node(37.1, 34.0, 0),
        },
        roads=[
            ("coast", "middle"), ("middle", "south"), ("coast", "bypass", 15), ("bypass", "south", 15),
            road("far", "farther"),
        ],
        supply=replace(case.network.supply, facilities=(landed,), fleets=(lorries,)),
    )  # fmt: skip


@pytest.mark.parametrize("hour", [3.25, 27.4])
def test_closing_a_road_that_nobody_uses_leaves_every_table_as_it_was(
    hour: float, parted: Case, tmp_path: Path
) -> None:
    land = supplied(parted)
    closed = with_event(parted.scenario, closing("far-farther", at(hour)))
    check_same(bind(parted.scenario, land), bind(closed, land), tmp_path)


def test_closing_a_road_across_a_border_leaves_every_table_of_the_shipped_network_as_it_was(tmp_path: Path) -> None:
    whole = load_scenario(SCENARIOS / "homs_2024.yaml")
    end = datetime.fromisoformat("2024-12-04T00:00:00+03:00")
    short = replace(
        whole,
        end=end,
        warmup_days=1,
        events=tuple(event for event in whole.events if event.at < end),
        show=replace(whole.show, maps=whole.show.maps[:2]),
        expect=(),
    )
    event = closing("bc_bab_hawa-ext_antakya", datetime.fromisoformat("2024-12-03T11:17:00+03:00"))
    land = read_network(whole.network)
    check_same(bind(short, land), bind(with_event(short, event), land), tmp_path)


def spells(found: Sequence[dict[str, str]], **which: str) -> list[tuple[str, ...]]:
    """Return the hours (of the first and second of January), and the events, of the rows that are `which`."""
    mine = [row for row in found if which.items() <= row.items()]
    return [(row["from"][8:13], row["to"][8:13], row["events"]) for row in mine]


def test_a_spell_lasts_while_its_values_do(parted: Case, tmp_path: Path) -> None:
    folder = saved(parted, tmp_path / "run")
    connectivity, pairs = rows(folder, "connectivity"), rows(folder, "anchor_pairs")
    assert "epoch" not in connectivity[0]
    assert spells(connectivity, actor="red") == [
        ("01T00", "01T10", ""), ("01T10", "01T20", "E1"), ("01T20", "02T16", "E2"), ("02T16", "03T00", "E3"),
    ]  # fmt: skip
    assert spells(pairs, actor="red", origin="coast", destination="south") == [
        ("01T00", "01T10", ""), ("01T10", "01T20", "E1"), ("01T20", "02T16", "E2"), ("02T16", "03T00", "E3"),
    ]  # fmt: skip
    for table in (connectivity, pairs):
        for first, second in pairwise(table):
            assert {**first, "from": "", "to": "", "events": ""} != {**second, "from": "", "to": "", "events": ""}
