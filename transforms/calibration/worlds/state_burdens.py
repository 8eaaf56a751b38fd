"""Worlds for C6, edition 2 (`metrics.burden_elasticity`): drawn burdens of the real members.

Reads `metrics.burden_sharing`, `metrics.capability_asymmetry`, `core.alliance_members`,
`core.military_expenditure` and `core.gdp`: which states were in which measured alliance in which
year, and what they produced. The logarithm of a state's burden is a constant, a lasting deviation
of the state, one that fades over years (autocorrelation .9), a shock of the year to all, and `size`
times the log product in the years to 1991. A state has one burden a year, whatever alliances it is
in.

* absent: burdens have nothing to do with products;
* confounded: nor here, but the largest member of each alliance has commitments of its own
  elsewhere, and bears e^.7 times what it would: one great state per alliance, and no law;
* present: the elasticity is `size` to 1991, 0 since.

Truth: `size`; none is stated where it is confounded: the slope is not 0 then, and means no law.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl

from transforms.calibration.scenario import (
    ABSENT,
    CONFOUNDED,
    PRIMARY,
    Family,
    Scenario,
    Tables,
    Values,
    present,
)
from transforms.calibration.worlds.partner_preponderance import fading
from transforms.metrics.alliances.burden_elasticity import (
    COLD_WAR_ENDS,
    cells_of,
    estimates_of,
    members_with_burdens,
)
from transforms.metrics.claims.asymmetry_trend import AT_LEAST

STATE_SD, FADING_SD, YEAR_SD = 0.5, 0.3, 0.1
PERSISTENCE = 0.9
COMMITMENTS = 0.7
RATIO = 3
PRIMARY_CELL = {"design": "within_alliance_year", "q": RATIO, "period": "1960-1991"}


@dataclass(frozen=True)
class Members:
    """The real members.

    Attributes:
        rows: Members of measured alliances by year (`members_with_burdens`).
        state: Place of the state of each.
        year: Place of its year.
        is_largest: Whether the state is the largest of any of its alliances in the year.
        is_primary_only: Whether the primary alone is estimated.
    """

    rows: pl.DataFrame
    state: Values
    year: Values
    is_largest: Values
    is_primary_only: bool


def members(real: Tables, *, is_primary_only: bool) -> Members:
    """What the worlds are drawn on.

    Args:
        real: The published tables.
        is_primary_only: Whether the primary alone is estimated.
    """
    rows = members_with_burdens(**real)
    if is_primary_only:
        rows = rows.filter(
            pl.col("ratio") >= RATIO * AT_LEAST,
            pl.col("year") <= COLD_WAR_ENDS,
        )
    return Members(
        rows=rows,
        state=np.unique(rows["ccode"].to_numpy(), return_inverse=True)[1],
        year=rows["year"].to_numpy().astype(np.int64) - int(rows["year"].to_numpy().min()),
        is_largest=rows.select(pl.col("is_leader").any().over("ccode", "year").alias("l"))[
            "l"
        ].to_numpy(),
        is_primary_only=is_primary_only,
    )


def make_member_burdens(scenario: Scenario, rng: np.random.Generator, on: Members) -> Tables:
    """A world for C6."""
    n_states, n_years = int(on.state.max()) + 1, int(on.year.max()) + 1
    own = rng.normal(0.0, STATE_SD, n_states)
    faded = FADING_SD * fading(rng, (n_states, n_years), PERSISTENCE)
    shocks = rng.normal(0.0, YEAR_SD, n_years)
    log_burden = own[on.state] + faded[on.state, on.year] + shocks[on.year]
    if scenario.kind == CONFOUNDED:
        log_burden = log_burden + COMMITMENTS * on.is_largest
    is_early = on.rows["year"].to_numpy() <= COLD_WAR_ENDS
    log_burden = log_burden + scenario.size * on.rows["log_product"].to_numpy() * is_early
    rows = on.rows.with_columns(pl.Series("log_burden", log_burden))
    made = estimates_of([(PRIMARY_CELL, rows)] if on.is_primary_only else cells_of(rows))
    return {name.partition(".")[2]: rows for name, rows in made.tables.items()}


def truths_of_member_burdens(scenario: Scenario, _: Members) -> Mapping[str, Mapping[str, float]]:
    """The elasticity itself."""
    return {} if scenario.kind == CONFOUNDED else {"C6": {PRIMARY: scenario.size}}


FAMILIES = tuple(
    Family(
        name,
        ("C6",),
        (
            Scenario(ABSENT),
            Scenario(CONFOUNDED),
            *present(0.1, 0.2, 0.4),
        ),
        make_member_burdens,
        truths_of_member_burdens,
        "log burden per unit of log product, to 1991",
        part=part,
        edition=2,
        reads=(
            *("metrics.burden_sharing", "metrics.capability_asymmetry", "core.alliance_members"),
            *("core.military_expenditure", "core.gdp"),
        ),
        basis=partial(members, is_primary_only=is_primary_only),
        is_primary_only=is_primary_only,
    )
    for name, part, is_primary_only in (
        ("member_burdens_primary", 1.0, True),
        ("member_burdens", 0.3, False),
    )
)
