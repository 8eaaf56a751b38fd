"""Deployed, scheduled, triggered and backfilled: a real server, two real workers."""

import os
import subprocess
from typing import Any

import pytest

from flows.sources import load_declarations
from tests.processes import ROOT

SCHEDULES = {
    "refresh-un-votes": ("weekly", "0 4 * * 1"),
    "refresh-ideal-points": ("monthly", "0 5 9 * *"),
    "refresh-alliances": ("quarterly", "0 5 16 1,4,7,10 *"),
    "refresh-capabilities": ("quarterly", "0 5 23 1,4,7,10 *"),
    "refresh-states-and-dyads": ("quarterly", "0 5 27 1,4,7,10 *"),
    "refresh-all": ("monthly", "0 4 2 * *"),
    "check-releases": ("weekly", "0 4 * * 2"),
    "verify": ("nightly", "30 3 * * *"),
    "retention": ("weekly", "0 1 * * 0"),
}
WRITERS = {"refresh-all", "build-and-publish", "rebuild-as-of", "check-releases", "retention"}


@pytest.fixture(scope="module")
def deployments(operated: Any) -> dict[str, dict[str, Any]]:
    return {d["name"]: d for d in operated.server.read("deployments/filter")}


def test_every_deployment_has_its_schedule(deployments: dict[str, dict[str, Any]]) -> None:
    assert set(deployments) == {*SCHEDULES, "build-and-publish", "rebuild-as-of"}
    found = {
        name: (s["slug"], s["schedule"]["cron"], s["schedule"]["timezone"])
        for name, deployment in deployments.items()
        for s in deployment["schedules"]
        if s["slug"] != "often"
    }
    assert found == {name: (*schedule, "UTC") for name, schedule in SCHEDULES.items()}


def test_every_source_is_fetched_on_a_schedule_of_its_own(
    deployments: dict[str, dict[str, Any]],
) -> None:
    fetched = [s for d in deployments.values() for s in d["parameters"].get("sources", [])]
    assert sorted(fetched) == sorted(load_declarations())


def test_writers_wait_for_each_other(operated: Any, deployments: dict[str, dict[str, Any]]) -> None:
    for name, deployment in deployments.items():
        assert deployment["global_concurrency_limit"]["limit"] == 1
        assert deployment["concurrency_options"]["collision_strategy"] == "ENQUEUE"
        assert deployment["tags"]
        queue = "writers" if name in WRITERS else "default"
        assert (deployment["work_pool_name"], deployment["work_queue_name"]) == ("asymmetry", queue)
    queues = operated.server.read("work_pools/asymmetry/queues/filter")
    limits = {queue["name"]: queue["concurrency_limit"] for queue in queues}
    assert limits == {"default": None, "writers": 1}


def test_every_parameter_is_explained_in_the_ui(deployments: dict[str, dict[str, Any]]) -> None:
    for name, deployment in deployments.items():
        for parameter, schema in deployment["parameter_openapi_schema"]["properties"].items():
            assert schema.get("description"), f"{name}: {parameter}"


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_the_server_listens_on_loopback_unless_told_otherwise(host: str) -> None:
    make = ["make", "-n", "-o", ".venv/.installed", "server"]
    message = [] if host == "127.0.0.1" else [f"HOST={host}"]
    environment = {k: v for k, v in os.environ.items() if k not in ("HOST", "PORT")}
    done = subprocess.run(
        [*make, *message], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert f"server start --host {host} --port 4200" in done.stdout
