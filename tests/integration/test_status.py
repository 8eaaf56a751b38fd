"""What `asymmetry status` and `doctor` say of homes that something has happened to."""

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.fetch.fetch_source import fetch_source
from flows.home.paths import Home
from flows.home.run_history import past_runs
from flows.operations.status import status_of
from flows.sources import load_declarations
from tests.integration.loaded_process import LoadedProcess
from tests.processes import ROOT, asymmetry


@pytest.fixture
def home(sample_home: Any, tmp_path: Path) -> Home:
    """The built home once more, without its steps."""
    return Home.at(sample_home.copy_without_steps(tmp_path / "home, ünïcode"))


def snapshot_folder(home: Home, slug: str) -> Path:
    (found,) = home.snapshots.glob(f"{slug}/{slug}.*")
    return found


def change(path: Path, data: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(data)


def flip_a_bit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    change(path, bytes(data))


# --- the home -----------------------------------------------------------------------------------


@pytest.mark.parametrize("damage", ["gone", "shorter", "no record"])
def test_a_snapshot_of_the_published_build_that_is_damaged_is_named(
    home: Home, damage: str
) -> None:
    folder = snapshot_folder(home, "gdp")
    if damage == "gone":
        shutil.rmtree(folder)
    elif damage == "shorter":
        (file,) = folder.glob("gdp.*")
        change(file, file.read_bytes()[:-1])
    else:
        change(folder / "record.json", b"{")
    done = asymmetry(home.path, "status")
    assert done.returncode == 1
    assert f"The published build was made of snapshot {folder.name}" in done.stdout
    assert "All is well" not in done.stdout
    assert "us_troops" in done.stdout  # everything else is answered all the same
    doctor = asymmetry(home.path, "doctor")
    assert doctor.returncode == 1
    assert folder.name in doctor.stdout


def test_a_log_of_fetches_that_cannot_be_read_is_told_of_one_source(home: Home) -> None:
    log = home.snapshots / "gdp" / "fetches.jsonl"
    log.write_text('{"not": "a fetch"}\n' + log.read_text())
    done = asymmetry(home.path, "status")
    assert done.returncode == 1
    assert f"gdp: {log}, line 1: not a fetch record" in done.stdout
    assert asymmetry(home.path, "doctor").returncode == 1


def test_a_published_file_that_somebody_wrote_to_is_hashed_again(home: Home) -> None:
    flip_a_bit(home.warehouse)
    done = asymmetry(home.path, "status")
    assert done.returncode == 1
    assert f"{home.warehouse} hashes to" in done.stdout
    assert "`asymmetry rollback` puts an earlier build in its place" in done.stdout
    assert asymmetry(home.path, "doctor").returncode == 1


def test_it_says_when_hashes_were_compared_and_claims_no_more(home: Home) -> None:
    """Damage that leaves no trace is what the hashes are for: status says how old they are."""
    before = home.warehouse.stat()
    flip_a_bit(home.warehouse)
    os.utime(home.warehouse, ns=(before.st_atime_ns, before.st_mtime_ns))
    done = asymmetry(home.path, "status")
    assert done.returncode == 0
    assert "Hashes of stored bytes were never compared here" in done.stdout
    (well,) = [line for line in done.stdout.splitlines() if line.startswith("All is well.")]
    assert "hash" not in well
    assert "server" not in well
    assert asymmetry(home.path, "doctor").returncode == 1
    assert past_runs(home)[-1].result == "failed"
    done = asymmetry(home.path, "status")
    assert done.returncode == 1
    assert f"not found right since: {home.warehouse} hashes to" in done.stdout
    assert "never compared" not in done.stdout

    shutil.copy(next(home.builds.glob("*.duckdb")), home.warehouse)
    assert asymmetry(home.path, "doctor").returncode == 0
    done = asymmetry(home.path, "status")
    assert done.returncode == 0, done.stdout
    assert "0 finished steps, 1 kept builds and the published file) were last" in done.stdout


def just_now(number: int) -> datetime:
    """Moments of the last seconds, one after the other: later than any build of the home."""
    return datetime.now(UTC) - timedelta(seconds=10 - number)


def name_of(moment: datetime) -> str:
    """How a run is named that began then."""
    return f"{moment:%Y%m%dT%H%M%S%f}"


def test_a_run_that_was_killed_is_told_until_another_has_ended(home: Home) -> None:
    began, again = just_now(0), just_now(5)
    (home.runs / f"{name_of(began)}.log.jsonl").write_text("{}\n")
    (line,) = status_of(home).attention
    assert f"The run of {began:%Y-%m-%d %H:%M} UTC left no record" in line
    record = json.loads(max(home.runs.glob("*.json")).read_text())
    later = {**record, "started_at": again.isoformat(), "result": "unchanged"}
    (home.runs / f"{name_of(again)}-unchanged.json").write_text(json.dumps(later))
    assert status_of(home).attention == ()


def test_a_failed_run_is_told_whatever_other_flow_ran_since(home: Home) -> None:
    def leave(number: int, flow: str, result: str, error: str | None = None) -> None:
        began = just_now(number)
        record = {"profile": "sample", "seconds": 1, "flow": flow, "started_at": began.isoformat()}
        text = json.dumps({**record, "result": result, "error": error})
        (home.runs / f"{name_of(began)}-{result}.json").write_text(text)

    leave(0, "build-and-publish", "failed", "FetchError: no\nmore")
    leave(2, "check-releases", "checked")
    leave(4, "build-and-publish", "cancelled", "Interrupted.")
    leave(6, "verify", "verified")
    (line,) = status_of(home).attention
    assert "The last run of build-and-publish failed (FetchError: no)" in line
    leave(8, "refresh", "unchanged")
    assert status_of(home).attention == ()


# --- flows that hold no lock, run for a real server -----------------------------------------------


def test_a_source_that_could_not_be_fetched_is_told_until_it_was(
    home: Home, loaded: LoadedProcess, sample_world: Path, tmp_path: Path
) -> None:
    refresh_source, two = "flows.refresh_source:refresh_source", ["gdp", "atop"]
    shutil.copytree(sample_world, home.sample_world)  # or it would be written first
    mirror = tmp_path / "empty mirror"
    mirror.mkdir()
    assert loaded.call(home.path, refresh_source, two, "mirror", str(mirror)).returncode == 1
    record = past_runs(home)[-1]
    assert (record.flow, record.result, set(record.source_errors)) == (
        "refresh-source",
        "failed",
        {"gdp", "atop"},
    )
    assert record.flow_run_id
    lines = [line for line in status_of(home).attention if "could not be fetched" in line]
    assert [line.split()[0] for line in lines] == ["atop", "gdp"]
    assert "MissingFileError" in lines[0]

    fetch_source(load_declarations()["gdp"], home, "sample", mirror=sample_world)
    (line,) = status_of(home).attention
    assert line.startswith("atop could not be fetched")
    assert loaded.call(home.path, refresh_source, two, "sample").returncode == 0
    assert past_runs(home)[-1].result == "fetched"
    assert status_of(home).attention == ()


def test_a_nightly_check_that_failed_is_told(home: Home, loaded: LoadedProcess) -> None:
    shutil.rmtree(snapshot_folder(home, "vdem"))
    assert loaded.call(home.path, "flows.verify:verify").returncode == 1
    record = past_runs(home)[-1]
    assert (record.flow, record.result) == ("verify", "failed")
    (first, *_) = status_of(home).attention
    assert "not found right since: snapshot vdem." in first
    assert "is gone" in first


def test_a_nightly_build_waits_until_every_source_was_fetched(
    tmp_path: Path, loaded: LoadedProcess
) -> None:
    home = Home.at(tmp_path / "home")
    done = loaded.call(home.path, "flows.build_and_publish:build_and_publish")
    assert done.returncode == 0, done.stderr
    (record,) = past_runs(home)
    assert (record.flow, record.result, record.profile) == ("build-and-publish", "waiting", "live")


# --- how long it takes ----------------------------------------------------------------------------

AT_ONCE = """
import sys, time
from flows.cli import status
from flows.home.paths import Home
status._print_at_once(status.status_at_once(Home.from_environment()))
slow = {"prefect", "great_expectations", "pyarrow", "pandas"} & set(sys.modules)
print(f"imported {sorted(slow)}")
"""


def test_the_home_is_looked_at_without_what_takes_long_to_import(home: Home) -> None:
    """The first lines come at once: how fast is measured by benchmarks/waits.py."""
    done = subprocess.run(
        [sys.executable, "-c", AT_ONCE],
        env={**os.environ, "PYTHONPATH": str(ROOT), "ASYMMETRY_HOME": str(home.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "imported []"
