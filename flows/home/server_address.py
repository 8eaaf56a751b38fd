"""Where the Prefect server is that the user has named, and what it wants to let one in.

Read without Prefect, whose import takes seconds.
"""

import base64
import os
import tomllib
from pathlib import Path
from urllib.parse import urlsplit


def configured_api() -> str | None:
    """Address of the API that the user has named: in the environment, or in Prefect's profile."""
    if url := os.environ.get("PREFECT_API_URL"):
        return url
    folder = Path(os.environ.get("PREFECT_HOME") or Path.home() / ".prefect")
    path = Path(os.environ.get("PREFECT_PROFILES_PATH") or folder / "profiles.toml")
    try:
        profiles = tomllib.loads(path.read_text("utf-8"))
        found = profiles["profiles"][profiles["active"]].get("PREFECT_API_URL")
    except (OSError, ValueError, LookupError, AttributeError):
        return None
    return found if isinstance(found, str) and found else None


def authorization() -> dict[str, str]:
    """Headers for a server behind a login: `PREFECT_API_KEY` or `PREFECT_API_AUTH_STRING`."""
    if key := os.environ.get("PREFECT_API_KEY"):
        return {"Authorization": f"Bearer {key}"}
    if word := os.environ.get("PREFECT_API_AUTH_STRING"):
        return {"Authorization": f"Basic {base64.b64encode(word.encode()).decode()}"}
    return {}


def without_password(url: str) -> str:
    """An address as it may be shown."""
    try:
        address = urlsplit(url)
    except ValueError:
        return "the address of PREFECT_API_URL"
    return address._replace(netloc=address.netloc.rpartition("@")[2]).geturl()
