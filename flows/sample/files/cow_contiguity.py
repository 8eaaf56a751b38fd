"""Direct contiguity of the simulated states, as an R package has it."""

from datetime import date
from itertools import combinations

from flows.sample.files.r_data import rda_bytes
from flows.sample.model.places import apart_km, places
from flows.sample.model.simulation import Simulation

END = date(2016, 12, 1)
NEAR_KM = {1: 600.0, 2: 700.0, 4: 900.0, 5: 1200.0}
"""Type of contiguity to the largest distance of the capitals."""


def simulated_file(simulation: Simulation) -> bytes:
    """Writes neighbours in both directions; one pair in ten is first without contiguity.

    Args:
        simulation: The simulated world.

    Returns:
        R data with `cow_contdir`, packed with bzip2.
    """
    where = places(simulation.world)
    rows = []
    for number, (one, other) in enumerate(combinations(simulation.world.states, 2)):
        apart = apart_km(where[one.ccode], where[other.ccode])
        kind = next((k for k, most in NEAR_KM.items() if apart <= most), None)
        begins = max(min(s.first for s in state.system) for state in (one, other))
        ends = min(max(s.last for s in state.system) for state in (one, other))
        first, last = begins.replace(day=1), min(ends.replace(day=1), END)
        if kind is None or first >= last:
            continue
        spells = [(kind, first, last)]
        if number % 10 == 0 and first.year + 20 < last.year:
            changed = date(first.year + 10, 1, 1)
            spells = [(0, first, date(first.year + 9, 12, 1)), (kind, changed, last)]
        for a, b in ((one, other), (other, one)):
            rows += [(a.ccode, b.ccode, *spell) for spell in spells]
    names = ("ccode1", "ccode2", "conttype", "stdate", "enddate")
    columns = dict(zip(names, zip(*sorted(rows), strict=True), strict=True))
    return rda_bytes("cow_contdir", columns, "bzip2")
