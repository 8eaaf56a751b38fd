"""A host that leaves its intermediate certificate out is verified all the same, or refused."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from flows.fetch.errors import AccessRefusedError
from flows.fetch.http import HttpRequest, download
from flows.fetch.http_retry import HttpPolicy
from flows.fetch.incoming import IncomingFile
from tests.processes import PATIENCE

QUICK = HttpPolicy(
    connect_seconds=3, read_seconds=3, attempts=1, certificates_from_private_addresses=True
)


@dataclass(frozen=True)
class Signed:
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)


def sign(name: str, issuer: Signed | None, *, is_ca: bool, issuer_at: str | None = None) -> Signed:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
    )
    if not is_ca:
        names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
        builder = builder.add_extension(names, critical=False)
    if issuer_at:
        place = x509.AccessDescription(
            AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(issuer_at)
        )
        builder = builder.add_extension(x509.AuthorityInformationAccess([place]), critical=False)
    return Signed(key, builder.sign(issuer.key if issuer else key, hashes.SHA256()))


@contextmanager
def serving(handler: Any, context: ssl.SSLContext | None = None) -> Iterator[int]:
    class Server(HTTPServer):
        def handle_error(self, *_: Any) -> None:
            pass

    server = Server(("127.0.0.1", 0), handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Hello(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *_: Any) -> None:
        pass


class Files(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Signed:
    """A root that this user trusts."""
    found = sign("a root", None, is_ca=True)
    bundle = tmp_path / "roots.pem"
    bundle.write_bytes(found.pem())
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    return found


class NeverAnswers(BaseHTTPRequestHandler):
    """Reads a request, and says nothing until the test is over."""

    over: threading.Event

    def do_GET(self) -> None:
        self.over.wait(30)


class NeverEnds(NeverAnswers):
    """Answers a byte at a time: no wait for the next one is long."""

    def do_GET(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not self.over.wait(0.05):
            self.wfile.write(b"x")


@contextmanager
def host_without_intermediate(folder: Path, root: Signed, at: Any = None) -> Iterator[str]:
    """A host that sends its own certificate alone; the intermediate lies where that says.

    Args:
        folder: For its files.
        root: Who has signed the intermediate.
        at: What answers there; a server of files unless given.
    """
    public = folder / "public"
    public.mkdir()
    with serving(at or partial(Files, directory=str(public))) as port:
        middle = sign("an intermediate", root, is_ca=True)
        der = middle.certificate.public_bytes(serialization.Encoding.DER)
        (public / "intermediate.cer").write_bytes(der)
        at = f"http://127.0.0.1:{port}/intermediate.cer"
        leaf = sign("localhost", middle, is_ca=False, issuer_at=at)
        key = leaf.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        (folder / "leaf.pem").write_bytes(key + leaf.pem())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "leaf.pem")
        with serving(Hello, context) as https:
            yield f"https://localhost:{https}/file"


def fetched(url: str, folder: Path, policy: HttpPolicy = QUICK) -> bytes:
    with IncomingFile(folder / "incoming", "colours", 1000) as incoming:
        download(HttpRequest(url, "colours", "tests"), incoming, policy)
        incoming.close()
        return incoming.path.read_bytes()


def test_the_missing_certificate_is_fetched_and_the_host_verified(root, tmp_path) -> None:
    with host_without_intermediate(tmp_path, root) as url:
        assert fetched(url, tmp_path) == b"hello"


def test_a_chain_to_no_trusted_root_is_refused(root, tmp_path) -> None:
    stranger = sign("another root", None, is_ca=True)
    with (
        host_without_intermediate(tmp_path, stranger) as url,
        pytest.raises(AccessRefusedError, match="cannot be verified"),
    ):
        fetched(url, tmp_path)


def test_another_host_with_a_whole_chain_is_refused_all_the_same(root, tmp_path) -> None:
    with (
        host_without_intermediate(tmp_path, root) as url,
        pytest.raises(AccessRefusedError, match="cannot be verified"),
    ):
        fetched(url.replace("localhost", "127.0.0.1"), tmp_path)


def test_no_certificate_is_fetched_from_a_private_address(root, tmp_path) -> None:
    with (
        host_without_intermediate(tmp_path, root) as url,
        pytest.raises(AccessRefusedError, match="cannot be verified"),
    ):
        fetched(url, tmp_path, HttpPolicy(attempts=1))


@pytest.mark.parametrize("silent", [NeverAnswers, NeverEnds])
def test_whoever_has_the_certificate_and_never_sends_it_is_not_waited_for(
    root: Signed, tmp_path: Path, silent: type[NeverAnswers]
) -> None:
    policy = replace(QUICK, connect_seconds=0.3, read_seconds=0.3)
    silent.over = threading.Event()
    started = time.monotonic()
    with host_without_intermediate(tmp_path, root, at=silent) as url:
        try:
            with pytest.raises(AccessRefusedError, match="cannot be verified") as refused:
                fetched(url, tmp_path, policy)
        finally:
            silent.over.set()
    assert "did not come within" in str(refused.value.__cause__)
    assert time.monotonic() - started < 5 * PATIENCE


def test_a_host_that_answers_once_is_not_waited_for(root: Signed, tmp_path: Path) -> None:
    policy = replace(QUICK, connect_seconds=0.3, read_seconds=0.3)
    started = time.monotonic()
    with (
        host_without_intermediate(tmp_path, root) as url,
        answering_once(int(url.split(":")[2].partition("/")[0])) as port,
        pytest.raises(AccessRefusedError, match="cannot be verified") as refused,
    ):
        fetched(f"https://localhost:{port}/file", tmp_path, policy)
    assert "did not come within" in str(refused.value.__cause__)
    assert time.monotonic() - started < 5 * PATIENCE


@contextmanager
def answering_once(behind: int) -> Iterator[int]:
    """A port that passes its first connection on to another one, and leaves the next unanswered."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        held: list[socket.socket] = []

        def serve() -> None:
            first, _ = listening.accept()
            with first, socket.create_connection(("127.0.0.1", behind)) as passed_on:
                thread = threading.Thread(target=pass_on, args=(passed_on, first))
                thread.start()
                pass_on(first, passed_on)
                thread.join()
            held.append(listening.accept()[0])

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1]
        thread.join()
        for connection in held:
            connection.close()


def pass_on(here: socket.socket, there: socket.socket) -> None:
    with suppress(OSError):
        while data := here.recv(65536):
            there.sendall(data)
        there.shutdown(socket.SHUT_WR)
