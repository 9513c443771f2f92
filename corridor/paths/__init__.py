"""Where one can drive over a set of links, how fast and by which way (the home of csgraph)."""

from corridor.paths.betweenness import betweenness
from corridor.paths.components import components
from corridor.paths.efficiency import efficiency
from corridor.paths.roads import Chart, Roads

__all__ = ["Chart", "Roads", "betweenness", "components", "efficiency"]
