"""Two towns fed from one source, as a fluid in small steps and by the engine with ever more, ever smaller lorries.

The fluid knows nothing of convoys, events or the engine: goods and the room on lorries flow along two roads with a
delay, and are shared out at every step. What happens is enough to meet most rules: the source fails and comes back, the
fleet is too small to make up for it at once, rations set in, and one road is shut for a while.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from corridor.case import RateChange
from corridor.policies import FairShare
from tests.builders import network
from tests.supply_cases import closed, run, source, supply_case
from tests.verification.page import said

__all__ = ["END", "NODES", "REVIEWS", "flow", "fluid_rows", "play", "worst"]

Floats = NDArray[np.float64]

END = 240
NODES = ("s", "t", "u")
DEMAND = (3.0, 2.0)
TARGET = (60.0, 40.0)
DRIVE = (2.0, 3.0)
"""Of the towns t and u: tonnes an hour, tonnes, and hours from s."""
RATE, FIRST = 8.0, 20.0
"""Tonnes an hour of the source, and tonnes there at the start."""
FAILS, WORKS, SHARE = 24.0, 112.0, 0.25
"""From when until when, hours, the source works at a share of its rate."""
SHUT, OPENED = 150.0, 170.0
"""From when until when, hours, the road from s to u is shut."""
RATION, LEFT = 25.0, 0.5
"""At and below which stock of t, tonnes, use is cut to which share."""
REVIEWS = (1, 2, 4, 8)
"""Reviews an hour of the runs that are held against the fluid."""
LORRIES = 36.0
"""Tonnes that all lorries carry together."""

NET = network(dict.fromkeys(NODES, (36.0, 34.0)), [("s", "t", 10.0, DRIVE[0]), ("s", "u", 10.0, DRIVE[1])])


def play(reviews: int) -> Floats:
    """Return what the engine has in stock at each hour, shape (hours, 3), with so many `reviews` an hour.

    A lorry carries one tonne divided by the square of it: each review sends more of them than the one before.
    """
    payload = 1.0 / reviews**2
    case = supply_case(
        NET,
        end=float(END),
        sources=[source(NET, "s", RATE)],
        rate_changes=[
            RateChange(time=FAILS, event="fails", source=0, share=SHARE),
            RateChange(time=WORKS, event="works", source=0, share=1.0),
        ],
        stock={"s": FIRST, "t": TARGET[0], "u": TARGET[1]},
        demand={"t": DEMAND[0], "u": DEMAND[1]},
        tier={"s": 0, "t": 2, "u": 2},
        target={"t": TARGET[0], "u": TARGET[1]},
        ration_level={"t": RATION},
        ration_share=[LEFT],
        payload=[payload],
        fleet={"s": round(LORRIES / payload)},
        changes=[closed(NET, SHUT, "s-u"), closed(NET, OPENED, "s-u", share=1.0)],
        policy=FairShare(review_hours=1.0 / reviews, target_days={"default": 1.0}),
    )
    return run(case).stock[:, :, 0]


def flow(steps: int = 128) -> Floats:
    """Return what the fluid has in stock at each hour, shape (hours, 3), in so many `steps` an hour."""
    fluid, record = Fluid(steps), []
    for step in range(END * steps + 1):
        fluid.move(step)
        if step % steps == 0:
            record.append([fluid.depot, *fluid.stock])
        fluid.use(step / steps)
    return np.array(record)


def worst(reviews: int, fluid: Floats) -> float:
    """Return by how many tonnes the engine is off at most, at any hour and node."""
    return float(np.abs(play(reviews) - fluid).max())


class Fluid:
    """Hold what lies at s (`depot`) and in the towns (`stock`), what is on its way to each, and the room on lorries.

    What is under way is kept by the step at which it is there: `loaded` to each town, `empty` from each town to s,
    and `turned`, loads for u that come back to s.
    """

    def __init__(self, steps: int) -> None:
        self.steps = steps
        self.drive = [round(hours * steps) for hours in DRIVE]
        self.depot, self.stock, self.room = FIRST, list(TARGET), LORRIES
        self.loaded = [defaultdict[int, float](float), defaultdict[int, float](float)]
        self.empty = [defaultdict[int, float](float), defaultdict[int, float](float)]
        self.turned = defaultdict[int, float](float)

    def move(self, step: int) -> None:
        """Let arrive what is due, and send off what there is: loads that arrive leave at once as empty room."""
        if step == SHUT * self.steps:
            self.shut(step)
        for town in (0, 1):
            tonnes = self.loaded[town].pop(step, 0.0)
            self.stock[town] += tonnes
            self.empty[town][step + self.drive[town]] += tonnes
            self.room += self.empty[town].pop(step, 0.0)
        turned = self.turned.pop(step, 0.0)
        self.depot += turned
        self.room += turned
        for town, tonnes in enumerate(self.share(step / self.steps)):
            self.loaded[town][step + self.drive[town]] += tonnes
            self.depot -= tonnes
            self.room -= tonnes

    def shut(self, step: int) -> None:
        """Turn round all on the road to u: loads back to s, and empty room back to u, where it waits."""
        for due in [due for due in self.loaded[1] if due > step]:
            # As far as they have come they go back.
            self.turned[step + step - (due - self.drive[1])] += self.loaded[1].pop(due)
        waiting = sum(self.empty[1].pop(due) for due in [due for due in self.empty[1] if due > step])
        self.empty[1][round(OPENED * self.steps) + self.drive[1]] += waiting

    def share(self, hour: float) -> list[float]:
        """Return the tonnes for each town: up to its target, or as many as make the days of supply of both equal."""
        way = [sum(self.loaded[town].values()) for town in (0, 1)]
        way[1] += sum(self.turned.values())
        have = [self.stock[town] + way[town] for town in (0, 1)]
        open_ = [True, not SHUT <= hour < OPENED]
        wants = [max(0.0, TARGET[town] - have[town]) * open_[town] for town in (0, 1)]
        there = max(0.0, min(self.depot, self.room))
        if sum(wants) <= there:
            return wants
        low, high = 0.0, max(TARGET[town] / DEMAND[town] for town in (0, 1))
        for _ in range(40):
            level = (low + high) / 2
            sent = [min(wants[town], max(0.0, level * DEMAND[town] - have[town])) for town in (0, 1)]
            low, high = (low, level) if sum(sent) > there else (level, high)
        return [min(wants[town], max(0.0, low * DEMAND[town] - have[town])) for town in (0, 1)]

    def use(self, hour: float) -> None:
        """Let one step of making and using pass."""
        self.depot += RATE * (SHARE if FAILS <= hour < WORKS else 1.0) / self.steps
        for town in (0, 1):
            wanted = DEMAND[town] * (LEFT if town == 0 and self.stock[0] <= RATION else 1.0) / self.steps
            self.stock[town] = max(0.0, self.stock[town] - wanted)


def fluid_rows(off: Sequence[float]) -> list[tuple[str, ...]]:
    """Return what the page says of the engine on its way to the fluid, from what it is `off` with each of REVIEWS."""
    shares = ["", *(said(after / before, 2) for before, after in pairwise(off))]
    return [
        (f"{reviews}", f"{1000 / reviews**2:g}", said(tonnes), share)
        for reviews, tonnes, share in zip(REVIEWS, off, shares, strict=True)
    ]
