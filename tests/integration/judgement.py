"""What the gates, the comparison of releases and the rules across tables say of a changed source.

A changed file is judged as a refresh judges it: raw and staged gates, the release before, the core
tables that follow from it with their gates, and the rules that read any of them. Where a refresh
would have stopped, this goes on, so that everything that notices is known. What is equal to the
good build's is not judged again: nothing new can be noticed in it.
"""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import duckdb
import polars as pl

from expectations.gate.results import ExpectationResult
from expectations.gate.run import run_gate
from expectations.registry import all_suites, suite_for
from expectations.releases.bounds import release_bounds
from expectations.releases.compare import compare_table
from expectations.suite import SqlRule
from flows.dag import STEPS, Step
from flows.engine.chunks import ChunkStore
from flows.engine.compute import function_at, make_tables
from flows.engine.coverage import dated_columns
from flows.engine.release_check import counts_of, layout_of_contract
from flows.engine.store import StepStore
from flows.engine.table_shape import shape_of
from flows.fetch.members import read_members
from flows.fetch.snapshots import SnapshotStore
from flows.sources import load_declarations
from tests.built_homes import BuiltHome
from transforms.step_result import StepResult
from warehouse.contracts.read import contracts

Found = tuple[str, str]
"""Name of what notices, and its severity."""


@dataclass
class Judge:
    """Judges changed sources beside a good build.

    Attributes:
        built: The good build.
    """

    built: BuiltHome
    _raw: dict[str, dict[str, pl.DataFrame]] = field(default_factory=dict)

    def raw(self, slug: str) -> dict[str, pl.DataFrame]:
        """The raw tables of a source, as its good file has them."""
        if slug not in self._raw:
            snapshot = SnapshotStore(self.built.home / "snapshots").latest(slug, "sample")
            assert snapshot is not None
            members = read_members(snapshot, load_declarations()[slug])
            self._raw[slug] = function_at(f"transforms.staging.{slug}:read")(members)
        return self._raw[slug]

    def layers(self, slug: str, raw: Mapping[str, pl.DataFrame]) -> Iterator[set[Found]]:
        """What notices a change of a source and did not notice the good file, as a run meets it.

        First its own gates and the release before, then rules on staged tables, and at last the
        core tables that follow and the rules on those.
        """
        noticed: set[Found] = {
            (result.expectation, result.severity)
            for table, frame in raw.items()
            if frame is not self.raw(slug)[table]
            for result in run_gate(suite_for(table), frame).results
            if self._is_new(result)
        }
        yield noticed
        if any(severity == "critical" for _, severity in noticed):
            return
        try:
            staged: StepResult = function_at(f"transforms.staging.{slug}:stage")(raw)
        except (ValueError, pl.exceptions.PolarsError) as error:
            yield {(f"unreadable: {error}", "critical")}
            return
        tables = {name: contracts()[name].conform(f) for name, f in staged.tables.items()}
        tables = {n: f for n, f in tables.items() if not f.equals(self.built.table(n))}
        for name, frame in tables.items():
            yield self._gate(name, frame, staged.losses)
        yield set(self._compared(slug, tables))
        with tempfile.TemporaryDirectory() as folder:
            paths = {name: Path(folder) / f"{name}.parquet" for name in tables}
            for name, frame in tables.items():
                frame.write_parquet(paths[name])
            yield set(self._rules(paths, of_core=False))
            paths, noticed = self._core(paths, Path(folder))
            yield noticed
            yield set(self._rules(paths, of_core=True))

    @cached_property
    def _breaches(self) -> dict[tuple[str, str], int]:
        """Table and rule to the breaches in the good build."""
        sql = (
            "SELECT table_name, expectation, max(n_failed) FROM meta.validation_results"
            " GROUP BY ALL"
        )
        return {(table, rule): n for table, rule, n in self.built.rows(sql)}

    def _known(self, table: str, rule: str) -> int:
        return self._breaches.get((table, rule), 0)

    def _gate(self, table: str, frame: pl.DataFrame, losses: pl.DataFrame) -> set[Found]:
        report = run_gate(
            suite_for(table),
            frame,
            shape_of(table),
            dated=dated_columns(table),
            losses=losses,
        )
        return {(r.expectation, r.severity) for r in report.results if self._is_new(r)}

    def _is_new(self, result: ExpectationResult) -> bool:
        return not result.passed and result.n_failed > self._known(result.table, result.expectation)

    def _compared(self, slug: str, tables: Mapping[str, pl.DataFrame]) -> Iterator[Found]:
        bounds = release_bounds(slug)
        for name, frame in tables.items():
            contract = contracts()[name]
            layout = layout_of_contract(contract, bounds)
            before = self.built.table(name)
            key = list(layout.key)
            if frame.select(key).is_duplicated().any():
                continue  # its gate has said so
            found = compare_table(before, frame, layout, bounds.tolerances, counts_of(contract))
            for finding in bounds.judge(found):
                if finding.severity != "info":
                    yield f"release: {finding.kind}", finding.severity

    def _core(self, staged: Mapping[str, Path], folder: Path) -> tuple[dict[str, Path], set[Found]]:
        """The core tables that follow from changed ones, and what their gates say."""
        paths = dict(staged)
        noticed: set[Found] = set()
        for step in STEPS:
            if step.stage != "core" or not set(step.reads) & set(paths):
                continue
            try:
                losses = self._run(step, paths, folder)
            except Exception as error:  # whatever a step says, the build ends there
                noticed.add((f"{step.name}: {type(error).__name__}: {error}", "critical"))
                continue
            for table in step.outputs:
                made = folder / f"{table}.parquet"
                frame = pl.read_parquet(made)
                if not frame.equals(pl.read_parquet(self._finished(table))):
                    paths[table] = made
                    noticed |= self._gate(table, frame, losses)
        return paths, noticed

    def _run(self, step: Step, paths: Mapping[str, Path], folder: Path) -> pl.DataFrame:
        store = StepStore(folder / "steps")
        pieces = ChunkStore.of(store, step.name, "0" * 64, step.n_chunks)
        inputs = {table: paths.get(table) or self._finished(table) for table in step.reads}
        return make_tables(step, inputs, {}, pieces, folder).losses

    def _finished(self, table: str) -> Path:
        """A table of the good build, in its store of finished steps."""
        return next(iter((self.built.home / "steps").glob(f"*/*/{table}.parquet")))

    @cached_property
    def rules(self) -> list[tuple[str, SqlRule]]:
        """Every rule across tables, with the table that states it."""
        return [(suite.table, rule) for suite in all_suites() for rule in suite.rules]

    def _rules(self, paths: Mapping[str, Path], *, of_core: bool) -> Iterator[Found]:
        """Rules on a changed table, either those on staged tables or those that read core ones."""
        with self._warehouse(paths) as connection:
            for table, rule in self.rules:
                is_of_core = not all(
                    name == "core.states" or name.startswith("staging.") for name in rule.tables
                )
                if is_of_core != of_core or not set(rule.tables) & set(paths):
                    continue
                (n_found,) = connection.execute(f"SELECT count(*) FROM ({rule.sql})").fetchall()[0]
                if n_found > self._known(table, rule.name):
                    yield rule.name, rule.severity

    @contextmanager
    def _warehouse(self, paths: Mapping[str, Path]) -> Iterator[duckdb.DuckDBPyConnection]:
        """The good build's tables, and changed ones in the place of theirs."""
        connection = self._good
        for name, path in paths.items():
            connection.execute(f"CREATE OR REPLACE VIEW {name} AS FROM read_parquet('{path}')")
        try:
            yield connection
        finally:
            for name in paths:
                connection.execute(f"CREATE OR REPLACE VIEW {name} AS FROM good.{name}")

    @cached_property
    def _good(self) -> duckdb.DuckDBPyConnection:
        """The good build's tables by their names, as views."""
        connection = duckdb.connect(":memory:")
        connection.execute(f"ATTACH '{self.built.warehouse}' AS good (READ_ONLY)")
        for schema in ("staging", "core", "marts", "metrics"):
            connection.execute(f"CREATE SCHEMA {schema}")
        for name in contracts():
            if not name.startswith("meta."):
                connection.execute(f"CREATE VIEW {name} AS FROM good.{name}")
        return connection
