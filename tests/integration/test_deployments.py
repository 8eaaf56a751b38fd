"""Deployed, scheduled, triggered and backfilled: a real server, two real workers."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flows.sources import load_declarations
from tests.integration.prefect_server import DeployError
from tests.processes import ROOT, wait_for

SCHEDULES = {
    "refresh-un-votes": ("weekly", "0 4 * * 1"),
    "refresh-ideal-points": ("monthly", "0 5 9 * *"),
    "refresh-alliances": ("quarterly", "0 5 16 1,4,7,10 *"),
    "refresh-capabilities": ("quarterly", "0 5 23 1,4,7,10 *"),
    "refresh-states-and-dyads": ("quarterly", "0 5 27 1,4,7,10 *"),
    "refresh-all": ("monthly", "0 4 2 * *"),
    "build-and-publish": ("nightly", "30 5 * * *"),
    "check-releases": ("weekly", "0 4 * * 2"),
    "verify": ("nightly", "30 3 * * *"),
    "retention": ("weekly", "0 1 * * 0"),
}
WRITERS = {"refresh-all", "build-and-publish", "rebuild-as-of", "check-releases", "retention"}


@pytest.fixture(scope="module")
def deployments(operated: Any) -> dict[str, dict[str, Any]]:
    of_pool = {"work_pools": {"name": {"any_": ["asymmetry"]}}}
    return {d["name"]: d for d in operated.server.read("deployments/filter", of_pool)}


def test_every_deployment_has_its_schedule(deployments: dict[str, dict[str, Any]]) -> None:
    assert set(deployments) == {*SCHEDULES, "rebuild-as-of"}
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


# --- a second home on the same server -----------------------------------------------------------

OTHER = "asymmetry-other"


@pytest.fixture(scope="module")
def other(operated: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A second home with deployments in a pool of its own."""
    home = tmp_path_factory.mktemp("other") / "home"
    with pytest.raises(DeployError, match="The work pool asymmetry is that of another home"):
        operated.server.deploy(home)
    operated.server.deploy(home, ASYMMETRY_POOL=OTHER)
    yield home
    for deployment in of_other(operated).values():  # their schedules would go on
        operated.server.ask("DELETE", f"deployments/{deployment['id']}")
    operated.server.ask("DELETE", f"work_pools/{OTHER}")


def of_other(operated: Any) -> dict[str, Any]:
    of_pool = {"work_pools": {"name": {"any_": [OTHER]}}}
    return {d["name"]: d for d in operated.server.read("deployments/filter", of_pool)}


def test_two_homes_on_one_server_have_deployments_and_events_of_their_own(
    operated: Any, other: Path, deployments: dict[str, dict[str, Any]]
) -> None:
    found = of_other(operated)
    assert set(found) == {f"{name}@{OTHER}" for name in deployments}
    assert {d["work_pool_name"] for d in found.values()} == {OTHER}
    triggers = [
        automation["trigger"]
        for automation in operated.server.read("automations/filter", {"limit": 200})
        if automation["name"] == "build when sources have changed"
    ]
    pools = {trigger["match"]["alliance-asymmetry.pool"] for trigger in triggers}
    assert pools == {"asymmetry", OTHER}


def test_a_run_refuses_the_home_of_another(operated: Any, other: Path, tmp_path: Path) -> None:
    third = tmp_path / "third home"
    with operated.server.worker("of a third home", third, tmp_path, ASYMMETRY_POOL=OTHER):
        run = operated.server.run_deployment(f"verify/verify@{OTHER}")
    assert run["state_type"] == "FAILED"
    assert f"was deployed for the home {other} (id " in run["state"]["message"]
    assert f"its worker has {third} (it has no deployed.json)" in run["state"]["message"]
    assert not third.joinpath("runs").exists()


def test_a_failed_run_is_tried_again_once_with_its_parameters(operated: Any, other: Path) -> None:
    server, name = operated.server, f"refresh-capabilities@{OTHER}"
    deployment = of_other(operated)[name]
    asked = {"sources": ["gdp"], "profile": "mirror", "mirror": "/srv/mirror"}
    failed = "Flow run encountered an exception: "

    def end(state: str, message: str) -> None:
        path = f"deployments/{deployment['id']}/create_flow_run"
        made = server.ask("POST", path, {"name": state.lower(), "parameters": asked})
        body = {"state": {"type": state, "message": message}, "force": True}
        server.ask("POST", f"flow_runs/{made['id']}/set_state", body)

    def tried_again() -> list[dict[str, Any]]:
        body = {
            "deployments": {"id": {"any_": [deployment["id"]]}},
            "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}},
        }
        runs = server.read("flow_runs/filter", body)
        return [run for run in runs if not run["auto_scheduled"]]

    end("CANCELLED", "by hand")
    end("FAILED", f"{failed}GateFailedError: core.votes")
    end("FAILED", f"{failed}ReleaseHeldError: gdp")
    end("CRASHED", "The process ended with code -9.")
    end("FAILED", f"{failed}FetchError: gdp: no route")
    wait_for("another try", tried_again)
    (run,) = tried_again()
    assert run["parameters"] == {**deployment["parameters"], **asked, "locked": False}
    triggering = run["created_by"]["display_value"]
    assert triggering == "try refresh-capabilities again"
    server.ask("DELETE", f"flow_runs/{run['id']}")


def test_schedules_that_people_have_added_or_changed_outlive_another_deploy(
    operated: Any, other: Path
) -> None:
    server, found = operated.server, of_other(operated)
    verify, retention = found[f"verify@{OTHER}"], found[f"retention@{OTHER}"]
    hourly = {"schedule": {"interval": 3600}, "active": True, "slug": "mine"}
    of_verify = f"deployments/{verify['id']}/schedules"
    # one without a slug has Prefect replace all that the deployment has
    nameless = {"schedule": {"cron": "0 5 1 1 *", "timezone": "UTC"}, "active": True}
    server.ask("POST", of_verify, [hourly, nameless])
    (nightly,) = verify["schedules"]
    sunday = {"schedule": {"cron": "0 3 * * 0", "timezone": "UTC"}, "active": False}
    server.ask("PATCH", f"{of_verify}/{nightly['id']}", sunday)
    (weekly,) = retention["schedules"]
    later = {"schedule": {"cron": "0 2 * * 0", "timezone": "UTC"}, "active": False}
    path = f"deployments/{retention['id']}/schedules"
    server.ask("PATCH", f"{path}/{weekly['id']}", later)

    def active() -> dict[str | None, bool]:
        return {s["slug"]: s["active"] for s in server.ask("GET", of_verify)}

    with server.deploying(other, ASYMMETRY_POOL=OTHER) as sending:
        # verify is sent before: what people had is replaced, and put back only when all is sent
        assert any(f"Deploying retention@{OTHER}" in line for line in sending.stdout or ())
        os.killpg(sending.pid, signal.SIGKILL)
    assert active() == {"nightly": True}

    said = server.deploy(other, ASYMMETRY_POOL=OTHER)
    assert f"verify@{OTHER}: kept mine (every 3,600 s, UTC), which was added on the server" in said
    assert f"retention@{OTHER}: kept weekly (0 2 * * 0, UTC, paused), which was changed" in said
    after = of_other(operated)
    slugs = {s["slug"]: s["schedule"] for s in after[f"verify@{OTHER}"]["schedules"]}
    assert set(slugs) == {"nightly", "mine", None}
    assert active() == {"nightly": False, "mine": True, None: True}
    assert f"verify@{OTHER}: kept nightly (0 3 * * 0, UTC, paused), which was changed" in said
    (kept,) = after[f"retention@{OTHER}"]["schedules"]
    assert (kept["schedule"]["cron"], kept["active"]) == ("0 2 * * 0", False)
    untouched = after[f"refresh-all@{OTHER}"]["schedules"]
    assert [(s["slug"], s["active"]) for s in untouched] == [("monthly", True)]


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_the_server_listens_on_loopback_unless_told_otherwise(host: str) -> None:
    make = ["make", "-n", "-o", ".venv/.installed", "server"]
    message = [] if host == "127.0.0.1" else [f"HOST={host}"]
    environment = {k: v for k, v in os.environ.items() if k not in ("HOST", "PORT")}
    done = subprocess.run(
        [*make, *message], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert f"server start --host {host} --port 4200" in done.stdout
