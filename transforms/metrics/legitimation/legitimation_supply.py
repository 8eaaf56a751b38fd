"""`metrics.legitimation_supply`: support beyond shared preferences, by state.

A state's residual is LP3's: its agreement with the hegemon on a class of votes that the hegemon
lost, minus what its ideal point from other votes leads one to expect, pooled over its votes of
the range. The baseline (`expected_support`) is fitted to states without a tie of any tier in the
session, so that allies of no tier are compared with themselves.

Intervals take the baseline as known. Over several sessions: sessions are the units, with their
votes as weights, and t with one degree of freedom less than there are sessions. In a single
session: votes are the units, which are ½, 1 or 0. A range that has only one session with votes of
the state has no interval.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.special import stdtrit

from transforms.contingency_tables import Floats
from transforms.metrics.claims.editions import FIRST_EDITION, with_leader_and_edition
from transforms.metrics.legitimation.expected_support import Baseline, fit_baseline
from transforms.metrics.legitimation.hegemon_support import HEGEMONS, MIN_VOTES
from transforms.metrics.legitimation.legitimation_premium import theta_of
from transforms.metrics.legitimation.panel import Bools, Panel, panel_of
from transforms.metrics.legitimation.session_windows import Window, windows
from transforms.step_result import StepResult

TABLE = "metrics.legitimation_supply"
VOTE_CLASSES = ("unpopular", "hegemon_specific")
VOTE_CLASSES_OF_SESSIONS = ("unpopular",)
TAIL = 0.975
OWN_TIERS = ("core", "treaty", "atop", "guarantee")


@dataclass(frozen=True)
class _Fitted:
    """One class of votes with its baseline.

    Attributes:
        panel: The hegemon's support.
        vote_class: Class of roll calls.
        fit: The baseline.
        tied: State-sessions with a tie of any tier.
        squares: Summed squares of agreement.
    """

    panel: Panel
    vote_class: str
    fit: Baseline
    tied: Bools
    squares: Floats


def build_legitimation_supply(
    *, hegemon_support: pl.DataFrame, outside_ideal_point: pl.DataFrame, ally_tier: pl.DataFrame
) -> StepResult:
    """Measures every state's residual, by range of sessions and by single session.

    Args:
        hegemon_support: `metrics.hegemon_support`.
        outside_ideal_point: `metrics.outside_ideal_point`.
        ally_tier: `marts.ally_tier`.

    Returns:
        `metrics.legitimation_supply`: a row per state that voted in the range.
    """
    counts = _squares(hegemon_support)
    parts = []
    for hegemon in HEGEMONS:
        panel = panel_of(hegemon_support, ally_tier, hegemon)
        theta = theta_of(outside_ideal_point, panel)
        tied = tied_to(panel)
        for vote_class in VOTE_CLASSES:
            n_votes, total = panel.n_votes[vote_class], panel.total[vote_class]
            fit = fit_baseline(n_votes, total, theta, ~tied)
            squares = _arranged(counts, panel, vote_class)
            parts += list(_rows(_Fitted(panel, vote_class, fit, tied, squares)))
    return StepResult({TABLE: with_leader_and_edition(pl.concat(parts), FIRST_EDITION)})


def tied_to(panel: Panel) -> Bools:
    """State-sessions with a tie of any of the hegemon's own tiers."""
    own = [panel.status[tier] == 1 for tier in OWN_TIERS if tier in panel.status]
    tied: Bools = np.logical_or.reduce(own)
    return tied


def _squares(support: pl.DataFrame) -> pl.DataFrame:
    """Summed squares of agreement: 1 for the same choice, ¼ for an abstention."""
    return support.select(
        "ccode_hegemon",
        "ccode",
        "session",
        "vote_class",
        (pl.col("n_with_hegemon") + pl.col("n_abstained") / 4).alias("squares"),
    )


def _arranged(squares: pl.DataFrame, panel: Panel, vote_class: str) -> Floats:
    rows = squares.filter(
        pl.col("ccode_hegemon") == panel.hegemon, pl.col("vote_class") == vote_class
    )
    arranged = np.zeros((len(panel.ccodes), len(panel.sessions)))
    at = np.searchsorted(panel.ccodes, rows["ccode"].to_numpy())
    on = np.searchsorted(panel.sessions, rows["session"].to_numpy())
    arranged[at, on] = rows["squares"].to_numpy()
    return arranged


def _rows(fitted: _Fitted) -> Iterator[pl.DataFrame]:
    sessions = fitted.panel.sessions
    ranges = list(windows(int(sessions[-1]))) if len(sessions) else []
    if fitted.vote_class in VOTE_CLASSES_OF_SESSIONS:
        ranges += [Window("session", s, s) for s in sessions.tolist()]
    for window in ranges:
        yield _window_rows(fitted, window)


def _window_rows(fitted: _Fitted, window: Window) -> pl.DataFrame:
    panel, vote_class, fit = fitted.panel, fitted.vote_class, fitted.fit
    tied, squares = fitted.tied, fitted.squares
    chosen = (panel.sessions >= window.first) & (panel.sessions <= window.last)
    n, beyond = fit.n_votes[:, chosen], fit.residual[:, chosen]
    total = np.where(n > 0, panel.total[vote_class][:, chosen], 0.0)
    n_votes = n.sum(axis=1)
    enough = n_votes >= MIN_VOTES
    divisor = np.where(enough, n_votes, np.nan)
    residual, mean = beyond.sum(axis=1) / divisor, total.sum(axis=1) / divisor
    if window.name == "session":
        half = half_width_of_votes(n[:, 0], total[:, 0], squares[:, chosen][:, 0])
    else:
        half = half_width_of_sessions(n, beyond, residual)
    half = np.where(enough, half, np.nan)
    outside = (n * fit.is_outside[:, chosen]).sum(axis=1) / divisor
    counts, sessions = n > 0, panel.sessions[chosen]
    has_any = counts.any(axis=1)
    first = sessions[counts.argmax(axis=1)]
    last = sessions[len(sessions) - 1 - counts[:, ::-1].argmax(axis=1)]
    kind = "votes" if window.name == "session" else "sessions"
    status = {tier: values[:, chosen] for tier, values in panel.status.items()}
    table = pl.DataFrame(
        {
            "ccode": panel.ccodes,
            "residual": residual,
            "ci_low": residual - half,
            "ci_high": residual + half,
            "mean_agreement": mean,
            "expected_agreement": mean - residual,
            "n_votes_of_class": n_votes.astype(np.int32),
            "session_first": pl.Series(first.astype(np.int16)).set(pl.Series(~has_any), None),
            "session_last": pl.Series(last.astype(np.int16)).set(pl.Series(~has_any), None),
            "outside_support_share": outside,
            "was_ally": _was(tied[:, chosen].astype(np.int8), counts),
            **{
                f"was_ally_{tier}": _was(status[tier], counts)
                if tier in status
                else pl.Series([None] * len(n), dtype=pl.Boolean)
                for tier in OWN_TIERS
            },
        },
        nan_to_null=True,
    )
    table = table.filter(pl.Series(panel.is_listed[:, chosen].any(axis=1)))
    return table.with_columns(
        pl.lit(panel.hegemon, pl.Int16).alias("ccode_hegemon"),
        pl.lit(window.first, pl.Int16).alias("session_from"),
        pl.lit(window.last, pl.Int16).alias("session_to"),
        pl.lit(window.name).alias("window_name"),
        pl.lit(vote_class).alias("vote_class"),
        pl.when(pl.col("ci_low").is_null())
        .then(pl.lit("none"))
        .otherwise(pl.lit(kind))
        .alias("inference"),
        pl.when(pl.col("residual").is_null()).then(pl.lit("n_below_min")).alias("null_reason"),
    )


def _was(status: np.ndarray, counts: Bools) -> pl.Series:
    """Whether a state was an ally in a session that counts; NULL where that is never known."""
    is_known = (counts & (status >= 0)).any(axis=1)
    was = (counts & (status == 1)).any(axis=1)
    return pl.Series(was).set(pl.Series(~is_known), None)


def half_width_of_sessions(n_votes: Floats, beyond: Floats, residual: Floats) -> Floats:
    """Half of the interval from how much a state's residual varies between sessions.

    The residual is the mean of the sessions' residuals with their votes as weights; its variance
    is that of a ratio, Σ (n_s (r_s − r))² / (Σ n_s)² · S / (S − 1).
    """
    n_sessions = (n_votes > 0).sum(axis=1).astype(np.float64)
    deviation = np.where(n_votes > 0, beyond - n_votes * residual[:, None], 0.0)
    freedom = np.where(n_sessions > 1, n_sessions - 1, np.nan)
    total = np.maximum(n_votes.sum(axis=1), 1)
    variance = (deviation**2).sum(axis=1) / total**2 * n_sessions / freedom
    half: Floats = stdtrit(freedom, TAIL) * np.sqrt(variance)
    return half


def half_width_of_votes(n_votes: Floats, total: Floats, squares: Floats) -> Floats:
    """Half of the interval from how much a state's agreement varies between votes."""
    n = np.where(n_votes > 1, n_votes, np.nan)
    variance = np.maximum(squares - total**2 / n, 0.0) / (n - 1)
    half: Floats = stdtrit(n - 1, TAIL) * np.sqrt(variance / n)
    return half
