"""Delimited text as a table of strings, refused where reading it would invent or lose cells.

The reader fills what a short row lacks with NULL and renames a column that is there twice; a file
cut short, or with a separator lost, would become rows that look like data. So the cells of every
line are counted. Messages name the file and the line, and fit on a screen.
"""

import csv
import io
import re
from collections.abc import Iterator

import polars as pl

MOST_OF_A_CAUSE = 300
"""Characters of a library's own words that a message repeats; some repeat the whole file."""

LONGEST_CELL = 1 << 17
"""Characters of a quoted cell; a longer one is a quotation mark that was lost. Python's reader has
such a limit, too, but one for the whole process, which any library may move."""

_PIECE = 1 << 26
_DUPLICATED = re.compile(r"(?P<name>.+)_duplicated_\d+")
_INTACT = "; the snapshot is intact, compare its first lines with the publisher's page"


def with_line_feeds(content: bytes) -> bytes:
    """The text with LF at the ends of lines that have CR alone, as old spreadsheets write them."""
    return content if b"\n" in content else content.replace(b"\r", b"\n")


def parse_delimited(
    content: bytes, *, member: str, separator: str, lines_above: int = 0
) -> pl.DataFrame:
    """Reads delimited text with a header line; every column stays a string.

    Args:
        content: UTF-8, with or without a byte order mark; lines end with LF, CRLF or CR.
        member: File name for messages.
        separator: One character between cells.
        lines_above: Lines of the file above the header, for the numbers in messages.

    Returns:
        The cells as published. NULL only where a cell is empty.

    Raises:
        ValueError: The bytes are no text in UTF-8, hold NUL bytes or a quotation that does not
            end, name a column twice, or a line has another number of cells than the header.
    """
    content = with_line_feeds(content)
    if (at := content.find(b"\0")) >= 0:
        line = content.count(b"\n", 0, at) + 1 + lines_above
        raise ValueError(f"{member}, line {line}: a NUL byte, which no text has{_INTACT}")
    try:
        content.decode("utf-8")
        table = pl.read_csv(content, separator=separator, infer_schema=False)
    except (UnicodeDecodeError, pl.exceptions.PolarsError) as error:
        if content.count(b'"') % 2:
            raise ValueError(
                f"{member}: a quotation mark opens and is never closed{_INTACT}"
            ) from None
        cause = " ".join(str(error).split())[:MOST_OF_A_CAUSE]
        raise ValueError(
            f"{member}: not a UTF-8 table separated by {separator!r} ({cause}){_INTACT}"
        ) from error
    if twice := [m["name"] for m in map(_DUPLICATED.fullmatch, table.columns) if m]:
        raise ValueError(f"{member}: column {twice[0]!r} is there twice: which is meant?{_INTACT}")
    # blank lines are no rows
    try:
        wrong = list(_wrong_lines(content, separator, table.width))
    except csv.Error as error:
        raise ValueError(f"{member}: a quotation goes on over many lines ({error}){_INTACT}") from (
            error
        )
    if wrong:
        line, n_cells = wrong[0]
        raise ValueError(
            f"{member}, line {line + lines_above}: {n_cells} cells where the header has"
            f" {table.width} ({len(wrong):,} such lines): cut short, or a separator is"
            f" lost{_INTACT}"
        )
    return table


def _wrong_lines(content: bytes, separator: str, width: int) -> Iterator[tuple[int, int]]:
    """Number of a line, and of its cells, where they are not as many as in the header."""
    n_before = 0
    for piece in _pieces(content):
        lines = pl.read_csv(
            piece,
            separator="\x01",
            quote_char=None,
            has_header=False,
            new_columns=["line"],
            infer_schema=False,
            truncate_ragged_lines=True,
        )["line"]
        bare = lines.str.replace_all('"[^"]*"', "")
        if bare.str.contains('"', literal=True).any():  # a quoted cell runs over several lines
            yield from _wrong_rows(content, separator, width)
            return
        n_cells = bare.str.count_matches(separator, literal=True) + 1
        is_wrong = (n_cells != width) & (lines.str.strip_chars() != "")
        for at in is_wrong.fill_null(value=False).arg_true():
            yield n_before + at + 1, int(n_cells[at])
        n_before += lines.len()


def _pieces(content: bytes) -> Iterator[bytes]:
    """The text in pieces that end with a line, so that little more memory is needed."""
    start = 0
    while start < len(content):
        end = content.find(b"\n", start + _PIECE) + 1 or len(content)
        yield content[start:end]
        start = end


def _wrong_rows(content: bytes, separator: str, width: int) -> Iterator[tuple[int, int]]:
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=separator)
    for cells in rows:
        longest = max(map(len, cells), default=0)
        if longest > LONGEST_CELL:
            raise csv.Error(f"line {rows.line_num}: a cell of {longest:,} characters")
        if cells and len(cells) != width:
            yield rows.line_num, len(cells)
