"""Every ready query answers on the real files."""

import pytest

from tests.built_homes import BuiltHome
from tests.ready_queries import QUERIES, check_answer
from warehouse.catalog.ready_queries import ReadyQuery


@pytest.mark.parametrize("query", QUERIES, ids=lambda q: q.name)
def test_it_answers(query: ReadyQuery, mirror_home: BuiltHome) -> None:
    check_answer(query, mirror_home)
