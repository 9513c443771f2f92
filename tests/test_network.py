"""The network keeps its invariants, tells which are broken, and says what is in it."""

import pickle
from dataclasses import replace
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.network import (
    Commodity,
    Demand,
    Facility,
    Fleet,
    Network,
    Range,
    SupplyTables,
    describe,
    did_you_mean,
    faults,
    great_circle,
    road_components,
)
from tests.builders import CONTROL, OPEN, PERSONS, network, node, pipeline, road

NOTHING = Range(0, 0, 0)


COMMODITY = Commodity(
    id="diesel",
    name="Diesel",
    name_ar="",
    unit="tonnes",
    modes=("road", "pipeline"),
    vehicle="tanker",
    payload=Range(10, 15, 20),
    density=0.84,
    priority=1,
    source="",
    confidence="low",
)
DEMAND = Demand(
    area="south",
    commodity="diesel",
    rate=Range(0.1, 0.2, 0.3),
    stock=Range(1, 2, 3),
    depot_share=0.5,
    source="",
    confidence="",
)
FACILITY = Facility(
    id="plant",
    node="a",
    role="production",
    commodity_in="",
    commodity_out="diesel",
    rate=Range(1, 2, 3),
    intake=NOTHING,
    capacity=100.0,
    stock=NOTHING,
    active_from="",
    active_to="",
    source="",
    confidence="high",
    note="",
)
REFINERY = replace(FACILITY, role="refinery", commodity_in="diesel", intake=Range(10, 20, 30), minimum_run=0.4)
PLANT = replace(
    FACILITY,
    role="power_plant",
    commodity_in="diesel",
    commodity_out="",
    rate=NOTHING,
    intake=Range(1, 2, 3),
    output=Range(100, 150, 200),
)
FLEET = Fleet(node="a", vehicle="tanker", vehicles=Range(1, 2, 3), source="", confidence="")
FULL = SupplyTables(commodities=(COMMODITY,), demand=(DEMAND,), facilities=(FACILITY,), fleets=(FLEET,))


def sound(supply: SupplyTables | None = None) -> Network:
    """Return a network without faults: a triangle of roads and a pipeline."""
    return network(
        {
            "a": node(36.0, 34.0, 5000, holder="red", area="south", aliases=("Alpha",), confidence="high"),
            "b": node(36.1, 34.0, 3000, holder="blue", kind="city"),
            "c": node(36.2, 34.0, 100, kind="port", confidence="low"),
            "s": node(35.0, 34.0, kind="sea"),
        },
        [
            road("a", "b", 10.0, 0.2, road_class="motorway", confidence="high"),
            road("b", "c", 11.0, one_way=True, share=0.5, confidence="medium"),
            road("c", "a", 25.0, share=0, passes=("b",)),
        ],
        [pipeline("a", "c", 20.0, commodity="diesel", confidence="low")],
        supply,
    )


def test_a_sound_network_has_no_faults() -> None:
    assert faults(sound()) == []
    assert faults(sound(FULL)) == []


def test_arrays_cannot_be_written_to() -> None:
    built = sound()
    for array in (built.length, built.tail, built.node_id, built.population[PERSONS], built.open_share[OPEN]):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = array[1]


def test_freezing_a_network_leaves_the_callers_array_alone() -> None:
    mine = np.full(6, 50.0)
    built = replace(sound(), length=mine)
    mine[0] = 7.0
    assert not built.length.flags.writeable
    assert built.length[0] == 7.0  # a view, no copy: five hundred thousand links cost nothing


def test_a_network_survives_pickling() -> None:
    again = pickle.loads(pickle.dumps(sound(FULL)))  # noqa: S301 - our own bytes
    assert again.link_id.tolist() == sound().link_id.tolist()
    assert again.supply == FULL


def test_a_two_way_road_is_two_links_side_by_side() -> None:
    built = sound()
    assert built.link_id.tolist() == ["a-b", "a-b", "b-c", "c-a", "c-a", "a>c"]
    assert built.reverse.tolist() == [1, 0, -1, 4, 3, -1]
    assert built.link_positions() == {"a-b": (0, 1), "b-c": (2,), "c-a": (3, 4), "a>c": (5,)}
    assert built.node_positions() == {"a": 0, "b": 1, "c": 2, "s": 3}


def test_the_way_back_passes_the_same_places_in_the_other_order() -> None:
    built = network(
        {name: (36 + index / 10, 34) for index, name in enumerate("abcd")}, [road("a", "d", 40.0, passes=("b", "c"))]
    )
    assert built.node_id[built.passes(0)].tolist() == ["b", "c"]
    assert built.node_id[built.passes(1)].tolist() == ["c", "b"]


def test_links_back_and_forth_of_two_names_are_two_one_way_roads() -> None:
    built = network(
        {"a": (36, 34), "b": (36.1, 34)}, [road("a", "b", one_way=True), road("b", "a", one_way=True, share=0)]
    )
    assert built.reverse.tolist() == [-1, -1]
    assert faults(built) == []


def test_the_great_circle_from_homs_to_damascus_is_141_km() -> None:
    built = network({"homs": (36.7137, 34.7308), "damascus": (36.2913, 33.5102)}, [("homs", "damascus", 162.0)])
    assert great_circle(built) == pytest.approx([141.1, 141.1], abs=0.2)  # 1.2206° × 111.195 km and 39 km east


def changed(built: Network, **values: Any) -> Network:
    """Return `built` with single values changed: ``field=(position, value)``."""
    arrays = {}
    for field, (position, value) in values.items():
        array = getattr(built, field).astype(object)
        array[position] = value
        arrays[field] = array.astype(np.str_) if isinstance(value, str) else array.astype(getattr(built, field).dtype)
    return replace(built, **arrays)


def recolumned(built: Network, field: str, value: Any) -> Network:
    """Return `built` with the value at position 1 of its one dated column of a kind changed."""
    ((column, values),) = getattr(built, field).items()
    array = values.astype(object)
    array[1] = value
    fields: dict[str, Any] = {field: {column: array.astype(np.str_ if isinstance(value, str) else np.float64)}}
    return replace(built, **fields)


@pytest.mark.parametrize(
    ("values", "where", "message"),
    [
        ({"lon": (3, 181)}, ("nodes", 3, "lon"), "found 181 degrees, expected -180 to 180"),
        ({"lat": (1, float("nan"))}, ("nodes", 1, "lat"), "found nan degrees, expected -90 to 90"),
        ({"node_id": (1, "a")}, ("nodes", 1, "id"), "the node 'a' is there twice"),
        ({"node_id": (1, "new town")}, ("nodes", 1, "id"), "found the id 'new town', expected letters"),
        ({"label_anchor": (1, "NNE")}, ("nodes", 1, "label_anchor"), "expected one of N, NE"),
        ({"node_confidence": (0, "hihg")}, ("nodes", 0, "confidence"), "did you mean 'high'?"),
        ({"link_confidence": (0, "sure")}, ("links", 0, "confidence"), "expected one of high, medium, low"),
        ({"length": (2, 0)}, ("links", 2, "length_km"), "found 0 km, expected more than 0"),
        ({"length": (2, -3)}, ("links", 2, "length_km"), "found -3 km, expected more than 0"),
        ({"length": (2, float("inf"))}, ("links", 2, "length_km"), "found inf km, expected more than 0"),
        ({"length": (2, 9.18)}, ("links", 2, "length_km"), "found 9.18 km, but its ends are 9.22 km apart"),
        ({"hours": (2, 0)}, ("links", 2, "free_flow_truck_hours"), "found 0 hours, expected more than 0"),
        ({"hours": (5, -1)}, ("links", 5, "transit_hours"), "found -1 hours, expected more than 0"),
        ({"hours": (2, 0.08)}, ("links", 2, "free_flow_truck_hours"), "0.08 h for 11 km, 138 km/h; expected a truck"),
        ({"hours": (2, 2.3)}, ("links", 2, "free_flow_truck_hours"), "expected a truck to drive 5 to 130 km/h"),
        ({"capacity": (2, 0)}, ("links", 2, "capacity_vehicles_per_hour"), "found the capacity 0"),
        ({"capacity": (5, float("nan"))}, ("links", 5, "capacity_per_day"), "found the capacity nan"),
        ({"mode": (2, 7)}, ("links", 2, "mode"), "found the mode 7, expected 0 or 1"),
        ({"head": (5, 0)}, ("links", 5, "head"), "the link ends where it begins"),
        ({"link_id": (2, "b c")}, ("links", 2, "id"), "found the id 'b c', expected one without spaces"),
        ({"link_id": (2, "")}, ("links", 2, "id"), "found the id '', expected one without spaces"),
        ({"link_id": (2, "a-b")}, ("links", 2, "id"), "the link 'a-b' is there more than once"),
        ({"link_id": (5, "b-c")}, ("links", 5, "id"), "the link 'b-c' is there more than once"),
        ({"reverse": (2, 5)}, ("links", 2, "id"), "the link 'b-c' lacks the reverse it names"),
        ({"reverse": (0, -1)}, ("links", 1, "id"), "the link 'a-b' is there more than once"),
        ({"pass_node": (0, 0)}, ("links", 3, "passes"), "the link passes 'a', its own end"),
        ({"commodity": (5, "")}, ("links", 5, "commodity"), "found '', expected the id of a commodity"),
        ({"commodity": (2, "diesel")}, ("links", 2, "commodity"), "a road carries 'diesel', expected no commodity"),
        ({"tail": (2, 9)}, (), r"tail has the positions [9], but there are 4 nodes"),
        ({"pass_start": (6, 9)}, (), "pass_start must rise from 0 to 2 in 7 values"),
        ({"pass_start": (2, 1)}, (), "pass_start must rise from 0 to 2 in 7 values"),
    ],
)
def test_an_array_that_breaks_an_invariant_is_told_with_its_row(
    values: dict[str, Any], where: tuple[str | int, ...], message: str
) -> None:
    found = faults(changed(sound(), **values))
    assert [fault.where for fault in found] == [where]
    assert message in found[0].message


@pytest.mark.parametrize(
    ("field", "value", "where", "message"),
    [
        ("population", -1, ("nodes", 1, PERSONS), "found -1 persons, expected 0 or more"),
        ("population", float("nan"), ("nodes", 1, PERSONS), "found nan persons, expected 0 or more"),
        ("control", "", ("nodes", 1, CONTROL), "found the holder '', expected an actor's id or none"),
        ("open_share", 1.5, ("links", 1, OPEN), "found the share 1.5, expected 0 to 1"),
        ("open_share", -0.5, ("links", 1, OPEN), "found the share -0.5, expected 0 to 1"),
    ],
)
def test_a_dated_column_that_breaks_an_invariant_is_told_with_its_row(
    field: str, value: Any, where: tuple[str | int, ...], message: str
) -> None:
    found = faults(recolumned(sound(), field, value))
    assert [(fault.where, fault.message) for fault in found] == [(where, message)]


def test_a_share_that_a_mode_does_not_have_is_no_fault() -> None:
    assert faults(recolumned(sound(), "open_share", float("nan"))) == []


def test_columns_that_are_not_named_for_what_they_hold_are_told() -> None:
    built = sound()
    found = faults(replace(built, population={"people": built.population[PERSONS]}, control={"held": built.node_id}))
    assert [fault.message for fault in found] == [
        "found the population column 'people', expected a name like catchment_2024_persons",
        "found the control column 'held', expected a name like control_2024_11_26",
    ]


def test_arrays_of_other_sizes_are_told_before_anything_else() -> None:
    built = replace(sound(), lon=np.zeros(3), hours=np.zeros(2), link_id=sound().link_id)
    assert [fault.message for fault in faults(built)] == [
        "lon has the shape (3,), expected (4,) as there are 4 nodes",
        "hours has the shape (2,), expected (6,) as there are 6 links",
    ]


def test_an_alias_of_no_node_is_told_with_the_nearest() -> None:
    found = faults(replace(network({"homs": (36, 34)}), aliases={"emesa": "hosm"}))
    assert [fault.message for fault in found] == [
        "the alias 'emesa' stands for 'hosm', expected a node's id; did you mean 'homs'?"
    ]


def test_a_pipeline_passes_no_places() -> None:
    built = network(
        {"a": (36, 34), "b": (36.1, 34), "c": (36.2, 34)},
        [("a", "b"), ("b", "c")],
        [pipeline("a", "c", 20.0, passes=("b",))],
    )
    assert [fault.message for fault in faults(built)] == ["a pipeline passes places, but nobody commands it"]


def test_islands_of_the_road_graph_are_told_by_their_places() -> None:
    nodes: dict[str, Any] = {name: (36 + index / 10, 34) for index, name in enumerate("abcde")}
    nodes["sea"] = node(35, 34, kind="sea")
    built = network(nodes, [("a", "b"), ("b", "c"), ("d", "e")], [pipeline("c", "d", 20.0)])
    assert [fault.message for fault in faults(built)] == [
        "no road joins d, e to the rest of the network, expected one connected road graph"
    ]
    assert faults(built, whole=False) == []


def test_a_closed_road_still_joins() -> None:
    assert faults(network({"a": (36, 34), "b": (36.1, 34)}, [road("a", "b", share=0)])) == []


def test_a_node_at_sea_counts_where_a_road_ends_at_it() -> None:
    nodes = {"a": (36, 34), "b": (36.1, 34), "p": node(36.2, 34, kind="sea"), "q": node(36.3, 34, kind="sea")}
    assert road_components(network(nodes, [("a", "b"), ("p", "q")])) == [[0, 1], [2, 3]]


def test_a_large_island_is_not_told_name_by_name() -> None:
    nodes = {f"n{index:02}": (36.0, 34.0) for index in range(45)}
    roads = [(f"n{index:02}", f"n{index + 1:02}") for index in range(44) if index != 14]
    found = faults(network(nodes, roads))
    assert "n00, n01, " in found[0].message
    assert " and 3 more to the rest" in found[0].message


@given(st.integers(1, 12).flatmap(lambda n: st.tuples(st.just(n), st.lists(st.tuples(*[st.integers(0, n - 1)] * 2)))))
def test_road_components_are_those_of_networkx(graph: tuple[int, list[tuple[int, int]]]) -> None:
    size, pairs = graph
    built = network(
        {f"n{index}": (36, 34) for index in range(size)},
        [road(f"n{a}", f"n{b}", one_way=index % 2) for index, (a, b) in enumerate(pairs)],
        [pipeline("n0", f"n{size - 1}")],
    )
    expected = nx.Graph(pairs)
    expected.add_nodes_from(range(size))
    found = road_components(built)
    assert sorted(map(sorted, found)) == sorted(map(sorted, nx.connected_components(expected)))
    assert [len(each) for each in found] == sorted((len(each) for each in found), reverse=True)


def supplied(**tables: Any) -> Network:
    return sound(replace(FULL, **tables))


@pytest.mark.parametrize(
    ("tables", "where", "message"),
    [
        ({"commodities": (COMMODITY, COMMODITY)}, ("commodities", 1, "id"), "'diesel' is there twice"),
        ({"commodities": (COMMODITY, replace(COMMODITY, id=""))}, ("commodities", 1, "id"), "the commodity has no id"),
        ({"commodities": (replace(COMMODITY, unit="tons"),)}, ("commodities", 0, "unit"), "did you mean 'tonnes'?"),
        (
            {"commodities": (replace(COMMODITY, unit=""),)},
            ("commodities", 0, "unit"),
            "found '', expected one of tonnes",
        ),
        ({"commodities": (replace(COMMODITY, unit="m3"),)}, ("commodities", 0, "unit"), "expected one of tonnes, sm3"),
        (
            {"commodities": (replace(COMMODITY, modes=("road", "pipeline", "rail")),)},
            ("commodities", 0, "modes"),
            "found 'rail', expected one of road, pipeline",
        ),
        (
            {"commodities": (replace(COMMODITY, payload=NOTHING),)},
            ("commodities", 0, "payload_low"),
            "found the payload 0",
        ),
        (
            {"commodities": (replace(COMMODITY, payload=Range(20, 15, 30)),)},
            ("commodities", 0, "payload_low"),
            "found 20, expected at most the central 15",
        ),
        (
            {"commodities": (replace(COMMODITY, payload=Range(10, 15, 12)),)},
            ("commodities", 0, "payload_high"),
            "found 12, expected at least the central 15",
        ),
        ({"commodities": (replace(COMMODITY, density=0),)}, ("commodities", 0, "density"), "found the density 0"),
        ({"commodities": (replace(COMMODITY, priority=0),)}, ("commodities", 0, "priority"), "found the priority 0"),
        (
            {"commodities": (replace(COMMODITY, confidence="?"),)},
            ("commodities", 0, "confidence"),
            "expected one of high",
        ),
        (
            {"commodities": (replace(COMMODITY, modes=("road",)),)},
            ("links", 5, "commodity"),
            "'diesel' goes by road alone, expected a commodity of pipelines",
        ),
        (
            {"demand": (replace(DEMAND, area="suoth"),)},
            ("demand", 0, "area"),
            "expected the area of a node; did you mean 'south'?",
        ),
        ({"demand": (replace(DEMAND, commodity="disel"),)}, ("demand", 0, "commodity"), "did you mean 'diesel'?"),
        ({"demand": (DEMAND, DEMAND)}, ("demand", 1, "commodity"), "'south diesel' is there twice"),
        (
            {"demand": (replace(DEMAND, depot_share=1.2),)},
            ("demand", 0, "depot_share"),
            "found the share 1.2, expected 0 to 1",
        ),
        (
            {"demand": (replace(DEMAND, rate=Range(-1, 2, 3)),)},
            ("demand", 0, "rate_kg_per_person_day_low"),
            "found -1, expected 0 or more",
        ),
        (
            {"demand": (replace(DEMAND, stock=Range(3, 2, 3)),)},
            ("demand", 0, "stock_days_low"),
            "found 3, expected at most the central 2",
        ),
        ({"facilities": (replace(FACILITY, id=""),)}, ("facilities", 0, "id"), "the facility has no id"),
        ({"facilities": (replace(FACILITY, node="A"),)}, ("facilities", 0, "node"), "found 'A', expected a node's id"),
        ({"facilities": (replace(FACILITY, role="refnery"),)}, ("facilities", 0, "role"), "did you mean 'refinery'?"),
        (
            {"facilities": (replace(FACILITY, commodity_out="petrol"),)},
            ("facilities", 0, "commodity_out"),
            "found 'petrol', expected a commodity's id",
        ),
        (
            {"facilities": (replace(FACILITY, commodity_in="crud"),)},
            ("facilities", 0, "commodity_in"),
            "found 'crud', expected a commodity's id",
        ),
        (
            {"facilities": (replace(FACILITY, role="refinery", intake=Range(1, 2, 3)),)},
            ("facilities", 0, "commodity_in"),
            "found '', expected a commodity's id",
        ),
        (
            {"facilities": (replace(FACILITY, role="refinery", commodity_in="diesel"),)},
            ("facilities", 0, "intake_tonnes_per_day_central"),
            "found no intake, expected that of the refinery",
        ),
        (
            {"facilities": (replace(REFINERY, role="mill", commodity_in=""),)},
            ("facilities", 0, "commodity_in"),
            "found '', expected a commodity's id",
        ),
        (
            {"facilities": (replace(PLANT, commodity_in=""),)},
            ("facilities", 0, "commodity_in"),
            "found '', expected a commodity's id",
        ),
        (
            {"facilities": (replace(PLANT, intake=NOTHING),)},
            ("facilities", 0, "intake_tonnes_per_day_central"),
            "found no intake, expected that of the power plant",
        ),
        (
            {"facilities": (replace(PLANT, output=NOTHING),)},
            ("facilities", 0, "output_mw_central"),
            "found no output, expected that of the power plant in MW",
        ),
        (
            {"facilities": (replace(PLANT, output=Range(200, 150, 300)),)},
            ("facilities", 0, "output_mw_low"),
            "found 200, expected at most the central 150",
        ),
        (
            {"facilities": (replace(PLANT, commodity_out="diesel"),)},
            ("facilities", 0, "commodity_out"),
            "found 'diesel', expected none, as a power plant",
        ),
        (
            {"facilities": (replace(REFINERY, output=PLANT.output),)},
            ("facilities", 0, "output_mw_central"),
            "found 150 MW, expected none but at a power plant",
        ),
        (
            {"facilities": (replace(REFINERY, minimum_run=1.2),)},
            ("facilities", 0, "minimum_run_share"),
            "found the share 1.2, expected 0 to 1",
        ),
        (
            {"facilities": (replace(FACILITY, minimum_run=0.4),)},
            ("facilities", 0, "minimum_run_share"),
            "found the share 0.4, expected none but at a refinery, mill or power plant",
        ),
        (
            {"facilities": (replace(FACILITY, cargo=1000.0),)},
            ("facilities", 0, "cargo_tonnes"),
            "found a cargo of 1000 t, expected none but of an import",
        ),
        (
            {"facilities": (replace(FACILITY, role="import", cargo=-1.0),)},
            ("facilities", 0, "cargo_tonnes"),
            "found -1, expected 0 or more",
        ),
        (
            {"facilities": (replace(FACILITY, role="import", cargo=1000.0, rate=NOTHING),)},
            ("facilities", 0, "rate_tonnes_per_day_central"),
            "found no rate, expected that of an import in ships",
        ),
        (
            {"facilities": (replace(FACILITY, capacity=-5.0),)},
            ("facilities", 0, "capacity_tonnes"),
            "found the capacity -5, expected 0 or more",
        ),
        (
            {"facilities": (replace(FACILITY, active_from="2024-11-01"),)},
            ("facilities", 0, "active_from"),
            "found '2024-11-01' without an offset",
        ),
        (
            {"facilities": (replace(FACILITY, active_to="8 Dec"),)},
            ("facilities", 0, "active_to"),
            "found '8 Dec', expected an instant like 2024-11-01T00:00+03:00",
        ),
        (
            {
                "facilities": (
                    replace(FACILITY, active_from="2024-12-08T00:00+03:00", active_to="2024-12-07T23:00+03:00"),
                )
            },
            ("facilities", 0, "active_to"),
            "expected an instant after active_from",
        ),
        ({"fleets": (replace(FLEET, node="z"),)}, ("fleets", 0, "node"), "found 'z', expected a node's id"),
        ({"fleets": (replace(FLEET, node="s"),)}, ("fleets", 0, "node"), "nowhere to stand: no road ends at 's'"),
        ({"fleets": (replace(FLEET, vehicle="tankr"),)}, ("fleets", 0, "vehicle"), "did you mean 'tanker'?"),
        ({"fleets": (replace(FLEET, vehicle="lorry"),)}, ("fleets", 0, "vehicle"), "a commodity's vehicle, tanker"),
        (
            {"fleets": (replace(FLEET, vehicles=Range(1, 2.5, 3)),)},
            ("fleets", 0, "vehicles_central"),
            "found 2.5 vehicles, expected a whole number",
        ),
        ({"fleets": (FLEET, FLEET)}, ("fleets", 1, "vehicle"), "'a tanker' is there twice"),
        (
            {"fleets": (replace(FLEET, vehicles=Range(1, 2, float("inf"))),)},
            ("fleets", 0, "vehicles_high"),
            "found inf, expected 0 or more",
        ),
    ],
)
def test_a_row_of_supply_that_is_wrong_is_told_with_its_column(
    tables: dict[str, Any], where: tuple[str | int, ...], message: str
) -> None:
    found = faults(supplied(**tables))
    assert [fault.where for fault in found] == [where]
    assert message in found[0].message


def test_mills_power_plants_and_ships_are_sound() -> None:
    ships = replace(FACILITY, id="ships", role="import", cargo=1000.0)
    mill = replace(REFINERY, id="mill", role="mill", node="b")
    assert faults(supplied(facilities=(REFINERY, mill, replace(PLANT, id="power", minimum_run=1.0), ships))) == []


@pytest.mark.parametrize("role", ["refinery", "mill"])
def test_products_that_together_outweigh_what_they_are_made_of_are_told_with_both_numbers(role: str) -> None:
    first = replace(REFINERY, role=role, rate=Range(5, 12, 15))
    second = replace(first, id="second", rate=Range(5, 8.5, 15.5))
    elsewhere = replace(first, id="elsewhere", node="b", rate=Range(10, 20, 30))
    found = faults(supplied(facilities=(elsewhere, first, second)))
    assert [fault.where for fault in found] == [
        ("facilities", 1, "rate_tonnes_per_day_central"),
        ("facilities", 1, "rate_tonnes_per_day_high"),
    ]
    assert found[0].message == (
        "creates mass: the 2 products of 'a' together come to 20.5 t a day from 20 t of diesel (central values), "
        "expected no more than it takes in"
    )
    assert "30.5 t a day from 30 t" in found[1].message


@given(
    rates=st.lists(st.floats(0, 100), min_size=1, max_size=4),
    intake=st.floats(0.5, 200),
)
def test_a_refinery_is_told_exactly_where_it_makes_more_than_it_takes(rates: list[float], intake: float) -> None:
    rows = tuple(
        replace(REFINERY, id=f"row{index}", rate=Range(rate, rate, rate), intake=Range(intake, intake, intake))
        for index, rate in enumerate(rates)
    )
    excess = sum(rates) - intake
    if abs(excess) > 1e-6:
        assert len(faults(supplied(facilities=rows))) == (3 if excess > 0 else 0)


def test_a_power_plant_makes_nothing_that_could_outweigh_its_feed() -> None:
    assert faults(supplied(facilities=(replace(PLANT, rate=Range(50, 50, 50)),))) == []


def test_a_commodity_goes_by_some_mode_and_by_road_in_a_vehicle() -> None:
    built = supplied(
        commodities=(COMMODITY, replace(COMMODITY, id="salt", modes=()), replace(COMMODITY, id="ice", vehicle=""))
    )
    assert [(fault.where, fault.message) for fault in faults(built)] == [
        (("commodities", 1, "modes"), "found '', expected one of road, pipeline"),
        (("commodities", 1, "vehicle"), "found the vehicle 'tanker', expected none, as it goes by no road"),
        (("commodities", 2, "vehicle"), "found the vehicle '', expected the class that carries it by road"),
    ]


def test_a_pipeline_of_a_commodity_that_is_not_there_is_told_with_the_nearest() -> None:
    found = faults(changed(sound(FULL), commodity=(5, "dissel")))
    assert [fault.message for fault in found] == [
        "found 'dissel', expected the id of a commodity; did you mean 'diesel'?"
    ]


def test_a_network_is_described_in_sections() -> None:
    rows = describe(sound(FULL))
    assert ("nodes", "total", "4") in rows
    assert ("nodes", "town", "1") in rows
    assert ("roads", "total", "3, 46 km") in rows
    assert ("roads", "motorway", "1, 10 km") in rows
    assert ("roads", "not given", "2, 36 km") in rows
    assert ("pipelines", "diesel", "1, 20 km") in rows
    assert ("population", PERSONS, "8,100 persons") in rows
    assert ("control", CONTROL, "none 2, red 1, blue 1") in rows
    assert ("open share", OPEN, "roads: open 1, reduced 1, closed 1; pipelines: open 1, reduced 0, closed 0") in rows
    assert ("facilities", "production", "1") in rows
    assert ("commodities", "diesel", "Diesel, tonnes") in rows
    assert ("vehicles", "tanker", "2") in rows
    assert ("confidence", "nodes", "high 25%, low 25%") in rows
    assert ("confidence", "roads", "high 33%, medium 33%") in rows


def test_a_network_without_supply_is_described_without_it() -> None:
    sections = {section for section, _, _ in describe(network({"a": (36, 34)}))}
    assert sections == {"network", "nodes", "roads", "pipelines", "population", "control", "facilities", "supply"}


def test_tables_of_supply_that_are_absent_are_named() -> None:
    absent = {label: value for section, label, value in describe(network({"a": (36, 34)})) if section == "supply"}
    assert absent == {"not given": "commodities.csv, demand.csv, facilities.csv, fleets.csv"}
    assert not [row for row in describe(sound(FULL)) if row[0] == "supply"]


def test_a_name_that_is_near_none_is_given_no_hint() -> None:
    assert did_you_mean("xyzzy", ["homs", "hama"]) == ""
    assert did_you_mean("hmos", ["homs", "hama"]) == "; did you mean 'homs'?"
