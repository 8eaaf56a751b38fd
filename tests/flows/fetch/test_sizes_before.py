"""What a new file's size is compared with: the last snapshot, or the one that is nearest."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from flows.fetch.admission import FetchResult
from flows.fetch.errors import ChecksFailedError
from flows.fetch.fetch_source import fetch_source

PATH = "/data/colours.csv"
Fetches = Callable[..., list[FetchResult]]


@pytest.fixture
def fetches(host: Any, answer: Any, colours: Any, home: Any, policy: Any) -> Fetches:
    """Fetches what a publisher shows in turn."""
    declaration = replace(colours, url=host.base + PATH)

    def run(*bodies: bytes) -> list[FetchResult]:
        host.plays(PATH, *(answer(200, body) for body in bodies))
        return [fetch_source(declaration, home, "live", policy=policy) for _ in bodies]

    return run


def test_a_file_that_shrank_too_much_is_refused(fetches: Fetches, colours_csv: bytes) -> None:
    with pytest.raises(ChecksFailedError, match="size_change: 102 to 34 bytes"):
        fetches(colours_csv * 3, colours_csv)


def test_the_whole_file_is_taken_after_a_short_one(fetches: Fetches, colours_csv: bytes) -> None:
    *_, last = fetches(colours_csv * 3, colours_csv * 2, colours_csv * 3 + b"grey,3,\n")
    assert last.status == "new"


def test_a_file_that_was_taken_once_is_no_cut_one(fetches: Fetches, colours_csv: bytes) -> None:
    """Some publishers' files end without a line; a longer release that does not came between."""
    without_end = colours_csv[:-1]
    *_, last = fetches(without_end, colours_csv + b"grey,3,fog\n", without_end)
    assert all(check.passed for check in last.checks)


def test_a_file_cut_in_its_last_line_is_refused_whatever_came_before_the_last_one(
    fetches: Fetches, colours_csv: bytes
) -> None:
    """Not even where an earlier release has as few bytes as the cut one, and ended so."""
    longer = colours_csv + b"grey,3,fog\n"
    cut = longer[:-1]
    earlier = colours_csv + b"grey,3,far"
    assert len(earlier) == len(cut)
    with pytest.raises(ChecksFailedError, match="last_line_is_whole: the last line has no end"):
        fetches(earlier, longer, cut)


def test_a_half_number_at_the_end_is_found_where_files_end_without_a_line(
    fetches: Fetches, colours_csv: bytes
) -> None:
    whole = colours_csv + b"grey,12345.678"
    with pytest.raises(ChecksFailedError, match="not_broken_off: the beginning of colours"):
        fetches(whole, whole[:-6])


def test_what_lacks_the_end_of_its_last_line_alone_is_whole(
    fetches: Fetches, colours_csv: bytes
) -> None:
    *_, last = fetches(colours_csv[:-1], colours_csv, colours_csv[:-1])
    assert all(check.passed for check in last.checks)


def test_the_first_file_of_a_channel_is_held_against_those_of_others(
    fetches: Fetches, colours: Any, colours_csv: bytes, home: Any, tmp_path: Path
) -> None:
    """Bytes are bytes, from wherever they came."""
    fetches(colours_csv)
    cut = tmp_path / "colours.csv"
    cut.write_bytes(colours_csv[:-3])
    with pytest.raises(ChecksFailedError, match="last_line_is_whole"):
        fetch_source(colours, home, "mirror", from_file=cut)
