"""Common random numbers: what two policies or two worlds share of their luck."""

import pytest

from tests.supply_cases import at, run
from tests.verification.luck import FAIR, NEAREST, NET, OTHERS, aid, compare, firsts, luck_row, trips, world
from tests.verification.page import page_rows


def test_a_convoy_meets_the_same_luck_whatever_else_is_on_the_road() -> None:
    # A load on another road, of another sender, comes first and takes the number that the next convoy had.
    alone, beside = run(world(FAIR)), run(world(FAIR, aid=(aid(0.5),)))
    assert len(trips(beside, "aid")) == 1
    assert trips(alone) == trips(beside)
    assert len(set(trips(alone).values())) > 100


def test_two_policies_meet_the_same_luck_until_they_part() -> None:
    fair, nearest = trips(run(world(FAIR))), trips(run(world(NEAREST)))
    first = {town: min(hour for place, hour in fair if place == at(NET, town)) for town in "abcd"}
    same = [town for town, hour in first.items() if (at(NET, town), hour) in nearest]
    assert same
    for town in same:
        assert fair[at(NET, town), first[town]] == nearest[at(NET, town), first[town]]


def test_a_day_with_one_convoy_more_does_not_change_the_luck_of_the_next_day() -> None:
    fair, nearest = run(world(FAIR)), run(world(NEAREST))
    assert len(trips(fair)) != len(trips(nearest))
    one, other = firsts(fair), firsts(nearest)
    both = one.keys() & other.keys()
    assert len(both) > 30
    for key in both:
        assert one[key] == pytest.approx(other[key], abs=1e-9)


@pytest.mark.parametrize("words", OTHERS)
def test_a_difference_varies_less_with_common_random_numbers(words: str) -> None:
    policy, vehicles = OTHERS[words]
    compared = compare(world(FAIR), world(policy, vehicles=vehicles))
    assert compared.correlation[1] > 0
    assert compared.share < 0.8
    assert luck_row(words, compared) in page_rows("luck")


def test_another_seed_is_other_luck() -> None:
    assert trips(run(world(FAIR), 1)) != trips(run(world(FAIR), 2))
