"""What the tables of a build file hold, to compare files that claim to be of the same steps."""

from collections.abc import Collection
from pathlib import Path

import duckdb

from warehouse.contracts.read import contracts

Contents = dict[str, tuple[int, int]]
"""Table to its number of rows and the sum of their hashes."""


def contents(file: Path, tables: Collection[str] = ()) -> Contents:
    """The contents of some tables, or of all but `meta.*`, which has dates.

    `compare_builds` leaves out what is of one step hash, since it is equal where steps are; here
    everything is looked at.
    """
    wanted = tables or [table for table in contracts() if not table.startswith("meta.")]
    hashed = "SELECT count(*), coalesce(sum(hash(t)::HUGEINT), 0) FROM {} AS t"
    with duckdb.connect(str(file), read_only=True) as connection:
        return {t: connection.execute(hashed.format(t)).fetchall()[0] for t in wanted}
