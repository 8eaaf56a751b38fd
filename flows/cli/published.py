"""The published warehouse, opened for a verb that reads it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.cli import console
from flows.home.builds import unreadable
from warehouse.catalog.builds import current_build
from warehouse.db import Connection, QueryError, WarehouseMissingError, read_published


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
            if build := current_build(connection):
                console.warn_of(is_simulated=build.is_simulated, only=build.only)
            yield connection
    except WarehouseMissingError as error:
        console.fail(str(error), 1)
    except QueryError as error:
        console.fail(unreadable(warehouse, error), 1)
