"""Which sources of a commodity are at work when."""

import numpy as np

from corridor.case.model import Case, Source
from corridor.control import Epoch
from corridor.network import Ints

__all__ = ["source_nodes"]


def source_nodes(case: Case, epoch: Epoch, commodity: int) -> Ints:
    """Return the nodes (positions) where a source of `commodity` is at work at some time in `epoch`."""
    found = {
        source.node
        for position, source in enumerate(case.supply.sources)
        if source.commodity == commodity and source.rate > 0 and _at_work(case, epoch, position, source)
    }
    return np.array(sorted(found), dtype=np.intp)


def _at_work(case: Case, epoch: Epoch, position: int, source: Source) -> bool:
    """Return whether a source gives anything between the beginning and the end of `epoch`."""
    changes = sorted((change.time, change.share) for change in case.supply.rate_changes if change.source == position)
    begins = [-np.inf, *(time for time, _ in changes)]
    ends = [*begins[1:], np.inf]
    shares = [1.0, *(share for _, share in changes)]
    return any(
        share > 0 and max(begin, source.start, epoch.start) < min(end, source.end, epoch.end)
        for begin, end, share in zip(begins, ends, shares, strict=True)
    )
