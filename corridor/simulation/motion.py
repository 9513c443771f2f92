"""How the level of a store moves between two changes, in straight pieces: full use, rations by steps, full, empty."""

import math

import numpy as np

from corridor.case import SupplyCase
from corridor.network import Floats

__all__ = ["FREE", "NEVER", "Band", "Ladder", "band", "bands", "ladders", "motion", "motions"]


Ladder = tuple[tuple[float, float], ...]
"""The levels of a ration, tonnes, falling, each with the share that use is cut to at and below it."""

Band = tuple[float, float, float, float, float]
"""Around a level: the next ration level below it, the next at or above it and the one after that, the share of
demand that is used between the first two, and the share above the second."""

FREE: Band = (0.0, math.inf, math.inf, 1.0, 1.0)
NEVER = -1.0
"""A level that no stock comes down to."""


def ladders(supply: SupplyCase) -> dict[int, Ladder]:
    """Return the steps of the cells that are rationed; a ration of the whole demand is none."""
    size = supply.stock.size
    levels, shares = (values.reshape(size, -1) for values in (supply.ration_level, supply.ration_share))
    rations = (levels > 0) & (shares < 1)
    # Of two steps at one level the lower share holds.
    return {
        cell: tuple(dict(zip(levels[cell, steps].tolist(), shares[cell, steps].tolist(), strict=True)).items())
        for cell, steps in ((cell, rations[cell]) for cell in np.flatnonzero(rations.any(axis=1)).tolist())
    }


def band(level: float, ladder: Ladder) -> Band:
    """Return where between its rations a level lies; see `Band`."""
    low, high, higher, share, above = FREE
    for step, ration in ladder:
        if level > step:
            low = step
            break
        high, higher, share, above = step, high, ration, share
    return low, high, higher, share, above


def bands(level: Floats, levels: Floats, shares: Floats) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Do what `band` does for many cells at once: `level` (c,), the steps' `levels` and `shares` (r, c)."""
    low, high, higher, share, above = (np.full(level.size, value) for value in FREE)
    for step, ration in zip(levels, shares, strict=True):
        under = level <= step
        low = np.where(under, low, np.maximum(low, step))
        higher, above = np.where(under, high, higher), np.where(under, share, above)
        high, share = np.where(under, step, high), np.where(under, ration, share)
    return low, high, higher, share, above


def motion(level: float, demand: float, inflow: float, capacity: float, around: Band) -> tuple[float, float, float]:
    """Return use and inflow now, tonnes an hour, and the level at which they change next in the way it moves."""
    low, high, higher, share, above = around
    # Nothing flows in over the brim.
    made = inflow if level <= capacity else 0.0
    use = share * demand
    if level == high:
        use = min(max(made, use), above * demand)
        high = higher
    if level == capacity:
        made = min(made, use)
    if level == 0:
        use = min(use, made)
    if level > capacity:
        return use, made, max(capacity, low)
    return use, made, min(high, capacity) if made > use else low


def motions(
    level: Floats,
    demand: Floats,
    inflow: Floats,
    capacity: Floats,
    around: tuple[Floats, Floats, Floats, Floats, Floats] | None,
) -> tuple[Floats, Floats, Floats]:
    """Do what `motion` does for many cells at once, arrays of one shape; with nothing `around` nobody is rationed."""
    over = level > capacity
    made = np.where(over, 0.0, inflow)
    if around is None:
        use, up, down = demand, capacity, np.zeros(level.size)
    else:
        down, high, higher, share, above = around
        standing = level == high
        use = share * demand
        use = np.where(standing, np.minimum(np.maximum(made, use), above * demand), use)
        up = np.minimum(np.where(standing, higher, high), capacity)
    made = np.where(level == capacity, np.minimum(made, use), made)
    use = np.where(level == 0, np.minimum(use, made), use)
    return use, made, np.where(over, np.maximum(down, capacity), np.where(made > use, up, down))
