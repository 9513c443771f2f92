"""What the loss of roads or nodes costs an actor, as lines for a reader, as JSON and CSV for a program, as a map."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from corridor.case import Case
from corridor.cli.asked import Faults, Files, actor_of, case_of, hour_of
from corridor.cli.printed import called, counted, stamped, table, whose, write_csv, write_figure, wrote
from corridor.cli.progress import progress
from corridor.criticality import Criticality, PairCriticality, criticality, pair_criticality
from corridor.network import Floats

__all__ = ["Asked", "Weighed", "criticality_json", "criticality_lines", "weigh"]

URBAN = "urban"
"""The class of the roads of a city, of which a network may have one for all."""
DETOURS_SHOWN = 3
MOST_MINUTES = 2.0
"""Hours from which on hours are no longer told as minutes."""
LOSSES = ("cost_hours", "cut_share", "isolated_persons")
ROAD_HEADER = (
    "rank", "id", "name", "road_number", "road_class", "tail", "head",
    *LOSSES, "way_round_hours", "used_share",
)  # fmt: skip
NODE_HEADER = ("rank", "id", "name", "kind", "holder", *LOSSES, "used_share")
PAIR_HEADER = ("rank", "id", "id_2", *LOSSES, *(f"more_{name}" for name in LOSSES))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Files):
    """What the command is asked for, as its options say it."""

    instant: str | None = None
    actor: str | None = None
    top: int = 20
    nodes: bool = False
    pairs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What was found of a case at an `hour` since its start, how much of it to print, and the files written.

    `pairs` is there if pairs were asked for; `found` is then what each road of them loses alone.
    """

    case: Case
    hour: float
    top: int
    found: Criticality
    pairs: PairCriticality | None
    written: tuple[Path, ...]

    @property
    def actor(self) -> str:
        """Return the id of whose ways they are."""
        return self.case.actors[self.found.actor]


def weigh(name: Path, asked: Asked) -> Weighed:
    """Return what the loss of each road or node of a scenario or network costs, and write the files asked for.

    Raises
    ------
    CorridorError
        If the scenario, the network or an option is wrong, with every fault, or a file cannot be written.
    """
    case = case_of(name)
    hour, actor = _understood(case, asked)
    epoch = case.epoch_at(hour)
    pairs = None
    if asked.pairs:
        with progress() as tell:
            pairs = pair_criticality(case, epoch, actor, top=None, progress=lambda share: tell("pairing", share))
    found = criticality(case, epoch, actor, nodes=asked.nodes) if pairs is None else pairs.alone
    written = []
    if asked.figure is not None:
        written = _drawn(case, asked, asked.figure, hour, pairs or found)
    if asked.table is not None:
        header, rows = _table(case, found, pairs)
        write_csv(asked.table, header, rows, stamped(case, case.actors[actor], hour))
        written = [asked.table, *written]
    return Weighed(case=case, hour=hour, top=asked.top, found=found, pairs=pairs, written=tuple(written))


def criticality_lines(weighed: Weighed) -> Iterator[str]:
    """Give what was found in one screen."""
    case, found = weighed.case, weighed.found
    yield whose(case, found.actor, weighed.hour)
    yield from _whole_lines(found)
    if weighed.pairs is not None:
        yield from _pair_lines(case, weighed.pairs, weighed.top)
    elif found.ids.size:
        yield from _single_lines(case, found, weighed.top)
    yield from wrote(weighed.written)


def criticality_json(weighed: Weighed) -> dict[str, Any]:
    """Return all that was found; numbers that there are not (no way round) are null."""
    case, found, pairs = weighed.case, weighed.found, weighed.pairs
    more: dict[str, Any] = {}
    if pairs is not None:
        listed = _records(*_table(case, found, pairs))
        more = {"all_pairs": pairs.pairs, "joint_pairs": pairs.joint, "pairs": listed}
    return {
        **stamped(case, weighed.actor, weighed.hour),
        "places": found.places,
        "persons": round(found.persons),
        "mean_hours": found.mean_hours,
        "joined_share": found.joined_share,
        "never_share": found.never_share,
        "nodes" if found.nodes else "roads": _records(*_table(case, found, None)),
        **more,
        "written": [str(path) for path in weighed.written],
    }


def _understood(case: Case, asked: Asked) -> tuple[float, int]:
    """Return the hour and the actor that are asked for.

    Raises
    ------
    ScenarioError
        With all that is wrong.
    """
    faults = Faults()
    actor = faults.answer(lambda: actor_of(case, asked.actor)) or 0
    hour = faults.answer(lambda: hour_of(case, asked.instant)) or 0.0
    if asked.pairs and asked.nodes:
        faults.note(["--pairs is about roads, --nodes about nodes; expected one of them"])
    faults.note(asked.faults())
    faults.check()
    return hour, actor


def _drawn(case: Case, asked: Asked, file: Path, hour: float, found: Criticality | PairCriticality) -> list[Path]:
    """Draw the map, and return the files written."""
    from corridor.ensemble import survey
    from corridor.figures import plot_criticality, plot_pairs

    run, style = survey(case), asked.style()
    if isinstance(found, PairCriticality):
        return write_figure(plot_pairs(run, found, hour=hour, style=style), file)
    return write_figure(plot_criticality(run, found, hour=hour, style=style), file)


def _whole_lines(found: Criticality) -> Iterator[str]:
    """Give what the numbers are of."""
    yield f"  {found.persons:,.0f} people in {counted(found.places, 'place')}"
    if found.places <= 1:
        yield "  with people in fewer than two places there are no trips: nothing depends on any road"
        return
    yield (
        f"  demand is the product of the people at both ends; a trip takes {found.mean_hours:.1f} free-flow lorry hours"
    )
    if found.never_share > 0:
        yield f"  {_percent(found.never_share)} % of the demand has no way to begin with and is not counted as lost"


def _single_lines(case: Case, found: Criticality, top: int) -> Iterator[str]:
    what = "node" if found.nodes else "road"
    unit = _unit(found.cost_hours[:top])
    lost = ("demand cut %", "people cut off", f"{unit} added a trip")
    names = ("node", "name") if found.nodes else ("road", "name", "between")
    more = ("used %",) if found.nodes else ("way round h", "used %")
    count = found.ids.size
    yield f"the loss of one {what}: {f'first {top} of ' if top < count else ''}{counted(count, what)}"
    rows = [
        (
            str(rank + 1),
            *_named(case, found, rank),
            _percent(found.cut_share[rank]),
            f"{found.isolated_persons[rank]:,.0f}",
            _time(found.cost_hours[rank], unit),
            *(() if found.nodes else (_hours(found.way_round_hours[rank]),)),
            _percent(found.used_share[rank]),
        )
        for rank in range(min(top, count))
    ]
    yield from table(("#", *names, *lost, *more), rows, texts=1 + len(names))
    free = int((found.used_share == 0).sum())
    if free:
        yield f"  {free:,} of {counted(count, what)} carry no demand: the loss of one of them costs exactly nothing, 0"
    yield "  ordered by demand cut, then people cut off, then time added a trip; <0.1 is little, 0 is nothing"
    yield from _hidden_lines(case, found, top)


def _hidden_lines(case: Case, found: Criticality, top: int) -> Iterator[str]:
    """Give what the order hides: that one road may stand for many streets, and what lengthens trips most."""
    if not found.nodes and (case.network.road_class[found.position[:top]] == URBAN).any():
        yield "  where a city hangs on its interchange by one link, that link stands for every street between them"
    longest = np.argsort(-found.cost_hours, kind="stable")[:DETOURS_SHOWN].tolist()
    unseen = [rank for rank in longest if rank >= top and found.cost_hours[rank] > 0]
    unit = _unit(found.cost_hours[unseen])
    told = []
    for rank in unseen:
        name = str(found.ids[rank]) if found.nodes else _road(case, int(found.position[rank]))
        told.append(f"{name} +{_time(found.cost_hours[rank], unit)}")
    if told:
        yield f"  longest detours, {unit} added a trip: {', '.join(told)}"


def _pair_lines(case: Case, pairs: PairCriticality, top: int) -> Iterator[str]:
    joint = counted(pairs.joint, "pair")
    yield f"the loss of two roads: {joint} of {pairs.pairs:,} cost more together than both alone"
    if not pairs.joint:
        return
    some = slice(0, top)
    unit = _unit(pairs.cost_hours[some])
    rows = [
        (
            str(rank + 1),
            *(_road(case, position) for position in pairs.position[rank].tolist()),
            _percent(pairs.cut_share[rank]),
            _more(pairs.more_cut_share[rank], _percent),
            f"{pairs.isolated_persons[rank]:,.0f}",
            _more(pairs.more_isolated_persons[rank], lambda persons: f"{persons:,.0f}"),
            _time(pairs.cost_hours[rank], unit),
            _more(pairs.more_cost_hours[rank], lambda hours: _time(hours, unit)),
        )
        for rank in range(min(top, pairs.joint))
    ]
    header = ("#", "road", "and road", "demand cut %", "more", "people cut off", "more", f"{unit} a trip", "more")
    yield from table(header, rows, texts=3)
    yield "  more: than the sum of both alone; what is cut is no longer late, so that hours can be fewer"
    yield "  every other pair costs the sum of both alone, or less where both lie on one way"


def _named(case: Case, found: Criticality, rank: int) -> tuple[str, ...]:
    """Return what a road or node is called: id and name, and of a road the places between which it is."""
    network, at = case.network, int(found.position[rank])
    if found.nodes:
        return str(found.ids[rank]), str(network.node_name[at])
    ends = (str(network.node_name[end]) for end in (network.tail[at], network.head[at]))
    return str(found.ids[rank]), called(str(network.road_number[at]), str(network.link_name[at])), " – ".join(ends)


def _road(case: Case, link: int) -> str:
    number = str(case.network.road_number[link])
    return f"{case.network.link_id[link]}{f' ({number})' if number else ''}"


def _percent(share: float) -> str:
    return "0" if share == 0 else f"{100 * share:.1f}" if share >= 5e-4 else "<0.1"  # noqa: PLR2004 (rounds to 0.1)


def _unit(hours: Floats) -> str:
    return "hours" if hours.max(initial=0.0) >= MOST_MINUTES else "minutes"


def _time(hours: float, unit: str) -> str:
    value = hours * (60 if unit == "minutes" else 1)
    return "0" if value == 0 else f"{value:.1f}" if value >= 0.05 else "<0.1"  # noqa: PLR2004 (rounds to 0.1)


def _hours(hours: float) -> str:
    return "none" if math.isinf(hours) else f"{hours:.1f}"


def _more(value: float, written: Callable[[float], str]) -> str:
    """Return by how much something is more or less."""
    told = written(abs(value))
    return told if told in {"0", "<0.1"} else f"{'-' if value < 0 else '+'}{told}"


def _table(
    case: Case, found: Criticality, pairs: PairCriticality | None
) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    """Return every number found: a header and a row for each road, node or pair; what there is not is empty."""
    if pairs is not None:
        return PAIR_HEADER, _pair_rows(pairs)
    return (NODE_HEADER, _node_rows(case, found)) if found.nodes else (ROAD_HEADER, _road_rows(case, found))


def _records(header: tuple[str, ...], rows: list[tuple[object, ...]]) -> list[dict[str, object]]:
    """Return rows as JSON has them, null for hours that there are not."""
    return [
        {key: None if key == "way_round_hours" and cell == "" else cell for key, cell in zip(header, row, strict=True)}
        for row in rows
    ]


def _road_rows(case: Case, found: Criticality) -> list[tuple[object, ...]]:
    network, at = case.network, found.position
    ends = (network.node_id[network.tail[at]], network.node_id[network.head[at]])
    round_ = [hours if math.isfinite(hours) else "" for hours in found.way_round_hours.tolist()]
    texts = (found.ids, network.link_name[at], network.road_number[at], network.road_class[at], *ends)
    losses = _losses(found, LOSSES)
    columns = (*(text.tolist() for text in texts), *losses, round_, found.used_share.tolist())
    return [(rank, *row) for rank, row in enumerate(zip(*columns, strict=True), 1)]


def _losses(found: Criticality | PairCriticality, names: Sequence[str]) -> list[list[float]]:
    """Return what is lost by row, people as whole numbers."""
    columns = ((name, getattr(found, name).tolist()) for name in names)
    return [[round(each) for each in column] if name.endswith("_persons") else column for name, column in columns]


def _node_rows(case: Case, found: Criticality) -> list[tuple[object, ...]]:
    network, at = case.network, found.position
    holders = [case.actors[holder] if holder >= 0 else "" for holder in case.epochs[found.epoch].holder[at].tolist()]
    losses = _losses(found, LOSSES)
    texts = (found.ids.tolist(), network.node_name[at].tolist(), network.kind[at].tolist(), holders)
    columns = (*texts, *losses, found.used_share.tolist())
    return [(rank, *row) for rank, row in enumerate(zip(*columns, strict=True), 1)]


def _pair_rows(pairs: PairCriticality) -> list[tuple[object, ...]]:
    losses = _losses(pairs, PAIR_HEADER[3:])
    return [(rank, *ids, *row) for rank, (ids, *row) in enumerate(zip(pairs.ids.tolist(), *losses, strict=True), 1)]
