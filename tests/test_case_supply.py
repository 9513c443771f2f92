"""Supply bound to a network: converters, ships, rations, vehicles, turns, those who leave, and every fault in them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.case import Source, SupplyCase, bind
from corridor.errors import ScenarioError
from corridor.network import Demand, Fleet, Network, SupplyTables
from corridor.policies import FairShare, NearestFirst, Priority
from corridor.scenario import load_scenario
from corridor.scenario.model import (
    Actor,
    CommodityChange,
    Control,
    Displacement,
    FacilityChange,
    FleetChange,
    Hoarding,
    Links,
    PopulationEvent,
    Rationing,
    Scenario,
    Supply,
)
from corridor.sources import read_network
from tests.builders import CONTROL, OPEN, PERSONS, network, node, pipeline
from tests.test_case import START, SURE, commodity, exactly, facility, instant

COMMODITIES = ("diesel", "lpg", "crude", "gas", "wheat", "flour")
DIESEL, LPG, CRUDE, GAS, WHEAT, FLOUR = range(6)
DENSITY = 0.0008
REFINERY: dict[str, Any] = {"commodity_in": "crude", "intake": exactly(240)}
PLANT: dict[str, Any] = {"commodity_in": "gas", "commodity_out": "", "output": exactly(300)}


def used(area: str, name: str, kilograms: float, days: float = 0.0) -> Demand:
    return Demand(
        area=area,
        commodity=name,
        rate=exactly(kilograms),
        stock=exactly(days),
        depot_share=0.0,
        source="test",
        confidence="low",
    )


def tables() -> SupplyTables:
    return SupplyTables(
        commodities=(
            commodity("diesel", "tanker", 20),
            replace(commodity("lpg", "gas_tanker", 20), priority=3),
            replace(commodity("crude", "", 1), priority=5, modes=("pipeline",)),
            replace(commodity("gas", "", 1000), unit="sm3", density=DENSITY, priority=4, modes=("pipeline",)),
            replace(commodity("wheat", "flat", 25), priority=2),
            commodity("flour", "flat", 25),
        ),
        demand=(used("west", "diesel", 2.4, 5), used("east", "diesel", 2.4), used("west", "flour", 0.24)),
        facilities=(
            facility("works_diesel", "works", "refinery", rate=exactly(120), **REFINERY),
            facility("works_lpg", "works", "refinery", commodity_out="lpg", rate=exactly(24), **REFINERY),
            facility("terminal", "port", "import", commodity_out="crude", rate=exactly(240), stock=exactly(700)),
            facility("gas_well", "works", "production", commodity_out="gas", rate=exactly(48)),
            facility(
                "mill",
                "town",
                "mill",
                commodity_in="wheat",
                commodity_out="flour",
                intake=exactly(48),
                rate=exactly(36),
            ),
            facility("power_a", "town", "power_plant", intake=exactly(24), minimum_run=0.3, **PLANT),
            facility("power_b", "town", "power_plant", intake=exactly(12), **PLANT),
            facility("tank", "works", "storage", capacity=500.0),
            facility("tank_crude", "port", "storage", commodity_out="crude", capacity=900.0, stock=exactly(100)),
        ),
        fleets=(Fleet(node="works", vehicle="tanker", vehicles=exactly(10), source="test", confidence="low"),),
    )


def land() -> Network:
    return network(
        nodes={
            "port": node(36.0, 34.0, holder="red", kind="port", area="west"),
            "works": node(36.1, 34.0, holder="red", kind="refinery"),
            "town": node(36.2, 34.0, 1000, holder="red", kind="city", area="west"),
            "village": node(36.3, 34.0, 500, holder="blue", area="east"),
            "hamlet": node(36.4, 34.0, 100, holder="blue", area="east"),
            "rock": node(36.0, 33.9, holder="red", kind="island"),
        },
        roads=[("port", "works"), ("works", "town"), ("town", "village"), ("village", "hamlet")],
        pipelines=[
            pipeline("port", "works", capacity=480.0),
            pipeline("works", "town", capacity=60_000.0, commodity="gas"),
        ],
        supply=tables(),
    )


def plan(**supply: Any) -> Scenario:
    told: dict[str, Any] = {"commodities": COMMODITIES, "policy": NearestFirst(target_days={"default": 4.0})}
    return Scenario(
        name="test",
        title="Test",
        network="test",
        start=START,
        end=instant(240),
        population=PERSONS,
        actors={"red": Actor(name="Red", colour="#ff0000"), "blue": Actor(name="Blue", colour="#0000ff")},
        control=Control(from_=CONTROL),
        links=Links(roads=OPEN, pipelines=OPEN),
        supply=Supply(**{**told, **supply}),
    )


def bound(**supply: Any) -> SupplyCase:
    return bind(plan(**supply), land()).supply


def sources(**supply: Any) -> dict[str, Source]:
    return {source.id: source for source in bound(**supply).sources}


def faults_of(scenario: Scenario) -> dict[tuple[str | int, ...], str]:
    with pytest.raises(ScenarioError) as told:
        bind(scenario, land())
    return {fault.where: fault.message for fault in told.value.faults}


def changed(name: str, **fields: Any) -> dict[str, Any]:
    return {"facilities": (FacilityChange(facility=name, **fields),)}


def test_a_mill_is_fed_like_a_refinery() -> None:
    mill = sources()["mill"]
    assert (mill.feed, mill.commodity, mill.intake, mill.rate) == (WHEAT, FLOUR, 2.0, 1.5)
    assert bound().target[2, WHEAT] == pytest.approx(4 * 48)


def test_a_power_plant_burns_its_intake_and_puts_out_no_commodity() -> None:
    plant = sources()["power_a"]
    assert (plant.commodity, plant.rate, plant.feed, plant.intake) == (-1, 0.0, GAS, 1.0)
    assert (plant.output, plant.minimum) == (300.0, 0.3)
    # No cell of the tiers is the plant's: -1 would be the last commodity.
    assert bound(commodities=("flour", "gas", "lpg")).tier[2].tolist() == [0, 2, -1]


def test_power_plants_at_one_node_add_up_and_products_of_one_refinery_share_an_intake() -> None:
    target = bound().target
    assert target[2, GAS] == pytest.approx(4 * (24 + 12))
    assert target[1, CRUDE] == pytest.approx(4 * 240)


def test_a_power_plant_whose_fuel_is_not_followed_is_left_out() -> None:
    assert set(sources(commodities=("diesel",))) == {"works_diesel"}


def test_gas_is_counted_in_tonnes_by_its_density() -> None:
    supply = bound()
    crude, gas = supply.pipes
    assert (crude.commodity, crude.capacity) == (CRUDE, 20.0)
    assert gas.commodity == GAS
    assert gas.capacity == pytest.approx(60_000 * DENSITY / 24)
    assert supply.payload[[DIESEL, GAS]] == pytest.approx([20, 1000 * DENSITY])
    # What facilities put out is in tonnes in the tables already.
    assert sources()["gas_well"].rate == 2.0


def test_what_facilities_state_they_keep_adds_up_at_a_node_and_only_depots_are_kept_at_it() -> None:
    supply = bound()
    assert supply.stock[0, CRUDE] == 700 + 100
    assert supply.target[0, CRUDE] == 100
    assert supply.capacity[0, CRUDE] == 900
    more = bound(**changed("terminal", capacity_tonnes=50))
    assert more.capacity[0, CRUDE] == 950
    fuel = bound(**changed("power_a", capacity_tonnes=70, stock_tonnes=30))
    assert (fuel.capacity[2, GAS], fuel.stock[2, GAS], fuel.target[2, GAS]) == (70, 30, 4 * 36)


def test_an_import_without_a_cargo_comes_steadily() -> None:
    assert sources()["terminal"].cargo == 0


@pytest.mark.parametrize(
    ("change", "cargo", "rate", "first"),
    [
        ({"cargo_tonnes": 2400.0}, 2400, 10.0, 120.0),
        ({"cargo_tonnes": 2400.0, "rate_tonnes_per_day": 480.0}, 2400, 20.0, 60.0),
        ({"cargo_tonnes": 2400.0, "every_days": 5.0}, 2400, 20.0, 60.0),
        ({"cargo_tonnes": 2400.0, "every_days": 5.0, "first_cargo": instant(-7)}, 2400, 20.0, -7.0),
        ({"cargo_tonnes": 2400.0, "rate_tonnes_per_day": 0.0}, 0, 0.0, 0.0),
    ],
)
def test_ships_come_with_their_cargo_and_the_start_lies_midway_between_two(
    change: dict[str, Any], cargo: float, rate: float, first: float
) -> None:
    terminal = sources(**changed("terminal", **change))["terminal"]
    assert (terminal.cargo, terminal.rate, terminal.first) == (cargo, rate, first)


def test_ships_of_the_network_may_come_at_other_intervals() -> None:
    supply = tables()
    rows = tuple(replace(row, cargo=1200.0) if row.id == "terminal" else row for row in supply.facilities)
    country = replace(land(), supply=replace(supply, facilities=rows))
    plain, rarer = (
        next(source for source in bind(scenario, country).supply.sources if source.id == "terminal")
        for scenario in (plan(), plan(**changed("terminal", every_days=10.0)))
    )
    assert (plain.cargo, plain.rate, plain.first) == (1200, 10.0, 60.0)
    assert (rarer.cargo, rarer.rate, rarer.first) == (1200, 5.0, 120.0)


@pytest.mark.parametrize("product", ["works_diesel", "works_lpg"])
def test_a_refinery_stops_as_a_whole_below_its_least_run(product: str) -> None:
    works = sources(**changed(product, minimum_run_share=0.4))
    assert [works[name].minimum for name in ("works_diesel", "works_lpg", "mill")] == [0.4, 0.4, 0.0]
    assert sources()["works_diesel"].minimum == 0
    alone = sources(commodities=("diesel",), **changed("works_diesel", minimum_run_share=0.4))
    assert alone["works_diesel"].feed == -1


@pytest.mark.parametrize(
    ("name", "key", "value", "message"),
    [
        ("mill", "cargo_tonnes", 10.0, r"^cargo_tonnes: 'mill' has the role mill; it fits the role import$"),
        ("mill", "every_days", 10.0, "every_days: 'mill' has the role mill"),
        ("gas_well", "first_cargo", instant(1), "first_cargo: 'gas_well' has the role production"),
        ("terminal", "minimum_run_share", 0.5, "it fits the role refinery, mill or power_plant"),
        ("tank", "rate_tonnes_per_day", 5.0, "it fits the role import, production, refinery or mill"),
        ("power_a", "rate_tonnes_per_day", 5.0, "rate_tonnes_per_day: 'power_a' has the role power_plant"),
        ("tank", "active_from", instant(1), "active_from: 'tank' has the role storage"),
        ("tank", "active_to", instant(1), "active_to: 'tank' has the role storage"),
        ("terminal", "every_days", 3.0, "every_days: 'terminal' comes in no ships; write cargo_tonnes beside it"),
        ("terminal", "first_cargo", instant(1), "first_cargo: 'terminal' comes in no ships"),
        (
            "works_lpg",
            "rate_tonnes_per_day",
            121.0,
            "creates mass: 'works' would put out 241 t a day of 240 t of crude",
        ),
        ("works_lpg", "rate_tonnes_per_day", 999.0, "expected at most 120$"),
        ("mill", "rate_tonnes_per_day", 49.0, "'town' would put out 49 t a day of 48 t of wheat; expected at most 48$"),
    ],
)
def test_a_change_that_makes_no_sense_of_a_facility_is_told_where_it_stands(
    name: str, key: str, value: Any, message: str
) -> None:
    with pytest.raises(ScenarioError, match=message) as told:
        bound(**changed(name, **{key: value}))
    assert [fault.where for fault in told.value.faults] == [("supply", "facilities", 0, key)]


def test_a_refinery_may_make_as_much_as_it_takes_in_and_the_last_change_is_to_blame() -> None:
    both = tuple(FacilityChange(facility=f"works_{name}", rate_tonnes_per_day=120.0) for name in ("diesel", "lpg"))
    assert sources(facilities=both)["works_lpg"].rate == 5.0
    too_much = (*both[:1], replace(both[1], rate_tonnes_per_day=130.0), FacilityChange(facility="mill"))
    assert list(faults_of(plan(facilities=too_much))) == [("supply", "facilities", 1, "rate_tonnes_per_day")]


def test_people_outside_the_areas_that_are_followed_use_and_keep_nothing() -> None:
    west, all_of_it = bound(areas=("west",)), bound()
    assert all_of_it.demand[3, DIESEL] > 0
    for grid in (west.rate, west.demand, west.stock, west.target):
        assert not grid[3:5].any()
    assert np.array_equal(west.demand[2], all_of_it.demand[2])
    assert west.tier[3, DIESEL] == -1
    # Sources and depots stay, whatever area they lie in.
    assert west.tier[1].tolist() == all_of_it.tier[1].tolist()
    assert west.sources == all_of_it.sources


def test_a_change_of_demand_holds_in_the_areas_that_are_followed_alone() -> None:
    change = CommodityChange(commodity="lpg", demand_kg_per_person_day=24)
    used_up = bound(areas=("east",), commodity_changes=(change,)).demand[:, LPG]
    assert used_up.tolist() == pytest.approx([0, 0, 0, 0.5, 0.1, 0])


def test_unknown_areas_are_told_with_the_nearest() -> None:
    assert faults_of(plan(areas=("wst", "north"))) == {
        ("supply", "areas", 0): "unknown area 'wst'; did you mean 'west'?",
        ("supply", "areas", 1): "unknown area 'north'; there is east, west",
    }


def ration(days: float, share: float, *places: str, of: str = "diesel") -> Rationing:
    return Rationing(commodity=of, below_days=days, share=share, places=places)


def test_rations_are_steps_that_fall_with_the_stock() -> None:
    supply = bound(rationing=(ration(2, 0.3, "town"), ration(4, 0.6), ration(1, 0.5, of="flour")))
    assert supply.ration_level.shape == supply.ration_share.shape == (6, 6, 2)
    # 1,000 people use 2.4 tonnes a day in town, 500 half as much in the village.
    assert supply.ration_level[2, DIESEL] == pytest.approx([9.6, 4.8])
    assert supply.ration_share[2, DIESEL].tolist() == [0.6, 0.3]
    assert supply.ration_level[3, DIESEL] == pytest.approx([4.8, 0.0])
    assert supply.ration_share[3, DIESEL].tolist() == [0.6, 1.0]
    assert supply.ration_level[2, FLOUR] == pytest.approx([0.24, 0.0])
    assert not supply.ration_level[:, LPG].any()


def test_without_rations_nothing_is_cut() -> None:
    supply = bound()
    assert supply.ration_level.shape == (6, 6, 1)
    assert not supply.ration_level.any()
    assert (supply.ration_share == 1).all()


@given(
    rules=st.lists(st.tuples(st.integers(1, 60), st.sampled_from(["", "west", "town", "hamlet"])), max_size=5),
    turn=st.randoms(),
)
def test_the_order_in_which_rations_are_written_changes_nothing(rules: list[tuple[int, str]], turn: Any) -> None:
    steps = [ration(days, days / 100, *([place] if place else [])) for days, place in dict(rules).items()]
    shuffled = list(steps)
    turn.shuffle(shuffled)
    one, other = bound(rationing=tuple(steps)), bound(rationing=tuple(shuffled))
    assert np.array_equal(one.ration_level, other.ration_level)
    assert np.array_equal(one.ration_share, other.ration_share)
    assert (np.diff(one.ration_level, axis=2) <= 0).all()


@pytest.mark.parametrize(
    ("first", "second", "key"),
    [
        (ration(3, 0.5), ration(3, 0.4), "below_days"),
        (ration(3, 0.5), ration(2, 0.5), "share"),
        (ration(3, 0.5, "west"), ration(4, 0.4, "town"), "share"),
        (ration(3, 0.5, "village"), ration(2, 0.9, "east"), "share"),
        (ration(3, 0.5, "port", "hamlet"), ration(3, 0.4, "east"), "below_days"),
    ],
)
def test_rations_that_overlap_are_told_at_the_later_rule(first: Rationing, second: Rationing, key: str) -> None:
    found = faults_of(plan(rationing=(ration(1, 0.1, of="flour"), first, second)))
    assert list(found) == [("supply", "rationing", 2, key)]
    assert found["supply", "rationing", 2, key].startswith("overlapping rations: use of diesel at '")


def test_a_ration_that_overlaps_with_several_is_told_once() -> None:
    with pytest.raises(ScenarioError) as told:
        bound(rationing=(ration(3, 0.5, "west"), ration(3, 0.5, "east"), ration(3, 0.4)))
    assert [fault.where for fault in told.value.faults] == [("supply", "rationing", 2, "below_days")]


def test_rations_apart_do_not_overlap() -> None:
    rules = (ration(3, 0.5, "west"), ration(3, 0.5, "village"), ration(3, 0.5, of="flour"), ration(2, 0.9, "hamlet"))
    assert bound(rationing=rules).ration_level.shape[2] == 1


def test_unknown_names_in_rations_are_told_with_the_nearest() -> None:
    scenario = plan(
        commodities=("kerosene", "diesel"),
        rationing=(ration(3, 0.5, "twn", of="kerosene"), ration(3, 0.5, "wset"), ration(2, 0.5, of="desel")),
    )
    found = faults_of(scenario)
    assert found["supply", "commodities", 0].startswith("unknown commodity 'kerosene'")
    assert found["supply", "rationing", 0, "places", 0] == "unknown place or area 'twn'; did you mean 'town'?"
    assert found["supply", "rationing", 1, "places", 0] == "unknown place or area 'wset'; did you mean 'west'?"
    assert found["supply", "rationing", 2, "commodity"].endswith("did you mean 'diesel'?")
    assert len(found) == 4


def test_hoarding_holds_for_the_places_of_an_area() -> None:
    rule = Hoarding(commodity="diesel", factor=2, from_=instant(1), until=instant(2), places=("east", "village"))
    assert [change.nodes for change in bound(hoarding=(rule,)).demand_changes] == [(3, 4), (3, 4)]


def fleet(at: str, vehicle: str, vehicles: int) -> FleetChange:
    return FleetChange(node=at, vehicle=vehicle, vehicles=vehicles)


def test_fleets_of_the_scenario_take_the_place_of_those_on_record() -> None:
    supply = bound(fleets=(fleet("works", "tanker", 3), fleet("town", "flat", 7), fleet("rock", "flat", 0)))
    tanker, flat = supply.vehicles.index("tanker"), supply.vehicles.index("flat")
    assert supply.fleet[1, tanker] == 3
    assert supply.fleet[2, flat] == 7
    assert supply.fleet.sum() == 10


def test_a_fleet_needs_a_node_with_a_road_and_a_class_that_carries_something() -> None:
    fleets = (fleet("rock", "tanker", 1), fleet("tovn", "flat", 1), fleet("town", "tankr", 1))
    assert faults_of(plan(fleets=fleets)) == {
        ("supply", "fleets", 0, "node"): "the fleet has nowhere to stand: no road ends at 'rock'; "
        "expected a node on a road",
        ("supply", "fleets", 1, "node"): "unknown node 'tovn'; did you mean 'town'?",
        ("supply", "fleets", 2, "vehicle"): "unknown vehicle class 'tankr'; did you mean 'tanker'?",
    }


def test_a_fleet_stands_where_somebody_loads_it_or_may_drive_a_stock_away() -> None:
    fleets = (fleet("village", "tanker", 1), fleet("works", "flat", 2), fleet("village", "flat", 0))
    assert faults_of(plan(fleets=fleets)) == {
        ("supply", "fleets", 0, "node"): "nobody loads a tanker at 'village'; expected a source or depot of diesel",
        ("supply", "fleets", 1, "node"): "nobody loads a flat at 'works'; expected a source or depot of wheat, flour",
    }
    useless = plan(commodities=("crude",), fleets=(fleet("works", "tanker", 1),))
    (told,) = faults_of(useless).values()
    assert told.endswith("expected none: nothing that is followed goes by it")
    assert bound(fleets=fleets, fallen_stock="evacuated").fleet.sum() > 0


def test_loading_bays_are_counted_at_their_nodes() -> None:
    assert bound(loading_bays={"works": 4, "town": 2}).bays == {1: 4, 2: 2}
    assert faults_of(plan(loading_bays={"wrks": 4, "village": 2})) == {
        ("supply", "loading_bays", "wrks"): "unknown node 'wrks'; did you mean 'works'?",
        (
            "supply",
            "loading_bays",
            "village",
        ): "nobody loads at 'village'; expected a source or depot of what goes by road",
    }


def test_a_pipeline_flows_across_fronts_where_the_scenario_says_so() -> None:
    scenario = plan()
    assert [pipe.across for pipe in bind(scenario, land()).supply.pipes] == [False, False]
    across = replace(scenario, links=replace(scenario.links, across_fronts=("works>town",)))
    assert [pipe.across for pipe in bind(across, land()).supply.pipes] == [False, True]
    wrong = replace(scenario, links=replace(scenario.links, across_fronts=("works-town", "works>twn")))
    assert faults_of(wrong) == {
        ("links", "across_fronts", 0): "found the road 'works-town', expected a pipeline: "
        "no rule lets a road lead across a front",
        ("links", "across_fronts", 1): "unknown pipeline 'works>twn'; did you mean 'works>town'?",
    }


def test_vehicles_are_given_to_commodities_in_the_scenarios_order() -> None:
    assert bound(policy=FairShare(), commodities=("lpg", "diesel")).order == (0, 1)


def test_under_priority_the_named_come_first_and_then_the_networks_priority() -> None:
    assert bound(policy=Priority(commodities=("gas", "lpg"))).order == (GAS, LPG, DIESEL, FLOUR, WHEAT, CRUDE)
    assert bound(policy=Priority()).order == (DIESEL, FLOUR, WHEAT, LPG, GAS, CRUDE)


def test_places_have_the_rank_of_their_kind_and_those_of_no_named_kind_come_last() -> None:
    assert bound(policy=Priority(kinds=("city", "port"))).rank.tolist() == [1, 2, 0, 2, 2, 2]
    assert bound(policy=Priority()).rank.tolist() == bound().rank.tolist() == [0] * 6
    assert faults_of(plan(policy=Priority(kinds=("city", "prot"), commodities=("disel",)))) == {
        ("supply", "policy", "commodities", 0): "commodity 'disel' is not among the scenario's "
        "(diesel, lpg, crude, gas, wheat, flour); did you mean 'diesel'?",
        ("supply", "policy", "kinds", 1): "unknown kind of place 'prot'; did you mean 'port'?",
    }


def test_people_leave_of_themselves_by_rule() -> None:
    rules = (
        Displacement(when="contested", share_per_day=0.1),
        Displacement(
            when="stockout", commodity="flour", share_per_day=0.2, places=("east", "port"), to=("town", "port")
        ),
    )
    everywhere, east = bound(displacement=rules).displacement
    assert (everywhere.nodes, everywhere.commodity, everywhere.share, everywhere.to) == (tuple(range(6)), -1, 0.1, ())
    assert (east.nodes, east.commodity, east.share, east.to) == ((0, 3, 4), FLOUR, 0.2, (2, 0))


def test_unknown_names_in_rules_of_displacement_are_told_with_the_nearest() -> None:
    rule = Displacement(when="stockout", commodity="flower", share_per_day=0.2, places=("est",), to=("twon",))
    found = faults_of(plan(displacement=(rule,)))
    assert found["supply", "displacement", 0, "commodity"].endswith("did you mean 'flour'?")
    assert found["supply", "displacement", 0, "places", 0] == "unknown place or area 'est'; did you mean 'east'?"
    assert found["supply", "displacement", 0, "to", 0] == "unknown node 'twon'; did you mean 'town'?"
    missing = Displacement(when="stockout", share_per_day=0.2)
    assert list(faults_of(plan(displacement=(missing,)))) == [("supply", "displacement", 0)]


def moved(hours: float, persons: float, way: str, over: float = 0.0) -> PopulationEvent:
    start, end = way.split(">")
    return PopulationEvent(
        kind="population",
        id=f"{way}{hours}",
        at=instant(hours),
        from_=start,
        to=end,
        persons=persons,
        over_hours=over,
        **SURE,
    )


def moving(*events: PopulationEvent) -> Scenario:
    return replace(plan(), events=events)


def test_people_may_leave_over_some_hours() -> None:
    (move,) = bind(moving(moved(3, 200, "town>village", 12)), land()).supply.movements
    assert (move.time, move.hours, move.persons) == (3, 12, 200)


@pytest.mark.parametrize(
    "events",
    [
        # Whoever comes can go on, at once or while others still come.
        (moved(1, 400, ">hamlet"), moved(1, 500, "hamlet>")),
        (moved(1, 400, ">hamlet", 10), moved(11, 500, "hamlet>")),
        (moved(1, 400, ">hamlet", 10), moved(1, 500, "hamlet>", 20)),
        (moved(1, 500, "hamlet>", 50), moved(2, 400, ">hamlet")),
    ],
)
def test_those_who_have_come_can_leave(events: tuple[PopulationEvent, ...]) -> None:
    assert len(bind(moving(*events), land()).supply.movements) == 2


@pytest.mark.parametrize(
    ("events", "message"),
    [
        # Half of the 400 have come when 500 leave at once.
        ((moved(1, 400, ">hamlet", 10), moved(6, 500, "hamlet>")), "found 500 persons to leave, but 300 people"),
        # They leave faster than others come: after 4 hours 400 have gone, and 80 come.
        ((moved(0, 40, ">hamlet", 2), moved(0, 160, "hamlet>", 4)), "found 160 persons to leave, but 140 people"),
        # The last of the others come too late, and nobody is there right before.
        ((moved(0, 300, "hamlet>", 10), moved(9, 200, ">hamlet")), "found 300 persons to leave, but 130 people"),
    ],
)
def test_no_more_leave_than_are_there_while_they_leave(events: tuple[PopulationEvent, ...], message: str) -> None:
    found = faults_of(moving(*events))
    (where,) = found
    assert where[0] == "events"
    assert where[2] == "persons"
    assert found[where].startswith(message)


def test_those_who_cannot_leave_are_not_missed_by_the_next() -> None:
    found = faults_of(moving(moved(1, 150, "hamlet>"), moved(2, 80, "hamlet>"), moved(3, 30, "hamlet>")))
    assert found == {
        ("events", 0, "persons"): "found 150 persons to leave, but 100 people are at 'hamlet' then",
        ("events", 2, "persons"): "found 30 persons to leave, but 20 people are at 'hamlet' then",
    }


SHIPPED = Path(__file__).parent.parent / "scenarios"


def test_a_shipped_scenario_is_bound_to_what_its_tables_say() -> None:
    scenario = load_scenario(SHIPPED / "homs_2024.yaml")
    scenario = replace(scenario, supply=replace(scenario.supply, areas=(), commodity_changes=()))
    country = read_network(scenario.network)
    case = bind(scenario, country)
    supply = case.supply
    rates = {(row.area, row.commodity): row.rate.central for row in country.supply.demand}
    everyone = zip(country.area.tolist(), case.population.tolist(), strict=True)
    kilograms = sum(persons * rates.get((area, "diesel"), 0) for area, persons in everyone)
    assert supply.demand[:, supply.commodities.index("diesel")].sum() * 24_000 == pytest.approx(kilograms)
    assert {str(country.link_id[pipe.link]) for pipe in supply.pipes if pipe.across} <= set(
        scenario.links.across_fronts
    )
    assert (np.diff(supply.ration_level, axis=2) <= 0).all()
    assert all((source.commodity < 0) == (source.output > 0) for source in supply.sources)


def test_to_name_every_area_is_to_name_none() -> None:
    scenario = load_scenario(SHIPPED / "homs_2024.yaml")
    country = read_network(scenario.network)
    everyone = replace(scenario.supply, areas=tuple(set(country.area.tolist()) - {""}))
    supplies = [
        bind(replace(scenario, supply=told), country).supply for told in (replace(everyone, areas=()), everyone)
    ]
    for field in ("demand", "stock", "target", "tier", "ration_level"):
        assert np.array_equal(*(getattr(supply, field) for supply in supplies))
