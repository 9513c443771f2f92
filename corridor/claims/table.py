"""Claims as a table: what was said, by whom and when, how it is checked, and what the public record says of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from corridor.errors import Fault, ScenarioError
from corridor.network import did_you_mean
from corridor.scenario.measured import Check, parse_check
from corridor.scenario.values import read_instant
from corridor.sources.table import Table, Unreadable, read_table

__all__ = ["Claim", "parse_claims", "read_claims"]

NEEDED = ("id", "source", "claim", "record", "record_source")
COLUMNS = (*NEEDED, "kind", "said_at", "scenario", "check", "why_not", "confidence", "contradicts")
KINDS = ("geography", "infrastructure", "economy", "control", "siege", "supply", "displacement", "strike", "partition")
CONFIDENCES = ("high", "medium", "low")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One claim in our words: `source` said it at `said_at` (publication time; what it is about is in the check).

    `check` is held against the scenario of the name `scenario`; without one, `why_not` says why no network model can
    speak to it. `record` is what the public record says, by `record_source`, with a `confidence`; `contradicts` are
    ids of claims by others that cannot be true beside it. `where` is the file, line and column of the check.
    """

    id: str
    source: str
    kind: str
    said_at: datetime
    claim: str
    scenario: str
    check: Check | None
    written: str
    why_not: str
    record: str
    record_source: str
    confidence: str
    contradicts: tuple[str, ...]
    where: tuple[str, int, int]


def read_claims(path: Path) -> tuple[Claim, ...]:
    """Return the claims of a CSV file.

    Raises
    ------
    ScenarioError
        With every fault of the file, each with line and column.
    """
    claims, faults = parse_claims(path)
    if faults:
        raise ScenarioError(faults)
    return claims


def parse_claims(path: Path) -> tuple[tuple[Claim, ...], tuple[Fault, ...]]:
    """Return the claims of a CSV file, those that are badly written without their check, and every fault of the file.

    Raises
    ------
    ScenarioError
        If it cannot be read as a table at all.
    """
    try:
        table = read_table(path.read_bytes(), str(path), needed=COLUMNS)
    except OSError as error:
        raise ScenarioError(f"{path} cannot be read: {error.strerror}") from error
    except Unreadable as error:
        raise ScenarioError(error.faults) from error
    claims = tuple(_claim(table, row) for row in range(len(table.rows)))
    _check_ids(table, claims)
    return claims, tuple(sorted(table.faults, key=lambda fault: (fault.line, fault.column)))


def _claim(table: Table, row: int) -> Claim:
    said = {column: table.text(row, column) for column in COLUMNS}
    for empty in (column for column in NEEDED if not said[column]):
        table.complain(row, empty, f"found nothing in {empty}, expected a text")
    _among(table, row, "kind", KINDS)
    _among(table, row, "confidence", CONFIDENCES)
    line, column = table.place(row, "check")
    return Claim(
        id=said["id"],
        source=said["source"],
        kind=said["kind"],
        said_at=_instant(table, row, said["said_at"]),
        claim=said["claim"],
        scenario=said["scenario"],
        check=_check(table, row, said),
        written=said["check"],
        why_not=said["why_not"],
        record=said["record"],
        record_source=said["record_source"],
        confidence=said["confidence"],
        contradicts=tuple(part.strip() for part in said["contradicts"].split(";") if part.strip()),
        where=(table.file, line, column),
    )


def _among(table: Table, row: int, column: str, known: Iterable[str]) -> None:
    text = table.text(row, column)
    if text not in known:
        table.complain(row, column, f"found '{text}' in {column}, expected one of {', '.join(known)}")


def _instant(table: Table, row: int, text: str) -> datetime:
    try:
        return read_instant(text)
    except ValueError as error:
        table.complain(row, "said_at", f"said_at: '{text}' {error}")
        return datetime.min.replace(tzinfo=UTC)


def _check(table: Table, row: int, said: dict[str, str]) -> Check | None:
    """Return the check of a row; a claim has either a check and its scenario, or says why it has none."""
    if not said["check"]:
        if not said["why_not"]:
            table.complain(row, "check", "found neither a check nor why_not, expected one of them")
        return None
    if said["why_not"]:
        table.complain(row, "why_not", "found why_not beside a check, expected one of them")
    if not said["scenario"]:
        table.complain(row, "scenario", "found nothing in scenario, expected the name of the scenario to check against")
    check = parse_check(said["check"])
    if isinstance(check, Fault):
        table.complain(row, "check", check.message)
        return None
    return check


def _check_ids(table: Table, claims: tuple[Claim, ...]) -> None:
    ids = [claim.id for claim in claims]
    for row, claim in enumerate(claims):
        if claim.id and claim.id in ids[:row]:
            table.complain(row, "id", f"the id '{claim.id}' is there twice, expected once")
        for other in claim.contradicts:
            if other not in ids:
                table.complain(row, "contradicts", f"unknown claim '{other}'{did_you_mean(other, ids)}")
