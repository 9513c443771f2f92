"""An actor, an hour or a number of roads that there is not is refused in words."""

from collections.abc import Callable

import pytest

from corridor.case import Case
from corridor.criticality import Aim, criticality, keep, reopen, repair_order
from corridor.metrics import connectivity, cut
from tests.builders import network, node, road
from tests.cases import bound

ACTOR = r"found actor (-1|3|'red'), expected 0 to 2, a position in case.actors \(red, blue, green\)"
HOUR = r"found hour (-1|49|nan), expected hours since the scenario's start, 0 to 48"
COUNT = "found count 0, expected 1 or more"


@pytest.fixture(scope="module")
def case() -> Case:
    """Return three towns of Red's in a row, the second road closed."""
    nodes = {name: node(36 + at / 10, 34, 100, holder="red") for at, name in enumerate("abc")}
    return bound(network(nodes, [road("a", "b"), road("b", "c", share=0.0)]))


ASKED: dict[str, Callable[[Case, int], object]] = {
    "connectivity": lambda case, actor: connectivity(case, 0.0, actor),
    "cut": lambda case, actor: cut(case, case.epoch_at(0), actor, [0], [1]),
    "criticality": lambda case, actor: criticality(case, case.epoch_at(0), actor),
    "reopen": reopen,
    "keep": keep,
}


@pytest.mark.parametrize("actor", [-1, 3, "red"])
@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_an_actor_is_a_position(case: Case, asked: Callable[[Case, int], object], actor: int) -> None:
    with pytest.raises(ValueError, match=ACTOR):
        asked(case, actor)


@pytest.mark.parametrize("hour", [-1, 49, float("nan")])
def test_an_hour_lies_within_the_scenario(case: Case, hour: float) -> None:
    for asked in (
        lambda: connectivity(case, hour),
        lambda: reopen(case, 0, aim=Aim(hour=hour)),
        lambda: keep(case, 0, aim=Aim(hour=hour)),
    ):
        with pytest.raises(ValueError, match=HOUR):
            asked()


def test_at_least_one_road_is_looked_for_and_one_crew_repairs(case: Case) -> None:
    for asked in (reopen, keep):
        with pytest.raises(ValueError, match=COUNT):
            asked(case, 0, 0)
    found = reopen(case, 0, 1)
    assert found.value == 100
    with pytest.raises(ValueError, match="found crews 0, expected 1 or more"):
        repair_order(found, crews=0)


def test_what_there_is_is_answered(case: Case) -> None:
    assert all(asked(case, 0) for asked in ASKED.values())
    assert connectivity(case, 48).hour == 48
