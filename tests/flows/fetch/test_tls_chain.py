"""A host that leaves its intermediate certificate out is verified all the same, or refused."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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

from flows.fetch import AccessRefusedError, HttpPolicy
from flows.fetch.http import HttpRequest, download
from flows.fetch.incoming import IncomingFile

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


@contextmanager
def host_without_intermediate(folder: Path, root: Signed) -> Iterator[str]:
    """A host that sends its own certificate alone; the intermediate lies where that says."""
    public = folder / "public"
    public.mkdir()
    with serving(partial(Files, directory=str(public))) as port:
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
