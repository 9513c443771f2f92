"""A scenario bound to its network: names become positions, dates become hours."""

from corridor.case.bind import bind
from corridor.case.capacity import Capacity, Gateway, capacity
from corridor.case.model import (
    DEPOT_TIER,
    NO_TIER,
    PLACE_TIER,
    SOURCE_TIER,
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
from corridor.case.positions import check_actor, check_count, check_hour
from corridor.case.sources import source_nodes
from corridor.case.trips import TripDemand, trip_demand
from corridor.case.whole import EVERYBODY, whole

__all__ = [
    "DEPOT_TIER",
    "EVERYBODY",
    "NO_TIER",
    "PLACE_TIER",
    "SOURCE_TIER",
    "AidConvoy",
    "Capacity",
    "Case",
    "DemandChange",
    "DisplacementRule",
    "EventUse",
    "Gateway",
    "Movement",
    "Pipe",
    "RateChange",
    "Source",
    "SupplyCase",
    "TripDemand",
    "bind",
    "capacity",
    "check_actor",
    "check_count",
    "check_hour",
    "source_nodes",
    "trip_demand",
    "whole",
]
