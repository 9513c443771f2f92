"""The commands that look at a network without a run: what is connected, what cuts it, what matters, what to reopen."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from corridor.cli.options import ACTOR, AS_JSON, AT, CSV, FIGURE, GREY, LABELS, SCENARIO_OR_NETWORK, SIZE, say

__all__ = ["ANALYSES"]


@click.command()
@SCENARIO_OR_NETWORK
@AT
@ACTOR
@click.option("--within", default="1,2,3,6,12", show_default=True, help="Hours of the isochrones, parted by commas.")
@click.option(
    "--from", "origins", metavar="PLACES", help="Isochrones from these places or areas as well: tartus,latakia."
)
@click.option("--commodity", help="Of the figure; the one that most people lack if left out.")
@click.option("--survival", type=click.Path(path_type=Path), help="Draw survival curves into this .png or .svg file.")
@CSV
@FIGURE
@LABELS
@GREY
@SIZE
@AS_JSON
def connectivity(scenario: Path, **wanted: Any) -> None:  # noqa: ANN401 (the options, checked by click)
    """Print how whole a territory is at an instant: pockets, ways between anchors, people within reach of sources."""
    from corridor.cli.connectivity import Asked, connectivity_json, connectivity_lines, look

    _tell(look(scenario, Asked(**_without(wanted))), (connectivity_lines, connectivity_json), wanted)


@click.command()
@SCENARIO_OR_NETWORK
@AT
@ACTOR
@click.option(
    "--top", default=20, show_default=True, type=click.IntRange(min=1), help="How many to print; JSON and CSV hold all."
)
@click.option("--nodes", is_flag=True, help="Of nodes instead of roads.")
@click.option("--pairs", is_flag=True, help="Of pairs of roads that go together.")
@CSV
@FIGURE
@LABELS
@GREY
@SIZE
@AS_JSON
def criticality(scenario: Path, **wanted: Any) -> None:  # noqa: ANN401 (the options, checked by click)
    """Print what is lost when a road or node alone is lost: hours, connected demand, people cut off."""
    from corridor.cli.criticality import Asked, criticality_json, criticality_lines, weigh

    _tell(weigh(scenario, Asked(**_without(wanted))), (criticality_lines, criticality_json), wanted)


@click.command()
@SCENARIO_OR_NETWORK
@click.option("--from", "origins", required=True, metavar="PLACES", help="Ids of places or areas: tartus,latakia.")
@click.option("--to", "destinations", required=True, metavar="PLACES", help="The same for the other side.")
@click.option("--at", "instant", metavar="TIME", help="When; each span of time with another cut if left out.")
@ACTOR
@click.option("--count", is_flag=True, help="The fewest roads, not the least room for vehicles.")
@CSV
@FIGURE
@LABELS
@GREY
@SIZE
@AS_JSON
def cut(scenario: Path, **wanted: Any) -> None:  # noqa: ANN401 (the options, checked by click)
    """Print for how many vehicles a day there is room from places to places, by road class, and the roads that bind."""
    from corridor.cli.cut import Asked, cut_json, cut_lines, sever

    _tell(sever(scenario, Asked(**_without(wanted))), (cut_lines, cut_json), wanted)


@click.command()
@SCENARIO_OR_NETWORK
@click.option("-k", "count", default=3, show_default=True, type=click.IntRange(1, 50), help="How many roads.")
@AT
@ACTOR
@click.option("--keep", is_flag=True, help="Open roads to keep, instead of closed ones to reopen.")
@click.option("--fronts", is_flag=True, help="Count roads cut by a front as closed ones: crossings to agree on.")
@click.option("--to", "roots", metavar="PLACES", help="Reached from where; the largest pocket if left out.")
@click.option("--commodity", help="Person-days within reach of its sources, instead of people reached at once.")
@click.option("--crews", default=1, show_default=True, type=click.IntRange(1, 50), help="How many repair at a time.")
@click.option("--days", default=7.0, show_default=True, type=click.FloatRange(min=0), help="Days to repair a road.")
@click.option("--repairs", type=click.Path(path_type=Path), help="CSV of link,days for roads that take another time.")
@CSV
@FIGURE
@LABELS
@GREY
@SIZE
@AS_JSON
def reopen(scenario: Path, **wanted: Any) -> None:  # noqa: ANN401 (the options, checked by click)
    """Print which closed roads to reopen first, and in which order, for the people whom that reconnects."""
    from corridor.cli.reopen import Asked, choose, reopen_json, reopen_lines

    _tell(choose(scenario, Asked(**_without(wanted))), (reopen_lines, reopen_json), wanted)


ANALYSES: tuple[click.Command, ...] = (connectivity, criticality, cut, reopen)


def _without(wanted: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in wanted.items() if name != "as_json"}


def _tell(
    found: Any,  # noqa: ANN401 (what a command found goes to its own two functions)
    told: tuple[Callable[[Any], Iterable[str]], Callable[[Any], object]],
    wanted: dict[str, Any],
) -> None:
    lines, as_json = told
    text = json.dumps(as_json(found), indent=2, ensure_ascii=False) if wanted["as_json"] else "\n".join(lines(found))
    say(text)
