"""What is measured in a run with changes: a few numbers of three scenarios, as the page of validation tells them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np

from corridor.case import Case
from corridor.claims import check
from corridor.control import Epoch
from corridor.metrics import days_of_supply, pockets
from corridor.network import Floats
from corridor.simulation import Shipment, Trace, simulate
from docs.variants import Change, case_of

__all__ = ["BEFORE", "FUEL", "HOMS", "LAST", "SIEGE", "SPLIT", "Run", "fuel_row", "homs_row", "siege_row"]

BEFORE, SPLIT, LAST = "2024-12-07T22:00", "2024-12-08T02:00", "2024-12-10T00:00"
BREAK = "2024-12-08T01:30"
"""From when on the way from the coast is cut, in the record."""
SIEGE_END = "2014-05-09T12:00"
GOODS = ("gasoline", "diesel", "flour")
HOMS = (
    "gasoline 7 Dec, days", "diesel 7 Dec, days", "flour 7 Dec, days",
    "gasoline 10 Dec, days", "diesel 10 Dec, days", "flour 10 Dec, days",
    "coast to Damascus, t", "pockets", "findings that fail",
)  # fmt: skip
SIEGE = (
    "flour gone", "dry food gone", "medicine gone", "days without dry food", "dry food 1 Feb 2014, days",
    "people 6 Feb 2014", "findings that fail",
)  # fmt: skip
FUEL = ("Banias stops", "diesel of Damascus 20 Dec, days", "diesel below a day from", "findings that fail")
SOME = 1e-9
ARRIVED = {"delivered", "diverted"}


@dataclass(frozen=True)
class Run:
    """One replication of a shipped scenario with changes."""

    name: str
    changes: Sequence[Change] = ()

    @cached_property
    def case(self) -> Case:
        """The scenario, bound to its network."""
        return case_of(self.name, *self.changes)

    @cached_property
    def trace(self) -> Trace:
        """What its replication left behind."""
        return simulate(self.case, np.random.SeedSequence(self.case.scenario.draw.seed))

    def hour(self, instant: str) -> float:
        """Return the hours from the start to a local instant."""
        return self.case.hour(datetime.fromisoformat(f"{instant}+03:00"))

    def sample(self, instant: str) -> int:
        """Return the position of the last record that is not after an instant."""
        return int(np.searchsorted(self.trace.time, self.hour(instant) + SOME, side="right")) - 1

    def days(self, place: str, commodity: str) -> Floats:
        """Return the days of supply of a node or an area at each record, shape (t,)."""
        network, trace = self.case.network, self.trace
        rows = (network.area[trace.place] == place) | (network.node_id[trace.place] == place)
        column = self.case.supply.commodities.index(commodity)
        return days_of_supply(trace.stock[:, rows, column].sum(axis=1), trace.demand[:, rows, column].sum(axis=1))

    def days_at(self, place: str, commodity: str, instant: str) -> float:
        """Return the days of supply of a node or an area at an instant."""
        return float(self.days(place, commodity)[self.sample(instant)])

    def pockets_at(self, actor: str, instant: str) -> int:
        """Return into how many pockets of 1 % of its people or more an actor's territory falls."""
        return self.pockets_in(actor, self.case.epoch_at(self.hour(instant)))

    def pockets_in(self, actor: str, epoch: Epoch) -> int:
        """Return into how many such pockets it falls in an epoch."""
        found = pockets(self.case, epoch, self.case.actors.index(actor))
        return sum(pocket.substantial for pocket in found)

    def tonnes_at(self, node: str, commodity: str, instant: str) -> float:
        """Return the tonnes in stock at a node at an instant."""
        position, column = self.case.network.node_positions()[node], self.case.supply.commodities.index(commodity)
        return float(self.trace.stock[self.sample(instant), self.trace.place == position, column].sum())

    def carried(self, origin: str, destination: str, until: str) -> list[Shipment]:
        """Return what went by road from area to area, left before an instant and arrived."""
        area, end = self.case.network.area, self.hour(until)
        return [
            each
            for each in self.trace.shipments
            if each.mode == "road"
            and each.outcome in ARRIVED
            and area[each.origin] == origin
            and area[each.destination] == destination
            and 0 <= each.departed < end
        ]

    def failing(self) -> list[str]:
        """Return the findings that the scenario expects and that are otherwise."""
        return [finding.id for finding in check(self.case, self.trace) if not finding.passed]

    def runs_until(self, node: str, commodity: str) -> float:
        """Return the hour of the last record at which a refinery still put something out."""
        position, column = self.case.network.node_positions()[node], self.case.supply.commodities.index(commodity)
        made = self.trace.made[:, self.trace.place == position, column].sum(axis=1)
        return float(self.trace.time[np.flatnonzero(np.diff(made) > SOME)[-1] + 1])

    def first_out(self, node: str, commodity: str) -> float:
        """Return the hour from which a place first has none of a commodity; infinite when it always has some."""
        return min((start for start, _ in self._out(node, commodity)), default=float("inf"))

    def days_out(self, node: str, commodity: str, until: str) -> float:
        """Return for how many days until an instant a place has none of a commodity."""
        end = self.hour(until)
        return sum(max(0.0, min(last, end) - start) for start, last in self._out(node, commodity)) / 24

    def persons_at(self, node: str, instant: str) -> float:
        """Return how many people are at a node at an instant."""
        position = self.case.network.node_positions()[node]
        return float(self.trace.persons[self.sample(instant), self.trace.place == position].sum())

    def _out(self, node: str, commodity: str) -> list[tuple[float, float]]:
        position, column = self.case.network.node_positions()[node], self.case.supply.commodities.index(commodity)
        return [
            (each.start, each.end)
            for each in self.trace.stockouts
            if each.node == position and each.commodity == column
        ]


def homs_row(*changes: Change) -> tuple[str, ...]:
    """Return the columns `HOMS` of a run of `homs_2024`."""
    run = Run("homs_2024", changes)
    days = [run.days_at("damascus_area", goods, instant) for instant in (BEFORE, LAST) for goods in GOODS]
    tonnes = sum(each.tonnes for each in run.carried("coast", "damascus_area", BREAK))
    numbers = [f"{number:.1f}" for number in days]
    return (*numbers, f"{tonnes:,.0f}", f"{run.pockets_at('regime', SPLIT)}", _listed(run.failing()))


def siege_row(*changes: Change) -> tuple[str, ...]:
    """Return the columns `SIEGE` of a run of `old_city_siege_2012_2014`."""
    run = Run("old_city_siege_2012_2014", changes)
    gone = [_day(run, run.first_out("old_city", goods)) for goods in ("flour", "dry_food", "medicine")]
    without = run.days_out("old_city", "dry_food", SIEGE_END)
    left = run.days_at("old_city", "dry_food", "2014-02-01T00:00")
    people = run.persons_at("old_city", "2014-02-06T12:00")
    return (*gone, f"{without:.0f}", f"{left:.1f}", f"{people:,.0f}", _listed(run.failing()))


def fuel_row(*changes: Change) -> tuple[str, ...]:
    """Return the columns `FUEL` of a run of `fuel_break_2024`."""
    run = Run("fuel_break_2024", changes)
    stops = run.runs_until("banias_refinery", "diesel")
    stop = "not before 12 Jan 2025" if stops >= run.case.end else _day(run, stops)
    diesel = run.days("damascus_area", "diesel")
    later = run.sample("2024-12-20T00:00")
    below = np.flatnonzero(diesel[later:] < 1.0)
    first = float(run.trace.time[later + below[0]]) if below.size else float("inf")
    return (stop, f"{diesel[later]:.1f}", _day(run, first), _listed(run.failing()))


def _day(run: Run, hour: float) -> str:
    if hour == float("inf"):
        return "never"
    return f"{run.case.instant(hour):%d %b %Y}".lstrip("0")


def _listed(found: Sequence[str]) -> str:
    return ", ".join(found) or "none"
