"""The ledger of a saved run as lines for a reader, as JSON for a program, and as a figure."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from corridor.cli.asked import Drawn
from corridor.cli.printed import table, write_figure
from corridor.ensemble import Book, books, open_run
from corridor.errors import RunError

__all__ = ["draw_ledger", "ledger_json", "ledger_lines", "read_books"]

ACCOUNT_HEADER = ("account", "at the start", "in", "out", "at the end")
MOVE_HEADER = ("from", "to", "tonnes")


def read_books(folder: Path, commodity: str | None) -> tuple[Book, ...]:
    """Return the ledger of the run saved in a folder, of one commodity or of each.

    Raises
    ------
    RunError
        If there is no run in `folder`, or it has no such ledger.
    """
    return books(open_run(folder), commodity=commodity)


def ledger_lines(found: Sequence[Book]) -> Iterator[str]:
    """Give the flows and the accounts of each commodity as two tables, and how exactly they balance."""
    for number, book in enumerate(found):
        if number:
            yield ""
        yield f"{book.name} ({book.commodity}), tonnes"
        yield from table(MOVE_HEADER, [(move.out_of, _told(move.into, move.changed_hands), _tonnes(move.tonnes))
                                        for move in book.moves], texts=2)  # fmt: skip
        yield ""
        yield from table(
            ACCOUNT_HEADER,
            [
                (row.name, *(_tonnes(value) for value in (row.opening, row.inflow, row.outflow, row.closing)))
                for row in book.accounts
                if row.opening or row.inflow or row.outflow
            ],
            texts=1,
        )
        yield f"  balances to {book.off:.2g} g per kt"


def ledger_json(found: Sequence[Book]) -> list[dict[str, Any]]:
    """Return the ledger as a program wants it: tonnes, and grams a kilotonne that it is off."""
    return [
        {
            "commodity": book.commodity,
            "accounts": [asdict(row) for row in book.accounts],
            "moves": [asdict(move) for move in book.moves],
            "off_grams_per_kilotonne": book.off,
        }
        for book in found
    ]


def draw_ledger(folder: Path, file: Path, drawn: Drawn, *, commodity: str | None) -> list[Path]:
    """Draw the ledger of a saved run into a PNG or SVG file, its numbers as CSV beside it; return what was written.

    Without a commodity it is that of which most was there and moved.

    Raises
    ------
    RunError
        If the file is to be of another kind or cannot be written.
    """
    from corridor.figures import plot_ledger

    run = open_run(folder)
    if not any(book.moves or any(row.opening for row in book.accounts) for book in books(run, commodity=commodity)):
        raise RunError(f"--figure {file}: nothing was there or moved, so there is nothing to draw")
    return write_figure(plot_ledger(run, commodity=commodity, style=drawn.style()), file)


def _told(account: str, changed_hands: bool) -> str:  # noqa: FBT001 (a field passed on)
    return f"{account} (changed hands)" if changed_hands else account


def _tonnes(amount: float) -> str:
    return f"{round(amount, 3) + 0.0:,.3f}"  # + 0.0: no minus before a zero
