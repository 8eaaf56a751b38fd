"""The Python and the commands of docs/cookbook.md, run on the simulated world; its SQL is run by
test_docs.py, like that of every page."""

from pathlib import Path
from typing import Any

import pytest

from tests.built_homes import BuiltHome
from tests.documentation import blocks, commands
from tests.processes import ROOT, asymmetry

PAGE = ROOT / "docs" / "cookbook.md"
PYTHON = [body for language, body, _ in blocks(PAGE) if language == "python"]
FILES = [words for words in commands(PAGE) if "--output" in words]
MADE = {"by_decade", "unknown", "curve", "partners"}


@pytest.fixture
def folder(sample_home: BuiltHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with `var/warehouse.duckdb`, as the page's reader has it."""
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "warehouse.duckdb").symlink_to(sample_home.warehouse)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_its_python_runs_and_finds_rows(folder: Path) -> None:
    made: dict[str, Any] = {}
    for body in PYTHON:
        exec(compile(body, PAGE.name, "exec"), made)
    assert made.keys() >= MADE
    assert not [name for name in MADE if made[name].is_empty()]
    assert made["by_decade"].columns == ["decade", "France", "Poland"]
    assert made["unknown"]["ccode"].to_list() == [999]
    assert made["note"].endswith(", SIMULATED")


@pytest.mark.parametrize("words", FILES, ids=lambda words: words[-1])
def test_its_commands_write_their_files(words: list[str], folder: Path) -> None:
    done = asymmetry(folder / "var", *words[1:])
    assert done.returncode == 0, done.stderr
    assert (folder / words[-1]).stat().st_size > 1000


def test_it_says_what_was_not_run() -> None:
    sections = PAGE.read_text("utf-8").split("\n## ")
    for language in ("R", "Stata"):
        (section,) = [s for s in sections if s.startswith(f"{language}\n")]
        assert "ot run by any test" in " ".join(section.split()), language
