"""Hosts that answer wrongly, slowly, in part, for ever, or with an address of somebody else."""

import gzip
import socket
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from typing import cast

from tests.publisher.cases import Case, handled, refused
from tests.publisher.server import Answer, Behaviour, challenge, firewall, guestbook, in_turn

BODY = b"name,shade,note\n" + b"".join(b"colour %d,%d,a note\n" % (n, n) for n in range(300))
"""The good file, as it was fetched before."""
NEWER = BODY + b"grey,400,a note\n"
"""The next good file."""

Where = Callable[[str], str]
"""The address of a path at the host itself."""
Host = Callable[[Where], Answer | Behaviour]
"""What a host does, once its own address is known."""


def _does(what: Answer | Behaviour) -> Host:
    return lambda _: what


def _status(status: int, body: bytes = b"", **headers: str) -> Host:
    return _does(Answer(body, status, {k.replace("_", "-"): v for k, v in headers.items()}))


def _by_hand(*pieces: bytes, pause: float = 0.0, reset: bool = False) -> Host:
    """Sends these bytes one by one; the answer's first line and headers are among them."""

    def behave(handler: BaseHTTPRequestHandler) -> None:
        with suppress(OSError):
            for piece in pieces:
                handler.wfile.write(piece)
                handler.wfile.flush()
                if pause:
                    time.sleep(pause)
            if reset:
                linger = struct.pack("ii", 1, 0)
                handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)

    return _does(cast("Behaviour", behave))


def _head(*lines: str) -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", *lines, "", ""]).encode()


def _to(location: str, status: int = 302) -> Host:
    return _status(status, Location=location)


def _to_own(path: str) -> Host:
    return lambda where: Answer(status=302, headers={"Location": where(path)})


_LENGTH = f"Content-Length: {len(NEWER)}"
_CHUNK = b"%x\r\n%s\r\n" % (len(NEWER), NEWER)
_GZIP = gzip.compress(NEWER)
_FOREVER = [b"x" for _ in range(200)]
_NOT_FOLLOWED = "not followed"

TRANSFERS: list[Case[Host]] = [
    handled("a newer file", _status(200, NEWER)),
    handled("a compressed answer", _status(200, _GZIP, Content_Encoding="gzip")),
    handled("the encoding in capitals", _status(200, _GZIP, Content_Encoding="GZIP")),
    handled("x-gzip", _status(200, _GZIP, Content_Encoding=" x-gzip ")),
    handled("an encoding called identity", _status(200, NEWER, Content_Encoding="identity")),
    handled("chunks", _by_hand(_head("Transfer-Encoding: chunked"), _CHUNK, b"0\r\n\r\n")),
    handled("no length, a whole file", _by_hand(_head("Connection: close"), NEWER)),
    handled("more bytes than announced", _by_hand(_head(_LENGTH), NEWER, b"and some more")),
    handled("a wrong content type", _status(200, NEWER, Content_Type="image/png")),
    handled("no date, no type, no server", _by_hand(_head(_LENGTH), NEWER)),
    handled("one 100 Continue before the answer",
            _by_hand(b"HTTP/1.1 100 Continue\r\n\r\n", _head(_LENGTH), NEWER)),
    handled("a redirect of its own", _to_own("/good")),
    handled("a redirect by path alone", _to("/good")),
    handled("another ETag for the same bytes", _status(200, BODY, ETag='"v2"')),
    handled("the same ETag for other bytes", _status(200, NEWER, ETag='"v1"')),
    handled("503 once", _does(in_turn(Answer(status=503), Answer(NEWER)))),
    handled("429 with Retry-After: 0", _does(in_turn(
        Answer(status=429, headers={"Retry-After": "0"}), Answer(NEWER)))),
    handled("429 with a date that has passed", _does(in_turn(
        Answer(status=429, headers={"Retry-After": formatdate(0)}), Answer(NEWER)))),
    handled("a page once, then the file after a 500",
            _does(in_turn(Answer(status=500), Answer(status=502), Answer(NEWER)))),
    handled("a 304 to the ETag of before", _status(304, ETag='"v1"')),
    refused("202 and nothing", _does(firewall()), "202", "--from-file"),
    refused("202 with a body", _status(202, NEWER), "202", "--from-file"),
    refused("400 of a guestbook", _does(guestbook()), "400", "--from-file"),
    refused("401", _status(401), "401", "--from-file"),
    refused("403", _status(403), "403", "--from-file"),
    refused("404", _status(404), "404", r"address in flows/sources"),
    refused("410", _status(410), "410", r"address in flows/sources"),
    refused("451", _status(451), "451", "--from-file"),
    refused("418", _status(418), "unexpected answer 418"),
    refused("204", _status(204), "unexpected answer 204"),
    refused("206 of a part that nobody asked for", _status(206, NEWER[:100]), "206"),
    refused("300 without a choice", _status(300), "300"),
    refused("305 to a proxy", _status(305, Location="http://example.org/"), "305"),
    refused("429 for an hour", _status(429, Retry_After="3600"), "3,600 s", "come back"),
    refused("429 until the year 9999", _status(429, Retry_After=formatdate(253402300000)), "come"),
    refused("429 with nonsense", _status(429, Retry_After="soon"), "429", "again later"),
    refused("429 with a negative wait", _status(429, Retry_After="-5"), "429", "again later"),
    refused("500 for ever", _status(500), "500", "attempt 3 of 3", "again later"),
    refused("503 for ever", _status(503), "503", "again later"),
    refused("521 of a proxy", _status(521), "521", "again later"),
    refused("flapping between 500 and a broken body", _does(in_turn(
        Answer(status=500), Answer(NEWER[:50], 200, {"Content-Length": str(len(NEWER))}),
        Answer(status=503))), "503", "again later"),
    refused("nothing at all", _by_hand(b""), "connection failed", "again later"),
    refused("a reset", _by_hand(b"", reset=True), "connection", "again later"),
    refused("a first line that is none", _by_hand(b"SSH-2.0-OpenSSH_9.2\r\n"), "again later"),
    refused("a status that is no number", _by_hand(b"HTTP/1.1 OK fine\r\n\r\n"), "again later"),
    refused("headers without an end", _by_hand(b"HTTP/1.1 200 OK\r\n", *(
        b"X-%d: y\r\n" % n for n in range(300))), "again later"),
    refused("a header of a megabyte",
            _by_hand(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1_000_000), "again later"),
    refused("an empty file", _status(200, b""), "not_empty", "_rejected"),
    refused("a file of white space", _status(200, b" \n" * 3000), "header_as_declared"),
    refused("a page with status 200", _does(challenge()), "no_html_page", "_rejected"),
    refused("a page behind a byte order mark",
            _status(200, b"\xef\xbb\xbf\n<!DOCTYPE html><p>" + NEWER), "no_html_page"),
    refused("a page behind a comment", _status(200, b"<!-- hi --><html>" + NEWER), "no_html_page"),
    refused("an error message in JSON", _status(200, b'{"status":"ERROR"}' + b" " * 6000), "JSON"),
    refused("a picture", _status(200, b"\x89PNG\r\n\x1a\n" + bytes(6000)), "NUL bytes"),
    refused("gzip that is not said", _status(200, gzip.compress(BODY * 9)), "a gzip file"),
    refused("said to be gzip, and is not", _status(200, NEWER, Content_Encoding="gzip"), "damaged"),
    refused("brotli, which nobody asked for", _status(200, NEWER, Content_Encoding="br"), "br"),
    refused("deflate, which nobody asked for",
            _status(200, NEWER, Content_Encoding="deflate"), "deflate"),
    refused("gzip that breaks off", _by_hand(
        _head("Content-Encoding: gzip", "Connection: close"), _GZIP[:-20]), "cut short"),
    refused("gzip with a wrong checksum", _status(
        200, _GZIP[:-8] + b"\0" * 8, Content_Encoding="gzip"), "damaged"),
    refused("a gzip bomb", _status(
        200, gzip.compress(bytes(300_000_000), 1), Content_Encoding="gzip"), "max_bytes"),
    refused("half of what was announced", _by_hand(_head(_LENGTH), NEWER[: len(NEWER) // 2]),
            r"cut short|broke off", "again later"),
    refused("half, and then a reset",
            _by_hand(_head(_LENGTH), NEWER[:3000], reset=True), "again later"),
    refused("chunks that break off", _by_hand(
        _head("Transfer-Encoding: chunked"), _CHUNK[:2000]), "again later"),
    refused("chunks without a last one",
            _by_hand(_head("Transfer-Encoding: chunked"), _CHUNK), "again later"),
    refused("a chunk of a negative size", _by_hand(
        _head("Transfer-Encoding: chunked"), b"-5\r\nabcde\r\n"), "again later"),
    refused("a part in a line, no length", _by_hand(
        _head("Connection: close"), BODY[:-9]), "last_line_is_whole", "cut short"),
    refused("a part at the end of a line, no length", _by_hand(
        _head("Connection: close"), b"".join(BODY.splitlines(keepends=True)[:120])), "size_change"),
    refused("a third less", _status(
        200, b"".join(BODY.splitlines(keepends=True)[:190])), "size_change", r"-3\d\.\d%"),
    refused("ten times the file", _status(200, BODY + BODY * 9), "size_change"),
    refused("more than declared", _status(200, BODY * 100), "max_bytes"),
    refused("a body that stalls", _by_hand(_head(_LENGTH), NEWER[:100], b"", pause=0.7),
            "again later"),
    refused("a body that drips", _by_hand(_head(_LENGTH), *_FOREVER, pause=0.05), "too slow"),
    refused("a body that drips, no length",
            _by_hand(_head("Connection: close"), *_FOREVER, pause=0.05), "too slow"),
    refused("headers that drip", _by_hand(
        b"HTTP/1.1 200 OK\r\n", *(b"X: y\r\n" for _ in _FOREVER), pause=0.05), "too slow"),
    refused("100 Continue for ever", _by_hand(
        *(b"HTTP/1.1 100 Continue\r\n\r\n" for _ in _FOREVER), pause=0.02), "again later"),
    refused("a redirect to itself", _to_own("/data/colours.csv"), "more than 10 times"),
    refused("a redirect in a ring", _to_own("/ring"), "more than 10 times"),
    refused("a redirect to a file of this machine", _to("file:///etc/passwd"), _NOT_FOLLOWED),
    refused("a redirect to ftp", _to("ftp://example.org/x.csv"), "no web address"),
    refused("a redirect to a script", _to("javascript:alert(1)"), "no web address"),
    refused("a redirect to data", _to("data:text/csv,name,shade"), "no web address"),
    refused("a redirect to the cloud's own data",
            _to("http://169.254.169.254/latest/meta-data/"), "private address", _NOT_FOLLOWED),
    refused("a redirect to another port here", _to("http://127.0.0.1:9/x"), "private address"),
    refused("a redirect to localhost by name", _to("http://localhost:9/x"), "private address"),
    refused("a redirect to loopback in IPv6", _to("http://[::1]:9/x"), "private address"),
    refused("a redirect to loopback in disguise",
            _to("http://[::ffff:127.0.0.1]:9/x"), "private address"),
    refused("a redirect to loopback as a number", _to("http://2130706433:9/"), "private address"),
    refused("a redirect to 0.0.0.0", _to("http://0.0.0.0:9/"), "private address"),
    refused("a redirect to a network at home", _to("https://192.168.1.1/x.csv"), "private"),
    refused("a redirect to an office", _to("https://10.0.0.8/x.csv", 307), "private"),
    refused("a redirect to a neighbour in IPv6", _to("http://[fd00::1]/x"), "private"),
    refused("a redirect of two steps", _to_own("/elsewhere"), "private address"),
    refused("a redirect to half an address", _to("http://[::1/x"), "no address"),
    refused("a redirect to a wrong port", _to("http://example.org:99999999/x"), "no address"),
    refused("a redirect to no host", _to("https:///x.csv"), "no web address"),
]  # fmt: skip
