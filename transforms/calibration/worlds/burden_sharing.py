"""Worlds for C6 (`metrics.burden_sharing`): military burdens by size of the economy.

An alliance has eight members, its leader four to forty times as capable as the next. The logarithm
of a state's burden is a constant, a state's own lasting deviation, a yearly error, and from 1960
to 1991 `size` times its standardised log product. Log products are log capabilities plus an
error. Data are of every fourth year.

* absent: burdens have nothing to do with size, and no state is in two alliances;
* confounded: nor here, but all alliances are drawn from the same 24 states, so that one lavish
  great power makes several of them look alike.
"""

from collections.abc import Mapping

import numpy as np
import polars as pl

from transforms.calibration.scenario import (
    ABSENT,
    CONFOUNDED,
    Family,
    Scenario,
    Tables,
    Values,
    present,
)
from transforms.calibration.worlds.capability_asymmetry import no_major_powers, no_states
from transforms.metrics.alliances.burden_sharing import TABLE as BURDENS
from transforms.metrics.alliances.burden_sharing import build_burden_sharing
from transforms.metrics.asymmetry.capability_asymmetry import TABLE as ASYMMETRY
from transforms.metrics.asymmetry.capability_asymmetry import build_capability_asymmetry

N_ALLIANCES, N_MEMBERS, POOL = 12, 8, 24
FIRST, LAST, EVERY = 1960, 2018, 4
OWN_SD, YEARLY_SD = 0.5, 0.2
LAST_OF_COLD_WAR = 1991


def make_burdens(scenario: Scenario, rng: np.random.Generator) -> Tables:
    """A world for C6."""
    if scenario.kind == CONFOUNDED:
        leaders = rng.integers(0, 3, N_ALLIANCES)
        others = [rng.choice(np.arange(3, POOL), N_MEMBERS - 1, False) for _ in leaders]
        member = np.column_stack([leaders, np.array(others)])
        n = POOL
        is_leader = np.arange(n) < 3
    else:
        n = N_ALLIANCES * N_MEMBERS
        member = np.arange(n).reshape(N_ALLIANCES, N_MEMBERS)
        is_leader = np.arange(n) % N_MEMBERS == 0
    size = rng.normal(0.0, 0.7, n)
    size[is_leader] = 1.4 + np.log(4.0) + rng.uniform(0.0, np.log(10.0), int(is_leader.sum()))
    years = np.arange(FIRST, LAST + 1, EVERY)
    log_burden, log_product = draw_burdens(scenario.size, size, years, rng)
    ccodes = np.arange(101, 101 + n).astype(np.int16)
    state_years = pl.DataFrame(
        {
            "ccode": np.repeat(ccodes, len(years)),
            "year": np.tile(years, n).astype(np.int16),
            "gdp_usd": np.exp(23 + log_product).ravel(),
            "milex_usd": np.exp(23 + log_product + log_burden).ravel(),
            "cinc": np.exp(np.repeat(size, len(years))),
        }
    )
    members = _members(ccodes[member])
    measured = build_capability_asymmetry(
        alliance_members=members,
        capabilities=state_years.select(
            "ccode",
            "year",
            "cinc",
            milex_thousand=pl.col("milex_usd") / 1000,
            milper_thousand="cinc",
        ),
        gdp=state_years.select("ccode", "year", "gdp_usd"),
        major_powers=no_major_powers(),
        states=no_states(),
    )
    burdens = build_burden_sharing(
        alliance_members=members,
        military_expenditure=state_years.select("ccode", "year", "milex_usd"),
        gdp=state_years.select("ccode", "year", "gdp_usd"),
        major_powers=no_major_powers(),
    )
    return {
        "burden_sharing": burdens.tables[BURDENS],
        "capability_asymmetry": measured.tables[ASYMMETRY],
    }


def draw_burdens(
    effect: float, size: Values, years: Values, rng: np.random.Generator
) -> tuple[Values, Values]:
    """Log burden and log product, states × years.

    Args:
        effect: Change of the log burden per unit of log product, to 1991.
        size: Log capability per state.
        years: Years.
        rng: Random numbers.
    """
    shape = (len(size), len(years))
    log_product = size[:, None] + rng.normal(0.0, 0.2, len(size))[:, None] + np.zeros(shape)
    own = rng.normal(0.0, OWN_SD, len(size))[:, None]
    log_burden = -3.5 + own + rng.normal(0.0, YEARLY_SD, shape)
    return log_burden + effect * log_product * (years <= LAST_OF_COLD_WAR), log_product


def _members(ccodes: Values) -> pl.DataFrame:
    n, width = ccodes.shape
    return pl.DataFrame(
        {
            "atopid": np.repeat(np.arange(1, n + 1), width).astype(np.int32),
            "ccode": ccodes.ravel(),
            "year_from": np.full(n * width, FIRST, np.int16),
            "year_to": np.full(n * width, LAST, np.int16),
        }
    ).with_columns(
        pl.lit(int(promise == "defense"), pl.Int16).alias(promise)
        for promise in ("defense", "offense", "neutral", "nonagg", "consul")
    )


def truths_of_burdens(scenario: Scenario) -> Mapping[str, Mapping[str, float]]:
    """Mean rank correlation in 4,000 alliances of one year; without an effect 0."""
    names = [f"mean_of_alliances: Spearman, ratio {q}, 1960-1991" for q in (3, 10)]
    if scenario.size == 0:
        return {"C6": dict.fromkeys(names, 0.0)}
    rng = np.random.default_rng(0)
    size = rng.normal(0.0, 0.7, (4000, N_MEMBERS))
    size[:, 0] = 1.4 + np.log(4.0) + rng.uniform(0.0, np.log(10.0), 4000)
    burden, product = draw_burdens(scenario.size, size.ravel(), np.array([FIRST]), rng)
    ranks = [v.reshape(size.shape).argsort(axis=1).argsort(axis=1) for v in (burden, product)]
    centred = [r - r.mean(axis=1, keepdims=True) for r in ranks]
    rho = (centred[0] * centred[1]).sum(axis=1) / (centred[0] ** 2).sum(axis=1)
    return {"C6": {names[0]: float(rho.mean())}}


FAMILIES = (
    Family(
        "burdens",
        ("C6",),
        (Scenario(ABSENT), Scenario(CONFOUNDED), *present(0.1, 0.2, 0.4, 0.8)),
        make_burdens,
        truths_of_burdens,
        "log burden per unit of log product, to 1991",
    ),
)
