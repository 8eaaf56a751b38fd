"""Militarised disputes of the simulated states, as an R package has them."""

from flows.sample.files.r_data import rda_bytes
from flows.sample.files.strategic_rivalries import PAIRS
from flows.sample.model.simulation import Simulation
from flows.sample.model.states import State

COLUMNS = (
    *("dispnum", "ccode1", "ccode2", "year", "gmlmidongoing", "gmlmidonset"),
    *("sidea1", "sidea2", "fatality1", "fatality2", "fatalpre1", "fatalpre2"),
    *("hiact1", "hiact2", "hostlev1", "hostlev2", "orig1", "orig2"),
    *("fatality", "hostlev", "recip", "mindur", "maxdur", "stmon"),
)
YEARS = range(1816, 2011)
NOT_KNOWN, NO_MONTH = -9, 13


def simulated_file(simulation: Simulation) -> bytes:
    """Writes disputes between rivals, and a few between others, once in each direction.

    Args:
        simulation: The simulated world.

    Returns:
        R data with `gml_mid_ddydisps`, packed with xz.
    """
    world = simulation.world
    rng = world.rng("disputes")
    by_code = {state.ccode: state for state in world.states}
    rows = []
    number = 0
    for one, other, first, last in PAIRS:
        years = [y for y in YEARS if first <= y <= last and _exist(by_code, one, other, y)]
        for year in (y for y in years if rng.random() < 0.3):
            number += 1
            acts_first = bool(rng.random() < 0.5)
            levels = (int(rng.integers(2, 6)), int(rng.integers(1, 6)))
            deaths = NOT_KNOWN if number % 20 == 0 else int(rng.integers(0, 3))
            month = NO_MONTH if number % 25 == 0 else int(rng.integers(1, 13))
            days = int(rng.integers(1, 200))
            of_dispute = (deaths, max(levels), int(min(levels) > 1), days, days + 3, month)
            for a, b in ((0, 1), (1, 0)):
                codes, is_a = (one, other), (int(acts_first), int(not acts_first))
                ends = (deaths, deaths, NOT_KNOWN, NOT_KNOWN, 1, 1, levels[a], levels[b], 1, 1)
                head = (number, codes[a], codes[b], year, 1, 1, is_a[a], is_a[b])
                rows.append((*head, *ends, *of_dispute))
    columns = dict(zip(COLUMNS, zip(*rows, strict=True), strict=True))
    return rda_bytes("gml_mid_ddydisps", columns)


def _exist(states: dict[int, State], one: int, other: int, year: int) -> bool:
    return all(states[ccode].in_system_year(year) for ccode in (one, other))
