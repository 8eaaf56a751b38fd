"""`staging.stg_un_votes__*`: roll-call votes in the General Assembly (Voeten and others).

The file of Voeten, Strezhnev and Bailey has 26 columns and a row per roll call and state. Seven
columns hold the vote; the others repeat on every row of a roll call and are kept once. Releases to
session 77 have the numbers of rows as a column, and no `year`.
"""

from collections.abc import Mapping

import polars as pl

from transforms.parsing.cells import cast_cells, sole_file
from transforms.parsing.dates import parse_days
from transforms.parsing.layouts import Layout, read_by_layout
from transforms.parsing.missing import R_EXPORT, is_mark
from transforms.parsing.repeated_columns import distinct_rows, require_one_row_each
from transforms.step_result import StepResult

RAW_VOTES = "raw.un_votes__votes"
RAW_ROLL_CALLS = "raw.un_votes__roll_calls"
STAGED_VOTES = "staging.stg_un_votes__votes"
STAGED_ROLL_CALLS = "staging.stg_un_votes__roll_calls"

FIRST_SESSION_WITH_DAYS = 58
"""Before it the day of `date` is the weekday (1 = Sunday): every day of sessions 1-51 is 1-7."""

VOTE_COLUMNS = ("rcid", "session", "ccode", "vote", "member", "Country", "Countryname")
"""Columns that may differ between the rows of a roll call, and its number and session."""
_NUMBERS: dict[str, tuple[type[pl.DataType], str]] = {
    "rcid": (pl.Int32, "rcid"),
    "session": (pl.Int16, "session"),
    "year": (pl.Int16, "year_published"),
    "resid": (pl.Int32, "resolution_id_published"),
    "yes": (pl.Int16, "n_yes_published"),
    "abstain": (pl.Int16, "n_abstain_published"),
    "no": (pl.Int16, "n_no_published"),
}
_FLAGS = {
    "amend": "is_amendment",
    "para": "is_paragraph",
    "importantvote": "is_important_published",
    "me": "is_middle_east",
    "nu": "is_nuclear",
    "di": "is_disarmament",
    "hr": "is_human_rights",
    "co": "is_colonialism",
    "ec": "is_economic",
    "ident": "is_identical_published",
}
_TEXTS = {"unres": "resolution", "short": "short_title", "descr": "description"}

ROLL_CALL_COLUMNS = (*_NUMBERS, "date", *_TEXTS, *_FLAGS)
"""Columns that repeat on every row of a roll call."""
_COLUMNS = tuple(dict.fromkeys([*VOTE_COLUMNS, *ROLL_CALL_COLUMNS]))
LAYOUTS = (
    Layout("sessions_1_to_75", _COLUMNS),
    Layout(
        "sessions_1_to_77",
        tuple(column for column in _COLUMNS if column != "year"),
        absent={"year": "later releases have no such column; years are read from `date`"},
    ),
)
MISSING = R_EXPORT
"""Marks of a missing value."""


def read(files: Mapping[str, bytes]) -> dict[str, pl.DataFrame]:
    """Reads the CSV, every cell a string, and splits it into votes and roll calls.

    Args:
        files: The one file of the source (UTF-8).

    Returns:
        `raw.un_votes__votes`, one row per row of the file with `VOTE_COLUMNS`, and
        `raw.un_votes__roll_calls`, the distinct values of all other columns (in the file's
        order after `rcid`); a column that the publisher adds is kept there.

    Raises:
        ValueError: The file is of no known layout.
    """
    member, content = sole_file(files, "un_votes")
    rows = read_by_layout(content, member=member, layouts=LAYOUTS).table
    added = [c for c in rows.columns if c not in VOTE_COLUMNS + ROLL_CALL_COLUMNS]
    return {
        RAW_VOTES: rows.select(VOTE_COLUMNS),
        RAW_ROLL_CALLS: distinct_rows(rows, [*ROLL_CALL_COLUMNS, *added]),
    }


def stage(raw: Mapping[str, pl.DataFrame]) -> StepResult:
    """Names and casts the columns of votes and roll calls.

    Args:
        raw: What `read` returned.

    Returns:
        `staging.stg_un_votes__votes`, as many rows as the file, and
        `staging.stg_un_votes__roll_calls`, one row per roll call.

    Raises:
        ValueError: A cell does not fit its type, or a roll-call column differs within a
            roll call.
    """
    return StepResult(
        {
            STAGED_VOTES: _stage_votes(raw[RAW_VOTES]),
            STAGED_ROLL_CALLS: _stage_roll_calls(raw[RAW_ROLL_CALLS]),
        }
    )


def _stage_votes(raw: pl.DataFrame) -> pl.DataFrame:
    types = {"rcid": pl.Int32, "session": pl.Int16, "ccode": pl.Int16, "vote": pl.Int16}
    cells = cast_cells(raw, types | {"member": pl.Int8}, table=RAW_VOTES, missing=MISSING)
    return cells.select(
        "rcid",
        pl.col("ccode").alias("ccode_source"),
        "session",
        pl.col("vote").alias("vote_code"),
        pl.col("member").cast(pl.Boolean).alias("is_member_published"),
        pl.col("Country").alias("country_code"),
        pl.col("Countryname").alias("country_name"),
    )


def _stage_roll_calls(raw: pl.DataFrame) -> pl.DataFrame:
    require_one_row_each(raw, "rcid", RAW_ROLL_CALLS)
    types = {c: kind for c, (kind, _) in _NUMBERS.items()} | dict.fromkeys(_FLAGS, pl.Int8)
    cells = cast_cells(raw, types, table=RAW_ROLL_CALLS, missing=MISSING)
    cells = parse_days(cells.with_columns(date_published="date"), ["date"], table=RAW_ROLL_CALLS)
    day_is_real = pl.col("session") >= FIRST_SESSION_WITH_DAYS
    return cells.select(
        *(pl.col(old).alias(new) for old, (_, new) in _NUMBERS.items()),
        "date_published",
        pl.when(day_is_real).then(pl.col("date")).alias("vote_date"),
        pl.col("date").dt.month_start().alias("vote_month"),
        pl.when(day_is_real).then(pl.lit("day")).otherwise(pl.lit("month")).alias("date_precision"),
        *(_text(old).alias(new) for old, new in _TEXTS.items()),
        *(pl.col(old).cast(pl.Boolean).alias(new) for old, new in _FLAGS.items()),
    )


def _text(column: str) -> pl.Expr:
    """Free text, NULL where a mark or an empty cell says that there is none."""
    return pl.when(~is_mark(pl.col(column), MISSING)).then(pl.col(column))
