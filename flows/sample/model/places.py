"""Where the simulated states lie: made-up coordinates of their capitals."""

from math import asin, cos, pi, radians, sin, sqrt

from flows.sample.model.ideal_points import World

CORNERS = {
    2: (40.0, -75.0),
    20: (46.0, -75.0),
    200: (52.0, 0.0),
    365: (56.0, 38.0),
    710: (40.0, 116.0),
}
"""Rough places of some states; all others are drawn by the hundreds of their code."""

BOXES = (
    (200, (-35, 20), (-95, -45)),
    (400, (38, 62), (-8, 35)),
    (600, (-30, 12), (-12, 40)),
    (700, (22, 38), (28, 55)),
    (1000, (-38, 42), (75, 170)),
)
EARTH_RADIUS_KM = 6371.0


def places(world: World) -> dict[int, tuple[float, float]]:
    """Latitude and longitude of each state's capital, in degrees."""
    rng = world.rng("places")
    found = {}
    for state in world.states:
        _, south_north, west_east = next(box for box in BOXES if state.ccode < box[0])
        drawn = (rng.uniform(*south_north), rng.uniform(*west_east))
        latitude, longitude = CORNERS.get(state.ccode, drawn)
        found[state.ccode] = (round(latitude, 4), round(longitude, 4))
    return found


def apart_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance of two places."""
    lat1, lng1, lat2, lng2 = (radians(x) for x in (*one, *other))
    across = sin((lat1 - lat2) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lng1 - lng2) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * (asin(sqrt(across)) if across < 1 else pi / 2)
