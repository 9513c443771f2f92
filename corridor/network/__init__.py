"""The network: nodes and links as parallel read-only arrays, the tables of supply with it, and their invariants."""

from corridor.network.assemble import Link, Node, assemble, both_ways, row_faults
from corridor.network.describe import describe
from corridor.network.faults import faults, great_circle, road_components
from corridor.network.model import (
    PIPELINE,
    ROAD,
    Commodity,
    Demand,
    Facility,
    Fleet,
    Floats,
    Ints,
    Mask,
    Network,
    Range,
    SupplyTables,
    Texts,
)
from corridor.network.words import did_you_mean

__all__ = [
    "PIPELINE",
    "ROAD",
    "Commodity",
    "Demand",
    "Facility",
    "Fleet",
    "Floats",
    "Ints",
    "Link",
    "Mask",
    "Network",
    "Node",
    "Range",
    "SupplyTables",
    "Texts",
    "assemble",
    "both_ways",
    "describe",
    "did_you_mean",
    "faults",
    "great_circle",
    "road_components",
    "row_faults",
]
