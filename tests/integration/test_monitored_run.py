"""What a run leaves for an operator: artifacts, events, its log, and what it changed."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import requests

from flows.home.paths import Home
from tests.integration.loaded_process import Done, LoadedProcess
from tests.processes import LONGEST_ANSWER, asymmetry_process, wait_for
from warehouse.catalog.diff import compare_builds


def run_flow(loaded: LoadedProcess, home: Path, how: str, replaced: str) -> Done:
    return loaded.call(home, "tests.integration.small_flow:small", str(home), how, replaced)


def ask(api: str, path: str, body: dict[str, Any]) -> Any:
    answer = requests.post(f"{api}/{path}", json=body, timeout=LONGEST_ANSWER)
    answer.raise_for_status()
    return answer.json()


def artifacts_of_last_flow(api: str) -> dict[str, dict[str, Any]]:
    asked = {"sort": "START_TIME_DESC", "limit": 1, "flows": {"name": {"any_": ["small"]}}}
    (run,) = ask(api, "flow_runs/filter", asked)
    found = ask(api, "artifacts/filter", {"flow_runs": {"id": {"any_": [run["id"]]}}})
    return {artifact["key"]: artifact for artifact in found}


def event_named(api: str, name: str, **payload: object) -> dict[str, Any]:
    def find() -> list[dict[str, Any]]:
        found = ask(api, "events/filter", {"filter": {"event": {"name": [name]}}})["events"]
        return [e for e in found if payload.items() <= e["payload"].items()]

    return wait_for(f"an event {name} with {payload}", find)[0]


@pytest.fixture(scope="module")
def built(sample_home: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, str]:
    """A home with the published build and, beside it, one in which ten figures are others."""
    import duckdb

    home = Home.at(tmp_path_factory.mktemp("reported"))
    home.builds.mkdir()
    shutil.copy2(sample_home.warehouse, home.warehouse)
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        ((build,),) = connection.execute(
            "SELECT build_id FROM meta.builds WHERE is_current"
        ).fetchall()
    shutil.copy2(sample_home.warehouse, home.builds / f"{build[:16]}.duckdb")
    earlier = "ef" * 32
    older = home.builds / f"{earlier[:16]}.duckdb"
    shutil.copy2(sample_home.warehouse, older)
    with duckdb.connect(str(older)) as connection:
        connection.execute("UPDATE meta.builds SET build_id = ? WHERE is_current", [earlier])
        connection.execute("UPDATE meta.lineage SET step_hash = 'x' WHERE table_name = 'core.gdp'")
        connection.execute(
            "UPDATE core.gdp SET gdp_usd = gdp_usd + 1 WHERE (ccode, year) IN ("
            " SELECT (ccode, year) FROM core.gdp WHERE gdp_usd IS NOT NULL"
            " ORDER BY ALL LIMIT 10)"
        )
        connection.execute("DELETE FROM core.gdp WHERE gdp_usd IS NULL")
    return home, earlier


def test_a_published_build_is_shown_and_announced(
    built: tuple[Home, str], prefect_api: str, loaded: LoadedProcess
) -> None:
    home, earlier = built
    done = run_flow(loaded, home.path, "publish", earlier)
    assert done.returncode == 0, done.stderr
    shown = artifacts_of_last_flow(prefect_api)
    assert {"run-summary", "steps", "validation", "changes"} <= set(shown)
    assert "## Published" in shown["run-summary"]["data"]
    assert "`gdp_usd` 10" in shown["run-summary"]["data"]
    (step,) = json.loads(shown["steps"]["data"])
    assert step == {"step": "core.votes", "rows": 3, "seconds": 1.5, "result": "computed"}
    gates = {row["gate"]: row["rules"] for row in json.loads(shown["validation"]["data"])}
    assert gates["raw"] > 50
    event = event_named(prefect_api, "warehouse.published", replaced=earlier)
    assert event["resource"]["prefect.resource.id"] == "alliance-asymmetry.warehouse"
    (log,) = home.runs.glob("*.log.jsonl")
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    (line,) = [entry for entry in lines if entry["message"] == "a line of the run"]
    assert line["run"] == log.name.split(".")[0]
    assert line["build"] == event["payload"]["build_id"]
    assert line["flow_run_id"]


def test_a_gate_that_stops_is_shown_and_announced(
    built: tuple[Home, str], prefect_api: str, loaded: LoadedProcess
) -> None:
    home, earlier = built
    done = run_flow(loaded, home.path, "gate", earlier)
    assert done.returncode == 1
    shown = artifacts_of_last_flow(prefect_api)
    assert "## Failed" in shown["run-summary"]["data"]
    (rule,) = json.loads(shown["validation"]["data"])
    assert (rule["gate"], rule["rule"], rule["rows"]) == ("core.votes", "no_such_choice", 2)
    event = event_named(prefect_api, "gate.failed", rules=["no_such_choice"])
    assert event["payload"]["tables"] == ["core.votes"]


def test_a_rollback_by_hand_is_announced_where_there_is_a_server(
    built: tuple[Home, str], prefect_api: str
) -> None:
    home, earlier = built
    done = asymmetry_process(home.path, "rollback", earlier[:12], api=prefect_api)
    assert done.returncode == 0, done.stderr
    assert "Prefect server" not in done.stderr
    event = event_named(prefect_api, "warehouse.published", by="rollback")
    assert event["payload"]["build_id"] == earlier


def test_builds_are_compared_by_key(built: tuple[Home, str]) -> None:
    home, earlier = built
    now = next(p for p in home.builds.glob("*.duckdb") if p.stem != earlier[:16])
    (diff,) = compare_builds(home.builds / f"{earlier[:16]}.duckdb", now)
    assert (diff.table, diff.changed, diff.removed) == ("core.gdp", 10, 0)
    assert diff.figures == {"gdp_usd": 10}
    assert diff.after is not None
    assert diff.before is not None
    assert diff.added == diff.after - diff.before
    assert compare_builds(now, now) == []


def test_a_release_that_lost_something_is_announced_and_an_accepted_one_is_not(
    built: tuple[Home, str], prefect_api: str, loaded: LoadedProcess
) -> None:
    home, earlier = built
    assert run_flow(loaded, home.path, "release", earlier).returncode == 1
    event = event_named(prefect_api, "source.regressed", slug="gdp")
    assert event["resource"]["prefect.resource.id"] == "alliance-asymmetry.source.gdp"
    assert event["payload"]["is_held"] is True
    assert "9 keys\\x1b[31m are gone" in event["payload"]["message"]  # shown, not sent
    found = ask(prefect_api, "events/filter", {"filter": {"event": {"name": ["source.regressed"]}}})
    slugs = {entry["payload"]["slug"] for entry in found["events"]}
    assert not slugs & {"atop", "un_votes"}
