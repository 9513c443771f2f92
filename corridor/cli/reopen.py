"""Which roads to reopen or to keep open first, as lines for a reader, as JSON for a program, as table and figure."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from corridor.case import Case
from corridor.case.names import Names
from corridor.cli.asked import Faults, Files, actor_of, by_itself, case_of, hour_of, places_of
from corridor.cli.printed import iso, table, whose, write_csv, write_figure, wrote
from corridor.cli.repairs import repair_days
from corridor.criticality import REPAIR_DAYS, Aim, Keeping, Reopening, Schedule, keep, reopen, repair_order
from corridor.errors import RunError

__all__ = ["Asked", "Found", "choose", "reopen_json", "reopen_lines"]

HEADER = ("road", "from", "to", "why", "hours", "days")
CSV_HEADER = (
    "rank", "road", "from", "to", "closed", "front", "hours", "repair_days", "gain", "unit", "crew", "start", "done",
    "reconnected_persons", "cumulative_person_days",
)  # fmt: skip
KEEP_CSV_HEADER = ("rank", "road", "from", "to", "hours", "cut_off_persons_with_those_before")


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
    """What was found: the roads to reopen and the order of repairs, or the roads to keep; and what was written."""

    case: Case
    asked: Asked
    answer: Reopening | Keeping
    schedule: Schedule | None
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
    else:
        answer = reopen(case, actor, asked.count, aim=aim, days=days)
        schedule = repair_order(answer, crews=asked.crews)
        crossings = 0 if answer.shut or asked.fronts else _crossings(case, actor, aim)
    written = _write(case, asked, answer, schedule)
    return Found(case=case, asked=asked, answer=answer, schedule=schedule, crossings=crossings, written=tuple(written))


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
        "actor": case.actors[answer.actor],
        "at": iso(case, answer.aim.hour),
        "root": case.network.node_id[list(answer.root)].tolist(),
        "unit": _unit(answer),
        "value": round(answer.value),
        "bound": round(answer.bound),
        "best_possible_share": round(answer.share, 6),
    }
    more = _keep_json(case, answer) if isinstance(answer, Keeping) else _reopen_json(found, answer)
    return {
        "keep": isinstance(answer, Keeping),
        **told,
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
    faults.note(asked.faults())
    faults.check()
    return actor, Aim(hour=hour, roots=roots, commodity=commodity, fronts=asked.fronts), days


def _crossings(case: Case, actor: int, aim: Aim) -> int:
    """Return how many roads a front cuts, where no closed road is to be found."""
    across = Aim(hour=aim.hour, roots=aim.roots, commodity=aim.commodity, fronts=True)
    try:
        return sum(one.front for one in reopen(case, actor, 1, aim=across).shut)
    except RunError:
        return 0


def _reopen_lines(found: Found, answer: Reopening) -> Iterator[str]:
    case, actor = found.case, found.case.actors[answer.actor]
    yield f"{_to(case, answer)}: {_cut_off(answer)}"
    if not answer.shut:
        when = "" if by_itself(case) else f" at {case.written(answer.aim.hour)}"
        hint = f"; with --fronts there are {found.crossings} that a front cuts" if found.crossings else ""
        yield f"no closed road of {actor}{when}{hint}"
        return
    if not answer.chosen:
        yield f"{_roads(len(answer.shut))} could be reopened, but that would {_gives(answer, 0)}"
        return
    yield ""
    how = "the best there is" if answer.exact else f"at least {100 * answer.share:.1f} % of the best possible"
    yield f"reopen {_roads(len(answer.chosen))} of {len(answer.shut)} and {_gives(answer, answer.value)} ({how})"
    rows = [
        (str(rank), *_row(case, answer, opening.road), f"+{opening.gain:,.0f}")
        for rank, opening in enumerate(answer.chosen, start=1)
    ]
    yield from table(("", *HEADER, _unit(answer).replace("_", "-")), rows, texts=5)
    for rank, opening in enumerate(answer.chosen, start=1):
        if opening.equals:
            yield f"  as good as {rank}: {', '.join(answer.shut[road].road for road in opening.equals)}"
    if len(answer.chosen) < answer.count:
        yield f"  {_roads(answer.count)} would give no more"
    yield from _runners_up(answer)
    yield from _order_lines(found, answer)


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
    yield f"order for {crews} until {until}: {schedule.person_days:,.0f} person-days ({how})"
    if schedule.person_days <= 0:
        yield "  every road would open by itself, or the end come, before it is done"
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
    who = f"everybody, {case.written(aim.hour)}" if aim.fronts else whose(case, answer.actor, aim.hour)
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
    return f"{off}, {answer.never:,.0f} of them not with every road reopened either"


def _unit(answer: Reopening | Keeping) -> str:
    timed = isinstance(answer, Reopening) and answer.aim.commodity is not None
    return "person_days" if timed else "persons"


def _gives(answer: Reopening, value: float) -> str:
    if answer.aim.commodity is None:
        return f"give {value:,.0f} persons a way" if value else "give nobody a way"
    return f"give {value:,.0f} person-days of a way until the end" if value else "give nobody a way until the end"


def _roads(count: int) -> str:
    return "one road" if count == 1 else f"{count} roads"


def _reopen_json(found: Found, answer: Reopening) -> dict[str, Any]:
    case, ids = found.case, found.case.network.node_id
    return {
        "persons": round(answer.persons),
        "cut_off_persons": round(answer.cut_off),
        "never_persons": round(answer.never),
        "candidates": len(answer.shut),
        "front_crossings": found.crossings or None,
        "roads": [
            {
                "road": one.road,
                "from": str(ids[one.tail]),
                "to": str(ids[one.head]),
                "closed": one.closed,
                "front": one.front,
                "hours": one.hours,
                "repair_days": one.days,
                "gain": round(opening.gain),
                "as_good": [answer.shut[road].road for road in opening.equals],
            }
            for opening in answer.chosen
            for one in (answer.shut[opening.road],)
        ],
        "next_best": [
            {"roads": [answer.shut[road].road for road in best.roads], "value": round(best.value)}
            for best in answer.runners_up
        ],
        "order": None if found.schedule is None else _order_json(case, answer, found.schedule),
    }


def _order_json(case: Case, answer: Reopening, schedule: Schedule) -> dict[str, Any]:
    return {
        "crews": schedule.crews,
        "person_days": round(schedule.person_days),
        "bound_person_days": round(schedule.bound),
        "repairs": [
            {
                "road": answer.shut[one.road].road,
                "crew": one.crew + 1,
                "start": iso(case, answer.aim.hour + 24 * one.start),
                "done": iso(case, answer.aim.hour + 24 * one.done),
                "persons": round(one.persons),
                "person_days": round(one.person_days),
            }
            for one in schedule.repairs
        ],
    }


def _keep_json(case: Case, answer: Keeping) -> dict[str, Any]:
    ids, network = case.network.node_id, case.network
    return {
        "persons": round(answer.persons),
        "roads": [
            {
                "road": str(network.link_id[link]),
                "from": str(ids[network.tail[link]]),
                "to": str(ids[network.head[link]]),
                "hours": float(network.hours[link]),
                "persons_so_far": round(persons),
            }
            for link, persons in zip(answer.links, answer.running, strict=True)
        ],
        "next": [{"roads": list(roads), "persons": round(value)} for roads, value in answer.runners_up],
    }


def _write(case: Case, asked: Asked, answer: Reopening | Keeping, schedule: Schedule | None) -> list[Path]:
    """Write table and figure, where they are asked for, and return what was written."""
    written = [] if asked.figure is None else _draw(case, asked, asked.figure, answer)
    if asked.table is not None:
        if isinstance(answer, Keeping):
            write_csv(asked.table, KEEP_CSV_HEADER, _keep_rows(case, answer))
        else:
            write_csv(asked.table, CSV_HEADER, _csv_rows(case, answer, schedule))
        written = [asked.table, *written]
    return written


def _draw(case: Case, asked: Asked, file: Path, answer: Reopening | Keeping) -> list[Path]:
    """Draw the map, and return the files written."""
    from corridor.ensemble import survey
    from corridor.figures import plot_keeping, plot_reopening

    run, style = survey(case), asked.style()
    if isinstance(answer, Keeping):
        return write_figure(plot_keeping(run, answer, style=style), file)
    return write_figure(plot_reopening(run, answer, style=style), file)


def _keep_rows(case: Case, answer: Keeping) -> Iterator[Sequence[object]]:
    for rank, (link, persons) in enumerate(zip(answer.links, answer.running, strict=True), start=1):
        network = case.network
        ends = (network.node_id[network.tail[link]], network.node_id[network.head[link]])
        yield rank, network.link_id[link], *ends, network.hours[link], round(persons)


def _csv_rows(case: Case, answer: Reopening, schedule: Schedule | None) -> Iterator[Sequence[object]]:
    ids = case.network.node_id
    repairs = {one.road: one for one in (schedule.repairs if schedule else ())}
    for rank, opening in enumerate(answer.chosen, start=1):
        one, repair = answer.shut[opening.road], repairs[opening.road]
        start, done = (case.instant(answer.aim.hour) + timedelta(days=day) for day in (repair.start, repair.done))
        yield (
            rank, one.road, ids[one.tail], ids[one.head], int(one.closed), int(one.front), one.hours, one.days,
            round(opening.gain), _unit(answer), repair.crew + 1, start.isoformat(timespec="minutes"),
            done.isoformat(timespec="minutes"), round(repair.persons), round(repair.person_days),
        )  # fmt: skip
