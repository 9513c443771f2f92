"""How the branches of a convoy's decision are drawn: one small map each, with the way that the engine let it go."""

from collections.abc import Iterator, Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from corridor.control import Change
from corridor.figures.sheet import Sheet
from corridor.figures.style import INK, LINE, MUTED, Frame, Style, text_size_mm
from tests.supply_cases import RED
from tests.verification.decisions import BRANCHES, DRIVING, LOADING, PLACES, Branch, Seen, play_branch

__all__ = ["decision_sheets"]

ROAD, LOST, EMPTY, OUTSIDE = "#c4c4c4", "#d55e00", "#56b4e9", "#e69f00"
Floats = NDArray[np.float64]

HALO = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.4}
COLUMNS, ROW_MM = 4, 35.0
FIRST = len(LOADING) + len(DRIVING)
SHEETS = ((0, FIRST), (FIRST, len(BRANCHES)))
"""Which branches stand on which figure."""
TITLES = (
    "What a convoy does that loads or drives when its way changes",
    "What a convoy does at a gate, unloading, empty, as aid or to save a stock",
)


def decision_sheets(style: Style) -> Iterator[Sheet]:
    """Yield the figures."""
    for number, (first, last) in enumerate(SHEETS, 1):
        yield _sheet(style, number, first, BRANCHES[first:last])


def _sheet(style: Style, number: int, first: int, branches: Sequence[Branch]) -> Sheet:
    title = TITLES[number - 1]
    frame = Frame(
        style, -(-len(branches) // COLUMNS) * ROW_MM, title=title,
        subtitle="Blue: with its load, light blue: empty, both on the right side of the road; a star: where its load "
        "ends; a cross: a road that is shut, orange: a place that is lost, each with the hour; a square: a gate",
        notes=["Drawn from where the engine had the convoy every sixteenth of an hour."],
    )  # fmt: skip
    columns: dict[str, list[object]] = {"branch": [], "hour": [], "x": [], "y": [], "loaded": []}
    width = (frame.right - frame.left) / COLUMNS
    for place, branch in enumerate(branches):
        row, column = divmod(place, COLUMNS)
        left, top = frame.left + column * width, frame.top - row * ROW_MM
        seen = play_branch(branch)[-1]
        _panel(frame.axes(left, top - ROW_MM + 1.0, width - 3.0, ROW_MM - 12.0), branch, seen)
        event = _lines(f"{first + place + 1}  {branch.doing}; {branch.event}:", style, width - 2.0)
        for line, text in enumerate(event + _lines(branch.does, style, width - 2.0)):
            colour = INK if line < len(event) else LINE
            frame.text(left, top - 1.0 - line * style.line("small"), text, role="small", va="top", color=colour)
        for each in seen:
            for key, value in zip(columns, (first + place + 1, each.hour, each.x, each.y, each.loaded), strict=True):
                columns[key].append(value)
    alt = f"{len(branches)} small maps of a network of six places, each with the way of one convoy after one event."
    return Sheet(
        name=f"verification_decisions_{number}", figure=frame.figure, title=title, alt=alt, style=style,
        tables={"": columns},
    )  # fmt: skip


def _lines(text: str, style: Style, width: float) -> list[str]:
    """Return the lines of a text that is no wider than `width` mm."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_size_mm(longer, style.points("small"))[0] <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _panel(axes: Axes, branch: Branch, seen: Sequence[Seen]) -> None:
    """Draw one branch: its roads, what happens to them, and the way of the convoy."""
    axes.set(xlim=(-0.25, 3.25), ylim=(-1.05, 1.0), aspect="equal")
    axes.axis("off")
    network = branch.case.network
    ends = {(str(network.node_id[tail]), str(network.node_id[head]))
            for tail, head in zip(network.tail.tolist(), network.head.tolist(), strict=True)}  # fmt: skip
    for tail, head in ends:
        (x, y), (u, v) = PLACES[tail], PLACES[head]
        axes.plot([x, u], [y, v], color=ROAD, linewidth=0.8, zorder=1)
    for loaded, colour, width in ((False, EMPTY, 1.2), (True, LINE, 1.6)):
        # A gap where it was otherwise.
        x, y = _on_the_right(seen)
        other = np.array([each.loaded != loaded for each in seen], dtype=bool)
        x[other], y[other] = np.nan, np.nan
        axes.plot(x, y, color=colour, linewidth=width, zorder=2 + loaded, solid_joinstyle="round")
    held = [each for each in seen if each.loaded]
    if held:
        told = branch.told
        end = (held[-1].x, held[-1].y) if told.outcome in {"captured", "partly unloaded"} else PLACES[told.route[-1]]
        axes.plot(*end, marker="*", color=LINE, markersize=6, zorder=6)
    _marks(axes, branch)


def _on_the_right(seen: Sequence[Seen]) -> tuple[Floats, Floats]:
    """Return the places of a way, each moved a little to the right of where it leads."""
    x, y = np.array([each.x for each in seen]), np.array([each.y for each in seen])
    if not seen:
        return x, y
    ahead = np.sign(np.diff(x, append=x[-1]))
    for place in range(1, ahead.size):
        # Who stands keeps to the side it came on.
        ahead[place] = ahead[place] or ahead[place - 1]
    return x, y - 0.05 * ahead


def _marks(axes: Axes, branch: Branch) -> None:
    """Draw the places, and what happens to places and roads, with its hour."""
    network = branch.case.network
    lost, shut = dict[str, list[str]](), dict[int, list[Change]]()
    for change in branch.changes:
        for node in change.nodes:
            word = f"{change.time:g} h" if change.holder != RED else f"to {change.time:g} h"
            lost.setdefault(str(network.node_id[node]), []).append(word)
        if change.links:
            shut.setdefault(change.links[0], []).append(change)
    for link, changes in shut.items():
        tail, head = (PLACES[str(network.node_id[end])] for end in (network.tail[link], network.head[link]))
        middle = (tail[0] + head[0]) / 2, (tail[1] + head[1]) / 2
        until = f" to {changes[1].time:g} h" if len(changes) > 1 else " h"
        axes.plot(*middle, marker="x", color=LOST, markersize=4.5, markeredgewidth=1.2, zorder=5)
        level = tail[1] == head[1]
        axes.annotate(
            f"shut {changes[0].time:g}{until}", middle, (0, -8.5) if level else (5, -7), color=LOST, fontsize=6.2,
            textcoords="offset points", ha="center" if level else "left", zorder=8, bbox=HALO,
        )  # fmt: skip
    gates = {node for rule in branch.case.timeline.passage for node in rule.nodes if rule.actor == RED}
    for node in network.node_id.tolist():
        x, y = PLACES[node]
        gate = network.node_positions()[node] in gates
        axes.plot(
            x, y, marker="s" if gate else "o", markersize=4.5, markeredgecolor=MUTED, markeredgewidth=0.6, zorder=4,
            markerfacecolor=OUTSIDE if node in lost else "white",
        )  # fmt: skip
        word = f"{node}  {' '.join(lost.get(node, []))}".strip()
        axes.annotate(
            word, (x, y), (0, 4), textcoords="offset points", ha="center", fontsize=6.5, zorder=7,
            color=LOST if node in lost else INK,
        )  # fmt: skip
