from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corridor.case import Case
from corridor.case.trips import trip_demand
from corridor.cli.loading import load
from corridor.criticality import Aim, Shut, reopen, shortened
from corridor.paths import Roads

SCENARIOS = Path(__file__).parent.parent / "scenarios"
IN_MAY, IN_MARCH = 149 * 24.0, 88 * 24.0
"""Hours since 12 December 2024: when the bridge of Rastan is closed, and when every road to the coast is."""


@pytest.fixture(scope="module")
def recovery() -> Case:
    return load(SCENARIOS / "recovery_2025.yaml").case


def mean_trip(case: Case, hour: float, opened: str = "") -> float:
    """Return the mean trip of those who have a way before, hours, with one more road open."""
    epoch = case.epoch_at(hour)
    demand = trip_demand(case, epoch, 0)
    joined = np.isfinite(Roads(case.network, case.drivable(epoch, 0)).hours(demand.origins)[:, demand.origins])
    more = replace(epoch, share=np.where(case.network.link_id == opened, 1.0, epoch.share))
    hours = Roads(case.network, case.drivable(more, 0)).hours(demand.origins)[:, demand.origins]
    return float((demand.share[:, demand.origins] * np.where(joined, hours, 0.0)).sum())


@pytest.mark.parametrize("hour", [IN_MAY, IN_MARCH])
def test_each_closed_road_takes_off_what_opening_it_takes_off(recovery: Case, hour: float) -> None:
    shut = reopen(recovery, 0, 1, aim=Aim(hour=hour)).shut
    found = shortened(recovery, 0, hour, shut)
    before = mean_trip(recovery, hour)
    expected = [before - mean_trip(recovery, hour, one.road) for one in shut]
    assert found == pytest.approx(expected, abs=1e-9)


def test_the_bridge_of_rastan_is_what_to_reopen_next_in_may(recovery: Case) -> None:
    shut = reopen(recovery, 0, 1, aim=Aim(hour=IN_MAY)).shut
    found = shortened(recovery, 0, IN_MAY, shut)
    assert "rastan" in shut[int(np.argmax(found))].road
    assert found.max() * 60 > 1


def test_nothing_is_shorter_where_no_road_is_closed_or_nobody_lives(recovery: Case) -> None:
    assert shortened(recovery, 0, 0.0, ()).size == 0
    turkiye = recovery.actors.index("turkiye")
    shut: tuple[Shut, ...] = reopen(recovery, 0, 1, aim=Aim(hour=IN_MAY)).shut
    assert not shortened(recovery, turkiye, IN_MAY, shut).any()


def test_who_does_not_exist_and_when_nothing_is_known_are_told(recovery: Case) -> None:
    with pytest.raises(ValueError, match="actor"):
        shortened(recovery, 99, 0.0, ())
    with pytest.raises(ValueError, match="hour"):
        shortened(recovery, 0, 1e9, ())
