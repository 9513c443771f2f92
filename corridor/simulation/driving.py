"""How a convoy gets along its route: one event a leg, gates in between, and where it is at any instant."""

from bisect import bisect_right
from collections.abc import Callable, Container
from heapq import heappop, heappush
from typing import TypeAlias

import numpy as np
from simpy.resources.resource import Request

from corridor.control import CONTESTED, Passage
from corridor.simulation.atlas import NO_ROUTE, Group, Route
from corridor.simulation.clock import ARRIVALS, GATES, Call
from corridor.simulation.gates import Queue, next_opening, service_hours
from corridor.simulation.state import State

__all__ = [
    "Convoy",
    "Then",
    "come_home",
    "cut_short",
    "drive",
    "drive_back",
    "drive_home",
    "expect_home",
    "halt",
    "instants",
    "pace",
    "position",
    "wait",
]

FREE = Passage(actor=CONTESTED, through=CONTESTED, mode="free")
NOISE, SERVICE = 1, 2
"""The streams of a replication's seed that travel times and times at gates are drawn from."""


class Convoy:
    """Hold one convoy: what it is, what it carries (`tonnes`, 0: empty), and where it is on its way.

    On its `route`, the present leg goes from node `begin` to node `stop` (places in ``route.nodes``): it sets out at
    `start` and is there at `due`, hours. Before `start` it loads at `begin`; after `due` it unloads for
    `unloading` hours, if that is the end of the route, and then does `then`. `node` is where it was last, `passed`
    all the nodes since it was loaded, `waited` the hours it stood at gates until its turn came; `turn` is the place
    of its gate among those before the next link. Its load was taken when it `mustered`; of an aid convoy's it
    `returns` so many tonnes; `noted` says that it is in the list of shipments.
    `lender` held its home when it set out: vehicles that fetch from another's source are not the actor's own.
    `watch` is a node (-1: none) whose loss it would not outlast although no link of its route is lost with it:
    where it stands, or is bound for over a link that is closed to it; `turned` while it drives back to `node`.
    Its `luck` is a key: the same convoy in the order of a day meets the same, whoever else sends others.
    """

    __slots__ = (
        "actor",
        "aid",
        "back",
        "begin",
        "call",
        "commodity",
        "departed",
        "destination",
        "diverted",
        "due",
        "group",
        "home",
        "id",
        "km",
        "lender",
        "lined_up",
        "luck",
        "mustered",
        "node",
        "noted",
        "ordered",
        "origin",
        "pace",
        "passed",
        "queue",
        "request",
        "returns",
        "route",
        "start",
        "stop",
        "then",
        "tonnes",
        "turn",
        "turned",
        "unloading",
        "vehicles",
        "waited",
        "watch",
    )

    def __init__(self, number: int, group: Group, ends: tuple[int, int], commodity: int, tonnes: float) -> None:
        self.id = number
        self.group = group
        self.actor = self.lender = group[0]
        self.commodity, self.tonnes = commodity, tonnes
        self.origin, self.destination = ends
        self.home = self.node = self.origin
        self.ordered = self.destination
        self.vehicles = 0
        self.pace = 1.0
        self.luck: tuple[int, ...] = ()
        self.passed: tuple[int, ...] = (self.origin,)
        self.departed = float("nan")
        self.km = self.waited = self.returns = 0.0
        self.aid = self.diverted = self.back = self.turned = self.noted = False
        self.route: Route = NO_ROUTE
        self.begin = self.stop = self.turn = 0
        self.start = self.due = self.unloading = self.lined_up = self.mustered = 0.0
        self.then: Then | None = None
        self.call: Call | None = None
        self.request: Request | None = None
        self.queue: Queue | None = None
        self.watch = -1


Then: TypeAlias = Callable[[State, Convoy], None]
"""What a convoy does when it has got somewhere."""


def pace(state: State, convoy: Convoy) -> float:
    """Return what a convoy's driving times are multiplied with: lognormal with mean 1, exactly 1 without noise."""
    noise = state.case.scenario.supply.travel_noise_share
    if noise == 0:
        return 1.0
    variance = np.log1p(noise**2)
    stream = np.random.default_rng(state.luck(NOISE, *convoy.luck))
    return float(stream.lognormal(-variance / 2, np.sqrt(variance)))


def drive(
    state: State, convoy: Convoy, route: Route, then: Then, *, start: float | None = None, unloading: float = 0.0
) -> None:
    """Send a convoy along a route that begins where it is, and do something when it is through and unloaded.

    It sets out at `start`, hours, or now.
    """
    _take_route(state, convoy, route, then, unloading)
    _set_out(state, convoy, state.clock.now if start is None else start)


def drive_home(state: State, convoy: Convoy, route: Route, then: Then) -> None:
    """Send an empty convoy home: where no gate is on its way nothing happens there that anybody sees at once.

    It is then no event, but one of those that `come_home` lets arrive when somebody looks.
    """
    _take_route(state, convoy, route, then, 0.0)
    gates = state.travel.of(convoy.group).gates
    if gates and not gates.keys().isdisjoint(route.over):
        _set_out(state, convoy, state.clock.now)
        return
    convoy.start, convoy.stop = state.clock.now, len(route.links)
    convoy.due = convoy.start + convoy.route.hours[-1] * convoy.pace
    heappush(state.homing, (convoy.due, convoy.id))


def come_home(state: State, *, now_too: bool = True) -> None:
    """Let those arrive who were due home before now, or now."""
    homing, now = state.homing, state.now
    while homing and (homing[0][0] < now or (now_too and homing[0][0] == now)):
        due, number = heappop(homing)
        convoy = state.convoys.get(number)
        if convoy is not None and _is_homing(convoy, due):
            _end_leg(state, convoy)


def expect_home(state: State, nodes: Container[int]) -> None:
    """Let arriving be an event for those who are due at homes that have changed hands."""
    for due, number in state.homing:
        convoy = state.convoys.get(number)
        if convoy is not None and convoy.home in nodes and _is_homing(convoy, due):
            convoy.call = state.clock.at(due, ARRIVALS, _end_leg, state, convoy)


def _is_homing(convoy: Convoy, due: float) -> bool:
    """Return whether a convoy still drives home undisturbed, to be there at `due`."""
    return convoy.call is None and convoy.request is None and convoy.then is not None and convoy.due == due


def _take_route(state: State, convoy: Convoy, route: Route, then: Then, unloading: float) -> None:
    ways = state.travel.of(convoy.group)
    links = route.links
    if state.slow and not state.slow.keys().isdisjoint(route.over):
        route = _slowed(route, state.slow)
    convoy.route, convoy.then, convoy.unloading, convoy.begin = route, then, unloading, 0
    if not links:
        convoy.watch = convoy.node
    elif not ways.links[links[0]]:
        # It leaves lost territory: nothing on this link can get worse for it, only at the link's end.
        convoy.watch = route.nodes[1]


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
    back = state.travel.back(link)
    convoy.route = Route((back,), (head, convoy.node), (0.0, spent), (0.0, 0.0), frozenset((back,)))
    convoy.km += there_and_back
    convoy.stop, convoy.start, convoy.due = 1, state.now, state.now + spent
    convoy.turned, convoy.watch = True, convoy.node
    convoy.call = state.clock.at(convoy.due, ARRIVALS, _finish, state, convoy, then)


def cut_short(state: State, convoy: Convoy, then: Then) -> None:
    """Let a convoy's route end at the head of the link it is on, and do something there."""
    end = position(convoy, state.now) + 1
    route = convoy.route
    convoy.due = instants(convoy)[end - convoy.begin]
    convoy.route = Route(
        route.links[:end], route.nodes[: end + 1], route.hours[: end + 1], route.km[: end + 1], route.over
    )
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
    if convoy.queue is not None:
        _end_wait(state, convoy, convoy.queue)
    if convoy.request is not None:
        _give_way(convoy.request)
    if convoy.stop > convoy.begin and not convoy.turned:
        _pass(convoy, position(convoy, state.now))
    _rest(convoy)


def _slowed(route: Route, slow: dict[int, float]) -> Route:
    """Return a route with the hours to each node when traffic slows its links down by the factors of `slow`."""
    hours, extra = [0.0], 0.0
    for place, link in enumerate(route.links):
        extra += (slow.get(link, 1.0) - 1.0) * (route.hours[place + 1] - route.hours[place])
        hours.append(route.hours[place + 1] + extra)
    return route._replace(hours=tuple(hours))


def _set_out(state: State, convoy: Convoy, start: float, *, through_gate: int = 0) -> None:
    """Begin the leg from where a convoy is to the next of the gates or the end of its route."""
    route = convoy.route
    stop = end = len(route.links)
    gates = state.travel.of(convoy.group).gates
    if gates and not gates.keys().isdisjoint(route.over):
        first = convoy.begin + through_gate
        stop = next((place for place in range(first, end) if route.links[place] in gates), end)
    convoy.start, convoy.stop = start, stop
    convoy.due = start + (route.hours[stop] - route.hours[convoy.begin]) * convoy.pace
    done = convoy.due + convoy.unloading if stop == end else convoy.due
    convoy.call = state.clock.at(done, ARRIVALS, _end_leg, state, convoy)


def _end_leg(state: State, convoy: Convoy) -> None:
    _pass(convoy, convoy.stop)
    if convoy.stop < len(convoy.route.links):
        _line_up(state, convoy, 0)
    elif convoy.then is not None:
        _finish(state, convoy, convoy.then)


def _line_up(state: State, convoy: Convoy, turn: int) -> None:
    """Let a convoy wait, at the node before it, for its turn at one of the gates of the next link."""
    convoy.call, convoy.watch, convoy.turn = None, -1, turn
    gates = state.travel.of(convoy.group).gates.get(convoy.route.links[convoy.begin], ())
    if turn == len(gates):  # the gate was taken away when the convoy came to it
        _set_out(state, convoy, state.now, through_gate=1)
        return
    queue = convoy.queue = state.queue_of(gates[turn])
    queue.line_up(convoy.vehicles)
    convoy.lined_up = state.now
    convoy.request = queue.resource.request()
    convoy.request.callbacks.append(lambda request: _serve(state, convoy, request))


def _serve(state: State, convoy: Convoy, request: object) -> None:
    """Let a convoy's vehicles through one by one, unless it has left the queue at the instant its turn came."""
    queue = convoy.queue
    if convoy.request is not request or queue is None:
        return
    terms = _terms(state, convoy, queue)
    opening = next_opening(terms, state.now, state.day_begins)
    if opening > state.now:
        convoy.call = state.clock.at(opening, GATES, _serve, state, convoy, request)
        return
    _end_wait(state, convoy, queue)
    queue.serve(convoy.vehicles, state.now - convoy.lined_up)
    luck = state.luck(SERVICE, *convoy.luck, queue.gate.node + 1, queue.gate.link + 1)
    served = state.now + service_hours(terms, convoy.vehicles, luck)
    convoy.call = state.clock.at(served, GATES, _leave_gate, state, convoy, terms.delay)


def _terms(state: State, convoy: Convoy, queue: Queue) -> Passage:
    """Return the terms of the gate that a convoy waits at as they are now: free where it was taken away."""
    gates = state.travel.of(convoy.group).gates.get(convoy.route.links[convoy.begin], ())
    ends = queue.gate.node, queue.gate.link
    return next((gate.terms for gate in gates if (gate.node, gate.link) == ends), FREE)


def _end_wait(state: State, convoy: Convoy, queue: Queue) -> None:
    """Count a convoy's wait at a gate, whether its turn has come or it leaves."""
    queue.leave_line(convoy.vehicles)
    convoy.waited += state.now - convoy.lined_up
    convoy.queue = None


def _leave_gate(state: State, convoy: Convoy, delay: float) -> None:
    """Let the next convoy take its turn while this one is held for the gate's delay, and then goes on."""
    if convoy.request is not None:
        _give_way(convoy.request)
        convoy.request = None
    gates = state.travel.of(convoy.group).gates.get(convoy.route.links[convoy.begin], ())
    if convoy.turn + 1 < len(gates):
        convoy.call = state.clock.at(state.now + delay, ARRIVALS, _line_up, state, convoy, convoy.turn + 1)
    else:
        _set_out(state, convoy, state.now + delay, through_gate=1)


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
