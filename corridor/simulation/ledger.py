"""Where every tonne is: a double-entry ledger over the accounts of a replication."""

import numpy as np
from numpy.typing import NDArray

from corridor.errors import RunError
from corridor.simulation.trace import LedgerRow

__all__ = [
    "CAPTURED",
    "CONSUMED",
    "CONVERTED",
    "DESTROYED",
    "EXPORTED",
    "FILL",
    "SOURCE",
    "TRANSIT",
    "Ledger",
    "stock_of",
]

Floats = NDArray[np.float64]

NAMES = ("source", "in transit", "pipe fill", "consumed", "converted", "captured", "destroyed", "exported")
SOURCE, TRANSIT, FILL, CONSUMED, CONVERTED, CAPTURED, DESTROYED, EXPORTED = range(8)
PHYSICAL = (TRANSIT, FILL)
TOLERANCE = 1e-9
"""What a balance may be off, as a share of what moved: a gram in a kilotonne."""


def stock_of(holder: int) -> int:
    """Return the account of what `holder` (an actor's position, -1: nobody) has in stock."""
    return len(NAMES) + 1 + holder


class Ledger:
    """Post every movement of every commodity once, out of one account into another.

    Parameters
    ----------
    actors, commodities
        How many there are, a and k.
    stock
        What each holder has at the beginning, tonnes, shape (a + 1, k): nobody first, then the actors.
    """

    __slots__ = ("_into", "_opening", "_out_of")

    def __init__(self, actors: int, commodities: int, stock: Floats) -> None:
        self._opening = np.zeros((len(NAMES) + 1 + actors, commodities))
        self._opening[len(NAMES) :] = stock
        # Lists, since one number at a time is added to: see `post`.
        self._into = _nothing(self._opening)
        self._out_of = _nothing(self._opening)

    def post(self, out_of: int, into: int, commodity: int, tonnes: float) -> None:
        """Move `tonnes` of a commodity from one account into another."""
        self._out_of[out_of][commodity] += tonnes
        self._into[into][commodity] += tonnes

    def balance(self) -> Floats:
        """Return what stands in each account, tonnes, shape (accounts, k)."""
        balance: Floats = self._opening + np.array(self._into) - np.array(self._out_of)
        return balance

    def open(self) -> None:
        """Begin the report here: what is in stock, in transit and in pipes stays; all else counts from zero."""
        self._opening = self.balance()
        reported = [account for account in range(len(NAMES)) if account not in PHYSICAL]
        self._opening[reported] = 0.0
        self._into, self._out_of = _nothing(self._opening), _nothing(self._opening)

    def check(self, *, stock: Floats, transit: Floats, fill: Floats) -> None:
        """Hold the accounts against what is there: `stock` (a + 1, k) by holder, nobody first; the others (k,).

        Raises
        ------
        RunError
            If an account is off by more than a gram in a kilotonne of what moved, or the changes do not sum to zero.
        """
        balance = self.balance()
        scale = np.maximum(1.0, np.array(self._into).sum(axis=0) + np.abs(self._opening).sum(axis=0)) * TOLERANCE
        off = np.abs((balance - self._opening).sum(axis=0))
        found = {"the sum of all accounts": off, "in transit": np.abs(balance[TRANSIT] - transit)}
        found["pipe fill"] = np.abs(balance[FILL] - fill)
        for holder in range(stock.shape[0]):
            found[f"stock of holder {holder - 1}"] = np.abs(balance[len(NAMES) + holder] - stock[holder])
        faults = [
            f"{name} is off by {gap[commodity]:.3g} tonnes of commodity {commodity}"
            for name, gap in found.items()
            for commodity in np.flatnonzero(~(gap <= scale)).tolist()
        ]
        if faults:
            msg = "the ledger does not balance: " + "; ".join(faults) + "; this is a fault of the program, report it"
            raise RunError(msg)

    def rows(self) -> tuple[LedgerRow, ...]:
        """Return the accounts since `open`, all but stocks of holders who never had any."""
        closing = self.balance()
        kept = []
        for account, commodity in np.ndindex(*closing.shape):
            stock = account >= len(NAMES)
            opening, into = float(self._opening[account, commodity]), self._into[account][commodity]
            if stock and opening == 0 and into == 0:
                continue
            kept.append(
                LedgerRow(
                    commodity=commodity,
                    account="stock" if stock else NAMES[account],
                    holder=account - len(NAMES) - 1 if stock else -1,
                    opening=opening,
                    inflow=into,
                    outflow=self._out_of[account][commodity],
                    closing=float(closing[account, commodity]),
                )
            )
        return tuple(sorted(kept, key=lambda row: row.commodity))


def _nothing(like: Floats) -> list[list[float]]:
    """Return a zero for each account and commodity of `like`, shape (accounts, k)."""
    zeros: list[list[float]] = np.zeros_like(like).tolist()
    return zeros
