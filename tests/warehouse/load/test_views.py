"""The views for people: every column has a meaning, and the ratios are those of the marts."""

from collections.abc import Iterator

import duckdb
import pytest

from warehouse.catalog.tables import describe_table, list_views
from warehouse.contracts.comments import (
    ViewColumnError,
    column_comment,
    comment_on_view,
    view_column_comments,
)
from warehouse.contracts.read import contracts
from warehouse.db import Connection
from warehouse.load.tables import create_schemas
from warehouse.load.views import create_views

READ = (
    "marts.ally_tier",
    "marts.alliance_year",
    "marts.dyad_session",
    "marts.state_year",
    "metrics.capability_asymmetry",
    "metrics.claim_verdict",
    "metrics.legitimation_premium",
    "metrics.vote_similarity",
)


@pytest.fixture(scope="module")
def views() -> Iterator[Connection]:
    """The views over tables without their constraints and without rows."""
    with duckdb.connect() as connection:
        create_schemas(connection)
        for table in READ:
            columns = ", ".join(f'"{c.name}" {c.duckdb_type}' for c in contracts()[table].columns)
            connection.execute(f"CREATE TABLE {table} ({columns})")
        # by which describe_table finds out whether a name is a table of a contract
        names = ", ".join(f"{c.name} VARCHAR" for c in contracts()["meta.dictionary"].columns)
        connection.execute(f"CREATE TABLE meta.dictionary ({names})")
        for view in create_views(connection):
            comment_on_view(connection, view)
        yield connection


def test_no_column_of_a_view_is_without_a_meaning(views: Connection) -> None:
    names = [entry.view for entry in list_views(views)]
    assert "ally_capabilities" in names
    for name in names:
        described = describe_table(views, name)
        assert described is not None
        assert [c.column for c in described.columns if not c.meaning] == []


def test_a_column_keeps_the_meaning_of_its_contract() -> None:
    (ratio,) = (
        c
        for c in contracts()["metrics.capability_asymmetry"].columns
        if c.name == "ratio_first_second"
    )
    comments = view_column_comments("alliance_leaders", ["leader", "ratio_first_second"])
    assert comments["ratio_first_second"] == column_comment(ratio)


@pytest.mark.parametrize("columns", [["leader", "unheard_of"], ["atopid"]])
def test_a_column_without_meaning_or_a_meaning_without_column(columns: list[str]) -> None:
    with pytest.raises(ViewColumnError, match=r"columns\.yml"):
        view_column_comments("alliance_leaders", columns)


def test_ratios_of_the_hegemon_to_each_state(views: Connection) -> None:
    views.execute("""
        INSERT INTO marts.state_year (ccode, year, state_name, cinc, capabilities_null_reason)
        VALUES (2, 2003, 'United States of America', 0.15, NULL), (290, 2003, 'Poland', 0.01, NULL),
               (221, 2003, 'Monaco', 0.0, NULL), (20, 2003, 'Canada', NULL, 'out_of_coverage')
    """)
    views.execute("""
        INSERT INTO marts.ally_tier (ccode_hegemon, ccode, year, tier_core)
        VALUES (2, 290, 2003, true), (2, 221, 2003, false), (2, 20, 2003, true)
    """)
    rows = views.execute("""
        SELECT state_name, hegemon_name, ratio, tier_core, null_reason FROM ally_capabilities
        ORDER BY ccode
    """).fetchall()
    usa = "United States of America"
    assert rows == [
        ("Canada", usa, None, True, "out_of_coverage"),
        ("Monaco", usa, None, False, "second_zero"),
        ("Poland", usa, pytest.approx(15), True, None),
    ]
