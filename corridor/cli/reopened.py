"""Which roads to reopen or to keep open first, as JSON and as rows of a table."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from corridor.case import Case
from corridor.cli.printed import iso
from corridor.criticality import Keeping, Reopening, Schedule

__all__ = ["KEPT_HEADER", "ROADS_HEADER", "kept_json", "kept_rows", "road_rows", "roads_json", "unit_of"]

ROADS_HEADER = (
    "rank", "road", "from", "to", "closed", "front", "hours", "repair_days", "gain", "unit", "crew", "start", "done",
    "reconnected_persons", "cumulative_person_days",
)  # fmt: skip
KEPT_HEADER = ("rank", "road", "from", "to", "hours", "cut_off_persons_with_those_before")


def unit_of(answer: Reopening | Keeping) -> str:
    """Return in what an answer counts."""
    timed = isinstance(answer, Reopening) and answer.aim.commodity is not None
    return "person_days" if timed else "persons"


def roads_json(case: Case, answer: Reopening, schedule: Schedule | None) -> dict[str, Any]:
    """Return the roads to reopen, what is next best and the order."""
    ids = case.network.node_id
    return {
        "persons": round(answer.persons),
        "cut_off_persons": round(answer.cut_off),
        "never_persons": round(answer.never),
        "candidates": len(answer.shut),
        "roads": [
            {
                "road": one.road,
                "from": str(ids[one.tail]),
                "to": str(ids[one.head]),
                "closed": one.closed,
                "front": one.front,
                "hours": one.hours,
                "repair_days": one.days,
                "gain": round(opening.gain),
                "as_good": [answer.shut[road].road for road in opening.equals],
            }
            for opening in answer.chosen
            for one in (answer.shut[opening.road],)
        ],
        "next_best": [
            {"roads": [answer.shut[road].road for road in best.roads], "value": round(best.value)}
            for best in answer.runners_up
        ],
        "order": None if schedule is None else _order_json(case, answer, schedule),
    }


def _order_json(case: Case, answer: Reopening, schedule: Schedule) -> dict[str, Any]:
    return {
        "crews": schedule.crews,
        "person_days": round(schedule.person_days),
        "bound_person_days": round(schedule.bound),
        "repairs": [
            {
                "road": answer.shut[one.road].road,
                "crew": one.crew + 1,
                "start": iso(case, answer.aim.hour + 24 * one.start),
                "done": iso(case, answer.aim.hour + 24 * one.done),
                "persons": round(one.persons),
                "person_days": round(one.person_days),
            }
            for one in schedule.repairs
        ],
    }


def kept_json(case: Case, answer: Keeping) -> dict[str, Any]:
    """Return the roads to keep open, and the next sets."""
    ids, network = case.network.node_id, case.network
    return {
        "persons": round(answer.persons),
        "roads": [
            {
                "road": str(network.link_id[link]),
                "from": str(ids[network.tail[link]]),
                "to": str(ids[network.head[link]]),
                "hours": float(network.hours[link]),
                "persons_so_far": round(persons),
            }
            for link, persons in zip(answer.links, answer.running, strict=True)
        ],
        "next": [{"roads": list(roads), "persons": round(value)} for roads, value in answer.runners_up],
    }


def kept_rows(case: Case, answer: Keeping) -> Iterator[Sequence[object]]:
    """Give a row of `KEPT_HEADER` for each road to keep open."""
    for rank, (link, persons) in enumerate(zip(answer.links, answer.running, strict=True), start=1):
        network = case.network
        ends = (network.node_id[network.tail[link]], network.node_id[network.head[link]])
        yield rank, network.link_id[link], *ends, network.hours[link], round(persons)


def road_rows(case: Case, answer: Reopening, schedule: Schedule | None) -> Iterator[Sequence[object]]:
    """Give a row of `ROADS_HEADER` for each road to reopen."""
    ids = case.network.node_id
    repairs = {one.road: one for one in (schedule.repairs if schedule else ())}
    for rank, opening in enumerate(answer.chosen, start=1):
        one, repair = answer.shut[opening.road], repairs[opening.road]
        start, done = (case.instant(answer.aim.hour) + timedelta(days=day) for day in (repair.start, repair.done))
        yield (
            rank, one.road, ids[one.tail], ids[one.head], int(one.closed), int(one.front), one.hours, one.days,
            round(opening.gain), unit_of(answer), repair.crew + 1, start.isoformat(timespec="minutes"),
            done.isoformat(timespec="minutes"), round(repair.persons), round(repair.person_days),
        )  # fmt: skip
