"""A scenario run from its file to its folder of results, with what its end says."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from corridor.claims import check, window_dependence
from corridor.cli.loading import load
from corridor.cli.screen import Told, closing_screen
from corridor.ensemble import Run, check_folder, open_run, save, staged_figures
from corridor.ensemble import run as simulate

__all__ = ["Drawn", "Outcome", "Results", "redraw", "run_scenario"]

Progress = Callable[[str, float], None]
"""What is being done, and the share of it that is done, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """How figures are drawn: the language of their labels, whether for grey print, and for which page."""

    labels: Literal["en", "ar"] = "en"
    grey: bool = False
    size: Literal["column", "page", "slide"] = "page"


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
    with _progress() as progress:
        progress("reading", 0.0)
        loaded = load(path, settings=settings)
        case = loaded.case
        folder = results.out or Path("results") / case.scenario.name
        check_folder(folder)
        provenance = {"scenario_sha256": loaded.scenario_sha256, "network_sha256": loaded.network_sha256}
        dataset, trace = simulate(
            case,
            seed=case.scenario.draw.seed,
            provenance=provenance,
            progress=lambda share: progress("simulating", share),
        )
        findings, dependences = check(case, trace), window_dependence(case)
        progress("writing", 0.0)

        def finish(aside: Path) -> None:
            if results.figures:
                _draw(dataset, aside / "figures", results.drawn, progress)

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
    with _progress() as progress, staged_figures(folder) as aside:
        _draw(dataset, aside, drawn, progress)
    return folder / "figures"


def _draw(dataset: Run, folder: Path, drawn: Drawn, progress: Progress) -> None:
    from corridor.figures import FIGURES, draw

    for done, name in enumerate(FIGURES):
        progress("drawing", done / len(FIGURES))
        draw(dataset, folder, names=[name], language=drawn.labels, grey=drawn.grey, size=drawn.size)


def _command() -> str:
    return " ".join(["corridor", *sys.argv[1:]])


@contextmanager
def _progress() -> Iterator[Progress]:
    """Show what is being done on standard error where that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _what, _share: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<12}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda what, share: bar.update(task, description=what, completed=share)
