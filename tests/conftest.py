from datetime import datetime, timedelta, timezone
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import settings

from corridor.case import Case, bind
from corridor.network import Commodity, Demand, Network, Range, SupplyTables
from corridor.policies import NearestFirst
from corridor.scenario.model import (
    Actor,
    Control,
    ControlEvent,
    ExpectDaysOfSupply,
    ExpectDeliveries,
    ExpectFalls,
    ExpectPocket,
    ExpectPockets,
    ExpectReaches,
    LinkEvent,
    Links,
    Scenario,
    Show,
    Supply,
)
from corridor.simulation import LedgerRow, Shipment, Stockout, Trace, Transfer
from tests.builders import CONTROL, OPEN, PERSONS, network, node

# A loaded machine is no reason to fail, and a run of the tests is to be the same as the one before.
settings.register_profile("corridor", deadline=None, derandomize=True)
# `make verify`: other worlds each time, and what failed can be played again.
settings.register_profile("nightly", deadline=None, derandomize=False, max_examples=10_000, print_blob=True)
settings.load_profile("corridor")

ZONE = timezone(timedelta(hours=3))
START = datetime(2024, 1, 1, tzinfo=ZONE)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


@pytest.fixture
def parted() -> Case:
    """A coast and a south joined by a main road over `middle`, lost at 10 h, and by `bypass`, lost from 20 to 40 h."""
    return bind(_scenario(), _network())


@pytest.fixture
def trace(parted: Case) -> Trace:
    """48 hours in which the south uses up 30 tonnes; a convoy reaches it, another one, after the split, does not."""
    time = np.arange(49.0)
    place = np.flatnonzero(parted.population > 0)
    south = place.tolist().index(parted.network.node_positions()["south"])
    shape = (time.size, place.size, 1)
    demand, consumed, unmet, received, stock = (np.zeros(shape) for _ in range(5))
    demand[:, south, 0] = 24.0
    stock[:, south, 0] = np.maximum(30.0 - time, 0.0)
    consumed[:, south, 0] = np.minimum(time, 30.0)
    unmet[:, south, 0] = np.maximum(time - 30.0, 0.0)
    return Trace(
        time=time,
        place=place,
        stock=stock,
        demand=demand,
        consumed=consumed,
        unmet=unmet,
        received=received,
        made=np.zeros(shape),
        persons=np.tile(parted.population[place], (time.size, 1)),
        queue=np.zeros((time.size, 0)),
        shipments=(convoy(0, departed=5.0, outcome="delivered"), convoy(1, departed=25.0, outcome="captured")),
        stockouts=(Stockout(node=int(place[south]), commodity=0, start=30.0, end=float("inf")),),
        ledger=(
            LedgerRow(commodity=0, account="stock", holder=0, opening=30.0, inflow=0.0, outflow=30.0, closing=0.0),
            LedgerRow(commodity=0, account="consumed", holder=-1, opening=0.0, inflow=30.0, outflow=0.0, closing=30.0),
            LedgerRow(commodity=0, account="captured", holder=-1, opening=0.0, inflow=20.0, outflow=0.0, closing=20.0),
        ),
        transfers=(
            Transfer(commodity=0, out_of="stock", out_of_holder=0, into="consumed", into_holder=-1, tonnes=30.0),
        ),
        gates=(),
        events_processed=7,
    )


def convoy(number: int, *, departed: float, outcome: Literal["delivered", "captured"]) -> Shipment:
    """Return 20 tonnes by road from the coast (node 0) to the south (node 2)."""
    arrived = departed + 3.0 if outcome == "delivered" else float("nan")
    return Shipment(
        id=number,
        mode="road",
        actor=0,
        commodity=0,
        origin=0,
        ordered=2,
        destination=2,
        vehicles=1,
        tonnes=20.0,
        departed=departed,
        arrived=arrived,
        km=20.0,
        route=(0, 1, 2),
        outcome=outcome,
        unloaded=20.0 if outcome == "delivered" else 0.0,
        loaded=departed,
        ended=arrived,
    )


def _network() -> Network:
    exactly = Range(24.0, 24.0, 24.0)
    diesel = Commodity(
        id="diesel",
        name="Diesel",
        name_ar="",
        unit="tonnes",
        modes=("road",),
        vehicle="tanker",
        payload=Range(20.0, 20.0, 20.0),
        density=1.0,
        priority=1,
        source="test",
        confidence="low",
    )
    used = Demand(
        area="south", commodity="diesel", rate=exactly, stock=exactly, depot_share=0.0, source="test", confidence="low"
    )
    return network(
        nodes={
            "coast": node(36.0, 34.0, 3000, holder="red", kind="port", area="coast"),
            "middle": node(36.1, 34.0, 500, holder="red"),
            "south": node(36.2, 34.0, 6000, holder="red", kind="city", area="south"),
            "bypass": node(36.1, 33.9, 0, holder="red"),
            "east": node(36.3, 34.2, 2000, holder="blue"),
        },
        roads=[("coast", "middle"), ("middle", "south"), ("coast", "bypass", 15), ("bypass", "south", 15)],
        supply=SupplyTables(commodities=(diesel,), demand=(used,)),
    )


def _scenario() -> Scenario:
    sure: dict[str, Any] = {"status": "confirmed", "source": "test", "confidence": "high"}
    guess: dict[str, Any] = {
        "status": "inferred",
        "source": "test",
        "confidence": "low",
        "earliest": at(8),
        "latest": at(30),
    }
    return Scenario(
        name="parted",
        title="Two towns parted",
        network="test",
        start=START,
        end=at(48),
        warmup_days=1,
        population=PERSONS,
        actors={"red": Actor(name="Red", colour="#ff0000"), "blue": Actor(name="Blue", colour="#0000ff")},
        control=Control(from_=CONTROL),
        links=Links(roads=OPEN, pipelines=OPEN),
        events=(
            ControlEvent(id="E1", kind="control", at=at(10), node=("middle",), actor="blue", **sure),
            ControlEvent(id="E2", kind="control", at=at(20), node=("bypass",), actor="blue", **guess),
            ControlEvent(id="E3", kind="control", at=at(40), node=("bypass",), actor="red", **sure),
            LinkEvent(
                id="E4",
                kind="link",
                at=at(30),
                link=("coast", "bypass"),
                capacity_share=0.0,
                status="denied",
                source="test",
            ),
        ),
        supply=Supply(commodities=("diesel",), policy=NearestFirst(target_days={"default": 4.0})),
        show=Show(places=("south",), anchors=("coast", "south"), maps=(at(0), at(24)), maps_actor="red"),
        expect=(
            ExpectPockets(id="whole", check="pockets", actor="red", at=at(15), equals=1),
            ExpectPockets(id="split", check="pockets", actor="red", at=at(24), equals=2),
            ExpectPocket(
                id="south", check="pocket", actor="red", of="south", at=at(24), includes=("south",), excludes=("coast",)
            ),
            ExpectReaches(
                id="way",
                check="reaches",
                actor="red",
                from_="coast",
                to="south",
                at=at(15),
                equals=True,
                through=("bypass",),
            ),
            ExpectDeliveries(
                id="fed", check="deliveries", from_=("coast",), to=("south",), after=at(0), until=at(20), at_least=20
            ),
            ExpectDeliveries(id="cut", check="deliveries", from_=("coast",), to=("south",), after=at(20), at_most=0),
            ExpectDaysOfSupply(
                id="day", check="days_of_supply", place="south", commodity="diesel", at=at(6), at_least=1, at_most=1
            ),
            ExpectFalls(id="falls", check="falls", place="south", commodity="diesel", after=at(20), until=at(30)),
        ),
    )
