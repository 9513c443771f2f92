"""What is lost when roads or nodes go, and which to reopen or keep first."""

from corridor.criticality.reopening import Aim, Reopening, reopen

__all__ = ["Aim", "Reopening", "reopen"]
