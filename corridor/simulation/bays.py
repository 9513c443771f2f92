"""Loading bays: how long a convoy waits until the last of its vehicles has loaded."""

from collections.abc import Mapping
from heapq import heapreplace

__all__ = ["Bays"]


class Bays:
    """Give vehicles bays to load in, first come, first served, each for the same time.

    Who comes later never delays who came earlier, so that the end is known when a convoy comes: no event is needed.

    Parameters
    ----------
    bays
        How many vehicles can load at once at a node (position); any number where it is left out.
    start
        When the first vehicle may come, hours.
    """

    __slots__ = ("_free",)

    def __init__(self, bays: Mapping[int, int], start: float) -> None:
        self._free = {node: [start] * number for node, number in bays.items()}

    def load(self, node: int, vehicles: int, now: float, hours: float) -> float:
        """Return when the last of `vehicles` that come to a node now has loaded for `hours`."""
        free = self._free.get(node)
        if free is None:
            return now + hours
        done = now
        for _ in range(vehicles):
            done = max(now, free[0]) + hours
            heapreplace(free, done)
        return done

    def clear(self, node: int, now: float) -> None:
        """Let all bays of a node be free: those who loaded there are gone."""
        if node in self._free:
            self._free[node] = [now] * len(self._free[node])
