"""Binding: every name of a scenario resolved in its network, or every one that cannot be named as a fault."""

import numpy as np

from corridor.case.measured import Reader, Unreadable
from corridor.case.model import Case
from corridor.case.names import Names, Where
from corridor.case.supply import bind_supply
from corridor.case.timeline import bind_timeline, event_uses
from corridor.control import epochs
from corridor.errors import Fault, ScenarioError
from corridor.network import Network
from corridor.scenario.measured import parse_check
from corridor.scenario.model import (
    ExpectDaysOfSupply,
    ExpectDeliveries,
    ExpectFalls,
    ExpectMeasure,
    ExpectPocket,
    ExpectPockets,
    ExpectReaches,
    Scenario,
)

__all__ = ["bind"]


def bind(scenario: Scenario, network: Network) -> Case:
    """Return the case of `scenario` on `network`.

    Raises
    ------
    ScenarioError
        If the scenario names what the network or the scenario does not have: every such fault at once, each with
        its `where`, the way into the scenario's file.
    """
    names = Names(scenario, network)
    uses = event_uses(scenario)
    timeline = bind_timeline(scenario, names, uses)
    column = names.column(network.population, scenario.population, ("population",))
    population = np.zeros(network.node_count) if column is None else column
    supply = bind_supply(scenario, names, population, uses)
    if scenario.draw.replications != 1:
        found = f"found {scenario.draw.replications} replications, expected 1"
        names.note(("draw", "replications"), f"{found}: event times are not drawn from their windows yet")
    _check_show(scenario, names)
    _check_expectations(scenario, names)
    if names.faults:
        raise ScenarioError(names.faults)
    warmup = scenario.warmup_days * 24.0
    end = (scenario.end - scenario.start).total_seconds() / 3600
    return Case(
        scenario=scenario,
        network=network,
        actors=tuple(scenario.actors),
        warmup=warmup,
        end=end,
        population=population,
        timeline=timeline,
        epochs=epochs(timeline, start=-warmup, end=end),
        supply=supply,
        uses=uses,
    )


def _check_show(scenario: Scenario, names: Names) -> None:
    names.nodes(scenario.show.places, ("show", "places"))
    names.nodes(scenario.show.anchors, ("show", "anchors"))
    if scenario.show.maps_actor:
        names.actor(scenario.show.maps_actor, ("show", "maps_actor"))


def _check_expectations(scenario: Scenario, names: Names) -> None:
    for index, expected in enumerate(scenario.expect):
        where: Where = ("expect", index)
        match expected:
            case ExpectPockets():
                names.actor(expected.actor, (*where, "actor"))
            case ExpectPocket():
                names.actor(expected.actor, (*where, "actor"))
                names.node(expected.of, (*where, "of"))
                names.nodes(expected.includes, (*where, "includes"))
                names.nodes(expected.excludes, (*where, "excludes"))
            case ExpectReaches():
                names.actor(expected.actor, (*where, "actor"))
                names.node(expected.from_, (*where, "from"))
                names.node(expected.to, (*where, "to"))
                names.nodes(expected.through, (*where, "through"))
            case ExpectDeliveries():
                for key, places in (("from", expected.from_), ("to", expected.to)):
                    for position, name in enumerate(places):
                        names.place(name, (*where, key, position))
                names.commodities(expected.commodities, (*where, "commodities"))
            case ExpectMeasure():
                _check_measure(scenario, names, expected, (*where, "that"))
            case ExpectDaysOfSupply() | ExpectFalls():
                names.place(expected.place, (*where, "place"))
                names.commodity(expected.commodity, (*where, "commodity"))


def _check_measure(scenario: Scenario, names: Names, expected: ExpectMeasure, where: Where) -> None:
    check = parse_check(expected.that)
    try:
        if not isinstance(check, Fault):
            Reader(scenario, names.network).read(check)
    except Unreadable as error:
        names.note(where, str(error))
