"""Answers about the gates of a build: which rules there were, and which do not hold."""

import json
from collections.abc import Iterable
from typing import NamedTuple

from warehouse.db import Connection


class BrokenRule(NamedTuple):
    """A rule that does not hold; `first_key` is JSON, empty where no row is to blame."""

    table: str
    rule: str
    n_failed: int
    first_key: str


class Lost(NamedTuple):
    """What a table lacks by a rule that warns of losses: codes, names or states."""

    table: str
    rule: str
    n_failed: int
    names: tuple[str, ...]


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


def lost_names(connection: Connection, rules: Iterable[str]) -> list[Lost]:
    """What was lost by name, for the rules that do not hold.

    Args:
        connection: Connection to a warehouse file.
        rules: Names of the rules that warn of losses.

    Returns:
        One entry per table and rule, by table; at most as many names as the file quotes keys.
    """
    rows = connection.execute(
        """
        SELECT table_name, expectation, n_failed, coalesce(sample_keys, '[]')
        FROM meta.validation_results WHERE NOT passed AND list_contains(?, expectation)
        ORDER BY table_name, ordinal
        """,
        [list(rules)],
    ).fetchall()
    return [
        Lost(table, rule, n, tuple(dict.fromkeys(_name_of(key) for key in json.loads(keys))))
        for table, rule, n, keys in rows
    ]


def _name_of(key: dict[str, object]) -> str:
    """The best name that the key of a row has."""
    found = (key.get(k) for k in ("code", "state_name", "ccode", "example"))
    return str(next((value for value in found if value is not None), key))
