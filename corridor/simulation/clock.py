"""The clock of a replication: what happens when, and in which order at one instant (SimPy, with absolute times)."""

from collections.abc import Callable
from heapq import heappush
from typing import TypeVarTuple

import simpy

__all__ = ["ARRIVALS", "CONTROL", "DISPATCH", "FACILITIES", "GATES", "OPENING", "RECORDING", "Call", "Clock"]

Args = TypeVarTuple("Args")

# Priorities of what happens at one instant. SimPy's own (0 urgent, 1 normal: a place in a queue given or taken) come
# first, so that a gate moves up before anything else does. Links and control are one epoch change.
OPENING, CONTROL, FACILITIES, GATES, ARRIVALS, DISPATCH, RECORDING = range(2, 9)


class Call(simpy.Event):
    """One call at one instant; `cancel` takes it back."""

    def __init__(self, clock: "Clock", action: Callable[[simpy.Event], None]) -> None:
        super().__init__(clock)
        self._ok = True
        self._value = None
        self.callbacks.append(action)

    def cancel(self) -> None:
        """Let nothing happen when the instant comes."""
        if self.callbacks is not None:
            self.callbacks.clear()


class Clock(simpy.Environment):
    """A SimPy environment whose times are hours since the scenario's start.

    SimPy schedules by delay, and ``now + (time - now)`` may miss `time` by a rounding error, which would put what
    belongs to one instant out of order; here calls are scheduled at the instant itself.
    """

    def at(self, time: float, priority: int, action: Callable[[*Args], None], *args: *Args) -> Call:
        """Call ``action(*args)`` at `time`, hours, not before now."""
        call = Call(self, lambda _event: action(*args))
        entry = max(time, self._now), simpy.events.EventPriority(priority), next(self._eid), call
        heappush(self._queue, entry)
        return call

    def run_through(self, end: float) -> None:
        """Let everything happen up to and at `end`."""
        while self._queue and self._queue[0][0] <= end:
            self.step()

    @property
    def processed(self) -> int:
        """The number of events that have happened."""
        return next(self._eid) - len(self._queue)
