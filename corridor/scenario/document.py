"""A scenario read from its files: the scenario, every fault, and where in the files each thing stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from os import PathLike, fspath
from types import MappingProxyType

from corridor.errors import Fault, ScenarioError
from corridor.scenario.chain import join
from corridor.scenario.checks import check
from corridor.scenario.files import Files
from corridor.scenario.model import Scenario
from corridor.scenario.tree import Key, Node, Spot
from corridor.scenario.validate import validate
from corridor.scenario.words import REFERRED

__all__ = ["Document", "load_scenario", "read_scenario"]

NO_SETTINGS: Mapping[str, str] = MappingProxyType({})
FREE_KEYS = {
    ("actors",),
    ("control", "except"),
    ("links", "except"),
    ("supply", "loading_bays"),
    ("supply", "policy", "target_days"),
}
"""Mappings whose keys are names: a fault with such an entry is shown at the name."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Document:
    """What reading a scenario's files gave.

    Where there are `faults`, `scenario` is what stands without the faulty parts (None if too little does): good for
    finding more faults by binding it, not for running. `files` are the paths that were read, the scenario's own
    first; `sha256` is over all they held and the settings, wherever they lie.
    """

    scenario: Scenario | None
    faults: tuple[Fault, ...]
    files: tuple[str, ...]
    sha256: str
    _root: Node = field(repr=False)

    def locate(self, where: Iterable[Key]) -> tuple[str, int, int]:
        """Return file, line and column of what `where` leads to, or of the nearest thing above it.

        `where` is keys and positions as in `scenario` (events as one list, base and tables included). A value set
        from outside has line and column 0.
        """
        spot = self._spot(tuple(where))
        return spot.file, spot.line, spot.column

    def place(self, faults: Iterable[Fault]) -> tuple[Fault, ...]:
        """Return the faults of this document and `faults` found later, each with its place, sorted by place.

        Faults that know their file already are kept as they are; of two at one value the one found first is enough.
        A commodity that was misspelled among the scenario's own makes no fault of those that refer to it.
        """
        later = tuple(faults)
        told: Iterable[Fault] = self.faults
        if any(fault.where[:2] == ("supply", "commodities") for fault in later):
            told, later = (tuple(fault for fault in some if REFERRED not in fault.message) for some in (told, later))
        taken = {(fault.file, fault.line, fault.column) for fault in self.faults}
        said = {(_beginning(fault), *_by_place(fault)) for fault in self.faults}
        placed = []
        for fault in later:
            spot, value = self._spot(fault.where), self._root.spot_of(fault.where)
            if (_beginning(fault), value.file, value.line, value.column) in said:
                continue
            if fault.file:
                placed.append(fault)
            elif (spot.file, spot.line, spot.column) not in taken or not self._reaches(fault.where):
                placed.append(replace(fault, file=spot.file, line=spot.line, column=spot.column))
        return tuple(sorted([*told, *placed], key=_by_place))

    def _spot(self, where: tuple[Key, ...]) -> Spot:
        return self._root.spot_of(where, at_key=where[:-1] in FREE_KEYS)

    def _reaches(self, where: tuple[Key, ...]) -> bool:
        return len(self._root.follow(where)) == len(where) + 1


def read_scenario(path: str | PathLike[str], *, settings: Mapping[str, str] = NO_SETTINGS) -> Document:
    """Read the scenario at `path` with its bases and tables; never raises for what stands in them.

    Parameters
    ----------
    path
        A YAML file.
    settings
        Single values that overrule the file's: dotted keys, such as ``draw.seed``, and values as YAML writes them.
    """
    file = fspath(path)
    files = Files()
    joined = join(file, settings, files)
    root = joined.root or Node({}, Spot(file))
    faults, scenario = joined.faults, None
    if joined.root is not None:
        skip = joined.skip_outside()
        faults = [*faults, *check(root, skip)]
        scenario, wrong = validate(root, skip)
        faults += wrong
    return Document(
        scenario=scenario,
        faults=tuple(sorted(_once(faults), key=_by_place)),
        files=tuple(files.paths),
        sha256=files.sha256(),
        _root=root,
    )


def load_scenario(path: str | PathLike[str], *, settings: Mapping[str, str] = NO_SETTINGS) -> Scenario:
    """Return the scenario at `path`, with `settings` as for `read_scenario`.

    Raises
    ------
    ScenarioError
        If anything is wrong with it; all faults at once.
    """
    document = read_scenario(path, settings=settings)
    if document.faults or document.scenario is None:
        raise ScenarioError(document.faults)
    return document.scenario


def _once(faults: Iterable[Fault]) -> list[Fault]:
    """Leave out what was said before in the same words at the same place."""
    return list({(fault.message, *_by_place(fault)): fault for fault in faults}.values())


def _beginning(fault: Fault) -> str:
    """Return what is wrong, without what may have been meant."""
    return fault.message.partition(";")[0]


def _by_place(fault: Fault) -> tuple[str, int, int]:
    return fault.file, fault.line, fault.column
