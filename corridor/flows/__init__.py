"""What flows at the least cost and at the most: transport, maximum flow and minimum cut (the home of HiGHS)."""

from corridor.flows.transport import GRAIN, TICK, Transport

__all__ = ["GRAIN", "TICK", "Transport"]
