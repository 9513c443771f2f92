"""Every branch of a convoy's decision, by a case small enough to draw."""

import re
from pathlib import Path

import pytest

from tests.verification.decisions import BRANCHES, Branch, branch_row, play_branch
from tests.verification.page import page_rows

TESTS = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_simulation*.py"))


@pytest.mark.parametrize("branch", BRANCHES, ids=lambda branch: f"{branch.doing}, {branch.event}")
def test_a_convoy_does_what_is_drawn(branch: Branch) -> None:
    told, home, lost, seen = play_branch(branch)
    assert told == [branch.told]
    assert branch.home is None or branch.home == home
    assert lost == (2 if branch.home == {} else 0)
    assert seen or branch.told.outcome == "refused"


@pytest.mark.parametrize("name", sorted({branch.test for branch in BRANCHES} - {""}))
def test_the_tests_that_the_drawings_name_exist(name: str) -> None:
    assert re.search(rf"^def {name}\(", TESTS, flags=re.MULTILINE)


def test_the_page_tells_of_every_branch() -> None:
    assert page_rows("decisions") == [branch_row(number, branch) for number, branch in enumerate(BRANCHES, 1)]


def test_every_outcome_of_a_shipment_is_drawn() -> None:
    outcomes = {branch.told.outcome for branch in BRANCHES}
    assert outcomes == {"delivered", "partly unloaded", "diverted", "turned back", "captured", "refused"}
