"""Fleets against Little's law and the closed forms of what they carry."""

import pytest

from tests.theory import fleet_tonnes
from tests.verification.fleets import CYCLE, FLEETS, GATES, Little, carried, fleet_row, little_row, play_little
from tests.verification.page import page_rows


def test_the_vehicles_away_are_the_departures_an_hour_times_the_hours_of_a_cycle() -> None:
    away, rate, cycle = play_little()
    assert 1 < away < 7
    assert away == pytest.approx(rate * cycle, abs=1e-9)
    assert page_rows("little") == [little_row(Little(away, rate, cycle))]


@pytest.mark.parametrize("vehicles", FLEETS)
@pytest.mark.parametrize("rate", GATES)
def test_a_fleet_carries_what_its_cycle_and_the_gate_allow(vehicles: int, rate: float) -> None:
    expected = fleet_tonnes(vehicles, payload=10.0, cycle=CYCLE, gate_rate=rate)
    played = carried(vehicles, gate_rate=rate)
    assert played == pytest.approx(expected, rel=1e-9)
    assert fleet_row(vehicles, rate, played) in page_rows("fleets")
