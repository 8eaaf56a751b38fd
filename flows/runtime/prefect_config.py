"""Prefect's own files: in the home unless the user has chosen a place, telemetry off.

`python -m flows.runtime.prefect_config` lays out its database beforehand (`make install` does):
on an empty one the first run's server would apply years of migrations and register its blocks,
15 s, before it answers.
"""

import os
import sys
from pathlib import Path

from flows.home.paths import Home
from flows.runtime.ephemeral_server import ServerDidNotStartError, start_server


def quiet_prefect(home: Home) -> None:
    """Keeps Prefect's own files in the home and its telemetry off, unless told otherwise."""
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    # where Prefect starts a server itself (a flow called from Python), the default 20 s are too
    # few on a busy machine
    os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "180")
    chosen = {"PREFECT_HOME", "PREFECT_PROFILE", "PREFECT_API_URL"} & set(os.environ)
    if not chosen and not (Path.home() / ".prefect" / "profiles.toml").exists():
        own = home.path / "prefect"
        own.mkdir(parents=True, exist_ok=True)  # Prefect's database is opened before it is made
        os.environ["PREFECT_HOME"] = str(own)


def lay_out_database(home: Home) -> None:
    """Makes the database of the server that a run starts for itself, where there is none.

    Nothing is done where the user has configured Prefect: the database is then their affair.

    Raises:
        ServerDidNotStartError: The server did not come up.
    """
    quiet_prefect(home)
    if server := start_server():
        server.wait()


if __name__ == "__main__":
    try:
        lay_out_database(Home.from_environment())
    except ServerDidNotStartError as error:
        sys.exit(str(error))
