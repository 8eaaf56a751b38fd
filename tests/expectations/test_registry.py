"""Every table has a suite, and every rule can be evaluated on its table."""

import re
from importlib import import_module

import duckdb
import polars as pl
import pytest

from expectations.gate.rules import StatedRule, flag_of
from expectations.registry import SuiteError, all_suites, module_of, suite_for
from expectations.suite import Expectation, SqlRule, Suite
from flows.engine.table_shape import shape_of
from warehouse.contracts.read import contracts

GATED = [t for t in contracts() if not t.startswith("meta.")]
TYPED = [s for s in all_suites() if not s.table.startswith("raw.")]
RULES = [(suite, rule) for suite in TYPED for rule in suite.rules]


@pytest.fixture(scope="module")
def empty_warehouse() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    for schema in {contract.schema_name for contract in contracts().values()}:
        connection.execute(f"CREATE SCHEMA {schema}")
    for contract in contracts().values():
        connection.execute(contract.ddl)
        if contract.computed:
            connection.execute(contract.view_ddl)
    return connection


@pytest.mark.parametrize("table", GATED)
def test_every_table_has_a_suite_whose_key_is_that_of_its_contract(table: str) -> None:
    assert suite_for(table).key == ()
    shape = shape_of(table)
    assert shape is not None
    assert shape.key == contracts()[table].key


@pytest.mark.parametrize(
    ("table", "key"), [("raw.gdp__entity_years", ()), ("core.gdp", ("ccode", "year"))]
)
def test_a_key_in_the_wrong_place_is_refused(
    monkeypatch: pytest.MonkeyPatch, table: str, key: tuple[str, ...]
) -> None:
    module = import_module(module_of(table))
    monkeypatch.setattr(module, "SUITES", (Suite(table, key),))
    with pytest.raises(SuiteError, match=f"{table}: a raw table states its key in its suite"):
        suite_for.__wrapped__(table)


def test_every_suite_is_of_a_table_that_exists() -> None:
    assert {suite.table for suite in TYPED} == set(GATED)


def test_every_staged_source_has_raw_suites() -> None:
    staged = {t.removeprefix("staging.stg_").split("__")[0] for t in GATED if "staging." in t}
    raw = {s.table.removeprefix("raw.").split("__")[0] for s in all_suites() if "raw." in s.table}
    assert raw == staged
    assert len(raw) == 19


@pytest.mark.parametrize("suite", all_suites(), ids=lambda s: s.table)
def test_a_suite_is_complete_and_says_why(suite: Suite) -> None:
    assert suite.expectations, "a suite adds something to the contract"
    names = [e.kwargs["name"] for e in suite.expectations if e.kind == "RowsToSatisfy"]
    names += [rule.name for rule in suite.rules]
    assert len(set(names)) == len(names)
    both: list[Expectation | SqlRule] = [*suite.expectations, *suite.rules]
    for stated in both:
        assert len(stated.why) > 5
        assert stated.severity in ("critical", "warning", "info")


@pytest.mark.parametrize("suite", TYPED, ids=lambda s: s.table)
def test_conditions_fit_the_columns_of_the_contract(suite: Suite) -> None:
    schema = contracts()[suite.table].polars_schema
    one_row = pl.DataFrame({name: [None] for name in schema}, schema=schema)
    for expectation in suite.expectations:
        named = [v for k, v in expectation.kwargs.items() if k.startswith("column")]
        for column in named:
            assert {column} if isinstance(column, str) else set(column) <= set(schema)
        if expectation.kind == "RowsToSatisfy":
            flag = flag_of(StatedRule("flag", expectation), one_row)
            assert flag.dtype == pl.Boolean, expectation.kwargs["name"]


@pytest.mark.parametrize(("suite", "rule"), RULES, ids=lambda v: getattr(v, "name", ""))
def test_rules_across_tables_run_and_name_their_tables(
    suite: Suite, rule: SqlRule, empty_warehouse: duckdb.DuckDBPyConnection
) -> None:
    empty_warehouse.sql(rule.sql).fetchall()
    code = re.sub(r"'[^']*'", "", rule.sql)
    read = set(re.findall(r"\b(?:raw|staging|core|marts|metrics|meta)\.\w+", code))
    assert set(rule.tables) == read
    assert read <= set(GATED), "raw tables are not loaded, and meta is filled after the rules"


@pytest.mark.parametrize(
    ("table", "module"),
    [
        ("raw.un_votes__votes", "expectations.raw.un_votes"),
        ("staging.stg_un_votes__roll_calls", "expectations.staged.un_votes"),
        ("core.votes", "expectations.core.votes"),
        ("marts.ally_tier", "expectations.marts.ally_tier"),
        ("metrics.vote_similarity", "expectations.metrics.vote_similarity"),
    ],
)
def test_a_suite_is_where_its_name_says(table: str, module: str) -> None:
    assert module_of(table) == module
    assert suite_for(table).table == table


@pytest.mark.parametrize("table", ["core.no_such_table", "raw.un_votes__no_such_entity"])
def test_a_table_without_suite_is_refused(table: str) -> None:
    with pytest.raises(SuiteError, match=f"{table} has no suite.*expectations/"):
        suite_for(table)


@pytest.mark.parametrize("table", ["meta.builds", "votes", "core."])
def test_a_name_outside_the_gates_is_refused(table: str) -> None:
    with pytest.raises(SuiteError, match="not in a schema that has gates"):
        suite_for(table)
