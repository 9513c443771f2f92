"""How figures look: sizes, letters, colours, and the frame of title, subtitle and sources around every one."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from typing import Literal

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import Colormap, LinearSegmentedColormap, rgb_to_hsv, to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.textpath import text_to_path

__all__ = [
    "CONTESTED_COLOUR",
    "HATCHES",
    "INK",
    "LINE",
    "MARGIN_MM",
    "MM_PER_INCH",
    "MUTED",
    "Frame",
    "Language",
    "Size",
    "Style",
    "shades",
    "text_size_mm",
]

Language = Literal["en", "ar"]
Size = Literal["column", "page", "slide"]

MM_PER_INCH = 25.4
POINTS_PER_MM = 72 / MM_PER_INCH
MARGIN_MM = 2.0
_RIGHT_TO_LEFT = "\u200f"
"""A mark before a line of Arabic, which may begin with a Latin name."""
FONT = "DejaVu Sans"
LEADING = {"en": 1.28, "ar": 1.5}
"""Distance between two lines of text, in text heights."""

INK, MUTED, FAINT = "#1a1a1a", "#5a5a5a", "#b8b8b8"
LINE = "#00457c"
"""The colour of what a curve is about."""
WATER, LAND, BORDER = "#eef3f6", "#f5f4f1", "#8c8c8c"
CONTESTED_COLOUR, CONTESTED_HATCH = "#ffffff", "//////"
HATCHES = ("", "....", "\\\\\\\\", "xxxx", "----", "||||", "++++", "oooo", "**", "OO")
"""What tells actors apart in grey print, in the order in which they appear in a run."""
MARKERS = ("v", "o", "^", "*", "D", "P", "X", "p", "h", "<", ">")
"""The same for marks on curves; the first is for contested."""

_WIDTH_MM = {"column": 85.0, "page": 180.0, "slide": 254.0}
_SLIDE_HEIGHT_MM = 142.875
_POINTS = {
    "column": {"title": 8.0, "subtitle": 7.0, "text": 6.5, "small": 6.0},
    "page": {"title": 9.0, "subtitle": 7.5, "text": 7.0, "small": 6.2},
    "slide": {"title": 14.0, "subtitle": 10.0, "text": 9.0, "small": 7.5},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """Say for which reader and which page a figure is drawn."""

    language: Language = "en"
    grey: bool = False
    size: Size = "page"

    @property
    def width(self) -> float:
        """Return the width of a figure, mm."""
        return _WIDTH_MM[self.size]

    def height(self, wanted: float) -> float:
        """Return the height of a figure, mm: the wanted one, but a slide's is fixed."""
        return _SLIDE_HEIGHT_MM if self.size == "slide" else wanted

    def points(self, role: str) -> float:
        """Return the letter size of a ``title``, ``subtitle``, ``text`` or ``small`` line, points."""
        return _POINTS[self.size][role]

    def line(self, role: str = "text") -> float:
        """Return the height that one line of text takes, mm."""
        return self.points(role) / POINTS_PER_MM * LEADING[self.language]

    @property
    def start(self) -> Literal["left", "right"]:
        """Return the side where reading starts."""
        return "right" if self.language == "ar" else "left"

    @property
    def end(self) -> Literal["left", "right"]:
        """Return the side where reading ends."""
        return "left" if self.language == "ar" else "right"

    def colour(self, colour: str) -> str:
        """Return a colour as it is printed: itself, or in grey print the grey of its lightness."""
        if not self.grey:
            return colour
        red, green, blue = to_rgb(colour)
        light = 0.2126 * red + 0.7152 * green + 0.0722 * blue
        return to_hex((light, light, light))

    def quantity_map(self) -> Colormap:
        """Return the colour map of quantities; in grey print it ends well before white."""
        if self.grey:
            return LinearSegmentedColormap.from_list("greys", ["#000000", "#cccccc"])
        return mpl.colormaps["cividis"]

    def marker(self, holder: int) -> str:
        """Return the marker of a holder (a position): one for all, but in grey print shapes tell them apart."""
        return MARKERS[(holder + 1) % len(MARKERS)] if self.grey else "v"

    def context(self) -> AbstractContextManager[None]:
        """Return a context in which matplotlib draws and saves in this style, the same bytes each time."""
        return mpl.rc_context(
            {
                "font.family": "sans-serif",
                "font.sans-serif": [FONT, "Verdana", "sans-serif"],
                "font.size": self.points("text"),
                "text.color": INK,
                "text.parse_math": False,
                # Hinted letters are up to 2 % wider than they measure, and lines then run out of their margin.
                "text.hinting": "none",
                "axes.edgecolor": MUTED,
                "axes.labelcolor": INK,
                "axes.linewidth": 0.5,
                "axes.unicode_minus": False,
                "xtick.color": MUTED,
                "ytick.color": MUTED,
                "xtick.labelcolor": INK,
                "ytick.labelcolor": INK,
                "xtick.labelsize": self.points("small"),
                "ytick.labelsize": self.points("small"),
                "xtick.major.size": 2.0,
                "ytick.major.size": 2.0,
                "xtick.major.width": 0.5,
                "ytick.major.width": 0.5,
                "hatch.linewidth": 0.4,
                "lines.solid_capstyle": "butt",
                "svg.fonttype": "none",
                "svg.hashsalt": "corridor",
            }
        )


def shades(colour: str, style: Style) -> tuple[str, str, str]:
    """Return the three lightnesses of one hue in which an actor's pockets are filled, the largest pocket first.

    In grey print hue tells nothing apart, hatches do; the three greys are then the same for every actor.
    """
    if style.grey:
        return "#a2a2a2", "#c6c6c6", "#e0e0e0"
    red, green, blue = to_rgb(colour)
    saturation = float(rgb_to_hsv((red, green, blue))[1])
    blends = (0.78, 0.46, 0.24) if saturation > 0 else (0.9, 0.55, 0.3)
    first, second, third = (
        to_hex((1 - share * (1 - red), 1 - share * (1 - green), 1 - share * (1 - blue))) for share in blends
    )
    return first, second, third


@cache
def text_size_mm(text: str, points: float, *, bold: bool = False) -> tuple[float, float]:
    """Return the width and height of one line of text, mm."""
    font = FontProperties(family=FONT, size=points, weight="bold" if bold else "normal")
    width, height, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return width / POINTS_PER_MM, max(height, points) / POINTS_PER_MM


def _wrapped(text: str, points: float, width: float, *, bold: bool = False) -> list[str]:
    """Return the lines of a text that is to be no wider than `width` mm."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_size_mm(longer, points, bold=bold)[0] <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


class Frame:
    """A figure measured in mm, with a title and a subtitle above and the sources below; the middle is free.

    Parameters
    ----------
    style
        For which reader and page.
    height
        Height of the middle, mm, not counting what the titles and the sources take; on a slide it takes what is left.
    title, subtitle, notes
        What the figure says, what is shown and when, and where it comes from.
    figure
        An empty figure to draw in, which then gets its size; a new one if none is given.
    """

    def __init__(
        self,
        style: Style,
        height: float,
        *,
        title: str,
        subtitle: str,
        notes: Sequence[str],
        figure: Figure | None = None,
    ) -> None:
        self.style, self.title = style, title
        inner = style.width - 2 * MARGIN_MM
        head = _wrapped(title, style.points("title"), inner, bold=True)
        below = _wrapped(subtitle, style.points("subtitle"), inner)
        foot = [line for note in notes for line in _wrapped(note, style.points("small"), inner)]
        above_mm = len(head) * style.line("title") + len(below) * style.line("subtitle") + MARGIN_MM + 1.5
        below_mm = len(foot) * style.line("small") + MARGIN_MM + 1.0
        self.width, self.height = style.width, style.height(height + above_mm + below_mm)
        self.left, self.right = MARGIN_MM, style.width - MARGIN_MM
        self.bottom, self.top = below_mm, self.height - above_mm
        self.figure = Figure() if figure is None else figure
        if figure is None:
            FigureCanvasAgg(self.figure)
        self.figure.set_size_inches(self.width / MM_PER_INCH, self.height / MM_PER_INCH)
        self.figure.set_facecolor("white")
        at = self._lines(head, self.height - MARGIN_MM, "title", weight="bold")
        self._lines(below, at, "subtitle", color=MUTED)
        self._lines(foot, below_mm - 1.0, "small", color=MUTED)

    def _lines(self, lines: Sequence[str], top: float, role: str, **fields: str) -> float:
        for line in lines:
            x = self.right if self.style.start == "right" else self.left
            direct = f"{_RIGHT_TO_LEFT}{line}" if self.style.start == "right" else line
            self.text(x, top, direct, role=role, ha=self.style.start, va="top", **fields)
            top -= self.style.line(role)
        return top

    def text(self, x: float, y: float, text: str, *, role: str = "text", **fields: str) -> Text:
        """Write a text at `x`, `y` mm from the lower left corner of the figure; `fields` are matplotlib's."""
        written = self.figure.text(x / self.width, y / self.height, text, fontsize=self.style.points(role))
        written.set(**fields)
        return written

    def line(self, start: tuple[float, float], end: tuple[float, float], *, colour: str, width: float) -> None:
        """Draw a line between two points given in mm from the lower left corner of the figure."""
        x, y = ([start[axis] / size, end[axis] / size] for axis, size in enumerate((self.width, self.height)))
        line = Line2D(x, y, color=colour, linewidth=width, transform=self.figure.transFigure)
        self.figure.add_artist(line)

    def axes(self, left: float, bottom: float, width: float, height: float) -> Axes:
        """Return new axes in a box given in mm from the lower left corner of the figure."""
        box = (left / self.width, bottom / self.height, width / self.width, height / self.height)
        return self.figure.add_axes(box)
