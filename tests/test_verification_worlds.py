"""Conservation on whole random worlds: 200 of them each time, 10,000 with `make verify`."""

import pickle
from dataclasses import fields

import pytest
from hypothesis import HealthCheck, given, seed, settings

from corridor.case import Case
from corridor.simulation import Trace
from tests.supply_cases import run
from tests.verification.watch import run_watched
from tests.verification.worlds import faults, worlds

SHARES = 4
"""The worlds are drawn in so many shares, which can be played side by side."""
WORLDS = max(200, settings().max_examples)


def written(trace: Trace) -> bytes:
    return pickle.dumps([getattr(trace, field.name) for field in fields(trace)])


@pytest.mark.parametrize("share", range(SHARES))
def test_tonnes_lorries_and_people_are_conserved_in_every_world_and_its_seed_says_all(share: int) -> None:
    @settings(max_examples=WORLDS // SHARES, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    @given(case=worlds())
    def holds(case: Case) -> None:
        trace, state = run_watched(case, lambda _: None, seed=share)
        assert faults(case, trace, state) == []
        assert written(run(case, share)) == written(trace)

    # What is drawn is the same each time and another for each share, but with `make verify` new each time.
    (seed(share)(holds) if settings().derandomize else holds)()
