"""Names of a scenario looked up in its network, every unknown one noted with the nearest that exists."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from corridor.control import CONTESTED
from corridor.errors import Fault
from corridor.network import PIPELINE, Network
from corridor.scenario.model import Scenario
from corridor.scenario.words import nearest, not_among

__all__ = ["Names", "Where"]

Where = tuple[str | int, ...]
Column = TypeVar("Column")

ENDS = 2
SHORT_LIST = 12


class Names:
    """Look names up and collect a fault for each that is not there; what is not there comes back as None or ()."""

    def __init__(self, scenario: Scenario, network: Network) -> None:
        self.faults: list[Fault] = []
        self.network = network
        self._nodes = network.node_positions()
        self._links = network.link_positions()
        for name, positions in list(self._links.items()):
            self._links.setdefault("-".join(reversed(name.split("-"))), positions)
        self._ends: dict[tuple[int, int], tuple[int, ...]] = {}
        for link, (tail, head) in enumerate(zip(network.tail.tolist(), network.head.tolist(), strict=True)):
            if network.mode[link] != PIPELINE:
                for ends in ((tail, head), (head, tail)):
                    self._ends[ends] = (*self._ends.get(ends, ()), link)
        self._areas = sorted(set(network.area.tolist()) - {""})
        self._actors = {actor: position for position, actor in enumerate(scenario.actors)}
        self._commodities = {name: position for position, name in enumerate(scenario.supply.commodities)}

    def note(self, where: Where, message: str) -> None:
        """Note a fault at `where` in the scenario's file."""
        self.faults.append(Fault(message=message, where=where))

    def unknown(self, where: Where, what: str, name: str, known: Iterable[str]) -> None:
        """Note that `name` is not among the `known` things called `what`."""
        self.note(where, f"unknown {what} '{name}'{_suggestion(name, list(known))}")

    def node(self, name: str, where: Where) -> int | None:
        """Return the position of a node."""
        position = self._nodes.get(name)
        if position is None:
            self.note(where, f"unknown node '{name}'{self._node_suggestion(name)}")
        return position

    def nodes(self, names: Iterable[str], where: Where) -> tuple[int, ...]:
        """Return the positions of several nodes, leaving out unknown ones."""
        found = (self.node(name, (*where, index)) for index, name in enumerate(names))
        return tuple(position for position in found if position is not None)

    def place(self, name: str, where: Where) -> tuple[int, ...]:
        """Return the position of a node, or of every node of an area."""
        if name in self._areas:
            return tuple((self.network.area == name).nonzero()[0].tolist())
        if name not in self._nodes:
            hint = self._node_suggestion(name) or _suggestion(name, self._areas)
            self.note(where, f"unknown place or area '{name}'{hint}")
            return ()
        return (self._nodes[name],)

    def places(self, names: Iterable[str], where: Where) -> tuple[int, ...]:
        """Return the positions of nodes, or of all nodes of areas, leaving out unknown ones; without a name, of all."""
        given = tuple(names)
        found = {node for index, name in enumerate(given) for node in self.place(name, (*where, index))}
        return tuple(sorted(found)) if given else tuple(range(self.network.node_count))

    def areas(self, names: Iterable[str], where: Where) -> tuple[str, ...]:
        """Return which of the named areas of supply the network has."""
        given = tuple(names)
        for index, name in enumerate(given):
            if name not in self._areas:
                self.unknown((*where, index), "area", name, self._areas)
        return tuple(name for name in given if name in self._areas)

    def links(self, names: tuple[str, ...], where: Where) -> tuple[int, ...]:
        """Return the positions of links named by id, or of every road between two nodes named by theirs."""
        if len(names) == ENDS and names[0] not in self._links and names[1] not in self._links:
            ends = (self.node(names[0], (*where, 0)), self.node(names[1], (*where, 1)))
            if ends[0] is None or ends[1] is None:
                return ()
            found = self._ends.get((ends[0], ends[1]), ())
            if not found:
                joined = self._neighbours(ends[0])
                self.note(
                    where, f"no road joins '{names[0]}' and '{names[1]}'; from '{names[0]}' roads lead to {joined}"
                )
            return found
        positions: tuple[int, ...] = ()
        for index, name in enumerate(names):
            if name in self._links:
                positions += self._links[name]
            else:
                self.unknown((*where, index), "link", name, self._links)
        return positions

    def actor(self, name: str, where: Where, *, nobody: str = "") -> int | None:
        """Return the position of an actor; `nobody` is the word that stands for CONTESTED here, if any does."""
        if nobody and name == nobody:
            return CONTESTED
        if name not in self._actors:
            self.unknown(where, "actor", name, [*self._actors, *([nobody] if nobody else [])])
        return self._actors.get(name)

    def commodity(self, name: str, where: Where) -> int | None:
        """Return the position of a commodity among those of the scenario."""
        if name not in self._commodities:
            self.note(where, not_among(name, self._commodities))
        return self._commodities.get(name)

    def commodities(self, names: Iterable[str], where: Where) -> tuple[int, ...]:
        """Return the positions of several commodities, leaving out unknown ones."""
        found = (self.commodity(name, (*where, index)) for index, name in enumerate(names))
        return tuple(position for position in found if position is not None)

    def column(self, columns: Mapping[str, Column], name: str, where: Where) -> Column | None:
        """Return a dated column of the network's tables."""
        if name not in columns:
            hint = _suggestion(name, list(columns), among="its columns are")
            self.note(where, f"network '{self.network.name}' has no column '{name}'{hint}")
        return columns.get(name)

    def _node_suggestion(self, name: str) -> str:
        spelled = self._spellings()
        exact = spelled.get(name.lower(), name)
        if exact.lower() != name.lower():
            return f"; did you mean '{exact}' (also spelled so)?"
        near = nearest(name, spelled)
        if not near:
            return ""
        alias = "" if spelled[near].lower() == near else f" (alias: {near})"
        return f"; did you mean '{spelled[near]}'{alias}?"

    def _spellings(self) -> dict[str, str]:
        """Return which node each id, alias or name (in lower case) means, the first if several share it."""
        network = self.network
        spelled = {node.lower(): node for node in self._nodes} | dict(network.aliases)
        for names in (network.node_name_ar.tolist(), network.node_name.tolist()):
            for written, node in zip(names, network.node_id.tolist(), strict=True):
                if written:
                    spelled.setdefault(written.lower(), node)
        return spelled

    def _neighbours(self, node: int) -> str:
        heads = self.network.head[(self.network.tail == node) & (self.network.mode != PIPELINE)]
        return ", ".join(self.network.node_id[heads].tolist()) or "nowhere"


def _suggestion(name: str, known: list[str], *, among: str = "there is") -> str:
    near = nearest(name, known)
    if near:
        return f"; did you mean '{near}'?"
    return f"; {among} {', '.join(known)}" if 0 < len(known) <= SHORT_LIST else ""
