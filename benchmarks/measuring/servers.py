"""A Prefect server of one's own, for as long as something is measured."""

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

from measuring.processes import cpu_of


@contextmanager
def server(folder):
    """A Prefect server of our own on a free port; yields its address, process and start-up time."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}/api"
    # connections are kept as long as the server of the runbook keeps them
    kept = {"PREFECT_SERVER_API_KEEPALIVE_TIMEOUT": "600"}
    environment = {**os.environ, **kept, "PREFECT_HOME": str(folder), "PREFECT_API_URL": url}
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1"]
    began = time.perf_counter()
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(
            [*command, "--port", str(port)], env=environment, stdout=log, stderr=log
        )
        try:
            wait_until_healthy(url, process)
            yield url, process.pid, time.perf_counter() - began
        finally:
            process.terminate()
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:  # a busy machine; nothing of its is kept
                process.kill()
                process.wait()


def wait_until_healthy(url, process):
    import requests

    for _ in range(600):
        if process.poll() is not None:
            raise SystemExit("the Prefect server did not start")
        try:
            if requests.get(f"{url}/health", timeout=2).ok:
                return
        except requests.RequestException:
            time.sleep(0.2)
    raise SystemExit("the Prefect server did not answer")


def let_settle(server_pid):
    """Waits until a server has written down what it was told before; a minute at most."""
    for _ in range(30):
        before = cpu_of(server_pid)
        time.sleep(2)
        if cpu_of(server_pid) - before < 0.2:
            return
