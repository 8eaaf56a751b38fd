"""First and last year or session of a table's rows, found by the columns that date them."""

from dataclasses import dataclass
from typing import Literal

from warehouse.contracts.model import Contract
from warehouse.db import Connection

Unit = Literal["year", "session"]

_LAST_OF_SPELL = "year(greatest(valid_from, valid_to))"  # valid_to is NULL while a spell lasts
_DATED_BY: tuple[tuple[Unit, tuple[str, ...], str, str], ...] = (
    # unit, columns that the table must have, first and last in SQL; the first that fits counts
    ("session", ("session",), "session", "session"),
    ("year", ("year",), "year", "year"),
    ("session", ("session_from", "session_to"), "session_from", "session_to"),
    ("year", ("year_from", "year_to"), "year_from", "year_to"),
    ("year", ("valid_from", "valid_to"), "year(valid_from)", _LAST_OF_SPELL),
    ("year", ("in_force_from", "counts_to"), "year(in_force_from)", "year(counts_to)"),
    ("year", ("entry_year", "exit_year"), "entry_year", "greatest(entry_year, exit_year)"),
    ("year", ("begin_year", "end_year"), "begin_year", "greatest(begin_year, end_year)"),
    ("year", ("as_of",), "year(as_of)", "year(as_of)"),
)
_LISTED = {"carried_forward_from_year": "carried_forward_from_year IS NULL"}
_CARRIED = {
    "is_membership_carried_forward": "is_membership_carried_forward",
    "carried_forward_from_year": "carried_forward_from_year IS NOT NULL",
}


@dataclass(frozen=True)
class TimeSpan:
    """What the rows of a table cover.

    Attributes:
        unit: What is counted.
        first: First year or session; None without rows.
        last: Last one, without rows that only carry a spell forward; None without rows.
        carried_from: First one in rows that are flagged as carried forward; None without such.
    """

    unit: Unit
    first: int | None
    last: int | None
    carried_from: int | None


def time_span(connection: Connection, contract: Contract) -> TimeSpan | None:
    """The span of a table that is loaded; None where its rows have no year and no session.

    Args:
        connection: Connection to the file.
        contract: The table's contract.
    """
    names = {column.name for column in contract.columns}
    for unit, needed, first, last in _DATED_BY:
        if names.issuperset(needed):
            listed = " AND ".join(rule for name, rule in _LISTED.items() if name in names) or "true"
            carried = " OR ".join(rule for name, rule in _CARRIED.items() if name in names)
            found = connection.execute(
                f"SELECT min({first}), max({last}) FILTER ({listed}),"
                f" min({first}) FILTER ({carried or 'false'}) FROM {contract.table}"
            ).fetchall()[0]
            return TimeSpan(unit, *(None if value is None else int(value) for value in found))
    return None
