"""Prefect's settings for a command: its files in the home, telemetry off, one server.

Prefect reads its settings when it is imported. So a command that runs a flow calls
`prepare_prefect` first, and imports the flow after that; nothing that `flows.cli` imports at the
top of a module may import Prefect, and a test holds that.

`python -m flows.runtime.prefect_config` lays out its database beforehand (`make install` does):
on an empty one the first run's server would apply years of migrations and register its blocks,
15 s, before it answers.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from flows.home.log_texts import keep_logs_presentable
from flows.home.modes import keep_others_from_writing
from flows.home.paths import Home
from flows.runtime.ephemeral_server import EphemeralServer, ServerDidNotStartError, start_server

TRIES_VARIABLE, TRIES = "PREFECT_CLIENT_MAX_RETRIES", "8"
"""A run whose server goes away waits for it to come back: 2, 4, …, 256 s, eight minutes in all.
With Prefect's five tries a server that lays out its database anew would end every run."""

_SETTINGS_FILES = ("prefect.toml", ".env")
_SECONDS_TO_ANSWER = 5
_SECONDS_FOR_A_BUSY_SERVER = 60
"""A server that takes a connection and is silent has work to do: a run would wait for it too."""

_BUSY = "is busy"
_LEVEL_OF_TERMINAL = "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL"
_ASKS_FOR_API = "from prefect.settings import PREFECT_API_URL as u; print(u.value() or '')"


class ServerAwayError(RuntimeError):
    """The Prefect server that the user has named does not answer."""


def prepare_prefect(
    home: Home, on_full_disk: Callable[[], None] = lambda: None, *, verbose: bool = False
) -> EphemeralServer | None:
    """Configures Prefect for this process and its children; before anything imports it.

    Args:
        home: Where Prefect keeps its files, unless the user has chosen a place.
        on_full_disk: Called when a server of our own finds no space to write to.
        verbose: Prefect's log is printed; otherwise it goes to the server and into `runs/`.

    Returns:
        A server for the time of the command, which is starting: `wait` for it. None where the
        user has named one.

    Raises:
        ServerAwayError: The server that the user has named does not answer; nothing was run.
    """
    quiet_prefect(home)
    os.environ.setdefault(TRIES_VARIABLE, TRIES)
    server = None
    if url := configured_api():
        _need_answer(url)
    else:
        server = start_server(on_full_disk)
    if not verbose:  # once the server has begun, which is judged by what it prints
        os.environ.setdefault(_LEVEL_OF_TERMINAL, "CRITICAL")
    return server


def quiet_prefect(home: Home) -> None:
    """Keeps Prefect's own files in the home and its telemetry off, unless told otherwise."""
    keep_logs_presentable()
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    if "PREFECT_HOME" not in os.environ:
        own = home.path / "prefect"
        own.mkdir(parents=True, exist_ok=True)  # Prefect's database is opened before it is made
        os.environ["PREFECT_HOME"] = str(own)
        profiles = Path.home() / ".prefect" / "profiles.toml"
        if profiles.exists():  # what the user has set there holds, and nothing is written there
            os.environ.setdefault("PREFECT_PROFILES_PATH", str(profiles))


def configured_api() -> str | None:
    """Address of the Prefect server that the user has named, in the environment or in a file.

    A file is read by Prefect itself, in another process, since this one would then have its
    settings before they are complete; that takes two seconds.
    """
    if url := os.environ.get("PREFECT_API_URL"):
        return url
    if not _has_settings_file():
        return None
    answer = subprocess.run(
        [sys.executable, "-c", _ASKS_FOR_API], capture_output=True, text=True, check=False
    )
    # where Prefect cannot read it either, it says so when the flow is imported
    return answer.stdout.strip() or None


def _has_settings_file() -> bool:
    here = Path.cwd()
    profiles = os.environ.get("PREFECT_PROFILES_PATH")
    home = Path(os.environ.get("PREFECT_HOME") or Path.home() / ".prefect")
    files = [Path(profiles) if profiles else home / "profiles.toml"]
    if any(file.exists() for file in [*files, *(here / name for name in _SETTINGS_FILES)]):
        return True
    project = here / "pyproject.toml"
    return project.exists() and "[tool.prefect" in project.read_text("utf-8", "replace")


def _need_answer(url: str) -> None:
    address = urlsplit(url)
    shown = address._replace(netloc=address.netloc.rpartition("@")[2]).geturl()
    deadline = time.monotonic() + _SECONDS_FOR_A_BUSY_SERVER
    is_said = False
    while found := _what_is_wrong_with(url, deadline):
        if found == _BUSY:
            if not is_said:
                print(f"The Prefect server at {shown} is slow to answer; waiting.", file=sys.stderr)
            is_said = True
            continue
        raise ServerAwayError(
            f"The Prefect server at {shown} {found}. Nothing was run. Start it (make server), or"
            " unset PREFECT_API_URL: a command then starts a server for as long as it runs."
        )


def _what_is_wrong_with(url: str, deadline: float) -> str | None:
    import requests

    try:
        answer = requests.get(f"{url.rstrip('/')}/health", timeout=_SECONDS_TO_ANSWER)
    except requests.ReadTimeout:
        if time.monotonic() < deadline:
            return _BUSY
        return f"has not answered for {_SECONDS_FOR_A_BUSY_SERVER} s"
    except requests.RequestException as error:
        return f"does not answer ({type(error).__name__})"
    if answer.status_code < requests.codes.server_error:
        return None
    return f"answers {answer.status_code}"


def lay_out_database(home: Home) -> None:
    """Makes the database of the server that a run starts for itself, where there is none.

    Nothing is done where the user has named a server: the database is then their affair.

    Raises:
        ServerDidNotStartError: The server did not come up.
    """
    quiet_prefect(home)
    if configured_api() is None:
        start_server().wait()


if __name__ == "__main__":
    keep_others_from_writing()
    try:
        lay_out_database(Home.from_environment())
    except ServerDidNotStartError as error:
        sys.exit(str(error))
