"""Who has configured Prefect decides; a busy database is to be tried again at once."""

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest

from flows.runtime.ephemeral_server import _busy_for_a_moment, start_server


@pytest.fixture
def unconfigured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder and Prefect home, and nothing said to Prefect."""
    for name in [n for n in os.environ if n.startswith("PREFECT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", ["PREFECT_API_URL", "PREFECT_PROFILE"])
def test_who_has_configured_prefect_decides(
    unconfigured: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "theirs")
    assert start_server() is None
    assert os.environ[name] == "theirs"


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("prefect/profiles.toml", 'active = "theirs"'),
        ("prefect.toml", "[api]"),
        (".env", "PREFECT_API_URL=theirs"),
        ("pyproject.toml", "[tool.prefect.api]"),
    ],
)
def test_so_do_the_files_that_prefect_reads(unconfigured: Path, file: str, text: str) -> None:
    path = unconfigured / file
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    assert start_server() is None


@pytest.mark.parametrize(("status", "retry"), [(503, [b"0.05"]), (200, []), (500, [])])
def test_only_a_busy_database_is_to_be_tried_again_at_once(status: int, retry: list[bytes]) -> None:
    sent: list[dict[str, Any]] = []

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": status, "headers": [(b"a", b"b")]})
        await send({"type": "http.response.body", "body": b""})

    async def keep(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(_busy_for_a_moment(app)({}, None, keep))
    headers = sent[0]["headers"]
    assert [value for name, value in headers if name == b"retry-after"] == retry
    assert (b"a", b"b") in headers
    assert sent[1]["type"] == "http.response.body"
