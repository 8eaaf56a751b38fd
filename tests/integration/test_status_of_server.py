"""What `asymmetry status` says of the Prefect server: workers, runs, and that it is away."""

import socket
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from flows.home.paths import Home
from flows.operations.server_status import AskedServer
from tests.processes import PATIENCE, asymmetry, free_port


@pytest.fixture
def home(sample_home: Any, tmp_path: Path) -> Home:
    """The built home once more, without its steps."""
    return Home.at(sample_home.copy_without_steps(tmp_path / "home, ünïcode"))


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
