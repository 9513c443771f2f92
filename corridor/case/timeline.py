"""Who holds what at the start and every dated change after it, from a scenario's names."""

import numpy as np

from corridor.case.model import EventUse
from corridor.case.names import Names, Where
from corridor.control import CONTESTED, Change, ControlTimeline, Passage, in_order
from corridor.network import PIPELINE, Floats, Ints, Network
from corridor.scenario.events import PassageTerms
from corridor.scenario.model import (
    ControlEvent,
    Event,
    LinkEvent,
    PassageEvent,
    PassageRule,
    Scenario,
)

__all__ = ["bind_timeline", "event_uses", "vehicle_classes"]

HOUR = 3600.0
MINUTES = 60.0
MOST_NODES = 3


def vehicle_classes(network: Network) -> tuple[str, ...]:
    """Return the classes of road vehicles that the network's commodities need, at least one."""
    classes = sorted({commodity.vehicle for commodity in network.supply.commodities} - {""})
    return tuple(classes) or ("vehicle",)


def event_uses(scenario: Scenario) -> tuple[EventUse, ...]:
    """Return, for each event of the scenario in its order, the hour used or why it is not applied."""
    horizon = (scenario.end - scenario.start).total_seconds() / HOUR
    uses = []
    for position, event in enumerate(scenario.events):
        time = (event.at - scenario.start).total_seconds() / HOUR
        why_not = ""
        if event.status == "denied":
            why_not = "denied by the record"
        elif time < 0:
            why_not = "before the scenario's start"
        elif time > horizon:
            why_not = "after the scenario's end"
        uses.append(EventUse(event=position, time=time, applied=not why_not, why_not=why_not))
    return tuple(uses)


def bind_timeline(scenario: Scenario, names: Names, uses: tuple[EventUse, ...]) -> ControlTimeline:
    """Return the state at the start and the applied changes of links, control and passage, sorted by time."""
    classes = vehicle_classes(names.network)
    changes = []
    for event, use in zip(scenario.events, uses, strict=True):
        change = _change(event, use, names, classes)
        if change is not None and use.applied:
            changes.append(change)
    return ControlTimeline(
        holder=_holder(scenario, names),
        share=np.tile(_share(scenario, names), (len(classes), 1)),
        passage=tuple(_passage(rule, names, ("passage", index)) for index, rule in enumerate(scenario.passage)),
        changes=in_order(changes),
    )


def _change(event: Event, use: EventUse, names: Names, classes: tuple[str, ...]) -> Change | None:
    where: Where = ("events", use.event)
    if isinstance(event, ControlEvent):
        nodes = names.nodes(event.node, (*where, "node"))
        holder = names.actor(event.actor, (*where, "actor"), nobody="none")
        return Change(time=use.time, event=event.id, nodes=nodes, holder=CONTESTED if holder is None else holder)
    if isinstance(event, LinkEvent):
        return Change(
            time=use.time,
            event=event.id,
            links=names.links(event.link, (*where, "link")),
            share=event.capacity_share,
            classes=_classes(event, names, (*where, "classes"), classes),
        )
    if isinstance(event, PassageEvent):
        return Change(time=use.time, event=event.id, passage=_passage(event, names, where))
    return None


def _classes(event: LinkEvent, names: Names, where: Where, known: tuple[str, ...]) -> tuple[int, ...]:
    for index, name in enumerate(event.classes):
        if name not in known:
            names.unknown((*where, index), "vehicle class", name, known)
    return tuple(known.index(name) for name in event.classes if name in known)


def _passage(rule: PassageRule | PassageEvent, names: Names, where: Where) -> Passage:
    actor = names.actor(rule.actor, (*where, "actor"))
    through = names.actor(rule.through, (*where, "through"), nobody="contested")
    return Passage(
        actor=CONTESTED if actor is None else actor,
        through=CONTESTED if through is None else through,
        mode=rule.mode,
        nodes=names.nodes(rule.nodes, (*where, "nodes")),
        commodities=names.commodities(rule.commodities, (*where, "commodities")),
        delay=rule.delay_hours,
        rate=_service_rate(rule),
        servers=rule.servers,
        service=rule.service,
        variation=rule.service_variation if rule.service == "lognormal" else 0.0,
        opens=_hour_of_day(rule.opens),
        closes=_hour_of_day(rule.closes),
        inspected=rule.inspected_share,
    )


def _service_rate(rule: PassageTerms) -> float:
    """Return the inspected vehicles an hour that each server of a gate lets through on average while it is open.

    `vehicles_per_day` counts all that come through, inspected or not.
    """
    if rule.service_minutes is not None:
        return MINUTES / rule.service_minutes
    if rule.vehicles_per_day is None or rule.inspected_share == 0:
        return float("inf")
    hours = _hour_of_day(rule.closes) - _hour_of_day(rule.opens)
    return rule.vehicles_per_day * rule.inspected_share / hours / rule.servers


def _hour_of_day(clock: str) -> float:
    hours, minutes = clock.split(":")
    return int(hours) + int(minutes) / MINUTES


def _holder(scenario: Scenario, names: Names) -> Ints:
    network = names.network
    holder = np.full(network.node_count, CONTESTED, dtype=np.intp)
    column = names.column(network.control, scenario.control.from_, ("control", "from"))
    if column is not None:
        actors = {actor: position for position, actor in enumerate(scenario.actors)} | {"none": CONTESTED}
        for actor in sorted(set(column.tolist()) - set(actors)):
            nodes = network.node_id[column == actor].tolist()
            names.note(
                ("actors",),
                f"column '{scenario.control.from_}' of the network gives nodes ({', '.join(nodes[:MOST_NODES])}"
                f"{', …' if len(nodes) > MOST_NODES else ''}) to '{actor}'; expected it among the actors",
            )
        holder = np.array([actors.get(actor, CONTESTED) for actor in column.tolist()], dtype=np.intp)
    for name, actor in scenario.control.except_.items():
        where: Where = ("control", "except", name)
        node, position = names.node(name, where), names.actor(actor, where, nobody="none")
        if node is not None and position is not None:
            holder[node] = position
    return holder


def _share(scenario: Scenario, names: Names) -> Floats:
    network = names.network
    share = np.ones(network.link_count)
    pipeline = network.mode == PIPELINE
    columns = scenario.links
    for mode, name, key in ((~pipeline, columns.roads, "roads"), (pipeline, columns.pipelines, "pipelines")):
        if not name:
            continue
        column = names.column(network.open_share, name, ("links", key))
        if column is not None:
            if np.isnan(column[mode]).any():
                names.note(("links", key), f"column '{name}' of network '{network.name}' is not about {key}")
            share[mode] = column[mode]
    for name, value in scenario.links.except_.items():
        share[list(names.links((name,), ("links", "except", name)))] = value
    return share
