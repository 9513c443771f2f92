"""Where one can drive over a set of links, how fast and by which way (the home of csgraph)."""

from corridor.paths.betweenness import betweenness
from corridor.paths.bridges import articulations, bridges, isolated_by_links, isolated_by_nodes
from corridor.paths.components import components
from corridor.paths.efficiency import efficiency
from corridor.paths.evolving import Evolution, evolving
from corridor.paths.history import History
from corridor.paths.pairs import PairRemoval, removal_of_pairs
from corridor.paths.replacement import Removal, removal_of_links, removal_of_nodes
from corridor.paths.roads import Chart, Roads
from corridor.paths.way_round import way_round

__all__ = [
    "Chart",
    "Evolution",
    "History",
    "PairRemoval",
    "Removal",
    "Roads",
    "articulations",
    "betweenness",
    "bridges",
    "components",
    "efficiency",
    "evolving",
    "isolated_by_links",
    "isolated_by_nodes",
    "removal_of_links",
    "removal_of_nodes",
    "removal_of_pairs",
    "way_round",
]
