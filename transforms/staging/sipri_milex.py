"""`staging.stg_sipri_milex__state_years`: military expenditure (SIPRI) by sheet, name and year.

Three sheets are read: current US dollars (published in millions), share of GDP (a
fraction) and local currency. The third is needed because the dollar sheet shows 0 both for states
without armed forces and for years without an exchange rate; only local currency distinguishes
the two.

Title and legend are above the table of each sheet, and names of regions between its rows.
`...`, in some releases `…` (U+2026), means not available, `xxx` that the state did not exist or
was not independent in all or part of the year. A footnote mark behind a name (`Poland ¹`) is no
part of it: it goes to the footnotes. The colours that mark estimates do not survive reading.
"""

from collections.abc import Mapping

import fastexcel
import polars as pl

from transforms.parsing.cells import cast_cells, sole_file
from transforms.parsing.missing import DOTS, spelling
from transforms.step_result import StepResult, count_losses

SHEETS = {
    "current_usd": "Current US$",
    "share_of_gdp": "Share of GDP",
    "local_currency": "Local currency calendar years",
}
STAGED = "staging.stg_sipri_milex__state_years"

MAY_BE_MISSING = {"local_currency"}
"""The sheet that tells zeros apart; without it a zero in dollars is NULL in `core`."""

HEADER = "Country"
NOTES = "Notes"
STATUS = {**dict.fromkeys(DOTS, "not_available"), "xxx": "not_existing"}
MISSING = tuple(STATUS)
"""Marks of a missing value, each with its own status."""
_FOOTNOTE_MARKS = r"\s*((?:[\u{B9}\u{B2}\u{B3}\u{2070}-\u{2079}*†‡§¶‖]|\[\d+\])+)\s*$"
REGIONS = ("Africa", "Americas", "Asia & Oceania", "Europe", "Middle East")


def read(files: Mapping[str, bytes]) -> dict[str, pl.DataFrame]:
    """Reads the three sheets from their header row down; every cell a string, numbers in full.

    Args:
        files: The workbook.

    Returns:
        One raw table per sheet, `raw.sipri_milex__<sheet>`, with the published headings. The
        sheet in local currency may be missing.

    Raises:
        ValueError: The bytes are no workbook, or a sheet or its header row is missing.
    """
    member, content = sole_file(files, "sipri_milex")
    try:
        book = fastexcel.read_excel(content)
    except fastexcel.FastExcelError as error:
        raise ValueError(
            f"{member}: not an Excel workbook ({error}); the snapshot is intact,"
            " see whether the publisher answered with a page instead of the file"
        ) from error
    needed = [sheet for key, sheet in SHEETS.items() if key not in MAY_BE_MISSING]
    if absent := set(needed) - set(book.sheet_names):
        raise ValueError(f"{member}: no sheet {sorted(absent)}, only {book.sheet_names}")
    return {
        f"raw.sipri_milex__{key}": _below_header(book, sheet, member)
        for key, sheet in SHEETS.items()
        if sheet in book.sheet_names
    }


def _below_header(book: fastexcel.ExcelReader, sheet: str, member: str) -> pl.DataFrame:
    try:
        cells, numbers = (
            book.load_sheet(sheet, header_row=None, dtypes=kind).to_polars()
            for kind in ("string", "float")
        )
    except fastexcel.FastExcelError as error:
        raise ValueError(f"{member}, sheet {sheet}: cannot be read ({error})") from error
    first = cells.to_series(0) if cells.width else pl.Series(dtype=pl.String)
    if not (first == HEADER).any():
        raise ValueError(f"{member}, sheet {sheet}: no row begins with {HEADER!r}")
    at = first.index_of(HEADER) or 0
    headings = [text or f"column_{i}" for i, text in enumerate(cells.row(at))]
    if not (years := [h for h in headings if h.isdigit()]) or len(set(headings)) < len(headings):
        raise ValueError(
            f"{member}, sheet {sheet}: row {at + 1} holds no header of distinct years,"
            f" but {headings[:6]} … ({len(years)} years)"
        )
    if NOTES not in headings:
        raise ValueError(f"{member}, sheet {sheet}: no column {NOTES!r} in {headings[:6]} …")
    named = dict(zip(cells.columns, headings, strict=True))
    texts, figures = (read.slice(at + 1).rename(named) for read in (cells, numbers))
    # as a text, a number has lost what is behind its ninth decimal
    return texts.with_columns(
        pl.coalesce(figures[year].cast(pl.String), pl.col(year)).alias(year) for year in years
    )


def stage(raw: Mapping[str, pl.DataFrame]) -> StepResult:
    """Turns the three wide sheets into one long table.

    Args:
        raw: What `read` returned.

    Returns:
        One row per sheet, name and year column. `value` is in US dollars (not millions),
        a fraction, or local currency units; where it is NULL, `value_status` says why.
        Rows that name a region or are blank hold no value and are counted as lost.

    Raises:
        ValueError: A cell is neither a number nor one of the two marks.
    """
    tables = {key: f"raw.sipri_milex__{key}" for key in SHEETS}
    parts = [_long(raw[table], key) for key, table in tables.items() if table in raw]
    return StepResult(
        {STAGED: pl.concat([staged for staged, _ in parts])},
        pl.concat([losses for _, losses in parts]),
    )


def _long(raw: pl.DataFrame, sheet: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    table = f"raw.sipri_milex__{sheet}"
    years = [c for c in raw.columns if c.isdigit()]
    holds_values = ~pl.all_horizontal(pl.col(years).is_null())
    name = pl.col(HEADER).str.replace(_FOOTNOTE_MARKS, "").str.strip_chars()
    on_name = pl.col(HEADER).str.extract(_FOOTNOTE_MARKS)
    placed = raw.with_row_index("row").with_columns(
        name.alias("sipri_name"),
        pl.concat_str(_notes(), on_name, separator=" ", ignore_nulls=True).alias("footnotes"),
        pl.when(name.is_in(REGIONS)).then(name).forward_fill().alias("sipri_region"),
        pl.when(~holds_values & name.is_not_null()).then(name).forward_fill().alias("heading"),
    )
    lost = placed.filter(~holds_values).with_columns(
        pl.when(name.is_null())
        .then(pl.lit("blank_row"))
        .otherwise(pl.lit("region_heading"))
        .alias("reason")
    )
    long = placed.filter(holds_values).unpivot(
        years,
        index=["sipri_name", "sipri_region", "heading", "footnotes"],
        variable_name="year",
        value_name="cell",
    )
    mark = spelling(pl.col("cell"))
    staged = cast_cells(
        long.with_columns(mark.replace_strict(STATUS, default=None).alias("value_status")),
        {"year": pl.Int16, "cell": pl.Float64},
        table=f"{table} (by year, then name)",
        missing=MISSING,
    ).select(
        pl.lit(sheet).alias("sheet"),
        "sipri_name",
        "year",
        "sipri_region",
        pl.col("heading").alias("sipri_subregion"),
        pl.when(pl.col("footnotes") != "").then(pl.col("footnotes")).alias("footnotes"),
        (pl.col("cell") * (1e6 if sheet == "current_usd" else 1.0)).alias("value"),
        pl.coalesce("value_status", pl.when(pl.col("cell").is_null()).then(pl.lit("blank"))).alias(
            "value_status"
        ),
    )
    losses = count_losses(lost, from_table=table, to_table=STAGED, key=["row", HEADER])
    return staged, losses


def _notes() -> pl.Expr:
    """The sheet's column of footnotes; NULL where it is empty."""
    return pl.when(pl.col("Notes") != "").then(pl.col("Notes"))
