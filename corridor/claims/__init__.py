"""What is claimed, held against the model: what a scenario expects of its run, and what others said of the events."""

from corridor.claims.findings import Dependence, Finding, check, window_dependence
from corridor.claims.measures import MEASURES
from corridor.claims.table import Claim, read_claims
from corridor.claims.verdicts import Verdict, hold, hold_file

__all__ = [
    "MEASURES",
    "Claim",
    "Dependence",
    "Finding",
    "Verdict",
    "check",
    "hold",
    "hold_file",
    "read_claims",
    "window_dependence",
]
