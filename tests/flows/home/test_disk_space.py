"""How much a build needs, and which errors say that the disk is full."""

import errno
import sqlite3
from pathlib import Path

import duckdb
import polars as pl
import pytest

from flows.home import disk_space
from flows.home.disk_space import DiskFullError, bytes_needed, is_disk_full, need_space
from flows.home.paths import Home

MB = 1_000_000


def caused_by(error: BaseException) -> BaseException:
    outer = RuntimeError("Task run failed")
    outer.__cause__ = error
    return outer


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        # as the libraries word it
        pl.exceptions.ComputeError("underlying IO error: No space left on device (os error 28)"),
        duckdb.IOException('IO Error: Could not write file "x": No space left on device'),
        sqlite3.OperationalError("database or disk is full"),
        caused_by(OSError(errno.ENOSPC, "No space left on device")),
    ],
    ids=lambda error: type(error).__name__,
)
def test_every_library_is_understood(error: BaseException) -> None:
    assert is_disk_full(error)


def test_other_errors_are_others() -> None:
    error = caused_by(PermissionError(errno.EACCES, "Permission denied"))
    error.__context__ = error  # a circle ends
    assert not is_disk_full(error)


def test_what_is_there_is_not_needed_again(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    at_first = bytes_needed(home, "sample")
    assert 200 * MB < at_first < 300 * MB
    assert 1_000 * MB < bytes_needed(home, "live") < 2_000 * MB
    (home.steps / "a" / "1").mkdir(parents=True)
    (home.steps / "a" / "1" / "a.parquet").write_bytes(bytes(10 * MB))
    assert bytes_needed(home, "sample") == at_first - 11 * MB


def test_a_step_counts_as_much_as_its_last_result(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    for step, n_bytes in (("a", 10 * MB), ("b", 20 * MB)):
        (home.steps / step / "earlier").mkdir(parents=True)
        (home.steps / step / "earlier" / "t.parquet").write_bytes(bytes(n_bytes))
    finished = {"a": home.steps / "a" / "earlier", "b": home.steps / "b" / "earlier"}
    one_to_run = {**finished, "b": home.steps / "b" / "now"}
    difference = bytes_needed(home, "sample", one_to_run) - bytes_needed(home, "sample", finished)
    assert difference == 22 * MB


def test_too_little_space_is_refused_with_all_that_one_must_know(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home.at(tmp_path)
    monkeypatch.setattr(disk_space, "_free", lambda _: 50 * MB)
    home.warehouse.write_bytes(b"earlier")
    (home.steps / "a" / "1").mkdir(parents=True)
    planned = {"a": home.steps / "a" / "1", "b": home.steps / "b" / "1"}
    with pytest.raises(DiskFullError) as refused:
        need_space(home, "sample", planned)
    message = str(refused.value)
    assert f"The disk of {tmp_path} has too little space: 50 MB are free" in message
    assert "the rest of the build needs about" in message
    assert "1 of 2 steps are kept, nothing was published. " in message
    assert "warehouse.duckdb cannot be read (" in message
    assert "ASYMMETRY_HOME" in message
    monkeypatch.setattr(disk_space, "_free", lambda _: 500 * MB)
    need_space(home, "sample", planned)
