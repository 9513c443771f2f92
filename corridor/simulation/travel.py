"""Where each actor can drive with each commodity in the epoch that holds."""

from corridor.control import Epoch
from corridor.simulation.atlas import Atlas, Group, Ways

__all__ = ["Travel"]


class Travel:
    """Look things up in an atlas for the epoch that holds."""

    def __init__(self, atlas: Atlas, epoch: Epoch) -> None:
        self._atlas = atlas
        self.epoch = epoch
        self._ways: dict[Group, Ways] = {}
        self.route, self.route_home, self.back = atlas.route, atlas.route_home, atlas.back

    def switch(self, epoch: Epoch) -> dict[Group, Ways]:
        """Let `epoch` hold from now on; return the ways asked for in the epoch before."""
        before, self._ways, self.epoch = self._ways, {}, epoch
        return before

    def group(self, actor: int, commodity: int) -> Group:
        """Return the group that a convoy of an actor with a commodity drives in."""
        return actor, self._atlas.vehicle[commodity], commodity if actor in self._atlas.narrow else None

    def of(self, group: Group) -> Ways:
        """Return the ways of a group in the epoch that holds."""
        ways = self._ways.get(group)
        if ways is None:
            ways = self._ways[group] = self._atlas.ways(self.epoch, group)
        return ways

    def out_of(self, group: Group, node: int) -> Ways:
        """Return the ways of a group that may be in `node` although it is no longer enterable."""
        return self._atlas.ways(self.epoch, group, besides=node)

    def commanded(self, group: Group, link: int) -> bool:
        """Return whether a place that `link` passes is held so that the group may not pass it."""
        return self._atlas.commanded(self.of(group).nodes, link)

    def leads_out(self, group: Group, link: int) -> bool:
        """Return whether a convoy on a link can go on to its head, be the tail lost or not."""
        is_open = self.epoch.share[group[1], link] > 0
        return bool(is_open and self.of(group).nodes[self._atlas.head(link)] and not self.commanded(group, link))
