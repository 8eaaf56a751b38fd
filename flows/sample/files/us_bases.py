"""US bases abroad: a cross-section of sites by host."""

from flows.sample.files.formats import Cell, csv_bytes
from flows.sample.files.us_troops import GARRISONS
from flows.sample.model.simulation import Simulation
from flows.sample.model.states import HEGEMON

COLUMNS = [
    *("countryname", "ccode", "iso3c", "basename", "lat", "lon"),
    *("base", "lilypad", "fundedsite"),
]
SITES_PER_TEN_THOUSAND = 4
"""Sites of a host for each ten thousand of its garrison of 2020, at least one."""
OUTSIDE = (
    ("Guam", HEGEMON, "USA", "SIMULATED Northern Field", 13.6, 144.9),
    ("Greenland", 390, "DNK", "SIMULATED Ice Station", 76.5, -68.7),
    ("Antarctica", 920, "NZL", "SIMULATED Research Camp", -77.9, 166.7),
)


def simulated_file(simulation: Simulation) -> bytes:
    """Writes sites of the hosts of large garrisons, and a few in territories.

    As in the publisher's file, one base is listed twice, one site has no name and one no place,
    and the text is Windows-1252.

    Args:
        simulation: The simulated world.

    Returns:
        CSV in Windows-1252; NA is missing.
    """
    world = simulation.world
    rng = world.rng("bases")
    rows: list[list[Cell]] = []
    for state in world.states:
        garrison = GARRISONS.get(state.ccode)
        if garrison is None or state.troops_name is None or not state.in_system_year(2018):
            continue
        for number in range(1, 2 + garrison[2] * SITES_PER_TEN_THOUSAND // 10_000):
            latitude = round(float(rng.uniform(-60, 60)), 4)
            longitude = round(float(rng.uniform(-180, 180)), 4)
            flags = [1, 0, 0] if number == 1 else [0, 1, 0] if number % 3 else [0, 0, 1]
            site = f"SIMULATED Sité {number}"
            head: list[Cell] = [state.troops_name, state.ccode, state.iso3, site]
            rows.append([*head, latitude, longitude, *flags])
    rows += [[*place, 1, 0, 0] for place in OUTSIDE]
    rows.append(list(rows[0]))
    rows[1][3] = "NA"
    rows[2][4] = rows[2][5] = "NA"
    return csv_bytes(COLUMNS, rows).decode("utf-8").encode("cp1252")
