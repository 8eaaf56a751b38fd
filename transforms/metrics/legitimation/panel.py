"""One hegemon's support and allies as arrays, states × sessions.

The premium of every tier, class and range of sessions is computed from sums over these arrays.
Counts are whole numbers and halves, so their sums are exact in any order.
"""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.contingency_tables import Floats
from transforms.metrics.legitimation.hegemon_support import MIN_VOTES, VOTE_CLASSES
from transforms.rollcall_matrix import SESSION_OFFSET

Bools = NDArray[np.bool_]

USA = 2
CROSS_TIERS = ("us_core", "us_atop")
CROSS_HEGEMONS = (200, 220)


@dataclass(frozen=True)
class Panel:
    """Support of one hegemon.

    Attributes:
        hegemon: COW code.
        ccodes: States, ascending; the hegemon is none of them.
        sessions: Sessions, ascending.
        is_listed: Whether the state voted at all, states × sessions.
        n_votes: Class to votes, states × sessions.
        total: Class to summed agreement.
        n_roll_calls: Class to roll calls per session.
        status: Tier to 1 ally, 0 other, −1 not known, states × sessions.
    """

    hegemon: int
    ccodes: NDArray[np.int16]
    sessions: NDArray[np.int16]
    is_listed: Bools
    n_votes: dict[str, Floats]
    total: dict[str, Floats]
    n_roll_calls: dict[str, NDArray[np.int64]]
    status: dict[str, NDArray[np.int8]]

    def between(self, first: int, last: int) -> "Panel":
        """The same panel over a range of sessions, all states kept."""
        chosen = (self.sessions >= first) & (self.sessions <= last)
        return replace(
            self,
            sessions=self.sessions[chosen],
            is_listed=self.is_listed[:, chosen],
            n_votes={name: values[:, chosen] for name, values in self.n_votes.items()},
            total={name: values[:, chosen] for name, values in self.total.items()},
            n_roll_calls={name: values[chosen] for name, values in self.n_roll_calls.items()},
            status={tier: values[:, chosen] for tier, values in self.status.items()},
        )


def tiers_of(hegemon: int) -> tuple[str, ...]:
    """The tiers of a hegemon: its own, and those of the United States as placebo."""
    if hegemon == USA:
        return ("core", "treaty", "atop", "guarantee")
    return ("atop", *CROSS_TIERS) if hegemon in CROSS_HEGEMONS else ("atop",)


def panel_of(support: pl.DataFrame, ally_tier: pl.DataFrame, hegemon: int) -> Panel:
    """Arranges the support of one hegemon.

    Args:
        support: `metrics.hegemon_support`.
        ally_tier: `marts.ally_tier` (ccode_hegemon, ccode, year, tier_core, tier_treaty,
            tier_atop, tier_guarantee). A state that has no row in a year that the table covers
            is no ally; a year without any value in a tier is outside its coverage; a state
            whose own value is NULL counts on neither side.
        hegemon: COW code.
    """
    rows = support.filter(pl.col("ccode_hegemon") == hegemon)
    ccodes = rows["ccode"].unique().sort().to_numpy()
    sessions = support["session"].unique().sort().to_numpy()
    shape = (len(ccodes), len(sessions))
    is_listed = np.zeros(shape, bool)
    n_votes, total, n_roll_calls = {}, {}, {}
    for name in VOTE_CLASSES:
        of_class = rows.filter(pl.col("vote_class") == name)
        at = np.searchsorted(ccodes, of_class["ccode"].to_numpy())
        on = np.searchsorted(sessions, of_class["session"].to_numpy())
        is_listed[at, on] = True
        n_votes[name], total[name] = np.zeros(shape), np.zeros(shape)
        n_votes[name][at, on] = of_class["n_votes_of_class"].to_numpy()
        agreed = of_class["n_with_hegemon"] + of_class["n_abstained"] / 2
        total[name][at, on] = agreed.to_numpy()
        n_roll_calls[name] = np.zeros(len(sessions), np.int64)
        n_roll_calls[name][on] = of_class["n_roll_calls"].to_numpy()
    status = {
        tier: status_of(ally_tier, hegemon, tier, ccodes, sessions) for tier in tiers_of(hegemon)
    }
    return Panel(hegemon, ccodes, sessions, is_listed, n_votes, total, n_roll_calls, status)


def status_of(
    ally_tier: pl.DataFrame,
    hegemon: int,
    tier: str,
    ccodes: NDArray[np.int16],
    sessions: NDArray[np.int16],
) -> NDArray[np.int8]:
    """1 ally, 0 other, −1 not known, states × sessions, read at year = session + 1945."""
    leader = USA if tier in CROSS_TIERS else hegemon
    column = f"tier_{tier.removeprefix('us_')}"
    years = (sessions.astype(np.int64) + SESSION_OFFSET).tolist()
    rows = ally_tier.filter(pl.col("ccode_hegemon") == leader, pl.col("year").is_in(years)).select(
        "ccode", "year", pl.col(column).alias("is_ally")
    )
    covered = rows.group_by("year").agg(pl.col("is_ally").is_not_null().any())
    is_covered = dict(covered.iter_rows())
    known = {year: is_covered.get(year, False) for year in years}
    status = np.zeros((len(ccodes), len(sessions)), np.int8)
    status[:, [not known[year] for year in years]] = -1
    rows = rows.filter(pl.col("ccode").is_in(ccodes.tolist()))
    at = np.searchsorted(ccodes, rows["ccode"].to_numpy())
    on = np.searchsorted(np.array(years), rows["year"].to_numpy())
    value = rows["is_ally"].cast(pl.Int8).fill_null(-1).to_numpy()
    covered_rows = np.array([known[year] for year in rows["year"].to_list()], bool)
    status[at[covered_rows], on[covered_rows]] = value[covered_rows]
    if leader != hegemon:  # the leader itself is neither its own ally nor one of the others
        status[ccodes == leader] = -1
    return status


def mean_where(n_votes: Floats, total: Floats, where: Bools) -> Floats:
    """Mean per state over some of its sessions; NaN below `MIN_VOTES`."""
    n, agreed = (n_votes * where).sum(axis=1), (total * where).sum(axis=1)
    mean: Floats = np.full(len(n), np.nan)
    np.divide(agreed, n, out=mean, where=n >= MIN_VOTES)
    return mean
