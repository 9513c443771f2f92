"""A run of a scenario: its dataset, its tables, and the folder they are kept in (the only user of xarray)."""

from corridor.ensemble.books import Account, Book, Move, books
from corridor.ensemble.dataset import Run, assemble, survey
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
from corridor.ensemble.supplies import AreaDays, area_days, power_served, ran_out

__all__ = [
    "Account",
    "AreaDays",
    "Book",
    "Cut",
    "Move",
    "PocketChange",
    "PocketSize",
    "Run",
    "area_days",
    "assemble",
    "books",
    "check_folder",
    "great_split",
    "is_uncertain",
    "open_run",
    "pocket_changes",
    "power_served",
    "ran_out",
    "run",
    "save",
    "staged_figures",
    "survey",
    "territory_cuts",
]
