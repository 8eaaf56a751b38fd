"""A host that is busy is asked again, when it says that it wants to be."""

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from flows.fetch.errors import FetchError
from flows.fetch.http_retry import retry_after_seconds

BODY = b"name,shade\n" + b"red,1\n" * 5_000


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_host_is_asked_again(host, answer, fetch, status):
    assert fetch(host.plays("/a", answer(status), answer(200, BODY)))[1] == BODY


def test_retry_after_in_seconds_is_honoured(host, answer, fetch):
    url = host.plays("/a", answer(429, b"", Retry_After="1"), answer(200, BODY))
    started = time.monotonic()
    fetch(url)
    assert time.monotonic() - started >= 1.0


def test_retry_after_as_a_date_is_honoured(host, answer, fetch):
    def come_back(handler):
        moment = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
        answer(503, b"", Retry_After=moment)(handler)

    started = time.monotonic()
    fetch(host.plays("/a", come_back, answer(200, BODY)))
    assert time.monotonic() - started >= 1.0  # dates have whole seconds


def test_a_host_that_asks_for_an_hour_ends_the_download(host, answer, fetch):
    url = host.plays("/a", answer(503, b"", Retry_After="3600"), answer(200, BODY))
    with pytest.raises(FetchError, match="come back in 3,600 s"):
        fetch(url)
    assert len(host.asked("/a")) == 1


NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("7", 7.0),
        (" 0 ", 0.0),
        ("Sun, 22 Nov 2026 12:00:30 GMT", 30.0),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
    ],
)
def test_reading_retry_after(value, seconds):
    assert retry_after_seconds(value, NOW) == seconds
