"""Worlds for C1a and C1b (`metrics.capability_asymmetry`): known capability ratios by era.

An alliance has two members of its own for all its life. The logarithm of the ratio of their
capabilities is a gamma variable of shape 2, whose scale sets the median; spending and personnel
follow it with errors of their own. Alliances are formed evenly from 1816 to 1935 and from 1946 to
2010, and last for an exponential time, at most to 1944 and 2018.

* C1a: `size` is added to the median of the log ratio after 1945. Confounded: the ratios are the
  same in both periods, but after 1945 asymmetric alliances last three times as long, so that
  asymmetric alliance-years become frequent though asymmetric alliances do not.
* C1b: the median ratio of 1816-1913 is 3 (absent), or `size` below it in logarithms. Confounded:
  it is 3 as well, but unequal alliances last so much longer that alliance-years mislead.
"""

from collections.abc import Mapping

import numpy as np
import polars as pl
from scipy import stats

from transforms.calibration.scenario import (
    ABSENT,
    CONFOUNDED,
    Family,
    Scenario,
    Tables,
    in_edition_2,
    present,
)
from transforms.contingency_tables import Floats
from transforms.metrics.asymmetry.asymmetry_grid import TABLE as GRID
from transforms.metrics.asymmetry.asymmetry_grid import build_asymmetry_grid
from transforms.metrics.asymmetry.capability_asymmetry import TABLE as ASYMMETRY
from transforms.metrics.asymmetry.capability_asymmetry import build_capability_asymmetry

N_BEFORE, N_AFTER = 120, 120
SHAPE = 2.0
MEDIAN_BEFORE = float(np.log(3.0))
MEAN_YEARS = 12.0
NOISE = 0.35  # of spending and personnel around the ratio of capabilities, in logarithms


def make_rise(scenario: Scenario, rng: np.random.Generator) -> Tables:
    """A world for C1a."""
    median = np.repeat([MEDIAN_BEFORE, MEDIAN_BEFORE + scenario.size], [N_BEFORE, N_AFTER])
    lasts = 3.0 if scenario.kind == CONFOUNDED else 1.0
    return _alliances(median, np.repeat([1.0, lasts], [N_BEFORE, N_AFTER]), rng)


def make_classical(scenario: Scenario, rng: np.random.Generator) -> Tables:
    """A world for C1b."""
    median = np.full(N_BEFORE + N_AFTER, MEDIAN_BEFORE - scenario.size)
    lasts = 0.33 if scenario.kind == CONFOUNDED else 1.0
    return _alliances(median, np.full(len(median), lasts), rng)


def _alliances(median: Floats, asymmetric_lasts: Floats, rng: np.random.Generator) -> Tables:
    n = len(median)
    log_ratio = rng.gamma(SHAPE, 1.0, n) * median / stats.gamma.median(SHAPE)
    formed = np.concatenate([rng.integers(1816, 1936, N_BEFORE), rng.integers(1946, 2011, N_AFTER)])
    is_asymmetric = log_ratio >= np.log(3.0)
    years = rng.exponential(MEAN_YEARS, n) * np.where(is_asymmetric, asymmetric_lasts, 1.0)
    last = np.where(formed < 1945, 1944, 2018)
    ended = np.minimum(formed + 1 + years.astype(int), last)
    noise = rng.normal(0.0, NOISE, (2, n))
    members = pl.DataFrame(
        {
            "atopid": np.repeat(np.arange(1, n + 1), 2).astype(np.int32),
            "phase": np.zeros(2 * n, np.int16),
            "ccode": np.arange(1001, 1001 + 2 * n).astype(np.int16),
            "year_from": np.repeat(formed, 2).astype(np.int16),
            "year_to": np.repeat(ended, 2).astype(np.int16),
        }
    ).with_columns(
        pl.lit(int(promise == "defense"), pl.Int16).alias(promise)
        for promise in ("defense", "offense", "neutral", "nonagg", "consul")
    )
    # The first member has the ratio, the second 1: only ratios within an alliance matter.
    of_member = [
        np.stack([np.exp(log), np.ones(n)], axis=1).ravel()
        for log in (log_ratio, log_ratio + noise[0], log_ratio + noise[1])
    ]
    capabilities = (
        members.with_columns(
            pl.Series(name, values)
            for name, values in zip(
                ("cinc", "milex_thousand", "milper_thousand"), of_member, strict=True
            )
        )
        .with_columns(
            pl.int_ranges(pl.col("year_from").cast(pl.Int32), pl.col("year_to") + 1).alias("year")
        )
        .explode("year")
        .select(
            "ccode",
            pl.col("year").cast(pl.Int16),
            "cinc",
            "milex_thousand",
            "milper_thousand",
        )
    )
    gdp = pl.DataFrame(schema={"ccode": pl.Int16, "year": pl.Int16, "gdp_usd": pl.Float64})
    measured = build_capability_asymmetry(
        alliance_members=members,
        capabilities=capabilities,
        gdp=gdp,
        major_powers=no_major_powers(),
        states=no_states(),
    ).tables[ASYMMETRY]
    grid = build_asymmetry_grid(
        capability_asymmetry=measured,
        alliance_members=members,
        obligations=_obligations(members),
        capabilities=capabilities,
        gdp=gdp,
    ).tables[GRID]
    return {"capability_asymmetry": measured, "asymmetry_grid": grid}


def no_major_powers() -> pl.DataFrame:
    """A list of major powers without any of the alliances' members."""
    schema = dict.fromkeys(("ccode", "year_from", "year_to", "carried_forward_from_year"), pl.Int16)
    return pl.DataFrame([(999, 1816, 2018, None)], schema=schema, orient="row")


def no_states() -> pl.DataFrame:
    """An empty list of states, so that no state succeeds another."""
    return pl.DataFrame(schema={"ccode": pl.Int16, "valid_from": pl.Date, "valid_to": pl.Date})


def _obligations(members: pl.DataFrame) -> pl.DataFrame:
    """Both members of every alliance promise each other defence in every year."""
    pairs = members.join(members.select("atopid", ccode_to="ccode"), on="atopid").filter(
        pl.col("ccode") != pl.col("ccode_to")
    )
    return (
        pairs.with_columns(
            pl.int_ranges(pl.col("year_from").cast(pl.Int32), pl.col("year_to") + 1).alias("year")
        )
        .explode("year")
        .select(
            pl.col("ccode").alias("ccode_from"),
            "ccode_to",
            pl.col("year").cast(pl.Int16),
            "defense",
            "offense",
            pl.lit(None, pl.String).alias("not_owed"),
            pl.lit(True).alias("is_cow_dyad"),
        )
    )


def _share(q: float, median: float) -> float:
    """Share of alliances whose ratio is at least q."""
    return float(stats.gamma.sf(np.log(q) * stats.gamma.median(SHAPE) / median, SHAPE))


def truths_of_rise(scenario: Scenario) -> Mapping[str, Mapping[str, float]]:
    """Exact log odds ratios; those of alliance-years only where lives do not depend on ratios."""
    found = {}
    for q in (2, 3, 5, 10):
        after, before = _share(q, MEDIAN_BEFORE + scenario.size), _share(q, MEDIAN_BEFORE)
        odds = float(np.log(after / (1 - after)) - np.log(before / (1 - before)))
        for period in ("1946-1991", "from 1992", *(["from 1946"] if q == 3 else [])):
            name = f"CINC, ratio {q}, leader share none, {period}"
            found[f"formation_cohort: {name}"] = odds
            if scenario.kind != CONFOUNDED:
                found[f"alliance_year: {name}"] = odds
    return {"C1a": found}


def truths_of_classical(scenario: Scenario) -> Mapping[str, Mapping[str, float]]:
    """The median itself."""
    spans = ("1816-1870", "1816-1913", "1871-1913")
    return {"C1b": {f"sign_test: CINC, first to second, {s}": -scenario.size for s in spans}}


NONE = (Scenario(ABSENT), Scenario(CONFOUNDED))
CLASSICAL = Family(
    "classical",
    ("C1b",),
    (*NONE, *present(0.1, 0.2, 0.4, 0.6)),
    make_classical,
    truths_of_classical,
    "log of 3 over the median ratio",
)
FAMILIES = (
    Family(
        "rise",
        ("C1a",),
        (*NONE, *present(0.15, 0.3, 0.6, 1.0)),
        make_rise,
        truths_of_rise,
        "rise of the median log ratio after 1945",
        part=0.4,
    ),
    CLASSICAL,
    in_edition_2(CLASSICAL, ("C1b",), 0.4),
)
