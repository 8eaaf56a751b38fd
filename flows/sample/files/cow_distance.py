"""Minimum distances of the simulated states, as an R package has them."""

from datetime import date
from itertools import combinations

from flows.sample.files.r_data import rda_bytes
from flows.sample.model.places import apart_km, places
from flows.sample.model.simulation import Simulation

YEARS = range(1940, 2020)
"""The publisher's begin in 1886; fewer do here."""

BORDERS_KM = 400.0
"""How much nearer two states are than their capitals."""


def simulated_file(simulation: Simulation) -> bytes:
    """Writes pairs of states that are members on 1 January, the lower code first.

    Args:
        simulation: The simulated world.

    Returns:
        R data with `cow_mindist`, packed with xz.
    """
    where = places(simulation.world)
    apart = {
        (one, other): max(round(apart_km(where[one], where[other]) - BORDERS_KM, 6), 0.0)
        for one, other in combinations([s.ccode for s in simulation.world.states], 2)
    }
    members = {
        year: [s.ccode for s in simulation.world.states if s.in_system(date(year, 1, 1))]
        for year in YEARS
    }
    rows = [(*pair, year, apart[pair]) for year in YEARS for pair in combinations(members[year], 2)]
    names = ("ccode1", "ccode2", "year", "mindist")
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    return rda_bytes("cow_mindist", columns)
