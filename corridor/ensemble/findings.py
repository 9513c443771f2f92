"""What a run says of territory, read off its dataset: when one split, after what, and who was cut from whom."""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

__all__ = [
    "Cut",
    "PocketChange",
    "PocketSize",
    "events_at",
    "great_split",
    "is_uncertain",
    "pocket_changes",
    "territory_cuts",
]


@dataclass(frozen=True, slots=True)
class PocketSize:
    """A substantial pocket: its largest place and its people."""

    name: str
    persons: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PocketChange:
    """From `hour` on an actor's territory has other `pockets` in number; `events` (positions) opened that epoch."""

    hour: float
    pockets: tuple[PocketSize, ...]
    events: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """From `hour` to `end` an actor holds both ends of a pair of anchors (node positions) but no way between them."""

    hour: float
    end: float
    origin: int
    destination: int


def pocket_changes(run: xr.Dataset, actor: int) -> tuple[PocketChange, ...]:
    """Return the first state of an actor's territory and every later one with another number of substantial pockets."""
    counts = run["substantial_pockets"].values[:, actor]
    changed = np.flatnonzero(np.diff(counts, prepend=-1))
    return tuple(
        PocketChange(
            hour=float(run["epoch_start"].values[epoch]),
            pockets=_sizes(run, actor, epoch)[: int(counts[epoch])],
            events=events_at(run, epoch),
        )
        for epoch in changed.tolist()
    )


def great_split(run: xr.Dataset, actor: int) -> float:
    """Return the hour at which one pocket of an actor falls into several substantial ones; inf: never.

    Of several such hours it is the one that parts most people from the largest part. A pocket that is gained apart
    from the others is no split.
    """
    rank = np.where(run["holder"].values == actor, run["pocket"].values, 0)
    counts, persons = run["substantial_pockets"].values[:, actor], run["population"].values
    hour, most = float("inf"), 0.0
    for epoch in range(1, counts.size):
        kept = (rank[epoch - 1] > 0) & (rank[epoch] > 0) & (rank[epoch] <= counts[epoch])
        for before in np.unique(rank[epoch - 1][kept]):
            parts = np.unique(rank[epoch][kept & (rank[epoch - 1] == before)])
            parted = float(persons[np.isin(rank[epoch], parts[1:])].sum())  # rank 1 has the most people
            if parted > most:
                hour, most = float(run["epoch_start"].values[epoch]), parted
    return hour


def territory_cuts(run: xr.Dataset, actor: int) -> tuple[Cut, ...]:
    """Return when an actor holds both anchors of a pair and has no way between, one cut for each pair and spell."""
    held = run["holder"].values == actor
    start, end = run["epoch_start"].values, run["epoch_end"].values
    node = {name: position for position, name in enumerate(run["node_id"].values.tolist())}
    cuts = []
    for pair, ends in enumerate(zip(run["pair_from"].values.tolist(), run["pair_to"].values.tolist(), strict=True)):
        origin, destination = (node[name] for name in ends)
        apart = held[:, origin] & held[:, destination] & ~np.isfinite(run["pair_km"].values[:, actor, pair])
        edges = np.flatnonzero(np.diff(apart.astype(int), prepend=0, append=0)).reshape(-1, 2)
        cuts += [
            Cut(hour=float(start[first]), end=float(end[after - 1]), origin=origin, destination=destination)
            for first, after in edges.tolist()
        ]
    return tuple(sorted(cuts, key=lambda cut: cut.hour))


def events_at(run: xr.Dataset, epoch: int) -> tuple[int, ...]:
    """Return the positions of the events that opened an epoch."""
    position = {name: index for index, name in enumerate(run["event_id"].values.tolist())}
    return tuple(position[name] for name in str(run["epoch_events"].values[epoch]).split(";") if name)


def is_uncertain(run: xr.Dataset) -> NDArray[np.bool_]:
    """Return which events rest on a guess: inferred, or of low confidence, shape (event,)."""
    guessed: NDArray[np.bool_] = (run["event_status"].values == "inferred") | (run["event_confidence"].values == "low")
    return guessed


def _sizes(run: xr.Dataset, actor: int, epoch: int) -> tuple[PocketSize, ...]:
    """Return an actor's pockets in an epoch, the most people first."""
    persons = run["population"].values
    rank = np.where(run["holder"].values[epoch] == actor, run["pocket"].values[epoch], 0)
    sizes = []
    for number in range(1, int(rank.max(initial=0)) + 1):
        nodes = np.flatnonzero(rank == number)
        largest = nodes[np.argmax(persons[nodes])]
        sizes.append(PocketSize(str(run["node_name"].values[largest]), float(persons[nodes].sum())))
    return tuple(sizes)
