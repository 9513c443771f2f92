"""Which roads the vehicles of people who move are on, and how much they slow others down."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from corridor.case import Case
from corridor.control import Epoch
from corridor.network import Floats
from corridor.simulation.atlas import Atlas

__all__ = ["Stream", "Traffic"]


class Stream(NamedTuple):
    """Hold who is on the move: from where, to where, and in how many vehicles an hour."""

    origin: int
    destination: int
    vehicles: float


class Traffic:
    r"""Keep the streams of people on the roads, and in `slow` the factors that follow from them.

    A stream takes the road that is fastest without traffic, over the links that are open to any vehicle, whoever
    holds the places on its way, and all of that road at once, as long as it lasts. A link with :math:`v` vehicles an
    hour of all streams and a capacity of :math:`c` vehicles an hour, times its open share, takes
    :math:`1 + \alpha (v/c)^\beta` times as long [1]_. Where no road leads, and where one end is outside the network,
    there is no traffic.

    References
    ----------
    .. [1] Bureau of Public Roads, "Traffic Assignment Manual", U.S. Department of Commerce, 1964.
    """

    __slots__ = ("_atlas", "_case", "_epoch", "_streams", "slow")

    def __init__(self, case: Case, atlas: Atlas) -> None:
        self._case, self._atlas = case, atlas
        self._epoch = case.epochs[0]
        self._streams: list[Stream] = []
        self.slow: dict[int, float] = {}

    def hours(self, origin: int) -> Floats:
        """Return how long it takes from a node to every other by roads open to any vehicle, shape (n,)."""
        hours: Floats = self._atlas.open_roads(self._epoch).hours([origin])[0]
        return hours

    def enter(self, epoch: Epoch) -> None:
        """Let `epoch` hold from now on: streams look for their roads again where links have changed."""
        changed = epoch.share is not self._epoch.share
        self._epoch = epoch
        if changed and self._streams:
            self._load()

    def change(self, *, begin: Iterable[Stream] = (), end: Sequence[Stream] = ()) -> None:
        """Let streams begin and others end, of those that are on the roads."""
        for stream in end:
            self._streams.remove(stream)
        begun = [stream for stream in begin if stream.origin >= 0 and stream.destination >= 0]
        self._streams += begun
        if begun or end:
            self._load()

    def _load(self) -> None:
        """Work the factors out again from all streams: differences would leave rounding errors behind."""
        flow: dict[int, float] = {}
        roads = self._atlas.open_roads(self._epoch)
        for stream in self._streams:
            for link in roads.route(stream.origin, stream.destination) or ():
                flow[link] = flow.get(link, 0.0) + stream.vehicles
        rule, capacity = self._case.scenario.supply.traffic, self._case.network.capacity
        self.slow.clear()
        for link, vehicles in flow.items():
            room = float(capacity[link] * np.max(self._epoch.share[:, link]))
            factor = 1.0 + rule.alpha * (vehicles / room) ** rule.beta
            if factor > 1:
                self.slow[link] = factor
