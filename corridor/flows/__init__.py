"""What flows at the least cost and at the most: transport, maximum flow and minimum cut (the home of HiGHS)."""

from corridor.flows.coverage import Bounded, Stage, most_joined, most_parted
from corridor.flows.cut import FlowProblem, MinimumCut, minimum_cut, minimum_cuts
from corridor.flows.transport import GRAIN, TICK, Transport

__all__ = [
    "GRAIN",
    "TICK",
    "Bounded",
    "FlowProblem",
    "MinimumCut",
    "Stage",
    "Transport",
    "minimum_cut",
    "minimum_cuts",
    "most_joined",
    "most_parted",
]
