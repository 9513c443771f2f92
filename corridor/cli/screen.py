"""What a run says at its end, in plain words and on one screen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import fsum, isfinite
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corridor.case import Case
from corridor.claims import Dependence, Finding
from corridor.ensemble import (
    Cut,
    PocketChange,
    Run,
    area_days,
    great_split,
    is_uncertain,
    pocket_changes,
    power_served,
    ran_out,
    territory_cuts,
)
from corridor.metrics import SupplyRow, power_rows, supply_rows
from corridor.simulation import Trace

__all__ = ["Told", "closing_screen"]

MOST_CHANGES = 8
MOST_EVENTS = 4
MOST_POCKETS = 5
MILLION = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a run has to tell: its dataset, case and trace, the findings and what rests on windows of time."""

    run: Run
    case: Case
    trace: Trace
    findings: tuple[Finding, ...]
    dependences: tuple[Dependence, ...]


def closing_screen(told: Told, folder: Path) -> str:
    """Return the lines that end a run: territory, who is cut off, supplies, events, how sure, findings, results."""
    run, case = told.run, told.case
    actor = case.actors.index(run.attrs["show_actor"])
    name = case.scenario.actors[case.actors[actor]].name
    parts = [
        (f"{case.scenario.title} ({case.scenario.name}, seed {run.attrs['seed']})", ()),
        (f"Territory of {name}", _territory(run, case, actor)),
        ("Cut off: both ends held, no way between them", _cut_off(run, case, territory_cuts(run, actor))),
        (
            "Days of supply at places, without the depots around them, at the start → at the end",
            _supplies(case, told.trace),
        ),
        ("Events", _events(run)),
        ("How sure", _sureness(told, actor)),
        (_expectation_title(told.findings), _expectations(told.findings)),
        ("Results", _results(folder)),
    ]
    lines: list[str] = []
    for title, body in parts:
        lines += [title, *(f"  {line}" for line in body)]
    return "\n".join(lines)


def _territory(run: Run, case: Case, actor: int) -> Iterator[str]:
    changes, split = pocket_changes(run, actor), great_split(run, actor)
    for change in changes[:MOST_CHANGES]:
        count = len(change.pockets)
        told = [f"{pocket.name} {_people(pocket.persons)}" for pocket in change.pockets[:MOST_POCKETS]]
        more = [f"{count - MOST_POCKETS} more"] if count > MOST_POCKETS else []
        what = ", ".join([*told, *more]) or "nothing left"
        mark = "SPLIT: " if change.hour == split else ""
        after = _after(run, _takings(run, case, change, actor))
        yield f"{case.written(change.hour)}  {mark}{count} pocket{'' if count == 1 else 's'}: {what}{after}"
    if len(changes) > MOST_CHANGES:
        yield f"… and {len(changes) - MOST_CHANGES} more changes: see connectivity.csv"


def _takings(run: Run, case: Case, change: PocketChange, actor: int) -> list[int]:
    """Return the events of a change that moved nodes from or to the actor, or its roads; most people first."""
    before = case.epochs[max(0, case.epoch_at(change.hour).index - 1)].holder
    tail, head = case.network.tail, case.network.head
    people: dict[str, float] = {}
    for made in case.timeline.changes:
        moved = [node for node in made.nodes if actor in {before[node], made.holder}]
        roads = [link for link in made.links if before[tail[link]] == before[head[link]] == actor]
        if moved or roads:
            people[made.event] = float(case.population[moved].sum())
    ids = run["event_id"].values.tolist()
    return sorted((event for event in change.events if ids[event] in people), key=lambda event: -people[ids[event]])


def _after(run: Run, events: Sequence[int]) -> str:
    labels, guessed = run["event_label"].values, is_uncertain(run)
    named = [f"{labels[event]}{' (guessed time)' if guessed[event] else ''}" for event in events[:MOST_EVENTS]]
    more = " and others" if len(events) > MOST_EVENTS else ""
    return f"; after {', '.join(named)}{more}" if named else ""


def _cut_off(run: Run, case: Case, cuts: Sequence[Cut]) -> Iterator[str]:
    if not cuts:
        yield "no pair of anchors"
    names = run["node_name"].values
    for (hour, end), group in groupby(cuts, key=lambda cut: (cut.hour, cut.end)):
        pairs = ", ".join(f"{names[cut.origin]}–{names[cut.destination]}" for cut in group)
        spell = "to the end" if end >= case.end else f"until {case.written(end)}"
        yield f"{case.written(hour)}  {pairs}, {spell}"


def _supplies(case: Case, trace: Trace) -> Iterator[str]:
    rows = list(supply_rows(trace))
    names = {commodity.id: commodity.name for commodity in case.network.supply.commodities}
    node = case.network.node_positions()
    for place in case.scenario.show.places:
        mine = [row for row in rows if row.node == node[place]]
        said = ", ".join(_supply_words(case, row) for row in mine)
        yield f"{case.network.node_name[node[place]]}: {said or 'no demand'}"
    for area, group in groupby(area_days(case, trace), key=lambda one: one.area):
        days = ", ".join(f"{case.supply.commodities[one.commodity]} {_days(one.days)}" for one in group)
        yield f"{area} with its depots: {days}"
    plants = list(power_rows(case.supply, trace))
    if plants:
        served = power_served(plants)
        yield f"power plants serve {served[0]:.0%} → {served[-1]:.0%} of what is asked of them"
    for k, commodity in enumerate(case.supply.commodities):
        short = [row for row in rows if row.commodity == k and ran_out(row)]
        if short:
            lost = fsum(row.stockout_person_days for row in short)
            where = f"{len(short)} place{'' if len(short) == 1 else 's'}"
            yield f"{names.get(commodity, commodity)} ran out at {where}: {_people(lost, 'person-days')} without"


def _supply_words(case: Case, row: SupplyRow) -> str:
    days = f"{case.supply.commodities[row.commodity]} {_days((row.days_at_start, row.days_at_end))}"
    return f"{days} (out {case.written(row.first_stockout)})" if ran_out(row) else days


def _days(days: Sequence[float] | NDArray[np.float64]) -> str:
    first, last = (f"{value:.1f}" if isfinite(value) else "no demand" for value in (days[0], days[-1]))
    return f"{first} → {last}"


def _events(run: Run) -> Iterator[str]:
    applied = run["event_applied"].values
    yield f"{applied.sum()} of {applied.size} applied"
    ids, reasons = run["event_id"].values[~applied].tolist(), run["event_why_not"].values[~applied].tolist()
    for reason in dict.fromkeys(reasons):
        mine = [event for event, why in zip(ids, reasons, strict=True) if why == reason]
        some = " ".join(mine[:MOST_EVENTS]) + (" …" if len(mine) > MOST_EVENTS else "")
        yield f"{len(mine)} not: {reason} ({some}; see events.csv)"


def _sureness(told: Told, actor: int) -> Iterator[str]:
    run, case = told.run, told.case
    applied, guessed = run["event_applied"].values, is_uncertain(run)
    ids, labels = run["event_id"].values.tolist(), run["event_label"].values.tolist()
    if applied.any():
        yield f"{guessed[applied].mean():.0%} of the applied events are inferred or of low confidence"
    split = great_split(run, actor)
    changes = [change for change in pocket_changes(run, actor) if change.hour == split]
    part = [event for change in changes for event in _takings(run, case, change, actor) if guessed[event]]
    if part:
        yield f"of those that make the split, such are {', '.join(f'{labels[event]} ({ids[event]})' for event in part)}"
    moves: dict[tuple[str, float], list[str]] = {}
    for dependence in told.dependences:
        moves.setdefault((dependence.event, dependence.hour), []).append(dependence.expectation)
    for (event, hour), expectations in moves.items():
        at = ids.index(event)
        used = case.written(float(run["event_time"].values[at]))
        yield (
            f"{labels[at]} ({event}, {run['event_status'].values[at]}) at {case.written(hour)} instead of {used},"
            f" within its window, would change: {', '.join(expectations)}"
        )


def _expectation_title(findings: Sequence[Finding]) -> str:
    return f"Expectations: {sum(finding.passed for finding in findings)} of {len(findings)} hold"


def _expectations(findings: Sequence[Finding]) -> Iterator[str]:
    for finding in findings:
        yield f"{'ok    ' if finding.passed else 'FAILED'} {finding.id}: {finding.found}"
        if not finding.passed:
            yield f"       expected {finding.expected}{f' ({finding.why})' if finding.why else ''}"


def _results(folder: Path) -> Iterator[str]:
    yield f"{folder} (summary.csv first)"
    if (folder / "figures").is_dir():
        yield f"{folder / 'figures'}"


def _people(count: float, unit: str = "people") -> str:
    return f"{count / MILLION:.2f} million {unit}" if count >= MILLION else f"{count:,.0f} {unit}"
