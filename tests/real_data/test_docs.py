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


COINCIDENCE = """
SELECT round(100 * sum(n_same_final_only) / sum(n_same_final_only + n_opposite_final_only), 1),
       round(100 * sum(n_same) / sum(n_same + n_opposite), 1)
FROM metrics.voting_coincidence
WHERE formula = 'yes_no_only' AND vote_class = 'all' AND consensus = 'without'
  AND session IN (63, 66, 71)
GROUP BY session ORDER BY session
"""
IDEAL_POINTS = """
WITH sessions AS (
    SELECT vote_set, corr(ideal_point, ideal_point_published) AS r,
           corr(ideal_point, ideal_point_published) FILTER (is_sovereign) AS own
    FROM metrics.ideal_point GROUP BY vote_set, session
),
pooled AS (
    SELECT vote_set, corr(ideal_point, ideal_point_published) AS r,
           corr(ideal_point, ideal_point_published) FILTER (is_sovereign) AS own
    FROM metrics.ideal_point GROUP BY vote_set
)
SELECT any_value(p.r), min(s.r), any_value(p.own), min(s.own)
FROM pooled AS p JOIN sessions AS s USING (vote_set)
GROUP BY vote_set ORDER BY vote_set DESC
"""


def test_figures_in_the_text_of_the_caveats_are_those_of_the_tables(mirror_home: Any) -> None:
    text = " ".join((ROOT / "docs" / "caveats.md").read_text("utf-8").split())
    ((n_months,),) = mirror_home.rows(
        "SELECT count(*) FROM core.votes WHERE identity_precision = 'month'"
    )
    assert f"{n_months} rows of `core.votes`" in text
    for final_only, every in mirror_home.rows(COINCIDENCE):
        assert f"({final_only} against {every})" in text


def test_figures_in_the_text_on_ideal_points_are_those_of_the_table(mirror_home: Any) -> None:
    text = " ".join((ROOT / "docs" / "metrics.md").read_text("utf-8").split())
    final, recorded = (
        [f"{value:.3f}".removeprefix("0") for value in row]
        for row in mirror_home.rows(IDEAL_POINTS)
    )
    for place, words in enumerate(
        (
            "published series {} of final votes and {} of all recorded ones",
            "worst sessions {} and {}",
            "among sovereign states {} and {}",
            "worst {} and {})",
        )
    ):
        assert words.format(final[place], recorded[place]) in text
