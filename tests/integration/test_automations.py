"""automations.yaml on a real server: accepted, replaced when sent again, and really alerting."""

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue

import requests
import yaml

from flows.monitoring.events import (
    GATE_FAILED,
    PREFIX,
    SOURCE_REGRESSED,
    SOURCE_RELEASED,
    SOURCE_STALE,
    WAREHOUSE_PUBLISHED,
)

FILE = Path(__file__).resolve().parents[2] / "automations.yaml"
ENTRIES = yaml.safe_load(FILE.read_text("utf-8"))["automations"]


def send(api: str, alert_url: str = "") -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "flows.monitoring.automations", str(FILE)],
        env={**os.environ, "PREFECT_API_URL": api, "ALERT_URL": alert_url},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return done.stdout.splitlines()


def ours(api: str) -> list[dict[str, object]]:
    found = requests.post(f"{api}/automations/filter", json={"limit": 200}, timeout=30).json()
    return [a for a in found if a["name"].startswith("alliance-asymmetry: ")]


def emit(api: str, event: str, resource: str, payload: dict[str, object]) -> None:
    program = (
        "import json, sys; from flows.monitoring.events import emit;"
        " emit(sys.argv[1], resource=sys.argv[2], payload=json.loads(sys.argv[3]))"
    )
    subprocess.run(
        [sys.executable, "-c", program, event, resource, json.dumps(payload)],
        env={**os.environ, "PREFECT_API_URL": api},
        check=True,
        timeout=120,
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
    assert {*expected_of_us, "prefect.flow-run.Failed"} <= expected
    resources = {entry["trigger"]["match"]["prefect.resource.id"] for entry in ENTRIES}
    assert {f"{PREFIX}.warehouse", f"{PREFIX}.source.*"} <= resources


def test_sent_twice_it_is_there_once_and_posts_what_happened(prefect_api: str) -> None:
    posted: Queue[str] = Queue()

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            posted.put(json.loads(body)["text"])
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    hook = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=hook.serve_forever, daemon=True).start()
    try:
        names = send(prefect_api)
        assert names == [entry["name"] for entry in ENTRIES]
        assert send(prefect_api, f"http://127.0.0.1:{hook.server_port}/") == names
        assert sorted(str(a["name"]) for a in ours(prefect_api)) == sorted(names)
        payload: dict[str, object] = {
            "message": "core.votes: nobody votes so",
            "tables": ["core.votes"],
        }
        emit(prefect_api, GATE_FAILED, "warehouse", payload)
        gate = "alliance-asymmetry: a gate stopped a build"
        while not (text := posted.get(timeout=60)).startswith(gate):
            pass  # of another run of this server
        assert "core.votes: nobody votes so" in text
    finally:
        hook.shutdown()
        for automation in ours(prefect_api):
            requests.delete(f"{prefect_api}/automations/{automation['id']}", timeout=30)


def test_prefects_own_command_takes_the_file(prefect_api: str) -> None:
    command = [sys.executable, "-m", "prefect", "automation", "create", "--from-file", str(FILE)]
    environment = {**os.environ, "PREFECT_API_URL": prefect_api}
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=120)
    try:
        # a busy server may be asked twice, and the command does not look for what is there
        assert {a["name"] for a in ours(prefect_api)} == {entry["name"] for entry in ENTRIES}
    finally:
        for automation in ours(prefect_api):
            requests.delete(f"{prefect_api}/automations/{automation['id']}", timeout=30)
