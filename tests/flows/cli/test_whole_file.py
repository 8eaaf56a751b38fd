"""The published file is looked at before something is made of it: hashed for what lasts."""

from pathlib import Path

import duckdb
import pytest

from flows.home.build_files import build_file, checksum_file, record_checksum
from flows.home.builds import put_in_place
from flows.home.paths import Home
from tests.flows.home.test_builds import write_build
from tests.processes import asymmetry

BUILD = "ab" * 32
LASTING = [
    ("export", "--to"),
    ("report", "--output"),
    ("archive", "--to"),
    ("findings", "--output"),
]
QUICK = [("tables",), ("query", "SELECT 1 AS one"), ("country", "Poland", "--from", "home")]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with a published build, of which checksum and size are recorded."""
    home = Home.at(tmp_path / "home")
    path = write_build(home, BUILD)
    record_checksum(path, path)
    put_in_place(path, home)
    return home


def change(path: Path) -> None:
    """Writes into a build, as somebody may who opens it with DuckDB."""
    path.chmod(0o644)
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE meta.builds SET code_version = '0.2.0'")


@pytest.mark.parametrize(("verb", "option"), LASTING)
def test_nothing_lasting_is_made_of_a_file_that_was_changed(
    home: Home, tmp_path: Path, verb: str, option: str
) -> None:
    change(home.warehouse)
    target = tmp_path / "made.md"
    done = asymmetry(home.path, verb, option, str(target))
    assert done.returncode == 1, done.stderr
    said = " ".join(done.stderr.split())
    assert f"{home.warehouse} hashes to " in said
    assert "`asymmetry refresh` makes it anew" in said
    assert "`asymmetry rollback` puts an earlier build in its place" in said
    assert not target.exists()


def test_a_citation_is_not_printed_of_a_file_that_was_changed(home: Home) -> None:
    assert "hashes to" not in asymmetry(home.path, "cite").stderr
    change(home.warehouse)
    done = asymmetry(home.path, "cite")
    assert (done.returncode, done.stdout) == (1, "")
    assert "hashes to" in done.stderr


def test_a_kept_build_is_not_archived_when_it_was_changed(home: Home, tmp_path: Path) -> None:
    kept = build_file(BUILD, home)
    change(kept)
    done = asymmetry(home.path, "archive", BUILD[:8], "--to", str(tmp_path / "a.zip"))
    assert done.returncode == 1
    assert f"{kept} hashes to" in done.stderr


@pytest.mark.parametrize("words", QUICK, ids=lambda words: words[0])
def test_a_quick_verb_answers_of_no_file_of_another_size(
    home: Home, words: tuple[str, ...]
) -> None:
    """It has no time to hash, and looking at the size takes none."""
    with home.warehouse.open("ab") as file:
        file.write(b"more")
    done = asymmetry(home.path, *words)
    assert done.returncode == 1
    assert f"{home.warehouse} has " in done.stderr
    assert not done.stdout


def test_without_a_record_nothing_is_claimed(home: Home) -> None:
    checksum_file(build_file(BUILD, home)).unlink()
    with home.warehouse.open("ab") as file:
        file.write(b"more")
    assert asymmetry(home.path, "query", "SELECT 1 AS one").returncode == 0
