"""The one call: the publisher's answers, and snapshots that are damaged."""

from dataclasses import replace

import pytest

from flows.fetch.errors import (
    ChecksFailedError,
    SnapshotDamagedError,
)
from flows.fetch.fetch_source import fetch_source
from flows.fetch.snapshots import SnapshotStore


def test_live_then_unchanged_at_the_price_of_a_304(live, host, answer, colours_csv):
    host.plays(live.path, answer(200, colours_csv, ETag='"v1"'), answer(304))
    first, second = live(), live()
    assert (first.status, first.bytes_downloaded) == ("new", len(colours_csv))
    assert (second.status, second.bytes_downloaded) == ("unchanged", 0)
    assert second.snapshot == first.snapshot
    assert first.snapshot.via == "live"
    assert all(check.passed for check in second.checks)
    assert [h.get("if-none-match") for h in host.asked(live.path)] == [None, '"v1"']


def test_a_new_release_is_a_new_snapshot(live, host, answer, colours_csv):
    newer = colours_csv + b"green,3,\n"
    host.plays(live.path, answer(200, colours_csv, ETag='"v1"'), answer(200, newer, ETag='"v2"'))
    first, second, third = live(), live(), live()
    assert (second.status, third.status) == ("new", "unchanged")
    assert second.snapshot.snapshot_id != first.snapshot.snapshot_id
    assert [h.get("if-none-match") for h in host.asked(live.path)] == [None, '"v1"', '"v2"']


DAMAGES = ("bit", "shorter", "gone", "record", "record gone")


def damage(snapshot, kind, data):
    record = snapshot.path.with_name("record.json")
    for path in (snapshot.path, record):
        path.chmod(0o644)
    if kind == "bit":
        snapshot.path.write_bytes(data.replace(b"1", b"2"))
    elif kind == "shorter":
        snapshot.path.write_bytes(data[:-1])
    elif kind == "record":
        record.write_text("{}")
    else:
        (snapshot.path if kind == "gone" else record).unlink()


@pytest.mark.parametrize("kind", DAMAGES)
def test_a_damaged_snapshot_is_mended_by_the_same_bytes(
    kind, *, live, host, answer, home, colours_csv
):
    """Nobody asks whether a damaged file has changed: the whole of it is fetched."""
    store = SnapshotStore(home.snapshots)
    host.plays(live.path, answer(200, colours_csv, ETag='"v1"'))
    first = live().snapshot
    damage(first, kind, colours_csv)
    mended = live().snapshot
    assert [h.get("if-none-match") for h in host.asked(live.path)] == [None, None]
    store.verify(mended)
    assert (mended.snapshot_id, mended.sha256) == (first.snapshot_id, first.sha256)
    assert (store.rejected / first.snapshot_id).is_dir()  # what was there, for a look


@pytest.mark.parametrize("kind", DAMAGES)
def test_an_older_snapshot_that_is_damaged_is_in_nobodys_way(
    kind, *, live, host, answer, colours_csv
):
    newer = colours_csv + b"green,3,\n"
    host.plays(live.path, answer(200, colours_csv), answer(200, newer))
    first = live().snapshot
    live()
    damage(first, kind, colours_csv)
    assert live().status == "unchanged"
    assert first.path.parent.is_dir()


def test_other_bytes_mend_nothing(live, host, answer, home, colours_csv):
    host.plays(live.path, answer(200, colours_csv), answer(200, colours_csv + b"green,3,\n"))
    first = live().snapshot
    damage(first, "bit", colours_csv)
    assert live().status == "new"
    with pytest.raises(SnapshotDamagedError, match="asymmetry fetch colours"):
        SnapshotStore(home.snapshots).verify(first)


def test_a_page_with_status_200_is_refused_and_kept_for_a_look(
    live, host, answer, home, colours_csv
):
    page = b"<!doctype html><title>Down for maintenance</title>"
    host.plays(live.path, answer(200, colours_csv), answer(200, page))
    first = live().snapshot
    with pytest.raises(ChecksFailedError, match="no_html_page: begins with") as error:
        live()
    assert {c.name for c in error.value.checks if c.blocks} >= {"no_html_page"}
    assert (home.snapshots / "_rejected" / "colours.csv").read_bytes() == page
    assert SnapshotStore(home.snapshots).latest("colours", "live") == first


def test_terms_that_want_to_be_asked_are_a_warning(live, host, answer, home, colours_csv):
    host.plays(live.path, answer(200, colours_csv))
    asking = replace(live.declaration, program_access="ask_first", licence_url="https://e.org/t")
    found = fetch_source(asking, home, "live")
    (warned,) = [c for c in found.checks if not c.passed]
    assert (warned.name, warned.severity, warned.blocks) == ("program_access", "warning", False)
    assert warned.notes.endswith("https://e.org/t")
