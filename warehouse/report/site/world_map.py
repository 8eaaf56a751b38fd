"""The world as SVG paths: shapes of countries, projected once, and who is drawn where and when.

The shapes are Natural Earth's in TopoJSON (`shapes/shapes.yml`): arcs of whole numbers, each the
difference from the one before, of which a shape is a list of arcs, those with a negative number
read backwards. The projection is Natural Earth's too (Šavrič et al. 2011, The Cartographic Journal
48: 6-14), a polynomial.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import radians
from pathlib import Path
from typing import Any

from warehouse.db import Connection

SHAPES = Path(__file__).parent / "shapes"
WIDTH, HEIGHT = 960, 425
LAST_YEAR = 9999
NOT_DRAWN = ("Antarctica",)
WITHOUT_CODE = {"Kosovo": "XKX"}
"""Shapes without a number of ISO 3166-1, but with the code that `core.states` has for them."""

_SCALE = 174.0
_EQUATOR = 245.0

Point = tuple[float, float]

_CODES = """
SELECT ccode, iso3, bool_or(is_in_system_at_source_end) AS is_there
FROM core.states GROUP BY ALL HAVING is_there ORDER BY ccode
"""
_CAPITALS = """
SELECT ccode, arg_max(state_name, valid_from), arg_max(longitude, valid_from),
       arg_max(latitude, valid_from)
FROM core.capitals WHERE valid_to >= DATE '1946-01-01' GROUP BY ccode ORDER BY ccode
"""


@dataclass(frozen=True)
class Shape:
    """One country as it is drawn.

    Attributes:
        name: Natural Earth's name of it, or that of the state whose capital it is.
        path: The `d` of an SVG path; empty for a dot.
        spot: Where the dot is; None for a path.
        states: (COW code, last year), in order: whom the shape shows until that year.
    """

    name: str
    path: str
    spot: Point | None
    states: tuple[tuple[int, int], ...]

    def state_in(self, year: int) -> int | None:
        """The state that the shape shows in a year; None where it shows none."""
        return next((ccode for ccode, last in self.states if year <= last), None)


def world_shapes(connection: Connection) -> list[Shape]:
    """Every shape, and a dot for each state of today that has none.

    Args:
        connection: An open warehouse, for codes and capitals.
    """
    found = [*_paths(dict(_code_to_state(connection)))]
    drawn = {ccode for shape in found for ccode, _ in shape.states}
    known = set(_code_to_state(connection).values())
    for ccode, name, longitude, latitude in connection.execute(_CAPITALS).fetchall():
        if ccode in known - drawn:
            spot = project(longitude, latitude)
            found.append(Shape(name, "", spot, ((ccode, LAST_YEAR),)))
    return found


def _code_to_state(connection: Connection) -> dict[str, int]:
    """ISO 3166-1 alpha-3 to the COW code of the state of today."""
    return {iso3: ccode for ccode, iso3, _ in connection.execute(_CODES).fetchall() if iso3}


def _paths(states: Mapping[str, int]) -> Iterator[Shape]:
    import pycountry

    topology = json.loads((SHAPES / "countries-110m.json").read_text("utf-8"))
    arcs = _arcs(topology)
    before = _predecessors()
    for geometry in topology["objects"]["countries"]["geometries"]:
        name = geometry["properties"]["name"]
        if name in NOT_DRAWN:
            continue
        country = pycountry.countries.get(numeric=geometry.get("id", ""))
        code = country.alpha_3 if country else WITHOUT_CODE.get(name, "")
        today = ((states[code], LAST_YEAR),) if code in states else ()
        yield Shape(name, _path(geometry, arcs), None, (*before.get(name, ()), *today))


@cache
def _predecessors() -> dict[str, tuple[tuple[int, int], ...]]:
    """Name of a shape to whom it showed before the state of today was there."""
    with (SHAPES / "predecessors.csv").open(encoding="utf-8") as file:
        return {
            row["shape"]: ((int(row["ccode"]), int(row["year_to"])),)
            for row in csv.DictReader(file)
        }


def _arcs(topology: Mapping[str, Any]) -> list[list[Point]]:
    """Every arc as longitudes and latitudes."""
    transform = topology["transform"]
    (x_scale, y_scale), (x_first, y_first) = transform["scale"], transform["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * x_scale + x_first, y * y_scale + y_first))
        found.append(points)
    return found


def _path(geometry: Mapping[str, Any], arcs: list[list[Point]]) -> str:
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    rings = (_ring(ring, arcs) for polygon in polygons for ring in polygon)
    return "".join(_drawn(part) for ring in rings for part in cut_at_date_line(ring))


def _ring(ring: list[int], arcs: list[list[Point]]) -> list[Point]:
    points: list[Point] = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += [p for p in arc if not points or p != points[-1]]
    return points


def cut_at_date_line(ring: list[Point]) -> list[list[Point]]:
    """The parts of a ring on either side of the 180th meridian; the ring itself if it is on one.

    Args:
        ring: Longitudes and latitudes, the first point again at the end.
    """
    parts: list[list[Point]] = [[]]
    for before, here in zip([ring[0], *ring], ring, strict=False):
        if abs(here[0] - before[0]) > 180:
            side = 180.0 if before[0] > 0 else -180.0
            width = here[0] + 2 * side - before[0]  # 0 where both are on the meridian itself
            step = (side - before[0]) / width if width else 0.0
            latitude = before[1] + step * (here[1] - before[1])
            parts[-1].append((side, latitude))
            parts.append([(-side, latitude)])
        parts[-1].append(here)
    if len(parts) > 1:  # the ring begins somewhere: its last part goes on with its first
        parts[0] = parts.pop() + parts[0][1:]
    return parts


def _drawn(points: list[Point]) -> str:
    projected = (project(*point) for point in points)
    return "M" + "L".join(f"{x:g},{y:g}" for x, y in projected) + "Z"


def project(longitude: float, latitude: float) -> Point:
    """A place as a point of the drawing, to a tenth."""
    lam, phi = radians(longitude), radians(latitude)
    p2 = phi * phi
    p4 = p2 * p2
    x = lam * (0.8707 - 0.131979 * p2 + p4 * (-0.013791 + p4 * (0.003971 * p2 - 0.001529 * p4)))
    y = phi * (1.007226 + p2 * (0.015085 + p4 * (-0.044475 + 0.028874 * p2 - 0.005916 * p4)))
    return round(WIDTH / 2 + _SCALE * x, 1), round(_EQUATOR - _SCALE * y, 1)
