"""Worlds for C5 (`metrics.alliance_duration`): alliances that end with a known hazard.

Alliances of two, formed from 1816 to 1990 by 40 leaders with partners of their own; the ratio of
capabilities is a gamma variable in logarithms and does not change. An alliance ends with a constant
hazard, times exp(−`size`) if it is asymmetric; what lasts to the end of 2018 is censored. How it
ends (fulfilled, violated, renegotiated) does not depend on anything.

* absent: asymmetric alliances end as fast as others;
* confounded: so they do in every era, but alliances formed after 1945 end half as fast and are far
  more often asymmetric, so that asymmetric alliances seem to last.
"""

from collections.abc import Mapping
from datetime import date, timedelta

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
from transforms.calibration.worlds.capability_asymmetry import no_major_powers, no_states
from transforms.coverage import Coverage
from transforms.metrics.asymmetry.capability_asymmetry import TABLE as ASYMMETRY
from transforms.metrics.asymmetry.capability_asymmetry import build_capability_asymmetry
from transforms.metrics.duration.alliance_duration import DURATION, SCORES, build_alliance_duration
from transforms.metrics.system_members import COVERED_BY

N_ALLIANCES, N_LEADERS = 140, 40
MEDIAN_LOG_RATIO = float(np.log(3.0))
SHAPE = 2.0
HAZARD = 1 / 8
LATER_HAZARD, LATER_MEDIAN = 0.5, 2.2  # confounded: factors of hazard and log ratio after 1945
END_OF_SOURCE = date(2018, 12, 31)
FIRST_LEADER, FIRST_PARTNER = 101, 1001


def make_lives(scenario: Scenario, rng: np.random.Generator) -> Tables:
    """A world for C5."""
    n = N_ALLIANCES
    formed = np.sort(rng.integers(1816, 1991, n))
    is_later = (formed > 1945) & (scenario.kind == CONFOUNDED)
    log_ratio = rng.gamma(SHAPE, MEDIAN_LOG_RATIO / stats.gamma.median(SHAPE), n)
    log_ratio = log_ratio * np.where(is_later, LATER_MEDIAN, 1.0)
    hazard = HAZARD * np.exp(-scenario.size * (log_ratio >= np.log(3.0)))
    hazard = hazard * np.where(is_later, LATER_HAZARD, 1.0)
    days = (rng.exponential(1.0, n) / hazard * 365.25).astype(int) + 1
    began = [date(year, 1, 1) + timedelta(days=int(d)) for year, d in zip(
        formed.tolist(), rng.integers(0, 365, n), strict=True
    )]  # fmt: skip
    left = [(END_OF_SOURCE - day).days for day in began]
    in_force = days > np.array(left)
    ended = [
        day + timedelta(days=int(min(lasted, most)))
        for day, lasted, most in zip(began, days.tolist(), left, strict=True)
    ]
    alliances = pl.DataFrame(
        {
            "atopid": np.arange(1, n + 1).astype(np.int32),
            "phase": np.zeros(n, np.int16),
            "began_on": began,
            "ended_on": ended,
            "in_force_at_source_end": in_force,
            "term_code": np.where(in_force, 0, rng.choice([1, 2, 3], n, p=[0.4, 0.4, 0.2])),
            "is_bilateral": True,
            "wartime": rng.choice([0, 1], n, p=[0.8, 0.2]),
            "defense": 1,
        }
    ).with_columns(pl.when(~pl.col("in_force_at_source_end")).then("ended_on").alias("ended_on"))
    measured = _measured(alliances, ended, log_ratio, rng)
    covered = Coverage(date(1816, 1, 1), END_OF_SOURCE)
    duration = build_alliance_duration(
        alliances=alliances,
        capability_asymmetry=measured,
        coverage=dict.fromkeys(COVERED_BY, covered),
    )
    return {
        "alliance_duration": duration.tables[DURATION],
        "alliance_duration_score": duration.tables[SCORES],
    }


def _measured(
    alliances: pl.DataFrame, ended: list[date], log_ratio: np.ndarray, rng: np.random.Generator
) -> pl.DataFrame:
    n = alliances.height
    leaders = FIRST_LEADER + rng.integers(0, N_LEADERS, n)
    partners = FIRST_PARTNER + np.arange(n)
    members = pl.DataFrame(
        {
            "atopid": np.repeat(alliances["atopid"].to_numpy(), 2),
            "ccode": np.stack([leaders, partners], axis=1).ravel().astype(np.int16),
            "year_from": alliances["began_on"].dt.year().repeat_by(2).explode().cast(pl.Int16),
            "year_to": pl.Series([day.year for day in ended for _ in range(2)], dtype=pl.Int16),
        }
    ).with_columns(
        pl.lit(int(promise == "defense"), pl.Int16).alias(promise)
        for promise in ("defense", "offense", "neutral", "nonagg", "consul")
    )
    codes = np.concatenate([np.arange(FIRST_LEADER, FIRST_LEADER + N_LEADERS), partners])
    cinc = np.concatenate([np.ones(N_LEADERS), np.exp(-log_ratio)])
    values = pl.DataFrame({"ccode": codes.astype(np.int16), "cinc": cinc})
    years = pl.DataFrame({"year": np.arange(1816, 2019).astype(np.int16)})
    capabilities = (
        values.join(years, how="cross")
        .join(_years_of(members), on=["ccode", "year"], how="semi")
        .with_columns(milex_thousand="cinc", milper_thousand="cinc")
    )
    return build_capability_asymmetry(
        alliance_members=members,
        capabilities=capabilities,
        gdp=pl.DataFrame(schema={"ccode": pl.Int16, "year": pl.Int16, "gdp_usd": pl.Float64}),
        major_powers=no_major_powers(),
        states=no_states(),
    ).tables[ASYMMETRY]


def _years_of(members: pl.DataFrame) -> pl.DataFrame:
    years = pl.int_ranges(pl.col("year_from").cast(pl.Int32), pl.col("year_to") + 1).alias("year")
    return members.select("ccode", years).explode("year").cast({"year": pl.Int16}).unique()


def truths_of_lives(scenario: Scenario) -> Mapping[str, Mapping[str, float]]:
    """The log hazard ratio itself, whatever the kind of end; given the era where it matters."""
    stratified = ("cox_stratified_era", "cox_adjusted")
    plain = ("cox_time_varying", "cox_time_fixed")
    estimators = stratified if scenario.kind == CONFOUNDED else (*plain, *stratified)
    samples = ("all_terminations", "fulfilled_or_violated", "violation_only")
    names = [f"{e}: {s}, asymmetric" for e in estimators for s in samples]
    return {"C5": dict.fromkeys(names, -scenario.size)}


LIVES = Family(
    "lives",
    ("C5",),
    (Scenario(ABSENT), Scenario(CONFOUNDED), *present(0.25, 0.5, 0.75, 1.0)),
    make_lives,
    truths_of_lives,
    "log of the symmetric alliances' hazard over that of asymmetric ones",
    part=0.1,
)
FAMILIES = (LIVES, in_edition_2(LIVES, ("C5",), 0.2))
