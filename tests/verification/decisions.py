"""Every branch of what a convoy can do, each by one case on a network of six places, and where it was at each instant.

s sends 20 tonnes on two lorries to t at hour 0, by a and b (three hours) and not by c (four); d hangs on b.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from corridor.case import AidConvoy, Case
from corridor.control import Change, Passage
from corridor.policies import FairShare
from corridor.simulation.driving import Convoy, instants, position
from corridor.simulation.state import State
from tests.builders import network, road
from tests.supply_cases import BLUE, RED, at, closed, supply_case, taken
from tests.verification.watch import run_watched

__all__ = ["BRANCHES", "DRIVING", "LOADING", "NET", "PLACES", "Branch", "Seen", "Told", "branch_row", "play_branch"]

PLACES = {
    "s": (0.0, 0.0),
    "a": (1.0, 0.0),
    "b": (2.0, 0.0),
    "t": (3.0, 0.0),
    "c": (2.0, -0.75),
    "d": (2.35, 0.7),
    "p": (1.5, 0.45),
}
"""Where each place is drawn; p lies beside the road from a to b and commands it where a branch says so."""
ROADS = [
    ("s", "a", 10.0, 1.0),
    ("a", "c", 15.0, 1.0),
    ("c", "t", 25.0, 2.0),
    ("b", "t", 10.0, 1.0),
    ("b", "d", 5.0, 0.25),
]
NET = network(dict.fromkeys("sabctd", (36.0, 34.0)), [*ROADS, ("a", "b", 10.0, 1.0)])
PASSED = network(dict.fromkeys("sabctdp", (36.0, 34.0)), [*ROADS, road("a", "b", 10.0, 1.0, passes=("p",))])
LOOK = 1 / 16
"""Hours from one look at a convoy to the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One branch: `doing` what when `event` happens, what it `does` then, and what comes of it.

    `told` is the route, the outcome, and when that was known; `home` says where vehicles wait at the end. `test` is
    another test of the same branch, in more detail.
    """

    doing: str
    event: str
    does: str
    told: "Told"
    test: str = ""
    changes: tuple[Change, ...] = ()
    fields: dict[str, Any] = field(default_factory=dict)
    home: dict[str, int] | None = None
    passed: bool = False

    @property
    def case(self) -> Case:
        """The case bound."""
        given: dict[str, Any] = {"stock": {"s": 20}, "fleet": {"s": 2}, "tier": {"s": 0, "t": 2}, "target": {"t": 20}}
        policy = FairShare(review_hours=LOOK, target_days={"default": 2.0})
        net = PASSED if self.passed else NET
        return supply_case(net, changes=self.changes, **{**given, "end": 24.0, "policy": policy, **self.fields})


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a shipment: its `route`, its `outcome` and the `hour` that was known."""

    route: str
    outcome: str
    hour: float


@dataclass(frozen=True, slots=True)
class Seen:
    """Where a convoy was at an `hour`, as drawn, and whether it was `loaded`."""

    hour: float
    x: float
    y: float
    loaded: bool


def play_branch(branch: Branch) -> tuple[list[Told], dict[str, int], int, list[Seen]]:
    """Return what is told of shipments, vehicles at home at the end, vehicles lost, and where the convoy was seen."""
    case, seen = branch.case, list[Seen]()

    def look(state: State) -> None:
        for convoy in state.convoys.values():
            x, y = _place(case, convoy, state.now)
            seen.append(Seen(state.now, x, y, convoy.tonnes > 0))

    trace, state = run_watched(case, look)
    names = case.network.node_id
    told = [Told("".join(str(names[node]) for node in row.route), row.outcome, row.ended) for row in trace.shipments]
    home = {str(names[node]): int(state.fleet[node, 0]) for node in np.flatnonzero(state.fleet[:, 0]).tolist()}
    return told, home, int(state.lost[0]), seen


def _place(case: Case, convoy: Convoy, now: float) -> tuple[float, float]:
    """Return where a convoy is drawn."""
    names, route = case.network.node_id, convoy.route
    if not route.links:
        return PLACES[str(names[convoy.node])]
    if convoy.turned:
        # It is back at the near end when it has driven as long as it had come.
        way = (convoy.due - now) / float(case.network.hours[route.links[0]])
        start, end = PLACES[str(names[convoy.node])], PLACES[str(names[route.nodes[0]])]
    else:
        place = position(convoy, now)
        if place >= convoy.stop:
            return PLACES[str(names[route.nodes[place]])]
        left, due = instants(convoy)[place - convoy.begin : place - convoy.begin + 2]
        way = max(0.0, (now - left) / (due - left))
        start, end = PLACES[str(names[route.nodes[place]])], PLACES[str(names[route.nodes[place + 1]])]
    return start[0] + way * (end[0] - start[0]), start[1] + way * (end[1] - start[1])


def _aid(**fields: Any) -> dict[str, Any]:
    """Return the fields of a case with one aid convoy and nothing else."""
    convoy = AidConvoy(
        **{
            "time": 0.0,
            "event": "aid",
            "actor": RED,
            "origin": at(NET, "s"),
            "destination": at(NET, "t"),
            "commodity": 0,
            "tonnes": 20.0,
            **fields,
        }
    )
    return {"stock": {}, "fleet": {}, "aid": [convoy]}


def _shut(hour: float, *links: str) -> Change:
    return closed(NET, hour, *links)


def _falls(hour: float, *nodes: str, holder: int = BLUE) -> Change:
    return taken(NET, hour, *nodes, holder=holder)


GATE = Passage(actor=RED, through=BLUE, mode="gate", nodes=(at(NET, "b"),), rate=2.0)
GATED: dict[str, Any] = {"holder": {"b": BLUE}, "passage": [GATE]}
WANTED: dict[str, Any] = {
    "tier": {"s": 0, "t": 2, "d": 2, "a": 2},
    "demand": {"a": 0.001, "d": 0.001},
    "stock": {"s": 20, "a": 1, "d": 0.5},
}
STORES: dict[str, Any] = {"tier": {"s": 0, "t": 2, "c": 1, "d": 1}}
SAVED: dict[str, Any] = {
    "stock": {"t": 20},
    "fleet": {"t": 2},
    "tier": {"t": 2, "d": 2},
    "target": {},
    "demand": {"d": 0.1},
    "fallen_stock": "evacuated",
}

LOADING: tuple[Branch, ...] = (
    Branch(
        doing="loads", event="s falls", does="is captured", told=Told("s", "captured", 1.5),
        changes=(_falls(1.5, "s"),), fields={"loading_hours": 2.0}, home={},
        test="test_a_convoy_is_captured_while_it_loads_if_its_place_falls",
    ),
    Branch(
        doing="loads", event="the road b–t is shut", does="takes the other way when loaded",
        told=Told("sact", "delivered", 6.0), changes=(_shut(1.5, "b-t"),), fields={"loading_hours": 2.0},
        test="test_a_convoy_that_loads_while_its_road_is_lost_decides_when_it_has_loaded",
    ),
    Branch(
        doing="loads", event="the road s–a is shut", does="puts its load back where it is",
        told=Told("s", "turned back", 2.0), changes=(_shut(1.5, "s-a"),), fields={"loading_hours": 2.0, "end": 2.0},
        home={"s": 2}, test="test_a_convoy_that_loads_while_its_road_is_lost_decides_when_it_has_loaded",
    ),
    Branch(
        doing="loads", event="t falls; a, farther than home, wants some", does="puts its load back where it is",
        told=Told("s", "turned back", 2.0), changes=(_falls(1.5, "t"),), home={"s": 2},
        fields={**WANTED, "loading_hours": 2.0, "end": 2.0},
        test="test_a_convoy_does_not_divert_farther_than_the_way_home",
    ),
)  # fmt: skip
DRIVING: tuple[Branch, ...] = (
    Branch(
        doing="drives", event="nothing happens", does="goes on", told=Told("sabt", "delivered", 3.0), home={"s": 2},
        test="test_a_convoy_loads_drives_and_unloads",
    ),
    Branch(
        doing="drives", event="the road c–t is shut", does="goes on: its own way is as before",
        told=Told("sabt", "delivered", 3.0), changes=(_shut(1.5, "c-t"),), home={"s": 2},
    ),
    Branch(
        doing="drives by c", event="the road a–b opens", does="goes on: no one changes for a faster way",
        told=Told("sact", "delivered", 4.0),
        changes=(_shut(0.0, "a-b"), closed(NET, 0.5, "a-b", share=1.0)),
    ),
    Branch(
        doing="drives", event="the road b–t is shut, two roads ahead", does="takes the other way from the next node",
        told=Told("sact", "delivered", 4.0), changes=(_shut(0.5, "b-t"),),
        test="test_a_convoy_takes_another_way_from_the_next_node",
    ),
    Branch(
        doing="is at a", event="the road a–b is shut", does="decides there and then",
        told=Told("sact", "delivered", 4.0), changes=(_shut(1.0, "a-b"),),
        test="test_a_convoy_that_stands_at_a_node_decides_there_and_then",
    ),
    Branch(
        doing="is on a–b", event="the road a–b is shut", does="turns round, takes the other way",
        told=Told("sact", "delivered", 4.5), changes=(_shut(1.25, "a-b"),),
        test="test_a_convoy_on_a_road_that_closes_turns_round",
    ),
    Branch(
        doing="is on a–b", event="b, the next node, falls", does="turns round, takes the other way",
        told=Told("sact", "delivered", 5.0), changes=(_falls(1.5, "b"),),
        test="test_a_convoy_whose_next_node_falls_turns_round",
    ),
    Branch(
        doing="is on a–b", event="a, behind it, falls", does="goes on, out of what is lost",
        told=Told("sabt", "delivered", 3.0), changes=(_falls(1.5, "a"),),
    ),
    Branch(
        doing="is on a–b", event="t falls; a and d want some", does="diverts to d, the neediest in reach",
        told=Told("sabd", "diverted", 2.25), changes=(_falls(1.5, "t"),), fields=WANTED,
        test="test_a_convoy_diverts_to_the_neediest_place_when_its_destination_falls",
    ),
    Branch(
        doing="is on a–b", event="t falls; nobody else wants any", does="turns back home",
        told=Told("sabas", "turned back", 4.0), changes=(_falls(1.5, "t"),), fields={"end": 4.0}, home={"s": 2},
        test="test_a_convoy_turns_back_home_when_no_place_wants_its_load",
    ),
    Branch(
        doing="is on a–b", event="t and s fall; c and d are depots", does="turns back to the nearest depot",
        told=Told("sabd", "turned back", 2.25), changes=(_falls(1.5, "t", "s"),), fields=STORES,
        test="test_a_convoy_that_cannot_get_home_turns_back_to_the_nearest_store",
    ),
    Branch(
        doing="is on a–b", event="a and b fall", does="is captured at once", told=Told("sa", "captured", 1.5),
        changes=(_falls(1.5, "a", "b"),), home={},
        test="test_a_convoy_is_captured_at_once_when_both_ends_of_its_road_fall",
    ),
    Branch(
        doing="is on a–b", event="all fall but b and d", does="is captured at b: nowhere to go",
        told=Told("sab", "captured", 2.0), changes=(_falls(1.5, *"sact"),), home={},
        test="test_a_convoy_with_nowhere_to_go_is_captured_at_the_next_node",
    ),
    Branch(
        doing="is on a–b", event="p falls, which commands the road", does="is captured at once",
        told=Told("sa", "captured", 1.5), changes=(taken(PASSED, 1.5, "p"),), passed=True, home={},
        test="test_a_convoy_beside_a_place_that_falls_is_captured_if_it_commands_the_road",
    ),
    Branch(
        doing="drives back to a", event="a falls too", does="is captured", told=Told("sa", "captured", 1.75),
        changes=(_shut(1.5, "a-b"), _falls(1.75, "a")), home={},
        test="test_a_convoy_that_drives_back_is_captured_if_that_falls_too",
    ),
)  # fmt: skip
WAITING: tuple[Branch, ...] = (
    Branch(
        doing="comes to the gate of b", event="nothing happens", does="waits at a for an hour, goes on",
        told=Told("sabt", "delivered", 4.0), fields=GATED,
        test="test_convoys_pass_a_gate_one_after_another_and_are_held_side_by_side",
    ),
    Branch(
        doing="waits at the gate", event="the gate is shut for good", does="takes the other way",
        told=Told("sact", "delivered", 4.5), fields=GATED,
        changes=(Change(time=1.5, event="shut", passage=Passage(actor=RED, through=BLUE, mode="closed")),),
        test="test_the_next_in_the_queue_moves_up_when_one_ahead_leaves_it_for_another_way",
    ),
    Branch(
        doing="waits at the gate", event="a, where it waits, falls", does="is captured",
        told=Told("sa", "captured", 1.5), fields=GATED, changes=(_falls(1.5, "a"),), home={},
        test="test_a_convoy_waiting_at_a_gate_is_captured_if_its_place_falls",
    ),
)  # fmt: skip
UNLOADING: tuple[Branch, ...] = (
    Branch(
        doing="unloads", event="t falls", does="is captured with all of its load",
        told=Told("sabt", "captured", 3.5), fields={"unloading_hours": 1.0}, changes=(_falls(3.5, "t"),), home={},
        test="test_what_is_not_yet_unloaded_when_a_place_falls_is_captured",
    ),
    Branch(
        doing="unloads", event="the road b–t is shut", does="unloads, drives home by c",
        told=Told("sabt", "delivered", 4.0), fields={"unloading_hours": 1.0}, changes=(_shut(3.5, "b-t"),),
        home={"s": 2},
    ),
)  # fmt: skip
EMPTY: tuple[Branch, ...] = (
    Branch(
        doing="drives home empty", event="the road a–b is shut", does="turns round, drives home by c",
        told=Told("sabt", "delivered", 3.0), changes=(_shut(4.5, "a-b"),), home={"s": 2},
    ),
    Branch(
        doing="drives home empty", event="s falls; d has lorries too", does="joins those at d",
        told=Told("sabt", "delivered", 3.0), changes=(_falls(3.5, "s"),), fields={"fleet": {"s": 2, "d": 1}},
        home={"d": 3}, test="test_empty_vehicles_go_to_another_base_when_theirs_falls",
    ),
    Branch(
        doing="drives home empty", event="s is lost from 3:30 to 12:00", does="waits, then drives home",
        told=Told("sabt", "delivered", 3.0), changes=(_falls(3.5, "s"), _falls(12.0, "s", holder=RED)),
        home={"s": 2}, test="test_empty_vehicles_stay_where_no_way_leads_home_and_go_home_when_one_does",
    ),
    Branch(
        doing="drives home empty", event="s, a, b and c fall", does="is lost", told=Told("sabt", "delivered", 3.0),
        changes=(_falls(4.5, *"sabc"),), home={}, test="test_empty_vehicles_caught_between_are_lost",
    ),
)  # fmt: skip
AID: tuple[Branch, ...] = (
    Branch(
        doing="aid is to come", event="it is not permitted", does="is refused", told=Told("s", "refused", 0.0),
        fields=_aid(permitted=False), test="test_an_aid_convoy_is_refused_without_a_permit_or_a_way",
    ),
    Branch(
        doing="aid drives", event="the road b–t is shut", does="takes the other way",
        told=Told("sact", "delivered", 4.0), fields=_aid(), changes=(_shut(0.5, "b-t"),),
        test="test_an_aid_convoy_goes_round_or_back_but_nowhere_else",
    ),
    Branch(
        doing="aid drives", event="t falls; d would want some", does="goes back, never elsewhere",
        told=Told("sas", "turned back", 2.0), fields={**_aid(), "tier": WANTED["tier"], "demand": WANTED["demand"]},
        changes=(_falls(0.5, "t"),), test="test_an_aid_convoy_goes_round_or_back_but_nowhere_else",
    ),
    Branch(
        doing="aid is let in", event="six tonnes in ten are unloaded", does="takes the rest back",
        told=Told("sabt", "partly unloaded", 3.0), fields=_aid(unloaded=0.6),
    ),
)  # fmt: skip
FALLING: tuple[Branch, ...] = (
    Branch(
        doing="lorries wait at t", event="t falls; its stock is to be saved", does="drives it to d",
        told=Told("tbd", "delivered", 2.25), changes=(_falls(1.0, "t"),), fields=SAVED,
        test="test_a_stock_that_falls_is_evacuated_as_far_as_the_vehicles_carry_it",
    ),
)  # fmt: skip
BRANCHES = (*LOADING, *DRIVING, *WAITING, *UNLOADING, *EMPTY, *AID, *FALLING)


def branch_row(number: int, branch: Branch) -> tuple[str, ...]:
    """Return what the page says of a branch."""
    told = branch.told
    return (
        f"{number}", branch.doing, branch.event, branch.does, told.route, told.outcome, f"{told.hour:g}",
        f"`{branch.test}`" if branch.test else "",
    )  # fmt: skip
