"""Unpacks R data files (.rda) within bounds, and finds the columns of the table in them.

R writes such a file through gzip, bzip2, xz or nothing; inside begins `RDX2` or `RDX3`, the format
in which R saves objects in the byte order of networks. Nothing here reads the objects:
`transforms.parsing.r_data` does.
"""

import bz2
import lzma
import zlib
from collections.abc import Callable
from typing import Protocol

from flows.fetch.archives import ArchiveError, UnpackLimits

PACKED = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\x00": "xz"}
PLAIN = (b"RDX2\nX\n", b"RDX3\nX\n")
_PIECE = 1 << 20
_MOST_MEMORY = 1 << 28
"""An xz file may ask for more memory than its content has bytes."""

_TEXTS, _TEXT = b"\x00\x00\x00\x10", b"\x00\x04\x00\x09"
"""How R marks a vector of texts, and one text in ASCII."""


class _Unpacker(Protocol):
    """What the three libraries have in common, once zlib is made to."""

    @property
    def eof(self) -> bool: ...

    def decompress(self, data: bytes, max_length: int = ...) -> bytes: ...

    @property
    def unused_data(self) -> bytes: ...


class _Gzip:
    """zlib, called as the other two are."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int = 0) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


_UNPACKERS: dict[str, Callable[[], _Unpacker]] = {
    "gzip": _Gzip,
    "bzip2": bz2.BZ2Decompressor,
    "xz": lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MOST_MEMORY),
}


def packing_of(head: bytes) -> str | None:
    """How a file is packed by its first bytes: gzip, bzip2, xz or none; None for no R data."""
    if head.startswith(PLAIN):
        return "none"
    return next((name for magic, name in PACKED.items() if head.startswith(magic)), None)


def unpack_r_data(packed: bytes, limits: UnpackLimits) -> bytes:
    """Unpacks an R data file.

    Args:
        packed: The file.
        limits: Checked while it is unpacked, so that no more memory than they allow is taken.

    Returns:
        The content, which begins with `RDX2` or `RDX3`.

    Raises:
        ArchiveError: It is packed in no known way, damaged, cut short, followed by something else,
            larger than allowed, or no R data inside.
    """
    packing = packing_of(packed)
    if packing is None:
        raise ArchiveError(f"no R data file: begins with {packed[:16]!r}")
    data = packed if packing == "none" else _unpacked(packed, packing, limits)
    if not data.startswith(PLAIN):
        raise ArchiveError(f"no R data in the {packing} file: it holds {data[:16]!r}")
    return data


def _unpacked(packed: bytes, packing: str, limits: UnpackLimits) -> bytes:
    unpacker, pieces, size = _UNPACKERS[packing](), [], 0
    waiting = packed
    try:
        while not unpacker.eof:
            piece = unpacker.decompress(waiting, _PIECE)
            if not piece and not waiting and not unpacker.eof:
                raise ArchiveError(f"the {packing} file breaks off after {size:,} unpacked bytes")
            waiting = b""
            size += len(piece)
            _refuse_bomb(size, len(packed), limits)
            pieces.append(piece)
    except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
        raise ArchiveError(f"the {packing} file cannot be unpacked ({error})") from error
    if unpacker.unused_data:
        raise ArchiveError(f"{len(unpacker.unused_data):,} bytes follow the {packing} file")
    return b"".join(pieces)


def _refuse_bomb(size: int, packed: int, limits: UnpackLimits) -> None:
    if size > limits.max_bytes:
        raise ArchiveError(
            f"it unpacks to more than {limits.max_bytes:,} bytes (max_unpacked_bytes)"
        )
    if size / max(packed, 1) > limits.max_ratio:
        raise ArchiveError(f"it grows more than {limits.max_ratio:g} times (max_unpacked_ratio)")


def holds_columns(data: bytes, columns: tuple[str, ...]) -> bool:
    """Whether a table in the data begins with these columns.

    A table's names are a vector of texts: its mark, its length, and each text with its mark and
    length. They stand there as bytes, so nothing has to be parsed.

    Args:
        data: Unpacked R data.
        columns: Names in ASCII, in order.
    """
    names = b"".join(
        _TEXT + len(name).to_bytes(4, "big") + name.encode("ascii") for name in columns
    )
    at = data.find(names)
    while at >= 0:
        if at >= 8 and data[at - 8 : at - 4] == _TEXTS:
            return True
        at = data.find(names, at + 1)
    return False
