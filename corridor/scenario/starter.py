"""A scenario to begin with."""

import re
from pathlib import Path

from corridor.errors import ScenarioError
from corridor.scenario.values import IDENTIFIER
from corridor.scenario.words import found

__all__ = ["starter"]

NAME = "name: my_scenario "


def starter(name: str, *, schema: str = "") -> str:
    """Return the text of a commented scenario called `name`, small enough to be read at once, that runs as it is.

    Parameters
    ----------
    name
        Lower-case letters, digits and ``_``.
    schema
        Where an editor finds the JSON Schema, seen from the file that is to be written; empty: not said.

    Raises
    ------
    ScenarioError
        If `name` cannot name a scenario.
    """
    if not re.fullmatch(IDENTIFIER, name):
        raise ScenarioError(
            f"{found(name)} cannot name a scenario; use lower-case letters, digits and '_', a letter first"
        )
    text = Path(__file__).with_name("starter.yaml").read_text(encoding="utf-8")
    begin, comment = text.split(NAME, maxsplit=1)
    line, rest = comment.split("\n", maxsplit=1)
    named = f"{f'name: {name}':<{len(NAME) + len(line) - len(line.lstrip())}}{line.lstrip()}\n"
    first = f"# yaml-language-server: $schema={schema}\n" if schema else ""
    return first + begin + named + rest
