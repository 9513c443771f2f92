"""Epochs, rights of passage and passable roads."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.control import (
    CONTESTED,
    Change,
    ControlTimeline,
    Epoch,
    Passage,
    enterable,
    epochs,
    governing,
    overlooked,
    passable,
)
from corridor.network import Network
from tests.builders import network, node, road

RED, BLUE, GREEN = 0, 1, 2


def timeline(
    holder: Sequence[int],
    changes: Sequence[Change] = (),
    passage: Sequence[Passage] = (),
    links: int = 3,
) -> ControlTimeline:
    return ControlTimeline(
        holder=np.array(holder, dtype=np.intp),
        share=np.ones((2, links)),
        passage=tuple(passage),
        changes=tuple(changes),
    )


def epoch(holder: Sequence[int], passage: Sequence[Passage] = (), links: int = 3, **fields: Any) -> Epoch:
    (only,) = epochs(timeline(holder, passage=passage, links=links), start=0, end=1)
    return replace(only, **fields)


def taken(time: float, nodes: int, holder: int, event: str = "") -> Change:
    return Change(time=time, event=event or f"{nodes}@{time}", nodes=(nodes,), holder=holder)


def rule(through: int, mode: Any = "free", **fields: Any) -> Passage:
    return Passage(actor=RED, through=through, mode=mode, **fields)


def spans(found: Sequence[Epoch]) -> list[tuple[float, float, tuple[str, ...]]]:
    return [(each.start, each.end, each.events) for each in found]


def test_without_changes_there_is_one_epoch_with_the_initial_state() -> None:
    (only,) = epochs(timeline([RED, BLUE]), start=-24, end=48)
    assert (only.index, only.start, only.end, only.events) == (0, -24, 48, ())
    assert only.holder.tolist() == [RED, BLUE]


def test_changes_at_one_instant_make_one_epoch_and_each_epoch_ends_where_the_next_begins() -> None:
    found = epochs(timeline([RED, RED], [taken(5, 0, BLUE), taken(5, 1, BLUE), taken(9, 0, RED)]), start=0, end=24)
    assert spans(found) == [(0, 5, ()), (5, 9, ("0@5", "1@5")), (9, 24, ("0@9",))]
    assert [each.holder.tolist() for each in found] == [[RED, RED], [BLUE, BLUE], [RED, BLUE]]
    assert [each.index for each in found] == [0, 1, 2]


def test_a_change_that_alters_nothing_opens_no_epoch_and_is_named_in_none() -> None:
    found = epochs(timeline([RED, RED], [taken(5, 0, RED), taken(7, 0, BLUE), taken(7, 1, RED)]), start=0, end=24)
    assert spans(found) == [(0, 7, ()), (7, 24, ("0@7",))]


def test_changes_of_one_instant_that_undo_each_other_open_no_epoch() -> None:
    found = epochs(timeline([RED], [taken(5, 0, BLUE), taken(5, 0, RED)]), start=0, end=24)
    assert spans(found) == [(0, 24, ())]


def test_at_one_instant_the_last_control_change_in_the_timeline_holds() -> None:
    *_, last = epochs(timeline([RED], [taken(5, 0, BLUE), taken(5, 0, GREEN)]), start=0, end=24)
    assert last.holder.tolist() == [GREEN]


def test_at_one_instant_links_come_before_control_and_control_before_passage() -> None:
    changes = [
        Change(time=5, event="passage", passage=rule(BLUE)),
        taken(5, 0, BLUE, "control"),
        Change(time=5, event="links", links=(0,), share=0),
    ]
    assert epochs(timeline([RED], changes), start=0, end=24)[1].events == ("links", "control", "passage")


def test_changes_up_to_the_start_belong_to_the_first_epoch_and_those_at_the_end_to_none() -> None:
    changes = [taken(-3, 0, BLUE), taken(0, 1, BLUE), taken(24, 1, RED)]
    (only,) = epochs(timeline([RED, RED], changes), start=0, end=24)
    assert only.events == ("0@-3", "1@0")
    assert only.holder.tolist() == [BLUE, BLUE]


def test_a_link_change_for_some_classes_leaves_the_others_alone() -> None:
    change = Change(time=5, event="bridge", links=(1, 2), share=0.3, classes=(1,))
    *_, last = epochs(timeline([RED], [change]), start=0, end=24)
    assert last.share.tolist() == [[1, 1, 1], [1, 0.3, 0.3]]


def test_what_an_epoch_does_not_change_is_the_same_read_only_array() -> None:
    first, second = epochs(timeline([RED], [Change(time=5, event="x", links=(0,), share=0)]), start=0, end=24)
    assert second.holder is first.holder
    assert not second.share.flags.writeable


@given(
    st.lists(st.tuples(st.integers(-2, 12), st.integers(0, 3), st.integers(CONTESTED, 2)), max_size=12),
)
def test_epochs_tile_the_time_differ_from_their_neighbours_and_agree_with_replaying_the_changes(
    rows: list[tuple[int, int, int]],
) -> None:
    changes = [taken(time, where, holder) for time, where, holder in rows]
    found = epochs(timeline([RED, BLUE, GREEN, CONTESTED], changes), start=0, end=10)
    assert (found[0].start, found[-1].end) == (0, 10)
    for before, after in pairwise(found):
        assert before.end == after.start
        assert (before.holder != after.holder).any()
    for instant in (0.0, 0.5, 3.0, 7.5, 9.9):
        expected = [RED, BLUE, GREEN, CONTESTED]
        for time, where, holder in sorted(rows, key=lambda row: row[0]):
            if time <= instant:
                expected[where] = holder
        (current,) = (each for each in found if each.start <= instant < each.end)
        assert current.holder.tolist() == expected


def test_by_default_an_actor_enters_its_own_nodes_alone() -> None:
    assert enterable(epoch([RED, BLUE, CONTESTED]), RED).tolist() == [True, False, False]


def test_passage_opens_the_nodes_of_another_and_territory_alone_leaves_it_out() -> None:
    state = epoch([RED, BLUE, GREEN], [rule(BLUE, "gate", delay=3)])
    assert enterable(state, RED).tolist() == [True, True, False]
    assert enterable(state, RED, transit=False).tolist() == [True, False, False]
    assert enterable(state, BLUE).tolist() == [False, True, False]


def test_a_rule_narrowed_to_nodes_opens_those_and_only_while_the_other_holds_them() -> None:
    state = epoch([BLUE, BLUE, GREEN], [rule(BLUE, nodes=(1, 2))])
    assert enterable(state, RED).tolist() == [False, True, False]


def test_contested_nodes_are_nobodys_unless_a_rule_for_the_contested_says_so() -> None:
    assert not enterable(epoch([CONTESTED, BLUE]), BLUE)[0]
    assert enterable(epoch([CONTESTED, BLUE], [rule(CONTESTED)]), RED).tolist() == [True, False]


def test_a_later_rule_overrules_an_earlier_one_of_its_scope() -> None:
    assert epoch([BLUE, BLUE], [rule(BLUE, nodes=(0,)), rule(BLUE, "closed")]).passage == ()
    state = epoch([BLUE, BLUE], [rule(BLUE), rule(BLUE, "closed", nodes=(0,))])
    assert enterable(state, RED).tolist() == [False, True]


def test_a_rule_narrowed_to_a_commodity_holds_for_that_alone() -> None:
    state = epoch([BLUE], [rule(BLUE, commodities=(4,))])
    assert enterable(state, RED, commodity=4).all()
    assert not enterable(state, RED, commodity=3).any()
    assert not enterable(state, RED).any()


def test_an_actor_may_close_its_own_node_to_itself_without_losing_the_territory() -> None:
    state = epoch([RED, RED], [rule(RED, "closed", nodes=(1,))])
    assert enterable(state, RED).tolist() == [True, False]
    assert enterable(state, RED, transit=False).all()


def test_the_governing_rule_is_the_last_that_covers_the_node() -> None:
    state = epoch([RED, BLUE, BLUE, GREEN], [rule(BLUE), rule(BLUE, "gate", nodes=(2,), commodities=(0,), rate=4)])
    assert governing(state, RED).tolist() == [-1, 0, 0, -1]
    assert governing(state, RED, commodity=0).tolist() == [-1, 0, 1, -1]


@pytest.mark.parametrize(
    "said",
    [
        rule(BLUE, "closed"),
        rule(RED, "free"),
        rule(BLUE, nodes=(0,)),
        rule(BLUE, "closed", nodes=(1,)),
    ],
)
def test_a_passage_change_that_says_what_holds_already_opens_no_epoch(said: Passage) -> None:
    given_rules = [rule(BLUE, nodes=(0,))]
    found = epochs(timeline([BLUE], [Change(time=5, event="again", passage=said)], given_rules), start=0, end=9)
    assert len(found) == (2 if said == rule(BLUE, "closed") else 1)


def test_opening_and_closing_a_passage_ends_where_it_began() -> None:
    changes = [
        Change(time=2, event="open", passage=rule(BLUE)),
        Change(time=4, event="close", passage=rule(BLUE, "closed")),
    ]
    first, second, third = epochs(timeline([BLUE], changes), start=0, end=9)
    assert (first.passage, second.passage, third.passage) == ((), (rule(BLUE),), ())


modes = st.sampled_from(["free", "gate", "closed"])
subsets = st.sets(st.integers(0, 2)).map(lambda chosen: tuple(sorted(chosen)))
rules = st.lists(
    st.builds(
        Passage,
        actor=st.just(RED),
        through=st.integers(CONTESTED, 2),
        mode=modes,
        nodes=subsets,
        commodities=subsets,
    ),
    max_size=6,
)


@given(rules, st.one_of(st.none(), st.integers(0, 2)))
def test_leaving_out_overruled_rules_changes_nobodys_right_of_way(said: list[Passage], commodity: int | None) -> None:
    holder = [CONTESTED, RED, BLUE]
    expected = [CONTESTED != RED, True, False]
    for where, held in enumerate(holder):
        expected[where] = held == RED
        for each in said:
            covers = each.through == held and (not each.nodes or where in each.nodes)
            if covers and (not each.commodities or commodity in each.commodities):
                expected[where] = each.mode != "closed"
    assert enterable(epoch(holder, said), RED, commodity=commodity).tolist() == expected


@pytest.fixture
def roads() -> Network:
    """Return a — b — c with a direct way a — c that passes d, and a pipeline beside it."""
    where = {name: node(36.0 + place / 10, 34.0) for place, name in enumerate("abcd")}
    return network(
        nodes=where,
        roads=[road("a", "b"), road("b", "c"), road("a", "c", passes=("d",)), road("c", "a", id="back", one_way=True)],
        pipelines=[("a", "c")],
    )


def test_a_road_is_passable_between_enterable_nodes_when_it_is_open(roads: Network) -> None:
    share = np.ones((2, roads.link_count))
    share[:, roads.link_positions()["b-c"]] = 0
    share[0, roads.link_positions()["a-b"]] = 0
    state = epoch([RED, RED, RED, RED], share=share)
    everywhere = np.ones(4, dtype=bool)
    ids = roads.link_id
    assert set(ids[passable(roads, state, everywhere, overlook=True)]) == {"a-b", "a-c", "back"}
    assert set(ids[passable(roads, state, everywhere, overlook=True, vehicle=0)]) == {"a-c", "back"}
    assert set(ids[passable(roads, state, everywhere, overlook=True, vehicle=1)]) == {"a-b", "a-c", "back"}
    assert set(ids[passable(roads, state, everywhere & (roads.node_id != "b"), overlook=True)]) == {"a-c", "back"}


def test_who_holds_a_place_beside_the_road_commands_it_if_the_rule_is_on(roads: Network) -> None:
    state = epoch([RED, RED, RED, BLUE], share=np.ones((1, roads.link_count)))
    mine = enterable(state, RED)
    with_rule = passable(roads, state, mine, overlook=True)
    without = passable(roads, state, mine, overlook=False)
    assert roads.link_id[without & ~with_rule].tolist() == ["a-c", "a-c"]
    assert (overlooked(roads, state, mine) == (without & ~with_rule)).all()


def test_a_link_that_passes_nothing_is_never_commanded(roads: Network) -> None:
    state = epoch([RED, RED, RED, BLUE], share=np.ones((1, roads.link_count)))
    quiet = replace(
        roads, pass_start=np.zeros(roads.link_count + 1, dtype=np.intp), pass_node=np.array([], dtype=np.intp)
    )
    assert not overlooked(quiet, state, enterable(state, RED)).any()
    assert "back" in roads.link_id[passable(roads, state, enterable(state, RED), overlook=True)]
