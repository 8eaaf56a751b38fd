"""What is said of the published file once something has gone wrong: only what was looked at."""

from pathlib import Path

import pytest

from flows.cli.unexpected import standing_in_words
from flows.home.build_files import build_file, checksum_file
from flows.home.builds import put_in_place
from flows.home.disk_space import what_is_left
from flows.home.memory import no_memory_message
from flows.home.paths import Home
from flows.home.published_file import as_sentence, published_in_words
from tests.flows.home.test_builds import FIRST, write_build

GOOD = f"the published file is as it was written (build {FIRST[:12]})"


def published_home(folder: Path) -> Home:
    home = Home.at(folder)
    put_in_place(write_build(home, FIRST), home)
    return home


def test_a_file_that_hashes_to_what_was_recorded_is_as_it_was_written(tmp_path: Path) -> None:
    assert published_in_words(published_home(tmp_path)) == GOOD


def test_a_byte_too_many_is_found(tmp_path: Path) -> None:
    home = published_home(tmp_path)
    home.warehouse.chmod(0o600)
    with home.warehouse.open("ab") as file:
        file.write(b"x")
    said = published_in_words(home)
    assert "hashes to" in said
    assert "`asymmetry refresh` makes it anew" in said
    assert not said.endswith(".")


def test_a_file_that_is_no_warehouse_is_called_so(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    home.warehouse.write_bytes(b"earlier")
    assert "warehouse.duckdb cannot be read (" in published_in_words(home)


def test_what_cannot_be_known_is_not_claimed(tmp_path: Path) -> None:
    home = published_home(tmp_path)
    checksum_file(build_file(FIRST, home)).unlink()
    assert "so whether its file is as it was written is not known" in published_in_words(home)


def test_nothing_is_said_of_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert published_in_words(Home.at(tmp_path)) == as_sentence("") == ""


def test_every_message_of_a_run_that_ended_asks_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = published_home(tmp_path)
    outcome = "2 of 9 steps are kept, nothing was published"
    assert as_sentence(GOOD) in no_memory_message(home, outcome, "refused")
    assert as_sentence(GOOD).rstrip(".") in what_is_left(home, outcome)
    monkeypatch.setenv("ASYMMETRY_HOME", str(tmp_path))
    assert standing_in_words().endswith(GOOD)
