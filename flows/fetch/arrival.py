"""A file that has come, and what a check of it finds. Failed checks are results, no exceptions."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from flows.home.discovered import SeenRelease

Severity = Literal["critical", "warning", "info"]


@dataclass(frozen=True)
class ByteCheck:
    """The result of one check.

    Attributes:
        name: Short snake_case name.
        description: What has to hold.
        severity: `critical` stops the file from becoming a snapshot, `warning` is reported.
        passed: Whether it holds.
        notes: The figures, or what was found.
    """

    name: str
    description: str
    severity: Severity
    passed: bool
    notes: str

    @property
    def blocks(self) -> bool:
        """Whether this result stops the file."""
        return self.severity == "critical" and not self.passed


@dataclass(frozen=True)
class Arrival:
    """A received file and its transfer.

    Attributes:
        path: The file.
        n_bytes: Its size.
        bytes_announced: Size that the host announced, as it travels; `None` where none was.
        bytes_received: Bytes that travelled (compressed where the host compressed).
        nearest_bytes: Size of the channel's snapshot that is nearest in size; `None` for the first.
        previous_bytes: Size of the last snapshot of the same channel, or of the newest of another
            one; `None` for the first.
        previous_ends_line: Whether that ended with the end of a line.
        beginning_of: The last snapshot, where all of the file is the beginning of that.
        is_simulated: Whether the file belongs to a simulated world, which may be small.
        listed: The release as the publisher lists it, where it is only tried.
    """

    path: Path
    n_bytes: int
    bytes_announced: int | None = None
    bytes_received: int | None = None
    nearest_bytes: int | None = None
    previous_bytes: int | None = None
    previous_ends_line: bool = False
    beginning_of: str | None = None
    is_simulated: bool = False
    listed: SeenRelease | None = None


def critical(name: str, description: str, passed: bool, notes: str) -> ByteCheck:
    """The result of a check that stops the file where it fails."""
    return ByteCheck(name, description, "critical", passed, notes)
