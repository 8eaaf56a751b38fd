"""Opens the published warehouse for a command, and says in words what stands in the way."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows import console
from warehouse.db import Connection, QueryError, WarehouseMissingError, read_published


def unreadable(warehouse: Path, error: Exception) -> str:
    """What is said of a published file that cannot be read, and what to do about it."""
    first = str(error).splitlines()[0]
    advice = "asymmetry refresh builds it anew; earlier builds lie in builds/"
    return f"{warehouse} cannot be read ({first}): {advice}"


@contextmanager
def opened(warehouse: Path) -> Iterator[Connection]:
    """The published warehouse, read-only, with the banner where it is simulated.

    Ends the program with code 1 where there is none, or where DuckDB cannot read it: errors of
    what a person asked for are for the caller to catch.

    Args:
        warehouse: The published file.

    Yields:
        A connection that cannot write.
    """
    try:
        with read_published(warehouse) as connection:
            console.warn_if_simulated(connection)
            yield connection
    except WarehouseMissingError as error:
        console.fail(str(error), 1)
    except QueryError as error:
        console.fail(unreadable(warehouse, error), 1)
