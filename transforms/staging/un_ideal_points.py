"""`staging.stg_un_ideal_points__state_years`: ideal points of Bailey, Strezhnev and Voeten.

The file of the release 1946-2025 holds the yearly series from final-passage votes only
(`…FP`): posterior mean and five quantiles. It is another series than the one estimated per
session from all votes; positive values are nearer to the United States.
"""

from collections.abc import Mapping

import polars as pl

from transforms.parsing.cells import cast_cells, read_one_table, rename_columns
from transforms.parsing.missing import R_EXPORT
from transforms.step_result import StepResult

RAW = "raw.un_ideal_points__state_years"
STAGED = "staging.stg_un_ideal_points__state_years"

COLUMNS = {
    "ccode": "ccode",
    "iso3c": "iso3",
    "Countryname": "state_name",
    "year": "year",
    "NVotesFP": "n_votes_published",
    "IdealPointFP": "ideal_point_published",
    "Q5%FP": "ideal_point_published_q05",
    "Q10%FP": "ideal_point_published_q10",
    "Q50%FP": "ideal_point_published_q50",
    "Q90%FP": "ideal_point_published_q90",
    "Q95%FP": "ideal_point_published_q95",
}
MISSING = R_EXPORT
"""Marks of a missing value."""
ESTIMATES = ("IdealPointFP", "Q5%FP", "Q10%FP", "Q50%FP", "Q90%FP", "Q95%FP")


def read(files: Mapping[str, bytes]) -> dict[str, pl.DataFrame]:
    """Reads the tab-separated file (`transforms.parsing.cells.read_one_table`)."""
    return read_one_table(
        files, source="un_ideal_points", table=RAW, columns=COLUMNS, separator="\t"
    )


def stage(raw: Mapping[str, pl.DataFrame]) -> StepResult:
    """Names and casts the columns.

    Args:
        raw: What `read` returned.

    Returns:
        One row per raw row.

    Raises:
        ValueError: A code, a year or an estimate is no number.
    """
    types: dict[str, type[pl.DataType]] = {
        "ccode": pl.Int16,
        "year": pl.Int16,
        "NVotesFP": pl.Int32,
    }
    types |= dict.fromkeys(ESTIMATES, pl.Float64)
    cells = cast_cells(raw[RAW], types, table=RAW, missing=MISSING)
    return StepResult({STAGED: rename_columns(cells, COLUMNS)})
