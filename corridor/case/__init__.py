"""A scenario bound to its network: names become positions, dates become hours."""

from corridor.case.bind import bind
from corridor.case.model import (
    AidConvoy,
    Case,
    DemandChange,
    DisplacementRule,
    EventUse,
    Movement,
    Pipe,
    RateChange,
    Source,
    SupplyCase,
)

__all__ = [
    "AidConvoy",
    "Case",
    "DemandChange",
    "DisplacementRule",
    "EventUse",
    "Movement",
    "Pipe",
    "RateChange",
    "Source",
    "SupplyCase",
    "bind",
]
