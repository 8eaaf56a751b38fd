"""What the next build follows on: the published file, or a kept build where it is no witness."""

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from flows.home.build_files import build_file, checksum_file
from flows.home.builds import put_in_place
from flows.home.earlier_build import earlier_build, earlier_file
from flows.home.paths import Home
from flows.home.run_record import RunRecord
from flows.operations.rollback import rollback
from tests.flows.home.test_builds import FIRST, SECOND, write_build
from warehouse.swap_in import unmerged_changes


def change(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE meta.more AS SELECT 1")


DAMAGES: dict[str, Callable[[Path], object]] = {
    "gone": Path.unlink,
    "no database": lambda path: path.write_bytes(b"gone"),
    "changed": change,
    "changed beside": lambda path: unmerged_changes(path).write_bytes(b"more"),
}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Two builds, the first of them put back by a rollback."""
    home = Home.at(tmp_path)
    for build_id in (FIRST, SECOND):
        put_in_place(write_build(home, build_id), home)
        record = RunRecord("live", "published", details={"build_id": build_id})
        record.write(home.runs)
    rollback(FIRST[:12], home)
    return home


def test_nothing_comes_before_the_first_build(tmp_path: Path) -> None:
    assert earlier_build(Home.at(tmp_path)) is None


def test_the_published_file_is_the_witness_where_it_is_as_it_was_written(home: Home) -> None:
    assert earlier_file(home) == home.warehouse
    shutil.rmtree(home.builds)  # nothing tells how it was written
    assert earlier_file(home) == home.warehouse


@pytest.mark.parametrize("how", DAMAGES)
def test_else_the_kept_build_that_was_published_last_is(home: Home, how: str) -> None:
    DAMAGES[how](home.warehouse)
    assert earlier_file(home) == build_file(FIRST, home)
    build = earlier_build(home)
    assert build is not None
    assert build.build_id == FIRST


@pytest.mark.parametrize("how", ["gone", "no database", "changed"])
def test_a_kept_build_that_is_damaged_is_no_witness(home: Home, how: str) -> None:
    home.warehouse.unlink()
    kept = build_file(FIRST, home)
    kept.chmod(0o600)
    DAMAGES[how](kept)
    assert earlier_file(home) == build_file(SECOND, home)


def test_without_records_of_runs_the_newest_kept_build_is(home: Home) -> None:
    home.warehouse.unlink()
    shutil.rmtree(home.runs)
    assert earlier_file(home) == build_file(SECOND, home)


def test_a_file_that_can_be_read_is_better_than_nothing(home: Home) -> None:
    change(home.warehouse)
    for build_id in (FIRST, SECOND):
        build_file(build_id, home).unlink()
    assert checksum_file(build_file(FIRST, home)).exists()
    assert earlier_file(home) == home.warehouse
