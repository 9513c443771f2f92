"""Files of a scenario as text: whatever cannot be one is a fault."""

import hashlib
import re
from pathlib import Path

from corridor.errors import Fault
from corridor.scenario.words import did_you_mean

__all__ = ["Files"]

MEGABYTE = 1_000_000
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


class Files:
    """Reads files and remembers which, and a hash over what they held."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self._sha256 = hashlib.sha256()

    def sha256(self) -> str:
        """Return the hash over all that was read so far, independent of where it lies."""
        return self._sha256.hexdigest()

    def add(self, content: bytes) -> None:
        """Let something read count in the hash."""
        self._sha256.update(f"{len(content)}\n".encode())
        self._sha256.update(content)

    def read(self, path: str, *, megabytes: int) -> str | Fault:
        """Return the text of a file of at most so many `megabytes`, or why there is none."""
        found = Path(path)
        try:
            if not found.exists():
                return Fault(message=_not_there(found), file=path)
            if not found.is_file():
                return Fault(message="is not a file", file=path)
            with found.open("rb") as stream:
                content = stream.read(megabytes * MEGABYTE + 1)
        except (OSError, ValueError) as error:
            return Fault(message=f"cannot be read: {getattr(error, 'strerror', None) or error}", file=path)
        if len(content) > megabytes * MEGABYTE:
            return Fault(message=f"is larger than {megabytes} MB; no scenario is that long", file=path)
        self.paths.append(path)
        self.add(content)
        return _decode(content, path)


def _not_there(path: Path) -> str:
    try:
        beside = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
    except OSError:
        beside = []
    return f"there is no such file{did_you_mean(path.name, beside)}"


def _decode(content: bytes, path: str) -> str | Fault:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8", errors="replace")
        return _fault_after(before, path, "this byte is not UTF-8 text; save the file as UTF-8")
    bad = CONTROL.search(text)
    if bad:
        return _fault_after(
            text[: bad.start()], path, f"character U+{ord(bad[0]):04X} has no place in a text; take it out"
        )
    return text


def _fault_after(before: str, path: str, message: str) -> Fault:
    line = before.count("\n") + 1
    return Fault(message=message, file=path, line=line, column=len(before) - before.rfind("\n"))
