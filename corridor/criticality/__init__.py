"""What is lost when roads or nodes go, and which to reopen or keep first."""

from corridor.criticality.pairs import PairCriticality, pair_criticality
from corridor.criticality.removal import Criticality, criticality
from corridor.criticality.reopening import Aim, Reopening, reopen

__all__ = ["Aim", "Criticality", "PairCriticality", "Reopening", "criticality", "pair_criticality", "reopen"]
