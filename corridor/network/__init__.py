"""The network: nodes and links as parallel read-only arrays, the tables of supply with it, and their invariants."""

from corridor.network.assemble import Link, Node, assemble, both_ways, did_you_mean, unknown_nodes
from corridor.network.model import (
    PIPELINE,
    ROAD,
    Commodity,
    Demand,
    Facility,
    Fleet,
    Floats,
    Ints,
    Network,
    Range,
    SupplyTables,
    Texts,
)

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
    "Network",
    "Node",
    "Range",
    "SupplyTables",
    "Texts",
    "assemble",
    "both_ways",
    "did_you_mean",
    "unknown_nodes",
]
