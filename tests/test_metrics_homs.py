"""The shipped scenarios: every epoch against networkx, and what the data say about Homs."""

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest

from corridor.case import Case, bind
from corridor.control import Epoch, enterable, passable
from corridor.metrics import (
    Pocket,
    anchor_pairs,
    anchors,
    isolation,
    overlook_effect,
    pockets,
    reach,
    source_hours,
    source_nodes,
    territory,
)
from corridor.network import ROAD
from corridor.paths import Roads, components
from corridor.scenario import load_scenario
from corridor.sources import read_network

SCENARIOS = Path(__file__).parents[1] / "scenarios"
RING = ("jn_homs_w", "jn_qattinah", "jn_homs_s", "shinshar", "hisya")
WEST = ("hadidah", "qusayr", "hisya")
LEBANON = ("bc_arida", "ext_tripoli", "ext_beirut", "bc_masnaa")


@cache
def shipped(name: str) -> Case:
    scenario = load_scenario(SCENARIOS / f"{name}.yaml")
    return bind(scenario, read_network(scenario.network))


def epoch_at(case: Case, written: str) -> Epoch:
    return case.epoch_at(case.hour(datetime.fromisoformat(f"2024-12-{written}:00+03:00")))


def substantial(case: Case, written: str, *, transit: bool = False) -> list[Pocket]:
    regime = case.actors.index("regime")
    return [each for each in pockets(case, epoch_at(case, written), regime, transit=transit) if each.substantial]


def drive(case: Case, written: str, origin: str, destination: str) -> Any:
    known = case.network.node_positions()
    regime = case.actors.index("regime")
    return reach(case, epoch_at(case, written), regime, known[origin], known[destination])


def graph(case: Case, epoch: Epoch, nodes: set[int]) -> Any:
    """Return the passable roads among `nodes` as a networkx graph, built road by road without the package's masks."""
    net = case.network
    found: Any = nx.MultiDiGraph()
    found.add_nodes_from(nodes)
    for link, (tail, head) in enumerate(zip(net.tail.tolist(), net.head.tolist(), strict=True)):
        beside = set(net.pass_node[net.pass_start[link] : net.pass_start[link + 1]].tolist())
        if net.mode[link] == ROAD and {tail, head} | beside <= nodes and (epoch.share[:, link] > 0).any():
            found.add_edge(tail, head, hours=float(net.hours[link]))
    return found


def held(epoch: Epoch, actor: int) -> set[int]:
    return set(np.flatnonzero(epoch.holder == actor).tolist())


def test_components_and_pockets_are_those_of_networkx_for_every_actor_in_every_epoch() -> None:
    case = shipped("homs_2024")
    assert len(case.epochs) > 50
    for epoch in case.epochs:
        for actor in np.unique(epoch.holder[epoch.holder >= 0]).tolist():
            own = held(epoch, actor)
            expected = {frozenset(part) for part in nx.weakly_connected_components(graph(case, epoch, own))}
            assert {frozenset(pocket.nodes) for pocket in pockets(case, epoch, actor)} == expected
            mask = epoch.holder == actor
            label = components(case.network, mask, passable(case.network, epoch, mask, overlook=True))
            assert {frozenset(np.flatnonzero(label == part).tolist()) for part in range(label.max() + 1)} == expected


def test_travel_times_and_the_nearest_anchor_are_those_of_networkx_in_every_epoch() -> None:
    case = shipped("homs_2024")
    regime, origins = case.actors.index("regime"), list(anchors(case))
    for epoch in case.epochs:
        roads = Roads(case.network, passable(case.network, epoch, enterable(epoch, regime), overlook=True))
        found, (_, nearest) = roads.hours(origins), roads.nearest(origins)
        driven = graph(case, epoch, held(epoch, regime))
        driven.add_nodes_from(range(case.network.node_count))
        for row, origin in enumerate(origins):
            expected = np.full(case.network.node_count, np.inf)
            for node, hours in nx.single_source_dijkstra_path_length(driven, origin, weight="hours").items():
                expected[node] = hours
            assert found[row] == pytest.approx(expected)
        assert (nearest == found.min(axis=0)).all()


def test_sources_are_as_far_as_networkx_says_at_the_start_and_after_the_split() -> None:
    case = shipped("homs_2024")
    hours = source_hours(case)
    diesel = case.supply.commodities.index("diesel")
    for written in ("01T00:00", "08T02:00"):
        epoch = epoch_at(case, written)
        for actor in range(len(case.actors)):
            own = held(epoch, actor)
            starts = own & set(source_nodes(case, epoch, diesel).tolist())
            known: Any = {}
            if starts:
                known = nx.multi_source_dijkstra_path_length(graph(case, epoch, own), starts, weight="hours")
            for node in own:
                assert hours[epoch.index, diesel, node] == pytest.approx(known.get(node, np.inf))


def test_until_the_fifth_of_december_government_territory_is_one_substantial_pocket() -> None:
    case = shipped("homs_2024")
    last = epoch_at(case, "05T23:59").index
    counts = territory(case).substantial_pockets[: last + 1, case.actors.index("regime")]
    assert set(counts.tolist()) == {1}


def test_with_homs_contested_and_its_ring_held_the_territory_is_whole() -> None:
    case = shipped("homs_2024")
    assert len(substantial(case, "07T22:00")) == 1
    found = drive(case, "07T22:00", "tartus", "damascus")
    assert (round(found.km), round(found.hours, 1)) == (262, 3.9)
    assert [node for node in found.nodes if node in RING] == list(RING)


def test_with_homs_its_ring_and_qusayr_gone_there_are_a_south_and_a_coast() -> None:
    case = shipped("homs_2024")
    south, coast = substantial(case, "08T02:00")
    assert (south.name, coast.name) == ("Damascus", "Latakia")
    assert {"latakia", "tartus"} <= set(coast.places) - set(south.places)
    assert "damascus" in south.places
    assert (south.ports, south.refineries) == ((), ())
    assert (set(coast.ports), coast.refineries) == ({"port_latakia", "port_tartus"}, ("banias_refinery",))
    assert drive(case, "08T02:00", "tartus", "damascus") is None


@pytest.mark.parametrize(
    ("name", "by", "km", "hours"), [("qusayr_holds", WEST, 268, 4.2), ("homs_holds", RING, 262, 3.9)]
)
def test_either_way_past_homs_alone_keeps_the_territory_whole(
    name: str, by: tuple[str, ...], km: float, hours: float
) -> None:
    case = shipped(name)
    assert len(substantial(case, "08T02:00")) == 1
    found = drive(case, "08T02:00", "tartus", "damascus")
    assert (round(found.km), round(found.hours, 1)) == (km, hours)
    assert [node for node in found.nodes if node in by] == list(by)


@pytest.mark.parametrize("name", ["homs_2024", "homs_holds", "qusayr_holds"])
def test_from_the_fall_of_nabk_on_the_motorway_is_cut_whoever_holds_homs(name: str) -> None:
    case = shipped(name)
    assert drive(case, "08T03:00", "homs" if name == "homs_holds" else "tartus", "damascus") is None
    assert [pocket.name for pocket in substantial(case, "08T03:00")].count("Damascus") == 1


def test_through_an_open_lebanon_the_coast_reaches_damascus_after_the_split() -> None:
    case = shipped("lebanon_open")
    assert len(substantial(case, "08T02:00")) == 2
    assert len(substantial(case, "08T02:00", transit=True)) == 1
    found = drive(case, "08T02:00", "tartus", "damascus")
    assert [node for node in found.nodes if node in LEBANON] == list(LEBANON)


def test_the_overlook_rule_changes_no_count_of_government_pockets() -> None:
    case = shipped("homs_2024")
    effect = overlook_effect(case)
    regime = case.actors.index("regime")
    assert (effect.with_rule[:, regime] == effect.without_rule[:, regime]).all()
    assert effect.roads[:, regime].max() > 0


def test_damascus_is_cut_from_every_source_of_flour_and_diesel_when_homs_falls() -> None:
    case = shipped("homs_2024")
    damascus = case.network.node_positions()["damascus"]
    hours = isolation(case)[damascus]
    for commodity in ("flour", "diesel"):
        at = case.instant(hours[case.supply.commodities.index(commodity)])
        assert at.isoformat() == "2024-12-08T01:30:00+03:00"


def test_the_coast_is_never_more_than_a_ninth_further_from_damascus_and_then_out_of_reach() -> None:
    case = shipped("homs_2024")
    pairs, known = anchor_pairs(case), case.network.node_positions()
    (row,) = np.flatnonzero((pairs.origin == known["damascus"]) & (pairs.destination == known["tartus"]))
    hours = pairs.hours[:, case.actors.index("regime"), row]
    split = epoch_at(case, "08T01:30").index
    assert np.isfinite(hours[:split]).all()
    assert np.isnan(hours[split:]).all()
    assert np.nanmax(pairs.detour[:, case.actors.index("regime"), row]) == pytest.approx(1.11, abs=0.01)
