"""Small made-up votes, threats and goods in place of the published ones."""

from datetime import date
from itertools import product

import numpy as np
import polars as pl

from tests.transforms.calibration.small_ties import CODE, JOINED, LAST_YEAR, LEADER, STATES, YEAR
from transforms.metrics.legitimation.gap_subsets import SUBSETS
from transforms.metrics.legitimation.hegemon_support import VOTE_CLASSES

FIRST_SESSION, LAST_SESSION = 12, LAST_YEAR - 1945
NEUTRAL = (171, 172, 173, 174, 175)
IN_GROUP = tuple(range(108, 126))
N_UNPOPULAR = {"all": 30, "important": 6, "important_unpopular": 6, "hegemon_specific": 20}
N_CONTROL = {"popular": 24, "consensual": 12, "contested": 12}
SESSIONS = range(FIRST_SESSION, LAST_SESSION + 1)


def legitimation_gap() -> pl.DataFrame:
    """`metrics.legitimation_gap`: everybody votes on everything, those of other leaders seldom."""
    cells = [
        (LEADER, name, control, n, N_CONTROL[control])
        for name, n in N_UNPOPULAR.items()
        for control in SUBSETS[name].controls
    ]
    cells += [(leader, "us_opposed", "popular", 6, 6) for leader in (200, 220)]
    rows = [(*cell, ccode, session) for cell, ccode, session in product(cells, STATES, SESSIONS)]
    counts = {"n_unpopular": pl.Int32, "n_control": pl.Int32}
    named = {"leader": CODE, "vote_subset": pl.String, "control_class": pl.String, **counts}
    first = pl.col("ccode").replace_strict(
        {ccode: day.year - 1945 for ccode, day in JOINED.items()}, default=999
    )
    day = pl.col("ccode").replace_strict(
        {ccode: str(day) for ccode, day in JOINED.items()}, default=None, return_dtype=pl.String
    )
    n, m = pl.col("n_unpopular"), pl.col("n_control")
    return pl.DataFrame(
        rows, schema={**named, "ccode": CODE, "session": YEAR}, orient="row"
    ).with_columns(
        (pl.col("session") >= first).alias("is_ally"),
        pl.coalesce(day, pl.format("state {}", "ccode")).alias("cluster"),
        *(pl.lit(0.5).alias(f"agreement_{side}") for side in ("unpopular", "control")),
        *(
            (pl.col("ccode") * pl.col("session") % 7 / 20).alias(name)
            for name in ("gap", "gap_logit")
        ),
        (n * m / (n + m)).alias("weight"),
        pl.lit(None, pl.String).alias("null_reason"),
    )


def hegemon_support() -> pl.DataFrame:
    """`metrics.hegemon_support`: as many votes of every class."""
    rows = list(product((LEADER,), STATES, SESSIONS, VOTE_CLASSES))
    types = {"ccode_hegemon": CODE, "ccode": CODE, "session": YEAR, "vote_class": pl.String}
    counts = {"n_votes_of_class": 20, "n_with_hegemon": 5, "n_abstained": 2, "n_roll_calls": 20}
    return pl.DataFrame(rows, schema=types, orient="row").with_columns(
        pl.lit(n, pl.Int32).alias(name) for name, n in counts.items()
    )


def _state_years(**columns: pl.Expr) -> pl.DataFrame:
    years = pl.DataFrame({"year": range(1946, LAST_YEAR + 1)}, schema={"year": YEAR})
    states = pl.DataFrame({"ccode": STATES}, schema={"ccode": CODE})
    return states.join(years, how="cross").with_columns(**columns)


def _waves(period: int) -> pl.Expr:
    """Something that rises and falls, by state and year."""
    return (pl.col("year").cast(pl.Int32) + pl.col("ccode") * 3) % period / period


def security_hierarchy() -> pl.DataFrame:
    """`metrics.security_hierarchy`: troops come and go."""
    return _state_years(
        ccode_from=pl.lit(LEADER, CODE),
        troops_per_capita=_waves(11) / 1000,
        is_defense_partner=pl.lit(True),
        n_independent_alliances=pl.lit(1, pl.Int32),
    ).rename({"ccode": "ccode_to"})


def us_troops() -> pl.DataFrame:
    """`core.us_troops`: a few thousand each."""
    troops = (2000 + 3000 * _waves(11)).cast(pl.Int64)
    return _state_years(ccode_from=pl.lit(LEADER, CODE), troops_persons=troops).rename(
        {"ccode": "ccode_to"}
    )


def us_construction() -> pl.DataFrame:
    """`core.us_construction`: a few projects since 2008."""
    rows = _state_years(ccode_from=pl.lit(LEADER, CODE), construction_usd=1e6 + 1e6 * _waves(7))
    return rows.filter(pl.col("year") >= 2008).rename({"ccode": "ccode_to"})


def us_bases() -> pl.DataFrame:
    """`core.us_bases`: two in every state that joined."""
    return pl.DataFrame(
        {"ccode_from": LEADER, "ccode_to": [c for c in JOINED for _ in range(2)]},
        schema={"ccode_from": CODE, "ccode_to": CODE},
    )


def external_threat() -> pl.DataFrame:
    """`metrics.external_threat`: to 2010, as the real one."""
    numbers = {name: (4 * _waves(9)).cast(pl.Int32) for name in ("n_threats", "n_rivals")}
    numbers |= {name: (2 * _waves(5)).cast(pl.Int32) for name in ("n_bordering", "n_disputes")}
    return _state_years(
        ccode_hegemon=pl.lit(LEADER, CODE),
        external_threat=_waves(13),
        n_distance_missing=pl.lit(0, pl.Int32),
        **numbers,
    ).filter(pl.col("year") <= 2010)


def western_group() -> pl.DataFrame:
    """The list: some allies, and five states that never join."""
    kinds = {**dict.fromkeys(IN_GROUP, "state"), **dict.fromkeys(NEUTRAL, "never_ally")}
    return pl.DataFrame(
        {"ccode": [str(c) for c in kinds], "kind": list(kinds.values()), "from_session": None},
        schema={"ccode": pl.String, "kind": pl.String, "from_session": pl.String},
    )


_RNG = np.random.default_rng(3)
_LASTING = {ccode: float(_RNG.random()) for ccode in STATES}
_OF_STATE = pl.col("ccode").replace_strict(_LASTING)
REAL = {
    "legitimation_gap": legitimation_gap(),
    "hegemon_support": hegemon_support(),
    "security_hierarchy": security_hierarchy(),
    "us_troops": us_troops(),
    "us_construction": us_construction(),
    "us_bases": us_bases(),
    "external_threat": external_threat(),
    "regimes": _state_years(polyarchy=_OF_STATE),
    "trade": _state_years(
        imports_million_usd=100 + 900 * _OF_STATE, exports_million_usd=100 + 900 * _waves(6)
    ),
    "un_members": pl.DataFrame(
        {"ccode": STATES, "valid_from": date(1950, 1, 1)}, schema_overrides={"ccode": CODE}
    ),
    "western_group": western_group(),
    "communist_ruled": pl.DataFrame({"ccode": ["150", "151"]}),
    "wartime_deployments": pl.DataFrame(
        schema=dict.fromkeys(("ccode_from", "ccode_to", "year_from", "year_to"), pl.String)
    ),
}
