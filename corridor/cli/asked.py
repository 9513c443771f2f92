"""What commands are asked alike: of which case, whose, when and where, and into which files; and every fault in it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from corridor.case import EVERYBODY, Case, whole
from corridor.case.names import Names
from corridor.cli.loading import instant_of, load
from corridor.errors import ScenarioError
from corridor.sources import network_names, read_network

if TYPE_CHECKING:
    from corridor.figures import Style

__all__ = ["BESIDE", "SUFFIXES", "Drawn", "Faults", "Files", "actor_of", "by_itself", "case_of", "hour_of", "places_of"]

Answer = TypeVar("Answer")

SUFFIXES = (".png", ".svg")
BESIDE = ("", "_roads", "_places", "_others", "_now")
"""What the names of the tables that the commands' figures write beside them end in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """How figures are drawn: the language of their labels, whether for grey print, and for which page."""

    labels: Literal["en", "ar"] = "en"
    grey: bool = False
    size: Literal["column", "page", "slide"] = "page"

    def style(self) -> "Style":
        """Return the style of the figures."""
        from corridor.figures import Style

        return Style(language=self.labels, grey=self.grey, size=self.size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Files(Drawn):
    """Into which files the table and the figure go, if they are asked for."""

    table: Path | None = None
    figure: Path | None = None

    def faults(self, *, reads: Mapping[str, Path | None] | None = None, **figures: Path | None) -> Iterator[str]:
        """Give what is wrong with the names of the files, those of other `figures` by their options among them.

        No file is written that another option writes too, or that one of `reads`, by their options, reads.
        """
        drawn = {"figure": self.figure, **figures}
        taken = {_place(file): f"--{option} reads" for option, file in (reads or {}).items() if file is not None}
        for option, file in {**drawn, "csv": self.table}.items():
            if file is None:
                continue
            suffixes = SUFFIXES if option in drawn else (".csv",)
            if file.suffix not in suffixes:
                yield f"--{option} {file}: expected a file that ends in {' or '.join(suffixes)}"
            if not file.parent.is_dir():
                yield f"--{option} {file}: there is no folder {file.parent}"
            beside = [file.with_name(f"{file.stem}{end}.csv") for end in BESIDE] if option in drawn else []
            mine = {_place(one): one for one in (file, *beside)}
            clash = next((place for place in mine if place in taken), None)
            if clash is not None:
                yield f"--{option} {file}: {taken[clash]} {mine[clash]}; choose another name"
            taken |= {place: f"--{option} writes" for place in mine if place not in taken}


def _place(file: Path) -> Path:
    """Return a file as it is told from others, however its folder is written."""
    return file.parent.resolve() / file.name


class Faults:
    """Gather what is wrong with what a command is asked, so that all of it is told at once."""

    def __init__(self) -> None:
        self._told: list[str] = []

    def note(self, messages: Iterable[str]) -> None:
        """Add what is wrong."""
        self._told += messages

    def answer(self, question: Callable[[], Answer]) -> Answer | None:
        """Return the answer to a question; None if it has none, which is noted."""
        try:
            return question()
        except ScenarioError as error:
            self._told.append(str(error))
            return None

    def check(self) -> None:
        """Refuse to go on if anything is wrong.

        Raises
        ------
        ScenarioError
            With all that is wrong.
        """
        if self._told:
            raise ScenarioError("\n".join(self._told))


def case_of(name: Path) -> Case:
    """Return the case of a scenario file, or of a network (packaged, or a folder) looked at by itself.

    Raises
    ------
    CorridorError
        With every fault in it.
    """
    if str(name) in network_names() or name.is_dir():
        return whole(read_network(str(name)))
    near = [] if name.exists() else get_close_matches(str(name), network_names(), n=1)
    if near:
        raise ScenarioError(f"{name}: there is no such file, folder or network; did you mean '{near[0]}'?")
    return load(name).case


def by_itself(case: Case) -> bool:
    """Return whether a case is a network looked at by itself, in which everybody may drive and no time passes."""
    return case.actors == (EVERYBODY,)


def actor_of(case: Case, actor: str | None) -> int:
    """Return the position of an actor, of that of the scenario's maps (else the first) if none is asked for.

    Raises
    ------
    ScenarioError
        If there is no such actor.
    """
    wanted = actor or case.scenario.show.maps_actor or case.actors[0]
    if wanted not in case.actors:
        near = get_close_matches(wanted, case.actors, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"there is {', '.join(case.actors)}"
        raise ScenarioError(f"--actor: unknown actor '{wanted}'; {hint}")
    return case.actors.index(wanted)


def hour_of(case: Case, instant: str | None) -> float:
    """Return an instant as hours since the scenario's start, 0 if none is asked for.

    Raises
    ------
    ScenarioError
        If it is no instant, or lies outside the scenario, or the case has no time.
    """
    if instant is None:
        return 0.0
    if by_itself(case):
        raise ScenarioError(f"--at {instant}: a network by itself has no time; expected a scenario, or no --at")
    return instant_of(instant, case)


def places_of(case: Case, **lists: str) -> list[tuple[int, ...]]:
    """Return the nodes (positions) that lists of ids of nodes or areas, parted by commas, name, one tuple for each.

    Parameters
    ----------
    case
        The case.
    **lists
        What each option says, by its name.

    Raises
    ------
    ScenarioError
        With every name that is not there, and the nearest that is.
    """
    names = Names(case.scenario, case.network)
    found = []
    for option, text in lists.items():
        given = [part.strip() for part in text.split(",") if part.strip()]
        if not given:
            names.note((option,), "expected ids of places, parted by commas")
        positions = {node for part in given for node in names.place(part, (option,))}
        found.append(tuple(sorted(positions)))
    if names.faults:
        raise ScenarioError("\n".join(f"--{fault.where[0]}: {fault.message}" for fault in names.faults))
    return found
