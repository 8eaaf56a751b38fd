"""A home, or a place for results, in which nothing can be written: said at once, and in words.

Permissions do not bind root, so that the home is mounted read-only.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.home.build_files import sha256_of_file
from tests.processes import asymmetry

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="mounts are those of Linux")

OTHER = "1" * 64


def mount(*arguments: str) -> None:
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"nothing can be mounted here: {done.stderr.strip()}")


@pytest.fixture(scope="module")
def home(sample_home: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The published home, and a second build that could be put back, on a read-only disk."""
    writable = tmp_path_factory.mktemp("home") / "writable"
    for part in ("builds", "runs", "snapshots"):
        shutil.copytree(sample_home.home / part, writable / part)
    shutil.copy(sample_home.warehouse, writable)
    other = writable / "builds" / f"{OTHER[:16]}.duckdb"
    shutil.copyfile(sample_home.warehouse, other)
    with duckdb.connect(str(other)) as connection:
        connection.execute(f"UPDATE meta.builds SET build_id = '{OTHER}' WHERE is_current")
    place = writable.with_name("read-only")
    place.mkdir()
    mount("--bind", str(writable), str(place))
    try:
        mount("-o", "remount,bind,ro", str(place))
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


WRITING = {
    "refresh": ("refresh",),
    "fetch": ("fetch", "gdp", "--profile", "sample"),
    "rollback": ("rollback", OTHER[:12]),
    "rebuild": ("rebuild", OTHER[:12], "--output", "then.duckdb"),
    "calibrate": ("calibrate", "--worlds", "1"),
    "bootstrap": ("bootstrap",),
    "releases": ("releases", "--check", "--profile", "live"),
}
READING = {
    "query": ("query", "SELECT count(*) FROM core.votes"),
    "history": ("history",),
    "rollback --list": ("rollback", "--list"),
    "restore --check": ("restore", "--check", "."),
    "lineage": ("lineage", "core.gdp"),
}


@pytest.mark.parametrize("verb", WRITING)
def test_a_verb_that_writes_says_so_at_once(
    home: Path, verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sha256_of_file(home / "warehouse.duckdb")
    done = asymmetry(home, *WRITING[verb])
    assert done.returncode == 1, done.stdout + done.stderr
    said = " ".join(done.stderr.split())
    assert said.startswith(f"Nothing can be written in {home}")
    assert "(Read-only file system). Nothing was changed." in said
    assert sha256_of_file(home / "warehouse.duckdb") == before
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("verb", READING)
def test_a_verb_that_reads_needs_to_write_nothing(
    home: Path, verb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home)
    assert asymmetry(home, *READING[verb]).returncode == 0


def test_status_says_it_and_that_not_all_is_well(home: Path) -> None:
    done = asymmetry(home, "status")
    assert done.returncode == 1
    assert f"{home} cannot be written: set ASYMMETRY_HOME" in " ".join(done.stdout.split())


@pytest.mark.parametrize(
    "words",
    [
        ("query", "SELECT 1", "--output", "PLACE/one.csv"),
        ("export", "core.gdp", "--to", "PLACE/tables"),
        ("report", "--output", "PLACE/site"),
        ("calibrate", "--worlds", "1", "--docs", "PLACE/docs"),
    ],
)
def test_a_place_for_results_that_cannot_be_written_is_named(
    words: tuple[str, ...], sample_home: Any, home: Path
) -> None:
    place = home / "snapshots"  # of that home, not of the one that is asked
    there = [word.replace("PLACE", str(place)) for word in words]
    own = sample_home.home if words[0] != "calibrate" else home.with_name("own")
    done = asymmetry(own, *there)
    assert done.returncode in (1, 2)
    said = " ".join(done.stderr.split())
    assert "cannot be written" in said
    assert "Nothing was" in said
