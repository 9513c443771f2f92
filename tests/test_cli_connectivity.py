"""The command that tells how whole a territory is."""

import csv
import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from corridor.case import Case, Source
from corridor.cli.asked import case_of
from corridor.cli.commands import commands
from corridor.cli.connectivity import Asked, Looked, connectivity_json, connectivity_lines
from corridor.errors import ScenarioError
from corridor.metrics import connectivity, isochrones
from corridor.scenario.model import PassageRule
from tests.builders import network, node, road
from tests.cases import bound, closes, with_sources

HOMS = str(Path(__file__).parent.parent / "scenarios" / "homs_2024.yaml")
AFTER = ("--at", "2024-12-08T02:00+03:00")


@functools.cache
def loaded(scenario: Path) -> Case:
    return case_of(scenario)


@pytest.fixture(autouse=True, scope="module")
def read_once() -> Iterator[None]:
    """Let the command read each scenario once for all tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("corridor.cli.connectivity.case_of", loaded)
        yield


def told(scenario: str, *arguments: str) -> Result:
    return CliRunner().invoke(commands, ["connectivity", scenario, *arguments])


def lines(scenario: str, *arguments: str) -> str:
    result = told(scenario, *arguments)
    assert result.exit_code == 0, result.exception
    return result.output


def row(text: str, begin: str) -> list[str]:
    (one,) = [line for line in text.splitlines() if line.strip().startswith(begin)]
    return one.split()


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """Return what the command says after the split, as JSON and as a table."""
    file = tmp_path_factory.mktemp("after") / "all.csv"
    found: dict[str, Any] = json.loads(
        lines(HOMS, *AFTER, "--json", "--csv", str(file), "--within", "0.5,6", "--from", "tartus,latakia")
    )
    with file.open(encoding="utf-8-sig", newline="") as table:
        return found, list(csv.DictReader(table))


def test_the_start_is_told_of_the_actor_of_the_maps_in_one_screen() -> None:
    shown = lines(HOMS)
    assert len(shown.splitlines()) < 40
    assert shown.startswith("Syrian government (regime), 26 Nov 00:00\n  15,287,814 people in 1 substantial pocket;")
    assert row(shown, "homs      damascus")[-4:-1] == ["161", "2.3", "1.00"]
    assert row(shown, "diesel")[4:] == ["14,639,758", "15,287,814", "0", "0", "0"]
    assert "everybody has a way from a source of every commodity" in shown


def test_after_the_split_it_says_who_is_cut_off_from_what_since_when() -> None:
    shown = lines(HOMS, *AFTER)
    assert "in 2 substantial pockets and 6 small; 55.1% in the largest" in shown
    assert row(shown, "homs      damascus")[2:4] == ["no", "way"]
    assert "since 8 Dec 01:30: damascus, " in shown
    assert "(3,608,971 people), diesel, lpg, flour" in shown
    assert "(22,819 people), every commodity" in shown


def test_json_has_all_of_it(after: tuple[dict[str, Any], list[dict[str, str]]]) -> None:
    found, _ = after
    assert (found["actor"], found["instant"]) == ("regime", "2024-12-08T02:00+03:00")
    assert [pocket["name"] for pocket in found["pockets"] if pocket["substantial"]] == ["Damascus", "Latakia"]
    assert "damascus" in found["pockets"][0]["nodes"]
    pair = next(pair for pair in found["pairs"] if (pair["origin"], pair["destination"]) == ("homs", "damascus"))
    assert pair == {
        "origin": "homs", "destination": "damascus", "km": None, "hours": None, "detour": None, "through": [],
        "max_flow_vehicles_per_day": 0.0, "binding": [], "reachable": False,
    }  # fmt: skip
    diesel = next(one for one in found["reachable"] if one["commodity"] == "diesel")
    assert (len(diesel["people"]), round(diesel["cut_off"])) == (2, 3631790)
    assert {one["since"] for one in found["unreached"]} == {"2024-12-08T01:30+03:00"}
    assert round(found["from_places"]["people"][-1]) == 2916758


def test_the_table_has_a_row_for_each_number(after: tuple[dict[str, Any], list[dict[str, str]]]) -> None:
    found, rows = after
    values = {(one["what"], one["place"], one["to"], one["commodity"]): one["value"] for one in rows}
    assert len(values) == len(rows)
    assert float(values["population", "", "", ""]) == pytest.approx(found["population"])
    assert values["hours", "homs", "damascus", ""] == ""
    assert float(values["hours", "latakia", "tartus", ""]) == pytest.approx(found["pairs"][-1]["hours"])
    assert float(values["within_0.5_hours", "", "", "diesel"]) == found["reachable"][1]["people"][0]
    assert float(values["cut_off", "", "", ""]) == found["from_places"]["cut_off"]
    assert values["no_way_since", "damascus", "", "diesel"] == "2024-12-08T01:30+03:00"
    assert float(values["road_way_share", found["roads"][0]["id"], "", ""]) == found["roads"][0]["share"]
    assert {one["unit"] for one in rows if one["what"] == "max_flow_vehicles_per_day"} == {"vehicles/day"}
    assert {(one["actor"], one["instant"]) for one in rows} == {("regime", "2024-12-08T02:00+03:00")}
    persons = [one["value"] for one in rows if one["unit"] == "persons"]
    assert persons
    assert all(value.isdigit() for value in persons)


def test_both_figures_are_written_with_their_numbers_beside_them(tmp_path: Path) -> None:
    figures = ("--figure", str(tmp_path / "map.svg"), "--survival", str(tmp_path / "kept.svg"))
    shown = lines(HOMS, *AFTER, *figures)
    names = {"map.svg", "map.csv", "kept.svg", "kept.csv", "kept_now.csv"}
    assert {path.name for path in tmp_path.iterdir()} == names
    assert all(f"wrote {tmp_path / name}" in shown for name in names)
    # Of all commodities most people lack diesel, as LPG and flour, which come after it.
    assert "have no way to a source of diesel" in (tmp_path / "map.svg").read_text(encoding="utf-8")


def test_the_map_may_be_of_another_commodity(tmp_path: Path) -> None:
    asked = ("--commodity", "medicine", "--labels", "ar", "--size", "column")
    lines(HOMS, *AFTER, "--figure", str(tmp_path / "map.svg"), *asked)
    assert "أدوية" in (tmp_path / "map.svg").read_text(encoding="utf-8")


def test_a_network_by_itself_is_told_without_commodities_and_from_places(tmp_path: Path) -> None:
    shown = lines("central_syria", "--from", "tartus", "--figure", str(tmp_path / "map.png"), "--size", "column")
    assert shown.splitlines()[0].endswith(", every road open")
    assert "people within hours of the places asked for" in shown
    assert row(shown, "the places asked for")[-3:] == ["0", "0", "0"]
    assert "no way from any source" not in shown
    assert "within hours" not in lines("central_syria")
    assert json.loads(lines("central_syria", "--json"))["instant"] is None
    assert {path.name for path in tmp_path.iterdir()} == {"map.png", "map.csv"}
    with Image.open(tmp_path / "map.png") as image:
        assert "from Tartus" in image.info["Title"]


@pytest.mark.parametrize(
    ("scenario", "arguments", "messages"),
    [
        (HOMS, ("--within", "2,1"), ("--within 2,1: expected hours above 0 that rise",)),
        (HOMS, ("--within", "1,x"), ("--within 1,x: expected",)),
        (HOMS, ("--within", "0,1"), ("--within 0,1: expected",)),
        (HOMS, ("--within", "1,inf"), ("--within 1,inf: expected",)),
        (HOMS, ("--commodity", "diesl"), ("--commodity: unknown commodity 'diesl'; did you mean 'diesel'?",)),
        (HOMS, ("--commodity", "crude"), ("--commodity: unknown commodity 'crude'; there is gasoline, diesel",)),
        (
            HOMS,
            ("--from", "homz", "--actor", "regim", "--at", "x", "--figure", "map.pdf", "--csv", "map.csv"),
            (
                "did you mean 'regime'?", "--from", "'homz'", "map.pdf: expected a file that ends in .png or .svg",
                "--csv map.csv: --figure writes map.csv; choose another name",
            ),
        ),
        (HOMS, ("--figure", "a.png", "--survival", "a.svg"), ("--survival a.svg: --figure writes a.csv; choose",)),
        (
            HOMS,
            ("--survival", "a.svg", "--csv", "a_now.csv"),
            ("--csv a_now.csv: --survival writes a_now.csv; choose another name",),
        ),
        (HOMS, ("--survival", "no/a.svg"), ("--survival no/a.svg: there is no folder no",)),
        (HOMS, ("--survival", "a.pdf"), ("--survival a.pdf: expected a file that ends in .png or .svg",)),
        (HOMS, ("--csv", "a.txt"), ("--csv a.txt: expected a file that ends in .csv",)),
        ("central_syri", (), ("there is no such file, folder or network; did you mean 'central_syria'?",)),
        ("central_syria", ("--survival", "a.svg"), ("--survival a.svg: nobody in this scenario asks",)),
        ("central_syria", ("--at", "2000-01-01T01:00+00:00"), ("a network by itself has no time",)),
        ("central_syria", ("--figure", "a.svg"), ("name places with --from",)),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_once_and_nothing_is_written(
    scenario: str,
    arguments: tuple[str, ...],
    messages: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    result = told(scenario, *arguments)
    assert isinstance(result.exception, ScenarioError)
    assert all(message in str(result.exception) for message in messages)
    assert not list(tmp_path.iterdir())


def looked(case: Case, hour: float = 0.0, origins: tuple[int, ...] = ()) -> Looked:
    places = isochrones(case, case.epoch_at(hour), origins=origins, actor=0, within=(1, 6)) if origins else None
    return Looked(case=case, found=connectivity(case, hour, within=(1, 6)), places=places, written=())


def row_of_towns() -> Case:
    """Return nine towns in a row, a source in the first, which lose the way one after another, and one apart."""
    nodes = {name: node(36, 34, 100, holder="red") for name in "abcdefghij"}
    roads = [road(one, other, 5) for one, other in zip("abcdefgh", "bcdefghi", strict=True)]
    case = bound(network(nodes, roads), [closes(5, "a-b"), closes(6, "a-b", 1.0), closes(9, "a-b")], anchors=("a", "b"))
    return with_sources(case, Source(id="source", node=0, commodity=0, rate=1.0))


def test_many_places_cut_off_at_once_are_one_line_and_those_without_any_road_another() -> None:
    shown = list(connectivity_lines(looked(row_of_towns(), 10)))
    assert "  since the start, no road at all: j (100 people), every commodity" in shown
    assert "  since 1 Jan 09:00: b, c, d, e, f, g and 2 more (800 people), every commodity" in shown


def test_a_place_cut_off_since_the_start_has_no_instant_in_json() -> None:
    found = connectivity_json(looked(row_of_towns(), 10, origins=(1,)))
    assert [one["since"] for one in found["unreached"] if one["place"] == "j"] == [None]
    assert found["from_places"] == {"people": [800, 800], "beyond": 0, "cut_off": 100, "never": 100}


def test_who_holds_nothing_is_told_so() -> None:
    nodes = {name: node(36, 34, 5, holder="blue") for name in "ab"}
    case = bound(network(nodes, [road("a", "b")]))
    assert list(connectivity_lines(looked(case))) == ["Red (red), 1 Jan 00:00", "  holds nobody then"]
    assert connectivity_json(looked(case))["population"] == 0
    assert "reachable" in connectivity_json(looked(case))


def through_blue() -> Case:
    """Return a row of towns of Red's, of which two are Blue's and one nobody's, all of which Red may pass."""
    holders = {"a": "red", "b": "blue", "c": "blue", "d": "none", "e": "red"}
    nodes = {name: node(36, 34, 100, holder=holder) for name, holder in holders.items()}
    free = [PassageRule(actor="red", through=through, mode="free") for through in ("blue", "contested")]
    roads = [road(one, other) for one, other in zip("abcd", "bcde", strict=True)]
    return bound(network(nodes, roads), passage=free, anchors=("a", "b", "e"))


def test_ways_through_the_places_of_others_are_marked_where_there_are_any() -> None:
    found = looked(through_blue())
    shown = "\n".join(connectivity_lines(found))
    assert "way leads through" in shown
    assert row(shown, "a     e")[2:4] == ["blue,", "contested"]
    assert [pair["through"] for pair in connectivity_json(found)["pairs"]] == [
        ["blue"], ["blue", "contested"], ["blue", "contested"],
    ]  # fmt: skip
    assert "way leads through" not in "\n".join(connectivity_lines(looked(row_of_towns())))


def test_a_figure_that_cannot_be_written_is_named_by_its_option(tmp_path: Path) -> None:
    (tmp_path / "kept.svg").mkdir()
    message = str(told(HOMS, *AFTER, "--survival", str(tmp_path / "kept.svg")).exception)
    assert message.startswith(f"--survival {tmp_path / 'kept.svg'} cannot be written")


def test_what_is_asked_has_the_options_of_the_command() -> None:
    options = {parameter.name for parameter in commands.commands["connectivity"].params} - {"scenario", "as_json"}
    assert options == set(Asked.__dataclass_fields__)
