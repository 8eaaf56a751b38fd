"""US military construction: projects by place and fiscal year, 2008–2019."""

from flows.sample.files.formats import Cell, csv_bytes
from flows.sample.files.us_troops import GARRISONS
from flows.sample.model.simulation import Simulation
from flows.sample.model.states import HEGEMON

COLUMNS = [
    *("countryname", "ccode", "iso3c", "year", "location", "lat", "lon"),
    "spend_construction",
]
YEARS = range(2008, 2020)
OUTSIDE = (
    ("Guam", "NA", "GUM", "SIMULATED Northern Field"),
    ("Kwajalein", "NA", "NA", "SIMULATED Atoll"),
    ("Unspecified Location", "NA", "NA", "Unspecified Worldwide Locations"),
    ("United States", HEGEMON, "USA", "SIMULATED Fort"),
)


def simulated_file(simulation: Simulation) -> bytes:
    """Writes up to three projects a year of the hosts of large garrisons, and some elsewhere.

    Args:
        simulation: The simulated world.

    Returns:
        CSV; NA is missing, amounts in thousands of dollars.
    """
    world = simulation.world
    rng = world.rng("construction")
    rows: list[list[Cell]] = []
    for year in YEARS:
        for state in world.states:
            garrison = GARRISONS.get(state.ccode)
            if garrison is None or state.troops_name is None or not state.in_system_year(year):
                continue
            for number in range(int(rng.integers(0, 2 + (garrison[2] > 5_000) * 2))):
                thousands = int(rng.lognormal(9.0, 1.0))
                head: list[Cell] = [state.troops_name, state.ccode, state.iso3, year]
                rows.append([*head, f"SIMULATED Site {number + 1}", "NA", "NA", thousands])
        for name, code, iso3, location in OUTSIDE:
            thousands = int(rng.lognormal(9.0, 1.0))
            rows.append([name, code, iso3, year, location, "NA", "NA", thousands])
    unspecified = OUTSIDE[2]
    rows.append([*unspecified[:3], YEARS[0], unspecified[3], "NA", "NA", -1_000])
    return csv_bytes(COLUMNS, rows)
