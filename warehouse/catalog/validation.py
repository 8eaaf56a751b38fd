"""Answers about the gates of a build: which rules there were, and which do not hold."""

from typing import NamedTuple

from warehouse.db import Connection


class BrokenRule(NamedTuple):
    """A rule that does not hold; `first_key` is JSON, empty where no row is to blame."""

    table: str
    rule: str
    n_failed: int
    first_key: str


class StageRules(NamedTuple):
    """The gates of one stage."""

    stage: str
    n_tables: int
    n_rules: int
    n_broken: int


def broken_rules(connection: Connection, severity: str) -> list[BrokenRule]:
    """The rules of a severity that do not hold, by table."""
    rows = connection.execute(
        """
        SELECT table_name, expectation, n_failed,
               coalesce(json_extract_string(sample_keys, '$[0]'), '') AS first_key
        FROM meta.validation_results WHERE NOT passed AND severity = ?
        ORDER BY table_name, ordinal
        """,
        [severity],
    ).fetchall()
    return [BrokenRule(*row) for row in rows]


def rules_by_stage(connection: Connection) -> list[StageRules]:
    """Every stage with gates, raw first."""
    rows = connection.execute(
        """
        SELECT stage, count(DISTINCT table_name), count(*), count(*) FILTER (NOT passed)
        FROM meta.validation_results GROUP BY stage
        ORDER BY list_position(['raw', 'staged', 'core', 'marts', 'metrics', 'warehouse'], stage)
        """
    ).fetchall()
    return [StageRules(*row) for row in rows]
