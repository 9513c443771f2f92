"""How a folder is replaced as a whole: written aside, and put in place when it is ready."""

import errno
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from corridor.errors import RunError

__all__ = ["check_writable", "failures_told", "is_left_over", "staged"]

MOST_ATTEMPTS = 100
A_DAY = 86400.0
CAN_ASK = os.name == "posix"
LEFT_OVER = re.compile(r"\.(?P<name>.+)\.(?P<process>\d+)\.\w+\.(?P<what>aside|former)")


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """Give an empty folder beside `folder` to write into, and put it in place of `folder` if all went well.

    A reader finds the former content whole until the new one is whole. Of several processes at once the last to finish
    wins; what an interrupted one left is removed. A symbolic link is followed: its target is replaced.

    Raises
    ------
    RunError
        If `folder` cannot be written.
    """
    with failures_told(folder):
        target = Path(os.path.realpath(folder))
        aside = _aside(target)
        try:
            yield aside
            aside.chmod(0o755)
            _put(aside, target)
        finally:
            shutil.rmtree(aside, ignore_errors=True)


def check_writable(folder: Path) -> None:
    """Make sure that `folder` can be replaced, by making the folder aside that it takes.

    Raises
    ------
    RunError
        If that cannot be made.
    """
    with failures_told(folder):
        _aside(Path(os.path.realpath(folder))).rmdir()


@contextmanager
def failures_told(folder: Path) -> Iterator[None]:
    """Turn what the system refuses into what to tell the user of `folder`.

    Raises
    ------
    RunError
        If the system refuses something.
    """
    try:
        yield
    except OSError as error:
        msg = f"{folder} cannot be written ({error.strerror or error}); what stood there is as it was"
        raise RunError(msg) from error


def is_left_over(name: str) -> bool:
    """Return whether `name` is that of a folder which `staged` makes for a while."""
    return LEFT_OVER.fullmatch(name) is not None


def _aside(folder: Path) -> Path:
    folder.parent.mkdir(parents=True, exist_ok=True)
    _clean_up(folder)
    return Path(tempfile.mkdtemp(prefix=f".{folder.name}.{os.getpid()}.", suffix=".aside", dir=folder.parent))


def _put(aside: Path, folder: Path) -> None:
    """Rename `aside` to `folder`, which is set aside as long; another process may do the same in between."""
    former = aside.with_suffix(".former")
    for attempt in range(MOST_ATTEMPTS):
        shutil.rmtree(former, ignore_errors=True)
        with suppress(FileNotFoundError):
            folder.rename(former)
        try:
            aside.rename(folder)
            break
        except OSError as error:
            if error.errno not in {errno.ENOTEMPTY, errno.EEXIST} or attempt == MOST_ATTEMPTS - 1:
                _restore(former, folder)
                raise
    shutil.rmtree(former, ignore_errors=True)


def _restore(former: Path, folder: Path) -> None:
    if former.exists() and not folder.exists():
        former.rename(folder)


def _clean_up(folder: Path) -> None:
    """Put right what dead processes left beside `folder`: a former content out of its place goes back to it."""
    for path in sorted(folder.parent.iterdir()):
        found = LEFT_OVER.fullmatch(path.name)
        if found and found["name"] == folder.name and not _is_alive(int(found["process"]), path):
            if found["what"] == "former":
                _restore(path, folder)
            shutil.rmtree(path, ignore_errors=True)


def _is_alive(process: int, path: Path) -> bool:
    """Return whether a process lives; where that cannot be asked, whether `path` was changed within a day."""
    if not CAN_ASK:
        return time.time() - path.stat().st_mtime < A_DAY
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True  # another user's
    return True
