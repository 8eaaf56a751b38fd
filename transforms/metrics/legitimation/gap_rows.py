"""Rows of `metrics.legitimation_gap` as arrays, one subset, class and scale at a time."""

from dataclasses import dataclass, fields, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.inference.two_way_effects import Floats, Labels
from transforms.metrics.legitimation.panel import Bools

LAST_OF_COLD_WAR = 45
"""Session of 1990."""

OUTCOMES = {"share": "gap", "logit": "gap_logit", "level": "agreement_unpopular"}
WEIGHTS = {"share": "weight", "logit": "weight", "level": "n_unpopular"}


@dataclass(frozen=True)
class GapRows:
    """State-sessions, ascending by session and state.

    Attributes:
        ccode: State.
        session: Session.
        is_ally: Whether it was a core ally in the session's year.
        outcome: g, its logit, or Λ of the unpopular votes.
        weights: Weight of the row.
        cluster: Wave of accession, or the state.
        region: Region of the state.
    """

    ccode: NDArray[np.int64]
    session: NDArray[np.int64]
    is_ally: Bools
    outcome: Floats
    weights: Floats
    cluster: Labels
    region: Labels

    def where(self, kept: Bools) -> "GapRows":
        """Some of the rows."""
        values = {field.name: getattr(self, field.name)[kept] for field in fields(self)}
        return replace(self, **values)

    @property
    def state_era(self) -> NDArray[np.int64]:
        """State before and since the end of the Cold War."""
        eras: NDArray[np.int64] = 2 * self.ccode + (self.session > LAST_OF_COLD_WAR)
        return eras

    @property
    def region_session(self) -> Labels:
        """Session of the state's region."""
        regions = np.unique(self.region, return_inverse=True)[1]
        return regions * (int(self.session.max(initial=0)) + 1) + self.session

    @property
    def first(self) -> NDArray[np.int64]:
        """First session of each row's state as an ally; 0 for a state that never is one."""
        first = {
            int(ccode): int(self.session[self.is_ally & (self.ccode == ccode)].min())
            for ccode in np.unique(self.ccode[self.is_ally])
        }
        return np.array([first.get(int(ccode), 0) for ccode in self.ccode], np.int64)

    def states(self, kept: Bools | None = None) -> int:
        """Number of states with rows."""
        return len(np.unique(self.ccode if kept is None else self.ccode[kept]))

    def switchers(self) -> int:
        """States with rows as an ally and rows as none."""
        return len(np.intersect1d(self.ccode[self.is_ally], self.ccode[~self.is_ally]))


def n_roll_calls(gaps: pl.DataFrame, *, leader: int, vote_subset: str, control_class: str) -> int:
    """Roll calls of the scarcer class behind the gaps, over all sessions.

    Args:
        gaps: `metrics.legitimation_gap`.
        leader: COW code.
        vote_subset: Of the votes.
        control_class: Of the control votes.
    """
    rows = gaps.filter(
        pl.col("leader") == leader,
        pl.col("vote_subset") == vote_subset,
        pl.col("control_class") == control_class,
        pl.col("gap").is_not_null(),
    )
    counts = ("n_unpopular", "n_control")
    most = rows.group_by("session").agg(pl.col(name).max() for name in counts)
    return min(int(most[name].sum()) for name in counts)


def gap_rows(
    gaps: pl.DataFrame,
    regions: pl.DataFrame,
    *,
    leader: int,
    vote_subset: str,
    control_class: str,
    scale: str,
) -> GapRows:
    """Arranges the rows that have an outcome and a known status.

    Args:
        gaps: `metrics.legitimation_gap`.
        regions: State to region (ccode, region).
        leader: COW code.
        vote_subset: Of the votes.
        control_class: Of the control votes.
        scale: share, logit or level.
    """
    rows = (
        gaps.filter(
            pl.col("leader") == leader,
            pl.col("vote_subset") == vote_subset,
            pl.col("control_class") == control_class,
            pl.col(OUTCOMES[scale]).is_not_null(),
            pl.col("is_ally").is_not_null(),
        )
        .join(regions, on="ccode", how="left", validate="m:1")
        .sort("session", "ccode")
    )
    return GapRows(
        rows["ccode"].cast(pl.Int64).to_numpy(),
        rows["session"].cast(pl.Int64).to_numpy(),
        rows["is_ally"].to_numpy().astype(bool),
        rows[OUTCOMES[scale]].to_numpy().astype(np.float64),
        rows[WEIGHTS[scale]].cast(pl.Float64).to_numpy().astype(np.float64),
        rows["cluster"].to_numpy().astype(str),
        rows["region"].fill_null("").to_numpy().astype(str),
    )
