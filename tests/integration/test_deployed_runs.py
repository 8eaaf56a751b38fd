"""Run by workers: ad hoc, on a schedule, triggered by an event, waiting, cancelled."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.fetch.fetch_source import fetch_source
from flows.home.build_files import build_file, checksum_file, sha256_of_file
from flows.home.paths import Home
from flows.home.writer_lock import AnotherRunError, only_writer
from flows.sources import load_declarations
from tests.processes import wait_for


def query(path: Path, sql: str) -> Any:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_an_ad_hoc_run_leaves_tables_and_a_record(operated: Any, second_home: Path) -> None:
    (run,) = operated.server.runs_of("refresh-all")
    assert (run["state_name"], run["auto_scheduled"]) == ("Completed", False)
    ((build_id, profile),) = query(
        second_home / "warehouse.duckdb", "SELECT build_id, profile FROM meta.builds"
    )
    assert profile == "sample"
    record = json.loads(next((second_home / "runs").glob("*-published.json")).read_text())
    assert record["build_id"] == build_id
    # a run that builds by itself tells no other to build
    assert not [e for e in operated.server.events("source.changed") if _is_of(e, run)]


def test_the_run_leaves_artifacts_and_tells_that_it_has_published(
    operated: Any, second_home: Path
) -> None:
    (run,) = operated.server.runs_of("refresh-all")
    of_run = {"flow_runs": {"id": {"any_": [run["id"]]}}}
    keys = {artifact["key"] for artifact in operated.server.read("artifacts/filter", of_run)}
    assert {"run-summary", "steps", "validation"} <= keys
    (event,) = [e for e in operated.server.events("warehouse.published") if _is_of(e, run)]
    ((build_id,),) = query(second_home / "warehouse.duckdb", "SELECT build_id FROM meta.builds")
    assert event["payload"]["build_id"] == build_id


def test_a_schedule_fires(operated: Any, second_home: Path) -> None:
    runs = [r for r in operated.server.runs_of("verify") if r["auto_scheduled"]]
    states = {r["state_name"] for r in runs if r["start_time"]}
    assert "Completed" in states
    assert not states & {"Failed", "Crashed"}


def test_two_workers_ran_at_once(operated: Any, second_home: Path) -> None:
    (build,) = operated.server.runs_of("refresh-all")
    meanwhile = [
        run
        for run in operated.server.runs_of("verify")
        if run["start_time"] < build["end_time"] and (run["end_time"] or "") > build["start_time"]
    ]
    assert meanwhile

    def both() -> bool:
        executed = operated.server.events("prefect.worker.executed-flow-run")
        # one of another pool may have said it, too, before it was ended
        return {e["resource"]["prefect.resource.name"] for e in executed} >= {"first", "second"}

    wait_for("each worker to say that it has executed a run", both)


@pytest.fixture(scope="module")
def triggered(
    operated: Any,
    second_home: Path,
    drop_last_line: Any,
    pack_anew: Any,
    tmp_path_factory: Any,
) -> dict[str, Any]:
    """The run that two changed sources have triggered; both changes are of one fetch."""
    world = tmp_path_factory.mktemp("changed") / "world"
    shutil.copytree(second_home / "sample_world", world)
    drop_last_line(world, "us_troops")
    pack_anew(world, "sipri_milex")
    asked = {"profile": "mirror", "mirror": str(world)}
    operated.server.run_deployment("refresh-source/refresh-capabilities", **asked)
    return operated.server.ended_run_of("build-and-publish", 200)


def test_a_burst_of_changes_triggers_one_build_with_their_snapshots(
    operated: Any, triggered: dict[str, Any]
) -> None:
    (fetch,) = operated.server.runs_of("refresh-capabilities")
    events = [e for e in operated.server.events("source.changed") if _is_of(e, fetch)]
    changed = {e["payload"]["slug"]: e["payload"] for e in events}
    assert set(changed) == {"sipri_milex", "us_troops"}
    assert all(p["previous_snapshot_id"] != p["snapshot_id"] for p in changed.values())
    assert {e["resource"]["prefect.resource.id"] for e in events} == {
        "alliance-asymmetry.source.sipri_milex",
        "alliance-asymmetry.source.us_troops",
    }
    assert triggered["state_name"] == "Completed"
    message = triggered["parameters"]["snapshots"]
    assert set(message) == set(load_declarations())
    assert {slug: message[slug] for slug in changed} == {
        slug: payload["snapshot_id"] for slug, payload in changed.items()
    }
    assert len(operated.server.runs_of("build-and-publish")) == 1


def test_the_triggered_build_is_published_and_rebuilt_only_what_follows(
    operated: Any, second_home: Path, triggered: dict[str, Any]
) -> None:
    snapshots = dict(
        query(operated.home / "warehouse.duckdb", "SELECT slug, snapshot_id FROM meta.snapshots")
    )
    assert snapshots == triggered["parameters"]["snapshots"]
    record = json.loads(max((operated.home / "runs").glob("*-published.json")).read_text())
    ran = {name for name, step in record["steps"].items() if not step["reused"]}
    followed = {"stage_us_troops", "core.us_troops", "stage_sipri_milex"}
    assert followed | {"core.military_expenditure", "metrics.burden_sharing"} <= ran
    kept = {"stage_un_votes", "core.votes", "core.alliances", "core.obligations", "core.gdp"}
    assert kept | {"metrics.ideal_point", "metrics.vote_similarity"} <= set(record["steps"]) - ran


def test_a_deployed_writer_waits_for_a_command_and_then_rebuilds_a_past_state(
    operated: Any, second_home: Path, triggered: dict[str, Any], tmp_path: Path
) -> None:
    published = operated.home / "warehouse.duckdb"
    before = published.stat()
    ((build_id,),) = query(second_home / "warehouse.duckdb", "SELECT build_id FROM meta.builds")
    output = tmp_path / "as it was.duckdb"
    with only_writer(operated.home):  # as a command would, in this process
        asked = {"as_of": build_id[:12], "output": str(output)}
        operated.server.begin("rebuild-as-of/rebuild-as-of", **asked)
        wait_for("the run to say that it waits", lambda: _says_that_it_waits(operated))
        assert not output.exists()
    run = operated.server.ended_run_of("rebuild-as-of", 180)
    assert run["state_name"] == "Completed", run["state"]["message"]
    for sql in (
        "SELECT build_id FROM meta.builds WHERE is_current",
        "SELECT slug, snapshot_id, sha256 FROM meta.snapshots ORDER BY slug",
        "SELECT * FROM staging.stg_us_troops__host_years ORDER BY ALL",
    ):
        assert query(output, sql) == query(second_home / "warehouse.duckdb", sql)
        assert query(output, sql) != query(published, sql)
    after = published.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_the_published_file_has_the_checksum_that_was_recorded(
    operated: Any, triggered: dict[str, Any]
) -> None:
    home = Home.at(operated.home)
    ((build_id,),) = query(home.warehouse, "SELECT build_id FROM meta.builds WHERE is_current")
    recorded = checksum_file(build_file(build_id, home)).read_text()
    assert recorded.split()[0] == sha256_of_file(home.warehouse)


def test_a_nightly_build_takes_up_newer_bytes_that_nobody_told_of(
    operated: Any, second_home: Path, triggered: dict[str, Any], drop_last_line: Any, tmp_path: Path
) -> None:
    world, home = tmp_path / "world", Home.at(operated.home)
    shutil.copytree(second_home / "sample_world", world)
    drop_last_line(world, "us_construction")
    new = fetch_source(load_declarations()["us_construction"], home, "sample", mirror=world)
    run = operated.server.run_deployment("build-and-publish/build-and-publish")
    assert run["state_name"] == "Completed", run["state"]["message"]
    assert run["parameters"] == {}  # as the schedule has it
    sql = "SELECT snapshot_id FROM meta.snapshots WHERE slug = 'us_construction'"
    assert query(home.warehouse, sql) == [(new.snapshot.snapshot_id,)]


def test_a_cancelled_run_publishes_nothing(
    operated: Any, second_home: Path, triggered: dict[str, Any], drop_last_line: Any, tmp_path: Path
) -> None:
    world, published = tmp_path / "world", operated.home / "warehouse.duckdb"
    shutil.copytree(second_home / "sample_world", world)
    for _ in range(2):
        drop_last_line(world, "us_construction")
    before = published.stat()
    place = operated.home / "steps" / "core.us_construction"
    steps = len(list(place.iterdir()))
    operated.server.begin("refresh/refresh-all", profile="mirror", mirror=str(world))
    wait_for("a step", lambda: len(list(place.iterdir())) > steps, 120, every=0.05)
    run = operated.server.runs_of("refresh-all")[-1]
    operated.server.cancel(run)

    def is_cancelled() -> bool:
        asked = operated.server.ask("GET", f"flow_runs/{run['id']}")
        return bool(asked["state_type"] == "CANCELLED")

    wait_for("the run to be cancelled", is_cancelled)
    # the process is gone: nobody writes, and nothing was put in the place of the published file
    wait_for("nobody to write", lambda: _is_free(operated.home), 60)
    after = published.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert not list(operated.home.glob(".warehouse.*"))
    assert max((operated.home / "runs").glob("*.json")).stem.endswith("-cancelled")


def _says_that_it_waits(operated: Any) -> bool:
    runs = operated.server.runs_of("rebuild-as-of")
    if not runs:
        return False
    assert not runs[0]["end_time"], runs[0]["state"]["message"]
    asked = {"logs": {"flow_run_id": {"any_": [runs[0]["id"]]}}}
    message = f"Another run (process {os.getpid()}) is writing in {operated.home}: waiting"
    return any(message in line["message"] for line in operated.server.read("logs/filter", asked))


def _is_free(home: Path) -> bool:
    try:
        with only_writer(home):
            return True
    except AnotherRunError:
        return False


def _is_of(event: dict[str, Any], run: dict[str, Any]) -> bool:
    related = {r["prefect.resource.id"] for r in event["related"]}
    return f"prefect.flow-run.{run['id']}" in related
