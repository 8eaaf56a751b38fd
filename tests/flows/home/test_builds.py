"""Builds that are kept: no write to the published file reaches them."""

import os
import stat
import subprocess
from pathlib import Path

import duckdb
import pytest

from flows.home.build_files import (
    build_file,
    checksum_file,
    fault_of_bytes,
    fault_of_size,
    record_checksum,
    recorded_checksum,
    recorded_size,
    sha256_of_file,
)
from flows.home.builds import files_of_builds, forget_old_builds, put_in_place
from flows.home.paths import Home
from flows.operations.rollback import rollback

FIRST, SECOND = "ab" * 32, "cd" * 32


def write_build(home: Home, build_id: str) -> Path:
    path = build_file(build_id, home)
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE SCHEMA meta")
        connection.execute(
            "CREATE TABLE meta.builds AS SELECT ? AS build_id, 'live' AS profile,"
            " false AS is_simulated, now()::TIMESTAMP AS built_at, '0.1.0' AS code_version,"
            " '{}' AS library_versions, '{}' AS parameters, true AS is_current",
            [build_id],
        )
        connection.execute("CREATE TABLE meta.lineage (step VARCHAR, step_hash VARCHAR)")
        connection.execute("CREATE TABLE meta.snapshots (slug VARCHAR, snapshot_id VARCHAR)")
    checksum_file(path).write_text(f"{sha256_of_file(path)}  {path.name}\n")
    return path


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home.at(tmp_path)
    for build_id in (FIRST, SECOND):
        put_in_place(write_build(home, build_id), home)
    return home


def test_the_published_file_is_a_copy(home: Home) -> None:
    kept = build_file(SECOND, home)
    assert sha256_of_file(kept) == sha256_of_file(home.warehouse)
    assert kept.stat().st_ino != home.warehouse.stat().st_ino
    assert kept.stat().st_nlink == home.warehouse.stat().st_nlink == 1
    home.warehouse.write_bytes(b"gone")
    assert kept.stat().st_size > 4
    assert not list(home.path.glob(".*"))


def test_a_kept_build_can_only_be_read(home: Home) -> None:
    for build_id in (FIRST, SECOND):
        assert not stat.S_IMODE(build_file(build_id, home).stat().st_mode) & 0o222
    assert os.access(home.warehouse, os.W_OK)


def test_a_rollback_puts_a_kept_build_back_and_keeps_it(home: Home) -> None:
    home.warehouse.write_bytes(b"damaged")
    for build_id in (FIRST, SECOND, FIRST):
        assert rollback(build_id[:12], home)["result"] == "rolled_back"
        assert sha256_of_file(home.warehouse) == sha256_of_file(build_file(build_id, home))
    assert len(list(home.builds.glob("*.duckdb"))) == 2


@pytest.mark.parametrize("left", [b"", b"12ab", b"\xff\xfe", None])
def test_a_checksum_that_was_half_written_is_none(home: Home, left: bytes | None) -> None:
    """As a full disk, or a machine that stopped, may have left it."""
    kept = build_file(FIRST, home)
    assert recorded_checksum(kept) == sha256_of_file(kept)
    if left is None:
        checksum_file(kept).unlink()
    else:
        checksum_file(kept).write_bytes(left)
    assert recorded_checksum(kept) is None
    assert rollback(FIRST[:12], home)["result"] == "rolled_back"
    record_checksum(kept, kept)
    assert recorded_checksum(kept) == sha256_of_file(kept)
    assert not list(home.builds.glob(".*"))


def test_what_was_recorded_of_a_build_is_its_checksum_and_its_size(home: Home) -> None:
    kept = build_file(FIRST, home)
    assert recorded_size(kept) is None  # as builds of before it was noted
    assert fault_of_size(kept, FIRST, home) is None
    record_checksum(kept, kept)
    assert recorded_size(kept) == kept.stat().st_size
    assert fault_of_bytes(kept, FIRST, home) is fault_of_size(kept, FIRST, home) is None
    kept.chmod(0o644)
    with kept.open("ab") as file:
        file.write(b"x")
    assert "`asymmetry rollback`" in str(fault_of_size(kept, FIRST, home))
    assert "hashes to" in str(fault_of_bytes(kept, FIRST, home))


def test_a_record_of_checksum_and_size_is_read_by_sha256sum(home: Home) -> None:
    kept = build_file(FIRST, home)
    record_checksum(kept, kept)
    words = ["sha256sum", "--strict", "-c", checksum_file(kept).name]
    assert subprocess.run(words, cwd=home.builds, check=True, capture_output=True).returncode == 0


def test_what_is_no_build_stands_in_the_way_of_none(home: Home) -> None:
    for name in ("4.duckdb", ".draft.duckdb"):
        (home.builds / name).write_bytes(b"junk")
    (home.builds / "folder.duckdb").mkdir()
    forget_old_builds(home, build_file(SECOND, home))
    assert rollback(FIRST, home)["build_id"] == FIRST
    assert sorted(path.name for path in files_of_builds(home)) == sorted(
        ["4.duckdb", *(build_file(b, home).name for b in (FIRST, SECOND))]
    )
