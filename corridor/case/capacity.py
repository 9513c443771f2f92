"""What an actor can drive in an epoch, in vehicles a day: over each road, and through each gate of passage."""

from dataclasses import dataclass

import numpy as np

from corridor.case.goods import HOURS_A_DAY
from corridor.case.model import Case
from corridor.control import Epoch, Passage, governing
from corridor.network import Floats, Ints

__all__ = ["Capacity", "Gateway", "capacity"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Gateway:
    """Say what a gate of passage lets into `node` (position): `vehicles` a day (`inf`: any number) over all of `links`.

    `links` (positions) are those that lead there from outside the rule; `through` is who holds the node (-1:
    contested). Who begins to drive at the node, or comes there from another node under the same rule, passes no gate.
    """

    node: int
    through: int
    vehicles: float
    links: Ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Capacity:
    """Hold what an actor can drive: vehicles a day over each `links` (m,), 0 where it cannot, and its `gates`."""

    links: Floats
    gates: tuple[Gateway, ...]


def capacity(
    case: Case, epoch: Epoch, actor: int, *, commodity: int | None = None, vehicle: int | None = None
) -> Capacity:
    """Return how many vehicles a day `actor` can drive over each link and through each gate in `epoch`.

    A link that the actor can drive (see `Case.drivable`) takes its capacity, vehicles an hour, times the open share,
    the largest over the vehicle classes unless a class is asked for, by day and by night. The convoys of a run file
    over a reduced road at the same rate. A gate lets through the rate of its servers together while it is open, over
    the share that is inspected; like that of a run it stands where a link leads under its rule from outside it, and
    all links that lead to one node share it.

    Parameters
    ----------
    case, epoch, actor
        Whose way when; `actor` a position.
    commodity
        With what (position): rules narrowed to commodities hold for those alone. None: with nothing in particular.
    vehicle
        In which class of vehicle (position); None: in any.
    """
    network = case.network
    drivable = case.drivable(epoch, actor, commodity=commodity, vehicle=vehicle)
    share = epoch.share.max(axis=0, initial=0.0) if vehicle is None else epoch.share[vehicle]
    daily = np.where(drivable, network.capacity * share * HOURS_A_DAY, 0.0)
    rule = governing(epoch, actor, commodity=commodity)
    entering = drivable & (rule[network.head] >= 0) & (rule[network.head] != rule[network.tail])
    gates = []
    for node in np.unique(network.head[entering]).tolist():
        passage = epoch.passage[int(rule[node])]
        if passage.mode == "gate":
            links = np.flatnonzero(entering & (network.head == node))
            gates.append(Gateway(node=node, through=passage.through, vehicles=_let_through(passage), links=links))
    return Capacity(links=daily, gates=tuple(gates))


def _let_through(gate: Passage) -> float:
    """Return the vehicles that a gate lets through a day on average, one after another at each server."""
    if gate.inspected == 0:
        return float("inf")
    return gate.rate * gate.servers * (gate.closes - gate.opens) / gate.inspected
