"""Where every tonne is: a double-entry ledger over the accounts of a replication."""

from collections.abc import Iterator, Sequence

import numpy as np

from corridor.errors import RunError
from corridor.network import Floats
from corridor.simulation.trace import LedgerRow, Transfer

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


NAMES = ("source", "in transit", "pipe fill", "consumed", "converted", "captured", "destroyed", "exported")
SOURCE, TRANSIT, FILL, CONSUMED, CONVERTED, CAPTURED, DESTROYED, EXPORTED = range(8)
PHYSICAL = (TRANSIT, FILL)
USE, MAKE = "consumed and converted", "source and converted"
SUMS = {USE: (CONSUMED, CONVERTED), MAKE: (SOURCE, CONVERTED)}
"""The accounts that are checked together, as stocks know only what was used and made in all."""
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
        Their ids, a and k of them.
    stock
        What each holder has at the beginning, tonnes, shape (a + 1, k): nobody first, then the actors.
    """

    __slots__ = ("_commodities", "_made", "_moved", "_names", "_opening", "_used")

    def __init__(self, actors: Sequence[str], commodities: Sequence[str], stock: Floats) -> None:
        self._names = (*NAMES, "stock of nobody", *(f"stock of {actor}" for actor in actors))
        self._commodities = tuple(commodities)
        self._opening = np.zeros((len(self._names), len(commodities)))
        self._opening[len(NAMES) :] = stock
        self._used, self._made = np.zeros(len(commodities)), np.zeros(len(commodities))
        self._moved = self._nothing()

    def post(self, out_of: int, into: int, commodity: int, tonnes: float) -> None:
        """Move `tonnes` of a commodity from one account into another."""
        self._moved[out_of][into][commodity] += tonnes

    def balance(self) -> Floats:
        """Return what stands in each account, tonnes, shape (accounts, k)."""
        moved = np.array(self._moved)
        balance: Floats = self._opening + moved.sum(axis=0) - moved.sum(axis=1)
        return balance

    def open(self, *, used: Floats | None = None, made: Floats | None = None) -> None:
        """Begin the report here: what is in stock, in transit and in pipes stays; all else counts from zero.

        Parameters
        ----------
        used, made
            What stocks have given to use and taken in from facilities so far, tonnes, shape (k,), where `check` is to
            be told of them.
        """
        self._opening = self.balance()
        reported = [account for account in range(len(NAMES)) if account not in PHYSICAL]
        self._opening[reported] = 0.0
        self._moved = self._nothing()
        none = np.zeros(len(self._commodities))
        self._used, self._made = none if used is None else used.copy(), none if made is None else made.copy()

    def check(
        self,
        *,
        stock: Floats,
        transit: Floats,
        fill: Floats,
        used: Floats | None = None,
        made: Floats | None = None,
    ) -> None:
        """Hold the accounts against what is there, tonnes.

        Parameters
        ----------
        stock
            In stock, shape (a + 1, k) by holder, nobody first.
        transit, fill
            On the road and in pipes, shape (k,).
        used, made
            What stocks gave to use and took in from facilities, since what `open` was told, shape (k,); not held
            against anything if left out.

        Raises
        ------
        RunError
            If an account is off by more than a gram in a kilotonne of what moved. Where what one account lacks
            another has too much, the two are named; else the one, and the account that it exchanged most with.
        """
        moved, balance = np.array(self._moved), self.balance()
        there = {len(NAMES) + holder: held for holder, held in enumerate(stock)} | {TRANSIT: transit, FILL: fill}
        gaps = {self._names[account]: held - balance[account] for account, held in there.items()}
        gaps |= self._unposted(moved, used, made)
        scale = np.maximum(1.0, np.nansum(moved, axis=(0, 1)) + np.abs(self._opening).sum(axis=0)) * TOLERANCE
        faults: list[str] = []
        for commodity, allowed in enumerate(scale.tolist()):
            off = {name: float(gap[commodity]) for name, gap in gaps.items() if not abs(gap[commodity]) <= allowed}
            faults += self._faults(off, commodity, 2 * allowed)
        if faults:
            msg = "the ledger does not balance: " + "; ".join(faults) + "; this is a fault of the program, report it"
            raise RunError(msg)

    def rows(self) -> tuple[LedgerRow, ...]:
        """Return the accounts since `open`, all but stocks of holders who never had any."""
        closing, moved = self.balance(), np.array(self._moved)
        into, out_of = moved.sum(axis=0), moved.sum(axis=1)
        kept = []
        for account, commodity in np.ndindex(*closing.shape):
            opening = float(self._opening[account, commodity])
            touched = opening or into[account, commodity] or out_of[account, commodity]
            if account >= len(NAMES) and not touched:
                continue
            name, holder = _named(account)
            kept.append(
                LedgerRow(
                    commodity=commodity,
                    account=name,
                    holder=holder,
                    opening=opening,
                    inflow=float(into[account, commodity]),
                    outflow=float(out_of[account, commodity]),
                    closing=float(closing[account, commodity]),
                )
            )
        return tuple(sorted(kept, key=lambda row: row.commodity))

    def transfers(self) -> tuple[Transfer, ...]:
        """Return what moved from one account into another since `open`, by commodity and in the accounts' order."""
        moved = np.array(self._moved)
        found = []
        for commodity, out_of, into in np.argwhere(moved.transpose(2, 0, 1)).tolist():
            (giver, giving), (taker, taking) = _named(out_of), _named(into)
            tonnes = float(moved[out_of, into, commodity])
            found.append(
                Transfer(
                    commodity=commodity, out_of=giver, out_of_holder=giving, into=taker, into_holder=taking,
                    tonnes=tonnes,
                )
            )  # fmt: skip
        return tuple(found)

    def _nothing(self) -> list[list[list[float]]]:
        """Return a zero for each account to give, account to take, and commodity."""
        # Lists, since one number at a time is added to: see `post`.
        accounts = range(len(self._names))
        return [[[0.0] * len(self._commodities) for _ in accounts] for _ in accounts]

    def _faults(self, off: dict[str, float], commodity: int, allowed: float) -> Iterator[str]:
        """Give what is wrong with the accounts that are `off` by so many tonnes, each with its counterpart."""
        named, left = self._commodities[commodity], dict(off)
        while left:
            first = max(left, key=lambda name: np.nan_to_num(abs(left[name]), nan=np.inf))
            gap = left.pop(first)
            other = min(left, key=lambda name: abs(left[name] + gap), default="")
            said = f"{first} holds {abs(gap):.3g} t of {named} {_less(gap)} than was posted"
            if other and abs(left[other] + gap) <= allowed:
                yield f"{said}, {other} {abs(left.pop(other)):.3g} t {_less(-gap)}"
            else:
                yield said + self._exchanged(first, commodity)

    def _unposted(self, moved: Floats, used: Floats | None, made: Floats | None) -> dict[str, Floats]:
        """Return by how many tonnes, shape (k,), stocks gave more to use, or took in less, than was posted."""
        gaps: dict[str, Floats] = {}
        if used is not None:
            gaps[USE] = used - self._used - moved[len(NAMES) :, SUMS[USE]].sum(axis=(0, 1))
        if made is not None:
            gaps[MAKE] = moved[SUMS[MAKE], len(NAMES) :].sum(axis=(0, 1)) - made + self._made
        return gaps

    def _exchanged(self, name: str, commodity: int) -> str:
        """Return with which account one exchanged most, in words; nothing for one that exchanged nothing."""
        accounts = SUMS[name] if name in SUMS else (self._names.index(name),)
        moved = np.nan_to_num(np.array(self._moved)[:, :, commodity])
        exchanged = sum(moved[account] + moved[:, account] for account in accounts)
        most = int(np.argmax(exchanged))
        tonnes = float(np.max(exchanged))
        return f" (it exchanged most with {self._names[most]}: {tonnes:.6g} t)" if tonnes else ""


def _named(account: int) -> tuple[str, int]:
    """Return the name and the holder of an account, as in a row of the ledger."""
    return (NAMES[account], -1) if account < len(NAMES) else ("stock", account - len(NAMES) - 1)


def _less(gap: float) -> str:
    return "less" if gap < 0 else "more"
