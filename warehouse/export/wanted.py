"""What a query is asked for, and what was written: read by its process and by who starts that.

Neither DuckDB nor Polars is imported here: whoever asks needs none of them.
"""

from dataclasses import dataclass
from pathlib import Path

from warehouse.export.limits import Limits

FORMATS = ("csv", "parquet", "json", "xlsx", "dta")
"""Formats of files, by the ending of their names."""
SHOWN = "rows"
"""What is only shown (`warehouse.export.shown`): the first rows, and how many there are."""


@dataclass(frozen=True)
class Wanted:
    """What is asked, and how the answer is written.

    Attributes:
        sql: One statement.
        form: One of `FORMATS`, or `SHOWN`.
        target: File that is written.
        limits: What the query may use.
        spreadsheet_safe: Whether text that a spreadsheet would run is quoted (CSV).
        n_shown: Rows that are kept of `SHOWN`; None for all.
    """

    sql: str
    form: str
    target: Path
    limits: Limits
    spreadsheet_safe: bool = False
    n_shown: int | None = None


@dataclass(frozen=True)
class Answered:
    """What was written.

    Attributes:
        n_rows: Rows of the answer: those that were written, and of `SHOWN` all that were counted.
        is_cut: Whether there are more, which the limits leave out.
    """

    n_rows: int
    is_cut: bool


@dataclass(frozen=True)
class Opened:
    """What a person has to know of a file before they read an answer of it.

    Attributes:
        is_simulated: Whether its world is made up.
        only: The tables that a partial build was made for; empty for a whole one.
        fault: Why it is no warehouse, for all that it can be opened; empty where it is one.
        build_id: The build that it holds; empty where it is none.
    """

    is_simulated: bool
    only: tuple[str, ...]
    fault: str = ""
    build_id: str = ""
