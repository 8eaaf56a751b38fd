"""`staging.stg_undl_votes__*`: recorded votes in the General Assembly (UN Digital Library).

One row per resolution and member state; the columns of the resolution repeat on each of its rows
and are kept once. Adopted resolutions only: no amendments, no paragraphs.
"""

from collections.abc import Mapping

import polars as pl

from transforms.parsing.cells import cast_cells, rename_columns, sole_file
from transforms.parsing.dates import parse_days
from transforms.parsing.layouts import Layout, read_by_layout
from transforms.parsing.repeated_columns import distinct_rows, require_one_row_each
from transforms.step_result import StepResult

RAW_VOTES = "raw.undl_votes__votes"
RAW_RESOLUTIONS = "raw.undl_votes__resolutions"
STAGED_VOTES = "staging.stg_undl_votes__votes"
STAGED_RESOLUTIONS = "staging.stg_undl_votes__resolutions"

VOTE_COLUMNS = {
    "undl_id": "undl_id",
    "ms_code": "member_code",
    "ms_name": "member_name",
    "ms_vote": "vote_letter",
    "vote_note": "vote_note",
}
_TEXTS = (
    "resolution",
    "draft",
    "committee_report",
    "meeting",
    "title",
    "agenda_title",
    "subjects",
    "undl_link",
)
_TOTALS = {
    "total_yes": "n_yes_published",
    "total_no": "n_no_published",
    "total_abstentions": "n_abstain_published",
    "total_non_voting": "n_non_voting_published",
    "total_ms": "n_members_published",
}
RESOLUTION_COLUMNS = ("undl_id", "session", "date", *_TEXTS, *_TOTALS)

_COLUMNS = (*VOTE_COLUMNS, *RESOLUTION_COLUMNS[1:])
LAYOUTS = (
    Layout("twenty_columns", _COLUMNS),
    Layout(
        "without_notes",
        tuple(column for column in _COLUMNS if column != "vote_note"),
        absent={"vote_note": "the release of March 2025 has no notes on votes"},
    ),
)

MISSING: tuple[str, ...] = ()
"""No mark but the empty cell. `NA` would be one of the codes and letters: Namibia, abstention."""


def read(files: Mapping[str, bytes]) -> dict[str, pl.DataFrame]:
    """Reads the CSV, every cell a string, and splits it into votes and resolutions.

    Args:
        files: The one file of the source (UTF-8, with or without a byte order mark).

    Returns:
        `raw.undl_votes__votes`, one row per row of the file, and
        `raw.undl_votes__resolutions`, the distinct values of all other columns; a column that
        the publisher adds is kept there.

    Raises:
        ValueError: The file is of no known layout.
    """
    member, content = sole_file(files, "undl_votes")
    rows = read_by_layout(content, member=member, layouts=LAYOUTS).table
    added = [c for c in rows.columns if c not in _COLUMNS]
    return {
        RAW_VOTES: rows.select(list(VOTE_COLUMNS)),
        RAW_RESOLUTIONS: distinct_rows(rows, [*RESOLUTION_COLUMNS, *added]),
    }


def stage(raw: Mapping[str, pl.DataFrame]) -> StepResult:
    """Names and casts the columns of votes and resolutions.

    Args:
        raw: What `read` returned.

    Returns:
        `staging.stg_undl_votes__votes`, as many rows as the file, and
        `staging.stg_undl_votes__resolutions`, one row per resolution; `session` is NULL where
        the published one is no plain number (special sessions).

    Raises:
        ValueError: A cell does not fit its type, or a resolution column differs within a
            resolution.
    """
    return StepResult(
        {
            STAGED_VOTES: _stage_votes(raw[RAW_VOTES]),
            STAGED_RESOLUTIONS: _stage_resolutions(raw[RAW_RESOLUTIONS]),
        }
    )


def _stage_votes(raw: pl.DataFrame) -> pl.DataFrame:
    cells = cast_cells(raw, {"undl_id": pl.Int32}, table=RAW_VOTES, missing=MISSING)
    return rename_columns(cells.with_columns(_text("vote_note")), VOTE_COLUMNS)


def _stage_resolutions(raw: pl.DataFrame) -> pl.DataFrame:
    require_one_row_each(raw, "undl_id", RAW_RESOLUTIONS)
    # totals may come as floats: 121.0 is 121, 121.5 stays and is refused
    whole = raw.with_columns(pl.col(c).str.replace(r"\.0+$", "") for c in _TOTALS)
    types = {"undl_id": pl.Int32, **dict.fromkeys(_TOTALS, pl.Int16)}
    cells = parse_days(
        cast_cells(whole, types, table=RAW_RESOLUTIONS, missing=MISSING),
        ["date"],
        table=RAW_RESOLUTIONS,
    )
    plain_number = pl.col("session").str.contains(r"^\d{1,3}$")
    return cells.select(
        "undl_id",
        pl.when(plain_number).then(pl.col("session")).cast(pl.Int16).alias("session"),
        pl.col("session").alias("session_published"),
        pl.col("date").alias("vote_date"),
        *(_text(c) for c in _TEXTS),
        *(pl.col(old).alias(new) for old, new in _TOTALS.items()),
    )


def _text(column: str) -> pl.Expr:
    """Free text; an empty cell means that there is none."""
    return pl.when(pl.col(column) != "").then(pl.col(column)).alias(column)
