"""What is known after a check, by what was known before."""

from dataclasses import replace

import pytest

from flows.discovery.discover import Discovery
from flows.home.discovered import Adopted, SeenRelease, SourceReleases
from flows.operations.known_releases import after_check, as_discovery, declared_or_followed

SEEN = SeenRelease("39.0", "2026-07-30", "https://example.org/39", "a.csv", 5, "ab", "14098429")
NEWER = SourceReleases("un_ideal_points", "live", "2026-08-01", "newer", "why", SEEN, (SEEN.url,))


@pytest.mark.parametrize("state", ["unreachable", "refused", "not_asked"])
def test_a_publisher_that_does_not_answer_takes_nothing_back(state: str) -> None:
    silent = Discovery(NEWER.slug, state, "13642025", None, "no answer")  # type: ignore[arg-type]
    after = after_check(NEWER, silent)
    assert after.checked_at > NEWER.checked_at
    assert replace(after, checked_at=NEWER.checked_at) == NEWER
    current = replace(NEWER, state="current", newer=())
    after = after_check(current, silent)
    assert (after.state, after.newest) == (state, None)


def test_one_that_was_not_asked_leaves_everything_as_it_was() -> None:
    assert after_check(NEWER, Discovery(NEWER.slug, "postponed", "1", None, "later")) is NEWER


def test_one_that_has_withdrawn_it_says_so() -> None:
    after = after_check(NEWER, Discovery(NEWER.slug, "withdrawn", "13642025", None, "gone"))
    assert (after.state, after.newest, after.reason) == ("withdrawn", None, "gone")


def test_what_was_found_is_found_again_as_it_was() -> None:
    found = as_discovery(NEWER)
    assert found is not None
    assert after_check(SourceReleases(NEWER.slug, "live"), found).newest == SEEN
    assert as_discovery(replace(NEWER, state="current")) is None


def test_newer_is_newer_than_what_is_followed() -> None:
    assert declared_or_followed("un_ideal_points", NEWER).discover.declared == "13642025"
    adopted = Adopted(SEEN, "2026-08-01", "agreed")
    following = declared_or_followed("un_ideal_points", replace(NEWER, adopted=adopted))
    assert following.discover.declared == "14098429"
