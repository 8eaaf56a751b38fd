"""Worlds for C1c: a hegemon's superiority over its partners.

The logarithm of the hegemon's superiority over a partner varies between partners and years; a
share of exactly .8 of the partner-years is at 10 or above (absent), or the mean is `size` higher.
The claim is about a share, so nothing can confound it.
"""

from collections.abc import Mapping

import numpy as np
import polars as pl
from scipy import stats

from transforms.calibration.scenario import ABSENT, Family, Scenario, Tables, present

N_PARTNERS, FIRST_YEAR, LAST_YEAR = 30, 1946, 2022
BETWEEN_SD, WITHIN_SD = 1.2, 0.3
NOISE = 0.35  # of spending, personnel and product around the ratio of capabilities, in logarithms
LEAST_SHARE = 0.8


def make_preponderance(scenario: Scenario, rng: np.random.Generator) -> Tables:
    """A world for C1c."""
    n = N_PARTNERS
    mean = _mean_superiority() + scenario.size
    years = np.arange(FIRST_YEAR, LAST_YEAR + 1)
    own = rng.normal(0.0, BETWEEN_SD, n)
    begins = rng.integers(FIRST_YEAR, 1980, n)
    ccodes = np.arange(100, 100 + n).astype(np.int16)
    log_ratio = mean + own[:, None] + rng.normal(0.0, WITHIN_SD, (n, len(years)))
    noise = rng.normal(0.0, NOISE, (3, n))[:, :, None]
    values = {
        "cinc": log_ratio,
        **{
            name: log_ratio + noise[k]
            for k, name in enumerate(("milex_thousand", "milper_thousand", "gdp_usd"))
        },
    }
    partner = {"ccode": np.repeat(ccodes, len(years)), "year": np.tile(years, n)}
    hegemon = {"ccode": np.full(len(years), 2, np.int16), "year": years}
    state_year = pl.concat(
        [
            pl.DataFrame(partner | {name: np.exp(-v).ravel() for name, v in values.items()}),
            pl.DataFrame(hegemon | {name: np.ones(len(years)) for name in values}),
        ]
    ).with_columns(pl.col("year").cast(pl.Int16))
    is_ally = years >= begins[:, None]
    ally_tier = pl.DataFrame(partner).select(
        pl.lit(2, pl.Int16).alias("ccode_hegemon"),
        "ccode",
        pl.col("year").cast(pl.Int16),
        *(
            pl.Series(f"tier_{tier}", is_ally.ravel())
            for tier in ("core", "treaty", "atop", "guarantee")
        ),
    )
    return {"ally_tier": ally_tier, "state_year": state_year}


def _mean_superiority() -> float:
    """Mean log superiority at which a share of .8 of the partner-years is at 10 or above."""
    spread = float(np.hypot(BETWEEN_SD, WITHIN_SD))
    return float(np.log(10.0) + spread * stats.norm.ppf(LEAST_SHARE))


def truths_of_preponderance(scenario: Scenario) -> Mapping[str, Mapping[str, float]]:
    """Exact share of partner-years, minus .8."""
    spread = float(np.hypot(BETWEEN_SD, WITHIN_SD))
    share = float(stats.norm.cdf((_mean_superiority() + scenario.size - np.log(10.0)) / spread))
    windows = ("1946-1990", "1946-2022", "1991-2022")
    names = [f"share_of_partners: United States, core, CINC, ratio 10, {w}" for w in windows]
    return {"C1c": dict.fromkeys(names, share - LEAST_SHARE)}


FAMILIES = (
    Family(
        "preponderance",
        ("C1c",),
        (Scenario(ABSENT), *present(0.25, 0.5, 1.0, 1.5)),
        make_preponderance,
        truths_of_preponderance,
        "mean log superiority above what gives .8",
    ),
)
