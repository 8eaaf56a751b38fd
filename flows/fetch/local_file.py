"""A file that the user downloaded: copied like a download, with the same checks and record."""

from pathlib import Path

from flows.fetch.errors import FetchError, MissingFileError
from flows.fetch.incoming import IncomingFile, Meter, ProgressCallback, TooLargeError
from flows.fetch.mirror import MARKER

_CHUNK = 1 << 20


def copy_local_file(
    path: Path, slug: str, into: IncomingFile, progress: ProgressCallback | None
) -> int:
    """Copies the file; the original stays unchanged.

    Args:
        path: The user's file.
        slug: The source.
        into: Filled with its bytes.
        progress: As for downloads.

    Returns:
        Bytes read.

    Raises:
        MissingFileError: There is no such file.
        FetchError: It is larger than declared.
    """
    if not path.is_file():
        what = "is no regular file" if path.exists() else "is not there"
        raise MissingFileError(f"{slug}: {path} {what}. Nothing was stored: name the file itself.")
    size = path.stat().st_size
    meter = Meter(slug, size, progress)
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                into.write(chunk)
                meter.add(len(chunk))
    except TooLargeError as error:
        raise FetchError(f"{slug}: {path}: {error}. Nothing was stored.") from error
    meter.finish()
    return size


def is_simulated_file(path: Path) -> bool:
    """Whether the file lies in a simulated world: `SIMULATED.md` in a folder above it."""
    return any((folder / MARKER).is_file() for folder in path.resolve().parents)
