"""One thing that changed, as an explanation tells it, and how it bears on what is explained."""

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["DIRECT", "Bearing", "Change", "amount", "at_most", "counted", "spell"]

MOST = 3
FEW, KILOGRAM = 100.0, 1e-3
DAY, LONG = 24.0, 48.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What changed at `hour` (since the start), in words.

    `kind` is control, way lost, way opened, way longer, way shorter, convoys, held, nothing came, source, use,
    rationing or stockout.
    `tonnes` are those that the words speak of (0: none), `shipments` the ids behind them, `events` the ids of the
    events that opened that instant's epoch. `via` names the supplier (an id) whose own supply changed, where it was
    not that of the place itself. `weight` is by how many tonnes the change may have moved the stock: what changes
    are sorted by when some are left out; negative where it drew stock down.
    """

    hour: float
    kind: str
    text: str
    tonnes: float = 0.0
    shipments: tuple[int, ...] = ()
    events: tuple[str, ...] = ()
    via: str = ""
    weight: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearing:
    """What `share` of the tonnes bears on what is explained, and `via` which supplier (an id; empty: directly)."""

    share: float = 1.0
    via: str = ""


DIRECT = Bearing()


def at_most(names: Sequence[str], *, most: int = MOST) -> str:
    """Return names as a list that says how many more there are.

    >>> at_most(["a", "b"]), at_most(["a", "b", "c", "d"], most=2)
    ('a, b', 'a, b and 2 more')
    """
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def amount(tonnes: float) -> str:
    """Return tonnes as they are read aloud, a few of them with a decimal, less than one in kilograms.

    >>> amount(1234.56), amount(12.34), amount(0.0567), amount(0.0)
    ('1,235 t', '12.3 t', '57 kg', '0 t')
    """
    if KILOGRAM / 2 <= abs(tonnes) < 1:
        return f"{tonnes / KILOGRAM:,.0f} kg"
    return f"{tonnes:,.{1 if 1 <= abs(tonnes) < FEW else 0}f} t"


def spell(hours: float) -> str:
    """Return a length of time in hours, or in days where it is long.

    >>> spell(4), spell(36.5), spell(168)
    ('4 h', '36.5 h', '7 days')
    """
    if hours < LONG:
        return f"{hours:.1f}".removesuffix(".0") + " h"
    return f"{hours / DAY:.1f}".removesuffix(".0") + " days"


def counted(count: int, what: str) -> str:
    """Return a number with the word for what is counted.

    >>> counted(1, "load"), counted(2, "load")
    ('1 load', '2 loads')
    """
    return f"{count:,} {what}{'' if count == 1 else 's'}"
