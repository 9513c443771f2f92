"""Survival curves of the time to isolation: by hand, against a plain loop, and against the share that lasts."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.case import Case, Source
from corridor.metrics import Survival, follow, isolation, kaplan_meier, source_hours, survival
from corridor.network import Network
from tests.builders import network, node, road
from tests.cases import bound, closes, takes, with_sources


def plain(ends: Sequence[float], weights: Sequence[float], observed: Sequence[bool], hour: float) -> float:
    """Return the product-limit estimate at an hour, one thing after another."""
    share = 1.0
    for time in sorted({end for end, seen in zip(ends, observed, strict=True) if seen and end <= hour}):
        at_risk = math.fsum(weight for end, weight in zip(ends, weights, strict=True) if end >= time)
        lost = math.fsum(
            weight for end, weight, seen in zip(ends, weights, observed, strict=True) if seen and end == time
        )
        share *= 1 - lost / at_risk
    return share


@st.composite
def lives(draw: st.DrawFn) -> tuple[list[float], list[float], list[bool]]:
    """Draw when things end, what they weigh, and whether they are lost then: ties are likely."""
    size = draw(st.integers(1, 12))
    hours = st.integers(0, 6).map(float)
    return (
        draw(st.lists(hours, min_size=size, max_size=size)),
        draw(st.lists(st.floats(0.5, 1e6), min_size=size, max_size=size)),
        draw(st.lists(st.booleans(), min_size=size, max_size=size)),
    )


def line(holders: str = "rrrr") -> Network:
    """Return a — b — c — d, an hour each, of 1000, 400, 300 and 200 people, held by r or b."""
    people = {"a": 1000, "b": 400, "c": 300, "d": 200}
    names = {"r": "red", "b": "blue", "-": "none"}
    nodes = {
        name: node(36, 34, persons, holder=names[holder], area="west" if name in "ab" else "east")
        for (name, persons), holder in zip(people.items(), holders, strict=True)
    }
    return network(nodes, [road("a", "b", 50), road("b", "c", 50), road("c", "d", 50)])


def fed(case: Case) -> Case:
    """Return the case with one source of fuel, at a."""
    return with_sources(case, Source(id="source", node=0, commodity=0, rate=1.0))


def only(found: Sequence[Survival], group: str) -> Survival:
    (one,) = [one for one in found if one.group == group]
    return one


def test_the_example_worked_by_hand() -> None:
    # 4 of weight 1, 1, 2 and 4: lost at 1, censored at 2, lost at 3, there at the end.
    curve = kaplan_meier(
        np.array([3.0, 1.0, 2.0, 5.0]), np.array([2.0, 1.0, 1.0, 4.0]), observed=np.array([True, True, False, False])
    )
    assert curve.time.tolist() == [0, 1, 3]
    assert curve.at_risk.tolist() == [8, 8, 6]
    assert curve.lost.tolist() == [0, 1, 2]
    assert curve.share.tolist() == pytest.approx([1, 7 / 8, 7 / 8 * 4 / 6])


def test_what_is_censored_when_something_is_lost_was_at_risk_then() -> None:
    curve = kaplan_meier(np.array([2.0, 2.0]), np.array([1.0, 3.0]), observed=np.array([True, False]))
    assert curve.share.tolist() == [1, 3 / 4]


def test_the_share_holds_from_the_instant_of_a_loss_on() -> None:
    curve = kaplan_meier(np.array([1.0, np.inf]), np.array([1.0, 1.0]))
    assert [curve.at(hour) for hour in (0.0, 0.999, 1.0, 99.0)] == [1, 1, 0.5, 0.5]


def test_what_is_lost_altogether_leaves_exactly_nothing() -> None:
    curve = kaplan_meier(np.array([1.0, 2.0, 2.0]), np.array([0.1, 0.2, 0.3]))
    assert curve.share[-1] == 0


@given(lives())
def test_curves_are_those_of_a_plain_loop(drawn: tuple[list[float], list[float], list[bool]]) -> None:
    ends, weights, observed = drawn
    curve = kaplan_meier(np.array(ends), np.array(weights), observed=np.array(observed))
    for hour in (0.0, 0.5, 1.0, 2.0, 3.5, 6.0):
        assert curve.at(hour) == pytest.approx(plain(ends, weights, observed, hour), abs=1e-9)
    assert (np.diff(curve.share) < 1e-12).all()
    assert curve.share.min() >= 0


@given(lives())
def test_where_nothing_is_censored_early_the_curve_is_the_share_that_lasts(
    drawn: tuple[list[float], list[float], list[bool]],
) -> None:
    ends, weights = np.array(drawn[0]), np.array(drawn[1])
    lasting = np.where(drawn[2], ends, np.inf)
    curve = kaplan_meier(lasting, weights)
    for hour in (0.0, 1.0, 2.5, 6.0):
        assert curve.at(hour) == pytest.approx(weights[lasting > hour].sum() / weights.sum(), abs=1e-9)


@given(lives(), st.floats(0.01, 100))
def test_what_weighs_twice_as_much_is_as_two_and_the_unit_is_of_no_account(
    drawn: tuple[list[float], list[float], list[bool]], unit: float
) -> None:
    ends, weights, observed = (np.array(one) for one in drawn)
    twice = kaplan_meier(np.tile(ends, 2), np.tile(weights / 2, 2), observed=np.tile(observed, 2))
    scaled = kaplan_meier(ends, unit * weights, observed=observed)
    curve = kaplan_meier(ends, weights, observed=observed)
    for other in (twice, scaled):
        assert other.time.tolist() == curve.time.tolist()
        np.testing.assert_allclose(other.share, curve.share, atol=1e-9)


def test_people_without_a_way_at_the_start_and_empty_places_are_not_followed() -> None:
    curve = follow(np.array([0.0, 5.0, np.inf, 7.0, np.nan]), np.array([9.0, 1.0, 3.0, 0.0, 8.0]))
    assert curve.at_risk[0] == 4
    assert (curve.time.tolist(), curve.share.tolist()) == ([0, 5], [1, 3 / 4])
    nobody = follow(np.array([0.0]), np.array([5.0]))
    assert (nobody.at_risk.tolist(), nobody.share.tolist()) == ([0], [1])


def test_a_road_that_closes_and_opens_again_is_a_loss_in_one_curve_and_a_gap_in_the_other() -> None:
    case = fed(bound(line(), [closes(10, "b-c"), closes(20, "b-c", 1.0), closes(30, "c-d")]))
    red = only(survival(case), "red")
    assert (red.commodity, red.persons, red.without, red.changed) == ("fuel", 1900, 0, 0)
    assert red.curve.time.tolist() == [0, 10]
    assert red.curve.share.tolist() == pytest.approx([1, 1400 / 1900])
    assert red.since.tolist() == [0, 10, 20, 30]
    assert red.connected.tolist() == pytest.approx([1, 1400 / 1900, 1, 1700 / 1900])


def test_the_curve_is_the_share_of_those_not_yet_isolated() -> None:
    case = fed(bound(line(), [closes(10, "c-d"), takes(20, "blue", "b")]))
    (red,) = survival(case)
    isolated = isolation(case)[:, 0]
    for hour in (0.0, 10.0, 15.0, 20.0, 47.0):
        assert red.curve.at(hour) == pytest.approx(case.population[isolated > hour].sum() / 1900)


def test_a_place_that_falls_has_its_new_holders_ways_and_is_counted_among_the_changed() -> None:
    joined = fed(bound(line("rrbb"), [takes(10, "blue", "a"), takes(10, "blue", "b")]))
    red = only(survival(joined), "red")
    assert (red.curve.share.tolist(), red.changed) == ([1], 1400)
    blue = only(survival(joined), "blue")
    assert (blue.persons, blue.without, blue.curve.at_risk[0], blue.changed) == (500, 500, 0, 0)
    assert np.isnan(blue.connected).all()


def test_people_may_be_grouped_by_area_and_those_of_contested_places_are_a_group() -> None:
    case = fed(bound(line("rrr-"), [closes(10, "b-c")]))
    west, east = (only(survival(case, by="area"), area) for area in ("west", "east"))
    assert (west.persons, west.curve.share.tolist()) == (1400, [1])
    assert (east.persons, east.without, east.curve.share.tolist()) == (500, 200, [1, 0])
    assert only(survival(case), "contested").without == 200


def test_hours_at_hand_are_used_and_what_nobody_asks_for_has_no_curve() -> None:
    case = fed(bound(line(), [closes(10, "b-c")]))
    near = source_hours(case)
    assert survival(case, hours=near)[0].curve.share.tolist() == survival(case)[0].curve.share.tolist()
    assert survival(bound(line())) == ()
