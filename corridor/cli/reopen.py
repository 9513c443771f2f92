"""Which roads to reopen or to keep open first, as lines for a reader, as JSON for a program, as table and figure."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corridor.case import EVERYBODY, Case
from corridor.case.names import Names
from corridor.cli.asked import Faults, Files, actor_of, by_itself, case_of, hour_of, places_of
from corridor.cli.printed import counted, stamped, table, whose, write_csv, write_figure, wrote
from corridor.cli.reopened import KEPT_HEADER, ROADS_HEADER, kept_json, kept_rows, road_rows, roads_json, unit_of
from corridor.cli.repairs import repair_days
from corridor.criticality import (
    REPAIR_DAYS,
    Aim,
    Keeping,
    Reopening,
    Schedule,
    keep,
    reopen,
    repair_order,
    shortened,
)
from corridor.errors import RunError

__all__ = ["Asked", "Found", "choose", "reopen_json", "reopen_lines"]

HEADER = ("road", "from", "to", "why", "hours", "days")
LEAST = 0.1
"""Minutes below which a mean trip is hardly shorter."""
SHORTER_SHOWN = 5
"""How many of the roads that make trips shorter are printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Files):
    """What the command is asked for, as its options say it."""

    count: int = 3
    instant: str | None = None
    actor: str | None = None
    keep: bool = False
    fronts: bool = False
    roots: str | None = None
    commodity: str | None = None
    crews: int = 1
    days: float = REPAIR_DAYS
    repairs: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """What was found: the roads to reopen and the order of repairs, or the roads to keep; and what was written.

    `shorter` are the closed roads (positions) that alone make trips shorter, and the hours they take off the mean one.
    """

    case: Case
    asked: Asked
    answer: Reopening | Keeping
    schedule: Schedule | None
    shorter: tuple[tuple[int, float], ...]
    crossings: int
    written: tuple[Path, ...]


def choose(scenario: Path, asked: Asked) -> Found:
    """Return the roads to reopen (or to keep) that were asked for, and write what is to be written.

    Raises
    ------
    CorridorError
        With every fault in what was asked.
    """
    case = case_of(scenario)
    actor, aim, days = _understood(case, asked)
    if asked.keep:
        answer: Reopening | Keeping = keep(case, actor, asked.count, aim=aim)
        schedule, crossings = None, 0
        shorter: tuple[tuple[int, float], ...] = ()
    else:
        answer = reopen(case, actor, asked.count, aim=aim, days=days)
        schedule, shorter = repair_order(answer, crews=asked.crews), _shorter(case, answer)
        crossings = 0 if answer.chosen or asked.fronts else _crossings(case, actor, aim)
    written = _write(case, asked, answer, schedule)
    return Found(
        case=case,
        asked=asked,
        answer=answer,
        schedule=schedule,
        shorter=shorter,
        crossings=crossings,
        written=tuple(written),
    )


def reopen_lines(found: Found) -> Iterator[str]:
    """Give what is cut off now, the best set of roads, the next best ones and the order over time."""
    if isinstance(found.answer, Keeping):
        yield from _keep_lines(found, found.answer)
    else:
        yield from _reopen_lines(found, found.answer)
    yield from wrote(found.written)


def reopen_json(found: Found) -> dict[str, Any]:
    """Return the same as a program wants it."""
    answer, case = found.answer, found.case
    told: dict[str, Any] = {
        **_stamp(case, answer),
        "root": case.network.node_id[list(answer.root)].tolist(),
        "unit": unit_of(answer),
        "value": round(answer.value),
        "bound": round(answer.bound),
        "best_possible_share": round(answer.share, 6),
    }
    if isinstance(answer, Keeping):
        more = kept_json(case, answer)
    else:
        more = {
            "front_crossings": found.crossings or None,
            **roads_json(case, answer, found.schedule),
            "shorter": [
                {"road": answer.shut[road].road, "hours_off_the_mean_trip": round(hours, 9)}
                for road, hours in found.shorter
            ],
        }
    return {
        **told,
        "keep": isinstance(answer, Keeping),
        **more,
        "written": [str(path) for path in found.written],
    }


def _understood(case: Case, asked: Asked) -> tuple[int, Aim, dict[str, float]]:
    """Return the actor, what is to be reached, and the days to repair each road.

    Raises
    ------
    ScenarioError
        With all that is wrong.
    """
    faults = Faults()
    actor = faults.answer(lambda: actor_of(case, asked.actor)) or 0
    hour = faults.answer(lambda: hour_of(case, asked.instant)) or 0.0
    named = {} if asked.roots is None else {"to": asked.roots}
    (roots,) = faults.answer(lambda: places_of(case, **named)) or [()]
    commodity = None
    if asked.commodity is not None:
        names = Names(case.scenario, case.network)
        commodity = names.commodity(asked.commodity, ("commodity",))
        faults.note(f"--commodity: {fault.message}" for fault in names.faults)
    if asked.keep and asked.fronts:
        faults.note(
            ["--fronts: roads that a front cuts are not open and cannot be kept open; leave out one of the two"]
        )
    if not math.isfinite(asked.days):
        faults.note([f"--days {asked.days}: expected a number of days"])
    days = faults.answer(lambda: repair_days(case, asked.days, asked.repairs)) or {}
    faults.note(asked.faults(reads={"repairs": asked.repairs}))
    faults.check()
    return actor, Aim(hour=hour, roots=roots, commodity=commodity, fronts=asked.fronts), days


def _crossings(case: Case, actor: int, aim: Aim) -> int:
    """Return how many roads a front cuts, if reopening one of them would give anybody a way."""
    across = Aim(hour=aim.hour, roots=aim.roots, commodity=aim.commodity, fronts=True)
    try:
        found = reopen(case, actor, 1, aim=across)
    except RunError:
        return 0
    return sum(one.front for one in found.shut) if found.value > 0 else 0


def _reopen_lines(found: Found, answer: Reopening) -> Iterator[str]:
    case = found.case
    yield f"{_to(case, answer)}: {_cut_off(answer)}"
    if not answer.chosen:
        yield from _nothing_lines(found, answer)
        yield from _shorter_lines(found, answer)
        return
    yield ""
    how = "the best there is" if answer.exact else f"at least {100 * answer.share:.1f} % of the best possible"
    once = "" if answer.aim.commodity is None or len(answer.chosen) == 1 else ", if all were open at once"
    what = f"reopen {_roads(len(answer.chosen))} of {len(answer.shut)}"
    yield f"{what} and {_gives(answer, answer.value)}{once} ({how})"
    rows = [
        (str(rank), *_row(case, answer, opening.road), f"+{opening.gain:,.0f}")
        for rank, opening in enumerate(answer.chosen, start=1)
    ]
    yield from table(("", *HEADER, unit_of(answer).replace("_", "-")), rows, texts=5)
    for rank, opening in enumerate(answer.chosen, start=1):
        if opening.equals:
            yield f"  as good as {rank}: {', '.join(answer.shut[road].road for road in opening.equals)}"
    if len(answer.chosen) < answer.count:
        yield f"  {_roads(answer.count)} would give no more"
    yield from _runners_up(answer)
    yield from _order_lines(found, answer)
    yield from _shorter_lines(found, answer)


def _shorter(case: Case, answer: Reopening) -> tuple[tuple[int, float], ...]:
    """Return the closed roads that alone make trips shorter, and the hours off the mean one, most first."""
    if answer.aim.fronts:
        return ()
    hours = shortened(case, answer.actor, answer.aim.hour, answer.shut).tolist()
    roads = sorted((road for road in range(len(hours)) if hours[road] > 0), key=lambda road: (-hours[road], road))
    return tuple((road, hours[road]) for road in roads)


def _shorter_lines(found: Found, answer: Reopening) -> Iterator[str]:
    if not found.shorter:
        return
    yield ""
    yield "closed roads that by themselves would make trips shorter, for those who have a way already"
    rows = [(*_row(found.case, answer, road)[:3], _minutes(hours)) for road, hours in found.shorter[:SHORTER_SHOWN]]
    yield from table(("road", "from", "to", "minutes off the mean trip"), rows, texts=3)


def _minutes(hours: float) -> str:
    return f"{60 * hours:.1f}" if hours * 60 >= LEAST else f"<{LEAST}"


def _nothing_lines(found: Found, answer: Reopening) -> Iterator[str]:
    """Give that nothing is gained, and who would say more."""
    case = found.case
    if answer.shut:
        yield f"{_roads(len(answer.shut))} could be reopened, but that would {_gives(answer, 0)}"
    elif by_itself(case) or answer.aim.fronts:
        yield "there is no closed road"
    else:
        yield f"there is no closed road that {whose(case, answer.actor)} could reopen"
    if found.crossings:
        yield f"  --fronts counts {counted(found.crossings, 'road')} that a front cuts as well: some would give a way"
    held = case.epoch_at(answer.aim.hour).holder == answer.actor
    if int((case.population[held] > 0).sum()) > 1:
        yield "  corridor criticality tells what hangs on the roads that are open"


def _runners_up(answer: Reopening) -> Iterator[str]:
    if not answer.runners_up:
        return
    yield ""
    yield "next best"
    rows = [
        (f"{best.value:,.0f}", ", ".join(answer.shut[road].road for road in best.roads)) for best in answer.runners_up
    ]
    yield from (f"  {value:>12}  {roads}" for value, roads in rows)


def _order_lines(found: Found, answer: Reopening) -> Iterator[str]:
    schedule = found.schedule
    if schedule is None:
        return
    crews = "one crew" if schedule.crews == 1 else f"{schedule.crews} crews"
    how = "the best order" if schedule.exact else f"at least {100 * schedule.share:.1f} % of the best possible"
    yield ""
    until = found.case.written(found.case.end)
    if schedule.person_days > 0:
        once = "" if answer.aim.commodity is None else ", each road counted from its repair on"
        yield f"order for {crews} until {until}: {schedule.person_days:,.0f} person-days{once} ({how})"
    elif min(one.done for one in schedule.repairs) * 24 >= found.case.end - answer.aim.hour:
        yield f"order for {crews}: no person-days, as repairs end after the scenario's end, {until}"
    else:
        yield f"order for {crews} until {until}: no person-days, as roads open by themselves before they are repaired"
    rows = [
        (
            answer.shut[one.road].road,
            str(one.crew + 1),
            found.case.written(answer.aim.hour + 24 * one.start),
            found.case.written(answer.aim.hour + 24 * one.done),
            f"{one.persons:,.0f}",
            f"{one.person_days:,.0f}",
        )
        for one in schedule.repairs
    ]
    yield from table(("road", "crew", "start", "done", "persons then", "person-days by the end"), rows, texts=4)


def _keep_lines(found: Found, answer: Keeping) -> Iterator[str]:
    case = found.case
    yield f"{_to(case, answer)}: {answer.persons:,.0f} persons have a way"
    if not answer.links:
        yield f"no {_roads(answer.count)} alone hold anybody's way: every place has more ways than that"
        return
    yield ""
    how = "no others matter more" if answer.exact else f"none could matter more than {answer.bound:,.0f}"
    lost = f"without them {answer.value:,.0f} persons have none"
    yield f"what to keep open: {_roads(len(answer.links))}; {lost} ({how})"
    rows = [
        (str(rank), *_kept_row(case, link), f"{persons:,.0f}")
        for rank, (link, persons) in enumerate(zip(answer.links, answer.running, strict=True), start=1)
    ]
    yield from table(("", "road", "from", "to", "hours", "persons so far"), rows, texts=4)
    if answer.runners_up:
        yield ""
        yield "next"
        yield from (f"  {value:>12,.0f}  {', '.join(roads)}" for roads, value in answer.runners_up)


def _kept_row(case: Case, link: int) -> tuple[str, ...]:
    network = case.network
    ends = (str(network.node_name[node]) for node in (network.tail[link], network.head[link]))
    return (str(network.link_id[link]), *ends, f"{network.hours[link]:.2f}")


def _row(case: Case, answer: Reopening, road: int) -> tuple[str, ...]:
    one, names = answer.shut[road], case.network.node_name
    why = ", ".join(word for word, holds in (("closed", one.closed), ("front", one.front)) if holds)
    return one.road, str(names[one.tail]), str(names[one.head]), why, f"{one.hours:.2f}", f"{one.days:g}"


def _to(case: Case, answer: Reopening | Keeping) -> str:
    """Return whose way to where is looked at, and when."""
    aim = answer.aim
    alone = not aim.fronts or by_itself(case)
    who = whose(case, answer.actor, aim.hour) if alone else f"{EVERYBODY}, {case.written(aim.hour)}"
    if aim.roots:
        to = ", ".join(case.network.node_id[list(answer.root)].tolist())
    elif aim.commodity is not None:
        to = f"a source of {case.supply.commodities[aim.commodity]}"
    else:
        largest = max(answer.root, key=lambda node: (case.population[node], -node))
        to = str(case.network.node_name[largest])
    return f"{who}: ways to {to}"


def _cut_off(answer: Reopening) -> str:
    off = f"{answer.cut_off:,.0f} of {answer.persons:,.0f} persons have none"
    if answer.cut_off <= 0:
        return f"all {answer.persons:,.0f} persons have one"
    if not answer.shut:
        return off
    if answer.never <= 0:
        return f"{off}, and all would with every road reopened"
    return f"{off}, of whom {answer.never:,.0f} would have none with every road reopened"


def _gives(answer: Reopening, value: float) -> str:
    if answer.aim.commodity is None:
        return f"give {value:,.0f} persons a way" if value else "give nobody a way"
    return f"give {value:,.0f} person-days of a way until the end" if value else "give nobody a way until the end"


def _roads(count: int) -> str:
    return "one road" if count == 1 else f"{count} roads"


def _write(case: Case, asked: Asked, answer: Reopening | Keeping, schedule: Schedule | None) -> list[Path]:
    """Write table and figure, where they are asked for, and return what was written."""
    written = [] if asked.figure is None else _draw(case, asked, asked.figure, answer)
    if asked.table is not None:
        if isinstance(answer, Keeping):
            write_csv(asked.table, KEPT_HEADER, kept_rows(case, answer), _stamp(case, answer))
        else:
            write_csv(asked.table, ROADS_HEADER, road_rows(case, answer, schedule), _stamp(case, answer))
        written = [asked.table, *written]
    return written


def _stamp(case: Case, answer: Reopening | Keeping) -> dict[str, Any]:
    """Return whose it is and when."""
    return stamped(case, EVERYBODY if answer.aim.fronts else case.actors[answer.actor], answer.aim.hour)


def _draw(case: Case, asked: Asked, file: Path, answer: Reopening | Keeping) -> list[Path]:
    """Draw the map, and return the files written."""
    from corridor.ensemble import survey
    from corridor.figures import plot_keeping, plot_reopening

    run, style = survey(case), asked.style()
    if isinstance(answer, Keeping):
        return write_figure(plot_keeping(run, answer, style=style), file)
    return write_figure(plot_reopening(run, answer, style=style), file)
