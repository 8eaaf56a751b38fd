"""Texts in another encoding, with other lines, other columns or other numbers than before."""

import csv
import io
from collections.abc import Callable, Sequence

from tests.publisher.cases import Case, Edit, handled, refused

Rows = list[list[str]]


def table_edit(edit: Callable[[Rows], Rows], separator: str = ",") -> Edit:
    """The same text with other rows; the first is the header."""

    def apply(content: bytes) -> bytes:
        text = content.decode("utf-8-sig")
        rows = edit(list(csv.reader(io.StringIO(text, newline=""), delimiter=separator)))
        written = io.StringIO()
        csv.writer(written, delimiter=separator, lineterminator="\n").writerows(rows)
        return written.getvalue().encode()

    return apply


def at_line(place: float, edit: Edit) -> Edit:
    """One line of the text is another; the place is a share of the whole."""

    def apply(content: bytes) -> bytes:
        lines = content.split(b"\n")
        n = max(1, int(len(lines) * place))
        return b"\n".join([*lines[:n], edit(lines[n]), *lines[n + 1 :]])

    return apply


def cell(column: str, value: str | Callable[[str], str], row: int = 40) -> Edit:
    """One cell of a column is another; the row counts from the first below the header."""

    def edit(rows: Rows) -> Rows:
        at = rows[0].index(column)
        old = rows[row][at]
        rows[row][at] = value if isinstance(value, str) else value(old)
        return rows

    return table_edit(edit)


def column_edit(edit: Callable[[Sequence[str]], Sequence[str]]) -> Edit:
    """Only the header is another."""
    return table_edit(lambda rows: [list(edit(rows[0])), *rows[1:]])


def _utf16(content: bytes) -> bytes:
    return content.decode("utf-8-sig").encode("utf-16")


def _cut(content: bytes) -> bytes:
    """Breaks off within a line, after a whole cell."""
    lines = content.rstrip(b"\n").split(b"\n")
    return b"\n".join(lines[:-1]) + b"\n" + lines[-1].rpartition(b",")[0] + b"\n"


def _half_quoted(content: bytes) -> bytes:
    closed = at_line(0.8, lambda line: line + b'"')(content)
    return at_line(0.2, lambda line: b'"' + line)(closed)


def forms(first: str, last: str) -> list[Case[Edit]]:
    """What can happen to any text.

    Args:
        first: Its first column.
        last: Its last declared column.
    """
    return [
        handled("a byte order mark", lambda t: b"\xef\xbb\xbf" + t.removeprefix(b"\xef\xbb\xbf")),
        handled("lines of Windows", lambda t: t.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")),
        handled("lines of old spreadsheets", lambda t: t.replace(b"\r", b"").replace(b"\n", b"\r")),
        handled("every cell quoted", _quoted),
        refused("UTF-16", _utf16, "NUL bytes"),
        refused("a NUL byte at once", at_line(0.0, lambda b: b"\0" + b), "NUL bytes"),
        refused("a NUL byte late", at_line(0.9, lambda b: b"\0" + b), "NUL bytes"),
        refused("a cell too few", at_line(0.5, lambda b: b.rpartition(b",")[0]), "cells where"),
        refused("a cell too many", at_line(0.5, lambda b: b + b",x"), "cells where|more fields"),
        refused("cut within the last line", _cut, "cells where|last_line"),
        refused("a quotation that never ends",
                at_line(0.7, lambda b: b'"' + b), "never closed|cells where"),
        refused("a quotation over half of the file", _half_quoted, "cells|UTF-8|many"),
        refused("the header twice", table_edit(lambda r: [r[0], *r[:200], r[0], *r[200:]])),
        refused("the header alone", table_edit(lambda r: r[:1])),
        refused("no header", table_edit(lambda r: r[1:]), "header_as_declared"),
        refused("semicolons, one column",
                lambda t: t.replace(b",", b"|"), "header_as_declared"),
        refused("the first column has another name", column_edit(
            lambda h: ["key" if c == first else c for c in h]), "header_as_declared"),
        refused("the last declared column has another name",
                column_edit(lambda h: ["value2" if c == last else c for c in h])),
        refused("a column is gone", table_edit(
            lambda r: [row[: r[0].index(last)] + row[r[0].index(last) + 1 :] for row in r])),
        refused("a column twice", table_edit(
            lambda r: [[*row, row[r[0].index(last)]] for row in r]), "twice"),
        refused("an empty line in the middle", at_line(0.5, lambda b: b + b"\n")),
    ]  # fmt: skip


def _quoted(content: bytes) -> bytes:
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return written.getvalue().encode()


CUT: list[Case[Edit]] = [
    refused(
        "cut just before the end of the last line",
        lambda t: t.rstrip(b"\r\n"),
        "last_line_is_whole",
    ),
]
"""Of files that end with a line; some do not."""

ENCODINGS: list[Case[Edit]] = [
    refused("a letter of Latin-1", at_line(0.6, lambda b: b"\xe9" + b), "UTF-8"),
    refused("half a letter of UTF-8", at_line(0.6, lambda b: b"\xc3" + b), "UTF-8"),
]
"""Not of sources that people keep in spreadsheets, which are read in Windows-1252 as well."""


def numbers(column: str) -> list[Case[Edit]]:
    """What can happen to any number.

    Args:
        column: A column of numbers.
    """
    return [
        refused("a word for a number", cell(column, "many"), column),
        refused("a decimal comma", cell(column, "12,5"), column),
        refused("a sign for thousands", cell(column, "1 234"), column),
        refused("not a number", cell(column, "NaN?"), column),
        refused("infinity", cell(column, "inf"), column),
        refused("minus nine for missing", cell(column, "-9"), column),
        refused("a negative number", cell(column, lambda v: f"-{v}"), column),
        refused("a number in hexadecimal", cell(column, "0x1F"), column),
        refused("a formula", cell(column, "=1+1"), column),
        refused("digits of another script", cell(column, "\u0661\u0662"), column),
        refused("a number of 400 digits", cell(column, "9" * 400)),
    ]


TEXTS: dict[str, list[Case[Edit]]] = {
    "us_troops": [
        *forms("countryname", "year"),
        *CUT,
        *ENCODINGS,
        *numbers("troops"),
        handled("spaces around a number", cell("troops", lambda v: f" {v} ")),
        refused("rows twice", table_edit(lambda r: [*r, *r[-3:]]), "Unique"),
    ],
    "gdp": [
        *forms("Country Name", "Value"),
        *ENCODINGS,
        *numbers("Value"),
        refused("spaces around a number", cell("Value", lambda v: f" {v} "), "Value"),
        refused("rows twice", table_edit(lambda r: [*r, *r[-3:]]), "Unique"),
    ],
    "us_construction": [*forms("countryname", "year"), *CUT],
}
