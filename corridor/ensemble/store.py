"""How a run is kept in a folder: written aside and put in place whole, and opened again."""

import errno
import json
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import xarray as xr

from corridor.case import Case
from corridor.ensemble.csvtable import write_table
from corridor.ensemble.summary import summary_table
from corridor.ensemble.tables import TABLES
from corridor.errors import RunError
from corridor.simulation import Trace

__all__ = ["check_folder", "open_run", "save", "staged"]

MANIFEST, DATASET, SUMMARY = "manifest.json", "run.nc", "summary.csv"
FULL_OR_SHUT = {errno.EACCES, errno.EDQUOT, errno.EEXIST, errno.ENOSPC, errno.EPERM, errno.EROFS, errno.ENOTDIR}
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
        If `folder` holds something that is not a run.
    """
    with staged(folder, marker=MANIFEST) as aside:
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
def staged(folder: Path, *, marker: str = "") -> Iterator[Path]:
    """Give an empty folder beside `folder` to write into, and put it in place of `folder` if all went well.

    A reader finds the former content whole until the new one is whole; what an interrupted attempt left is removed.

    Raises
    ------
    RunError
        If `folder` is a file, or holds something but not the file `marker`: it is not ours to replace.
    """
    parent, name = folder.absolute().parent, folder.absolute().name
    check_folder(folder, marker=marker)
    try:
        parent.mkdir(parents=True, exist_ok=True)
        with _swapped(parent / name, parent / f".{name}.former", marks=(f".{name}.", ".aside")) as aside:
            yield aside
    except OSError as error:
        if error.errno not in FULL_OR_SHUT:
            raise
        msg = f"{folder} cannot be written ({error.strerror}); what stood there is as it was"
        raise RunError(msg) from error


@contextmanager
def _swapped(folder: Path, former: Path, *, marks: tuple[str, str]) -> Iterator[Path]:
    """Give an empty folder, named between two `marks`, that takes the place of `folder` if all goes well."""
    if former.exists() and not folder.exists():  # interrupted between the two renames below
        former.rename(folder)
    for left_over in [former, *folder.parent.glob("*".join(marks))]:
        shutil.rmtree(left_over, ignore_errors=True)
    aside = Path(tempfile.mkdtemp(prefix=marks[0], suffix=marks[1], dir=folder.parent))
    try:
        yield aside
        aside.chmod(0o755)
        if folder.exists():
            folder.rename(former)
        aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
        if folder.exists():
            shutil.rmtree(former, ignore_errors=True)


def check_folder(folder: Path, *, marker: str = MANIFEST) -> None:
    """Make sure that results may be written to `folder`.

    Raises
    ------
    RunError
        If it is a file, or holds something but not the file `marker`: it is not ours to replace.
    """
    if folder.is_file():
        msg = f"{folder} is a file; expected a folder to write results into"
        raise RunError(msg)
    # A summary alone is the reference of a shipped scenario.
    if (
        marker
        and folder.is_dir()
        and {path.name for path in folder.iterdir()} - {SUMMARY}
        and not (folder / marker).exists()
    ):
        msg = f"{folder} holds something that is no run (no {marker} in it) and was left alone; choose another --out"
        raise RunError(msg)


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
