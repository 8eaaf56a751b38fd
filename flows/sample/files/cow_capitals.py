"""Capitals of the simulated states, as an R package has them."""

from datetime import date

from flows.sample.files.r_data import rda_bytes
from flows.sample.model.places import places
from flows.sample.model.simulation import Simulation

END = date(2024, 12, 31)
MOVES = {140: date(1960, 4, 21), 475: date(1991, 12, 12), 705: date(1998, 5, 6)}
"""Day on which a state has a new capital, a little north of the old one."""


def simulated_file(simulation: Simulation) -> bytes:
    """Writes each capital from the year of its state to the end of the list.

    Args:
        simulation: The simulated world.

    Returns:
        R data with `cow_capitals`, packed with gzip.
    """
    where = places(simulation.world)
    rows = []
    for state in simulation.world.states:
        first = date(min(s.first.year for s in state.system), 1, 1)
        latitude, longitude = where[state.ccode]
        moved = MOVES.get(state.ccode)
        starts = [first, moved] if moved else [first]
        ends = [date.fromordinal(moved.toordinal() - 1), END] if moved else [END]
        for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
            name = f"SIMULATED capital {number + 1} of {state.name}"
            rows.append((state.ccode, state.name, name, start, end, latitude + number, longitude))
    names = ("ccode", "statenme", "capital", "stdate", "enddate", "lat", "lng")
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    return rda_bytes("cow_capitals", columns, "gzip")
