"""The ledger of a saved run by commodity: what moved from which account into which, and how exactly it balances."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from corridor.errors import RunError
from corridor.scenario.words import did_you_mean

__all__ = ["Account", "Book", "Move", "books"]


GRAMS_A_KILOTONNE = 1e9
"""A gram in a kilotonne is so small a part of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account by its name, such as ``stock of regime``: tonnes at the start, in, out, and at the end."""

    name: str
    opening: float
    inflow: float
    outflow: float
    closing: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What moved out of one account into another, tonnes; with `changed_hands` it stayed where it was in stock."""

    out_of: str
    into: str
    tonnes: float
    changed_hands: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """The ledger of one commodity: accounts and moves, the greatest first within an account.

    `off` is by how much the moves and the accounts, or the stocks on record and those in the accounts, differ at most,
    grams a kilotonne of what there was and moved.
    """

    commodity: str
    name: str
    accounts: tuple[Account, ...]
    moves: tuple[Move, ...]
    off: float


def books(run: xr.Dataset, *, commodity: str | None = None) -> tuple[Book, ...]:
    """Return the ledger of a run, of one commodity (its id) or of each.

    Raises
    ------
    RunError
        If the run keeps no ledger or has no such commodity.
    """
    if "account_closing" not in run or "transfer_tonnes" not in run:
        raise RunError("the run keeps no movements between accounts; run the scenario again with this version")
    ids: list[str] = run["commodity"].values.tolist()
    if commodity is not None and commodity not in ids:
        hint = did_you_mean(commodity, ids, otherwise="there is")
        raise RunError(f"--commodity: unknown commodity '{commodity}'{hint}")
    return tuple(_book(run, k) for k, name in enumerate(ids) if commodity in {None, name})


def _book(run: xr.Dataset, commodity: int) -> Book:
    mine = run["account_commodity"].values == commodity
    names = _names(run, "account_account", "account_holder", mine)
    opening, inflow, outflow, closing = (
        run[f"account_{field}"].values[mine] for field in ("opening", "inflow", "outflow", "closing")
    )
    rows = zip(names, *(values.tolist() for values in (opening, inflow, outflow, closing)), strict=True)
    moved = run["transfer_commodity"].values == commodity
    givers, takers = (_names(run, f"transfer_{end}", f"transfer_{end}_holder", moved) for end in ("out_of", "into"))
    tonnes = run["transfer_tonnes"].values[moved]
    moves = [
        Move(out_of=giver, into=taker, tonnes=amount, changed_hands=_is_stock(giver) and _is_stock(taker))
        for giver, taker, amount in zip(givers, takers, tonnes.tolist(), strict=True)
    ]
    signs = np.array([[(move.into == name) - (move.out_of == name) for move in moves] for name in names])
    net = signs.reshape(len(names), -1) @ tonnes
    in_stock = closing[[_is_stock(name) for name in names]].sum()
    gaps = np.abs([*(opening + net - closing), in_stock - run["stock"].values[-1, :, commodity].sum()])
    return Book(
        commodity=str(run["commodity"].values[commodity]),
        name=str(run["commodity_name"].values[commodity]),
        accounts=tuple(
            Account(name=name, opening=first, inflow=came, outflow=went, closing=last)
            for name, first, came, went, last in rows
        ),
        moves=tuple(sorted(moves, key=lambda move: (names.index(move.out_of), -move.tonnes))),
        off=float(gaps.max() / max(1.0, np.abs(opening).sum() + tonnes.sum())) * GRAMS_A_KILOTONNE,
    )


def _names(run: xr.Dataset, account: str, holder: str, which: NDArray[np.bool_]) -> list[str]:
    """Return the names of accounts, a holder's stock by the actor's id."""
    actors: Sequence[str] = [*run["actor_id"].values.tolist(), "nobody"]  # position -1
    rows = zip(run[account].values[which].tolist(), run[holder].values[which].tolist(), strict=True)
    return [f"stock of {actors[position]}" if name == "stock" else name for name, position in rows]


def _is_stock(name: str) -> bool:
    return name.startswith("stock of ")
