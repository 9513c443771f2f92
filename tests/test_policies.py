"""Who is supplied from where."""

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from corridor.errors import RunError
from corridor.flows import Transport
from corridor.policies import FairShare, NearestFirst, Optimal, Order, Policy, Priority, Situation, days_wanted
from corridor.simulation import simulate
from tests.builders import network
from tests.plain_fair_share import plain_fair_share
from tests.supply_cases import at, run, supply_case

POLICIES: list[Policy] = [FairShare(), NearestFirst(), Priority(), Optimal()]
GRAM = 1e-6


def situation(hours: object, available: object, *, position: object, demand: object, target: object) -> Situation:
    arrays = [np.array(values, dtype=np.float64) for values in (hours, available, demand, position, target)]
    return Situation(
        hours=arrays[0],
        available=arrays[1],
        demand=arrays[2],
        position=arrays[3],
        target=arrays[4],
        transport=Transport(),
    )


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    """Draw up to 4 suppliers and 6 places of 3 ranks, some out of reach, without demand, or over their target."""
    suppliers, places = draw(st.integers(1, 4)), draw(st.integers(1, 6))
    tonnes = st.floats(0, 5000, allow_subnormal=False)
    hours = st.one_of(st.floats(0.1, 100), st.just(float("inf")))

    def numbers(of: st.SearchStrategy[float], size: int) -> list[float]:
        return draw(st.lists(of, min_size=size, max_size=size))

    drawn = situation(
        np.reshape(numbers(hours, suppliers * places), (suppliers, places)),
        numbers(tonnes, suppliers),
        position=numbers(tonnes, places),
        demand=numbers(st.one_of(st.just(0.0), st.floats(0.001, 100)), places),
        target=numbers(tonnes, places),
    )
    return replace(drawn, rank=np.array(draw(st.lists(st.integers(0, 2), min_size=places, max_size=places))))


def permuted(given_: Situation, rows: list[int], columns: list[int]) -> Situation:
    assert given_.rank is not None
    return replace(
        given_,
        hours=given_.hours[np.ix_(rows, columns)],
        available=given_.available[rows],
        demand=given_.demand[columns],
        position=given_.position[columns],
        target=given_.target[columns],
        rank=given_.rank[columns],
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
    # Each pair may leave a gram.
    assert not (np.isfinite(given_.hours) & (left > 6 * GRAM)[:, None] & (lack > 6 * GRAM)).any()


@pytest.mark.parametrize("policy", POLICIES[:3], ids=lambda policy: type(policy).__name__)
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
    other = permuted(given_, rows, columns)
    expected = sent(policy.allot(given_), given_)[np.ix_(rows, columns)]
    assert sent(policy.allot(other), other) == pytest.approx(expected, abs=1e-5)


@given(given_=situations(), seed=st.integers(0, 2**32 - 1))
def test_nor_does_it_to_the_optimum_where_no_two_ways_of_shipping_take_equally_long(
    given_: Situation, seed: int
) -> None:
    luck = np.random.default_rng(seed)
    shape = given_.hours.shape
    given_ = replace(given_, hours=np.where(np.isfinite(given_.hours), luck.uniform(0.1, 100, shape), np.inf))
    rows, columns = luck.permutation(shape[0]).tolist(), luck.permutation(shape[1]).tolist()
    other = permuted(given_, rows, columns)
    expected = sent(Optimal().allot(given_), given_)[np.ix_(rows, columns)]
    assert sent(Optimal().allot(other), other) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: type(policy).__name__)
@given(given_=situations())
def test_the_same_situation_gives_the_same_orders_and_is_left_as_it_was(policy: Policy, given_: Situation) -> None:
    before = given_.available.copy(), given_.position.copy()
    assert policy.allot(given_) == policy.allot(given_)
    assert (given_.available == before[0]).all()
    assert (given_.position == before[1]).all()


@given(given_=situations(), equal=st.booleans())
def test_fair_share_gives_the_very_orders_of_its_plain_form(given_: Situation, *, equal: bool) -> None:
    if equal:
        given_ = replace(given_, hours=np.where(np.isfinite(given_.hours), np.ceil(given_.hours / 50), np.inf))
    assert FairShare().allot(given_) == plain_fair_share(given_)


@given(seed=st.integers(0, 2**32 - 1))
def test_fair_share_does_so_among_many_places_too(seed: int) -> None:
    luck = np.random.default_rng(seed)
    suppliers, places = luck.integers(1, 12), luck.integers(10, 60)
    hours = luck.integers(1, 9, (suppliers, places)).astype(float)
    hours[luck.random(hours.shape) < luck.random()] = np.inf
    target = luck.uniform(0, 100, places)
    given_ = situation(
        hours,
        luck.uniform(0, 2 * target.sum() / suppliers, suppliers),
        position=luck.uniform(0, 80, places),
        demand=luck.uniform(0.1, 2, places),
        target=target,
    )
    assert FairShare().allot(given_) == plain_fair_share(given_)


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


def test_priority_serves_a_class_in_full_before_the_next_and_each_by_fair_share() -> None:
    given_ = situation([[1.0, 1.0, 1.0, 1.0]], [30.0], position=[5, 0, 0, 0], demand=[1] * 4, target=[10, 20, 20, 9])
    ranked = replace(given_, rank=np.array([0, 2, 2, 1]))
    assert sent(Priority().allot(ranked), ranked).tolist() == [pytest.approx([5, 8, 8, 9])]


def test_priority_without_ranks_is_fair_share() -> None:
    given_ = situation([[1.0, 2.0]], [10.0], position=[0, 2], demand=[1, 1], target=[20, 20])
    assert Priority().allot(given_) == FairShare().allot(given_) != []


@given(given_=situations(), data=st.data())
def test_no_class_of_places_takes_from_one_above_it(given_: Situation, data: st.DataObject) -> None:
    assert given_.rank is not None
    lowest = data.draw(st.integers(0, 2))
    above = replace(given_, target=np.where(given_.rank <= lowest, given_.target, 0.0))
    got, alone = (sent(Priority().allot(those), those) for those in (given_, above))
    assert (got[:, given_.rank <= lowest] == alone[:, given_.rank <= lowest]).all()


def test_priority_tells_the_classes_which_nodes_their_places_are() -> None:
    given_ = situation([[1.0, 1.0]], [10.0], position=[0, 0], demand=[1, 1], target=[20, 20])
    ranked = replace(given_, rank=np.array([1, 0]), places=np.array([7, 9]), suppliers=np.array([3]))
    assert Priority().allot(ranked) == [Order(0, 1, 10.0)]


def test_the_optimum_takes_a_longer_way_to_one_place_to_spare_another_a_far_longer_one() -> None:
    given_ = situation([[1.0, 2.0], [2.0, 10.0]], [10.0, 10.0], position=[0, 0], demand=[1, 1], target=[10, 10])
    assert sent(Optimal().allot(given_), given_).tolist() == [[0, 10], [10, 0]]
    # One after the other drives eleven hours where four will do.
    assert sent(NearestFirst().allot(given_), given_).tolist() == [[10, 0], [0, 10]]


def test_the_optimum_lifts_the_emptiest_above_a_day_and_then_three_before_it_heeds_the_drive() -> None:
    near_and_far = {"position": [36.0, 0.0], "demand": [1.0, 1.0], "target": [168.0, 168.0]}
    for tonnes, expected in ((24.0, [0, 24]), (96.0, [36, 60]), (108.0, [36, 72]), (120.0, [48, 72])):
        given_ = situation([[1.0, 9.0]], [tonnes], **near_and_far)
        assert sent(Optimal().allot(given_), given_).tolist() == [pytest.approx(expected)]


def test_the_optimum_needs_a_solver() -> None:
    given_ = situation([[1.0]], [10.0], position=[0], demand=[1], target=[10])
    with pytest.raises(ValueError, match="optimal needs a solver of transport problems"):
        Optimal().allot(replace(given_, transport=None))


@given(many=st.lists(situations(), min_size=2, max_size=5), equal=st.booleans())
def test_the_optimum_does_not_depend_on_what_was_solved_before(many: list[Situation], *, equal: bool) -> None:
    if equal:
        many = [replace(one, hours=np.where(np.isfinite(one.hours), 1.0, np.inf)) for one in many]
    # All of the shape of the first, so that they start from one another.
    shape = many[0].hours.shape
    alike = [many[0], *(replace(many[0], hours=one.hours) for one in many[1:] if one.hours.shape == shape)]
    alike += [replace(many[0], available=many[0].available / 3), many[0]]
    warm = Transport()
    for one in alike:
        assert Optimal().allot(replace(one, transport=warm)) == Optimal().allot(replace(one, transport=Transport()))


def test_a_depot_without_people_counts_as_one_that_gives_out_its_target_in_a_week() -> None:
    given_ = situation([[1.0, 1.0]], [16.8], position=[0, 0], demand=[0.0, 0.1], target=[16.8, 100])
    # Both are used at 0.1 tonnes an hour, so they share alike.
    assert sent(FairShare().allot(given_), given_).tolist() == [pytest.approx([8.4, 8.4])]


def test_orders_come_to_nothing_where_nothing_is_wanted_or_nothing_is_there() -> None:
    for policy in POLICIES:
        full = situation([[1.0]], [10.0], position=[5], demand=[1.0], target=[5])
        bare = situation([[1.0]], [0.0], position=[0], demand=[1.0], target=[5])
        none = replace(full, hours=np.zeros((0, 1)), available=np.zeros(0))
        assert Counter(policy.allot(full)) == Counter(policy.allot(bare)) == Counter(policy.allot(none)) == Counter()


def test_days_wanted_are_the_commoditys_or_the_default() -> None:
    policy = FairShare(target_days={"diesel": 5.0, "default": 3.0})
    assert days_wanted(policy, "diesel") == 5
    assert days_wanted(policy, "flour") == 3
    assert days_wanted(FairShare(target_days={"diesel": 5.0}), "flour") == 7


@dataclass(frozen=True, kw_only=True)
class LargestFirst:
    """Serve the place with the largest demand in full before the next."""

    review_hours: float = 6.0
    target_days: dict[str, float] = field(default_factory=lambda: {"default": 7.0})

    def allot(self, situation: Situation) -> list[Order]:
        rank = np.argsort(np.argsort(-situation.demand, kind="stable"), kind="stable")
        return Priority().allot(replace(situation, rank=rank))


@pytest.mark.parametrize(
    ("policy", "fed"),
    [
        (FairShare(), {"hamlet": 12.0, "city": 48.0}),
        (LargestFirst(), {"hamlet": 0.0, "city": 60.0}),
        # The hamlet is nearer, and both lack more than a day.
        (Optimal(), {"hamlet": 24.0, "city": 36.0}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_policy_of_ones_own_decides_in_a_replication_who_gets_what(policy: Any, fed: dict[str, float]) -> None:
    built = network(
        nodes={"port": (36.0, 34.0), "hamlet": (36.1, 34.0, 100), "city": (36.2, 34.0, 400)},
        roads=[("port", "hamlet", 5.0, 0.1), ("port", "city", 50.0, 1.0)],
    )
    case = supply_case(
        built,
        stock={"port": 60.0},
        demand={"hamlet": 1.0, "city": 4.0},
        target={"hamlet": 48.0, "city": 192.0},
        tier={"port": 0, "hamlet": 2, "city": 2},
        fleet={"port": 100},
        payload=[1.0],
        policy=policy,
    )
    trace = run(case)
    places = trace.place.tolist()
    for name, tonnes in fed.items():
        assert trace.received[-1, places.index(at(built, name)), 0] == pytest.approx(tonnes, abs=1.0)


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """Place one order, whatever the situation is."""

    order: Order
    review_hours: float = 6.0
    target_days: dict[str, float] = field(default_factory=lambda: {"default": 7.0})

    def allot(self, situation: Situation) -> list[Order]:
        assert situation.hours.shape == (1, 1)
        return [self.order]


@pytest.mark.parametrize(
    ("order", "told"),
    [
        (Order(1, 0, 5.0), "of supplier 1 to place 0; expected a row and a column of hours, which has 1 by 1"),
        (Order(0, -1, 5.0), "to place -1; expected a row and a column of hours"),
        (Order(0, 0, float("nan")), "Wrong orders nan t of flour of supplier 0 to place 0; expected tonnes above 0"),
        (Order(0, 0, -5.0), "expected tonnes above 0, and a pair whose hours are finite"),
        (Order(0, 0, 60.5), r"60\.5 t of flour of supplier 0 to place 0, 0\.5 t more in all than are available there"),
    ],
)
def test_what_a_policy_may_not_order_stops_the_replication_with_its_name(order: Order, told: str) -> None:
    built = network(nodes={"port": (36.0, 34.0), "city": (36.2, 34.0, 400)}, roads=[("port", "city", 50.0, 1.0)])
    case = supply_case(
        built,
        stock={"port": 60.0},
        tier={"port": 0, "city": 2},
        target={"city": 100.0},
        fleet={"port": 9},
        policy=Wrong(order=order),
    )
    with pytest.raises(RunError, match=told):
        simulate(case, np.random.SeedSequence(0))
