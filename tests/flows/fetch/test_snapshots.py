"""The store: content-addressed, write-once, several writers."""

import hashlib
import json
import multiprocessing
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from flows.fetch.archives import ArchiveError
from flows.fetch.arrival import ByteCheck
from flows.fetch.errors import SnapshotDamagedError
from flows.fetch.fetch_log import Fetch
from flows.fetch.incoming import IncomingFile
from flows.fetch.members import read_members
from flows.fetch.snapshots import SnapshotStore

FETCH = Fetch(
    "2026-11-22T12:00:00.000000+00:00", "", "live", "live", "https://example.org/a", False, '"v1"'
)
CHECKS = (ByteCheck("not_empty", "the file has bytes", "critical", True, "3 bytes"),)


def put(store, declaration, data, fetch=FETCH):
    with IncomingFile(store.incoming, declaration.slug, 100_000) as incoming:
        incoming.write(data)
        return store.put(incoming, declaration, fetch, CHECKS)


@pytest.fixture
def store(home):
    return SnapshotStore(home.snapshots)


def test_a_snapshot_and_its_record(store, colours, colours_csv):
    sha256 = hashlib.sha256(colours_csv).hexdigest()
    found = put(store, colours, colours_csv)
    assert found.snapshot_id == f"colours.{sha256[:12]}"
    assert found.path == store.folder / "colours" / found.snapshot_id / "colours.csv"
    assert found.path.read_bytes() == colours_csv
    assert (found.sha256, found.n_bytes) == (sha256, len(colours_csv))
    assert (found.url, found.asked) == (colours.url, "https://example.org/a")
    assert (found.via, found.etag, found.is_simulated) == ("live", '"v1"', False)
    assert found.checks == CHECKS
    assert found.version == colours.version
    assert store.load(found.snapshot_id) == found
    assert read_members(found, colours) == {"data": colours_csv}
    assert not list(store.incoming.iterdir())


def test_both_files_are_read_only(store, colours, colours_csv):
    home = put(store, colours, colours_csv).path.parent
    assert {p.name for p in home.iterdir()} == {"colours.csv", "record.json"}
    assert {stat.S_IMODE(p.stat().st_mode) for p in home.iterdir()} == {0o444}


def test_the_same_bytes_again_write_nothing_but_the_log(store, colours, colours_csv):
    first = put(store, colours, colours_csv)
    before = {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in first.path.parent.iterdir()}
    later = replace(FETCH, fetched_at="2026-11-23T12:00:00.000000+00:00", asked="elsewhere")
    second = put(store, colours, colours_csv, later)
    assert second == first
    assert before == {
        p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in first.path.parent.iterdir()
    }
    assert [f.asked for f in store.fetches("colours")] == ["https://example.org/a", "elsewhere"]
    assert {f.snapshot_id for f in store.fetches("colours")} == {first.snapshot_id}


def test_other_bytes_are_another_snapshot(store, colours, colours_csv):
    first = put(store, colours, colours_csv)
    second = put(store, colours, colours_csv + b"green,3,\n")
    assert first.path.read_bytes() == colours_csv
    assert {s.snapshot_id for s in store.snapshots("colours")} == {
        first.snapshot_id,
        second.snapshot_id,
    }


def test_the_latest_of_a_channel(store, colours):
    assert store.latest("colours", "live") is None
    a, b = put(store, colours, b"a"), put(store, colours, b"b")
    sample = put(
        store, colours, b"s", replace(FETCH, channel="sample", via="sample", is_simulated=True)
    )
    assert store.latest("colours", "live") == b
    assert store.latest("colours", "sample") == sample
    assert store.latest("colours", "mirror") is None
    put(store, colours, b"a")  # the publisher went back
    assert store.latest("colours", "live") == a


def test_the_last_answer_is_that_of_this_address_and_channel(store, colours):
    put(store, colours, b"a", replace(FETCH, asked="x", etag="1"))
    put(store, colours, b"b", replace(FETCH, asked="y", etag="2"))
    put(store, colours, b"b", replace(FETCH, asked="x", channel="mirror", via="mirror", etag="3"))
    assert store.last_answer("colours", "live", "x").etag == "1"
    assert store.last_answer("colours", "mirror", "x").etag == "3"
    assert store.last_answer("colours", "mirror", "y") is None


def test_once_simulated_always_simulated(store, colours):
    first = put(store, colours, b"a")
    assert not first.is_simulated
    put(store, colours, b"a", replace(FETCH, channel="sample", via="sample", is_simulated=True))
    put(store, colours, b"a")
    assert store.load(first.snapshot_id).is_simulated


def test_a_changed_file_is_found_out(store, colours, colours_csv):
    found = put(store, colours, colours_csv)
    store.verify(found)
    found.path.chmod(0o644)
    found.path.write_bytes(colours_csv.replace(b"1", b"2"))
    for look in (lambda: store.verify(found), lambda: read_members(found, colours)):
        with pytest.raises(SnapshotDamagedError, match=f"restore {found.path.parent} from a"):
            look()


@pytest.mark.parametrize(
    "damage", ["shorter", "gone", "record gone", "{}", "null", "[]", "5", '{"file": null}']
)
def test_a_damaged_snapshot_is_refused_when_it_is_loaded(store, colours, colours_csv, damage):
    found = put(store, colours, colours_csv)
    record = found.path.with_name("record.json")
    for path in (found.path, record):
        path.chmod(0o644)
    if damage == "shorter":
        found.path.write_bytes(b"x")
    elif damage == "gone":
        found.path.unlink()
    elif damage == "record gone":
        record.unlink()
    else:  # JSON, and no record
        record.write_text(damage)
    with pytest.raises(SnapshotDamagedError, match=r"a new build does\. Fetch the source"):
        store.load(found.snapshot_id)


def test_two_files_with_the_same_first_twelve(store, colours, colours_csv):
    sha256 = hashlib.sha256(colours_csv).hexdigest()
    # another file took the short id first (its record says so)
    squatter = put(store, colours, b"squatter")
    home = squatter.path.parent.rename(squatter.path.parent.with_name(f"colours.{sha256[:12]}"))
    record = home / "record.json"
    entry = json.loads(record.read_text()) | {"snapshot_id": home.name}
    entry["sha256"] = sha256[:12] + "0" * 52
    record.chmod(0o644)
    record.write_text(json.dumps(entry))
    found = put(store, colours, colours_csv)
    assert found.snapshot_id == f"colours.{sha256[:16]}"
    assert found.path.read_bytes() == colours_csv
    assert (home / "colours.csv").read_bytes() == b"squatter"
    assert put(store, colours, colours_csv).snapshot_id == found.snapshot_id
    assert store.find("colours", sha256) == found


def _write_many(folder, declaration, datasets, barrier):
    store = SnapshotStore(Path(folder))
    barrier.wait()
    for data in datasets:
        put(store, declaration, data)


def test_concurrent_writers(store, colours):
    datasets = [b"name,shade\n%d,1\n" % n for n in range(20)]
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(4)
    writers = [
        context.Process(target=_write_many, args=(str(store.folder), colours, datasets, barrier))
        for _ in range(4)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [w.exitcode for w in writers] == [0] * 4
    stored = store.snapshots("colours")
    assert {s.sha256 for s in stored} == {hashlib.sha256(d).hexdigest() for d in datasets}
    assert len(stored) == 20
    for snapshot in stored:
        store.verify(snapshot)
    assert len(store.fetches("colours")) == 80
    assert not list(store.incoming.iterdir())


def test_a_line_that_broke_off_is_passed_over(store, colours):
    put(store, colours, b"a")
    log = store.folder / "colours" / "fetches.jsonl"
    with log.open("ab") as file:
        file.write(b'{"asked": "x", "chan')
    assert len(store.fetches("colours")) == 1
    put(store, colours, b"b")
    assert len(store.fetches("colours")) == 2


def test_a_line_that_is_no_record_is_named(store, colours):
    put(store, colours, b"a")
    with (store.folder / "colours" / "fetches.jsonl").open("ab") as file:
        file.write(b'{"asked": "x"}\n')
    with pytest.raises(SnapshotDamagedError, match=r"fetches.jsonl, line 2: .* remove the line"):
        store.fetches("colours")


def test_members_of_an_archive(store, boxes, boxes_zip):
    found = put(store, boxes, boxes_zip)
    assert read_members(found, boxes) == {"outer": b"a,x\n1,2\n", "inner": b"b,y\n3,4\n"}
    with pytest.raises(ArchiveError, match=r"lacks nothing.csv"):
        read_members(found, replace(boxes, members={"data": ("nothing.csv",)}))


def test_an_unfinished_file_leaves_nothing(store, colours):
    with IncomingFile(store.incoming, "colours", 100) as incoming:
        incoming.write(b"abc")
        assert len(list(store.incoming.iterdir())) == 1
    assert not list(store.incoming.iterdir())
