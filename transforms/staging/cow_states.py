"""`staging.stg_cow_states__spells`: the State System Membership List (Correlates of War)."""

from collections.abc import Mapping

import polars as pl

from transforms.parsing.cells import cast_cells, read_one_table
from transforms.parsing.dates import parse_days
from transforms.step_result import StepResult

RAW = "raw.cow_states__spells"
STAGED = "staging.stg_cow_states__spells"

COLUMNS = (
    "stateabb",
    "ccode",
    "statenme",
    "styear",
    "stmonth",
    "stday",
    "endyear",
    "endmonth",
    "endday",
    "version",
)
_DATE_PARTS = COLUMNS[3:9]

MISSING: tuple[str, ...] = ()
"""No mark: every spell has both of its days."""


def read(files: Mapping[str, bytes]) -> dict[str, pl.DataFrame]:
    """Reads the CSV (`transforms.parsing.cells.read_one_table`)."""
    return read_one_table(files, source="cow_states", table=RAW, columns=COLUMNS)


def stage(raw: Mapping[str, pl.DataFrame]) -> StepResult:
    """Names the columns and makes dates of day, month and year.

    Args:
        raw: What `read` returned.

    Returns:
        One row per raw row; both days inclusive. Where the state still exists the last day is
        the day on which the source ends.

    Raises:
        ValueError: A number or a date does not exist.
    """
    types = {"ccode": pl.Int16, **dict.fromkeys(_DATE_PARTS, pl.Int16)}
    cells = cast_cells(raw[RAW], types, table=RAW, missing=MISSING)
    dated = cells.with_columns(
        _iso_day("styear", "stmonth", "stday").alias("valid_from"),
        _iso_day("endyear", "endmonth", "endday").alias("valid_to"),
    )
    staged = parse_days(dated, ["valid_from", "valid_to"], table=RAW).select(
        "ccode",
        pl.col("stateabb").alias("state_abb"),
        pl.col("statenme").alias("state_name"),
        "valid_from",
        "valid_to",
        pl.col("version").alias("source_version"),
    )
    return StepResult({STAGED: staged})


def _iso_day(year: str, month: str, day: str) -> pl.Expr:
    """Year, month and day as text, so that a day that does not exist is refused with its row."""
    two = [pl.col(c).cast(pl.String).str.zfill(2) for c in (month, day)]
    return pl.format("{}-{}-{}", pl.col(year), *two)
