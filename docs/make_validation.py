"""Hold the record against the model and write the tables of its page: ``python -m docs.make_validation``."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import inf, log
from pathlib import Path
from typing import NamedTuple

import corridor
from corridor.claims import window_dependence
from docs.guesses import Guess, fuel_guesses, homs_guesses, siege_guesses
from docs.outcomes import FUEL, HOMS, SIEGE, fuel_row, homs_row, siege_row
from docs.recorded import record
from docs.variants import case_of

FIGURES = Path(__file__).parent / "figures"
SOURCES = Path(corridor.__file__).parent / "data" / "central_syria" / "sources.csv"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "record": ("what", "record", "model (with other values)", "so", "source"),
    "sources": ("no.", "key", "where"),
    "supply": ("guess", "value", *HOMS),
    "siege": ("guess", "value", *SIEGE),
    "fuel": ("guess", "value", *FUEL),
    "windows": ("event", "moved to", "findings that change", "pockets, or the way, then"),
    "guesses": ("guess", "as shipped", "other values", "what they move most", "source, confidence"),
}
"""The tables of the page, by name, with their columns."""
SETS: Mapping[str, tuple[Callable[[], Sequence[Guess]], Callable[..., tuple[str, ...]], tuple[str, ...]]] = {
    "supply": (homs_guesses, homs_row, HOMS),
    "siege": (siege_guesses, siege_row, SIEGE),
    "fuel": (fuel_guesses, fuel_row, FUEL),
}
STIR = {"gasoline": 0.7, "diesel": 0.7, "flour": 1.0, "coast": 4000.0}
"""What the phase of orders stirs up without a cause, by the first word of a column: less than this is not told."""
HELD = {
    "E130": "Qusayr",
    "I026": "the ring of Homs",
    "E121": "Nabk",
    "I031": "Hisya",
    "I032": "Qara",
    "E057_link": "the ferry of Khasham",
}
"""The places of the events that findings hang on."""

MOST = 3
"""As many movements of a guess are told."""
SMALL = 0.1
APART = {
    "national_20241207": "https://thenationalnews.com/news/mena/2024/12/07/"
    "syrians-in-damascus-struggle-for-essentials-as-rebel-offensive-cuts-off-supplies",
    "newsbulletin_bbc": "https://newsbulletin247.com/world/616880.html (a copy of a BBC report)",
    "press_001": "an article of 6 December 2024, see the claims",
    "press_002": "an article of 6 December 2024, see the claims",
    "events": "corridor/data/central_syria/SOURCES.md, scenarios/events",
    "roads": "corridor/data/central_syria/SOURCES.md, roads.csv",
}
"""What the record rests on beside the sources of the tables."""

Rows = list[tuple[str, ...]]


class Move(NamedTuple):
    """How far a column moves, to compare by, and in words."""

    size: float
    words: str


def main() -> None:
    """Write every table."""
    found = {name: varied(name) for name in SETS}
    for name, rows in found.items():
        write_table(name, rows)
    found["windows"] = windows()
    write_table("windows", found["windows"])
    write_table("guesses", guesses(found))
    said = record(found)
    keys = list(dict.fromkeys(key for row in said for key in row.keys))
    write_table("record", [row.cells(keys) for row in said])
    write_table("sources", sources(keys))


def table_path(name: str) -> Path:
    """Return the file of a table."""
    return FIGURES / f"validation_{name}_table.csv"


def page_rows(name: str) -> Rows:
    """Return the rows of a table as they stand in its file, below its columns."""
    with table_path(name).open(encoding="utf-8", newline="") as file:
        columns, *rows = (tuple(row) for row in csv.reader(file))
    if columns != COLUMNS[name]:
        raise ValueError(f"{table_path(name)} has the columns {columns}, expected {COLUMNS[name]}")
    return rows


def write_table(name: str, rows: Iterable[Sequence[str]]) -> None:
    """Write the rows of a table of the page."""
    with table_path(name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS[name])
        writer.writerows(rows)


def varied(name: str) -> Rows:
    """Return what a scenario gives as it is, and with each guess at each of its other values."""
    listed, row, _ = SETS[name]
    rows: Rows = [("as shipped", "", *row())]
    for guess in listed():
        rows += [(guess.what, value.words, *row(value.change)) for value in guess.values]
    return rows


def windows() -> Rows:
    """Return which findings on territory change when one event alone moves to the edge of its window."""
    case, found = case_of("homs_2024"), dict[tuple[str, str], list[tuple[str, str]]]()
    for each in window_dependence(case):
        moved = f"{HELD[each.event]} ({each.event})", case.written(each.hour)
        found.setdefault(moved, []).append((each.expectation, _first(each.found)))
    return [
        (*moved, ", ".join(name for name, _ in changed), "; ".join(text for _, text in changed if text[0].isdigit()))
        for moved, changed in found.items()
    ]


def sources(keys: Sequence[str]) -> Rows:
    """Return where each source of the record is, by its number."""
    with SOURCES.open(encoding="utf-8", newline="") as file:
        known = {row["key"]: row["origin"] for row in csv.DictReader(file)} | APART
    return [(str(number), key, known[key]) for number, key in enumerate(keys, 1)]


def guesses(found: Mapping[str, Rows]) -> Rows:
    """Return each guess that moves something, with its values and what they move most."""
    return [
        (
            guess.what,
            guess.central,
            f"{' / '.join(value.words for value in guess.values)} ({guess.kind})",
            moves,
            guess.source,
        )
        for guess, moves in moved(found)
        if moves
    ]


def moved(found: Mapping[str, Rows]) -> list[tuple[Guess, str]]:
    """Return each guess with what it moves most, in words, empty for nothing to speak of."""
    told = []
    for name, (listed, _, columns) in SETS.items():
        centre, *others = (row[2:] for row in found[name])
        names = [row[0] for row in found[name][1:]]
        for guess in listed():
            mine = [row for row, what in zip(others, names, strict=True) if what == guess.what]
            moves = [_moved(column, *cells) for column, *cells in zip(columns, centre, *mine, strict=True)]
            most = sorted((move for move in moves if move.size > 0), key=lambda move: -move.size)[:MOST]
            failing = _moved_findings([row[-1] for row in mine])
            told.append((guess, "; ".join([*(move.words for move in most), *failing])))
    return told


def _moved(column: str, centre: str, *told: str) -> Move:
    """Return how far other values move a column: dates above numbers, numbers by their greatest ratio."""
    words = f"{column.removesuffix(', days').removesuffix(', t')} {centre} → {' / '.join(told)}"
    if column == "findings that fail" or all(text == centre for text in told):
        return Move(0.0, words)
    if not all(text.replace(",", "").replace(".", "").isdigit() for text in (centre, *told)):
        return Move(inf, words)
    first, *numbers = (float(text.replace(",", "")) for text in (centre, *told))
    if max(abs(number - first) for number in numbers) < STIR.get(column.split(" ", maxsplit=1)[0], 0.0):
        return Move(0.0, words)
    return Move(max(abs(log((number + SMALL) / (first + SMALL))) for number in numbers), words)


def _moved_findings(told: Iterable[str]) -> list[str]:
    failing = sorted({name for text in told for name in text.split(", ")} - {"none"})
    return [f"fails {', '.join(failing)}"] if failing else []


def _first(found: str) -> str:
    """Return the number of pockets, or the first words of what was found."""
    head = found.split(" (", maxsplit=1)[0]
    return head if head.isdigit() else found.split(" by ", maxsplit=1)[0]


if __name__ == "__main__":
    main()
