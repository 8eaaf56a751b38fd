"""Small made-up tables in place of the published ones that worlds are drawn on."""

from datetime import date

import numpy as np
import polars as pl

LEADER = 2
FIRST_YEAR, LAST_YEAR = 1946, 2020
STATES = tuple(range(101, 181))
JOINED = {
    **dict.fromkeys((101, 102), date(1970, 8, 24)),
    **dict.fromkeys((103, 104, 105), date(1984, 3, 12)),
    **dict.fromkeys((106, 107), date(1992, 2, 18)),
    **{ccode: date(1860 + ccode, 1, 1) for ccode in range(108, 142)},
}
CODE, YEAR = pl.Int16, pl.Int16


def ally_tier() -> pl.DataFrame:
    """`marts.ally_tier`: core from the year of joining on; some had a weaker tie before."""
    ties = [
        (ccode, year, joined, *_tiers(ccode, year - joined.year))
        for ccode, joined in JOINED.items()
        for year in range(FIRST_YEAR, LAST_YEAR + 1)
    ]
    names = ("tier_core", "tier_treaty", "tier_guarantee", "tier_atop")
    types = {"ccode": CODE, "year": YEAR, "in_force_from": pl.Date} | dict.fromkeys(
        names, pl.Boolean
    )
    return pl.DataFrame(ties, schema=types, orient="row").with_columns(
        pl.lit(LEADER, CODE).alias("ccode_hegemon")
    )


def _tiers(ccode: int, since: int) -> tuple[bool, bool, bool, bool]:
    """Core, treaty, guarantee and atop; in one of three states each comes before the next."""
    steps = (0, 4, 8, 12) if ccode % 3 == 0 else (0, 0, 0, 0)
    core, treaty, guarantee, atop = (since + step >= 0 for step in steps)
    return core, treaty, guarantee, atop


def states() -> pl.DataFrame:
    """`core.states`: partners lie in three regions."""
    regions = ("asia_pacific", "europe", "americas")
    return pl.DataFrame(
        {
            "ccode": (LEADER, *STATES, *range(301, 800)),
            "region": ["americas", *(regions[c % 3] for c in (*STATES, *range(301, 800)))],
            "valid_from": date(1816, 1, 1),
            "valid_to": date(2030, 12, 31),
            "counts_to": date(2030, 12, 31),
        },
        schema_overrides={"ccode": CODE},
    )


def vote_predictability() -> pl.DataFrame:
    """`metrics.vote_predictability`: every state votes in all sessions, twenty times a half."""
    sessions = range(3, LAST_YEAR - 1945)
    rows = [
        (ccode, session, vote_class, scale)
        for ccode in STATES
        for session in sessions
        for vote_class in ("all", "unpopular")
        for scale in ("share", "logit")
    ]
    joined = {ccode: day.year - 1945 for ccode, day in JOINED.items()}
    first = np.array([joined.get(ccode, 999) for ccode, *_ in rows])
    session = np.array([session for _, session, *_ in rows])
    counts = ("n_0", "n_1", "n_before_0", "n_before_1")
    key = {"ccode": CODE, "session": YEAR, "vote_class": pl.String, "scale": pl.String}
    return pl.DataFrame(rows, schema=key, orient="row").with_columns(
        pl.lit(LEADER, CODE).alias("leader"),
        *(pl.lit(20, pl.Int32).alias(name) for name in counts),
        pl.lit(20.0).alias("weight"),
        pl.lit(None, pl.String).alias("null_reason"),
        pl.Series("is_ally", session >= first),
        pl.Series("is_status_unchanged", session != first),
    )


TIES = {
    "ally_tier": ally_tier(),
    "states": states(),
    "vote_predictability": vote_predictability(),
}
