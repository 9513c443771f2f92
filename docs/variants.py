"""How a shipped scenario and its network are changed, one thing at a time, to see what hangs on it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from corridor.case import Case, bind
from corridor.network import Network, Range
from corridor.policies import FairShare, NearestFirst, Optimal
from corridor.scenario import Scenario, load_scenario
from corridor.scenario.model import PassageRule, PopulationEvent
from corridor.sources import read_network

__all__ = [
    "Change",
    "Part",
    "case_of",
    "followed",
    "loaded",
    "opened",
    "peopled",
    "policed",
    "rowed",
    "shared_roads",
    "ships",
    "supplied",
    "tabled",
    "timed",
    "together",
]

SCENARIOS = Path(__file__).parent.parent / "scenarios"
Part = Literal["low", "high"]
Setting = tuple[Scenario, Network]
Change = Callable[[Scenario, Network], Setting]
"""What makes another scenario, or another network, of a scenario and its network."""


@cache
def loaded(name: str) -> Setting:
    """Return a shipped scenario without its figures, and the network it runs on."""
    scenario = load_scenario(SCENARIOS / f"{name}.yaml")
    return scenario, _network(scenario.network)


@cache
def _network(name: str) -> Network:
    return read_network(name)


def case_of(name: str, *changes: Change) -> Case:
    """Return a shipped scenario bound to its network, with changes."""
    scenario, network = loaded(name)
    for change in changes:
        scenario, network = change(scenario, network)
    return bind(scenario, network)


def supplied(**fields: Any) -> Change:  # noqa: ANN401 # whatever a field of supply takes
    """Change fields of a scenario's supply."""
    return lambda scenario, network: (replace(scenario, supply=replace(scenario.supply, **fields)), network)


def policed(**fields: Any) -> Change:  # noqa: ANN401 # whatever a field of a policy takes
    """Change fields of a scenario's policy; targets named are laid over those there are."""

    def change(scenario: Scenario, network: Network) -> Setting:
        policy = scenario.supply.policy
        targets = {**policy.target_days, **fields.get("target_days", {})}
        policy = replace(policy, **(fields | {"target_days": targets}))
        return replace(scenario, supply=replace(scenario.supply, policy=policy)), network

    return change


def followed(kind: type[FairShare | NearestFirst | Optimal]) -> Change:
    """Let another policy decide, with the same reviews and targets."""

    def change(scenario: Scenario, network: Network) -> Setting:
        now = scenario.supply.policy
        policy = kind(review_hours=now.review_hours, target_days=now.target_days)
        return replace(scenario, supply=replace(scenario.supply, policy=policy)), network

    return change


def tabled(table: str, column: str, part: Part, wanted: Callable[[Any], bool] = lambda _: True) -> Change:
    """Take the low or the high end of a column of ranges for the rows wanted of a table of supply."""

    def change(scenario: Scenario, network: Network) -> Setting:
        rows = tuple(
            replace(row, **{column: at_end(getattr(row, column), part)}) if wanted(row) else row
            for row in getattr(network.supply, table)
        )
        return scenario, replace(network, supply=replace(network.supply, **{table: rows}))

    return change


def at_end(numbers: Range, part: Part) -> Range:
    """Return a range whose central value is one of its ends."""
    return replace(numbers, central=getattr(numbers, part))


def rowed(table: str, wanted: Callable[[Any], bool], **fields: Any) -> Change:  # noqa: ANN401 # as `supplied`
    """Give fields of the rows wanted of a table of supply other values."""

    def change(scenario: Scenario, network: Network) -> Setting:
        rows = tuple(replace(row, **fields) if wanted(row) else row for row in getattr(network.supply, table))
        return scenario, replace(network, supply=replace(network.supply, **{table: rows}))

    return change


def opened(link: str, share: float) -> Change:
    """Let a link be open to a share from the start."""

    def change(scenario: Scenario, network: Network) -> Setting:
        shares = {**scenario.links.except_, link: share}
        return replace(scenario, links=replace(scenario.links, except_=shares)), network

    return change


def timed(times: Mapping[str, str]) -> Change:
    """Let events happen at other times."""

    def change(scenario: Scenario, network: Network) -> Setting:
        events = tuple(
            replace(event, at=datetime.fromisoformat(times[event.id])) if event.id in times else event
            for event in scenario.events
        )
        return replace(scenario, events=events), network

    return change


def peopled(persons: Mapping[str, float]) -> Change:
    """Let other numbers of people move; an event of none is left out."""

    def change(scenario: Scenario, network: Network) -> Setting:
        events = tuple(
            replace(event, persons=persons[event.id])
            if isinstance(event, PopulationEvent) and event.id in persons
            else event
            for event in scenario.events
            if persons.get(event.id) != 0
        )
        return replace(scenario, events=events), network

    return change


def shared_roads(*actors: str) -> Change:
    """Let some actors drive through each other's places."""

    def change(scenario: Scenario, network: Network) -> Setting:
        rules = tuple(PassageRule(actor=one, through=other, mode="free") for one in actors for other in actors)
        kept = tuple(rule for rule in rules if rule.actor != rule.through)
        return replace(scenario, passage=(*scenario.passage, *kept)), network

    return change


def ships(first: str) -> Change:
    """Let the ships of crude come so that one is in at another time."""

    def change(scenario: Scenario, network: Network) -> Setting:
        facilities = tuple(
            replace(each, first_cargo=datetime.fromisoformat(first))
            if each.facility == "banias_oil_terminal_crude_import"
            else each
            for each in scenario.supply.facilities
        )
        return replace(scenario, supply=replace(scenario.supply, facilities=facilities)), network

    return change


def together(*changes: Change) -> Change:
    """Make several changes at once."""

    def change(scenario: Scenario, network: Network) -> Setting:
        for each in changes:
            scenario, network = each(scenario, network)
        return scenario, network

    return change
