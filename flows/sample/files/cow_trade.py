"""Imports and exports of the simulated states, as an R package has them."""

import numpy as np

from flows.sample.files.r_data import Value, rda_bytes
from flows.sample.model.economy import FIRST_YEAR
from flows.sample.model.simulation import Simulation

YEARS = range(1870, 2015)


def simulated_file(simulation: Simulation) -> bytes:
    """Writes totals in millions of dollars, a share of output; some are missing.

    Args:
        simulation: The simulated world.

    Returns:
        R data with `cow_trade_sy`, packed with xz.
    """
    world, economy = simulation.world, simulation.economy
    rng = world.rng("trade")
    rows: list[tuple[Value, ...]] = []
    for k, state in enumerate(world.states):
        openness = float(rng.uniform(0.08, 0.4))
        for year in YEARS:
            if not state.in_system_year(year):
                continue
            output = float(economy.gdp[k, year - FIRST_YEAR]) / 1e6
            imports, exports = output * openness * np.exp(0.1 * rng.standard_normal(2))
            known = rng.random() > 0.03
            rows.append(
                (state.ccode, year, round(imports, 3) if known else None, round(exports, 3))
            )
    names = ("ccode", "year", "imports", "exports")
    return rda_bytes("cow_trade_sy", dict(zip(names, zip(*rows, strict=True), strict=True)))
