"""The state system membership list of the Correlates of War project."""

from datetime import date

from flows.sample.files.formats import Cell, csv_bytes, zip_bytes
from flows.sample.model.simulation import Simulation

END_OF_STATE_LIST = date(2024, 12, 31)
STATE_COLUMNS = [
    *("stateabb", "ccode", "statenme"),
    *("styear", "stmonth", "stday", "endyear", "endmonth", "endday"),
    "version",
]


def simulated_file(simulation: Simulation) -> bytes:
    """Writes the list of system members, one row per spell.

    Args:
        simulation: The simulated world.

    Returns:
        Zip with `States2024/statelist2024.csv`.
    """
    rows: list[list[Cell]] = []
    for state in simulation.world.states:
        for spell in state.system:
            first, last = spell.first, min(spell.last, END_OF_STATE_LIST)
            names: list[Cell] = [spell.abb or state.abb, state.ccode, spell.name or state.name]
            days = (first.year, first.month, first.day, last.year, last.month, last.day)
            rows.append([*names, *days, 2024])
    return zip_bytes({"States2024/statelist2024.csv": csv_bytes(STATE_COLUMNS, rows)})
