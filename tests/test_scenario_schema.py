"""The schema that editors read says what the reader reads."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from corridor.scenario import SCHEMA_PATH, scenario_schema, schema_text, starter
from corridor.scenario.yamltext import parse_yaml

FAULTY = Path(__file__).parent / "faulty"
SHIPPED = sorted((Path(__file__).parent.parent / "scenarios").glob("*.yaml"))


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    jsonschema.Draft202012Validator.check_schema(scenario_schema())
    return jsonschema.Draft202012Validator(scenario_schema())


def plain(text: str) -> Any:
    root, faults = parse_yaml(text, "it.yaml")
    assert not faults
    assert root is not None
    return root.plain()


def test_the_shipped_schema_is_current() -> None:
    remedy = "write it anew: SCHEMA_PATH.write_text(schema_text())"
    assert SCHEMA_PATH.read_text(encoding="utf-8") == schema_text(), remedy


def test_the_schema_is_the_same_in_another_process() -> None:
    code = "import sys; from corridor.scenario import schema_text; sys.stdout.buffer.write(schema_text().encode())"
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=SCHEMA_PATH.parents[2])
    assert made.stdout.decode() == schema_text()


@pytest.mark.parametrize("path", [*SHIPPED, FAULTY / "whole.yaml"], ids=lambda path: path.stem)
def test_the_schema_allows_good_scenarios(path: Path, validator: jsonschema.Draft202012Validator) -> None:
    assert [error.message for error in validator.iter_errors(plain(path.read_text(encoding="utf-8")))] == []


def test_the_schema_allows_the_starter(validator: jsonschema.Draft202012Validator) -> None:
    assert [error.message for error in validator.iter_errors(plain(starter("mine")))] == []


def test_the_first_line_of_a_shipped_scenario_names_the_schema() -> None:
    for path in SHIPPED:
        first = path.read_text(encoding="utf-8").split("\n", 1)[0]
        named = first.removeprefix("# yaml-language-server: $schema=")
        assert (path.parent / named).resolve() == SCHEMA_PATH


TYPE_FAULTS = [
    "unknown_key",
    "unknown_key_inside",
    "unknown_key_far",
    "missing_keys",
    "missing_inside",
    "what_if_without_name",
    "not_filled_in",
    "outside_the_language",
    "quoted_number",
    "not_a_number",
    "true_as_number",
    "not_whole",
    "yes_for_true",
    "number_as_text",
    "negative_stock",
    "zero_load",
    "too_long_warmup",
    "no_replications",
    "not_a_colour",
    "bad_name",
    "bad_actor_id",
    "list_for_text",
    "text_for_list",
    "text_for_mapping",
    "mapping_for_list",
    "unknown_policy",
    "unknown_choice",
    "no_commodities",
    "empty_text",
    "no_offset",
    "only_a_date",
    "unknown_kind",
    "no_kind",
    "unknown_status",
    "event_key_missing",
    "foreign_key",
    "odd_id",
    "no_nodes",
    "number_for_node",
    "event_is_a_list",
    "neither_event_nor_table",
    "share_too_large",
    "link_share",
    "unknown_check",
    "without_text",
    "table_rule",
    "table_unknown_key",
    "review_too_often",
    "review_too_seldom",
    "clocks",
    "gates",
    "fleets",
    "ships",
    "people",
    "without_unit",
    "another_policys_key",
]


@pytest.mark.parametrize("name", TYPE_FAULTS)
def test_the_schema_marks_what_the_reader_refuses(name: str, validator: jsonschema.Draft202012Validator) -> None:
    assert not validator.is_valid(plain((FAULTY / f"{name}.yaml").read_text(encoding="utf-8")))


def test_every_key_is_explained_where_an_editor_shows_it() -> None:
    unexplained = [
        f"{name}.{key}"
        for name, room in scenario_schema()["$defs"].items()
        for key, schema in room.get("properties", {}).items()
        if "description" not in schema and key not in {"kind", "check"}
    ]
    assert unexplained == []


def test_the_schema_is_plain() -> None:
    text = json.dumps(scenario_schema())
    assert '"null"' not in text
    assert "discriminator" not in text
    assert "skip_outside" not in text
