"""The cheapest way to ship from suppliers to places: transport problems, solved with HiGHS from where it last ended."""

from typing import TYPE_CHECKING

import numpy as np

from corridor.network import Floats

if TYPE_CHECKING:
    import highspy

__all__ = ["GRAIN", "TICK", "Transport"]


GRAIN = 2.0**-20
"""Tonnes to which amounts are rounded down, some 0.95 g: sums and differences of such numbers are exact."""
TICK = 2.0**-8
"""Hours to which travel times are rounded, some 14 s: finer than anyone knows how long a drive takes."""
TIE = 2.0**-30
"""Hours that at least lie between two ways of shipping: ties are broken within a tick, in steps of this."""
TIE_BITS = 22
KEPT = 100
"""How many models are kept, those last used: each takes some 0.2 MB."""
HASH = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
OPTIONS: dict[str, bool | float | int | str] = {
    "output_flag": False,
    "threads": 1,
    "parallel": "off",
    "random_seed": 0,
    "presolve": "off",
    "solver": "simplex",
    "simplex_strategy": 1,
    "simplex_scale_strategy": 0,
    "dual_simplex_cost_perturbation_multiplier": 0.0,
    "primal_simplex_bound_perturbation_multiplier": 0.0,
    "primal_feasibility_tolerance": 1e-9,
    "dual_feasibility_tolerance": 1e-10,
}
"""One thread, one way: the dual simplex on numbers that are exact, with tolerances below the last digit of them."""


class Transport:
    """Solve transport problems, each from the basis at which the last one of its key and size ended.

    Road links have no shared capacity in supply, so any flow over the network falls apart into paths from a supplier
    to a place, and each costs least along the shortest one: the min-cost flow over the network is the transport
    problem over shortest travel times (Ahuja, Magnanti and Orlin 1993, section 3.5, on the decomposition of flows).

    Where the simplex starts changes how long it takes and nothing else. Tonnes and hours are put on binary grids, on
    which it computes without rounding (the matrix is totally unimodular), and every pair's hours get a share of a
    tick, fixed by its row and column, so that no two ways of shipping cost the same (of ways that take equally long
    to the tick, two of some millions might).

    References
    ----------
    Ahuja, R. K., Magnanti, T. L. and Orlin, J. B. (1993). Network Flows: Theory, Algorithms, and Applications.
    Huangfu, Q. and Hall, J. A. J. (2018). Parallelizing the dual revised simplex method. Mathematical Programming
    Computation 10.
    """

    def __init__(self) -> None:
        self._models: dict[tuple[object, ...], _Model] = {}

    def ship(self, hours: Floats, available: Floats, wanted: Floats, worth: Floats, *, key: object = None) -> Floats:
        """Return the tonnes from each of s suppliers to each of d places, shape (s, d), that cost least.

        Shipping costs its tonnes times `hours` (s, d), `inf` where there is no way; a tonne that stays unmet costs
        the `worth` (k,), hours, of its step. `available` (s,) are the tonnes there are, and `wanted` (k, d) those of
        each step that each place lacks; steps fall in worth. Problems with the same `key` start from each other.
        """
        if not hours.size:
            return np.zeros(hours.shape)
        suppliers, places = hours.shape
        size = _roomy(suppliers), _roomy(places), worth.size
        model = self._models.pop((key, *size), None) or _Model(*size)
        self._models[key, *size] = model
        if len(self._models) > KEPT:
            del self._models[next(iter(self._models))]
        roads, stocks, lacks = np.full(size[:2], np.inf), np.zeros(size[0]), np.zeros((size[2], size[1]))
        roads[:suppliers, :places], stocks[:suppliers], lacks[:, :places] = hours, available, wanted
        return model.solve(roads, stocks, lacks, worth)[:suppliers, :places]


class _Model:
    """Keep one model in HiGHS: a column for each pair and for each step of each place, a row for each end of a pair.

    The row of a supplier holds what it ships, that of a place what comes less what of its steps is met.
    """

    def __init__(self, suppliers: int, places: int, steps: int) -> None:
        self.pairs = suppliers * places
        self.columns = np.arange(self.pairs + steps * places, dtype=np.int32)
        self.ties = _ties(suppliers, places)
        self.solver = _solver(suppliers, places, steps)

    def solve(self, hours: Floats, available: Floats, wanted: Floats, worth: Floats) -> Floats:
        """Return the cheapest tonnes of each pair, shape (s, d)."""
        reached = np.isfinite(hours)
        cost = np.where(reached, np.round(np.where(reached, hours, 0.0) / TICK) * TICK + self.ties, 0.0)
        # Floors of the running sums: a place loses less than one grain, however many its steps.
        lacks = _floored(np.cumsum(wanted, axis=0))
        lacks[1:] -= lacks[:-1].copy()
        there = np.minimum(_floored(available), lacks.sum())
        met = np.repeat(-np.round(worth / TICK) * TICK, hours.shape[1])
        pairs = np.where(reached, np.minimum(there[:, None], lacks.sum(axis=0)), 0.0)
        solver, count = self.solver, self.columns.size
        solver.changeColsCost(count, self.columns, np.concatenate((cost.ravel(), met)))
        solver.changeColsBounds(count, self.columns, np.zeros(count), np.concatenate((pairs.ravel(), lacks.ravel())))
        for row, tonnes in enumerate(there.tolist()):
            solver.changeRowBounds(row, 0.0, tonnes)
        solver.run()
        _check(solver)
        tonnes = np.array(solver.getSolution().col_value[: self.pairs])
        # Adding nothing turns -0.0 into 0.0.
        found: Floats = np.round(tonnes / GRAIN) * GRAIN + 0.0
        return found.reshape(hours.shape)


def _roomy(count: int) -> int:
    """Return the power of two that is no less than `count`: few sizes, so that each has often been solved before."""
    return 1 << (count - 1).bit_length()


def _floored(tonnes: Floats) -> Floats:
    floored: Floats = np.floor(np.maximum(tonnes, 0.0) / GRAIN) * GRAIN
    return floored


def _ties(suppliers: int, places: int) -> Floats:
    """Return what breaks ties, hours below a tick in steps of `TIE`, by row and column alone, shape (s, d).

    The bits of a pair's row and column are mixed as in SplitMix64 (Steele, Lea and Flood 2014): of a plain rule, such
    as their product, sums along a cycle of pairs would often come to nothing.
    """
    rows, columns = np.indices((suppliers, places)).astype(np.uint64)
    mixed = ((rows << np.uint64(32)) + columns + np.uint64(1)) * np.uint64(HASH[0])
    for shift, factor in zip((30, 27), HASH[1:], strict=True):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    ties: Floats = (mixed >> np.uint64(64 - TIE_BITS)).astype(np.float64) * TIE
    return ties


def _solver(suppliers: int, places: int, steps: int) -> "highspy.Highs":
    """Return a model of that shape, all its bounds and costs still nothing."""
    import highspy

    solver = highspy.Highs()  # type: ignore[no-untyped-call] # its stubs leave the constructor bare
    for option, value in OPTIONS.items():
        solver.setOptionValue(option, value)
    row, column = (part.ravel() for part in np.indices((suppliers, places)))
    pair_rows = np.stack((row, suppliers + column), axis=1).ravel()
    step_rows = suppliers + np.tile(np.arange(places), steps)
    pairs, stairs = suppliers * places, steps * places
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = pairs + stairs, suppliers + places
    lp.col_cost_ = lp.col_lower_ = lp.col_upper_ = np.zeros(pairs + stairs)
    lp.row_lower_ = lp.row_upper_ = np.zeros(suppliers + places)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.concatenate((2 * np.arange(pairs), 2 * pairs + np.arange(stairs + 1)))
    lp.a_matrix_.index_ = np.concatenate((pair_rows, step_rows))
    lp.a_matrix_.value_ = np.concatenate((np.ones(2 * pairs), -np.ones(stairs)))
    solver.passModel(lp)
    return solver


def _check(solver: "highspy.Highs") -> None:
    """Raise RuntimeError where no cheapest flow was found, though there always is one: to ship nothing is allowed."""
    status = solver.modelStatusToString(solver.getModelStatus())
    if status != "Optimal":
        raise RuntimeError(f"HiGHS says of a transport problem, which always has a solution: {status}")
