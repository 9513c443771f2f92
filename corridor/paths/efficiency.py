"""How well people reach each other, against how well they could."""

import numpy as np

from corridor.network import Floats

__all__ = ["efficiency"]


def efficiency(hours: Floats, ideal: Floats, persons: Floats) -> float:
    r"""Return how well people reach each other, against how well they could: 1 as well as can be, 0 not at all.

    .. math:: E = \frac{\sum_{i \ne j} p_i p_j\, t^*_{ij} / t_{ij}}{\sum_{i \ne j} p_i p_j}

    This is the global efficiency of Latora and Marchiori [1]_, the mean of :math:`1/t_{ij}` over all pairs, with each
    pair taken relative to its ideal :math:`1/t^*_{ij}` and weighted by the demand between its ends, for which the
    product of the people stands. A pair without a way counts 0, one without an ideal way is left out.

    Parameters
    ----------
    hours
        Travel time between p places, shape (p, p); `inf` where there is no way.
    ideal
        The same if every road were open, shape (p, p), nowhere longer.
    persons
        The people of each place, shape (p,).

    Returns
    -------
        The efficiency; nan where no two places have people.

    References
    ----------
    .. [1] V. Latora, M. Marchiori, "Efficient behavior of small-world networks", Phys. Rev. Lett. 87, 198701, 2001.
    """
    possible = np.isfinite(ideal)
    pairs = np.outer(persons, persons) * possible
    np.fill_diagonal(pairs, 0.0)
    total = pairs.sum()
    if total == 0:
        return float("nan")
    ratio = np.ones_like(hours)
    np.divide(ideal, hours, out=ratio, where=possible & (hours > 0))
    return float((pairs * ratio).sum() / total)
