"""A Prefect server for the time of one command, on a machine where none is configured.

Prefect would start one itself, but only when a flow begins, after importing the whole server into
the command; and it would outlive a command that is killed. Started first thing, in a process of
its own, it comes up while the command imports what it needs; and workers of the command use it
too, instead of one more each.
"""

import atexit
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from flows.engine.memory import look_for_garbage_seldom
from flows.home.disk_space import tells_of_full_disk
from flows.home.paths import Home
from flows.home.published_file import as_sentence, published_in_words
from flows.runtime.interrupts import end_command, end_with_command

_SECONDS_TO_COME_UP = 180.0
_SECONDS_TO_LEAVE = 5.0
_SECONDS_BETWEEN_LOOKS = 0.1
_SECONDS_TO_TRY_AGAIN = b"0.05"
_LINES_KEPT = 12
_STARTS = 4  # in all, of one command


class ServerDidNotStartError(RuntimeError):
    """The temporary server ended, or does not answer."""


def start_server(on_full_disk: Callable[[], None] = lambda: None) -> "EphemeralServer":
    """Starts a server on a free loopback port and names it in `PREFECT_API_URL`.

    Call it before Prefect is imported, and `wait` before a flow is called. The server keeps its
    database in `PREFECT_HOME`. It ends with the command, however that one ends: at exit after
    Prefect has told it the rest, since what is registered first is called last.

    Args:
        on_full_disk: Called when the server finds no space to write to; it tells its clients
            only that something has failed.
    """
    server = EphemeralServer(on_full_disk)
    atexit.register(server.stop)
    os.environ["PREFECT_API_URL"] = server.api_url
    return server


class EphemeralServer:
    """A server that is starting, or runs.

    One that dies while the command goes on, killed for want of memory for example, is started again
    on the same database. The socket that it listens on is the command's, and stays: clients wait in
    its queue meanwhile, and are not refused.
    """

    def __init__(self, on_full_disk: Callable[[], None]) -> None:
        self._on_full_disk = on_full_disk
        self._last_lines: deque[str] = deque(maxlen=_LINES_KEPT)
        self._is_up, self._is_stopped = False, False
        self._starting = threading.Lock()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._port: int = self._socket.getsockname()[1]
        self._process = self._start()
        self._watching = threading.Thread(target=self._watch, daemon=True)
        self._watching.start()

    def _start(self) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(
            [sys.executable, "-m", "flows.runtime.ephemeral_server", str(self._socket.fileno())],
            stdin=subprocess.PIPE,  # closed when this process is gone, and then it leaves
            stdout=subprocess.PIPE,  # what it says is for the command to judge
            stderr=subprocess.STDOUT,
            pass_fds=[self._socket.fileno()],
            start_new_session=True,  # an interrupt is the command's to answer
            env={
                **os.environ,
                # what Prefect sets for a temporary server: no UI, only the services it needs
                "PREFECT_UI_ENABLED": "0",
                "PREFECT__SERVER_EPHEMERAL": "1",
                "PREFECT__SERVER_FINAL": "1",
            },
        )
        end_with_command(process)
        return process

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
                self._watching.join(_SECONDS_TO_LEAVE)
                said = "\n".join([*self._last_lines, ""])
                raise ServerDidNotStartError(
                    f"{said}Prefect's temporary server ended with code {code}; the last that it"
                    " said stands above. Nothing was run. Its files are in"
                    f" {os.environ.get('PREFECT_HOME')}; another server can be named with"
                    " PREFECT_API_URL."
                )
            if time.monotonic() > until:
                raise ServerDidNotStartError(
                    f"Prefect's temporary server does not answer after {_SECONDS_TO_COME_UP:.0f} s."
                    " Nothing was run. Try again, or start one (`make server`) and name it with"
                    " PREFECT_API_URL."
                )
            time.sleep(_SECONDS_BETWEEN_LOOKS)
        self._is_up = True

    def stop(self) -> None:
        """Ends it, once what it was told is stored."""
        with self._starting:
            self._is_stopped = True
        self._process.terminate()
        try:
            self._process.wait(_SECONDS_TO_LEAVE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _watch(self) -> None:
        """Starts it again where it has died, and ends the command where that does not help."""
        for starts_left in reversed(range(_STARTS)):
            self._listen()
            with self._starting:
                if self._is_stopped or not (self._is_up and starts_left):
                    break
                self._process = self._start()
        self._socket.close()  # nobody has to wait for it any more
        if self._is_up and not self._is_stopped:
            end_command(1, self._died, "failed")

    def _listen(self) -> None:
        """Keeps the last lines that it says, until it is gone."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            text = line.decode("utf-8", "replace").rstrip()
            self._last_lines.append(text)
            if tells_of_full_disk(text):
                self._on_full_disk()
        self._process.wait()

    def _died(self, outcome: str) -> str:
        said = "\n".join([*self._last_lines, ""])
        found = published_in_words(Home.from_environment())
        kept = "".join(f" {as_sentence(clause)}" for clause in (outcome, found) if clause)
        return (
            f"{said}Prefect's temporary server has died {_STARTS} times, the last time with code"
            f" {self._process.returncode}; what it said stands above, where it said anything.{kept}"
            " Run the command again: it goes on with what is finished. Where memory is short,"
            " docs/commands.md says how much a build takes."
        )

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


def _serve(descriptor: int) -> None:
    """Serves on a socket that is listening already, until standard input is closed."""

    def exit_with_parent() -> None:
        sys.stdin.buffer.read()
        os._exit(1)

    # before the imports, which take seconds: the command may be killed meanwhile
    threading.Thread(target=exit_with_parent, daemon=True).start()
    import uvicorn
    from prefect.server.api.server import create_app

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
    look_for_garbage_seldom()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    _serve(int(sys.argv[1]))
