"""Runs one query within its limits, and writes its answer to a file in some format."""

import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from warehouse.db import Connection, QueryError, Relation, single_statement
from warehouse.export.columns import as_format_holds
from warehouse.export.csv_json import write_csv, write_json
from warehouse.export.limits import Limits, RefusedError, beyond

FORMATS = ("csv", "parquet", "json", "xlsx", "dta")
"""Formats of files, by the ending of their names."""
SHOWN = "rows"
"""What is only shown: the first rows as an Arrow file, and how many there are."""
_ROWS_OF_A_BATCH = 20_000
_OS_ERROR = re.compile(r"(?:os error|errno) (\d+)")


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
    if form in ("parquet", SHOWN):
        _write_arrow(batches, reader.schema, wanted)
    elif form == "xlsx":
        from warehouse.export.workbook import write_workbook

        write_workbook(_frames(batches, reader.schema), path)
    elif form == "dta":
        from warehouse.export.stata import refuse_names, write_stata

        refuse_names(relation.columns)  # before the query runs
        write_stata(_frames(batches, reader.schema), path)
    else:
        with path.open("wb") as file:
            frames = _frames(batches, reader.schema)
            if form == "csv":
                write_csv(frames, file, safe=wanted.spreadsheet_safe)
            else:
                write_json(frames, file)
    return Answered(counted.n_rows, counted.is_cut)


def _write_arrow(batches: Iterator[Any], schema: Any, wanted: Wanted) -> None:
    if wanted.form == "parquet":
        from warehouse.export.parquet import write_parquet

        write_parquet(batches, schema, wanted.target)
        return
    import pyarrow as pa

    kept = 0
    with pa.OSFile(str(wanted.target), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
        for batch in batches:  # the rest is counted only
            left = batch.num_rows if wanted.n_shown is None else max(wanted.n_shown - kept, 0)
            if left:
                writer.write_batch(batch.slice(0, left))
            kept += batch.num_rows


def _frames(batches: Iterator[Any], schema: Any) -> Iterator[pl.DataFrame]:
    """Batches as frames; the first is there even when there is no row."""
    yield _frame(schema.empty_table())
    for batch in batches:
        yield _frame(batch)


def _frame(rows: Any) -> pl.DataFrame:
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
