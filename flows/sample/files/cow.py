"""COW's state list and capabilities, and the World Bank's GDP."""

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from flows.sample.files.formats import Cell, csv_bytes, zip_bytes
from flows.sample.model.economy import FIRST_YEAR, UNARMED, YEARS, Economy
from flows.sample.model.ideal_points import Floats, World
from flows.sample.model.states import State

END_OF_STATE_LIST = date(2024, 12, 31)
STATE_COLUMNS = [
    *("stateabb", "ccode", "statenme"),
    *("styear", "stmonth", "stday", "endyear", "endmonth", "endday"),
    "version",
]
CAPABILITY_COLUMNS = [
    *("stateabb", "ccode", "year"),
    *("milex", "milper", "irst", "pec", "tpop", "upop", "cinc"),
    "version",
]
CAPABILITY_YEARS = range(1816, 2023)
DOLLARS_PER_POUND = 4.86
MISSING = -9

GDP_YEARS = range(1960, 2024)
GDP_COLUMNS = ("Country Name", "Country Code", "Year", "Value")
AGGREGATES = {"World": ("WLD", 1.35), "Africa Eastern and Southern": ("AFE", 0.012)}
"""Aggregate to its code and its size as a multiple of the sum of all sample states."""
BANK_FROM_1990 = ("east", "post_soviet", "soviet", "yugoslavia")


def state_list_archive(states: Sequence[State]) -> bytes:
    """Writes the list of system members, one row per spell.

    Args:
        states: The states.

    Returns:
        Zip with `States2024/statelist2024.csv`.
    """
    rows: list[list[Cell]] = []
    for state in states:
        for spell in state.system:
            first, last = spell.first, min(spell.last, END_OF_STATE_LIST)
            names: list[Cell] = [spell.abb or state.abb, state.ccode, spell.name or state.name]
            days = (first.year, first.month, first.day, last.year, last.month, last.day)
            rows.append([*names, *days, 2024])
    return zip_bytes({"States2024/statelist2024.csv": csv_bytes(STATE_COLUMNS, rows)})


def capabilities_archive(world: World, economy: Economy) -> bytes:
    """Writes National Material Capabilities, one row per state and year of membership.

    Expenditure is in thousands of pounds to 1913 and of dollars from 1914. The index is the mean
    of six shares of the sample's total, and as in the original does not add up to one exactly.

    Args:
        world: The states.
        economy: Their series.

    Returns:
        Zip with `NMCv7/NMC-v7-abridged.zip`, which holds `NMC-70-abridged.csv`.
    """
    rng = world.rng("capabilities")
    member = np.array([[s.in_system_year(int(y)) for y in YEARS] for s in world.states])
    inflation = 1 + 0.01 * rng.random(len(YEARS))
    index = _index(economy, member) * inflation
    gaps = rng.random(member.shape)
    rows = list(_capability_rows(world, economy, member, index, gaps))
    inner = zip_bytes({"NMC-70-abridged.csv": csv_bytes(CAPABILITY_COLUMNS, rows)})
    return zip_bytes({"NMCv7/NMC-v7-abridged.zip": inner})


def _index(economy: Economy, member: NDArray[np.bool_]) -> Floats:
    series = (
        economy.military,
        economy.soldiers,
        economy.steel,
        economy.energy,
        economy.population,
        economy.urban,
    )
    shares = []
    for values in series:
        counted = np.where(member, values, 0.0)
        shares.append(counted / np.maximum(counted.sum(axis=0), 1.0))
    mean: Floats = np.mean(shares, axis=0)
    return mean


def _capability_rows(
    world: World, economy: Economy, member: NDArray[np.bool_], index: Floats, gaps: Floats
) -> Iterator[list[Cell]]:
    for k, state in enumerate(world.states):
        for year in CAPABILITY_YEARS:
            t = year - FIRST_YEAR
            if not member[k, t]:
                continue
            entered = state.ccode not in UNARMED and (t == 0 or not member[k, t - 1])
            currency = DOLLARS_PER_POUND if year < 1914 else 1.0
            military = int(economy.military[k, t] / 1000 / currency)
            no_energy = (state.ccode, year) == (255, 1990) or gaps[k, t] > 0.997
            yield [
                _abbreviation(state, year),
                state.ccode,
                year,
                MISSING if gaps[k, t] < (0.5 if entered else 0.02) else military,
                int(economy.soldiers[k, t] / 1000),
                int(economy.steel[k, t]),
                MISSING if no_energy else int(economy.energy[k, t]),
                float(economy.population[k, t] / 1000),
                float(economy.urban[k, t] / 1000),
                f"{index[k, t]:.8g}",
                2026,
            ]


def _abbreviation(state: State, year: int) -> str:
    """The file keeps one abbreviation per code, except where the state list changes it."""
    renamed = [s.abb for s in state.system if s.abb and s.first.year < year]
    return renamed[-1] if renamed else state.abb


def gdp_file(world: World, economy: Economy) -> bytes:
    """Writes GDP in current US dollars, of states and aggregates.

    Args:
        world: The states.
        economy: Their series.

    Returns:
        CSV with CRLF line ends and none after the last line, by name and year.
    """
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
