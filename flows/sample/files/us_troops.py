"""US troops abroad, the legacy series: garrisons by host and year."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from flows.sample.files.formats import Cell, csv_bytes
from flows.sample.model.simulation import Simulation
from flows.sample.model.states import HEGEMON, State, is_core_ally

COLUMNS = [
    *("countryname", "ccode", "iso3c", "year"),
    *("troops", "army", "navy", "air_force", "marine_corps"),
    *("region", "space_force", "coast_guard"),
]
GARRISONS = {
    260: (100_000, 260_000, 240_000),
    255: (240_000, 70_000, 35_000),
    740: (150_000, 45_000, 53_000),
    732: (300_000, 40_000, 28_000),
    200: (10_000, 28_000, 9_500),
    325: (3_000, 14_000, 12_500),
    840: (12_000, 15_000, 200),
    713: (800, 8_000, 30),
    220: (20_000, 60, 70),
    800: (300, 1_000, 100),
    230: (1_000, 9_000, 3_200),
    640: (2_000, 6_000, 1_700),
    395: (4_000, 3_300, 5),
    817: (300, 60_000, 0),
}
"""Rough garrisons in 1950, 1980 and 2020 (or while the state exists)."""
FIRST_YEARS = {255: 1990, 316: 1993, 317: 1993, 679: 1990}
"""Hosts that the file does not follow back to 1950."""
HOSTS_OUTSIDE = {1003: "Afloat", 1008: "Guam", 6: "Puerto Rico"}
REGIONS = (
    (200, "Latin America & Caribbean"),
    (400, "Europe & Central Asia"),
    (600, "Sub-Saharan Africa"),
    (700, "Middle East & North Africa"),
    (1000, "East Asia & Pacific"),
)


@dataclass(frozen=True)
class Host:
    """A host of troops: name, code, ISO code and region as in the file."""

    name: str
    code: int
    iso3: str
    region: str


def simulated_file(simulation: Simulation) -> bytes:
    """Writes US troops abroad, by host and year; branches of service from 2006 to 2023.

    Args:
        simulation: The simulated world.

    Returns:
        CSV; NA is missing, host codes above 1000 are no states.
    """
    world = simulation.world
    rng = world.rng("troops")
    rows: list[list[Cell]] = []
    for state in world.states:
        if state.troops_name is None:
            continue
        region = next(name for limit, name in REGIONS if state.ccode < limit)
        host = Host(state.troops_name, state.ccode, state.iso3, region)
        last = min(max(s.last.year for s in state.system), 2021 if state.ccode == HEGEMON else 2023)
        for year in range(FIRST_YEARS.get(state.ccode, 1950), last + 1):
            troops = _garrison(state, year) * float(np.exp(0.1 * rng.standard_normal()))
            rows.append(_row(host, year, int(troops)))
    for code, name in HOSTS_OUTSIDE.items():
        rows += [_row(Host(name, code, "NA", "NA"), year, 2_000) for year in range(2008, 2024)]
    return csv_bytes(COLUMNS, rows)


def _garrison(state: State, year: int) -> float:
    if state.ccode == HEGEMON:
        return 1_300_000
    if not state.in_system_year(year):
        return 0.0
    ally = is_core_ally(state.ccode, date(year, 12, 31))
    usual = 150 if ally else 20
    return float(np.interp(year, (1950, 1980, 2020), GARRISONS.get(state.ccode, (usual,) * 3)))


def _row(host: Host, year: int, troops: int) -> list[Cell]:
    late = year >= 2022
    head: list[Cell] = [host.name, host.code, "NA" if late else host.iso3, year, troops]
    if year < 2006:
        return [*head, *["NA"] * 4, host.region, "NA", "NA"]
    army, navy, air = (int(troops * share) for share in (0.4, 0.2, 0.3))
    branches = (army, navy, air, troops - army - navy - air)
    if late:
        return [*head, *branches, "NA", 0 if year == 2023 else "NA", 0]
    return [*head, *branches, host.region, "NA", "NA"]
