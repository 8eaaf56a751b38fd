"""Errors of fetching. Every message says what is intact and what to do."""

from collections.abc import Sequence

from flows.fetch.byte_checks import ByteCheck


class FetchError(RuntimeError):
    """The bytes could not be had; the snapshots of earlier runs are intact."""


class AccessRefusedError(FetchError):
    """The publisher refuses programs (TLS chain, 401, 403): the user has to download the file."""


class MissingFileError(FetchError):
    """There is no such file at the publisher or in the mirror."""


class PinMismatchError(FetchError):
    """The bytes are not those that `sources.lock.json` pins."""


class SnapshotDamagedError(FetchError):
    """A stored snapshot no longer has the bytes that its record names."""


class ChecksFailedError(FetchError):
    """The bytes came, but a check that blocks failed; nothing was stored as a snapshot.

    Attributes:
        checks: All results, passed ones too.
    """

    def __init__(self, message: str, checks: Sequence[ByteCheck]) -> None:
        super().__init__(message)
        self.checks = tuple(checks)
