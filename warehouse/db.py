"""Opens DuckDB: a build file for the one writer, the published file for readers.

Files are written in the storage format of DuckDB 1.4, so that older clients can read them.
A writer excludes every other process, so the published file is never written to. A build is
written to another file, checkpointed, closed, and moved into place by a rename
(`warehouse/swap_in.py`).
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse.swap_in import unmerged_changes

STORAGE_VERSION = "v1.4.0"

Connection = duckdb.DuckDBPyConnection
Relation = duckdb.DuckDBPyRelation
QueryError = duckdb.Error
UNREADABLE = (duckdb.OperationalError, duckdb.InternalError, duckdb.FatalException)
"""Errors of the file or the machine, not of a user's SQL."""

_LOCK_HOLDER = re.compile(r"lock is held in (.+?) \(PID (\d+)\)")
_READING = ("SELECT", "EXPLAIN", "PRAGMA", "CALL", "MULTI")
"""Kinds of statements that ask for rows; MULTI is what DuckDB makes of PIVOT."""


class WarehouseMissingError(FileNotFoundError):
    """There is no published warehouse yet."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"There is no warehouse at {path}. Build one first: `asymmetry refresh` (the"
            " simulated world, offline) or `asymmetry refresh --profile live`."
        )


class InUseError(duckdb.OperationalError):
    """Another program has the file open for writing; what is in it is not in doubt for that."""


class UnmergedChangesError(duckdb.OperationalError):
    """Another program has written to the file, and DuckDB would answer with what that changed."""


@contextmanager
def read_published(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Opens the published file read-only.

    Args:
        path: The published file.

    Yields:
        A connection that cannot write.

    Raises:
        WarehouseMissingError: Nothing has been published there.
        InUseError: Another program has it open for writing.
        UnmergedChangesError: Another program has written to it.
    """
    if not path.is_file():
        raise WarehouseMissingError(path)
    connection = _connected(path)
    try:
        yield connection
    finally:
        connection.close()


def _connected(path: Path) -> Connection:
    if (changes := unmerged_changes(path)).exists():
        raise UnmergedChangesError(
            f"{changes.name} lies beside it: another program has opened it for writing and changed"
            " something, and DuckDB would answer with that"
        )
    try:
        return duckdb.connect(str(path), read_only=True)
    except duckdb.IOException as error:
        if holder := _LOCK_HOLDER.search(str(error)):
            holds = f"{holder[1]}, process {holder[2]}, has it open for writing"
            raise InUseError(holds) from error
        raise


def single_statement(connection: Connection, sql: str) -> Relation | None:
    """The answer to one statement of a user.

    Args:
        connection: A read-only connection without access to anything else
            (`warehouse.export.limits.close_off`).
        sql: One statement.

    Returns:
        Its rows; None for a statement that does not ask for any, which is not run.

    Raises:
        QueryError: DuckDB refuses it, it would read or write another file, or there is no
            statement or several (all but the last would answer unseen).
    """
    statements = connection.extract_statements(sql)
    if (n := len(statements)) != 1:
        raise QueryError(f"{n} statements; ask one at a time" if n else "There is no SQL in that")
    if statements[0].type.name not in _READING:
        return None
    relation: Relation | None = connection.sql(sql)
    return relation


@contextmanager
def write_build(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Opens a new build file, and checkpoints and closes it at the end.

    Args:
        path: The build file; the file of an interrupted build is replaced.

    Yields:
        A connection whose default database is the build file. When the block raises, the
        unfinished file is removed and the error passes on.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    unmerged_changes(path).unlink(missing_ok=True)
    connection = duckdb.connect(":memory:")
    try:
        # icu is built in; no extension is looked up on the network
        connection.execute("SET autoinstall_known_extensions = false")
        connection.execute(f"ATTACH {_quoted(path)} AS build (STORAGE_VERSION '{STORAGE_VERSION}')")
        connection.execute("USE build")
        yield connection
        connection.execute("CHECKPOINT build")
        connection.execute("USE memory")
        connection.execute("DETACH build")
    except BaseException:
        connection.close()
        path.unlink(missing_ok=True)
        unmerged_changes(path).unlink(missing_ok=True)
        raise
    connection.close()


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
