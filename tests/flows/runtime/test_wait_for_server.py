"""Waiting for a server that is still starting."""

import os
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from flows.runtime.wait_for_server import NoServerError, wait_for_server


class Starting(BaseHTTPRequestHandler):
    """Says 503 the first time, and that it is healthy from then on."""

    asked = 0

    def do_GET(self) -> None:
        Starting.asked += 1
        self.send_response(503 if Starting.asked == 1 else 200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None: ...


def test_it_comes_back_when_the_server_is_healthy() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def serve_later() -> None:
        time.sleep(0.3)  # nobody listens at first
        with HTTPServer(("127.0.0.1", port), Starting) as server:
            server.handle_request()
            server.handle_request()

    later = threading.Thread(target=serve_later)
    later.start()
    wait_for_server(f"http://127.0.0.1:{port}/api/", 30)
    later.join()
    assert Starting.asked == 2


def test_where_nobody_answers_it_says_what_to_do() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}/api"
        with pytest.raises(NoServerError, match=r"does not answer .*Nothing was changed"):
            wait_for_server(url, 0.1)


def test_where_no_server_is_named_it_names_the_variable() -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    command = [sys.executable, "-m", "flows.runtime.wait_for_server"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("PREFECT_API_URL is not set")
    assert "Traceback" not in done.stderr
