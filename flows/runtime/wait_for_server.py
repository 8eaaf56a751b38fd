"""Waits until the Prefect server answers: `python -m flows.runtime.wait_for_server`.

A server that has just been started lays out its database before it listens, which takes up to a
minute the first time; `prefect deploy` and `prefect worker` would end with a traceback meanwhile.
"""

import os
import sys
import time

import requests

SECONDS = 180.0
_SECONDS_BETWEEN = 0.5


class NoServerError(RuntimeError):
    """No Prefect server answers."""


def named_server() -> str:
    """Address of the API of the server that the environment names.

    Raises:
        NoServerError: It names none.
    """
    if url := os.environ.get("PREFECT_API_URL"):
        return url
    raise NoServerError(
        "PREFECT_API_URL is not set, so it is not known which Prefect server to wait for. Nothing"
        " was changed. Set it, for example PREFECT_API_URL=http://127.0.0.1:4200/api for the one"
        " that `make server` starts."
    )


def wait_for_server(url: str, seconds: float = SECONDS) -> None:
    """Comes back as soon as a server answers that it is healthy.

    Args:
        url: Address of its API, as in `PREFECT_API_URL`.
        seconds: How long to wait.

    Raises:
        NoServerError: None has answered in that time; the message says what to look at.
    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            answer = requests.get(f"{url.rstrip('/')}/health", timeout=5)
            if answer.ok:
                return
            found = f"answers {answer.status_code}"
        except requests.RequestException as error:
            found = f"does not answer ({type(error).__name__})"
        if time.monotonic() >= deadline:
            raise NoServerError(
                f"The Prefect server at {url} {found}, after {seconds:,.0f} s. Nothing was changed."
                " Start one (make server, or systemctl start asymmetry-server) and look at what it"
                " prints; PREFECT_API_URL says where it is."
            )
        time.sleep(_SECONDS_BETWEEN)


if __name__ == "__main__":
    try:
        wait_for_server(named_server())
    except NoServerError as error:
        sys.exit(str(error))
