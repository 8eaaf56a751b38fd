"""The header of a text: where it is, what separates its columns, and how it differs from another.

Formats are read from the bytes: a publisher who changes tabs to commas has changed nothing else.
"""

import csv
import io
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

SEPARATORS = (",", "\t", ";")
N_LINES = 10
"""A header is among the first lines; what stands above it says where the table is from."""
BEGINNING = 65_536
"""Bytes that are enough to see it."""


@dataclass(frozen=True)
class Header:
    """The header of a text.

    Attributes:
        columns: Its cells, stripped.
        separator: What separates them.
        line: Number of the line, from 0.
    """

    columns: tuple[str, ...]
    separator: str
    line: int


@dataclass(frozen=True)
class HeaderDifference:
    """How the header of a file differs from the declared one.

    Attributes:
        missing: Declared columns that the file lacks, in the declared order.
        added: Columns that the file has besides.
        is_in_order: Whether the declared columns are the first ones, in their order.
    """

    missing: tuple[str, ...]
    added: tuple[str, ...]
    is_in_order: bool

    def __str__(self) -> str:
        """The difference in words."""
        parts = []
        if self.missing:
            parts.append(f"lacks {', '.join(self.missing)}")
        if self.added:
            parts.append(f"has {', '.join(self.added)} besides")
        if not self.missing and not self.is_in_order:
            parts.append("has them in another order")
        return "; ".join(parts) or "as declared"


def find_header(beginning: bytes, wanted: Collection[str]) -> Header:
    """The first line that has most of these columns, in any order; else the first line.

    Args:
        beginning: The first bytes; a byte order mark is passed over.
        wanted: Names of columns.
    """
    headers = [_split(line, number) for number, line in enumerate(_lines(beginning)[:N_LINES])]
    if not headers:
        return Header((), SEPARATORS[0], 0)
    # of several that have as many, max takes the first
    return max(headers, key=lambda header: len(set(wanted) & set(header.columns)))


def compare_header(found: Sequence[str], declared: Sequence[str]) -> HeaderDifference:
    """Compares the columns of a file with those that its declaration begins with."""
    return HeaderDifference(
        missing=tuple(column for column in declared if column not in found),
        added=tuple(c for c in found if c not in declared) if list(found) else (),
        is_in_order=list(found[: len(declared)]) == list(declared),
    )


def nearest_difference(
    beginning: bytes, layouts: Iterable[tuple[str, Sequence[str]]]
) -> tuple[str, HeaderDifference]:
    """The layout of which the fewest columns are missing, and what differs.

    Args:
        beginning: The first bytes of a file.
        layouts: Name of a layout and its columns, at least one.
    """
    compared = [
        (name, compare_header(find_header(beginning, columns).columns, columns))
        for name, columns in layouts
    ]
    return min(compared, key=lambda one: len(one[1].missing))


def _lines(beginning: bytes) -> list[str]:
    text = beginning.decode("utf-8-sig", errors="replace")
    # bare CR ends lines in some publishers' files
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _split(line: str, number: int) -> Header:
    def cells(separator: str) -> list[str]:
        return next(csv.reader(io.StringIO(line), delimiter=separator), [])

    separator = max(SEPARATORS, key=lambda each: len(cells(each)))
    return Header(tuple(cell.strip() for cell in cells(separator)), separator, number)
