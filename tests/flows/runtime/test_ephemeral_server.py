"""The server of one command: a busy database is to be tried again at once."""

import asyncio
from typing import Any

import pytest

from flows.runtime.ephemeral_server import _busy_for_a_moment


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
