"""The map of pairs of roads that cost more when both are lost than the sum of both alone."""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from corridor.criticality import PairCriticality
from corridor.figures import words
from corridor.figures.criticality_map import (
    CUTS,
    IDLE,
    IDLE_ROAD,
    LABELLED,
    SHUT,
    SHUT_ROAD,
    CriticalityMap,
    minutes_told,
)
from corridor.figures.key import Sign
from corridor.figures.mapped import MapData
from corridor.figures.sheet import Sheet, Table
from corridor.figures.style import MARGIN_MM, Style, text_size_mm
from corridor.network import Floats, Ints

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["plot_pairs"]

LEAST_PERSONS, LEAST = 0.5, 1e-9
"""People, and shares of demand, from which on they are the cost that is told."""
SAMPLE_MM = 8.0
"""What a sample in the key takes beside its words."""


def plot_pairs(
    run: "xr.Dataset",
    found: PairCriticality,
    *,
    hour: float = 0.0,
    style: Style | None = None,
    figure: Figure | None = None,
    extent: tuple[float, float, float, float] | None = None,
) -> Sheet:
    """Draw the first pairs of roads in view by what their loss costs beyond each alone, each with its rank.

    Parameters
    ----------
    run
        The run, or what is known of its case without one.
    found
        What `corridor.criticality.pair_criticality` returned for the same case.
    hour
        When, hours since the start.
    style
        For which reader and page.
    figure
        An empty figure to draw in.
    extent
        What the map shows, degrees: west, south, east, north.
    """
    style = style or Style()
    with style.context():
        return _PairMap(MapData(run, style, extent), found, hour).sheet(figure)


class _PairMap(CriticalityMap):
    """The figure while it is drawn: a map of roads alone, on which only those of the pairs shown stand out."""

    key = "critical_pair"

    def __init__(self, data: MapData, pairs: PairCriticality, hour: float) -> None:
        super().__init__(data, pairs.alone, hour)
        self.pairs = pairs
        place = {name: rank for rank, name in enumerate(pairs.alone.ids.tolist())}
        self.roads: Ints = np.array([[place[name] for name in pair] for pair in pairs.ids.tolist()], dtype=np.intp)
        self.roads = self.roads.reshape(-1, 2)
        self.shown: list[int] = np.flatnonzero(self._seen()[self.roads].all(axis=1))[:LABELLED].tolist()
        self.level[:] = -1
        self.cuts[:] = False
        self.cuts[self.roads[self.shown]] = True

    def _weights(self) -> Floats:
        return np.full(int(self.cuts.sum()), 0.7)

    def _labelled(self) -> list[int]:
        return list(dict.fromkeys(self.roads[self.shown].ravel().tolist()))

    def _outside(self) -> list[tuple[int, str]]:
        """Return rank (from 0) and names of the first pairs that lie outside the map, or one road of theirs."""
        first = [pair for pair in range(min(LABELLED, len(self.roads))) if pair not in self.shown]
        called = [[self._called(road) for road in self.roads[pair].tolist()] for pair in first]
        language = self.style.language
        names = [words.word("cut_and", language, first=one, last=two) for one, two in called]
        return list(zip(first, names, strict=True))

    def _told(self, rank: int) -> str:
        pairs = [str(pair + 1) for pair in self.shown if rank in self.roads[pair]]
        return words.listed(pairs, self.style.language)

    def _ends_told(self, pair: int) -> dict[str, str]:
        return {key: self._called(int(road)) for key, road in zip(("one", "two"), self.roads[pair], strict=True)}

    def _cost(self, rank: int) -> str:
        """Return in few words what a pair costs beyond each of it alone."""
        pairs, language = self.pairs, self.style.language
        if pairs.more_isolated_persons[rank] > LEAST_PERSONS:
            return words.people(float(pairs.more_isolated_persons[rank]), language)
        if pairs.more_cut_share[rank] > LEAST:
            return words.word("critical_trips", language, share=words.share(float(pairs.more_cut_share[rank])))
        return words.word("critical_longer", language, minutes=minutes_told(60 * float(pairs.more_cost_hours[rank])))

    def _signs(self) -> list[Sign]:
        language = self.style.language
        signs = [sign for pair in self.shown for sign in self._pair_signs(pair)]
        signs.append(Sign(words=words.word("critical_pair_other", language), line="-", width=IDLE, colour=IDLE_ROAD))
        if not self.known[np.concatenate([np.zeros(0, dtype=np.intp), *self.data.roads.members])].all():
            signs.append(Sign(words=words.word("critical_shut", language), line="-", width=SHUT, colour=SHUT_ROAD))
        return signs

    def _pair_signs(self, pair: int) -> list[Sign]:
        """Return what the key says of a pair, in two parts where one would be wider than the figure."""
        style = self.style
        fields = {"rank": pair + 1, "cost": self._cost(pair), **self._ends_told(pair)}
        whole, one, two = (
            words.word(f"critical_pair_key{part}", style.language, **fields) for part in ("", "_one", "_two")
        )
        fits = text_size_mm(whole, style.points("small"))[0] < style.width - 2 * MARGIN_MM - SAMPLE_MM
        told = whole if fits else one
        mark = (
            Sign(words=told, fills=("#ffffff",)) if style.grey else Sign(words=told, line="-", width=2.6, colour=CUTS)
        )
        return [mark] if fits else [mark, Sign(words=two)]

    def _title(self) -> str:
        """Return what the first pair in view costs."""
        pairs, language = self.pairs, self.style.language
        if not self.shown:
            return words.word("critical_pair_title_none", language)
        first = self.shown[0]
        ends, people = self._ends_told(first), float(pairs.more_isolated_persons[first])
        if people > LEAST_PERSONS:
            told = words.people(people, language)
            return words.word("critical_pair_title_people", language, **ends, people=told)
        if pairs.more_cut_share[first] > LEAST:
            share = words.share(float(pairs.more_cut_share[first]))
            return words.word("critical_pair_title_trips", language, **ends, share=share)
        minutes = minutes_told(60 * float(pairs.more_cost_hours[first]))
        return words.word("critical_pair_title_longer", language, **ends, minutes=minutes)

    def _alt(self, title: str) -> str:
        told = "; ".join(
            f"{pair + 1}. {' and '.join(self._ends_told(pair).values())}: {self._cost(pair)}" for pair in self.shown
        )
        return f"{title}: map of the pairs of roads that cost more together than both alone ({told})."

    def _table(self) -> Table:
        """Return one row for each pair listed."""
        pairs = self.pairs
        return {
            "rank": np.arange(1, len(pairs.ids) + 1),
            "link_id": pairs.ids[:, 0],
            "link_id_2": pairs.ids[:, 1],
            "more_minutes_per_trip": 60 * pairs.more_cost_hours,
            "more_cut_share": pairs.more_cut_share,
            "more_isolated_persons": pairs.more_isolated_persons,
            "added_minutes_per_trip": 60 * pairs.cost_hours,
            "cut_share": pairs.cut_share,
            "isolated_persons": pairs.isolated_persons,
            "shown": np.isin(np.arange(len(pairs.ids)), self.shown),
        }
