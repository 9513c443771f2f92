"""Who is supplied from where."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from corridor.policies import FairShare, NearestFirst, Order, Policy, Situation, days_wanted

POLICIES: list[Policy] = [FairShare(), NearestFirst()]
GRAM = 1e-6


def situation(hours: object, available: object, *, position: object, demand: object, target: object) -> Situation:
    arrays = [np.array(values, dtype=np.float64) for values in (hours, available, demand, position, target)]
    return Situation(hours=arrays[0], available=arrays[1], demand=arrays[2], position=arrays[3], target=arrays[4])


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    """Draw up to 4 suppliers and 6 places, some out of reach, some without demand, some over their target."""
    suppliers, places = draw(st.integers(1, 4)), draw(st.integers(1, 6))
    tonnes = st.floats(0, 5000, allow_subnormal=False)
    hours = st.one_of(st.floats(0.1, 100), st.just(float("inf")))

    def numbers(of: st.SearchStrategy[float], size: int) -> list[float]:
        return draw(st.lists(of, min_size=size, max_size=size))

    return situation(
        np.reshape(numbers(hours, suppliers * places), (suppliers, places)),
        numbers(tonnes, suppliers),
        position=numbers(tonnes, places),
        demand=numbers(st.one_of(st.just(0.0), st.floats(0.001, 100)), places),
        target=numbers(tonnes, places),
    )


def sent(orders: list[Order], given_: Situation) -> NDArray[np.float64]:
    flow = np.zeros(given_.hours.shape)
    for order in orders:
        flow[order.supplier, order.place] += order.tonnes
    return flow


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: type(policy).__name__)
@given(given_=situations())
def test_no_policy_sends_more_than_there_is_nor_to_the_unreachable_nor_above_a_target(
    policy: Policy, given_: Situation
) -> None:
    orders = policy.allot(given_)
    flow = sent(orders, given_)
    assert all(order.tonnes > 0 for order in orders)
    assert (flow.sum(axis=1) <= given_.available + GRAM).all()
    assert not flow[~np.isfinite(given_.hours)].any()
    lack = np.maximum(0, given_.target - given_.position)
    assert (flow.sum(axis=0) <= lack + GRAM).all()


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: type(policy).__name__)
@given(given_=situations())
def test_no_policy_leaves_a_place_wanting_beside_a_supplier_with_stock(policy: Policy, given_: Situation) -> None:
    flow = sent(policy.allot(given_), given_)
    left = given_.available - flow.sum(axis=1)
    lack = given_.target - given_.position - flow.sum(axis=0)
    assert not (np.isfinite(given_.hours) & (left > 2 * GRAM)[:, None] & (lack > 2 * GRAM)).any()


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: type(policy).__name__)
@given(given_=situations(), data=st.data())
def test_the_order_in_which_places_and_suppliers_are_listed_does_not_matter(
    policy: Policy, given_: Situation, data: st.DataObject
) -> None:
    days = given_.position / np.where(given_.demand > 0, given_.demand, np.maximum(given_.target, GRAM) / 168)
    reach = given_.hours[np.isfinite(given_.hours)]
    # Of equals the first is served first, by any rule.
    assume(np.unique(days).size == days.size and np.unique(reach).size == reach.size)
    rows = data.draw(st.permutations(range(given_.hours.shape[0])))
    columns = data.draw(st.permutations(range(given_.hours.shape[1])))
    other = Situation(
        hours=given_.hours[np.ix_(rows, columns)],
        available=given_.available[rows],
        demand=given_.demand[columns],
        position=given_.position[columns],
        target=given_.target[columns],
    )
    expected = sent(policy.allot(given_), given_)[np.ix_(rows, columns)]
    assert sent(policy.allot(other), other) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: type(policy).__name__)
@given(given_=situations())
def test_the_same_situation_gives_the_same_orders_and_is_left_as_it_was(policy: Policy, given_: Situation) -> None:
    before = given_.available.copy(), given_.position.copy()
    assert policy.allot(given_) == policy.allot(given_)
    assert (given_.available == before[0]).all()
    assert (given_.position == before[1]).all()


def test_nearest_first_serves_the_place_with_the_fewest_days_first() -> None:
    orders = NearestFirst().allot(
        situation([[1.0, 1.0]], [30.0], position=[10.0, 1.0], demand=[1.0, 1.0], target=[40.0, 21.0])
    )
    assert orders == [Order(0, 1, 20.0), Order(0, 0, 10.0)]


def test_nearest_first_takes_from_the_next_supplier_what_the_nearest_has_not() -> None:
    orders = NearestFirst().allot(
        situation([[1.0], [3.0], [2.0]], [5.0, 9.0, 4.0], position=[0], demand=[1], target=[12])
    )
    assert orders == [Order(0, 0, 5.0), Order(2, 0, 4.0), Order(1, 0, 3.0)]


def test_fair_share_brings_all_places_to_one_number_of_days() -> None:
    given_ = situation([[1.0, 1.0, 1.0]], [30.0], position=[0, 10, 90], demand=[1.0, 2.0, 1.0], target=[100, 200, 100])
    # The level L fills L and 2 L - 10 with 30 tonnes; 90 hours are above it.
    assert sent(FairShare().allot(given_), given_).tolist() == [pytest.approx([40 / 3, 50 / 3, 0.0])]


def test_fair_share_stops_at_the_target_and_gives_the_rest_to_the_others() -> None:
    given_ = situation([[1.0, 1.0]], [30.0], position=[0, 0], demand=[1.0, 1.0], target=[5, 100])
    assert sent(FairShare().allot(given_), given_).tolist() == [pytest.approx([5, 25])]


def test_fair_share_levels_places_apart_when_they_share_no_supplier() -> None:
    hours = [[1.0, np.inf], [np.inf, 1.0]]
    given_ = situation(hours, [4.0, 10.0], position=[0, 0], demand=[1.0, 1.0], target=[20, 20])
    assert sent(FairShare().allot(given_), given_).sum(axis=0).tolist() == pytest.approx([4, 10])


def test_fair_share_serves_first_what_has_fewer_suppliers_and_then_the_nearest_pairs() -> None:
    # Place 0 is near supplier 0, but place 1 has no other.
    hours = [[1.0, 2.0], [3.0, np.inf]]
    given_ = situation(hours, [10.0, 10.0], position=[0, 0], demand=[1.0, 1.0], target=[10, 10])
    assert sent(FairShare().allot(given_), given_).tolist() == [[0, 10], [10, 0]]


@given(given_=situations())
def test_fair_share_leaves_no_place_lower_than_another_it_shares_all_suppliers_with_unless_it_is_full(
    given_: Situation,
) -> None:
    whole = Situation(
        hours=np.where(np.isfinite(given_.hours), given_.hours, 50.0),
        available=given_.available,
        demand=given_.demand + 0.01,
        position=given_.position,
        target=given_.target,
    )
    got = sent(FairShare().allot(whole), whole).sum(axis=0)
    level = (whole.position + got) / whole.demand
    lower = (whole.target - whole.position - got > 1e-3) & (whole.target - whole.position > 1e-3)
    raised = got > 1e-3
    if lower.any() and raised.any():
        assert level[raised].max() <= level[lower].min() + 1e-3 / whole.demand.min()


def test_a_depot_without_people_counts_as_one_that_gives_out_its_target_in_a_week() -> None:
    given_ = situation([[1.0, 1.0]], [16.8], position=[0, 0], demand=[0.0, 0.1], target=[16.8, 100])
    # Both are used at 0.1 tonnes an hour, so they share alike.
    assert sent(FairShare().allot(given_), given_).tolist() == [pytest.approx([8.4, 8.4])]


def test_orders_come_to_nothing_where_nothing_is_wanted_or_nothing_is_there() -> None:
    for policy in POLICIES:
        full = situation([[1.0]], [10.0], position=[5], demand=[1.0], target=[5])
        bare = situation([[1.0]], [0.0], position=[0], demand=[1.0], target=[5])
        assert Counter(policy.allot(full)) == Counter(policy.allot(bare)) == Counter()


def test_days_wanted_are_the_commoditys_or_the_default() -> None:
    policy = FairShare(target_days={"diesel": 5.0, "default": 3.0})
    assert days_wanted(policy, "diesel") == 5
    assert days_wanted(policy, "flour") == 3
    assert days_wanted(FairShare(target_days={"diesel": 5.0}), "flour") == 7
