"""A figure ready to be kept: the drawing, the numbers drawn and one sentence about it, written side by side."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.text import Text

from corridor.figures.style import Style

__all__ = ["HALO_POINTS", "Sheet", "Table"]

Table = Mapping[str, Sequence[Any] | np.ndarray[Any, Any]]
"""Columns by header; a header names its unit."""

DPI = 300
HALO = "halo-"
HALO_POINTS = 0.8
"""How far a name's halo reaches round it, points."""
_TEXT = re.compile(r"<text ([^>]*)>(.*?)</text>", re.DOTALL)
_ARABIC = re.compile("[\u0600-\u06ff\u200f]")
_RIGHT_TO_LEFT, _END_OF_ISOLATE = "\u2067", "\u2069"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sheet:
    """Hold a drawn figure, `tables` of exactly the numbers drawn, and what it shows in one sentence (`alt`).

    The table of the empty name is written as ``<name>.csv``, any other as ``<name>_<its name>.csv``.
    """

    name: str
    figure: Figure
    title: str
    alt: str
    style: Style
    tables: Mapping[str, Table] = field(default_factory=dict)

    def write(self, folder: Path) -> list[Path]:
        """Write the figure as PNG and SVG and its tables as CSV, and return their paths."""
        png, svg = folder / f"{self.name}.png", folder / f"{self.name}.svg"
        png.write_bytes(self.png())
        svg.write_text(self.svg(), encoding="utf-8")
        paths = [png, svg]
        for name, table in self.tables.items():
            paths.append(folder / (f"{self.name}_{name}.csv" if name else f"{self.name}.csv"))
            paths[-1].write_text(_csv(table), encoding="utf-8-sig", newline="")
        return paths

    def write_as(self, file: Path) -> list[Path]:
        """Write the figure to one file, ``.svg`` or PNG, and its tables as CSV beside it, and return their paths."""
        if file.suffix == ".svg":
            file.write_text(self.svg(), encoding="utf-8")
        else:
            file.write_bytes(self.png())
        paths = [file]
        for name, table in self.tables.items():
            paths.append(file.with_name(f"{file.stem}_{name}.csv" if name else f"{file.stem}.csv"))
            paths[-1].write_text(_csv(table), encoding="utf-8-sig", newline="")
        return paths

    def png(self, *, dpi: int = DPI) -> bytes:
        """Return the figure as PNG."""
        file = io.BytesIO()
        with self.style.context():
            told = {"Software": None, "Title": self.title, "Description": self.alt}
            self.figure.savefig(file, format="png", dpi=dpi, metadata=told)
        return file.getvalue()

    def svg(self) -> str:
        """Return the figure as SVG: letters stay letters, and the sentence is its description."""
        haloed = [text for text in self.figure.findobj(Text) if text.get_path_effects()]
        effects = [text.get_path_effects() for text in haloed]
        for number, text in enumerate(haloed):
            # matplotlib turns letters with effects into paths: the halo is written into the SVG below instead.
            text.set(path_effects=[], gid=f"{HALO}{number}")
        file = io.StringIO()
        with self.style.context():
            self.figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
        for text, effect in zip(haloed, effects, strict=True):
            text.set_path_effects(effect)
        return _described(_direct(_with_halos(file.getvalue())), title=self.title, alt=self.alt)

    def _repr_png_(self) -> bytes:
        """Return what a notebook shows."""
        return self.png(dpi=150)


def _with_halos(svg: str) -> str:
    """Return an SVG in which every text of a halo group is preceded by its own outline in white."""
    outline = f"stroke: #ffffff; stroke-width: {2 * HALO_POINTS:g}px; stroke-linejoin: round; fill: #ffffff; "

    def doubled(found: re.Match[str]) -> str:
        attributes = re.sub(r"(?<![-\w])fill: [^;\"]+;? ?", "", found[1]).replace('style="', f'style="{outline}', 1)
        return f'<text aria-hidden="true" {attributes}>{found[2]}</text>\n   {found[0]}'

    pattern = re.compile(rf'<g id="{HALO}\d+">.*?</g>', re.DOTALL)
    return pattern.sub(lambda group: _TEXT.sub(doubled, group[0]), svg)


def _direct(svg: str) -> str:
    """Return an SVG whose Arabic lines are laid out from right to left wherever they stand."""

    def isolated(found: re.Match[str]) -> str:
        if not _ARABIC.search(found[2]):
            return found[0]
        return f"<text {found[1]}>{_RIGHT_TO_LEFT}{found[2]}{_END_OF_ISOLATE}</text>"

    return _TEXT.sub(isolated, svg)


def _described(svg: str, *, title: str, alt: str) -> str:
    """Return an SVG that says what it shows to who cannot see it."""
    told = f"<title>{escape(title)}</title>\n <desc>{escape(alt)}</desc>\n"
    head, tag, rest = svg.partition("<svg ")
    opening, close, body = rest.partition(">")
    return f'{head}{tag}role="img" {opening}{close}\n {told}{body}'


def _csv(table: Table) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(table)
    writer.writerows(zip(*(map(_cell, column) for column in table.values()), strict=True))
    return file.getvalue()


def _cell(value: object) -> object:
    """Return a value as written: numbers to twelve figures, nothing where there is none."""
    if isinstance(value, float | np.floating):
        return "" if np.isnan(value) else f"{value:.12g}"
    if isinstance(value, bool | np.bool_):
        return int(value)
    return value
