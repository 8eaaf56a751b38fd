"""Errors of fetching. Every message says what is intact and what to do."""

from collections.abc import Sequence

from flows.fetch.arrival import ByteCheck
from flows.fetch.byte_checks import NO_PAGE
from flows.home.secrets import presentable


class FetchError(RuntimeError):
    """The bytes could not be had; the snapshots of earlier runs are untouched.

    Args:
        message: What happened, in which a host's own words may stand.
    """

    def __init__(self, message: str) -> None:
        super().__init__(presentable(message))


class AccessRefusedError(FetchError):
    """The publisher refuses programs (TLS chain, firewall, guestbook): a user has to download."""


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

    @property
    def is_page(self) -> bool:
        """Whether a web page came in the place of the file."""
        return any(check.blocks for check in self.checks if check.name == NO_PAGE)
