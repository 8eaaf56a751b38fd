"""Passwords and keys that a user has named: they stand in nothing that is shown, logged or kept.

What is refused where it is given (an address with a password in it, `flows.home.addresses`) comes
here first, as the library's own message may repeat it. The other secrets are known by the variables
that hold them.
"""

import json
import os
import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from expectations.shown_text import inert

VARIABLES = (
    "PREFECT_API_KEY",
    "PREFECT_API_AUTH_STRING",
    "PREFECT_SERVER_API_AUTH_STRING",
    "PREFECT_API_DATABASE_PASSWORD",
    "PREFECT_SERVER_DATABASE_PASSWORD",
    "POSTGRES_PASSWORD",
    "PGPASSWORD",
)
ADDRESSES = (
    "PREFECT_API_DATABASE_CONNECTION_URL",
    "PREFECT_SERVER_DATABASE_CONNECTION_URL",
    "PREFECT_API_URL",
    "ALERT_URL",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
)
"""Variables whose value is an address, of which the password is secret."""

_HIDDEN = "***"
_SHORTEST = 4
"""Characters of a secret that is looked for: a shorter one would be found in every other word."""
_SHORTEST_PATH = 8
# to the last @ before the path; a password with a slash in it is one that nobody has quoted
_LOGIN = re.compile(r"(?<=://)(?:[^\s/?#'\"<>@]+:(?!\d+/)[^\s'\"<>]*|[^\s/?#'\"<>]*)@")


def without_secrets(text: str) -> str:
    """A text in whose place of a password, a key or a login in an address stands `***`."""
    for secret in sorted(_secrets(), key=len, reverse=True):
        if secret in text:
            text = text.replace(secret, _HIDDEN)
    return _LOGIN.sub(f"{_HIDDEN}@", text) if "://" in text else text


def presentable(text: str) -> str:
    """A text as it may be shown: no secret in it, and nothing that acts on a terminal."""
    return inert(without_secrets(text))


def _secrets() -> Iterator[str]:
    """Every secret of the environment, as it is and as a record in JSON has it."""
    for secret in _named():
        if len(secret) >= _SHORTEST:
            yield secret
            yield json.dumps(secret)[1:-1]


def _named() -> Iterator[str]:
    for name in VARIABLES:
        yield os.environ.get(name, "")
    for name in ADDRESSES:
        try:
            parts = urlsplit(os.environ.get(name, ""))
        except ValueError:
            continue
        login, _, _ = parts.netloc.rpartition("@")
        password = login.partition(":")[2]
        yield from (password, unquote(password))
        if name == "ALERT_URL":  # whoever knows the path may post
            path = parts._replace(scheme="", netloc="").geturl()
            if len(path) >= _SHORTEST_PATH:
                yield path
