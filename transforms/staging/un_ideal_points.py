"""`staging.stg_un_ideal_points__state_years`: ideal points of Bailey, Strezhnev and Voeten.

The file of the release 1946-2025 holds the yearly series from final-passage votes only
(`…FP`): posterior mean and five quantiles. It is another series than the one estimated per
session from all votes; positive values are nearer to the United States. Of the release of July
2026 (version 39) three columns are known for certain: `iso3c`, `year`, `IdealPointFP`. What it has
of the others is read, what it lacks is NULL; without COW codes, states are known by `iso3c`.
"""

from collections.abc import Mapping

import polars as pl

from transforms.parsing.cells import cast_cells, rename_columns, sole_file
from transforms.parsing.layouts import Layout, read_by_layout
from transforms.parsing.missing import R_EXPORT
from transforms.step_result import StepResult

RAW = "raw.un_ideal_points__state_years"
STAGED = "staging.stg_un_ideal_points__state_years"

COLUMNS = {
    "state_code": "state_code",
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
_PUBLISHED = tuple(COLUMNS)[1:]
_CERTAIN = ("iso3c", "year", "IdealPointFP")
LAYOUTS = (
    Layout("by_cow_code", _PUBLISHED),
    Layout(
        "by_iso_code",
        _CERTAIN,
        absent={
            column: "not known to be in version 39"
            for column in _PUBLISHED
            if column not in _CERTAIN
        },
        only_known=True,
    ),
)
MISSING = R_EXPORT
"""Marks of a missing value."""
ESTIMATES = ("IdealPointFP", "Q5%FP", "Q10%FP", "Q50%FP", "Q90%FP", "Q95%FP")


def read(files: Mapping[str, bytes]) -> dict[str, pl.DataFrame]:
    """Reads either layout, separated by tabs or commas; every cell a string.

    Raises:
        ValueError: The file is of no known layout.
    """
    member, content = sole_file(files, "un_ideal_points")
    table = read_by_layout(content, member=member, layouts=LAYOUTS).table
    others = [column for column in table.columns if column not in _PUBLISHED]
    return {RAW: table.select([*_PUBLISHED, *others])}


def stage(raw: Mapping[str, pl.DataFrame]) -> StepResult:
    """Names and casts the columns.

    Args:
        raw: What `read` returned.

    Returns:
        One row per raw row. `state_code` is the COW code, or the alpha-3 code where the release
        has none; columns that the release lacks are NULL.

    Raises:
        ValueError: A code, a year or an estimate is no number.
    """
    types: dict[str, type[pl.DataType]] = {
        "ccode": pl.Int16,
        "year": pl.Int16,
        "NVotesFP": pl.Int32,
    }
    types |= dict.fromkeys(ESTIMATES, pl.Float64) | dict.fromkeys(("iso3c",), pl.String)
    cells = cast_cells(raw[RAW], types, table=RAW, missing=MISSING).with_columns(
        pl.coalesce(pl.col("ccode").cast(pl.String), "iso3c").alias("state_code")
    )
    return StepResult({STAGED: rename_columns(cells, COLUMNS)})
