"""Answers about the gates of a build: which rules there were, and which do not hold."""

from warehouse.catalog.builds import Row
from warehouse.db import Connection


def broken_rules(connection: Connection, severity: str) -> list[Row]:
    """(table, rule, rows, first key) of the rules of a severity that do not hold."""
    return connection.execute(
        """
        SELECT table_name, expectation, n_failed,
               coalesce(json_extract_string(sample_keys, '$[0]'), '') AS first_key
        FROM meta.validation_results WHERE NOT passed AND severity = ?
        ORDER BY table_name, ordinal
        """,
        [severity],
    ).fetchall()


def rules_by_stage(connection: Connection) -> list[Row]:
    """(stage, tables, rules, rules that do not hold) of every gate of the build."""
    return connection.execute(
        """
        SELECT stage, count(DISTINCT table_name), count(*), count(*) FILTER (NOT passed)
        FROM meta.validation_results GROUP BY stage
        ORDER BY list_position(['raw', 'staged', 'core', 'marts', 'metrics', 'warehouse'], stage)
        """
    ).fetchall()
