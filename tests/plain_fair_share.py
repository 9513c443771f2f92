"""Fair share as it was first written, with arrays and group by group: what the fast one is held against."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from corridor.policies import Order, Situation

__all__ = ["plain_fair_share"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
GRAM, WEEK = 1e-6, 168.0


def plain_fair_share(situation: Situation) -> list[Order]:
    """Return the orders of fair share, to the last bit."""
    left, position = situation.available.copy(), situation.position.copy()
    use = np.where(situation.demand > 0, situation.demand, np.maximum(situation.target, GRAM) / WEEK)
    reached = np.isfinite(situation.hours)
    sent: dict[tuple[int, int], float] = {}
    shared = True
    while shared:
        shared = False
        usable = reached & (left > GRAM)[:, None] & (situation.target - position > GRAM)
        for suppliers, places in _groups(usable):
            wanted = _level_wants(left[suppliers].sum(), position[places], situation.target[places], use[places])
            for supplier, place, tonnes in _nearest_pairs(situation.hours, suppliers, places, left, wanted):
                sent[supplier, place] = sent.get((supplier, place), 0.0) + tonnes
                position[place] += tonnes
                shared = True
    return [Order(supplier, place, tonnes) for (supplier, place), tonnes in sent.items()]


def _groups(usable: NDArray[np.bool_]) -> Iterator[tuple[Ints, Ints]]:
    todo = usable.any(axis=1)
    while todo.any():
        places = usable[todo.argmax()]
        while True:
            suppliers = (usable & places).any(axis=1)
            joined = usable[suppliers].any(axis=0)
            if (joined == places).all():
                break
            places = joined
        yield suppliers.nonzero()[0], places.nonzero()[0]
        todo &= ~suppliers


def _level_wants(supply: float, position: Floats, target: Floats, use: Floats) -> Floats:
    wanted = target - position
    if wanted.sum() <= supply:
        return wanted
    kinks = np.concatenate((position / use, target / use))
    order = np.argsort(kinks, kind="stable")
    kinks = kinks[order]
    slope = np.cumsum(np.concatenate((use, -use))[order])[:-1]
    needed = np.concatenate(([0.0], np.cumsum(slope * np.diff(kinks))))
    last = min(max(0, int(np.searchsorted(needed, supply, side="right")) - 1), slope.size - 1)
    level = min(kinks[last] + (supply - needed[last]) / slope[last], kinks[last + 1])
    raised: Floats = np.clip(level * use - position, 0.0, wanted)
    return raised


def _nearest_pairs(
    hours: Floats, suppliers: Ints, places: Ints, left: Floats, wanted: Floats
) -> Iterator[tuple[int, int, float]]:
    block = hours[suppliers[:, None], places]
    reached = np.isfinite(block)
    rows, columns = (reached & (wanted > GRAM)).nonzero()
    turn = np.lexsort((block[rows, columns], reached.sum(axis=0)[columns]))
    wants = wanted.tolist()
    for row, column in zip(rows[turn].tolist(), columns[turn].tolist(), strict=True):
        supplier = suppliers[row].item()
        tonnes = min(wants[column], left[supplier].item())
        if tonnes > GRAM:
            left[supplier] -= tonnes
            wants[column] -= tonnes
            yield supplier, places[column].item(), tonnes
