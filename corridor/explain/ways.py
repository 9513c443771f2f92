"""Which suppliers could reach a place in each epoch, how long it took, and when that changed."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corridor.explain.change import Bearing, Change, amount, at_most, counted, spell
from corridor.explain.record import CONTESTED, Loads, Record
from corridor.network import PIPELINE, Floats, Ints
from corridor.paths import Roads

__all__ = ["Lane", "Ways", "lanes", "way_changes"]

WEEK = 168.0
HALF = 0.5
LONGER_SHARE, LONGER_HOURS = 0.1, 0.5
ROUTE_NAMES = 4
ENDS = 2
LONG = 10.0
"""Hours that are told without a decimal."""
BY_PIPE, BY_AID = "pipeline", "aid"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lane:
    """What one supplier (a node) brought by road, or by pipeline, as ordered: its `loads`, by node in `served`."""

    supplier: int
    mode: str
    loads: Loads
    served: dict[int, float]

    @property
    def tonnes(self) -> float:
        """The tonnes that it brought."""
        return math.fsum(self.served.values())

    def between(self, begin: float, end: float) -> Loads:
        """Return the loads that arrived after `begin` and until `end`, hours."""
        return self.loads.of((self.loads.arrived > begin) & (self.loads.arrived <= end))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Turn:
    """What became of a lane when an epoch began: its hours before and after, the tonnes and ids of a week of it.

    The week is the one before, for a way that opened the one after, as far as there is one: `span` hours. The change
    lasted for `lasting` hours, `inf` until the end.
    """

    lane: Lane
    epoch: int
    kind: str
    hours: tuple[float, float]
    tonnes: float
    shipments: tuple[int, ...]
    span: float
    lasting: float

    def weight(self, left: float) -> float:
        """Return the tonnes that may have come less, or more, within a week, of which there are `left` hours."""
        rate = self.tonnes / max(self.span, 1.0)
        if self.kind == "way lost":
            return -rate * min(self.lasting, left, WEEK)
        if self.kind == "way opened":
            return self.tonnes
        return rate * (self.hours[0] - self.hours[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Graph:
    """The links of a run as `Roads` asks for them."""

    tail: Ints
    head: Ints
    hours: Floats
    node_count: int
    link_count: int


class Ways:
    """Find the ways of the loads of one commodity, by epoch; what has been found is kept."""

    def __init__(self, record: Record, commodity: int) -> None:
        self.record, self.commodity = record, commodity
        tail, head = record["tail"], record["head"]
        self.begin: Floats = record["epoch_start"]
        self._graph = _Graph(
            tail=tail,
            head=head,
            hours=record["hours"] * record.factor,
            node_count=len(record.ids),
            link_count=tail.size,
        )
        self._roads: dict[bytes, Roads] = {}
        self._series: dict[Lane, tuple[NDArray[np.bool_], Floats]] = {}
        self._makers = set(record["source_node"][record["source_commodity"] == commodity].tolist())
        carries = (record["mode"] == PIPELINE) & (record["link_commodity"] == record.commodities[commodity])
        self._pipe = {(int(tail[link]), int(head[link])): link for link in np.flatnonzero(carries).tolist()}

    def hours(self, epoch: int, lane: Lane, node: int) -> float:
        """Return how long a load of a lane takes to a node in an epoch, hours without stops; `inf`: no way."""
        if lane.mode == BY_PIPE:
            link = self._pipe.get((lane.supplier, node))
            works = link is not None and self.record["pumpable"][epoch, link]
            return float(self.record["hours"][link]) if works else float("inf")
        roads = self.roads(epoch, node) if self._sells(epoch, lane, node) else None
        return float(roads.hours([lane.supplier])[0, node]) if roads else float("inf")

    def roads(self, epoch: int, node: int) -> Roads | None:
        """Return the roads that those who hold a node can drive; None if nobody holds it or they drive nothing."""
        links = self.links(epoch, node)
        if links is None:
            return None
        key = links.tobytes()
        if key not in self._roads:
            self._roads[key] = Roads(self._graph, links)
        return self._roads[key]

    def links(self, epoch: int, node: int) -> NDArray[np.bool_] | None:
        """Return which links those who hold a node can drive, shape (m,)."""
        holder = int(self.record["holder"][epoch, node])
        right = -1 if holder == CONTESTED else int(self.record["right"][holder, self.commodity])
        return None if right < 0 else np.asarray(self.record["drivable"][epoch, right])

    def series(self, lane: Lane) -> tuple[NDArray[np.bool_], Floats]:
        """Return in which epochs a lane was open (for half of its tonnes or more), and its hours, both (e,)."""
        if lane not in self._series:
            weights = np.array(list(lane.served.values()))
            epochs = range(self.begin.size)
            hours = np.array([[self.hours(epoch, lane, node) for node in lane.served] for epoch in epochs])
            reached = np.isfinite(hours)
            weight = (reached * weights).sum(axis=1)
            total = (np.where(reached, hours, 0.0) * weights).sum(axis=1)
            mean = np.divide(total, weight, out=np.full(weight.size, np.inf), where=weight > 0)
            self._series[lane] = weight >= HALF * weights.sum(), mean
        return self._series[lane]

    def route(self, epoch: int, lane: Lane) -> tuple[int, ...]:
        """Return the links of a lane's way to the node that it brought most to; empty for a pipeline."""
        node = max(lane.served, key=lambda one: lane.served[one])
        roads = None if lane.mode == BY_PIPE else self.roads(epoch, node)
        return (roads.route(lane.supplier, node) or ()) if roads else ()

    def _sells(self, epoch: int, lane: Lane, node: int) -> bool:
        """Return whether a supplier gives to a node: in the same hands, or as a source in anybody's."""
        holder = self.record["holder"][epoch]
        is_source = lane.supplier in self._makers and holder[lane.supplier] != CONTESTED
        return bool(holder[lane.supplier] == holder[node] or is_source)


def lanes(nodes: Sequence[int], loads: Loads) -> list[Lane]:
    """Return the lanes by which nodes were served from outside, those of the most tonnes first; aid is dated."""
    came = (loads.put_in > 0) & np.isin(loads.destination, nodes) & ~np.isin(loads.origin, nodes)
    came &= (loads.ordered == loads.destination) & (loads.mode != BY_AID)
    found = []
    for supplier in np.unique(loads.origin[came]).tolist():
        for mode in np.unique(loads.mode[came & (loads.origin == supplier)]).tolist():
            mine = loads.of(came & (loads.origin == supplier) & (loads.mode == mode))
            served: dict[int, float] = {}
            for node, tonnes in zip(mine.destination.tolist(), mine.put_in.tolist(), strict=True):
                served[node] = served.get(node, 0.0) + tonnes
            found.append(Lane(supplier=supplier, mode=mode, loads=mine, served=served))
    return sorted(found, key=lambda lane: (-lane.tonnes, lane.supplier))


def way_changes(ways: Ways, served: Sequence[Lane], bearing: Bearing) -> list[Change]:
    """Return when lanes were lost, opened, or became longer or shorter: those of one kind and instant as one change."""
    told: dict[tuple[int, str], list[_Turn]] = {}
    for lane in served:
        for turn in _turns(ways, lane):
            told.setdefault((turn.epoch, turn.kind), []).append(turn)
    return [_change(ways, sorted(group, key=lambda turn: -turn.tonnes), bearing) for _, group in sorted(told.items())]


def _turns(ways: Ways, lane: Lane) -> Iterator[_Turn]:
    is_open, hours = ways.series(lane)
    for epoch in range(1, is_open.size):
        before, now = float(hours[epoch - 1]), float(hours[epoch])
        if is_open[epoch] != is_open[epoch - 1]:
            kind = "way opened" if is_open[epoch] else "way lost"
        elif is_open[epoch] and abs(now - before) > max(LONGER_SHARE * before, LONGER_HOURS):
            kind = "way longer" if now > before else "way shorter"
        else:
            continue
        yield _turn(ways, lane, epoch, kind, is_open)


def _turn(ways: Ways, lane: Lane, epoch: int, kind: str, is_open: NDArray[np.bool_]) -> _Turn:
    begin, end = float(ways.begin[epoch]), float(ways.record.time[-1])
    after = np.flatnonzero(is_open[epoch:] != is_open[epoch])
    lasting = float(ways.begin[epoch + after[0]]) - begin if after.size else float("inf")
    week = max(begin - WEEK, 0.0), begin
    if kind == "way opened":
        week = begin, min(begin + min(WEEK, lasting), end)
    brought = lane.between(*week)
    return _Turn(
        lane=lane,
        epoch=epoch,
        kind=kind,
        hours=(float(ways.series(lane)[1][epoch - 1]), float(ways.series(lane)[1][epoch])),
        tonnes=float(brought.put_in.sum()),
        shipments=tuple(brought.id.tolist()),
        span=week[1] - week[0],
        lasting=lasting,
    )


def _change(ways: Ways, group: list[_Turn], bearing: Bearing) -> Change:
    lead = group[0]
    hour = float(ways.begin[lead.epoch])
    tonnes, ids = math.fsum(turn.tonnes for turn in group), [number for turn in group for number in turn.shipments]
    names = at_most([_name(ways, turn) for turn in group])
    came, when = f"{amount(tonnes)} in {counted(len(ids), 'load')}", spell(lead.span)
    came += f" came in the {when} after" if lead.kind == "way opened" else f" had come in the {when} before"
    left = float(ways.record.time[-1]) - hour
    return Change(
        hour=hour,
        kind=lead.kind,
        text=f"{lead.kind}{_lasting(lead)} from {names}{_where(ways, lead)}: {came}",
        tonnes=tonnes,
        shipments=tuple(ids),
        events=ways.record.opened_by(lead.epoch, _concerned(ways, lead)),
        via=bearing.via,
        weight=bearing.share * math.fsum(turn.weight(left) for turn in group),
    )


def _lasting(turn: _Turn) -> str:
    """Return for how long a way was lost, or open."""
    if turn.kind not in {"way lost", "way opened"}:
        return ""
    return f" for {spell(turn.lasting)}" if np.isfinite(turn.lasting) else " for the rest of the run"


def _name(ways: Ways, turn: _Turn) -> str:
    name = ways.record.names[turn.lane.supplier]
    if turn.lane.mode == BY_PIPE:
        name += " by pipeline"
    if turn.kind in {"way longer", "way shorter"}:
        digits = 0 if min(turn.hours) >= LONG else 1
        name += f" ({turn.hours[0]:.{digits}f} → {turn.hours[1]:.{digits}f} h)"
    return name


def _where(ways: Ways, turn: _Turn) -> str:
    """Return where a way was cut, or by which places it leads; nothing where the served place itself changed hands."""
    record, lane = ways.record, turn.lane
    holder, before = (record["holder"][epoch] for epoch in (turn.epoch, turn.epoch - 1))
    if all(holder[node] != before[node] for node in lane.served):
        return ""
    passed = _passed(ways, turn)
    if turn.kind != "way lost":
        return f", by {_through(record, passed)}" if len(passed) > ENDS else ""
    taken = [node for node in passed if holder[node] != before[node]]
    if not taken:
        return _closed(ways, turn.epoch, ways.route(turn.epoch - 1, lane))
    by = dict.fromkeys(record.actor(int(holder[node])) for node in taken)
    return f", cut at {at_most([record.names[node] for node in taken], most=2)} (now {at_most(list(by))})"


def _passed(ways: Ways, turn: _Turn) -> list[int]:
    """Return the nodes of a lane's way: of the new one, or where it was lost of the old one."""
    route = ways.route(turn.epoch - (turn.kind == "way lost"), turn.lane)
    heads = ways.record["head"][list(route)].tolist() if route else turn.lane.served
    return [turn.lane.supplier, *heads]


def _concerned(ways: Ways, turn: _Turn) -> list[int]:
    """Return the nodes that changed hands on a lane's way, before or after."""
    holder, before = (ways.record["holder"][epoch] for epoch in (turn.epoch, turn.epoch - 1))
    old, new = (ways.route(epoch, turn.lane) for epoch in (turn.epoch - 1, turn.epoch))
    nodes = {turn.lane.supplier, *turn.lane.served, *ways.record["head"][[*old, *new]].tolist()}
    return [node for node in nodes if holder[node] != before[node]]


def _closed(ways: Ways, epoch: int, route: Sequence[int]) -> str:
    """Return between which places of a former route the first link lies that can no longer be driven."""
    record = ways.record
    links = ways.links(epoch, int(record["head"][route[-1]])) if route else None
    for link in route:
        if links is not None and not links[link]:
            ends = (record.names[record[end][link]] for end in ("tail", "head"))
            return f", cut between {' and '.join(ends)}"
    return ""


def _through(record: Record, passed: Sequence[int]) -> str:
    """Return the largest places on the way, in its order."""
    inner = list(passed[1:-1])
    people = record["population"][inner]
    kept = sorted(np.argsort(-people, kind="stable")[:ROUTE_NAMES].tolist())
    return "–".join(record.names[inner[place]] for place in kept)
