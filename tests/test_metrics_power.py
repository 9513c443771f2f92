"""What power plants served, from what they burnt."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.case import Source
from corridor.metrics import power_rows
from tests.builders import network
from tests.supply_cases import supply_case

LAND = network(nodes={"field": (36.0, 34.0), "plant": (36.1, 34.0)}, roads=[("field", "plant")])


@dataclass(frozen=True)
class Record:
    """A record of what the second node burnt of the first commodity, an hour at a time."""

    burnt: Any
    time: Any = field(default_factory=lambda: np.array([0.0, 1.0, 2.0, 3.5]))
    place: Any = field(default_factory=lambda: np.array([1]))

    @property
    def consumed(self) -> Any:
        return np.array(self.burnt, dtype=float)[:, None, None]


def plant(name: str = "pp", intake: float = 10.0, output: float = 300.0) -> Source:
    return Source(id=name, node=1, commodity=-1, rate=0.0, feed=0, intake=intake, output=output)


def sources(*plants: Source) -> Any:
    return supply_case(LAND, commodities=["gas"], sources=plants).supply


def test_a_plant_serves_the_share_of_its_intake_that_it_burns() -> None:
    (row,) = power_rows(sources(plant()), Record([0, 10, 14, 17]))
    assert np.isnan(row.served[0])
    assert row.served[1:].tolist() == pytest.approx([1.0, 0.4, 0.2])
    assert [row.mean, row.least, row.least_at] == pytest.approx([17 / 35, 0.2, 3.5])
    assert row.burnt == pytest.approx(17)
    assert row.energy == pytest.approx(17 / 35 * 300 * 3.5)


def test_plants_and_converters_that_share_a_fuel_at_a_node_share_what_it_serves() -> None:
    made = [Source(id=f"r{output}", node=1, commodity=0, rate=1.0, feed=0, intake=5.0) for output in range(2)]
    rows = list(power_rows(sources(plant(), plant("other", 5.0, 100.0), *made), Record([0, 10, 20, 50])))
    assert [row.plant for row in rows] == ["pp", "other"]
    assert rows[0].served[1:].tolist() == rows[1].served[1:].tolist() == pytest.approx([0.5, 0.5, 1.0])
    assert rows[0].burnt == pytest.approx(2 * rows[1].burnt)


def test_what_is_no_plant_or_burns_nothing_that_is_followed_has_no_row() -> None:
    well = Source(id="well", node=1, commodity=0, rate=1.0)
    unfed = Source(id="dam", node=1, commodity=-1, rate=0.0, output=50.0)
    assert list(power_rows(sources(well, unfed), Record([0, 1, 2, 3]))) == []


@given(st.lists(st.floats(0, 10), min_size=3, max_size=3))
def test_the_mean_share_is_that_of_the_hours_weighted_by_their_length(rates: list[float]) -> None:
    hours = np.array([1.0, 1.0, 1.5])
    (row,) = power_rows(sources(plant()), Record(np.append(0.0, np.cumsum(rates * hours))))
    assert 0 <= row.least <= row.mean <= 1
    assert row.mean == pytest.approx(np.average(row.served[1:], weights=hours))
