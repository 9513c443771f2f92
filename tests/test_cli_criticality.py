"""The command that tells what the loss of roads and nodes costs."""

import csv
import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from corridor.case import Case, whole
from corridor.cli import criticality as module
from corridor.cli.asked import case_of
from corridor.cli.commands import commands
from corridor.cli.criticality import Asked, Weighed, criticality_json, criticality_lines
from corridor.criticality import criticality, pair_criticality
from tests.builders import network, node, road
from tests.cases import bound

HOMS = str(Path(__file__).parent.parent / "scenarios" / "homs_2024.yaml")
NIGHT = ("--at", "2024-12-07T22:00+03:00")


@functools.cache
def loaded(name: Path) -> Case:
    return case_of(name)


@pytest.fixture(autouse=True, scope="module")
def read_once() -> Iterator[None]:
    """Let the command read each scenario once for all tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("corridor.cli.criticality.case_of", loaded)
        yield


def told(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["criticality", *arguments])


def lines(*arguments: str) -> list[str]:
    result = told(*arguments)
    assert result.exit_code == 0, result.exception
    return result.output.splitlines()


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


def weighed(case: Case, *, top: int = 20, nodes: bool = False, pairs: bool = False) -> Weighed:
    """Return what the command holds of the first actor of a case at its start."""
    epoch = case.epochs[0]
    both = pair_criticality(case, epoch, 0, top=None) if pairs else None
    found = criticality(case, epoch, 0, nodes=nodes)
    return Weighed(case=case, hour=0.0, top=top, found=found, pairs=both, written=())


def ring(persons: tuple[float, ...] = (1000, 2000, 3000, 0), far: float = 50.0) -> Case:
    """Return a ring a - b - c - a of an hour a side, and d, where nobody lives, behind c."""
    nodes = {name: node(36 + at / 10, 34, people, holder="red", name=name.upper()) for at, (name, people) in
             enumerate(zip("abcd", persons, strict=True))}  # fmt: skip
    sides = [
        road("a", "b", 50),
        road("b", "c", 50),
        road("c", "a", far),
        road("c", "d", 50),
    ]
    return bound(network(nodes, sides))


def test_it_says_what_the_numbers_are_of_and_lists_the_first_roads() -> None:
    text = lines(HOMS, *NIGHT, "--top", "3")
    assert text[0] == "Syrian government (regime), 7 Dec 22:00"
    case = loaded(Path(HOMS))
    found = criticality(case, case.epoch_at(case.hour(case.scenario.start) + 286), case.actors.index("regime"))
    assert text[1] == f"  {found.persons:,.0f} people in {found.places} places"
    assert f"a trip takes {found.mean_hours:.1f} free-flow lorry hours" in text[2]
    assert text[3].startswith("  2.7 % of the demand has no way")
    assert text[4] == "the loss of one road: first 3 of 141 roads"
    assert text[5].split("  ")[1:3] == ["#", "road"]
    first = text[6].split()
    assert first[:5] == ["1", "nabk-qara", "M5", "Damascus-Homs", "An-Nabk"]
    assert first[-5:] == ["56.0", "3,095,738", "0", "none", "56.0"]
    assert text[9] == "  48 of 141 roads carry no demand: the loss of one of them costs exactly nothing, 0"
    assert (
        text[10] == "  ordered by demand cut, then people cut off, then time added a trip; <0.1 is little, 0 is nothing"
    )
    # Latakia hangs on its interchange by one link; what lengthens trips most stands far down.
    assert text[11].startswith("  where a city hangs on its interchange by one link, that link stands for every street")
    hidden = [(float(hours), str(name)) for name, hours in zip(found.ids, found.cost_hours, strict=True)]
    assert f"{max(hidden)[1]} (M5) +26.9, " in text[12]


def test_the_table_and_json_hold_every_road(tmp_path: Path) -> None:
    file = tmp_path / "all.csv"
    found: dict[str, Any] = json.loads("\n".join(lines(HOMS, *NIGHT, "--top", "1", "--csv", str(file), "--json")))
    table = rows(file)
    assert len(table) == len(found["roads"]) == 141
    assert found["written"] == [str(file)]
    assert (found["actor"], found["instant"]) == ("regime", "2024-12-07T22:00+03:00")
    assert found["joined_share"] + found["never_share"] == pytest.approx(1.0)
    for text, each in zip(table, found["roads"], strict=True):
        assert text["id"] == each["id"]
        assert int(text["rank"]) == each["rank"]
        assert float(text["cost_hours"]) == each["cost_hours"]
        way = each["way_round_hours"]
        assert text["way_round_hours"] == ("" if way is None else str(way))
        assert text["isolated_persons"] == str(each["isolated_persons"])
        assert (text["actor"], text["instant"]) == ("regime", found["instant"])
    assert table[0]["tail"] == "nabk"
    assert table[0]["road_number"] == "M5"


def test_nodes_are_listed_without_a_way_round_and_with_who_holds_them(tmp_path: Path) -> None:
    file = tmp_path / "nodes.csv"
    text = lines(HOMS, *NIGHT, "--nodes", "--top", "2", "--csv", str(file))
    assert "the loss of one node: first 2 of 103 nodes" in text
    assert not any("way round" in line for line in text)
    table = rows(file)
    assert (table[0]["id"], table[0]["holder"]) == ("hisya", "regime")
    assert "way_round_hours" not in table[0]
    assert len(table) == 103


def test_pairs_are_listed_by_what_they_lose_beyond_the_sum(tmp_path: Path) -> None:
    file = tmp_path / "pairs.csv"
    text = lines(HOMS, *NIGHT, "--pairs", "--top", "1", "--csv", str(file))
    assert "the loss of two roads: 324 pairs of 9,870 cost more together than both alone" in text
    (first,) = [line.split() for line in text if line.startswith("  1 ")]
    assert first[1:5] == ["maaloula-nabk", "(M5)", "qutayfah-nabk", "(M5)"]
    assert first[5:] == ["56.1", "+56.1", "3,150,451", "+3,150,451", "0", "-11.4"]
    table = rows(file)
    assert len(table) == 324
    assert (table[0]["id"], table[0]["id_2"]) == ("maaloula-nabk", "qutayfah-nabk")
    assert float(table[0]["more_cut_share"]) == pytest.approx(float(table[0]["cut_share"]))


def test_pairs_in_json_stand_beside_what_each_road_loses_alone() -> None:
    found = criticality_json(weighed(ring(), pairs=True))
    assert (found["pairs"][0]["id"], found["pairs"][0]["id_2"]) == ("b-c", "c-a")
    assert (found["all_pairs"], found["joint_pairs"]) == (6, 3)
    assert len(found["roads"]) == 4


def test_a_network_by_itself_has_no_date_and_one_that_is_everybody() -> None:
    text = lines("central_syria", "--top", "2")
    assert text[0].endswith(", every road open")
    assert text[1] == "  23,200,000 people in 168 places"
    assert text[3] == "the loss of one road: first 2 of 547 roads"
    found = criticality_json(weighed(whole(ring().network)))
    assert (found["actor"], found["instant"]) == ("everybody", None)


def test_long_delays_are_told_in_hours_short_ones_in_minutes() -> None:
    short = "\n".join(criticality_lines(weighed(ring())))
    assert "minutes added a trip" in short
    one = next(line for line in short.splitlines() if " b-c " in line)
    # 6 of 11 parts of the demand take an hour more.
    assert one.split()[-3:] == ["32.7", "2.0", "54.5"]
    long = "\n".join(criticality_lines(weighed(ring(far=5000))))
    assert "hours added a trip" in long


def test_with_nobody_to_travel_it_says_so() -> None:
    text = list(criticality_lines(weighed(ring((0, 500, 0, 0)))))
    assert text[1] == "  500 people in 1 place"
    assert text[2] == "  with people in fewer than two places there are no trips: nothing depends on any road"
    assert "4 of 4 roads carry no demand" in text[-2]


def test_where_no_pair_costs_more_there_is_no_table_of_pairs() -> None:
    nodes = {name: node(36 + at / 10, 34, 100, holder="red") for at, name in enumerate("abc")}
    line = bound(network(nodes, [road("a", "b"), road("b", "c")]))
    text = list(criticality_lines(weighed(line, pairs=True)))
    assert text[-1] == "the loss of two roads: 0 pairs of 1 cost more together than both alone"


def test_an_actor_without_roads_has_no_table() -> None:
    nodes = {name: node(36 + at / 10, 34, 100, holder="red") for at, name in enumerate("ab")}
    apart = bound(network(nodes, [road("a", "b", share=0.0)]))
    text = list(criticality_lines(weighed(apart)))
    assert text[-1] == "  100.0 % of the demand has no way to begin with and is not counted as lost"


def test_every_fault_is_told_at_once_and_nothing_is_written(tmp_path: Path) -> None:
    picture, table = tmp_path / "map.png", tmp_path / "map.csv"
    asked = (
        "--actor",
        "regim",
        "--at",
        "yesterday",
        "--pairs",
        "--nodes",
        "--figure",
        str(picture),
        "--csv",
        str(table),
    )
    result = told(HOMS, *asked)
    message = str(result.exception)
    for part in (
        "did you mean 'regime'?",
        "'yesterday' is not a time",
        "--pairs is about roads, --nodes about nodes",
        "map.csv; choose another name",
    ):
        assert part in message
    assert not list(tmp_path.iterdir())
    assert "a network by itself has no time" in str(told("central_syria", *NIGHT).exception)


def test_the_map_is_written_with_its_numbers(tmp_path: Path) -> None:
    picture = tmp_path / "map.svg"
    text = lines(HOMS, *NIGHT, "--figure", str(picture), "--labels", "ar", "--size", "column", "--grey")
    assert text[-2:] == [f"wrote {picture}", f"wrote {tmp_path / 'map.csv'}"]
    assert picture.read_text(encoding="utf-8").count("النبك")
    assert rows(tmp_path / "map.csv")[0]["link_id"] == "nabk-qara"
    lines(HOMS, *NIGHT, "--figure", str(picture), "--pairs")
    assert rows(tmp_path / "map.csv")[0]["link_id_2"] == "qutayfah-nabk"


def test_what_is_asked_has_the_defaults_of_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Asked] = []

    def weigh(_name: Path, asked: Asked) -> Weighed:
        seen.append(asked)
        return weighed(ring())

    monkeypatch.setattr(module, "weigh", weigh)
    lines("anything")
    assert seen == [Asked()]


def test_percentages_of_little_are_little_not_nothing() -> None:
    found = weighed(ring((1, 1e6, 1e6, 0)))
    text = "\n".join(criticality_lines(found))
    assert "<0.1" in text
    assert np.count_nonzero(found.found.cost_hours) == 3
