"""The JSON Schema of a scenario's file, for editors: made from the types of the model and their docstrings."""

import ast
import inspect
import json
import re
import sys
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from corridor.scenario import events, expectations, model
from corridor.scenario.chain import NOT_INHERITED
from corridor.scenario.model import Scenario
from corridor.scenario.shapes import members, policies
from corridor.scenario.supply_checks import REVIEW_HOURS
from corridor.scenario.validate import adapter

__all__ = ["SCHEMA_PATH", "scenario_schema", "schema_text"]

SCHEMA_PATH = Path(__file__).resolve().parent.parent / "schema" / "scenario.schema.json"
"""The schema as it is shipped."""
Schema = dict[str, Any]

SECTION = re.compile(r"\n\s*\w+\n\s*---")
"""Where a docstring goes over into sections such as references."""
TABLE: Schema = {
    "type": "string",
    "pattern": r"\.[cC][sS][vV]$",
    "description": "A table of events (CSV), its path from this file.",
}
TABLE_WITH_RULE: Schema = {
    "type": "object",
    "description": "A table of events (CSV) that may reach beyond the scenario's time.",
    "properties": {
        "table": TABLE,
        "outside": {"const": "skip", "description": "skip: events before the start or after the end are not applied."},
    },
    "required": ["table"],
    "additionalProperties": False,
}
BASE: Schema = {
    "type": "string",
    "minLength": 1,
    "description": "The file this one builds on, its path from this file.",
}
WITHOUT: Schema = {
    "type": "array",
    "items": {"type": "string"},
    "description": "Ids of the base's events that are left out.",
}


def scenario_schema() -> Schema:
    """Return the JSON Schema (2020-12) of what a scenario's file may say.

    A file with a `base` needs only what differs; any other must be whole.
    """
    made = adapter().json_schema()
    rooms: Schema = made.pop("$defs")
    whole = {key: made[key] for key in ("type", "properties", "required", "additionalProperties")}
    for choice in _dataclasses():
        _describe(rooms.get(choice.__name__, whole if choice is Scenario else {}), choice)
    _bound_reviews(rooms)
    del whole["properties"]["skip_outside"]
    event = whole["properties"]["events"]["items"]
    rooms["Event"] = {"oneOf": event["oneOf"]}
    whole["properties"]["events"]["items"] = {"anyOf": [TABLE, TABLE_WITH_RULE, {"$ref": "#/$defs/Event"}]}
    rooms["Scenario"] = whole
    rooms["WhatIf"] = _what_if(whole, rooms)
    schema: Schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A scenario of corridor",
        "type": "object",
        "if": {"required": ["base"]},
        "then": {"$ref": "#/$defs/WhatIf"},
        "else": {"$ref": "#/$defs/Scenario"},
        "$defs": dict(sorted(rooms.items())),
    }
    cleaned: Schema = _plain(schema)
    return cleaned


def schema_text() -> str:
    """Return the schema as the text of the shipped file."""
    return json.dumps(scenario_schema(), indent=1, ensure_ascii=False) + "\n"


def _what_if(whole: Schema, rooms: Schema) -> Schema:
    """Return the schema of a file with a base: mappings may be written in part, lists are whole."""
    properties = {key: _in_part(value, rooms) for key, value in whole["properties"].items()}
    return {
        **whole,
        "properties": {"base": BASE, "without": WITHOUT, **properties},
        "required": ["base", *(key for key in NOT_INHERITED if members(Scenario)[key].required)],
    }


def _in_part(schema: Schema, rooms: Schema) -> Schema:
    """Return a schema whose mappings need none of their keys; adds what it refers to to `rooms`."""
    changed = deepcopy(schema)
    if "$ref" in changed:
        name = changed["$ref"].rsplit("/", 1)[1]
        if rooms[name].get("type") == "object":
            part = f"PartOf{name}"
            if part not in rooms:
                rooms[part] = {key: value for key, value in rooms[name].items() if key != "required"}
                rooms[part]["properties"] = {
                    key: _in_part(value, rooms) for key, value in rooms[name]["properties"].items()
                }
            changed["$ref"] = f"#/$defs/{part}"
    if "oneOf" in changed:
        changed["anyOf"] = [_in_part(choice, rooms) for choice in changed.pop("oneOf")]
    for keyword in ("patternProperties", "properties"):
        if keyword in changed:
            changed[keyword] = {key: _in_part(value, rooms) for key, value in changed[keyword].items()}
    return changed


def _describe(schema: Schema, choice: type) -> None:
    """Write what the docstrings say into the schema of a dataclass."""
    if "properties" not in schema:
        return
    schema["description"] = _oneline(SECTION.split(choice.__doc__ or "")[0])
    for owner in reversed(choice.__mro__):
        for name, text in _field_docs(owner.__module__).get(owner.__name__, {}).items():
            key = name.rstrip("_")
            if key in schema["properties"]:
                schema["properties"][key]["description"] = text


def _bound_reviews(rooms: dict[str, Schema]) -> None:
    """Write into the schemas of the policies how often one may review, which is no matter of its type."""
    least, most = REVIEW_HOURS
    for policy in policies().values():
        review = rooms[policy.__name__]["properties"]["review_hours"]
        review |= {"minimum": least, "maximum": most}
        review.pop("exclusiveMinimum", None)


@cache
def _field_docs(module: str) -> dict[str, dict[str, str]]:
    """Return the docstrings below the fields of a module's classes, by class and field."""
    if not module.startswith("corridor."):
        return {}
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {node.name: dict(_documented(node)) for node in tree.body if isinstance(node, ast.ClassDef)}


def _documented(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for field, below in zip(node.body, node.body[1:], strict=False):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                yield name, _oneline(text)


def _dataclasses() -> list[type]:
    homes = (model, events, expectations)
    named = [getattr(home, name) for home in homes for name in home.__all__]
    return [*(choice for choice in named if isinstance(choice, type)), *policies().values()]


def _oneline(text: str) -> str:
    return " ".join(text.split()).replace("``", "`")


def _plain(schema: Any) -> Any:  # noqa: ANN401 (any part of a schema)
    """Take out what says nothing to an editor: titles made of keys, choices of null, the validator's own hints."""
    if isinstance(schema, list):
        return [_plain(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: _plain(value) for key, value in schema.items() if key != "discriminator"}
    if isinstance(kept.get("title"), str) and kept["title"] != "A scenario of corridor":
        del kept["title"]
    if kept.get("default", 0) is None:
        del kept["default"]
    if "patternProperties" in kept:
        kept["additionalProperties"] = False
    choices = kept.get("anyOf")
    if isinstance(choices, list) and {"type": "null"} in choices:
        left = [choice for choice in choices if choice != {"type": "null"}]
        del kept["anyOf"]
        kept = {**(left[0] if len(left) == 1 else {"anyOf": left}), **kept}
    return kept
