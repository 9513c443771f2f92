"""Play what the page of verification tells, and write its tables and figures: ``python -m docs.make_verification``."""

import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from corridor.figures.sheet import Sheet, Table
from corridor.figures.style import INK, LINE, MUTED, Frame, Style
from docs.draw_decisions import decision_sheets
from tests.theory import fleet_tonnes, wait_mg1, wait_mmc
from tests.verification import decisions, fleets, fluid, inventory, luck, pipes, queues, sieges
from tests.verification.page import write_table

FIGURES = Path(__file__).parent / "figures"
STYLE = Style(size="page")
THEORY, SECOND, THIRD = LINE, "#d55e00", "#009e73"
"""Colours of Okabe and Ito, and the blue of curves."""
NOTE = "Lines: theory. Marks: the engine. The numbers drawn are in the table beside this figure."


class Told(NamedTuple):
    """What a figure says of itself: its title, what is shown, and one sentence for who cannot see it."""

    title: str
    subtitle: str
    alt: str


def main() -> None:
    """Write every table, and every figure as SVG with the numbers drawn as CSV."""
    for draw in (draw_queues, draw_stocks, draw_fleets, draw_fluid, draw_pipes, draw_sieges, draw_luck):
        with STYLE.context():
            keep(draw())
    with STYLE.context():
        for sheet in decision_sheets(STYLE):
            keep(sheet)
    rows = [decisions.branch_row(number, branch) for number, branch in enumerate(decisions.BRANCHES, 1)]
    write_table("decisions", rows)


def keep(sheet: Sheet, folder: Path = FIGURES) -> None:
    """Write a figure as SVG, for letters stay letters there, and its numbers as CSV."""
    with tempfile.TemporaryDirectory() as aside:
        for path in sheet.write(Path(aside)):
            if path.suffix != ".png":
                shutil.move(path, folder / path.name)


def framed(told: Told, height: float, *notes: str) -> Frame:
    """Return the frame of a figure of the page."""
    return Frame(STYLE, height, title=told.title, subtitle=told.subtitle, notes=notes or (NOTE,))


def panels(frame: Frame, count: int, *, gap: float = 14.0, right: float = 0.0, title: float = 0.0) -> list[Axes]:
    """Return `count` axes side by side, with room to their `right` and for a `title` above each, mm."""
    width = (frame.right - frame.left - 10.0 - gap * (count - 1) - right) / count
    height = frame.top - frame.bottom - 9.0 - title
    return [
        plain(frame.axes(frame.left + 10.0 + number * (width + gap), frame.bottom + 8.0, width, height))
        for number in range(count)
    ]


def plain(axes: Axes) -> Axes:
    """Take the box away from axes."""
    axes.spines[["top", "right"]].set_visible(False)
    return axes


def sheet(name: str, figure: Figure, told: Told, tables: Mapping[str, Table]) -> Sheet:
    """Return a figure ready to be kept."""
    return Sheet(name=f"verification_{name}", figure=figure, title=told.title, alt=told.alt, style=STYLE, tables=tables)


def draw_queues() -> Sheet:
    """Draw the waits at gates against load."""
    played = [(queue, queues.mean_wait(queues.play_queue(queue))) for queue in queues.queues()]
    write_table("queues", [queues.queue_row(queue, wait) for queue, wait in played])
    told = Told(
        "At a gate lorries wait as long as Erlang and Pollaczek and Khinchine say",
        f"Mean wait of {queues.LORRIES - queues.SETTLING:,} lorries that come at random, in mean times of service, by "
        f"load; the bars together hold the truth with {queues.TOGETHER:.0%}",
        "Curves of the mean wait at a gate against load for one server with random and with constant service and for "
        "three servers, with points of the engine and their confidence intervals on the curves.",
    )
    frame = framed(told, 66.0)
    (axes,) = panels(frame, 1)
    loads = np.linspace(0.05, 0.8, 76)
    curves: dict[str, tuple[str, str, Callable[[float], float]]] = {
        "M/M/1": (THEORY, "o", lambda load: wait_mmc(load, 1.0, 1)),
        "M/D/1": (SECOND, "s", lambda load: wait_mg1(load, 1.0, 0.0)),
        "M/M/3": (THIRD, "^", lambda load: wait_mmc(3 * load, 1.0, 3)),
    }
    for name, (colour, _, theory) in curves.items():
        waits = [theory(load) for load in loads.tolist()]
        axes.plot(loads, waits, color=colour, linewidth=1.0)
        axes.annotate(name, (loads[-1], waits[-1]), (3, 0), textcoords="offset points", color=colour, va="center")
    for queue, wait in played:
        colour, marker, _ = curves.get(queue.name, (INK, "D", None))
        mean, low, high = (queues.RATE * hours for hours in wait)
        axes.errorbar(
            queue.load, mean, [[mean - low], [high - mean]], color=colour, marker=marker, markersize=3.5,
            linewidth=0.7, capsize=1.5,
        )  # fmt: skip
        if queue.name not in curves:
            axes.annotate(queue.name, (queue.load, mean), (-6, 3), textcoords="offset points", color=INK, ha="right")
            axes.plot(queue.load, queues.RATE * queue.expected, marker="_", markersize=9, color=INK)
    axes.set(xlim=(0, 0.9), ylim=(0, None), xlabel="load of a server", ylabel="mean wait, services")
    tables = {
        "": _columns(
            ("queue", [queue.name for queue, _ in played]),
            ("load_share", [queue.load for queue, _ in played]),
            ("theory_wait_hours", [queue.expected for queue, _ in played]),
            *((f"engine_{part}_hours", [getattr(wait, part) for _, wait in played]) for part in played[0][1]._fields),
        )
    }
    return sheet("queues", frame.figure, told, tables)


def draw_stocks() -> Sheet:
    """Draw two cycles of stocks that are ordered up to a target, and how much is met when orders come too late."""
    write_table("stocks", [inventory.stock_row(stock, inventory.play_cycle(stock)) for stock in inventory.STOCKS])
    late = [(stock, inventory.play_late(stock)) for stock in inventory.LATE]
    write_table("late", [inventory.late_row(stock, played) for stock, played in late])
    told = Told(
        "Stocks rise and fall between the limits of the closed form",
        "Two places that order up to a target, with constant demand and lead time: the stock by the engine, and the "
        "most, mean and least of theory once the first orders have come",
        "Saw-toothed curves of two stocks, between horizontal lines of the most, the mean and the least by theory.",
    )
    frame, table = framed(told, 52.0), dict[str, list[float]]()
    chosen = (inventory.STOCKS[1], inventory.STOCKS[4])
    for axes, stock in zip(panels(frame, 2, gap=27.0, right=15.0), chosen, strict=True):
        level, used, _, _ = inventory.play_stock(stock, 192.0)
        hours = np.arange(level.size, dtype=float)
        # What is there just before something comes in, so that the teeth stand upright.
        before = np.append(level[:-1] - np.diff(used), np.nan)
        axes.plot(np.repeat(hours, 2)[1:-1], np.ravel((level[:-1], before[:-1]), "F"), color=INK, linewidth=0.8)
        theory = inventory.theory_cycle(stock)
        for word in ("most", "mean", "least"):
            axes.axhline(getattr(theory, word), color=THEORY, linewidth=0.7, linestyle="--" if word == "mean" else "-")
            axes.annotate(
                f"{word} {getattr(theory, word):g}", (1, getattr(theory, word)), (3, 0), color=THEORY, va="center",
                xycoords=("axes fraction", "data"), textcoords="offset points",
            )  # fmt: skip
        axes.set(xlim=(0, 192), ylim=(0, None), xlabel=f"hours; {stock.words}", ylabel="stock, t")
        axes.set_xticks(range(0, 193, 24))
        table["hour"] = hours.tolist()
        table[f"stock_tonnes, {stock.words}"] = level.tolist()
    return sheet("stocks", frame.figure, told, {"": table})


def draw_fleets() -> Sheet:
    """Draw what fleets carry, past gates and without."""
    write_table("little", [fleets.little_row(fleets.play_little())])
    carried = {
        (vehicles, rate): fleets.carried(vehicles, gate_rate=rate)
        for rate in fleets.GATES
        for vehicles in fleets.FLEETS
    }
    rows = [fleets.fleet_row(vehicles, rate, played) for (vehicles, rate), played in carried.items()]
    write_table("fleets", rows)
    told = Told(
        "A gate makes every lorry more worth less than the one before",
        f"Tonnes an hour carried over a road with a cycle of {fleets.CYCLE:g} hours, 10 tonnes a lorry, by the size of "
        "the fleet, past a gate that is passed twice",
        "Curves of tonnes an hour against vehicles: straight without a gate, bent with gates of four and two vehicles "
        "an hour, with points of the engine on them.",
    )
    frame = framed(told, 50.0)
    (axes,) = panels(frame, 1)
    line = np.linspace(0, 12, 121)
    for rate, colour, marker in zip(fleets.GATES, (THEORY, SECOND, THIRD), "os^", strict=True):
        theory = [fleet_tonnes(n, payload=10.0, cycle=fleets.CYCLE, gate_rate=rate) for n in line.tolist()]
        axes.plot(line, theory, color=colour, linewidth=1.0)
        axes.plot(fleets.FLEETS, [carried[n, rate] for n in fleets.FLEETS], marker, color=colour, markersize=3.5)
        words = "no gate" if rate == float("inf") else f"{rate:g} vehicles an hour"
        axes.annotate(words, (line[-1], theory[-1]), (4, 0), textcoords="offset points", color=colour, va="center")
    axes.set(xlim=(0, 14.5), ylim=(0, None), xlabel="vehicles", ylabel="carried, t/h")
    axes.set_xticks(range(0, 13, 2))
    keys = list(carried)
    tables = {
        "": _columns(
            ("vehicles", [vehicles for vehicles, _ in keys]),
            ("gate_vehicles_per_hour", [rate for _, rate in keys]),
            ("engine_tonnes_per_hour", list(carried.values())),
        )
    }
    return sheet("fleets", frame.figure, told, tables)


def draw_fluid() -> Sheet:
    """Draw the fluid and the engine, and how they come together."""
    flow = fluid.flow()
    played = {reviews: fluid.play(reviews) for reviews in fluid.REVIEWS}
    off = [float(np.abs(stock - flow).max()) for stock in played.values()]
    write_table("fluid", fluid.fluid_rows(off))
    told = Told(
        "Ever smaller loads, sent ever more often, flow like a fluid",
        "Two towns and a source that fails from hour 24 to 112; the road to the second is shut from 150 to 170. Black: "
        f"the fluid; colours: the engine with {fluid.REVIEWS[0]} and {fluid.REVIEWS[-1]} reviews an hour",
        "Curves of three stocks over ten days by a fluid model and by the engine, nearly on one another, and a "
        "straight line of the greatest difference against reviews an hour on logarithmic axes.",
    )
    frame = framed(told, 58.0, "A load is a tonne over the square of the reviews an hour.")
    first, second, third, last = panels(frame, 4, gap=9.0, title=4.0)
    words = ("the source s", "town t", "town u")
    hours = np.arange(fluid.END + 1)
    for node, (axes, name) in enumerate(zip((first, second, third), words, strict=True)):
        axes.plot(hours, flow[:, node], color=INK, linewidth=1.6)
        axes.plot(hours, played[fluid.REVIEWS[0]][:, node], color=SECOND, linewidth=0.6)
        axes.plot(hours, played[fluid.REVIEWS[-1]][:, node], color=THIRD, linewidth=0.6)
        axes.set(xlim=(0, fluid.END), ylim=(0, None), xlabel="hours")
        axes.set_title(f"{name}, t", fontsize=STYLE.points("text"), loc="left")
        axes.set_xticks(range(0, fluid.END + 1, 48))
    guide = off[0] * fluid.REVIEWS[0] / np.array(fluid.REVIEWS)
    last.loglog(fluid.REVIEWS, guide, color=THEORY, linewidth=0.8)
    last.loglog(fluid.REVIEWS, off, "o", color=INK, markersize=3.5)
    last.set_title("most it is off, t", fontsize=STYLE.points("text"), loc="left")
    last.set_xlabel("reviews an hour")
    last.set_xticks(fluid.REVIEWS, [str(number) for number in fluid.REVIEWS])
    last.set_yticks([1, 2, 5, 10], ["1", "2", "5", "10"])
    last.minorticks_off()
    last.annotate("one over reviews", (0.42, 0.85), xycoords="axes fraction", color=THEORY)
    columns: list[tuple[str, list[object]]] = [("hour", hours.tolist())]
    for node, name in enumerate(fluid.NODES):
        columns.append((f"{name}_fluid_tonnes", flow[:, node].tolist()))
        columns += [(f"{name}_engine_{n}_reviews_tonnes", stock[:, node].tolist()) for n, stock in played.items()]
    return sheet("fluid", frame.figure, told, {"": _columns(*columns)})


def draw_pipes() -> Sheet:
    """Draw the fill of a pipe that is shut for a while."""
    write_table("pipes", [pipes.pipe_row(review, pipes.play_pipe(review)) for review in pipes.REVIEWS])
    told = Told(
        "A shut pipe keeps its fill, and goes on with it when it is opened",
        f"Tonnes in a pipe of {pipes.CAPACITY:g} t/h and {pipes.TRANSIT:g} hours, by how often it takes in a batch; it "
        f"is shut from hour {pipes.CUT[0]:g} to {pipes.CUT[1]:g}. Lines: the engine; dashed: capacity times transit",
        "Stepped curves of the fill of a pipe for reviews every six hours, every hour and every quarter of an hour; "
        "while the pipe is shut they are level.",
    )
    frame = framed(told, 46.0, "The fill is counted from the batches told by the engine.")
    instants = np.arange(0.0, 72.0, 0.125)
    columns: list[tuple[str, list[float]]] = [("hour", instants.tolist())]
    chosen = (6.0, 1.0, 0.25)
    for axes, review in zip(panels(frame, 3, gap=9.0, title=4.0), chosen, strict=True):
        fill = pipes.fill(pipes.play_pipe(review, *pipes.cut()), instants)
        axes.axvspan(*pipes.CUT, color="#dddddd", linewidth=0)
        axes.axhline(pipes.CAPACITY * pipes.TRANSIT, color=THEORY, linewidth=0.8, linestyle="--")
        axes.step(instants, fill, where="post", color=INK, linewidth=0.8)
        axes.set(xlim=(0, 72), ylim=(0, 85), xlabel="hours")
        axes.set_title(f"fill, t; a batch every {review:g} h", fontsize=STYLE.points("text"), loc="left")
        axes.set_xticks(range(0, 73, 12))
        columns.append((f"fill_tonnes, every {review:g} hours", fill.tolist()))
    return sheet("pipes", frame.figure, told, {"": _columns(*columns)})


def draw_sieges() -> Sheet:
    """Draw how long a town lasts under rations."""
    played = {words: sieges.besieged(steps)[1] for words, steps in sieges.RATIONS.items()}
    write_table("sieges", [sieges.siege_row(words, trace) for words, trace in played.items()])
    told = Told(
        "Rations make a besieged town last, each by as much as it withholds",
        f"Stock of a town that has {sieges.STOCK:g} t, uses {sieges.DEMAND:g} t/h and gets nothing; ticks: when theory "
        "says that it is dry",
        "Falling curves of stock without rations and with one, two and three steps, which reach zero where the closed "
        "form says.",
    )
    frame, hours = framed(told, 50.0), np.arange(0.0, 100.0)
    (axes,) = panels(frame, 1)
    columns: list[tuple[str, list[float]]] = [("hour", hours.tolist())]
    shades = (INK, THEORY, SECOND, THIRD)
    for (words, trace), colour in zip(played.items(), shades, strict=True):
        place = trace.place.tolist().index(sieges.at(sieges.NET, "t"))
        stock, dry = trace.stock[: hours.size, place, 0], sieges.first_dry(trace)
        axes.plot(hours[hours <= dry], stock[hours <= dry], ".", color=colour, markersize=2.0)
        levels = [sieges.STOCK, *(level for level, _ in sieges.RATIONS[words]), 0.0]
        shares = [1.0, *(share for _, share in sieges.RATIONS[words])]
        spans = -np.diff(levels) / np.array(shares) / sieges.DEMAND
        axes.plot([0.0, *np.cumsum(spans)], levels, color=colour, linewidth=0.8)
        axes.plot(sum(spans), 0.0, marker="|", markersize=9, color=colour, clip_on=False)
        axes.annotate(f"{sum(spans):.1f} h", (sum(spans), 0.0), (3, 5), textcoords="offset points", color=colour)
        columns.append((f"stock_tonnes, {words}", stock.tolist()))
    for number, (words, colour) in enumerate(zip(played, shades, strict=True)):
        axes.text(0.55, 0.95 - 0.1 * number, words, color=colour, transform=axes.transAxes, va="top")
    axes.set(xlim=(0, 60), ylim=(0, None), xlabel="hours", ylabel="stock, t")
    return sheet("sieges", frame.figure, told, {"": _columns(*columns)})


def draw_luck() -> Sheet:
    """Draw what two worlds have in common, seed by seed."""
    base, compared = luck.world(luck.FAIR), dict[str, luck.Compared]()
    for words, (policy, vehicles) in luck.OTHERS.items():
        compared[words] = luck.compare(base, luck.world(policy, vehicles=vehicles))
    write_table("luck", [luck.luck_row(words, each) for words, each in compared.items()])
    told = Told(
        "What is bad luck for one is bad luck for the other",
        f"Unmet demand of {luck.SEEDS} replications, one point a seed: fair share with 12 lorries across, another "
        "world with the same seed upwards",
        "Two clouds of points that rise to the right: where demand is unmet under one policy it is under the other.",
    )
    frame = framed(told, 56.0, "Noise on travel times is two fifths of their mean.")
    columns: list[tuple[str, list[float]]] = []
    for axes, (words, each) in zip(panels(frame, 2, title=4.0), compared.items(), strict=True):
        axes.plot(each.one, each.other, "o", color=THEORY, markersize=2.8)
        axes.set(xlabel="unmet with fair share, 12 lorries, t", ylabel="unmet, t")
        heading = f"{words} lorries: correlation {each.correlation[0]:.2f}"
        axes.set_title(heading, loc="left", fontsize=STYLE.points("text"), color=MUTED)
        columns = columns or [("fair_12_unmet_tonnes", each.one.tolist())]
        columns.append((f"{words.replace(' ', '_')}_unmet_tonnes", each.other.tolist()))
    return sheet("luck", frame.figure, told, {"": _columns(*columns)})


def _columns(*columns: tuple[str, list[object]]) -> Table:
    return dict(columns)


if __name__ == "__main__":
    main()
