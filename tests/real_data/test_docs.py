"""Every answer that the documentation prints is what the real warehouse says."""

from typing import Any

import pytest

from tests.documentation import QUESTIONS, Question


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
