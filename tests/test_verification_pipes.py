"""A pipe's fill and delay against closed forms."""

import numpy as np
import pytest

from tests.theory import pipe_received
from tests.verification.page import page_rows
from tests.verification.pipes import (
    CAPACITY,
    CUT,
    REVIEWS,
    TRANSIT,
    cut,
    fill,
    mean_fill,
    pipe_row,
    play_pipe,
    received,
)


@pytest.mark.parametrize("review", REVIEWS)
def test_what_comes_out_of_a_pipe_is_what_went_in_a_transit_time_ago(review: float) -> None:
    trace = play_pipe(review)
    hours = trace.time
    expected = [pipe_received(hour, capacity=CAPACITY, transit=TRANSIT, review=review) for hour in hours.tolist()]
    assert received(trace, hours) == pytest.approx(expected, abs=1e-9)
    place = trace.place.tolist().index(1)
    assert trace.received[:, place, 0] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("review", REVIEWS)
def test_a_pipe_holds_its_capacity_times_its_transit_on_average(review: float) -> None:
    trace = play_pipe(review)
    assert pipe_row(review, trace) in page_rows("pipes")
    assert mean_fill(trace) == pytest.approx(CAPACITY * TRANSIT, abs=1e-9)


@pytest.mark.parametrize("review", REVIEWS)
def test_a_cut_pipe_keeps_its_fill_and_delays_it_by_as_long_as_the_cut_lasts(review: float) -> None:
    whole, trace = play_pipe(review), play_pipe(review, *cut())
    during = np.arange(CUT[0], CUT[1], 0.25)
    (held,) = set(fill(trace, during).tolist())
    assert held == fill(whole, np.array(CUT[:1]))[0] > 0
    late = [row.arrived - row.departed for row in trace.shipments if row.departed < CUT[0] < row.arrived]
    assert late == [TRANSIT + CUT[1] - CUT[0]] * len(late)
    assert sum(late) > 0
