"""The published warehouse, opened for a verb that reads it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from flows.cli import console
from flows.cli.options import current_home
from flows.home.build_files import fault_of_bytes, fault_of_size, unknown_bytes
from flows.home.builds import unreadable
from flows.home.paths import Home
from warehouse.catalog.builds import PublishedBuild, current_build, read_build
from warehouse.db import Connection, QueryError, WarehouseMissingError, read_published

_Fault = Callable[[Path, str, Home], str | None]


@contextmanager
def opened(warehouse: Path) -> Iterator[Connection]:
    """The published warehouse, read-only, with the banner where it is simulated.

    Ends the program with code 1 where there is none, where DuckDB cannot read it, or where it has
    another size than its build: errors of what a person asked for are for the caller to catch.

    Args:
        warehouse: The published file.

    Yields:
        A connection that cannot write.
    """
    with _opened(warehouse, fault_of_size) as connection:
        yield connection


@contextmanager
def opened_whole(warehouse: Path) -> Iterator[Connection]:
    """As `opened`, the file hashed first: for what is written of it and outlives it.

    Args:
        warehouse: The published file, or that of a kept build.

    Yields:
        A connection that cannot write.
    """
    with _opened(warehouse, fault_of_bytes) as connection:
        yield connection


@contextmanager
def _opened(warehouse: Path, find_fault: _Fault) -> Iterator[Connection]:
    with ExitStack() as stack:
        try:
            connection = stack.enter_context(read_published(warehouse))
            build = current_build(connection)
        except (WarehouseMissingError, QueryError) as error:
            console.fail(unreadable(warehouse, error), 1)
        if build:
            if fault := find_fault(warehouse, build.build_id, current_home()):
                console.fail(_words_of(fault, warehouse, build), 1)
            if find_fault is fault_of_bytes:
                console.warn(unknown_bytes(build.build_id, current_home()))
            console.warn_of(is_simulated=build.is_simulated, only=build.only)
        try:
            yield connection
        except QueryError as error:
            console.fail(unreadable(warehouse, error), 1)


def _words_of(fault: str, warehouse: Path, build: PublishedBuild) -> str:
    """What is said of a file that is not its build's; a publish may have come in between."""
    now = read_build(warehouse)
    if now and now.build_id != build.build_id:
        return f"{warehouse} was published anew meanwhile. Nothing was written: ask again."
    return f"{fault} Nothing was written."
