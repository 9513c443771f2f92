"""The scenario as written: YAML and CSV in, every fault out."""

from corridor.scenario.document import Document, load_scenario, read_scenario
from corridor.scenario.model import Scenario
from corridor.scenario.words import render

__all__ = ["Document", "Scenario", "load_scenario", "read_scenario", "render"]
