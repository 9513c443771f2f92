"""What cuts places off from places, at an instant or through a scenario, as lines, JSON, a table and a map."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from corridor.case import Case
from corridor.cli.asked import Faults, Files, actor_of, by_itself, case_of, hour_of, places_of
from corridor.cli.printed import called, counted, few, iso, stamped, table, whose, write_csv, write_figure, wrote
from corridor.control import Epoch
from corridor.metrics import Cut, cut, cuts

__all__ = ["Asked", "Severed", "Spell", "cut_json", "cut_lines", "sever"]

ROADS_SHOWN, PLACES_SHOWN = 3, 6
ROOM = "room, vehicles a day"
HEADER = (
    "from", "to", "max_flow_vehicles_per_day", "fewest_roads", "unique", "why", "what", "id", "name",
    "road_number", "tail", "head", "vehicles_per_day", "origin_side_persons", "destination_side_persons",
    "other_persons",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Files):
    """What the command is asked for, as its options say it."""

    origins: str
    destinations: str
    instant: str | None = None
    actor: str | None = None
    count: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """A cut that holds from `start` to `end`, hours since the scenario's start; people are those of its start."""

    start: float
    end: float
    cut: Cut


@dataclass(frozen=True, slots=True, kw_only=True)
class Severed:
    """What was found: of a case, at an `hour` since its start or (None) in spells through all of it."""

    case: Case
    hour: float | None
    spells: tuple[Spell, ...]
    written: tuple[Path, ...]


def sever(scenario: Path, asked: Asked) -> Severed:
    """Return what cuts the places asked for off from each other, and write the files asked for.

    Raises
    ------
    CorridorError
        If the scenario or an option is wrong, with every fault, or a file cannot be written.
    """
    case = case_of(scenario)
    actor, hour, (origins, destinations) = _understood(case, asked)
    if hour is None:
        spells = _spells(case, cuts(case, actor, origins, destinations, count=asked.count))
    else:
        epoch = case.epoch_at(hour)
        found = cut(case, epoch, actor, origins, destinations, count=asked.count)
        spells = (Spell(start=max(epoch.start, 0.0), end=epoch.end, cut=found),)
    written = []
    if asked.figure is not None and hour is not None:
        written = _drawn(case, asked, asked.figure, hour, spells[0].cut)
    if asked.table is not None:
        stamp = stamped(case, case.actors[actor], hour)
        write_csv(asked.table, HEADER, (row for spell in spells for row in _rows(case, spell)), stamp)
        written = [asked.table, *written]
    return Severed(case=case, hour=hour, spells=spells, written=tuple(written))


def cut_lines(severed: Severed) -> Iterator[str]:
    """Give what was found: a screen about an instant, or a line for each spell."""
    case, first = severed.case, severed.spells[0].cut
    sides = (few(_ids(case, side), most=PLACES_SHOWN) for side in (first.origins, first.destinations))
    yield f"{whose(case, first.actor, severed.hour)}: from {' to '.join(sides)}"
    if severed.hour is not None:
        yield from _screen(case, first)
    else:
        values = [_number(spell.cut.value) for spell in severed.spells]
        unit = "roads" if first.count else ROOM
        if not first.count:
            yield "  room by road class, not traffic"
        width = max(map(len, (unit, *values)))
        rows = [
            (case.written(spell.start), case.written(spell.end), value.rjust(width), _short(case, spell.cut))
            for spell, value in zip(severed.spells, values, strict=True)
        ]
        yield from table(("from", "until", unit.rjust(width), "what binds"), rows, texts=4)
    yield from wrote(severed.written)


def cut_json(severed: Severed) -> dict[str, Any]:
    """Return all that was found; a number that is infinite is null."""
    case, first = severed.case, severed.spells[0].cut
    return {
        **stamped(case, case.actors[first.actor], severed.hour),
        "origins": _ids(case, first.origins),
        "destinations": _ids(case, first.destinations),
        "spells": [_spell_json(case, spell) for spell in severed.spells],
        "written": [str(path) for path in severed.written],
    }


def _understood(case: Case, asked: Asked) -> tuple[int, float | None, Sequence[tuple[int, ...]]]:
    """Return the actor, the hour (None: none is asked for) and the nodes of both sides that are asked for.

    Raises
    ------
    ScenarioError
        With all that is wrong.
    """
    faults = Faults()
    actor = faults.answer(lambda: actor_of(case, asked.actor)) or 0
    hour: float | None = None
    if asked.instant is not None or by_itself(case):
        hour = faults.answer(lambda: hour_of(case, asked.instant)) or 0.0
    both_sides = {"from": asked.origins, "to": asked.destinations}
    origins, destinations = faults.answer(lambda: places_of(case, **both_sides)) or [(), ()]
    both = sorted(set(origins) & set(destinations))
    if both:
        named = few(_ids(case, both), most=PLACES_SHOWN)
        faults.note([f"--from and --to both name {named}; expected places on one side only"])
    if asked.figure is not None and hour is None:
        listed = "say which with --at, such as one listed here"
        faults.note([f"--figure {asked.figure}: a map shows one instant; {listed}"])
    faults.note(asked.faults())
    faults.check()
    return actor, hour, (origins, destinations)


def _drawn(case: Case, asked: Asked, file: Path, hour: float, found: Cut) -> list[Path]:
    """Draw the map of a cut, and return the files written."""
    from corridor.ensemble import survey
    from corridor.figures import plot_cut

    return write_figure(plot_cut(survey(case), found, hour=hour, style=asked.style()), file)


def _spells(case: Case, found: Sequence[tuple[Epoch, Cut]]) -> tuple[Spell, ...]:
    """Return epochs one after another in which the same binds as one spell, without those of the warm-up."""
    reported = [(epoch, one) for epoch, one in found if epoch.end > 0]
    spells = []
    for _, group in groupby(reported, key=lambda pair: _told(case, pair[1])):
        mine = list(group)
        first, one = mine[0]
        spells.append(Spell(start=max(first.start, 0.0), end=mine[-1][0].end, cut=one))
    return tuple(spells)


def _told(case: Case, one: Cut) -> tuple[object, ...]:
    """Return what tells a cut from another."""
    return one.value, one.roads, one.gates, one.unique, one.shut if one.value else _why(case, one)


def _screen(case: Case, one: Cut) -> Iterator[str]:
    """Give all about a cut."""
    if one.why:
        yield f"  nothing gets through: {_why(case, one)}"
    elif one.count:
        yield f"  closing {counted(len(one.roads), 'road')} parts them; closing fewer does not"
    else:
        yield f"  {_room(one.value)} (by road class, not traffic); what binds: {_what(one)}"
    if one.roads:
        name = case.network.node_name
        rows = [
            (road.id, called(road.number, road.name), f"{name[road.tail]} – {name[road.head]}", _number(road.vehicles))
            for road in one.roads
        ]  # fmt: skip
        yield from table(("road", "name", "from – to", ROOM), rows, texts=3)
    for gate in one.gates:
        through = f"held by {gate.holder}" if gate.holder else "contested"
        yield f"  gate at {case.network.node_id[gate.node]} ({through})  {_room(gate.vehicles)}"
    if not one.why:
        yield (
            "  no other cut is as small"
            if one.unique
            else "  another cut is as small: this is the one nearest the origins"
        )
    near, far = (few(_ids(case, side), most=PLACES_SHOWN) for side in (one.origins, one.destinations))
    joined = f"{one.origin_persons:,.0f} stay joined to {near}, {one.destination_persons:,.0f} to {far}"
    yield f"  of the people {case.actors[one.actor]} holds {joined}, {one.other_persons:,.0f} to neither"
    if one.shut:
        yield f"  left out, as not open to {case.actors[one.actor]}: {few(_ids(case, one.shut), most=PLACES_SHOWN)}"


def _short(case: Case, one: Cut) -> str:
    """Return what binds in half a line."""
    if one.why:
        return _why(case, one)
    named = [road.id for road in one.roads] + [f"gate at {case.network.node_id[gate.node]}" for gate in one.gates]
    return few(named, most=ROADS_SHOWN) + ("" if one.unique else "; or another cut as small")


def _why(case: Case, one: Cut) -> str:
    """Return why nothing gets through."""
    if one.why == "no way":
        return "no way is open"
    side = one.origins if one.why == "origins" else one.destinations
    barred = _ids(case, [node for node in side if node in one.shut])
    return f"{case.actors[one.actor]} may not enter {few(barred, most=PLACES_SHOWN)}"


def _what(one: Cut) -> str:
    told = ((one.roads, "road"), (one.gates, "gate"))
    return " and ".join(counted(len(those), noun) for those, noun in told if those)


def _number(value: float) -> str:
    return f"{value:,.0f}" if math.isfinite(value) else "any number"


def _room(value: float) -> str:
    return f"room for {_number(value)}{'' if math.isfinite(value) else ' of'} vehicles a day"


def _ids(case: Case, nodes: Sequence[int]) -> list[str]:
    found: list[str] = case.network.node_id[list(nodes)].tolist()
    return found


def _spell_json(case: Case, spell: Spell) -> dict[str, Any]:
    one, node = spell.cut, case.network.node_id
    return {
        "from": iso(case, spell.start),
        "to": iso(case, spell.end),
        "max_flow_vehicles_per_day": None if one.count else _finite(one.value),
        "fewest_roads": int(one.value) if one.count else None,
        "unique": one.unique,
        "why": one.why,
        "roads": [
            {
                "id": road.id,
                "name": road.name,
                "road_number": road.number,
                "tail": str(node[road.tail]),
                "head": str(node[road.head]),
                "vehicles_per_day": _finite(road.vehicles),
            }
            for road in one.roads
        ],
        "gates": [
            {"node": str(node[gate.node]), "holder": gate.holder, "vehicles_per_day": _finite(gate.vehicles)}
            for gate in one.gates
        ],
        "left_out": _ids(case, one.shut),
        "origin_side_persons": round(one.origin_persons),
        "destination_side_persons": round(one.destination_persons),
        "other_persons": round(one.other_persons),
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _rows(case: Case, spell: Spell) -> Iterator[tuple[object, ...]]:
    """Give a row of `HEADER` for each road and gate that binds, and one where none does."""
    told = _spell_json(case, spell)
    whole = (
        told["from"], told["to"], told["max_flow_vehicles_per_day"],
        told["fewest_roads"], int(spell.cut.unique), spell.cut.why,
    )  # fmt: skip
    people = told["origin_side_persons"], told["destination_side_persons"], told["other_persons"]
    for road in told["roads"]:
        yield (*whole, "road", *road.values(), *people)
    for gate in told["gates"]:
        yield (*whole, "gate", gate["node"], "", "", "", "", gate["vehicles_per_day"], *people)
    if not (told["roads"] or told["gates"]):
        yield (*whole, *[""] * 7, *people)
