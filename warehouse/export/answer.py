"""Runs one query within its limits, and writes its answer to a file in some format."""

import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import duckdb

from warehouse.db import Connection, QueryError, Relation, single_statement
from warehouse.export.columns import as_format_holds
from warehouse.export.limits import Limits, RefusedError, beyond
from warehouse.export.shown import write_shown
from warehouse.export.wanted import SHOWN, Answered, Wanted

if TYPE_CHECKING:  # what is only shown is written without Polars
    import polars as pl

_ROWS_OF_A_BATCH = 20_000
_OS_ERROR = re.compile(r"(?:os error|errno) (\d+)")


def write_answer(connection: Connection, wanted: Wanted) -> Answered:
    """Runs a query on a closed-off connection, and writes every row of its answer.

    Args:
        connection: Read-only, without access to anything else (`limits.close_off`).
        wanted: The query, and the file to write.

    Raises:
        QueryError: DuckDB refuses the statement.
        RefusedError: The answer passes a limit, or the format does not hold it.
        OSError: The file cannot be written.
    """
    clock = _Clock(connection, wanted.limits.seconds)
    try:
        with clock:
            relation = single_statement(connection, wanted.sql)
            if relation is None:
                raise RefusedError(
                    "That statement asks for no rows. The warehouse is read-only, and nothing but"
                    " it is reached: use SELECT, FROM, PIVOT, DESCRIBE or SUMMARIZE."
                )
            return _written(as_format_holds(relation, wanted.form), wanted, clock)
    except (MemoryError, QueryError, OSError) as error:
        raise _what_it_was(error, wanted.limits, clock) from error


def _what_it_was(error: Exception, limits: Limits, clock: "_Clock") -> Exception:
    """The error behind an error: Arrow and Polars make an OSError of any."""
    if clock.is_over:
        return beyond("seconds", limits)
    says = str(error)
    is_memory = isinstance(error, MemoryError | duckdb.OutOfMemoryException)
    if is_memory or "Out of Memory" in says or "bad_alloc" in says or "bad allocation" in says:
        return beyond("memory", limits)
    if isinstance(error, OSError) and error.errno is None:
        number = _OS_ERROR.search(says)
        if number:
            return OSError(int(number[1]), os.strerror(int(number[1])))
        return QueryError(says)
    return error


class _Clock:
    """Interrupts a connection when its seconds are over."""

    def __init__(self, connection: Connection, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._timer = threading.Timer(seconds, connection.interrupt)
        self._timer.daemon = True

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self._end

    def __enter__(self) -> "_Clock":
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()


def _written(relation: Relation, wanted: Wanted, clock: _Clock) -> Answered:
    reader = relation.to_arrow_reader(_ROWS_OF_A_BATCH)
    counted = _Counted(wanted, clock)
    batches = counted.batches(reader)
    path, form = wanted.target, wanted.form
    if form == SHOWN:
        write_shown(batches, reader.schema, path, wanted.n_shown)
    elif form == "parquet":
        from warehouse.export.parquet import write_parquet

        write_parquet(batches, reader.schema, path)
    elif form == "xlsx":
        from warehouse.export.workbook import write_workbook

        write_workbook(_frames(batches, reader.schema), path)
    elif form == "dta":
        from warehouse.export.stata import refuse_names, write_stata

        refuse_names(relation.columns)  # before the query runs
        write_stata(_frames(batches, reader.schema), path)
    else:
        from warehouse.export.csv_json import write_csv, write_json

        with path.open("wb") as file:
            frames = _frames(batches, reader.schema)
            if form == "csv":
                write_csv(frames, file, safe=wanted.spreadsheet_safe)
            else:
                write_json(frames, file)
    return Answered(counted.n_rows, counted.is_cut)


def _frames(batches: Iterator[Any], schema: Any) -> "Iterator[pl.DataFrame]":
    """Batches as frames; the first is there even when there is no row."""
    yield _frame(schema.empty_table())
    for batch in batches:
        yield _frame(batch)


def _frame(rows: Any) -> "pl.DataFrame":
    import polars as pl

    frame = pl.from_arrow(rows)
    if not isinstance(frame, pl.DataFrame):
        raise TypeError(f"rows of Arrow became {type(frame)}")
    return frame


class _Counted:
    """Counts the rows of batches, and ends them at the limit of rows or of time."""

    def __init__(self, wanted: Wanted, clock: _Clock) -> None:
        self._wanted, self._clock = wanted, clock
        self.n_rows, self.is_cut = 0, False

    def batches(self, reader: Any) -> Iterator[Any]:
        limits = self._wanted.limits
        for batch in reader:
            if self._clock.is_over:
                raise beyond("seconds", limits)
            n = batch.num_rows
            if limits.rows is not None and self.n_rows + n > limits.rows:
                if not limits.cut:
                    raise beyond("rows", limits)
                n, self.is_cut = limits.rows - self.n_rows, True
            self.n_rows += n
            yield batch.slice(0, n)
            if self.is_cut:
                return


def exit_with_parent(read: Callable[[], object]) -> None:
    """Ends this process when the one that has started it is gone.

    Args:
        read: Returns when the parent closes its end of a pipe, as it does whenever it ends.
    """

    def wait() -> None:
        read()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
