"""The rules across tables, evaluated on a build whose tables are loaded."""

import re
from collections.abc import Container, Mapping

import polars as pl

from expectations.gate.failures import raise_if_stopped
from expectations.gate.results import SAMPLE_ROWS, ExpectationResult, GateReport, rule_result
from expectations.registry import suite_for
from expectations.suite import SqlRule
from warehouse.contracts.read import contracts
from warehouse.db import Connection
from warehouse.load.cursors import map_on_cursors

_TABLE = re.compile(r"\b(?:staging|core|marts|metrics|meta)\.\w+")


def check_rules(connection: Connection, tables: Mapping[str, int]) -> list[GateReport]:
    """Evaluates the rules across tables on the loaded build.

    Args:
        connection: Connection to the build file.
        tables: Tables whose suites' rules are evaluated, with their numbers of rows.

    Returns:
        One report per table.

    Raises:
        GateFailedError: A critical rule is broken.
    """
    rules = [
        (table, rule)
        for table in tables
        for rule in suite_for(table).rules
        if has_all(rule.sql, tables)
    ]

    def judge(cursor: Connection, stated: tuple[str, SqlRule]) -> ExpectationResult:
        table, rule = stated
        broken = cursor.sql(rule.sql).order("ALL")  # threads return them in any order
        (count,) = broken.aggregate("count(*)").fetchall()[0]
        sample = broken.limit(SAMPLE_ROWS).pl() if count else pl.DataFrame()
        return rule_result(table, rule, sample, int(count), tables[table])

    found: dict[str, list[ExpectationResult]] = {table: [] for table in tables}
    # two at a time: most are small, and are planned longer than they run
    for result in map_on_cursors(connection, judge, rules):
        found[result.table].append(result)
    reports = [GateReport("warehouse", table, tuple(results)) for table, results in found.items()]
    raise_if_stopped(reports)
    return reports


def has_all(sql: str, tables: Container[str]) -> bool:
    """Whether all tables that a query reads are there, which a partial build may lack."""
    return all(name in tables for name in _TABLE.findall(sql) if name in contracts())
