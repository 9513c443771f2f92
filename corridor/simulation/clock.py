"""The clock of a replication: what happens when, and in which order at one instant (SimPy, with absolute times)."""

from collections.abc import Callable
from heapq import heappop, heappush
from typing import TypeVarTuple

import simpy
from simpy.events import EventPriority

__all__ = ["ARRIVALS", "CONTROL", "DISPATCH", "FACILITIES", "GATES", "OPENING", "RECORDING", "Call", "Clock"]

Args = TypeVarTuple("Args")

# Priorities of what happens at one instant. SimPy's own (0 urgent, 1 normal: a place in a queue given or taken) come
# first, so that a gate moves up before anything else does. Links and control are one epoch change.
OPENING, CONTROL, FACILITIES, GATES, ARRIVALS, DISPATCH, RECORDING = map(EventPriority, range(2, 9))


class Call(simpy.Event):
    """One call at one instant; `cancel` takes it back.

    Nobody waits for a call: it is in SimPy's queue among other events, but has no callbacks.
    """

    def __init__(self, action: Callable[..., None], args: tuple[object, ...]) -> None:
        self._action, self._args = action, args

    def cancel(self) -> None:
        """Let nothing happen when the instant comes."""
        self._action, self._args = _do_nothing, ()

    def happen(self) -> None:
        """Do what is to be done at the instant."""
        self._action(*self._args)


def _do_nothing() -> None:
    """Stand in for what was taken back."""


class Clock(simpy.Environment):
    """A SimPy environment whose times are hours since the scenario's start.

    SimPy schedules by delay, and ``now + (time - now)`` may miss `time` by a rounding error, which would put what
    belongs to one instant out of order; here calls are scheduled at the instant itself.
    """

    def at(self, time: float, priority: EventPriority, action: Callable[[*Args], None], *args: *Args) -> Call:
        """Call ``action(*args)`` at `time`, hours, not before now."""
        call = Call(action, args)
        heappush(self._queue, (max(time, self._now), priority, next(self._eid), call))
        return call

    def run_through(self, end: float) -> None:
        """Let everything happen up to and at `end`."""
        queue = self._queue
        while queue and queue[0][0] <= end:
            event = queue[0][-1]
            if isinstance(event, Call):
                self._now = heappop(queue)[0]
                event.happen()
            else:
                self.step()

    @property
    def processed(self) -> int:
        """The number of events that have happened."""
        return next(self._eid) - len(self._queue)
