"""The arguments and values of a check, as written, turned into what its measure works with."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import asin, cos, radians, sin, sqrt
from typing import Any

import numpy as np

from corridor.case.names import Names
from corridor.case.timeline import vehicle_classes
from corridor.network import Network
from corridor.scenario.measured import SIGNATURES, Check
from corridor.scenario.model import Scenario
from corridor.scenario.values import read_instant
from corridor.scenario.words import nearest

__all__ = ["Asked", "Reader", "Unreadable", "apart"]

EARTH_RADIUS_KM = 6371.009
PROVINCE, AROUND, TOGETHER, ANYWHERE = "province:", "~", "+", "anywhere"
SAID = "said"
"""In place of an instant that is claimed: when the claim was published."""
TRUTHS = {"true": True, "false": False}
HOUR = 3600.0
CITY = "city"
NO_HOLDER = ("none", "several")
MOST = 20
"""How many names a fault lists."""


class Unreadable(Exception):  # noqa: N818 (never a user's to see: a fault holds what it says)
    """An argument of a check means nothing here; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A check with its arguments read: positions, hours since the start, numbers and words; `expected` likewise."""

    check: Check
    arguments: tuple[object, ...]
    expected: tuple[float | bool | str, ...]


class Reader:
    """Read what checks name in a scenario and its network."""

    def __init__(self, scenario: Scenario, network: Network) -> None:
        self._scenario, self._network = scenario, network

    def read(self, check: Check, *, said: datetime | None = None) -> Asked:
        """Return a check with its arguments read; `said` is what it means by that word.

        Raises
        ------
        Unreadable
            If one of them means nothing here.
        """
        signature = SIGNATURES[check.measure]
        wrong: list[str] = []
        pairs = zip(signature.arguments, check.arguments, strict=True)
        arguments = [self._tried(wrong, getattr(self, kind), text) for (_, kind), text in pairs]
        expected = [self._tried(wrong, lambda text: self._expected(check, text, said), text) for text in check.expected]
        wrong = wrong or list(_never(check, arguments, expected))
        if wrong:
            raise Unreadable("; ".join(wrong))
        return Asked(check=check, arguments=tuple(arguments), expected=tuple(expected))

    def _tried(self, wrong: list[str], reader: Callable[[str], Any], text: str) -> Any:  # noqa: ANN401 (as read)
        """Return a text as read; what is wrong with it goes into a list, so that all slips are told at once."""
        try:
            return reader(text)
        except Unreadable as error:
            wrong.append(str(error))
            return None

    def node(self, text: str) -> int:
        """Return the position of a node."""
        names = Names(self._scenario, self._network)
        position = names.node(text, ())
        if position is None:
            raise Unreadable(names.faults[0].message)
        return position

    def place(self, text: str) -> tuple[int, ...]:
        """Return the positions of a node, of an area's nodes, or of several of these joined by ``+``.

        ``around~km`` are the nodes so near a node, ``province:Name`` those of a province, ``anywhere`` all.
        """
        network = self._network
        if text == ANYWHERE:
            return tuple(range(network.node_count))
        if TOGETHER in text:
            return tuple(dict.fromkeys(node for part in text.split(TOGETHER) for node in self.place(part.strip())))
        if text.startswith(PROVINCE):
            name = text.removeprefix(PROVINCE)
            inside = np.flatnonzero(network.admin1 == name)
            if not inside.size:
                raise Unreadable(f"unknown province '{name}'; there is {', '.join(sorted(set(network.admin1) - {''}))}")
            return tuple(inside.tolist())
        if AROUND in text:
            name, _, reach = text.partition(AROUND)
            middle, km = self.node(name), self.number(reach)
            return tuple(node for node in range(network.node_count) if apart(network, middle, node) <= km)
        names = Names(self._scenario, network)
        found = names.place(text, ())
        if names.faults:
            raise Unreadable(names.faults[0].message)
        return found

    def turns(self, text: str) -> tuple[tuple[int, ...], ...]:
        """Return the places of a list parted by ``>``."""
        return tuple(self.place(part.strip()) for part in text.split(">"))

    def actor(self, text: str) -> int:
        """Return the position of an actor."""
        return self._among("actor", text, tuple(self._scenario.actors))

    def commodity(self, text: str) -> int:
        """Return the position of a commodity."""
        return self._among("commodity", text, self._scenario.supply.commodities)

    def instant(self, text: str) -> float:
        """Return an instant within the scenario as hours since its start."""
        scenario = self._scenario
        hour, end = self._moment(text), (scenario.end - scenario.start).total_seconds() / HOUR
        if not 0 <= hour <= end:
            span = " to ".join(edge.isoformat(timespec="minutes") for edge in (scenario.start, scenario.end))
            raise Unreadable(f"{text} lies outside {scenario.name}, which runs from {span}")
        return hour

    def city(self, text: str) -> int:
        """Return the position of a node that is a city."""
        node = self.node(text)
        if self._network.kind[node] != CITY:
            raise Unreadable(f"'{text}' is of kind '{self._network.kind[node]}', expected a city")
        return node

    def kind(self, text: str) -> str:
        """Return a kind that some node is of."""
        return self._known("kind", text, set(self._network.kind.tolist()))

    def column(self, text: str) -> str:
        """Return the name of a dated column of population."""
        return self._known("column of population", text, self._network.population)

    def carried(self, text: str) -> str:
        """Return what some pipeline carries."""
        return self._known("commodity of pipelines", text, set(self._network.commodity.tolist()) - {""})

    def link(self, text: str) -> tuple[int, ...]:
        """Return the positions of a link: both directions of a road."""
        return self._network.link_positions()[self._known("link", text, self._network.link_positions())]

    def vehicle(self, text: str) -> int:
        """Return the position of a class of vehicles."""
        return self._among("vehicle class", text, vehicle_classes(self._network))

    def number(self, text: str) -> float:
        """Return a number."""
        try:
            return float(text)
        except ValueError:
            raise Unreadable(f"found '{text}', expected a number") from None

    def word(self, text: str) -> str:
        """Return a text as it is."""
        return text

    def _known(self, what: str, text: str, known: Collection[str]) -> str:
        if text not in known:
            near = nearest(text, known)
            hint = f"did you mean '{near}'?" if near else f"there is {', '.join(sorted(known)[:MOST])}"
            raise Unreadable(f"unknown {what} '{text}'; {hint}")
        return text

    def _among(self, what: str, text: str, known: tuple[str, ...]) -> int:
        if text not in known:
            raise Unreadable(f"unknown {what} '{text}'; there is {', '.join(known)}")
        return known.index(text)

    def _moment(self, text: str) -> float:
        """Return any instant as hours since the scenario's start."""
        try:
            return (read_instant(text) - self._scenario.start).total_seconds() / HOUR
        except ValueError as error:
            raise Unreadable(f"'{text}' {error}") from None

    def _expected(self, check: Check, text: str, said: datetime | None) -> float | bool | str:
        """Return a claimed value as what the measure answers: an instant as hours since the scenario's start."""
        answer = SIGNATURES[check.measure].answer
        if answer == "truth":
            if text not in TRUTHS:
                raise Unreadable(f"found '{text}', expected true or false")
            return TRUTHS[text]
        if answer == "instant":
            if text == SAID and said is not None:
                return (said - self._scenario.start).total_seconds() / HOUR
            return self._moment(text)
        return self._answer(check, text) if answer == "word" else self.number(text)

    def _answer(self, check: Check, text: str) -> str:
        """Return a word that the measure can answer with."""
        if check.measure == "holder":
            return self._known("holder", text, {*self._scenario.actors, *NO_HOLDER})
        return self._known("node", text, {*self._network.node_id.tolist(), "none"})


def _never(check: Check, arguments: Sequence[Any], expected: Sequence[Any]) -> Iterator[str]:
    """Give what makes a check that is well written one that can never hold, or of which nothing can be measured."""
    signature = SIGNATURES[check.measure].arguments
    named = {name: value for (name, _), value in zip(signature, arguments, strict=True)}
    written = {name: text for (name, _), text in zip(signature, check.arguments, strict=True)}
    begins = next((name for name in ("since", "from") if isinstance(named.get(name), float)), "")
    if begins and "until" in named and named[begins] >= named["until"]:
        yield f"{written['until']} is not later than {written[begins]}"
    if check.measure == "max_flow" and set(named["from"]) & set(named["to"]):
        yield f"{written['from']} and {written['to']} have places in common"
    if check.measure in ("detour_without", "road_km", "truck_hours", "bearing") and named["from"] == named["to"]:
        yield f"from {written['from']} to {written['to']} there is nothing to measure"
    if check.relation == "within" and expected[0] > expected[1]:
        yield f"{check.expected[0]} is more than {check.expected[1]}: nothing lies within"


def apart(network: Network, one: int, other: int) -> float:
    """Return the distance on the sphere between two nodes (of their points on the road graph), km."""
    lat1, lon1, lat2, lon2 = (
        radians(float(value)) for node in (one, other) for value in (network.lat[node], network.lon[node])
    )
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(half))
