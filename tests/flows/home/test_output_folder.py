"""Folders that a person asks for are complete or not there, and replace nothing of theirs."""

from pathlib import Path

import pytest

from flows.home.output_file import OutputError, remove_partials
from flows.home.output_folder import filling_folder, folder_target
from flows.home.paths import Home

MARK = "licences.txt"


def write_folder(target: Path, files: dict[str, str]) -> None:
    with filling_folder(target) as folder:
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "home").mkdir()
    return Home(tmp_path / "home")


def test_an_earlier_one_is_replaced_whole(home: Home, tmp_path: Path) -> None:
    target = folder_target(tmp_path / "site", home, MARK)
    write_folder(target, {MARK: "1", "a/old.html": "old"})
    assert folder_target(tmp_path / "site", home, MARK) == target
    write_folder(target, {MARK: "2", "b/new.html": "new"})
    found = {str(p.relative_to(target)): p.read_text() for p in target.rglob("*.*")}
    assert found == {MARK: "2", "b/new.html": "new"}
    assert {p.name for p in tmp_path.iterdir()} == {"home", "site"}


def test_an_empty_folder_may_be_written(home: Home, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    assert folder_target(tmp_path / "site", home, MARK) == tmp_path / "site"


@pytest.mark.parametrize("name", ["papers", "file", "home/site", "none/site", "."])
def test_what_is_somebody_elses_is_refused(home: Home, tmp_path: Path, name: str) -> None:
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "thesis.tex").write_text("x")
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match=r"Nothing was written\."):
        folder_target(tmp_path / name, home, MARK)


def test_what_cannot_be_written_leaves_what_was_there(home: Home, tmp_path: Path) -> None:
    target = folder_target(tmp_path / "site", home, MARK)
    write_folder(target, {MARK: "1"})
    with pytest.raises(OutputError, match="What was there before still is"):
        write_folder(target, {MARK: "2", f"{MARK}/below.html": "no folder"})
    assert (target / MARK).read_text() == "1"
    assert {p.name for p in tmp_path.iterdir()} == {"home", "site"}


def test_nothing_is_replaced_without_a_mark(home: Home, tmp_path: Path) -> None:
    write_folder(folder_target(tmp_path / "site", home), {MARK: "1"})
    with pytest.raises(OutputError, match="an empty one"):
        folder_target(tmp_path / "site", home)


def test_whoever_ends_the_command_removes_what_is_unfinished(home: Home, tmp_path: Path) -> None:
    """As Ctrl-C does, which leaves no block of the program the time to end."""
    target = folder_target(tmp_path / "site", home, MARK)
    write_folder(target, {MARK: "1"})
    block = filling_folder(target)
    (block.__enter__() / "half").write_text("x")
    remove_partials()
    assert {p.name for p in tmp_path.iterdir()} == {"home", "site"}
    assert (target / MARK).read_text() == "1"
