"""Fetching from a mirror: folders, base URLs, simulated worlds."""

import gzip
from dataclasses import replace
from typing import Any

import pytest

from flows.fetch.errors import (
    AccessRefusedError,
    FetchError,
    MissingFileError,
)
from flows.fetch.fetch_source import fetch_source
from flows.fetch.members import read_members
from flows.fetch.snapshots import SnapshotStore


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


def test_a_mirrored_file_never_stands_in_for_the_publisher(folder, live, host, answer, home):
    fetch_source(live.declaration, home, "mirror", mirror=_moved(folder, live.declaration))
    host.plays(live.path, answer(403))
    with pytest.raises(AccessRefusedError):
        live()


def test_progress_of_a_folder(folder, colours, home, colours_csv):
    seen: list[Any] = []
    fetch_source(colours, home, "mirror", mirror=folder, progress=seen.append)
    assert (seen[-1].bytes_done, seen[-1].bytes_total) == (len(colours_csv), len(colours_csv))
    assert seen[-1].is_done
