"""What each holder has on the map of a run: its territory by pockets, its area, and its fronts, through time."""

import numpy as np
import shapely
from shapely.geometry import MultiPolygon

from corridor.figures.fronts import Fronts, fronts_through_time
from corridor.figures.mosaic import mosaic
from corridor.figures.reading import CONTESTED, Reading
from corridor.figures.sheet import Table
from corridor.figures.zones import Zones
from corridor.network import Ints

__all__ = ["SHADES", "Holdings"]


SHADES = 3
"""The largest pocket of a holder, its second, and all others."""


class Holdings:
    """The zones of a run by who holds them.

    Parameters
    ----------
    reading
        The run.
    found
        Its zones.
    """

    def __init__(self, reading: Reading, found: Zones) -> None:
        self.reading, self.places = reading, found.places
        self._actors = len(reading.actor_names)
        cells = mosaic(found.polygons)
        nobody = np.full(found.places.size, -1, dtype=np.intp)
        self._shaded = Fronts(cells, nobody, holders=SHADES * self._actors)
        self.history = fronts_through_time(cells, reading["holder"][:, found.places], holders=self._actors)

    def territories(self, epoch: int) -> dict[tuple[int, int], MultiPolygon]:
        """Return what is held in an epoch, km, by holder and shade (0 to 2), the contested under one shade."""
        holder, shade = self._held(epoch)
        self._shaded.hold(np.where(holder == CONTESTED, -1, SHADES * holder + shade))
        pairs = sorted(set(zip(holder.tolist(), shade.tolist(), strict=True)))
        shaded = {
            (one, tone): self._shaded.territory(CONTESTED if one == CONTESTED else SHADES * one + tone)
            for one, tone in pairs
        }
        return {pair: shapely.multipolygons(list(polygons)) for pair, polygons in shaded.items()}

    def front_km(self, epoch: int, holder: int) -> float:
        """Return how long the fronts of a holder are in an epoch, those to contested zones among them, km."""
        return float(self.history.pairs_km[epoch, holder].sum())

    def tables(self) -> dict[str, Table]:
        """Return the fronts and the areas through the whole run, whatever instants are drawn."""
        return {"fronts": self._fronts(), "areas": self._areas()}

    def _fronts(self) -> Table:
        """Return one row for each epoch and each two holders whose zones meet."""
        pairs = self.history.pairs_km
        epoch, holder, other = np.nonzero(np.triu(pairs))
        return {
            **self._spans(epoch),
            "holder": self._ids(holder),
            "other_holder": self._ids(other),
            "front_km": pairs[epoch, holder, other],
        }

    def _areas(self) -> Table:
        """Return one row for each epoch and holder that has a zone."""
        history = self.history
        epoch, holder = np.nonzero(history.area_km2)
        return {
            **self._spans(epoch),
            "holder": self._ids(holder),
            "area_km2": history.area_km2[epoch, holder],
            "front_km": history.pairs_km.sum(axis=2)[epoch, holder],
            "border_km": history.border_km[epoch, holder],
        }

    def _held(self, epoch: int) -> tuple[Ints, Ints]:
        """Return the holder and the shade of each zone in an epoch."""
        holder = self.reading["holder"][epoch][self.places]
        return holder, np.clip(self.reading["pocket"][epoch][self.places] - 1, 0, SHADES - 1)

    def _spans(self, epochs: Ints) -> dict[str, list[str]]:
        """Return the instants at which epochs start and end."""
        reading = self.reading
        hours = np.append(reading["epoch_start"], reading.horizon).tolist()
        moments = [reading.moment(hour).isoformat() for hour in hours]
        return {"from": [moments[epoch] for epoch in epochs], "to": [moments[epoch + 1] for epoch in epochs]}

    def _ids(self, holders: Ints) -> list[str]:
        """Return the ids of holders, of which the one after all actors is nobody."""
        return [self.reading.actor_id(holder if holder < self._actors else CONTESTED) for holder in holders.tolist()]
