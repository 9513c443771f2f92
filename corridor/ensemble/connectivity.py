"""Territory and connectivity of a case as variables of a dataset: who holds what, in which pockets, how far apart."""

from typing import Any

import numpy as np

from corridor.case import Case
from corridor.control import Epoch
from corridor.ensemble.variables import Variables, labelled, texts
from corridor.metrics import (
    accessible_population,
    anchor_flows,
    anchor_pairs,
    efficiencies,
    isolation,
    overlook_effect,
    pocket_ranks,
    road_holders,
    source_hours,
    territory,
    way_shares,
)

__all__ = ["ACCESS_HOURS", "connectivity_variables", "reported_epochs", "shown_actor"]

ACCESS_HOURS = 6
"""People are within reach of a source that is at most so many free-flow truck hours away."""


def reported_epochs(case: Case) -> tuple[Epoch, ...]:
    """Return the epochs that reach past the start: those of the warm-up are not reported."""
    return tuple(epoch for epoch in case.epochs if epoch.end > 0)


def shown_actor(case: Case) -> int:
    """Return the position of the actor whose territory the maps follow: the scenario's, else the first."""
    name = case.scenario.show.maps_actor
    return case.actors.index(name) if name else 0


def connectivity_variables(case: Case) -> Variables:
    """Return the variables with the dimensions epoch, actor, pair and shown, and those of access to sources."""
    epochs = reported_epochs(case)
    first = epochs[0].index
    return {
        "epoch_start": labelled("epoch", [max(epoch.start, 0.0) for epoch in epochs], "h", "hours since the start"),
        "epoch_end": labelled("epoch", [epoch.end for epoch in epochs], "h", "hours since the start"),
        # What happened before the start is no news of the first epoch.
        "epoch_events": labelled(
            "epoch", texts([";".join(epoch.events) if epoch.start >= 0 else "" for epoch in epochs]), "", "opened by"
        ),
        "holder": labelled(("epoch", "node"), np.array([epoch.holder for epoch in epochs]), "", "actor, -1 contested"),
        "link_share": labelled(
            ("epoch", "link"), np.array([epoch.share.max(axis=0) for epoch in epochs]), "1", "share of capacity open"
        ),
        **_territory_variables(case, first),
        **_pair_variables(case, first),
        **_access_variables(case, first),
        **_way_variables(case),
    }


def _territory_variables(case: Case, first: int) -> Variables:
    found, overlook = territory(case), overlook_effect(case)

    def of_actor(values: Any, units: str = "1", long_name: str = "") -> Any:  # noqa: ANN401 (any array)
        return labelled(("epoch", "actor"), values[first:], units, long_name)

    return {
        "pocket": labelled(
            ("epoch", "node"), pocket_ranks(case)[first:], "", "rank among its holder's pockets, 0 contested"
        ),
        "road_holder": labelled(("epoch", "link"), road_holders(case)[first:], "", "actor that can drive it, -1 none"),
        "pockets": of_actor(found.pockets),
        "substantial_pockets": of_actor(found.substantial_pockets),
        "substantial_from": labelled("actor", found.threshold, "persons", "people that make a pocket substantial"),
        "territory_population": of_actor(found.population, "persons"),
        "largest_share": of_actor(found.largest_share, "1", "share of the people in the largest pocket"),
        "fragmentation": of_actor(found.fragmentation, "1", "1 - sum of squared shares of the pockets"),
        "efficiency": of_actor(efficiencies(case), "1", "travel times against all roads open, weighted by people"),
        "overlooked_roads": of_actor(overlook.roads, "1", "roads closed by the overlook rule"),
        "pockets_without_overlook": of_actor(overlook.without_rule, "1", "substantial pockets without that rule"),
        "pockets_with_overlook": of_actor(overlook.with_rule, "1", "substantial pockets with that rule"),
    }


def _pair_variables(case: Case, first: int) -> Variables:
    found, flows = anchor_pairs(case), anchor_flows(case)
    dims, node = ("epoch", "actor", "pair"), case.network.node_id
    return {
        "pair_from": labelled("pair", texts(node[found.origin].tolist())),
        "pair_to": labelled("pair", texts(node[found.destination].tolist())),
        "pair_km": labelled(dims, found.km[first:], "km", "by the fastest way; nan where there is none"),
        "pair_hours": labelled(dims, found.hours[first:], "h", "free-flow truck hours"),
        "pair_detour": labelled(dims, found.detour[first:], "1", "hours over those at the start"),
        "pair_flow": labelled(dims, flows.vehicles[first:], "vehicles/day", "lorries that get through at most"),
        "pair_binding": labelled(dims, flows.roads[first:], "", "roads of the minimum cut"),
    }


def _access_variables(case: Case, first: int) -> Variables:
    hours = source_hours(case)
    accessible = accessible_population(case, within=ACCESS_HOURS, hours=hours)
    return {
        "accessible": labelled(
            ("epoch", "actor", "commodity"),
            accessible[first:],
            "persons",
            f"people within {ACCESS_HOURS} free-flow truck hours of a source",
        ),
        "isolated": labelled(
            ("node", "commodity"),
            isolation(case, hours=hours),
            "h",
            "first instant without a way from any source, inf never",
        ),
    }


def _way_variables(case: Case) -> Variables:
    actor, network = shown_actor(case), case.network
    instants = [case.hour(instant) for instant in case.scenario.show.maps]
    shares = [way_shares(case, case.epoch_at(hour), actor) for hour in instants]
    nodes = np.array([share[0] for share in shares]).reshape(-1, network.node_count)
    links = np.array([share[1] for share in shares]).reshape(-1, network.link_count)
    return {
        "shown_time": labelled("shown", instants, "h", "instants of the maps, hours since the start"),
        "node_way_share": labelled(("shown", "node"), nodes, "1", "of the ways between the shown actor's people"),
        "link_way_share": labelled(("shown", "link"), links, "1", "of the ways between the shown actor's people"),
    }
