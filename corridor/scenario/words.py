"""How faults are put into words: what was found, what was expected, and what may have been meant."""

import os
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from corridor.errors import Fault

__all__ = ["did_you_mean", "found", "listed", "nearest", "render"]

LONGEST = 40
SHORT_LIST = 15
FAULTS_SHOWN = 100


def found(value: object) -> str:
    """Return a value as a sentence can name it.

    >>> found("x"), found(True), found(1.5), found([1])
    ("'x'", 'true', '1.5', 'a list')
    """
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        shown = value if len(value) <= LONGEST else f"{value[:LONGEST]}…"
        return f"'{' '.join(shown.split())}'" if shown.split() else "an empty text"
    if isinstance(value, list | tuple):
        return "a list"
    return "a mapping" if isinstance(value, dict) else str(value)


def nearest(name: str, known: Iterable[str]) -> str:
    """Return what is known and most like `name`, empty if nothing is."""
    if len(name) > LONGEST:
        return ""
    spelled = {other.lower(): other for other in known}
    return next((spelled[near] for near in get_close_matches(name.lower(), spelled, n=1, cutoff=0.6)), "")


def did_you_mean(name: str, known: Iterable[str], *, otherwise: str = "") -> str:
    """Return the end of a sentence that names what is known and near to `name`; `otherwise` begins the short list.

    >>> did_you_mean("titel", ["title", "name"])
    "; did you mean 'title'?"
    >>> did_you_mean("x", ["title", "name"], otherwise="expected")
    '; expected title or name'
    """
    names = list(known)
    near = nearest(name, names)
    if near:
        return f"; did you mean '{near}'?"
    return f"; {otherwise} {listed(names)}" if otherwise and 0 < len(names) <= SHORT_LIST else ""


def listed(names: Sequence[str], *, last: str = "or") -> str:
    """Return names as a sentence lists them.

    >>> listed(["a", "b", "c"])
    'a, b or c'
    """
    return f" {last} ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def render(faults: Sequence[Fault]) -> str:
    """Return faults as lines ``file:line:column: message`` and a last line that counts them."""
    lines = [str(fault) for fault in faults[:FAULTS_SHOWN]]
    if len(faults) > FAULTS_SHOWN:
        lines.append(f"… and {len(faults) - FAULTS_SHOWN} more")
    files = {os.path.normpath(fault.file) for fault in faults if fault.file and fault.line}
    counted = f"{len(faults)} fault{'s' if len(faults) != 1 else ''}"
    if len(files) > 1:
        counted += f" in {len(files)} files"
    return "\n".join([*lines, f"{counted}; nothing was run"])
