"""What the page of validation says is in its tables, and what is cheap in them is computed anew."""

import csv
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from docs.guesses import homs_guesses
from docs.make_validation import COLUMNS, SETS, guesses, moved, page_rows, sources, table_path, windows
from docs.outcomes import FUEL, HOMS
from docs.recorded import largest_city, lengths, split_hours

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")
SAID = " ".join(PAGE.split())
RECORD = {row[0]: row for row in page_rows("record")}
MODEL, SO, SOURCE = 2, 3, 4


def shipped(name: str) -> tuple[str, ...]:
    """Return what a scenario gives as it is, by its table."""
    first = page_rows(name)[0]
    assert first[:2] == ("as shipped", "")
    return first[2:]


@pytest.mark.parametrize("name", COLUMNS)
def test_every_table_stands_on_the_page(name: str) -> None:
    assert f":file: figures/{table_path(name).name}" in PAGE
    assert page_rows(name)


@pytest.mark.parametrize("name", ["supply", "siege"])
def test_the_scenarios_as_shipped_give_what_the_tables_say(name: str) -> None:
    _, row, _ = SETS[name]
    assert row() == shipped(name)


def test_one_guess_at_its_high_end_gives_what_the_table_says() -> None:
    guess = next(guess for guess in homs_guesses() if guess.what.startswith("hours door to door"))
    rows = [row for row in page_rows("supply") if row[0] == guess.what]
    assert SETS["supply"][1](guess.values[-1].change) == rows[-1][2:]


@pytest.mark.parametrize("name", SETS)
def test_every_guess_has_a_row_for_each_of_its_values(name: str) -> None:
    listed, _, _ = SETS[name]
    expected = [(guess.what, value.words) for guess in listed() for value in guess.values]
    assert [row[:2] for row in page_rows(name)[1:]] == expected


def test_what_guesses_move_follows_from_the_runs() -> None:
    assert guesses({name: page_rows(name) for name in SETS}) == page_rows("guesses")


def test_the_page_names_what_moves_nothing() -> None:
    still = [guess.what for guess, moves in moved({name: page_rows(name) for name in SETS}) if not moves]
    assert sorted(set(still)) == [
        "crude at Banias at the start, kt",
        "days of warm-up",
        "least run of a refinery, share of its intake",
        "vehicles",
        "who holds a place beside a road commands the road",
        "who is served first",
    ]
    assert "Nothing to speak of is moved by the number of vehicles, the least run of a refinery, the days" in SAID


def test_findings_hang_on_the_windows_that_the_page_lists() -> None:
    assert windows() == page_rows("windows")


def test_the_parting_of_coast_and_damascus_is_as_told() -> None:
    hours = split_hours()
    start = datetime.fromisoformat("2024-11-26T00:00")
    told = [f"{start + timedelta(hours=hour):%d %b %H:%M}".lstrip("0") for hour in hours.values()]
    row = RECORD["the coast and Damascus are parted from"]
    earliest, latest = (
        f"{start + timedelta(hours=hour):%d %b %H:%M}".lstrip("0")
        for hour in (min(hours.values()), max(hours.values()))
    )
    assert told[0] == "8 Dec 01:30"
    assert row[MODEL] == f"{told[0]} ({earliest} to {latest})"
    assert row[SO].startswith("inside")


def test_one_window_undoes_the_two_pockets() -> None:
    alone = [row for row in page_rows("windows") if "split" in row[2].split(", ")]
    assert [row[0].split(" (")[0] for row in alone] == ["Qusayr", "the ring of Homs"]
    assert all(row[3].startswith("1; ") for row in alone)
    assert RECORD["government pockets on 8 Dec 02:00"][MODEL].startswith("2 (1 if Qusayr or the ring of Homs is lost")


def test_homs_is_the_largest_city_in_one_table_and_not_in_the_other() -> None:
    now, then = (largest_city(f"place_population_{year}_persons") for year in (2024, 2010))
    assert now["hama"] > now["homs"]
    assert then["homs"] > then["hama"]
    row = RECORD["largest city of central Syria"]
    assert row[MODEL].startswith(f"Hama (Homs {now['homs']:,.0f}, Hama {now['hama']:,.0f}")


def test_lengths_are_as_told() -> None:
    measured = lengths()
    name, said, km = max(measured, key=lambda each: abs(each[2] / each[1] - 1))
    row = RECORD["lengths of seven roads"]
    assert row[MODEL].startswith(f"{sum(abs(km / said - 1) < 0.04 for _, said, km in measured)} of 7 within 4 %")
    assert f"{name} {km:.0f} km for {said}" in row[MODEL]


def test_banias_stops_ten_days_too_late_and_inside_the_window_with_the_ends_the_page_names() -> None:
    stops = {(row[0], row[1]): row[2 + FUEL.index("Banias stops")] for row in page_rows("fuel")}
    by, late = datetime.fromisoformat("2024-12-10"), datetime.fromisoformat("2024-12-16")

    def day(text: str) -> datetime:
        return datetime.strptime(f"{text} +0000", "%d %b %Y %z").replace(tzinfo=None)

    assert day(stops["as shipped", ""]) - late == timedelta(days=10)
    crude = "crude at Banias at the start, kt"
    inside = {key for key, text in stops.items() if re.fullmatch(r"\d+ \w+ \d+", text) and by <= day(text) <= late}
    runs = "runs of both refineries, thousand barrels a day"
    assert inside == {(crude, "68"), (crude, "90 (would fit)"), (runs, "45 + 95")}
    assert RECORD["Banias stops for want of crude"][SO].startswith("fails by ten days; inside with the least stock")
    assert re.search(r"\b70 of them at the refinery", RECORD["Banias stops for want of crude"][MODEL])
    assert "adds 70 kt to the stock on record" in PAGE


def test_no_value_leaves_damascus_without_fuel_on_7_december() -> None:
    days = [float(row[2 + HOMS.index(f"{fuel} 7 Dec, days")]) for row in page_rows("supply") for fuel in FUELS]
    assert min(days) >= 3
    assert "with no value tried less than three days of it" in SAID
    moved = re.findall(r"[+-]\d\.\d", RECORD["fuel in Damascus on 7 Dec"][MODEL])
    assert len(moved) == len(FUELS)
    assert all(float(each) >= 0 for each in moved)
    assert RECORD["fuel in Damascus on 7 Dec"][SO].startswith("fails")


FUELS = ("gasoline", "diesel")


def test_the_number_of_pockets_moves_with_no_guess() -> None:
    assert {row[2 + HOMS.index("pockets")] for row in page_rows("supply")} == {"2"}
    assert "pockets at 02:00 never moves" in SAID


def test_every_failure_of_the_table_is_told_in_words() -> None:
    failing = [row[0] for row in RECORD.values() if row[SO].startswith("fails")]
    assert len(failing) == 6
    for word in ("Damascus on 7 December", "Banias", "Winter 2025", "The Old City", "Jams and displacement"):
        assert f"- **{word}.**" in PAGE


def test_every_row_of_the_record_names_its_sources() -> None:
    numbers = {number for number, _, _ in page_rows("sources")}
    assert page_rows("sources") == sources([key for _, key, _ in page_rows("sources")])
    assert {number for row in RECORD.values() for number in row[SOURCE].split(", ") if number} == numbers
    assert [row[0] for row in RECORD.values() if not row[SOURCE]] == ["roads among those who took places, after 8 Dec"]


def test_a_calibrated_number_carries_the_word_and_its_target() -> None:
    rows = re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \|$", PAGE, flags=re.MULTILINE)
    assert rows[0] == ("calibrated number", "target", "so this is no test")
    assert len(rows) > 10


def test_the_calibrated_numbers_are_those_of_the_files() -> None:
    homs = (ROOT / "scenarios" / "homs_2024.yaml").read_text(encoding="utf-8")
    assert "gasoline: 6.5, diesel: 6.5, lpg: 6.5, flour: 4, dry_food: 22, medicine: 40" in homs
    with (ROOT / "scenarios/events/siege_2012_2014.csv").open(encoding="utf-8", newline="") as file:
        siege = {row["id"]: row for row in csv.DictReader(file)}
    left = [float(siege[id]["persons"]) for id in ("S001", "S005a", "S005b", "S005c", "S005d")]
    assert [left[0], sum(left[1:])] == [15_000, 3_991]
    assert siege["P002"]["vehicles_per_day"] == "20"
    with (ROOT / "corridor/data/central_syria/facilities.csv").open(encoding="utf-8", newline="") as file:
        assert sum(row["id"].endswith("_balance") for row in csv.DictReader(file)) == 33
    with (ROOT / "scenarios/events/offensive_2024.csv").open(encoding="utf-8", newline="") as file:
        (nabk,) = (row for row in csv.DictReader(file) if row["id"] == "E121")
    assert nabk["at"].startswith("2024-12-08T03:00")
