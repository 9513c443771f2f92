"""A network by itself as a case: one holder of everything, every road open, no supply and no time that passes."""

from datetime import UTC, datetime

import numpy as np

from corridor.case.model import Case
from corridor.case.names import Names
from corridor.case.supply import bind_supply
from corridor.case.timeline import vehicle_classes
from corridor.control import ControlTimeline, epochs
from corridor.errors import NetworkError
from corridor.network import Network
from corridor.policies import FairShare
from corridor.scenario.model import Actor, Control, Links, Scenario, Supply

__all__ = ["EVERYBODY", "whole"]

EVERYBODY = "everybody"
"""The actor that holds a network looked at by itself."""
START, END = (datetime(2000, 1, day, tzinfo=UTC) for day in (1, 2))


def whole(network: Network) -> Case:
    """Return a network as a case in which one actor, `EVERYBODY`, holds every node and every road is open.

    The people are those of the last of its dated columns of population.

    Raises
    ------
    NetworkError
        If it has no such column: nothing could be weighed by people.
    """
    if not network.population:
        raise NetworkError(f"network '{network.name}' has no column of population: nothing can be weighed by people")
    column = list(network.population)[-1]
    scenario = Scenario(
        name=network.name,
        title=network.title or network.name,
        network=network.name,
        start=START,
        end=END,
        population=column,
        actors={EVERYBODY: Actor(name="Everybody", colour="#0072B2", name_ar="الجميع")},
        control=Control(from_=""),
        links=Links(roads="", pipelines=""),
        supply=Supply(commodities=(), policy=FairShare()),
    )
    timeline = ControlTimeline(
        holder=np.zeros(network.node_count, dtype=np.intp),
        share=np.ones((len(vehicle_classes(network)), network.link_count)),
        passage=(),
        changes=(),
    )
    population = network.population[column]
    end = (END - START).total_seconds() / 3600
    return Case(
        scenario=scenario,
        network=network,
        actors=(EVERYBODY,),
        warmup=0.0,
        end=end,
        population=population,
        timeline=timeline,
        epochs=epochs(timeline, start=0.0, end=end),
        supply=bind_supply(scenario, Names(scenario, network), population, ()),
        uses=(),
    )
