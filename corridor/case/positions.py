"""What a caller may ask of a case: an actor by its position, hours within the scenario, a number of roads."""

from corridor.case.model import Case

__all__ = ["check_actor", "check_count", "check_hour"]


def check_actor(case: Case, actor: int) -> None:
    """Refuse an actor who is not there.

    Raises
    ------
    ValueError
        If `actor` is no position in `case.actors`.
    """
    if actor not in range(len(case.actors)):
        expected = f"0 to {len(case.actors) - 1}, a position in case.actors ({', '.join(case.actors)})"
        raise ValueError(f"found actor {actor!r}, expected {expected}")


def check_hour(case: Case, hour: float) -> None:
    """Refuse an hour at which nothing is known.

    Raises
    ------
    ValueError
        If `hour` lies before the scenario (and its warm-up) or after it.
    """
    first = 0.0 - case.warmup
    if not first <= hour <= case.end:
        expected = f"hours since the scenario's start, {first:g} to {case.end:g}"
        raise ValueError(f"found hour {hour!r}, expected {expected}")


def check_count(name: str, count: int) -> None:
    """Refuse to look for fewer than one of what is named.

    Raises
    ------
    ValueError
        If `count` is less than 1.
    """
    if count < 1:
        raise ValueError(f"found {name} {count!r}, expected 1 or more")
