"""The clock of a replication: what happens when, and in which order at one instant (SimPy, with absolute times)."""

from collections.abc import Callable
from heapq import heappush
from typing import TypeVarTuple

import simpy
from simpy.events import EventPriority

__all__ = ["ARRIVALS", "CONTROL", "DISPATCH", "FACILITIES", "GATES", "OPENING", "RECORDING", "Call", "Clock"]

Args = TypeVarTuple("Args")

# Priorities of what happens at one instant. SimPy's own (0 urgent, 1 normal: a place in a queue given or taken) come
# first, so that a gate moves up before anything else does. Links and control are one epoch change.
OPENING, CONTROL, FACILITIES, GATES, ARRIVALS, DISPATCH, RECORDING = map(EventPriority, range(2, 9))


class Call(simpy.Event):
    """One call at one instant; `cancel` takes it back."""

    # All calls have this in common; nobody waits for one, so that it needs to know neither its clock nor a value.
    _ok = True

    def __init__(self, action: Callable[[simpy.Event], None]) -> None:
        self.callbacks = [action]

    def cancel(self) -> None:
        """Let nothing happen when the instant comes."""
        if self.callbacks is not None:
            self.callbacks.clear()


class Clock(simpy.Environment):
    """A SimPy environment whose times are hours since the scenario's start.

    SimPy schedules by delay, and ``now + (time - now)`` may miss `time` by a rounding error, which would put what
    belongs to one instant out of order; here calls are scheduled at the instant itself.
    """

    def at(self, time: float, priority: EventPriority, action: Callable[[*Args], None], *args: *Args) -> Call:
        """Call ``action(*args)`` at `time`, hours, not before now."""
        call = Call(lambda _event: action(*args))
        heappush(self._queue, (max(time, self._now), priority, next(self._eid), call))
        return call

    def run_through(self, end: float) -> None:
        """Let everything happen up to and at `end`."""
        queue, step = self._queue, self.step
        while queue and queue[0][0] <= end:
            step()

    @property
    def processed(self) -> int:
        """The number of events that have happened."""
        return next(self._eid) - len(self._queue)
