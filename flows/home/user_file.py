"""A text that a person names for a command to read: a file, or a pipe, which may never end."""

from pathlib import Path

MOST_BYTES = 10_000_000


def read_user_text(path: Path) -> str:
    """The text of a file in UTF-8, with or without a byte order mark.

    Raises:
        OSError: It cannot be read.
        ValueError: It is no UTF-8 text, or has more bytes than such a file would.
    """
    with path.expanduser().open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ValueError(f"it has more than {MOST_BYTES:,} bytes")
    return data.decode("utf-8-sig")
