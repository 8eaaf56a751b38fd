import re

import pytest

from tests.ready_queries import QUERIES, order_of
from warehouse.catalog.ready_queries import (
    ReadyQuery,
    ReadyQueryError,
    read_query,
    ready_queries,
    ready_query,
)
from warehouse.contracts.read import contracts
from warehouse.load.views import view_sql

PUBLISHED = {name for name in contracts() if name.startswith(("marts.", "metrics."))}


def test_there_is_a_shelf_of_them() -> None:
    assert len(QUERIES) >= 20
    assert list(ready_queries()) == sorted(ready_queries())


@pytest.mark.parametrize("query", QUERIES, ids=lambda q: q.name)
def test_a_query_names_what_it_reads_and_reads_what_is_published(query: ReadyQuery) -> None:
    code = re.sub(r"--[^\n]*|'[^']*'", " ", query.text)
    read = set(re.findall(r"\b(?:FROM|JOIN)\s+([a-z_.]+)", code))
    own = set(re.findall(r"\b(\w+) AS \(", code))
    assert set(query.tables) == read - own
    assert set(query.tables) <= PUBLISHED | set(view_sql())


@pytest.mark.parametrize("query", QUERIES, ids=lambda q: q.name)
def test_a_query_is_a_question_with_a_caveat_and_is_sorted(query: ReadyQuery) -> None:
    assert query.question.endswith("?")
    assert len(query.caveat) > 60, f"{query.name}: what can mislead?"
    assert order_of(query)[1]
    assert all(len(line) <= 100 for line in query.text.splitlines())


def test_a_heading_that_lacks_its_caveat_is_refused() -> None:
    with pytest.raises(ReadyQueryError, match="its heading has"):
        read_query("bare", "-- Question: What?\n-- Gives: A row.\n-- Tables: claims\nSELECT 1\n")


def test_an_unknown_name_gets_its_nearest() -> None:
    with pytest.raises(ReadyQueryError, match="closest_partners"):
        ready_query("close_partners")
