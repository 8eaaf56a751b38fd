"""What an operator asks: status, history, rollback; on real homes."""

import json
import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.home.build_files import checksum_file, sha256_of_file
from flows.home.builds import kept_builds
from flows.home.paths import Home
from flows.home.real_figures import RealFiguresError, refuse_sample_over_real
from flows.home.run_history import past_runs
from flows.home.writer_lock import only_writer
from flows.operations.rollback import RollbackError, rollback
from flows.operations.status import status_of
from tests.processes import asymmetry, command, environment_of, writing
from warehouse.catalog.builds import read_build


@pytest.fixture
def home(sample_home: Any, tmp_path: Path) -> Home:
    """The built home once more, without its steps."""
    return Home.at(sample_home.copy_without_steps(tmp_path / "home"))


@pytest.fixture
def two_builds(home: Home) -> tuple[Home, str, str]:
    """A home with two builds: the published one, and an older one with another id."""
    current = read_build(home.warehouse).build_id  # type: ignore[union-attr]
    older = "ab" * 32
    path = home.builds / f"{older[:16]}.duckdb"
    shutil.copy2(home.warehouse, path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE meta.builds SET build_id = ? WHERE is_current", [older])
    os.utime(path, (1, 1))
    return home, current, older


def write_run(home: Home, name: str, **record: Any) -> None:
    home.runs.mkdir(parents=True, exist_ok=True)
    whole = {"profile": "live", "started_at": "2026-11-29T10:00:00+00:00", "seconds": 1.0, **record}
    (home.runs / f"{name}-{record['result']}.json").write_text(json.dumps(whole))


def test_after_a_build_all_is_well(sample_home: Any) -> None:
    done = asymmetry(sample_home.home, "status")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "All is well." in done.stdout
    assert "nobody is writing" in done.stdout
    answer = json.loads(asymmetry(sample_home.home, "status", "--format", "json").stdout)
    assert answer["attention"] == []
    assert answer["last_publish"]["build_id"] == answer["published"]["build_id"]


def test_a_real_source_grows_stale_after_its_cadence_and_some_grace(home: Home) -> None:
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("UPDATE meta.builds SET is_simulated = false, profile = 'live'")
    for log in home.snapshots.glob("*/fetches.jsonl"):
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        real = [{**line, "channel": "live", "is_simulated": False} for line in lines]
        log.write_text("".join(json.dumps(line) + "\n" for line in real))
    (build,) = home.builds.glob("*.duckdb")  # as if it had been built so
    checksum_file(build).write_text(f"{sha256_of_file(home.warehouse)}  {build.name}\n")
    assert status_of(home).attention == ()
    later = status_of(home, datetime.now(UTC) + timedelta(days=60))
    stale = {line.split()[0] for line in later.attention}
    assert {"un_votes", "us_troops"} <= stale
    assert not stale & {"atop", "gdp"}  # worth asking every 90 days


def test_a_failed_run_is_told_with_its_reason(home: Home) -> None:
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    write_run(home, now, result="failed", error="FetchError: gdp: 404\nmore")
    (message,) = status_of(home).attention
    assert "FetchError: gdp: 404)" in message
    assert f"{now}-failed.json" in message


def test_who_writes_is_told_while_it_writes(home: Home) -> None:
    with writing(home.path) as holder:
        writer = status_of(home).writer
        assert writer is not None
        assert writer.pid == holder.pid
        holder.kill()
        holder.wait()
    assert status_of(home).writer is None
    with only_writer(home.path):
        pass


def test_a_rollback_publishes_the_earlier_build_and_leaves_its_record(
    two_builds: tuple[Home, str, str],
) -> None:
    home, current, older = two_builds
    with duckdb.connect(str(home.warehouse), read_only=True) as reader:
        done = asymmetry(home.path, "rollback", older[:10])
        assert done.returncode == 0, done.stderr
        assert "The next refresh publishes the newer build again" in done.stdout
        still = reader.execute("SELECT build_id FROM meta.builds WHERE is_current").fetchall()
        assert still == [(current,)]  # a reader keeps what it has open
    assert read_build(home.warehouse).build_id == older  # type: ignore[union-attr]
    run = past_runs(home)[-1]
    assert (run.result, run.build_id) == ("rolled_back", older)
    assert set(run.snapshots) == {p.name for p in home.snapshots.iterdir() if p.name[0] != "_"}
    assert [b.name for b in kept_builds(home) if b.is_published] == [older]
    assert any("put back by hand" in line for line in status_of(home).attention)
    assert rollback(older, home)["result"] == "unchanged"
    assert rollback(current, home)["result"] == "rolled_back"
    assert not any("by hand" in line for line in status_of(home).attention)


@pytest.mark.parametrize("damage", ["flip", "checksum", "truncate", "other"])
def test_a_damaged_build_is_never_published(two_builds: tuple[Home, str, str], damage: str) -> None:
    home, current, older = two_builds
    path = home.builds / f"{older[:16]}.duckdb"
    if damage == "checksum":
        checksum_file(path).write_text(f"{'0' * 64}  {path.name}\n")
    elif damage == "other":
        path.rename(home.builds / f"{'cd' * 8}.duckdb")
    else:
        data = bytearray(path.read_bytes())
        if damage == "flip":
            for place in range(len(data) // 4, len(data) // 2, 4096):
                data[place] ^= 255
        path.write_bytes(bytes(data[: len(data) // 2] if damage == "truncate" else data))
    with pytest.raises(RollbackError, match="Nothing was changed"):
        rollback(older[:16], home)
    assert read_build(home.warehouse).build_id == current  # type: ignore[union-attr]
    assert past_runs(home)[-1].result == "failed"


def test_unknown_and_ambiguous_builds_are_refused(two_builds: tuple[Home, str, str]) -> None:
    home, current, _ = two_builds
    for name in ("nope", ""):
        with pytest.raises(RollbackError, match=current[:12]):
            rollback(name, home)
    assert asymmetry(home.path, "rollback").returncode == 2
    listed = asymmetry(home.path, "rollback", "--list")
    assert current[:12] in listed.stdout
    assert "abababababab" in listed.stdout


def test_a_simulated_build_never_takes_the_place_of_real_figures(
    two_builds: tuple[Home, str, str],
) -> None:
    home, _, older = two_builds
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("UPDATE meta.builds SET is_simulated = false, profile = 'live'")
    with pytest.raises(RealFiguresError):
        rollback(older, home)


def test_a_home_that_keeps_real_figures_takes_no_simulated_ones(home: Home) -> None:
    (kept,) = home.builds.glob("*.duckdb")
    home.warehouse.unlink()
    refuse_sample_over_real(None, "sample", home)  # what is kept is simulated
    with duckdb.connect(str(kept)) as connection:
        connection.execute("UPDATE meta.builds SET is_simulated = false, profile = 'live'")
    refuse_sample_over_real(None, "live", home)
    with pytest.raises(RealFiguresError, match=r"asymmetry rollback [0-9a-f]{12}` publishes"):
        refuse_sample_over_real(None, "sample", home)
    done = asymmetry(home.path, "refresh", "--profile", "sample")
    assert done.returncode == 1
    assert "Nothing was changed" in done.stderr
    assert not home.warehouse.exists()


def test_a_changed_published_file_is_seen_and_replaced_by_the_kept_one(home: Home) -> None:
    (kept,) = home.builds.glob("*.duckdb")
    build_id = read_build(kept).build_id  # type: ignore[union-attr]
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("UPDATE core.gdp SET gdp_usd = 1 WHERE ccode = 290")
    done = asymmetry(home.path, "diff", build_id[:12])
    assert "core.gdp" in done.stdout
    assert "is not as it was written" in done.stderr
    assert rollback(build_id, home)["result"] == "rolled_back"
    assert sha256_of_file(home.warehouse) == sha256_of_file(kept)
    assert rollback(build_id, home)["result"] == "unchanged"
    assert "every table holds the same rows" in asymmetry(home.path, "diff", build_id[:12]).stdout


def test_sql_that_is_no_text_is_not_taken_for_a_damaged_file(home: Home) -> None:
    for words in (("SELECT 1", "--limit", "9" * 23), ("-",)):
        done = subprocess.run(
            command("query", *words),
            input=b"SELECT 1\xff",
            env=environment_of(home.path),
            capture_output=True,
            check=False,
        )
        assert done.returncode == 2
        assert b"cannot be read" not in done.stderr


def write_a_wrong_figure(home: Home) -> None:
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("UPDATE metrics.claim_test SET estimate = 42")


def test_nothing_is_well_without_the_checksum_of_what_is_published(home: Home) -> None:
    """Neither where nobody wrote to the file, nor after doctor and verify have looked at it."""
    checksum_file(next(home.builds.glob("*.duckdb"))).unlink()
    assert "No checksum of build" in asymmetry(home.path, "status").stdout
    write_a_wrong_figure(home)
    assert asymmetry(home.path, "doctor").returncode == 1
    done = asymmetry(home.path, "status")
    assert done.returncode == 1
    assert "All is well" not in done.stdout


def test_a_file_of_another_size_is_told_though_its_time_is_as_before(home: Home) -> None:
    seen = home.warehouse.stat()
    write_a_wrong_figure(home)
    os.utime(home.warehouse, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    done = asymmetry(home.path, "status")
    assert done.returncode == 1
    assert "that of its build has" in done.stdout


@pytest.mark.parametrize("name", ["runs", "builds", "steps"])
def test_a_folder_that_cannot_be_listed_is_not_called_empty(home: Home, name: str) -> None:
    folder = home.path / name
    if folder.exists():
        shutil.rmtree(folder)
    folder.symlink_to("/nonexistent/disk")
    done = asymmetry(home.path, "status")
    assert done.returncode == 1
    assert f"{folder} cannot be listed" in done.stdout
    assert "All is well" not in done.stdout
    done = asymmetry(home.path, "doctor")
    assert done.returncode == 1
    assert "listed" in done.stdout  # its lines are broken where a column ends


def test_doctor_tells_of_a_build_that_is_kept_and_not_published(home: Home) -> None:
    home.warehouse.unlink()
    assert asymmetry(home.path, "doctor").returncode == 1


def test_the_simulated_world_is_fetched_as_it_is_refreshed(home: Home) -> None:
    done = asymmetry(home.path, "fetch", "gdp", "--profile", "sample")
    assert done.returncode == 0, done.stderr
    assert "gdp." in done.stdout
