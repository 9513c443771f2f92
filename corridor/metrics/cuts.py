"""For how many vehicles a day an actor has room from places to places, and the roads and gates that bind."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import Literal, NamedTuple, TypedDict

import numpy as np

from corridor.case import Capacity, Case, Gateway, capacity, check_actor
from corridor.control import Epoch, enterable
from corridor.flows import FlowProblem, MinimumCut, minimum_cuts
from corridor.metrics.anchors import anchors
from corridor.network import Floats, Ints, Mask, Texts

__all__ = ["AnchorFlows", "BindingGate", "BindingRoad", "Cut", "anchor_flows", "cut", "cuts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingRoad:
    """A road that binds: its ids, its name and number as on signs, and the `vehicles` a day that it carries.

    `tail` and `head` are the nodes (positions) from which it leads out of the side of the origins, and to which;
    `link` is the position of that one of its links.
    """

    id: str
    link: int
    tail: int
    head: int
    name: str
    number: str
    vehicles: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingGate:
    """A gate of passage that binds: its node (position), the `holder` it lets through (empty: nobody) and its rate."""

    node: int
    holder: str
    vehicles: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cut:
    """Hold the most that an actor can get from origins to destinations, and what binds.

    Attributes
    ----------
    actor
        Position of the actor.
    origins, destinations
        The nodes (positions) named, in order.
    shut
        Those of both that the actor may not enter: they are left out.
    count
        Whether roads are counted, each as one, not vehicles.
    value
        Vehicles a day for which there is room, or the fewest roads whose closing parts the two sides; `inf` where
        nothing binds.
    roads, gates
        What binds, in the network's order.
    unique
        Whether no other cut is as small.
    why
        Where nothing gets through: ``origins`` or ``destinations`` if the actor may enter none of them, else
        ``no way``; empty where something does.
    origin_persons, destination_persons, other_persons
        The people whom the actor holds: those whom the origins still reach past what binds, those who still reach the
        destinations, and all others.
    flow
        Vehicles (or ways) over each link in one of the ways in which so many get through, shape (m,).
    drivable
        The links that the actor can drive, shape (m,).
    origin_side, destination_side
        The nodes that the origins still reach past what binds, and those that still reach the destinations, (n,).
    """

    actor: int
    origins: tuple[int, ...]
    destinations: tuple[int, ...]
    shut: tuple[int, ...]
    count: bool
    value: float
    roads: tuple[BindingRoad, ...]
    gates: tuple[BindingGate, ...]
    unique: bool
    why: Literal["", "origins", "destinations", "no way"]
    origin_persons: float
    destination_persons: float
    other_persons: float
    flow: Floats
    drivable: Mask
    origin_side: Mask
    destination_side: Mask


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AnchorFlows:
    """Hold for how many `vehicles` a day there is room from anchor to anchor, (e, a, p), as in `anchor_pairs`.

    `roads` (e, a, p) are the ids of the roads that bind, parted by semicolons; none where nothing gets through.
    """

    vehicles: Floats
    roads: Texts


def cut(
    case: Case,
    epoch: Epoch,
    actor: int,
    origins: Collection[int],
    destinations: Collection[int],
    *,
    count: bool = False,
) -> Cut:
    """Return for how many vehicles a day `actor` has room from any origins to any destinations, and what binds.

    Room is what roads of their class take by day and by night, whether anybody drives there, and with what, or not. The
    most that can flow over roads and through gates (see `corridor.case.capacity`) equals the least capacity of
    roads and gates whose closing parts the two sides [1]_. With `count` every road that can be driven counts one and
    gates nothing: the fewest roads whose closing parts the two sides are as many as ways without a common road [2]_.

    Parameters
    ----------
    case, epoch, actor
        Whose roads when; `actor` a position in `case.actors`, the epoch one of the case's (see `Case.epoch_at`).
    origins, destinations
        Nodes (positions); those that the actor may not enter are left out.
    count
        Count roads, not vehicles.

    Raises
    ------
    ValueError
        If a node is both origin and destination, or there is no such actor.

    References
    ----------
    .. [1] Ford, L. R. and Fulkerson, D. R. (1956). Maximal flow through a network. Canadian Journal of Mathematics 8.
    .. [2] Menger, K. (1927). Zur allgemeinen Kurventheorie. Fundamenta Mathematicae 10.

    Examples
    --------
    >>> from corridor.case import whole
    >>> from corridor.sources import read_network
    >>> case = whole(read_network("central_syria"))
    >>> latakia, damascus = (case.network.node_id.tolist().index(place) for place in ("latakia", "damascus"))
    >>> found = cut(case, case.epoch_at(0), case.actors.index("everybody"), [latakia], [damascus])
    >>> found.value, [road.id for road in found.roads]
    (115200.0, ['jn_m4_latakia-latakia', 'latakia-qastal_maaf'])
    """
    asked = _asked(case, actor, origins, destinations, count=count)
    ways = _ways(case, epoch, asked)
    (found,) = minimum_cuts([_problem(case, ways, by_road=count)])
    return _cut(case, epoch, asked, ways, found)


def cuts(
    case: Case, actor: int, origins: Collection[int], destinations: Collection[int], *, count: bool = False
) -> tuple[tuple[Epoch, Cut], ...]:
    """Return `cut` for every epoch of a case: found once for all epochs in which the actor can drive the same.

    Parameters and Raises as for `cut`.
    """
    asked = _asked(case, actor, origins, destinations, count=count)
    ways = [_ways(case, epoch, asked) for epoch in case.epochs]
    first: dict[tuple[object, ...], int] = {}
    same = [first.setdefault(one.key(), row) for row, one in enumerate(ways)]
    solved = minimum_cuts([_problem(case, ways[row], by_road=count) for row in first.values()])
    known = {
        row: _cut(case, case.epochs[row], asked, ways[row], found)
        for row, found in zip(first.values(), solved, strict=True)
    }
    return tuple((epoch, _with_persons(case, epoch, known[row])) for epoch, row in zip(case.epochs, same, strict=True))


def anchor_flows(case: Case) -> AnchorFlows:
    """Return for how many vehicles a day each actor has room from anchor to anchor in each epoch, and what binds.

    Pairs are of each anchor with each later one.

    Nothing gets through where the actor may not enter both.
    """
    pairs = list(combinations(anchors(case), 2))
    shape = len(case.epochs), len(case.actors), len(pairs)
    vehicles, roads = np.zeros(shape), np.full(shape, "", dtype=np.object_)
    places: dict[tuple[object, ...], list[tuple[int, int, int]]] = {}
    problems: list[FlowProblem] = []
    for (row, epoch), actor in product(enumerate(case.epochs), range(len(case.actors))):
        enters = enterable(epoch, actor)
        wanted = [number for number, pair in enumerate(pairs) if enters[list(pair)].all()]
        if not wanted:
            continue
        room = capacity(case, epoch, actor)
        same = _key(room)
        for number in wanted:
            if (same, number) not in places:
                places[same, number] = []
                ways = _Ways(room, *(_mask(case, (end,)) for end in pairs[number]))
                problems.append(_problem(case, ways, by_road=False))
            places[same, number].append((row, actor, number))
    for cells, found in zip(places.values(), minimum_cuts(problems), strict=True):
        for cell in cells:
            vehicles[cell], roads[cell] = found.value, ";".join(case.network.link_id[found.links].tolist())
    return AnchorFlows(vehicles=vehicles, roads=roads.astype(np.str_))


class _Asked(NamedTuple):
    """What is asked for: between which nodes named, of whom, and whether roads are counted."""

    actor: int
    origins: tuple[int, ...]
    destinations: tuple[int, ...]
    by_road: bool


class _Ways(NamedTuple):
    """What an actor may drive: its capacity, and which nodes named on either side it may enter, shape (n,)."""

    room: Capacity
    origins: Mask
    destinations: Mask

    def key(self) -> tuple[object, ...]:
        """Return what is the same where the same can be driven between the same places."""
        return _key(self.room), self.origins.tobytes(), self.destinations.tobytes()


class _Persons(TypedDict):
    origin_persons: float
    destination_persons: float
    other_persons: float


def _asked(case: Case, actor: int, origins: Collection[int], destinations: Collection[int], *, count: bool) -> _Asked:
    """Return what is asked for, unless a node is on both sides."""
    check_actor(case, actor)
    if both := set(origins) & set(destinations):
        named = ", ".join(case.network.node_id[sorted(both)].tolist())
        raise ValueError(f"found {named} among both origins and destinations")
    return _Asked(actor, tuple(sorted(set(origins))), tuple(sorted(set(destinations))), count)


def _ways(case: Case, epoch: Epoch, asked: _Asked) -> _Ways:
    """Return what an actor may drive in an epoch."""
    enters = enterable(epoch, asked.actor)
    return _Ways(
        room=capacity(case, epoch, asked.actor),
        origins=_mask(case, asked.origins) & enters,
        destinations=_mask(case, asked.destinations) & enters,
    )


def _key(room: Capacity) -> tuple[object, ...]:
    gates = tuple((gate.node, gate.through, gate.vehicles, gate.links.tobytes()) for gate in room.gates)
    return room.links.tobytes(), gates


def _cut(case: Case, epoch: Epoch, asked: _Asked, ways: _Ways, found: MinimumCut) -> Cut:
    """Return what was found of `_problem` as a cut with names and people."""
    room, enters = ways.room, ways.origins | ways.destinations
    # Gates come as the nodes after those of the network.
    gates = [room.gates[node - case.network.node_count] for node in found.nodes.tolist()]
    near, far = (side[: case.network.node_count] for side in (found.source_side, found.sink_side))
    return Cut(
        actor=asked.actor,
        origins=asked.origins,
        destinations=asked.destinations,
        shut=tuple(node for node in sorted((*asked.origins, *asked.destinations)) if not enters[node]),
        count=asked.by_road,
        value=found.value,
        roads=tuple(_road(case, room, link) for link in found.links.tolist()),
        gates=tuple(_gate(case, gate) for gate in gates),
        unique=found.unique,
        why=_why(found.value, ways.origins, ways.destinations),
        flow=found.flow[: case.network.link_count],
        drivable=room.links > 0,
        origin_side=near,
        destination_side=far,
        **_persons(case, epoch, asked.actor, near, far),
    )


def _problem(case: Case, ways: _Ways, *, by_road: bool) -> FlowProblem:
    """Return what to solve: by road, or of lorries, where each gate is a node before its own for those that enter."""
    network, gates = case.network, () if by_road else ways.room.gates
    count, standing = network.node_count, np.arange(len(gates))
    head: Ints = network.head.copy() if gates else network.head
    for number, gate in enumerate(gates):
        head[gate.links] = count + number
    room = (ways.room.links > 0).astype(np.float64) if by_road else ways.room.links
    none = np.zeros(len(gates), dtype=np.bool_)
    return FlowProblem(
        tail=np.concatenate((network.tail, count + standing)),
        head=np.concatenate((head, np.array([gate.node for gate in gates], dtype=np.intp))),
        capacity=np.concatenate((room, np.full(len(gates), np.inf))),
        sources=np.concatenate((ways.origins, none)),
        sinks=np.concatenate((ways.destinations, none)),
        node_capacity=np.concatenate((np.full(count, np.inf), [gate.vehicles for gate in gates])),
    )


def _why(value: float, origins: Mask, destinations: Mask) -> Literal["", "origins", "destinations", "no way"]:
    if value > 0:
        return ""
    if not origins.any():
        return "origins"
    return "no way" if destinations.any() else "destinations"


def _with_persons(case: Case, epoch: Epoch, found: Cut) -> Cut:
    """Return a cut with the people of another epoch."""
    return replace(found, **_persons(case, epoch, found.actor, found.origin_side, found.destination_side))


def _persons(case: Case, epoch: Epoch, actor: int, near: Mask, far: Mask) -> _Persons:
    """Return the people whom an actor holds in an epoch on either side of a cut, and elsewhere."""
    held = np.where(epoch.holder == actor, case.population, 0.0)
    return _Persons(
        origin_persons=float(held[near].sum()),
        destination_persons=float(held[far].sum()),
        other_persons=float(held[~(near | far)].sum()),
    )


def _road(case: Case, room: Capacity, link: int) -> BindingRoad:
    network = case.network
    return BindingRoad(
        id=str(network.link_id[link]),
        link=link,
        tail=int(network.tail[link]),
        head=int(network.head[link]),
        name=str(network.link_name[link]),
        number=str(network.road_number[link]),
        vehicles=float(room.links[link]),
    )


def _gate(case: Case, gate: Gateway) -> BindingGate:
    holder = case.actors[gate.through] if gate.through >= 0 else ""
    return BindingGate(node=gate.node, holder=holder, vehicles=gate.vehicles)


def _mask(case: Case, nodes: Collection[int]) -> Mask:
    mask = np.zeros(case.network.node_count, dtype=np.bool_)
    mask[list(nodes)] = True
    return mask
