"""Worlds for C2c to C2e (`metrics.coalition_model`): support for two coalitions.

Support is drawn from a logit on being an ally, aspiring to be one, distance of ideal points to
the United States, log product and former membership of the Warsaw Pact. As many states are
allies, parties of the Rio treaty, Compact states and aspirants as in 2003; the aspirants are
allies by 2014. Published ideal points have an error of their own.

* absent: neither ally nor aspirant matters, and allies are no closer to the United States;
* confounded: they are much closer, and support depends on the distance, more so in the unpopular
  cause; alliance does nothing;
* present, by default: allies are closer, and alliance adds `size` to the log odds of supporting
  the war in Iraq, and half of it to those against ISIS;
* present, variant `equal`: it adds `size` to both, so that C2c and C2d are true and C2e is not;
* present, variant `aspirants`: it adds `size` to the aspirants' and half of it to the allies'
  support of the war: a prospective guarantee, so that C2c does not hold.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl

from transforms.calibration.scenario import (
    ABSENT,
    CONFOUNDED,
    PRESENT,
    PRIMARY,
    Family,
    Scenario,
    Tables,
    Values,
    in_edition_2,
)
from transforms.calibration.worlds.coalition_states import (
    N_STATES,
    States,
    covariates_of,
    draw_states,
    list_of,
    ties_of,
)
from transforms.metrics.coalitions.coalition_contrast import TABLE as CONTRAST
from transforms.metrics.coalitions.coalition_contrast import build_coalition_contrast
from transforms.metrics.coalitions.coalition_model import SCORES as MODEL_SCORES
from transforms.metrics.coalitions.coalition_model import TABLE as MODEL
from transforms.metrics.coalitions.coalition_model import build_coalition_model

POINT_ERROR = 0.1

ISIS_DATES = (date(2014, 12, 31), date(2016, 1, 31), date(2017, 12, 31))
IRAQ_DATE = date(2003, 3, 27)


@dataclass(frozen=True)
class Cause:
    """Log odds of support: at the mean, per unit of distance, of log product, of ties."""

    base: float
    distance: float
    product: float
    ally: float
    aspirant: float


def causes(scenario: Scenario) -> tuple[Cause, Cause]:
    """Coefficients of support for the war in Iraq, and against ISIS."""
    if scenario.kind == ABSENT:
        return Cause(-1.3, 0.0, 0.2, 0.0, 0.0), Cause(-1.0, 0.0, 0.3, 0.0, 0.0)
    if scenario.kind == CONFOUNDED:
        return Cause(-1.3, -1.5, 0.2, 0.0, 0.0), Cause(-1.0, -0.75, 0.3, 0.0, 0.0)
    size, half = scenario.size, scenario.size / 2
    if scenario.variant == "equal":
        return Cause(-1.5, -0.5, 0.2, size, 0.0), Cause(-1.2, -0.5, 0.3, size, 0.0)
    if scenario.variant == "aspirants":
        return Cause(-1.5, -0.5, 0.2, half, size), Cause(-1.2, -0.5, 0.3, half, 0.0)
    return Cause(-1.5, -0.5, 0.2, size, 0.0), Cause(-1.2, -0.5, 0.3, half, 0.0)


def probability(states: States, cause: Cause, *, by_2014: bool) -> Values:
    """Probability of support, per state.

    Args:
        states: The states.
        cause: Coefficients of their support.
        by_2014: Aspirants are allies.
    """
    ally = states.core | (states.aspirant & by_2014)
    log_odds = (
        cause.base
        + cause.distance * states.distance
        + cause.product * states.log_product
        + cause.ally * ally
        + cause.aspirant * (states.aspirant & (not by_2014))
    )
    return np.asarray(1 / (1 + np.exp(-log_odds)))


def make_coalitions(scenario: Scenario, rng: np.random.Generator) -> Tables:
    """A world for C2c, C2d and C2e."""
    states = draw_states(scenario, rng)
    points = 2.0 - (2.0 + states.distance) + rng.normal(0.0, POINT_ERROR, N_STATES)
    iraq, isis = causes(scenario)
    in_iraq = rng.random(N_STATES) < probability(states, iraq, by_2014=False)
    u = rng.random(N_STATES)
    in_isis = u < probability(states, isis, by_2014=True)
    level = 1 + rng.binomial(3, 0.35, N_STATES)
    late = [in_isis | (rng.random(N_STATES) < part) for part in (0.0, 0.05, 0.10)]
    support = [("iraq_2003", IRAQ_DATE, in_iraq)]
    support += [("daesh", day, joined) for day, joined in zip(ISIS_DATES, late, strict=True)]
    tables = {
        "coalition_support": pl.concat(
            list_of(states, level, coalition, day, named) for coalition, day, named in support
        ),
        **ties_of(states, rng),
        **covariates_of(states, points),
    }
    model = build_coalition_model(**tables).tables
    read = ("coalition_support", "states", "treaty_allies", "obligations", "ally_tier")
    contrast = build_coalition_contrast(
        **{name: tables[name] for name in (*read, "nato_aspirants")}
    ).tables[CONTRAST]
    return {
        "coalition_model": model[MODEL],
        "coalition_model_score": model[MODEL_SCORES],
        "coalition_contrast": contrast,
    }


def truths_of_coalitions(scenario: Scenario) -> Mapping[str, Mapping[str, float]]:
    """The logit's own coefficient, and odds ratios in a population of 400 times as many states."""
    iraq, isis = causes(scenario)
    rng = np.random.default_rng(0)
    many = draw_states(scenario, rng, 400 * N_STATES)
    found: dict[str, dict[str, float]] = {}
    raw = {}
    for claim, cause, name, late in (
        ("C2c", iraq, "iraq_2003 2003-03-27", False),
        ("C2d", isis, "daesh 2014-12-31", True),
    ):
        p = probability(many, cause, by_2014=late)
        ally = many.core | (many.aspirant & late)
        neither = ~ally & ~(many.aspirant & (not late))
        of = f"{name}, core, in_force_on_date, as_published"
        raw[claim] = _log_odds(p[ally]) - _log_odds(p[neither])
        everyone = _log_odds(p[ally]) - _log_odds(p[~ally])
        found[claim] = {
            f"firth_covariates: {of}": cause.ally,
            f"firth_aspirant: {of}": raw[claim],
            f"firth_bivariate: {of}": everyone,
            f"fisher: {of}": everyone,
        }
    contrast = "iraq_2003 minus daesh 2014-12-31, core, in_force_on_date"
    found["C2e"] = {f"firth_aspirant: {contrast}": raw["C2c"] - raw["C2d"]}
    return found


def _log_odds(p: Values) -> float:
    share = float(p.mean())
    return float(np.log(share / (1 - share)))


BOTH = frozenset({"C2c", "C2d"})


def truths_of_second(scenario: Scenario) -> Mapping[str, Mapping[str, float]]:
    """The logit's own coefficients: the primaries of edition 2 have its covariates."""
    iraq, isis = causes(scenario)
    return {"C2c": {PRIMARY: iraq.ally}, "C2d": {PRIMARY: isis.ally}}


COALITIONS = Family(
    "coalitions",
    ("C2c", "C2d", "C2e"),
    (
        Scenario(ABSENT),
        Scenario(CONFOUNDED),
        *(Scenario(PRESENT, size) for size in (1.0, 2.0, 3.0, 4.0)),
        Scenario(PRESENT, 2.0, "equal", BOTH),
        Scenario(PRESENT, 3.0, "aspirants", frozenset({"C2d"})),
    ),
    make_coalitions,
    truths_of_coalitions,
    "log odds ratio of allies in the war in Iraq",
    part=0.15,
)
SECOND = in_edition_2(COALITIONS, ("C2c", "C2d"), 0.2)
FAMILIES = (
    COALITIONS,
    replace(SECOND, scenarios=COALITIONS.scenarios[:-2], truths=truths_of_second),
)
