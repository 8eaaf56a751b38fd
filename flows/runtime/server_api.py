"""Questions to the Prefect server's REST API, for what its command line does not do."""

from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

_SECONDS = 60
_TRIES = 8


class ServerApi:
    """The API of one server, asked in plain HTTP.

    Args:
        url: Address of its API, as in `PREFECT_API_URL`.
        headers: What a server behind a login wants.
    """

    def __init__(self, url: str, headers: dict[str, str]) -> None:
        self._url = url.rstrip("/")
        self._session = requests.Session()
        self._session.headers.update(headers)
        # on SQLite a server that is busy says 503, and has done nothing
        busy = Retry(_TRIES, backoff_factor=0.5, status_forcelist=[503], allowed_methods=None)
        self._session.mount(self._url, HTTPAdapter(max_retries=busy))

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Asks; a list or a dictionary, or None for what has no answer.

        Raises:
            requests.HTTPError: The server refuses it.
        """
        answer = self._session.request(method, f"{self._url}/{path}", json=body, timeout=_SECONDS)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def find(self, path: str) -> Any:
        """What is at a path, or None where the server does not have it."""
        answer = self._session.get(f"{self._url}/{path}", timeout=_SECONDS)
        if answer.status_code == requests.codes.not_found:
            return None
        answer.raise_for_status()
        return answer.json()
