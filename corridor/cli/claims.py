"""Claims held against the model, as lines for a reader and as JSON for a program."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import corridor
from corridor.case import Case
from corridor.claims import Verdict, hold_file
from corridor.cli.loading import load
from corridor.errors import RunError
from corridor.scenario.measured import SIGNATURES

__all__ = ["SHIPPED", "claims_json", "claims_lines", "held"]

SHIPPED = Path(corridor.__file__).parent / "data" / "claims" / "homs_2024.csv"
"""The claims that come with the program: what the press wrote of Homs from 6 to 8 December 2024."""
NAMES = {"reproduced": "reproduced", "contradicted": "contradicted", "out_of_scope": "out of scope"}


def held(file: Path, scenarios: Path) -> tuple[Verdict, ...]:
    """Return what the model says of each claim of a file, held against the scenarios of a folder.

    Raises
    ------
    CorridorError
        With every fault of the claims, or of a scenario that they name.
    """

    @cache
    def case_of(name: str) -> Case:
        path = scenarios / f"{name}.yaml"
        if not path.is_file():
            raise RunError(f"no scenario {path}, which {file} names; give the folder of scenarios with --scenarios")
        return load(path).case

    return hold_file(file, case_of)


def claims_lines(found: Sequence[Verdict]) -> Iterator[str]:
    """Give a few lines for each claim: what was said, how it was checked, what the model and the record say."""
    for each in found:
        claim = each.claim
        yield f"{claim.id}  {NAMES[each.verdict].upper()}  {claim.source}: {claim.claim}"
        if claim.check is None:
            yield f"      not checked: {claim.why_not}"
        else:
            entered = ", as the scenario has it" if SIGNATURES[claim.check.measure].entered else ""
            yield f"      {claim.written}, in {claim.scenario}; found: {each.told}{entered}"
        yield f"      record ({claim.confidence}): {claim.record}"
        if claim.contradicts:
            yield f"      cannot be true beside {', '.join(claim.contradicts)}"
    counts = Counter[str](each.verdict for each in found)
    yield ""
    yield f"{len(found)} claims: " + ", ".join(f"{counts[verdict]} {name}" for verdict, name in NAMES.items())
    computed = Counter[str](
        each.verdict for each in found if each.claim.check and not SIGNATURES[each.claim.check.measure].entered
    )
    yield (
        f"computed: {computed['reproduced']} reproduced, {computed['contradicted']} contradicted; "
        "the other checks ask for what the scenario or its network says"
    )


def claims_json(found: Sequence[Verdict]) -> list[dict[str, Any]]:
    """Return one mapping for each claim."""
    return [
        {
            "id": each.claim.id,
            "source": each.claim.source,
            "claim": each.claim.claim,
            "check": each.claim.written,
            "value": each.value,
            "verdict": each.verdict,
            "record": each.claim.record,
        }
        for each in found
    ]
