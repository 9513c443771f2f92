"""Days of supply of the places that a run shows, one small panel for each place and commodity."""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from corridor.figures import words
from corridor.figures.heat import CLIP_MEDIANS, demanded
from corridor.figures.key import Sign, draw_key, key_height
from corridor.figures.multiples import (
    Multiples,
    Panel,
    change_signs,
    draw_changes,
    draw_days,
    line_sign,
    round_days,
)
from corridor.figures.reading import Reading
from corridor.figures.sheet import Sheet, Table
from corridor.figures.style import MARGIN_MM, Frame, Style
from corridor.figures.supplies import Supplies

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["plot_supply_curves"]

ROW_MM = {"column": 11.0, "page": 16.0, "slide": 11.5}
GONE = "#c9c9c9"
LEAST_TOLD = 0.05
"""From here on the least days of supply are told to a tenth."""


def plot_supply_curves(run: "xr.Dataset", *, style: Style | None = None, figure: Figure | None = None) -> Sheet:
    """Draw the days of supply of the run's `show_places`, with stockouts as filled gaps and changes of control.

    Parameters
    ----------
    run
        The run.
    style
        For which reader and page.
    figure
        An empty figure to draw in.
    """
    style = style or Style()
    with style.context():
        return _Curves(Reading(run, style), demanded(run, style)).sheet(figure)


class _Curves:
    """The figure while it is drawn."""

    def __init__(self, reading: Reading, commodities: list[int]) -> None:
        self.reading, self.style = reading, reading.style
        places = [reading.position[name] for name in reading.listed("show_places")]
        known = set(reading.places.tolist())
        nodes = np.array([node for node in places if node in known], dtype=np.intp)
        if not nodes.size:
            place = reading.places
            nodes = place[np.argsort(-reading["population"][place], kind="stable")[:6]]
        self.nodes = nodes
        self.supplies = [Supplies.of(reading, commodity, nodes) for commodity in commodities]
        self.names = [reading.commodity_names()[commodity] for commodity in commodities]

    def sheet(self, figure: Figure | None) -> Sheet:
        """Return the figure drawn."""
        style, reading = self.style, self.reading
        signs = self._signs()
        key = key_height(signs, style, style.width - 2 * MARGIN_MM)
        multiples = Multiples(
            reading=reading,
            rows=[reading.names[node] for node in self.nodes.tolist()],
            headings=[words.word("in_days", style.language, commodity=name) for name in self.names],
            tops=[_top(supplies) for supplies in self.supplies],
        )
        title = self._title()
        frame = Frame(
            style, multiples.height(ROW_MM[style.size]) + key + 2.0, title=title,
            subtitle=words.period("curves_subtitle", reading), notes=words.limits(reading), figure=figure,
        )  # fmt: skip
        for panel in multiples.panels(frame, frame.bottom + key + 2.0):
            self._draw(panel, multiples.tops[panel.column])
        draw_key(frame, signs, left=frame.left, top=frame.bottom + key, width=frame.right - frame.left)
        return Sheet(
            name="supply_curves", figure=frame.figure, title=title, alt=self._alt(title), style=style,
            tables={"": self._table()},
        )  # fmt: skip

    def _draw(self, panel: Panel, top: float) -> None:
        supplies, reading = self.supplies[panel.column], self.reading
        node = int(supplies.nodes[panel.row])
        for start, end in supplies.stockouts(reading, node):
            panel.axes.axvspan(start, end, facecolor=GONE, edgecolor="none", zorder=1)
        draw_days(panel, reading, supplies.hours, supplies.days[:, panel.row], top=top)
        draw_changes(panel, reading, supplies.changes(reading, node))

    def _signs(self) -> list[Sign]:
        reading, nodes = self.reading, self.nodes.tolist()
        signs = [line_sign(self.style)]
        if any(supplies.stockouts(reading, node) for supplies in self.supplies for node in nodes):
            signs.append(Sign(words=words.word("none_left", self.style.language), fills=(GONE,)))
        changes = [change for node in nodes for change in self.supplies[0].changes(reading, node)]
        return signs + change_signs(reading, (holder for _, holder in changes))

    def _title(self) -> str:
        reading, language = self.reading, self.reading.language
        failing = [
            (float(hour), number, commodity)
            for commodity, supplies in enumerate(self.supplies)
            for number, hour in enumerate(supplies.failed.tolist())
            if np.isfinite(hour)
        ]
        places = words.count(len(self.nodes), language)
        if not failing:
            return self._title_of_least(places)
        hour, number, commodity = min(failing)
        when = words.instant(reading.moment(hour), language)
        name, what = reading.names[self.nodes[number]], self.names[commodity]
        return words.word("curves_title", language, place=name, places=places, commodity=words.within(what), when=when)

    def _title_of_least(self, places: str) -> str:
        """Return the title where nothing runs out: what comes nearest to it."""
        language = self.reading.language
        least = [
            (float(np.nanmin(days)), number, commodity)
            for commodity, supplies in enumerate(self.supplies)
            for number, days in enumerate(supplies.days.T)
            if np.isfinite(days).any()
        ]
        days, number, commodity = min(least)
        told = f"{days:.1f}" if days >= LEAST_TOLD else words.word("under", language, days="0.1")
        return words.word(
            "curves_title_none", language, places=places, place=self.reading.names[self.nodes[number]], days=told,
            commodity=words.within(self.names[commodity]),
        )  # fmt: skip

    def _alt(self, title: str) -> str:
        return (
            f"{title}: curves of days of supply of {len(self.names)} commodities in {len(self.nodes)} places, with the "
            "times at which none is left and at which control changes."
        )

    def _table(self) -> Table:
        """Return one row for each commodity, place and hour."""
        reading = self.reading
        columns: dict[str, list[object]] = {
            "commodity": [], "node_id": [], "name": [], "instant": [], "supply_days": [], "none_left": [], "holder": [],
        }  # fmt: skip
        for supplies in self.supplies:
            moments = [reading.moment(hour).isoformat() for hour in supplies.hours.tolist()]
            epochs = [reading.epoch_at(hour) for hour in supplies.hours.tolist()]
            for number, node in enumerate(supplies.nodes.tolist()):
                gone = supplies.stockouts(reading, node)
                count = len(moments)
                columns["commodity"] += [str(reading["commodity"][supplies.commodity])] * count
                columns["node_id"] += [str(reading["node_id"][node])] * count
                columns["name"] += [reading.names[node]] * count
                columns["instant"] += moments
                columns["supply_days"] += supplies.days[:, number].tolist()
                columns["none_left"] += [
                    any(start <= hour < end for start, end in gone) for hour in supplies.hours.tolist()
                ]
                columns["holder"] += [reading.actor_id(int(reading["holder"][epoch, node])) for epoch in epochs]
        return columns


def _top(supplies: Supplies) -> float:
    """Return the top of one commodity's scale: a round number of days; one place far above the others is cut off."""
    most = np.nan_to_num(supplies.days).max(axis=0, initial=1.0)
    return min(round_days(float(most.max())), round_days(CLIP_MEDIANS * float(np.median(most))))
