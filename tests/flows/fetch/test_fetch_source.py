"""The one call: profiles, mirrors, locked runs, handed-over files, simulated worlds."""

import gzip
import hashlib
from dataclasses import dataclass, replace
from typing import Any

import pytest

from flows.fetch.admission import FetchResult
from flows.fetch.errors import (
    AccessRefusedError,
    ChecksFailedError,
    FetchError,
    MissingFileError,
    PinMismatchError,
    SnapshotDamagedError,
)
from flows.fetch.fetch_source import fetch_source
from flows.fetch.http_retry import HttpPolicy
from flows.fetch.members import read_members
from flows.fetch.pins import Pin
from flows.fetch.snapshots import SnapshotStore
from flows.home.paths import Home
from flows.sources import SourceDeclaration


@pytest.fixture
def folder(tmp_path, colours_csv):
    """A mirror: a folder with one file, laid out as HOST/PATH."""
    home = tmp_path / "mirror"
    path = home / "example.org" / "data" / "colours.csv"
    path.parent.mkdir(parents=True)
    path.write_bytes(colours_csv)
    return home


@dataclass(frozen=True)
class Live:
    """Fetches a source from a host of our own as if it were the publisher."""

    declaration: SourceDeclaration
    home: Home
    policy: HttpPolicy
    path: str = "/data/colours.csv"

    def __call__(self, **how: Any) -> FetchResult:
        return fetch_source(self.declaration, self.home, "live", policy=self.policy, **how)


@pytest.fixture
def live(host, colours, home, policy):
    """Fetches from the host as if it were the publisher."""
    declaration = replace(colours, url=host.base + "/data/colours.csv")

    return Live(declaration, home, policy)


@pytest.fixture
def mirrored(colours, home, policy):
    """Fetches the colours from a mirror."""

    def run(mirror, profile="mirror", **changes):
        declaration = replace(colours, **changes)
        return fetch_source(declaration, home, profile, mirror=mirror, policy=policy)

    return run


def pin(data):
    return {"colours": Pin(hashlib.sha256(data).hexdigest(), len(data), "1", "https://…", "live")}


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


def test_a_folder_and_a_base_url_give_the_same_snapshot(
    folder, host, answer, mirrored, colours_csv
):
    host.plays("/m/example.org/data/colours.csv", answer(200, colours_csv))
    one, two = mirrored(folder), mirrored(host.base + "/m/")
    assert one.snapshot == two.snapshot
    assert (one.snapshot.via, one.snapshot.url) == (
        "mirror",
        "https://example.org/data/colours.csv",
    )
    assert (one.status, two.status) == ("new", "unchanged")
    assert two.bytes_downloaded == len(colours_csv)


def test_a_packed_file_in_a_folder_is_unpacked(folder, colours, home, colours_csv):
    plain = folder / "example.org" / "data" / "colours.csv"
    (folder / "example.org" / "data" / "colours.csv.gz").write_bytes(gzip.compress(colours_csv))
    plain.unlink()
    found = fetch_source(colours, home, "mirror", mirror=str(folder))
    assert read_members(found.snapshot, colours) == {"data": colours_csv}


def test_a_packed_file_that_breaks_off(folder, colours, home, colours_csv):
    plain = folder / "example.org" / "data" / "colours.csv"
    plain.unlink()
    plain.with_name("colours.csv.gz").write_bytes(gzip.compress(colours_csv)[:-5])
    with pytest.raises(FetchError, match=r"colours.csv.gz is damaged .* nothing was stored"):
        fetch_source(colours, home, "mirror", mirror=folder)
    assert not SnapshotStore(home.snapshots).snapshots("colours")


def test_a_mirror_without_the_file(folder, host, mirrored):
    elsewhere = "https://example.org/data/tastes.csv"
    with pytest.raises(MissingFileError, match=r"neither example.org/data/tastes.csv nor tastes"):
        mirrored(folder, url=elsewhere)
    with pytest.raises(
        MissingFileError, match=r"the mirror has no http://127.*stands for https://"
    ):
        mirrored(host.base, url=elsewhere)


def test_a_mirror_that_is_none(colours, home, tmp_path):
    with pytest.raises(FetchError, match="is no folder"):
        fetch_source(colours, home, "mirror", mirror=tmp_path / "nowhere")


def test_an_address_that_leads_out_of_the_mirror(folder, colours, home, tmp_path):
    (tmp_path / "secret.csv").write_text("x")
    outside = replace(colours, url="https://example.org/../../secret.csv")
    with pytest.raises(FetchError, match="would lead out of the mirror"):
        fetch_source(outside, home, "mirror", mirror=folder)


def test_a_second_look_at_a_folder_is_unchanged(folder, colours, home):
    first = fetch_source(colours, home, "mirror", mirror=folder)
    second = fetch_source(colours, home, "mirror", mirror=folder)
    assert (first.status, second.status) == ("new", "unchanged")


@pytest.mark.parametrize("profile", ["sample", "mirror"])
def test_a_marked_folder_is_simulated_under_any_profile(folder, colours, home, profile):
    (folder / "SIMULATED.md").write_text("simulated")
    found = fetch_source(colours, home, profile, mirror=folder)
    assert found.snapshot.is_simulated
    assert found.snapshot.via == profile
    store = SnapshotStore(home.snapshots)
    assert store.latest("colours", "sample") == found.snapshot
    assert store.latest("colours", "mirror") is None
    assert store.latest("colours", "live") is None


def test_a_marked_base_url_is_simulated(host, answer, mirrored, colours_csv):
    host.plays("/example.org/data/colours.csv", answer(200, colours_csv))
    assert not mirrored(host.base).snapshot.is_simulated
    host.plays("/SIMULATED.md", answer(200, b"# SIMULATED"))
    assert mirrored(host.base).snapshot.is_simulated


def test_a_page_for_every_unknown_address_is_no_marker(host, answer, mirrored, colours_csv):
    host.plays("/example.org/data/colours.csv", answer(200, colours_csv))
    host.plays("/SIMULATED.md", answer(200, b"<!doctype html>Welcome"))
    assert not mirrored(host.base).snapshot.is_simulated


def test_a_mirror_that_will_not_say_whether_it_is_simulated(host, answer, mirrored, colours_csv):
    host.plays("/example.org/data/colours.csv", answer(200, colours_csv))
    host.plays("/SIMULATED.md", answer(500))
    with pytest.raises(FetchError, match="not clear whether this mirror is a simulated world"):
        mirrored(host.base)


def test_real_files_are_not_taken_for_a_sample(folder, colours, home):
    with pytest.raises(FetchError, match="is in no simulated world"):
        fetch_source(colours, home, "sample", mirror=folder)


def test_a_simulated_world_sets_no_size_for_the_live_one(folder, live, host, answer, home):
    (folder / "SIMULATED.md").write_text("simulated")
    fetch_source(live.declaration, home, "sample", mirror=_moved(folder, live.declaration))
    host.plays(live.path, answer(200, b"name,shade\n" + b"red,1\n" * 100))
    found = live()
    assert found.status == "new"
    assert "the first snapshot here" in {c.notes for c in found.checks}


def _moved(folder, declaration):
    """The same world, laid out for the host that plays the publisher."""
    host = declaration.url.split("/")[2]
    (folder / "example.org").rename(folder / host)
    return folder


def test_a_handed_over_file(colours, home, tmp_path, colours_csv):
    path = tmp_path / "Downloads" / "my colours (1).csv"
    path.parent.mkdir()
    path.write_bytes(colours_csv)
    found = fetch_source(colours, home, "live", from_file=path)
    assert (found.status, found.snapshot.via, found.snapshot.asked) == ("new", "manual", str(path))
    assert found.snapshot.url == colours.url
    assert SnapshotStore(home.snapshots).latest("colours", "live") == found.snapshot
    assert path.read_bytes() == colours_csv


def test_a_handed_over_file_passes_the_same_checks(colours, home, tmp_path):
    path = tmp_path / "page.csv"
    path.write_bytes(b"<html>Please log in</html>" + b" " * 20)
    with pytest.raises(ChecksFailedError, match="no_html_page"):
        fetch_source(colours, home, "live", from_file=path)
    with pytest.raises(MissingFileError, match=r"nothing.csv is not there. Nothing was stored"):
        fetch_source(colours, home, "live", from_file=tmp_path / "nothing.csv")


def test_a_file_handed_over_from_a_simulated_world_stays_simulated(folder, colours, home):
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


def test_a_mirrored_file_never_stands_in_for_the_publisher(folder, live, host, answer, home):
    fetch_source(live.declaration, home, "mirror", mirror=_moved(folder, live.declaration))
    host.plays(live.path, answer(403))
    with pytest.raises(AccessRefusedError):
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


def test_progress_of_a_folder(folder, colours, home, colours_csv):
    seen: list[Any] = []
    fetch_source(colours, home, "mirror", mirror=folder, progress=seen.append)
    assert (seen[-1].bytes_done, seen[-1].bytes_total) == (len(colours_csv), len(colours_csv))
    assert seen[-1].is_done
