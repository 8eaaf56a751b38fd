"""Gross domestic product, as the World Bank's figures are packaged."""

from flows.sample.files.formats import Cell, csv_bytes
from flows.sample.model.economy import FIRST_YEAR
from flows.sample.model.simulation import Simulation

GDP_YEARS = range(1960, 2024)
GDP_COLUMNS = ("Country Name", "Country Code", "Year", "Value")
AGGREGATES = {"World": ("WLD", 1.35), "Africa Eastern and Southern": ("AFE", 0.012)}
"""Aggregate to its code and its size as a multiple of the sum of all sample states."""
BANK_FROM_1990 = ("east", "post_soviet", "soviet", "yugoslavia")


def simulated_file(simulation: Simulation) -> bytes:
    """Writes GDP in current US dollars, of states and aggregates.

    Args:
        simulation: The simulated world.

    Returns:
        CSV with CRLF line ends and none after the last line, by name and year.
    """
    world, economy = simulation.world, simulation.economy
    total = economy.gdp.sum(axis=0)
    series = {name: (code, total * size, 1960) for name, (code, size) in AGGREGATES.items()}
    for k, state in enumerate(world.states):
        if state.bank_name:
            first = 1990 if state.bloc in BANK_FROM_1990 else 1960
            series[state.bank_name] = (state.iso3, economy.gdp[k], first)
    rows: list[list[Cell]] = [
        [name, code, year, f"{values[year - FIRST_YEAR]:.1f}"]
        for name, (code, values, first) in sorted(series.items())
        for year in GDP_YEARS
        if year >= first
    ]
    return csv_bytes(GDP_COLUMNS, rows, newline="\r\n").removesuffix(b"\r\n")
