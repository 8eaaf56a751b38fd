"""Answers about the gates of a build."""

import json

import duckdb

from warehouse.catalog.validation import Lost, lost_names


def test_what_was_lost_is_told_by_name() -> None:
    with duckdb.connect(":memory:") as connection:
        connection.execute("CREATE SCHEMA meta")
        connection.execute(
            "CREATE TABLE meta.validation_results (table_name VARCHAR, expectation VARCHAR,"
            " n_failed BIGINT, passed BOOLEAN, ordinal SMALLINT, sample_keys VARCHAR)"
        )
        codes = [{"code": "Russland", "n_rows": 2}, {"code": "Russland"}, {"ccode": 345}]
        states = [{"ccode": 640, "state_name": "Turkey"}]
        for row in (
            ("core.gdp", "known", 3, False, 2, json.dumps(codes)),
            ("core.gdp", "has_rows", 1, False, 1, json.dumps(states)),
            ("core.gdp", "another_rule", 1, False, 3, None),
            ("core.votes", "known", 0, True, 1, None),
        ):
            connection.execute("INSERT INTO meta.validation_results VALUES (?, ?, ?, ?, ?, ?)", row)
        assert lost_names(connection, ("known", "has_rows")) == [
            Lost("core.gdp", "has_rows", 1, ("Turkey",)),
            Lost("core.gdp", "known", 3, ("Russland", "345")),
        ]
