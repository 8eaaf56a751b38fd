"""Downloads from a host that really misbehaves."""

import gzip
import socket
import ssl
import struct
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import requests

from flows.fetch.errors import AccessRefusedError, FetchError, MissingFileError
from flows.fetch.http import HttpAnswer
from flows.fetch.incoming import Progress
from flows.sources import USER_AGENT
from tests.processes import PATIENCE

BODY = b"name,shade\n" + b"red,1\n" * 5_000


def test_a_plain_answer(host, answer, fetch):
    url = host.plays("/a", answer(200, BODY, ETag='"v1"', Last_Modified="yesterday"))
    found, data = fetch(url)
    assert data == BODY
    assert found == HttpAnswer(False, '"v1"', "yesterday", len(BODY), len(BODY))
    assert host.asked("/a")[0]["user-agent"] == USER_AGENT
    assert "if-none-match" not in host.asked("/a")[0]


def test_a_compressed_answer_is_unpacked_and_counted_as_it_travels(host, answer, fetch):
    packed = gzip.compress(BODY)
    found, data = fetch(host.plays("/a", answer(200, packed, Content_Encoding="gzip")))
    assert data == BODY
    assert (found.bytes_announced, found.bytes_received) == (len(packed), len(packed))


def test_a_compressed_answer_of_several_members(host, answer, fetch):
    packed = gzip.compress(BODY[:100]) + gzip.compress(BODY[100:])
    assert fetch(host.plays("/a", answer(200, packed, Content_Encoding="gzip")))[1] == BODY


def test_an_encoding_that_was_not_asked_for_is_refused(host, answer, fetch):
    with pytest.raises(FetchError, match="Content-Encoding br, which was not asked for"):
        fetch(host.plays("/a", answer(200, BODY, Content_Encoding="br")))


def test_a_304_costs_nothing(host, answer, fetch):
    url = host.plays("/a", answer(304, b"", ETag='"v1"'))
    found, data = fetch(url, etag='"v1"', modified="yesterday")
    assert found == HttpAnswer(True, '"v1"', "yesterday", None, 0)
    assert data == b""
    asked = host.asked("/a")[0]
    assert (asked["if-none-match"], asked["if-modified-since"]) == ('"v1"', "yesterday")


def drop(handler):
    # a reset instead of an orderly end
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.rfile.close()
    handler.wfile.close()
    handler.connection.close()


def drop_midway(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(BODY)))
    handler.end_headers()
    handler.wfile.write(BODY[:1000])
    handler.close_connection = True


def break_off_gzip(handler):
    """A compressed body without a length, cut in the middle: only the format can tell."""
    handler.send_response(200)
    handler.send_header("Content-Encoding", "gzip")
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.wfile.write(gzip.compress(BODY)[:-20])
    handler.close_connection = True


def break_off_chunks(handler):
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"400\r\n" + BODY[:0x400] + b"\r\n400\r\n" + BODY[:0x100])
    handler.close_connection = True


def be_slow(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(BODY)))
    handler.end_headers()
    handler.wfile.flush()
    time.sleep(1.5)
    handler.close_connection = True


@pytest.mark.parametrize(
    "fault",
    [drop, drop_midway, break_off_gzip, break_off_chunks, be_slow],
    ids=lambda f: f.__name__,
)
def test_what_breaks_once_is_asked_for_again(host, answer, fetch, fault):
    found, data = fetch(host.plays("/a", fault, answer(200, BODY)))
    assert data == BODY  # nothing of the first attempt is left in it
    assert found.bytes_received == len(BODY)
    assert len(host.asked("/a")) == 2


@pytest.mark.parametrize(
    ("fault", "seen"),
    [
        (drop, "the connection failed"),
        (drop_midway, "1,000 of 30,011 bytes|broke off"),
        (break_off_gzip, "cut short: the compressed file breaks off"),
        (break_off_chunks, "broke off"),
    ],
    ids=["drop", "midway", "gzip", "chunks"],
)
def test_what_keeps_breaking_is_an_error_that_says_so(host, fetch, fault, seen):
    with pytest.raises(FetchError, match=seen) as error:
        fetch(host.plays("/a", fault))
    assert "attempt 3 of 3" in str(error.value)
    assert "earlier snapshots are untouched" in str(error.value)
    assert len(host.asked("/a")) == 3


def test_the_default_agent_is_refused_and_the_declared_one_is_not(host, fetch, answer):
    def door(handler):
        agent = handler.headers["User-Agent"]
        answer(403 if agent.startswith("python-requests") else 200, BODY)(handler)

    url = host.plays("/a", door)
    assert fetch(url)[1] == BODY
    with pytest.raises(AccessRefusedError, match=r"403 Forbidden .*python-requests") as error:
        fetch(url, agent=requests.utils.default_user_agent())
    assert "asymmetry fetch colours --from-file PATH" in str(error.value)
    assert len(host.asked("/a")) == 2  # a refusal is not asked again


def test_a_missing_file_says_where_its_address_stands(host, fetch):
    with pytest.raises(MissingFileError, match=r"flows/sources/colours.yml is out of date"):
        fetch(host.base + "/nowhere")


def test_an_unexpected_answer_is_an_error(host, answer, fetch):
    with pytest.raises(FetchError, match="unexpected answer 204"):
        fetch(host.plays("/a", answer(204)))


def test_redirects_are_followed(host, answer, fetch):
    host.plays("/b", answer(200, BODY))
    assert fetch(host.plays("/a", answer(302, b"", Location="/b")))[1] == BODY


def test_more_bytes_than_declared_are_cut_off(host, answer, fetch):
    with pytest.raises(FetchError, match="more than the 1,000 bytes that its declaration allows"):
        fetch(host.plays("/a", answer(200, BODY)), max_bytes=1000)
    bomb = gzip.compress(b"0" * 5_000_000)
    with pytest.raises(FetchError, match="more than the 100,000 bytes"):
        fetch(host.plays("/b", answer(200, bomb, Content_Encoding="gzip")), max_bytes=100_000)


def test_a_host_that_drips_does_not_outlast_the_deadline(host, fetch, policy):
    def drip(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        try:
            for _ in range(100):
                handler.wfile.write(b"x")
                handler.wfile.flush()
                time.sleep(0.05)
        except OSError:
            pass
        handler.close_connection = True

    started = time.monotonic()
    with pytest.raises(FetchError, match="too slow"):
        fetch(host.plays("/a", drip), limits=replace(policy, total_seconds=0.5))
    assert time.monotonic() - started < 2 * PATIENCE


def test_nobody_listens(fetch):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(FetchError, match="the connection failed"):
        fetch(f"http://127.0.0.1:{port}/a")


def test_progress_tells_bytes_rate_and_time_left(host, fetch):
    def in_parts(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "300000")
        handler.end_headers()
        for _ in range(3):
            handler.wfile.write(b"x" * 100_000)
            handler.wfile.flush()
            time.sleep(0.3)

    seen: list[Progress] = []
    fetch(host.plays("/a", in_parts), progress=seen.append)
    assert len(seen) >= 3
    assert [p.bytes_done for p in seen] == sorted(p.bytes_done for p in seen)
    assert (seen[-1].bytes_done, seen[-1].bytes_total, seen[-1].is_done) == (300_000, 300_000, True)
    assert seen[-1].seconds_left == 0
    middle = seen[1]
    assert middle.seconds_left == pytest.approx(
        (300_000 - middle.bytes_done) / middle.bytes_per_second
    )


def test_an_unverifiable_certificate_tells_how_to_hand_over_a_file(fetch, tmp_path):
    certificate = _self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    class Server(HTTPServer):
        def handle_error(self, *_: Any) -> None:
            pass

    server = Server(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        url = f"https://localhost:{server.server_port}/a"
        with pytest.raises(
            AccessRefusedError, match=r"certificate of .* cannot be verified"
        ) as error:
            fetch(url)
        assert f"Download {url} with a browser" in str(error.value)
        assert "asymmetry fetch colours --from-file PATH" in str(error.value)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _self_signed(folder):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = folder / "self_signed.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path
