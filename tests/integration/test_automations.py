"""automations.yaml on a real server: accepted, replaced when sent again, and really alerting."""

import json
import os
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from typing import Any

import pytest
import requests
import yaml

from flows.home.deployed import EXPECTED_PATH
from flows.home.pool import PREFIX
from flows.monitoring.events import (
    GATE_FAILED,
    SOURCE_REGRESSED,
    SOURCE_RELEASED,
    SOURCE_STALE,
    WAREHOUSE_PUBLISHED,
)
from tests.integration.loaded_process import LoadedProcess
from tests.processes import LONGEST_ANSWER

FILE = Path(__file__).resolve().parents[2] / "automations.yaml"
ENTRIES = yaml.safe_load(FILE.read_text("utf-8"))["automations"]


def send(loaded: LoadedProcess, alert_url: str = "") -> list[str]:
    words = ("flows.monitoring.automations", str(FILE))
    done = loaded.call(Path("/srv/one home"), *words, ALERT_URL=alert_url)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def ours(api: str) -> list[dict[str, object]]:
    found = requests.post(
        f"{api}/automations/filter", json={"limit": 200}, timeout=LONGEST_ANSWER
    ).json()
    return [a for a in found if a["name"].startswith("alliance-asymmetry: ")]


def emit(api: str, *events: tuple[str, str, dict[str, object], str]) -> None:
    """Emits events one after the other: name, resource, payload and cause of each."""
    program = (
        "import json, sys, time; from flows.monitoring.events import emit\n"
        "for name, resource, payload, cause in json.loads(sys.argv[1]):\n"
        "    emit(name, resource=resource, payload=payload, cause=cause)\n"
        "    time.sleep(2)  # as runs do that are not of one burst\n"
    )
    subprocess.run(
        [sys.executable, "-c", program, json.dumps(events)],
        env={**os.environ, "PREFECT_API_URL": api, "ASYMMETRY_HOME": "/srv/one home"},
        check=True,
        timeout=360,
    )


def test_it_alerts_on_every_event_that_a_person_must_know() -> None:
    expected = {event for entry in ENTRIES for event in entry["trigger"]["expect"]}
    expected_of_us = {
        GATE_FAILED,
        SOURCE_REGRESSED,
        SOURCE_RELEASED,
        SOURCE_STALE,
        WAREHOUSE_PUBLISHED,
    }
    late_or_gone = {"prefect.flow-run.Late", "prefect.work-pool.not-ready"}
    assert {*expected_of_us, *late_or_gone, "prefect.flow-run.Failed"} <= expected
    resources = {entry["trigger"]["match"]["prefect.resource.id"] for entry in ENTRIES}
    assert {f"{PREFIX}.warehouse", f"{PREFIX}.source.*"} <= resources


@pytest.fixture
def posted(prefect_api: str, loaded: LoadedProcess) -> Iterator[Queue[str]]:
    """Texts of the alerts that the server posts; it has every automation while a test runs."""
    texts: Queue[str] = Queue()

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            texts.put(json.loads(body)["text"])
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    hook = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=hook.serve_forever, daemon=True).start()
    try:
        names = send(loaded)
        assert names == [entry["name"] for entry in ENTRIES]
        assert send(loaded, f"http://127.0.0.1:{hook.server_port}/") == names
        assert sorted(str(a["name"]) for a in ours(prefect_api)) == sorted(names)
        yield texts
    finally:
        hook.shutdown()
        for automation in ours(prefect_api):
            requests.delete(f"{prefect_api}/automations/{automation['id']}", timeout=LONGEST_ANSWER)


def texts_until(posted: Queue[str], last: str) -> list[str]:
    """The alerts up to the one that has a word in it."""
    found = []
    while True:
        found.append(posted.get(timeout=90))
        if last in found[-1]:
            return found


def test_sent_twice_it_is_there_once_and_posts_each_cause_once(
    prefect_api: str, posted: Queue[str]
) -> None:
    stopped: dict[str, object] = {"message": "core.votes: nobody votes so", "profile": "live"}
    other: dict[str, object] = {"message": "core.gdp: too rich", "profile": "live"}
    twice = (GATE_FAILED, "warehouse", stopped, "one build")
    emit(prefect_api, twice, twice, (GATE_FAILED, "warehouse", other, "another build"))
    found = texts_until(posted, "core.gdp: too rich")
    (text,) = [text for text in found if "core.votes: nobody votes so" in text]
    assert text.startswith("alliance-asymmetry: a gate stopped a build")
    assert "profile live" in text
    assert "home /srv/one home" in text


@pytest.fixture
def deployment(server: Any) -> Iterator[dict[str, Any]]:
    """A deployment of a home of its own, in a pool of its own."""
    pool = f"asymmetry-{uuid.uuid4().hex[:8]}"
    server.ask("POST", "work_pools/", {"name": pool, "type": "process"})
    flow = server.ask("POST", "flows/", {"name": "refresh-source"})
    asked = {
        "name": f"of {pool}",
        "flow_id": flow["id"],
        "work_pool_name": pool,
        "parameters": {"sources": ["gdp", "atop"], "profile": "live"},
        "job_variables": {"env": {EXPECTED_PATH: "/srv/another home"}},
    }
    yield server.ask("POST", "deployments/", asked) | {"pool": pool}
    server.ask("DELETE", f"work_pools/{pool}")


def end_a_run(server: Any, deployment: dict[str, Any], name: str, state: dict[str, Any]) -> None:
    path = f"deployments/{deployment['id']}/create_flow_run"
    made = server.ask("POST", path, {"name": name})
    server.ask("POST", f"flow_runs/{made['id']}/set_state", {"state": state, "force": True})


def test_a_failed_run_says_why_of_which_home_profile_and_sources_and_once(
    server: Any, deployment: dict[str, Any], posted: Queue[str]
) -> None:
    failed = "Flow run encountered an exception: "
    why = f"{failed}MissingFileError: gdp: https://example.org says 404"
    for name in ("Fetch it", "Fetch it again"):
        end_a_run(server, deployment, name, {"type": "FAILED", "message": why})
    # of these there are alerts of their own, and a cancelled run has not failed
    for error in ("GateFailedError: core.votes", "ReleaseHeldError: gdp"):
        end_a_run(server, deployment, "Stopped", {"type": "FAILED", "message": failed + error})
    end_a_run(server, deployment, "Cancelled", {"type": "CANCELLED", "message": "by hand"})
    killed = {"type": "CRASHED", "message": "The process ended with code -9."}
    end_a_run(server, deployment, "Killed", killed)
    found = texts_until(posted, "ended with code -9")
    (text,) = [text for text in found if why in text]
    assert text.startswith("alliance-asymmetry: a run failed")
    assert "Fetch it; profile live; sources gdp, atop; home /srv/another home" in text
    assert not [text for text in found if "Stopped" in text or "Cancelled" in text]


def test_a_late_run_and_a_worker_that_has_gone_are_alerts(
    server: Any, deployment: dict[str, Any], posted: Queue[str]
) -> None:
    pool, path = deployment["pool"], f"deployments/{deployment['id']}/create_flow_run"
    beats = {"name": "a worker", "heartbeat_interval_seconds": 1}
    server.ask("POST", f"work_pools/{pool}/workers/heartbeat", beats)
    earlier = (datetime.now(UTC) - timedelta(minutes=5)).isoformat()
    state = {"type": "SCHEDULED", "state_details": {"scheduled_time": earlier}}
    for name in ("Late one", "Late two"):
        server.ask("POST", path, {"name": name, "state": state})
    wanted = {"a run is late", "no worker is online"}
    found: list[str] = []
    while wanted:
        found.append(posted.get(timeout=90))
        if pool in found[-1] or "Late " in found[-1]:
            wanted -= {word for word in wanted if word in found[-1]}
    late = [text for text in found if "Late one" in text or "Late two" in text]
    assert len(late) == 1  # they wait for the same worker
    assert "home /srv/another home" in late[0]


def test_prefects_own_command_takes_the_file(prefect_api: str) -> None:
    command = [sys.executable, "-m", "prefect", "automation", "create", "--from-file", str(FILE)]
    environment = {**os.environ, "PREFECT_API_URL": prefect_api}
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=360)
    try:
        # a busy server may be asked twice, and the command does not look for what is there
        assert {a["name"] for a in ours(prefect_api)} == {entry["name"] for entry in ENTRIES}
    finally:
        for automation in ours(prefect_api):
            requests.delete(f"{prefect_api}/automations/{automation['id']}", timeout=LONGEST_ANSWER)
