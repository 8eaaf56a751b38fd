"""Cells: from a publisher's bytes to strings, and from strings to values.

Reading and casting are separate steps. The raw gate sees the cells as published. Then they are
cast; a cell that does not fit its type stops the build with its row and column instead of
becoming NULL.
"""

from collections.abc import Collection, Mapping

import polars as pl

from transforms.parsing.delimited import parse_delimited
from transforms.parsing.missing import marks_among


def sole_file(files: Mapping[str, bytes], source: str) -> tuple[str, bytes]:
    """The one file of a source that has one.

    Args:
        files: Member name to content.
        source: Slug, for the message.

    Returns:
        Member name and content.

    Raises:
        ValueError: There is no file, or more than one.
    """
    if len(files) != 1:
        raise ValueError(
            f"{source}: expected one file, got {sorted(files) or 'none'};"
            f" correct `members` in flows/sources/{source}.yml"
        )
    return next(iter(files.items()))


def read_one_table(
    files: Mapping[str, bytes],
    *,
    source: str,
    table: str,
    columns: Collection[str],
    separator: str = ",",
) -> dict[str, pl.DataFrame]:
    """Reads a source that is one file with one table; every cell stays a string.

    Args:
        files: Member name to content; exactly one.
        source: Slug, for messages.
        table: Full name of the raw table.
        columns: As in `read_delimited`.
        separator: As in `read_delimited`.

    Returns:
        The raw table by its name, as published.

    Raises:
        ValueError: There is not exactly one file, or it is no such table.
    """
    member, content = sole_file(files, source)
    return {table: read_delimited(content, member=member, columns=columns, separator=separator)}


def rename_columns(cells: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """Keeps the named columns, under their names in the warehouse.

    Args:
        cells: Rows with the published column names.
        names: Published name to name in the warehouse, in stored order.
    """
    return cells.select(pl.col(published).alias(name) for published, name in names.items())


def read_delimited(
    content: bytes, *, member: str, columns: Collection[str], separator: str = ","
) -> pl.DataFrame:
    """Reads delimited text; every column stays a string.

    Args:
        content: UTF-8 text with a header line, with or without a byte order mark.
        member: File name for messages.
        columns: Columns that must be there; others are kept too.
        separator: One character between cells.

    Returns:
        The cells as published. NULL only where a cell is empty.

    Raises:
        ValueError: The bytes are no such table, or a column is missing.
    """
    table = parse_delimited(content, member=member, separator=separator)
    if missing := [c for c in columns if c not in table.columns]:
        raise ValueError(
            f"{member}: columns {missing} are missing, found {table.columns};"
            " the publisher may have changed the layout"
        )
    return table


def cast_cells(
    raw: pl.DataFrame,
    types: Mapping[str, pl.DataType | type[pl.DataType]],
    *,
    table: str,
    missing: Collection[str] = (),
) -> pl.DataFrame:
    """Casts string columns, refusing every cell that does not fit.

    Args:
        raw: All-String frame in file order.
        types: Column to Polars type; columns not named are left as they are.
        table: Table name for messages.
        missing: Marks that mean "no value", such as `NA`, in any spelling
            (`transforms.parsing.missing`).

    Returns:
        The same rows; empty cells and those in `missing` are NULL in the cast columns.

    Raises:
        ValueError: A cell is no value of its type; names table, row (1 = first data row),
            column and value.
    """
    present = raw.with_columns(
        pl.when(~pl.col(c).is_in(marks_among(raw[c], missing).implode())).then(
            pl.col(c).str.strip_chars()
        )
        for c in types
    )
    cast = present.with_columns(pl.col(c).cast(t, strict=False) for c, t in types.items())
    for column, kind in types.items():
        refused = present[column].is_not_null() & cast[column].is_null()
        refuse_cells(raw[column], refused, table=table, kind=str(kind))
    return cast


def refuse_cells(cells: pl.Series, refused: pl.Series, *, table: str, kind: str) -> None:
    """Raises for the first refused cell of a column; does nothing where none is refused.

    Args:
        cells: The column as published, in file order.
        refused: Which cells are refused (Boolean).
        table: Table name for the message.
        kind: What the cells are not, for the message.

    Raises:
        ValueError: Names table, row (1 = first data row), column and value.
    """
    if not refused.any():
        return
    row = refused.arg_max() or 0
    raise ValueError(
        f"{table}, row {row + 1}, column {cells.name}: {cells[row]!r} is no {kind}"
        f" ({refused.sum()} such cells); the snapshot is intact, nothing was published:"
        " compare with the publisher's codebook, then extend the staging module"
    )
