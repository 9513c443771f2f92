"""How a variable of a dataset is written down: dimensions, values, unit and what it says."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Variables", "labelled", "texts"]

Variables = dict[str, Any]


def labelled(dims: str | Sequence[str], values: Any, units: str = "", long_name: str = "") -> tuple[Any, ...]:  # noqa: ANN401 (any array)
    """Return a variable: its dimensions, values and the attributes that say what they are."""
    attributes = {"units": units, "long_name": long_name}
    return dims, np.asarray(values), {key: value for key, value in attributes.items() if value}


def texts(values: Sequence[str]) -> NDArray[np.str_]:
    """Return texts as an array, of text even where there are none."""
    return np.array(list(values), dtype=np.str_) if len(values) else np.array([], dtype="<U1")
