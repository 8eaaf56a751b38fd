"""V-Dem's indices of democracy, as an R package has them."""

from datetime import date

import numpy as np

from flows.sample.files.r_data import Value, rda_bytes
from flows.sample.model.simulation import Simulation
from flows.sample.model.states import State

FIRST_YEAR, LAST_YEAR = 1935, 2024
"""The publisher's begin in 1789; fewer do here."""
INDICES = ("polyarchy", "libdem", "partipdem", "delibdem", "egaldem", "api", "mpi")
CODING = (
    *("codingstart", "codingend", "codingstart_contemp", "codingend_contemp"),
    *("codingstart_hist", "codingend_hist"),
    *("gapstart1", "gapstart2", "gapstart3", "gapend1", "gapend2", "gapend3", "gap_index"),
)
LEVELS = {"hegemon": 0.8, "west": 0.75, "soviet": 0.2, "china": 0.1, "communist_asia": 0.1}
LEVEL_ELSEWHERE = 0.4
WITHOUT_INDEX = (223, 986)
"""States that are too small."""


def simulated_file(simulation: Simulation) -> bytes:
    """Writes one row per country and year, some of them before independence.

    Args:
        simulation: The simulated world.

    Returns:
        R data with `vdem_simple`, packed with bzip2.
    """
    world = simulation.world
    rng = world.rng("regimes")
    rows: list[dict[str, Value]] = []
    for number, state in enumerate(world.states, start=1):
        first = max(min(s.first.year for s in state.system) - 5, FIRST_YEAR)
        last = max(s.last.year for s in state.system)
        level = float(np.clip(LEVELS.get(state.bloc, LEVEL_ELSEWHERE) + rng.normal(0, 0.1), 0, 1))
        for year in range(first, min(last, LAST_YEAR) + 1):
            slow = 0.15 * (year - 1950) / 100
            index = float(np.clip(level + slow + rng.normal(0, 0.02), 0.02, 0.97))
            rows.append(_row(state, number, year, index))
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    return rda_bytes("vdem_simple", columns, "bzip2")


def _row(state: State, number: int, year: int, index: float) -> dict[str, Value]:
    row: dict[str, Value] = {
        "vdem_country_name": state.name,
        "country_text_id": state.abb,
        "country_id": number,
        "year": year,
        "historical_date": date(year, 12, 31),
        "project": 0,
        "historical": 0 if year >= 1900 else 1,
        "histname": f"SIMULATED {state.name}",
    }
    row |= dict.fromkeys(CODING)
    row |= {"gap_index": number, "vdem_cowcode": state.ccode}
    for name in INDICES:
        known = state.ccode not in WITHOUT_INDEX
        row[f"v2x_{name}"] = round(index, 3) if known else None
        row[f"v2x_{name}_codelow"] = round(max(index - 0.04, 0), 3) if known else None
        row[f"v2x_{name}_codehigh"] = round(min(index + 0.04, 1), 3) if known else None
        row[f"v2x_{name}_sd"] = 0.03 if known else None
    row |= {"extended_country_name": state.name, "GWn": state.ccode, "cown": state.ccode}
    return row | {"in_GW_system": state.in_system_year(year)}
