"""Downloads one file over HTTP: streamed, retried, and only if it changed."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime

import requests
import urllib3

from flows.fetch.errors import AccessRefusedError, FetchError, MissingFileError
from flows.fetch.http_body import UnwantedEncodingError, receive
from flows.fetch.http_exchange import Exchange, RedirectRefusedError, opened
from flows.fetch.http_retry import HttpPolicy, RetryableError, pause_seconds, retry_after_seconds
from flows.fetch.incoming import IncomingFile, Meter, ProgressCallback, TooLargeError
from flows.fetch.tls_chain import IncompleteChainError, completed_chain

# 202 with an empty body: a firewall that wants a browser; 400: a guestbook that wants a name
_REFUSED = {202, 400, 401, 403, 407, 451}
_MISSING = {404, 410}
_INTACT = "nothing was stored and earlier snapshots are untouched"


@dataclass(frozen=True)
class HttpAnswer:
    """The answer to a download.

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
    """One conditional GET request.

    Attributes:
        url: Address.
        slug: The source, for messages and progress.
        user_agent: User agent of the request.
        etag: ETag of the stored copy, where there is one.
        last_modified: Last-Modified of the stored copy, where there is one.
        is_listing: Whether it asks for a list of releases, which is no file to be handed over.
    """

    url: str
    slug: str
    user_agent: str
    etag: str | None = None
    last_modified: str | None = None
    is_listing: bool = False

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
        request: The request.
        into: Filled from its beginning; left empty on a 304.
        policy: Timeouts, attempts and pauses.
        progress: Called a few times a second, and once at the end.

    Returns:
        The answer.

    Raises:
        AccessRefusedError: TLS chain not verifiable, or an answer that refuses programs (202, 400,
            401, 403 …): the user has to download the file.
        MissingFileError: 404 or 410.
        FetchError: Any other answer, or no complete answer within the attempts.
    """
    started = time.monotonic()
    for attempt in range(1, policy.attempts + 1):
        try:
            return _attempt_verified(request, into, policy, started, progress)
        except RetryableError as problem:
            wait = pause_seconds(problem, attempt, policy)
            spent = time.monotonic() - started
            if wait > policy.longest_wait_seconds:
                raise FetchError(
                    f"{request.slug}: {request.url}: {problem}; the host asks to come back in"
                    f" {wait:,.0f} s, longer than this run waits"
                    f" ({policy.longest_wait_seconds:g} s). Earlier snapshots are untouched."
                ) from problem
            if attempt == policy.attempts or spent + wait > policy.total_seconds:
                raise FetchError(
                    f"{request.slug}: {request.url}: {problem} (attempt {attempt} of"
                    f" {policy.attempts}, {spent:.0f} s). Nothing was stored and earlier"
                    f" snapshots are untouched; run it again later."
                ) from problem
        time.sleep(wait)
    raise AssertionError("a policy needs at least one attempt")


def _attempt_verified(
    request: HttpRequest,
    into: IncomingFile,
    policy: HttpPolicy,
    started: float,
    progress: ProgressCallback | None,
) -> HttpAnswer:
    """One attempt; where the host leaves a certificate out, another with the whole chain."""
    try:
        return _attempt(request, into, policy, started, progress)
    except _UnverifiedError as unverified:
        refusal = AccessRefusedError(
            f"{request.slug}: the TLS certificate of {request.url} cannot be verified, so nothing"
            f" was downloaded ({unverified}).{manual_download_advice(request)}"
        )
        try:
            deadline = started + policy.total_seconds
            with completed_chain(request.url, policy, deadline) as bundle:
                return _attempt(request, into, policy, started, progress, bundle=bundle)
        except (IncompleteChainError, _UnverifiedError) as error:
            raise refusal from error


class _UnverifiedError(Exception):
    """The certificate of the host cannot be verified."""


def _attempt(
    request: HttpRequest,
    into: IncomingFile,
    policy: HttpPolicy,
    started: float,
    progress: ProgressCallback | None,
    *,
    bundle: str | None = None,
) -> HttpAnswer:
    into.restart()
    try:
        deadline = started + policy.total_seconds
        exchange = Exchange(request.url, request.headers, deadline, bundle)
        with opened(exchange, policy) as response:
            _refuse_status(request, response)
            etag = response.headers.get("ETag")
            modified = response.headers.get("Last-Modified")
            if response.status_code == requests.codes.not_modified:
                return HttpAnswer(
                    True, etag or request.etag, modified or request.last_modified, None, 0
                )
            announced = _announced(response)
            meter = Meter(request.slug, announced, progress)
            received = receive(response, into, meter, deadline)
            if announced is not None and received != announced:
                raise RetryableError(
                    f"cut short: {received:,} of {announced:,} announced bytes came"
                )
            meter.finish()
            return HttpAnswer(False, etag, modified, announced, received)
    except RedirectRefusedError as error:
        raise FetchError(f"{request.slug}: {error}; not followed, {_INTACT}") from error
    except TimeoutError as error:
        raise RetryableError(str(error)) from error
    except requests.exceptions.SSLError as error:
        if "CERTIFICATE_VERIFY_FAILED" not in str(error):
            raise RetryableError(f"the TLS connection failed ({error})") from error
        raise _UnverifiedError(str(error)) from error
    except (
        requests.ConnectionError,
        requests.Timeout,
        requests.exceptions.ChunkedEncodingError,
    ) as error:
        raise RetryableError(f"the connection failed ({error})") from error
    except requests.RequestException as error:
        raise FetchError(f"{request.slug}: {request.url}: {error}; {_INTACT}") from error
    except urllib3.exceptions.HTTPError as error:
        raise RetryableError(f"the connection broke off ({error})") from error
    except (TooLargeError, UnwantedEncodingError) as error:
        raise FetchError(f"{request.slug}: {request.url}: {error}; {_INTACT}") from error


def manual_download_advice(request: HttpRequest) -> str:
    """The advice to download a file with a browser."""
    if request.is_listing:
        return " Only the list of releases was asked for: open it with a browser."
    return (
        f" Download {request.url} with a browser and store it:"
        f" asymmetry fetch {request.slug} --from-file PATH"
    )


def _refuse_status(request: HttpRequest, response: requests.Response) -> None:
    status, where = response.status_code, f"{request.slug}: {response.url}"
    if status in {requests.codes.ok, requests.codes.not_modified}:
        return
    if status == requests.codes.too_many_requests or status >= 500:
        wait = retry_after_seconds(response.headers.get("Retry-After"), datetime.now(UTC))
        raise RetryableError(f"the host answered {status} {response.reason}", wait)
    if status in _REFUSED:
        raise AccessRefusedError(
            f"{where}: the host answered {status} {response.reason} to the user agent"
            f" {request.user_agent!r}.{manual_download_advice(request)}"
        )
    if status in _MISSING:
        raise MissingFileError(
            f"{where}: the host answered {status} {response.reason}: the file has moved, or the"
            f" address in flows/sources/{request.slug}.yml is out of date. Earlier snapshots are"
            f" untouched."
        )
    raise FetchError(f"{where}: unexpected answer {status} {response.reason}; {_INTACT}")


def _announced(response: requests.Response) -> int | None:
    length = response.headers.get("Content-Length", "")
    return int(length) if length.isascii() and length.isdigit() else None
