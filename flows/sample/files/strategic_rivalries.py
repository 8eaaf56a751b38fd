"""Strategic rivalries of the simulated states, as an R package has them."""

from flows.sample.files.r_data import Value, rda_bytes
from flows.sample.model.simulation import Simulation

LAST_YEAR = 2010
PAIRS = (
    (2, 365, 1946, 1990), (2, 40, 1960, LAST_YEAR), (2, 710, 1950, 1972),
    (200, 365, 1700, 1800), (220, 255, 1850, 1945), (260, 265, 1955, 1989),
    (255, 290, 1921, 1945), (350, 640, 1955, LAST_YEAR), (365, 710, 1960, 1989),
    (645, 666, 1949, LAST_YEAR), (651, 666, 1949, 1979), (652, 666, 1949, LAST_YEAR),
    (678, 680, 1968, 1989), (710, 713, 1950, LAST_YEAR), (731, 732, 1949, LAST_YEAR),
    (710, 740, 1990, LAST_YEAR), (750, 770, 1948, LAST_YEAR), (816, 817, 1955, 1974),
)  # fmt: skip
"""Simulated rivalries: states, first and last year."""

TYPES = ("spatial", "positional", "ideological", "interventionary")


def simulated_file(simulation: Simulation) -> bytes:
    """Writes one row per rivalry; those that go on end with the handbook.

    Args:
        simulation: The simulated world.

    Returns:
        R data with `td_rivalries`, packed with bzip2.
    """
    names = {state.ccode: state.name for state in simulation.world.states}
    rows: list[tuple[Value, ...]] = []
    for number, (one, other, first, last) in enumerate(PAIRS, start=1):
        name = f"SIMULATED {names[one]}-{names[other]}"
        kinds: list[Value] = [TYPES[number % 4], TYPES[(number + 1) % 4] if number % 2 else None]
        third = TYPES[(number + 2) % 4] if number % 7 == 0 and number % 2 else None
        rows.append((number, name, one, other, first, last, "SIMULATED", *kinds, third))
    columns = (
        *("rivalryno", "rivalryname", "ccode1", "ccode2", "styear", "endyear"),
        *("region", "type1", "type2", "type3"),
    )
    table = dict(zip(columns, zip(*rows, strict=True), strict=True))
    return rda_bytes("td_rivalries", table, "bzip2")
