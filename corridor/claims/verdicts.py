"""What the model says of each claim: the number it finds, and whether that is what was claimed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Literal

from corridor.case import Case
from corridor.case.measured import Asked, Reader, Unreadable
from corridor.claims.measures import Value, measured, stands, told
from corridor.claims.table import Claim, parse_claims
from corridor.claims.view import View
from corridor.errors import Fault, ScenarioError
from corridor.scenario.measured import SIGNATURES, Answer

__all__ = ["Verdict", "hold", "hold_file"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Say of a claim what the model finds, as a `value` and in words, and what that makes of the claim."""

    claim: Claim
    value: Value
    told: str
    verdict: Literal["reproduced", "contradicted", "out_of_scope"]


def hold_file(path: Path, case_of: Callable[[str], Case]) -> tuple[Verdict, ...]:
    """Hold the claims of a CSV file against the model; see `hold`.

    Raises
    ------
    ScenarioError
        With every fault of the file, and every check that names what its scenario does not have.
    """
    claims, faults = parse_claims(path)
    return hold(claims, case_of, faults=faults)


def hold(
    claims: Iterable[Claim], case_of: Callable[[str], Case], *, faults: Iterable[Fault] = ()
) -> tuple[Verdict, ...]:
    """Hold claims against the model, each against its scenario, in their order.

    Parameters
    ----------
    claims
        The claims.
    case_of
        Gives the case of a scenario by its name, or raises `CorridorError`.
    faults
        What is wrong with them already: then checks are read for more of it, and nothing is measured.

    Raises
    ------
    ScenarioError
        With every check that names what its scenario does not have.
    """
    views: dict[str, View] = {}
    wrong = list(faults)
    found = []
    for claim in claims:
        if claim.check is None:
            found.append(Verdict(claim=claim, value=None, told="", verdict="out_of_scope"))
            continue
        view = views.get(claim.scenario) or views.setdefault(claim.scenario, View(case_of(claim.scenario)))
        try:
            asked = Reader(view.case.scenario, view.case.network).read(claim.check, said=claim.said_at)
            if not wrong:
                found.append(_verdict(view, claim, asked))
        except Unreadable as error:
            file, line, column = claim.where
            wrong.append(Fault(message=f"{claim.written}: {error}", file=file, line=line, column=column))
    if wrong:
        raise ScenarioError(sorted(wrong, key=lambda fault: (fault.line, fault.column)))
    return tuple(found)


def _verdict(view: View, claim: Claim, asked: Asked) -> Verdict:
    value = measured(view, asked)
    return Verdict(
        claim=claim,
        value=_plain(view, SIGNATURES[asked.check.measure].answer, value),
        told=told(view, asked, value),
        verdict="reproduced" if stands(value, asked) else "contradicted",
    )


def _plain(view: View, answer: Answer, value: Value) -> Value:
    """Return a value as a program wants it: an instant as ISO 8601, to six decimals, infinity as nothing."""
    if isinstance(value, bool | str) or value is None:
        return value
    if answer == "instant":
        return view.case.instant(float(value)).isoformat(timespec="minutes")
    return round(value, 6) if isfinite(value) else None
