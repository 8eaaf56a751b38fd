"""When a download is tried again, and after which pause."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


class RetryableError(Exception):
    """This attempt failed; another one may succeed.

    Attributes:
        wait_seconds: Pause that the host asks for; `None` where it names none.
    """

    def __init__(self, what: str, wait_seconds: float | None = None) -> None:
        super().__init__(what)
        self.wait_seconds = wait_seconds


@dataclass(frozen=True)
class HttpPolicy:
    """Timeouts, attempts and pauses of a download.

    Attributes:
        connect_seconds: Wait for a connection.
        read_seconds: Wait for the next byte.
        attempts: Tries before giving up, the first included.
        backoff_seconds: Upper bound of the first pause; it doubles with every attempt and the
            pause is drawn at random below it.
        longest_wait_seconds: Longest pause; a host that asks for more (`Retry-After`) ends the
            download with the time to come back.
        total_seconds: The whole download, all attempts and pauses included.
        certificates_from_private_addresses: Whether a certificate that a host leaves out may be
            fetched from within the user's own network.
    """

    connect_seconds: float = 15
    read_seconds: float = 60
    attempts: int = 5
    backoff_seconds: float = 2
    longest_wait_seconds: float = 120
    total_seconds: float = 3600
    certificates_from_private_addresses: bool = False


def pause_seconds(problem: RetryableError, attempt: int, policy: HttpPolicy) -> float:
    """The pause before the next attempt: exponential, with jitter, or as the host asks.

    Args:
        problem: Why the attempt failed.
        attempt: Number of the failed attempt, from 1.
        policy: Bounds of the pause.
    """
    ceiling = min(policy.backoff_seconds * 2 ** (attempt - 1), policy.longest_wait_seconds)
    # jitter: clients that failed at the same time must not retry at the same time
    drawn = random.uniform(ceiling / 2, ceiling)
    return drawn if problem.wait_seconds is None else max(problem.wait_seconds, 0.0) + drawn / 10


def retry_after_seconds(value: str | None, now: datetime) -> float | None:
    """Reads a `Retry-After` header.

    Args:
        value: Seconds, or an HTTP date; `None` where the header is absent.
        now: The present, with its zone.

    Returns:
        Seconds to wait, 0 for a moment that has passed; `None` where the header is absent or
        unreadable.
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
