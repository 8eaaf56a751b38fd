"""The publishers' real files, from a folder and over real HTTP: the same snapshots, as pinned."""

import shutil
import subprocess
import sys

import pytest

from flows.fetch.fetch_source import fetch_source
from flows.fetch.members import read_members
from flows.fetch.pins import load_lock
from flows.home.paths import Home
from flows.sources import load_declarations


@pytest.fixture(scope="module")
def file_host(mirror):
    command = [sys.executable, str(mirror / "serve.py"), "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield process.stdout.readline().strip()
        process.terminate()


@pytest.mark.parametrize("slug", sorted(load_declarations()))
def test_folder_and_server_agree_with_the_lock(slug, mirror, file_host, tmp_path):
    declaration, pin = load_declarations()[slug], load_lock()[slug]
    home = Home(tmp_path)
    from_server = fetch_source(declaration, home, "mirror", mirror=file_host)
    again = fetch_source(declaration, home, "mirror", mirror=file_host)
    assert (from_server.status, again.status) == ("new", "unchanged")
    assert again.bytes_downloaded == 0  # a 304
    from_folder = fetch_source(declaration, home, "mirror", mirror=mirror)
    assert from_folder.status == "unchanged"
    assert from_folder.snapshot == from_server.snapshot
    assert (from_server.snapshot.sha256, from_server.snapshot.n_bytes) == (pin.sha256, pin.n_bytes)
    assert not from_server.snapshot.is_simulated
    assert all(check.passed for check in from_server.checks)
    locked = fetch_source(declaration, home, "live", locked=True)
    assert (locked.status, locked.snapshot) == ("pinned", from_server.snapshot)
    shutil.rmtree(tmp_path)  # pytest keeps its folders, and this one may hold 370 MB


def test_members_of_the_real_archives(mirror, tmp_path):
    lines = {}
    for slug in ("atop", "cow_states", "cow_capabilities"):
        declaration = load_declarations()[slug]
        found = fetch_source(declaration, Home(tmp_path), "mirror", mirror=mirror)
        for entity, data in read_members(found.snapshot, declaration).items():
            lines[f"{slug}.{entity}"] = len(data.splitlines()) - 1
    assert lines["atop.members"] == 2_510
    assert lines["cow_states.data"] == 244
    assert lines["cow_capabilities.data"] == 17_121
