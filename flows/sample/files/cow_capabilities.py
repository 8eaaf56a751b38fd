"""National Material Capabilities of the Correlates of War project."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from flows.sample.files.formats import Cell, csv_bytes, zip_bytes
from flows.sample.model.economy import FIRST_YEAR, UNARMED, YEARS, Economy
from flows.sample.model.ideal_points import Floats, World
from flows.sample.model.simulation import Simulation
from flows.sample.model.states import State

CAPABILITY_COLUMNS = [
    *("stateabb", "ccode", "year"),
    *("milex", "milper", "irst", "pec", "tpop", "upop", "cinc"),
    "version",
]
CAPABILITY_YEARS = range(1816, 2023)
DOLLARS_PER_POUND = 4.86
MISSING = -9


def simulated_file(simulation: Simulation) -> bytes:
    """Writes one row per state and year of membership.

    Expenditure is in thousands of pounds to 1913 and of dollars from 1914. The index is the mean
    of six shares of the sample's total, and as in the original does not add up to one exactly.

    Args:
        simulation: The simulated world.

    Returns:
        Zip with `NMCv7/NMC-v7-abridged.zip`, which holds `NMC-70-abridged.csv`.
    """
    world, economy = simulation.world, simulation.economy
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
