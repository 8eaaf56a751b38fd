"""Every answer that the documentation prints is what the real warehouse says."""

import shlex
from pathlib import Path
from typing import Any

import pytest

from tests.documentation import QUESTIONS, Question, blocks
from tests.processes import ROOT, asymmetry


@pytest.mark.parametrize("question", [q for q in QUESTIONS if q.answer], ids=str)
def test_every_printed_answer_is_true(question: Question, mirror_home: Any) -> None:
    assert question.answer is not None
    _, _, *lines = question.answer.strip().splitlines()
    printed = [[cell.strip() for cell in line.split("│")] for line in lines[:-1]]
    found = mirror_home.rows(question.sql)
    assert len(printed) == len(found)
    for cells, row in zip(printed, found, strict=True):
        assert len(cells) == len(row)
        for cell, value in zip(cells, row, strict=True):
            assert is_printed(cell, value), f"{question}: {cell} is printed, {value} is found"


def is_printed(cell: str, value: Any) -> bool:
    if value is None:
        return cell == "NULL"
    if isinstance(value, float):
        return float(cell) == pytest.approx(value, rel=1e-5)
    return cell.replace(",", "") == str(value).replace(",", "")


def test_the_argument_of_the_readme_is_what_the_command_says(
    mirror_home: Any, tmp_path: Path
) -> None:
    """It leads the README. An argument is kept in the home, so this one has a home of its own."""
    (tmp_path / "warehouse.duckdb").symlink_to(mirror_home.warehouse)
    ((command, printed),) = [
        (body, answer)
        for language, body, answer in blocks(ROOT / "README.md")
        if language == "sh" and body.startswith("asymmetry argue")
    ]
    found = asymmetry(tmp_path, *shlex.split(command)[1:]).stdout
    said = {line.rstrip() for line in found.splitlines()}
    assert printed
    assert [line for line in printed.splitlines() if line not in said] == []
