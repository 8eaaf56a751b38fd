"""What a fetch says while it downloads."""

import logging

import pytest

from flows.fetch.incoming import Progress
from flows.tasks.fetch import how_far, tell_now_and_then


def test_how_far_a_download_is_is_told_now_and_then(caplog: pytest.LogCaptureFixture) -> None:
    known = Progress("gdp", 1_500_000, 3_000_000, 500_000.0, 3.0, False)
    unknown = Progress("gdp", 1_500_000, None, 500_000.0, None, False)
    assert how_far(known) == "1.5 of 3.0 MB, 0.5 MB/s, 3 s left"
    assert how_far(unknown) == "1.5 MB so far, 0.5 MB/s"
    logger = logging.getLogger("test_progress")
    logger.setLevel(logging.INFO)
    often, seldom = (tell_now_and_then(logger, "gdp", seconds) for seconds in (0.0, 3600.0))
    for progress in (known, unknown):
        often(progress)
        seldom(progress)
    message = [record.getMessage() for record in caplog.records]
    assert message == [f"gdp: {how_far(known)}", f"gdp: {how_far(unknown)}"]
