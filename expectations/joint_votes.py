"""What holds of two states' joint votes, whatever the period they are counted over.

Expectations for the tables that measure similarity from them; this module has no suite.
"""

from expectations.suite import SqlRule, lower_code_comes_first, rows_satisfy

_CHANCE_CORRECTED = ("pi_abs", "pi_sq", "pi_nominal", "kappa_abs", "kappa_sq")
_ALL_NULL = " AND ".join(f"{column} IS NULL" for column in (*_CHANCE_CORRECTED, "tau_b"))

JOINT_VOTES = (
    lower_code_comes_first(),
    rows_satisfy("joint_votes_are_of_members", "n_joint <= n_both_member", "only members vote"),
    rows_satisfy(
        "the_counts_are_of_one_table",
        "n_same - 2 * (n_yes_yes + n_no_no) - n_yes_no - n_no_yes"
        " = n_joint - n_yes1 - n_no1 - n_yes2 - n_no2",
        "the measures are computed from these counts when they are read",
    ),
    rows_satisfy(
        "s_abs_is_twice_agreement_less_one",
        "abs(s_abs - (2 * agreement - 1)) <= 1e-9",
        "the two are one measure on two scales (Signorino and Ritter; Lijphart)",
    ),
    rows_satisfy(
        "agreement_is_null_without_joint_votes",
        "(agreement IS NULL) = (n_joint = 0) AND (s_abs IS NULL) = (n_joint = 0)"
        " AND (s_sq IS NULL) = (n_joint = 0)",
        "no joint vote is not disagreement",
    ),
    rows_satisfy(
        "every_null_has_a_reason",
        "(null_reason IS NOT NULL) = (agreement IS NULL OR kappa_sq IS NULL"
        " OR pi_sq IS NULL OR tau_b IS NULL)",
        "readers need to know why a measure is missing",
    ),
    rows_satisfy(
        "the_reason_fits_the_votes",
        f"(n_joint > 0 OR ({_ALL_NULL}))"
        " AND (n_joint > 0 OR null_reason <> 'no_variation')"
        " AND (n_joint = 0 OR coalesce(null_reason, 'no_variation') = 'no_variation')"
        " AND (n_both_member > 0 OR n_joint = 0)",
        "not a member, absent and without variation are three things",
    ),
)


def at_most_the_roll_calls(table: str, period: str) -> SqlRule:
    """Expects no more joint votes than the vote set has roll calls.

    Args:
        table: Full name of a table with ccode1, ccode2, vote_set and n_both_member.
        period: Its column that says which roll calls, `session` or `year`.
    """
    return SqlRule(
        "joint_votes_are_at_most_the_roll_calls",
        f"WITH held AS (SELECT {period},"
        " count(*) FILTER (in_final_only AND NOT is_unanimous) AS final_only,"
        " count(*) FILTER (in_final_only) AS final_only_with_unanimous,"
        " count(*) FILTER (in_all_recorded AND NOT is_unanimous) AS all_recorded,"
        " count(*) FILTER (in_all_recorded) AS all_recorded_with_unanimous,"
        " count(*) FILTER (in_final_only_as_listed AND NOT is_unanimous) AS final_only_as_listed"
        f" FROM core.roll_calls GROUP BY {period}),"
        f" limits AS (UNPIVOT held ON COLUMNS(* EXCLUDE {period}) INTO NAME vote_set VALUE n)"
        f" SELECT m.ccode1, m.ccode2, {period}, vote_set, m.n_both_member"
        f" FROM {table} m LEFT JOIN limits USING ({period}, vote_set)"
        " WHERE coalesce(m.n_both_member > limits.n, true)",
        "more joint votes than roll calls mean that rows have been multiplied",
        (table, "core.roll_calls"),
    )
