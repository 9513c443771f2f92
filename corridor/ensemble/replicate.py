"""One scenario run: its replication, and the dataset made of it."""

from collections.abc import Callable, Mapping

import numpy as np
import xarray as xr

from corridor.case import Case
from corridor.ensemble.dataset import assemble
from corridor.simulation import Trace, simulate

__all__ = ["run"]


def run(
    case: Case,
    *,
    seed: int,
    provenance: Mapping[str, str | int] | None = None,
    progress: Callable[[float], None] | None = None,
) -> tuple[xr.Dataset, Trace]:
    """Return the dataset and the trace of a case's one replication.

    Parameters
    ----------
    case
        The case.
    seed
        Where its luck comes from: the same seed gives the same numbers.
    provenance
        What else the dataset's attributes say of its origin, such as `scenario_sha256`.
    progress
        Called now and then with the share of the replication that is done, 0 to 1.
    """
    trace = simulate(case, np.random.SeedSequence(seed), progress=progress)
    return assemble(case, trace, provenance={"seed": seed, "replication": 0, **(provenance or {})}), trace
