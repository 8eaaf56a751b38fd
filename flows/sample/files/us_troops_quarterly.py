"""US troops abroad, the rebuilt series: garrisons by host and quarter."""

import csv
import io

import numpy as np

from flows.sample.files import us_troops
from flows.sample.files.formats import Cell, csv_bytes
from flows.sample.model.simulation import Simulation
from flows.sample.model.states import HEGEMON

_KEYS = ["ccode", "iso3c", "countryname", "year", "month", "quarter", "source"]
_BRANCHES = ["army", "navy", "air_force", "marine_corps"]
_RESERVES = [
    *("army_national_guard", "air_national_guard", "army_reserve", "navy_reserve"),
    *("marine_corps_reserve", "air_force_reserve", "coast_guard_reserve"),
]
_CIVILIANS = ["army", "navy", "marine_corps", "air_force", "dod", "total"]
COLUMNS = [
    *_KEYS,
    "troops_ad",
    *(f"{branch}_ad" for branch in _BRANCHES),
    *("coast_guard_ad", "space_force_ad"),
    *_RESERVES,
    "total_selected_reserve",
    *(f"{part}_civilian" if part != "total" else "total_civilian" for part in _CIVILIANS),
    *("year_quarter", "troops_all", "region"),
]
MONTHS = {1: "March", 2: "June", 3: "September", 4: "December"}
RECODED = {255: 260, 345: 340, 679: 678}
"""COW codes to those of Gleditsch and Ward, which the rebuilt series uses."""
COUNTED_TWICE = {325, 640, 732}
"""Hosts under two names in the series, so that every report of them is added up twice."""
TWICE_FROM = 2008
LAST = (2025, 4)


def simulated_file(simulation: Simulation) -> bytes:
    """Writes US troops by host and quarter: June to 1956, September to 2013, then each quarter.

    The September counts are those of the simulated legacy series while it lasts. As in the
    publisher's file, hosts of no report have 0 and no source, and three hosts are counted twice.

    Args:
        simulation: The simulated world.

    Returns:
        CSV; NA is missing.
    """
    rng = simulation.world.rng("troops by quarter")
    legacy = csv.DictReader(io.StringIO(us_troops.simulated_file(simulation).decode()))
    hosts: dict[int, dict[int, int]] = {}
    named: dict[int, dict[str, str]] = {}
    for row in legacy:
        hosts.setdefault(int(row["ccode"]), {})[int(row["year"])] = int(row["troops"])
        if row["region"] != "NA":
            named[int(row["ccode"])] = row
    rows: list[list[Cell]] = []
    written: set[tuple[int, int]] = set()
    for code, counts in sorted(hosts.items()):
        if code == 1003:  # ships are in no host's count
            continue
        last = max(counts)
        for year in range(min(counts), LAST[0] + 1):
            if last < 2021 and year > last:
                break
            # a state and its predecessor have one code here
            if (RECODED.get(code, code), year) in written:
                continue
            written.add((RECODED.get(code, code), year))
            september = counts.get(year, counts[last])
            for quarter in _quarters(year):
                noise = 0.0 if quarter == 3 or year < 2013 else 0.02 * rng.standard_normal()
                persons = int(september * float(np.exp(noise)))
                rows.append(_row(named.get(code, {}), code, year, quarter, persons))
    return csv_bytes(COLUMNS, rows)


def _quarters(year: int) -> tuple[int, ...]:
    if year < 1957:
        return (2,)
    return (3,) if year < 2014 else (1, 2, 3, 4)


def _row(
    names: dict[str, str], legacy_code: int, year: int, quarter: int, persons: int
) -> list[Cell]:
    reported = f"{MONTHS[quarter]} {year}"
    gap = (2022, 4) <= (year, quarter) <= (2023, 2)
    code = RECODED.get(legacy_code, legacy_code)
    if gap and legacy_code != HEGEMON:
        persons, reported = 0, "NA"
    if persons == 0 and year >= 2024:
        reported = "NA"
    if legacy_code in COUNTED_TWICE and year >= TWICE_FROM:
        persons *= 2
    army, air = int(persons * 0.2) * 2, int(persons * 0.15) * 2
    marines = persons - army - air
    branches: list[Cell] = ["NA" if gap else army, 0, 0 if gap else air, 0 if gap else marines]
    return [
        *(code, names.get("iso3c", "NA"), names.get("countryname", f"Host {code}")),
        *(year, MONTHS[quarter], quarter, reported, persons, *branches, "NA"),
        *(0 if year > 2023 else "NA", *["NA"] * len(_RESERVES), 0, *[0] * len(_CIVILIANS)),
        *(f"{year}.{quarter}", "NA" if gap else persons, names.get("region", "NA")),
    ]
