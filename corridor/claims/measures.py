"""The measures that a check can name: a closed table of functions, and whether what they answer is what was said."""

from collections.abc import Callable
from math import isnan

from corridor.case.measured import Asked
from corridor.claims import supplies, territory, ways
from corridor.claims.view import View
from corridor.scenario.measured import SIGNATURES

__all__ = ["MEASURES", "Value", "measured", "stands", "told"]

Value = float | bool | str | None
"""What a measure answers; None: there is nothing to measure."""

MEASURES: dict[str, Callable[..., Value]] = {
    "pockets": territory.pocket_count,
    "pocket_persons": territory.pocket_persons,
    "together": territory.together,
    "holder": territory.holder,
    "held_share": territory.held_persons_share,
    "first_held": territory.first_held,
    "in_turn": territory.in_turn,
    "lost_nodes": territory.lost_nodes,
    "actors_gaining": territory.actors_gaining,
    "reaches": ways.reaches,
    "max_flow": ways.max_flow,
    "through": ways.through,
    "road_km": ways.road_km,
    "truck_hours": ways.truck_hours,
    "detour_without": ways.detour_without,
    "distance_km": ways.distance_km,
    "bearing": ways.bearing_degrees,
    "arms": ways.arms,
    "on_road": ways.on_road,
    "most_people": ways.most_people,
    "people_rank": ways.people_rank,
    "way_rank": ways.way_rank,
    "nearest": ways.nearest,
    "count": ways.count,
    "pipeline_km": ways.pipeline_km,
    "open_share": ways.open_share,
    "aid_tonnes": supplies.aid_tonnes,
    "delivered": supplies.delivered,
    "convoy_hours": supplies.convoy_hours,
    "days": supplies.days,
    "days_change": supplies.days_change,
    "unmet_share": supplies.unmet_share,
    "stockout_days": supplies.stockout_days,
    "made": supplies.made,
    "moved_persons": supplies.moved_persons,
}
"""What can be measured: a new measure is one function, one line here, and its arguments in `SIGNATURES`."""
THOUSAND = 1000.0


def measured(view: View, asked: Asked) -> Value:
    """Return what the measure of a check answers."""
    return MEASURES[asked.check.measure](view, *asked.arguments)


def stands(value: Value, asked: Asked) -> bool:
    """Return whether a value stands to what is said as the check says it does; what is not there never does."""
    if value is None or (isinstance(value, float) and isnan(value)):
        return False
    relation, said = asked.check.relation, asked.expected
    if relation in ("==", "!="):
        return (value == said[0]) == (relation == "==")
    number, *bounds = (float(each) for each in (value, *said))
    if relation == "within":
        return bounds[0] <= number <= bounds[1]
    above, equal = number > bounds[0], number == bounds[0]
    return {">": above, ">=": above or equal, "<": not above and not equal, "<=": not above}[relation]


def told(view: View, asked: Asked, value: Value) -> str:
    """Return a value in words."""
    signature = SIGNATURES[asked.check.measure]
    if value is None:
        return "never" if signature.answer == "instant" else "nothing to measure"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if signature.answer == "instant":
        return view.case.written(float(value))
    if value == float("inf"):
        return "any number" if asked.check.measure == "max_flow" else "no way"
    digits = f"{value:,.0f}" if float(value).is_integer() or abs(value) >= THOUSAND else f"{value:,.3g}"
    unit = signature.unit.removesuffix("s") if value == 1 else signature.unit
    return f"{digits} {unit}".strip()
