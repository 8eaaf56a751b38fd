"""Worlds for C2b (`metrics.legitimation_dose`): guarantees of different strength.

Sixty states and the roll calls of `legitimation_premium`. Half of the states have a tie with the
hegemon at some time: a step of the guarantee, which may change once before 1991 and once after it,
a pledge that is or is not returned, troops that follow the step with an error, and other defence
partners, whose number moves by itself. On roll calls that the hegemon loses, the strength of the
guarantee adds to a state's pull towards it, up to about `size`, in standard deviations of the
votes' error.

* absent: guarantees are given without regard to preferences, and do nothing;
* confounded: the closer a state to the hegemon, the stronger its guarantee, which does nothing;
* confounded, variant `moving`: besides, a state's ideal point comes closer when its guarantee
  grows, in all of its parts, and goes away when it shrinks: on all votes alike;
* present: guarantees are given as in confounded, and move votes.
"""

from collections.abc import Callable, Mapping

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
from transforms.calibration.worlds.legitimation_premium import (
    CHOICE_SD,
    MOVING,
    SESSIONS,
    draw_votes,
)
from transforms.metrics.legitimation.hegemon_support import TABLE as SUPPORT
from transforms.metrics.legitimation.hegemon_support import build_hegemon_support
from transforms.metrics.legitimation.legitimation_dose import TABLE as DOSE
from transforms.metrics.legitimation.legitimation_dose import build_legitimation_dose
from transforms.rollcall_matrix import SESSION_OFFSET

HEGEMON = 2
N_STATES, N_TIED = 60, 30
STEPS = (0, 1, 3, 4)
CHANGES = ((2, 6), (9, 13))  # sessions, by place, among which a step changes: before and after 1991
CHANGES_SHARE = 0.6
ONE_WAY_SHARE = 0.4
MEAN_OTHER_PARTNERS = 3.0
PER = 100_000
CLOSER = 0.8
WEIGHTS = {"step": 0.5, "one_way": 0.5, "troops": 0.25, "others": -0.5}
"""Weights of a step of 4, a one-way pledge, 10 times the troops and 3 times the partners."""


Draw = Callable[[int], Values]
"""Draws one value per state."""


def make_guarantees(scenario: Scenario, rng: np.random.Generator) -> Tables:
    """A world for C2b."""
    ccodes = np.array([HEGEMON, *range(801, 800 + N_STATES)], np.int16)
    level = rng.normal(-0.3, 0.8, N_STATES - 1)
    closeness = level * (scenario.kind != ABSENT) + rng.normal(0.0, CHOICE_SD, N_STATES - 1)
    level = level[np.argsort(-closeness)]
    step = _steps(rng)
    is_partner = (step > 0).astype(float)
    one_way = _piecewise(rng, lambda n: (rng.random(n) < ONE_WAY_SHARE).astype(float)) * is_partner
    own = _piecewise(rng, lambda n: rng.normal(0.0, 1.0, n))
    log_troops = np.maximum(0.0, 0.5 + step + own)  # of 1 + troops per 100,000
    others = _piecewise(rng, lambda n: rng.poisson(MEAN_OTHER_PARTNERS, n).astype(float))
    strength = WEIGHTS["step"] * step / max(STEPS) + WEIGHTS["one_way"] * one_way
    strength += WEIGHTS["troops"] * log_troops / np.log(10.0)
    strength += WEIGHTS["others"] * np.log1p(others) / np.log(3.0) * is_partner
    theta = level[:, None] + np.cumsum(rng.normal(0.0, 0.05, step.shape), axis=1)
    if scenario.variant == MOVING:
        theta += CLOSER * (strength - strength[:, :1])
    theta = np.vstack([np.full(len(SESSIONS), 2.6), theta])
    pull = scenario.size * np.vstack([np.zeros(len(SESSIONS)), strength])
    votes, roll_calls = draw_votes(ccodes, theta, pull, rng)
    support = build_hegemon_support(votes=votes, roll_calls=roll_calls).tables[SUPPORT]
    at = _state_years(ccodes[1:])
    doses = build_legitimation_dose(
        hegemon_support=support.filter(pl.col("ccode_hegemon") == HEGEMON),
        ally_tier=at.select(
            pl.lit(HEGEMON, pl.Int16).alias("ccode_hegemon"),
            "ccode",
            "year",
            *(
                pl.Series(f"tier_{tier}", (step >= least).ravel())
                for tier, least in (("core", 4), ("treaty", 3), ("atop", 1), ("guarantee", 3))
            ),
        ),
        security_hierarchy=at.select(
            pl.lit(HEGEMON, pl.Int16).alias("ccode_from"),
            pl.col("ccode").alias("ccode_to"),
            "year",
            pl.Series("troops_per_capita", np.expm1(log_troops).ravel() / PER),
            pl.Series("is_defense_partner", (step > 0).ravel()),
            pl.Series("n_independent_alliances", others.ravel().astype(np.int16)),
        ),
        obligations=_obligations(at, step, one_way),
    )
    return {"legitimation_dose": doses.tables[DOSE]}


def _steps(rng: np.random.Generator) -> Values:
    """Step of the guarantee, states × sessions; only the first states have a tie, ever."""
    drawn = _piecewise(rng, lambda n: rng.choice(STEPS, n).astype(float))
    # the closer a state, the more often the larger of two draws: guarantees follow preferences
    again = _piecewise(rng, lambda n: rng.choice(STEPS, n).astype(float))
    first = np.arange(N_STATES - 1)[:, None] < N_TIED // 2
    step = np.where(first, np.maximum(drawn, again), np.minimum(drawn, again))
    step[N_TIED:] = 0.0
    return step


def _piecewise(rng: np.random.Generator, draw: Draw) -> Values:
    """A value per state that may change once in each of two spans, states × sessions."""
    n = N_STATES - 1
    values = np.repeat(draw(n)[:, None], len(SESSIONS), axis=1)
    places = np.arange(len(SESSIONS))
    for first, last in CHANGES:
        changes = rng.random(n) < CHANGES_SHARE
        since = np.where(changes, rng.integers(first, last + 1, n), len(SESSIONS))
        values = np.where(places >= since[:, None], draw(n)[:, None], values)
    return values


def _state_years(ccodes: Values) -> pl.DataFrame:
    years = np.array(SESSIONS) + SESSION_OFFSET
    return pl.DataFrame(
        {
            "ccode": np.repeat(ccodes, len(years)).astype(np.int16),
            "year": np.tile(years, len(ccodes)).astype(np.int16),
        }
    )


def _obligations(at: pl.DataFrame, step: Values, one_way: Values) -> pl.DataFrame:
    """The hegemon promises defence to its partners; those that return it promise it, too."""
    hegemon = pl.lit(HEGEMON, pl.Int16)
    promised = at.filter(pl.Series((step > 0).ravel()))
    returned = at.filter(pl.Series(((step > 0) & (one_way == 0)).ravel()))
    return pl.concat(
        [
            promised.select(hegemon.alias("ccode_from"), pl.col("ccode").alias("ccode_to"), "year"),
            returned.select(pl.col("ccode").alias("ccode_from"), hegemon.alias("ccode_to"), "year"),
        ]
    ).with_columns(pl.lit(1, pl.Int16).alias("defense"), pl.lit(None, pl.String).alias("not_owed"))


def truths_of_guarantees(scenario: Scenario) -> Mapping[str, Mapping[str, float]]:
    """Without an effect 0: within states unless preferences move, between them if absent."""
    if scenario.size or scenario.variant == MOVING:
        return {}
    doses = ("tier_steps", "one_way_pledge", "log_troops_per_capita", "n_independent_alliances")
    estimators = ("within", "cross_section") if scenario.kind == ABSENT else ("within",)
    names = [f"{e}: {d}, unpopular, whole" for e in estimators for d in doses]
    return {"C2b": dict.fromkeys(names, 0.0)}


FAMILIES = (
    Family(
        "guarantees",
        ("C2b",),
        (
            Scenario(ABSENT),
            Scenario(CONFOUNDED),
            Scenario(CONFOUNDED, variant=MOVING),
            *present(0.25, 0.5, 1.0, 2.0),
        ),
        make_guarantees,
        truths_of_guarantees,
        "shift of votes by a strong guarantee, in standard deviations of the votes' error",
        part=0.3,
    ),
)
