"""Publishing: one writer, readers never wait, a crash leaves the last good file."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from warehouse.db import (
    STORAGE_VERSION,
    InUseError,
    UnmergedChangesError,
    WarehouseMissingError,
    read_published,
    write_build,
)
from warehouse.swap_in import swap_in, unmerged_changes


def build_with(path: Path, value: int) -> Path:
    with write_build(path) as connection:
        connection.execute(f"CREATE TABLE t AS SELECT {value} AS x")
    return path


def test_a_reader_keeps_its_data_while_a_new_file_is_published(tmp_path: Path) -> None:
    target = tmp_path / "warehouse.duckdb"
    swap_in(build_with(tmp_path / "a.duckdb", 1), target)
    with read_published(target) as reader:
        swap_in(build_with(tmp_path / "b.duckdb", 2), target)
        assert reader.execute("SELECT x FROM t").fetchall() == [(1,)]
    with read_published(target) as reader:
        assert reader.execute("SELECT x FROM t").fetchall() == [(2,)]


def test_a_failed_build_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "build.duckdb"
    with pytest.raises(duckdb.Error), write_build(path) as connection:
        connection.execute("SELECT nonsense FROM nowhere")
    assert list(tmp_path.iterdir()) == []


def test_a_killed_writer_leaves_the_published_file_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "warehouse.duckdb"
    swap_in(build_with(tmp_path / "a.duckdb", 1), target)
    program = (
        "import os, pathlib, sys\n"
        "from warehouse.db import write_build\n"
        "with write_build(pathlib.Path(sys.argv[1])) as c:\n"
        "    c.execute('CREATE TABLE t AS SELECT range AS x FROM range(100000)')\n"
        "    os._exit(9)\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "b.duckdb")], check=False
    )
    assert killed.returncode == 9
    with read_published(target) as reader:
        assert reader.execute("SELECT x FROM t").fetchall() == [(1,)]
    # and the leftover does not stand in the way of the next build
    swap_in(build_with(tmp_path / "b.duckdb", 3), target)
    with read_published(target) as reader:
        assert reader.execute("SELECT x FROM t").fetchall() == [(3,)]


def test_the_file_has_the_storage_format_of_older_clients(tmp_path: Path) -> None:
    target = build_with(tmp_path / "a.duckdb", 1)
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{target}' AS built (READ_ONLY)")
        tags = connection.execute(
            "SELECT tags FROM duckdb_databases() WHERE database_name = 'built'"
        ).fetchall()[0][0]
    assert tags["storage_version"].startswith(STORAGE_VERSION.rsplit(".", 1)[0])


def test_the_published_file_cannot_be_written(tmp_path: Path) -> None:
    target = build_with(tmp_path / "a.duckdb", 1)
    with read_published(target) as reader, pytest.raises(duckdb.Error, match="read-only"):
        reader.execute("CREATE TABLE u AS SELECT 1")


def test_a_missing_warehouse_says_what_to_do(tmp_path: Path) -> None:
    with (
        pytest.raises(WarehouseMissingError, match="asymmetry refresh"),
        read_published(tmp_path / "warehouse.duckdb"),
    ):
        pass


CHANGES_AND_DIES = (
    "import duckdb, os, sys\n"
    "c = duckdb.connect(sys.argv[1])\n"
    "c.execute('UPDATE t SET x = 99')\n"
    "os._exit(9)\n"
)


def with_unmerged_changes(target: Path) -> Path:
    """A published file to which another program has written before it was killed."""
    swap_in(build_with(target.with_name("a.duckdb"), 1), target)
    subprocess.run([sys.executable, "-c", CHANGES_AND_DIES, str(target)], check=False)
    assert unmerged_changes(target).exists()
    return target


def test_what_another_program_has_changed_is_no_answer(tmp_path: Path) -> None:
    target = with_unmerged_changes(tmp_path / "warehouse.duckdb")
    said = r"warehouse\.duckdb\.wal lies beside it"
    with pytest.raises(UnmergedChangesError, match=said), read_published(target):
        pass


def test_it_goes_with_the_file_that_it_was_written_to(tmp_path: Path) -> None:
    target = with_unmerged_changes(tmp_path / "warehouse.duckdb")
    swap_in(build_with(tmp_path / "b.duckdb", 2), target)
    assert not unmerged_changes(target).exists()
    with read_published(target) as reader:
        assert reader.execute("SELECT x FROM t").fetchall() == [(2,)]


def test_a_program_that_has_it_open_for_writing_is_named(tmp_path: Path) -> None:
    target = tmp_path / "warehouse.duckdb"
    swap_in(build_with(tmp_path / "a.duckdb", 1), target)
    holds = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holds, str(target)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        said = f"process {other.pid}, has it open for writing"
        with pytest.raises(InUseError, match=said), read_published(target):
            pass
        other.communicate(b"\n")
    with read_published(target) as reader:
        assert reader.execute("SELECT x FROM t").fetchall() == [(1,)]
