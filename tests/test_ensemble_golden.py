"""The shipped scenarios give the figures that are kept in results/; `make golden` writes them anew."""

import difflib
from pathlib import Path

import pytest

from corridor.cli.running import Results, run_scenario

ROOT = Path(__file__).parent.parent
SCENARIOS = sorted((ROOT / "scenarios").glob("*.yaml"))


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda path: path.stem)
def test_a_shipped_scenario_finds_what_it_expects_and_what_it_found_before(scenario: Path, tmp_path: Path) -> None:
    outcome = run_scenario(scenario, Results(out=tmp_path / "run", figures=False), settings={})
    assert outcome.passed, outcome.screen()
    kept = ROOT / "results" / scenario.stem / "summary.csv"
    before, now = (path.read_text(encoding="utf-8-sig").splitlines() for path in (kept, tmp_path / "run" / kept.name))
    assert before == now, "\n".join(
        ["make golden, if this is right:", *difflib.unified_diff(before, now, lineterm="", n=0)]
    )
