"""Which invariants a network must keep, told from its arrays and its tables of supply alone."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor.errors import Fault
from corridor.network.model import PIPELINE, ROAD, Floats, Mask, Network
from corridor.network.supply import supply_faults
from corridor.network.words import ANCHORS, CONFIDENCES, did_you_mean, is_identifier, unlisted

__all__ = ["faults", "great_circle", "road_components"]

EARTH_RADIUS_KM = 6371.009  # the mean radius, with which OSMnx measures too
TRUCK_KM_PER_HOUR = (5.0, 130.0)
LENGTH_TOLERANCE_SHARE, LENGTH_TOLERANCE_KM = 0.001, 0.02
NAMES_SHOWN = 12
LON_LIMIT, LAT_LIMIT = 180, 90
NODE_COLUMNS: tuple[str, ...] = ("node_name", "node_name_ar", "kind", "admin1", "area", "lon", "lat", "label_anchor")
NODE_COLUMNS += ("node_source", "node_confidence")
LINK_COLUMNS: tuple[str, ...] = ("link_name", "tail", "head", "reverse", "mode", "length", "hours", "capacity")
LINK_COLUMNS += ("commodity", "road_class", "road_number", "link_source", "link_confidence")
HOURS = {ROAD: "free_flow_truck_hours", PIPELINE: "transit_hours"}
CAPACITY = {ROAD: "capacity_vehicles_per_hour", PIPELINE: "capacity_per_day"}


def faults(network: Network, *, whole: bool = True) -> list[Fault]:
    """Return every invariant that `network` breaks, one fault each.

    The `where` of a fault is ``(table, row, column)``: `table` one of ``nodes``, ``links``, ``commodities``,
    ``demand``, ``facilities`` and ``fleets``, `row` a position, `column` as a network folder's tables name it.
    With `whole` false links are known to be missing, and nobody asks whether the roads connect.
    """
    misshapen = list(_misshapen(network))
    if misshapen:
        return misshapen
    found = [*_misnamed(network), *_places(network), *_names(network), *_distances(network), *_flows(network)]
    found += [*_ways(network), *_passes(network), *supply_faults(network)]
    return found + (list(_connection(network)) if whole else [])


def great_circle(network: Network) -> Floats:
    """Return the distance on the sphere between the ends of each link, km, shape (m,)."""
    lon, lat = np.radians(network.lon), np.radians(network.lat)
    tail, head = network.tail, network.head
    north, east = np.sin((lat[head] - lat[tail]) / 2) ** 2, np.sin((lon[head] - lon[tail]) / 2) ** 2
    half_chord = np.sqrt(np.clip(north + np.cos(lat[tail]) * np.cos(lat[head]) * east, 0.0, 1.0))
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(half_chord), dtype=np.float64)


def road_components(network: Network) -> list[list[int]]:
    """Return the nodes (positions) of each component of the road graph, the component with the most nodes first.

    Roads count whatever their state and direction; a node at sea counts only where a road ends at it.
    """
    parent = list(range(network.node_count))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = node = parent[parent[node]]
        return node

    roads = network.mode == ROAD
    tails, heads = network.tail[roads].tolist(), network.head[roads].tolist()
    for tail, head in zip(tails, heads, strict=True):
        parent[root(tail)] = root(head)
    touched = {*tails, *heads}
    groups: dict[int, list[int]] = {}
    for node, kind in enumerate(network.kind.tolist()):
        if kind != "sea" or node in touched:
            groups.setdefault(root(node), []).append(node)
    return sorted(groups.values(), key=len, reverse=True)


def _each(place: tuple[str, str], bad: Mask, message: str, *values: NDArray[Any]) -> Iterator[Fault]:
    table, column = place
    for row in np.flatnonzero(bad).tolist():
        yield Fault(message=message.format(*(value[row].item() for value in values)), where=(table, row, column))


def _misshapen(network: Network) -> Iterator[Fault]:
    sizes = [(name, getattr(network, name), network.node_count, "nodes") for name in NODE_COLUMNS]
    sizes += [(name, column, network.node_count, "nodes") for name, column in network.population.items()]
    sizes += [(name, column, network.node_count, "nodes") for name, column in network.control.items()]
    sizes += [(name, getattr(network, name), network.link_count, "links") for name in LINK_COLUMNS]
    sizes += [(name, column, network.link_count, "links") for name, column in network.open_share.items()]
    for name, values, count, table in sizes:
        if values.shape != (count,):
            yield Fault(
                message=f"{name} has the shape {values.shape}, expected ({count},) as there are {count} {table}"
            )
    starts, passed = network.pass_start, network.pass_node.size
    ends = starts.shape == (network.link_count + 1,) and (starts[0], starts[-1]) == (0, passed)
    if not ends or (np.diff(starts) < 0).any():
        yield Fault(message=f"pass_start must rise from 0 to {passed} in {network.link_count + 1} values")
    for name, positions in (("tail", network.tail), ("head", network.head), ("pass_node", network.pass_node)):
        outside = sorted(set(positions[(positions < 0) | (positions >= network.node_count)].tolist()))
        if outside:
            yield Fault(message=f"{name} has the positions {outside[:5]}, but there are {network.node_count} nodes")


def _misnamed(network: Network) -> Iterator[Fault]:
    yield from (
        Fault(message=f"found the {what} column {name!r}, expected a name like {like}")
        for what, columns, prefix, suffix, like in (
            ("population", network.population, "", "_persons", "catchment_2024_persons"),
            ("control", network.control, "control_", "", "control_2024_11_26"),
            ("open share", network.open_share, "open_share_", "", "open_share_2024_11_26"),
        )
        for name in columns
        if not (name.startswith(prefix) and name.endswith(suffix))
    )


def _places(network: Network) -> Iterator[Fault]:
    if not network.node_count:
        yield Fault(message="there are no nodes", where=("nodes", 0, "id"))
    for column, degrees, limit in (("lon", network.lon, LON_LIMIT), ("lat", network.lat, LAT_LIMIT)):
        message = f"found {{:g}} degrees, expected -{limit} to {limit}"
        yield from _each(("nodes", column), ~(np.abs(degrees) <= limit), message, degrees)
    for column, persons in network.population.items():
        bad = ~(np.isfinite(persons) & (persons >= 0))
        yield from _each(("nodes", column), bad, "found {:g} persons, expected 0 or more", persons)
    for column, holders in network.control.items():
        bad = np.array([not is_identifier(holder) for holder in holders.tolist()], dtype=np.bool_)
        yield from _each(("nodes", column), bad, "found the holder {!r}, expected an actor's id or none", holders)
    yield from unlisted("nodes", "label_anchor", network.label_anchor.tolist(), ANCHORS)
    yield from unlisted("nodes", "confidence", network.node_confidence.tolist(), CONFIDENCES)


def _names(network: Network) -> Iterator[Fault]:
    seen: set[str] = set()
    for row, name in enumerate(network.node_id.tolist()):
        where = ("nodes", row, "id")
        if name in seen:
            yield Fault(message=f"the node {name!r} is there twice, expected every id once", where=where)
        elif not is_identifier(name):
            yield Fault(message=f"found the id {name!r}, expected letters, digits, '_', '-' and '.'", where=where)
        seen.add(name)
    for alias, name in network.aliases.items():
        if name not in seen:
            yield Fault(
                message=f"the alias {alias!r} stands for {name!r}, expected a node's id{did_you_mean(name, seen)}"
            )


def _distances(network: Network) -> Iterator[Fault]:
    length = network.length
    yield from _each(("links", "head"), network.tail == network.head, "the link ends where it begins")
    sound = np.isfinite(length) & (length > 0)
    place = ("links", "length_km")
    yield from _each(place, ~sound, "found {:g} km, expected more than 0", length)
    on_earth = (np.abs(network.lon) <= LON_LIMIT) & (np.abs(network.lat) <= LAT_LIMIT)
    sound &= on_earth[network.tail] & on_earth[network.head]
    direct = great_circle(network)
    short = sound & (length < direct * (1 - LENGTH_TOLERANCE_SHARE) - LENGTH_TOLERANCE_KM)
    yield from _each(place, short, "found {:g} km, but its ends are {:.2f} km apart", length, direct)


def _flows(network: Network) -> Iterator[Fault]:
    mode, length, hours, capacity = network.mode, network.length, network.hours, network.capacity
    timed = np.isfinite(hours) & (hours > 0)
    for of_mode, column in HOURS.items():
        bad = ~timed & (mode == of_mode)
        yield from _each(("links", column), bad, "found {:g} hours, expected more than 0", hours)
    for of_mode, column in CAPACITY.items():
        bad = ~(capacity > 0) & (mode == of_mode)
        yield from _each(("links", column), bad, "found the capacity {:g}, expected more than 0", capacity)
    slowest, fastest = TRUCK_KM_PER_HOUR
    known = timed & np.isfinite(length) & (length > 0) & (mode == ROAD)
    speed = np.divide(length, hours, out=np.full(length.shape, slowest), where=known)
    message = f"found {{:g}} h for {{:g}} km, {{:.0f}} km/h; expected a truck to drive {slowest:g} to {fastest:g} km/h"
    yield from _each(("links", HOURS[ROAD]), (speed < slowest) | (speed > fastest), message, hours, length, speed)
    for column, share in network.open_share.items():
        yield from _each(("links", column), (share < 0) | (share > 1), "found the share {:g}, expected 0 to 1", share)


def _ways(network: Network) -> Iterator[Fault]:
    mode = network.mode
    yield from _each(("links", "mode"), (mode != ROAD) & (mode != PIPELINE), "found the mode {}, expected 0 or 1", mode)
    yield from unlisted("links", "confidence", network.link_confidence.tolist(), CONFIDENCES)
    for name, links in network.link_positions().items():
        if not name or any(letter in name for letter in ";, \t"):
            message = f"found the id {name!r}, expected one without spaces, ',' and ';'"
            yield Fault(message=message, where=("links", links[0], "id"))
        if network.tail[links[0]] == network.head[links[0]]:
            continue  # that it ends where it begins is told, and it has no way back
        if links[1:] and not _opposite(network, links):
            message = f"the link {name!r} is there more than once, expected every id once"
            yield Fault(message=message, where=("links", links[-1], "id"))
        elif not links[1:] and network.reverse[links[0]] != -1:
            yield Fault(message=f"the link {name!r} lacks the reverse it names", where=("links", links[0], "id"))


def _opposite(network: Network, links: tuple[int, ...]) -> bool:
    first, last = links[0], links[-1]
    ends = network.tail[first] == network.head[last] and network.head[first] == network.tail[last]
    linked = network.reverse[first] == last and network.reverse[last] == first
    return bool(links == (first, last) and ends and linked and network.mode[first] == ROAD == network.mode[last])


def _passes(network: Network) -> Iterator[Fault]:
    link = np.repeat(np.arange(network.link_count), np.diff(network.pass_start))
    own = (network.pass_node == network.tail[link]) | (network.pass_node == network.head[link])
    for row, node in zip(link[own].tolist(), network.pass_node[own].tolist(), strict=True):
        message = f"the link passes {str(network.node_id[node])!r}, its own end; expected other places"
        yield Fault(message=message, where=("links", row, "passes"))
    for row in np.unique(link[network.mode[link] != ROAD]).tolist():
        yield Fault(message="a pipeline passes places, but nobody commands it", where=("links", row, "passes"))


def _connection(network: Network) -> Iterator[Fault]:
    for component in road_components(network)[1:]:
        names = sorted(str(network.node_id[node]) for node in component)
        more = f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else ""
        shown = ", ".join(names[:NAMES_SHOWN]) + more
        message = f"no road joins {shown} to the rest of the network, expected one connected road graph"
        yield Fault(message=message, where=("nodes", component[0], "id"))
