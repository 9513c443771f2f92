"""How a run is kept in a folder: written aside and put in place whole, and opened again."""

import json
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import xarray as xr

from corridor.case import Case
from corridor.ensemble.csvtable import write_table
from corridor.ensemble.staging import check_writable, failures_told, is_left_over, staged
from corridor.ensemble.summary import summary_table
from corridor.ensemble.tables import TABLES
from corridor.errors import RunError
from corridor.simulation import Trace

__all__ = ["check_folder", "open_run", "save", "staged_figures"]

MANIFEST, DATASET, SUMMARY, FIGURES = "manifest.json", "run.nc", "summary.csv", "figures"
PARTS = {MANIFEST, DATASET, SUMMARY, FIGURES, *(f"{name}.csv" for name in TABLES)}
FIGURE_SUFFIXES = {".png", ".svg", ".csv"}
LITTER = {".DS_Store", "Thumbs.db", "desktop.ini"}
_LIBRARIES = ("numpy", "scipy", "simpy", "xarray", "netCDF4", "matplotlib")


def save(
    run: xr.Dataset,
    case: Case,
    trace: Trace,
    folder: Path,
    *,
    command: str = "",
    finish: Callable[[Path], object] | None = None,
) -> None:
    """Write a run into `folder`: manifest.json, run.nc and the tables; what stood there is replaced only at the end.

    Parameters
    ----------
    run
        The dataset of `corridor.ensemble.assemble`.
    command
        What the user typed, for the manifest.
    finish
        Called with the folder still aside, to add to it (the figures).

    Raises
    ------
    RunError
        If `folder` holds something that is no part of a run, or cannot be written.
    """
    check_folder(folder)
    with staged(folder) as aside:
        run.to_netcdf(aside / DATASET, format="NETCDF4", engine="netcdf4", encoding=_encoding(run))
        write_table(aside / SUMMARY, *summary_table(run, case, trace))
        for name, table in TABLES.items():
            write_table(aside / f"{name}.csv", *table(run, case, trace))
        if finish is not None:
            finish(aside)
        (aside / MANIFEST).write_text(json.dumps(_manifest(run, command), indent=2) + "\n", encoding="utf-8")


def open_run(folder: Path) -> xr.Dataset:
    """Return the dataset of a saved run, in memory.

    Raises
    ------
    RunError
        If there is no run in `folder`, or it cannot be read.
    """
    path = folder / DATASET
    if not path.is_file():
        msg = f"{folder} holds no {DATASET}: expected the folder of a run, as `corridor run` writes it"
        raise RunError(msg)
    try:
        return xr.load_dataset(path, engine="netcdf4", decode_times=False)
    except (OSError, ValueError) as error:
        msg = f"{path} cannot be read ({error}); run the scenario again"
        raise RunError(msg) from error


@contextmanager
def staged_figures(folder: Path) -> Iterator[Path]:
    """Give an empty folder that takes the place of the figures of the run in `folder` if all goes well.

    Raises
    ------
    RunError
        If there is something else among the figures, or they cannot be written.
    """
    figures = folder / FIGURES
    with failures_told(figures):
        _refuse(figures, _no_figures(figures))
    with staged(figures) as aside:
        yield aside


def check_folder(folder: Path) -> None:
    """Make sure that results may be written to `folder`.

    Raises
    ------
    RunError
        If it is a file, holds something that is no part of a run, or cannot be written.
    """
    with failures_told(folder):
        if folder.exists() and not folder.is_dir():
            msg = f"{folder} is a file; expected a folder to write results into"
            raise RunError(msg)
        names = {path.name for path in folder.iterdir()} if folder.exists() else set[str]()
        _refuse(folder, sorted(name for name in names - PARTS if not _is_litter(name)))
        _refuse(folder / FIGURES, _no_figures(folder / FIGURES))
        # A summary alone is the reference of a shipped scenario.
        if names & (PARTS - {SUMMARY}) and MANIFEST not in names:
            msg = f"{folder} holds no whole run (no {MANIFEST} in it) and was left alone; choose another --out"
            raise RunError(msg)
    check_writable(folder)


def _no_figures(figures: Path) -> list[str]:
    """Return the names of what figures do not write, or the name of `figures` itself if it is no folder."""
    if not figures.is_dir():
        return [figures.name] if figures.exists() else []
    return sorted(
        path.name for path in figures.iterdir() if path.suffix not in FIGURE_SUFFIXES and not _is_litter(path.name)
    )


def _refuse(folder: Path, names: Sequence[str]) -> None:
    if names:
        what, them = (names[0], "it") if len(names) == 1 else (f"{names[0]} and {len(names) - 1} more", "them")
        part = "which is no part" if len(names) == 1 else "which are no part"
        msg = f"{folder} holds {what}, {part} of a run; move {them} or choose another --out"
        raise RunError(msg)


def _is_litter(name: str) -> bool:
    """Return whether a file comes of looking at a folder, or of an interrupted run: nobody's work."""
    return name in LITTER or name.startswith(".~lock.") or is_left_over(name)


def _encoding(run: xr.Dataset) -> dict[str, dict[str, Any]]:
    return {
        str(name): {"zlib": True, "complevel": 4}
        for name, values in run.variables.items()
        if values.dtype.kind in "fib"
    }


def _manifest(run: xr.Dataset, command: str) -> dict[str, Any]:
    attributes: Mapping[Any, Any] = run.attrs
    return {
        "scenario": {"name": attributes["name"], "sha256": attributes["scenario_sha256"]},
        "network": {"name": attributes["network"], "sha256": attributes["network_sha256"]},
        "seed": int(attributes["seed"]),
        "replications": 1,
        "command": command,
        "versions": {
            "corridor": attributes["version"],
            "python": platform.python_version(),
            **{library: version(library) for library in _LIBRARIES},
        },
        "written_at": datetime.now().astimezone().isoformat(timespec="seconds"),  # the only clock reading of a run
    }
