"""The network as parallel read-only arrays, and the tables of supply that go with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "PIPELINE",
    "ROAD",
    "Commodity",
    "Demand",
    "Facility",
    "Fleet",
    "Floats",
    "Ints",
    "Mask",
    "Network",
    "Range",
    "SupplyTables",
    "Texts",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Mask = NDArray[np.bool_]
Texts = NDArray[np.str_]

ROAD, PIPELINE = 0, 1


@dataclass(frozen=True, slots=True)
class Range:
    """Hold a weakly known number: its central value between a low and a high one, all in the same unit."""

    low: float
    central: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Commodity:
    """Describe a thing that is supplied.

    `unit` is ``tonnes`` or ``sm3``; `vehicle` the class of road vehicle that carries it (empty: no road transport);
    `payload` its load, units a vehicle; `priority` 1 is served first where a policy asks.
    """

    id: str
    name: str
    name_ar: str
    unit: str
    modes: tuple[str, ...]
    vehicle: str
    payload: Range
    density: float
    priority: int
    source: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Describe what the people of one area use of one commodity, and what the area has in stock.

    `rate` is kilograms a person and day; `stock` days of the area's demand, of which `depot_share` lies in the
    area's depots and the rest where people live.
    """

    area: str
    commodity: str
    rate: Range
    stock: Range
    depot_share: float
    source: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """Describe one line of business at a node: a source, a depot or one product of a converter.

    `role` is ``import``, ``production``, ``refinery``, ``mill``, ``power_plant`` or ``storage``; `rate` tonnes a day
    put out (for a refinery or mill: of `commodity_out`, at the central throughput `intake`, tonnes a day of
    `commodity_in`; a power plant burns its intake for `output` megawatts and puts out no commodity); `minimum_run` the
    least share of its intake that a converter can run at; `cargo` tonnes of one ship, where an import comes in ships
    (0: steadily); `capacity` tonnes that can be stored; `stock` tonnes at the start; the facility works between
    `active_from` and `active_to`, ISO 8601 instants (empty: without end).
    """

    id: str
    node: str
    role: str
    commodity_in: str
    commodity_out: str
    rate: Range
    intake: Range
    capacity: float
    stock: Range
    active_from: str
    active_to: str
    source: str
    confidence: str
    note: str
    output: Range = Range(0.0, 0.0, 0.0)
    minimum_run: float = 0.0
    cargo: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """Describe the road vehicles of one class that are at home at one node."""

    node: str
    vehicle: str
    vehicles: Range
    source: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyTables:
    """Hold a network's tables of supply, one tuple of rows each."""

    commodities: tuple[Commodity, ...] = ()
    demand: tuple[Demand, ...] = ()
    facilities: tuple[Facility, ...] = ()
    fleets: tuple[Fleet, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Network:
    """Hold nodes and links as parallel read-only arrays; a node or link is its position in them.

    Nodes, shape (n,): `node_id`, `node_name`, `node_name_ar`, `kind`, `admin1`, `area` (of supply, empty: none),
    `lon` and `lat` in degrees (the point on the road graph), `label_anchor` (compass point, empty: free),
    `node_source` and `node_confidence` of the row.
    `population` and `control` map the name of a dated column to persons or holders (``none``: contested), shape (n,);
    `aliases` maps other spellings, lower case, to node ids.

    Links, shape (m,): a two-way road is two links with one `link_id`, each the other's `reverse` (-1: one-way). From
    tables they come in the tables' order, roads before pipelines, the two links of a road side by side.
    `tail` and `head` are node positions, `mode` ROAD or PIPELINE, `length` km, `hours` free-flow truck hours (a
    pipeline's: its transit time at capacity), `capacity` vehicles an hour (a pipeline's: tonnes, or Sm³, a day),
    `commodity` what a pipeline carries, `road_number`, `road_class` and `link_name` as on signs, `link_source` and
    `link_confidence` of the row. `open_share` maps a dated column to shares of capacity from 0 (closed) to 1 (nan:
    the column is not one of this mode's). `passes` of link `i` are the nodes
    ``pass_node[pass_start[i]:pass_start[i + 1]]``: who holds them commands the road.
    """

    name: str
    title: str = ""
    source: str = ""

    node_id: Texts
    node_name: Texts
    node_name_ar: Texts
    kind: Texts
    admin1: Texts
    area: Texts
    lon: Floats
    lat: Floats
    label_anchor: Texts
    node_source: Texts
    node_confidence: Texts
    population: Mapping[str, Floats]
    control: Mapping[str, Texts]
    aliases: Mapping[str, str]

    link_id: Texts
    link_name: Texts
    tail: Ints
    head: Ints
    reverse: Ints
    mode: Ints
    length: Floats
    hours: Floats
    capacity: Floats
    commodity: Texts
    road_class: Texts
    road_number: Texts
    link_source: Texts
    link_confidence: Texts
    open_share: Mapping[str, Floats]
    pass_start: Ints
    pass_node: Ints

    supply: SupplyTables = field(default_factory=SupplyTables)

    def __post_init__(self) -> None:
        """Replace every array by a read-only view of it."""
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, np.ndarray):
                object.__setattr__(self, each.name, _read_only(value))
            elif isinstance(value, Mapping) and each.name != "aliases":
                object.__setattr__(self, each.name, {name: _read_only(column) for name, column in value.items()})

    @property
    def node_count(self) -> int:
        """Return the number of nodes, n."""
        return self.node_id.size

    @property
    def link_count(self) -> int:
        """Return the number of directed links, m."""
        return self.link_id.size

    def node_positions(self) -> dict[str, int]:
        """Return the position of every node by its id."""
        return {str(node): position for position, node in enumerate(self.node_id)}

    def link_positions(self) -> dict[str, tuple[int, ...]]:
        """Return the positions of every link by its id: two for a two-way road, one otherwise."""
        found: dict[str, tuple[int, ...]] = {}
        for position, link in enumerate(self.link_id.tolist()):
            found[link] = (*found.get(link, ()), position)
        return found

    def passes(self, link: int) -> Ints:
        """Return the nodes whose holders command the road `link` (a position), in the order of travel."""
        return self.pass_node[self.pass_start[link] : self.pass_start[link + 1]]


def _read_only(array: NDArray[Any]) -> NDArray[Any]:
    view = array.view()
    view.flags.writeable = False
    return view
