"""How a convoy gets along its route: one event a leg, gates in between, and where it is at any instant."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import accumulate

import numpy as np
import simpy
from simpy.resources.resource import Request

from corridor.simulation.clock import ARRIVALS, GATES, Call
from corridor.simulation.state import State
from corridor.simulation.ways import Group, Route

__all__ = ["Convoy", "cut_short", "drive", "drive_back", "halt", "pace", "pause", "position"]

NO_ROUTE = Route((), (), ())
NOISE = 1
"""The stream of a replication's seed that travel times are drawn from, one sub-stream a convoy."""


@dataclass(slots=True, eq=False)
class Convoy:
    """Hold one convoy: what it is, what it carries (`tonnes`, 0: empty), and where it is on its way.

    The present leg of its `route` goes from node `begin` to node `stop` (places in ``route.nodes``); `instants` are
    the hours at which it is at each node of the leg, the first when it sets out; none while it stands. `then` is what
    happens when the route is done. `standing` is the node (-1: none) whose loss it would not outlast: where it stands,
    or is bound for over a link that is closed to it; `turned` while it drives back to the last node. `passed` are the nodes behind it since it was loaded, the last one where it is or was last.
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
    departed: float = float("nan")
    pace: float = 1.0
    diverted: bool = False
    back: bool = False
    km: float = 0.0
    passed: list[int] = field(default_factory=list)
    route: Route = NO_ROUTE
    begin: int = 0
    stop: int = 0
    instants: list[float] = field(default_factory=list)
    then: "Callable[[State, Convoy], None] | None" = None
    call: Call | None = None
    request: Request | None = None
    standing: int = -1
    turned: bool = False

    @property
    def node(self) -> int:
        """The node where it is, or that it passed last."""
        return self.passed[-1]


def pace(state: State, convoy: int) -> float:
    """Return what a convoy's driving times are multiplied with: lognormal with mean 1, exactly 1 without noise."""
    noise = state.case.scenario.supply.travel_noise_share
    if noise == 0:
        return 1.0
    seed = np.random.SeedSequence(entropy=state.seed.entropy, spawn_key=(*state.seed.spawn_key, NOISE, convoy))
    variance = np.log1p(noise**2)
    return float(np.random.default_rng(seed).lognormal(-variance / 2, np.sqrt(variance)))


def pause(state: State, convoy: Convoy, node: int, until: float, then: "Callable[[State, Convoy], None]") -> None:
    """Let a convoy stand at a node (loading, unloading) until an instant, hours, and then do something."""
    _stand(state, convoy, node)
    convoy.call = state.clock.at(until, ARRIVALS, _move_on, state, convoy, then)


def drive(state: State, convoy: Convoy, route: Route, then: "Callable[[State, Convoy], None]") -> None:
    """Send a convoy along a route that begins where it is, and do something when it is through."""
    convoy.route, convoy.begin, convoy.then = route, 0, then
    for link in route.links:
        state.on_link.setdefault(link, {})[convoy.id] = convoy
    if route.links and not state.travel.of(convoy.group).links[route.links[0]]:
        # It leaves lost territory: nothing on this link can get worse for it, only at the link's end.
        _stand(state, convoy, route.nodes[1])
    _set_out(state, convoy, through_gate=False)


def drive_back(state: State, convoy: Convoy, then: "Callable[[State, Convoy], None]") -> None:
    """Turn a convoy in the middle of a link; it is back at the link's tail after as long as it took to get here."""
    place = position(convoy, state.now)
    link, (tail, head) = convoy.route.links[place], convoy.route.nodes[place : place + 2]
    began, due = convoy.instants[place - convoy.begin : place - convoy.begin + 2]
    spent = state.now - began
    halt(state, convoy)
    convoy.km += 2 * spent / (due - began) * float(state.case.network.length[link])
    convoy.route, convoy.turned = Route((state.travel.back(link),), (head, tail), (spent,)), True
    convoy.begin, convoy.stop = 0, 1
    convoy.instants = [state.now, state.now + spent]
    _stand(state, convoy, tail)
    convoy.call = state.clock.at(convoy.instants[-1], ARRIVALS, _move_on, state, convoy, then)


def cut_short(state: State, convoy: Convoy, then: "Callable[[State, Convoy], None]") -> None:
    """Let a convoy's route end at the head of the link it is on, and do something there."""
    end = position(convoy, state.now) + 1
    _forget_links(state, convoy)
    route = convoy.route
    convoy.route = Route(route.links[:end], route.nodes[: end + 1], route.hours[:end])
    state.on_link.setdefault(route.links[end - 1], {})[convoy.id] = convoy
    convoy.stop, convoy.then = end, then
    del convoy.instants[end - convoy.begin + 1 :]
    if convoy.call is not None:
        convoy.call.cancel()
    convoy.call = state.clock.at(convoy.instants[-1], ARRIVALS, _end_leg, state, convoy)


def position(convoy: Convoy, now: float) -> int:
    """Return the place in its route of the node that a driving convoy is at or was at last."""
    return convoy.begin + bisect_right(convoy.instants, now) - 1


def halt(state: State, convoy: Convoy) -> None:
    """Take back all that a convoy was about to do; it remains where it is, at or after ``convoy.node``."""
    if convoy.call is not None:
        convoy.call.cancel()
        convoy.call = None
    if convoy.request is not None:
        _give_way(convoy.request)
        convoy.request = None
    if convoy.instants and not convoy.turned:
        _pass(state, convoy, position(convoy, state.now))
    _rest(state, convoy)


def _set_out(state: State, convoy: Convoy, *, through_gate: bool) -> None:
    """Begin the leg from where a convoy is to the next gate or the end of its route."""
    route, gates = convoy.route, state.travel.of(convoy.group).gates
    stop = len(route.links)
    if gates:
        first = convoy.begin + through_gate
        stop = next((place for place in range(first, stop) if route.links[place] in gates), stop)
    convoy.stop = stop
    hours = [_hours(state, convoy, place) for place in range(convoy.begin, stop)]
    convoy.instants = list(accumulate(hours, initial=state.now))
    if stop == convoy.begin:
        _end_leg(state, convoy)
    else:
        convoy.call = state.clock.at(convoy.instants[-1], ARRIVALS, _end_leg, state, convoy)


def _hours(state: State, convoy: Convoy, place: int) -> float:
    """Return the hours that a convoy takes for one link of its route; over a reduced one vehicles go in file."""
    hours = convoy.route.hours[place] * convoy.pace
    if state.travel.reduced:
        flow = state.travel.reduced.get((convoy.group[1], convoy.route.links[place]))
        if flow is not None:
            hours += convoy.vehicles / flow
    return hours


def _end_leg(state: State, convoy: Convoy) -> None:
    _pass(state, convoy, convoy.stop)
    convoy.begin = convoy.stop
    if convoy.stop < len(convoy.route.links):
        _queue(state, convoy)
        return
    then = convoy.then
    _rest(state, convoy)
    if then is not None:
        then(state, convoy)


def _queue(state: State, convoy: Convoy) -> None:
    """Let a convoy wait, at the node before it, for its turn at the gate of the next link."""
    _leave(state, convoy)
    _stand(state, convoy, convoy.node)
    convoy.instants, convoy.call = [], None
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
    """Let the next convoy take its turn while this one is held for the gate's delay."""
    if convoy.request is not None:
        _give_way(convoy.request)
        convoy.request = None
    convoy.call = state.clock.at(state.now + delay, GATES, _go_on, state, convoy)


def _go_on(state: State, convoy: Convoy) -> None:
    _leave(state, convoy)
    _set_out(state, convoy, through_gate=True)


def _give_way(request: Request) -> None:
    """Give a place at a gate back, or the wait for it up."""
    request.cancel()
    request.resource.release(request)


def _move_on(state: State, convoy: Convoy, then: "Callable[[State, Convoy], None]") -> None:
    _rest(state, convoy)
    then(state, convoy)


def _rest(state: State, convoy: Convoy) -> None:
    """Leave a convoy where it is, with nowhere to go."""
    _leave(state, convoy)
    _forget_links(state, convoy)
    convoy.route, convoy.instants, convoy.then = NO_ROUTE, [], None
    convoy.call, convoy.turned, convoy.begin, convoy.stop = None, False, 0, 0


def _pass(state: State, convoy: Convoy, place: int) -> None:
    """Note that a convoy has got to a place of its route since the beginning of its leg."""
    route = convoy.route
    if place > convoy.begin:
        convoy.passed += route.nodes[convoy.begin + 1 : place + 1]
        convoy.km += float(state.case.network.length[list(route.links[convoy.begin : place])].sum())
        convoy.begin = place


def _stand(state: State, convoy: Convoy, node: int) -> None:
    convoy.standing = node
    state.at_node.setdefault(node, {})[convoy.id] = convoy


def _leave(state: State, convoy: Convoy) -> None:
    if convoy.standing >= 0:
        state.at_node[convoy.standing].pop(convoy.id, None)
        convoy.standing = -1


def _forget_links(state: State, convoy: Convoy) -> None:
    for link in convoy.route.links:
        on_link = state.on_link.get(link)
        if on_link is not None:
            on_link.pop(convoy.id, None)
