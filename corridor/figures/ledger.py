"""The ledger of one commodity as bands between accounts: where it came from, who held it, what became of it."""

from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.patheffects import withStroke

from corridor.figures import words
from corridor.figures.accounts import TRANSPORT, Account, Books, booked
from corridor.figures.bands import BAR_MM, Layout, Ribbon, Spot, lay_out
from corridor.figures.reading import CONTESTED, Reading
from corridor.figures.sheet import HALO_POINTS, Sheet, Table
from corridor.figures.style import FAINT, HATCHES, INK, MUTED, Frame, Style, shades, text_size_mm

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["plot_ledger"]

HEIGHT_MM = {"column": 92.0, "page": 104.0, "slide": 90.0}
LABEL_GAP_MM, SPARE_MM = 1.0, 0.5
DARK, LIGHT = "#7d7d7d", "#a8a8a8"
"""The bars of accounts that are no stock's, and the bands of what is contested."""


def plot_ledger(
    run: "xr.Dataset",
    *,
    commodity: int | str | None = None,
    style: Style | None = None,
    figure: Figure | None = None,
) -> Sheet:
    """Draw what moved between the accounts of a run's ledger, of one commodity, as bands as wide as tonnes.

    Parameters
    ----------
    run
        The run.
    commodity
        Its position or id; that of which most was there and moved if None.
    style
        For which reader and page.
    figure
        An empty figure to draw in.
    """
    style = style or Style()
    with style.context():
        reading = Reading(run, style)
        ids = reading["commodity"].astype(str).tolist()
        number = booked(reading)[0] if commodity is None else commodity
        return _Ledger(reading, ids.index(number) if isinstance(number, str) else number).sheet(figure)


class _Ledger:
    """The figure while it is drawn."""

    def __init__(self, reading: Reading, commodity: int) -> None:
        self.reading, self.style = reading, reading.style
        self.books = Books.of(reading, commodity)
        self.id = str(reading["commodity"][commodity])
        self.name = reading.commodity_names()[commodity]
        self.heads: dict[Account, list[str]] = {}

    def sheet(self, figure: Figure | None) -> Sheet:
        """Return the figure drawn."""
        style, title = self.style, self._title()
        head = style.line("small") + 1.5
        frame = Frame(
            style, HEIGHT_MM[style.size] + head, title=title, subtitle=words.period("ledger_subtitle", self.reading),
            notes=words.limits(self.reading, "ledger_note"), figure=figure,
        )  # fmt: skip
        width, height = frame.right - frame.left, frame.top - frame.bottom - head
        sides = self._side_mm(self.books.sources), self._side_mm(self.books.sinks)
        self.heads = {
            account: self._head_lines(account, width - sum(sides) - 2 * BAR_MM) for account in self.books.between
        }
        layout = lay_out(
            self.books,
            size=(width, height),
            sides=sides,
            line=style.line("small"),
            heads={account: len(lines) for account, lines in self.heads.items()},
        )
        axes = frame.axes(frame.left, frame.bottom, width, height + head)
        axes.set(xlim=(0, width) if style.start == "left" else (width, 0), ylim=(0, height + head))
        axes.set_axis_off()
        self._draw(axes, layout)
        self._head(axes, layout, height + head)
        return Sheet(
            name=f"ledger_{self.id}", figure=frame.figure, title=title, alt=self._alt(title), style=style,
            tables={"": self._table()},
        )  # fmt: skip

    def _side_mm(self, accounts: tuple[Account, ...]) -> float:
        """Return the room that the names of accounts at a side take, mm."""
        points = self.style.points("small")
        lines = [line for account in accounts for line in self._lines(account)]
        return max((text_size_mm(line, points)[0] for line in lines), default=0.0) + LABEL_GAP_MM + SPARE_MM

    def _draw(self, axes: Axes, layout: Layout) -> None:
        for ribbon in layout.ribbons:
            axes.add_patch(self._patch(ribbon))
        for account, spot in layout.spots.items():
            axes.add_patch(
                Rectangle(
                    (spot.left, spot.bottom), spot.width, spot.height, facecolor=self._colour(account),
                    edgecolor=INK, linewidth=0.4, hatch=self._hatch(account), zorder=3, gid=_gid(account),
                )
            )  # fmt: skip
        for account, spot in layout.spots.items():
            self._label(axes, account, spot, layout)

    def _patch(self, ribbon: Ribbon) -> PathPatch:
        owner = ribbon.band.out_of if ribbon.band.out_of.name == "stock" else ribbon.band.into
        face = shades(self._actor_colour(owner), self.style)[1] if owner.name == "stock" else FAINT
        return PathPatch(
            Path(ribbon.points, ribbon.codes), facecolor=face, edgecolor=self._edge(owner), linewidth=0.4,
            alpha=0.75, zorder=2, gid=f"band {_gid(ribbon.band.out_of)} > {_gid(ribbon.band.into)}",
        )  # fmt: skip

    def _label(self, axes: Axes, account: Account, spot: Spot, layout: Layout) -> None:
        """Write what an account is and how much went through it: beside it at the sides, above it in the middle."""
        style, lines = self.style, self._lines(account)
        points, step = style.points("small"), style.line("small")
        halo = [withStroke(linewidth=2 * HALO_POINTS, foreground="white")]
        if account in self.heads:
            wide = max(text_size_mm(told, points)[0] for told in self.heads[account])
            at = min(spot.left, layout.right - wide - LABEL_GAP_MM)
            for number, told in enumerate(reversed(self.heads[account])):
                y = spot.top + 0.5 + number * step
                axes.text(at, y, told, ha=style.start, va="bottom", fontsize=points, zorder=5, path_effects=halo)
            return
        first = spot.left <= layout.left
        at = spot.left - LABEL_GAP_MM if first else spot.left + spot.width + LABEL_GAP_MM
        side = style.end if first else style.start
        for number, line in enumerate(lines):
            y = spot.bottom + spot.height / 2 + (len(lines) / 2 - number - 0.5) * step
            colour = INK if number == 0 else MUTED
            axes.text(at, y, line, ha=side, va="center", fontsize=points, zorder=5, color=colour, path_effects=halo)

    def _head_lines(self, account: Account, width: float) -> list[str]:
        """Return what stands above an account of the middle, in lines no wider than `width` mm where that can be."""
        found: list[str] = []
        for word in " ".join(self._lines(account)).split(" "):
            longer = f"{found[-1]} {word}" if found else word
            if found and text_size_mm(longer, self.style.points("small"))[0] <= width:
                found[-1] = longer
            else:
                found.append(word)
        return found

    def _head(self, axes: Axes, layout: Layout, top: float) -> None:
        """Write what the columns are above them."""
        style, language = self.style, self.style.language
        places = (
            (layout.left, style.end, "ledger_from"), (layout.first, style.start, "ledger_held"),
            (layout.right, style.start, "ledger_to"),
        )  # fmt: skip
        for x, side, key in places:
            axes.text(
                x, top, words.word(key, language), ha=side, va="top", fontsize=style.points("small"), weight="bold",
                color=MUTED,
            )  # fmt: skip

    def _lines(self, account: Account) -> tuple[str, str]:
        """Return the name of an account and the tonnes that went through it, as they are written beside it."""
        language, tonnes = self.style.language, words.tonnes(self.books.total(account), self.style.language)
        if account.name in TRANSPORT:
            loaded = words.tonnes(self.books.loaded.get(account, 0.0), language)
            return self._named(account), words.word("ledger_loaded", language, tonnes=tonnes, loaded=loaded)
        return self._named(account), tonnes

    def _named(self, account: Account) -> str:
        language = self.style.language
        if account.name != "stock":
            return words.word(f"account_{account.name.replace(' ', '_')}", language)
        if account.holder >= 0:
            return self.reading.actor_names[account.holder]
        return words.word("contested", language)

    def _actor_colour(self, account: Account) -> str:
        return self.reading.actor_colour(account.holder) if account.holder >= 0 else LIGHT

    def _edge(self, account: Account) -> str:
        return self.style.colour(self._actor_colour(account)) if account.name == "stock" else DARK

    def _colour(self, account: Account) -> str:
        """Return the colour of an account's bar: its holder's, or grey."""
        if account.name != "stock":
            return DARK
        return self.style.colour(self._actor_colour(account)) if account.holder != CONTESTED else "#ffffff"

    def _hatch(self, account: Account) -> str:
        if account.name != "stock":
            return ""
        if account.holder == CONTESTED:
            return "//////"
        return HATCHES[account.holder % len(HATCHES)] if self.style.grey and account.holder >= 0 else ""

    def _title(self) -> str:
        language, books = self.style.language, self.books
        came, used, hands = (
            words.tonnes(tonnes, language) for tonnes in (books.came(), books.used(), books.changed_hands())
        )
        key = "ledger_title" if books.changed_hands() > 0 else "ledger_title_kept"
        return words.word(key, language, commodity=self.name, came=came, used=used, hands=hands)

    def _alt(self, title: str) -> str:
        holders = sum(account.name == "stock" for account in self.books.between)
        return (
            f"{title}: bands as wide as tonnes from where it came through the stocks of {holders} holders to what "
            "became of it."
        )

    def _table(self) -> Table:
        """Return one row for each band."""
        columns: dict[str, list[object]] = {
            "commodity": [], "out_of": [], "out_of_holder": [], "into": [], "into_holder": [], "drawn_tonnes": [],
            "there_tonnes": [], "back_tonnes": [],
        }  # fmt: skip
        for band in self.books.bands:
            ends = (text for account in (band.out_of, band.into) for text in (account.name, self._holder(account)))
            values = (self.id, *ends, band.drawn, band.there, band.back)
            for column, value in zip(columns.values(), values, strict=True):
                column.append(value)
        return columns

    def _holder(self, account: Account) -> str:
        if account.name != "stock":
            return ""
        return self.reading.actor_id(account.holder)


def _gid(account: Account) -> str:
    return account.name if account.name != "stock" else f"stock {account.holder}"
