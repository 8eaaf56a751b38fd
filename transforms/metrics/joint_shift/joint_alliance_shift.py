"""`metrics.joint_alliance_shift`: how far an alliance shifts votes on unpopular items.

Ideal points, items and the shift are estimated in one model (`shift_model`), so the interval holds
what is not known of states' preferences. Two scales: `latent`, δ in standard deviations of a vote's
error, and `agreement`, the average change of the allies' expected agreement on unpopular votes
(1 with the leader, ½ abstaining, 0 against it), in [−1, 1].

Sample: final votes on which the leader said yes or no, of sovereign states, without session 19 (one
roll call). Ally: tier core on any day of the year session + 1945. Popular votes (at least half of
the never-allied voted with the leader) are what preferences are told by beside the states' own
past; as in any comparison of two classes, an alliance is taken to do nothing on them. Reference:
Bailey, Strezhnev and Voeten 2017 (JCR 61: 430-456) for the model without a shift.

NULL: `few_allies`, `few_clusters` or `few_roll_calls` (of either class) below what
`transforms.metrics.claims.leaders` asks of any leader; `n_below_min` with fewer than three others
or no roll call that divides the states; `not_converged` where the fit did not settle or clusters
leave no error.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from transforms.choices import CAST
from transforms.inference.cluster_jackknife import t_interval
from transforms.metrics.claims.cell_tables import Row, estimate_row, estimates_frame
from transforms.metrics.claims.leaders import leaders_with_dated_allies, too_few
from transforms.metrics.exchange.allies import with_cluster, with_status
from transforms.metrics.joint_shift.shift_errors import ShiftEstimate, estimate_shift
from transforms.metrics.joint_shift.shift_votes import ShiftVotes, classified, shift_votes
from transforms.step_result import StepResult

TABLE = "metrics.joint_alliance_shift"
TIER = "core"
WINDOWS: Mapping[str, tuple[int, int]] = {"whole": (1, 999)}
"""Name to first and last session. Each range takes ten to twenty-five seconds of processor."""

MIN_OTHERS = 3

_SESSION_OF_ONE_ROLL_CALL = 19
_NUMBER = pl.Float64
_KEY = {"window_name": pl.String, "scale": pl.String}
_MORE = {
    **{"n_states": pl.Int16, "n_allies": pl.Int16, "n_switchers": pl.Int16},
    **{"n_unpopular": pl.Int32, "n_popular": pl.Int32},
    "shift_sd": _NUMBER,
}


def build_joint_alliance_shift(
    *,
    votes: pl.DataFrame,
    roll_calls: pl.DataFrame,
    ally_tier: pl.DataFrame,
) -> StepResult:
    """Estimates the shift for each leader and range of sessions.

    Args:
        votes: `core.votes` (rcid, ccode, session, choice, is_sovereign).
        roll_calls: `core.roll_calls` (rcid, in_final_only).
        ally_tier: `marts.ally_tier`.

    Returns:
        `metrics.joint_alliance_shift`.
    """
    rows: list[Row] = []
    for leader in leaders_with_dated_allies(ally_tier):
        sides = sides_of(votes, roll_calls, ally_tier, leader)
        for window, (first, last) in WINDOWS.items():
            chosen = sides.filter(pl.col("session").is_between(first, last))
            key = {"leader": leader, "window_name": window}
            rows += [{**key, **row} for row in rows_of(chosen, ally_tier, leader)]
    return StepResult({TABLE: estimates_frame(rows, _KEY, _MORE)})


def sides_of(
    votes: pl.DataFrame, roll_calls: pl.DataFrame, ally_tier: pl.DataFrame, leader: int
) -> pl.DataFrame:
    """The other states' votes on what the leader decided on, classified.

    Args:
        votes: `core.votes`.
        roll_calls: `core.roll_calls`.
        ally_tier: `marts.ally_tier`.
        leader: COW code.

    Returns:
        rcid, ccode, session, choice, is_with, is_ally, is_never_ally, is_unpopular.
    """
    choice = pl.col("choice").cast(pl.String)
    of_leader = votes.filter(pl.col("ccode") == leader, choice.is_in(["yes", "no"]))
    decided = of_leader.select("rcid", choice.alias("of_leader"))
    final = roll_calls.filter("in_final_only").select("rcid")
    cast = (
        votes.filter(
            "is_sovereign",
            pl.col("ccode") != leader,
            choice.is_in(CAST),
            pl.col("session").is_not_null() & (pl.col("session") != _SESSION_OF_ONE_ROLL_CALL),
        )
        .join(final, on="rcid", how="semi")
        .join(decided, on="rcid", how="inner", validate="m:1")
        .select(
            "rcid",
            "ccode",
            pl.col("session").cast(pl.Int16),
            choice.alias("choice"),
            (choice == pl.col("of_leader")).alias("is_with"),
        )
    )
    is_tied = (pl.col("ccode_hegemon") == leader) & pl.col(f"tier_{TIER}")
    ever = ally_tier.filter(is_tied)["ccode"].unique()
    status = with_status(cast, ally_tier, leader=leader, tier=TIER).drop_nulls("is_ally")
    never = ~pl.col("ccode").is_in(ever.implode())
    return classified(status.with_columns(never.alias("is_never_ally")))


def rows_of(sides: pl.DataFrame, ally_tier: pl.DataFrame, leader: int) -> list[Row]:
    """The rows of one range of sessions: both scales.

    Args:
        sides: Its votes, as `sides_of` gives them.
        ally_tier: `marts.ally_tier`.
        leader: COW code.
    """
    votes = shift_votes(sides)
    if votes is None:
        return [{"scale": scale, "null_reason": "n_below_min"} for scale in ("latent", "agreement")]
    states = with_cluster(pl.DataFrame({"ccode": votes.states}), ally_tier, leader=leader)
    names, cluster = np.unique(states["cluster"].to_numpy(), return_inverse=True)
    counts = _counts(votes)
    reason = _too_few(votes, states, counts)
    found = estimate_shift(votes, cluster) if reason is None else None
    if found is None:
        known = {**counts, "n": len(votes.unit), "n_clusters": len(names)}
        row = {**known, "null_reason": reason or "not_converged"}
        return [{"scale": scale, **row} for scale in ("latent", "agreement")]
    return [
        {"scale": scale, **counts, **row}
        for scale, row in _estimates(found, len(votes.unit), len(names)).items()
    ]


def _estimates(found: ShiftEstimate, n: int, n_clusters: int) -> dict[str, Row]:
    parts = {
        "latent": (found.fit.point.delta, found.std_error),
        "agreement": (found.agreement, found.agreement_error),
    }
    return {
        scale: {
            "shift_sd": float(np.sqrt(found.fit.point.shift_variance)),
            **estimate_row(
                estimate,
                t_interval(estimate, std_error, found.degrees_of_freedom),
                n,
                n_clusters,
                "cluster_t",
            ),
        }
        for scale, (estimate, std_error) in parts.items()
    }


def _counts(votes: ShiftVotes) -> dict[str, Any]:
    as_ally = votes.by_state(votes.is_ally.astype(np.float64)) > 0
    as_other = votes.by_state((~votes.is_ally).astype(np.float64)) > 0
    n_unpopular = int(votes.is_unpopular.sum())
    return {
        "n_states": len(votes.states),
        "n_allies": int(as_ally.sum()),
        "n_switchers": int((as_ally & as_other).sum()),
        "n_unpopular": n_unpopular,
        "n_popular": len(votes.is_unpopular) - n_unpopular,
    }


def _too_few(votes: ShiftVotes, states: pl.DataFrame, counts: Mapping[str, int]) -> str | None:
    """Why the estimate could say nothing, whatever it were."""
    allies = states.filter(pl.Series(votes.group == 1))
    n_items = min(counts["n_unpopular"], counts["n_popular"])
    reason = too_few(allies["ccode"].to_list(), allies["cluster"].unique().to_list(), n_items)
    if reason is None and allies.height > len(votes.states) - MIN_OTHERS:
        return "n_below_min"
    return reason
