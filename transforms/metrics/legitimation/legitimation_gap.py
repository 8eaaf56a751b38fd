"""`metrics.legitimation_gap`: agreement with a leader on unpopular votes minus that on others.

For a roll call v on which the leader h votes yes or no, and another state i that votes:

* a_iv = 1 − |x_iv − x_hv| / 2 (1 with the leader, ½ where i abstains, 0 against it);
* σ_v^(−i): the share of the states that were never core allies of h, i left out, that vote like h,
  abstainers in the denominator; with fewer than ten of them the vote counts for i nowhere. Allies
  are left out so that a vote is not popular because they make it so;
* Λ_U: mean of a_iv over unpopular votes (σ < ½) of a session; Λ_C: over control votes, which are
  `popular` (σ ≥ ½), `consensual` (σ ≥ .8) or `contested` (½ ≤ σ < .8);
* g = Λ_U − Λ_C, weight n_U·n_C / (n_U + n_C), the inverse of its variance up to a factor.
  `gap_logit`: logit of Λ_U minus that of Λ_C, each with ½ added to both counts, since Λ_C near 1
  leaves allies no room above the others.

g takes out what makes a state side with h on all votes of a session. Session 19 is left out (one
roll call). Votes are final ones, each ballot once, of sovereign states.

| vote_subset | unpopular votes | control votes | least number of each |
|---|---|---|---|
| all | all | all | 10; contested: 3 |
| important | named by the State Department | named by it | 3 |
| important_unpopular | named by it | all | 3 and 10 |
| hegemon_specific | no other Western permanent member (but i) votes like h | all | 10 |
| us_opposed | the United States votes the opposite of h | the same | 1 |

With ten important votes of each kind no state has a session, so three are the least, as for
contested votes. `us_opposed` is for the United Kingdom and France: where the United States is on
their side, its allies' support says nothing of theirs; allies are those of the United States.

g is in [−1, 1]. NULL below the least number of either (`n_below_min`).
"""

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.metrics.claims.leaders import leaders_with_dated_allies
from transforms.metrics.exchange.allies import core_waves, with_cluster
from transforms.metrics.legitimation.estimators import LOGIT_CONTINUITY
from transforms.metrics.legitimation.gap_subsets import (
    CONTROLS,
    LEAST_CONTESTED,
    OF_PLACEBO,
    SUBSETS,
    subsets_of,
)
from transforms.metrics.legitimation.hegemon_support import (
    UNPOPULAR_BELOW,
    VOTE_SET,
    WESTERN_PERMANENT_MEMBERS,
    decided_votes,
    important_rcids,
    share,
)
from transforms.metrics.legitimation.panel import USA, status_of
from transforms.rollcall_matrix import (
    NO,
    SessionBallots,
    by_session,
    vote_set_rcids,
)
from transforms.step_result import StepResult

TABLE = "metrics.legitimation_gap"
ORDER = ["leader", "vote_subset", "control_class", "session", "ccode"]

PLACEBO_LEADERS = (200, 220)
SESSION_LEFT_OUT = 19
LEAST_JUDGES = 10
"""States that were never allies, behind σ."""

Bools = NDArray[np.bool_]


def build_legitimation_gap(
    *, votes: pl.DataFrame, roll_calls: pl.DataFrame, ally_tier: pl.DataFrame
) -> StepResult:
    """Compares each state's agreement on unpopular and on control votes, by session.

    Args:
        votes: `core.votes` (rcid, ccode, choice, is_sovereign).
        roll_calls: `core.roll_calls` (rcid, session, in_final_only, is_important,
            importance_basis).
        ally_tier: `marts.ally_tier` (ccode_hegemon, ccode, year, tier_core, in_force_from).

    Returns:
        One row per leader, state, session, subset and class of control votes in which the state
        voted at all. Nothing is lost.
    """
    sessions = sessions_of(votes, roll_calls)
    tables = [
        *(
            gaps_of_leader(sessions, roll_calls, ally_tier, leader, leader)
            for leader in leaders_with_dated_allies(ally_tier)
        ),
        *(gaps_of_leader(sessions, roll_calls, ally_tier, code, USA) for code in PLACEBO_LEADERS),
    ]
    return StepResult({TABLE: pl.concat(tables).sort(ORDER)})


def sessions_of(votes: pl.DataFrame, roll_calls: pl.DataFrame) -> list[SessionBallots]:
    """Votes of sovereign states by session, without the one of a single roll call."""
    found = by_session(votes.filter("is_sovereign"), roll_calls)
    return [ballots for ballots in found if ballots.session != SESSION_LEFT_OUT]


def gaps_of_leader(
    sessions: Sequence[SessionBallots],
    roll_calls: pl.DataFrame,
    ally_tier: pl.DataFrame,
    leader: int,
    protector: int,
    *,
    unpopular_below: float = UNPOPULAR_BELOW,
    least: tuple[int, int] | None = None,
) -> pl.DataFrame:
    """The rows of one leader.

    Args:
        sessions: From `sessions_of`.
        roll_calls: `core.roll_calls`.
        ally_tier: `marts.ally_tier`.
        leader: COW code.
        protector: Whose allies are compared: the leader itself, or for a placebo another state.
        unpopular_below: σ below which a vote is unpopular, and from which it is popular.
        least: Least number of unpopular and of control votes; None: as in `SUBSETS`.
    """
    chosen = vote_set_rcids(roll_calls, f"{VOTE_SET}_with_unanimous")
    important = important_rcids(roll_calls)
    ever_allies = frozenset(core_waves(ally_tier, protector))
    parts = [
        part
        for ballots in sessions
        for part in _session_rows(
            ballots,
            chosen,
            important,
            leader,
            protector,
            ever_allies=ever_allies,
            unpopular_below=unpopular_below,
        )
    ]
    rows = pl.concat(parts).with_columns(pl.lit(leader, pl.Int16).alias("leader"))
    clustered = with_cluster(rows, ally_tier, leader=protector)
    return _with_status(clustered, ally_tier, protector, least)


def _session_rows(
    ballots: SessionBallots,
    chosen: frozenset[int],
    important: frozenset[int],
    leader: int,
    protector: int,
    *,
    ever_allies: frozenset[int],
    unpopular_below: float,
) -> Iterator[pl.DataFrame]:
    """Counts and sums of one session, by subset and class."""
    others, own, rcids, ccodes = decided_votes(ballots, chosen, leader)
    if not rcids:
        return
    voted = others <= NO
    gap = np.abs(others - own)
    same = voted & (gap == 0)
    agreement = np.where(voted, 1 - gap / 2, 0.0)
    # where allies of the United States are compared, it is neither judge nor compared
    is_protector = (ccodes == protector) & (protector != leader)
    judges = voted & ~(np.isin(ccodes, list(ever_allies)) | is_protector)[:, None]
    n_judges = judges.sum(axis=0) - judges
    n_with = (same & judges).sum(axis=0) - (same & judges)
    sigma = np.where(n_judges >= LEAST_JUDGES, share(n_with, n_judges), np.nan)
    unpopular = voted & (sigma < unpopular_below)
    named = np.array([rcid in important for rcid in rcids], bool)
    at = ccodes == USA
    opposed = (gap[at] == 2).any(axis=0) if at.any() else np.zeros(len(rcids), bool)
    western = same & np.isin(ccodes, WESTERN_PERMANENT_MEMBERS)[:, None]
    alone = western.sum(axis=0) - western == 0
    everything = np.ones(len(rcids), bool)
    kept: dict[str, tuple[Bools, Bools]] = {
        "all": (everything, everything),
        "important": (named, named),
        "important_unpopular": (named, everything),
        "hegemon_specific": (alone, everything),
        "us_opposed": (opposed, opposed),
    }
    for name in subsets_of(leader) if protector == leader else OF_PLACEBO:
        of_unpopular, of_control = kept[name]
        for control in SUBSETS[name].controls:
            low, below = CONTROLS[control]
            low = unpopular_below if low == UNPOPULAR_BELOW else low
            first = unpopular & of_unpopular
            second = voted & (sigma >= low) & (sigma < below) & of_control
            counts = {
                "n_unpopular": first.sum(axis=1),
                "n_control": second.sum(axis=1),
                "with_unpopular": (agreement * first).sum(axis=1),
                "with_control": (agreement * second).sum(axis=1),
            }
            listed = (counts["n_unpopular"] + counts["n_control"] > 0) & ~is_protector
            yield pl.DataFrame(
                {
                    "ccode": ccodes[listed].astype(np.int16),
                    "session": np.full(listed.sum(), ballots.session, np.int16),
                    **{key: values[listed] for key, values in counts.items()},
                }
            ).with_columns(
                pl.lit(name).alias("vote_subset"), pl.lit(control).alias("control_class")
            )


def _with_status(
    rows: pl.DataFrame,
    ally_tier: pl.DataFrame,
    leader: int,
    least_asked: tuple[int, int] | None,
) -> pl.DataFrame:
    """Adds means, gaps and ally status."""
    ccodes = rows["ccode"].unique().sort().to_numpy()
    sessions = rows["session"].unique().sort().to_numpy()
    status = status_of(ally_tier, leader, "core", ccodes, sessions)
    own = status[
        np.searchsorted(ccodes, rows["ccode"].to_numpy()),
        np.searchsorted(sessions, rows["session"].to_numpy()),
    ]
    least = [
        least_asked
        if least_asked
        else (LEAST_CONTESTED, LEAST_CONTESTED)
        if (name, control) == ("all", "contested")
        else SUBSETS[name].least
        for name, control in rows.select("vote_subset", "control_class").iter_rows()
    ]
    n, m = pl.col("n_unpopular"), pl.col("n_control")
    enough = (n >= pl.Series([a for a, _ in least])) & (m >= pl.Series([b for _, b in least]))
    first, second = pl.col("agreement_unpopular"), pl.col("agreement_control")
    logits = [
        ((total + LOGIT_CONTINUITY) / (count - total + LOGIT_CONTINUITY)).log()
        for total, count in ((pl.col("with_unpopular"), n), (pl.col("with_control"), m))
    ]
    return (
        rows.with_columns(
            pl.Series("is_ally", own == 1).set(pl.Series(own < 0), None),
            (pl.col("with_unpopular") / n).fill_nan(None).alias("agreement_unpopular"),
            (pl.col("with_control") / m).fill_nan(None).alias("agreement_control"),
            enough.alias("enough"),
        )
        .with_columns(
            pl.when("enough").then(first - second).alias("gap"),
            pl.when("enough").then(logits[0] - logits[1]).alias("gap_logit"),
            pl.when("enough").then(n * m / (n + m)).alias("weight"),
            pl.when(~pl.col("enough")).then(pl.lit("n_below_min")).alias("null_reason"),
        )
        .select(
            "leader",
            "ccode",
            "session",
            "vote_subset",
            "control_class",
            "is_ally",
            "cluster",
            pl.col("n_unpopular", "n_control").cast(pl.Int32),
            "agreement_unpopular",
            "agreement_control",
            "gap",
            "gap_logit",
            "weight",
            "null_reason",
        )
    )
