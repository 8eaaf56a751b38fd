"""One exchange over HTTP: redirects are judged before they are followed; one deadline for all.

The library's timeouts are for single reads: a host that sends a byte of its headers now and then,
or `100 Continue` without an end, would outlast them all. Here a clock closes the connection.
"""

import ipaddress
import os
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from flows.fetch.http_retry import HttpPolicy

MOST_REDIRECTS = 10
_PORTS = {"http": 80, "https": 443}


class RedirectRefusedError(ValueError):
    """A redirect leads where nothing is fetched from; the message says where and why."""


class ExchangeClock:
    """Closes every connection of an exchange when its time is up."""

    def __init__(self, seconds: float) -> None:
        """Starts it."""
        self.is_over = False
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()
        self._timer = threading.Timer(max(seconds, 0.0), self._end)
        self._timer.daemon = True
        self._timer.start()

    def watch(self, connected: socket.socket) -> None:
        """Has a connection closed in time."""
        # TLS takes the socket over; its double is the same connection
        double = socket.socket(fileno=os.dup(connected.fileno()))
        with self._lock:
            self._sockets.append(double)
            if self.is_over:
                _hang_up(double)

    def _end(self) -> None:
        with self._lock:
            self.is_over = True
            for connected in self._sockets:
                _hang_up(connected)

    def __enter__(self) -> "ExchangeClock":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        with self._lock:
            for connected in self._sockets:
                connected.close()
            self._sockets.clear()


def _hang_up(connected: socket.socket) -> None:
    with suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)


@dataclass(frozen=True)
class Exchange:
    """Where and how long to ask.

    Attributes:
        url: The address.
        headers: Of the request.
        deadline: Moment of `time.monotonic()` at which everything has to be over.
        bundle: File of trusted certificates; None for the usual ones. Verification is never off.
    """

    url: str
    headers: Mapping[str, str]
    deadline: float
    bundle: str | None = None


@contextmanager
def opened(exchange: Exchange, policy: HttpPolicy) -> Iterator[requests.Response]:
    """Asks, follows redirects, and gives the answer with its body still to be read.

    Args:
        exchange: What to ask.
        policy: Timeouts of single reads.

    Raises:
        RedirectRefusedError: A redirect leads to another scheme, from https to http, to a loopback
            or private address that is not the asked host itself, nowhere, or on without an end.
        TimeoutError: The time was up.
        requests.RequestException: As the library says.
    """
    with (
        ExchangeClock(exchange.deadline - time.monotonic()) as clock,
        requests.Session() as session,
    ):
        for scheme in _PORTS:
            session.mount(f"{scheme}://", _WatchedAdapter(clock))
        try:
            with _followed(session, exchange, policy) as response:
                yield response
            if clock.is_over:  # a connection that was closed looks like the end of a body
                raise TimeoutError
        except Exception as error:
            if clock.is_over:
                raise TimeoutError("too slow: no whole answer when the time was up") from error
            raise


def _followed(
    session: requests.Session, exchange: Exchange, policy: HttpPolicy
) -> requests.Response:
    url = exchange.url
    for _ in range(MOST_REDIRECTS + 1):
        try:
            response = session.get(
                url,
                headers=dict(exchange.headers),
                stream=True,
                allow_redirects=False,
                verify=exchange.bundle,
                timeout=(policy.connect_seconds, policy.read_seconds),
            )
        except requests.RequestException:
            raise
        except ValueError as error:  # the library reads where a redirect leads, and cannot
            raise RedirectRefusedError(f"{url} redirects to no address ({error})") from error
        if not response.is_redirect:
            return response
        with response:
            target = _joined(url, response.headers["Location"])
        refuse_redirect(exchange.url, url, target)
        url = target
    raise RedirectRefusedError(f"redirected more than {MOST_REDIRECTS} times, last to {url}")


def _joined(url: str, location: str) -> str:
    try:
        target = urljoin(url, location)
        urlsplit(target).port  # noqa: B018 - reading it is what refuses a wrong one
    except ValueError as error:
        raise RedirectRefusedError(
            f"{url} redirects to no address: {location!r} ({error})"
        ) from error
    return target


def refuse_redirect(asked: str, url: str, target: str) -> None:
    """Refuses a redirect that a publisher has no reason for.

    Args:
        asked: The address that was asked for first.
        url: The one that answered.
        target: Where it leads.

    Raises:
        RedirectRefusedError: As in `opened`.
    """
    scheme = urlsplit(target).scheme
    if scheme not in _PORTS or not urlsplit(target).hostname:
        raise RedirectRefusedError(f"redirected to {target}, which is no web address")
    if scheme == "http" and urlsplit(url).scheme == "https":
        raise RedirectRefusedError(f"{url} leads from https to plain http ({target})")
    if _origin(target) == _origin(asked):
        return
    for address in _addresses(target):
        if not address.is_global:
            raise RedirectRefusedError(
                f"redirected to {target}, a private address ({address}): files of a publisher are"
                " not in this network"
            )


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)


def _addresses(url: str) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    """Addresses of a host; none where nobody knows it: then it cannot be asked either."""
    host = str(urlsplit(url).hostname)
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    # ::ffff:127.0.0.1 is loopback in the clothes of the other protocol
    return [getattr(address, "ipv4_mapped", None) or address for address in addresses]


class _WatchedAdapter(HTTPAdapter):
    """Tells the clock of every connection that is made."""

    def __init__(self, clock: ExchangeClock) -> None:
        self._pools = _pools_of(clock)
        super().__init__()

    def init_poolmanager(self, *args: Any, **how: Any) -> None:
        super().init_poolmanager(*args, **how)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: Any, **how: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **how)
        manager.pool_classes_by_scheme = self._pools
        return manager


def _pools_of(clock: ExchangeClock) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            connected = super()._new_conn()
            clock.watch(connected)
            return connected

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            connected = super()._new_conn()
            clock.watch(connected)
            return connected

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
