"""What lies where at the start, what each place can store, and up to what level it orders."""

import numpy as np

from corridor.case.goods import HOURS_A_DAY, STORAGE, Goods
from corridor.case.model import DEPOT_TIER, NO_TIER, PLACE_TIER, SOURCE_TIER, Source
from corridor.network import Floats, Ints

__all__ = ["depot_share", "kept_demand", "order_level", "recorded_days", "recorded_stock", "storage_limit", "tiers"]


PILE_DAYS = 30.0
"""Days of its output that lie at a source without a stated store before it stops: a choice of this model."""


def depot_share(goods: Goods) -> Floats:
    """Return the share of its area that each depot serves, by capacity (no limit: as the largest), shape (n, k)."""
    size = goods.zeros()
    largest = max((row.capacity for row in goods.depots if np.isfinite(row.capacity)), default=1.0)
    for row in goods.depots:
        size[goods.nodes[row.node], goods.position[row.commodity_out]] += min(row.capacity, largest)
    area = goods.network.area
    for name in set(area.tolist()) - {""}:
        total = size[area == name].sum(axis=0)
        size[area == name] /= np.where(total > 0, total, 1)
    size[area == ""] = 0
    return size


def kept_demand(goods: Goods, share: Floats) -> Floats:
    """Return the demand that the stock of each node stands for, tonnes a day, shape (n, k).

    Of the days that an area has in stock, its depots keep `depot_share` and its people the rest; without a depot
    the people keep all. `share` (n, k) is what each depot serves of its area.
    """
    area = goods.network.area
    in_depots = goods.zeros()
    for row in goods.network.supply.demand:
        if row.commodity in goods.position:
            in_depots[area == row.area, goods.position[row.commodity]] = row.depot_share
    has_depot = np.zeros_like(share, dtype=bool)
    for name in set(area.tolist()) - {""}:
        has_depot[area == name] = share[area == name].any(axis=0)
    in_depots = np.where(has_depot, in_depots, 0)
    return (goods.demand * (1 - in_depots) + share * _area_demand(goods) * in_depots) * HOURS_A_DAY


def _area_demand(goods: Goods) -> Floats:
    """Return the demand of the whole area that each node lies in, tonnes an hour, shape (n, k)."""
    _, inverse = np.unique(goods.network.area, return_inverse=True)
    total = np.zeros((int(inverse.max()) + 1, len(goods.rows)))
    np.add.at(total, inverse, goods.demand)
    return total[inverse]


def recorded_days(goods: Goods) -> Floats:
    """Return the days of supply that the area of each node has on record, shape (n, k)."""
    days = goods.zeros()
    for row in goods.network.supply.demand:
        if row.commodity in goods.position:
            days[goods.network.area == row.area, goods.position[row.commodity]] = row.stock.central
    return days


def recorded_stock(goods: Goods, otherwise: Floats) -> Floats:
    """Return the tonnes at the start, shape (n, k): what the facilities of a node state, or `otherwise`."""
    stated = _stated(goods, depots=False)
    return np.where(np.isnan(stated), otherwise, stated)


def order_level(goods: Goods, kept: Floats, sources: tuple[Source, ...], days: Floats) -> Floats:
    """Return the order-up-to level, tonnes, shape (n, k).

    It is the policy's `days` (k,), or those that the area has on record where they are more, of what a node's stock
    stands for (`kept`, tonnes a day) and of what its converters take in; a depot that states its stock is kept at
    that. The products of a refinery share its intake, power plants add up.
    """
    shared, added = goods.zeros(), goods.zeros()
    for source in sources:
        if source.feed >= 0:
            cell, daily = (source.node, source.feed), source.intake * HOURS_A_DAY
            if source.commodity < 0:
                added[cell] += daily
            else:
                shared[cell] = max(shared[cell], daily)
    level = np.maximum(kept, shared + added) * np.maximum(days, recorded_days(goods))
    stated = _stated(goods, depots=True)
    return np.where(np.isnan(stated), level, stated)


def storage_limit(goods: Goods, sources: tuple[Source, ...], need: Floats) -> Floats:
    """Return what can be stored, tonnes, shape (n, k): what the facilities of a node state, elsewhere no limit.

    Where imports or production state none, they pile up to a month of what they put out, or twice what is needed
    there (`need`, (n, k), tonnes): nobody goes on unloading what nobody fetches. The products of converters have no
    such limit, since one that is not followed further would stop the others.
    """
    limit, pile = goods.zeros(), np.maximum(0.0, 2 * need)
    for row, cell in goods.stores():
        # A depot without a capacity has no limit; other facilities without one say nothing.
        if row.capacity > 0 and (row.role == STORAGE or np.isfinite(row.capacity)):
            limit[cell] += row.capacity
    piles = np.zeros_like(limit, dtype=np.bool_)
    for source in sources:
        if source.commodity >= 0 and source.feed < 0:
            cell = source.node, source.commodity
            piles[cell] = True
            pile[cell] += PILE_DAYS * HOURS_A_DAY * source.rate + 2 * source.cargo
    for source in sources:
        if source.commodity >= 0 and source.feed >= 0:
            piles[source.node, source.commodity] = False
    for depot in goods.depots:
        piles[goods.nodes[depot.node], goods.position[depot.commodity_out]] = False
    return np.where(limit > 0, limit, np.where(piles, pile, np.inf))


def tiers(goods: Goods, target: Floats, sources: tuple[Source, ...]) -> Ints:
    """Return whether a node is a source, a depot, a place that is supplied, or none of them, shape (n, k)."""
    tier = np.where((goods.demand > 0) | (target > 0), PLACE_TIER, NO_TIER)
    for row in goods.depots:
        tier[goods.nodes[row.node], goods.position[row.commodity_out]] = DEPOT_TIER
    for source in sources:
        if source.commodity >= 0:
            tier[source.node, source.commodity] = SOURCE_TIER
    return tier.astype(np.intp)


def _stated(goods: Goods, *, depots: bool) -> Floats:
    """Return the stock that the facilities of a node state, or its depots alone, tonnes, shape (n, k); nan: none."""
    stated = np.full_like(goods.demand, np.nan)
    for row, cell in goods.stores():
        if row.stock.high > 0 and (row.role == STORAGE or not depots):
            stated[cell] = np.nansum((stated[cell], row.stock.central))
    return stated
