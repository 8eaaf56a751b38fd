"""`metrics.hegemon_support`: agreement of states with a hegemon, by class of roll call.

For a roll call v on which the hegemon h votes yes or no, and a state i that votes (yes, abstain
or no, x = 1, 2, 3):

* agreement a_iv = 1 − |x_iv − x_hv| / 2: 1 with the hegemon, ½ where i abstains, 0 against it;
* support without i, σ_v^(−i): the share of the other voting states (neither h nor i) that
  voted like h, abstainers in the denominator;
* class of v for i: `unpopular` σ < ½, `popular` σ ≥ ½; parts of unpopular are
  `unpopular_third` σ < 1/3, `isolated` σ < 1/10, and `hegemon_specific`, on which no other Western
  permanent member (2, 200, 220) voted like h. Leaving i out keeps a state's own vote from moving
  a roll call into its class; `hegemon_specific_loo` does so for those members too, whose
  agreement on `hegemon_specific` is ½ at most by construction. `important`: named so in the State
  Department's reports, whatever its support, session 50 left out, where too many are named;
* Λ_i = the mean of a_iv over the class, in [0, 1], NULL below ten votes.

Votes of states that were not sovereign count nowhere: leave them out beforehand. Unanimous roll
calls count: unlike a measure of similarity, support is about how often the hegemon wins.

Check values, the United States, final votes, 1946-59, 1960-74, 1975-90, 1991-2000, 2001-08 and
2009-15: .285 .484 .735 .715 .866 .776 of its yes and no votes are unpopular, .005 .137 .577 .536
.636 .528 have σ ≤ 1/10.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.contingency_tables import Floats
from transforms.rollcall_matrix import NO, YES, SessionBallots, by_session, vote_set_rcids
from transforms.step_result import StepResult

TABLE = "metrics.hegemon_support"

HEGEMONS = (2, 200, 220, 365, 710)
"""United States, United Kingdom, France, Soviet Union and Russia, China."""

VOTE_SET = "final_only"
WESTERN_PERMANENT_MEMBERS = (2, 200, 220)

UNPOPULAR_BELOW = 1 / 2  # share of other voting states
THIRD = 1 / 3
ISOLATED_BELOW = 1 / 10
VOTE_CLASSES = (
    "unpopular",
    "popular",
    "isolated",
    "unpopular_third",
    "hegemon_specific",
    "hegemon_specific_loo",
    "important",
)

FORMER_NAME = "n_half_with_hegemon"
"""Of `n_abstained`; the alias goes with the next release."""

MIN_VOTES = 10
"""Votes of a class that a state needs for its Λ."""


@dataclass(frozen=True)
class Support:
    """Votes of the states of one session compared with the hegemon's, in one class of roll calls.

    Attributes:
        ccodes: States other than the hegemon, ascending.
        n_votes: The state's votes in the class.
        n_with: Of them, those like the hegemon's.
        n_abstained: Of them, abstentions.
        mean_agreement: Λ per state; NaN below `MIN_VOTES`.
        n_roll_calls: Roll calls of the class, by the support among all other states.
    """

    ccodes: NDArray[np.int16]
    n_votes: NDArray[np.int64]
    n_with: NDArray[np.int64]
    n_abstained: NDArray[np.int64]
    mean_agreement: Floats
    n_roll_calls: int


def build_hegemon_support(*, votes: pl.DataFrame, roll_calls: pl.DataFrame) -> StepResult:
    """Counts each state's votes with each hegemon, by session and class of roll call.

    Args:
        votes: `core.votes` (rcid, ccode, choice, is_sovereign).
        roll_calls: `core.roll_calls` (rcid, session, in_final_only, is_important,
            importance_basis).

    Returns:
        `metrics.hegemon_support`: for each hegemon and session all other states that voted in it.
    """
    chosen = vote_set_rcids(roll_calls, f"{VOTE_SET}_with_unanimous")
    important = important_rcids(roll_calls)
    parts = [
        (hegemon, ballots.session, name, found)
        for ballots in by_session(votes.filter("is_sovereign"), roll_calls)
        for hegemon in HEGEMONS
        for name, found in support(ballots, chosen, hegemon, important).items()
    ]
    return StepResult({TABLE: _table(parts)})


def _table(parts: Sequence[tuple[int, int, str, "Support"]]) -> pl.DataFrame:
    found = [part[3] for part in parts]
    repeats = np.array([len(one.ccodes) for one in found])
    mean = np.concatenate([one.mean_agreement for one in found])
    return pl.DataFrame(
        {
            "ccode_hegemon": np.repeat(np.array([p[0] for p in parts], np.int16), repeats),
            "ccode": np.concatenate([one.ccodes for one in found]),
            "session": np.repeat(np.array([p[1] for p in parts], np.int16), repeats),
            "vote_set": pl.repeat(VOTE_SET, len(mean), eager=True),
            "vote_class": pl.Series([p[2] for p in parts]).gather(
                np.repeat(np.arange(len(parts)), repeats)
            ),
            "n_votes_of_class": np.concatenate([one.n_votes for one in found]).astype(np.int32),
            "n_with_hegemon": np.concatenate([one.n_with for one in found]).astype(np.int32),
            "n_abstained": np.concatenate([one.n_abstained for one in found]).astype(np.int32),
            "mean_agreement": mean,
            "n_roll_calls": np.repeat(
                np.array([one.n_roll_calls for one in found], np.int32), repeats
            ),
        }
    ).with_columns(
        pl.col("n_abstained").alias(FORMER_NAME),
        pl.col("mean_agreement").fill_nan(None),
        pl.when(pl.col("mean_agreement").is_nan()).then(pl.lit("n_below_min")).alias("null_reason"),
    )


def important_rcids(roll_calls: pl.DataFrame) -> frozenset[int]:
    """Important votes; none of session 50, in which too many are named."""
    is_named = pl.col("is_important") & (pl.col("importance_basis") != "coded_suspect")
    return frozenset(roll_calls.filter(is_named)["rcid"].to_list())


def support(
    ballots: SessionBallots,
    roll_calls: frozenset[int],
    hegemon: int,
    important: frozenset[int] = frozenset(),
) -> dict[str, Support]:
    """Each state's agreement with the hegemon, by class of roll call.

    Args:
        ballots: One session's votes of sovereign states.
        roll_calls: Roll calls that count.
        hegemon: COW code; when it cast no vote, no class has a roll call.
        important: Roll calls of the class `important`.

    Returns:
        `VOTE_CLASSES` to the counts and Λ per state.
    """
    others, own, rcids, ccodes = decided_votes(ballots, roll_calls, hegemon)
    voted = others <= NO
    gap = np.abs(others - own) * voted
    same = voted & (gap == 0)
    classes = vote_classes(ccodes, voted, same, np.array([r in important for r in rcids], bool))
    found = {}
    for name, (of_state, of_roll_call) in classes.items():
        counted = voted & of_state
        n, n_with = counted.sum(axis=1), (same & counted).sum(axis=1)
        n_abstained = (counted & (gap == 1)).sum(axis=1)
        total = n_with + n_abstained / 2  # halves: exact
        found[name] = Support(
            ccodes=ccodes,
            n_votes=n,
            n_with=n_with,
            n_abstained=n_abstained,
            mean_agreement=np.where(n >= MIN_VOTES, total / np.maximum(n, 1), np.nan),
            n_roll_calls=int(of_roll_call.sum()),
        )
    return found


def decided_votes(
    ballots: SessionBallots, roll_calls: frozenset[int], hegemon: int
) -> tuple[NDArray[np.int8], NDArray[np.int8], list[int], NDArray[np.int16]]:
    """Votes of the others and of the hegemon on roll calls on which it said yes or no.

    Returns:
        Choices of the others (states × roll calls), of the hegemon, rcids, and the others' codes.
    """
    choices = ballots.columns(roll_calls)
    is_hegemon = ballots.ccodes == hegemon
    # The empty first row is for a hegemon that never voted: no roll call is decided by it.
    own = np.vstack([np.zeros((1, choices.shape[1]), np.int8), choices[is_hegemon]])[-1]
    decided = (own == YES) | (own == NO)
    counted = [rcid for rcid in ballots.rcids.tolist() if rcid in roll_calls]
    rcids = [rcid for rcid, is_decided in zip(counted, decided, strict=True) if is_decided]
    return choices[~is_hegemon][:, decided], own[decided], rcids, ballots.ccodes[~is_hegemon]


def share_without_own(voted: NDArray[np.bool_], same: NDArray[np.bool_]) -> Floats:
    """σ_v^(−i), states × roll calls; NaN where no other state votes."""
    return share(same.sum(axis=0) - same, voted.sum(axis=0) - voted)


def vote_classes(
    ccodes: NDArray[np.int16],
    voted: NDArray[np.bool_],
    same: NDArray[np.bool_],
    is_important: NDArray[np.bool_],
) -> dict[str, tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
    """Class to membership: per state and roll call, and per roll call with all states."""
    without_own = share_without_own(voted, same)
    whole = share(same.sum(axis=0), voted.sum(axis=0))
    western = np.isin(ccodes, WESTERN_PERMANENT_MEMBERS)
    n_western = same[western].sum(axis=0)
    # a Western member is not counted among the other Western members
    n_other_western = n_western - same * western[:, None]
    alone, alone_but_for_own = n_western == 0, n_other_western == 0
    unpopular, of_all = without_own < UNPOPULAR_BELOW, whole < UNPOPULAR_BELOW
    return {
        "unpopular": (unpopular, of_all),
        "popular": (without_own >= UNPOPULAR_BELOW, whole >= UNPOPULAR_BELOW),
        "isolated": (without_own < ISOLATED_BELOW, whole < ISOLATED_BELOW),
        "unpopular_third": (without_own < THIRD, whole < THIRD),
        "hegemon_specific": (unpopular & alone, of_all & alone),
        "hegemon_specific_loo": (unpopular & alone_but_for_own, of_all & alone),
        "important": (np.broadcast_to(is_important, voted.shape), is_important),
    }


def share(part: NDArray[Any], whole: NDArray[Any]) -> Floats:
    """The quotient part / whole; NaN where the denominator is 0."""
    quotient: Floats = np.full(np.shape(whole), np.nan)
    np.divide(part, whole, out=quotient, where=whole > 0)
    return quotient
