"""How a convoy gets along its route: one event a leg, gates in between, and where it is at any instant."""

from bisect import bisect_right
from collections.abc import Callable, Container
from dataclasses import dataclass

import numpy as np
import simpy
from simpy.resources.resource import Request

from corridor.simulation.clock import ARRIVALS, GATES, Call
from corridor.simulation.state import State
from corridor.simulation.ways import NO_ROUTE, Group, Route

__all__ = ["Convoy", "cut_short", "drive", "drive_back", "halt", "instants", "pace", "position", "wait"]

NOISE = 1
"""The stream of a replication's seed that travel times are drawn from, one sub-stream a convoy."""


@dataclass(slots=True, eq=False)
class Convoy:
    """Hold one convoy: what it is, what it carries (`tonnes`, 0: empty), and where it is on its way.

    On its `route`, the present leg goes from node `begin` to node `stop` (places in ``route.nodes``): it sets out at
    `start` and is there at `due`, hours. Before `start` it loads at `begin`; after `due` it unloads for
    `unloading` hours, if that is the end of the route, and then does `then`. `node` is where it was last, `passed`
    all the nodes since it was loaded.
    `lender` held its home when it set out: vehicles that fetch from another's source are not the actor's own.
    `watch` is a node (-1: none) whose loss it would not outlast although no link of its route is lost with it:
    where it stands, or is bound for over a link that is closed to it; `turned` while it drives back to `node`.
    """

    id: int
    aid: bool
    actor: int
    commodity: int
    group: Group
    origin: int
    home: int
    ordered: int
    destination: int
    vehicles: int
    tonnes: float
    lender: int
    pace: float
    node: int
    passed: tuple[int, ...]
    departed: float = float("nan")
    km: float = 0.0
    diverted: bool = False
    back: bool = False
    route: Route = NO_ROUTE
    begin: int = 0
    stop: int = 0
    start: float = 0.0
    due: float = 0.0
    unloading: float = 0.0
    then: "Callable[[State, Convoy], None] | None" = None
    call: Call | None = None
    request: Request | None = None
    watch: int = -1
    turned: bool = False


Then = Callable[[State, Convoy], None]


def pace(state: State, convoy: int) -> float:
    """Return what a convoy's driving times are multiplied with: lognormal with mean 1, exactly 1 without noise."""
    noise = state.case.scenario.supply.travel_noise_share
    if noise == 0:
        return 1.0
    seed = np.random.SeedSequence(entropy=state.seed.entropy, spawn_key=(*state.seed.spawn_key, NOISE, convoy))
    variance = np.log1p(noise**2)
    return float(np.random.default_rng(seed).lognormal(-variance / 2, np.sqrt(variance)))


def drive(
    state: State, convoy: Convoy, route: Route, then: Then, *, loading: float = 0.0, unloading: float = 0.0
) -> None:
    """Send a convoy along a route that begins where it is, and do something when it is through and unloaded."""
    ways = state.travel.of(convoy.group)
    reduced = state.travel.reduced.get(convoy.group[1])
    if reduced and not reduced.keys().isdisjoint(route.links):
        route = _in_file(convoy, route, reduced)
    convoy.route, convoy.then, convoy.unloading, convoy.begin = route, then, unloading, 0
    if not route.links:
        convoy.watch = convoy.node
    elif not ways.links[route.links[0]]:
        # It leaves lost territory: nothing on this link can get worse for it, only at the link's end.
        convoy.watch = route.nodes[1]
    _set_out(state, convoy, state.clock.now + loading, ways.gates)


def wait(state: State, convoy: Convoy, until: float, then: Then) -> None:
    """Let a convoy stand where it is until an instant, hours, and then do something."""
    convoy.watch = convoy.node
    convoy.call = state.clock.at(until, ARRIVALS, _finish, state, convoy, then)


def drive_back(state: State, convoy: Convoy, then: Then) -> None:
    """Turn a convoy in the middle of a link; it is back at the link's tail after as long as it took to get here."""
    place = position(convoy, state.now)
    began, due = instants(convoy)[place - convoy.begin : place - convoy.begin + 2]
    link, length = convoy.route.links[place], convoy.route.km[place + 1] - convoy.route.km[place]
    head = convoy.route.nodes[place + 1]
    spent = state.now - began
    halt(state, convoy)
    there_and_back = 2 * spent / (due - began) * length
    convoy.route = Route((state.travel.back(link),), (head, convoy.node), (0.0, spent), (0.0, 0.0))
    convoy.km += there_and_back
    convoy.stop, convoy.start, convoy.due = 1, state.now, state.now + spent
    convoy.turned, convoy.watch = True, convoy.node
    convoy.call = state.clock.at(convoy.due, ARRIVALS, _finish, state, convoy, then)


def cut_short(state: State, convoy: Convoy, then: Then) -> None:
    """Let a convoy's route end at the head of the link it is on, and do something there."""
    end = position(convoy, state.now) + 1
    route = convoy.route
    convoy.due = instants(convoy)[end - convoy.begin]
    convoy.route = Route(route.links[:end], route.nodes[: end + 1], route.hours[: end + 1], route.km[: end + 1])
    convoy.stop, convoy.then, convoy.unloading = end, then, 0.0
    if not state.travel.of(convoy.group).links[route.links[end - 1]]:
        convoy.watch = route.nodes[end]
    if convoy.call is not None:
        convoy.call.cancel()
    convoy.call = state.clock.at(convoy.due, ARRIVALS, _end_leg, state, convoy)


def instants(convoy: Convoy) -> list[float]:
    """Return when a convoy is at each node of its present leg, hours."""
    hours = convoy.route.hours[convoy.begin : convoy.stop + 1]
    return [*(convoy.start + (hour - hours[0]) * convoy.pace for hour in hours[:-1]), convoy.due]


def position(convoy: Convoy, now: float) -> int:
    """Return the place in its route of the node that a convoy is at or was at last."""
    if now >= convoy.due:
        return convoy.stop
    return convoy.begin + max(0, bisect_right(instants(convoy), now) - 1)


def halt(state: State, convoy: Convoy) -> None:
    """Take back all that a convoy was about to do; it remains where it is, at ``convoy.node`` or on the way from it."""
    if convoy.call is not None:
        convoy.call.cancel()
    if convoy.request is not None:
        _give_way(convoy.request)
    if convoy.stop > convoy.begin and not convoy.turned:
        _pass(convoy, position(convoy, state.now))
    _rest(convoy)


def _in_file(convoy: Convoy, route: Route, reduced: dict[int, float]) -> Route:
    """Return a route with the hours to each node when vehicles go in file over `reduced` links, vehicles an hour."""
    hours, extra = [0.0], 0.0
    for link, hour in zip(route.links, route.hours[1:], strict=True):
        # The hours of the route are still to be multiplied by the pace, the wait is not.
        extra += convoy.vehicles / reduced[link] / convoy.pace if link in reduced else 0.0
        hours.append(hour + extra)
    return Route(route.links, route.nodes, tuple(hours), route.km)


def _set_out(state: State, convoy: Convoy, start: float, gates: Container[int], *, through_gate: int = 0) -> None:
    """Begin the leg from where a convoy is to the next of the gates or the end of its route."""
    route, end = convoy.route, len(convoy.route.links)
    stop = end
    if gates:
        first = convoy.begin + through_gate
        stop = next((place for place in range(first, end) if route.links[place] in gates), end)
    convoy.start, convoy.stop = start, stop
    convoy.due = start + (route.hours[stop] - route.hours[convoy.begin]) * convoy.pace
    done = convoy.due + convoy.unloading if stop == end else convoy.due
    convoy.call = state.clock.at(done, ARRIVALS, _end_leg, state, convoy)


def _end_leg(state: State, convoy: Convoy) -> None:
    _pass(convoy, convoy.stop)
    if convoy.stop < len(convoy.route.links):
        _queue(state, convoy)
    elif convoy.then is not None:
        _finish(state, convoy, convoy.then)


def _queue(state: State, convoy: Convoy) -> None:
    """Let a convoy wait, at the node before it, for its turn at the gate of the next link."""
    convoy.call, convoy.watch = None, -1
    key = convoy.actor, convoy.route.nodes[convoy.begin + 1]
    gate = state.gates.get(key)
    if gate is None:
        gate = state.gates[key] = simpy.Resource(state.clock)
    convoy.request = gate.request()
    convoy.request.callbacks.append(lambda request: _serve(state, convoy, request))


def _serve(state: State, convoy: Convoy, request: simpy.Event) -> None:
    """Let a convoy's vehicles through one by one, unless it has left the queue at the instant its turn came."""
    if convoy.request is not request:
        return
    passage = state.travel.of(convoy.group).gates.get(convoy.route.links[convoy.begin])
    rate, delay = (passage.rate, passage.delay) if passage else (float("inf"), 0.0)
    served = state.now + convoy.vehicles / rate
    convoy.call = state.clock.at(served, GATES, _leave_gate, state, convoy, delay)


def _leave_gate(state: State, convoy: Convoy, delay: float) -> None:
    """Let the next convoy take its turn while this one is held for the gate's delay, and then goes on."""
    if convoy.request is not None:
        _give_way(convoy.request)
        convoy.request = None
    gates = state.travel.of(convoy.group).gates
    _set_out(state, convoy, state.now + delay, gates, through_gate=1)


def _give_way(request: Request) -> None:
    """Give a place at a gate back, or the wait for it up."""
    request.cancel()
    request.resource.release(request)


def _finish(state: State, convoy: Convoy, then: Then) -> None:
    _rest(convoy)
    then(state, convoy)


def _pass(convoy: Convoy, place: int) -> None:
    """Note that a convoy has got to a place of its route since the beginning of its leg."""
    begin, route = convoy.begin, convoy.route
    if place > begin:
        convoy.begin, convoy.node = place, route.nodes[place]
        if convoy.tonnes > 0:
            convoy.passed += route.nodes[begin + 1 : place + 1]
            convoy.km += route.km[place] - route.km[begin]


def _rest(convoy: Convoy) -> None:
    """Leave a convoy where it is, with nowhere to go."""
    convoy.route, convoy.then, convoy.call, convoy.request = NO_ROUTE, None, None, None
    convoy.begin, convoy.stop, convoy.turned, convoy.watch = 0, 0, False, -1
    convoy.unloading = 0.0
