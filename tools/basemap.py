"""Make the base map of the embedded network: coast, borders and countries round Syria, clipped and simplified.

The input is ``countries-10m.json`` of the npm package ``world-atlas`` 2.0.2 (Natural Earth 4.1.0, public domain)::

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python tools/basemap.py package/countries-10m.json corridor/data/basemap.json

The output is a GeoJSON feature collection in degrees (WGS84). The property ``kind`` of a feature is ``country``
(Syria), ``neighbour`` (every other land), ``border`` (lines between two countries) or ``coast`` (the other lines). The
topology's arcs are simplified before polygons are made of them, so neighbours still meet without gaps. The member
``focus`` holds, by network, the part that maps show and the ids of places that they name besides the populous ones.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from shapely import LineString, MultiLineString, Polygon, box, make_valid, set_precision, unary_union
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry
from shapely.ops import linemerge

__all__ = ["base_map", "main"]

BOX = (34.5, 31.8, 43.0, 38.0)  # west, south, east, north
COUNTRY = "Syria"
FOCUS: dict[str, dict[str, list[Any]]] = {
    "central_syria": {"box": [35.15, 32.3, 38.75, 37.0], "names": ["palmyra"]},
}
"""What maps of a network show (west, south, east, north), and the places they name beyond those that people make."""
NAMES = {"N. Cyprus": "Cyprus", "Turkey": "Türkiye"}  # as the United Nations write them
TOLERANCE = 0.006  # degrees, about 600 m: half a millimetre at 1:1,200,000
GRID = 0.001
SMALLEST = 0.0005  # square degrees, about 5 km²: smaller islands cannot be seen
CLOSED_TRIANGLE = 4  # points; an island simplified to fewer is gone
SOURCE = "Natural Earth 4.1.0, 1:10m, public domain, by world-atlas 2.0.2 (ISC)"
NOTE = "Borders are one view among several: lines shown do not imply recognition of any claim."

Point = tuple[float, float]


def base_map(topology: dict[str, Any], *, frame: Iterable[float] = BOX, tolerance: float = TOLERANCE) -> dict[str, Any]:
    """Return the base map inside `frame` (west, south, east, north, degrees), simplified to `tolerance` degrees."""
    clip = box(*frame)
    arcs = [_simplified(arc, tolerance) for arc in _decoded(topology)]
    countries = topology["objects"]["countries"]["geometries"]
    uses = Counter(_position(index) for country in countries for ring in _rings(country) for index in ring)
    features = []
    for country in sorted(countries, key=lambda country: str(country["properties"]["name"])):
        name = str(country["properties"]["name"])
        land = _large(set_precision(_land(country, arcs).intersection(clip), GRID))
        if not land.is_empty:
            features.append(
                _feature(land, kind="country" if name == COUNTRY else "neighbour", name=NAMES.get(name, name))
            )
    for kind, count in (("border", 2), ("coast", 1)):
        lines = [LineString(arcs[index]) for index, times in uses.items() if times == count]
        inside = [
            part for line in lines if line.intersects(clip) for part in _parts(line.intersection(clip), "LineString")
        ]
        merged = linemerge(MultiLineString(inside))
        features.append(_feature(_without_islands(set_precision(merged, GRID)), kind=kind, name=""))
    head = {"type": "FeatureCollection", "source": SOURCE, "note": NOTE, "box": list(frame), "focus": FOCUS}
    return {**head, "features": features}


def main() -> None:
    """Read the topology, write the base map, say how large it is."""
    parser = argparse.ArgumentParser(description="make the base map of the embedded network")
    parser.add_argument("topology", type=Path, help="countries-10m.json of world-atlas 2.0.2")
    parser.add_argument("output", type=Path, help="where to write the base map (GeoJSON)")
    options = parser.parse_args()
    result = base_map(json.loads(options.topology.read_text(encoding="utf-8")))
    lines = [json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in result.pop("features")]
    head = json.dumps(result, ensure_ascii=False)[:-1]
    text = f'{head}, "features": [\n' + ",\n".join(lines) + "\n]}\n"
    options.output.write_text(text, encoding="utf-8")
    print(f"{options.output}: {len(lines)} features, {len(text.encode()) / 1000:.1f} kB")


def _decoded(topology: dict[str, Any]) -> Iterator[list[Point]]:
    """Yield the arcs in degrees: each is stored as steps from point to point on an integer grid."""
    (scale_x, scale_y), (shift_x, shift_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * scale_x + shift_x, y * scale_y + shift_y))
        yield points


def _simplified(arc: list[Point], tolerance: float) -> list[Point]:
    """Return an arc with fewer points; its ends stay, for other arcs begin there."""
    simple = list(LineString(arc).simplify(tolerance, preserve_topology=True).coords)
    return [(x, y) for x, y, *_ in simple]


def _rings(geometry: dict[str, Any]) -> Iterator[list[int]]:
    """Yield each ring of a country as indices of arcs."""
    for polygon in _polygons(geometry):
        yield from polygon


def _polygons(geometry: dict[str, Any]) -> list[list[list[int]]]:
    return [geometry["arcs"]] if geometry["type"] == "Polygon" else list(geometry["arcs"])


def _position(index: int) -> int:
    """Return which arc an index means: a negative one is the arc read backwards."""
    return index if index >= 0 else ~index


def _ring(indices: list[int], arcs: list[list[Point]]) -> list[Point]:
    """Return the points of a ring; where two arcs meet, the shared point stands once."""
    points: list[Point] = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += arc[1:] if points else arc
    return points


def _land(geometry: dict[str, Any], arcs: list[list[Point]]) -> BaseGeometry:
    """Return the polygons of a country, valid."""
    found = []
    for shell, *holes in _polygons(geometry):
        ring = _ring(shell, arcs)
        if len(ring) >= CLOSED_TRIANGLE:
            found.append(make_valid(Polygon(ring, [_ring(hole, arcs) for hole in holes])))
    return unary_union(found)


def _parts(geometry: BaseGeometry, kind: str) -> list[BaseGeometry]:
    parts = getattr(geometry, "geoms", [geometry])
    return [part for part in parts if part.geom_type == kind and not part.is_empty]


def _large(land: BaseGeometry) -> BaseGeometry:
    """Return the polygons that can be seen."""
    return unary_union([part for part in _parts(land, "Polygon") if part.area >= SMALLEST])


def _without_islands(lines: BaseGeometry) -> BaseGeometry:
    """Return the lines without the coasts of islands too small to be seen."""
    seen = [line for line in _parts(lines, "LineString") if not (line.is_ring and Polygon(line).area < SMALLEST)]
    return MultiLineString(seen)


def _feature(geometry: BaseGeometry, *, kind: str, name: str) -> dict[str, Any]:
    properties = {"kind": kind, "name": name} if name else {"kind": kind}
    return {"type": "Feature", "properties": properties, "geometry": mapping(geometry)}


if __name__ == "__main__":
    main()
