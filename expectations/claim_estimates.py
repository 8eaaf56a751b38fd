"""What holds of tables of estimates behind claims, and of their scores (`<estimates>_score`).

This module has no suite of its own.
"""

from collections.abc import Sequence

from expectations.suite import (
    Expectation,
    SqlRule,
    Suite,
    every_null_has_a_reason,
    expect,
    interval_contains_the_estimate,
    rows_satisfy,
)


def estimates_with_intervals() -> tuple[Expectation, ...]:
    """What holds of estimates that all have an interval."""
    return (
        every_null_has_a_reason("estimate", "std_error", "ci_low", "ci_high", "p_value"),
        interval_contains_the_estimate(tolerance=1e-9),
        rows_satisfy(
            "an_estimate_says_how_sure_it_is",
            "(estimate IS NULL) = (inference = 'none')",
            "an interval is read with what it rests on",
        ),
    )


def suite_of_scores(estimates: str, cell: Sequence[str]) -> Suite:
    """The suite of the scores of a table of estimates.

    Args:
        estimates: Full name of the table of estimates.
        cell: Columns that name a cell in both.
    """
    table = f"{estimates}_score"
    same = " AND ".join(f"s.{c} = e.{c}" for c in cell)
    return Suite(
        table=table,
        expectations=(
            expect(
                "NoValueToBeMissing",
                "a cluster without a score could not take part in a joint test",
                columns=["cluster", "score"],
            ),
        ),
        rules=(
            SqlRule(
                "scores_belong_to_an_estimate",
                f"SELECT DISTINCT {', '.join(f's.{c}' for c in cell)} FROM {table} s"
                f" WHERE NOT EXISTS (SELECT 1 FROM {estimates} e WHERE {same}"
                " AND e.estimate IS NOT NULL)",
                "a joint test pairs each score with its cell",
                (table, estimates),
            ),
        ),
    )
