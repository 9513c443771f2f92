"""By what means goods were made and moved: sources, who could drive which road with what, which pipelines worked."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from corridor.case import Case
from corridor.control import CONTESTED, Epoch, pumping_share
from corridor.ensemble.variables import Variables, labelled, texts
from corridor.network import Mask

__all__ = ["means_variables"]

Right = tuple[int, int, int | None]
"""Who may drive alike: actor, vehicle class, and commodity where a passage of that actor is for some only."""


def means_variables(case: Case, epochs: Sequence[Epoch]) -> Variables:
    """Return the variables with the dimensions source, rate_change and right, and which pipelines worked.

    Parameters
    ----------
    epochs
        The epochs that are reported.
    """
    return {**_source_variables(case), **_road_variables(case, epochs), **_pipe_variables(case, epochs)}


def _source_variables(case: Case) -> Variables:
    sources, changes = case.supply.sources, case.supply.rate_changes
    return {
        "source_id": labelled("source", texts([source.id for source in sources])),
        "source_node": labelled("source", _positions([source.node for source in sources]), "", "position of the node"),
        "source_commodity": labelled("source", _positions([source.commodity for source in sources]), "", "-1 none"),
        "source_feed": labelled("source", _positions([source.feed for source in sources]), "", "commodity, -1 none"),
        "source_rate": labelled("source", [source.rate for source in sources], "tonnes/h", "put out at full rate"),
        "source_start": labelled("source", [source.start for source in sources], "h", "works from"),
        "source_end": labelled("source", [source.end for source in sources], "h", "works until"),
        "rate_change_time": labelled("rate_change", [change.time for change in changes], "h"),
        "rate_change_source": labelled("rate_change", _positions([change.source for change in changes])),
        "rate_change_share": labelled("rate_change", [change.share for change in changes], "1", "of its rate"),
        "rate_change_event": labelled("rate_change", texts([change.event for change in changes])),
    }


def _road_variables(case: Case, epochs: Sequence[Epoch]) -> Variables:
    """Return which links each right to drive was good for, and who had which right."""
    narrow = case.timeline.narrow
    rights: dict[Right, int] = {}
    right_of = np.full((len(case.actors), len(case.supply.commodities)), -1, dtype=np.intp)
    for actor in _actors(case, epochs):
        for commodity, vehicle in enumerate(case.supply.vehicle.tolist()):
            if vehicle >= 0:
                right = actor, vehicle, commodity if actor in narrow else None
                right_of[actor, commodity] = rights.setdefault(right, len(rights))
    drivable = np.array([[_drivable(case, epoch, right) for right in rights] for epoch in epochs], dtype=np.bool_)
    shape = len(epochs), len(rights), case.network.link_count
    return {
        "right": labelled(("actor", "commodity"), right_of, "", "position in drivable, -1 none"),
        "drivable": labelled(("epoch", "right", "link"), drivable.reshape(shape), "", "roads that can be driven"),
    }


def _actors(case: Case, epochs: Sequence[Epoch]) -> list[int]:
    """Return the actors that ever hold a place which has to do with supply."""
    supplied = (case.supply.tier >= 0).any(axis=1)
    held = {holder for epoch in epochs for holder in epoch.holder[supplied].tolist()}
    return sorted(held - {CONTESTED})


def _drivable(case: Case, epoch: Epoch, right: Right) -> Mask:
    actor, vehicle, commodity = right
    return case.drivable(epoch, actor, commodity=commodity, vehicle=vehicle)


def _pipe_variables(case: Case, epochs: Sequence[Epoch]) -> Variables:
    works = np.zeros((len(epochs), case.network.link_count), dtype=np.bool_)
    for pipe in case.supply.pipes:
        for row, epoch in enumerate(epochs):
            works[row, pipe.link] = pumping_share(case.network, epoch, pipe.link, across=pipe.across) > 0
    return {"pumpable": labelled(("epoch", "link"), works, "", "pipelines that work")}


def _positions(values: Sequence[int]) -> NDArray[np.intp]:
    return np.array(values, dtype=np.intp)
