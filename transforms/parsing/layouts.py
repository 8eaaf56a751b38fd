"""Layouts: what a source's releases look like, and how each is read into the same columns.

A staging module lists the layouts that it knows, the declaration of its source names them. A file
is read by the first of which it has all columns. Columns that a layout does not have are there
all the same, empty: the contract says why they are NULL. A file of no known layout is refused, with
what it lacks and what it has besides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from transforms.parsing.delimited import parse_delimited, with_line_feeds
from transforms.parsing.headers import BEGINNING, find_header, nearest_difference

INDEX_COLUMNS = ("", "X", "Unnamed: 0", "...1", "rownames")
"""Names that tools give to the numbers of rows when they write them into a file."""


@dataclass(frozen=True)
class Layout:
    """One layout of a source.

    Attributes:
        name: As in the declaration.
        columns: Columns by which it is known, in any order.
        absent: Further columns of the source that this layout may lack, each with the reason.
        only_known: Whether columns of neither kind are passed over; otherwise they are kept, for
            the raw gate to judge.
    """

    name: str
    columns: tuple[str, ...]
    absent: Mapping[str, str] = field(default_factory=dict)
    only_known: bool = False


@dataclass(frozen=True)
class Reading:
    """A file that was read.

    Attributes:
        layout: By which layout.
        table: The cells, every column a string: all columns of the layout and all that it may
            lack, then others.
    """

    layout: Layout
    table: pl.DataFrame


def read_by_layout(content: bytes, *, member: str, layouts: Sequence[Layout]) -> Reading:
    """Reads a delimited text of one of several layouts; the separator is read from the bytes.

    Args:
        content: UTF-8 text, with or without a byte order mark and lines above the header.
        member: File name for messages.
        layouts: What may be meant, the declared layout first.

    Raises:
        ValueError: The bytes are no such table, or the header is of no layout; the message has
            the difference from the nearest one.
    """
    content = with_line_feeds(content)
    beginning = content[:BEGINNING]
    found = [(layout, find_header(beginning, layout.columns)) for layout in layouts]
    known = [(la, head) for la, head in found if set(la.columns) <= set(head.columns)]
    if not known:
        name, difference = nearest_difference(
            beginning, [(layout.name, layout.columns) for layout in layouts]
        )
        raise ValueError(
            f"{member}: columns {list(difference.missing)} are missing of layout {name}"
            f" ({difference}); known layouts: {', '.join(la.name for la in layouts)}."
            " The publisher may have changed the layout: the snapshot is intact; compare its first"
            " lines with the publisher's page and describe the layout in the staging module"
        )
    layout, header = known[0]
    below = content.split(b"\n", header.line)[-1] if header.line else content
    table = parse_delimited(
        below, member=member, separator=header.separator, lines_above=header.line
    )
    wanted = [*layout.columns, *layout.absent]
    lacking = [pl.lit(None, pl.String).alias(c) for c in layout.absent if c not in table.columns]
    others = [c for c in table.columns if c not in wanted and c not in INDEX_COLUMNS]
    chosen = wanted if layout.only_known else [*wanted, *others]
    return Reading(layout, table.with_columns(lacking).select(chosen))
