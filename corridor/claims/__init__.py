"""What is claimed, held against the model: what a scenario expects of its run, and what others said of the events."""

from corridor.claims.findings import Dependence, Finding, check, window_dependence

__all__ = ["Dependence", "Finding", "check", "window_dependence"]
