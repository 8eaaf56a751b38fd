"""Worlds for C1c, edition 2: superiority over the real partners, in the years of the real ties.

Reads `marts.ally_tier`: which states were partners of the United States by which tier, and when.
The logarithm of its superiority over a partner is a mean, a partner's own lasting deviation, and a
yearly one that fades (autocorrelation .9); spending, personnel and product follow with errors of
their own. The mean is such that a share of exactly .8 of the partner-years has a ratio of 10 or
more (absent), or `size` higher.

Truth: that share minus .8, as a probability. The claim is about a share, so nothing can confound
it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import stats

from transforms.calibration.scenario import (
    ABSENT,
    PRIMARY,
    Family,
    Scenario,
    Tables,
    Values,
    present,
)
from transforms.metrics.claims.leaders import LEADERS

HEGEMON = LEADERS[0]
BETWEEN_SD, WITHIN_SD = 1.2, 0.4
PERSISTENCE = 0.9
ERROR_SD = 0.35  # of spending, personnel and product around the ratio of capabilities
VARIABLES = ("cinc", "milex_thousand", "milper_thousand", "gdp_usd")
LEAST_SHARE, RATIO = 0.8, 10.0


@dataclass(frozen=True)
class Ties:
    """The real ties.

    Attributes:
        ally_tier: `marts.ally_tier` of the hegemon.
        ccodes: States with a tie at some time.
        years: All years from the first to the last.
    """

    ally_tier: pl.DataFrame
    ccodes: Values
    years: Values


def ties(real: Tables) -> Ties:
    """What the worlds are drawn on."""
    own = real["ally_tier"].filter(pl.col("ccode_hegemon") == HEGEMON).sort("ccode", "year")
    years = own["year"].to_numpy()
    return Ties(
        own, own["ccode"].unique().sort().to_numpy(), np.arange(years.min(), years.max() + 1)
    )


def make_superiority(scenario: Scenario, rng: np.random.Generator, on: Ties) -> Tables:
    """A world for C1c."""
    n, n_years = len(on.ccodes), len(on.years)
    own = rng.normal(0.0, BETWEEN_SD, n)[:, None]
    log_ratio = _mean(scenario) + own + WITHIN_SD * fading(rng, (n, n_years), PERSISTENCE)
    errors = np.concatenate([np.zeros((1, n)), rng.normal(0.0, ERROR_SD, (len(VARIABLES) - 1, n))])
    partners = pl.DataFrame(
        {
            "ccode": np.repeat(on.ccodes, n_years),
            "year": np.tile(on.years, n),
            **{
                name: np.exp(-log_ratio - error[:, None]).ravel()
                for name, error in zip(VARIABLES, errors, strict=True)
            },
        }
    )
    hegemon = pl.DataFrame(
        {"ccode": HEGEMON, "year": on.years, **{name: np.ones(n_years) for name in VARIABLES}}
    )
    whole = [rows.cast({"ccode": pl.Int16, "year": pl.Int16}) for rows in (partners, hegemon)]
    return {"ally_tier": on.ally_tier, "state_year": pl.concat(whole)}


def fading(rng: np.random.Generator, shape: tuple[int, int], persistence: float) -> Values:
    """Deviations of variance 1 that fade from one column to the next.

    Args:
        rng: Random numbers.
        shape: Series × times.
        persistence: Correlation of neighbours.
    """
    drawn = rng.normal(0.0, 1.0, shape)
    fresh = np.sqrt(1 - persistence**2)
    for time in range(1, shape[1]):
        drawn[:, time] = persistence * drawn[:, time - 1] + fresh * drawn[:, time]
    return drawn


def _mean(scenario: Scenario) -> float:
    """Mean log superiority: at which a share of .8 of the partner-years has the ratio, or above."""
    return float(np.log(RATIO) + _spread() * stats.norm.ppf(LEAST_SHARE)) + scenario.size


def _spread() -> float:
    return float(np.hypot(BETWEEN_SD, WITHIN_SD))


def truths_of_superiority(
    scenario: Scenario,
    _: Ties,
) -> Mapping[str, Mapping[str, float]]:
    """Probability of the ratio, minus .8."""
    share = float(stats.norm.cdf((_mean(scenario) - np.log(RATIO)) / _spread()))
    return {"C1c": {PRIMARY: share - LEAST_SHARE}}


FAMILIES = tuple(
    Family(
        name,
        ("C1c",),
        (Scenario(ABSENT), *present(0.25, 0.5, 1.0, 1.5)),
        make_superiority,
        truths_of_superiority,
        "mean log superiority above what gives .8",
        part=part,
        edition=2,
        reads=("marts.ally_tier",),
        basis=ties,
        is_primary_only=is_primary_only,
    )
    for name, part, is_primary_only in (
        ("superiority_primary", 1.0, True),
        ("superiority", 0.3, False),
    )
)
