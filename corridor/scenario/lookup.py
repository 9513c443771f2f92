"""What stands where in a scenario's tree, and faults placed there, for checks that run before anything is validated."""

from collections.abc import Iterator
from datetime import datetime

from corridor.errors import Fault
from corridor.scenario.shapes import members
from corridor.scenario.tree import Key, Node, Where
from corridor.scenario.values import read_instant
from corridor.scenario.words import meant

__all__ = ["check_once", "check_order", "fault", "fields", "has", "instant", "items", "line_of", "number", "texts"]


def items(root: Node, *where: Key) -> list[Node]:
    """Return the items of the list that `where` leads to; of anything else, none."""
    found = root.get(*where)
    return found.items() if found else []


def fields(root: Node, *where: Key) -> list[str]:
    """Return the keys of the mapping that `where` leads to; of anything else, none."""
    found = root.get(*where)
    return list(found.fields()) if found else []


def has(node: Node, key: str, owner: type) -> bool:
    """Return whether a mapping read as the dataclass `owner` says anything under `key`, or was meant to."""
    if key in node.fields() or key in node.gone:
        return True
    left = [name for name in members(owner) if name not in node.fields()]
    return any(meant(name, left) == key for name in node.fields() if name not in members(owner))


def texts(node: Node, key: str) -> tuple[str, ...]:
    """Return the names under `key`, one or a list of them."""
    found = node.get(key)
    listed = [] if found is None else found.items() if isinstance(found.value, list) else [found]
    return tuple(item.value for item in listed if isinstance(item.value, str))


def number(node: Node, *where: Key) -> float | None:
    """Return the number that `where` leads to, None if there is none."""
    found = node.get(*where)
    value = found.value if found else None
    return None if isinstance(value, bool) or not isinstance(value, int | float) else float(value)


def instant(root: Node, *where: Key) -> datetime | None:
    """Return the instant that `where` leads to, None if there is none."""
    try:
        return read_instant(root.text(*where))
    except ValueError:
        return None


def line_of(root: Node, where: Where) -> str:
    """Return file and line of what `where` leads to, as a sentence names them."""
    spot = root.spot_of(where)
    return f"{spot.file}:{spot.line}"


def fault(root: Node, where: Where, message: str, *, at_key: bool = False) -> Fault:
    """Return a fault at the value that `where` leads to, or at its key."""
    spot = root.spot_of(where, at_key=at_key)
    return Fault(message=message, where=where, file=spot.file, line=spot.line, column=spot.column)


def check_order(root: Node, where: Where, early: str, late: str, *, strictly: bool = False) -> Iterator[Fault]:
    """Yield a fault if of two instants of a mapping the one that should be later is not."""
    first, second = instant(root, *where, early), instant(root, *where, late)
    if first and second and (second < first or (strictly and second == first)):
        relation = "is not after" if strictly else "is before"
        message = f"{late}: {root.text(*where, late)} {relation} {early} {root.text(*where, early)}"
        yield fault(root, (*where, late), message)


def check_once(root: Node, where: Where, key: str, remedy: str) -> Iterator[Fault]:
    """Yield a fault for each name in the list at `where` that stood there before.

    The names are the items themselves, or what they say under `key` if it is given.
    """
    first: set[str] = set()
    way = (key,) if key else ()
    for index, item in enumerate(items(root, *where)):
        name = item.text(*way)
        if name in first:
            yield fault(root, (*where, index, *way), f"{where[-1]}: '{name}' stands twice; {remedy}")
        elif name:
            first.add(name)
