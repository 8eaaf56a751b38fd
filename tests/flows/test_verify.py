"""The nightly check, each part by itself: damaged snapshots, a damaged published file."""

import os
from pathlib import Path

import duckdb
import pytest
from prefect.logging import disable_run_logger

from flows.fetch.fetch_source import fetch_source
from flows.home.build_files import checksum_file, sha256_of_file
from flows.home.paths import Home
from flows.operations.status import status_of
from flows.operations.verification import Bytes
from flows.sources import load_declarations
from flows.verify import check_bytes, check_file
from tests.processes import asymmetry

BUILD = "ab" * 32


def write_build(home: Home) -> None:
    """A published file that says what it is, and the checksum of it; no tables of figures."""
    path = home.builds / f"{BUILD[:16]}.duckdb"
    path.parent.mkdir(parents=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE SCHEMA meta")
        connection.execute(
            "CREATE TABLE meta.builds AS SELECT ? AS build_id, 'sample' AS profile,"
            " true AS is_simulated, TIMESTAMP '2026-01-01' AS built_at, '0.2.0' AS code_version,"
            " '{}' AS library_versions, '{}' AS parameters, true AS is_current",
            [BUILD],
        )
        connection.execute("CREATE TABLE meta.snapshots (slug VARCHAR, snapshot_id VARCHAR)")
        connection.execute("CREATE TABLE meta.lineage (step VARCHAR, step_hash VARCHAR)")
        # most of the file, and nothing that is looked at before the whole of it is hashed
        connection.execute("CREATE TABLE meta.figures AS SELECT random() AS x FROM range(200_000)")
    checksum_file(path).write_text(f"{sha256_of_file(path)}  {path.name}\n")
    os.link(path, home.warehouse)


@pytest.fixture
def home(tmp_path: Path, sample_world: Path) -> Home:
    """A published build, and snapshots of two of its sources, asked for just now."""
    home = Home.at(tmp_path / "home, ünïcode")
    for slug in ("gdp", "us_troops"):
        fetch_source(load_declarations()[slug], home, "sample", mirror=sample_world)
    write_build(home)
    return home


def flip_a_bit(path: Path, place: int) -> None:
    path.chmod(0o644)
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(bytes(data))


def gdp_file(home: Home) -> Path:
    (file,) = home.snapshots.glob("gdp/gdp.*/gdp.csv")
    return file


def bytes_of(home: Home) -> Bytes:
    with disable_run_logger():
        return check_bytes.fn(home)


def snapshots_of(home: Home) -> tuple[int, list[str]]:
    found = bytes_of(home)
    return found.n_snapshots, [fault.text for fault in found.faults]


def warehouse_of(home: Home) -> tuple[str | None, list[str]]:
    with disable_run_logger():
        found = check_file.fn(home)
        build_id = found.build.build_id if found.build else None
        return build_id, [fault.text for fault in found.faults]


def test_what_is_as_it_was_is_counted(home: Home) -> None:
    assert snapshots_of(home) == (2, [])
    assert warehouse_of(home) == (BUILD, [])


@pytest.mark.parametrize("damage", ["bit", "length", "gone", "record"])
def test_a_damaged_snapshot_is_named_with_what_is_intact_and_what_to_do(
    home: Home, damage: str
) -> None:
    file = gdp_file(home)
    if damage == "bit":
        flip_a_bit(file, 100)
    elif damage == "length":
        file.chmod(0o644)
        file.write_bytes(file.read_bytes()[:-1])
    else:
        broken = file if damage == "gone" else file.with_name("record.json")
        broken.unlink()
    n_good, (message,) = snapshots_of(home)
    assert n_good == 1
    assert file.parent.name in message
    assert "a new build does. Fetch the source again (asymmetry fetch gdp)" in message
    assert f"restore {file.parent} from a backup" in message


@pytest.mark.parametrize("damage", ["bit", "no database", "no build"])
def test_a_damaged_published_file_is_named_with_what_to_do(home: Home, damage: str) -> None:
    if damage == "bit":
        flip_a_bit(home.warehouse, home.warehouse.stat().st_size // 2)
    elif damage == "no database":
        home.warehouse.write_bytes(b"no database")
    else:
        with duckdb.connect(str(home.warehouse)) as connection:
            connection.execute("DELETE FROM meta.builds")
    build_id, (message,) = warehouse_of(home)
    assert build_id == (BUILD if damage == "bit" else None)
    assert str(home.warehouse) in message
    assert "asymmetry rollback" in message
    assert "asymmetry refresh" in message
    assert "anew" in message


@pytest.mark.parametrize("damage", ["bit", "length", "unreadable"])
def test_a_kept_build_that_is_damaged_is_named_with_what_to_do(home: Home, damage: str) -> None:
    assert (bytes_of(home).n_builds, bytes_of(home).unrecorded) == (1, ())
    published = home.warehouse.read_bytes()
    (kept,) = home.builds.glob("*.duckdb")
    kept.unlink()  # it is the published file, too
    kept.write_bytes(published[:-1] if damage == "length" else published)
    if damage == "bit":
        flip_a_bit(kept, len(published) // 2)
    elif damage == "unreadable":
        kept.write_bytes(b"no database")
        checksum_file(kept).unlink()
    found = bytes_of(home)
    (fault,) = found.faults
    assert (found.n_builds, found.n_snapshots) == (0, 2)
    assert f"The kept build {kept} " in fault.text
    assert "`asymmetry rollback` refuses it" in fault.text
    assert f"asymmetry rebuild {BUILD[:12]} --output" in fault.text
    assert warehouse_of(home) == (BUILD, [])


def test_a_kept_build_without_a_checksum_is_said_and_fails_nothing(home: Home) -> None:
    (kept,) = home.builds.glob("*.duckdb")
    checksum_file(kept).unlink()
    found = bytes_of(home)
    assert (found.n_builds, found.unrecorded, found.faults) == (0, (kept.name,), ())
    done = asymmetry(home.path, "verify")
    assert done.returncode == 0
    assert f"No checksum of the kept build {kept.name} was recorded" in done.stdout
    assert "and the published file)" not in status_of(home).hashes  # nothing to compare it with


def test_a_file_of_other_code_is_said_in_one_line_and_fails_nothing(home: Home) -> None:
    done = asymmetry(home.path, "verify")
    assert done.returncode == 0
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("Built by")]
    assert "other code than that which verifies (version 0.2.0; here " in line
    assert "`asymmetry plan`" in line


def test_before_anything_is_published_nothing_is_wrong(tmp_path: Path) -> None:
    assert snapshots_of(Home.at(tmp_path)) == (0, [])
    assert warehouse_of(Home.at(tmp_path)) == (None, [])
