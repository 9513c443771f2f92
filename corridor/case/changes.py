"""Dated changes of supply: facilities, people, hoarding and aid convoys, from a scenario's names."""

from corridor.case.model import AidConvoy, DemandChange, EventUse, Movement, RateChange, Source
from corridor.case.names import Names, Where
from corridor.network import Floats
from corridor.scenario.model import ConvoyEvent, FacilityEvent, PopulationEvent, Scenario

__all__ = ["aid_convoys", "demand_changes", "movements", "rate_changes"]


def rate_changes(
    scenario: Scenario, names: Names, sources: tuple[Source, ...], uses: tuple[EventUse, ...]
) -> tuple[RateChange, ...]:
    """Return when which source works at what share of its rate, sorted by time."""
    positions = {source.id: position for position, source in enumerate(sources)}
    known = {row.id for row in names.network.supply.facilities}
    changes = []
    for use in uses:
        event = scenario.events[use.event]
        if not isinstance(event, FacilityEvent):
            continue
        for index, facility in enumerate(event.facility):
            if facility not in known:
                names.unknown(("events", use.event, "facility", index), "facility", facility, sorted(known))
            elif facility in positions and use.applied:
                changes.append(
                    RateChange(time=use.time, event=event.id, source=positions[facility], share=event.rate_share)
                )
    return tuple(sorted(changes, key=lambda change: change.time))


def movements(scenario: Scenario, names: Names, population: Floats, uses: tuple[EventUse, ...]) -> tuple[Movement, ...]:
    """Return the dated movements of people, sorted by time.

    `population` (n,) persons at the start: no more can leave a place than are there.
    """
    found = []
    present = population.copy()
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
        if origin >= 0:
            if event.persons > present[origin]:
                there = f"{present[origin]:,.0f} people are at '{event.from_}' then"
                names.note((*where, "persons"), f"found {event.persons:,.0f} persons to leave, but {there}")
            present[origin] -= event.persons
        if destination >= 0:
            present[destination] += event.persons
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
    return tuple(found)


def demand_changes(scenario: Scenario, names: Names) -> tuple[DemandChange, ...]:
    """Return intervals of hoarding as changes of demand, sorted by time."""
    changes = []
    for index, rule in enumerate(scenario.supply.hoarding):
        rule_where: Where = ("supply", "hoarding", index)
        column = names.commodity(rule.commodity, (*rule_where, "commodity"))
        nodes = names.nodes(rule.places, (*rule_where, "places")) or tuple(range(names.network.node_count))
        if column is None:
            continue
        for instant, factor in ((rule.from_, rule.factor), (rule.until, 1.0)):
            time = (instant - scenario.start).total_seconds() / 3600
            changes.append(DemandChange(time=time, event="hoarding", nodes=nodes, commodity=column, factor=factor))
    return tuple(sorted(changes, key=lambda change: change.time))


def aid_convoys(scenario: Scenario, names: Names, uses: tuple[EventUse, ...]) -> tuple[AidConvoy, ...]:
    """Return the dated convoys, refused ones with their `permitted` false, sorted by time."""
    convoys = []
    for use in uses:
        event = scenario.events[use.event]
        if not isinstance(event, ConvoyEvent):
            continue
        where: Where = ("events", use.event)
        actor = names.actor(event.actor, (*where, "actor"))
        origin, destination = names.node(event.from_, (*where, "from")), names.node(event.to, (*where, "to"))
        commodity = names.commodity(event.commodity, (*where, "commodity"))
        if actor is None or origin is None or destination is None or commodity is None or not use.applied:
            continue
        convoys.append(
            AidConvoy(
                time=use.time,
                event=event.id,
                actor=actor,
                origin=origin,
                destination=destination,
                commodity=commodity,
                tonnes=event.tonnes,
                permitted=event.permitted,
                unloaded=event.unloaded_share,
            )
        )
    return tuple(sorted(convoys, key=lambda convoy: convoy.time))
