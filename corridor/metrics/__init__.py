"""What a case and a run are measured by: territory, connectivity, access to sources, and supply."""

from corridor.metrics.access import (
    Isochrones,
    accessible_population,
    hours_from_sources,
    isochrones,
    isolation,
    source_hours,
    source_nodes,
)
from corridor.metrics.anchors import AnchorPairs, Reach, anchor_pairs, anchors, reach, way_shares
from corridor.metrics.connectivity import (
    Connectivity,
    Leader,
    PairNow,
    Reachable,
    Unreached,
    connectivity,
    delivered,
)
from corridor.metrics.power import PowerRow, power_rows
from corridor.metrics.supply import (
    SupplyRow,
    days_of_supply,
    fill_rate,
    person_days,
    stockout_hours,
    supply_rows,
)
from corridor.metrics.survival import Survival, SurvivalCurve, follow, kaplan_meier, survival
from corridor.metrics.territory import (
    OverlookEffect,
    Pocket,
    Territory,
    overlook_effect,
    pockets,
    substantial_threshold,
    territory,
)

__all__ = [
    "AnchorPairs",
    "Connectivity",
    "Isochrones",
    "Leader",
    "OverlookEffect",
    "PairNow",
    "Pocket",
    "PowerRow",
    "Reach",
    "Reachable",
    "SupplyRow",
    "Survival",
    "SurvivalCurve",
    "Territory",
    "Unreached",
    "accessible_population",
    "anchor_pairs",
    "anchors",
    "connectivity",
    "days_of_supply",
    "delivered",
    "fill_rate",
    "follow",
    "hours_from_sources",
    "isochrones",
    "isolation",
    "kaplan_meier",
    "overlook_effect",
    "person_days",
    "pockets",
    "power_rows",
    "reach",
    "source_hours",
    "source_nodes",
    "stockout_hours",
    "substantial_threshold",
    "supply_rows",
    "survival",
    "territory",
    "way_shares",
]
