"""Binding a scenario to a network: positions, hours, tonnes, and every unknown name at once."""

import pickle
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import numpy as np
import pytest

from corridor.case import bind
from corridor.control import CONTESTED
from corridor.errors import ScenarioError
from corridor.network import Commodity, Demand, Facility, Fleet, Network, Range, SupplyTables
from corridor.policies import NearestFirst
from corridor.scenario.model import (
    Actor,
    CommodityChange,
    Control,
    ControlEvent,
    ConvoyEvent,
    Draw,
    ExpectDeliveries,
    ExpectFalls,
    ExpectPocket,
    ExpectPockets,
    ExpectReaches,
    FacilityChange,
    FacilityEvent,
    Hoarding,
    LinkEvent,
    Links,
    PassageEvent,
    PassageRule,
    PopulationEvent,
    Rationing,
    Scenario,
    Show,
    Supply,
)
from tests.builders import CONTROL, OPEN, PERSONS, network, node, pipeline, road

SYRIA = timezone(timedelta(hours=3))
START = datetime(2024, 1, 1, tzinfo=SYRIA)
SURE: dict[str, Any] = {"status": "confirmed", "source": "test"}


def instant(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def exactly(value: float) -> Range:
    return Range(value, value, value)


def facility(name: str, at: str, role: str, **fields: Any) -> Facility:
    given: dict[str, Any] = {
        "commodity_in": "",
        "commodity_out": "diesel",
        "rate": exactly(0),
        "intake": exactly(0),
        "capacity": 0.0,
        "stock": exactly(0),
        "active_from": "",
        "active_to": "",
        "source": "test",
        "confidence": "low",
        "note": "",
    }
    return Facility(id=name, node=at, role=role, **{**given, **fields})


def commodity(name: str, vehicle: str, payload: float) -> Commodity:
    return Commodity(
        id=name,
        name=name.title(),
        name_ar="",
        unit="tonnes",
        modes=("road",),
        vehicle=vehicle,
        payload=exactly(payload),
        density=1.0,
        priority=1,
        source="test",
        confidence="low",
    )


@pytest.fixture
def country() -> Network:
    supply = SupplyTables(
        commodities=(commodity("diesel", "tanker", 20), commodity("flour", "flat", 25), commodity("crude", "", 1)),
        demand=(
            Demand(
                area="west",
                commodity="diesel",
                rate=exactly(2.4),
                stock=exactly(5),
                depot_share=0.6,
                source="test",
                confidence="low",
            ),
            Demand(
                area="east",
                commodity="diesel",
                rate=exactly(1.2),
                stock=exactly(3),
                depot_share=0.6,
                source="test",
                confidence="low",
            ),
        ),
        facilities=(
            facility("works_diesel", "works", "refinery", commodity_in="crude", rate=exactly(48), intake=exactly(240)),
            facility("tank", "depot", "storage", capacity=500.0),
            facility("quay", "port", "import", rate=exactly(24), active_to="2024-01-02T00:00:00+03:00"),
        ),
        fleets=(Fleet(node="works", vehicle="tanker", vehicles=Range(5, 10, 20), source="test", confidence="low"),),
    )
    return network(
        nodes={
            "port": node(36.0, 34.0, holder="red", kind="port", area="west"),
            "works": node(36.1, 34.0, holder="red", kind="refinery"),
            "depot": node(36.2, 34.0, holder="red", kind="depot", area="west"),
            "town": node(36.3, 34.0, 1000, holder="red", area="west"),
            "village": node(36.4, 34.0, 500, holder="blue", area="east", aliases=("Vilage",)),
        },
        roads=[("port", "works"), ("works", "depot"), ("depot", "town"), road("town", "village", share=0.0)],
        pipelines=[pipeline("port", "works", capacity=480.0)],
        supply=supply,
    )


@pytest.fixture
def plan() -> Scenario:
    return Scenario(
        name="test",
        title="Test",
        network="test",
        start=START,
        end=instant(240),
        warmup_days=2,
        population=PERSONS,
        actors={"red": Actor(name="Red", colour="#ff0000"), "blue": Actor(name="Blue", colour="#0000ff")},
        control=Control(from_=CONTROL),
        links=Links(roads=OPEN, pipelines=OPEN),
        supply=Supply(
            commodities=("diesel", "crude"), policy=NearestFirst(target_days={"default": 4.0, "crude": 10.0})
        ),
    )


def test_dates_become_hours_since_the_start(country: Network, plan: Scenario) -> None:
    case = bind(plan, country)
    assert (case.warmup, case.end) == (48, 240)
    assert case.hour(instant(7.5)) == 7.5
    assert case.instant(7.5) == instant(7.5)
    assert case.epochs[0].start == -48


def test_demand_is_persons_times_the_rate_of_their_area(country: Network, plan: Scenario) -> None:
    supply = bind(plan, country).supply
    assert supply.demand[3, 0] == pytest.approx(2.4 * 1000 / 1000 / 24)
    assert supply.demand[4, 0] == pytest.approx(1.2 * 500 / 1000 / 24)
    assert supply.demand[:, 1].sum() == 0


def test_an_area_keeps_its_stock_partly_in_its_depots_and_wholly_at_home_where_it_has_none(
    country: Network, plan: Scenario
) -> None:
    stock = bind(plan, country).supply.stock
    assert stock[3, 0] == pytest.approx(2.4 * 5 * 0.4)
    assert stock[2, 0] == pytest.approx(2.4 * 5 * 0.6)
    assert stock[4, 0] == pytest.approx(0.6 * 3)


def test_targets_follow_people_depots_and_refineries(country: Network, plan: Scenario) -> None:
    supply = bind(plan, country).supply
    # The west has five days on record, more than the four aimed at; the east three, fewer.
    assert supply.target[3, 0] == pytest.approx(2.4 * 5 * 0.4)
    assert supply.target[2, 0] == pytest.approx(2.4 * 5 * 0.6)
    assert supply.target[4, 0] == pytest.approx(0.6 * 4)
    assert supply.target[1, 1] == pytest.approx(240 * 10)
    assert supply.tier[:, 0].tolist() == [0, 0, 1, 2, 2]
    assert supply.tier[1, 1] == 2


def test_sources_pipelines_and_fleets_are_read_per_hour(country: Network, plan: Scenario) -> None:
    supply = bind(plan, country).supply
    works, quay = supply.sources
    assert (works.rate, works.intake, works.feed) == (2.0, 10.0, 1)
    assert (quay.rate, quay.end, quay.start) == (1.0, 24.0, -np.inf)
    (pipe,) = supply.pipes
    assert (pipe.capacity, pipe.commodity) == (20.0, 1)
    assert supply.fleet[1].tolist() == [0, 10]
    assert supply.capacity[2, 0] == 500
    # The quay states no store: a month of what it puts out.
    assert supply.capacity[0, 0] == 30 * 24 * quay.rate


def test_a_refinery_whose_feed_is_not_followed_is_a_plain_source(country: Network, plan: Scenario) -> None:
    supply = bind(replace(plan, supply=replace(plan.supply, commodities=("diesel",), policy=NearestFirst())), country)
    assert supply.supply.sources[0].feed == -1


def test_changes_of_facilities_and_commodities_overrule_the_tables(country: Network, plan: Scenario) -> None:
    changed = replace(
        plan.supply,
        commodity_changes=(CommodityChange(commodity="diesel", demand_kg_per_person_day=4.8, payload_tonnes=10),),
        facilities=(
            FacilityChange(facility="quay", rate_tonnes_per_day=48, active_from=instant(6), active_to=instant(12)),
            FacilityChange(facility="tank", stock_tonnes=7, capacity_tonnes=70),
        ),
        rationing=(Rationing(commodity="diesel", below_days=2, share=0.5),),
    )
    supply = bind(replace(plan, supply=changed), country).supply
    assert supply.demand[3, 0] == pytest.approx(4.8 / 24)
    assert supply.payload[0] == 10
    assert (supply.sources[1].rate, supply.sources[1].start, supply.sources[1].end) == (2.0, 6.0, 12.0)
    assert (supply.stock[2, 0], supply.target[2, 0], supply.capacity[2, 0]) == (7, 7, 70)
    assert supply.ration_level[3, 0, 0] == pytest.approx(4.8 * 2)
    assert supply.ration_share[3, :, 0].tolist() == [0.5, 1.0]


def test_events_become_changes_sorted_by_time_links_before_control_before_passage(
    country: Network, plan: Scenario
) -> None:
    events = (
        PassageEvent(kind="passage", id="p", at=instant(5), actor="red", through="contested", mode="free", **SURE),
        ControlEvent(kind="control", id="c", at=instant(5), node=("town",), actor="none", **SURE),
        LinkEvent(
            kind="link", id="l", at=instant(5), link=("town", "depot"), capacity_share=0.5, classes=("tanker",), **SURE
        ),
        LinkEvent(kind="link", id="first", at=instant(1), link=("village-town",), capacity_share=1, **SURE),
    )
    case = bind(replace(plan, events=events), country)
    assert [change.event for change in case.timeline.changes] == ["first", "l", "c", "p"]
    first, link, control, passage = case.timeline.changes
    assert link.links == (4, 5)
    assert link.classes == (1,)
    assert first.links == (6, 7)
    assert control.holder == CONTESTED
    assert passage.passage is not None
    assert passage.passage.through == CONTESTED


def gate(**terms: Any) -> PassageRule:
    return PassageRule(actor="red", through="blue", mode="gate", **terms)


@pytest.mark.parametrize(
    ("terms", "rate"),
    [
        ({}, np.inf),
        ({"vehicles_per_day": 48.0}, 2.0),
        ({"vehicles_per_day": 48.0, "servers": 2}, 1.0),
        ({"vehicles_per_day": 48.0, "opens": "06:30", "closes": "18:30"}, 4.0),
        ({"vehicles_per_day": 48.0, "opens": "08:00", "closes": "24:00", "servers": 3}, 1.0),
        ({"service_minutes": 12.0, "servers": 3, "opens": "06:00"}, 5.0),
    ],
)
def test_a_gate_lets_so_many_vehicles_an_hour_through_each_of_its_servers(
    country: Network, plan: Scenario, terms: dict[str, Any], rate: float
) -> None:
    (passage,) = bind(replace(plan, passage=(gate(**terms),)), country).timeline.passage
    assert passage.rate == rate


def test_the_terms_of_a_gate_become_hours_of_the_day_and_shares(country: Network, plan: Scenario) -> None:
    terms: dict[str, Any] = {"delay_hours": 3, "opens": "06:30", "closes": "24:00", "inspected_share": 0.25}
    event = PassageEvent(
        kind="passage", id="p", at=instant(5), actor="red", through="blue", mode="gate", servers=4, **SURE
    )
    rules = (gate(service="lognormal", service_variation=0.8, **terms), gate(service="exponential"))
    timeline = bind(replace(plan, passage=rules, events=(event,)), country).timeline
    first, second = timeline.passage
    assert (first.opens, first.closes, first.inspected, first.delay) == (6.5, 24, 0.25, 3)
    assert (first.service, first.variation, second.service, second.variation) == ("lognormal", 0.8, "exponential", 0)
    assert timeline.changes[0].passage is not None
    assert timeline.changes[0].passage.servers == 4


def test_the_start_takes_the_dated_columns_and_the_exceptions(country: Network, plan: Scenario) -> None:
    control = Control(from_=CONTROL, except_={"village": "red", "depot": "none"})
    links = Links(roads=OPEN, pipelines=OPEN, except_={"town-village": 0.25})
    timeline = bind(replace(plan, control=control, links=links), country).timeline
    assert timeline.holder.tolist() == [0, 0, CONTESTED, 0, 0]
    assert timeline.share[:, 6:8].tolist() == [[0.25, 0.25]] * 2


def test_denied_and_outlying_events_are_listed_but_not_applied(country: Network, plan: Scenario) -> None:
    def falls(name: str, hours: float, status: Any = "confirmed") -> ControlEvent:
        return ControlEvent(
            kind="control", id=name, at=instant(hours), node=("town",), actor="blue", status=status, source="test"
        )

    events = (falls("denied", 1, "denied"), falls("early", -1), falls("late", 1000), falls("used", 2))
    case = bind(replace(plan, events=events), country)
    assert [change.event for change in case.timeline.changes] == ["used"]
    reasons = [use.why_not for use in case.uses]
    assert reasons == ["denied by the record", "before the scenario's start", "after the scenario's end", ""]


def test_people_facilities_convoys_and_hoarding_change_supply_at_their_time(country: Network, plan: Scenario) -> None:
    events = (
        PopulationEvent(kind="population", id="flight", at=instant(3), from_="town", to="village", persons=100, **SURE),
        FacilityEvent(kind="facility", id="stop", at=instant(4), facility=("quay", "tank"), rate_share=0, **SURE),
        ConvoyEvent(
            kind="convoy",
            id="aid",
            at=instant(6),
            actor="blue",
            from_="town",
            to="village",
            commodity="diesel",
            tonnes=40,
            permitted=False,
            **SURE,
        ),
    )
    hoarding = (Hoarding(commodity="diesel", factor=1.5, from_=instant(1), until=instant(2), places=("town",)),)
    case = bind(replace(plan, events=events, supply=replace(plan.supply, hoarding=hoarding)), country)
    assert [(c.time, c.nodes, c.factor) for c in case.supply.demand_changes] == [(1, (3,), 1.5), (2, (3,), 1.0)]
    (flight,) = case.supply.movements
    assert (flight.time, flight.origin, flight.destination, flight.persons) == (3, 3, 4, 100)
    (stop,) = case.supply.rate_changes
    assert (stop.time, stop.source, stop.share) == (4, 1, 0)
    (aid,) = case.supply.aid
    assert (aid.origin, aid.destination, aid.permitted) == (3, 4, False)


def test_no_more_people_leave_a_place_than_are_there(country: Network, plan: Scenario) -> None:
    def leave(name: str, hours: float, start: str, persons: float) -> PopulationEvent:
        return PopulationEvent(
            kind="population", id=name, at=instant(hours), from_=start, to="", persons=persons, **SURE
        )

    events = (leave("all", 2, "town", 900), leave("again", 3, "town", 200), leave("village", 3, "village", 500))
    with pytest.raises(ScenarioError, match="found 200 persons to leave, but 100 people are at 'town' then") as told:
        bind(replace(plan, events=events), country)
    assert [fault.where for fault in told.value.faults] == [("events", 1, "persons")]


def test_a_case_survives_pickling(country: Network, plan: Scenario) -> None:
    case = bind(plan, country)
    again = pickle.loads(pickle.dumps(case))  # noqa: S301  # our own bytes
    assert again.scenario == case.scenario
    assert np.array_equal(again.supply.stock, case.supply.stock)


def test_every_unknown_name_is_told_at_once_with_the_nearest_that_exists(country: Network, plan: Scenario) -> None:
    def at(hours: float) -> datetime:
        return instant(hours)

    wrong = replace(
        plan,
        population="persons",
        control=Control(from_="control_began", except_={"vilage": "green"}),
        links=Links(roads="open_share_started", pipelines=OPEN, except_={"port-town": 1.0}),
        passage=(PassageRule(actor="red", through="blu", mode="free", nodes=("dpot",), commodities=("sugar",)),),
        events=(
            ControlEvent(kind="control", id="a", at=at(1), node=("twn",), actor="rd", **SURE),
            LinkEvent(kind="link", id="b", at=at(1), link=("port", "town"), capacity_share=0, **SURE),
            LinkEvent(kind="link", id="c", at=at(1), link=("port-wrks",), capacity_share=0, classes=("tankr",), **SURE),
            FacilityEvent(kind="facility", id="d", at=at(1), facility=("qay",), rate_share=0, **SURE),
            PopulationEvent(kind="population", id="e", at=at(1), from_="towm", persons=1, **SURE),
            ConvoyEvent(
                kind="convoy", id="f", at=at(1), actor="redd", from_="prt", to="town", commodity="dsl", tonnes=1, **SURE
            ),
        ),
        supply=Supply(
            commodities=("diesel", "kerosene"),
            commodity_changes=(CommodityChange(commodity="diesl"),),
            facilities=(FacilityChange(facility="tnk"),),
            policy=NearestFirst(target_days={"dies": 3.0}),
            rationing=(Rationing(commodity="desel", below_days=1, share=1),),
            hoarding=(Hoarding(commodity="dieselo", factor=1, from_=at(1), until=at(2), places=("t0wn",)),),
        ),
        show=Show(places=("tawn",), anchors=("prot",), maps_actor="bleu"),
        expect=(
            ExpectPockets(id="1", check="pockets", actor="re", at=at(1), equals=1),
            ExpectPocket(id="2", check="pocket", actor="red", of="twon", at=at(1), includes=("porte",)),
            ExpectReaches(id="3", check="reaches", actor="red", from_="prt", to="town", at=at(1), equals=True),
            ExpectDeliveries(id="4", check="deliveries", from_=("wst",), to=("town",), after=at(1)),
            ExpectFalls(id="5", check="falls", place="eest", commodity="dieseel", after=at(1), until=at(2)),
        ),
    )
    with pytest.raises(ScenarioError) as told:
        bind(wrong, country)
    found = {fault.where: fault.message for fault in told.value.faults}
    assert found["control", "except", "vilage"] == "unknown actor 'green'; there is red, blue, none"
    assert found["events", 0, "node", 0] == "unknown node 'twn'; did you mean 'town'?"
    assert found["events", 1, "link"].startswith("no road joins 'port' and 'town'; from 'port' roads lead to works")
    assert found["events", 2, "link", 0] == "unknown link 'port-wrks'; did you mean 'port-works'?"
    assert found["events", 2, "classes", 0] == "unknown vehicle class 'tankr'; did you mean 'tanker'?"
    assert found["expect", 3, "from", 0] == "unknown place or area 'wst'; did you mean 'west'?"
    assert found["supply", "commodities", 1].startswith("unknown commodity 'kerosene'")
    assert {where[0] for where in found} == {
        "population",
        "control",
        "links",
        "passage",
        "events",
        "supply",
        "show",
        "expect",
    }
    assert len(found) >= 30


def test_a_name_as_the_press_spells_it_is_answered_with_the_id(country: Network, plan: Scenario) -> None:
    events = (ControlEvent(kind="control", id="a", at=instant(1), node=("Vilage",), actor="red", **SURE),)
    with pytest.raises(ScenarioError, match=r"unknown node 'Vilage'; did you mean 'village' \(also spelled so\)\?"):
        bind(replace(plan, events=events), country)


def test_a_column_that_gives_nodes_to_an_unlisted_actor_is_told(country: Network, plan: Scenario) -> None:
    with pytest.raises(ScenarioError, match=r"gives nodes \(village\) to 'blue'"):
        bind(replace(plan, actors={"red": plan.actors["red"]}), country)


def test_a_column_of_roads_does_not_serve_for_pipelines(country: Network, plan: Scenario) -> None:
    share = country.open_share[OPEN].copy()
    share[-1] = np.nan
    with pytest.raises(ScenarioError, match="is not about pipelines"):
        bind(plan, replace(country, open_share={OPEN: share}))


def test_more_than_one_replication_is_refused(country: Network, plan: Scenario) -> None:
    with pytest.raises(ScenarioError, match="found 5 replications, expected 1"):
        bind(replace(plan, draw=Draw(replications=5)), country)


def test_an_interval_of_hoarding_begins_after_the_one_that_it_follows_has_ended(
    country: Network, plan: Scenario
) -> None:
    later = Hoarding(commodity="diesel", factor=3.0, from_=instant(2), until=instant(4))
    sooner = Hoarding(commodity="diesel", factor=2.0, from_=instant(1), until=instant(2))
    case = bind(replace(plan, supply=replace(plan.supply, hoarding=(later, sooner))), country)
    assert [(c.time, c.factor) for c in case.supply.demand_changes] == [(1, 2), (2, 1), (2, 3), (4, 1)]


def test_an_instant_is_written_with_its_year_where_a_scenario_sees_several(country: Network, plan: Scenario) -> None:
    case = bind(plan, country)
    first = case.written(0.0)
    assert str(plan.start.year) not in first
    years = replace(case, scenario=replace(plan, end=plan.start.replace(year=plan.start.year + 1)))
    assert years.written(0.0) == first.replace(first[-6:], f" {plan.start.year}{first[-6:]}")
