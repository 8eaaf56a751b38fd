"""Files that a person has handed over, and locked runs."""

import hashlib

import pytest

from flows.fetch.errors import (
    AccessRefusedError,
    ChecksFailedError,
    FetchError,
    MissingFileError,
    PinMismatchError,
)
from flows.fetch.fetch_source import fetch_source
from flows.fetch.pins import Pin
from flows.fetch.snapshots import SnapshotStore


def pin(data):
    return {"colours": Pin(hashlib.sha256(data).hexdigest(), len(data), "1", "https://…", "live")}


def test_a_handed_in_file(colours, home, tmp_path, colours_csv):
    path = tmp_path / "Downloads" / "my colours (1).csv"
    path.parent.mkdir()
    path.write_bytes(colours_csv)
    found = fetch_source(colours, home, "live", from_file=path)
    assert (found.status, found.snapshot.via, found.snapshot.asked) == ("new", "manual", str(path))
    assert found.snapshot.url == colours.url
    assert SnapshotStore(home.snapshots).latest("colours", "live") == found.snapshot
    assert path.read_bytes() == colours_csv


def test_a_handed_in_file_passes_the_same_checks(colours, home, tmp_path):
    path = tmp_path / "page.csv"
    path.write_bytes(b"<html>Please log in</html>" + b" " * 20)
    with pytest.raises(ChecksFailedError, match="no_html_page"):
        fetch_source(colours, home, "live", from_file=path)
    with pytest.raises(MissingFileError, match=r"nothing.csv is not there. Nothing was stored"):
        fetch_source(colours, home, "live", from_file=tmp_path / "nothing.csv")


def test_a_file_handed_in_from_a_simulated_world_stays_simulated(folder, colours, home):
    (folder / "SIMULATED.md").write_text("simulated")
    path = folder / "example.org" / "data" / "colours.csv"
    found = fetch_source(colours, home, "live", from_file=path)
    assert found.snapshot.is_simulated
    assert SnapshotStore(home.snapshots).latest("colours", "live") is None


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (403, b"", AccessRefusedError),
        (202, b"", AccessRefusedError),  # a firewall
        (400, b'{"message":"guestbook"}', AccessRefusedError),
        (200, b"<!doctype html><title>Just a moment...</title>", ChecksFailedError),  # a challenge
    ],
)
def test_a_publisher_that_lets_no_program_in(
    status, body, error, *, live, host, answer, tmp_path, colours_csv
):
    host.plays(live.path, answer(status, body))
    with pytest.raises(error):
        live()
    assert len(host.asked(live.path)) == 1  # asking again would not help
    path = tmp_path / "colours.csv"
    path.write_bytes(colours_csv)
    handed = live(from_file=path)
    kept = live()
    assert (kept.status, kept.snapshot, kept.bytes_downloaded) == ("kept", handed.snapshot, 0)


def test_a_busy_publisher_is_an_error_even_after_a_hand_over(
    live, host, answer, tmp_path, colours_csv
):
    path = tmp_path / "colours.csv"
    path.write_bytes(colours_csv)
    live(from_file=path)
    host.plays(live.path, answer(503))
    with pytest.raises(FetchError, match="503"):
        live()


def test_locked_takes_the_pin_from_the_store_and_asks_nobody(live, host, answer, colours_csv):
    host.plays(live.path, answer(200, colours_csv), answer(200, colours_csv + b"green,3,\n"))
    first = live()
    live()
    asked = len(host.requests)
    found = live(locked=True, pins=pin(colours_csv))
    assert (found.status, found.snapshot) == ("pinned", first.snapshot)
    assert len(host.requests) == asked


def test_locked_fetches_what_is_not_there_and_refuses_anything_else(
    live, host, answer, home, colours_csv
):
    host.plays(live.path, answer(200, colours_csv + b"green,3,\n"), answer(200, colours_csv))
    with pytest.raises(PinMismatchError, match=r"sources.lock.json pins 34 bytes") as error:
        live(locked=True, pins=pin(colours_csv))
    assert "pinned from live" in str(error.value)
    assert not SnapshotStore(home.snapshots).snapshots("colours")
    found = live(locked=True, pins=pin(colours_csv))
    assert (found.status, found.bytes_downloaded) == ("new", 34)


def test_locked_never_takes_a_304_for_another_file(live, host, answer, colours_csv):
    newer = colours_csv + b"green,3,\n"
    host.plays(live.path, answer(200, newer, ETag='"v2"'), answer(200, colours_csv))
    live()
    found = live(locked=True, pins=pin(colours_csv))
    assert found.snapshot.sha256 == pin(colours_csv)["colours"].sha256
    assert "if-none-match" not in host.asked(live.path)[1]


def test_locked_without_a_pin(live):
    with pytest.raises(PinMismatchError, match="has no pin for it"):
        live(locked=True, pins={})


@pytest.mark.parametrize(
    ("profile", "arguments", "seen"),
    [
        ("live", {"mirror": "/tmp"}, "profile live asks the publishers only"),
        ("mirror", {}, "profile mirror needs a mirror"),
        ("sample", {}, "profile sample needs a mirror"),
        ("sample", {"mirror": "/tmp", "locked": True}, "the simulated world is not pinned"),
    ],
)
def test_arguments_that_contradict_each_other(colours, home, profile, arguments, seen):
    with pytest.raises(ValueError, match=seen):
        fetch_source(colours, home, profile, **arguments)
