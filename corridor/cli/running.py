"""A scenario run from its file to its folder of results, with what its end says."""

import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from corridor.claims import check, window_dependence
from corridor.cli.asked import Drawn
from corridor.cli.loading import load
from corridor.cli.progress import Progress, progress
from corridor.cli.screen import Told, closing_screen
from corridor.ensemble import Run, check_folder, open_run, save, staged_figures
from corridor.ensemble import run as simulate

__all__ = ["Outcome", "Results", "redraw", "run_scenario"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Where the results go (None: ``results/NAME``), and how the figures are drawn, if they are."""

    out: Path | None = None
    figures: bool = True
    drawn: Drawn = field(default_factory=Drawn)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A run that is saved: its folder, and what it found."""

    folder: Path
    told: Told

    @property
    def passed(self) -> bool:
        """Whether all that was expected was found."""
        return all(finding.passed for finding in self.told.findings)

    def screen(self) -> str:
        """Return the closing screen."""
        return closing_screen(self.told, self.folder)

    def as_json(self) -> dict[str, Any]:
        """Return the outcome as a program wants it; the numbers are in the tables of the folder."""
        return {
            "scenario": self.told.case.scenario.name,
            "seed": int(self.told.run.attrs["seed"]),
            "folder": str(self.folder),
            "passed": self.passed,
            "expectations": [asdict(finding) for finding in self.told.findings],
            "window_dependence": [
                {
                    "expectation": dependence.expectation,
                    "event": dependence.event,
                    "at": self.told.case.instant(dependence.hour).isoformat(timespec="minutes"),
                    "found": dependence.found,
                }
                for dependence in self.told.dependences
            ],
        }


def run_scenario(path: Path, results: Results, *, settings: Mapping[str, str]) -> Outcome:
    """Run a scenario and write its results.

    Raises
    ------
    CorridorError
        If the scenario is faulty or the folder is not ours to write.
    """
    with progress() as tell:
        tell("reading", 0.0)
        loaded = load(path, settings=settings)
        case = loaded.case
        folder = results.out or Path("results") / case.scenario.name
        check_folder(folder)
        provenance = {"scenario_sha256": loaded.scenario_sha256, "network_sha256": loaded.network_sha256}
        dataset, trace = simulate(
            case,
            seed=case.scenario.draw.seed,
            provenance=provenance,
            progress=lambda share: tell("simulating", share),
        )
        findings, dependences = check(case, trace), window_dependence(case)
        tell("writing", 0.0)

        def finish(aside: Path) -> None:
            if results.figures:
                _draw(dataset, aside / "figures", results.drawn, tell)

        save(dataset, case, trace, folder, command=_command(), finish=finish)
    told = Told(run=dataset, case=case, trace=trace, findings=findings, dependences=dependences)
    return Outcome(folder=folder, told=told)


def redraw(folder: Path, drawn: Drawn) -> Path:
    """Draw the figures of a saved run anew and return their folder.

    Raises
    ------
    RunError
        If there is no run in `folder`, or its figures cannot be replaced.
    """
    dataset = open_run(folder)
    with progress() as tell, staged_figures(folder) as aside:
        _draw(dataset, aside, drawn, tell)
    return folder / "figures"


def _draw(dataset: Run, folder: Path, drawn: Drawn, tell: Progress) -> None:
    from corridor.figures import FIGURES, draw

    for done, name in enumerate(FIGURES):
        tell("drawing", done / len(FIGURES))
        draw(dataset, folder, names=[name], language=drawn.labels, grey=drawn.grey, size=drawn.size)


def _command() -> str:
    return " ".join(["corridor", *sys.argv[1:]])
