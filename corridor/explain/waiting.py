"""Which loads were held for long at gates, at which, and how much of a stock stood there at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from corridor.explain.change import Bearing, Change, amount, at_most, counted, spell
from corridor.explain.record import Loads, Record, Target
from corridor.explain.ways import Ways
from corridor.network import Floats

__all__ = ["held_changes"]

LONG_HOURS, LONG_SHARE = 12.0, 0.1
"""A wait is long from so many hours on, or from this share of the time that is told, whichever is less."""
BOUND = ("delivered", "under way")
EVERYBODY = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gate:
    """A gate before a `node`, or over a link with the ends `over`, and the mean wait of all who were served there.

    It is for the convoys of an `actor`, or EVERYBODY's; where nobody was served the mean wait is `inf`.
    """

    actor: int
    node: int
    over: tuple[int, int]
    mean: float

    def lies_on(self, steps: list[tuple[int, int]]) -> bool:
        """Return whether those who go from node to node in these steps come through it."""
        return any(self.over == step or self.node == step[1] for step in steps)


def held_changes(
    ways: Ways, target: Target, loads: Loads, span: tuple[float, float], bearing: Bearing
) -> Iterator[Change]:
    """Give the loads bound for a target that waited long at gates within a span of hours, those of one gate as one.

    A change is told when the first of them would have come without its wait: for loads still in the queue that is
    when they began to wait.
    """
    record = ways.record
    long = min(LONG_HOURS, LONG_SHARE * (span[1] - span[0]))
    bound = np.isin(loads.ordered, target.nodes) & np.isin(loads.destination, target.nodes)
    bound &= np.isin(loads.outcome, BOUND) & (loads.destination != loads.origin)
    came = _came(record, loads)
    held = bound & (loads.waited >= long) & (came > span[0]) & (came - loads.waited < span[1])
    gates, mine, came = _gates(record), loads.of(held), came[held]
    place = np.array([_held_at(ways, gates, mine, load) for load in range(mine.id.size)], dtype=np.intp)
    for one in np.unique(place).tolist():
        group, gate = mine.of(place == one), gates[one] if one >= 0 else None
        late = came[place == one] - group.waited
        standing = _standing(record, gate, group) if gate and span[1] >= record.time[-1] else ""
        yield Change(
            hour=max(float(late.min()), span[0]),
            kind="held",
            text=_text(record, gate, group, long) + standing,
            tonnes=float(group.tonnes.sum()),
            shipments=tuple(group.id.tolist()),
            via=bearing.via,
            weight=-bearing.share * _most_at_once(late, late + group.waited, group.tonnes),
        )


def _came(record: Record, loads: Loads) -> Floats:
    """Return when loads came, the end of the run where they are still under way, hours."""
    came: Floats = np.where(np.isfinite(loads.arrived), loads.arrived, record.time[-1])
    return came


def _gates(record: Record) -> list[_Gate]:
    """Return the gates of a run, those of the longest mean wait first; one whose servers changed is one gate."""
    found: dict[tuple[int, int, int], tuple[float, int]] = {}
    fields = (record[f"gate_{name}"].tolist() for name in ("actor", "node", "link", "waited", "convoys"))
    for actor, node, link, waited, convoys in zip(*fields, strict=True):
        before = found.get((actor, node, link), (0.0, 0))
        found[actor, node, link] = before[0] + waited, before[1] + convoys
    gates = [
        _Gate(
            actor=actor,
            node=node,
            over=(int(record["tail"][link]), int(record["head"][link])) if link >= 0 else (-1, -1),
            mean=waited / convoys if convoys else float("inf"),
        )
        for (actor, node, link), (waited, convoys) in found.items()
    ]
    return sorted(gates, key=lambda gate: -gate.mean)


def _held_at(ways: Ways, gates: list[_Gate], loads: Loads, load: int) -> int:
    """Return the first gate that a load came through or stands at, -1 where it is none any more."""
    steps = _steps(ways.record, loads.route[load])
    if loads.outcome[load] == "under way":
        steps += _next(ways, loads, load)
    actors = {EVERYBODY, int(loads.actor[load])}
    return next((place for place, gate in enumerate(gates) if gate.actor in actors and gate.lies_on(steps)), -1)


def _steps(record: Record, route: str) -> list[tuple[int, int]]:
    nodes = [record.position[node] for node in route.split(">")]
    return list(pairwise(nodes))


def _next(ways: Ways, loads: Loads, load: int) -> list[tuple[int, int]]:
    """Return the step that a load takes next: on the fastest way, or if there is none wherever a road leads."""
    record, bound = ways.record, int(loads.destination[load])
    last = record.position[str(loads.route[load]).rsplit(">", 1)[-1]]
    roads = ways.roads(ways.begin.size - 1, bound)
    route = roads.route(last, bound) if roads else None
    links = list(route[:1]) if route else np.flatnonzero(record["tail"] == last).tolist()
    return [(last, int(record["head"][link])) for link in links]


def _text(record: Record, gate: _Gate | None, loads: Loads, long: float) -> str:
    froms = at_most(list(dict.fromkeys(record.names[node] for node in loads.origin.tolist())))
    where = "at gates" if gate is None else f"at the gate {_place(record, gate)}"
    longest = f"{loads.waited.max():.1f} h"
    waits = f"{loads.waited.mean():.1f} h on average, {longest} at most" if loads.id.size > 1 else longest
    count = counted(loads.id.size, "load")
    return f"{count} from {froms} held {spell(long)} or more {where}: {amount(float(loads.tonnes.sum()))}, {waits}"


def _place(record: Record, gate: _Gate) -> str:
    if gate.node >= 0:
        return f"of {record.names[gate.node]}"
    return f"between {' and '.join(record.names[end] for end in gate.over)}"


def _standing(record: Record, gate: _Gate, loads: Loads) -> str:
    """Return how many loads have not got through a gate at the end."""
    on_way = loads.of(loads.outcome == "under way")
    count = sum(not gate.lies_on(_steps(record, route)) for route in on_way.route.tolist())
    return f"; {count:,} still there in the end" if count else ""


def _most_at_once(begin: Floats, end: Floats, tonnes: Floats) -> float:
    """Return the most tonnes that were late at one time, each load from when it would have come until it came."""
    times, signed = np.concatenate((end, begin)), np.concatenate((-tonnes, tonnes))
    return float(np.cumsum(signed[np.argsort(times, kind="stable")]).max())
