"""The process that one query runs in: reads what is wanted, answers, and ends.

A process can be ended whatever it is at, and the system bounds what it takes. It reads one line of
JSON, says on another what it has opened, writes the file that is asked for, and then says what was
written, or why not.
"""

import errno
import json
import os
import sys
from pathlib import Path
from typing import Any

from duckdb import TransactionException

from warehouse.catalog.builds import current_build
from warehouse.db import (
    UNREADABLE,
    Connection,
    QueryError,
    WarehouseMissingError,
    read_published,
)
from warehouse.export.answer import exit_with_parent, write_answer
from warehouse.export.bounded_query import OPENED
from warehouse.export.limits import (
    BeyondLimitError,
    Limits,
    RefusedError,
    beyond,
    bound_process,
    close_off,
)
from warehouse.export.wanted import Wanted

_MOST_CHARACTERS = 2_000
"""Of a message: DuckDB repeats the statement, which may be megabytes long."""


def main() -> None:
    """Answers the query on standard input."""
    request = json.loads(sys.stdin.readline())
    exit_with_parent(sys.stdin.read)
    limits = Limits.of_record(request["limits"])
    bound_process(limits)
    reply = _reply(request, limits)
    print(json.dumps(reply), flush=True)
    os._exit(0)  # nothing is left to do, and tearing down takes a tenth of a second


def _reply(request: dict[str, Any], limits: Limits) -> dict[str, Any]:
    wanted = Wanted(
        sql=request["sql"],
        form=request["form"],
        target=Path(request["target"]),
        limits=limits,
        spreadsheet_safe=request["spreadsheet_safe"],
        n_shown=request["n_shown"],
    )
    try:
        with read_published(Path(request["warehouse"])) as connection:
            close_off(connection, limits.memory_mb)
            print(json.dumps({"kind": OPENED, **_what_it_is(connection)}), flush=True)
            answered = write_answer(connection, wanted)
    except Exception as error:
        return _refusal(error, limits)
    return {"kind": "answered", "n_rows": answered.n_rows, "is_cut": answered.is_cut}


def _what_it_is(connection: Connection) -> dict[str, Any]:
    """What is said of an open file; of one that is no warehouse, why it is none."""
    build, fault = None, ""
    try:
        build = current_build(connection)
    except QueryError as error:
        fault = str(error)
    return {
        "is_simulated": build is not None and build.is_simulated,
        "only": list(build.only) if build else [],
        "fault": _short(fault),
        "build_id": build.build_id if build else "",
    }


_KINDS: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((RefusedError,), "refused"),
    ((WarehouseMissingError,), "missing"),
    ((TransactionException,), "sql"),
    (UNREADABLE, "unreadable"),
    ((QueryError,), "sql"),
    ((OSError,), "disk"),
)
"""The first kind that an error belongs to says what it is: a transaction is the query's, not the
file's, though both are operational errors to DuckDB."""

_NO_VALUES_OF_PYTHON = (ArithmeticError, ValueError)
"""What values of DuckDB raise that Python has none for: dates without end, 24:00 as a time."""


def _refusal(error: Exception, limits: Limits) -> dict[str, Any]:
    limit = error.limit if isinstance(error, BeyondLimitError) else None
    if isinstance(error, MemoryError):
        limit = "memory"
    elif isinstance(error, OSError) and error.errno == errno.EFBIG:
        limit = "file"
    if limit:
        return {"kind": limit, "message": str(beyond(limit, limits))}
    kind = next((kind for kinds, kind in _KINDS if isinstance(error, kinds)), None)
    if kind is None and isinstance(error, _NO_VALUES_OF_PYTHON):
        message = f"The answer has a value that cannot be written: {error}. Cast it to VARCHAR."
        return {"kind": "sql", "message": _short(message)}
    if kind is None:
        return {"kind": "broken", "message": _short(f"{type(error).__name__}: {error}")}
    says = error.strerror if isinstance(error, OSError) else None
    return {"kind": kind, "message": _short(says or str(error))}


def _short(text: str) -> str:
    return text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]} …"


if __name__ == "__main__":
    main()
