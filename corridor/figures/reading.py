"""What figures ask of a run: instants, epochs, names, pockets and what each belongs to."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from corridor.figures.style import Language, Style
from corridor.network import Ints

if TYPE_CHECKING:
    import xarray as xr

__all__ = [
    "CONTESTED",
    "ROAD",
    "Pocket",
    "Reading",
]

ROAD = 0
CONTESTED = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Pocket:
    """One pocket of an actor at an epoch: its rank, its people, its largest place (a node position), its weight."""

    rank: int
    population: float
    place: int
    substantial: bool


class Reading:
    """A run's arrays, read once, and the questions that figures put to them.

    Parameters
    ----------
    run
        The run; its scalars are slow to read, so its variables are taken out as arrays.
    style
        In which language names are given.
    """

    def __init__(self, run: "xr.Dataset", style: Style) -> None:
        self.style = style
        self.language: Language = style.language
        self.attrs: dict[str, Any] = dict(run.attrs)
        self._run = run
        self._arrays: dict[str, NDArray[Any]] = {}
        self.start = datetime.fromisoformat(self.attrs["start"])
        self.end = datetime.fromisoformat(self.attrs["end"])
        self.names: list[str] = self._in_language("node_name")
        self.actor_names: list[str] = self._in_language("actor_name")
        self.position = {str(node): number for number, node in enumerate(self["node_id"].tolist())}

    def __getitem__(self, name: str) -> NDArray[Any]:
        """Return a variable of the run as an array."""
        if name not in self._arrays:
            self._arrays[name] = np.asarray(self._run[name].values)
        return self._arrays[name]

    def has(self, name: str) -> bool:
        """Return whether the run has a variable."""
        return name in self._run

    def _in_language(self, name: str) -> list[str]:
        """Return names in the language of the style, in English where it has none."""
        english: list[str] = self[name].astype(str).tolist()
        if self.language == "en":
            return english
        arabic = self[f"{name}_ar"].astype(str).tolist()
        return [there or here for there, here in zip(arabic, english, strict=True)]

    def commodity_names(self) -> list[str]:
        """Return the commodities' names in the language of the style."""
        return self._in_language("commodity_name")

    @property
    def horizon(self) -> float:
        """Return the end of the run, hours."""
        return (self.end - self.start) / timedelta(hours=1)

    @property
    def offset(self) -> str:
        """Return the offset of local time: ``+03:00``."""
        return self.start.isoformat()[-6:]

    def hour(self, iso: str) -> float:
        """Return an ISO 8601 instant as hours since the start."""
        return (datetime.fromisoformat(iso) - self.start) / timedelta(hours=1)

    def moment(self, hour: float) -> datetime:
        """Return hours since the start as an instant in the run's own offset."""
        return self.start + timedelta(seconds=round(hour * 3600))

    def listed(self, attribute: str) -> list[str]:
        """Return the parts of an attribute that lists things."""
        return [part.strip() for part in str(self.attrs.get(attribute, "")).split(";") if part.strip()]

    @property
    def places(self) -> Ints:
        """Return the reported nodes where people live (all reported ones if that is nowhere); without a run, all."""
        place: Ints = self["place_node"] if self.has("place_node") else np.arange(self["node_id"].size)
        lived_in = place[self["population"][place] > 0]
        return lived_in if lived_in.size else place

    @property
    def inhabited(self) -> Ints:
        """Return the nodes where people live, supplied here or not (all reported ones if that is nowhere)."""
        lived_in = np.flatnonzero(self["population"] > 0)
        return lived_in if lived_in.size else self.places

    def epoch_at(self, hour: float) -> int:
        """Return the epoch that holds at an hour, the later one where two meet."""
        return max(0, int(np.searchsorted(self["epoch_start"], hour, side="right")) - 1)

    def show_actor(self) -> int:
        """Return the actor that the run is about: the one it names, else the one with most people at the start."""
        ids = self["actor_id"].astype(str).tolist()
        wanted = str(self.attrs.get("show_actor", ""))
        return ids.index(wanted) if wanted in ids else int(np.argmax(self["territory_population"][0]))

    def actor_id(self, holder: int) -> str:
        """Return the id of a holder, ``contested`` if there is none."""
        return str(self["actor_id"][holder]) if holder >= 0 else "contested"

    def actor_colour(self, holder: int) -> str:
        """Return the colour of a holder."""
        return str(self["actor_colour"][holder]) if holder >= 0 else "#ffffff"

    def pockets(self, epoch: int, actor: int) -> list[Pocket]:
        """Return the pockets of an actor at an epoch, the largest first."""
        held = np.flatnonzero(self["holder"][epoch] == actor)
        ranks, people = self["pocket"][epoch][held], self["population"][held]
        weighty = int(self["substantial_pockets"][epoch, actor])
        found = []
        for rank in np.unique(ranks).tolist():
            inside = ranks == rank
            place = int(held[inside][np.argmax(people[inside])])
            persons = float(people[inside].sum())
            found.append(Pocket(rank=rank, population=persons, place=place, substantial=rank <= weighty))
        return found

    def split(self, actor: int) -> int | None:
        """Return the epoch at which the actor's territory splits most: its people fall apart into more pockets.

        Of the epochs with more substantial pockets than the one before, the one at which the share of people in the
        largest pocket falls most; None if there is no such epoch.
        """
        counts = self["substantial_pockets"][:, actor]
        fall = np.zeros(counts.size)
        fall[1:] = -np.diff(np.nan_to_num(self["largest_share"][:, actor]))
        fall[1:][(np.diff(counts) <= 0) | (counts[:-1] < 1)] = 0
        deepest = int(np.argmax(fall))
        return deepest if fall[deepest] > 0 else None

    def split_hour(self, actor: int) -> float | None:
        """Return the hour at which the actor's territory splits most; None if it never does."""
        split = self.split(actor)
        return None if split is None else float(self["epoch_start"][split])
