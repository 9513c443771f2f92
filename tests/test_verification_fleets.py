"""Fleets against Little's law and the closed forms of what they carry."""

import pytest

from tests.theory import fleet_tonnes
from tests.verification.fleets import CYCLE, carried, play_little


def test_the_vehicles_away_are_the_departures_an_hour_times_the_hours_of_a_cycle() -> None:
    away, rate, cycle = play_little()
    assert 1 < away < 7
    assert away == pytest.approx(rate * cycle, abs=1e-9)


@pytest.mark.parametrize("vehicles", [1, 2, 5, 12])
@pytest.mark.parametrize("rate", [float("inf"), 4.0, 2.0])
def test_a_fleet_carries_what_its_cycle_and_the_gate_allow(vehicles: int, rate: float) -> None:
    expected = fleet_tonnes(vehicles, payload=10.0, cycle=CYCLE, gate_rate=rate)
    assert carried(vehicles, gate_rate=rate, demand=1000.0) == pytest.approx(expected, rel=1e-9)
