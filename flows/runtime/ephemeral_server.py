"""A Prefect server for the time of one command, on a machine where none is configured.

Prefect would start one itself, but only when a flow begins, after importing the whole server into
the command. Started first thing, in a process of its own, it comes up while the command imports
what it needs; and workers of the command use it too, instead of one more each.
"""

import atexit
import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

_SECONDS_TO_COME_UP = 180.0
_SECONDS_TO_LEAVE = 5.0
_SECONDS_BETWEEN_LOOKS = 0.1
_SECONDS_TO_TRY_AGAIN = b"0.05"
_SETTINGS_FILES = ("prefect.toml", ".env")


class ServerDidNotStartError(RuntimeError):
    """The temporary server ended, or does not answer."""


def start_server() -> "TemporaryServer | None":
    """Starts a server on a free loopback port and names it in `PREFECT_API_URL`.

    Call it before Prefect is imported, and `wait` before a flow is called. The server keeps its
    database in `PREFECT_HOME`. It ends with the command, however that one ends: at exit after
    Prefect has told it the rest, since what is registered first is called last.

    Returns:
        The server; None where the user has configured Prefect, who then decides.
    """
    if _is_configured():
        return None
    server = TemporaryServer()
    atexit.register(server.stop)
    os.environ["PREFECT_API_URL"] = server.api_url
    return server


class TemporaryServer:
    """A server that is starting, or runs."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            self._port: int = listening.getsockname()[1]
            listening.set_inheritable(True)
            self._process = subprocess.Popen(
                [sys.executable, "-m", "flows.runtime.ephemeral_server", str(listening.fileno())],
                stdin=subprocess.PIPE,  # closed when this process is gone, and then it leaves
                pass_fds=[listening.fileno()],
                start_new_session=True,  # an interrupt is the flow's to answer, and to report
                env={
                    **os.environ,
                    # what Prefect sets for a temporary server: no UI, only the services it needs
                    "PREFECT_UI_ENABLED": "0",
                    "PREFECT__SERVER_EPHEMERAL": "1",
                    "PREFECT__SERVER_FINAL": "1",
                },
            )

    @property
    def api_url(self) -> str:
        """Where its API is."""
        return f"http://127.0.0.1:{self._port}/api"

    def wait(self) -> None:
        """Waits until it answers.

        Raises:
            ServerDidNotStartError: It ended, or took too long; nothing has been run.
        """
        until = time.monotonic() + _SECONDS_TO_COME_UP
        while not self._answers():
            if (code := self._process.poll()) is not None:
                raise ServerDidNotStartError(
                    f"Prefect's temporary server ended with code {code}; what it said stands above."
                    f" Nothing was run. Its files are in {os.environ.get('PREFECT_HOME')}; another"
                    " server can be named with PREFECT_API_URL."
                )
            if time.monotonic() > until:
                raise ServerDidNotStartError(
                    f"Prefect's temporary server does not answer after {_SECONDS_TO_COME_UP:.0f} s."
                    " Nothing was run. Try again, or start one (`make server`) and name it with"
                    " PREFECT_API_URL."
                )
            time.sleep(_SECONDS_BETWEEN_LOOKS)

    def stop(self) -> None:
        """Ends it, once what it was told is stored."""
        self._process.terminate()
        try:
            self._process.wait(_SECONDS_TO_LEAVE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _answers(self) -> bool:
        # it listens from the first moment, and answers when it is up
        asked = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_SECONDS_TO_COME_UP)
        try:
            asked.request("GET", "/api/health")
            return asked.getresponse().status == http.client.OK
        except OSError:
            return False
        finally:
            asked.close()


def _is_configured() -> bool:
    """Whether the user has said something to Prefect that only Prefect can read."""
    if {"PREFECT_API_URL", "PREFECT_PROFILE", "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE"} & set(
        os.environ
    ):
        return True
    home = Path(os.environ.get("PREFECT_HOME", Path.home() / ".prefect"))
    here = Path.cwd()
    files = [home / "profiles.toml", *(here / name for name in _SETTINGS_FILES)]
    if any(file.exists() for file in files):
        return True
    project = here / "pyproject.toml"
    return project.exists() and "[tool.prefect" in project.read_text("utf-8", "replace")


def _serve(descriptor: int) -> None:
    """Serves on a socket that is listening already, until standard input is closed."""
    import uvicorn
    from prefect.server.api.server import create_app

    def exit_with_parent() -> None:
        sys.stdin.buffer.read()
        os._exit(1)

    threading.Thread(target=exit_with_parent, daemon=True).start()
    config = uvicorn.Config(_busy_for_a_moment(create_app()), log_level="error", lifespan="on")
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=descriptor)])


def _busy_for_a_moment(app: Any) -> Any:
    """Tells a client that meets a locked database to try again at once.

    Before each task, its tags are looked up in one transaction that reads and then writes. With
    SQLite that fails whenever something else was written in between; the server says 503, and
    Prefect's client then waits 2 s and more: 15 s of a build.
    """

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        async def tell(message: Any) -> None:
            if message.get("status") == http.client.SERVICE_UNAVAILABLE:
                headers = [*message["headers"], (b"retry-after", _SECONDS_TO_TRY_AGAIN)]
                message = {**message, "headers": headers}
            await send(message)

        await app(scope, receive, tell)

    return answer


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
