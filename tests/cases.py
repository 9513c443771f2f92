"""How tests bind a small network to a scenario in one line."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import numpy as np

from corridor.case import Case, Source, bind
from corridor.network import Network
from corridor.policies import NearestFirst
from corridor.scenario.model import (
    Actor,
    Control,
    ControlEvent,
    Event,
    LinkEvent,
    Links,
    PassageRule,
    Scenario,
    Show,
    Supply,
)
from tests.builders import CONTROL, OPEN, PERSONS

__all__ = ["START", "bound", "closes", "takes", "with_sources"]

START = datetime(2024, 1, 1, tzinfo=timezone(timedelta(hours=3)))
SURE: dict[str, Any] = {"status": "confirmed", "source": "test"}


def takes(hour: float, actor: str, *nodes: str) -> ControlEvent:
    """Return the event that `actor` (none: nobody) holds `nodes` from `hour` on."""
    at = START + timedelta(hours=hour)
    return ControlEvent(kind="control", id=f"{actor}@{hour}", node=nodes, actor=actor, at=at, **SURE)


def closes(hour: float, link: str, share: float = 0.0) -> LinkEvent:
    """Return the event that a link carries `share` of its capacity from `hour` on."""
    at = START + timedelta(hours=hour)
    return LinkEvent(kind="link", id=f"{link}@{hour}", link=(link,), capacity_share=share, at=at, **SURE)


def bound(
    network: Network,
    events: Iterable[Event] = (),
    *,
    actors: Sequence[str] = ("red", "blue", "green"),
    passage: Sequence[PassageRule] = (),
    hours: float = 48.0,
    **fields: Any,
) -> Case:
    """Return a case of so many `hours` on a network of `tests.builders`; `fields` are those of a scenario."""
    scenario = Scenario(
        name="test",
        title="Test",
        network="test",
        start=START,
        end=START + timedelta(hours=hours),
        population=PERSONS,
        actors={actor: Actor(name=actor.title(), colour="#000000") for actor in actors},
        control=Control(from_=CONTROL),
        links=Links(roads=OPEN, pipelines=OPEN),
        passage=tuple(passage),
        events=tuple(events),
        supply=Supply(commodities=(), policy=NearestFirst(kind="nearest_first")),
        show=Show(anchors=fields.pop("anchors", ())),
        **fields,
    )
    return bind(scenario, network)


def with_sources(case: Case, *sources: Source, vehicle: int = 0) -> Case:
    """Return the case with one commodity, fuel, that everybody asks for and that `sources` put out."""
    supply = replace(
        case.supply,
        commodities=("fuel",),
        vehicle=np.array([vehicle]),
        demand=case.population[:, None] / 1000,
        sources=sources,
    )
    return replace(case, supply=supply)
