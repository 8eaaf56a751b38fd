"""`metrics.ideal_point` and `metrics.ideal_point_distance`: by state, session and vote set.

`metrics.ideal_point`: one row per state, session and vote set in which the state was a UN
member. `ideal_point` is on a scale of mean 0 and standard deviation 1 over the state-sessions
of sovereign states, positive towards the United States; unbounded, in practice −3 to 5. Modules
`model` and `fit` of this folder have the model and its estimator. Rules:

* Session 19 (one roll call), Zanzibar (511, two votes) and South Africa in session 48 (one
  vote after 19 years) are left out, as Bailey, Strezhnev and Voeten do.
* Roll calls without variation are left out; a roll call on which one of yes, abstain and no is
  missing has one cutpoint.
* The ideal point of a state with fewer than 5 votes in a session rests mostly on the neighbouring
  sessions (`is_weak`); a state that never voted has none: it was absent (`absent_all`), its
  votes are not known (`no_row`), or nobody could vote for it (`seat_disputed`).
* A gap of g sessions widens a state's random walk to ω²·g. Germany (260, 255) and other
  successors are separate states.
* States that were not sovereign (`is_sovereign` false) vote like any other; they only do not
  define the scale.

`ideal_point_se` is the standard error given the items (`standard_errors.conditional_se`).

`metrics.ideal_point_distance`: distance = |θ_i − θ_j| ≥ 0 of two states in one session, with
distance_se = √(se_i² + se_j²). Worked example: θ = 1.5 (se 0.3) and θ = −0.5 (se 0.4) are 2.0
apart, with a standard error of 0.5. Both tables keep six decimals.

The published series is in columns of its own: another estimate (calendar years, final-passage
votes, bounded posterior means), joined by year = session + 1945.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from transforms.choices import ABSENT, CAST, COUNTED_AS_MEMBER, NO_ROW, SEAT_DISPUTED
from transforms.metrics.ideal_points.fit import Settings, fit_ideal_points
from transforms.metrics.ideal_points.standard_errors import conditional_se
from transforms.metrics.ideal_points.vote_arrays import Floats, VotingRecord, voting_record
from transforms.rollcall_matrix import SESSION_OFFSET
from transforms.rollcall_matrix import VOTE_SETS as VOTE_SET_COLUMNS
from transforms.step_result import LOSS_SCHEMA, StepResult, count_losses

POINTS = "metrics.ideal_point"
DISTANCES = "metrics.ideal_point_distance"

VOTE_SETS: Mapping[str, pl.Expr] = {
    name: VOTE_SET_COLUMNS[name] for name in ("final_only", "all_recorded")
}
WEAK_BELOW = 5
"""Votes below which an ideal point rests mostly on the neighbouring sessions."""

DECIMALS = 6
"""Decimals kept: far finer than the tolerance, coarser than what processors differ in."""

_CHOICE = pl.col("choice").cast(pl.String)
_CAST = _CHOICE.is_in(CAST)
_LEFT_OUT = (
    pl.when(pl.col("session").is_null())
    .then(pl.lit("emergency_session"))
    .when(pl.col("session") == 19)
    .then(pl.lit("single_roll_call_session"))
    .when(pl.col("ccode") == 511)
    .then(pl.lit("zanzibar_two_votes"))
    .when((pl.col("ccode") == 560) & (pl.col("session") == 48) & _CAST)
    .then(pl.lit("south_africa_one_vote"))
    .when(pl.col("is_unanimous"))
    .then(pl.lit("unanimous_roll_call"))
)


def build_ideal_points(
    *,
    votes: pl.DataFrame,
    roll_calls: pl.DataFrame,
    ideal_points_published: pl.DataFrame,
    bridged_resolutions: pl.DataFrame | None = None,
    vote_sets: Sequence[str] = tuple(VOTE_SETS),
    settings: Settings | None = None,
) -> StepResult:
    """Estimates ideal points and measures their distances.

    Args:
        votes: `core.votes` (rcid, ccode, session, choice, is_sovereign).
        roll_calls: `core.roll_calls` (rcid, in_final_only, in_all_recorded, is_unanimous).
        ideal_points_published: `core.ideal_points_published`.
        bridged_resolutions: Roll calls that are taken to be on one text and so share slope
            and cutpoints across sessions (rcid, item); by default none are.
        vote_sets: Keys of `VOTE_SETS`.
        settings: How to estimate.

    Returns:
        `metrics.ideal_point` and `metrics.ideal_point_distance`. Votes that are left out are
        in the losses, by reason.

    Raises:
        ValueError: A vote belongs to no roll call, or the United States never votes.
    """
    settings = settings or Settings()
    seen = _with_roll_calls(votes, roll_calls)
    lost = seen.filter(_CAST & pl.col("reason").is_not_null())
    kept = seen.filter(pl.col("reason").is_null() | (pl.col("reason") == "unanimous_roll_call"))
    points = pl.concat(
        [
            _estimate(kept.filter(VOTE_SETS[name]), settings, bridged_resolutions).with_columns(
                pl.lit(name).alias("vote_set")
            )
            for name in vote_sets
        ]
    )
    points = _with_published(points, ideal_points_published)
    losses = count_losses(
        lost, from_table="core.votes", to_table=POINTS, key=["rcid", "ccode"]
    ).select(LOSS_SCHEMA.keys())
    return StepResult({POINTS: points, DISTANCES: ideal_point_distances(points)}, losses)


def _with_roll_calls(votes: pl.DataFrame, roll_calls: pl.DataFrame) -> pl.DataFrame:
    """Rows of UN members, with the vote sets and the reason to leave them out."""
    of_roll_call = roll_calls.select("rcid", "in_final_only", "in_all_recorded", "is_unanimous")
    seen = (
        votes.filter(_CHOICE.is_in(COUNTED_AS_MEMBER))
        .select("rcid", "ccode", "session", "choice", "is_sovereign")
        .join(of_roll_call, on="rcid", how="left", validate="m:1")
    )
    orphans = seen.filter(pl.col("in_final_only").is_null())
    if not orphans.is_empty():
        row = orphans.sort("rcid", "ccode").row(0, named=True)
        raise ValueError(
            f"core.votes: the vote of {row['ccode']} on rcid {row['rcid']} belongs to no roll call"
            f" ({orphans.height} such rows); check core.roll_calls and core.votes of this build"
        )
    return seen.with_columns(_LEFT_OUT.alias("reason"))


def _estimate(seen: pl.DataFrame, settings: Settings, bridges: pl.DataFrame | None) -> pl.DataFrame:
    """Ideal points of one vote set, and rows without one for members that never voted."""
    why_none = (
        pl.when((_CHOICE == SEAT_DISPUTED).all())
        .then(pl.lit("seat_disputed"))
        .when((_CHOICE == NO_ROW).any() & ~(_CHOICE == ABSENT).any())
        .then(pl.lit("no_row"))
        .otherwise(pl.lit("absent_all"))
    )
    members = seen.group_by("ccode", "session").agg(
        pl.col("is_sovereign").any(), why_none.alias("why_none")
    )
    record = voting_record(seen, bridges)
    fit = fit_ideal_points(record, settings)
    estimates = pl.DataFrame(
        {
            "ccode": record.ccode,
            "session": record.session,
            "ideal_point": fit.theta.round(DECIMALS),
            "ideal_point_se": conditional_se(record, fit, settings).round(DECIMALS),
            "n_votes": record.n_votes,
        }
    )
    return members.join(
        estimates, on=["ccode", "session"], how="left", validate="1:1"
    ).with_columns(pl.col("n_votes").fill_null(0).cast(pl.Int16))


def _with_published(points: pl.DataFrame, published: pl.DataFrame) -> pl.DataFrame:
    year = (pl.col("session").cast(pl.Int16) + SESSION_OFFSET).cast(pl.Int16)
    series = published.select("ccode", "year", "ideal_point_published", "published_release")
    return (
        points.with_columns(year.alias("year"))
        .join(series, on=["ccode", "year"], how="left", validate="m:1")
        .select(
            "ccode",
            "session",
            "vote_set",
            "year",
            "ideal_point",
            "ideal_point_se",
            "n_votes",
            (pl.col("n_votes") < WEAK_BELOW).alias("is_weak"),
            "is_sovereign",
            "ideal_point_published",
            "published_release",
            pl.when(pl.col("ideal_point").is_null()).then("why_none").alias("null_reason"),
        )
        .sort("ccode", "session", "vote_set")
    )


def ideal_point_distances(points: pl.DataFrame) -> pl.DataFrame:
    """Distances of all pairs of states in a session.

    Args:
        points: `metrics.ideal_point`.

    Returns:
        One row per (ccode1 < ccode2, session, vote_set); `n_votes_fewer` are the votes of the
        state that has fewer. Where one has no ideal point, the distance is NULL, and the reason
        is that of the first that has none.
    """
    parts = []
    ordered = points.sort("vote_set", "session", "ccode")
    for (vote_set, session), group in ordered.group_by("vote_set", "session", maintain_order=True):
        i, j = np.triu_indices(group.height, 1)
        theta, se = (_floats(group, c) for c in ("ideal_point", "ideal_point_se"))
        n_votes, ccode = group["n_votes"].to_numpy(), group["ccode"].to_numpy()
        why = group["null_reason"]
        pair = {
            "ccode1": ccode[i],
            "ccode2": ccode[j],
            "distance": np.abs(theta[i] - theta[j]).round(DECIMALS),
            "distance_se": np.sqrt(se[i] ** 2 + se[j] ** 2).round(DECIMALS),
            "n_votes_fewer": np.minimum(n_votes[i], n_votes[j]),
            "why1": why.gather(i),
            "why2": why.gather(j),
        }
        parts.append(
            pl.DataFrame(pair).with_columns(
                pl.lit(session, pl.Int16).alias("session"), pl.lit(vote_set).alias("vote_set")
            )
        )
    distance = pl.col("distance", "distance_se").fill_nan(None)
    return (
        pl.concat(parts)
        .with_columns(distance)
        .select(
            "ccode1",
            "ccode2",
            "session",
            "vote_set",
            "distance",
            "distance_se",
            "n_votes_fewer",
            pl.coalesce("why1", "why2").alias("null_reason"),
        )
    )


def _floats(frame: pl.DataFrame, column: str) -> Floats:
    values: Floats = frame[column].fill_null(float("nan")).to_numpy()
    return values


def record_of(
    votes: pl.DataFrame,
    roll_calls: pl.DataFrame,
    vote_set: str,
    bridged_resolutions: pl.DataFrame | None = None,
) -> VotingRecord:
    """The votes of a vote set that ideal points are estimated from.

    Args:
        votes: `core.votes`.
        roll_calls: `core.roll_calls`.
        vote_set: Key of `VOTE_SETS`.
        bridged_resolutions: As in `build_ideal_points`.

    Raises:
        KeyError: There is no such vote set.
        ValueError: A vote belongs to no roll call.
    """
    seen = _with_roll_calls(votes, roll_calls)
    counts = pl.col("reason").is_null() | (pl.col("reason") == "unanimous_roll_call")
    return voting_record(seen.filter(counts & VOTE_SETS[vote_set]), bridged_resolutions)
