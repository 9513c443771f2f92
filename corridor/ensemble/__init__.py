"""A run of a scenario: its dataset, its tables, and the folder they are kept in (the only user of xarray)."""

from corridor.ensemble.dataset import Run, assemble
from corridor.ensemble.findings import (
    Cut,
    PocketChange,
    PocketSize,
    great_split,
    is_uncertain,
    pocket_changes,
    territory_cuts,
)
from corridor.ensemble.replicate import run
from corridor.ensemble.store import check_folder, open_run, save, staged_figures

__all__ = [
    "Cut",
    "PocketChange",
    "PocketSize",
    "Run",
    "assemble",
    "check_folder",
    "great_split",
    "is_uncertain",
    "open_run",
    "pocket_changes",
    "run",
    "save",
    "staged_figures",
    "territory_cuts",
]
