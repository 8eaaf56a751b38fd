"""Starts a worker of the home's pool: `python -m flows.runtime.worker`, with Prefect's options.

Prefect keeps files of its workers in one folder below the machine's `/tmp`, which belongs to
whoever started one first; a worker of another user would die of it. So each has its own, in
Prefect's home.
"""

import os
import sys
from pathlib import Path

from flows.home.modes import keep_others_from_writing
from flows.home.paths import Home
from flows.home.pool import pool_name
from flows.runtime.prefect_config import TRIES, TRIES_VARIABLE
from flows.runtime.wait_for_server import NoServerError, named_server, wait_for_server


def worker_environment(home: Home) -> dict[str, str]:
    """The environment of a worker: its own, with a folder for passing files that is the home's."""
    prefect_home = os.environ.get("PREFECT_HOME") or str(home.path / "prefect")
    passing = Path(prefect_home) / "tmp"
    passing.mkdir(parents=True, exist_ok=True)
    return {
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        TRIES_VARIABLE: TRIES,
        **os.environ,
        "ASYMMETRY_HOME": str(home.path),
        "PREFECT_HOME": prefect_home,
        "TMPDIR": str(passing),
    }


def start_worker(*options: str) -> None:
    """Becomes the worker; comes back only where it cannot.

    Raises:
        NoServerError: `$PREFECT_API_URL` names no server, or none answers there.
    """
    keep_others_from_writing()  # its runs neither: they are its children
    wait_for_server(named_server())
    words = [sys.executable, "-m", "prefect", "worker", "start", "--pool", pool_name(), *options]
    os.execve(sys.executable, words, worker_environment(Home.from_environment()))


if __name__ == "__main__":
    try:
        start_worker(*sys.argv[1:])
    except NoServerError as error:
        sys.exit(str(error))
