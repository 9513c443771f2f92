"""The commands as a user types them; what they do is imported only when they run."""

import json
from pathlib import Path
from typing import Any, Literal

import click

from corridor import __version__
from corridor.cli.analysis import ANALYSES
from corridor.cli.options import AS_JSON, GREY, LABELS, SCENARIO, SIZE, say

__all__ = ["EXPECTATION_FAILED", "commands"]

EXPECTATION_FAILED = 1


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="corridor %(version)s")
def commands() -> None:
    """Show what happens to supplies when control of a network changes hands."""


@commands.command()
@SCENARIO
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the results; results/NAME if left out.")
@click.option("--seed", type=click.IntRange(min=0), help="Seed of the luck, instead of the scenario's.")
@click.option("--no-figures", is_flag=True, help="Write the tables only.")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="KEY=VALUE",
    help="Change a scalar field, such as supply.trip_time_factor=2.",
)
@LABELS
@GREY
@SIZE
@AS_JSON
@click.pass_context
def run(
    context: click.Context,
    /,
    *,
    scenario: Path,
    as_json: bool,
    settings: tuple[str, ...],
    seed: int | None,
    **wanted: Any,  # noqa: ANN401 (the options of the results, checked by click)
) -> None:
    """Run a scenario and write its tables and figures; exit 1 if something expected was not found."""
    from corridor.cli.asked import Drawn
    from corridor.cli.loading import settings_of
    from corridor.cli.running import Results, run_scenario

    drawn = Drawn(labels=wanted["labels"], grey=wanted["grey"], size=wanted["size"])
    results = Results(figures=not wanted["no_figures"], out=wanted["out"], drawn=drawn)
    outcome = run_scenario(scenario, results, settings=settings_of(settings, seed))
    say(json.dumps(outcome.as_json(), indent=2, ensure_ascii=False) if as_json else outcome.screen())
    context.exit(0 if outcome.passed else EXPECTATION_FAILED)


@commands.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Report every fault of scenario files as FILE:LINE:COLUMN: what is wrong."""
    from corridor.cli.loading import check_scenarios

    check_scenarios(files)
    say(f"{len(files)} {'file' if len(files) == 1 else 'files'} without faults")


@commands.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    from corridor.scenario import schema_text

    say(schema_text().rstrip("\n"))


@commands.command()
@click.argument("name")
def new(name: str) -> None:
    """Write a commented starter scenario NAME.yaml."""
    from corridor.cli.loading import write_starter

    path = write_starter(name)
    say(f"{path} written; next: corridor check {path}")


@commands.command()
@SCENARIO
@click.option("--at", "instant", required=True, metavar="TIME", help="When, such as 2024-12-08T02:00+03:00.")
@click.option("--actor", help="Whose pockets; everybody's if left out.")
@AS_JSON
def partition(*, scenario: Path, instant: str, actor: str | None, as_json: bool) -> None:
    """Print the pockets that territories are in at an instant."""
    from corridor.cli.pockets import partition_lines, partition_rows

    rows = partition_rows(scenario, instant, actor)
    say(json.dumps(rows, indent=2, ensure_ascii=False) if as_json else "\n".join(partition_lines(rows)))


@commands.group()
def network() -> None:
    """Look into a network, or check one."""


@network.command()
@click.argument("name_or_folder")
def info(name_or_folder: str) -> None:
    """Print what is in a network."""
    from corridor.cli.pockets import described
    from corridor.network import describe
    from corridor.sources import read_network

    say("\n".join(described(describe(read_network(name_or_folder)))))


@network.command(name="check")
@click.argument("name_or_folder")
def check_network(name_or_folder: str) -> None:
    """Check the invariants of a network's tables, reporting every fault."""
    from corridor.sources import read_network

    found = read_network(name_or_folder)
    say(f"{found.name}: {found.node_count} nodes and {found.link_count} links without faults")


@commands.command()
@click.argument("run_folder", type=click.Path(path_type=Path))
@LABELS
@GREY
@SIZE
def figures(
    *, run_folder: Path, labels: Literal["en", "ar"], grey: bool, size: Literal["column", "page", "slide"]
) -> None:
    """Draw the figures of a saved run anew."""
    from corridor.cli.asked import Drawn
    from corridor.cli.running import redraw

    say(redraw(run_folder, Drawn(labels=labels, grey=grey, size=size)))


@commands.command()
@click.argument("run_folder", type=click.Path(path_type=Path))
@click.option("--commodity", help="Of one commodity, such as diesel; of all if left out.")
@click.option("--figure", type=click.Path(path_type=Path), help="Draw the flows into this .png or .svg file as well.")
@LABELS
@GREY
@SIZE
@AS_JSON
def ledger(*, run_folder: Path, commodity: str | None, figure: Path | None, as_json: bool, **wanted: Any) -> None:  # noqa: ANN401 (the options of the figure, checked by click)
    """Print what moved between the accounts of a saved run, and how exactly it balances."""
    from corridor.cli.asked import Drawn
    from corridor.cli.books import draw_ledger, ledger_json, ledger_lines, read_books

    found = read_books(run_folder, commodity)
    if figure is not None:
        draw_ledger(run_folder, figure, Drawn(**wanted), commodity=commodity)
    say(json.dumps(ledger_json(found), indent=2, ensure_ascii=False) if as_json else "\n".join(ledger_lines(found)))


@commands.command()
@click.argument("run_folder", type=click.Path(path_type=Path))
@click.option("--place", required=True, help="Id of a place, or of an area for all its places together.")
@click.option("--commodity", required=True, help="Such as diesel.")
@click.option("--from", "since", metavar="TIME", help="From when on, such as 2024-12-05T00:00+03:00.")
@click.option("--until", metavar="TIME", help="Until when.")
@click.option("--all", "everything", is_flag=True, help="Every change, not one screen of the weightiest.")
@AS_JSON
def explain(
    *, run_folder: Path, place: str, commodity: str, since: str | None, until: str | None, **shown: bool
) -> None:
    """List what changed a place's days of supply in a saved run, with accounts that add up."""
    from corridor.cli.explaining import explained, explanation_lines, explanation_rows

    found = explained(run_folder, (place, commodity, since, until))
    if shown["as_json"]:
        say(json.dumps(explanation_rows(found), indent=2, ensure_ascii=False))
    else:
        say("\n".join(explanation_lines(found, everything=shown["everything"])))


@commands.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
    "--scenarios",
    type=click.Path(path_type=Path),
    default=Path("scenarios"),
    show_default=True,
    help="Folder of the scenarios that the claims name.",
)
@AS_JSON
def claims(file: Path | None, *, scenarios: Path, as_json: bool) -> None:
    """Hold claims (the press on Homs, December 2024, if no FILE is named) against the model."""
    from corridor.cli.claims import SHIPPED, claims_json, claims_lines, held

    found = held(file or SHIPPED, scenarios)
    say(json.dumps(claims_json(found), indent=2, ensure_ascii=False) if as_json else "\n".join(claims_lines(found)))


for _analysis in ANALYSES:
    commands.add_command(_analysis)
