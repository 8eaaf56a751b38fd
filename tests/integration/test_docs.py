"""Every query of the documentation runs on the simulated world."""

import re
from typing import Any

import pytest

from tests.documentation import QUESTIONS, ROLL_CALL, Question, blocks
from tests.processes import ROOT
from warehouse.db import read_published

OF_ONE_CLAIM = re.compile(r"FROM metrics\.claim_test\s+WHERE claim = '(\w+)'")


@pytest.fixture(scope="module")
def simulated_roll_call(sample_home: Any) -> str:
    """A roll call like the one of the walk, found by the walk's own query."""
    (finder,) = [q.sql for q in QUESTIONS if q.page == "follow_one_vote.md" and q.number == 0]
    return str(sample_home.rows(finder)[0][0])


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_every_query_runs_and_finds_rows(
    question: Question, sample_home: Any, simulated_roll_call: str
) -> None:
    sql = question.sql.replace(ROLL_CALL, simulated_roll_call)
    if not sample_home.rows(sql):
        claim = OF_ONE_CLAIM.search(sql)
        assert claim, f"{question}: no row in the simulated world"
        # a curve of variants: empty only where that world cannot compute the claim's primary
        estimate = f"SELECT estimate FROM claims WHERE claim = '{claim[1]}'"
        assert sample_home.rows(estimate) == [(None,)], f"{question}: no row, though it is tested"


def test_the_example_of_every_page_of_the_dictionary_is_understood(sample_home: Any) -> None:
    asked = [
        f"EXPLAIN {sql}"  # names and types are resolved; to sort a million rows proves no more
        for page in sorted((ROOT / "docs" / "generated" / "dictionary").glob("*.md"))
        for _, sql, _ in blocks(page)
    ]
    assert len(asked) > 100
    with read_published(sample_home.warehouse) as connection:
        for sql in asked:
            connection.execute(sql)
