"""Secrets in addresses that fail, on real servers: a database that refuses, a hook that is gone."""

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from flows.monitoring.events import GATE_FAILED
from tests.integration.loaded_process import loaded_process
from tests.integration.prefect_server import prefect_server
from tests.integration.test_automations import emit, send
from tests.processes import BIN, ROOT, command, environment_of, free_port, wait_for

pytestmark = pytest.mark.prefect

PASSWORD = "hunter2-of-the-database"
PATH = "T0001/B0002/path-of-the-hook"


def mentions(folder: Path, secret: str) -> list[str]:
    """Files below a folder in which a secret stands."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return [str(path) for path in found if secret.encode() in path.read_bytes()]


@pytest.fixture
def database() -> str:
    """Address of a database at which nobody listens."""
    return f"postgresql+asyncpg://prefect:{PASSWORD}@127.0.0.1:{free_port()}/prefect"


def test_a_server_whose_database_is_away_says_so_without_its_password(
    database: str, tmp_path: Path
) -> None:
    done = subprocess.run(
        [str(BIN / "prefect"), "server", "start", "--port", str(free_port())],
        env={
            **{k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")},
            "PREFECT_HOME": str(tmp_path),
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": database,
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=540,
    )
    assert done.returncode != 0
    assert "onnect" in done.stdout + done.stderr
    assert PASSWORD not in done.stdout + done.stderr
    assert mentions(tmp_path, PASSWORD) == []


def test_a_refresh_by_hand_keeps_the_address_of_such_a_database_to_itself(
    database: str, sample_world: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    words = ["fetch", "gdp", "--profile", "mirror", "--mirror", str(sample_world)]
    done = subprocess.run(
        command(*words),
        env=environment_of(home, PREFECT_SERVER_DATABASE_CONNECTION_URL=database),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=540,
    )
    assert PASSWORD not in done.stdout + done.stderr
    assert mentions(tmp_path, PASSWORD) == []


@contextmanager
def hook_that_refuses() -> Iterator[int]:
    """A host that answers every alert with 404; its port."""

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    hook = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=hook.serve_forever, daemon=True).start()
    try:
        yield hook.server_port
    finally:
        hook.shutdown()


def test_a_hook_that_refuses_is_named_by_its_path_in_the_log_of_the_server_alone(
    laid_out_prefect: Path, tmp_path: Path
) -> None:
    """Prefect's server tries five times, and writes the whole address (docs/threat_model.md)."""
    folder = shutil.copytree(laid_out_prefect, tmp_path / "prefect")
    log = folder / "server.log"
    with (
        prefect_server(folder) as server,
        loaded_process(tmp_path / "home", server.api) as loaded,
        hook_that_refuses() as port,
    ):
        send(loaded, f"http://127.0.0.1:{port}/{PATH}")
        emit(server.api, (GATE_FAILED, "warehouse", {"message": "m"}, "one"))
        wait_for("an alert that is given up", lambda: "dead letter queue" in log.read_text())
        assert PATH not in str(server.read("events/filter"))
        assert PATH not in str(server.read("block_documents/filter"))
        assert PATH not in str(server.read("automations/filter"))
    assert mentions(folder, PATH) in ([], [str(log)])
