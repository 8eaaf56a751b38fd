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
    "core.roll_calls",
    "core.states",
    "core.votes",
    "marts.ally_tier",
    "marts.alliance_year",
    "marts.dyad_session",
    "marts.state_year",
    "meta.state_names",
    "metrics.capability_asymmetry",
    "metrics.claim_verdict",
    "metrics.hegemon_support",
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


def test_supporters_have_a_rank_from_ten_votes_on_and_know_since_when(views: Connection) -> None:
    rows = [
        # session, state, votes, agreement
        (56, 345, 20, 0.9), (57, 345, 20, 0.4), (58, 345, 20, 0.8), (59, 345, 9, 0.1),
        (60, 345, 20, 0.7), (60, 346, 20, 0.9), (60, 347, 9, 1.0), (60, 349, 20, 0.7),
    ]  # fmt: skip
    for session, ccode, n, agreement in rows:
        views.execute(
            "INSERT INTO metrics.hegemon_support (ccode_hegemon, ccode, session, vote_set,"
            " vote_class, n_votes_of_class, mean_agreement) VALUES (365, ?, ?, 'final_only',"
            " 'popular', ?, ?)",
            [ccode, session, n, agreement],
        )
    found = views.execute(
        "SELECT session, ccode, agreement_rank, sides_with_hegemon, sides_since_session,"
        " null_reason FROM hegemon_supporters ORDER BY session, ccode"
    ).fetchall()
    assert found == [
        (56, 345, 1, True, 56, None),
        (57, 345, 1, False, None, None),
        (58, 345, 1, True, 58, None),
        (59, 345, None, None, None, "n_below_min"),
        (60, 345, 2, True, 58, None),
        (60, 346, 1, True, 60, None),
        (60, 347, None, None, None, "n_below_min"),
        (60, 349, 2, True, 60, None),
    ]


def test_votes_that_test_sides_are_named_and_missing_ones_said(views: Connection) -> None:
    views.execute(
        "INSERT INTO core.roll_calls (rcid, resolution, short_title, in_final_only, is_important)"
        " VALUES (1, 'R/68/262', 'UKRAINE', true, false), (2, 'R/50/1', 'CUBA', true, true)"
    )
    votes = [(1, 365, "no"), (1, 370, "no"), (1, 705, "abstain"), (1, 2, "yes"), (1, 290, "absent")]
    votes += [(2, 2, "no"), (2, 666, "no"), (2, 365, "yes")]
    for rcid, ccode, choice in votes:
        views.execute(
            "INSERT INTO core.votes (rcid, ccode, choice, is_sovereign) VALUES (?, ?, ?, true)",
            [rcid, ccode, choice],
        )
    found = views.execute(
        "SELECT ccode_hegemon, resolution, ccode, agreement, null_reason FROM test_votes"
        " WHERE resolution NOT LIKE 'ES-11%' ORDER BY ALL"
    ).fetchall()
    assert found == [
        (2, "50/1", 365, 0.0, None),
        (2, "50/1", 666, 1.0, None),
        (365, "68/262", 2, 0.0, None),
        (365, "68/262", 290, None, "no_vote"),
        (365, "68/262", 370, 1.0, None),
        (365, "68/262", 705, 0.5, None),
        (365, "ES-6/2", None, None, "unit_not_in_source"),
    ]
