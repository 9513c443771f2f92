"""The life of a convoy: load, drive, unload, drive home empty; and what it does where its way ends."""

import math
from collections.abc import Iterable

import numpy as np

from corridor.case import DEPOT_TIER, PLACE_TIER, SOURCE_TIER, AidConvoy
from corridor.network import Mask
from corridor.simulation.atlas import Group, Route, Ways
from corridor.simulation.driving import Convoy, drive, drive_home, halt, pace, wait
from corridor.simulation.facilities import receive, withdraw
from corridor.simulation.ledger import CAPTURED, EXPORTED, SOURCE, TRANSIT
from corridor.simulation.state import State
from corridor.simulation.trace import Outcome, Shipment

__all__ = ["capture", "close_shipments", "decide", "dispatch", "evacuate", "send_aid", "send_stranded_home"]

Load = tuple[int, int, float]
"""From which node, to which node, and how many tonnes are ordered."""

NOWHERE = -1
DAY = 24.0
FIRST_DAY = 10_000
"""Days are counted from so many before the start, since a key of luck is not negative."""


def dispatch(state: State, orders: Iterable[Load], commodity: int, actor: int) -> None:
    """Send off what is ordered, order by order, as far as the stock there is and the vehicles that wait go.

    They drive under the right of way of `actor`, whose places get the loads.
    """
    vehicle, payload = state.vehicle[commodity], state.payload[commodity]
    group = state.travel.group(actor, commodity)
    ways, fleet, now = state.travel.of(group), state.fleet[:, vehicle], state.now
    supply = state.case.scenario.supply
    for origin, destination, ordered in orders:
        vehicles = min(_vehicles(ordered, payload), fleet[origin].item())
        route = state.travel.route(ways, origin, destination) if vehicles else None
        if route is None:
            continue
        tonnes = withdraw(state, origin, commodity, min(ordered, vehicles * payload), into=TRANSIT)
        if tonnes == 0:
            continue
        fleet[origin] -= vehicles
        convoy = _muster(state, group, (origin, destination), commodity, tonnes)
        convoy.vehicles, convoy.lender = vehicles, state.holder(origin)
        convoy.departed = state.bays.load(origin, vehicles, now, supply.loading_hours)
        drive(state, convoy, route, _unload, start=convoy.departed, unloading=supply.unloading_hours)


def send_aid(state: State, aid: AidConvoy) -> None:
    """Let an aid convoy come in and drive off loaded, or be refused if it is not permitted or has no way."""
    group = state.travel.group(aid.actor, aid.commodity)
    convoy = _muster(state, group, (aid.origin, aid.destination), aid.commodity, aid.tonnes, aid=True)
    convoy.vehicles, convoy.departed = _vehicles(aid.tonnes, state.payload[aid.commodity]), state.now
    convoy.returns = (1.0 - aid.unloaded) * aid.tonnes
    route = state.travel.route(state.travel.of(group), aid.origin, aid.destination)
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
    convoy = _muster(state, group, (node, refuge), commodity, tonnes)
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
    if not convoy.aid:
        state.lost[convoy.group[1]] += convoy.vehicles
    _part(state, convoy)


def send_stranded_home(state: State) -> None:
    """Let the empty convoys that stand where no way led home look for one again."""
    stranded, state.stranded = state.stranded, {}
    for number, convoy in stranded.items():
        if number in state.convoys:
            halt(state, convoy)
            _head_home(state, convoy)


def close_shipments(state: State) -> tuple[Shipment, ...]:
    """Return every shipment by its number, those that are still under way among them."""
    for convoy in state.convoys.values():
        if convoy.tonnes > 0:
            convoy.waited += state.now - convoy.lined_up if convoy.queue is not None else 0.0
            _note(state, convoy, "under way")
    return tuple(sorted(state.shipments, key=lambda shipment: shipment.id))


def _vehicles(tonnes: float, payload: float) -> int:
    """Return the vehicles that carry `tonnes`; a rounding error does not take one more."""
    return max(1, math.ceil(tonnes / payload - 1e-9))


def _muster(
    state: State, group: Group, ends: tuple[int, int], commodity: int, tonnes: float, *, aid: bool = False
) -> Convoy:
    """Bring a convoy together for a load; its vehicles are counted by who calls."""
    number = state.next_number()
    convoy = state.convoys[number] = Convoy(number, group, ends, commodity, tonnes)
    convoy.aid, convoy.mustered = aid, state.now
    state.coming[ends[1], commodity] += tonnes
    if state.chancy:
        key = int(aid), *ends, commodity, FIRST_DAY + math.floor(state.now / DAY)
        count = state.departures[key] = state.departures.get(key, -1) + 1
        convoy.luck = (*key, count)
        convoy.pace = pace(state, convoy)
    return convoy


def _deliver(state: State, convoy: Convoy, route: Route) -> None:
    drive(state, convoy, route, _unload, unloading=state.case.scenario.supply.unloading_hours)


def _unload(state: State, convoy: Convoy) -> None:
    node, tonnes = convoy.node, convoy.tonnes
    if convoy.aid:
        _unload_aid(state, convoy)
    elif not _welcomes(state, convoy, node):
        decide(state, convoy)
    else:
        receive(state, node, convoy.commodity, tonnes, out_of=TRANSIT, count=not convoy.back)
        outcome: Outcome = "turned back" if convoy.back else "diverted" if convoy.diverted else "delivered"
        _note(state, convoy, outcome, unloaded=tonnes)
        state.coming[node, convoy.commodity] -= tonnes
        convoy.tonnes = 0.0
        _head_home(state, convoy)


def _unload_aid(state: State, convoy: Convoy) -> None:
    """Unload what is let in of an aid convoy where it was promised, and all of it where it came from."""
    if convoy.back:
        state.ledger.post(TRANSIT, EXPORTED, convoy.commodity, convoy.tonnes)
        _note(state, convoy, "turned back", unloaded=convoy.tonnes)
        _part(state, convoy)
        return
    given = convoy.tonnes - convoy.returns
    receive(state, convoy.node, convoy.commodity, given, out_of=TRANSIT)
    _note(state, convoy, "partly unloaded" if convoy.returns else "delivered", unloaded=given)
    state.coming[convoy.destination, convoy.commodity] -= given
    convoy.tonnes = convoy.returns
    if convoy.tonnes == 0:
        _part(state, convoy)
    else:
        convoy.back = True
        decide(state, convoy)


def _head_home(state: State, convoy: Convoy) -> None:
    """Send an empty convoy home, or to the nearest place of its actor that uses such vehicles, or let it stay."""
    ways = state.travel.of(convoy.group)
    route = None
    if _welcomes(state, convoy, convoy.home):
        route = state.travel.route_home(ways, convoy.node, convoy.home)
    if route is None:
        base = _base(state, ways, convoy)
        if base == NOWHERE:
            wait(state, convoy, math.inf, _head_home)
            state.stranded[convoy.id] = convoy
            return
        convoy.home, convoy.lender = base, convoy.actor
        route = state.travel.route(ways, convoy.node, base)
    if route is not None:
        drive_home(state, convoy, route, _join)


def _base(state: State, ways: Ways, convoy: Convoy) -> int:
    """Return the nearest place of its actor whose vehicles a convoy's can join: a base, else a source or depot."""
    vehicle = convoy.group[1]
    base = _nearest(state, ways, convoy, state.case.supply.fleet[:, vehicle] > 0)
    if base == NOWHERE:
        carried = [commodity for commodity, each in enumerate(state.vehicle) if each == vehicle]
        gives = np.isin(state.tier[:, carried], (SOURCE_TIER, DEPOT_TIER))
        base = _nearest(state, ways, convoy, gives.sum(axis=1) > 0)
    return base


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
    lives = (state.tier[:, commodity] == PLACE_TIER) & (state.everyday[:, commodity] > 0)
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
    return _nearest(state, ways, convoy, (tier >= SOURCE_TIER) & (tier <= DEPOT_TIER))


def _nearest(state: State, ways: Ways, convoy: Convoy, suited: Mask) -> int:
    """Return the home of a convoy if it can get there, else the nearest suited node its actor holds; -1 if none."""
    hours = ways.roads.hours([convoy.node])[0]
    if _welcomes(state, convoy, convoy.home) and np.isfinite(hours[convoy.home]):
        return convoy.home
    hours = np.where(suited & (state.epoch.holder == convoy.actor), hours, np.inf)
    nearest = int(np.argmin(hours))
    return nearest if np.isfinite(hours[nearest]) else NOWHERE


def _note(state: State, convoy: Convoy, outcome: Outcome, *, unloaded: float = 0.0) -> None:
    """Write down what became of a load, once, and unless it was over before the report begins."""
    now = state.now
    if now < 0 or convoy.noted:
        return
    convoy.noted = True
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
            arrived=math.nan if outcome in {"captured", "refused", "under way"} else now,
            km=convoy.km,
            route=convoy.passed,
            outcome=outcome,
            waited=convoy.waited,
            unloaded=unloaded,
            loaded=math.nan if convoy.aid else convoy.mustered,
            ended=math.nan if outcome == "under way" else now,
        )
    )


def _part(state: State, convoy: Convoy) -> None:
    """Let a convoy be no more."""
    if convoy.tonnes > 0:
        state.coming[convoy.destination, convoy.commodity] -= convoy.tonnes
    del state.convoys[convoy.id]
