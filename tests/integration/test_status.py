"""What `asymmetry status` and `doctor` say of homes that something has happened to."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from flows.fetch.fetch_source import fetch_source
from flows.home.paths import Home
from flows.home.run_history import past_runs
from flows.operations.server_status import AskedServer
from flows.operations.status import status_of
from flows.sources import load_declarations
from tests.integration.loaded_process import LoadedProcess
from tests.processes import PATIENCE, ROOT, asymmetry, free_port


@pytest.fixture
def home(sample_home: Any, tmp_path: Path) -> Home:
    """The built home once more, without its steps."""
    target = tmp_path / "home, ünïcode"
    for name in ("builds", "snapshots", "runs"):
        shutil.copytree(sample_home.home / name, target / name)
    shutil.copy2(sample_home.warehouse, target / "warehouse.duckdb")
    return Home.at(target)


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


# --- the server -----------------------------------------------------------------------------------


@pytest.fixture
def pool(server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A work pool of its own, without a worker, which this process takes for that of its home."""
    name = f"watched-{uuid.uuid4().hex[:8]}"
    server.ask("POST", "work_pools/", {"name": name, "type": "process"})
    monkeypatch.setenv("ASYMMETRY_POOL", name)
    monkeypatch.setenv("PREFECT_API_URL", server.api)
    yield name
    server.ask("DELETE", f"work_pools/{name}")


def said_of_server(home: Home) -> tuple[int, str]:
    done = asymmetry(home.path, "status")
    return done.returncode, done.stdout


def test_a_pool_without_a_worker_late_runs_and_crashed_runs_are_told(
    home: Home, server: Any, pool: str
) -> None:
    code, said = said_of_server(home)
    assert code == 1
    assert f"No worker of the pool {pool} is online" in said
    assert "All is well" not in said

    server.ask("POST", f"work_pools/{pool}/workers/heartbeat", {"name": "one"})
    code, said = said_of_server(home)
    assert code == 0, said
    assert f"the Prefect server at {server.api}, its workers and its runs" in said

    flow = server.ask("POST", "flows/", {"name": "build-and-publish"})
    asked = {"name": f"of {pool}", "flow_id": flow["id"], "work_pool_name": pool}
    deployment = server.ask("POST", "deployments/", asked)
    late = {"type": "SCHEDULED", "name": "Late"}
    path = f"deployments/{deployment['id']}/create_flow_run"
    made = server.ask("POST", path, {"name": "Build it", "state": late})
    code, said = said_of_server(home)
    assert code == 1
    assert "1 run is late: `prefect flow-run ls --state Late`." in said

    crashed = {"type": "CRASHED", "message": "The process ended\nwith code -9."}
    body = {"state": crashed, "force": True}
    server.ask("POST", f"flow_runs/{made['id']}/set_state", body)
    code, said = said_of_server(home)
    assert code == 1
    assert "Build it ended as Crashed on " in said
    assert "The process ended with code -9." in said

    done = asymmetry(home.path, "status", "--format", "prometheus")
    families = {f.name: f.samples for f in text_string_to_metric_families(done.stdout)}
    assert families["asymmetry_workers_online"][0].value == 1
    assert families["asymmetry_workers_online"][0].labels == {"pool": pool}
    assert families["asymmetry_deployments_failed"][0].value == 1
    assert families["asymmetry_server_up"][0].value == 1

    server.ask("PATCH", f"work_pools/{pool}", {"is_paused": True})
    assert f"`prefect work-pool resume {pool}`" in said_of_server(home)[1]


def test_a_server_that_has_no_pool_for_the_home_is_told(
    home: Home, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", server.api)
    monkeypatch.setenv("ASYMMETRY_POOL", "nowhere")
    code, said = said_of_server(home)
    assert code == 1
    assert "The Prefect server has no work pool nowhere: `make deploy`." in said


@pytest.mark.parametrize("how", ["nobody listens", "nobody answers", "not a server"])
def test_a_server_that_does_not_answer_is_told_in_two_seconds(
    how: str, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    with socket.socket() as listening:
        if how == "nobody answers":
            listening.bind(("127.0.0.1", port))
            listening.listen()
        api = f"http://user:SECRET@127.0.0.1:{port}/api"
        if how == "not a server":
            api = "http://user:SECRET@[::"
        monkeypatch.setenv("PREFECT_API_URL", api)
        began = time.monotonic()
        answer = AskedServer().answer()
        assert time.monotonic() - began < 3 * PATIENCE
    (line,) = answer.attention()
    assert "SECRET" not in line
    assert "or unset PREFECT_API_URL" in line
    code, said = said_of_server(home)
    assert code == 1
    assert "SECRET" not in said
    assert "us_troops" in said


def test_the_server_of_a_profile_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: Any
) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setenv("PREFECT_PROFILES_PATH", str(tmp_path / "profiles.toml"))
    assert AskedServer().answer().address is None
    text = f'active = "here"\n[profiles.here]\nPREFECT_API_URL = "{server.api}"\n'
    (tmp_path / "profiles.toml").write_text(text)
    answer = AskedServer().answer()
    assert (answer.address, answer.fault) == (server.api, None)


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
