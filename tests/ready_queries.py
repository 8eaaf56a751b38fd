"""What every ready query has to give on a built home, the simulated and the real one alike."""

import re

from tests.built_homes import BuiltHome
from warehouse.catalog.ready_queries import ReadyQuery, ready_queries
from warehouse.db import read_published

QUERIES = list(ready_queries().values())


def order_of(query: ReadyQuery) -> tuple[str, list[str]]:
    """The statement without its last ORDER BY and LIMIT, and what it is sorted by."""
    body, _, tail = query.text.rpartition("\nORDER BY ")
    assert body, f"{query.name}: its rows have no order"
    keys = re.sub(r"\bLIMIT \d+|\b(DESC|ASC|NULLS (LAST|FIRST))\b", "", tail)
    return body, [key.strip() for key in re.split(r",(?![^(]*\))", keys)]


def check_answer(query: ReadyQuery, home: BuiltHome) -> None:
    """Rows are there, each column has a name and a value, and the order leaves nothing open."""
    with read_published(home.warehouse) as connection:
        frame = connection.sql(query.text).pl()
        body, keys = order_of(query)
        n, n_distinct = connection.sql(
            f"SELECT count(*), count(DISTINCT row({', '.join(keys)})) FROM ({body})"
        ).fetchall()[0]
    assert frame.height, f"{query.name}: no row"
    unnamed = [name for name in frame.columns if not re.fullmatch(r"[a-z][a-z0-9_]*", name)]
    assert not unnamed, f"{query.name}: columns without a name: {unnamed}"
    assert n == n_distinct, f"{query.name}: {keys} leave the order of some rows open"
