"""What the server lets in, and what it tells browsers: an ASGI layer around the application.

A page of another site may send requests to a local server from a visitor's browser. It cannot read
answers, since nothing here allows other origins; and a name that is made to point at this machine
(DNS rebinding) is refused, since only addresses and names that were allowed are answered.
"""

import ipaddress
from collections.abc import Collection
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse

_OWN_PAGES = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
_REPORT = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval';"
    " style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self';"
    " form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
"""The report's charts are drawn by Vega, which compiles expressions."""
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Protection:
    """Refuses hosts and origins that are not this server's, and sets security headers."""

    def __init__(self, app: Any, names: Collection[str] = ()) -> None:
        self._app = app
        self._names = {"localhost", *names}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answers a request, or refuses it with 421 or 403."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        policy = _REPORT if scope["path"].startswith("/report/") else _OWN_PAGES

        async def send_with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in {**_HEADERS, "Content-Security-Policy": policy}.items():
                    headers[name] = value
            await send(message)

        answer = self._refusal(Headers(scope=scope))
        await (answer or self._app)(scope, receive, send_with_headers)

    def _refusal(self, headers: Headers) -> PlainTextResponse | None:
        host = headers.get("host", "")
        if not self._is_own(host):
            return PlainTextResponse(
                "This name is not one of the server's. Use its address, or start it with"
                " --allow-host NAME.\n",
                421,
            )
        origin = headers.get("origin")
        of_other = origin is not None and origin.partition("://")[2] != host
        sent_by = headers.get("sec-fetch-site", "none")
        is_link = headers.get("sec-fetch-mode") == "navigate"
        if of_other or (sent_by not in ("none", "same-origin") and not is_link):
            return PlainTextResponse("Requests of other sites are not answered.\n", 403)
        return None

    def _is_own(self, host: str) -> bool:
        """Whether a Host is an address, which nobody can make point elsewhere, or an own name."""
        name = (
            host.rpartition("]")[0].lstrip("[")
            if host.startswith("[")
            else host.split(":", maxsplit=1)[0]
        )
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return name.lower() in self._names
        return True
