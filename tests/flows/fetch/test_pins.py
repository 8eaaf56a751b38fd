from dataclasses import replace

import pytest

from flows.fetch.fetch_source import fetch_source
from flows.fetch.pins import LockError, Pin, load_lock, update_lock, write_lock
from flows.sources import load_declarations

PIN = Pin("ab" * 32, 34, "1", "https://example.org/a", "live")


def test_pins_survive_a_round_trip_byte_for_byte(tmp_path):
    path = tmp_path / "lock.json"
    write_lock({"b": PIN, "a": replace(PIN, n_bytes=5)}, path)
    first = path.read_bytes()
    assert load_lock(path) == {"a": replace(PIN, n_bytes=5), "b": PIN}
    write_lock(load_lock(path), path)
    assert path.read_bytes() == first
    assert [p.name for p in tmp_path.iterdir()] == ["lock.json"]


def test_pinning_a_snapshot_keeps_the_other_pins(tmp_path, colours, home, colours_csv):
    path = tmp_path / "lock.json"
    write_lock({"boxes": PIN}, path)
    file = tmp_path / "colours.csv"
    file.write_bytes(colours_csv)
    found = fetch_source(colours, home, "live", from_file=file).snapshot
    pins = update_lock([found], path)
    assert pins == load_lock(path)
    assert pins["boxes"] == PIN
    assert pins["colours"] == Pin(found.sha256, 34, colours.version, colours.url, "manual")


def test_a_simulated_snapshot_is_not_pinned(tmp_path, colours, home, colours_csv):
    (tmp_path / "SIMULATED.md").write_text("simulated")
    file = tmp_path / "colours.csv"
    file.write_bytes(colours_csv)
    found = fetch_source(colours, home, "live", from_file=file).snapshot
    with pytest.raises(LockError, match=r"belongs to a simulated world.*is unchanged"):
        update_lock([found], tmp_path / "lock.json")
    assert not (tmp_path / "lock.json").exists()


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"sources": {"a": {"sha256": "x"}}}', '{"sources": []}']
)
def test_a_faulty_lock_is_named(tmp_path, text):
    path = tmp_path / "lock.json"
    path.write_text(text)
    with pytest.raises(LockError, match=r"lock.json"):
        load_lock(path)


def test_the_projects_own_lock_pins_every_source():
    pins, declared = load_lock(), load_declarations()
    assert set(pins) == set(declared)
    for slug, found in pins.items():
        assert (found.url, found.version) == (declared[slug].url, declared[slug].version)
        assert len(found.sha256) == 64
        assert declared[slug].min_bytes <= found.n_bytes <= declared[slug].max_bytes
