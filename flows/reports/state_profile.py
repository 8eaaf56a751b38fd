"""What is known of one state, gathered from the frames of a build or of the bundle."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from flows.reports.state_named import State

USA = 2
DRAWN = (2, 365)
"""Leaders with whom a small chart is drawn."""
Row = Mapping[str, Any]


@dataclass(frozen=True)
class StateProfile:
    """One state.

    Attributes:
        state: The state.
        vote_class: Class of votes, of `agreement.VOTE_CLASSES`.
        region: World region.
        leaders: COW code to name of each leader, the state itself left out.
        periods: Rows of `agreement_by_period`, all leaders.
        sessions: Rows of `agreement_by_session`, all leaders.
        ties: Spells of `tier_spells`, by leader and first year.
        treaties: Rows of `treaties`.
        changes: Leader to its row of `largest_changes`.
        ranks: Leader to the newest row of `ranks`.
        coalitions: Rows of `coalitions`.
        ideal_points: The newest, of the state and of the leaders, by COW code.
        membership: Rows of `un_members`, by first day.
    """

    state: State
    vote_class: str
    region: str
    leaders: Mapping[int, str]
    periods: pl.DataFrame
    sessions: pl.DataFrame
    ties: pl.DataFrame
    treaties: pl.DataFrame
    changes: Mapping[int, Row]
    ranks: Mapping[int, Row]
    coalitions: pl.DataFrame
    ideal_points: Mapping[int, Row]
    membership: pl.DataFrame


def profile_of(state: State, vote_class: str, frame: Callable[[str], pl.DataFrame]) -> StateProfile:
    """Gathers what the frames have on a state.

    Args:
        state: The state.
        vote_class: Class of votes.
        frame: Name of a frame to the frame.
    """

    def own(name: str) -> pl.DataFrame:
        rows = frame(name).filter(pl.col("ccode") == state.ccode)
        is_class = pl.col("vote_class") == vote_class
        return rows.filter(is_class) if "vote_class" in rows.columns else rows

    leaders = {r["leader"]: r["name"] for r in frame("leaders").iter_rows(named=True)}
    points = frame("ideal_points")
    newest = points.filter(pl.col("ccode") == state.ccode)["year"].max()
    shown = points.filter(
        pl.col("year").eq_missing(newest), pl.col("ccode").is_in([state.ccode, *leaders])
    )
    order = pl.col("leader").replace_strict({code: i for i, code in enumerate(leaders)})
    return StateProfile(
        state=state,
        vote_class=vote_class,
        region=own("states")["region"].item() or "",
        leaders={code: name for code, name in leaders.items() if code != state.ccode},
        periods=own("agreement_by_period"),
        sessions=own("agreement_by_session").sort("leader", "year"),
        ties=own("tier_spells").sort(order, "year_from", maintain_order=True),
        treaties=own("treaties"),
        changes={r["leader"]: r for r in own("largest_changes").iter_rows(named=True)},
        ranks={
            r["leader"]: r
            for r in own("ranks").sort("year").unique("leader", keep="last").iter_rows(named=True)
        },
        coalitions=own("coalitions"),
        ideal_points={r["ccode"]: r for r in shown.iter_rows(named=True)},
        membership=own("un_members").sort("valid_from"),
    )


def rows_of(profile: StateProfile, origin: str) -> pl.DataFrame:
    """A profile for programs: agreement with each leader by period and by session.

    Args:
        profile: The state.
        origin: Which build it is of, in a column of its own.
    """
    parts = [
        profile.periods.with_columns(unit=pl.lit("period")),
        profile.sessions.with_columns(
            unit=pl.lit("session"), year_from=pl.col("year"), year_to=pl.col("year")
        ),
    ]
    names = pl.col("leader").replace_strict(profile.leaders, default=None, return_dtype=pl.String)
    columns = ["unit", "period", "session", "year_from", "year_to", "vote_class", "n_votes"]
    columns += ["n_with", "n_abstained", "agreement", "ci_low", "ci_high", "interval_basis"]
    return pl.concat(parts, how="diagonal_relaxed").select(
        "ccode",
        pl.lit(profile.state.name).alias("state_name"),
        "leader",
        names.alias("leader_name"),
        *columns,
        "null_reason",
        pl.lit(origin).alias("origin"),
    )
