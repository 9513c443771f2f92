"""What an explanation asks of a saved run: its arrays, names, instants, and the loads of one commodity."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from corridor.errors import RunError
from corridor.network import Floats, Ints, Mask
from corridor.scenario.words import did_you_mean

__all__ = ["CONTESTED", "Dataset", "Loads", "Record", "Target"]

Texts = NDArray[np.str_]

CONTESTED = -1
PUT_IN = ("delivered", "partly unloaded", "diverted")
NEEDED = ("made", "drivable", "event_nodes", "shipment_loaded", "shipment_ended", "shipment_waited", "gate_waited")


class Dataset(Protocol):
    """What is asked of a run: named variables with `values`, and attributes."""

    @property
    def attrs(self) -> Mapping[Any, Any]:
        """What is said of the run as a whole."""
        ...

    def __getitem__(self, name: str, /) -> Any:  # noqa: ANN401 (a variable of any type)
        """Return a variable."""
        ...

    def __contains__(self, name: object, /) -> bool:
        """Return whether there is a variable of that name."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is explained: the `nodes` (positions) of a place or area with this `id` and `name`, and a commodity."""

    id: str
    name: str
    nodes: tuple[int, ...]
    commodity: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Loads:
    """Hold the s shipments of one commodity, each field of shape (s,), named as those of `Shipment`.

    `put_in` tonnes were put into the stock at `destination` at `arrived` and counted as received; `back` tonnes were
    brought back into a stock uncounted. Loads of aid come from outside: `drawn`, what left the stock at `origin` at
    `loaded`, is 0 for them.
    """

    id: Ints
    actor: Ints
    mode: Texts
    outcome: Texts
    route: Texts
    origin: Ints
    ordered: Ints
    destination: Ints
    tonnes: Floats
    arrived: Floats
    loaded: Floats
    ended: Floats
    waited: Floats
    put_in: Floats
    back: Floats
    drawn: Floats

    def of(self, chosen: Mask | Ints) -> "Loads":
        """Return the chosen loads alone."""
        return Loads(**{each.name: getattr(self, each.name)[chosen] for each in fields(self)})


class Record:
    """A run's arrays, read once, and the questions that an explanation puts to them.

    Raises
    ------
    RunError
        If the run does not hold what is needed, as those of earlier versions do not.
    """

    def __init__(self, run: Dataset) -> None:
        missing = [name for name in NEEDED if name not in run]
        if missing:
            msg = f"the run holds no {missing[0]}: an earlier version wrote it; run the scenario again"
            raise RunError(msg)
        self._run = run
        self._arrays: dict[str, NDArray[Any]] = {}
        self.attrs = dict(run.attrs)
        self.start = datetime.fromisoformat(self.attrs["start"])
        self.names: list[str] = self["node_name"].astype(str).tolist()
        self.ids: list[str] = self["node_id"].astype(str).tolist()
        self.position = {node: number for number, node in enumerate(self.ids)}
        self.commodities: list[str] = self["commodity"].astype(str).tolist()
        self.time: Floats = self["time"]
        self.row = {node: row for row, node in enumerate(self["place_node"].tolist())}
        self.factor = float(self.attrs["trip_time_factor"])
        self.labels: dict[str, str] = dict(
            zip(self["event_id"].astype(str).tolist(), self["event_label"].astype(str).tolist(), strict=True)
        )
        moved = (nodes.split(";") for nodes in self["event_nodes"].astype(str).tolist())
        self._moved = dict(zip(self.labels, moved, strict=True))

    def __getitem__(self, name: str) -> NDArray[Any]:
        """Return a variable of the run as an array."""
        if name not in self._arrays:
            self._arrays[name] = np.asarray(self._run[name].values)
        return self._arrays[name]

    def has(self, name: str) -> bool:
        """Return whether the run has a variable."""
        return name in self._run

    def target(self, place: str, commodity: str) -> Target:
        """Return what a place (or area) and a commodity mean, by their ids.

        Raises
        ------
        RunError
            If there is no such place or commodity, or nothing to do with supply is there.
        """
        faults = []
        if commodity not in self.commodities:
            near = did_you_mean(commodity, self.commodities, otherwise="there is")
            faults.append(f"--commodity: unknown commodity '{commodity}'{near}")
        areas = self["area"].astype(str)
        area = np.flatnonzero((areas == place) & (areas != "")).tolist()
        nodes = [self.ids.index(place)] if place in self.ids else area
        if not nodes:
            near = did_you_mean(place, [*self.ids, *dict.fromkeys(areas.tolist())])
            faults.append(f"--place: unknown place or area '{place}'{near}")
        kept = tuple(node for node in nodes if node in self.row)
        if nodes and not kept:
            faults.append(f"--place: nobody is supplied at '{place}', and nothing is kept or made there")
        if faults:
            raise RunError("\n".join(faults))
        name = self.names[nodes[0]] if place in self.ids else place
        return Target(id=place, name=name, nodes=kept, commodity=self.commodities.index(commodity))

    def series(self, name: str, nodes: Sequence[int], commodity: int) -> Floats:
        """Return a variable of supply at nodes, shape (t, p)."""
        rows = [self.row[node] for node in nodes]
        values: Floats = self[name][:, rows, commodity]
        return values

    def loads(self, commodity: int) -> Loads:
        """Return the shipments of a commodity."""
        mine = np.flatnonzero(self["shipment_commodity"] == commodity)

        def of(name: str) -> NDArray[Any]:
            return self[f"shipment_{name}"][mine]

        mode, outcome, tonnes = of("mode").astype(str), of("outcome").astype(str), of("tonnes")
        names = ("id", "actor", "origin", "ordered", "destination", "arrived", "loaded", "ended", "waited")
        by_aid, part = mode == "aid", outcome == "partly unloaded"
        return Loads(
            **{name: of(name) for name in names},
            mode=mode,
            outcome=outcome,
            route=of("route").astype(str),
            tonnes=tonnes,
            put_in=np.where(np.isin(outcome, PUT_IN), np.where(part, of("unloaded"), tonnes), 0.0),
            back=np.where((outcome == "turned back") & ~by_aid, tonnes, 0.0),
            drawn=np.where(by_aid, 0.0, tonnes),
        )

    def row_at(self, hour: float) -> int:
        """Return the last row of `time` at or before an hour: what holds when it comes."""
        return max(0, int(np.searchsorted(self.time, hour, side="right")) - 1)

    def moment(self, hour: float) -> datetime:
        """Return hours since the start as an instant in the scenario's own offset, to the minute."""
        return self.start + timedelta(minutes=round(hour * 60))

    def epoch_at(self, hour: float) -> int:
        """Return the epoch that holds at an hour, the later one where two meet."""
        return max(0, int(np.searchsorted(self["epoch_start"], hour, side="right")) - 1)

    def opened_by(self, epoch: int, about: Iterable[int] = ()) -> tuple[str, ...]:
        """Return the ids of the events that opened an epoch: only those `about` some nodes, if there are such."""
        events = tuple(event for event in str(self["epoch_events"][epoch]).split(";") if event)
        concerned = {self.ids[node] for node in about}
        return tuple(event for event in events if not concerned.isdisjoint(self._moved.get(event, ()))) or events

    def actor(self, holder: int) -> str:
        """Return the name of a holder, ``contested`` if there is none."""
        return str(self["actor_name"][holder]) if holder != CONTESTED else "contested"
