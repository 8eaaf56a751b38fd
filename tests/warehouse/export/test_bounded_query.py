"""A query in a process of its own: ended at its limits, whatever it is at."""

import time
from pathlib import Path

import duckdb
import pytest

from tests.processes import PATIENCE, children_of
from warehouse.db import QueryError, WarehouseMissingError
from warehouse.export import bounded_query
from warehouse.export.bounded_query import NotBegunError, UnreadableError, run_bounded
from warehouse.export.limits import BeyondLimitError, Limits, RefusedError
from warehouse.export.wanted import SHOWN, Answered, Wanted

LIMITS = Limits(seconds=10, memory_mb=300)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("warehouse") / "w.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE facts AS SELECT range AS n FROM range(100)")
    return path


def test_an_answer_is_written_and_errors_come_back_as_what_they_are(
    file: Path, tmp_path: Path
) -> None:
    target = tmp_path / "q.csv"
    assert run_bounded(file, Wanted("FROM facts", "csv", target, LIMITS)) == Answered(100, False)
    assert len(target.read_text().split()) == 101
    with pytest.raises(QueryError, match="nowhere"):
        run_bounded(file, Wanted("FROM nowhere", "csv", target, LIMITS))
    with pytest.raises(RefusedError, match="is a list"):
        run_bounded(file, Wanted("SELECT [1] AS l", "csv", target, LIMITS))
    with pytest.raises(OSError, match="No such file"):
        run_bounded(file, Wanted("FROM facts", "csv", tmp_path / "gone" / "q.csv", LIMITS))
    with pytest.raises(WarehouseMissingError):
        run_bounded(tmp_path / "gone.duckdb", Wanted("FROM facts", "csv", target, LIMITS))
    (tmp_path / "damaged.duckdb").write_bytes(b"\0" * 5000)
    with pytest.raises(UnreadableError):
        run_bounded(tmp_path / "damaged.duckdb", Wanted("FROM facts", "csv", target, LIMITS))


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT ['infinity'::DATE] AS days", "Cast it to VARCHAR"),
        ("CALL force_checkpoint()", "FORCE CHECKPOINT"),
    ],
)
def test_the_file_is_not_blamed_for_what_a_query_asks(
    file: Path, tmp_path: Path, sql: str, said: str
) -> None:
    with pytest.raises(QueryError, match=said):
        run_bounded(file, Wanted(sql, SHOWN, tmp_path / "q.txt", LIMITS))


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range <> b.range",
        "SELECT a.range AS n FROM range(1000000) a, range(1000000) b",
        "WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t) SELECT max(n) FROM t",
        # one value, at which DuckDB does not look up until it is done
        "SELECT levenshtein(repeat('a', 100000), repeat('b', 100000))",
    ],
)
def test_a_slow_query_is_ended(file: Path, tmp_path: Path, sql: str) -> None:
    import os

    began = time.monotonic()
    limits = Limits(seconds=0.5, memory_mb=300)
    with pytest.raises(BeyondLimitError, match=r"ended after 0\.5 s") as caught:
        run_bounded(file, Wanted(sql, "csv", tmp_path / "q.csv", limits))
    assert caught.value.limit == "seconds"
    assert time.monotonic() - began < 12 * PATIENCE  # most of it is the start of a process
    assert not [words for words in children_of(os.getpid()).values() if "query_process" in words]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT len(range(3000000000))",
        "SELECT length(repeat('x', 2000000000))",
        "SELECT string_agg(repeat('x', 1000000), '') FROM range(2000)",
        "SELECT count(DISTINCT hash(range)) FROM range(100000000)",
    ],
)
def test_a_query_that_needs_too_much_memory_is_ended(file: Path, tmp_path: Path, sql: str) -> None:
    with pytest.raises(BeyondLimitError, match="more than 300 MB of memory") as caught:
        run_bounded(file, Wanted(sql, "csv", tmp_path / "q.csv", LIMITS))
    assert caught.value.limit == "memory"


def test_a_file_that_grows_too_large_is_refused(file: Path, tmp_path: Path) -> None:
    limits = Limits(seconds=10, memory_mb=300, file_mb=1)
    sql = "SELECT sha256(range::VARCHAR) AS t FROM range(100000)"
    for form in ("csv", "parquet", "xlsx"):
        with pytest.raises(BeyondLimitError, match="larger than 1 MB"):
            run_bounded(file, Wanted(sql, form, tmp_path / "q", limits))


def test_a_process_that_does_not_begin_is_no_query_that_took_too_long(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded_query, "_SECONDS_TO_START", 0.0)
    with pytest.raises(NotBegunError, match=r"the machine is busy\. Nothing was asked"):
        run_bounded(file, Wanted("FROM facts", "csv", tmp_path / "q.csv", LIMITS))
