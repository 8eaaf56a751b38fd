"""Reads the body of an HTTP answer: decompressed, and checked for completeness."""

import time
import zlib
from collections.abc import Iterator

import requests

from flows.fetch.http_retry import RetryableError
from flows.fetch.incoming import IncomingFile, Meter

_CHUNK = 1 << 18
_GZIP_WBITS = 31


class UnwantedEncodingError(Exception):
    """The body is packed in a way that was not requested."""


def receive(response: requests.Response, into: IncomingFile, meter: Meter, deadline: float) -> int:
    """Reads a body to its end.

    Args:
        response: A streamed answer.
        into: Filled with the decompressed bytes.
        meter: Counts the bytes as they travel.
        deadline: Moment of `time.monotonic()` at which to stop.

    Returns:
        Bytes that travelled.

    Raises:
        RetryableError: The time is up, or a compressed body is damaged or breaks off.
        UnwantedEncodingError: The body has an encoding that was not requested.
    """
    decode = _decoder(response.headers.get("Content-Encoding"))
    received = 0
    # read1 returns the bytes received so far, so that a slow host cannot outlast the deadline
    while chunk := response.raw.read1(_CHUNK, decode_content=False):
        received += len(chunk)
        for piece in decode.pieces(chunk):
            into.write(piece)
        meter.add(len(chunk))
        if time.monotonic() > deadline:
            raise RetryableError(f"too slow: {received:,} bytes when the time was up")
    if not decode.is_complete():
        raise RetryableError(f"cut short: the compressed file breaks off after {received:,} bytes")
    return received


class _Plain:
    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        yield chunk

    def is_complete(self) -> bool:
        return True


class _GzipStream:
    """Decodes gzip itself: the library would take a truncated stream for a complete one."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(_GZIP_WBITS)

    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        """The chunk unpacked, piece by piece: a bomb meets the file's bound before the memory's."""
        while chunk:
            if self._inflate.eof:  # a file may be made of several gzip members
                self._inflate = zlib.decompressobj(_GZIP_WBITS)
            try:
                yield self._inflate.decompress(chunk, _CHUNK)
            except zlib.error as error:
                raise RetryableError(f"the compressed file is damaged ({error})") from error
            chunk = self._inflate.unused_data or self._inflate.unconsumed_tail

    def is_complete(self) -> bool:
        return self._inflate.eof


def _decoder(encoding: str | None) -> _Plain | _GzipStream:
    name = (encoding or "").strip().lower()
    if name in ("", "identity"):
        return _Plain()
    if name in ("gzip", "x-gzip"):
        return _GzipStream()
    raise UnwantedEncodingError(
        f"the host sends Content-Encoding {encoding}, which was not asked for"
    )
