"""Figures drawn from a saved run alone, each as PNG and SVG with the numbers drawn beside it."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from corridor.figures.accounts import booked
from corridor.figures.areas import plot_area_supply, supply_areas
from corridor.figures.connectivity import plot_connectivity
from corridor.figures.criticality_map import plot_criticality
from corridor.figures.curves import plot_supply_curves
from corridor.figures.cut_map import plot_cut
from corridor.figures.heat import demanded, plot_days_of_supply
from corridor.figures.isochrones import plot_isochrones
from corridor.figures.ledger import plot_ledger
from corridor.figures.network_map import plot_network
from corridor.figures.pairs_map import plot_pairs
from corridor.figures.reading import Reading
from corridor.figures.reopen_map import plot_keeping, plot_reopening
from corridor.figures.sheet import Sheet
from corridor.figures.style import Language, Size, Style
from corridor.figures.survival import followed, plot_survival
from corridor.figures.territory import plot_territory

if TYPE_CHECKING:
    import xarray as xr

__all__ = [
    "FIGURES",
    "Sheet",
    "Style",
    "draw",
    "plot_area_supply",
    "plot_connectivity",
    "plot_criticality",
    "plot_cut",
    "plot_days_of_supply",
    "plot_isochrones",
    "plot_keeping",
    "plot_ledger",
    "plot_network",
    "plot_pairs",
    "plot_reopening",
    "plot_supply_curves",
    "plot_survival",
    "plot_territory",
]

FIGURES: "dict[str, Callable[[xr.Dataset, Style], list[Sheet]]]" = {
    "territory": lambda run, style: [plot_territory(run, style=style)],
    "connectivity": lambda run, style: [plot_connectivity(run, style=style)],
    "survival": lambda run, style: [plot_survival(run, style=style)] if followed(Reading(run, style)) else [],
    "area_supply": lambda run, style: [plot_area_supply(run, style=style)] if supply_areas(Reading(run, style)) else [],
    "days_of_supply": lambda run, style: [
        plot_days_of_supply(run, commodity=commodity, style=style) for commodity in demanded(run, style)
    ],
    "supply_curves": lambda run, style: [plot_supply_curves(run, style=style)],
    "ledger": lambda run, style: [
        plot_ledger(run, commodity=commodity, style=style) for commodity in booked(Reading(run, style))
    ],
    "network": lambda run, style: [plot_network(run, style=style)],
}
"""What can be drawn: a new figure is one function and one line here."""


def draw(
    run: "xr.Dataset",
    folder: Path,
    *,
    names: Iterable[str] | None = None,
    language: Language = "en",
    grey: bool = False,
    size: Size = "page",
) -> list[Path]:
    """Draw the figures of these names (all if None) into a folder, and return what was written.

    Parameters
    ----------
    run
        The run.
    folder
        Where the files go; it is made if it is not there.
    names
        Keys of `FIGURES`.
    language
        ``en`` or ``ar``.
    grey
        Whether the figures are to be printed without colour.
    size
        ``column`` (85 mm wide), ``page`` (180 mm) or ``slide`` (16:9).
    """
    style = Style(language=language, grey=grey, size=size)
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for name in FIGURES if names is None else names:
        for sheet in FIGURES[name](run, style):
            written += sheet.write(folder)
    return written
