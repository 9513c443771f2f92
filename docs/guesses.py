"""Which numbers of the record are guesses, what else they may be, and who says so."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from corridor.network import Network, Range
from corridor.policies import NearestFirst, Optimal
from corridor.scenario import Scenario
from docs.variants import (
    Change,
    Part,
    followed,
    opened,
    peopled,
    policed,
    rowed,
    shared_roads,
    ships,
    supplied,
    tabled,
    timed,
    together,
)

__all__ = ["Guess", "Value", "fuel_guesses", "homs_guesses", "siege_guesses"]

FUELS = ("gasoline", "diesel")


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value that a guess may have: in words, and what it changes."""

    words: str
    change: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """A number that is weakly known: its central value in words, the others, and who says so.

    `kind` is ``range`` where the tables or a parameter give low and high, ``ours`` where the range is our own, and
    ``choice`` where it is no number but a way to model.
    """

    what: str
    central: str
    values: tuple[Value, ...]
    kind: Literal["range", "ours", "choice"]
    source: str


def _ends(low: str, high: str, change: Callable[[Part], Change]) -> tuple[Value, ...]:
    return Value(words=low, change=change("low")), Value(words=high, change=change("high"))


def _refining(part: Part) -> Change:
    wanted = _of(nodes=("homs_refinery", "banias_refinery"), roles=("refinery",))
    return together(tabled("facilities", "rate", part, wanted), tabled("facilities", "intake", part, wanted))


def _of(
    *,
    areas: Collection[str] = (),
    commodities: Collection[str] = (),
    nodes: Collection[str] = (),
    roles: Collection[str] = (),
    made: Collection[str] = (),
) -> Callable[[Any], bool]:
    """Return whether a row of demand or of a facility is of all that is named."""

    def wanted(row: Any) -> bool:  # noqa: ANN401 # a row of any table of supply
        named = (
            (areas, "area"), (commodities, "commodity"), (nodes, "node"), (roles, "role"), (made, "commodity_out"),
        )  # fmt: skip
        return all(getattr(row, field) in allowed for allowed, field in named if allowed)

    return wanted


def _stocked(days: float) -> Change:
    """Keep so many days of fuel in the Damascus area, and aim at as much more than that as the scenario does."""
    central = Range(days, days, days)
    return together(
        rowed("demand", _of(areas=("damascus_area",), commodities=FUELS), stock=central),
        policed(target_days=dict.fromkeys(FUELS, days + 1.5)),
    )


def _everyday(part: Part) -> Change:
    return tabled("demand", "rate", part)


def homs_guesses() -> Sequence[Guess]:
    """Return what `homs_2024` rests on and nobody knows well."""
    damascus = _of(areas=("damascus_area",), commodities=FUELS)
    silo = _of(nodes=("silo_sabinah",), roles=("storage",))
    imports = _of(roles=("import",))
    line = "homs_refinery>depot_adra"
    return (
        Guess(
            what="hours door to door over free-flow hours", central="1.6", kind="range",
            source="parameter trip_time_factor_2024: background; ronperrier_2019; low",
            values=tuple(Value(words=f"{x:g}", change=supplied(trip_time_factor=x)) for x in (1.3, 2.5)),
        ),
        Guess(
            what="fuel in the Damascus area at the start, days", central="5", kind="range",
            source="background:fuel_stock_days_damascus; low",
            values=_ends("2", "12", lambda part: tabled("demand", "stock", part, damascus)),
        ),
        Guess(
            what="the same, with the target 1.5 days above it", central="5, target 6.5", kind="ours",
            source="targets are calibrated",
            values=(
                Value(words="2, target 3.5", change=_stocked(2)),
                Value(words="12, target 13.5", change=_stocked(12)),
            ),
        ),
        Guess(
            what="flour in the silo of Sabinah at the start, kt", central="22.8", kind="range",
            source="syriahomenews_silos; judgement; low",
            values=_ends("8.0", "51.3", lambda part: tabled("facilities", "stock", part, silo)),
        ),
        Guess(
            what="use a head, all goods and areas", central="demand.csv", kind="range",
            source="alsoury_damascus_fuel; syriasteps_200517; background; low",
            values=_ends("low", "high", _everyday),
        ),
        Guess(
            what="runs of both refineries, thousand barrels a day", central="38 + 65", kind="range",
            source="alwatan_126418; argus_dec2024; openoil_banias; high, medium",
            values=_ends("20 + 50", "45 + 95", _refining),
        ),
        Guess(
            what="all imports", central="facilities.csv", kind="range",
            source="background:product_imports_kbd; argus_dec2024; zamanalwsl_64296; low to high",
            values=_ends("low", "high", lambda part: tabled("facilities", "rate", part, imports)),
        ),
        Guess(
            what="crude at Banias at the start, kt", central="205", kind="range",
            source="background:crude_stock_banias_kbbl; low",
            values=_ends("68", "410", _crude_stock),
        ),
        Guess(
            what="vehicles", central="fleets.csv", kind="range", source="judgement; derived; low",
            values=_ends("× 0.7", "× 1.5", lambda part: tabled("fleets", "vehicles", part)),
        ),
        Guess(
            what="load of a vehicle", central="commodities.csv", kind="range",
            source="alsoury_damascus_fuel; postofasia_qaterji; background; medium",
            values=_ends("low", "high", lambda part: tabled("commodities", "payload", part)),
        ),
        Guess(
            what="hours to load, and to unload", central="2", kind="range",
            source="parameters load_time_h, unload_time_h: background; medium",
            values=tuple(
                Value(words=f"{x:g}", change=supplied(loading_hours=x, unloading_hours=x)) for x in (1.0, 4.0)
            ),
        ),
        Guess(
            what="diesel line from Homs to Adra, share open", central="0.5", kind="ours",
            source="syriaoil_2266; state of 2024 not documented; low",
            values=tuple(Value(words=f"{x:g}", change=opened(line, x)) for x in (0.0, 1.0)),
        ),
        Guess(
            what="share of an area's fuel that lies in depots", central="0.6", kind="ours", source="judgement; low",
            values=tuple(
                Value(words=f"{x:g}", change=rowed("demand", lambda row: row.depot_share > 0, depot_share=x))
                for x in (0.3, 0.9)
            ),
        ),
        Guess(
            what="least run of a refinery, share of its intake", central="0.4", kind="ours", source="judgement; low",
            values=tuple(
                Value(words=f"{x:g}", change=rowed("facilities", lambda row: row.minimum_run > 0, minimum_run=x))
                for x in (0.2, 0.6)
            ),
        ),
        Guess(
            what="target of fuel, days", central="6.5", kind="ours", source="calibrated",
            values=tuple(
                Value(words=f"{x:g}", change=policed(target_days=dict.fromkeys(FUELS, x))) for x in (5.0, 8.0)
            ),
        ),
        Guess(
            what="Nabk is lost at", central="8 Dec 03:00", kind="range", source="no source (E121); low",
            values=(
                Value(words="7 Dec 12:00", change=timed({"E121": "2024-12-07T12:00+03:00"})),
                Value(words="8 Dec 04:00", change=timed({"E121": "2024-12-08T04:00+03:00"})),
            ),
        ),
        Guess(
            what="days of warm-up", central="7", kind="choice", source="decisions",
            values=tuple(Value(words=f"{x}", change=_warmed(x)) for x in (5, 14)),
        ),
        Guess(
            what="who holds a place beside a road commands the road", central="yes", kind="choice",
            source="radii of `passes`: judgement",
            values=(Value(words="no", change=lambda scenario, net: (replace(scenario, overlook=False), net)),),
        ),
        Guess(
            what="those who took places share their roads", central="no", kind="choice", source="no rule on record",
            values=(Value(words="yes", change=shared_roads("hts", "sor", "sfa", "local")),),
        ),
        Guess(
            what="who is served first", central="fair share", kind="choice", source="no rule on record",
            values=(
                Value(words="the nearest", change=followed(NearestFirst)),
                Value(words="optimal", change=followed(Optimal)),
            ),
        ),
        Guess(
            what="hours between reviews", central="6", kind="choice", source="decisions",
            values=tuple(Value(words=f"{x:g}", change=policed(review_hours=x)) for x in (3.0, 12.0)),
        ),
        Guess(
            what="stock of a place that falls", central="passes on", kind="choice", source="no rule on record",
            values=(Value(words="is destroyed", change=supplied(fallen_stock="destroyed")),),
        ),
    )  # fmt: skip


def siege_guesses() -> Sequence[Guess]:
    """Return what the siege of the Old City rests on."""
    homs_food = _of(areas=("homs_area",), commodities=("dry_food",))
    homs_flour = _of(areas=("homs_area",), commodities=("flour",))
    return (
        Guess(
            what="rations inside the ring", central="a half, then a third, then a fifth", kind="ours",
            source="judgement; low",
            values=(
                Value(words="none", change=supplied(rationing=())),
                Value(words="a third throughout", change=_rationed(0.33)),
            ),
        ),
        Guess(
            what="dry food of the area in 2012, days", central="45", kind="range",
            source="background, of 2024; low",
            values=_ends("15.75", "101.25", lambda part: tabled("demand", "stock", part, homs_food)),
        ),
        Guess(
            what="flour of bakeries, days", central="3", kind="range", source="background:flour_bakery_stock_days; low",
            values=_ends("1", "5", lambda part: tabled("demand", "stock", part, homs_flour)),
        ),
        Guess(
            what="who left the Old City, and when", central="15,000 at first, 3,991 in four parts until autumn 2013",
            kind="ours", source="judgement; low",
            values=(
                Value(words="18,991 at first", change=peopled({"S001": 18_991.0} | dict.fromkeys(_LATER, 0.0))),
                Value(
                    words="10,000 at first, 8,991 in four parts",
                    change=peopled({"S001": 10_000.0} | dict.fromkeys(_LATER, 2_247.75)),
                ),
            ),
        ),
    )  # fmt: skip


def fuel_guesses() -> Sequence[Guess]:
    """Return what the day on which Banias stops rests on."""
    by_sea = _of(nodes=("banias_oil_terminal",), roles=("import",), made=(*FUELS, "lpg"))
    return (
        Guess(
            what="crude at Banias at the start, kt", central="205", kind="range",
            source="background:crude_stock_banias_kbbl; low",
            values=(
                *_ends("68", "410", _crude_stock),
                Value(words="90 (would fit)", change=rowed("facilities", _stored, stock=Range(90e3, 90e3, 90e3))),
                Value(words="150", change=rowed("facilities", _stored, stock=Range(150e3, 150e3, 150e3))),
            ),
        ),
        Guess(
            what="runs of both refineries, thousand barrels a day", central="38 + 65", kind="range",
            source="alwatan_126418; argus_dec2024; openoil_banias; high, medium",
            values=_ends("20 + 50", "45 + 95", _refining),
        ),
        Guess(
            what="target of crude at the refineries, days", central="10", kind="ours", source="judgement; low",
            values=(Value(words="3", change=policed(target_days={"crude": 3.0})),),
        ),
        Guess(
            what="when the last ship came in", central="20 Nov", kind="ours",
            source="derived: 17.6 days before the one that turned back; marprof_20241209 has 1 to 4 a month",
            values=(Value(words="7 Dec", change=ships("2024-12-07T12:00+03:00")),),
        ),
        Guess(
            what="fuel and LPG by sea", central="facilities.csv", kind="range",
            source="background:product_imports_kbd; low",
            values=_ends(
                "low", "high",
                lambda part: tabled("facilities", "rate", part, by_sea),
            ),
        ),
        Guess(
            what="use a head", central="demand.csv", kind="range", source="alsoury_damascus_fuel; low",
            values=_ends("low", "high", _everyday),
        ),
        Guess(
            what="least run of a refinery, share of its intake", central="0.4", kind="ours", source="judgement; low",
            values=tuple(
                Value(words=f"{x:g}", change=rowed("facilities", lambda row: row.minimum_run > 0, minimum_run=x))
                for x in (0.2, 0.6)
            ),
        ),
    )  # fmt: skip


_LATER = ("S005a", "S005b", "S005c", "S005d")


def _stored(row: Any) -> bool:  # noqa: ANN401 # a row of the table of facilities
    return bool(row.id == "banias_oil_terminal_crude")


def _crude_stock(part: Part) -> Change:
    return tabled("facilities", "stock", part, _stored)


def _rationed(share: float) -> Change:
    """Cut all three goods inside the ring to one share, from the beginning to the end."""

    def change(scenario: Scenario, network: Network) -> tuple[Scenario, Network]:
        first = {rule.commodity: replace(rule, share=share) for rule in reversed(scenario.supply.rationing)}
        return replace(scenario, supply=replace(scenario.supply, rationing=tuple(first.values()))), network

    return change


def _warmed(days: float) -> Change:
    """Begin the warm-up so many days before the start."""
    return lambda scenario, network: (replace(scenario, warmup_days=days), network)
