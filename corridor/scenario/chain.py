"""The files of a scenario put together: base under what-if, event tables into events, settings on top."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from corridor.errors import Fault
from corridor.scenario.files import Files
from corridor.scenario.model import Scenario
from corridor.scenario.shapes import members, policies
from corridor.scenario.tables import parse_table
from corridor.scenario.tree import Node, Spot
from corridor.scenario.words import did_you_mean, found
from corridor.scenario.yamltext import parse_yaml, scalar

__all__ = ["Joined", "join"]

YAML_MEGABYTES, TABLE_MEGABYTES = 1, 5
NOT_INHERITED = ("name", "title", "why", "expect")
"""What a what-if says for itself or not at all: what a base expects is what may become false."""


@dataclass(slots=True)
class Joined:
    """A scenario put together from its files, and what was wrong on the way.

    `may_lie_outside` are the events of tables read with ``outside: skip``, and of bases with another time; `whole` is
    false when a file is missing from it, so that nobody is told of what may well be there.
    """

    root: Node | None = None
    faults: list[Fault] = field(default_factory=list)
    may_lie_outside: list[Node] = field(default_factory=list)
    tables: dict[str, Spot] = field(default_factory=dict)
    whole: bool = True

    def note(self, spot: Spot, message: str) -> None:
        """Note a fault."""
        self.faults.append(Fault(message=message, file=spot.file, line=spot.line, column=spot.column))

    def skip_outside(self) -> tuple[str, ...]:
        """Return the ids of the events, of those still there, that may lie outside the scenario's time."""
        events = self.root.get("events") if self.root else None
        marked = {id(event) for event in self.may_lie_outside}
        return tuple(event.text("id") for event in (events.items() if events else []) if id(event) in marked)


def join(path: str, settings: Mapping[str, str], files: Files) -> Joined:
    """Return the scenario at `path` on its bases, with `settings` (dotted keys, values as YAML writes them).

    A file with a `base` is laid over it: mappings key by key, single values and lists as a whole, but for `events`,
    which are added after those of the base that `without` does not name. A policy of another kind takes over
    from the base what both kinds have. With another `start` or `end` the base's events may lie outside, and its maps
    are not taken over; `name`, `title`, `why` and `expect` never are. Paths are seen from the file they stand in.
    """
    joined = Joined()
    roots = _read_chain(path, files, joined)
    for root in reversed(roots):
        _read_tables(root, files, joined)
        without = root.pop("without")
        if joined.root is None:
            if without and joined.whole:
                joined.note(without.spot, "'without' leaves out events of a base, but no 'base' is given")
            joined.root = root
        else:
            _let_lie_outside(joined.root, root, joined)
            joined.root = _lay_over(joined.root, root, _leave_out(joined.root, without, joined))
    if joined.root is None:
        return joined
    for key, text in sorted(settings.items()):
        files.add(f"{key}={text}".encode(errors="replace"))
        _set(joined.root, key, text, joined)
    return joined


def _read_chain(path: str, files: Files, joined: Joined) -> list[Node]:
    """Return the mapping in each file: the scenario, its base, the base's base, and so on."""
    roots: list[Node] = []
    names: list[str] = []
    base = Node(path, Spot(path))
    while True:
        real = _real(path)
        if real in names:
            way = " → ".join(Path(name).name for name in [*names[names.index(real) :], real])
            joined.note(base.spot, f"base: the bases lead back to where they began ({way})")
            break
        names.append(real)
        root = _read_file(path, base, files, joined)
        if root is None:
            break
        roots.append(root)
        written = root.pop("base")
        if written is None:
            return roots
        base = written
        if not isinstance(base.value, str) or not base.value:
            joined.note(base.spot, f"base: found {found(base.value)} where the name of a file is expected")
            break
        path = _beside(path, base.value)
    joined.whole = False
    if roots:
        roots[-1].gone.update(members(Scenario))
    return roots


def _read_file(path: str, base: Node, files: Files, joined: Joined) -> Node | None:
    text = files.read(path, megabytes=YAML_MEGABYTES)
    if isinstance(text, Fault):
        if text.line or not base.spot.line:
            joined.faults.append(text)
        else:
            joined.note(base.spot, f"base '{base.value}': {text.message}")
        return None
    root, faults = parse_yaml(text, path)
    joined.faults += faults
    return root


def _real(path: str) -> str:
    try:
        return os.path.realpath(path)
    except (OSError, ValueError):
        return path


def _beside(path: str, name: str) -> str:
    return os.path.normpath(Path(path).parent / name)


def _read_tables(root: Node, files: Files, joined: Joined) -> None:
    """Put in place of each table among the events of one file the events that it holds."""
    events = root.get("events")
    if events is None or not isinstance(events.value, list):
        return
    flat: list[Node] = []
    for item in events.value:
        if isinstance(item.value, str):
            flat += _read_table(root, item, files, joined)
        elif "table" in item.fields():
            name, skip = item.fields()["table"], _says_skip(item, joined)
            rows = _read_table(root, name, files, joined)
            joined.may_lie_outside += rows if skip else []
            flat += rows
        else:
            flat.append(item)
    events.value = flat


def _says_skip(item: Node, joined: Joined) -> bool:
    for key in item.fields():
        if key not in {"table", "outside"}:
            hint = did_you_mean(key, ["outside"], otherwise="with a table there could be")
            joined.note(item.keys[key], f"unknown key '{key}'{hint}")
    outside = item.get("outside")
    if outside is not None and outside.value != "skip":
        joined.note(outside.spot, f"outside: {found(outside.value)} is not 'skip'")
    return outside is not None


def _read_table(root: Node, name: Node, files: Files, joined: Joined) -> list[Node]:
    if not isinstance(name.value, str) or not name.value.lower().endswith(".csv"):
        joined.note(
            name.spot, f"events: {found(name.value)} is neither an event nor a table; the name of a table ends in .csv"
        )
        joined.whole = False
        return []
    path = _beside(root.spot.file, name.value)
    real = _real(path)
    if real in joined.tables:
        first = joined.tables[real]
        joined.note(name.spot, f"events: table '{name.value}' is already read at {first.file}:{first.line}")
        return []
    joined.tables[real] = name.spot
    text = files.read(path, megabytes=TABLE_MEGABYTES)
    if isinstance(text, Fault):
        joined.whole = False
        if text.line:
            joined.faults.append(text)
        else:
            joined.note(name.spot, f"events: table '{name.value}': {text.message}")
        return []
    rows, faults = parse_table(text, path)
    joined.faults += faults
    joined.whole &= not faults
    return rows


def _let_lie_outside(base: Node, top: Node, joined: Joined) -> None:
    """Let the base's events lie outside the time of a what-if that gives its own, which takes no maps over then."""
    if not top.fields().keys() & {"start", "end"}:
        return
    events, show = base.get("events"), base.get("show")
    joined.may_lie_outside += events.items() if events else []
    if show is not None:
        show.pop("maps")


def _leave_out(base: Node, without: Node | None, joined: Joined) -> set[str]:
    """Return the ids of the base's events that a what-if leaves out."""
    if without is None:
        return set()
    if not isinstance(without.value, list):
        joined.note(without.spot, f"without: found {found(without.value)} where a list of event ids is expected")
        return set()
    events, expected = (_ids(base, table) for table in ("events", "expect"))
    for node in without.items():
        name = node.value if isinstance(node.value, str) else ""
        if not name:
            joined.note(node.spot, f"without: found {found(node.value)} where the id of an event is expected")
        elif name in expected and name not in events:
            joined.note(node.spot, f"without: '{name}' is an expectation of the base; those are not taken over anyway")
        elif name not in events and joined.whole:
            joined.note(node.spot, f"without: the base has no event '{name}'{did_you_mean(name, events)}")
    return {str(node.value) for node in without.items()}


def _ids(root: Node, table: str) -> list[str]:
    found_there = root.get(table)
    return [item.text("id") for item in found_there.items() if item.text("id")] if found_there else []


def _lay_over(base: Node, top: Node, left_out: set[str]) -> Node:
    """Return a what-if on its base: events are added up, what only the base says of itself is not taken over."""
    listed = base.keys.get("events", base.spot)
    events = base.pop("events")
    for key in NOT_INHERITED:
        base.pop(key)
    if events is not None and isinstance(events.value, list):
        events.value = [event for event in events.value if event.text("id") not in left_out]
        added = top.get("events")
        if added is None:
            top.put("events", events, listed)
        elif isinstance(added.value, list):
            added.value = [*events.value, *added.value]
    return _merged(base, top)


def _merged(base: Node, top: Node) -> Node:
    """Return two mappings as one, key by key; anything else is replaced."""
    if not isinstance(base.value, dict) or not isinstance(top.value, dict):
        return top
    _leave_kind(base, top.text("kind"))
    both = {key: _merged(base.value[key], child) for key, child in top.value.items() if key in base.value}
    return Node({**base.value, **top.value, **both}, top.spot, {**base.keys, **top.keys}, base.gone | top.gone)


def _leave_kind(policy: Node, kind: str) -> None:
    """Take out of a base's policy what only its own kind has, where it is to be of another `kind`."""
    before, after = (policies().get(name) for name in (policy.text("kind"), kind))
    if before and after:
        for key in members(before).keys() - members(after).keys():
            policy.pop(key)


def _set(root: Node, key: str, text: str, joined: Joined) -> None:
    """Set one value by its dotted key."""
    spot = Spot(f"--set {key}")
    *above, last = parts = key.split(".")
    owner = root
    for part in above if all(parts) else ():
        child = owner.get(part)
        if child is None:
            child = Node({}, spot)
            owner.put(part, child, spot)
        owner = child
    old = owner.get(last)
    if not isinstance(owner.value, dict) or not all(parts):
        joined.note(spot, "there is no such key; write keys with dots between them, such as supply.policy.review_hours")
    elif not above and last in {"base", "without"}:
        joined.note(spot, f"'{last}' cannot be set from outside; write it in a file")
    elif old is not None and isinstance(old.value, list | dict):
        joined.note(spot, f"'{last}' holds more than one value; only single values can be set")
    else:
        value = _value(text, spot)
        if above == ["supply", "policy"] and last == "kind":
            _leave_kind(owner, value.text())
        owner.put(last, value, spot)


def _value(text: str, spot: Spot) -> Node:
    if text[:1] in {"'", '"'}:
        root, faults = parse_yaml(f"value: {text}", spot.file)
        quoted = root.get("value") if root and not faults else None
        return Node(quoted.value if quoted else text, spot)
    return Node(scalar(text), spot)
