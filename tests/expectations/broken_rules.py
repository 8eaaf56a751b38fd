"""What one rule across tables finds on invented tables."""

import duckdb

from expectations.registry import suite_for
from tests.expectations.right_rows import (
    Row,
    rows_of,
)


def broken(table: str, rule_name: str, tables: dict[str, list[Row]]) -> list[Row]:
    """Rows that one rule across tables returns on invented tables."""
    (rule,) = [rule for rule in suite_for(table).rules if rule.name == rule_name]
    with duckdb.connect(":memory:") as connection:
        for name in rule.tables:
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {name.split('.')[0]}")
            frame = rows_of(name, *tables[name])  # noqa: F841 - DuckDB finds it by its name
            connection.execute(f"CREATE TABLE {name} AS FROM frame")
        found: list[Row] = connection.sql(rule.sql).order("ALL").pl().to_dicts()
        return found
