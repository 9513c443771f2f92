"""What is lost when roads or nodes go, and which to reopen or keep first."""

from corridor.criticality.keeping import Keeping, keep
from corridor.criticality.order import Repair, Schedule, repair_order
from corridor.criticality.pairs import PairCriticality, pair_criticality
from corridor.criticality.removal import Criticality, criticality
from corridor.criticality.reopening import REPAIR_DAYS, Aim, Opening, Reopening, Shut, reopen
from corridor.criticality.shortening import shortened

__all__ = [
    "REPAIR_DAYS",
    "Aim",
    "Criticality",
    "Keeping",
    "Opening",
    "PairCriticality",
    "Reopening",
    "Repair",
    "Schedule",
    "Shut",
    "criticality",
    "keep",
    "pair_criticality",
    "reopen",
    "repair_order",
    "shortened",
]
