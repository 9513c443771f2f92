"""What flows at the least cost and at the most: transport, maximum flow and minimum cut (the home of HiGHS)."""

from corridor.flows.cut import MinimumCut, minimum_cut
from corridor.flows.transport import GRAIN, TICK, Transport

__all__ = ["GRAIN", "TICK", "MinimumCut", "Transport", "minimum_cut"]
