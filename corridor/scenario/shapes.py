"""The shape of what may be written, looked up in the types of the model."""

import types
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic.fields import FieldInfo

from corridor.scenario.model import Event, Scenario, Supply
from corridor.scenario.tree import Key, Where

__all__ = ["Member", "event_members", "locate", "members", "policies"]


@dataclass(frozen=True, slots=True)
class Member:
    """What may stand under a key: its type without annotations, and whether the key must be there."""

    hint: Any
    required: bool


@cache
def members(owner: type) -> Mapping[str, Member]:
    """Return what a mapping read as the dataclass `owner` may hold, by key as written."""
    hints = get_type_hints(owner, include_extras=True)
    found = {}
    for field in fields(owner):
        hint = hints[field.name]
        alias = next((a.alias for a in _annotations(hint) if isinstance(a, FieldInfo) and a.alias), field.name)
        required = field.default is MISSING and field.default_factory is MISSING
        found[alias] = Member(_bare(hint), required)
    if owner is Scenario:
        del found["skip_outside"]
    return types.MappingProxyType(found)


def event_members() -> Mapping[str, Mapping[str, Member]]:
    """Return what each kind of event may hold, by its kind."""
    return {tag: members(choice) for tag, choice in _choices(_bare(Event)).items()}


def policies() -> Mapping[str, type]:
    """Return the policies that a scenario may name, by their kind."""
    return _choices(members(Supply)["policy"].hint)


def locate(location: tuple[Key, ...]) -> tuple[Where, type | None]:
    """Turn a validator's location into keys and positions as in the file, and the dataclass they end in.

    The location differs from the file where one of several kinds stands: it names the kind as well.
    """
    hint: Any = Scenario
    owner: type | None = Scenario
    where: list[Key] = []
    for key in location:
        choices = _choices(hint)
        if key in choices:
            hint = owner = choices[str(key)]
            continue
        if key == "[key]":
            break
        where.append(key)
        hint = _inside(hint, key)
        owner = hint if is_dataclass(hint) and isinstance(hint, type) else owner if isinstance(key, str) else None
    return tuple(where), owner


def _inside(hint: Any, key: Key) -> Any:  # noqa: ANN401 (a type hint)
    if isinstance(hint, type) and is_dataclass(hint):
        member = members(hint).get(str(key))
        return member.hint if member else None
    arguments = get_args(hint)
    if get_origin(hint) is tuple:
        return _bare(arguments[0])
    return _bare(arguments[1]) if get_origin(hint) is dict else None


def _choices(hint: Any) -> Mapping[str, type]:  # noqa: ANN401 (a type hint)
    """Return the dataclasses of a union by the word that tells them apart; of anything else, none."""
    return _tagged(get_args(hint)) if get_origin(hint) in {Union, types.UnionType} else {}


@cache
def _tagged(choices: tuple[Any, ...]) -> Mapping[str, type]:
    found: dict[str, type] = {}
    for choice in choices:
        if is_dataclass(choice) and isinstance(choice, type):
            tag = get_type_hints(choice).get("kind", get_type_hints(choice).get("check"))
            found |= dict.fromkeys(get_args(tag) if get_origin(tag) is Literal else (), choice)
    return found


def _annotations(hint: Any) -> tuple[Any, ...]:  # noqa: ANN401 (a type hint)
    return get_args(hint)[1:] if get_origin(hint) is Annotated else ()


def _bare(hint: Any) -> Any:  # noqa: ANN401 (a type hint)
    """Take annotations and a ``| None`` off a type hint."""
    if get_origin(hint) is Annotated:
        return _bare(get_args(hint)[0])
    if get_origin(hint) in {Union, types.UnionType}:
        left = [choice for choice in get_args(hint) if choice is not type(None)]
        return _bare(left[0]) if len(left) == 1 else hint
    return hint
