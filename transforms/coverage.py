"""What a source or a hand-coded list covers, as a step is told.

Each source declares its coverage once, beside its address, and each list beside its rows. A step is
passed those that it names, as `coverage`: what lies after an end is not known, so nothing that ends
there is an exit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

LAST_IN_DATA = "last_in_data"


@dataclass(frozen=True)
class Coverage:
    """What one source or list covers.

    Attributes:
        first: First day covered.
        last: Last day covered; None where it is that of the rows.
        carried_to: Last day to which the state at the end is carried forward; None where
            nothing is.
        columns: Column to its first and last year or session, where it is filled in a part only.
    """

    first: date
    last: date | None = None
    carried_to: date | None = None
    columns: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def end(self, latest: date | None = None) -> date:
        """The last day covered.

        Args:
            latest: Latest day in the rows. Rows that run on after the declared end take it with
                them (the gate of the source warns of them).

        Raises:
            ValueError: The end is that of the rows, and there are none.
        """
        days = [day for day in (self.last, latest) if day is not None]
        if not days:
            raise ValueError("coverage ends with the last row, and there is no row")
        return max(days)


def coverage_of(declared: Mapping[str, Any], *, session_offset: int = 1945) -> Coverage:
    """Reads a declaration.

    Args:
        declared: `unit` (day, year or session), `from`, `to` and perhaps `carried_forward`, as in
            `flows/sources/schema.json`.
        session_offset: Year of a session, less its number.

    Raises:
        ValueError: A day cannot be read, or the coverage ends before it begins.
    """
    offset = session_offset if declared["unit"] == "session" else 0

    def day(value: int | str, month: int, of_month: int) -> date:
        if isinstance(value, str):
            return date.fromisoformat(value)
        return date(value + offset, month, of_month)

    first, carried = day(declared["from"], 1, 1), declared.get("carried_forward")
    last = None if declared["to"] == LAST_IN_DATA else day(declared["to"], 12, 31)
    if last is not None and last < first:
        raise ValueError(f"coverage ends on {last}, before it begins on {first}")
    columns = {c: (part["from"], part["to"]) for c, part in declared.get("columns", {}).items()}
    return Coverage(first, last, day(carried["to"], 12, 31) if carried else None, columns)


def end_of_year(year: int | None) -> date | None:
    """Its last day, to be passed to `Coverage.end`."""
    return None if year is None else date(year, 12, 31)
