"""Publishers on loopback: a real HTTP server that answers as each of their hosts does.

Used as the base URL of a mirror: `https://HOST/PATH?QUERY` is asked as `BASE/HOST/PATH?QUERY`. What
is published can change between two requests: a new release, one withdrawn, a file replaced.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

AGENT_OF_REQUESTS = "python-requests"


@dataclass(frozen=True)
class Answer:
    """One answer of a host.

    Attributes:
        body: The bytes.
        status: HTTP status.
        headers: Besides Content-Length.
    """

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Behaviour = Callable[[BaseHTTPRequestHandler], Answer | None]
"""Decides the answer; None where it has answered itself, byte by byte."""


@dataclass
class Publishers:
    """All hosts on one port.

    Attributes:
        base: Base URL, without a slash at its end.
        pages: Address without its scheme to its answer, or to what decides it.
        asked: Addresses that were asked for, in order, with the headers of the request.
    """

    base: str = ""
    pages: dict[str, Answer | Behaviour] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def publish(self, url: str, answer: Answer | Behaviour | bytes | str) -> None:
        """Puts something at a publisher's address, or something else in its place."""
        if isinstance(answer, str):
            answer = answer.encode()
        self.pages[_key(url)] = Answer(answer) if isinstance(answer, bytes) else answer

    def withdraw(self, url: str) -> None:
        """Takes away what is at an address."""
        del self.pages[_key(url)]

    def requests_of(self, host: str) -> list[str]:
        """Addresses of a host that were asked for, in order."""
        return [address for address, _ in self.asked if address.startswith(f"{host}/")]

    def answer(self, handler: BaseHTTPRequestHandler) -> Answer | None:
        """What is at the address of a request; None where it is answered already."""
        found = self.pages.get(handler.path.lstrip("/"))
        if found is None:
            return Answer(b"<!doctype html><title>404 Not Found</title>", 404)
        return found if isinstance(found, Answer) else found(handler)


def _key(url: str) -> str:
    return url.partition("://")[2]


@contextmanager
def serving_publishers() -> Iterator[Publishers]:
    """Serves on a free port of loopback until the block ends."""
    publishers = Publishers()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            publishers.asked.append((self.path.lstrip("/"), headers))
            answer = publishers.answer(self)
            if answer is None:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if "Content-Length" not in answer.headers:
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            pass  # a client that has read enough hangs up

    server = Server(("127.0.0.1", 0), Handler)
    publishers.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield publishers
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


# --- how hosts behave -----------------------------------------------------------------------------


def in_turn(*answers: Answer | Behaviour) -> Behaviour:
    """One answer after the other, the last one for ever."""
    queue = list(answers)

    def behave(handler: BaseHTTPRequestHandler) -> Answer | None:
        now = queue.pop(0) if len(queue) > 1 else queue[0]
        return now if isinstance(now, Answer) else now(handler)

    return behave


def refusing_agent_of_requests(answer: Answer) -> Behaviour:
    """Dataverse: 403 to the default user agent of `requests`."""

    def behave(handler: BaseHTTPRequestHandler) -> Answer:
        if AGENT_OF_REQUESTS in handler.headers.get("User-Agent", ""):
            return Answer(b"Forbidden", 403)
        return answer

    return behave


def moved_to(address: str, status: int = 303) -> Answer:
    """Dataverse: 303 to the storage, with a signature in the address."""
    return Answer(status=status, headers={"Location": address})


def firewall() -> Answer:
    """The UN Library: programs get 202 and nothing."""
    return Answer(status=202)


def guestbook() -> Answer:
    """Dataverse: a file whose readers have to sign a guestbook first."""
    body = b'{"status":"ERROR","message":"You may not access this file without a guestbook"}'
    return Answer(body, 400, {"Content-Type": "application/json"})


def challenge() -> Answer:
    """A page that wants a browser, with status 200."""
    body = b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body></body></html>"
    return Answer(body, 200, {"Content-Type": "text/html; charset=UTF-8"})


def too_many(retry_after: str | None) -> Answer:
    """Dataverse under load."""
    return Answer(b"", 429, {} if retry_after is None else {"Retry-After": retry_after})


def checksum(body: bytes) -> str:
    """The MD5 that a Dataverse lists."""
    return md5(body, usedforsecurity=False).hexdigest()
