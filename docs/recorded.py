"""What the record offers to check against, and what the model gives there: the rows of one table."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple

from corridor.claims.view import View
from corridor.paths import Roads
from corridor.simulation import Shipment
from docs.guesses import fuel_guesses, homs_guesses, siege_guesses
from docs.outcomes import BEFORE, SPLIT, Run
from docs.variants import timed

__all__ = ["Said", "largest_city", "lengths", "record", "split_hours"]

Rows = Sequence[tuple[str, ...]]
COAST_CUT = "2024-12-08T01:30"
SPANS: Mapping[str, Mapping[str, str]] = {
    "Homs early": dict.fromkeys(("E131", "E132", "I026", "I028"), "2024-12-07T23:30+03:00"),
    "Homs late": dict.fromkeys(("E131", "E132", "I026", "I028"), "2024-12-08T03:30+03:00"),
    "Qusayr early": dict.fromkeys(("E130", "I030"), "2024-12-07T21:00+03:00"),
    "Qusayr late": dict.fromkeys(("E130", "I030"), "2024-12-08T03:00+03:00"),
    "Nabk early": {"E121": "2024-12-07T12:00+03:00"},
    "Nabk late": {"E121": "2024-12-08T04:00+03:00"},
    "Qara early": {"I032": "2024-12-07T20:00+03:00"},
    "Hisya early": {"I031": "2024-12-07T20:00+03:00"},
}
"""What the split hangs on, moved to the edges of its windows."""
PUBLISHED = (
    ("damascus", "homs", 162), ("homs", "hama", 47), ("homs", "aleppo", 193), ("aleppo", "latakia", 185),
    ("homs", "tartus", 96), ("homs", "latakia", 186), ("daraa", "suwayda", 49),
)  # fmt: skip
"""Lengths on the road as published, km."""
NEAR = 0.04


class Said(NamedTuple):
    """One row: what, what is said, by whom, what the model gives, with other values of the guesses, and so what."""

    what: str
    record: str
    source: str
    model: str
    band: str
    so: str

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of its sources."""
        return tuple(self.source.split("; ")) if self.source else ()

    def cells(self, keys: Sequence[str]) -> tuple[str, ...]:
        """Return the cells of the table: what other values give in brackets, sources by their number among `keys`."""
        model = f"{self.model} ({self.band})" if self.band else self.model
        return self.what, self.record, model, self.so, ", ".join(str(keys.index(key) + 1) for key in self.keys)


def record(found: Mapping[str, Rows]) -> list[Said]:
    """Return what the record says beside what the model gives.

    Parameters
    ----------
    found
        The tables of runs of `docs.make_validation`, by name: as shipped first, then one guess changed at a time.
    """
    return [
        *_territory(found["windows"]),
        *_damascus(found["supply"]),
        *_roads(found["supply"]),
        *_siege(found["siege"]),
        *_fuel(found["fuel"]),
    ]


def split_hours() -> dict[str, float]:
    """Return the hour from which the coast and Damascus are in two pockets, as shipped (empty) and by what is moved."""
    return {"": _split(Run("homs_2024"))} | {
        words: _split(Run("homs_2024", (timed(times),))) for words, times in SPANS.items()
    }


def _split(run: Run) -> float:
    after = run.hour("2024-12-07T00:00")
    return next(
        epoch.start for epoch in run.case.epochs if epoch.start >= after and run.pockets_in("regime", epoch) > 1
    )


def lengths() -> list[tuple[str, float, float]]:
    """Return pairs of places with the published kilometres and those of the fastest way here."""
    case = Run("homs_2024").case
    roads, at = View(case).open_roads, case.network.node_positions()
    ways = [
        (f"{one.capitalize()} to {other.capitalize()}", said, roads.route(at[one], at[other]) or ())
        for one, other, said in PUBLISHED
    ]
    return [(name, said, float(case.network.length[list(way)].sum())) for name, said, way in ways]


def largest_city(column: str) -> dict[str, float]:
    """Return the people of Homs with its districts, and of Hama, in a column of the network."""
    case = Run("homs_2024").case
    people, at = case.network.population[column], case.network.node_positions()
    return {city: float(people[list(View(case).with_districts(at[city]))].sum()) for city in ("homs", "hama")}


@cache
def _shipped(name: str) -> Run:
    return Run(name)


def _territory(moves: Rows) -> list[Said]:
    run, hours = _shipped("homs_2024"), split_hours()
    first, last = (run.case.written(each(hours.values())) for each in (min, max))
    now, then = (largest_city(f"place_population_{year}_persons") for year in (2024, 2010))
    measured = lengths()
    undone = ", ".join(sorted({row[3].split(";")[0] for row in moves if "split" in row[2].split(", ")}))
    worst = max(measured, key=lambda each: abs(each[2] / each[1] - 1))
    near = sum(abs(km / said - 1) < NEAR for _, said, km in measured)
    return [
        Said(
            "order and hours of control changes", "dated, in windows of hours", "events",
            f"{sum(use.applied for use in run.case.uses)} events", "", "as entered: no test",
        ),
        Said(
            "the coast and Damascus are parted from", "8 Dec, between 00:30 and 06:00",
            "guardian_20241208; webjosh_1733618600", run.case.written(hours[""]), f"{first} to {last}",
            "inside; but by the loss of which place is open: the hour of Nabk is placed (see below)",
        ),
        Said(
            "government pockets on 8 Dec 02:00", "2", "guardian_20241208", f"{run.pockets_at('regime', SPLIT)}",
            f"{undone} if Qusayr or the ring of Homs is lost at the end of its window",
            "inside; one window is enough to undo it",
        ),
        Said(
            "largest city of central Syria", "Homs", "press_002", _largest(now),
            f"{_people(now)} in the table of 2024; {_people(then)} in that of 2010",
            f"fails by the table of 2024; in that of 2010 it is {_largest(then)}",
        ),
        Said(
            "lengths of seven roads", "published", "roads", f"{near} of {len(measured)} within {100 * NEAR:.0f} %",
            f"worst: {worst[0]} {worst[2]:.0f} km for {worst[1]}",
            "two faults were mended after this comparison: Damascus to Homs and Homs to Tartus are calibrated",
        ),
    ]  # fmt: skip


def _damascus(rows: Rows) -> list[Said]:
    run, weeks = _shipped("homs_2024"), ("2024-11-30T22:00", BEFORE)
    rise = {
        goods: run.days_at("damascus_area", goods, weeks[1]) - run.days_at("damascus_area", goods, weeks[0])
        for goods in ("gasoline", "diesel", "lpg")
    }
    shared = next(row for row in rows if row[0].startswith("those who took places"))
    return [
        Said(
            "fuel in Damascus on 7 Dec", "price doubled in a week, shelves empty", "national_20241207",
            f"gasoline {rows[0][2]} days of supply, diesel {rows[0][3]}: {rise['gasoline']:+.1f} and "
            f"{rise['diesel']:+.1f} in that week",
            f"gasoline {_band(rows, 2)}, diesel {_band(rows, 3)}",
            "fails: prices and queues are not modelled, and the proxy does not fall. Buying ahead can be entered "
            "(`hoarding:`); how much of it there was is not on record",
        ),
        Said(
            "LPG in Damascus on 7 Dec", "a cylinder cost 7.5 times as much as the day before", "newsbulletin_bbc",
            f"{run.days_at('damascus_area', 'lpg', BEFORE):.1f} days, {rise['lpg']:+.1f} in that week", "",
            "in part: short and falling, rationed by a guess; nothing jumps on that day",
        ),
        Said(
            "flour in Damascus on 10 Dec", "20 days (7 to 45) two weeks before", "syriahomenews_silos",
            f"{rows[0][7]} days", _band(rows, 7), "no test: an input, used up day by day",
        ),
        Said(
            "roads among those who took places, after 8 Dec", "lorries crossed at some time, no date", "",
            f"closed; gasoline of Damascus {rows[0][5]} days on 10 Dec", f"{shared[5]} if shared",
            "fails: a lower bound, known to be too low",
        ),
    ]  # fmt: skip


def _roads(rows: Rows) -> list[Said]:
    run, exodus, bridge = _shipped("homs_2024"), _shipped("exodus_2024"), _shipped("rastan_bridge")
    sent = run.carried("coast", "damascus_area", COAST_CUT)
    jam = [
        _hours(exodus, *span)
        for span in (("2024-11-28T00:00", "2024-12-02T00:00"), ("2024-12-05T18:00", "2024-12-07T00:00"))
    ]
    moved, everyone = (sum(each.persons for each in one.case.supply.movements) for one in (run, exodus))
    usual, round_about = (_way(bridge, "homs", "hama", at) for at in ("2025-03-01T00:00", "2025-05-10T00:00"))
    return [
        Said(
            "which road carried what from the coast to Damascus", "M1 and M5 by Homs; no tonnes given",
            "webjosh_1733618600; guardian_20241208",
            f"{rows[0][8]} t in twelve days, {_portion(run, sent, 'jn_homs_s')} by the ring of Homs, "
            f"{_portion(run, sent, 'salamiyah')} by Salamiyah, {_portion(run, sent, 'qusayr')} by Qusayr",
            f"{_band(rows, 8)} t", "agrees as to the road; the tonnes and the western way cannot be checked",
        ),
        Said(
            "Homs to Hama, bridge of Rastan shut, May 2025", "all lorries by Salamiyah", "alikhbariah_homs_2026",
            f"{'' if 'salamiyah' in round_about[1] else 'not '}by Salamiyah, {round_about[0]:.0f} km for "
            f"{usual[0]:.0f}", "",
            "agrees; from Tartus the model drives by Masyaf, on which the record is silent",
        ),
        Said(
            "roads from Homs to the coast, 5 and 6 Dec", "jammed", "thenationalnews_alawite_residents_flee",
            f"lorries {jam[1]:.1f} hours, {jam[0]:.1f} the week before", "",
            "fails: so many vehicles slow nobody on a motorway; everyday traffic, checks and breakdowns are missing",
        ),
        Said(
            "displaced by 7 Dec", "370,000", "dnaindia_370000_displaced",
            f"{moved:,.0f} in `homs_2024`, {everyone:,.0f} in `exodus_2024`", "",
            "the total is entered; from where to where is a guess, and `homs_2024` leaves out who cannot be placed",
        ),
    ]  # fmt: skip


def _siege(rows: Rows) -> list[Said]:
    return [
        Said(
            "the Old City held out", "609 days by 7 Feb 2014, 699 in all",
            "greatersyria_a_massive_prison; naharnet_129506", "699 days", "", "as entered: no test",
        ),
        Said(
            "people in the Old City on 6 Feb 2014", "2,500 to 3,000; but 3,300 were led out later",
            "aljazeera_aid_convoy_homs; newssniffer_776512; naharnet_129506", rows[0][7], "",
            "outside the first, calibrated to the second",
        ),
        Said(
            "food in the Old City", "hunger, and people alive, in February 2014",
            "press_001; syriadirect_hundreds_old_homs",
            f"flour gone {rows[0][2]}, medicine {rows[0][4]}, dry food {rows[0][3]}: {rows[0][5]} days without",
            f"dry food gone {_dates(rows, 3)}; {_band(rows, 5)} days without",
            "fails: nobody lives half a year on nothing. What was stored at home, grown or smuggled is in no table",
        ),
    ]  # fmt: skip


def _fuel(rows: Rows) -> list[Said]:
    run, recovery = _shipped("fuel_break_2024"), _shipped("recovery_2025")
    crude = {
        node: run.tonnes_at(node, "crude", "2024-11-26T00:00") / 1000
        for node in ("banias_oil_terminal", "banias_refinery")
    }
    shut = [recovery.days_at("coast", "gasoline", f"2025-03-{day}T12:00") for day in ("06", "12")]
    damascus = recovery.days_at("damascus_area", "gasoline", "2025-03-12T12:00")
    ended = {row[1]: row[2] for row in rows}
    return [
        Said(
            "Banias stops for want of crude", "idle by 13 Dec 2024, ± 3 days",
            "actucarte_banias_2024; spglobal_20241210",
            f"{rows[0][2]}, with {sum(crude.values()):.0f} kt of crude on 26 Nov, {crude['banias_refinery']:.0f} of "
            "them at the refinery itself, which no source gives",
            f"{ended['68']} with 68 kt at the terminal, {ended['410']} with 410",
            "fails by ten days; inside with the least stock or the highest runs. 90 kt at the terminal would fit: not "
            "tuned",
        ),
        Said(
            "fuel while the coast was shut, March 2025", "fuel remained", "unicef_coast_march_2025",
            f"gasoline at the coast {shut[0]:.1f} days on 6 March, {shut[1]:.1f} on the 12th; at Damascus "
            f"{damascus:.1f}", "",
            "in part: what lands at the coast cannot leave it and remains. That the country has next to none from the "
            "middle of January on is in no source",
        ),
    ]  # fmt: skip


def _way(run: Run, origin: str, destination: str, at: str) -> tuple[float, set[str]]:
    """Return the kilometres of the fastest way of the new government's lorries, and the places on it."""
    case, place = run.case, run.case.network.node_positions()
    roads = Roads(case.network, case.drivable(case.epoch_at(run.hour(at)), case.actors.index("hts")))
    route = list(roads.route(place[origin], place[destination]) or ())
    return float(case.network.length[route].sum()), set(case.network.node_id[case.network.head[route]].tolist())


def _hours(run: Run, after: str, until: str) -> float:
    """Return the mean hours of convoys from the coast to Homs and its area that left in a span of time."""
    sent = [each for each in run.carried("coast", "homs_area", until) if each.departed >= run.hour(after)]
    return sum(each.arrived - each.departed for each in sent) / len(sent)


def _portion(run: Run, sent: Sequence[Shipment], node: str) -> str:
    """Return how much of the tonnes sent goes by a node, in words."""
    position = run.case.network.node_positions()[node]
    passed = sum(each.tonnes for each in sent if position in each.route) / sum(each.tonnes for each in sent)
    words = f"{100 * passed:.0f} %"
    return {"100 %": "all", "0 %": "none"}.get(words, words)


def _largest(persons: Mapping[str, float]) -> str:
    return max(persons, key=lambda city: persons[city]).capitalize()


def _people(persons: Mapping[str, float]) -> str:
    return ", ".join(f"{city.capitalize()} {number:,.0f}" for city, number in persons.items())


def _band(rows: Rows, column: int) -> str:
    """Return the least and the greatest of a column of numbers over all guesses, ways to model left out."""
    listed = (*homs_guesses(), *siege_guesses(), *fuel_guesses())
    ranged = {guess.what for guess in listed if guess.kind != "choice"} | {rows[0][0]}
    told = sorted((row[column] for row in rows if row[0] in ranged), key=lambda text: float(text.replace(",", "")))
    return f"{told[0]} to {told[-1]}"


def _dates(rows: Rows, column: int) -> str:
    """Return the first and the last of a column of dates, or that it never happens."""
    told = {row[column] for row in rows}
    dated = sorted(told - {"never"}, key=lambda text: datetime.strptime(f"{text} +0300", "%d %b %Y %z"))
    return f"{dated[0]} to {'never' if 'never' in told else dated[-1]}"
