"""What the nightly check finds: stale sources, damaged snapshots, a damaged published file."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.fetch.fetch_source import fetch_source
from flows.home.build_files import checksum_file, sha256_of_file
from flows.home.paths import Home
from flows.sources import load_declarations
from tests.integration.loaded_process import LoadedProcess
from tests.processes import wait_for

BUILD = "ab" * 32


def write_build(home: Home) -> None:
    """A published file that says what it is, and the checksum of it; no tables of figures."""
    path = home.builds / f"{BUILD[:16]}.duckdb"
    path.parent.mkdir(parents=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE SCHEMA meta")
        connection.execute(
            "CREATE TABLE meta.builds AS SELECT ? AS build_id, 'sample' AS profile,"
            " true AS is_simulated, TIMESTAMP '2026-01-01' AS built_at, '0.1.0' AS code_version,"
            " '{}' AS library_versions, '{}' AS parameters, true AS is_current",
            [BUILD],
        )
        connection.execute("CREATE TABLE meta.snapshots (slug VARCHAR, snapshot_id VARCHAR)")
        connection.execute("CREATE TABLE meta.lineage (step VARCHAR, step_hash VARCHAR)")
        # most of the file, and nothing that is looked at before the whole of it is hashed
        connection.execute("CREATE TABLE meta.figures AS SELECT random() AS x FROM range(200_000)")
    checksum_file(path).write_text(f"{sha256_of_file(path)}  {path.name}\n")
    shutil.copy(path, home.warehouse)


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


# --- each check by itself -----------------------------------------------------------------------


# --- the flow on a server: states, messages, events ---------------------------------------------


@dataclass
class Verified:
    """What the server says of a run of the flow."""

    state: str
    message: str
    run_id: str


@pytest.fixture
def verify(home: Home, server: Any, loaded: LoadedProcess) -> Any:
    """Runs the flow on the server."""

    def run() -> Verified:
        began = datetime.now(UTC)
        loaded.call(home.path, "flows.verify:verify")
        found = server.read(
            "flow_runs/filter",
            {
                "flows": {"name": {"any_": ["verify"]}},
                "flow_runs": {
                    "start_time": {"after_": began.isoformat()},
                    # the deployed one may run at the same time, on a schedule
                    "deployment_id": {"is_null_": True},
                },
            },
        )
        (flow_run,) = found
        return Verified(flow_run["state_type"], flow_run["state"]["message"], flow_run["id"])

    return run


def stale_told_by(server: Any, run: Verified, n: int) -> dict[str, dict[str, Any]]:
    """Slug to payload of the events that a run has told; they come a moment later."""

    def find() -> dict[str, dict[str, Any]]:
        message = {
            event["payload"]["slug"]: event
            for event in server.events("source.stale")
            if f"prefect.flow-run.{run.run_id}"
            in {related["prefect.resource.id"] for related in event["related"]}
        }
        return message if len(message) >= n else {}

    return wait_for(f"{n} events of stale sources", find)


def test_stale_sources_are_told_and_fail_nothing(home: Home, verify: Any, server: Any) -> None:
    log = home.snapshots / "gdp" / "fetches.jsonl"
    asked_at = (datetime.now(UTC) - timedelta(days=98)).isoformat(timespec="seconds")
    (line,) = log.read_text().splitlines()
    before = line.split('"fetched_at": "')[1].split('"')[0]
    log.write_text(line.replace(before, asked_at) + "\n")
    run = verify()
    assert run.state == "COMPLETED", run.message
    message = stale_told_by(server, run, len(load_declarations()) - 1)
    # us_troops was asked for just now, gdp too long ago, the others never
    assert set(message) == set(load_declarations()) - {"us_troops"}
    gdp = message["gdp"]
    assert gdp["resource"]["prefect.resource.id"] == "alliance-asymmetry.source.gdp"
    assert gdp["payload"] == {
        "slug": "gdp",
        "snapshot_id": gdp_file(home).parent.name,
        "asked_at": asked_at,
        "cadence_days": 90,
        "reason": "asked 98 days ago, worth asking every 90 days",
        "home": str(home.path),
    }
    assert message["atop"]["payload"]["asked_at"] is None
    assert "never fetched here (sample)" in message["atop"]["payload"]["reason"]


def test_damage_fails_the_run_and_all_of_it_is_named(home: Home, verify: Any) -> None:
    flip_a_bit(gdp_file(home), 100)
    run = verify()
    assert run.state == "FAILED"
    assert "VerificationError" in run.message
    assert f"{gdp_file(home)} hashes to" in run.message
    assert "1 snapshots are as they were." in run.message
    assert "1 kept builds are as they were." in run.message
    assert f"So is the published file (build {BUILD[:12]})." in run.message

    flip_a_bit(home.warehouse, home.warehouse.stat().st_size // 2)
    run = verify()
    assert run.state == "FAILED"
    assert f"{gdp_file(home)} hashes to" in run.message
    assert f"{home.warehouse} hashes to" in run.message
    assert "`asymmetry refresh` makes it anew" in run.message
    assert "So is the published file" not in run.message
