"""The scenario as written: YAML and CSV in, every fault out."""

from corridor.scenario.document import Document, load_scenario, read_scenario
from corridor.scenario.model import Scenario
from corridor.scenario.schema import SCHEMA_PATH, scenario_schema, schema_text
from corridor.scenario.starter import starter
from corridor.scenario.words import render

__all__ = [
    "SCHEMA_PATH",
    "Document",
    "Scenario",
    "load_scenario",
    "read_scenario",
    "render",
    "scenario_schema",
    "schema_text",
    "starter",
]
