"""Whether the beginning of a file is that of its source: formats are read from the bytes."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

_DELIMITERS = (",", "\t", ";")


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

    @property
    def is_none(self) -> bool:
        """Whether the header begins as declared."""
        return not self.missing and self.is_in_order

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


def header_of(beginning: bytes) -> list[str]:
    """The columns in the first line of a text, by whichever delimiter gives most of them.

    Args:
        beginning: The first bytes; a byte order mark is passed over.

    Returns:
        Names of columns, stripped; empty where there is no line.
    """
    text = beginning.decode("utf-8-sig", errors="replace")
    line = text.replace("\r\n", "\n").replace("\r", "\n").partition("\n")[0]
    rows = [next(csv.reader(io.StringIO(line), delimiter=d), []) for d in _DELIMITERS]
    return [column.strip() for column in max(rows, key=len)]


def compare_header(found: Sequence[str], declared: Sequence[str]) -> HeaderDifference:
    """Compares the columns of a file with those that its declaration begins with."""
    return HeaderDifference(
        missing=tuple(column for column in declared if column not in found),
        added=tuple(c for c in found if c not in declared) if list(found) else (),
        is_in_order=list(found[: len(declared)]) == list(declared),
    )
