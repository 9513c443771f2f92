"""An explanation of days of supply as lines that can be read aloud, and as a list for a program."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from math import fsum, isfinite
from pathlib import Path
from textwrap import wrap
from typing import Any

from corridor.ensemble import open_run
from corridor.errors import RunError
from corridor.explain import Account, Change, Explanation, Step, amount, counted, explain, spell
from corridor.scenario.values import read_instant

__all__ = ["Asked", "explained", "explanation_lines", "explanation_rows"]

SCREEN = 40
WIDTH = 118
INDENT, YEAR = 15, 5
NAMED = 3
CAUSES = 2
LEVEL = " days of supply"
STORE_SHARE = 0.1
"""A depot that brought less of what was received is not named in the heading."""
LEAST, LEAST_SHARE = 5e-4, 2e-4
"""Tonnes, and the share of what there is, below which a part of an account is not worth a word."""
Asked = tuple[str, str, str | None, str | None]
"""Place, commodity, and the texts of --from and --until."""


def explained(folder: Path, asked: Asked) -> Explanation:
    """Return the explanation that a user asks for.

    Raises
    ------
    RunError
        If there is no run in the folder, or something asked for is not in it.
    """
    run = open_run(folder)
    place, commodity, since, until = asked
    start, end = (read_instant(run.attrs[edge]) for edge in ("start", "end"))
    hours = []
    for option, text in (("--from", since), ("--until", until)):
        try:
            instant = None if text is None else read_instant(text, offset=run.attrs["start"][-6:])
        except ValueError as error:
            raise RunError(f"{option}: '{text}' {error}") from None
        if instant is not None and not start <= instant <= end:
            span = " to ".join(edge.isoformat(timespec="minutes") for edge in (start, end))
            raise RunError(f"{option}: {text} lies outside the run, which goes from {span}")
        hours.append(None if instant is None else (instant - start).total_seconds() / 3600)
    return explain(run, place, commodity, since=hours[0], until=hours[1])


def explanation_lines(found: Explanation, *, everything: bool = False) -> list[str]:
    """Return an explanation as lines; with `everything` no change is left out to keep to one screen."""
    heading = [line for text in _heading(found) for line in wrap(text, WIDTH, subsequent_indent="  ")]
    room, count = SCREEN - len(heading) - 2, len(found.changes)
    body = _body(found, found.changes)
    if everything or len(body) <= room + 1:
        return [*heading, "", *body]
    kept = bisect_right(range(count), room, key=lambda kept: len(_body(found, found.weightiest(kept)))) - 1
    kept = max(kept, 0)
    rest = f"{counted(count - kept, 'smaller change')} left out; --all shows them"
    return [*heading, "", *_body(found, found.weightiest(kept)), rest]


def explanation_rows(found: Explanation) -> list[dict[str, Any]]:
    """Return every change and account as plain data, in order of time."""
    rows: list[dict[str, Any]] = []
    for step in found.steps(found.changes):
        account = step.account
        days = {"days_before": _number(account.days_before), "days_after": _number(account.days_after)}
        rows += [_change_row(found, change, days) for change in step.changes]
        rows.append(_account_row(found, account))
    return rows


def _change_row(found: Explanation, change: Change, days: dict[str, float | None]) -> dict[str, Any]:
    return {
        "at": _iso(found, change.hour),
        "what": change.kind,
        "text": change.text,
        "tonnes": round(change.tonnes, 3),
        "shipments": list(change.shipments),
        "events": list(change.events),
        "via": change.via or None,
        "weight_tonnes": round(change.weight, 3),
        **days,
    }


def _account_row(found: Explanation, account: Account) -> dict[str, Any]:
    amounts = {
        f"{name}_tonnes": round(value, 6)
        for name, value in asdict(account).items()
        if name not in {"begin", "until", "gifts", "days_before", "days_after"}
    }
    return {
        "at": _iso(found, account.begin),
        "what": "account",
        "until": _iso(found, account.until),
        **amounts,
        "received_from": [
            {
                "supplier": found.record.ids[gift.supplier],
                "tonnes": round(gift.tonnes, 3),
                "shipments": list(gift.shipments),
            }
            for gift in account.gifts
        ],
        "days_before": _number(account.days_before),
        "days_after": _number(account.days_after),
    }


def _heading(found: Explanation) -> Iterator[str]:
    record, account = found.record, found.account
    commodity = record.commodities[found.target.commodity]
    many = f", {len(found.target.nodes)} nodes together" if len(found.target.nodes) > 1 else ""
    first, last = (
        f"{_level(days, stock)} on {_when(found, hour)}{' (the least)' if hour == found.least_at else ''}"
        for days, stock, hour in (
            (account.days_before, account.start, account.begin),
            (account.days_after, account.end, account.until),
        )
    )
    least = f"least {_level(found.least_days, found.least_stock)} on {_when(found, found.least_at)}, "
    between = least if account.begin < found.least_at < account.until else ""
    yield (
        f"{found.target.name}, {commodity}{many}: {first}, {between.replace(LEVEL, '')}{last.replace(LEVEL, '')}"
        f" ({'' if _years(found) else f'{record.start.year}, '}UTC{record.start.isoformat()[-6:]})."
    )
    yield f"In all: {amount(account.start)} in stock, {_movements(found, account)}; {amount(account.end)} in the end."
    for down, words in ((True, "What drew it down most"), (False, "What brought it up most")):
        causes = found.causes(CAUSES, down=down)
        if causes:
            told = (f"{_when(found, cause.hour)} {_via(found, cause)}{cause.text}" for cause in causes)
            yield f"{words}: {'; '.join(told)}."
    yield from _shortage(found)
    for store in found.stores:
        if store.brought >= STORE_SHARE * account.received:
            yield (
                f"{store.name}, which brought {amount(store.brought)}, itself had {amount(store.start)} at first, least"
                f" {amount(store.least)} on {_when(found, store.least_at)}, {amount(store.end)} in the end."
            )


def _shortage(found: Explanation) -> Iterator[str]:
    """Give how often and how long there was none, if ever."""
    outs = found.stockouts
    if outs:
        end = found.account.until
        hours = fsum(min(last, end) - max(first, found.account.begin) for first, last in outs)
        times = f"{'once' if len(outs) == 1 else counted(len(outs), 'time')}, for {spell(hours)} in all"
        where = "It" if len(found.target.nodes) == 1 else "Its places, each counted by itself,"
        yield f"{where} ran out {times}, first on {_when(found, max(outs[0][0], found.account.begin))}."


def _body(found: Explanation, changes: Sequence[Change]) -> list[str]:
    return [line for step in found.steps(changes) for line in _step_lines(found, step)]


def _step_lines(found: Explanation, step: Step) -> Iterator[str]:
    indent = INDENT + YEAR * _years(found)
    for change in step.changes:
        text = f"{_via(found, change)}{change.text}{_ids(change)}{_events(found, change)}"
        lead = f"{_when(found, change.hour):<{indent}}{'  ' if change.via else ''}"
        yield from wrap(lead + text, WIDTH, subsequent_indent=" " * (indent + 2))
    account = step.account
    before, after = _level(account.days_before, account.start), _level(account.days_after, account.end)
    if LEVEL in after:
        before = before.removesuffix(LEVEL)
    days = f"{before} → {after}".replace(LEVEL, " days")
    lead = f"{'until ' + _when(found, account.until):<{indent + 5}}"
    text = f"{days}{' (the least)' if account.until == found.least_at else ''}: {_movements(found, account)}"
    yield from wrap(" " + lead + text, WIDTH, subsequent_indent=" " * (indent + 6))


def _movements(found: Explanation, account: Account) -> str:
    """Return what came in and went out, the parts that weigh next to nothing left out."""
    names, rest = found.record.names, account.gifts[NAMED:]
    least = max(LEAST, LEAST_SHARE * max(account.start, account.used, account.received))
    givers = [
        f"{names[gift.supplier]} {amount(gift.tonnes)} in {len(gift.shipments)}" for gift in account.gifts[:NAMED]
    ]
    if rest:
        givers.append(f"{len(rest)} more {amount(fsum(gift.tonnes for gift in rest))}")
    parts = [f"+{amount(account.received)} received ({', '.join(givers)})" if givers else "nothing received"]
    for tonnes, words in (
        (account.made, "made there"),
        (account.returned, "brought back"),
        (account.within, "in convoys between its own places"),
        (-account.used, "used"),
        (-account.sent, "sent to others"),
        (-account.lost, "lost when it changed hands"),
        (account.residual, "UNEXPLAINED"),
    ):
        if abs(tonnes) >= least:
            parts.append(f"{'−' if tonnes < 0 else '+'}{amount(abs(tonnes))} {words}")
    if account.unmet >= least:
        parts.append(f"{amount(account.unmet)} asked for in vain")
    return ", ".join(parts)


def _via(found: Explanation, change: Change) -> str:
    if not change.via:
        return ""
    name = found.record.names[found.record.ids.index(change.via)]
    return "" if change.text.startswith(name) else f"at {name}: "


def _ids(change: Change) -> str:
    if not change.shipments:
        return ""
    some = ", ".join(str(number) for number in change.shipments[:NAMED])
    more = " …" if len(change.shipments) > NAMED else ""
    return f" [{some}{more}]"


def _events(found: Explanation, change: Change) -> str:
    if not change.events:
        return ""
    first, *others = change.events
    more = f"; {counted(len(others), 'other event')}" if others else ""
    return f" ({' '.join([first, found.record.labels.get(first, '')]).strip()}{more})"


def _level(days: float, stock: float) -> str:
    """Return a stock in days of supply, in tonnes where nobody asks for any."""
    return f"{days:.2f}{LEVEL}" if isfinite(days) else f"{amount(stock)}"


def _number(value: float) -> float | None:
    return round(value, 4) if isfinite(value) else None


def _when(found: Explanation, hour: float) -> str:
    instant = found.record.moment(hour)
    return f"{instant.day} {instant:%b %Y %H:%M}" if _years(found) else f"{instant.day} {instant:%b %H:%M}"


def _years(found: Explanation) -> bool:
    """Return whether a run ends in another year than it began in."""
    record = found.record
    return record.start.year != record.moment(float(record.time[-1])).year


def _iso(found: Explanation, hour: float) -> str:
    return found.record.moment(hour).isoformat(timespec="minutes")
