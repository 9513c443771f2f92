"""How whole a territory is at an instant, as lines for a reader, as JSON and CSV for a program, and as figures."""

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from corridor.case import Case
from corridor.cli.asked import Faults, Files, actor_of, case_of, hour_of, places_of
from corridor.cli.printed import counted, few, iso, stamped, table, whose, write_csv, write_figure, wrote
from corridor.errors import ScenarioError
from corridor.metrics import Connectivity, Isochrones, connectivity, delivered, isochrones, survival

__all__ = ["Asked", "Looked", "connectivity_json", "connectivity_lines", "look"]

PLACES_SHOWN, LEADERS_SHOWN, BINDING_SHOWN = 6, 5, 2
HEADER = ("what", "place", "to", "commodity", "value", "unit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Files):
    """What the command is asked for, as its options say it."""

    instant: str | None = None
    actor: str | None = None
    within: str = "1,2,3,6,12"
    origins: str | None = None
    commodity: str | None = None
    survival: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What was found: of a case, how whole the territory is, how far the places asked for are, the files written."""

    case: Case
    found: Connectivity
    places: Isochrones | None
    written: tuple[Path, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What is asked for in the case's own terms: hours and positions."""

    hour: float
    actor: int
    within: tuple[float, ...]
    origins: tuple[int, ...]
    commodity: int | None


def look(scenario: Path, asked: Asked) -> Looked:
    """Return how whole a territory of a scenario is, and write the files asked for.

    Raises
    ------
    CorridorError
        If the scenario or an option is wrong, or a file cannot be written.
    """
    case = case_of(scenario)
    wanted = _understood(case, asked)
    found = connectivity(case, wanted.hour, wanted.actor, within=wanted.within)
    epoch = case.epoch_at(wanted.hour)
    places = (
        isochrones(case, epoch, origins=wanted.origins, actor=wanted.actor, within=wanted.within)
        if wanted.origins
        else None
    )
    written = list(_draw(case, asked, found, _mapped(case, found, places, wanted.commodity)))
    if asked.table is not None:
        stamp = stamped(case, case.actors[found.actor], found.hour)
        write_csv(asked.table, HEADER, _rows(case, found, places), stamp)
        written = [asked.table, *written]
    return Looked(case=case, found=found, places=places, written=tuple(written))


def connectivity_lines(looked: Looked) -> Iterator[str]:
    """Give what was found in one screen."""
    case, found = looked.case, looked.found
    yield whose(case, found.actor, found.hour)
    if found.population > 0:
        yield from _found_lines(looked)
    else:
        yield "  holds nobody then"
    yield from wrote(looked.written)


def _found_lines(looked: Looked) -> Iterator[str]:
    """Give what was found of who holds people."""
    case, found = looked.case, looked.found
    yield from _territory_lines(found)
    if found.pairs:
        yield "ways between anchors (free-flow lorry hours; detour against the start; room by road class, not traffic)"
        yield from table(*_pair_table(found), texts=4 if any(pair.through for pair in found.pairs) else 3)
    if found.reachable or looked.places is not None:
        what = "a source" if found.reachable else "the places asked for"
        yield f"people within hours of {what}, by ways that their holder may use"
        yield from table(_reach_header(found), list(_reach_cells(found, looked.places)), texts=1)
    if found.reachable:
        yield from _unreached_lines(case, found)
    for what, leaders in (("places", found.places), ("roads", found.roads)):
        if leaders:
            yield f"{what} that most of what connects the people leads through"
            rows = [(one.id, one.name, f"{one.share:.0%}") for one in leaders[:LEADERS_SHOWN]]
            yield from table((what[:-1], "name", "share"), rows, texts=2)


def connectivity_json(looked: Looked) -> dict[str, Any]:
    """Return all that was found; numbers that there are not are null."""
    case, found = looked.case, looked.found
    stamp = stamped(case, case.actors[found.actor], found.hour)
    whole = {key: value for key, value in asdict(found).items() if key not in {"actor", "hour"}}
    unreached = [
        {**asdict(one), "persons": round(one.persons), "since": None if one.since < 0 else iso(case, one.since)}
        for one in found.unreached
    ]
    pockets = [
        {
            **asdict(pocket),
            "population": round(pocket.population),
            "actor": case.actors[found.actor],
            "nodes": case.network.node_id[list(pocket.nodes)].tolist(),
        }
        for pocket in found.pockets
    ]
    places = None if looked.places is None else _near(looked.places)
    more = {
        "population": round(found.population),
        "pockets": pockets,
        "pairs": [{**asdict(pair), "reachable": pair.reachable} for pair in found.pairs],
        "reachable": [{**asdict(one), **_whole(asdict(one))} for one in found.reachable],
        "unreached": unreached,
        "from_places": places,
        "written": [str(path) for path in looked.written],
    }
    told: dict[str, Any] = _without_nan({**stamp, **whole, **more})
    return told


def _understood(case: Case, asked: Asked) -> _Wanted:
    """Return what is asked for in the case's own terms.

    Raises
    ------
    ScenarioError
        With every fault of the options.
    """
    faults = Faults()
    faults.note(_clashes(case, asked))
    named = {} if asked.origins is None else {"from": asked.origins}
    (origins,) = faults.answer(lambda: places_of(case, **named)) or [()]
    wanted = _Wanted(
        hour=faults.answer(lambda: hour_of(case, asked.instant)) or 0.0,
        actor=faults.answer(lambda: actor_of(case, asked.actor)) or 0,
        within=faults.answer(lambda: _hours_of(asked.within)) or (),
        origins=origins,
        commodity=faults.answer(lambda: _commodity_of(case, asked.commodity)),
    )
    faults.check()
    return wanted


def _clashes(case: Case, asked: Asked) -> Iterator[str]:
    """Give what is wrong with the files asked for: their kinds, their names, or that there is nothing to draw."""
    yield from asked.faults(survival=asked.survival)
    if delivered(case):
        return
    if asked.survival is not None:
        yield f"--survival {asked.survival}: nobody in this scenario asks for anything that vehicles carry"
    if asked.figure is not None and asked.origins is None:
        yield f"--figure {asked.figure}: nobody here asks for anything that vehicles carry; name places with --from"


def _hours_of(text: str) -> tuple[float, ...]:
    """Return the hours of the isochrones, rising.

    Raises
    ------
    ScenarioError
        If they are not numbers above 0 that rise.
    """
    try:
        hours = tuple(float(part) for part in text.split(","))
    except ValueError:
        hours = ()
    rising = all(low < high for low, high in pairwise((0.0, *hours)))
    if not hours or not rising or not all(map(math.isfinite, hours)):
        raise ScenarioError(f"--within {text}: expected hours above 0 that rise, parted by commas, such as 1,2,3,6,12")
    return hours


def _commodity_of(case: Case, name: str | None) -> int | None:
    """Return the position of the commodity asked for.

    Raises
    ------
    ScenarioError
        If nobody asks for it, or no vehicle carries it.
    """
    if name is None:
        return None
    known = {case.supply.commodities[one]: one for one in delivered(case)}
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"there is {', '.join(known) or 'none'}"
        raise ScenarioError(f"--commodity: unknown commodity '{name}'; {hint}")
    return known[name]


def _mapped(case: Case, found: Connectivity, places: Isochrones | None, commodity: int | None) -> Isochrones | None:
    """Return what a map shows: the commodity asked for, else the places asked for, else the commodity most lacked."""
    wanted = delivered(case)
    if commodity is None and places is not None:
        return places
    if not wanted:
        return None
    if commodity is None:
        lack = [one.cut_off + one.never for one in found.reachable]
        commodity = wanted[lack.index(max(lack))]
    epoch = case.epoch_at(found.hour)
    return isochrones(case, epoch, commodity=commodity, actor=found.actor, within=found.within)


def _draw(case: Case, asked: Asked, found: Connectivity, mapped: Isochrones | None) -> Iterator[Path]:
    """Draw the figures asked for, and give the files written."""
    if asked.figure is None and asked.survival is None:
        return
    from corridor.ensemble import survey
    from corridor.figures import plot_isochrones, plot_survival

    run, style = survey(case), asked.style()
    if asked.figure is not None and mapped is not None:
        yield from write_figure(plot_isochrones(run, mapped, hour=found.hour, style=style), asked.figure)
    if asked.survival is not None:
        yield from write_figure(plot_survival(run, survival(case), style=style), asked.survival, option="survival")


def _territory_lines(found: Connectivity) -> Iterator[str]:
    large = [pocket for pocket in found.pockets if pocket.substantial]
    small = len(found.pockets) - len(large)
    yield (
        f"  {found.population:,.0f} people in {counted(len(large), 'substantial pocket')}"
        f"{f' and {small} small' if small else ''}"
        + ("" if math.isnan(found.fragmentation) else f"; {found.largest_share:.1%} in the largest")
    )
    told = [("fragmentation", found.fragmentation), ("efficiency", found.efficiency)]
    known = [f"{name} {value:.3f}" for name, value in told if not math.isnan(value)]
    if known:
        yield f"  {', '.join(known)}"
    yield from (f"  {pocket.rank}. {pocket.name}  {pocket.population:,.0f} people" for pocket in large)


def _pair_table(found: Connectivity) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the ways between anchors as header and rows, with whose places they lead through if any of others do."""
    past = any(pair.through for pair in found.pairs)
    more = ("way leads through",) if past else ()
    header = ("from", "to", *more, "what binds the vehicles", "km", "hours", "detour", "room, vehicles a day")
    rows = []
    for pair in found.pairs:
        room = pair.max_flow_vehicles_per_day
        numbers = (f"{pair.km:.0f}", f"{pair.hours:.1f}", "-" if math.isnan(pair.detour) else f"{pair.detour:.2f}")
        most = f"{room:,.0f}" if math.isfinite(room) else "any number"
        through = (", ".join(pair.through),) if past else ()
        binding = few(pair.binding, most=BINDING_SHOWN)
        way = (*through, binding, *numbers, most) if pair.reachable else (*through, "no way", "-", "-", "-", "-")
        rows.append((pair.origin, pair.destination, *way))
    return header, rows


def _reach_header(found: Connectivity) -> tuple[str, ...]:
    return ("of", *(f"{hours:g} h" for hours in found.within), "farther", "cut off", "never")


def _reach_cells(found: Connectivity, places: Isochrones | None) -> Iterator[tuple[str, ...]]:
    rows = [(one.commodity, one.people, one.beyond, one.cut_off, one.never) for one in found.reachable]
    if places is not None:
        near = _near(places)
        rows.append(("the places asked for", near["people"], near["beyond"], near["cut_off"], near["never"]))
    for name, people, *others in rows:
        yield name, *(f"{persons:,.0f}" for persons in (*people, *others))


def _near(places: Isochrones) -> dict[str, Any]:
    """Return the people within the hours of the places asked for, and those who are not."""
    masks = {"beyond": places.beyond, "cut_off": places.cut_off, "never": places.never}
    others = {name: float(places.persons[mask].sum()) for name, mask in masks.items()}
    return _whole({"people": places.people.tolist(), **others})


def _whole(row: dict[str, Any]) -> dict[str, Any]:
    """Return the people within the hours of something, and those who are not, as whole numbers."""
    beyond = {what: round(row[what]) for what in ("beyond", "cut_off", "never")}
    return {"people": [round(people) for people in row["people"]], **beyond}


def _unreached_lines(case: Case, found: Connectivity) -> Iterator[str]:
    """Give who is cut off since when, those that lost their way to the same commodities at one instant together."""
    lacks: dict[tuple[str, float, bool], list[str]] = {}
    persons: dict[str, float] = {}
    for one in found.unreached:
        lacks.setdefault((one.place, one.since, one.never), []).append(one.commodity)
        persons[one.place] = one.persons
    if not lacks:
        yield "everybody has a way from a source of every commodity"
        return
    yield "no way from any source"
    alike = sorted((since, never, tuple(of), -persons[place], place) for (place, since, never), of in lacks.items())
    for (since, never, of), group in groupby(alike, key=lambda row: row[:3]):
        places = [row[4] for row in group]
        when = "since the start" if since < 0 else f"since {case.written(since)}"
        total = sum(persons[place] for place in places)
        road = ", no road at all" if never else ""
        what = "every commodity" if len(of) == len(found.reachable) else ", ".join(of)
        yield f"  {when}{road}: {few(places, most=PLACES_SHOWN)} ({total:,.0f} people), {what}"


def _rows(case: Case, found: Connectivity, places: Isochrones | None) -> Iterator[tuple[object, ...]]:
    """Give every number in a row of `HEADER`; those that there are not are left empty."""
    whole = (
        ("population", round(found.population), "persons"),
        ("pockets", len(found.pockets), ""),
        ("substantial_pockets", sum(pocket.substantial for pocket in found.pockets), ""),
        ("largest_share", found.largest_share, "share"),
        ("fragmentation", found.fragmentation, "share"),
        ("efficiency", found.efficiency, "share"),
    )
    for what, value, unit in whole:
        yield what, "", "", "", _cell(value), unit
    for pocket in found.pockets:
        yield "pocket_population", pocket.name, "", "", round(pocket.population), "persons"
    for pair in found.pairs:
        numbers = (
            ("km", pair.km, "km"),
            ("hours", pair.hours, "h"),
            ("detour", pair.detour, ""),
            ("max_flow_vehicles_per_day", pair.max_flow_vehicles_per_day, "vehicles/day"),
        )
        for what, value, unit in numbers:
            yield what, pair.origin, pair.destination, "", _cell(value), unit
        yield "through", pair.origin, pair.destination, "", ";".join(pair.through), "actors"
    for row in found.reachable:
        yield from _reach_rows(found, row.commodity, _whole(asdict(row)))
    if places is not None:
        yield from _reach_rows(found, "", _near(places))
    for one in found.unreached:
        yield "no_way_since", one.place, "", one.commodity, "" if one.since < 0 else iso(case, one.since), "instant"
    for what, leaders in (("place_way_share", found.places), ("road_way_share", found.roads)):
        yield from ((what, leader.id, "", "", leader.share, "share") for leader in leaders)


def _reach_rows(found: Connectivity, commodity: str, row: dict[str, Any]) -> Iterator[tuple[object, ...]]:
    for hours, people in zip(found.within, row["people"], strict=True):
        yield f"within_{hours:g}_hours", "", "", commodity, people, "persons"
    for what in ("beyond", "cut_off", "never"):
        yield what, "", "", commodity, row[what], "persons"


def _cell(value: float) -> float | str:
    return value if math.isfinite(value) else ""


def _without_nan(value: Any) -> Any:  # noqa: ANN401 (any JSON)
    """Return JSON with null for every number that is none."""
    if isinstance(value, dict):
        return {key: _without_nan(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
