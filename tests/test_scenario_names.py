"""What a scenario names and nobody knows is answered with what was probably meant, and with nothing far-fetched."""

from dataclasses import replace
from pathlib import Path

import pytest

from corridor.case import bind
from corridor.case.names import Names
from corridor.errors import ScenarioError
from corridor.network import Network
from corridor.scenario import Document, load_scenario, read_scenario
from corridor.scenario.words import nearest
from corridor.sources import read_network

FAULTY = Path(__file__).parent / "faulty"


@pytest.fixture(scope="module")
def country() -> Network:
    return read_network("central_syria")


def answer(country: Network, name: str) -> str:
    names = Names(load_scenario(FAULTY / "whole.yaml"), country)
    assert names.node(name, ("show", "places", 0)) is None
    (fault,) = names.faults
    return fault.message


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("حمص", "; did you mean 'homs' (also spelled so)?"),
        ("Homs", "; did you mean 'homs'?"),
        ("hmos", "; did you mean 'homs'?"),
        ("Talbisa", "; did you mean 'talbiseh' (also spelled so)?"),
        ("zzyzx", ""),
    ],
)
def test_a_place_by_another_name_is_answered_with_its_id(country: Network, name: str, hint: str) -> None:
    assert answer(country, name) == f"unknown node '{name}'{hint}"


def test_every_arabic_name_leads_to_a_place_that_bears_it(country: Network) -> None:
    for node, name in zip(country.node_id.tolist(), country.node_name_ar.tolist(), strict=True):
        if name and name not in country.aliases:
            told = answer(country, name).split("'")[3]
            assert country.node_name_ar[country.node_positions()[told]] == name, node


def test_a_column_that_the_network_lacks_is_said_so(country: Network) -> None:
    plan = replace(load_scenario(FAULTY / "whole.yaml"), population="catchment_2042_persons")
    with pytest.raises(ScenarioError) as told:
        bind(plan, country)
    message = next(fault.message for fault in told.value.faults if fault.where == ("population",))
    hint = "did you mean 'catchment_2024_persons'?"
    assert message == f"network 'central_syria' has no column 'catchment_2042_persons'; {hint}"


@pytest.mark.parametrize(
    ("name", "known", "meant"),
    [
        ("E13O", ["E163", "E130", "E1"], "E130"),
        ("E13O", ["E163"], ""),
        ("E1", ["E2", "E3"], ""),
        ("nothere.yaml", ["share.yaml"], ""),
        ("homs2024.yaml", ["homs_2024.yaml", "aleppo_2024.yaml"], "homs_2024.yaml"),
        ("b.yaml", ["a.yaml"], ""),
        ("hst", ["hts", "regime"], "hts"),
        ("twn", ["town"], "town"),
        ("pass", ["passes"], "passes"),
        ("moon", ["mode", "node"], ""),
        ("warm_up_days", ["warmup_days"], "warmup_days"),
    ],
)
def test_only_what_a_slip_can_make_is_suggested(name: str, known: list[str], meant: str) -> None:
    assert nearest(name, known) == meant


def told(document: Document, country: Network) -> list[str]:
    assert document.scenario is not None
    with pytest.raises(ScenarioError) as caught:
        bind(document.scenario, country)
    placed = document.place(caught.value.faults)
    return [f"{fault.line}:{fault.column}: {fault.message}" for fault in placed]


def test_an_unknown_holder_is_told_once_and_beside_an_unknown_node(country: Network, tmp_path: Path) -> None:
    whole = (FAULTY / "whole.yaml").read_text(encoding="utf-8").replace("  - tables/whole.csv\n", "")
    path = tmp_path / "it.yaml"
    path.write_text(
        whole.replace("control_2024_11_26}", "control_2024_11_26, except: {homs: regim, hmah: hst}}"), encoding="utf-8"
    )
    found = [fault for fault in told(read_scenario(path), country) if fault.startswith("10:")]
    assert found == [
        "10:52: unknown actor 'regim'; did you mean 'regime'?",
        "10:59: unknown node 'hmah'; did you mean 'hama' (alias: hamah)?",
        "10:65: unknown actor 'hst'; did you mean 'hts'?",
    ]
