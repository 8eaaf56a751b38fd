"""Prefect's own files: in the home unless the user has chosen a place, telemetry off.

`python -m flows.prefect_home` lays out its database beforehand (`make install` does): on an
empty one the first run's server would apply years of migrations and register its blocks, 15 s,
before it answers.
"""

import os
from pathlib import Path

from flows.settings import Settings


def quiet_prefect(settings: Settings) -> None:
    """Keeps Prefect's own files in the home and its telemetry off, unless told otherwise."""
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    # a run without a server starts one of its own, which takes longer than the default 20 s
    # on a busy machine
    os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "180")
    chosen = {"PREFECT_HOME", "PREFECT_PROFILE", "PREFECT_API_URL"} & set(os.environ)
    if not chosen and not (Path.home() / ".prefect" / "profiles.toml").exists():
        home = settings.home / "prefect"
        home.mkdir(parents=True, exist_ok=True)  # Prefect's database is opened before it is made
        os.environ["PREFECT_HOME"] = str(home)


def lay_out_database(settings: Settings) -> None:
    """Makes the database of the server that a run starts for itself, where there is none.

    Nothing is done where `PREFECT_API_URL` names a server: its database is its own affair.

    Raises:
        RuntimeError: The server did not come up; Prefect's message says why.
    """
    quiet_prefect(settings)
    if not os.environ.get("PREFECT_API_URL"):
        from prefect.client.orchestration import get_client

        with get_client(sync_client=True) as client:
            client.hello()


if __name__ == "__main__":
    lay_out_database(Settings.from_environment())
