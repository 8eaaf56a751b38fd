"""The body of an HTTP answer: read as it comes, decompressed, never taken for complete early."""

import time
import zlib

import requests

from flows.fetch.errors import FetchError
from flows.fetch.incoming import IncomingFile, Meter

_CHUNK = 1 << 18
_GZIP_WBITS = 31


class TryAgainError(Exception):
    """This attempt failed, another may not.

    Attributes:
        wait_seconds: What the host asks for; `None` where it says nothing.
    """

    def __init__(self, what: str, wait_seconds: float | None = None) -> None:
        super().__init__(what)
        self.wait_seconds = wait_seconds


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
        TryAgainError: The time is up, or a compressed body is damaged or breaks off.
        FetchError: The body is encoded in a way that was not asked for.
    """
    decode = _decoder(response.headers.get("Content-Encoding"))
    received = 0
    # read1 hands over what has come, so that a host that drips cannot outlast the deadline
    while chunk := response.raw.read1(_CHUNK, decode_content=False):
        received += len(chunk)
        for piece in decode.pieces(chunk):
            into.write(piece)
        meter.add(len(chunk))
        if time.monotonic() > deadline:
            raise TryAgainError(f"too slow: {received:,} bytes when the time was up")
    if not decode.is_complete():
        raise TryAgainError(f"cut short: the compressed file breaks off after {received:,} bytes")
    return received


class _Plain:
    def pieces(self, chunk: bytes) -> list[bytes]:
        return [chunk]

    def is_complete(self) -> bool:
        return True


class _GzipStream:
    """Decodes here, since the library takes a gzip stream that breaks off for complete."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(_GZIP_WBITS)

    def pieces(self, chunk: bytes) -> list[bytes]:
        found = []
        while chunk:
            if self._inflate.eof:  # a file may be made of several gzip members
                self._inflate = zlib.decompressobj(_GZIP_WBITS)
            try:
                found.append(self._inflate.decompress(chunk))
            except zlib.error as error:
                raise TryAgainError(f"the compressed file is damaged ({error})") from error
            chunk = self._inflate.unused_data
        return found

    def is_complete(self) -> bool:
        return self._inflate.eof


def _decoder(encoding: str | None) -> _Plain | _GzipStream:
    if encoding in (None, "", "identity"):
        return _Plain()
    if encoding in ("gzip", "x-gzip"):
        return _GzipStream()
    raise FetchError(f"the host sends Content-Encoding {encoding}, which was not asked for")
