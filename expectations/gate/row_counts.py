"""Compares row counts with those pinned for a snapshot in `row_counts.csv`.

The file changes only by a reviewed diff: another count for the same bytes means that the code
now reads rows differently.
"""

from functools import cache
from importlib.resources import files

import polars as pl

from expectations.gate.results import SAMPLE_ROWS, ExpectationResult, Stage

_WHY = "the same bytes must always give the same rows; a difference is an error in our code"
_SCHEMA = {
    "table": pl.String,
    "snapshot_id": pl.String,
    "group_column": pl.String,
    "group_value": pl.String,
    "n_rows": pl.Int64,
}


@cache
def pinned_row_counts() -> pl.DataFrame:
    """All pinned counts: table, snapshot_id, group_column, group_value, n_rows.

    Rows without `group_column` hold for the whole table.
    """
    text = (files("expectations") / "row_counts.csv").read_bytes()
    return pl.read_csv(text, schema=_SCHEMA)


def row_count_results(
    stage: Stage,
    table: str,
    snapshot_id: str | None,
    frame: pl.DataFrame,
    pinned: pl.DataFrame | None = None,
) -> list[ExpectationResult]:
    """Compares a table's row counts with those pinned for its snapshot.

    Args:
        stage: The gate.
        table: Full table name.
        snapshot_id: Snapshot that the rows come from.
        frame: The rows.
        pinned: Counts to compare with; those of `row_counts.csv` by default.

    Returns:
        One critical result per grouping that is pinned for this table and snapshot; none
        for a snapshot without pinned counts.
    """
    counts = pinned_row_counts() if pinned is None else pinned
    counts = counts.filter(table=table, snapshot_id=snapshot_id) if snapshot_id else counts.clear()
    results = []
    for (group,), expected in counts.group_by("group_column", maintain_order=True):
        results.append(_compare(stage, table, group and str(group), expected, frame))
    return results


def _compare(
    stage: Stage, table: str, group: str | None, expected: pl.DataFrame, frame: pl.DataFrame
) -> ExpectationResult:
    if group is None:
        found = pl.DataFrame({"group_value": [None], "n_found": [frame.height]}, strict=False)
        found = found.cast({"group_value": pl.String, "n_found": pl.Int64})
    elif group in frame.columns:
        found = frame.group_by(pl.col(group).cast(pl.String).alias("group_value")).agg(
            pl.len().cast(pl.Int64).alias("n_found")
        )
    else:
        found = pl.DataFrame(schema={"group_value": pl.String, "n_found": pl.Int64})
    differ = (
        expected.select("group_value", n_expected="n_rows")
        .join(found, on="group_value", how="full", coalesce=True, nulls_equal=True)
        .with_columns(pl.col("n_expected", "n_found").fill_null(0))
        .filter(pl.col("n_expected") != pl.col("n_found"))
        .sort("group_value")
    )
    named = differ.rename({"group_value": group}) if group else differ.drop("group_value")
    return ExpectationResult(
        stage=stage,
        table=table,
        expectation=f"RowCountsAsPinned({group or 'whole table'})",
        column=group,
        severity="critical",
        passed=differ.is_empty(),
        n_evaluated=expected.height,
        n_failed=differ.height,
        sample=tuple(named.head(SAMPLE_ROWS).to_dicts()),
        why=_WHY,
    )
