"""How experiments look into a replication while it runs."""

from collections.abc import Callable
from unittest.mock import patch

import numpy as np

from corridor.case import Case
from corridor.simulation import Trace, engine, simulate
from corridor.simulation.state import State

__all__ = ["run_watched"]


def run_watched(case: Case, look: Callable[[State], None], *, seed: int = 0) -> tuple[Trace, State]:
    """Play one replication and `look` at its state after every review; return the trace and the state at the end."""
    held: list[State] = []

    def kept(*arguments: object) -> State:
        held.append(State(*arguments))  # type: ignore[arg-type]  # what the engine gives
        return held[0]

    with patch.object(engine, "State", kept):
        trace = simulate(case, np.random.SeedSequence(seed), progress=lambda _: look(held[0]))
    return trace, held[0]
