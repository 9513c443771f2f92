"""What to reopen, what to keep open and in which order, by hand and against all subsets and all orders."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, permutations
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from corridor.case import Case, Source
from corridor.criticality import (
    REPAIR_DAYS,
    Aim,
    Reopening,
    Schedule,
    joining,
    keep,
    parting,
    reopen,
    repair_order,
)
from corridor.criticality.joining import Costs, best_many, best_sets, greedy, in_order, joined, united
from corridor.criticality.parting import best_partings, greedy_parting, lost
from corridor.errors import RunError
from corridor.flows import Stage, most_joined, most_parted
from corridor.network import Floats, Network
from corridor.scenario.model import PassageRule
from tests.builders import network, node, road
from tests.cases import bound, closes, takes, with_sources

RED, BLUE = 0, 1


# sets of roads, by arrays


@st.composite
def stages(draw: st.DrawFn, *, most: int = 3) -> list[Stage]:
    parts, roads = draw(st.integers(2, 7)), draw(st.integers(1, 8))
    pair = st.tuples(st.integers(0, parts - 1), st.integers(0, parts - 1))
    found = []
    for _ in range(draw(st.integers(1, most))):
        worth = np.array([0, *draw(st.lists(st.integers(0, 5), min_size=parts - 1, max_size=parts - 1))], dtype=float)
        ends = np.array(draw(st.lists(pair, min_size=roads, max_size=roads)), dtype=np.intp).reshape(-1, 2)
        found.append(Stage(worth=worth, ends=ends))
    return found


def subsets(count: int, most: int) -> Iterator[tuple[int, ...]]:
    for size in range(min(count, most) + 1):
        yield from combinations(range(count), size)


def reached(stage: Stage, roads: Sequence[int]) -> float:
    graph: nx.MultiGraph[int] = nx.MultiGraph([(0, 0), *stage.ends[list(roads)].tolist()])
    return float(stage.worth[sorted(nx.node_connected_component(graph, 0))].sum())


def total(some: Sequence[Stage], roads: Sequence[int]) -> float:
    return sum(reached(stage, roads) for stage in some)


def costs(count: int, *, days: Sequence[float] = ()) -> Costs:
    hindrances = np.ones(count, dtype=np.intp)
    return Costs(hindrances=hindrances, days=np.array(days or [1.0] * count), hours=np.arange(1.0, count + 1))


@given(stages())
def test_what_roads_join_is_what_networkx_joins(some: list[Stage]) -> None:
    for roads in subsets(len(some[0].ends), 4):
        assert joined(some, roads) == total(some, roads)


@given(stages())
def test_up_to_three_roads_the_best_sets_are_those_of_all_sets_in_which_every_road_is_needed(some: list[Stage]) -> None:
    size = len(some[0].ends)
    for count in (1, 2, 3):
        needed = [
            (total(some, roads), roads)
            for roads in subsets(size, count)
            if roads and all(total(some, [one for one in roads if one != left]) < total(some, roads) for left in roads)
        ]
        found = best_sets(some, count, costs(size))
        assert max([value for value, _ in needed], default=0.0) == (found[0].value if found else 0.0)
        assert {best.roads for best in found} <= {roads for _, roads in needed}
        assert all(best.value == total(some, best.roads) for best in found)
        kinds = {value for value, _ in needed}
        assert [best.value for best in found] == sorted((best.value for best in found), reverse=True)
        assert found == [] or found[0].value == max(kinds)
        fewest = [len(roads) for value, roads in needed if value == found[0].value] if found else []
        assert not found or len(found[0].roads) == min(fewest)


@given(stages(), st.integers(1, 5))
@examples(max_examples=40)
def test_of_more_roads_greedy_is_no_better_than_the_best_and_the_bound_no_lower(some: list[Stage], count: int) -> None:
    size = len(some[0].ends)
    best = max(total(some, roads) for roads in subsets(size, count))
    by_steps = greedy(some, count, costs(size))
    found, ceiling = best_many(some, count, costs(size))
    assert by_steps.value == total(some, by_steps.roads) <= found.value <= best <= ceiling + 1e-6
    assert found.value == total(some, found.roads)
    assert len(found.roads) <= count
    # The search of so small a land always ends.
    assert found.value == pytest.approx(best) == pytest.approx(ceiling)


@given(stages(), st.integers(1, 5))
@examples(max_examples=40)
def test_the_programme_alone_finds_the_best_too(some: list[Stage], count: int) -> None:
    best = max(total(some, roads) for roads in subsets(len(some[0].ends), count))
    found = most_joined(some, count)
    assert total(some, found.roads) == pytest.approx(best) == pytest.approx(found.bound)
    assert most_joined(some, count, known=best).roads == ()


def test_a_search_that_is_given_no_time_still_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corridor.flows.coverage.MOST_CELLS", 0)
    line = Stage(worth=np.array([0.0, 1, 5, 2]), ends=np.array([[0, 1], [1, 2], [2, 3]]))
    assert most_joined([line], 2).bound == 6.0
    assert best_many([line], 2, costs(3)) == (joining.Best(roads=(0, 1), value=6.0), 6.0)


def test_greedy_looks_ahead_over_roads_that_give_nothing_by_themselves() -> None:
    far = Stage(worth=np.array([0.0, 0, 0, 100, 1]), ends=np.array([[0, 1], [1, 2], [2, 3], [0, 4]]))
    assert greedy([far], 4, costs(4)).roads == (0, 1, 2, 3)
    assert in_order([far], (0, 1, 2, 3))[0] == (3, 1.0)


def test_where_there_are_too_many_sets_to_look_at_all_the_bound_still_tells_how_good_the_best_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(joining, "MOST_SETS", 2)
    case = bound(star([1, 2, 4]), hours=48.0)
    found = reopen(case, RED, 2)
    assert (roads(found), found.value, found.runners_up) == (["r2", "r1"], 6, ())
    assert found.bound == pytest.approx(6)


def test_equally_good_roads_are_told_apart_by_what_hinders_them_then_days_then_hours_then_position() -> None:
    three = Stage(worth=np.array([0.0, 1]), ends=np.array([[0, 1], [1, 0], [0, 1]]))
    assert best_sets([three], 1, costs(3))[0].roads == (0,)
    assert best_sets([three], 1, costs(3, days=[3, 2, 2]))[0].roads == (1,)
    same = Costs(hindrances=np.ones(3, dtype=np.intp), days=np.ones(3), hours=np.array([2.0, 1, 1]))
    assert best_sets([three], 2, same) == [joining.Best(roads=(1,), value=1.0)]
    assert best_sets([three], 2, replace(same, hindrances=np.array([2, 2, 1])))[0].roads == (2,)


def test_what_is_joined_becomes_one_part() -> None:
    line = Stage(worth=np.array([0.0, 1, 2]), ends=np.array([[1, 2], [0, 1]]))
    (after,) = united([line], [0])
    assert after.worth.tolist() == [0, 3, 0]
    assert after.ends.tolist() == [[1, 1], [0, 1]]


# sets of roads to keep, by arrays


@st.composite
def land(draw: st.DrawFn) -> tuple[Floats, np.ndarray[Any, Any]]:
    nodes, roads = draw(st.integers(2, 8)), draw(st.integers(1, 12))
    pair = st.tuples(st.integers(0, nodes - 1), st.integers(0, nodes - 1))
    ends = np.array(draw(st.lists(pair, min_size=roads, max_size=roads)), dtype=np.intp).reshape(-1, 2)
    worth = np.array([0, *draw(st.lists(st.integers(0, 5), min_size=nodes - 1, max_size=nodes - 1))], dtype=float)
    worth[~parting._near(nodes, ends, ())] = 0.0
    return worth, ends


def without(worth: Floats, ends: np.ndarray[Any, Any], roads: Sequence[int]) -> float:
    graph: nx.MultiGraph[int] = nx.MultiGraph([(0, 0)])
    graph.add_nodes_from(range(worth.size))
    graph.add_edges_from(pair for road, pair in enumerate(ends.tolist()) if road not in roads)
    return float(worth.sum() - worth[sorted(nx.node_connected_component(graph, 0))].sum())


@given(land())
def test_the_worst_losses_of_up_to_three_roads_are_those_of_all_subsets(case: tuple[Floats, Any]) -> None:
    worth, ends = case
    hours = np.arange(1.0, len(ends) + 1)
    for count in (1, 2, 3):
        needed = [
            (-without(worth, ends, roads), len(roads), hours[list(roads)].sum(), roads)
            for roads in subsets(len(ends), count)
            if all(
                without(worth, ends, [one for one in roads if one != left]) < without(worth, ends, roads)
                for left in roads
            )
        ]
        found = best_partings(worth, ends, hours, count)
        assert [best.roads for best in found] == [roads for *_, roads in sorted(needed) if roads][:5]
        assert [best.value for best in found] == [-value for value, *_, roads in sorted(needed) if roads][:5]


@given(land(), st.integers(1, 5))
@examples(max_examples=40)
def test_of_more_roads_to_keep_greedy_is_no_worse_than_any_and_the_bound_no_lower(
    case: tuple[Floats, Any], count: int
) -> None:
    worth, ends = case
    worst = max(without(worth, ends, roads) for roads in subsets(len(ends), count))
    found = greedy_parting(worth, ends, np.ones(len(ends)), count)
    programme = most_parted(worth, ends, count)
    assert found.value == without(worth, ends, found.roads) <= worst <= programme.bound + 1e-6
    assert lost(worth, ends, programme.roads) == pytest.approx(worst) == pytest.approx(programme.bound)
    assert len(found.roads) <= count


def test_a_bridge_nearest_to_the_root_is_looked_at_among_a_hundred_worse_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parting, "MOST_BRIDGES", 2)
    # A long line of five, and two short ones.
    ends = np.array([[0, 1], [1, 2], [2, 3], [3, 4], [4, 5], [0, 6], [0, 7]])
    worth = np.array([0.0, 0, 0, 0, 1, 9, 2, 1])
    assert best_partings(worth, ends, np.ones(7), 3, most=1)[0].value == 13.0


# cases


def line(holders: str = "rrrr", **fields: Any) -> Network:
    """Return a — b — c — d, an hour each, held by r, b or nobody; a road of `fields` joins b and c."""
    names = {"r": "red", "b": "blue", "-": "none"}
    persons = (1000, 400, 300, 200)
    nodes = {
        name: node(36 + place / 10, 34, persons[place], holder=names[holders[place]], name=name.upper())
        for place, name in enumerate("abcd")
    }
    return network(nodes, [road("a", "b", 50), road("b", "c", 50, **fields), road("c", "d", 50)])


def roads(found: Reopening) -> list[str]:
    return [found.shut[opening.road].road for opening in found.chosen]


def test_the_closed_road_to_the_largest_pocket_is_reopened_first() -> None:
    found = reopen(bound(line(share=0)), RED, 2)
    assert roads(found) == ["b-c"]
    assert (found.value, found.bound, found.exact, found.share) == (500, 500, True, 1)
    assert (found.persons, found.cut_off, found.never) == (1900, 500, 0)
    assert found.chosen[0].gain == 500
    assert found.part.tolist() == [0, 0, 2, 2]
    assert found.gained.tolist() == [False, False, True, True]
    (only,) = found.shut
    assert (only.closed, only.front, only.hours, only.days) == (True, False, 1.0, REPAIR_DAYS)


def test_a_road_that_is_open_or_leads_to_others_is_no_closed_one() -> None:
    assert reopen(bound(line()), RED).shut == ()
    lost_place = reopen(bound(line("rrbr", share=0)), RED)
    assert lost_place.shut == ()
    assert (lost_place.cut_off, lost_place.never, lost_place.value) == (200, 200, 0)


def test_who_has_no_way_with_every_road_reopened_is_told_apart() -> None:
    found = reopen(bound(line("rrr-", share=0)), RED)
    assert (found.cut_off, found.never) == (300, 0)
    beyond = reopen(bound(line("rr-r", share=0)), RED)
    assert (beyond.cut_off, beyond.never) == (200, 200)


def test_a_road_that_passes_a_place_of_others_cannot_be_reopened_alone_unless_nobody_looks_down_on_it() -> None:
    land = line("rrrb", share=0, passes=("d",))
    assert reopen(bound(land), RED).shut == ()
    assert roads(reopen(bound(land, overlook=False), RED)) == ["b-c"]
    (one,) = (shut for shut in reopen(bound(land), RED, aim=Aim(fronts=True)).shut if shut.road == "b-c")
    assert (one.closed, one.front) == (True, True)


def test_a_road_of_which_one_direction_is_open_is_not_closed() -> None:
    nodes = {"a": node(36, 34, 100, holder="red"), "b": node(36.1, 34, 50, holder="red")}
    land = network(nodes, [road("a", "b", id="there", one_way=True), road("b", "a", id="back", one_way=True, share=0)])
    found = reopen(bound(land), RED)
    assert [one.road for one in found.shut] == ["back"]
    assert found.value == 0
    assert found.chosen == ()


def test_parallel_roads_are_as_good_as_each_other_and_the_shortest_is_taken() -> None:
    nodes = {name: node(36, 34, people, holder="red") for name, people in (("a", 100), ("b", 50))}
    closed = [road("a", "b", hours, hours, id=id, share=0) for id, hours in (("x", 3), ("y", 2), ("z", 2))]
    found = reopen(bound(network(nodes, closed)), RED, 3)
    assert roads(found) == ["y"]
    assert [found.shut[other].road for other in found.chosen[0].equals] == ["x", "z"]
    quick = reopen(bound(network(nodes, closed)), RED, 3, days={"x": 1.0})
    assert roads(quick) == ["x"]


def test_places_named_are_the_root_instead_of_the_largest_pocket() -> None:
    case = bound(line(share=0))
    found = reopen(case, RED, aim=Aim(roots=(3,)))
    assert (found.root, found.cut_off, found.value) == ((3,), 1400, 1400)
    with pytest.raises(RunError, match="--to c: red may not enter there at 1 Jan 00:00"):
        reopen(bound(line("rrbr")), RED, aim=Aim(roots=(2,)))


def test_an_actor_that_holds_nobody_has_nothing_to_reach() -> None:
    with pytest.raises(RunError, match="blue holds no people at 1 Jan 00:00"):
        reopen(bound(line()), BLUE)


def test_at_fronts_everybody_counts_and_contested_places_are_parts_by_themselves() -> None:
    case = bound(line("rb-b"))
    found = reopen(case, RED, 3, aim=Aim(fronts=True))
    assert [(one.road, one.closed, one.front) for one in found.shut] == [
        ("a-b", False, True), ("b-c", False, True), ("c-d", False, True)
    ]  # fmt: skip
    assert (found.persons, found.cut_off, found.never) == (1900, 900, 0)
    assert roads(found) == ["a-b", "b-c", "c-d"]
    assert [opening.gain for opening in found.chosen] == [400, 300, 200]
    assert [best.value for best in found.runners_up] == [700, 400]


def test_a_passage_lets_an_actor_reopen_the_road_through_its_neighbour() -> None:
    free = PassageRule(actor="red", through="blue", mode="free")
    found = reopen(bound(line("rrbr", share=0), passage=[free]), RED)
    assert (roads(found), found.value) == (["b-c"], 200)


def test_more_than_three_roads_come_with_a_bound() -> None:
    names = "abcdefg"
    nodes = {name: node(36 + place / 10, 34, 100 + place, holder="red") for place, name in enumerate(names)}
    star = [road("a", name, share=0) for name in names[1:]]
    found = reopen(bound(network(nodes, star)), RED, 5, aim=Aim(roots=(0,)))
    assert (found.value, found.exact) == (102 + 103 + 104 + 105 + 106, True)
    assert found.bound == pytest.approx(found.value)
    assert found.runners_up == ()


# person-days


def fuelled(land: Network, *events: Any, **fields: Any) -> Case:
    return with_sources(bound(land, events, **fields), Source(id="s", node=0, commodity=0, rate=1.0))


def test_person_days_run_from_the_instant_to_the_end_while_the_ends_are_held() -> None:
    # d is lost at 24 h of 48.
    found = reopen(fuelled(line(share=0), takes(24, "blue", "d")), RED, 1, aim=Aim(commodity=0))
    assert found.value == pytest.approx(500 * 1 + 300 * 1)
    later = reopen(fuelled(line(share=0), takes(24, "blue", "d")), RED, 1, aim=Aim(commodity=0, hour=36))
    assert later.value == pytest.approx(300 * 0.5)


def test_a_road_reopened_stays_open_but_is_of_no_use_while_an_end_is_in_other_hands() -> None:
    found = reopen(fuelled(line(share=0), takes(12, "blue", "c"), takes(36, "red", "c")), RED, aim=Aim(commodity=0))
    assert found.value == pytest.approx(500 * 0.5 + 500 * 0.5)


def test_a_road_that_opens_by_itself_is_worth_nothing_from_then_on() -> None:
    found = reopen(fuelled(line(share=0), closes(24, "b-c", 1.0)), RED, 1, aim=Aim(commodity=0))
    assert found.value == pytest.approx(500 * 1)


def test_who_gains_a_way_only_later_is_among_those_who_gain() -> None:
    # At 24 h b, and with it the open road from a, goes to others; the closed one from a to c would still be there.
    nodes = {name: node(36, 34, 100, holder="red") for name in "abc"}
    ways = [road("a", "b"), road("b", "c"), road("a", "c", share=0)]
    found = reopen(fuelled(network(nodes, ways), takes(24, "blue", "b")), RED, 1, aim=Aim(commodity=0))
    assert (found.cut_off, found.value) == (0, 100)
    assert found.gained.tolist() == [False, False, True]


def test_at_the_very_end_no_person_day_is_left_to_win() -> None:
    case = fuelled(line(share=0))
    found = reopen(case, RED, aim=Aim(hour=case.end, commodity=0))
    assert (found.value, found.chosen) == (0, ())
    assert found.cut_off > 0
    assert repair_order(found).person_days == 0


def test_who_does_not_ask_for_a_commodity_is_not_counted_and_what_no_lorry_carries_is_refused() -> None:
    case = fuelled(line(share=0))
    demand = case.supply.demand.copy()
    demand[2] = 0
    some = replace(case, supply=replace(case.supply, demand=demand))
    assert reopen(some, RED, aim=Aim(commodity=0)).value == pytest.approx(200 * 2)
    piped = replace(case, supply=replace(case.supply, vehicle=np.array([-1])))
    with pytest.raises(RunError, match="fuel: it does not go by road"):
        keep(piped, RED, aim=Aim(commodity=0))
    with pytest.raises(RunError, match="fuel: it does not go by road"):
        reopen(piped, RED, aim=Aim(commodity=0))
    dry = replace(case, supply=replace(case.supply, sources=()))
    with pytest.raises(RunError, match="no source of fuel that red may enter is at work"):
        reopen(dry, RED, aim=Aim(commodity=0))


# whole cases, against all subsets


@st.composite
def worlds(draw: st.DrawFn) -> Case:
    """Return a land of five places with open and closed roads, some past a place, in which hands change twice."""
    names, hands = "abcde", st.sampled_from(["red", "blue", "none"])
    nodes = {
        name: node(36 + place / 10, 34, draw(st.integers(1, 9)), holder="red" if name == "a" else draw(hands))
        for place, name in enumerate(names)
    }
    pairs = draw(st.lists(st.sampled_from(list(combinations(names, 2))), min_size=3, max_size=7))
    ways = [
        road(*pair, 50, id=f"r{number}", share=draw(st.sampled_from([0, 1])), one_way=draw(st.booleans()),
             passes=draw(st.sampled_from([(), ("c",)])))
        for number, pair in enumerate(pairs)
    ]  # fmt: skip
    events = [
        takes(hour, draw(hands.filter(lambda hand: hand != "none")), draw(st.sampled_from("bcde"))) for hour in (12, 36)
    ]
    return fuelled(network(nodes, ways), *events, closes(24, "r0", draw(st.sampled_from([0, 1]))))


def by_hand(case: Case, chosen: Sequence[str], aim: Aim) -> float:
    """Return who has a way to a (person-days: to the source there) with the chosen roads open, in each epoch."""
    net, value = case.network, 0.0
    root = 0
    for epoch in case.epochs:
        if aim.commodity is None and epoch is not case.epoch_at(0):
            continue
        days = (epoch.end - max(epoch.start, 0)) / 24 if aim.commodity is not None else 1.0
        graph: nx.Graph[int] = nx.Graph([(root, root)])
        graph.add_nodes_from(range(net.node_count))
        for link in range(net.link_count):
            tail, head = int(net.tail[link]), int(net.head[link])
            hands = {int(epoch.holder[at]) for at in (tail, head, *net.passes(link).tolist())}
            mine = hands == {RED}
            together = len(hands) == 1 and -1 not in hands
            reopened = str(net.link_id[link]) in chosen
            usable = (together or reopened) if aim.fronts else mine
            if usable and (epoch.share[0, link] > 0 or reopened):
                graph.add_edge(tail, head)
        joined_nodes = sorted(nx.node_connected_component(graph, root))
        people = case.population if aim.fronts else np.where(epoch.holder == RED, case.population, 0)
        value += days * float(people[joined_nodes].sum())
    return value


@given(case=worlds(), fronts=st.booleans(), timed=st.booleans())
@examples(max_examples=60)
def test_a_case_is_reopened_as_well_as_by_the_best_of_all_subsets(case: Case, *, fronts: bool, timed: bool) -> None:
    aim = Aim(roots=(0,), fronts=fronts, commodity=0 if timed else None)
    found = reopen(case, RED, 2, aim=aim)
    now = by_hand(case, (), aim)
    names = sorted(set(case.network.link_id.tolist()))
    shut = [one.road for one in found.shut]
    best = max(by_hand(case, chosen, aim) - now for size in range(3) for chosen in combinations(shut, size))
    assert found.value == pytest.approx(best)
    assert found.value == pytest.approx(by_hand(case, roads(found), aim) - now)
    everything = by_hand(case, shut, Aim(roots=(0,), fronts=fronts)) - by_hand(case, (), Aim(roots=(0,), fronts=fronts))
    assert found.cut_off - found.never == pytest.approx(everything)
    assert set(shut) <= set(names)


# keep


def test_what_to_keep_open_is_what_most_people_hang_on() -> None:
    case = bound(line())
    found = keep(case, RED, 1)
    assert [str(case.network.link_id[link]) for link in found.links] == ["a-b"]
    assert (found.value, found.bound, found.persons, found.running) == (900, 900, 1900, (900,))
    assert found.exact
    assert found.cut_off.tolist() == [False, True, True, True]
    assert found.runners_up == ((("b-c",), 500), (("c-d",), 200))


def test_places_or_sources_may_be_what_is_to_be_kept_within_reach() -> None:
    both_ends = keep(bound(line()), RED, 2, aim=Aim(roots=(0, 3)))
    assert (both_ends.value, both_ends.running) == (700, (0, 700))
    assert keep(fuelled(line()), RED, 1, aim=Aim(commodity=0)).value == 900


def test_more_than_three_roads_to_keep_come_with_a_bound() -> None:
    found = keep(bound(line()), RED, 4)
    assert (found.value, found.share) == (900, 1.0)
    assert len(found.links) == 1


def test_the_programme_finds_what_greedy_misses() -> None:
    # Four roads round b..e hold more than the steps of one to three find first.
    names = "abcde"
    nodes = {
        name: node(36, 34 + place / 10, 1000 if name == "a" else 10, holder="red") for place, name in enumerate(names)
    }
    nodes["z"] = node(37, 34, 900, holder="red")
    ways = [road("a", name) for name in names[1:]] + [road(name, "z") for name in names[1:]]
    found = keep(bound(network(nodes, ways)), RED, 4)
    assert found.value == 940
    assert found.exact


def test_with_several_ways_for_everybody_nothing_hangs_on_a_single_road_and_without_people_nothing_at_all() -> None:
    nodes = {name: node(36, 34, 10, holder="red") for name in "ab"}
    found = keep(bound(network(nodes, [road("a", "b"), road("a", "b")])), RED, 1)
    assert (found.links, found.value, found.share) == ((), 0, 1.0)
    with pytest.raises(RunError, match="blue has nobody, or nothing to reach, at 1 Jan 00:00"):
        keep(bound(line()), BLUE)


# order


def star(people: Sequence[int]) -> Network:
    nodes = {"a": node(36, 34, 10_000, holder="red")}
    nodes |= {f"p{place}": node(36 + place / 10, 34.1, persons, holder="red") for place, persons in enumerate(people)}
    return network(nodes, [road("a", f"p{place}", share=0, id=f"r{place}") for place in range(len(people))])


def won(schedule: Schedule, found: Reopening, end: float) -> float:
    """Return the person-days of a schedule on a star by themselves."""
    gains = {opening.road: opening.gain for opening in found.chosen}
    return sum(gains[one.road] * max(0.0, end - one.done) for one in schedule.repairs)


def scheduled(people: Sequence[int], days: Sequence[float], crews: int) -> tuple[Schedule, Reopening]:
    case = bound(star(people), hours=24 * 20.0)
    found = reopen(case, RED, len(people), days={f"r{place}": day for place, day in enumerate(days)})
    return repair_order(found, crews=crews), found


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(0, 9)), min_size=1, max_size=4), st.integers(1, 3))
@examples(max_examples=25)
def test_the_order_is_the_best_of_all_orders(given_roads: list[tuple[int, int]], crews: int) -> None:
    people, days = zip(*given_roads, strict=True)
    schedule, found = scheduled(people, days, crews)
    best = 0.0
    for order in permutations(range(len(people))):
        free, gained = [0.0] * crews, 0.0
        for number in order:
            crew = free.index(min(free))
            free[crew] += days[number]
            gained += people[number] * max(0.0, 20.0 - free[crew])
        best = max(best, gained)
    assert schedule.person_days == pytest.approx(best) == pytest.approx(won(schedule, found, 20.0))
    assert schedule.exact
    assert schedule.share == 1


def test_a_crew_repairs_one_road_at_a_time_and_two_twice_as_fast() -> None:
    schedule, found = scheduled([30, 20, 10], [2, 2, 2], 1)
    assert [(found.shut[one.road].road, one.start, one.done, one.persons) for one in schedule.repairs] == [
        ("r0", 0, 2, 30), ("r1", 2, 4, 50), ("r2", 4, 6, 60)
    ]  # fmt: skip
    assert [one.person_days for one in schedule.repairs] == [540, 860, 1000]
    both, _ = scheduled([30, 20, 10], [2, 2, 2], 2)
    assert [(one.crew, one.done) for one in both.repairs] == [(0, 2), (1, 2), (0, 4)]


def test_the_crew_that_is_free_first_takes_the_next_road() -> None:
    schedule, _ = scheduled([300, 20, 10], [3, 1, 1], 2)
    assert [(one.crew, one.start, one.done) for one in schedule.repairs] == [(1, 0, 1), (1, 1, 2), (0, 0, 3)]


def test_a_road_done_after_the_end_wins_nothing() -> None:
    schedule, _ = scheduled([30], [25], 1)
    assert (schedule.person_days, schedule.repairs[0].persons, schedule.repairs[0].person_days) == (0, 0, 0)


@pytest.mark.parametrize("crews", [1, 3])
def test_many_roads_are_put_in_order_by_gain_with_a_bound(crews: int, monkeypatch: pytest.MonkeyPatch) -> None:
    people, days = [60, 10, 50, 20, 40], [3, 1, 5, 2, 4]
    best, _ = scheduled(people, days, crews)
    monkeypatch.setattr("corridor.criticality.order.MOST_ALONE", 2)
    monkeypatch.setattr("corridor.criticality.order.MOST_TOGETHER", 2)
    quick, found = scheduled(people, days, crews)
    assert quick.person_days <= best.person_days <= quick.bound
    assert quick.person_days == pytest.approx(won(quick, found, 20.0))
    assert 0.5 < quick.share <= 1


def test_the_bound_of_an_order_holds_while_hands_change(monkeypatch: pytest.MonkeyPatch) -> None:
    land = line(share=0)
    case = fuelled(land, closes(0, "c-d"), takes(24, "blue", "d"), hours=96.0)
    found = reopen(case, RED, 2, aim=Aim(commodity=0), days={"b-c": 0.5, "c-d": 0.25})
    best = repair_order(found)
    # c for 3.5 days; d, after both are done, for a quarter of a day.
    assert best.person_days == pytest.approx(300 * 3.5 + 200 * 0.25)
    monkeypatch.setattr("corridor.criticality.order.MOST_ALONE", 1)
    monkeypatch.setattr("corridor.criticality.order.MOST_TOGETHER", 1)
    quick = repair_order(found)
    assert quick.person_days <= best.person_days <= quick.bound


def test_nothing_to_reopen_takes_no_time() -> None:
    schedule = repair_order(reopen(bound(line()), RED))
    assert (schedule.repairs, schedule.person_days, schedule.share, schedule.exact) == ((), 0, 1.0, True)
