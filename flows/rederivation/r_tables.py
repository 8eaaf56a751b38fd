"""The one table of an R data file (.rda), read by the description of R's format.

R Internals, chapter 1.8: after `RDX2` or `RDX3` come big-endian items, each with a word of flags:
its type, and whether attributes and a tag follow. Only what a data frame is made of is read.
"""

import bz2
import gzip
import lzma
import struct
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from flows.rederivation.delimited import Record, content
from flows.rederivation.derived import RawFile

_NA_INTEGER = -(2**31)
_NA_REAL = 1954  # the low word of R's NA, among all that are no number
_EPOCH = date(1970, 1, 1)
_HAS_ATTRIBUTES, _HAS_TAG = 1 << 9, 1 << 10
_SYMBOL, _PAIRS, _TEXT = 1, 2, 9
_LOGICAL, _INTEGER, _REAL, _TEXTS, _LIST = 10, 13, 14, 16, 19
_ALTERNATIVE, _REFERENCE, _NOTHING = 238, 255, 254


class _Vector(list[Any]):
    """A vector with its attributes."""

    attributes: dict[str, Any]


class _Items:
    """Reads one item after the other."""

    def __init__(self, data: bytes) -> None:
        magic, self._data, self._at = data[:7], data, 7
        if magic not in (b"RDX2\nX\n", b"RDX3\nX\n"):
            raise ValueError(f"no R data: the file begins with {magic!r}")
        version = self._integers(3)[0]
        if version == 3:
            self._take(self._integers(1)[0])  # the encoding
        self._symbols: list[str] = []

    def _take(self, n: int) -> bytes:
        self._at += n
        return self._data[self._at - n : self._at]

    def _integers(self, n: int) -> tuple[int, ...]:
        return struct.unpack(f">{n}i", self._take(4 * n))

    def _length(self) -> int:
        return self._integers(1)[0]

    def read(self) -> Any:
        flags = self._integers(1)[0]
        kind = flags & 0xFF
        if kind in (_NOTHING, 0):
            return None
        if kind == _REFERENCE:
            return self._symbols[(flags >> 8) - 1]
        if kind == _SYMBOL:
            self._symbols.append(self.read())
            return self._symbols[-1]
        if kind in (_TEXT, _PAIRS, _ALTERNATIVE):
            return self._other(kind, flags)
        found = _Vector(self._values(kind))
        found.attributes = (self.read() or {}) if flags & _HAS_ATTRIBUTES else {}
        return found

    def _other(self, kind: int, flags: int) -> Any:
        if kind == _PAIRS:
            return self._pairs(flags)
        if kind == _ALTERNATIVE:
            return self._alternative()
        n = self._length()
        return None if n < 0 else self._take(n).decode("utf-8", "replace")

    def _pairs(self, flags: int) -> dict[str, Any]:
        """A pairlist, the link of which has been begun."""
        found: dict[str, Any] = {}
        while flags & 0xFF == _PAIRS:
            if flags & _HAS_ATTRIBUTES:
                self.read()
            tag = self.read() if flags & _HAS_TAG else str(len(found))
            found[tag] = self.read()
            flags = self._integers(1)[0]
        return found

    def _values(self, kind: int) -> list[Any]:
        n = self._length()
        if kind in (_LOGICAL, _INTEGER):
            return [None if x == _NA_INTEGER else x for x in self._integers(n)]
        if kind == _REAL:
            data = self._take(8 * n)
            words = struct.unpack(f">{2 * n}I", data)[1::2]
            reals = struct.unpack(f">{n}d", data)
            pairs = zip(reals, words, strict=True)
            return [None if x != x and low == _NA_REAL else x for x, low in pairs]  # noqa: PLR0124
        if kind in (_TEXTS, _LIST):
            return [self.read() for _ in range(n)]
        raise ValueError(f"an item of R's type {kind}, which no table has")

    def _alternative(self) -> Any:
        """A vector in a compact form: a range, or one that wraps another."""
        name = next(iter((self.read() or {}).values()))
        state, _ = self.read(), self.read()
        if str(name).startswith("compact"):
            n, first, step = state
            state = _Vector(first + step * i for i in range(int(n)))
        elif str(name).startswith("wrap"):
            state = state["0"] if isinstance(state, dict) else state[0]
        if not isinstance(state, _Vector):
            raise ValueError(f"a vector in the form {name}, which is not read here")
        if not hasattr(state, "attributes"):
            state.attributes = {}
        return state


def table(file: RawFile) -> Iterator[Record]:
    """The rows of the file's only data frame, with numbers as text; NA is an empty cell."""
    columns = columns_of(file)
    for number, row in enumerate(zip(*columns.values(), strict=True), start=1):
        cells = ("" if x is None else x if isinstance(x, str) else repr(x) for x in row)
        yield Record(f"row {number} of the table", dict(zip(columns, cells, strict=True)))


def columns_of(file: RawFile) -> dict[str, list[Any]]:
    """The columns of the file's only data frame: days and labels as text, NA as None.

    Raises:
        ValueError: It holds anything else.
    """
    _, data = content(file)
    for begins, unpack in ((b"\x1f\x8b", gzip), (b"BZh", bz2), (b"\xfd7zXZ", lzma)):
        if data.startswith(begins):
            data = unpack.decompress(data)
    (frame,) = _Items(data).read().values()
    named = zip(frame.attributes["names"], frame, strict=True)
    return {name: _values_of(values) for name, values in named}


def _values_of(values: _Vector) -> list[Any]:
    classes = values.attributes.get("class") or ()
    if "factor" in classes:
        levels = values.attributes["levels"]
        return [None if x is None else str(levels[x - 1]) for x in values]
    if "Date" in classes:
        return [None if x is None else str(_EPOCH + timedelta(days=int(x))) for x in values]
    return values
