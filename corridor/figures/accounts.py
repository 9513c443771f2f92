"""What moved between the accounts of a run's ledger, as bands: transport netted, small ones left out."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from corridor.figures.reading import Reading

__all__ = ["CLOSING", "OPENING", "SINKS", "SOURCES", "Account", "Band", "Books", "booked"]

OPENING, MADE, CLOSING = "opening", "made", "closing"
"""What was there at the start, what converters made (of what they took in, which is `converted`), what is left."""
SOURCES = (OPENING, "source", MADE)
"""Where goods come from, as they stand in a figure from top to bottom."""
SINKS = ("consumed", "converted", "exported", "captured", "destroyed", CLOSING)
"""Where goods end."""
TRANSPORT = ("in transit", "pipe fill")
SMALL, THIN = 0.006, 0.004
"""Holders, and bands between two of them, with less than these shares of all that goes through are not drawn."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account: its name in the ledger, and whose (an actor's position, -1 nobody; for all but stock -1)."""

    name: str
    holder: int = -1

    @property
    def between(self) -> bool:
        """Return whether goods go in and out again: a stock, the road, or a pipeline."""
        return self.name == "stock" or self.name in TRANSPORT


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """What moved from one account into another: `drawn` tonnes, which are `there` less what came `back`."""

    out_of: Account
    into: Account
    there: float
    back: float = 0.0

    @property
    def drawn(self) -> float:
        """Return how wide the band is, tonnes."""
        return self.there - self.back


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """The ledger of one commodity (its position) as bands; what is sent and arrives by road or pipe is netted."""

    commodity: int
    bands: tuple[Band, ...]
    loaded: Mapping[Account, float]
    """What was loaded for the road or pumped into pipes, tonnes, by the account of the road or the pipes."""
    whole: "Books | None" = None
    """The books with what is too little to be drawn, where that was left out."""

    @classmethod
    def of(cls, reading: Reading, commodity: int) -> "Books":
        """Return the ledger of a commodity."""
        moved = _moved(reading, commodity)
        opening, closing = _ends(reading, commodity)
        bands = [Band(out_of=Account(OPENING), into=account, there=tonnes) for account, tonnes in opening.items()]
        bands += [Band(out_of=account, into=Account(CLOSING), there=tonnes) for account, tonnes in closing.items()]
        for (out_of, into), there in moved.items():
            back = moved.get((into, out_of), 0.0) if out_of.name in TRANSPORT or into.name in TRANSPORT else 0.0
            if there > back:
                bands.append(Band(out_of=out_of, into=into, there=there, back=back))
        loaded: dict[Account, float] = {}
        for (_, into), there in moved.items():
            if into.name in TRANSPORT:
                loaded[into] = loaded.get(into, 0.0) + there
        found = cls(commodity=commodity, bands=tuple(bands), loaded=loaded)
        return found._cleared()

    @property
    def between(self) -> tuple[Account, ...]:
        """Return the accounts that goods go in and out of again, the greatest first, the road and pipes last."""
        found = {account for band in self.bands for account in (band.out_of, band.into) if account.between}
        order = [
            ((*TRANSPORT, "stock")[::-1].index(account.name), -self.through(account), account) for account in found
        ]
        return tuple(account for *_, account in sorted(order, key=lambda one: (*one[:2], one[2].holder)))

    @property
    def sources(self) -> tuple[Account, ...]:
        """Return the accounts that goods come from, as they stand from top to bottom."""
        names = {band.out_of.name for band in self.bands}
        return tuple(Account(name) for name in SOURCES if name in names)

    @property
    def sinks(self) -> tuple[Account, ...]:
        """Return the accounts that goods end in, as they stand from top to bottom."""
        names = {band.into.name for band in self.bands}
        return tuple(Account(name) for name in SINKS if name in names)

    def through(self, account: Account) -> float:
        """Return what is drawn into an account, tonnes (for one that goods only come from: out of it)."""
        into = math.fsum(band.drawn for band in self.bands if band.into == account)
        return into or math.fsum(band.drawn for band in self.bands if band.out_of == account)

    def total(self, account: Account) -> float:
        """Return what goes through an account, tonnes, what is too little to be drawn included."""
        return (self.whole or self).through(account)

    def came(self) -> float:
        """Return what sources gave and converters made, tonnes."""
        return math.fsum(self.total(Account(name)) for name in ("source", MADE))

    def used(self) -> float:
        """Return what people, converters and power plants used, tonnes."""
        return math.fsum(self.total(Account(name)) for name in ("consumed", "converted"))

    def changed_hands(self) -> float:
        """Return what passed from one holder's stock into another's, tonnes."""
        bands = (self.whole or self).bands
        return math.fsum(band.there for band in bands if band.out_of.name == band.into.name == "stock")

    def _cleared(self) -> "Books":
        """Return the books without what is too little to be seen: small holders, small bands between two of the rest.

        What came from outside, was used or was lost stays, however little.
        """
        through = {account: self.through(account) for account in self.between}
        whole = math.fsum(through.values())
        small = {one for one, tonnes in through.items() if one.name == "stock" and tonnes < SMALL * whole}
        kept = [
            band
            for band in self.bands
            if not {band.out_of, band.into} & small
            and (not (band.out_of.between and band.into.between) or band.drawn >= THIN * whole)
        ]
        return replace(self, bands=tuple(kept), whole=self)


def booked(reading: Reading) -> list[int]:
    """Return the commodities (positions) of which anything was there or moved, the most first; none in an old run."""
    if not reading.has("transfer_tonnes") or not reading.has("account_opening"):
        return []
    size = reading["commodity"].size
    moved = np.bincount(reading["transfer_commodity"], weights=reading["transfer_tonnes"], minlength=size)
    there = np.bincount(reading["account_commodity"], weights=np.abs(reading["account_opening"]), minlength=size)
    return [int(one) for one in np.argsort(-(moved + there), kind="stable") if (moved + there)[one] > 0]


def _moved(reading: Reading, commodity: int) -> dict[tuple[Account, Account], float]:
    """Return the tonnes moved, by the account out of which and the one into which."""
    names = ("out_of", "out_of_holder", "into", "into_holder", "tonnes")
    mine = reading["transfer_commodity"] == commodity
    rows = zip(*(reading[f"transfer_{name}"][mine].tolist() for name in names), strict=True)
    return {
        (Account(MADE if giver == "converted" else giver, giving), Account(taker, taking)): tonnes
        for giver, giving, taker, taking, tonnes in rows
    }


def _ends(reading: Reading, commodity: int) -> tuple[dict[Account, float], dict[Account, float]]:
    """Return what was in stock, on the road and in pipes at the start and at the end, tonnes."""
    mine = reading["account_commodity"] == commodity
    names = ("account", "holder", "opening", "closing")
    rows = list(zip(*(reading[f"account_{name}"][mine].tolist() for name in names), strict=True))
    accounts = [(Account(name, holder), first, last) for name, holder, first, last in rows]
    between = [row for row in accounts if row[0].between]
    gram = 1e-6
    return (
        {account: first for account, first, _ in between if first > gram},
        {account: last for account, _, last in between if last > gram},
    )
