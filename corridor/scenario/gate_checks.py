"""What cannot be so of a gate: its keys without one, a service without a mean, hours that end before they begin."""

from collections.abc import Iterator
from dataclasses import fields

from corridor.errors import Fault
from corridor.scenario.events import PassageEvent, PassageTerms
from corridor.scenario.lookup import fault, has
from corridor.scenario.tree import Node, Where
from corridor.scenario.words import listed

__all__ = ["check_gate"]

ANY_RULE = {"actor", "through", "mode", "nodes", "commodities"}
GATE_KEYS = tuple(member.name for member in fields(PassageTerms) if member.name not in ANY_RULE)
"""What only a gate has."""
MEANS = ("service_minutes", "vehicles_per_day")
SPREAD = "lognormal"
NO_GATE = {"free", "closed"}
OTHERS = {"constant", "exponential"}
RANDOM = {"exponential", SPREAD}
MIDNIGHT = "24:00"


def check_gate(root: Node, where: Where, rule: Node) -> Iterator[Fault]:
    """Yield what is wrong with the terms of the `rule` of passage at `where`, whoever passes through whom."""
    mode = rule.text("mode")
    if mode in NO_GATE:
        for key in GATE_KEYS:
            if rule.get(key) is not None:
                yield fault(root, (*where, key), f"{key}: only a gate has it, and the mode is '{mode}'", at_key=True)
        return
    yield from _check_service(root, where, rule)
    yield from _check_hours(root, where, rule)


def _check_service(root: Node, where: Where, rule: Node) -> Iterator[Fault]:
    """Yield what is wrong with how long a vehicle takes: it has one mean, and a spread only around a mean."""
    if all(rule.get(key) is not None for key in MEANS):
        message = "vehicles_per_day: service_minutes says already how long a vehicle takes; keep one of the two"
        yield fault(root, (*where, "vehicles_per_day"), message, at_key=True)
    service = rule.text("service")
    if service in RANDOM and not any(has(rule, key, PassageEvent) for key in MEANS):
        message = f"service: '{service}' is a spread around a mean, and none is given; write {listed(MEANS)}"
        yield fault(root, (*where, "service"), message)
    other = service in OTHERS or not has(rule, "service", PassageEvent)
    if other and rule.get("service_variation") is not None:
        said = f"this one is '{service}'" if service else "left out, it is 'constant'"
        message = f"service_variation: only 'service: {SPREAD}' has it; {said}"
        yield fault(root, (*where, "service_variation"), message, at_key=True)


def _check_hours(root: Node, where: Where, rule: Node) -> Iterator[Fault]:
    """Yield a fault if a gate closes before it opens; times of day that are none are told of elsewhere."""
    opens, closes = (_clock(rule, key, other) for key, other in (("opens", "00:00"), ("closes", MIDNIGHT)))
    if opens and closes and opens >= closes:
        hint = f"; midnight at the end of a day is {MIDNIGHT}" if closes == "00:00" else ""
        if rule.get("closes") is None:
            yield fault(root, (*where, "opens"), f"opens: {opens} is not before closes {closes}")
        else:
            message = f"closes: {closes} is not after opens {opens} on the same day{hint}"
            yield fault(root, (*where, "closes"), message)


def _clock(rule: Node, key: str, otherwise: str) -> str:
    """Return a time of day, comparable as text, empty if it is none."""
    if not has(rule, key, PassageEvent):
        return otherwise
    clock = rule.text(key)
    return clock if len(clock) == len(otherwise) and clock.replace(":", "").isdigit() else ""
