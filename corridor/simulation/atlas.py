"""Where one may drive in any epoch of a case, how long it takes and by which route: worked out when first asked."""

from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from corridor.case import Case
from corridor.control import CONTESTED, Epoch, Passage, enterable, governing, passable
from corridor.network import ROAD, Floats, Ints, Mask
from corridor.paths import Chart, Roads
from corridor.simulation.gates import Gate

__all__ = ["NO_ROUTE", "Atlas", "Group", "Route", "Ways"]


Group = tuple[int, int, int | None]
"""Who may drive alike: actor, vehicle class, and commodity where a passage of that actor is for some only."""


class Route(NamedTuple):
    """Hold a way as its `links` in order, the `nodes` they join (one more), and the `hours` and `km` to each node.

    `over` is the links without their order.
    """

    links: tuple[int, ...]
    nodes: tuple[int, ...]
    hours: tuple[float, ...]
    km: tuple[float, ...]
    over: frozenset[int]


NO_ROUTE = Route((), (), (0.0,), (0.0,), frozenset())


@dataclass(slots=True, eq=False)
class Ways:
    """Hold what one group can do in one epoch.

    `nodes` (n,) it may enter, `links` (m,) it can drive, `gates` before a link, in their order; `roads` over
    those links, shared with every other group and epoch that has the same; `mirrored` where every way can be driven
    back in the same time.
    """

    nodes: Mask
    links: Mask
    gates: dict[int, tuple[Gate, ...]]
    roads: Roads
    mirrored: bool
    routes: dict[tuple[int, int], Route | None] = field(default_factory=dict)


class Atlas:
    """Find ways and routes of a case and keep them: all its replications may share one.

    Driving takes the network's hours times the scenario's factor; a gate's delay counts where routes are chosen.
    """

    def __init__(self, case: Case) -> None:
        network = case.network
        self._case = case
        self._hours: Floats = network.hours * case.scenario.supply.trip_time_factor
        self._chart = Chart(network, hours=self._hours)
        self._head: list[int] = network.head.tolist()
        self.narrow = case.timeline.narrow
        self.vehicle: list[int] = case.supply.vehicle.tolist()
        self._ways: dict[tuple[int, Group, int], Ways] = {}
        self._roads: dict[tuple[bytes, tuple[tuple[int, Passage], ...]], Ways] = {}
        self._found: dict[tuple[bytes, bytes, object], Ways] = {}
        self._open: dict[bytes, Roads] = {}
        self._known: dict[tuple[int, ...], Route] = {}
        self._mirrors: dict[tuple[int, ...], Route] = {}
        back = np.where(network.reverse >= 0, network.reverse, np.arange(network.link_count))
        self._back: Ints = back
        self._back_of: list[int] = back.tolist()
        self._hours_of: list[float] = self._hours.tolist()
        self._km_of: list[float] = network.length.tolist()
        # A link without a way back is never mirrored, nor one whose way back takes another time.
        self._alike: Mask = (network.reverse >= 0) & (self._hours == self._hours[back])

    def ways(self, epoch: Epoch, group: Group, *, besides: int = -1) -> Ways:
        """Return the ways of a group in an epoch, the very same where nothing has changed.

        It may also be in the node `besides` (-1: none) that it may not enter.
        """
        key = epoch.index, group, besides
        ways = self._ways.get(key)
        if ways is None:
            nodes = enterable(epoch, group[0], commodity=group[2])
            if besides >= 0:
                nodes = nodes.copy()
                nodes[besides] = True
            ways = self._ways[key] = self._find(epoch, group, nodes)
        return ways

    def open_roads(self, epoch: Epoch) -> Roads:
        """Return the roads that are open to any vehicle in an epoch, whoever holds the places on them."""
        key = epoch.share.tobytes()
        roads = self._open.get(key)
        if roads is None:
            links = (self._case.network.mode == ROAD) & (epoch.share.max(axis=0) > 0)
            roads = self._open[key] = Roads(self._chart, links)
        return roads

    def route(self, ways: Ways, origin: int, destination: int) -> Route | None:
        """Return the fastest way between two nodes; None if there is none."""
        ends = origin, destination
        routes = ways.routes
        if ends not in routes:
            links = ways.roads.route(origin, destination)
            routes[ends] = None if links is None else self._along(origin, links)
        return routes[ends]

    def route_home(self, ways: Ways, origin: int, home: int) -> Route | None:
        """Return the fastest way from `origin` to `home`, from the tree of `home` where ways are mirrored."""
        if not ways.mirrored:
            return self.route(ways, origin, home)
        there = self.route(ways, home, origin)
        return None if there is None else self._mirror(there)

    def commanded(self, nodes: Mask, link: int) -> bool:
        """Return whether `link` passes a place outside `nodes`, held so that it may not be passed."""
        network = self._case.network
        passed = network.pass_node[network.pass_start[link] : network.pass_start[link + 1]]
        return bool(self._case.scenario.overlook and not nodes[passed].all())

    def head(self, link: int) -> int:
        """Return the node that a link leads to."""
        return self._head[link]

    def back(self, link: int) -> int:
        """Return the link the other way along `link`, or `link` itself on a one-way road."""
        return self._back_of[link]

    def _mirror(self, route: Route) -> Route:
        """Return the way back along the links of a route."""
        mirror = self._mirrors.get(route.links)
        if mirror is None:
            links = tuple([self._back_of[link] for link in reversed(route.links)])
            mirror = self._mirrors[route.links] = self._along(route.nodes[-1], links)
        return mirror

    def _along(self, origin: int, links: tuple[int, ...]) -> Route:
        """Return the route over `links`, whichever group drives it in whichever epoch."""
        if not links:
            return Route((), (origin,), (0.0,), (0.0,), frozenset())
        route = self._known.get(links)
        if route is None:
            nodes = (origin, *[self._head[link] for link in links])
            hours = accumulate([self._hours_of[link] for link in links], initial=0.0)
            km = accumulate([self._km_of[link] for link in links], initial=0.0)
            route = self._known[links] = Route(links, nodes, tuple(hours), tuple(km), frozenset(links))
        return route

    def _find(self, epoch: Epoch, group: Group, nodes: Mask) -> Ways:
        actor, vehicle, commodity = group
        gated = any(rule.actor == actor and rule.mode == "gate" for rule in epoch.passage)
        rules = (actor, commodity, epoch.passage, epoch.holder.tobytes()) if gated else None
        key = nodes.tobytes(), epoch.share[vehicle].tobytes(), rules
        ways = self._found.get(key)
        if ways is None:
            case = self._case
            links = passable(case.network, epoch, nodes, overlook=case.scenario.overlook, vehicle=vehicle)
            entries = self._entries(epoch, group, links) if gated else {}
            ways = self._found[key] = self._over(nodes, links, entries, self._reduced(epoch, vehicle))
        return ways

    def _over(self, nodes: Mask, links: Mask, entries: dict[int, Passage], reduced: dict[int, Gate]) -> Ways:
        """Return the ways over `links`, with what is known of them from others that have the same."""
        key = links.tobytes(), tuple(entries.items())
        known = self._roads.get(key)
        if known is None:
            chart = self._chart
            if entries:
                hours = self._hours.copy()
                hours[list(entries)] += [rule.delay for rule in entries.values()]
                chart = Chart(self._case.network, hours=hours)
            mirrored = not entries and bool((self._alike & links[self._back])[links].all())
            roads = Roads(chart, links)
            known = self._roads[key] = Ways(nodes, links, {}, roads, mirrored)
        gates: dict[int, tuple[Gate, ...]] = {link: (gate,) for link, gate in reduced.items()}
        for link, rule in entries.items():
            gates[link] = (*gates.get(link, ()), Gate(self._head[link], -1, rule))
        return Ways(nodes, links, gates, known.roads, known.mirrored, known.routes)

    def _entries(self, epoch: Epoch, group: Group, links: Mask) -> dict[int, Passage]:
        """Return the rule of the gate at the far end of each link that leads from outside a gate's rule to under it."""
        rules, network = epoch.passage, self._case.network
        rule = governing(epoch, group[0], commodity=group[2])
        entering = (
            links & (network.mode == ROAD) & (rule[network.head] >= 0) & (rule[network.head] != rule[network.tail])
        )
        found = {link: rules[int(rule[network.head[link]])] for link in np.flatnonzero(entering).tolist()}
        return {link: passage for link, passage in found.items() if passage.mode == "gate"}

    def _reduced(self, epoch: Epoch, vehicle: int) -> dict[int, Gate]:
        """Return the roads neither open nor closed to a class: it goes over them in file, as through a gate."""
        network, share = self._case.network, epoch.share[vehicle]
        found = {}
        for link in np.flatnonzero((share > 0) & (share < 1) & (network.mode == ROAD)).tolist():
            flow = float(network.capacity[link] * share[link])
            found[link] = Gate(-1, link, Passage(actor=CONTESTED, through=CONTESTED, mode="gate", rate=flow))
        return found
