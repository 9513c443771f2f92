"""What can go wrong through a user's input, said so that the user can mend it."""

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["CorridorError", "Fault", "NetworkError", "RunError", "ScenarioError"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Describe one thing wrong in a user's file.

    `where` is the way to the value inside the document (keys and list positions), empty where there is none;
    `file`, `line` and `column` (both counted from 1) are filled in as soon as they are known.
    """

    message: str
    where: tuple[str | int, ...] = ()
    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Return ``file:line:column: message``, leaving out what is not known."""
        place = ":".join([self.file, *(str(number) for number in (self.line, self.column) if number)])
        return f"{place}: {self.message}" if self.file else self.message


class CorridorError(ValueError):
    """Report one or more mistakes in what the user gave, all at once.

    Parameters
    ----------
    faults
        The faults found, or one message.
    """

    def __init__(self, faults: str | Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = (Fault(message=faults),) if isinstance(faults, str) else tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class NetworkError(CorridorError):
    """A network's tables break an invariant."""


class ScenarioError(CorridorError):
    """A scenario cannot be read, or names what is not there."""


class RunError(CorridorError):
    """A run cannot be made, saved or opened."""
