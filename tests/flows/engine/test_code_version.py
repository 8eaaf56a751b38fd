"""The code that a build names: version, commit, and whether files differ from it."""

import subprocess
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from flows.engine.code_version import COMMIT_FILE, code_version

VERSION = version("alliance-asymmetry")


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in which the package seems to lie."""
    package = tmp_path / "clone" / "flows"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    monkeypatch.setattr("flows.__file__", str(package / "__init__.py"))
    code_version.cache_clear()
    yield package.parent
    code_version.cache_clear()


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *arguments]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def test_a_clone_has_a_commit_and_may_have_changes(checkout: Path) -> None:
    git(checkout, "init", "--quiet")
    git(checkout, "add", ".")
    git(checkout, "commit", "--quiet", "--message", "Begin")
    commit = git(checkout, "rev-parse", "HEAD")[:12]
    assert code_version() == f"{VERSION}+{commit}"
    (checkout / "notes.txt").write_text("not part of it")
    code_version.cache_clear()
    assert code_version() == f"{VERSION}+{commit}"
    (checkout / "flows" / "__init__.py").write_text("changed = True\n")
    code_version.cache_clear()
    assert code_version() == f"{VERSION}+{commit}.changed"


def test_a_folder_inside_another_clone_has_none(checkout: Path) -> None:
    git(checkout.parent, "init", "--quiet")
    git(checkout.parent, "add", ".")
    git(checkout.parent, "commit", "--quiet", "--message", "Of something else")
    assert code_version() == VERSION


def test_a_wheel_has_the_commit_that_it_was_built_from(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / COMMIT_FILE).write_text("0123456789ab\n")
    monkeypatch.setattr("flows.engine.code_version.files", lambda _: tmp_path)
    assert code_version() == f"{VERSION}+0123456789ab"
