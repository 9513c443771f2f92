"""What the signs of a figure mean: small samples with words, set in lines like text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from corridor.figures.style import INK, MUTED, Frame, Style, text_size_mm

__all__ = ["Sign", "draw_key", "key_height"]

SWATCH_MM = 4.2
GAP_MM, BETWEEN_MM = 1.2, 3.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One entry of a key: how the sample looks, and its words.

    `fills` are the colours of boxes side by side, `hatch` drawn on them (with `strike`, a line through them); `line`
    is the pattern of a line of `width` points; `marker` a matplotlib marker of `size` points, `face` its inside.
    """

    words: str
    fills: tuple[str, ...] = ()
    hatch: str = ""
    line: Literal["", "-", "--", ":"] | tuple[float, tuple[float, ...]] = ""
    width: float = 0.8
    marker: str = ""
    size: float = 3.2
    colour: str = INK
    face: str = ""
    strike: bool = False

    def sample_mm(self) -> float:
        """Return the width of the sample, mm."""
        if self.fills:
            return SWATCH_MM * max(1.0, 0.8 * len(self.fills))
        return 5.6 if self.line else 2.4


def _rows(signs: Sequence[Sign], style: Style, width: float) -> list[list[tuple[Sign, float]]]:
    """Return the signs line by line, each with the mm from the start of the line at which it begins."""
    rows: list[list[tuple[Sign, float]]] = [[]]
    at = 0.0
    for sign in signs:
        needs = sign.sample_mm() + GAP_MM + text_size_mm(sign.words, style.points("small"))[0]
        if rows[-1] and at + needs > width:
            rows.append([])
            at = 0.0
        rows[-1].append((sign, at))
        at += needs + BETWEEN_MM
    return rows


def key_height(signs: Sequence[Sign], style: Style, width: float) -> float:
    """Return the height that a key of these signs takes, mm."""
    return len(_rows(signs, style, width)) * _row_mm(style)


def _row_mm(style: Style) -> float:
    return style.line("small") * 1.3


def draw_key(frame: Frame, signs: Sequence[Sign], *, left: float, top: float, width: float) -> None:
    """Draw the key in a box that hangs from `top`, mm."""
    style = frame.style
    rows = _rows(signs, style, width)
    height = len(rows) * _row_mm(style)
    axes = frame.axes(left, top - height, width, height)
    axes.set(xlim=(0, width), ylim=(0, height))
    axes.set_axis_off()
    for number, row in enumerate(rows):
        middle = height - (number + 0.5) * _row_mm(style)
        for sign, at in row:
            sample = sign.sample_mm()
            mirrored = style.start == "right"
            _draw_sample(axes, sign, width - at - sample if mirrored else at, middle, mirrored=mirrored)
            words = width - at - sample - GAP_MM if mirrored else at + sample + GAP_MM
            axes.text(
                words,
                middle,
                sign.words,
                ha=style.start,
                va="center_baseline",
                fontsize=style.points("small"),
                color=INK,
            )


def _draw_sample(axes: Axes, sign: Sign, left: float, middle: float, *, mirrored: bool) -> None:
    """Draw the sample from `left`; of several boxes the first stands where reading starts."""
    wide = sign.sample_mm()
    if sign.fills:
        part = wide / len(sign.fills)
        for number, fill in enumerate(reversed(sign.fills) if mirrored else sign.fills):
            axes.add_patch(
                Rectangle(
                    (left + number * part, middle - 1.1), part, 2.2, facecolor=fill, edgecolor=MUTED, linewidth=0.4,
                    hatch=sign.hatch, hatchcolor=sign.colour, clip_on=False,
                )
            )  # fmt: skip
    if sign.strike:
        axes.add_line(Line2D([left, left + wide], [middle, middle], linewidth=0.7, color=INK))
    if sign.line:
        axes.add_line(
            Line2D([left, left + wide], [middle, middle], linestyle=sign.line, linewidth=sign.width, color=sign.colour)
        )
    if sign.marker:
        rim = sign.width if sign.marker == "|" else 0.6
        axes.add_line(
            Line2D(
                [left + wide / 2], [middle], linestyle="", marker=sign.marker, markersize=sign.size,
                markerfacecolor=sign.face or sign.colour, markeredgecolor=sign.colour, markeredgewidth=rim,
            )
        )  # fmt: skip
