"""The life of a convoy: load, drive, unload, drive home empty; and what it does where its way ends."""

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from corridor.case import AidConvoy
from corridor.simulation.driving import Convoy, drive, halt, pace
from corridor.simulation.facilities import receive, withdraw
from corridor.simulation.ledger import CAPTURED, EXPORTED, SOURCE, TRANSIT
from corridor.simulation.state import State
from corridor.simulation.trace import Shipment
from corridor.simulation.ways import Route, Ways

__all__ = ["capture", "close_shipments", "decide", "dispatch", "evacuate", "send_aid"]

Outcome = Literal["delivered", "diverted", "turned back", "captured", "refused", "under way"]
DEPOT = 1
PLACE = 2
NOWHERE = -1


def dispatch(state: State, ends: tuple[int, int], commodity: int, tonnes: float, actor: int) -> float:
    """Load up to `tonnes` on the vehicles that wait at the first of `ends` and send them off to the second.

    They drive under the right of way of `actor`, whose place gets the load. Returns the tonnes loaded.
    """
    origin, destination = ends
    vehicle, payload = state.vehicle[commodity], state.payload[commodity]
    vehicles = min(_vehicles(tonnes, payload), state.fleet[origin, vehicle].item())
    if vehicles == 0:
        return 0.0
    ways = state.travel.of(state.travel.group(actor, commodity))
    route = state.travel.route(ways, origin, destination)
    if route is None:
        return 0.0
    tonnes = withdraw(state, origin, commodity, min(tonnes, vehicles * payload), into=TRANSIT)
    if tonnes == 0:
        return 0.0
    state.fleet[origin, vehicle] -= vehicles
    loading = state.case.scenario.supply.loading_hours
    convoy = _muster(state, ends, commodity, tonnes, actor)
    convoy.vehicles, convoy.departed, convoy.lender = vehicles, state.now + loading, state.holder(origin)
    _deliver(state, convoy, route, loading=loading)
    return tonnes


def send_aid(state: State, aid: AidConvoy) -> None:
    """Let an aid convoy come in and drive off loaded, or be refused if it is not permitted or has no way."""
    convoy = _muster(state, (aid.origin, aid.destination), aid.commodity, aid.tonnes, aid.actor)
    convoy.aid, convoy.vehicles = True, _vehicles(aid.tonnes, state.payload[aid.commodity])
    convoy.departed = state.now
    route = state.travel.route(state.travel.of(convoy.group), aid.origin, aid.destination)
    if not aid.permitted or route is None:
        _part(state, convoy)
        _note(state, convoy, "refused")
        return
    state.ledger.post(SOURCE, TRANSIT, aid.commodity, aid.tonnes)
    _deliver(state, convoy, route)


def evacuate(state: State, node: int, commodity: int, actor: int) -> None:
    """Drive what the vehicles at home at a node can carry of its stock to the neediest place `actor` still reaches.

    The node is lost already, but its stock is still booked as its old holder's; the vehicles come along.
    """
    vehicle, payload = state.vehicle[commodity], state.payload[commodity]
    if vehicle < 0 or not state.fleet[node, vehicle]:
        return
    level = state.stocks.level_of[state.cell(node, commodity)]
    group = state.travel.group(actor, commodity)
    ways = state.travel.out_of(group, node)
    refuge = _neediest(state, ways, node, commodity, actor)
    route = None if refuge == NOWHERE or level <= 0 else state.travel.route(ways, node, refuge)
    if route is None:
        return
    vehicles = min(_vehicles(level, payload), int(state.fleet[node, vehicle]))
    tonnes = withdraw(state, node, commodity, min(level, vehicles * payload), into=TRANSIT, holder=actor)
    state.fleet[node, vehicle] -= vehicles
    convoy = _muster(state, (node, refuge), commodity, tonnes, actor)
    convoy.vehicles, convoy.departed = vehicles, state.now
    _deliver(state, convoy, route)


def decide(state: State, convoy: Convoy) -> None:
    """Let a convoy that cannot go on as planned take another route, divert, turn back or be lost where it is."""
    ways = state.travel.of(convoy.group)
    if not ways.nodes[convoy.node]:
        capture(state, convoy)
    elif convoy.tonnes == 0:
        _head_home(state, convoy)
    elif convoy.aid:
        _decide_aid(state, convoy, ways)
    else:
        _decide_loaded(state, convoy, ways)


def capture(state: State, convoy: Convoy) -> None:
    """Let a convoy be lost with its load where it is."""
    halt(state, convoy)
    if state.now < convoy.departed:
        convoy.departed = math.nan
    if convoy.tonnes > 0:
        state.ledger.post(TRANSIT, CAPTURED, convoy.commodity, convoy.tonnes)
        _note(state, convoy, "captured")
    _part(state, convoy)


def close_shipments(state: State) -> tuple[Shipment, ...]:
    """Return every shipment by its number, those that are still under way among them."""
    for convoy in state.convoys.values():
        if convoy.tonnes > 0:
            _note(state, convoy, "under way")
    return tuple(sorted(state.shipments, key=lambda shipment: shipment.id))


def _vehicles(tonnes: float, payload: float) -> int:
    """Return the vehicles that carry `tonnes`; a rounding error does not take one more."""
    return max(1, math.ceil(tonnes / payload - 1e-9))


def _muster(state: State, ends: tuple[int, int], commodity: int, tonnes: float, actor: int) -> Convoy:
    """Bring a convoy together for a load; its vehicles are counted by who calls."""
    number = state.next_number()
    origin, destination = ends
    convoy = Convoy(
        id=number,
        aid=False,
        actor=actor,
        commodity=commodity,
        group=state.travel.group(actor, commodity),
        origin=origin,
        home=origin,
        ordered=destination,
        destination=destination,
        vehicles=0,
        tonnes=tonnes,
        lender=actor,
        pace=pace(state, number),
        node=origin,
        passed=(origin,),
    )
    state.convoys[number] = convoy
    state.coming[destination, commodity] += tonnes
    return convoy


def _deliver(state: State, convoy: Convoy, route: Route, *, loading: float = 0.0) -> None:
    drive(state, convoy, route, _unload, loading=loading, unloading=state.case.scenario.supply.unloading_hours)


def _unload(state: State, convoy: Convoy) -> None:
    node, tonnes = convoy.node, convoy.tonnes
    if not convoy.aid and not _welcomes(state, convoy, node):
        decide(state, convoy)
        return
    if convoy.aid and convoy.back:
        state.ledger.post(TRANSIT, EXPORTED, convoy.commodity, tonnes)
    else:
        receive(state, node, convoy.commodity, tonnes, out_of=TRANSIT, count=not convoy.back)
    _note(state, convoy, "turned back" if convoy.back else "diverted" if convoy.diverted else "delivered")
    state.coming[convoy.destination, convoy.commodity] -= tonnes
    convoy.tonnes = 0.0
    if convoy.aid:
        _part(state, convoy)
    else:
        _head_home(state, convoy)


def _head_home(state: State, convoy: Convoy) -> None:
    """Send an empty convoy home, or to the nearest place of its actor with vehicles of its class, or let it go."""
    ways = state.travel.of(convoy.group)
    route = None
    if _welcomes(state, convoy, convoy.home):
        route = state.travel.route_home(ways, convoy.node, convoy.home)
    if route is None:
        based = state.case.supply.fleet[:, convoy.group[1]] > 0
        base = _nearest(state, ways, convoy, based)
        if base == NOWHERE:
            _part(state, convoy)
            return
        convoy.home, convoy.lender = base, convoy.actor
        route = state.travel.route(ways, convoy.node, base)
    if route is not None:
        drive(state, convoy, route, _join)


def _join(state: State, convoy: Convoy) -> None:
    """Add the vehicles of a convoy to those that wait at its home."""
    if not _welcomes(state, convoy, convoy.home):
        decide(state, convoy)
        return
    state.fleet[convoy.home, convoy.group[1]] += convoy.vehicles
    _part(state, convoy)


def _decide_loaded(state: State, convoy: Convoy, ways: Ways) -> None:
    node = convoy.node
    goal = convoy.destination
    route = state.travel.route(ways, node, goal) if _welcomes(state, convoy, goal) else None
    if route is None and not convoy.back:
        goal = _neediest(state, ways, node, convoy.commodity, convoy.actor, within=_way_home(state, ways, convoy))
        route = None if goal == NOWHERE else state.travel.route(ways, node, goal)
        convoy.diverted = convoy.diverted or route is not None
    if route is None:
        goal = _refuge(state, ways, convoy)
        route = None if goal == NOWHERE else state.travel.route(ways, node, goal)
        convoy.back = True
    if route is None:
        capture(state, convoy)
        return
    _rebook(state, convoy, goal)
    _deliver(state, convoy, route)


def _decide_aid(state: State, convoy: Convoy, ways: Ways) -> None:
    """Aid goes where it was promised or back where it came from."""
    route = None if convoy.back else state.travel.route(ways, convoy.node, convoy.destination)
    if route is None:
        convoy.back = True
        route = state.travel.route(ways, convoy.node, convoy.home)
        _rebook(state, convoy, convoy.home)
    if route is None:
        capture(state, convoy)
    else:
        _deliver(state, convoy, route)


def _rebook(state: State, convoy: Convoy, destination: int) -> None:
    state.coming[convoy.destination, convoy.commodity] -= convoy.tonnes
    state.coming[destination, convoy.commodity] += convoy.tonnes
    convoy.destination = destination


def _welcomes(state: State, convoy: Convoy, node: int) -> bool:
    """Return whether a node is held by those a convoy drives for, or its home by those whose vehicles they are."""
    return state.holder(node) == (convoy.lender if node == convoy.home else convoy.actor)


def _way_home(state: State, ways: Ways, convoy: Convoy) -> float:
    """Return the hours of the way home, as far as a convoy diverts at most; `inf` where it cannot go home."""
    return float(ways.roads.hours([convoy.node])[0][convoy.home]) if _welcomes(state, convoy, convoy.home) else math.inf


def _neediest(state: State, ways: Ways, node: int, commodity: int, actor: int, *, within: float = math.inf) -> int:
    """Return the place of `actor` at most `within` hours away with the fewest days of supply; -1 if none.

    Of equals it is the nearest.
    """
    hours = ways.roads.hours([node])[0]
    lives = (state.tier[:, commodity] == PLACE) & (state.everyday[:, commodity] > 0)
    places = np.flatnonzero(lives & (state.epoch.holder == actor) & np.isfinite(hours) & (hours <= within))
    if not places.size:
        return NOWHERE
    cells = places * state.stocks.commodities + commodity
    for cell in cells.tolist():
        state.stocks.advance(cell, state.now)
    position = state.stocks.level[cells] + state.coming[places, commodity] + state.filling[places, commodity]
    days = position / state.everyday[places, commodity]
    return int(places[np.lexsort((hours[places], days))[0]])


def _refuge(state: State, ways: Ways, convoy: Convoy) -> int:
    """Return the node to turn back to: home, else the nearest source or depot of its actor; -1 if none."""
    tier = state.tier[:, convoy.commodity]
    return _nearest(state, ways, convoy, (tier >= 0) & (tier <= DEPOT))


def _nearest(state: State, ways: Ways, convoy: Convoy, suited: NDArray[np.bool_]) -> int:
    """Return the home of a convoy if it can get there, else the nearest suited node its actor holds; -1 if none."""
    hours = ways.roads.hours([convoy.node])[0]
    if _welcomes(state, convoy, convoy.home) and np.isfinite(hours[convoy.home]):
        return convoy.home
    hours = np.where(suited & (state.epoch.holder == convoy.actor), hours, np.inf)
    nearest = int(np.argmin(hours))
    return nearest if np.isfinite(hours[nearest]) else NOWHERE


def _note(state: State, convoy: Convoy, outcome: Outcome) -> None:
    """Write down what became of a load, unless it was over before the report begins."""
    now = state.now
    if now < 0:
        return
    state.shipments.append(
        Shipment(
            id=convoy.id,
            mode="aid" if convoy.aid else "road",
            actor=convoy.actor,
            commodity=convoy.commodity,
            origin=convoy.origin,
            ordered=convoy.ordered,
            destination=convoy.destination,
            vehicles=convoy.vehicles,
            tonnes=convoy.tonnes,
            departed=convoy.departed,
            arrived=now if outcome in {"delivered", "diverted", "turned back"} else math.nan,
            km=convoy.km,
            route=convoy.passed,
            outcome=outcome,
        )
    )


def _part(state: State, convoy: Convoy) -> None:
    """Let a convoy be no more."""
    if convoy.tonnes > 0:
        state.coming[convoy.destination, convoy.commodity] -= convoy.tonnes
    del state.convoys[convoy.id]
