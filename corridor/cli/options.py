"""What commands share: their options, and the way they speak."""

import os
import sys
from pathlib import Path

import click

__all__ = [
    "ACTOR",
    "AS_JSON",
    "AT",
    "CSV",
    "FIGURE",
    "GREY",
    "LABELS",
    "SCENARIO",
    "SCENARIO_OR_NETWORK",
    "SIZE",
    "say",
]

SCENARIO = click.argument("scenario", type=click.Path(path_type=Path))
SCENARIO_OR_NETWORK = click.argument("scenario", metavar="SCENARIO|NETWORK", type=click.Path(path_type=Path))
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
LABELS = click.option(
    "--labels", type=click.Choice(["en", "ar"]), default="en", show_default=True, help="Language of the figures."
)
GREY = click.option("--grey", is_flag=True, help="Figures for grey print.")
SIZE = click.option(
    "--size",
    type=click.Choice(["column", "page", "slide"]),
    default="page",
    show_default=True,
    help="Figures for a column (85 mm wide), a page (180 mm) or a slide (16:9).",
)
ACTOR = click.option("--actor", help="Whose roads; the actor of the scenario's maps if left out.")
AT = click.option("--at", "instant", metavar="TIME", help="When: 2024-12-08T02:00+03:00; the start if left out.")
CSV = click.option("--csv", "table", type=click.Path(path_type=Path), help="Write the table into this .csv file too.")
FIGURE = click.option(
    "--figure",
    type=click.Path(path_type=Path),
    help="Draw it into this .png or .svg file too, its numbers as CSV beside.",
)


def say(text: object) -> None:
    """Print to standard output; that its reader has enough and is gone is no error."""
    try:
        click.echo(text)
    except BrokenPipeError:
        # Nor at the interpreter's end, when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
