"""What becomes of a candidate, where that can be said without a build."""

from collections.abc import Callable
from pathlib import Path

import pytest

from flows.fetch.fetch_source import fetch_source
from flows.fetch.snapshot_record import Snapshot
from flows.fetch.snapshots import SnapshotStore
from flows.home.paths import Home
from flows.sources import load_declarations
from flows.tasks.candidates import ONE_DOWNLOAD, holds_the_same
from tests.publisher.current_releases import world_bank_table, world_bank_zip

DECLARED = load_declarations()
Stored = Callable[[str, bytes], Snapshot]


@pytest.fixture
def stored(tmp_path: Path) -> Stored:
    home = Home.at(tmp_path / "home")

    def store(slug: str, data: bytes) -> Snapshot:
        by_hand = tmp_path / "world" / "file"
        by_hand.parent.mkdir(exist_ok=True)
        (tmp_path / "world" / "SIMULATED.md").touch()
        by_hand.write_bytes(data)
        result = fetch_source(DECLARED[slug], home, "live", from_file=by_hand)
        return SnapshotStore(home.snapshots).load(result.snapshot.snapshot_id)

    return store


def test_an_archive_that_was_packed_anew_is_the_same_release(stored: Stored) -> None:
    gdp = DECLARED["gdp"]
    one, again = (stored("gdp", world_bank_zip(number=n)) for n in (123456, 234567))
    assert one.sha256 != again.sha256
    assert holds_the_same(one, again, gdp)
    assert holds_the_same(one, stored("gdp", world_bank_table()), gdp)
    other = world_bank_zip(table=world_bank_table(updated="2026-10-01"))
    assert not holds_the_same(one, stored("gdp", other), gdp)


def test_the_largest_file_may_come_over_a_slow_line() -> None:
    bytes_per_second, largest = 250_000, 393_000_000
    assert ONE_DOWNLOAD.total_seconds * bytes_per_second > largest


def test_plain_files_are_compared_by_their_bytes_alone(stored: Stored) -> None:
    header = ",".join(DECLARED["us_bases"].header_starts_with["data"])
    one = stored("us_bases", f"{header}\n".encode())
    assert not holds_the_same(one, one, DECLARED["us_bases"])
