"""Vehicles away against Little's law, and what a fleet of N carries against closed forms, with a gate and without."""

from typing import NamedTuple

from corridor.control import Passage
from corridor.policies import FairShare
from tests.builders import network
from tests.supply_cases import BLUE, RED, at, run, source, supply_case
from tests.theory import fleet_tonnes
from tests.verification.page import said
from tests.verification.watch import run_watched

__all__ = ["CYCLE", "FLEETS", "GATES", "Little", "carried", "fleet_row", "little_row", "play_little"]

STAR = network(
    dict.fromkeys("stuv", (36.0, 34.0)), [("s", "t", 10.0, 1.5), ("s", "u", 10.0, 4.0), ("u", "v", 10.0, 2.5)]
)
ROAD = network(dict.fromkeys("sgt", (36.0, 34.0)), [("s", "g", 10.0, 1.0), ("g", "t", 10.0, 2.0)])
LOADING, UNLOADING, REVIEW = 1.0, 0.5, 0.5
PAYLOAD = 10.0
CYCLE = 8.0
"""Hours in which a vehicle loads, drives to t, unloads and drives back to s on the road of `carried`."""
FLEETS = (1, 2, 3, 5, 8, 12)
GATES = (float("inf"), 4.0, 2.0)
"""Vehicles, and vehicles an hour that a gate lets through."""


class Little(NamedTuple):
    """Vehicles away on average, as seen at every review; departures an hour, and hours from one to the return."""

    away: float
    rate: float
    cycle: float


def play_little() -> Little:
    """Return both sides of the law for three towns and two commodities that share a fleet, till all is handed out.

    Everything happens at whole half-hours, when the fleet is looked at: the mean is exact.
    """
    case = supply_case(
        STAR,
        end=480.0,
        commodities=("flour", "diesel"),
        payload=[PAYLOAD, 16.0],
        stock={("s", 0): 900, ("s", 1): 500},
        demand={("t", 0): 2.0, ("u", 0): 1.0, ("v", 0): 0.5, ("u", 1): 1.5, ("v", 1): 0.25},
        tier={(place, goods): 2 * (place != "s") for place in "stuv" for goods in (0, 1)},
        target={("t", 0): 96, ("u", 0): 48, ("v", 0): 24, ("u", 1): 72, ("v", 1): 12},
        fleet={"s": 7},
        loading_hours=LOADING,
        unloading_hours=UNLOADING,
        policy=FairShare(review_hours=REVIEW, target_days={"default": 2.0}),
    )
    home, away = at(STAR, "s"), list[int]()
    trace, state = run_watched(case, lambda state: away.append(7 - int(state.fleet[home, 0])))
    assert not state.convoys
    cycles = [(LOADING + 2 * (row.arrived - row.departed) - UNLOADING, row.vehicles) for row in trace.shipments]
    vehicles = sum(count for _, count in cycles)
    hours = sum(cycle * count for cycle, count in cycles)
    # The last look is at the end, which lasts no time.
    return Little(sum(away[:-1]) * REVIEW / case.end, vehicles / case.end, hours / vehicles)


def carried(vehicles: int, *, gate_rate: float = float("inf"), demand: float = 1000.0) -> float:
    """Return the tonnes an hour that a fleet unloads at t, over many cycles, past a gate that serves one at a time."""
    cycle = CYCLE + 2 * vehicles / gate_rate
    rule = Passage(actor=RED, through=BLUE, mode="gate", rate=gate_rate)
    case = supply_case(
        ROAD,
        end=20 * cycle,
        holder={"g": BLUE},
        passage=[rule],
        sources=[source(ROAD, "s", 1000.0)],
        stock={"s": 1e5},
        demand={"t": demand},
        tier={"s": 0, "t": 2},
        target={"t": 2e4},
        fleet={"s": vehicles},
        loading_hours=LOADING,
        unloading_hours=1.0,
        policy=FairShare(review_hours=REVIEW, target_days={"default": 2.0}),
    )
    counted = [row for row in run(case).shipments if 4 * cycle < row.departed <= 16 * cycle]
    return sum(row.tonnes for row in counted) / (12 * cycle)


def little_row(little: Little) -> tuple[str, ...]:
    """Return what the page says of Little's law."""
    return tuple(said(number, 4) for number in (*little, little.rate * little.cycle))


def fleet_row(vehicles: int, gate_rate: float, played: float) -> tuple[str, ...]:
    """Return what the page says of a fleet."""
    theory = fleet_tonnes(vehicles, payload=PAYLOAD, cycle=CYCLE, gate_rate=gate_rate)
    return f"{vehicles}", "no gate" if gate_rate == float("inf") else f"{gate_rate:g}", said(theory), said(played)
