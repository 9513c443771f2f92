"""Dated changes of supply: facilities, hoarding and aid convoys, from a scenario's names."""

from corridor.case.model import AidConvoy, DemandChange, EventUse, RateChange, Source
from corridor.case.names import Names, Where
from corridor.scenario.model import ConvoyEvent, FacilityEvent, Scenario

__all__ = ["aid_convoys", "demand_changes", "rate_changes"]


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


def demand_changes(scenario: Scenario, names: Names) -> tuple[DemandChange, ...]:
    """Return intervals of hoarding as changes of demand, sorted by time: where two meet, the one ends first."""
    begun: list[DemandChange] = []
    ended: list[DemandChange] = []
    for index, rule in enumerate(scenario.supply.hoarding):
        rule_where: Where = ("supply", "hoarding", index)
        column = names.commodity(rule.commodity, (*rule_where, "commodity"))
        nodes = names.places(rule.places, (*rule_where, "places"))
        if column is None:
            continue
        for changes, instant, factor in ((begun, rule.from_, rule.factor), (ended, rule.until, 1.0)):
            time = (instant - scenario.start).total_seconds() / 3600
            changes.append(DemandChange(time=time, event="hoarding", nodes=nodes, commodity=column, factor=factor))
    return tuple(sorted([*ended, *begun], key=lambda change: change.time))


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
