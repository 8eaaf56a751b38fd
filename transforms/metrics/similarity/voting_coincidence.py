"""`metrics.voting_coincidence`: votes that coincide with the United States.

For the roll calls of a session on which both a state and the United States voted:

===================  ========================================================================
yes_no_only          same / (same + opposite), where both voted yes or no; abstentions and
                     absences are left out. The formula of the reports for 1983 to 2016.
with_abstentions     (same + ½ partial) / (same + opposite + partial); same includes both
                     abstaining, partial is one of the two abstaining. It is Lijphart's index of
                     agreement. Reports from 2017 on do not spell their formula out; this one
                     reproduces their figures and is marked as inferred.
consensus = with     adds p·C to numerator and denominator: C resolutions adopted without a
                     vote, p the state's votes (yes, no, abstain) / roll calls
===================  ========================================================================

The reports count every recorded vote in plenary, those on paragraphs and amendments too (97 in
2008, as the file has in all, against 77 final ones; Australia 2005 58.1 %, as published, against
58.2). So the headline rests on all recorded roll calls, unanimous ones included, and is NULL
(`parts_not_in_source`) in sessions whose parts the source lacks: final votes alone, in
`…_final_only`, give another figure, up to 18 points lower. The official formula is still not the
official figure: reports cover a calendar year, and a few roll calls differ.

Vote classes: all, and those that the State Department called important (sessions 38 to 72), among
which there are no votes on parts.

The Assembly's average is Σ same / Σ (same + opposite), not the mean of the states' shares; leave
out states that are not sovereign (`is_sovereign`).

References: US Department of State, Voting Practices in the United Nations, yearly; Lijphart 1963
(APSR 57: 902-917).

Example, with_abstentions: 90 same, 2 opposite, 4 partial: 92 / 96 = .958333, published as 96 %.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.metrics.similarity.recorded_votes import sessions_without_parts, with_consensus
from transforms.rollcall_matrix import (
    ABSTAIN,
    NO,
    NO_CELL,
    SessionBallots,
    by_session,
    vote_set_rcids,
    without_seat,
)
from transforms.step_result import StepResult

TABLE = "metrics.voting_coincidence"

UNITED_STATES = 2
VOTE_SET = "all_recorded"
NARROW_VOTE_SET = "final_only"
FORMULAS = ("yes_no_only", "with_abstentions")
FIRST_REPORT = 38  # session of 1983
FIRST_WITH_ABSTENTIONS = 72  # session of 2017

_SCHEMA = {
    "ccode": pl.Int16,
    "session": pl.Int16,
    "formula": pl.String,
    "vote_class": pl.String,
    "n_roll_calls": pl.Int32,
    "n_voted": pl.Int16,
    "n_same": pl.Int16,
    "n_opposite": pl.Int16,
    "n_partial": pl.Int16,
    "no_seat": pl.String,
    "is_coded": pl.Boolean,
}
KEY = ["ccode", "session", "formula", "vote_class", "consensus"]
FORMER_NAMES = {
    "n_roll_calls_all_recorded": "n_roll_calls",
    "coincidence_share_all_recorded": "coincidence_share",
}
"""Names of the last release to those of the same columns now; for one release."""
_COUNTS = ("n_roll_calls", "n_voted", "n_same", "n_opposite", "n_partial")
_OF_FINAL_VOTES = (*_COUNTS, "coincidence_share", "null_reason")
"""Columns that final votes have, too, with the suffix `_final_only`."""


def build_voting_coincidence(
    *,
    votes: pl.DataFrame,
    roll_calls: pl.DataFrame,
    states: pl.DataFrame,
    consensus_adoptions: pl.DataFrame,
) -> StepResult:
    """Compares the votes of every state with those of the United States.

    Args:
        votes: `core.votes`.
        roll_calls: `core.roll_calls`: rcid, session, in_final_only, in_all_recorded, is_important,
            is_paragraph, is_amendment.
        states: `core.states`.
        consensus_adoptions: Reference `consensus_adoptions`: session, n_consensus; consensus
            counts only in the sessions that it lists.

    Returns:
        One row per state (members of the state system in session + 1945, and whoever voted),
        session, formula, vote class and consensus. NULL shares: not_member, seat_disputed,
        out_of_coverage (important votes not coded, consensus not counted), parts_not_in_source
        (never of the shares of final votes), no_row (the source has no usable row of the state),
        absent_all, n_below_min (no joint vote that the formula counts). Nothing is lost.
    """
    important = roll_calls.filter(pl.col("is_important").fill_null(False))["rcid"].to_list()
    coded = frozenset(roll_calls.drop_nulls("is_important")["session"].to_list())
    classes = {}
    for vote_set in (VOTE_SET, NARROW_VOTE_SET):
        every = vote_set_rcids(roll_calls, f"{vote_set}_with_unanimous")
        classes[vote_set] = {"all": every, "important": every & frozenset(important)}
    blocks: dict[str, list[pl.DataFrame]] = {name: [] for name in classes}
    for ballots in by_session(votes, roll_calls, states):
        for name, rcids in classes.items():
            blocks[name] += _session_blocks(ballots, rcids, ballots.session in coded)
    counted = {
        name: with_consensus(pl.concat([pl.DataFrame(schema=_SCHEMA), *b]), consensus_adoptions)
        for name, b in blocks.items()
    }
    recorded = _judge(counted[VOTE_SET], sessions_without_parts(roll_calls))
    final = _judge(counted[NARROW_VOTE_SET], frozenset()).select(
        *KEY, *(pl.col(c).alias(f"{c}_{NARROW_VOTE_SET}") for c in _OF_FINAL_VOTES)
    )
    table = (
        recorded.join(final, on=KEY, how="left", validate="1:1")
        .join(_sovereignty(votes), on=["ccode", "session"], how="left", validate="m:1")
        .with_columns(pl.col("is_sovereign").fill_null(True), pl.lit(VOTE_SET).alias("vote_set"))
        .with_columns(pl.col(new).alias(former) for former, new in FORMER_NAMES.items())
    )
    return StepResult({TABLE: table.sort(KEY)})


def _session_blocks(
    ballots: SessionBallots, classes: Mapping[str, frozenset[int]], is_coded: bool
) -> Iterator[pl.DataFrame]:
    """One session's states, per vote class and formula."""
    is_us = ballots.ccodes == UNITED_STATES
    no_seat = without_seat(ballots.choices)
    for vote_class, rcids in classes.items():
        choices = ballots.columns(rcids)
        # The row without votes is that of the United States in sessions without them.
        own = np.vstack([np.full((1, choices.shape[1]), NO_CELL, np.int8), choices[is_us]])[-1]
        for formula in FORMULAS:
            yield pl.DataFrame(
                {
                    "ccode": ballots.ccodes[~is_us],
                    "session": ballots.session,
                    "formula": formula,
                    "vote_class": vote_class,
                    "n_roll_calls": choices.shape[1],
                    "n_voted": (choices[~is_us] <= NO).sum(axis=1),
                    **_counts(choices[~is_us], own, formula),
                    "no_seat": pl.Series(no_seat[~is_us].tolist(), dtype=pl.String),
                    "is_coded": is_coded or vote_class == "all",
                },
                schema=_SCHEMA,
                strict=False,
            )


def _counts(
    choices: NDArray[np.int8], own: NDArray[np.int8], formula: str
) -> dict[str, NDArray[np.int64]]:
    """Same, opposite and partial votes of each state."""
    joint = (choices <= NO) & (own <= NO)
    gap = np.abs(choices.astype(np.int16) - own)
    same = joint & (gap == 0)
    if formula == "yes_no_only":
        same &= own != ABSTAIN
    return {
        "n_same": same.sum(axis=1),
        "n_opposite": (joint & (gap == NO - 1)).sum(axis=1),
        "n_partial": (joint & (gap == 1)).sum(axis=1),
    }


def _sovereignty(votes: pl.DataFrame) -> pl.DataFrame:
    """State-sessions in which a vote was cast by a state that was not sovereign."""
    return votes.filter(~pl.col("is_sovereign")).select("ccode", "session", "is_sovereign").unique()


def _judge(counted: pl.DataFrame, without_parts: frozenset[int]) -> pl.DataFrame:
    """Adds share, reason and what the formula has to do with the reports.

    Args:
        counted: Votes by state, session, formula, class and consensus.
        without_parts: Sessions that have no share over all votes, for want of those on parts.
    """
    counts_partial = pl.col("formula") == "with_abstentions"
    partial = pl.when(counts_partial).then("n_partial").otherwise(0)
    weight = pl.when(pl.col("consensus") == "with").then("consensus_weight").otherwise(0.0)
    votes = pl.col("n_same") + pl.col("n_opposite") + partial
    share = (pl.col("n_same") + partial / 2 + weight) / (votes + weight)
    uncounted = (pl.col("consensus") == "with") & pl.col("consensus_weight").is_null()
    lacks_parts = (pl.col("vote_class") == "all") & pl.col("session").is_in(sorted(without_parts))
    reason = (
        pl.when(pl.col("no_seat").is_in(["not_member", "seat_disputed"]))
        .then("no_seat")
        .when(~pl.col("is_coded") | uncounted)
        .then(pl.lit("out_of_coverage"))
        .when(lacks_parts)
        .then(pl.lit("parts_not_in_source"))
        .when(pl.col("n_voted") == 0)
        .then(pl.coalesce("no_seat", pl.lit("absent_all")))
        .when(votes == 0)
        .then(pl.lit("n_below_min"))
    )
    session = pl.col("session")
    status = (
        pl.when(~counts_partial & session.is_between(FIRST_REPORT, FIRST_WITH_ABSTENTIONS - 1))
        .then(pl.lit("official"))
        .when(counts_partial & (session >= FIRST_WITH_ABSTENTIONS))
        .then(pl.lit("inferred"))
        .otherwise(pl.lit("not_in_use"))
    )
    return counted.with_columns(reason.alias("null_reason"), status.alias("formula_status")).select(
        *KEY,
        "formula_status",
        (pl.col("formula_status") == "official").alias("is_official_formula"),
        *_COUNTS,
        "n_consensus",
        "consensus_weight",
        pl.when(pl.col("null_reason").is_null()).then(share).alias("coincidence_share"),
        "null_reason",
    )
