"""What a scenario expects, held against its case and its trace: the finding with its numbers, and whether it passed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import fsum, isfinite

import numpy as np

from corridor.case import Case
from corridor.case.measured import Reader
from corridor.claims.measures import measured, stands, told
from corridor.claims.supplies import days_over_time, sample
from corridor.claims.view import View
from corridor.control import Change, epochs
from corridor.errors import Fault, ScenarioError
from corridor.metrics import Pocket, pockets, reach
from corridor.network import Floats
from corridor.scenario.measured import SIGNATURES, parse_check
from corridor.scenario.model import (
    ControlEvent,
    Expectation,
    ExpectDaysOfSupply,
    ExpectDeliveries,
    ExpectFalls,
    ExpectMeasure,
    ExpectPocket,
    ExpectPockets,
    ExpectReaches,
    LinkEvent,
    PassageEvent,
)
from corridor.simulation import Trace

__all__ = ["Dependence", "Finding", "check", "window_dependence"]


ARRIVED = {"delivered", "diverted", "partly unloaded"}
HARDLY = 1e-6
"""Days of supply, a tenth of a second: less than this is no rise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Say what was found where something was expected, both in words with their numbers.

    `value` is what was found as a number of `unit` (pockets, persons, tonnes, days), or whether there is a way (no
    unit); None where there is nothing to count.
    """

    id: str
    passed: bool
    found: str
    expected: str
    why: str = ""
    value: float | bool | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependence:
    """Say that a finding would be another had one event happened at the edge of its window, `hour` after the start."""

    expectation: str
    event: str
    hour: float
    found: str


def check(case: Case, trace: Trace) -> tuple[Finding, ...]:
    """Return a finding for each expectation of the scenario, in its order."""
    return tuple(_finding(case, expected, trace) for expected in case.scenario.expect)


def window_dependence(case: Case) -> tuple[Dependence, ...]:
    """Return which findings about territory change when one event is moved to the edge of its own window.

    Every applied event of control, links or passage is moved alone, to its `earliest` and its `latest`, the others
    stay; only moves across the instant of an expectation can matter and are tried. The stated order of events at one
    place is kept.
    """
    found = []
    for expected in case.scenario.expect:
        if not isinstance(expected, ExpectPockets | ExpectPocket | ExpectReaches):
            continue
        at, usual = case.hour(expected.at), _territory(case, expected)
        for event, hour in _moves(case, at):
            moved = _territory(_moved(case, event, hour), expected)
            if moved.passed != usual.passed:
                found.append(Dependence(expectation=expected.id, event=event, hour=hour, found=moved.found))
    return tuple(found)


def _finding(case: Case, expected: Expectation, trace: Trace) -> Finding:
    match expected:
        case ExpectDeliveries():
            return _deliveries(case, expected, trace)
        case ExpectDaysOfSupply():
            return _days_of_supply(case, expected, trace)
        case ExpectFalls():
            return _falls(case, expected, trace)
        case ExpectMeasure():
            return _measure(case, expected, trace)
        case _:
            return _territory(case, expected)


def _territory(case: Case, expected: ExpectPockets | ExpectPocket | ExpectReaches) -> Finding:
    match expected:
        case ExpectPockets():
            return _pockets(case, expected)
        case ExpectPocket():
            return _pocket(case, expected)
        case ExpectReaches():
            return _reaches(case, expected)


def _pockets(case: Case, expected: ExpectPockets) -> Finding:
    actor = case.actors.index(expected.actor)
    found = pockets(case, case.epoch_at(case.hour(expected.at)), actor, transit=expected.transit)
    large = [pocket for pocket in found if pocket.substantial]
    listed = "; ".join(f"{pocket.name} {pocket.population:,.0f} people" for pocket in large)
    small = f", and {len(found) - len(large)} small" if len(found) > len(large) else ""
    return Finding(
        id=expected.id,
        passed=len(large) == expected.equals,
        found=f"{len(large)} ({listed}{small})" if large else "none",
        expected=f"{_plural(expected.equals, 'substantial pocket')} of {expected.actor}"
        f"{', ways through others counted,' if expected.transit else ''} at {case.written(case.hour(expected.at))}",
        why=expected.why,
        value=len(large),
        unit="pockets",
    )


def _pocket(case: Case, expected: ExpectPocket) -> Finding:
    actor = case.actors.index(expected.actor)
    epoch = case.epoch_at(case.hour(expected.at))
    home = [pocket for pocket in pockets(case, epoch, actor) if expected.of in _node_ids(case, pocket)]
    inside = _node_ids(case, home[0]) if home else frozenset[str]()
    missing = [node for node in expected.includes if node not in inside]
    surplus = [node for node in expected.excludes if node in inside]
    size = (
        f"{home[0].name} with {home[0].population:,.0f} people" if home else f"{expected.of} is not {expected.actor}'s"
    )
    wrong = [f"without {', '.join(missing)}"] * bool(missing) + [f"with {', '.join(surplus)}"] * bool(surplus)
    wanted = [f"with {', '.join(expected.includes)}"] * bool(expected.includes)
    wanted += [f"without {', '.join(expected.excludes)}"] * bool(expected.excludes)
    return Finding(
        id=expected.id,
        passed=bool(home) and not missing and not surplus,
        found=", ".join([size, *wrong]) + ("" if wrong or not home else ", as expected"),
        expected=f"the pocket of {expected.of} at {case.written(case.hour(expected.at))} {', '.join(wanted)}".strip(),
        why=expected.why,
        value=round(home[0].population) if home else None,
        unit="persons" if home else "",
    )


def _reaches(case: Case, expected: ExpectReaches) -> Finding:
    positions = case.network.node_positions()
    origin, destination = positions[expected.from_], positions[expected.to]
    epoch = case.epoch_at(case.hour(expected.at))
    way = reach(case, epoch, case.actors.index(expected.actor), origin, destination)
    left_out = [node for node in expected.through if node not in way.nodes] if way else []
    found = "no way"
    if way is not None:
        found = f"{way.km:.0f} km, {way.hours:.1f} free-flow truck hours by {' – '.join(way.nodes)}"
    return Finding(
        id=expected.id,
        passed=(way is not None) == expected.equals and not left_out,
        found=found + (f", not through {', '.join(left_out)}" if left_out else ""),
        expected=f"{'a' if expected.equals else 'no'} way for {expected.actor} from {expected.from_} to {expected.to}"
        f" at {case.written(case.hour(expected.at))}"
        + (f" through {', '.join(expected.through)}" if expected.through else ""),
        why=expected.why,
        value=way is not None,
    )


def _deliveries(case: Case, expected: ExpectDeliveries, trace: Trace) -> Finding:
    origins, destinations = _places(case, expected.from_), _places(case, expected.to)
    wanted = [case.supply.commodities.index(commodity) for commodity in expected.commodities]
    after = case.hour(expected.after)
    until = case.end if expected.until is None else case.hour(expected.until)
    counted = [
        shipment
        for shipment in trace.shipments
        if shipment.mode != "pipeline"
        and shipment.outcome in ARRIVED
        and shipment.origin in origins
        and shipment.destination in destinations
        and (not wanted or shipment.commodity in wanted)
        and after <= shipment.departed < until
    ]
    tonnes = fsum(shipment.unloaded for shipment in counted)
    what = ", ".join(expected.commodities) or "all goods"
    return Finding(
        id=expected.id,
        passed=_between(tonnes, expected.at_least, expected.at_most),
        found=f"{tonnes:,.0f} tonnes in {_plural(len(counted), 'convoy')}",
        expected=f"{_bounds(expected.at_least, expected.at_most)} tonnes of {what} from {', '.join(expected.from_)}"
        f" to {', '.join(expected.to)} that left from {case.written(after)} to {case.written(until)}",
        why=expected.why,
        value=float(tonnes),
        unit="tonnes",
    )


def _days_of_supply(case: Case, expected: ExpectDaysOfSupply, trace: Trace) -> Finding:
    hour = case.hour(expected.at)
    days = float(_days(case, trace, expected)[sample(trace, hour)])
    return Finding(
        id=expected.id,
        passed=_between(days, expected.at_least, expected.at_most),
        found=f"{days:.1f} days",
        expected=f"{_bounds(expected.at_least, expected.at_most)} days of {expected.commodity} at {expected.place}"
        f" at {case.written(hour)}",
        why=expected.why,
        value=days if isfinite(days) else None,
        unit="days",
    )


def _falls(case: Case, expected: ExpectFalls, trace: Trace) -> Finding:
    first, last = (sample(trace, case.hour(instant)) for instant in (expected.after, expected.until))
    days = _days(case, trace, expected)[first : last + 1]
    return Finding(
        id=expected.id,
        passed=bool(days[-1] < days[0] - HARDLY and days.max() <= days[0] + HARDLY),
        found=f"{days[0]:.2f} days at first, {days[-1]:.2f} in the end, {days.max():.2f} at most",
        expected=f"days of {expected.commodity} at {expected.place} to fall"
        f" from {case.written(float(trace.time[first]))} to {case.written(float(trace.time[last]))}",
        why=expected.why,
        value=float(days[-1] - days[0]) if isfinite(days[-1] - days[0]) else None,
        unit="days",
    )


def _measure(case: Case, expected: ExpectMeasure, trace: Trace) -> Finding:
    check = parse_check(expected.that)
    if isinstance(check, Fault):
        raise ScenarioError([check])
    asked, view = Reader(case.scenario, case.network).read(check), View(case, trace)
    value = measured(view, asked)
    plain = not isinstance(value, str) and (value is None or isfinite(value))
    return Finding(
        id=expected.id,
        passed=stands(value, asked),
        found=told(view, asked, value),
        expected=expected.that,
        why=expected.why,
        value=value if plain else None,  # type: ignore[arg-type] # a word is no value here
        unit=SIGNATURES[check.measure].unit,
    )


def _days(case: Case, trace: Trace, expected: ExpectDaysOfSupply | ExpectFalls) -> Floats:
    """Return the days of supply of a place or an area over time, shape (t,); nan where it has no demand."""
    return days_over_time(trace, _places(case, (expected.place,)), case.supply.commodities.index(expected.commodity))


def _places(case: Case, names: Iterable[str]) -> frozenset[int]:
    """Return the positions of the nodes that `names` are, or of all nodes of the areas that they are."""
    network, positions = case.network, case.network.node_positions()
    areas = set(network.area.tolist()) - {""}
    return frozenset(
        position
        for name in names
        for position in (np.flatnonzero(network.area == name).tolist() if name in areas else [positions[name]])
    )


def _node_ids(case: Case, pocket: Pocket) -> frozenset[str]:
    return frozenset(case.network.node_id[np.asarray(pocket.nodes)].tolist())


def _moves(case: Case, at: float) -> Iterable[tuple[str, float]]:
    """Give the events that may have happened on the other side of `at`, each with the latest or earliest hour there.

    An event stays between the one before and the one after it at the same place: the stated order there is kept.
    """
    changes = {change.event: change for change in case.timeline.changes}
    for use in case.uses:
        event = case.scenario.events[use.event]
        if not use.applied or not isinstance(event, ControlEvent | LinkEvent | PassageEvent):
            continue
        before, after = _neighbours(case, changes[event.id])
        edges = [case.hour(edge) for edge in (event.earliest, event.latest) if edge is not None]
        within = [min(max(edge, before), after) for edge in edges]
        yield from ((event.id, edge) for edge in within if (edge <= at) != (use.time <= at))


def _neighbours(case: Case, change: Change) -> tuple[float, float]:
    """Return when the changes before and after this one at any of its places are, hours; infinite where none is."""
    others = [
        other.time
        for other in case.timeline.changes
        if other is not change
        and (not set(other.nodes).isdisjoint(change.nodes) or not set(other.links).isdisjoint(change.links))
    ]
    before = max((time for time in others if time <= change.time), default=-np.inf)
    return before, min((time for time in others if time > change.time), default=np.inf)


def _moved(case: Case, event: str, hour: float) -> Case:
    changes = [replace(change, time=hour) if change.event == event else change for change in case.timeline.changes]
    timeline = replace(case.timeline, changes=tuple(sorted(changes, key=lambda change: change.time)))
    return replace(case, timeline=timeline, epochs=epochs(timeline, start=-case.warmup, end=case.end))


def _between(value: float, at_least: float | None, at_most: float | None) -> bool:
    return (at_least is None or value >= at_least) and (at_most is None or value <= at_most)


def _bounds(at_least: float | None, at_most: float | None) -> str:
    named = (("at least", at_least), ("at most", at_most))
    return " and ".join(f"{word} {bound:g}" for word, bound in named if bound is not None) or "any number of"


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
