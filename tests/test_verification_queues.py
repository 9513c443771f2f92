"""Queues at gates against Erlang's and Pollaczek's and Khinchine's formulas."""

import heapq

import numpy as np
import pytest

from tests.verification.page import page_rows
from tests.verification.queues import GateQueue, mean_wait, play_queue, queue_row, queues


@pytest.mark.parametrize("queue", list(queues()), ids=lambda queue: f"{queue.name} at {queue.load}")
def test_the_mean_wait_at_a_gate_is_that_of_theory(queue: GateQueue) -> None:
    trace = play_queue(queue)
    wait = mean_wait(trace)
    assert {row.outcome for row in trace.shipments} == {"delivered"}
    assert wait.low <= queue.expected <= wait.high
    assert queue_row(queue, wait) in page_rows("queues")
    # Not so wide that any formula would do.
    assert wait.high - wait.low < 0.8 * queue.expected


def test_the_wrong_formula_is_told_from_the_right_one() -> None:
    wait = mean_wait(play_queue(GateQueue(name="M/D/1", load=0.7, service="constant")))
    assert not wait.low <= GateQueue(name="M/M/1", load=0.7).expected <= wait.high


@pytest.mark.parametrize("servers", [1, 3])
@pytest.mark.parametrize("service", ["constant", "exponential", "lognormal"])
def test_every_lorry_waits_until_a_server_has_let_all_before_it_through(servers: int, service: str) -> None:
    queue = GateQueue(name="G/G/c", load=0.9, servers=servers, service=service, variation=1.0, inspected=0.7)
    trace = play_queue(queue, lorries=2000)
    free = [0.0] * servers
    for row in trace.shipments:
        # It stands at s before the gate, from which it is two hours to t.
        served = max(row.departed, heapq.heappop(free))
        assert row.waited == pytest.approx(served - row.departed, abs=1e-6)
        heapq.heappush(free, row.arrived - 2.0)


def test_what_a_gate_counted_is_what_its_lorries_waited() -> None:
    trace = play_queue(GateQueue(name="M/M/2", load=0.8, servers=2), lorries=4000)
    waits = np.array([row.waited for row in trace.shipments])
    (gate,) = trace.gates
    assert (gate.convoys, gate.vehicles) == (4000, 4000)
    assert gate.waited == pytest.approx(waits.sum())
    assert gate.longest == waits.max()
    hours, came = trace.time[:, None], np.array([row.departed for row in trace.shipments])
    queued = (came <= hours) & (hours < came + waits)
    assert trace.queue[:, 0].tolist() == queued.sum(axis=1).tolist()
