"""Mirrors of the publishers' sites: a folder or a base URL with `HOST/PATH` below it."""

import gzip
import time
import zlib
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import requests

from flows.fetch.errors import FetchError, MissingFileError
from flows.fetch.http_exchange import Exchange, RedirectRefusedError, opened
from flows.fetch.http_retry import HttpPolicy
from flows.fetch.incoming import IncomingFile, Meter, ProgressCallback, TooLargeError
from flows.sources import USER_AGENT

MARKER = "SIMULATED.md"
"""A mirror with this file at its root holds a simulated world; so does a folder below it."""

_CHUNK = 1 << 20


def is_base_url(mirror: str | Path) -> bool:
    """Whether a mirror is reached over HTTP."""
    return isinstance(mirror, str) and mirror.startswith(("http://", "https://"))


def mirrored_url(base: str, url: str) -> str:
    """The address below a base URL that stands for a publisher's URL."""
    return f"{base.rstrip('/')}/{url.partition('://')[2]}"


def place_in(folder: Path, url: str) -> Path:
    """Where a folder has an address: `HOST/PATH`, `?QUERY` percent-encoded behind it.

    Raises:
        FetchError: The address would lead out of the folder.
    """
    parts = urlsplit(url)
    behind = quote(f"?{parts.query}", safe="") if parts.query else ""
    path = folder / parts.netloc / f"{unquote(parts.path).lstrip('/')}{behind}"
    if not path.resolve().is_relative_to(folder.resolve()):
        raise FetchError(f"{url} would lead out of the mirror {folder}")
    return path


def mirrored_path(folder: Path, url: str) -> Path:
    """The file below a folder that stands for a publisher's URL, packed or not.

    Raises:
        FetchError: The folder is none, or the URL would lead out of it.
        MissingFileError: The file is not there.
    """
    if not folder.is_dir():
        raise MissingFileError(f"the mirror {folder} is no folder (nor a base URL: http://…)")
    path = place_in(folder, url)
    packed = path.with_name(path.name + ".gz")
    found = next((p for p in (path, packed) if p.is_file()), None)
    if found is None:
        raise MissingFileError(
            f"the mirror {folder} has neither {path.relative_to(folder)} nor {packed.name} there,"
            f" which stands for {url}. Put the file there, or use another profile."
        )
    return found


def copy_from_folder(
    folder: Path, url: str, slug: str, into: IncomingFile, progress: ProgressCallback | None
) -> int:
    """Copies a mirrored file, unpacked where it is stored as `.gz`.

    Returns:
        Bytes read, as stored.

    Raises:
        FetchError: As `mirrored_path`; or the packed file is damaged or too large.
    """
    path = mirrored_path(folder, url)
    # the length of what is unpacked is not known beforehand
    is_packed = path.suffix == ".gz" and not urlsplit(url).path.endswith(".gz")
    stored = path.stat().st_size
    meter = Meter(slug, None if is_packed else stored, progress)
    try:
        with gzip.open(path, "rb") if is_packed else path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                into.write(chunk)
                meter.add(len(chunk))
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FetchError(f"{slug}: {path} is damaged ({error}); nothing was stored") from error
    except TooLargeError as error:
        raise FetchError(f"{slug}: {path}: {error}. Nothing was stored.") from error
    meter.finish()
    return stored


def is_simulated(mirror: str | Path, policy: HttpPolicy) -> bool:
    """Whether a mirror says that its world is simulated.

    Args:
        mirror: Folder or base URL.
        policy: Timeouts for the latter.

    Returns:
        True where `SIMULATED.md` is at its root.

    Raises:
        FetchError: The base URL gives no clear answer; then nothing may be taken from it.
    """
    if not is_base_url(mirror):
        return (Path(mirror) / MARKER).is_file()
    address = f"{str(mirror).rstrip('/')}/{MARKER}"
    deadline = time.monotonic() + policy.connect_seconds + policy.read_seconds
    try:
        with opened(Exchange(address, {"User-Agent": USER_AGENT}, deadline), policy) as answer:
            start = next(answer.iter_content(512), b"").lstrip().lower()
    except (requests.RequestException, RedirectRefusedError, TimeoutError) as error:
        raise FetchError(f"the mirror {mirror} cannot be reached ({error})") from error
    if answer.status_code in {404, 410}:
        return False
    if answer.status_code == requests.codes.ok:
        # some hosts answer every unknown path with a page and status 200
        return not start.startswith((b"<!doctype", b"<html"))
    raise FetchError(
        f"{address} answers {answer.status_code}: it is not clear whether this mirror is a"
        f" simulated world, so nothing is taken from it"
    )
