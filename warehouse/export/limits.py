"""How much a query of a user may take: seconds, memory, rows, bytes of a file."""

from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # who starts a query's process needs the limits, and no DuckDB
    from warehouse.db import Connection

LIMITS = ("seconds", "memory", "rows", "file")
_MEBIBYTE = 1 << 20
_NEEDED_ANYWAY_MB = 400
"""What Python, DuckDB and Polars take before a query has a row; measured: 280 MB."""


class RefusedError(ValueError):
    """A query, or writing its answer, is refused; the message says why, and what to do."""


class BeyondLimitError(RefusedError):
    """A query needs more seconds, memory, rows or bytes of a file than it may have.

    Attributes:
        limit: Which of them: `seconds`, `memory`, `rows` or `file`.
    """

    def __init__(self, message: str, limit: str) -> None:
        super().__init__(message)
        self.limit = limit


@dataclass(frozen=True)
class Limits:
    """What one query may use.

    Attributes:
        seconds: After so many it is ended.
        memory_mb: Megabytes (MiB) that it may hold.
        rows: Most rows of an answer; None for any number.
        cut: Whether an answer with more rows is cut there, rather than refused.
        file_mb: Most megabytes (MiB) of a file that it writes; None for any size.
    """

    seconds: float
    memory_mb: int
    rows: int | None = None
    cut: bool = False
    file_mb: int | None = None

    def as_record(self) -> dict[str, Any]:
        """The limits as JSON has them."""
        return asdict(self)

    @classmethod
    def of_record(cls, record: dict[str, Any]) -> "Limits":
        """Reads what `as_record` has written."""
        return cls(**{field.name: record[field.name] for field in fields(cls)})


def bound_process(limits: Limits) -> None:
    """Has the system refuse this process more memory, and larger files, than the limits say.

    DuckDB counts the memory of its tables and joins, not that of one value: a list of all
    numbers, or a text of gigabytes, would take the machine. Where the system cannot bound a
    process (Windows, macOS for memory), DuckDB's own limit remains.
    """
    with suppress(ImportError, ValueError, OSError):
        import resource

        data = (limits.memory_mb + _NEEDED_ANYWAY_MB) * _MEBIBYTE
        resource.setrlimit(resource.RLIMIT_DATA, (data, data))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if limits.file_mb is not None:
            size = limits.file_mb * _MEBIBYTE
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def close_off(connection: "Connection", memory_mb: int) -> None:
    """Leaves a connection nothing but the warehouse: no file, no network, no setting.

    Args:
        connection: A read-only connection; after this its settings cannot be changed.
        memory_mb: Megabytes (MiB) that DuckDB may hold; nothing is spilled to a disk.
    """
    for setting in (
        f"memory_limit = '{memory_mb}MiB'",
        "temp_directory = ''",
        "TimeZone = 'UTC'",
        "python_enable_replacements = false",
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        connection.execute(f"SET {setting}")


def beyond(limit: str, limits: Limits) -> BeyondLimitError:
    """The refusal of a query that passes a limit.

    Args:
        limit: One of `LIMITS`.
        limits: What it may use.
    """
    fewer = "Ask for fewer rows or columns (WHERE, LIMIT)"
    join = "look whether each join has its condition"
    message = {
        "seconds": f"The query was ended after {limits.seconds:g} s, the most it may take. {fewer},"
        f" or {join}.",
        "memory": f"The query needs more than {limits.memory_mb:,} MB of memory, the most it may"
        f" have. {fewer}, or {join}.",
        "rows": f"The answer has more than {limits.rows or 0:,} rows, the most it may have."
        f" {fewer}, or count and average in SQL.",
        "file": f"The file would be larger than {limits.file_mb or 0:,} MB, the most it may be."
        f" {fewer}.",
    }[limit]
    return BeyondLimitError(message, limit)
