"""Pockets after each of many changes, against the components of every single step."""

from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.network import Floats, Ints, Network
from corridor.paths import History, components, evolving
from corridor.paths.components import joined
from tests.builders import network, node, road

ACTORS = 3
THRESHOLD = np.array([0.0, 0.5, 1.2])


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Network, History, Floats]:
    """Draw a multigraph whose links pass nodes, who holds what when, which links are open when, and people."""
    size = draw(st.integers(1, 8))
    ends = st.integers(0, size - 1)
    rows = draw(st.lists(st.tuples(ends, ends, st.booleans(), st.lists(ends, max_size=2)), max_size=14))
    roads = [
        road(str(tail), str(head), 1, 1, one_way=one_way, passes=tuple(str(place) for place in passes))
        for tail, head, one_way, passes in rows
    ]
    built = network(nodes={str(place): node(36 + place / 100, 34) for place in range(size)}, roads=roads)
    steps, holders = draw(st.integers(1, 40)), st.integers(-1, ACTORS - 1)
    links = built.link_count
    taken = draw(st.lists(st.tuples(st.integers(0, steps - 1), ends, holders), max_size=30))
    turned = draw(
        st.lists(st.tuples(st.integers(0, steps - 1), st.integers(0, max(links - 1, 0)), st.booleans()), max_size=20)
        if links
        else st.just([])
    )
    history = History(
        steps=steps,
        holder=np.array(draw(st.lists(holders, min_size=size, max_size=size)), dtype=np.intp),
        open=np.array(draw(st.lists(st.booleans(), min_size=links, max_size=links)), dtype=bool),
        **columns(taken, "taken_step", "taken_node", "taken_by"),
        **columns(turned, "turned_step", "turned_link", "turned_open"),
    )
    # Eighths add up exactly in any order.
    persons = np.array(draw(st.lists(st.integers(-4, 9), min_size=size, max_size=size))).clip(0) / 8
    return built, history, persons


def columns(rows: list[Any], *names: str) -> dict[str, Any]:
    """Return rows of steps, positions and values as columns."""
    return {
        name: np.array([row[place] for row in rows], dtype=bool if name.endswith("open") else np.intp)
        for place, name in enumerate(names)
    }


def states(history: History) -> Any:
    """Yield who holds what and what is open at every step, by making one change after another."""
    holder, is_open = history.holder.copy(), history.open.copy()
    for step in range(history.steps):
        for at, place, actor in zip(history.taken_step, history.taken_node, history.taken_by, strict=True):
            holder[place] = actor if at == step else holder[place]
        for at, link, state in zip(history.turned_step, history.turned_link, history.turned_open, strict=True):
            is_open[link] = state if at == step else is_open[link]
        yield step, holder, is_open


def pocket_of(built: Network, holder: Ints, is_open: Any, *, overlook: bool) -> Ints:
    """Return the component of each node in the hands of its holder, numbered apart by actors; -1: nobody's."""
    found = np.full(holder.size, -1, dtype=np.intp)
    for actor in range(ACTORS):
        own = holder == actor
        free = np.array([own[built.passes(link)].all() or not overlook for link in range(built.link_count)], dtype=bool)
        label = components(built, own, is_open & free)
        found[own] = label[own] + found.max() + 1
    return found


@pytest.mark.parametrize("overlook", [True, False])
@given(drawn=worlds())
def test_at_every_step_the_pockets_are_the_components_of_what_each_actor_holds(*, overlook: bool, drawn: Any) -> None:
    built, history, persons = drawn
    found = evolving(built, history, weight=persons, threshold=THRESHOLD, overlook=overlook)
    for step, holder, is_open in states(history):
        pocket = pocket_of(built, holder, is_open, overlook=overlook)
        label = found.labels(step)
        assert ((label < 0) == (holder < 0)).all()
        assert ((label[:, None] == label) == (pocket[:, None] == pocket)).all()
        held = label[label >= 0].tolist()
        assert list(dict.fromkeys(held)) == list(range(len(set(held))))
        for actor in range(ACTORS):
            numbers = np.unique(pocket[holder == actor])
            people = np.array([persons[pocket == number].sum() for number in numbers])
            at = step, actor
            assert found.pockets[at] == numbers.size
            assert found.persons[at] == people.sum()
            assert found.largest[at] == people.max(initial=0.0)
            assert found.squares[at] == (people**2).sum()
            assert found.substantial[at] == ((people > 0) & (people >= THRESHOLD[actor])).sum()


def test_a_town_that_falls_divides_a_territory_until_it_is_taken_back() -> None:
    """Three towns in a row: the middle one falls at step 2, its road east closes at 4, it is taken back at 5."""
    built = network(
        nodes={"west": node(36, 34), "middle": node(36.1, 34), "east": node(36.2, 34)},
        roads=[road("west", "middle"), road("middle", "east")],
    )
    history = History(
        steps=7,
        holder=np.zeros(3, dtype=np.intp),
        open=np.ones(4, dtype=bool),
        **columns([(5, 1, 0), (2, 1, 1)], "taken_step", "taken_node", "taken_by"),
        **columns([(4, 2, False), (4, 3, False), (6, 3, True)], "turned_step", "turned_link", "turned_open"),
    )
    found = evolving(built, history, weight=np.array([3.0, 2.0, 1.0]), threshold=np.array([2.0, 2.0, 2.0]))
    assert found.pockets.T.tolist() == [[1, 1, 2, 2, 2, 2, 1], [0, 0, 1, 1, 1, 0, 0], [0] * 7]
    assert found.persons[:, 0].tolist() == [6, 6, 4, 4, 4, 6, 6]
    assert found.largest[:, 0].tolist() == [6, 6, 3, 3, 3, 5, 6]
    assert found.squares[:, 0].tolist() == [36, 36, 10, 10, 10, 26, 36]
    assert found.substantial.T.tolist() == [[1] * 7, [0, 0, 1, 1, 1, 0, 0], [0] * 7]
    assert [found.labels(step).tolist() for step in (0, 2, 5)] == [[0, 0, 0], [0, 1, 2], [0, 0, 1]]


@pytest.mark.parametrize("shape", ["path", "star", "random"])
@pytest.mark.parametrize("seed", range(5))
def test_what_is_joined_is_what_networkx_joins_however_it_is_numbered(shape: str, seed: int) -> None:
    draw = np.random.default_rng(seed)
    graph = {
        "path": lambda: nx.path_graph(200),
        "star": lambda: nx.star_graph(199),
        "random": lambda: nx.gnm_random_graph(200, 150, seed=seed),
    }[shape]()
    number = draw.permutation(200)
    one, two = number[np.array(graph.edges, dtype=np.intp)].T
    label = joined(200, one, two)
    expected = {frozenset(number[list(part)].tolist()) for part in nx.connected_components(graph)}
    assert {frozenset(np.flatnonzero(label == each).tolist()) for each in np.unique(label)} == expected


def test_a_change_outside_the_steps_is_refused() -> None:
    built = network(nodes={"a": node(36, 34)})
    history = History(
        steps=2,
        holder=np.zeros(1, dtype=np.intp),
        open=np.zeros(0, dtype=bool),
        **columns([(2, 0, 1)], "taken_step", "taken_node", "taken_by"),
        **columns([], "turned_step", "turned_link", "turned_open"),
    )
    with pytest.raises(ValueError, match="changes are at the steps 2 to 2, expected 0 to 1"):
        evolving(built, history, weight=np.ones(1), threshold=THRESHOLD)
