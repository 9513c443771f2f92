"""What the page of verification says in words is so; its tables are held to the engine by the tests of each section."""

import re
from pathlib import Path

import pytest

from tests.test_verification_worlds import SHARES, WORLDS
from tests.verification import fluid, luck, queues
from tests.verification.page import DOCS, TABLES, page_rows, table_path

PAGE = (DOCS / "verification.md").read_text(encoding="utf-8")
ROWS = {
    "queues": len(list(queues.queues())),
    "stocks": 5,
    "late": 4,
    "little": 1,
    "fleets": 18,
    "fluid": len(fluid.REVIEWS),
    "pipes": 4,
    "sieges": 4,
    "luck": len(luck.OTHERS),
}


@pytest.mark.parametrize("name", TABLES)
def test_every_table_stands_on_the_page(name: str) -> None:
    assert f":file: figures/{table_path(name).name}" in PAGE
    assert len(page_rows(name)) == ROWS.get(name, len(page_rows(name))) > 0


def test_every_figure_stands_on_the_page_and_has_its_numbers_beside_it() -> None:
    drawn = {path.stem for path in (DOCS / "figures").glob("verification_*.svg")}
    assert set(re.findall(r"\]\(figures/(\w+)\.svg\)", PAGE)) == drawn
    for name in drawn:
        assert (DOCS / "figures" / f"{name}.csv").is_file()
        assert "<desc>" in (DOCS / "figures" / f"{name}.svg").read_text(encoding="utf-8")


def test_the_page_names_tests_that_there_are() -> None:
    for name in re.findall(r"`(test_\w+\.py)`", PAGE):
        assert (Path(__file__).parent / name).is_file(), name


def test_the_numbers_in_words_are_those_of_the_tests() -> None:
    said = " ".join(PAGE.split())
    assert f"{queues.LORRIES:,} come; the first {queues.SETTLING:,}" in said
    assert f"lets {queues.RATE:g} vehicles an hour through" in said
    assert f"hold the truth with {queues.TOGETHER:.0%}".replace("%", " %") in said
    assert f"two fifths, {luck.SEEDS} times" in said
    assert WORLDS // SHARES * SHARES == WORLDS
    assert f"{WORLDS:,} worlds are played each time" in said or f"plays {WORLDS:,}, new ones each time" in said
