"""A host that misbehaves on demand, and small sources of our own."""

import io
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from flows.fetch.admission import FetchResult
from flows.fetch.fetch_source import fetch_source
from flows.fetch.http import HttpRequest, download
from flows.fetch.http_retry import HttpPolicy
from flows.fetch.incoming import IncomingFile
from flows.home.paths import Home
from flows.sources import USER_AGENT, SourceDeclaration, load_declarations

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Host:
    """A loopback server; `answers[path]` is played one by one, the last one for ever."""

    base: str = ""
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def plays(self, path: str, *answers: Answer) -> str:
        self.answers[path] = list(answers)
        return self.base + path

    def asked(self, path: str) -> list[dict[str, str]]:
        return [headers for asked, headers in self.requests if asked == path]


@pytest.fixture
def host() -> Iterator[Host]:
    found = Host()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            found.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
            queue = found.answers.get(self.path)
            if not queue:
                send(self, 404, b"<!doctype html><title>404</title>")
                return
            (queue.pop(0) if len(queue) > 1 else queue[0])(self)

        def log_message(self, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            pass  # a dropped connection is what was asked for

    server = Server(("127.0.0.1", 0), Handler)
    found.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


def send(handler: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    handler.send_response(status)
    handler.send_header("Content-Length", headers.pop("content_length", str(len(body))))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def answer() -> Callable[..., Answer]:
    """`answer(status, body, Header_Name=value)` for the host to play."""

    def make(status: int = 200, body: bytes = b"", **headers: str) -> Answer:
        return lambda handler: send(handler, status, body, **headers)

    return make


@pytest.fixture
def policy() -> HttpPolicy:
    return HttpPolicy(
        connect_seconds=2, read_seconds=1, attempts=3, backoff_seconds=0.02, longest_wait_seconds=5
    )


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "var")


@pytest.fixture
def colours() -> SourceDeclaration:
    """An invented source of one small CSV."""
    return replace(
        load_declarations()["gdp"],
        slug="colours",
        url="https://example.org/data/colours.csv",
        header_starts_with={"data": ("name", "shade")},
        layouts=(),
        min_bytes=20,
        max_bytes=100_000,
        max_size_change_share=0.5,
    )


@pytest.fixture
def colours_csv() -> bytes:
    return b"name,shade,note\nred,1,\nblue,2,sky\n"


@pytest.fixture
def boxes() -> SourceDeclaration:
    """An invented source of a zip with one plain member and one in a zip inside."""
    return replace(
        load_declarations()["atop"],
        slug="boxes",
        url="https://example.org/data/boxes.zip",
        members={"outer": ("box/a.csv",), "inner": ("box/more.zip", "b.csv")},
        header_starts_with={"outer": ("a",), "inner": ("b",)},
        min_bytes=20,
        max_bytes=100_000,
        max_unpacked_bytes=100_000,
        max_unpacked_ratio=50,
    )


def pack(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            archive.writestr(info, data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


@pytest.fixture(name="pack")
def pack_fixture() -> Callable[[dict[str, bytes]], bytes]:
    return pack


@pytest.fixture
def boxes_zip() -> bytes:
    return pack({"box/a.csv": b"a,x\n1,2\n", "box/more.zip": pack({"b.csv": b"b,y\n3,4\n"})})


@pytest.fixture
def fetch(tmp_path, policy):
    """Downloads and returns the answer and the bytes."""

    def run(url, *, agent=USER_AGENT, etag=None, modified=None, progress=None, **kw):
        request = HttpRequest(url, "colours", agent, etag, modified)
        max_bytes, limits = kw.get("max_bytes", 1_000_000), kw.get("limits", policy)
        with IncomingFile(tmp_path / "incoming", "colours", max_bytes) as incoming:
            answer = download(request, incoming, limits, progress)
            incoming.close()
            return answer, incoming.path.read_bytes()

    return run


@pytest.fixture
def folder(tmp_path, colours_csv):
    """A mirror: a folder with one file, laid out as HOST/PATH."""
    home = tmp_path / "mirror"
    path = home / "example.org" / "data" / "colours.csv"
    path.parent.mkdir(parents=True)
    path.write_bytes(colours_csv)
    return home


@dataclass(frozen=True)
class Live:
    """Fetches a source from a host of our own as if it were the publisher."""

    declaration: SourceDeclaration
    home: Home
    policy: HttpPolicy
    path: str = "/data/colours.csv"

    def __call__(self, **how: Any) -> FetchResult:
        return fetch_source(self.declaration, self.home, "live", policy=self.policy, **how)


@pytest.fixture
def live(host, colours, home, policy):
    """Fetches from the host as if it were the publisher."""
    declaration = replace(colours, url=host.base + "/data/colours.csv")

    return Live(declaration, home, policy)


@pytest.fixture
def mirrored(colours, home, policy):
    """Fetches the colours from a mirror."""

    def run(mirror, profile="mirror", **changes):
        declaration = replace(colours, **changes)
        return fetch_source(declaration, home, profile, mirror=mirror, policy=policy)

    return run
