"""Values of a scenario with the place in a file that each was read from."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Key", "Node", "Scalar", "Spot", "Where"]

Key = str | int
Where = tuple[Key, ...]
Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """A place in a file; line and column are counted from 1, and 0 where there is none."""

    file: str
    line: int = 0
    column: int = 0


@dataclass(slots=True)
class Node:
    """A value, a list or a mapping, where it stands, and what was taken out of it because it was faulty.

    `keys` says where each key of a mapping stands (of a table's row: where each column stands, empty cells too);
    `gone` holds the keys that were taken out, so that nobody is told that they are missing; `dropped` marks a node
    that was itself taken out.
    """

    value: "Scalar | list[Node] | dict[str, Node]"
    spot: Spot
    keys: dict[str, Spot] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    dropped: bool = False

    def items(self) -> "list[Node]":
        """Return the items of a list that were not dropped; of anything else, none."""
        return [item for item in self.value if not item.dropped] if isinstance(self.value, list) else []

    def fields(self) -> "dict[str, Node]":
        """Return the entries of a mapping that were not dropped; of anything else, none."""
        if not isinstance(self.value, dict):
            return {}
        return {key: child for key, child in self.value.items() if not child.dropped}

    def get(self, *where: Key) -> "Node | None":
        """Return the node that `where` leads to, None if there is none."""
        chain = self.follow(where)
        return chain[-1] if len(chain) == len(where) + 1 else None

    def text(self, *where: Key) -> str:
        """Return the text that `where` leads to, empty if there is none."""
        found = self.get(*where)
        return found.value if found is not None and isinstance(found.value, str) else ""

    def follow(self, where: Where) -> "list[Node]":
        """Return this node and those along `where`, as far as they exist."""
        chain = [self]
        for key in where:
            child = _child(chain[-1], key)
            if child is None:
                break
            chain.append(child)
        return chain

    def drop(self, key: str) -> None:
        """Take an entry out of a mapping."""
        if isinstance(self.value, dict) and key in self.value:
            self.value[key].dropped = True
        self.gone.add(key)

    def pop(self, key: str) -> "Node | None":
        """Take an entry out of a mapping as if it had never been there, and return it."""
        self.keys.pop(key, None)
        return self.value.pop(key, None) if isinstance(self.value, dict) else None

    def put(self, key: str, node: "Node", spot: Spot) -> None:
        """Put an entry into a mapping, its key standing at `spot`."""
        if isinstance(self.value, dict):
            self.value[key] = node
            self.keys[key] = spot

    def plain(self) -> Any:  # noqa: ANN401 (lists and dictionaries of scalars, as JSON has them)
        """Return the value without positions."""
        if isinstance(self.value, dict):
            return {key: child.plain() for key, child in self.value.items() if not child.dropped}
        if isinstance(self.value, list):
            return [child.plain() for child in self.value if not child.dropped]
        return self.value

    def walk(self, where: Where = ()) -> "Iterator[tuple[Where, Node]]":
        """Yield this node and all below it, each with the way to it."""
        yield where, self
        for key, child in self.fields().items():
            yield from child.walk((*where, key))
        for index, child in enumerate(self.items()):
            yield from child.walk((*where, index))

    def spot_of(self, where: Where, *, at_key: bool = False) -> Spot:
        """Return where the value that `where` leads to stands, or its key, or else the nearest thing above it."""
        chain = self.follow(where)
        if where and len(chain) >= len(where) and isinstance(where[-1], str):
            owner = chain[len(where) - 1]
            if (at_key or len(chain) == len(where)) and where[-1] in owner.keys:
                return owner.keys[where[-1]]
        return chain[-1].spot


def _child(node: Node, key: Key) -> Node | None:
    if isinstance(node.value, dict):
        child = node.value.get(str(key))
        return None if child is None or child.dropped else child
    if isinstance(node.value, list) and isinstance(key, int):
        # What was dropped is noted in `gone`: a long list is not gone through for every look at it.
        items = node.items() if node.gone else node.value
        return items[key] if 0 <= key < len(items) else None
    return None
