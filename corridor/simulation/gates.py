"""Gates: how long they take, when they are open, and who has waited at them."""

from typing import NamedTuple

import numpy as np
import simpy

from corridor.control import Passage
from corridor.simulation.trace import GateRecord

__all__ = ["Gate", "Queue", "next_opening", "service_hours"]

DAY = 24.0


class Gate(NamedTuple):
    """Say where vehicles are served before they drive on, and by what `terms`.

    A gate of passage lets into `node`, a road of reduced capacity over `link`; the other of the two is -1.
    """

    node: int
    link: int
    terms: Passage


class Queue:
    """Hold those who are served or wait at one gate, and what was counted there since the start.

    `resource` is its servers, one convoy at each; `waiting` the vehicles that wait now.
    """

    __slots__ = ("_convoys", "_longest", "_most", "_vehicles", "_waited", "gate", "resource", "waiting")

    def __init__(self, clock: simpy.Environment, gate: Gate) -> None:
        self.gate = gate
        self.resource = simpy.Resource(clock, capacity=gate.terms.servers)
        self.waiting = 0
        self.open()

    def open(self) -> None:
        """Begin to count here."""
        self._convoys = self._vehicles = 0
        self._waited = self._longest = 0.0
        self._most = self.waiting

    def line_up(self, vehicles: int) -> None:
        """Count the vehicles of a convoy among those that wait."""
        self.waiting += vehicles
        self._most = max(self._most, self.waiting)

    def leave_line(self, vehicles: int) -> None:
        """Count the vehicles of a convoy no longer among those that wait: served, or gone."""
        self.waiting -= vehicles

    def serve(self, vehicles: int, waited: float) -> None:
        """Count a convoy as served after `waited` hours."""
        self._convoys += 1
        self._vehicles += vehicles
        self._waited += waited
        self._longest = max(self._longest, waited)

    def record(self) -> GateRecord:
        """Return what was counted."""
        return GateRecord(
            actor=self.gate.terms.actor,
            node=self.gate.node,
            link=self.gate.link,
            convoys=self._convoys,
            vehicles=self._vehicles,
            waited=self._waited,
            longest=self._longest,
            most_vehicles=self._most,
        )


def next_opening(terms: Passage, now: float, day_begins: float) -> float:
    """Return the first instant from `now` on at which a gate begins to serve, hours.

    `day_begins` is an hour at which a day of the scenario begins.
    """
    hour = (now - day_begins) % DAY
    return now if terms.opens <= hour < terms.closes else now + (terms.opens - hour) % DAY


def service_hours(terms: Passage, vehicles: int, luck: np.random.SeedSequence) -> float:
    """Return the hours that one server takes for the vehicles of a convoy, one after another.

    Where the time of a vehicle is constant nothing is drawn, and the share that is inspected counts in full; else the
    number of inspected vehicles is binomial, and their times add up.
    """
    if terms.rate == float("inf"):
        return 0.0
    if terms.service == "constant":
        return vehicles * terms.inspected / terms.rate
    stream = np.random.default_rng(luck)
    inspected = int(stream.binomial(vehicles, terms.inspected))
    if terms.service == "exponential":
        return float(stream.standard_gamma(inspected)) / terms.rate
    spread = np.log1p(terms.variation**2)
    return float(stream.lognormal(-spread / 2, np.sqrt(spread), inspected).sum()) / terms.rate
