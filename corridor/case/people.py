"""People who move: dated movements, none larger than the people who are there, and rules by which they leave."""

from collections.abc import Sequence

from corridor.case.model import DisplacementRule, EventUse, Movement
from corridor.case.names import Names, Where
from corridor.network import Floats
from corridor.scenario.model import PopulationEvent, Scenario

__all__ = ["bind_displacement", "movements"]

SOMEONE = 1e-6
"""Persons that count as nobody: rounding."""


def movements(scenario: Scenario, names: Names, population: Floats, uses: tuple[EventUse, ...]) -> tuple[Movement, ...]:
    """Return the dated movements of people, sorted by time.

    `population` (n,) persons at the start: no more can leave a place than are there.
    """
    found: list[Movement] = []
    events: list[int] = []
    for use in sorted(uses, key=lambda use: use.time):
        event = scenario.events[use.event]
        if not isinstance(event, PopulationEvent):
            continue
        where: Where = ("events", use.event)
        ends = [
            names.node(name, (*where, key)) if name else -1 for name, key in ((event.from_, "from"), (event.to, "to"))
        ]
        origin, destination = ends
        if origin is None or destination is None or not use.applied:
            continue
        events.append(use.event)
        found.append(
            Movement(
                time=use.time,
                event=event.id,
                origin=origin,
                destination=destination,
                persons=event.persons,
                hours=event.over_hours,
            )
        )
    _check_present(names, population, found, events)
    return tuple(found)


def _check_present(names: Names, population: Floats, moves: Sequence[Movement], events: Sequence[int]) -> None:
    """Note the movements, one for each of `events`, that more people leave on than are there as it goes on."""
    left: list[Movement] = []
    for move, event in zip(moves, events, strict=True):
        if move.origin < 0:
            continue
        come = [other for other in moves if other.destination == move.origin]
        gone = [other for other in left if other.origin == move.origin]
        there = move.persons + _fewest(float(population[move.origin]), come, [*gone, move], since=move.time)
        if there < move.persons - SOMEONE:
            place = names.network.node_id[move.origin]
            message = f"found {move.persons:,.0f} persons to leave, but {there:,.0f} people are at '{place}' then"
            names.note(("events", event, "persons"), message)
        else:
            left.append(move)


def _fewest(first: float, come: Sequence[Movement], gone: Sequence[Movement], *, since: float) -> float:
    """Return the fewest persons that are at a place from `since` on, of `first` and those who come and go."""
    instants = {end for move in (*come, *gone) for end in (move.time, move.time + move.hours)}
    fewest = float("inf")
    for instant in {since, *(instant for instant in instants if instant > since)}:
        # Whoever moves at once makes a step, and the fewest may be there right before it.
        for before in (False, True) if instant > since else (False,):
            arrived = sum(move.persons * _moved(move, instant, before=before) for move in come)
            departed = sum(move.persons * _moved(move, instant, before=before) for move in gone)
            fewest = min(fewest, first + arrived - departed)
    return fewest


def _moved(move: Movement, time: float, *, before: bool) -> float:
    """Return the share of those who move that has moved at `time`, or right before it."""
    if move.hours > 0:
        return min(1.0, max(0.0, (time - move.time) / move.hours))
    return float(move.time < time if before else move.time <= time)


def bind_displacement(scenario: Scenario, names: Names) -> tuple[DisplacementRule, ...]:
    """Return the rules by which people leave of themselves."""
    rules = []
    for index, rule in enumerate(scenario.supply.displacement):
        where: Where = ("supply", "displacement", index)
        commodity: int | None = -1
        if rule.when == "stockout":
            commodity = names.commodity(rule.commodity, (*where, "commodity") if rule.commodity else where)
        nodes = names.places(rule.places, (*where, "places"))
        to = names.nodes(rule.to, (*where, "to"))
        if commodity is not None:
            rules.append(DisplacementRule(nodes=nodes, commodity=commodity, share=rule.share_per_day, to=to))
    return tuple(rules)
