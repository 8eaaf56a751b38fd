"""Gets one file over HTTP: streamed, retried, asked for only when it changed."""

import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests
import urllib3

from flows.fetch.errors import AccessRefusedError, FetchError, MissingFileError
from flows.fetch.http_body import TryAgainError, receive
from flows.fetch.incoming import IncomingFile, Meter, ProgressCallback, TooLargeError

_REFUSED = {401, 403, 407, 451}
_MISSING = {404, 410}


@dataclass(frozen=True)
class HttpPolicy:
    """How patient a download is.

    Attributes:
        connect_seconds: Wait for a connection.
        read_seconds: Wait for the next byte.
        attempts: Tries before giving up, the first included.
        backoff_seconds: Upper bound of the first pause; it doubles with every attempt and the
            pause is drawn at random below it.
        longest_wait_seconds: Longest pause; a host that asks for more (`Retry-After`) ends the
            download with the time to come back.
        total_seconds: Everything together.
    """

    connect_seconds: float = 15
    read_seconds: float = 60
    attempts: int = 5
    backoff_seconds: float = 2
    longest_wait_seconds: float = 120
    total_seconds: float = 3600


@dataclass(frozen=True)
class HttpAnswer:
    """What came back.

    Attributes:
        is_unchanged: The host answered 304: nothing was written.
        etag: The answer's ETag; of the earlier answer where a 304 repeats none.
        last_modified: Likewise.
        bytes_announced: The answer's length as it travels; `None` where none was announced.
        bytes_received: Bytes that travelled.
    """

    is_unchanged: bool
    etag: str | None
    last_modified: str | None
    bytes_announced: int | None
    bytes_received: int


@dataclass(frozen=True)
class HttpRequest:
    """What to ask for.

    Attributes:
        url: Address.
        slug: The source, for messages and progress.
        user_agent: What the request says it is.
        etag: ETag of the stored copy, where there is one.
        last_modified: Last-Modified of the stored copy, where there is one.
    """

    url: str
    slug: str
    user_agent: str
    etag: str | None = None
    last_modified: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """Request headers."""
        found = {"User-Agent": self.user_agent, "Accept": "*/*", "Accept-Encoding": "gzip"}
        if self.etag:
            found["If-None-Match"] = self.etag
        if self.last_modified:
            found["If-Modified-Since"] = self.last_modified
        return found


def download(
    request: HttpRequest,
    into: IncomingFile,
    policy: HttpPolicy,
    progress: ProgressCallback | None = None,
) -> HttpAnswer:
    """Downloads into a temporary file, decompressed.

    Args:
        request: What to ask for.
        into: Filled from its beginning; left empty on a 304.
        policy: Timeouts, attempts and pauses.
        progress: Called a few times a second, and once at the end.

    Returns:
        What came back.

    Raises:
        AccessRefusedError: TLS chain not verifiable, 401 or 403: a person has to fetch the file.
        MissingFileError: 404 or 410.
        FetchError: Any other answer, or no complete answer within the attempts.
    """
    started = time.monotonic()
    for attempt in range(1, policy.attempts + 1):
        try:
            return _attempt(request, into, policy, started, progress)
        except TryAgainError as problem:
            wait = _pause(problem, attempt, policy)
            spent = time.monotonic() - started
            if wait > policy.longest_wait_seconds:
                raise FetchError(
                    f"{request.slug}: {request.url}: {problem}; the host asks to come back in"
                    f" {wait:,.0f} s, longer than this run waits"
                    f" ({policy.longest_wait_seconds:g} s). Earlier snapshots are intact."
                ) from problem
            if attempt == policy.attempts or spent + wait > policy.total_seconds:
                raise FetchError(
                    f"{request.slug}: {request.url}: {problem} (attempt {attempt} of"
                    f" {policy.attempts}, {spent:.0f} s). Nothing was stored and earlier"
                    f" snapshots are intact; run it again later."
                ) from problem
        time.sleep(wait)
    raise AssertionError("a policy needs at least one attempt")


def _pause(problem: TryAgainError, attempt: int, policy: HttpPolicy) -> float:
    ceiling = min(policy.backoff_seconds * 2 ** (attempt - 1), policy.longest_wait_seconds)
    # jitter: many clients that failed together must not come back together
    drawn = random.uniform(ceiling / 2, ceiling)
    return drawn if problem.wait_seconds is None else max(problem.wait_seconds, 0.0) + drawn / 10


def retry_after_seconds(value: str | None, now: datetime) -> float | None:
    """Reads a `Retry-After` header.

    Args:
        value: Seconds, or an HTTP date; `None` where the header is absent.
        now: The present, with its zone.

    Returns:
        Seconds to wait, 0 for a moment that has passed; `None` where nothing readable is said.
    """
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max((moment - now).total_seconds(), 0.0)


def _attempt(
    request: HttpRequest,
    into: IncomingFile,
    policy: HttpPolicy,
    started: float,
    progress: ProgressCallback | None,
) -> HttpAnswer:
    into.restart()
    try:
        with (
            requests.Session() as session,
            session.get(
                request.url,
                headers=request.headers,
                stream=True,
                timeout=(policy.connect_seconds, policy.read_seconds),
            ) as response,
        ):
            _refuse_status(request, response)
            etag = response.headers.get("ETag")
            modified = response.headers.get("Last-Modified")
            if response.status_code == requests.codes.not_modified:
                return HttpAnswer(
                    True, etag or request.etag, modified or request.last_modified, None, 0
                )
            announced = _announced(response)
            meter = Meter(request.slug, announced, progress)
            deadline = started + policy.total_seconds
            received = receive(response, into, meter, deadline)
            if announced is not None and received != announced:
                raise TryAgainError(
                    f"cut short: {received:,} of {announced:,} announced bytes came"
                )
            meter.finish()
            return HttpAnswer(False, etag, modified, announced, received)
    except requests.exceptions.SSLError as error:
        if "CERTIFICATE_VERIFY_FAILED" not in str(error):
            raise TryAgainError(f"the TLS connection failed ({error})") from error
        raise AccessRefusedError(
            f"{request.slug}: the TLS certificate of {request.url} cannot be verified, so nothing"
            f" was downloaded ({error}).{by_hand(request)}"
        ) from error
    except (
        requests.ConnectionError,
        requests.Timeout,
        requests.exceptions.ChunkedEncodingError,
    ) as error:
        raise TryAgainError(f"the connection failed ({error})") from error
    except requests.RequestException as error:
        raise FetchError(f"{request.slug}: {request.url}: {error}") from error
    except urllib3.exceptions.HTTPError as error:
        raise TryAgainError(f"the connection broke off ({error})") from error
    except TooLargeError as error:
        raise FetchError(f"{request.slug}: {request.url}: {error}. Nothing was stored.") from error


def by_hand(request: HttpRequest) -> str:
    """The sentence that tells how to hand over a file."""
    return (
        f" Download {request.url} with a browser and hand it over:"
        f" asymmetry fetch {request.slug} --from-file PATH"
    )


def _refuse_status(request: HttpRequest, response: requests.Response) -> None:
    status, where = response.status_code, f"{request.slug}: {response.url}"
    if request.url.startswith("https:") and not response.url.startswith("https:"):
        raise FetchError(f"{where}: {request.url} leads from https to plain http; not followed up")
    if status in {requests.codes.ok, requests.codes.not_modified}:
        return
    if status == requests.codes.too_many_requests or status >= 500:
        wait = retry_after_seconds(response.headers.get("Retry-After"), datetime.now(UTC))
        raise TryAgainError(f"the host answered {status} {response.reason}", wait)
    if status in _REFUSED:
        raise AccessRefusedError(
            f"{where}: the host answered {status} {response.reason} to the user agent"
            f" {request.user_agent!r}.{by_hand(request)}"
        )
    if status in _MISSING:
        raise MissingFileError(
            f"{where}: the host answered {status} {response.reason}: the file has moved, or the"
            f" address in flows/sources/{request.slug}.yml is out of date. Earlier snapshots are"
            f" intact."
        )
    raise FetchError(f"{where}: unexpected answer {status} {response.reason}; nothing was stored")


def _announced(response: requests.Response) -> int | None:
    length = response.headers.get("Content-Length", "")
    return int(length) if length.isascii() and length.isdigit() else None
