"""Asks a publisher, or the mirror that stands for it, over the same HTTP layer as fetching."""

import gzip
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from flows.fetch.errors import FetchError, MissingFileError
from flows.fetch.http import HttpRequest, download
from flows.fetch.http_retry import HttpPolicy
from flows.fetch.incoming import IncomingFile
from flows.fetch.mirror import is_base_url, mirrored_url, place_in
from flows.fetch.route import Profile
from flows.home.error_words import in_words
from flows.home.paths import Home
from flows.sources import SourceDeclaration

MOST_BYTES_OF_A_LISTING = 20_000_000
BYTES_OF_A_BEGINNING = 1 << 16
MOST_REQUESTS = 5
"""To one publisher in one check: listings, beginnings of files, and the file itself. What is left
over of a publisher of more sources is the beginning of the next check."""

_CARRIERS = {"api.github.com": 1, "raw.githubusercontent.com": 0}
"""Hosts that carry many publishers' files: the part of the path that names the publisher."""


class TooManyRequestsError(FetchError):
    """A check has asked its publisher as often as it may."""


@dataclass
class Visit:
    """One check of several sources: a publisher of two of them is asked once for one listing.

    Attributes:
        n_requests: Publisher to the number of requests so far.
        listings: Address to what was there; None where there is nothing, or why it could not be
            had.
    """

    n_requests: Counter[str] = field(default_factory=Counter)
    listings: dict[str, bytes | FetchError | None] = field(default_factory=dict)

    def ask(self, url: str, slug: str) -> None:
        """Counts a request that is about to be made.

        Raises:
            TooManyRequestsError: It would be one too many.
        """
        publisher = publisher_of(url)
        if self.n_requests[publisher] >= MOST_REQUESTS:
            raise TooManyRequestsError(
                f"{slug}: {publisher} was asked {MOST_REQUESTS} times already in this check; the"
                " rest is left for the next one"
            )
        self.n_requests[publisher] += 1


def publisher_of(url: str) -> str:
    """Whose server an address asks: its host, or on GitHub the owner of the repository.

    Args:
        url: The publisher's own address, not that of a mirror.
    """
    parts = urlsplit(url)
    if (place := _CARRIERS.get(parts.netloc)) is None:
        return parts.netloc
    names = [name for name in parts.path.split("/") if name]
    return f"github.com/{names[place]}" if place < len(names) else parts.netloc


class _EnoughError(Exception):
    """The beginning of the file has come."""


class _Beginning(IncomingFile):
    def write(self, chunk: bytes) -> None:
        """Appends, until there is enough of it."""
        super().write(chunk[: BYTES_OF_A_BEGINNING - self.n_bytes])
        if self.n_bytes >= BYTES_OF_A_BEGINNING:
            raise _EnoughError


@dataclass
class Publisher:
    """A source's publisher as a check asks it, and how often it has been asked.

    Attributes:
        declaration: The source.
        home: Where what comes in is kept for a moment.
        profile: `live` asks the publisher, `mirror` what stands for it, `sample` nothing.
        mirror: Folder or base URL.
        policy: Timeouts and retries.
        visit: What the check has asked so far, of all its sources.
        n_requests: Requests so far, for this source.
    """

    declaration: SourceDeclaration
    home: Home
    profile: Profile
    mirror: str | Path | None
    policy: HttpPolicy
    visit: Visit = field(default_factory=Visit)
    n_requests: int = 0

    def listing(self, url: str) -> bytes | None:
        """What is at an address; a publisher that has failed to answer is not asked again.

        Returns:
            The bytes; None where a mirror has nothing there, or the world is simulated.

        Raises:
            FetchError: It could not be had; `AccessRefusedError` where programs are refused.
        """
        if self.profile == "sample":
            return None
        if url not in self.visit.listings:
            try:
                self.visit.listings[url] = self._listing(url)
            except TooManyRequestsError:
                raise
            except FetchError as error:
                self.visit.listings[url] = error
        found = self.visit.listings[url]
        if isinstance(found, FetchError):
            raise found
        return found

    def _listing(self, url: str) -> bytes | None:
        try:
            return self._read(url, MOST_BYTES_OF_A_LISTING)
        except MissingFileError:
            if self.profile == "mirror":
                return None
            raise

    def beginning(self, url: str) -> bytes:
        """The first bytes of a file, unpacked; the rest is not waited for.

        Raises:
            FetchError: They could not be had.
        """
        return self._read(url, None)

    def _read(self, url: str, at_most: int | None) -> bytes:
        if self.profile == "mirror" and not is_base_url(self.mirror or ""):
            return _read_file(Path(str(self.mirror)), url, at_most or BYTES_OF_A_BEGINNING)
        self.visit.ask(url, self.declaration.slug)
        self.n_requests += 1
        asked = url if self.profile == "live" else mirrored_url(str(self.mirror), url)
        slug, agent = self.declaration.slug, self.declaration.user_agent
        request = HttpRequest(asked, slug, agent, is_listing=at_most is not None)
        with self._incoming(at_most) as incoming:
            with suppress(_EnoughError):
                download(request, incoming, self.policy)
            incoming.close()
            return incoming.path.read_bytes()

    @contextmanager
    def _incoming(self, at_most: int | None) -> Iterator[IncomingFile]:
        folder, slug = self.home.snapshots / "_incoming", self.declaration.slug
        kind = IncomingFile if at_most else _Beginning
        with kind(folder, slug, at_most or BYTES_OF_A_BEGINNING) as incoming:
            yield incoming


def _read_file(folder: Path, url: str, at_most: int) -> bytes:
    path = place_in(folder, url)
    packed = path.with_name(f"{path.name}.gz")
    try:
        with path.open("rb") if path.is_file() else gzip.open(packed, "rb") as file:
            return file.read(at_most)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise MissingFileError(f"the mirror {folder} has nothing for {url}") from error
    except (OSError, EOFError, zlib.error) as error:
        raise FetchError(f"{path} cannot be read: {in_words(error)}") from error
