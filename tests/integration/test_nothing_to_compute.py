"""A refresh whose steps are all finished asks Prefect for no step, and costs assembling alone."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from flows.dag import STEPS
from flows.sources import load_declarations
from tests.contents import contents
from warehouse.catalog.builds import require_build

pytestmark = pytest.mark.prefect

PROGRAM = """
import json, sys, time
from pathlib import Path

from prefect.client.orchestration import get_client

from flows.home.paths import Home
from flows.refresh import refresh
from flows.operations.open_faults import STEPS
from flows.operations.verification import verify_bytes

home, damaged = map(Path, sys.argv[1:])
said = {}
with get_client(sync_client=True) as client:
    seen = set()

    def new_tasks():
        # the server records them, and their names, after the flow has ended: until nothing changes
        found, before, until = {}, None, time.monotonic() + 3
        while time.monotonic() < until:
            runs = [run for run in client.read_task_runs() if run.id not in seen]
            found = {str(run.id): [run.name, list(run.tags)] for run in runs}
            until = until if found == before else time.monotonic() + 3
            before = found
            time.sleep(0.5)
        seen.update(run.id for run in runs)
        return list(found.values())

    def verified():
        found = verify_bytes(Home.at(home))
        return found.n_steps, [fault.text for fault in found.faults if fault.subject == STEPS]

    data = damaged.read_bytes()
    damaged.write_bytes(data[:-1])
    said["damaged"] = {"verified": verified()}
    said["damaged"] |= refresh(profile="sample") | {"tasks": new_tasks()}
    said["damaged"]["same"] = damaged.read_bytes() == data
    (home / "warehouse.duckdb").unlink()
    for name in ("first", "second"):
        said[name] = refresh(profile="sample") | {"tasks": new_tasks(), "verified": verified()}
    in_turn = sorted(client.read_artifacts(), key=lambda artifact: artifact.created)
    said["artifacts"] = {a.key: a.data for a in in_turn if a.type == "table"}  # the last of each
print("answer " + json.dumps(said))
"""


def test_finished_steps_are_reused_without_a_task_and_damage_is_found_first(
    sample_home: Any, laid_out_prefect: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    kept = shutil.ignore_patterns("warehouse.duckdb", "builds", "prefect", "runs")
    shutil.copytree(sample_home.home, home, ignore=kept)
    shutil.copytree(laid_out_prefect, tmp_path / "prefect")
    hashes = {n: of[:16] for n, of in require_build(sample_home.warehouse).step_hashes.items()}
    for folder in (home / "steps").glob("*/*"):
        if folder.name != hashes.get(folder.parent.name):  # of an earlier state of the code
            shutil.rmtree(folder)
    damaged = home / "steps" / "core.votes" / hashes["core.votes"] / "core.votes.parquet"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")} | {
        "ASYMMETRY_HOME": str(home),
        "PREFECT_HOME": str(tmp_path / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(home), str(damaged)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=1200,
    )
    answers = [line for line in done.stdout.splitlines() if line.startswith("answer ")]
    assert answers, f"{done.stdout}\n{done.stderr}"
    said = json.loads(answers[0].removeprefix("answer "))

    fetches = {f"Fetch {slug} (sample)" for slug in load_declarations()}
    n_good, (message,) = said["damaged"]["verified"]
    assert n_good == len(STEPS) - 1
    assert str(damaged.parent) in message
    # it alone is computed anew
    assert said["damaged"]["result"] == "published"
    computed = [n for n, step in said["damaged"]["steps"].items() if not step["reused"]]
    assert computed == ["core.votes"]
    assert len(said["damaged"]["tasks"]) == len(fetches) + 2
    assert said["damaged"]["same"]

    first, second = said["first"], said["second"]
    assert first["result"] == "published"
    assert {name for name, _ in first["tasks"]} == {
        *fetches,
        "Assemble, check and publish the warehouse",
    }
    assert not any(tags for _, tags in [*first["tasks"], *second["tasks"]])
    assert {name for name, step in first["steps"].items() if step["reused"]} == {
        step.name for step in STEPS
    }
    shown = json.loads(said["artifacts"]["steps"])
    assert {row["step"]: row["result"] for row in shown} == dict.fromkeys(first["steps"], "reused")
    assert require_build(home / "warehouse.duckdb").build_id == first["build_id"]
    assert first["build_id"] == require_build(sample_home.warehouse).build_id
    assert contents(sample_home.warehouse) == contents(home / "warehouse.duckdb")

    assert first["verified"] == [len(STEPS), []]
    assert second["result"] == "unchanged"
    assert {name for name, _ in second["tasks"]} == fetches
