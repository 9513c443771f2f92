"""YAML text as a tree of values with their positions; whatever is not plain YAML 1.2 is a fault, never a traceback."""

import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from corridor.errors import Fault
from corridor.scenario.tree import Node, Scalar, Spot

__all__ = ["parse_yaml", "scalar"]

DEPTH = 30
"""How deep lists and mappings may stand in each other; a scenario needs six levels."""
DIGITS = 18
"""Longer whole numbers stay text: nothing here is counted so far."""
INTEGER = re.compile(r"[-+]?[0-9]+", flags=re.ASCII)
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,2})?", flags=re.ASCII)
WORDS: dict[str, Scalar] = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
WORDS |= dict.fromkeys(("true", "True", "TRUE"), True) | dict.fromkeys(("false", "False", "FALSE"), False)

CUT_OFF = re.compile(r"([A-Za-z_]+):[ ]+(#[0-9A-Fa-f]{3,8})\b")
"""A value that looks like a colour and is a comment."""

BRACKET = ("opened by", "a bracket opened")
"""What a fault says where a bracket is not closed, as it should be after the value that became a comment."""
NEVER_CLOSED = "never closed"
NO_KEY = "this is no 'key: value' line"
EXPLAINED = (
    ("mapping values are not allowed", "a ':' where none can stand; put a text that has ': ' in it in quotes"),
    ("sequence entries are not allowed", "a '-' where none can stand; begin the list on the next line"),
    ("mapping keys are not allowed", "a '?' where none can stand; put the text in quotes"),
    ("could not find expected ':'", NO_KEY),
    ("expected <block end>", "this does not fit what stands before it; look at indentation and quotes"),
    ("got '<stream end>'", f"a bracket opened here is {NEVER_CLOSED}"),
    ("expected ',' or ']'", "a list opened by '[' goes wrong here; expected ',' or ']'"),
    ("expected ',' or '}'", "a mapping opened by '{' goes wrong here; expected ',' or '}'"),
    ("unknown escape character", "a backslash in double quotes stands before a character it cannot; use single quotes"),
    (
        "while scanning a double-quoted scalar expected escape",
        "a backslash in double quotes goes wrong; use single quotes",
    ),
    ("while scanning a quoted scalar", f"a quote opened here is {NEVER_CLOSED}"),
    ("'\\t'", "a tab stands here; use spaces"),
    ("cannot start any token", "this character cannot begin a value; put the value in quotes"),
    ("while scanning a block scalar", "after '|' or '>' the text begins on the next line"),
    ("while scanning an anchor", "anchors (&) and aliases (*) are not used here; write the value out"),
    ("while scanning an alias", "anchors (&) and aliases (*) are not used here; write the value out"),
    ("while scanning a tag", "tags (!) are not used here; leave it out"),
    ("directive", "a directive ('%') stands at the top; leave it out"),
    ("incompatible YAML document", "a directive ('%') stands at the top; leave it out"),
    ("expected the node content", "a value is missing here"),
    ("expected '<document start>'", "this does not fit what stands before it; look at the indentation"),
)
"""What the parser says, or a piece of it, and what is said here."""


class _Unreadable(Exception):  # noqa: N818 (not an error of the program)
    """The text cannot be read on from here."""

    def __init__(self, message: str, spot: Spot) -> None:
        super().__init__(message)
        self.fault = Fault(message=message, file=spot.file, line=spot.line, column=spot.column)


def parse_yaml(text: str, file: str) -> tuple[Node | None, list[Fault]]:
    """Return the mapping that `text` holds, None if it cannot be read, and what is wrong with it."""
    reader = _Reader(file)
    try:
        root = reader.read(text)
    except _Unreadable as stop:
        unclosed = any(piece in stop.fault.message for piece in BRACKET)
        return None, [*reader.faults, *((unclosed and list(_cut_off(text, file))) or [stop.fault])]
    return root, reader.faults


def scalar(text: str) -> Scalar:
    """Return what a plain (unquoted) scalar means in YAML 1.2: nothing, true, false, a number or else the text.

    >>> [scalar(text) for text in ("no", "12:30", "1e3", "0x1F", "007", "true", "~")]
    ['no', '12:30', 1000.0, '0x1F', 7, True, None]
    """
    if text in WORDS:
        return WORDS[text]
    if INTEGER.fullmatch(text):
        return int(text) if len(text) <= DIGITS else text
    return float(text) if len(text) <= 2 * DIGITS and NUMBER.fullmatch(text) else text


def _cut_off(text: str, file: str) -> Iterator[Fault]:
    """Yield each value that an unquoted ``#`` makes a comment, with the brackets that should close after it."""
    for number, line in enumerate(text.splitlines(), start=1):
        match = CUT_OFF.search(line)
        before = line[: match.start()] if match else ""
        if match and " #" not in f" {before}" and all(before.count(quote) % 2 == 0 for quote in "'\""):
            message = f'{match[1]}: write "{match[2]}" in quotes; an unquoted # begins a comment'
            yield Fault(message=message, file=file, line=number, column=match.start(2) + 1)


class _Reader:
    """Builds the tree from the parser's events, without recursion, watching depth and what is not wanted here."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self.open: list[Node] = []
        self.key: list[tuple[str, Spot] | None] = []
        self.root: Node | None = None
        self.last = Spot(file, 1, 1)
        self.quoted = Spot(file), 0  # the last text in quotes over several lines, and the line that it ends in

    def read(self, text: str) -> Node | None:
        documents = 0
        for event in self._events(text):
            self.last = self._spot(event.start_mark)
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _Unreadable("a second document begins here ('---'); a scenario is one", self.last)
                if event.version or event.tags:
                    raise _Unreadable("a directive ('%') stands at the top; leave it out", Spot(self.file, 1, 1))
            else:
                self._take(event)
        if self.root is None or self.root.value is None:
            raise _Unreadable("the file is empty", Spot(self.file, 1, 1))
        if not isinstance(self.root.value, dict):
            raise _Unreadable("this is no scenario; expected lines such as 'name: homs_2024'", self.root.spot)
        return self.root

    def _events(self, text: str) -> Iterator[Any]:
        try:
            yield from YAML(typ="safe", pure=True).parse(text)
        except MarkedYAMLError as error:
            raise self._unreadable(error) from None
        except _Unreadable:
            raise
        except (YAMLError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError, AssertionError):
            # The parser's own slips on odd text: still the text's fault.
            raise _Unreadable("this is not YAML from about here on", self.last) from None

    def _unreadable(self, error: MarkedYAMLError) -> _Unreadable:
        said = f"{error.context or ''} {error.problem or ''}"
        mark = error.problem_mark or error.context_mark
        opened, closed = self.quoted
        if opened == self.last and mark and mark.line + 1 == closed:
            return _Unreadable(f"a quote opened here is closed only in line {closed}; close it where it should", opened)
        for piece, explained in EXPLAINED:
            if piece in said:
                if NEVER_CLOSED in explained or explained == NO_KEY:
                    mark = error.context_mark or mark
                return _Unreadable(explained, self._spot(mark) if mark else self.last)
        return _Unreadable(f"this is not YAML: {said.strip()}", self._spot(mark) if mark else self.last)

    def _spot(self, mark: Any) -> Spot:  # noqa: ANN401 (ruamel's marks carry no types)
        return Spot(self.file, mark.line + 1, mark.column + 1)

    def _take(self, event: Any) -> None:  # noqa: ANN401 (ruamel's events carry no types)
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            raise _Unreadable("anchors (&) and aliases (*) are not used here; write the value out", self.last)
        if getattr(event, "tag", None) is not None:
            raise _Unreadable("tags (!) are not used here; leave it out", self.last)
        if isinstance(event, ScalarEvent):
            if UNPRINTABLE.search(event.value):
                raise _Unreadable(
                    "a backslash in double quotes writes a control character here; use single quotes", self.last
                )
            if event.style in {"'", '"'} and event.end_mark.line > event.start_mark.line:
                self.quoted = self.last, event.end_mark.line + 1
            plain = event.implicit[0] and event.style is None
            self._place(Node(scalar(event.value) if plain else event.value, self.last), key=event.value)
        elif isinstance(event, MappingStartEvent | SequenceStartEvent):
            if len(self.open) >= DEPTH:
                raise _Unreadable(f"lists and mappings stand more than {DEPTH} deep in each other here", self.last)
            node = Node({} if isinstance(event, MappingStartEvent) else [], self.last)
            self._place(node)
            self.open.append(node)
            self.key.append(None)
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            self.open.pop()
            self.key.pop()

    def _place(self, node: Node, *, key: str | None = None) -> None:
        """Put a node into the list or mapping that is open, where it may be the next key."""
        if not self.open:
            self.root = node
            return
        owner = self.open[-1].value
        if isinstance(owner, list):
            owner.append(node)
        elif isinstance(owner, dict):
            if self.key[-1] is None:
                self.key[-1] = self._as_key(node, key), node.spot
                return
            name, spot = self.key[-1]
            self.key[-1] = None
            first = self.open[-1].keys.get(name)
            if first:
                self._note(f"key '{name}' stands here a second time (first in line {first.line}); keep one", spot)
            else:
                owner[name] = node
                self.open[-1].keys[name] = spot

    def _as_key(self, node: Node, text: str | None) -> str:
        if text is None:
            raise _Unreadable("a list or mapping cannot be a key; expected 'key: value'", node.spot)
        if not text:
            raise _Unreadable("a key is missing before this ':'", node.spot)
        return text

    def _note(self, message: str, spot: Spot) -> None:
        self.faults.append(Fault(message=message, file=spot.file, line=spot.line, column=spot.column))
