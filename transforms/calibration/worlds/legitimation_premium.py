"""Worlds for C2a (`metrics.legitimation_premium`): votes from an ordinal spatial model.

Sixty states in five regions vote in 16 sessions, half of them before 1991. A state with ideal
point θ votes yes, abstains or votes no on a roll call as slope · θ + ε falls below its first
cutpoint, between the two, or above the second (Bailey, Strezhnev and Voeten 2017); the hegemon is
far to one side. On roll calls that it loses, an alliance in force adds `size` to that sum, in
standard deviations of ε. A third of the core allies joins late; the Rio and Compact tiers are
small. The United Kingdom and France have allies of their own, to whom nothing is added.

* absent: allies are states like others, and their votes too;
* confounded: allies are chosen among the states close to the hegemon; alliance does nothing;
* confounded, variant `moving`: besides, those that join late came closer before they joined;
* present: allies are chosen as in confounded, and alliance moves votes.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

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
from transforms.metrics.legitimation.hegemon_support import HEGEMONS, build_hegemon_support
from transforms.metrics.legitimation.hegemon_support import TABLE as SUPPORT
from transforms.metrics.legitimation.legitimation_premium import SCHEMA, compare
from transforms.metrics.legitimation.outside_ideal_point import estimate_outside
from transforms.rollcall_matrix import SESSION_OFFSET

SESSIONS = (32, 34, 36, 38, 40, 42, 44, 45, 46, 48, 50, 54, 58, 62, 66, 70)
ROLL_CALLS, UNPOPULAR_SHARE, ABSENT_SHARE = 40, 0.6, 0.05
N_STATES, N_CORE, N_LATE, N_RIO, N_COMPACT = 60, 16, 6, 6, 3
CHOICE_SD = 0.8
JOINED = 54  # session from which the late allies are allies
CAME_CLOSER = 46
POWERS = (2, 200, 220, 365, 710)
REGIONS = ("americas", "europe", "sub_saharan_africa", "middle_east_north_africa", "asia_pacific")
MOVING = "moving"
COMPARED = HEGEMONS[:3]  # the United States, and the placebos that a falsifier reads


def make_assembly(scenario: Scenario, rng: np.random.Generator) -> Tables:
    """A world for C2a."""
    ccodes = np.array([*POWERS, *range(801, 801 + N_STATES - len(POWERS))], np.int16)
    theta, tier = _states(scenario, rng)
    is_ally = (tier == 1)[:, None] | ((tier == 2)[:, None] & (np.array(SESSIONS) >= JOINED))
    votes, roll_calls = draw_votes(ccodes, theta, scenario.size * is_ally, rng)
    ally_tier = _ally_tier(ccodes, tier, is_ally, rng)
    states = pl.DataFrame(
        {"ccode": ccodes, "region": [REGIONS[k % len(REGIONS)] for k in range(N_STATES)]}
    )
    support = build_hegemon_support(votes=votes, roll_calls=roll_calls).tables[SUPPORT]
    n = len(HEGEMONS)
    outside = pl.concat(
        estimate_outside(chunk=k, n_chunks=n, votes=votes, roll_calls=roll_calls)
        for k in range(len(COMPARED))
    )
    premium = pl.concat(
        compare(
            chunk=k,
            n_chunks=n,
            hegemon_support=support,
            outside_ideal_point=outside,
            ally_tier=ally_tier,
            states=states,
        )
        for k in range(len(COMPARED))
    ).select(list(SCHEMA))
    return {"legitimation_premium": premium}


def _states(scenario: Scenario, rng: np.random.Generator) -> tuple[Values, Values]:
    """Ideal points, states × sessions, and ties: 1 core, 2 late core, 3 Rio, 4 Compact, 0 none."""
    n_others = N_STATES - len(POWERS)
    level = rng.normal(-0.3, 0.8, n_others)
    # Chosen by closeness with an error, so that some others are as close as the allies.
    closeness = level * (scenario.kind != ABSENT) + rng.normal(0.0, CHOICE_SD, n_others)
    level = level[np.argsort(-closeness)]
    tier = np.zeros(N_STATES, np.int64)
    bounds = np.cumsum([N_CORE - N_LATE - 2, N_LATE, N_RIO, N_COMPACT])
    places = np.arange(n_others)
    tier[len(POWERS) :] = np.select([places < b for b in bounds], [1, 2, 3, 4], 0)
    tier[[1, 2]] = 1
    at = np.concatenate([[2.6, 1.3, 1.0, -1.4, -0.9], level])
    drift = np.cumsum(rng.normal(0.0, 0.05, (N_STATES, len(SESSIONS))), axis=1)
    theta = at[:, None] + drift
    if scenario.variant == MOVING:
        early = np.array(SESSIONS) < CAME_CLOSER
        theta[tier == 2] -= 1.5 * early
    return theta, tier


def draw_votes(
    ccodes: Values, theta: Values, moved: Values, rng: np.random.Generator
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Draws votes of `SESSIONS`; the first state is the hegemon.

    Args:
        ccodes: Codes of the states.
        theta: Ideal points, states × sessions.
        moved: What draws a state to the hegemon's side where it loses, states × sessions.
        rng: Random numbers.

    Returns:
        `core.votes` and `core.roll_calls`, in the columns that the steps read.
    """
    n_states = len(ccodes)
    on = np.repeat(np.arange(len(SESSIONS)), ROLL_CALLS)
    n = len(on)
    unpopular = rng.random(n) < UNPOPULAR_SHARE
    slope = rng.uniform(0.8, 1.8, n)
    # The median θ says yes in either case; the hegemon says no where the roll call is unpopular.
    cut = np.where(unpopular, rng.uniform(0.2, 1.6, n), rng.uniform(0.6, 1.8, n)) * slope
    pull = np.where(unpopular, 1.0, -1.0) * slope * theta[:, on]
    pull = pull + moved[:, on] * unpopular
    latent = pull + rng.standard_normal((n_states, n))
    choice = np.where(latent < cut, 0, np.where(latent < cut + 0.4, 1, 2))
    choice = np.where(rng.random(choice.shape) < ABSENT_SHARE, 3, choice)
    words = np.array(["yes", "abstain", "no", "absent"])
    rcid = np.arange(1, n + 1).astype(np.int32)
    session = np.array(SESSIONS, np.int16)[on]
    votes = pl.DataFrame(
        {
            "rcid": np.tile(rcid, n_states),
            "ccode": np.repeat(ccodes, n),
            "session": np.tile(session, n_states),
            "choice": words[choice].ravel(),
            "is_sovereign": True,
        }
    )
    roll_calls = pl.DataFrame(
        {
            "rcid": rcid,
            "session": session,
            "vote_date": [date(SESSION_OFFSET + int(s), 11, 1) for s in session],
            "in_final_only": True,
            "is_unanimous": [bool((c == c[0]).all()) for c in choice.T],
            "is_important": rng.random(n) < 0.2,
            "importance_basis": "coded",
        }
    )
    return votes, roll_calls


def _ally_tier(
    ccodes: Values, tier: Values, is_ally: Values, rng: np.random.Generator
) -> pl.DataFrame:
    """The hegemon's tiers by session; eight allies of the United Kingdom and of France each."""
    rows: list[tuple[Any, ...]] = []
    for power in COMPARED[1:]:
        near = [int(c) for c in rng.permutation(ccodes[5:])[:8]]
        rows += [
            (power, c, SESSION_OFFSET + s, None, None, c in near, None)
            for c in ccodes.tolist()
            for s in SESSIONS
            if c != power
        ]
    for place, c in enumerate(ccodes.tolist()):
        if place == 0:
            continue
        for at, s in enumerate(SESSIONS):
            core = bool(is_ally[place, at])
            treaty = core or tier[place] == 3
            flags = (core, bool(treaty), bool(treaty), bool(treaty or tier[place] == 4))
            rows.append((2, c, SESSION_OFFSET + s, *flags))
    names = ("ccode_hegemon", "ccode", "year")
    tiers = ("tier_core", "tier_treaty", "tier_atop", "tier_guarantee")
    schema = {**dict.fromkeys(names, pl.Int16), **dict.fromkeys(tiers, pl.Boolean)}
    return pl.DataFrame(rows, schema=schema, orient="row")


def truths_of_assembly(scenario: Scenario) -> Mapping[str, Mapping[str, float]]:
    """Without an effect and a cause of bias, every estimator's truth is 0."""
    if scenario.kind != ABSENT:
        names: tuple[str, ...] = ()
        if scenario.kind == CONFOUNDED and scenario.variant != MOVING:
            names = ("LP3: United States, core, unpopular", "LP4: United States, core, unpopular")
    else:
        names = tuple(f"LP{k}: United States, core, unpopular" for k in (1, 3, 4))
        names += ("LP2: United States, core, hegemon_specific",)
    return {"C2a": dict.fromkeys((f"{name}, whole" for name in names), 0.0)}


FAMILIES = (
    Family(
        "assembly",
        ("C2a",),
        (
            Scenario(ABSENT),
            Scenario(CONFOUNDED),
            Scenario(CONFOUNDED, variant=MOVING),
            *present(0.25, 0.5, 1.0),
        ),
        make_assembly,
        truths_of_assembly,
        "shift of allies' votes towards the hegemon, in standard deviations of the votes' error",
        part=0.2,
    ),
)
