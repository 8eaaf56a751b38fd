"""Both formulas, and the published rows that tell them apart."""

from datetime import date

import polars as pl
import pytest

from transforms.metrics.similarity.recorded_votes import with_consensus
from transforms.metrics.similarity.voting_coincidence import build_voting_coincidence
from warehouse.contracts.read import contracts

TABLE = "metrics.voting_coincidence"

# Ten rows of a report's table for 2019: votes the same, opposite, and the percentage it prints
PUBLISHED_2019 = [
    (90, 2, 96),
    (46, 13, 73),
    (53, 22, 66),
    (50, 18, 66),
    (44, 20, 65),
    (52, 25, 64),
    (47, 27, 60),
    (44, 29, 58),
    (45, 30, 58),
    (45, 29, 58),
]
RECORDED_2019 = 97


def coincidence_share(n_same: float, n_opposite: float, n_partial: float, formula: str):
    """The share by the formulas as they are stated, for published rows; None without a vote."""
    partial = n_partial if formula == "with_abstentions" else 0
    whole = n_same + n_opposite + partial
    return (n_same + partial / 2) / whole if whole else None


def test_the_example_of_the_docstring():
    assert coincidence_share(90, 2, 4, "with_abstentions") == pytest.approx(0.958333, abs=1e-6)
    assert coincidence_share(90, 2, 4, "yes_no_only") == pytest.approx(90 / 92)


@pytest.mark.parametrize(("same", "opposite", "published"), PUBLISHED_2019)
def test_abstentions_explain_the_published_rows_of_2019(same, opposite, published):
    """The rows name no partial votes; all that is left of 97, less what the state missed."""
    totals = range(same + opposite, RECORDED_2019 + 1)
    shares = [
        coincidence_share(same, opposite, n - same - opposite, "with_abstentions") for n in totals
    ]
    fitting = [
        total
        for total, share in zip(totals, shares, strict=True)
        if share is not None and round(100 * share) == published
    ]
    assert fitting
    assert max(fitting) - (same + opposite) > 0
    without = coincidence_share(same, opposite, 0, "yes_no_only")
    assert without is not None
    assert round(100 * without) != published


def test_nothing_that_counts_has_no_share():
    assert coincidence_share(0, 0, 5, "yes_no_only") is None
    assert coincidence_share(0, 0, 5, "with_abstentions") == 0.5


# --- the table ------------------------------------------------------------------------------

Y, A, N, X = "yes", "abstain", "no", "absent"
LONG_AGO, LATER = date(1900, 1, 1), date(2100, 1, 1)
NO_COUNTS: dict[str, list[int]] = {"session": [], "n_consensus": []}


def build(votes, roll_calls, consensus=NO_COUNTS, states=(), not_sovereign=()):
    """Votes by (rcid, ccode); roll calls as (rcid, session, is_final, is_important).

    What is no final vote is a vote on a paragraph.
    """
    sessions = {r[0]: r[1] for r in roll_calls}
    rows = [
        (rcid, c, sessions[rcid], choice, c not in not_sovereign)
        for (rcid, c), choice in votes.items()
    ]
    ccodes = sorted({c for _, c in votes} | set(states))
    outcome = build_voting_coincidence(
        votes=pl.DataFrame(
            rows,
            schema={
                "rcid": pl.Int32,
                "ccode": pl.Int16,
                "session": pl.Int16,
                "choice": pl.String,
                "is_sovereign": pl.Boolean,
            },
            orient="row",
        ),
        roll_calls=pl.DataFrame(
            roll_calls,
            schema={
                "rcid": pl.Int32,
                "session": pl.Int16,
                "in_final_only": pl.Boolean,
                "is_important": pl.Boolean,
            },
            orient="row",
        ).with_columns(
            is_paragraph=~pl.col("in_final_only"),
            is_amendment=pl.lit(None, pl.Boolean),
            in_all_recorded=pl.lit(True),
        ),
        states=pl.DataFrame(
            [(c, LONG_AGO, LATER) for c in ccodes],
            schema={"ccode": pl.Int16, "valid_from": pl.Date, "counts_to": pl.Date},
            orient="row",
        ),
        consensus_adoptions=pl.DataFrame(
            {k: [str(x) for x in v] for k, v in consensus.items()},
            schema=dict.fromkeys(consensus, pl.String),
        ),
    )
    assert outcome.losses.is_empty()
    return contracts()[TABLE].conform(outcome.tables[TABLE])


def one(table, ccode, formula="yes_no_only", vote_class="all", consensus="without"):
    key = {"formula": formula, "vote_class": vote_class, "consensus": consensus}
    return table.filter(ccode=ccode, **key).row(0, named=True)


def session_of(own, other, session=45, first=1):
    """The votes of the United States and of France in one session."""
    votes = {(first + i, 2): v for i, v in enumerate(own)}
    votes |= {(first + i, 220): v for i, v in enumerate(other)}
    return votes, [(first + i, session, True, False) for i in range(len(own))]


OWN = [Y, Y, N, N, A, A, Y, A, Y, X]
OTHER = [Y, N, N, Y, A, Y, A, X, X, Y]


def test_both_formulas():
    table = build(*session_of(OWN, OTHER))
    plain, with_abstentions = one(table, 220), one(table, 220, "with_abstentions")
    assert (plain["n_same"], plain["n_opposite"], plain["n_partial"]) == (2, 2, 2)
    assert plain["coincidence_share"] == 0.5
    assert (with_abstentions["n_same"], with_abstentions["n_partial"]) == (3, 2)
    assert with_abstentions["coincidence_share"] == pytest.approx(4 / 7)
    assert (plain["n_roll_calls"], plain["n_voted"]) == (10, 8)


def test_the_united_states_are_not_compared_with_themselves():
    assert build(*session_of(OWN, OTHER))["ccode"].unique().to_list() == [220]


def test_unanimous_roll_calls_count():
    assert one(build(*session_of([Y, Y], [Y, Y])), 220)["n_same"] == 2


def test_paragraphs_and_amendments_count_in_the_headline_and_not_beside_it():
    votes, _ = session_of([Y, Y, Y], [Y, N, N])
    row = one(build(votes, [(1, 60, True, False), (2, 60, True, False), (3, 60, False, None)]), 220)
    assert (row["vote_set"], row["n_roll_calls"]) == ("all_recorded", 3)
    assert row["coincidence_share"] == pytest.approx(1 / 3)
    assert (row["n_roll_calls_final_only"], row["coincidence_share_final_only"]) == (2, 0.5)
    assert (row["n_same_final_only"], row["n_opposite_final_only"]) == (1, 1)


def test_without_the_parts_of_a_session_there_is_no_share_of_all_votes():
    votes, _ = session_of([Y, Y, Y], [Y, N, N])
    calls = [(1, 68, True, False), (2, 68, True, False), (3, 68, True, True)]
    row = one(build(votes, calls), 220)
    assert (row["coincidence_share"], row["null_reason"]) == (None, "parts_not_in_source")
    assert row["coincidence_share_final_only"] == pytest.approx(1 / 3)
    assert row["null_reason_final_only"] is None
    # none of the important votes is on a part, so nothing is missing there
    assert one(build(votes, calls), 220, vote_class="important")["coincidence_share"] == 0
    # before the source flags them, parts are in it without a flag
    unflagged = [(rcid, 51, final, important) for rcid, _, final, important in calls]
    assert one(build(votes, unflagged), 220)["coincidence_share"] == pytest.approx(1 / 3)


def test_the_former_names_are_kept_for_one_release():
    formulas = {c.name: c.formula for c in contracts()[TABLE].computed}
    assert formulas == {
        "n_roll_calls_all_recorded": "n_roll_calls",
        "coincidence_share_all_recorded": "coincidence_share",
    }


def test_important_votes():
    votes, _ = session_of([Y, Y, N], [Y, N, N])
    table = build(votes, [(1, 45, True, False), (2, 45, True, True), (3, 45, True, True)])
    row = one(table, 220, vote_class="important")
    assert (row["n_roll_calls"], row["n_same"], row["n_opposite"]) == (2, 1, 1)


def test_important_votes_that_nobody_coded_are_out_of_coverage():
    votes, _ = session_of([Y], [Y])
    row = one(build(votes, [(1, 20, True, None)]), 220, vote_class="important")
    assert (row["null_reason"], row["coincidence_share"]) == ("out_of_coverage", None)
    assert one(build(votes, [(1, 20, True, None)]), 220)["coincidence_share"] == 1


def test_consensus_counts_in_proportion_to_participation():
    votes, calls = session_of([Y, Y, Y, Y], [Y, N, X, A])
    table = build(votes, calls, consensus={"session": [45], "n_consensus": [8]})
    row = one(table, 220, consensus="with")
    # 3 of 4 votes cast: 6 of the 8 adoptions count
    assert (row["n_consensus"], row["consensus_weight"]) == (8, 6)
    assert row["coincidence_share"] == pytest.approx((1 + 6) / (2 + 6))
    with_abstentions = one(table, 220, "with_abstentions", consensus="with")
    assert with_abstentions["coincidence_share"] == pytest.approx((1 + 0.5 + 6) / (3 + 6))
    assert one(table, 220)["coincidence_share"] == 0.5
    important = one(table, 220, vote_class="important", consensus="with")
    assert important["null_reason"] == "out_of_coverage"


def test_consensus_counts_in_sessions_of_any_length():
    """Counts are small integers, and their products need not be."""
    counted = pl.DataFrame(
        {"session": [63], "vote_class": ["all"], "n_voted": [30_000], "n_roll_calls": [32_000]},
        schema={
            "session": pl.Int16,
            "vote_class": pl.String,
            "n_voted": pl.Int16,
            "n_roll_calls": pl.Int32,
        },
    )
    adopted = pl.DataFrame({"session": [63], "n_consensus": [32_000]})
    (weight,) = with_consensus(counted, adopted)["consensus_weight"].drop_nulls()
    assert weight == 30_000


def test_consensus_counts_only_where_it_was_counted():
    row = one(build(*session_of([Y], [Y])), 220, consensus="with")
    assert (row["null_reason"], row["n_consensus"]) == ("out_of_coverage", None)


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        *(([X, X], "absent_all"), ([A, A], "n_below_min"), ([A, Y], None)),
        *((["seat_disputed"] * 2, "seat_disputed"), (["no_row"] * 2, "no_row")),
        *((["no_row", X], "absent_all"), (["no_row", Y], None)),
        *((["not_member"] * 2, "not_member"), (["seat_disputed", X], "absent_all")),
    ],
)
def test_reasons(other, reason):
    row = one(build(*session_of([Y, N], other)), 220)
    assert row["null_reason"] == reason


def test_who_is_no_member_of_the_organisation_has_rows_that_say_so():
    votes, roll_calls = session_of([Y], [Y])
    table = build(votes, roll_calls, states=[225])
    assert table.filter(ccode=225)["null_reason"].to_list() == ["not_member"] * 8


def test_without_a_vote_of_the_united_states_nothing_coincides():
    row = one(build({(1, 220): Y}, [(1, 45, True, False)]), 220, "with_abstentions")
    assert (row["null_reason"], row["n_same"]) == ("n_below_min", 0)


def test_who_was_not_sovereign_is_marked():
    votes, calls = session_of([Y], [Y])
    votes[1, 370] = N
    table = build(votes, calls, not_sovereign=(370,))
    assert not one(table, 370)["is_sovereign"]
    assert one(table, 220)["is_sovereign"]


@pytest.mark.parametrize(
    ("session", "official", "inferred"),
    [(37, 0, 0), (38, 1, 0), (71, 1, 0), (72, 0, 1)],
)
def test_what_is_official_and_what_is_inferred(session, official, inferred):
    table = build(*session_of([Y], [Y], session))
    status = {f: one(table, 220, f)["formula_status"] for f in ("yes_no_only", "with_abstentions")}
    assert (status["yes_no_only"] == "official") == bool(official)
    assert (status["with_abstentions"] == "inferred") == bool(inferred)
    assert one(table, 220)["is_official_formula"] == bool(official)
    assert not one(table, 220, "with_abstentions")["is_official_formula"]
