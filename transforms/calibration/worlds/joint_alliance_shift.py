"""Worlds for `metrics.joint_alliance_shift`: votes of real states in real sessions, thinned.

Sixty states, of which eighteen are allies at some time, and twenty sessions are taken evenly from
the published build: who was a member, who was whose ally when, how many roll calls were unpopular
and popular (at most forty a session), how many votes each state cast. Which states differs from
world to world. Their votes are drawn: latent z = slope · (θ + how far the state is drawn) + ε with
an ideal point that walks from session to session, two cutpoints, and a popularity that is as
bimodal as that of real roll calls (most unpopular ones have hardly any support). What the model
leaves out is in the worlds, too: on unpopular votes a state is off its ideal point by an amount of
its own that lasts for good, and by another that lasts a few sessions; and all allies as one by
an amount of each roll call's own.

* absent: allies are states like others; an alliance does nothing;
* confounded: states that are ever allies are closer to the hegemon on all votes;
* confounded, variant `moving`: besides, those that join later came closer in the years before;
* present: as confounded, and an alliance moves votes by `size` on unpopular roll calls.

The truth is δ, which the worlds are drawn with; on the scale of agreement it is 0 without one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from scipy.special import ndtri

from transforms.calibration.scenario import (
    ABSENT,
    CONFOUNDED,
    Family,
    Measured,
    Scenario,
    Tables,
    Values,
    present,
)
from transforms.choices import CAST
from transforms.metrics.exchange.allies import with_status
from transforms.metrics.joint_shift.joint_alliance_shift import TIER, rows_of
from transforms.metrics.joint_shift.shift_votes import classified

LEADER = 2
N_STATES, N_EVER_ALLIED, N_SESSIONS = 60, 18, 20
MOST_ROLL_CALLS, FEWEST_VOTES = 40, 10
FIRST_SD, MOVE_VARIANCE = 2.2, 0.05
ALLIES_CLOSER, CAME_CLOSER, YEARS_BEFORE = 2.0, 2.0, 8
LASTING_SD, PASSING_SD, PASSING_SESSIONS, OF_ROLL_CALL_SD = 0.6, 0.6, 5, 0.3
SLOPES = (0.2, 1.0)
ABSTENTION_WIDTH = (0.3, 1.2)
MOVING = "moving"
SUPPORT = "hegemon_support"


def make_sides(scenario: Scenario, rng: np.random.Generator, real: Tables) -> Tables:
    """A world: the leader's votes as sides, and the dates of entry behind the clusters."""
    calendar, members = _graph(real, rng)
    ccodes, sessions = members["ccode"].unique().sort(), calendar["session"]
    shape = (len(ccodes), len(sessions))
    row = np.searchsorted(ccodes.to_numpy(), members["ccode"].to_numpy())
    column = np.searchsorted(sessions.to_numpy(), members["session"].to_numpy())
    turnout, is_ally = np.zeros(shape), np.zeros(shape, bool)
    turnout[row, column] = members["turnout"].to_numpy()
    is_ally[row, column] = members["is_ally"].to_numpy()
    is_ever = np.isin(ccodes.to_numpy(), members.filter("is_ever")["ccode"].to_numpy())
    theta = _ideal_points(scenario, sessions.to_numpy(), is_ally, is_ever, rng)
    passing = sessions.to_numpy() // PASSING_SESSIONS
    _, block = np.unique(passing, return_inverse=True)
    lasting = rng.normal(0, LASTING_SD, (shape[0], 1))
    own = lasting + rng.normal(0, PASSING_SD, (shape[0], int(block.max()) + 1))[:, block]
    drawn = own + scenario.size * is_ally
    assembly = _Assembly(ccodes.to_numpy(), turnout, is_ally, ~is_ever, theta, drawn)
    sides = pl.concat(_session(assembly, calendar, place, rng) for place in range(calendar.height))
    return {"sides": classified(sides), "ally_tier": real["ally_tier"]}


def _graph(real: Tables, rng: np.random.Generator) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Sessions with their roll calls, and members with their turnout and status."""
    of_leader = real[SUPPORT].filter(
        pl.col("ccode_hegemon") == LEADER, pl.col("vote_class").is_in(["popular", "unpopular"])
    )
    counts = (
        of_leader.group_by("session", "vote_class")
        .agg(pl.col("n_roll_calls").first())
        .pivot("vote_class", index="session", values="n_roll_calls")
        .sort("session")
        .filter(pl.min_horizontal("popular", "unpopular") >= 2)
    )
    places = np.unique(np.linspace(0, counts.height - 1, N_SESSIONS).round().astype(np.int64))
    n = pl.col("popular") + pl.col("unpopular")
    calendar = counts[places].with_columns((MOST_ROLL_CALLS / n).clip(0, 1).alias("kept"))
    cast = of_leader.group_by("ccode", "session").agg(
        (pl.col("n_votes_of_class").sum() / pl.col("n_roll_calls").sum()).alias("turnout"),
        pl.col("n_votes_of_class").sum().alias("n_votes"),
    )
    members = with_status(
        cast.filter(pl.col("n_votes") >= FEWEST_VOTES).join(calendar, on="session", how="semi"),
        real["ally_tier"],
        leader=LEADER,
        tier=TIER,
    ).drop_nulls("is_ally")
    tied = (pl.col("ccode_hegemon") == LEADER) & pl.col(f"tier_{TIER}")
    ever = real["ally_tier"].filter(tied)["ccode"].unique()
    members = members.with_columns(pl.col("ccode").is_in(ever.implode()).alias("is_ever"))
    chosen: list[int] = []
    for is_ever, n_states in ((True, N_EVER_ALLIED), (False, N_STATES - N_EVER_ALLIED)):
        codes = members.filter(pl.col("is_ever") == is_ever)["ccode"].unique().sort().to_numpy()
        chosen += rng.permutation(codes)[:n_states].tolist()
    return calendar, members.filter(pl.col("ccode").is_in(chosen)).sort("ccode", "session")


def _ideal_points(
    scenario: Scenario, sessions: Values, is_ally: Values, is_ever: Values, rng: np.random.Generator
) -> Values:
    """Ideal points, states × sessions."""
    shape = is_ally.shape
    moves = rng.standard_normal(shape) * np.sqrt(
        MOVE_VARIANCE * np.diff(sessions, prepend=sessions[0])
    )
    theta = rng.normal(0, FIRST_SD, (shape[0], 1)) + np.cumsum(moves, axis=1)
    if scenario.kind != ABSENT:
        theta = theta + ALLIES_CLOSER * is_ever[:, None]
    if scenario.variant == MOVING:
        first = np.where(is_ally.any(axis=1), sessions[is_ally.argmax(axis=1)], 0)
        is_early = sessions[None, :] < (first - YEARS_BEFORE)[:, None]
        theta = theta - CAME_CLOSER * is_early
    return theta


@dataclass(frozen=True)
class _Assembly:
    """States of a world; arrays are states × sessions, but for the codes and `is_never`.

    Attributes:
        ccodes: COW codes.
        turnout: Share of roll calls on which a state voted; 0: no member.
        is_ally: Whether it was an ally.
        is_never: Whether it never is.
        theta: Ideal points.
        drawn: How far it is drawn to the hegemon's side on unpopular roll calls.
    """

    ccodes: Values
    turnout: Values
    is_ally: Values
    is_never: Values
    theta: Values
    drawn: Values


def _session(
    states: _Assembly, calendar: pl.DataFrame, place: int, rng: np.random.Generator
) -> pl.DataFrame:
    """Votes on the roll calls of one session."""
    about = calendar.row(place, named=True)
    n_unpopular, n_popular = (
        max(1, round(about[name] * about["kept"])) for name in ("unpopular", "popular")
    )
    n = n_unpopular + n_popular
    unpopular = np.arange(n) < n_unpopular
    slope = rng.uniform(*SLOPES, n)
    is_ally, turnout = states.is_ally[:, [place]], states.turnout[:, [place]]
    drawn = states.drawn[:, [place]] + rng.normal(0, OF_ROLL_CALL_SD, n) * is_ally
    mean = slope * states.theta[:, [place]] + unpopular * drawn
    latent = mean + rng.standard_normal(mean.shape)
    # Share of never-allied states with the leader: below .05 for half of the unpopular ones.
    support = 0.5 * rng.beta(0.4, 1.6, n)
    share = np.clip(np.where(unpopular, support, 1 - support), 0.01, 0.99)
    pool = mean[(turnout[:, 0] > 0) & states.is_never]
    with_leader = pool.mean(axis=0) + np.sqrt(pool.var(axis=0) + 1) * ndtri(1 - share)
    against = with_leader - rng.uniform(*ABSTENTION_WIDTH, n)
    choice = np.where(latent < against, 0, np.where(latent < with_leader, 1, 2))
    at, on = np.nonzero(rng.random(mean.shape) < turnout)
    return pl.DataFrame(
        {
            "rcid": (about["session"] * 1000 + on).astype(np.int32),
            "ccode": states.ccodes[at],
            "session": np.full(len(at), about["session"], np.int16),
            "choice": np.array(CAST[::-1])[choice[at, on]],
            "is_with": choice[at, on] == len(CAST) - 1,
            "is_ally": states.is_ally[at, place],
            "is_never_ally": states.is_never[at],
        }
    )


def measure(tables: Tables) -> list[Measured]:
    """The shipped estimator's rows, as tests of C2a."""
    rows = rows_of(tables["sides"], tables["ally_tier"], LEADER)
    return [
        Measured(
            "C2a",
            f"joint_shift: {row['scale']}",
            row.get("estimate"),
            row.get("ci_low"),
            row.get("ci_high"),
        )
        for row in rows
    ]


def truths(scenario: Scenario, _real: Tables) -> Mapping[str, Mapping[str, float]]:
    """δ; and its effect on agreement where that is 0."""
    known: dict[str, Any] = {"joint_shift: latent": scenario.size}
    if scenario.size == 0:
        known["joint_shift: agreement"] = 0.0
    return {"C2a": known}


FAMILIES = (
    Family(
        "joint_shift",
        ("C2a",),
        (
            Scenario(ABSENT),
            Scenario(CONFOUNDED),
            Scenario(CONFOUNDED, variant=MOVING),
            *present(0.5, 1.0),
        ),
        make_sides,
        truths,
        "shift of allies' unpopular votes, in standard deviations of the votes' error",
        part=0.2,
        edition=2,
        reads=("metrics.hegemon_support", "marts.ally_tier"),
        measure=measure,
    ),
)
