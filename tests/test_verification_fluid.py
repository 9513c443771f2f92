"""The engine against a fluid in small steps that was written without it."""

import numpy as np
import pytest

from tests.verification.fluid import RATION, REVIEWS, Floats, flow, fluid_rows, play, worst
from tests.verification.page import page_rows


@pytest.fixture(scope="module")
def fluid() -> Floats:
    return flow()


def test_what_happens_to_the_fluid_puts_every_rule_to_work(fluid: Floats) -> None:
    depot, t, u = fluid.T
    assert depot.min() == pytest.approx(0, abs=1e-9)
    assert t[(t > 0) & (t < RATION)].size > 0
    assert t.min() < 0.1 > u.min()
    assert u[150:170].min() < u[150]


def test_the_fluid_hardly_depends_on_its_step(fluid: Floats) -> None:
    assert np.abs(flow(32) - fluid).max() < 0.3


def test_the_engine_comes_as_near_to_the_fluid_as_reviews_are_close_and_lorries_small(fluid: Floats) -> None:
    off = np.array([worst(reviews, fluid) for reviews in REVIEWS])
    assert (off[1:] < 0.75 * off[:-1]).all()
    assert page_rows("fluid") == fluid_rows(off.tolist())
    order = -np.polyfit(np.log(REVIEWS), np.log(off), 1)[0]
    assert order == pytest.approx(1.0, abs=0.2)
    assert off[-1] < 2.5


def test_nothing_is_made_or_lost_on_the_way_to_the_limit(fluid: Floats) -> None:
    assert play(8)[-1].sum() == pytest.approx(fluid[-1].sum(), abs=1.0)
